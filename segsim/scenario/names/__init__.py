"""Names that a scenario uses: whether they exist, and where a word that stands in the wrong place belongs."""

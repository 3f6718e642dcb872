"""From published totals to a table of areas."""

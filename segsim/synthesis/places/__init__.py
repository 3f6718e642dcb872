"""Where homes, schools and workplaces stand, and who is in them."""

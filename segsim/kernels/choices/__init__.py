"""What something is worth and which is chosen: shapes, rules, and functions of a researcher's own."""

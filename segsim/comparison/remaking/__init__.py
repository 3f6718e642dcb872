"""Comparisons read from results folders, and results made again from their records."""

"""The page as a browser shows it: board, curves, controls."""

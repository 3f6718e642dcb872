"""Data files a scenario names, and delimited text and workbooks as tables."""

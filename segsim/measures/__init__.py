"""Measures: which rows a year yields, of what the catalogue declares."""

from segsim.measures.measurer import HEADLINES, PROFILES, Measurer
from segsim.measures.rows import COLUMNS, find_undeclared
from segsim.measures.snapshot import HIGH, LOW

__all__ = ["COLUMNS", "HEADLINES", "HIGH", "LOW", "PROFILES", "Measurer", "find_undeclared"]

"""Tastes that keep a municipality as it is when nothing is done."""

"""Texts in English and Swedish, and how numbers are written in each."""

"""Levers on how the municipality carries out what it decides."""

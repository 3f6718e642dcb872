"""Levers on schools: who gets a seat, and what schools get."""

"""Levers on homes: what is built, where, in which tenure."""

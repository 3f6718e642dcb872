"""Levers on where refugees live at first: lodging of their own, and assignment."""

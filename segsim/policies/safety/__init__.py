"""Levers on safety, service and leisure in an area: police, offices, leaders of youth clubs, associations."""

"""Polygons of areas as authorities publish them: read, matched, put in metres, and filled with squares."""

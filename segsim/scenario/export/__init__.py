"""A scenario written out: as a file, and as a schema for editors."""

"""The sections of an abstract board and whether they fit together."""

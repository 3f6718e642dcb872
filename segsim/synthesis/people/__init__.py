"""From a table of areas to households and persons."""

"""The schools of the start year."""

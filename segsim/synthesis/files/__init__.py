"""Tables as authorities publish them, read and checked."""

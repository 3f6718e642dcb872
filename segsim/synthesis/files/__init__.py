"""Tables and maps as authorities publish them, read and checked."""

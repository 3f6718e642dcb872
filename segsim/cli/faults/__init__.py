"""What goes wrong in a command, or in how it is called, is told in one sentence."""

"""The parts of a diagnosis: where a municipality stands, who lives where, what has been, what can be done."""

"""Carrying out runs: in this thread, in others, in processes, on a cluster."""

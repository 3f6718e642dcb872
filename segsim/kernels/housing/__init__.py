"""Kernels of the housing market: household search, choice set, location choice, relocation."""

"""Kernels of the population: events, couples, families, newcomers."""

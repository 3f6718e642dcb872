"""Kernels of segregation indices."""

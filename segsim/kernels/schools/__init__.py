"""Kernels of school choice and of what is published about schools."""

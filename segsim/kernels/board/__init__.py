"""Kernels of the abstract board, where one household moves at a time."""

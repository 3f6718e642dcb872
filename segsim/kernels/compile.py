"""The one decorator every kernel wears."""

import numba

kernel = numba.njit(cache=True, nogil=True)
"""Compile without the interpreter lock, and keep the machine code for the next process."""

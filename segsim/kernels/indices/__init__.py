"""Kernels of segregation indices.

Tables are float64, C-ordered, units x groups; a bad one gives NaN, as an undefined index does. Functions of
the same names in `segsim.indices` take what callers have, refuse bad counts, and state formula and source.
"""

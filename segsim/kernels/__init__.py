"""Motion: loops over households, persons, dwellings and pupils, compiled; the only home of numba."""

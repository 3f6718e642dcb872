"""Totals of a table of counts: by unit, by group, in all."""

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.tables import Array

TWO, THREE, FOUR = (0, 0), (0, 0, 0), (0, 0, 0, 0)
"""Widths of tables as types: loops over a tuple of known length are laid out in full and run side by side."""


@kernel
def margins(counts: Array) -> tuple[Array, Array, float]:
    """Return the unit totals, the group totals and the total of a table (units x groups).

    The total is NaN if a count is negative or not finite, so that every index of a bad table is NaN.
    """
    units = np.empty(counts.shape[0])
    add_rows(counts.ravel(), counts.shape[1], units)
    groups, total = group_totals(counts)
    return units, groups, total


@kernel
def group_totals(counts: Array) -> tuple[Array, float]:
    """Return the group totals and the total, NaN as in `margins`."""
    groups = np.zeros(counts.shape[1])
    if groups.size == 2:
        _add_columns(counts, groups, TWO)
    elif groups.size == 3:
        _add_columns(counts, groups, THREE)
    elif groups.size == 4:
        _add_columns(counts, groups, FOUR)
    else:
        for j in range(counts.shape[0]):
            for k in range(groups.size):
                groups[k] += counts[j, k]
    # one NaN here makes every index of a bad table NaN, and good tables are not looked through cell by cell
    total = groups.sum()
    if not total < np.inf or has_negative(counts.ravel()):
        total = np.nan
    return groups, total


@part
def _add_columns(counts: Array, groups: Array, width: tuple[int, ...]) -> None:
    """Add rows to group totals, four at a time, because one addition must wait for the last."""
    n_units = counts.shape[0]
    fours = n_units - n_units % 4
    for j in range(0, fours, 4):
        for k in range(len(width)):
            groups[k] += (counts[j, k] + counts[j + 1, k]) + (counts[j + 2, k] + counts[j + 3, k])
    for j in range(fours, n_units):
        for k in range(len(width)):
            groups[k] += counts[j, k]


@part
def add_rows(flat: Array, n_groups: int, units: Array) -> None:
    """Write the total of each row of a flat table."""
    if n_groups == 2:
        _add_rows(flat, units, TWO)
    elif n_groups == 3:
        _add_rows(flat, units, THREE)
    elif n_groups == 4:
        _add_rows(flat, units, FOUR)
    else:
        for j in range(units.size):
            units[j] = 0.0
            for k in range(n_groups):
                units[j] += flat[j * n_groups + k]


@part
def _add_rows(flat: Array, units: Array, width: tuple[int, ...]) -> None:
    """Write the total of each row of a table of known width; unsigned places need no look at their sign."""
    for j in range(np.uint64(units.size)):
        here = 0.0
        for k in range(len(width)):
            here += flat[j * np.uint64(len(width)) + np.uint64(k)]
        units[j] = here


@part
def sum_side_by_side(values: Array) -> float:
    """Return the sum of many numbers, eight side by side."""
    # one sum must wait for each addition before the next; eight keep the core busy, 3.5 times faster. No
    # compiler regroups additions by itself, because that moves the last digit
    a = b = c = d = e = f = g = h = 0.0
    eights = np.uint64(values.size) // np.uint64(8)
    for i in range(eights):
        at = i * np.uint64(8)
        a += values[at]
        b += values[at + np.uint64(1)]
        c += values[at + np.uint64(2)]
        d += values[at + np.uint64(3)]
        e += values[at + np.uint64(4)]
        f += values[at + np.uint64(5)]
        g += values[at + np.uint64(6)]
        h += values[at + np.uint64(7)]
    for i in range(eights * np.uint64(8), np.uint64(values.size)):
        a += values[i]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@part
def has_negative(flat: Array) -> bool:
    """Return whether any count is below 0; the signs of all are read first, because most tables have none."""
    # the sign is the top bit, so the OR of all is negative if any is: ten times faster than a test of each.
    # -0.0 has that bit as well, hence the second look
    words = flat.view(np.int64)
    signs = np.int64(0)
    for i in range(np.uint64(words.size)):
        signs |= words[i]
    if signs < 0:
        for n in flat:
            if n < 0.0:
                return True
    return False


@kernel
def n_present(totals: Array) -> int:
    """Return how many units or groups are not empty."""
    n = 0
    for total in totals:
        if total > 0.0:
            n += 1
    return n


@kernel
def drop_roundoff(value: float) -> float:
    """Return 0 for a value that only rounding made negative, else the value."""
    if -1e-12 < value <= 0.0:
        return 0.0
    return value


@kernel
def pair_with_rest(counts: Array, k: int) -> Array:
    """Return the two-group table of group k and everyone else."""
    pair = np.empty((counts.shape[0], 2))
    for j in range(counts.shape[0]):
        rest = 0.0
        for other in range(counts.shape[1]):
            if other != k:
                rest += counts[j, other]
        pair[j, 0] = counts[j, k]
        pair[j, 1] = rest
    return pair

"""Counts as callers have them become a table of units x groups, or a grid, or one clear `ValueError`."""

import warnings
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy import ndarray

from segsim.indices.inputs.frames import find_total, read_frame
from segsim.indices.inputs.numbers import Floats, as_floats, refuse_bad, refuse_fractions

Counts: TypeAlias = Any
"""What becomes a table of counts, units x groups: an array, nested lists, a DataFrame."""


_FLOAT = np.dtype(np.float64)
_UNITS_TO_BE_SURE = 3
"""Populated units of a table without names from which a sum of the others is hardly accident."""


def as_table(counts: Counts) -> Floats:
    """Return counts as a C-ordered float table of units x groups; a good one is returned as it is."""
    if type(counts) is ndarray and counts.dtype is _FLOAT and counts.ndim == 2 and counts.flags.c_contiguous:
        table = counts
    elif isinstance(counts, pd.DataFrame):
        return read_frame(counts)
    else:
        table = as_floats(counts, "counts")
        if table.ndim != 2:
            raise ValueError(f"counts must be a table of units x groups, not of shape {table.shape}")
    if table.shape[1] > 2 and table.shape[0] >= _UNITS_TO_BE_SURE and _may_hold_total(table):
        _warn_of_total(table)
    return table


def as_good_table(counts: Counts) -> Floats:
    """Return counts as a table, after looking at every cell."""
    table = as_table(counts)
    refuse_bad(table)
    return table


def as_whole_table(counts: Counts) -> Floats:
    """Return counts as a table of whole numbers of people."""
    table = as_good_table(counts)
    refuse_fractions(table, "counts", counts)
    return table


def as_pair(counts: Counts) -> Floats:
    """Return counts as a table of exactly two groups."""
    table = as_table(counts)
    if table.shape[1] != 2:
        raise ValueError(f"this index compares two groups; counts have {table.shape[1]} columns")
    return table


def as_grid(grid: Any) -> Floats:
    """Return counts on a grid, rows x cols x groups."""
    cells = as_floats(grid, "grid")
    if cells.ndim != 3:
        raise ValueError(f"grid must be rows x cols x groups, not of shape {cells.shape}")
    if not cells.size:
        raise ValueError(f"grid must have a cell and a group; its shape is {cells.shape}")
    refuse_bad(cells, "grid")
    return cells


def check_index(value: float, table: Floats) -> float:
    """Return an index, or say which count is bad: kernels give NaN for both undefined and bad tables."""
    if value != value:
        refuse_bad(table)
    return value


def check_indices(values: Floats, table: Floats) -> Floats:
    """Return an array of indices, or say which count is bad."""
    if np.isnan(values).any():
        refuse_bad(table)
    return values


def check_same_groups(*tables: Floats) -> None:
    """Raise unless tables have the same number of groups."""
    if len({table.shape[1] for table in tables}) > 1:
        raise ValueError(
            f"tables name different groups: they have {[table.shape[1] for table in tables]} columns"
        )


def _may_hold_total(table: Floats) -> bool:
    """Return whether three units each have as many in one group as in the others; most tables end at one."""
    for at in (0, table.shape[0] // 2, -1):
        row = table[at].tolist()
        here = sum(row)
        if abs(2.0 * max(row) - here) > 1e-9 * here:
            return False
    return True


def _warn_of_total(table: Floats) -> None:
    """Warn if a column of a table without names is the sum of the others."""
    at = find_total(table)
    if at is not None and (table.sum(axis=1) > 0).sum() >= _UNITS_TO_BE_SURE:
        warnings.warn(
            f"column {at} of counts is the sum of the others in every unit: leave it out if it is a total",
            stacklevel=4,
        )

"""What callers hand to an index becomes a plain array, or one clear `ValueError`."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from numpy import ndarray

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Counts: TypeAlias = Any
"""What becomes a table of counts, units x groups: an array, nested lists, a DataFrame."""


_FLOAT = np.dtype(np.float64)


def as_table(counts: Counts) -> Floats:
    """Return counts as a C-ordered float table of units x groups; a good one is returned as it is."""
    if type(counts) is ndarray and counts.dtype is _FLOAT and counts.ndim == 2 and counts.flags.c_contiguous:
        return counts
    table = as_floats(counts, "counts")
    if table.ndim != 2:
        raise ValueError(f"counts must be a table of units x groups, not of shape {table.shape}")
    return table


def as_floats(values: Any, name: str) -> Floats:
    """Return numbers as a C-ordered float array."""
    try:
        return np.ascontiguousarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers in rows of equal length: {error}") from None


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


def refuse_bad(table: Floats, name: str = "counts") -> None:
    """Raise if a count is negative, missing or infinite."""
    # the least of numbers with a NaN is NaN: two looks without an array between them, for grids of millions
    if not table.size or (table.min() >= 0.0 and table.max() < np.inf):
        return
    where = tuple(int(i) for i in np.argwhere(~((table >= 0.0) & (table < np.inf)))[0])
    raise ValueError(
        f"{name}[{', '.join(map(str, where))}] is {table[where]}; counts must be finite and not negative"
    )


def as_good_table(counts: Counts) -> Floats:
    """Return counts as a table, after looking at every cell."""
    table = as_table(counts)
    refuse_bad(table)
    return table


def as_whole_table(counts: Counts) -> Floats:
    """Return counts as a table of whole numbers of people."""
    table = as_good_table(counts)
    if (table != np.floor(table)).any():
        raise ValueError("counts must be whole numbers of people: chance is about who, not about shares")
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
    refuse_bad(cells, "grid")
    return cells


def as_labels(labels: Any, n: int, name: str) -> tuple[Integers, list[Any]]:
    """Return one code per row and the distinct labels, in sorted order."""
    values = np.asarray(labels)
    if values.shape != (n,):
        raise ValueError(f"{name} must hold one label per row: {n} are needed, its shape is {values.shape}")
    distinct, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64), distinct.tolist()


def ratio(part: Any, whole: Any) -> Floats:
    """Return part / whole, NaN where the whole is 0."""
    numerator, denominator = np.broadcast_arrays(part, whole)
    out: Floats = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=out, where=denominator > 0)
    return out


def check_same_groups(*tables: Floats) -> None:
    """Raise unless tables have the same number of groups."""
    if len({table.shape[1] for table in tables}) > 1:
        raise ValueError(
            f"tables name different groups: they have {[table.shape[1] for table in tables]} columns"
        )


def check_choice(value: str, allowed: Sequence[str], name: str) -> str:
    """Return the value if it is allowed."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value

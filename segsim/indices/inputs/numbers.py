"""Numbers as callers have them become plain arrays, or one clear `ValueError`."""

import math
import operator
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from segsim.indices.inputs.labels import Labelled, name_cell

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]


def as_floats(values: Any, name: str) -> Floats:
    """Return numbers as a C-ordered float array; what is masked or missing becomes NaN."""
    try:
        array = values.to_numpy() if isinstance(values, Labelled) else np.asarray(values)
        if isinstance(values, np.ma.MaskedArray):
            array = np.ma.filled(values.astype(np.float64), np.nan)
        elif isinstance(values, Labelled) and array.dtype.kind == "O":
            array = np.where(pd.isna(array), np.nan, array)
        if array.dtype.kind not in "cmM":
            return np.ascontiguousarray(array, np.float64)
    except (TypeError, ValueError) as error:
        reason = _find_no_number(values, name) or str(error)
        raise ValueError(f"{name} must be numbers in rows of equal length: {reason}") from None
    raise ValueError(f"{name} must be numbers, not {array.dtype}")


def as_vector(values: Any, name: str) -> Floats:
    """Return one number per unit."""
    vector = as_floats(values, name)
    if vector.ndim != 1:
        raise ValueError(f"{name} must be one number per unit, not of shape {vector.shape}")
    return vector


def as_measured(values: Any, name: str) -> Floats:
    """Return one number per unit, NaN where it is missing."""
    vector = as_vector(values, name)
    refuse_infinite(vector, name, values)
    return vector


def as_people(values: Any, name: str, n: int | None = None) -> Floats:
    """Return one number of people per unit, of `n` units if that is known."""
    people = as_vector(values, name)
    refuse_bad(people, name, values)
    if n is not None and people.size != n:
        raise ValueError(f"{name} must hold one number per unit: {n} are needed, it holds {people.size}")
    return people


def as_number(value: Any, name: str, least: float = -math.inf) -> float:
    """Return a finite number of at least `least`."""
    try:
        number = math.nan if isinstance(value, str | bool | np.bool_) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number >= least):
        bound = "" if least == -math.inf else f" of at least {least:g}"
        raise ValueError(f"{name} must be a finite number{bound}, not {value!r}")
    return number


def as_whole_number(value: Any, name: str, least: int) -> int:
    """Return a whole number of at least `least`."""
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if number < least or isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be a whole number of at least {least}, not {value!r}")
    return number


def as_flag(value: Any, name: str) -> bool:
    """Return a truth value, and nothing that only stands for one."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, not {value!r}")
    return bool(value)


def ratio(part: Any, whole: Any) -> Floats:
    """Return part / whole, NaN where the whole is 0."""
    numerator, denominator = np.broadcast_arrays(part, whole)
    out: Floats = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=out, where=denominator > 0)
    return out


def check_same_length(**vectors: npt.NDArray[Any]) -> None:
    """Raise unless vectors hold one number for each of the same units."""
    if len({vector.size for vector in vectors.values()}) > 1:
        sizes = ", ".join(f"{name} holds {vector.size}" for name, vector in vectors.items())
        raise ValueError(f"each must hold one number per unit, for the same units: {sizes}")


def check_choice(value: str, allowed: Sequence[str], name: str) -> str:
    """Return the value if it is allowed."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def refuse_bad(table: Floats, name: str = "counts", given: Any = None) -> None:
    """Raise if a count is negative, missing or infinite; `given` is what the caller gave, with its labels."""
    # the least of numbers with a NaN is NaN: two looks without an array between them, for grids of millions
    if not table.size or (table.min() >= 0.0 and table.max() < np.inf):
        return
    where = tuple(int(i) for i in np.argwhere(~((table >= 0.0) & (table < np.inf)))[0])
    raise ValueError(
        f"{name}{name_cell(given, where)} is {table[where]}; {name} must be finite and not negative"
    )


def refuse_infinite(values: Floats, name: str, given: Any = None) -> None:
    """Raise if a value is infinite; NaN is a value that is missing."""
    if np.isinf(values).any():
        where = tuple(int(i) for i in np.argwhere(np.isinf(values))[0])
        raise ValueError(f"{name}{name_cell(given, where)} is {values[where]}; leave it out, or make it NaN")


def refuse_fractions(table: Floats, name: str, given: Any = None) -> None:
    """Raise if a count is no whole number of people."""
    # in one pass and without a table of yes and no: half the time
    if np.array_equal(table, np.rint(table)):
        return
    where = tuple(int(i) for i in np.argwhere(table != np.rint(table))[0])
    raise ValueError(
        f"{name}{name_cell(given, where)} is {table[where]}; counts must be whole numbers of people: "
        "this index is about persons, not about shares or weights"
    )


def _find_no_number(values: Any, name: str) -> str:
    """Return which cell is no number, or nothing where that is not the fault."""
    try:
        cells = values.to_numpy() if isinstance(values, Labelled) else np.asarray(values)
    except ValueError:
        return ""
    for where in np.ndindex(cells.shape):
        try:
            float(cells[where])
        except (TypeError, ValueError):
            if not (cells.ndim and pd.api.types.is_scalar(cells[where])):
                return ""
            if not pd.isna(cells[where]):
                return f"{name}{name_cell(values, where)} is {cells[where]!s}"
    return ""

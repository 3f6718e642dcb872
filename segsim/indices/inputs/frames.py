"""Frames of counts: a row per unit, a column per group, and nothing else."""

from typing import Any

import numpy as np
import pandas as pd

from segsim.indices.inputs.numbers import Floats, as_floats, refuse_bad

_ROUNDING = 1e-9
_NEARLY = 0.98
"""How near to the sum of its parts a published total is at least, for all the noise put on both."""
_NAMES_OF_UNITS = {
    "unnamed: 0", "index", "level_0", "id", "code", "kod", "unit", "enhet", "area", "område", "deso", "regso",
    "region", "district", "distrikt", "stadsdel", "zone", "zon", "tract", "geoid", "school", "skola", "year",
    "år",
}  # fmt: skip
_NAMES_OF_TOTALS = {
    "total", "totalt", "totals", "pop_total", "total_pop", "population", "befolkning", "sum", "summa", "all",
    "alla",
}  # fmt: skip
_NAMES_OF_NUMBERS = {
    "n", "count", "counts", "number", "antal", "value", "värde", "people", "persons", "personer", "pupils",
}  # fmt: skip


def read_frame(frame: pd.DataFrame) -> Floats:
    """Return the counts of a frame of one row per unit and one column per group, and of nothing else."""
    _refuse_long(frame)
    for column in frame.columns:
        if str(column).casefold() in _NAMES_OF_UNITS:
            raise ValueError(f"{_say_column(column)} names the units; {_index_by(column)}")
    for at, column in enumerate(frame.columns):
        if _is_text(frame.iloc[:, at]):
            is_long = frame.iloc[:, at].duplicated().any()
            remedy = "make a column per group: counts.pivot_table(...)" if is_long else _index_by(column)
            raise ValueError(
                f"{_say_column(column)} holds text ({frame.iloc[0, at]!r}), and a table has a row per unit "
                f"and a column per group; {remedy}, or leave it out"
            )
    table = as_floats(frame, "counts")
    refuse_bad(table, "counts", frame)
    if table.shape[1] > 1 and table.shape[0] > 1:
        if _numbers_rows(table[:, 0]):
            first = frame.columns[0]
            raise ValueError(f"{_say_column(first)} numbers the units and counts nobody; {_index_by(first)}")
        _refuse_total(table, frame)
    return table


def _refuse_long(frame: pd.DataFrame) -> None:
    """Raise if a frame has a row per unit and group, or per person, instead of a column per group."""
    if frame.shape[0] < 2 or frame.shape[1] not in (2, 3):
        return
    texts = [at for at in range(frame.shape[1]) if _is_text(frame.iloc[:, at])]
    names = [repr(column) for column in frame.columns]
    if frame.shape[1] == 2:
        if len(texts) == 2:
            raise ValueError(
                "counts has a row per person; count them first: "
                f"pd.crosstab(counts[{names[0]}], counts[{names[1]}])"
            )
        return
    if len(texts) == 3:
        return
    number = _find_numbers_column(frame, texts)
    unit, group = (at for at in range(3) if at != number)
    if frame.iloc[:, unit].nunique() < frame.iloc[:, group].nunique():
        unit, group = group, unit
    if _is_crossing(frame.iloc[:, unit], frame.iloc[:, group], bool(texts)):
        raise ValueError(
            "counts has a row per unit and group, and must have a row per unit and a column per group: "
            f"counts.pivot_table(index={names[unit]}, columns={names[group]}, values={names[number]}, "
            'aggfunc="sum", fill_value=0)'
        )


def find_total(table: Floats) -> int | None:
    """Return the column that is the sum of at least two others in every unit, if units differ; else None."""
    groups = table.sum(axis=0)
    if (groups > 0).sum() < 3 or abs(2.0 * groups.max() - groups.sum()) > _ROUNDING * groups.sum():
        return None
    among = table[table.sum(axis=1) > 0]
    if among.shape[0] < 2:
        return None
    shares = among / among.sum(axis=1, keepdims=True)
    if np.ptp(shares, axis=0).max() < _ROUNDING:
        return None
    columns = np.flatnonzero(np.abs(shares - 0.5).max(axis=0) < _ROUNDING)
    return int(columns[0]) if columns.size else None


def _refuse_total(table: Floats, frame: pd.DataFrame) -> None:
    """Raise if a column of a frame is the total of the others."""
    at = find_total(table)
    if at is not None:
        raise ValueError(
            f"{_say_column(frame.columns[at])} is the sum of the others in every unit and no group; leave it "
            f"out: counts.drop(columns={frame.columns[at]!r}) (if it is one, give counts.to_numpy())"
        )
    for at, column in enumerate(frame.columns):
        if str(column).casefold() not in _NAMES_OF_TOTALS:
            continue
        others = table.sum(axis=1) - table[:, at]
        if others.any() and (table[:, at] >= _NEARLY * others).all():
            raise ValueError(
                f"{_say_column(column)} looks like the total of the units and no group; give the people in "
                f"none of the other columns in its place (if it is a group, give counts.to_numpy())"
            )


def _find_numbers_column(frame: pd.DataFrame, texts: list[int]) -> int:
    """Return which of three columns may hold the numbers of a long table: the named one, or the last."""
    numeric = [at for at in range(3) if at not in texts]
    named = [at for at in numeric if str(frame.columns[at]).casefold() in _NAMES_OF_NUMBERS]
    return (named or numeric)[-1]


def _is_crossing(units: pd.Series, groups: pd.Series, has_text: bool) -> bool:
    """Return whether two columns look like unit and group: each repeats, and no pair does.

    Numbers do so by accident in a table of groups; there every pair must be present as well.
    """
    n_units, n_groups, n = units.nunique(), groups.nunique(), len(units)
    if not (1 < n_units < n and 1 < n_groups < n and (has_text or n == n_units * n_groups)):
        return False
    return not pd.DataFrame({"unit": units, "group": groups}).duplicated().any()


def _is_text(column: pd.Series) -> bool:
    """Return whether a column holds words: none of its values is a number, though some are there."""
    if column.dtype.kind in "fiubcmM":
        return False
    known = column[column.notna()]
    return bool(len(known)) and bool(pd.to_numeric(known.astype(object), errors="coerce").isna().all())


def _numbers_rows(column: Floats) -> bool:
    """Return whether a column counts its own rows from 0, or holds codes that follow one another."""
    return (
        column.size > 2
        and (column[0] == 0 or column[0] >= 100)
        and bool((column[1:] - column[:-1] == 1).all())
    )


def _say_column(column: Any) -> str:
    """Return how a message names a column of counts."""
    return f"column {column!r} of counts"


def _index_by(column: Any) -> str:
    """Return how to make a column the labels of the units."""
    return f"make it the index: counts.set_index({column!r})"

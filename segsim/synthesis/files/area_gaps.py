"""What is missing in a table of areas: filled from what is there, each with a note, or refused."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from segsim.errors import list_names
from segsim.scenario.files.text_table import TextTable
from segsim.synthesis.areas.area_table import (
    BACKGROUND,
    BIRTH,
    EDUCATION,
    HOUSEHOLD_KINDS,
    RATES,
    STOCK,
    YOUNG,
)
from segsim.synthesis.notes import Fact, Note

TOTALS = ("pop_total", "pop_bg_total", "pop_age_total", "pers_dwelling_total")
"""Columns of all residents."""


def fill_gaps(text: TextTable, rows: list[int], table: pd.DataFrame, notes: list[Note]) -> None:
    """Fill what is missing: parts from their whole, rates and classes from the municipality's."""
    for total in TOTALS[1:]:
        if total in table:
            _note(table, "pop_total", notes, "missing_residents", other=total)
            table["pop_total"] = table["pop_total"].fillna(table[total])
    gaps = np.flatnonzero(table["pop_total"].isna())
    if gaps.size:
        raise text.fault(
            "is missing; the number of residents cannot be guessed; look it up",
            "saknas; antalet boende kan inte gissas; ta reda på det",
            rows[gaps[0]],
            "pop_total",
        )
    _fill_rest(text, rows, table, BACKGROUND, notes)
    _fill_rest(text, rows, table, BIRTH, notes)
    _fill_small(text, rows, table, HOUSEHOLD_KINDS, ("households", "hushåll"), notes)
    _fill_small(text, rows, table, STOCK, ("dwellings", "bostäder"), notes)
    if "dw_tenure_unknown" in table:
        table["dw_tenure_unknown"] = table["dw_tenure_unknown"].fillna(0.0)
    for name in (*YOUNG, *EDUCATION, "edu_unknown"):
        _fill_share(text, table, name, "pop_total", notes)
    _fill_share(text, table, "pop_16_64", "pop_total", notes)
    for name in ("employed", "unemployed"):
        _fill_share(text, table, name, "pop_16_64", notes)
    empty = table["pop_total"] == 0
    for name in RATES:
        table.loc[empty, name] = np.nan
        _fill_rate(text, table, name, notes)


def _has_gaps(table: pd.DataFrame, names: Sequence[str]) -> bool:
    """Tell whether anything is missing in some columns."""
    # in most nothing is, and to fill it all the same took a fifth of the time of reading a county
    return any(table[name].hasnans for name in names)


def _note(table: pd.DataFrame, name: str, notes: list[Note], kind: str, **facts: Fact) -> None:
    """Note which areas lack a value, and what was put in its place."""
    if not _has_gaps(table, [name]):
        return
    gaps = table["deso"][table[name].isna() & (table["pop_total"] != 0)]
    if len(gaps):
        notes.append(Note(kind, {"column": name, "areas": list_names(gaps, 4), **facts}))


def _fill_small(
    text: TextTable,
    rows: list[int],
    table: pd.DataFrame,
    kinds: tuple[str, ...],
    what: tuple[str, str],
    notes: list[Note],
) -> None:
    """Fill hidden counts with 0, unless all of an area's are missing."""
    if not _has_gaps(table, kinds):
        return
    gap = table[list(kinds)].isna().all(axis=1)
    if gap.any():
        raise text.fault(
            f"no {what[0]} are given at all; look them up, or leave the area out",
            f"inga {what[1]} är givna alls; ta reda på dem, eller utelämna området",
            rows[int(np.flatnonzero(gap)[0])],
            kinds[0],
        )
    for name in kinds:
        _note(table, name, notes, "missing_small")
        table[name] = table[name].fillna(0.0)


def _fill_rest(
    text: TextTable, rows: list[int], table: pd.DataFrame, parts: tuple[str, ...], notes: list[Note]
) -> None:
    """Fill one missing part with what the others leave of the residents."""
    if not _has_gaps(table, parts):
        return
    names = list(parts)
    several = np.flatnonzero(table[names].isna().sum(axis=1) > 1)
    if several.size:
        raise text.fault(
            f"more than one of {', '.join(names)} is missing; look them up",
            f"mer än en av {', '.join(names)} saknas; ta reda på dem",
            rows[several[0]],
            names[0],
        )
    rest = (table["pop_total"] - table[names].sum(axis=1)).clip(lower=0)
    for name in names:
        _note(table, name, notes, "missing_part")
        table[name] = table[name].fillna(rest)


def _refuse_nothing(text: TextTable, known: "pd.Series[bool]", name: str) -> None:
    """Refuse a column without any value."""
    if not known.any():
        raise text.fault(
            f'column "{name}" has no value in the whole municipality; look it up',
            f'kolumnen "{name}" har inget värde i hela kommunen; ta reda på det',
        )


def _fill_share(text: TextTable, table: pd.DataFrame, name: str, whole: str, notes: list[Note]) -> None:
    """Fill a missing count with the municipality's share of the whole."""
    if not _has_gaps(table, [name]):
        return
    known = table[name].notna()
    _refuse_nothing(text, known, name)
    share = table.loc[known, name].sum() / max(table.loc[known, whole].sum(), 1.0)
    _note(table, name, notes, "missing_share", share=float(share))
    table[name] = table[name].fillna((table[whole] * share).round())


def _fill_rate(text: TextTable, table: pd.DataFrame, name: str, notes: list[Note]) -> None:
    """Fill a missing rate with the municipality's mean over residents."""
    if not _has_gaps(table, [name]):
        return
    known = table[name].notna() & (table["pop_total"] > 0)
    _refuse_nothing(text, known, name)
    mean = float(np.average(table.loc[known, name], weights=table.loc[known, "pop_total"]))
    _note(table, name, notes, "missing_rate", mean=mean)
    table[name] = table[name].fillna(mean)

"""A table of real areas: read, checked and mended, with a note for everything that was mended."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from segsim.errors import DataError, did_you_mean, find_nearest, list_names
from segsim.scenario.text_table import TextTable, parse_number, read_text_table
from segsim.synthesis.areas.area_table import (
    BACKGROUND,
    BIRTH,
    COUNTS,
    EDUCATION,
    HOUSEHOLD_KINDS,
    NAMES,
    RATES,
    STOCK,
    YOUNG,
)
from segsim.synthesis.areas.official_types import TYPE_COLUMN, follow_official_types
from segsim.synthesis.notes import Fact, Note

_KEY = ("deso", "desokod", "deso_code", "area_id")
_TOTALS = ("pop_total", "pop_bg_total", "pop_age_total", "pers_dwelling_total")
_OPTIONAL = ("dw_tenure_unknown", "pers_special_housing", TYPE_COLUMN, *_TOTALS[1:])
_FEWEST = 2
"""Columns of codes, of all residents, those that may be left out, and the fewest areas."""


def read_areas(path: Path, municipality: str | None) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Read a table with one row per area, in the columns of open DeSO data.

    Parameters
    ----------
    path : Path
        Text in UTF-8 or Latin-1 with any delimiter.
    municipality : str or None
        Code or name of the municipality whose areas to take.

    Returns
    -------
    table : DataFrame
        The areas of the municipality, all counts whole and none missing.
    notes : tuple of Note
        What was mended or left out.

    Raises
    ------
    DataError
        With file, row, column and remedy.
    """
    text = read_text_table(path, _KEY)
    return settle_areas(text, _select_rows(text, municipality))


def settle_areas(text: TextTable, rows: list[int]) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Return the areas of some rows of a table, checked and mended, and notes of what was mended."""
    _refuse_missing_columns(text)
    table = _parse_columns(text, rows)
    _refuse_twice(text, rows, table)
    notes: list[Note] = []
    _fill(text, rows, table, notes)
    _refuse_impossible(text, rows, table)
    notes += follow_official_types(table)
    notes += _note_omissions(table)
    table["deso"] = table["deso"].astype(str)
    return table.reset_index(drop=True), tuple(notes)


def _select_rows(text: TextTable, municipality: str | None) -> list[int]:
    """Return the rows of the municipality, or all if there is only one."""
    key = text.column(*_KEY)
    by_code, by_name = text.column("kommun_code", "kommunkod"), text.column("kommun", "kommunnamn")
    assert key is not None
    codes = [
        _pad_code(row[by_code], 4) if by_code is not None else _pad_code(row[key], 9)[:4] for row in text.rows
    ]
    names = [row[by_name] if by_name is not None else "" for row in text.rows]
    known = dict(zip(codes, names, strict=True))
    if municipality is None:
        if len(known) > 1:
            raise DataError(
                f"{text.file}: holds {len(known)} municipalities; choose one with city.municipality, "
                f'such as "{next(iter(known))}"'
            )
        return list(range(len(text.rows)))
    sought = _pad_code(municipality.strip(), 4)
    rows = [i for i, code in enumerate(codes) if code == sought]
    rows = rows or [i for i, name in enumerate(names) if name.lower() == municipality.strip().lower()]
    if not rows:
        near = did_you_mean(sought, known) or did_you_mean(municipality, names)
        hint = near or f"; it holds {list_names(sorted(known), 8)}"
        raise DataError(f'{text.file}: has no area of the municipality "{municipality}"{hint}')
    return rows


def _pad_code(code: str, length: int) -> str:
    """Return a code with the leading zeros a spreadsheet took away."""
    code = re.sub(r"\.0$", "", code)
    return code.zfill(length) if code[:1].isdigit() else code


def _refuse_missing_columns(text: TextTable) -> None:
    """Refuse a table without a column that is needed."""
    missing = [name for name in (*NAMES[1:], *COUNTS, *RATES) if text.column(name) is None]
    if not missing:
        return
    near = find_nearest(missing[0], text.header, 0.75)
    hint = f' (is "{near}" meant?)' if near else ""
    raise DataError(
        f"{text.file}: row {text.lines[0] - 1}: {'column' if len(missing) == 1 else 'columns'} "
        f"{list_names(missing, 8)} missing{hint}; add them to the header, with .. where a value is not known"
    )


def _parse_columns(text: TextTable, rows: list[int]) -> pd.DataFrame:
    """Return the rows with text as text and numbers as numbers, NaN where missing."""
    key = text.column(*_KEY)
    assert key is not None
    out = {"deso": [_pad_code(text.rows[i][key], 9) for i in rows]}
    for name in NAMES[1:]:
        place = text.column(name)
        out[name] = [text.rows[i][place] for i in rows]  # type: ignore[index]
        for i, value in zip(rows, out[name], strict=True):
            if not value:
                raise DataError(f"{text.where(i, name)}: is empty; name the district the area belongs to")
    table = pd.DataFrame(out)
    for name in (*COUNTS, *RATES, *_OPTIONAL):
        place = text.column(name)
        if place is None:
            continue
        numbers = [parse_number(text, i, name, text.rows[i][place]) for i in rows]
        if name == TYPE_COLUMN:  # exports have 0 where an area has no type
            numbers = [np.nan if number == 0 else number for number in numbers]
        for i, number in zip(rows, numbers, strict=True):
            _refuse_odd(text, i, name, number)
        table[name] = numbers
    return table


def _refuse_odd(text: TextTable, row: int, name: str, value: float) -> None:
    """Refuse a number that cannot be of its kind."""
    if value < 0:
        raise DataError(f"{text.where(row, name)}: {value:g} is negative; write what the source says, or ..")
    if name.endswith("_pct") and value > 100:
        raise DataError(f"{text.where(row, name)}: {value:g} is over 100 %; write a percentage")
    if name not in RATES and value == value and (value != int(value) or value > 1e7):
        raise DataError(f"{text.where(row, name)}: {value:g} is not a count; write a whole number")
    if name == TYPE_COLUMN and value == value and not 1 <= value <= 5:
        raise DataError(f"{text.where(row, name)}: there is no area type {value:g}; write 1 to 5, or ..")


def _refuse_twice(text: TextTable, rows: list[int], table: pd.DataFrame) -> None:
    """Refuse an area that is there twice."""
    twice = np.flatnonzero(table["deso"].duplicated())
    if twice.size:
        code = table["deso"][twice[0]]
        raise DataError(f'{text.where(rows[twice[0]])}: the area "{code}" is there twice; keep one row')
    if len(table) < _FEWEST:
        raise DataError(f"{text.file}: has one area; segregation needs at least two")


def _fill(text: TextTable, rows: list[int], table: pd.DataFrame, notes: list[Note]) -> None:
    """Fill what is missing: parts from their whole, rates and classes from the municipality's."""
    for total in _TOTALS[1:]:
        if total in table:
            _note(table, "pop_total", notes, "missing_residents", other=total)
            table["pop_total"] = table["pop_total"].fillna(table[total])
    _refuse_gap(text, rows, table, "pop_total", "the number of residents cannot be guessed; look it up")
    _fill_rest(text, rows, table, BACKGROUND, notes)
    _fill_rest(text, rows, table, BIRTH, notes)
    for kinds, what in ((HOUSEHOLD_KINDS, "households"), (STOCK, "dwellings")):
        gap = table[list(kinds)].isna().all(axis=1)
        if gap.any():
            where = text.where(rows[int(np.flatnonzero(gap)[0])], kinds[0])
            raise DataError(f"{where}: no {what} are given at all; look them up, or leave the area out")
        for name in kinds:
            _note(table, name, notes, "missing_small")
            table[name] = table[name].fillna(0.0)
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


def _note(table: pd.DataFrame, name: str, notes: list[Note], kind: str, **facts: Fact) -> None:
    """Note which areas lack a value, and what was put in its place."""
    gaps = table["deso"][table[name].isna() & (table["pop_total"] != 0)]
    if len(gaps):
        notes.append(Note(kind, {"column": name, "areas": list_names(gaps, 4), **facts}))


def _refuse_gap(text: TextTable, rows: list[int], table: pd.DataFrame, name: str, remedy: str) -> None:
    """Refuse a missing value that nothing can fill."""
    gaps = np.flatnonzero(table[name].isna())
    if gaps.size:
        raise DataError(f"{text.where(rows[gaps[0]], name)}: is missing; {remedy}")


def _fill_rest(
    text: TextTable, rows: list[int], table: pd.DataFrame, parts: tuple[str, ...], notes: list[Note]
) -> None:
    """Fill one missing part with what the others leave of the residents."""
    names = list(parts)
    several = np.flatnonzero(table[names].isna().sum(axis=1) > 1)
    if several.size:
        where = text.where(rows[several[0]], names[0])
        raise DataError(f"{where}: more than one of {', '.join(names)} is missing; look them up")
    rest = (table["pop_total"] - table[names].sum(axis=1)).clip(lower=0)
    for name in names:
        _note(table, name, notes, "missing_part")
        table[name] = table[name].fillna(rest)


def _fill_share(text: TextTable, table: pd.DataFrame, name: str, whole: str, notes: list[Note]) -> None:
    """Fill a missing count with the municipality's share of the whole."""
    known = table[name].notna()
    if not known.any():
        raise DataError(f'{text.file}: column "{name}" has no value in the whole municipality; look it up')
    share = table.loc[known, name].sum() / max(table.loc[known, whole].sum(), 1.0)
    _note(table, name, notes, "missing_share", share=float(share))
    table[name] = table[name].fillna((table[whole] * share).round())


def _fill_rate(text: TextTable, table: pd.DataFrame, name: str, notes: list[Note]) -> None:
    """Fill a missing rate with the municipality's mean over residents."""
    known = table[name].notna() & (table["pop_total"] > 0)
    if not known.any():
        raise DataError(f'{text.file}: column "{name}" has no value in the whole municipality; look it up')
    mean = float(np.average(table.loc[known, name], weights=table.loc[known, "pop_total"]))
    _note(table, name, notes, "missing_rate", mean=mean)
    table[name] = table[name].fillna(mean)


def _refuse_impossible(text: TextTable, rows: list[int], table: pd.DataFrame) -> None:
    """Refuse areas whose residents cannot be housed in the households and dwellings given."""
    households = table[list(HOUSEHOLD_KINDS)].sum(axis=1)
    dwellings = table[list(STOCK)].sum(axis=1)
    cases = (
        (
            households > table["pop_total"],
            "pop_total",
            "there are more households ({h:.0f}) than residents ({p:.0f})",
        ),
        (
            (table["pop_total"] > 0) & (households == 0),
            HOUSEHOLD_KINDS[0],
            "{p:.0f} residents but no household",
        ),
        ((households > 0) & (dwellings == 0), STOCK[0], "{h:.0f} households but no dwelling of known tenure"),
    )
    for wrong, column, what in cases:
        for i in np.flatnonzero(wrong)[:1]:
            flaw = what.format(h=households[i], p=table["pop_total"][i])
            raise DataError(f"{text.where(rows[i], column)}: {flaw}; correct the row, or leave the area out")
    if households.sum() == 0:
        raise DataError(f"{text.file}: there are no households in any area; the counts must be of households")
    poor = (table["net_income_median_tkr"] <= 0) & (table["pop_total"] > 0)
    if poor.any():
        i = int(np.flatnonzero(poor)[0])
        raise DataError(
            f"{text.where(rows[i], 'net_income_median_tkr')}: must be over 0; write thousands of SEK a year"
        )


def _note_omissions(table: pd.DataFrame) -> list[Note]:
    """Say what of the table the city does not hold as it is."""
    notes: list[Note] = []
    unknown = float(table["dw_tenure_unknown"].sum()) if "dw_tenure_unknown" in table else 0.0
    if unknown:
        notes.append(Note("unknown_tenure", {"dwellings": round(unknown)}))
    excess = (table[list(HOUSEHOLD_KINDS)].sum(axis=1) - table[list(STOCK)].sum(axis=1)).clip(lower=0)
    if excess.sum():
        counted = {"households": round(float(excess.sum())), "areas": int((excess > 0).sum())}
        notes.append(Note("no_dwelling", counted))
    special = float(table["pers_special_housing"].sum()) if "pers_special_housing" in table else 0.0
    if special:
        notes.append(Note("special_housing", {"residents": round(special)}))
    return notes

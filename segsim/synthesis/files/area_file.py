"""A table of real areas: read, checked and mended, with a note for everything that was mended."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from segsim.errors import find_nearest, list_names
from segsim.scenario.files.text_table import (
    TextTable,
    parse_counts,
    parse_number,
    plain_name,
    read_text_table,
    refuse_long_name,
)
from segsim.sweden.facts import read_area_rows
from segsim.synthesis.areas.area_table import COUNTS, HOUSEHOLD_KINDS, NAMES, RATES, STOCK
from segsim.synthesis.areas.official_types import TYPE_COLUMN, follow_official_types
from segsim.synthesis.files.area_checks import check_ranges, check_sums, mend_units, refuse_impossible
from segsim.synthesis.files.area_codes import parse_area_code, parse_area_name
from segsim.synthesis.files.area_gaps import TOTALS, fill_gaps
from segsim.synthesis.files.area_rows import KEY, select_rows
from segsim.synthesis.files.exchanged_columns import refuse_exchanged
from segsim.synthesis.files.unknown_columns import note_unknown_columns
from segsim.synthesis.notes import Note

_OPTIONAL = ("dw_tenure_unknown", "pers_special_housing", *TOTALS[1:])
_TYPE = re.compile(r"(?:omradestyp|areatype)(\d{4})?")
_UNUSED = (
    "kommun_code",
    "kommunkod",
    "kommun",
    "kommunnamn",
    "pers_small_house",
    "pers_multi_dwelling",
    "pers_other_building",
    "pers_dwelling_unknown",
    "pop_econ_std",
    "labour_force",
    "not_in_lf",
    "net_income_mean_tkr",
    "pop_income_20plus",
    "lon",
    "lat",
    "point_is_estimated",
)
"""Columns that may be left out, the official area type of any year, and those known but not needed."""
_FEWEST = 2
"""The fewest areas."""


def read_areas(path: Path, municipality: str | None) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Read a table with one row per area, in the columns of open DeSO data.

    Parameters
    ----------
    path : Path
        Text in UTF-8 or Latin-1 with any delimiter, or a workbook.
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
    text = read_text_table(path, KEY)
    rows, left_out = select_rows(text, municipality)
    table, notes = settle_areas(text, rows)
    strange = check_ranges(text, table) if parse_area_code(str(table["deso"][0])) else []
    return table, (*left_out, *_note_unknown_columns(text), *notes, *strange)


def settle_areas(text: TextTable, rows: list[int]) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Return the areas of some rows of a table, checked and mended, and notes of what was mended."""
    notes: list[Note] = []
    names = _read_names(text, rows, notes)
    _refuse_missing_columns(text, names)
    table = _parse_columns(text, rows, names, notes)
    _refuse_twice(text, rows, table)
    mend_units(text, rows, table, notes)
    published = table.copy()
    fill_gaps(text, rows, table, notes)
    refuse_impossible(text, rows, table)
    check_sums(text, rows, published, notes)
    refuse_exchanged(text, published)
    notes += follow_official_types(table)
    notes += _note_omissions(table)
    return table.reset_index(drop=True), tuple(notes)


def _read_names(text: TextTable, rows: list[int], notes: list[Note]) -> dict[str, list[str]]:
    """Return the codes of areas and, as far as they are known, code and name of their districts."""
    key = text.column(*KEY)
    assert key is not None
    cells = [text.rows[i][key] for i in rows]
    codes = [parse_area_code(cell) for cell in cells]
    out = {"deso": [code.code if code else cell for code, cell in zip(codes, cells, strict=True)]}
    for name, others in zip(NAMES[1:], (("regsokod", "regso"), ("regsonamn",)), strict=True):
        place = text.column(name, *others)
        if place is not None and place != key:
            out[name] = [text.rows[i][place] for i in rows]
    if "regso_code" in out:
        districts = [parse_area_code(cell) for cell in out["regso_code"]]
        beside = [parse_area_name(cell) for cell in out["regso_code"]]
        if "regso_name" not in out and any(districts) and any(beside):
            out["regso_name"] = beside
        out["regso_code"] = [
            code.code if code else cell for code, cell in zip(districts, out["regso_code"], strict=True)
        ]
    elif all(code and code.is_district for code in codes):
        out["regso_code"] = out["deso"]
        out["regso_name"] = [parse_area_name(cell) or cell for cell in cells]
    elif all(codes):
        _look_up_districts(out, notes)
    return out


def _look_up_districts(out: dict[str, list[str]], notes: list[Note]) -> None:
    """Add the districts of areas that come with segsim, if all of them do."""
    known = read_area_rows(sorted({code[:4] for code in out["deso"]})).set_index("deso")
    if set(out["deso"]) <= set(known.index):
        out["regso_code"] = known.loc[out["deso"], "regso_code"].tolist()
        out["regso_name"] = known.loc[out["deso"], "regso_name"].tolist()
        notes.append(Note("shipped_districts", {"areas": len(out["deso"])}))


def _refuse_missing_columns(text: TextTable, names: dict[str, list[str]]) -> None:
    """Refuse a table without a column that is needed."""
    missing = [name for name in NAMES[1:] if name not in names]
    missing += [name for name in (*COUNTS, *RATES) if text.column(name) is None]
    if not missing:
        return
    near = next((one for name in missing if (one := find_nearest(name, text.header, 0.75))), None)
    header = text.lines[0] - 1
    hint, tip = (f' (is "{near}" meant?)', f' (menas "{near}"?)') if near else ("", "")
    several = len(missing) > 1
    raise text.fault(
        f"row {header}: {'columns' if several else 'column'} {list_names(missing, 8)} missing{hint}; add "
        "them to the header, with .. where a value is not known; segsim import puts exports of Statistics "
        "Sweden together",
        f"rad {header}: {'kolumnerna' if several else 'kolumnen'} {list_names(missing, 8):sv} saknas{tip}; "
        "lägg "
        "till dem i rubriken, med .. där ett värde inte är känt; segsim import fogar ihop uttag från SCB",
    )


def _parse_columns(
    text: TextTable, rows: list[int], names: dict[str, list[str]], notes: list[Note]
) -> pd.DataFrame:
    """Return the rows with text as text and numbers as numbers, NaN where missing."""
    for name in NAMES:
        for i, value in zip(rows, names[name], strict=True):
            refuse_long_name(text, i, name, value)
            if not value:
                raise text.fault(
                    "is empty; name the district the area belongs to",
                    "är tom; skriv den stadsdel området hör till",
                    i,
                    name,
                )
    columns: dict[str, Sequence[object]] = {name: names[name] for name in NAMES}
    thousands = 0
    for name in (*COUNTS, *RATES, *_OPTIONAL):
        place = text.column(name)
        if place is None:
            continue
        if name in RATES:
            numbers = [parse_number(text, i, name, text.rows[i][place]) for i in rows]
        else:
            numbers, apart = parse_counts(text, rows, name)
            thousands += apart
        for i, number in zip(rows, numbers, strict=True):
            _refuse_odd(text, i, name, number)
        columns[name] = numbers
    if thousands:
        notes.append(Note("thousands", {"values": thousands}))
    return pd.DataFrame({**columns, **_parse_types(text, rows, notes)})


def _parse_types(text: TextTable, rows: list[int], notes: list[Note]) -> dict[str, list[float]]:
    """Return the official area types of the latest year in a table, if it has any."""
    years = {int(match[1] or 0): n for n in text.header if (match := _TYPE.fullmatch(plain_name(n)))}
    if not years:
        return {}
    year = max(years)
    name = years[year]
    place = text.column(name)
    assert place is not None
    numbers = [parse_number(text, i, name, text.rows[i][place]) for i in rows]
    for i, number in zip(rows, numbers, strict=True):
        if number == number and number not in range(6):
            raise text.fault(
                f"there is no area type {number:g}; write 1 to 5, or ..",
                f"det finns ingen områdestyp {number:g}; skriv 1 till 5, eller ..",
                i,
                name,
            )
    if year and f"omradestyp_{year}" != TYPE_COLUMN:
        notes.append(Note("types_of_another_year", {"year": str(year)}))
    return {TYPE_COLUMN: [np.nan if number == 0 else number for number in numbers]}  # 0: no type


def _refuse_odd(text: TextTable, row: int, name: str, value: float) -> None:
    """Refuse a number that cannot be of its kind."""
    if value < 0:
        raise text.fault(
            f"{value:g} is negative; write what the source says, or ..",
            f"{value:g} är negativt; skriv vad källan säger, eller ..",
            row,
            name,
        )
    if name.endswith("_pct") and value > 100:
        raise text.fault(
            f"{value:g} is over 100 %; write a percentage",
            f"{value:g} är över 100 %; skriv en procentandel",
            row,
            name,
        )
    if name not in RATES and value == value and (value != int(value) or value > 1e7):
        raise text.fault(
            f"{value:g} is not a count; write a whole number",
            f"{value:g} är inget antal; skriv ett heltal",
            row,
            name,
        )


def _refuse_twice(text: TextTable, rows: list[int], table: pd.DataFrame) -> None:
    """Refuse an area that is there twice."""
    twice = np.flatnonzero(table["deso"].duplicated())
    if twice.size:
        code = table["deso"][twice[0]]
        raise text.fault(
            f'the area "{code}" is there twice; keep one row',
            f'området "{code}" finns två gånger; behåll en rad',
            rows[twice[0]],
        )
    if len(table) < _FEWEST:
        raise text.fault(
            "has one area; segregation needs at least two", "har ett område; segregation kräver minst två"
        )


def _note_unknown_columns(text: TextTable) -> list[Note]:
    """Say which columns are not used, and what each may have been meant as."""
    used = (*NAMES, *COUNTS, *RATES, *_OPTIONAL, TYPE_COLUMN)
    known = {plain_name(name) for name in (*used, *_UNUSED, *KEY, "regsokod", "regsonamn")}
    strange = [
        name
        for name in text.header
        if plain_name(name) not in known and not _TYPE.fullmatch(plain_name(name))
    ]
    return note_unknown_columns(text, strange, [(name,) for name in used])


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

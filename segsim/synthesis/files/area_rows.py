"""Which rows of a table are areas of the municipality, and which are totals or of another division."""

import re

from segsim.errors import did_you_mean, list_names
from segsim.scenario.files.text_table import TextTable, is_missing, parse_counts
from segsim.sweden.municipalities import simplify_name
from segsim.synthesis.files.area_codes import AreaCode, pad_municipality, parse_area_code
from segsim.synthesis.notes import Note
from segsim.words.text import Text

KEY = (
    "deso",
    "desokod",
    "deso_code",
    "deso_2025",
    "deso_2018",
    "area_id",
    "regso",
    "regsokod",
    "regso_2025",
    "regso_2020",
    "region",
    "regionkod",
    "region_code",
    "område",
    "områdeskod",
    "kod",
    "code",
)
"""Columns that hold the code of an area, the likeliest first."""
_TOTAL = re.compile(r"(total|totalt|samtliga|summa|alla|hela|riket|kommunen|sum|all)\b.*")
_BY_CODE, _BY_NAME = (
    ("kommun_code", "kommunkod", "municipality_code"),
    ("kommun", "kommunnamn", "municipality"),
)

Rows = list[int]


def select_rows(text: TextTable, municipality: str | None) -> tuple[Rows, list[Note]]:
    """Return the rows that are areas of the municipality, and notes of those left out.

    Those are totals, districts among areas, and areas of the division that the table has no figures for.
    """
    key = text.column(*KEY)
    assert key is not None
    codes = [parse_area_code(row[key]) for row in text.rows]
    notes: list[Note] = []
    rows = _drop_other_regions(text, key, codes, notes)
    rows = _select_municipality(text, rows, codes, municipality)
    rows = _drop_other_division(text, rows, codes, notes)
    return _drop_sum(text, key, rows, notes), notes


def _drop_other_regions(text: TextTable, key: int, codes: list[AreaCode | None], notes: list[Note]) -> Rows:
    """Leave out rows of the country, a county or a municipality, and districts where there are areas."""
    coded = [i for i, code in enumerate(codes) if code]
    rows = coded if coded else [i for i, row in enumerate(text.rows) if not _is_total(row[key])]
    _note_rows(text, key, [i for i in range(len(text.rows)) if i not in set(rows)], "total_rows", notes)
    small = [i for i in rows if codes[i] and not codes[i].is_district]  # type: ignore[union-attr]
    if small and len(small) < len(rows):
        _note_rows(text, key, [i for i in rows if i not in set(small)], "district_rows", notes)
        rows = small
    return rows


def _is_total(text: str) -> bool:
    """Tell whether a key is a word for all areas together."""
    return _TOTAL.fullmatch(simplify_name(text, " ")) is not None


def _note_rows(text: TextTable, key: int, rows: Rows, kind: str, notes: list[Note]) -> None:
    """Note which rows were left out."""
    if rows:
        names = list_names([f"{text.rows[i][key]} ({text.lines[i]})" for i in rows], 4)
        notes.append(Note(kind, {"rows": names}))


def _select_municipality(
    text: TextTable, rows: Rows, codes: list[AreaCode | None], municipality: str | None
) -> Rows:
    """Return the rows of the municipality, or all if there is only one."""
    by_code, by_name = text.column(*_BY_CODE), text.column(*_BY_NAME)
    of = {}
    for i in rows:
        code = codes[i]
        of[i] = (
            pad_municipality(text.rows[i][by_code])
            if by_code is not None
            else code.municipality
            if code
            else ""
        )
    names = {i: text.rows[i][by_name] if by_name is not None else "" for i in rows}
    known = {of[i]: names[i] for i in rows}
    if municipality is None:
        if len(known) > 1:
            first = next(iter(known))
            raise text.fault(
                f'holds {len(known)} municipalities; choose one with city.municipality, such as "{first}"',
                f'innehåller {len(known)} kommuner; välj en med city.municipality, till exempel "{first}"',
            )
        return rows
    sought = pad_municipality(municipality)
    chosen = [i for i in rows if of[i] == sought]
    plain = simplify_name(municipality)
    chosen = chosen or [
        i for i in rows if simplify_name(names[i]) == plain and _same_marks(names[i], municipality)
    ]
    if not chosen:
        near = did_you_mean(sought, known) or did_you_mean(municipality, set(names.values()))
        names_there = list_names(sorted(known), 8)
        hint = near or Text(f"; it holds {names_there}", f"; den innehåller {names_there:sv}")
        raise text.fault(
            f'has no area of the municipality "{municipality}"{hint}',
            f'har inget område i kommunen "{municipality}"{hint:sv}',
        )
    return chosen


def _same_marks(name: str, written: str) -> bool:
    """Tell whether two like names are the same, å, ä and ö included."""
    return name.casefold() == written.strip().casefold()


def _drop_other_division(
    text: TextTable, rows: Rows, codes: list[AreaCode | None], notes: list[Note]
) -> Rows:
    """Keep the areas of one division, where Statistics Sweden's tables list those of 2018 and of 2025.

    A table is of one year, and has figures for the areas of one division alone; those of the other are empty.
    """
    new = [i for i in rows if codes[i] and codes[i].year >= 2025]  # type: ignore[union-attr]
    old = [i for i in rows if i not in set(new)]
    if not new or not old:
        return rows
    filled = [part for part in (new, old) if _has_figures(text, part)]
    if len(filled) != 1:
        pair = [code.code for i in (old[0], new[0]) if (code := codes[i])]
        raise text.fault(
            f"holds areas of both divisions, such as {pair[0]} and {pair[1]}_DeSO2025; "
            "keep the rows of one, those of 2018 up to 2023 and those of 2025 from 2024",
            f"innehåller områden av båda indelningarna, såsom {pair[0]} och {pair[1]}_DeSO2025; behåll "
            "raderna för en, 2018 till och med 2023 och 2025 från 2024",
        )
    kept, dropped = (new, old) if filled[0] is new else (old, new)
    notes.append(
        Note("other_division", {"rows": len(dropped), "division": "2018" if kept is new else "2025"})
    )
    return kept


def _has_figures(text: TextTable, rows: Rows) -> bool:
    """Tell whether any row gives residents."""
    place = text.column("pop_total")
    if place is None:
        return True
    return any(not is_missing(text.rows[i][place]) and text.rows[i][place].strip("0") for i in rows)


def _drop_sum(text: TextTable, key: int, rows: Rows, notes: list[Note]) -> Rows:
    """Leave out a row whose residents are the sum of all others'."""
    if text.column("pop_total") is None or len(rows) < 4:
        return rows
    residents = dict(zip(rows, parse_counts(text, rows, "pop_total")[0], strict=True))
    whole = sum(value for value in residents.values() if value == value)
    sums = [i for i, value in residents.items() if value and 2 * value == whole]
    if len(sums) == 1:
        _note_rows(text, key, sums, "sum_row", notes)
        return [i for i in rows if i not in sums]
    return rows

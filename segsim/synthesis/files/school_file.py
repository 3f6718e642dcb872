"""A table of real school units: read, matched with coordinates, and placed in the city."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from segsim.errors import list_names
from segsim.scenario.files.text_table import (
    TextTable,
    parse_number,
    plain_name,
    read_text_table,
    refuse_long_name,
)
from segsim.scenario.source import Schooling
from segsim.sweden.municipalities import match_municipalities
from segsim.synthesis.files.area_codes import pad_municipality
from segsim.synthesis.files.school_places import settle_places
from segsim.synthesis.files.unknown_columns import note_unknown_columns
from segsim.synthesis.maps.boundaries import Ground
from segsim.synthesis.notes import Note
from segsim.synthesis.places.listed_units import ABOUT, choose_cells, choose_grades, weigh
from segsim.synthesis.places.school_sites import SchoolSites
from segsim.synthesis.places.school_units import (
    FIRST,
    LAST,
    MIDDLE,
    PupilHomes,
    SchoolUnit,
    add_lower_schools,
)
from segsim.tables import Array, Cells, Provider

KEY = ("school_unit_code", "schoolunitcode", "skolenhetskod", "unit_code", "skolenhet kod")
_NAME = ("school", "name", "skola", "skolenhet", "skolnamn", "skolenhetens namn")
_MUNICIPALITY = ("municipality_code", "kommunkod", "kommun_code", "skolkommunkod")
_BY_NAME = ("skolkommun", "kommun", "kommunnamn", "municipality")
_PROVIDER = ("provider_type", "typ av huvudman", "huvudmannatyp", "huvudman_typ", "huvudmannens typ", "regi")
_PUPILS = (
    "n_pupils_g9",
    "n_pupils_g9_num",
    "pupils_grade_9",
    "antal elever",
    "elever årskurs 9",
    "elever åk 9",
    "årskurs 9",
    "åk 9",
)
_MERIT = (
    "merit_value_17",
    "merit_value_17_num",
    "averagemeritgrade9",
    "genomsnittligt meritvärde (17 ämnen)",
    "genomsnittligt meritvärde (17)",
    "genomsnittligt meritvärde",
    "meritvärde",
    "meritvärde (17)",
    "genomsnittligt meritvärde (16 ämnen)",
)
_EAST = ("lng", "lon", "longitude", "long", "longitud", "wgs84_long", "easting", "sweref_e", "e", "x", "öst")
_NORTH = ("lat", "latitude", "latitud", "wgs84_lat", "northing", "sweref_n", "n", "y", "nord")
_LOWER = ("n_f", "n_1", "n_2", "n_3", "n_4", "n_5", "n_6")
_UPPER = ("n_7", "n_8", "n_9")
_FOREIGN = (
    "foreign_background",
    "andel (%) elever med utländsk bakgrund",
    "andel elever med utländsk bakgrund",
)
_HIDDEN = ("foreign_background_flag",)
_EDUCATED = (
    "parents_post_secondary",
    "andel (%) elever med föräldrar med eftergymnasial utbildning",
    "andel elever med föräldrar med eftergymnasial utbildning",
)
_PLACE, _DOUBT = "place", {"town": ABOUT, "postcode": 1700.0}
"""What tells how far off coordinates may be, m (A for a postcode: the median of schools in the register)."""
_INDEPENDENT = ("enskil", "fristående", "friskola", "independent", "private", "privat", "e", "f")
_PUBLIC = ("kommun", "municipal", "public", "offentlig", "region", "landsting", "stat", "k", "s", "r")
"""Names of columns in what Skolverket and others publish, and how kinds of providers begin; one letter is
the whole word."""
_READ = (_NAME, _MUNICIPALITY, _BY_NAME, _PROVIDER, _PUPILS, _MERIT, _FOREIGN, _HIDDEN, _EDUCATED)
"""The columns of a table of school units beside its key, its places and its pupils by grade."""
_FARTHEST = 50_000.0
"""Metres from the nearest homes beyond which a school's coordinates are wrong."""
_MERITS = (20.0, 340.0)
"""Merit values of a school: up to 20 is a mean grade, or a share; in 2024/25 it was 82 to 311."""
_FEW_PUPILS = 8.0
"""Grade-9 pupils assumed where the number is hidden, which it is below ten."""

_FEW_FOREIGN = 2.0
"""Pupils of foreign background where their share is hidden because they are few, as in `history.parquet`."""


class ListedSchool(NamedTuple):
    """The school units of a file; coordinates, and pupils of grades 0-6, are NaN where none are given.

    `pupils` are those of grade 9. `doubt` is how far off the coordinates may be, m.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    provider: Array
    pupils: Array
    merit: Array
    longitude: Array
    latitude: Array
    lower: Array
    doubt: Array
    foreign: Array
    educated: Array


def read_schools(
    path: Path, coordinates: Path | None, municipality: str
) -> tuple[ListedSchool, tuple[Note, ...]]:
    """Read the school units with grade 9 of a municipality.

    Parameters
    ----------
    path : Path
        One row per unit: code, name, municipality code, provider type, pupils in grade 9, merit value; with
        latitude and longitude if known.
    coordinates : Path or None
        Another table of unit codes with latitude and longitude.
    municipality : str
        Code of the municipality.

    Returns
    -------
    ListedSchool
    notes : tuple of Note
        What was assumed.

    Raises
    ------
    DataError
        With file, row, column and remedy.
    """
    table = read_text_table(path, KEY)
    listed, notes = match_schools(table, coordinates, municipality)
    grades = [(name,) for name in (*_LOWER, *_UPPER)]
    used = (*_READ, *grades, (_PLACE,))
    return listed, (*notes, *_note_unused(table, used))


def match_schools(
    table: TextTable, coordinates: Path | None, municipality: str
) -> tuple[ListedSchool, tuple[Note, ...]]:
    """Return the school units of a municipality in a table, with coordinates from there or another file."""
    key, name = table.column(*KEY), table.column(*_NAME)
    assert key is not None
    rows = _select_rows(table, municipality)
    codes = [_tidy_code(table.rows[i][key]) for i in rows]
    for n, (i, code) in enumerate(zip(rows, codes, strict=True)):
        if code in codes[:n]:
            raise table.fault(
                f'the school unit "{code}" is there twice; keep one row',
                f'skolenheten "{code}" finns två gånger; behåll en rad',
                i,
            )
    names = tuple(
        table.rows[i][name] if name is not None else code for i, code in zip(rows, codes, strict=True)
    )
    for i, text in zip(rows, names, strict=True):
        refuse_long_name(table, i, table.header[key if name is None else name], text)
    pupils, merit = _numbers(table, rows, _PUPILS), _numbers(table, rows, _MERIT)
    _refuse_outside(table, rows, merit, _MERIT, *_MERITS)
    _refuse_outside(table, rows, pupils, _PUPILS, 0, 5000)
    for column in (_PUPILS, *((grade,) for grade in (*_LOWER, *_UPPER))):
        _refuse_parts_of_pupils(table, rows, column)
    lower = np.sum([_numbers(table, rows, (name,)) for name in _LOWER], axis=0)
    _refuse_without_last_grade(table, pupils)
    notes: list[Note] = []
    longitude, latitude = settle_places(_numbers(table, rows, _EAST), _numbers(table, rows, _NORTH), notes)
    if coordinates is not None:
        places = read_coordinates(coordinates, notes)
        if not places.keys() & set(codes):
            notes.append(Note("places_unmatched", {"file": coordinates.name, "units": len(places)}))
        for i, code in enumerate(codes):
            if code in places and np.isnan(longitude[i]):
                longitude[i], latitude[i] = places[code]
    provider = _providers(table, rows, notes)
    for kind, gaps in (
        ("hidden_pupils", np.isnan(pupils)),
        ("no_coordinates", np.isnan(longitude)),
        ("no_merit", np.isnan(merit) & (pupils != 0)),
    ):
        if gaps.any():
            facts = {"assumed": _FEW_PUPILS} if kind == "hidden_pupils" else {}
            notes.append(Note(kind, {"schools": int(gaps.sum()), **facts}))
    listed = ListedSchool(
        tuple(codes),
        names,
        provider,
        np.where(np.isnan(pupils), _FEW_PUPILS, np.maximum(pupils, np.where(lower > 0, 0, 1))),
        merit,
        longitude,
        latitude,
        lower,
        _read_doubt(table, rows),
        _read_foreign(table, rows),
        _shares(table, rows, _EDUCATED),
    )
    return listed, tuple(notes)


def _refuse_without_last_grade(table: TextTable, pupils: Array) -> None:
    """Refuse a table whose schools have nobody in grade 9: those of 13 to 15 would have no school."""
    if not (pupils == 0).all():
        return
    column = table.header[table.column(*_PUPILS) or 0]
    raise table.fault(
        f"no school of the municipality has pupils in grade 9 ({column} is 0 for all), and those of grades 7 "
        "to 9 need one; give the pupils of grade 9, leave the cell empty where they are not told, or leave "
        "city.schools out",
        f"ingen skola i kommunen har elever i årskurs 9 ({column} är 0 för alla), och eleverna i årskurs 7–9 "
        "behöver en; ange eleverna i årskurs 9, lämna cellen tom där antalet inte är känt, eller utelämna "
        "city.schools",
    )


def _note_unused(table: TextTable, used: Sequence[Sequence[str]]) -> list[Note]:
    """Say which columns are not used, so that one that is misspelt is seen."""
    used = (KEY, _EAST, _NORTH, *used)
    known = {plain_name(name) for names in used for name in names}
    return note_unknown_columns(table, [name for name in table.header if plain_name(name) not in known], used)


def _select_rows(table: TextTable, municipality: str) -> list[int]:
    """Return the rows of the municipality, by its code, or else by its name."""
    by_code, by_name = table.column(*_MUNICIPALITY), table.column(*_BY_NAME)
    of: list[str] = []
    if by_code is not None:
        of = [pad_municipality(row[by_code]) for row in table.rows]
    elif by_name is not None:
        towns = {row[by_name]: match_municipalities(row[by_name]) for row in table.rows}
        of = [",".join(one.code for one in towns[row[by_name]]) for row in table.rows]
    if by_code is None and not any(of):
        raise table.fault(
            f"column {_MUNICIPALITY[0]} missing; it says where each school is",
            f"kolumnen {_MUNICIPALITY[0]} saknas; den säger var varje skola ligger",
        )
    rows = [i for i, code in enumerate(of) if code == municipality]
    if not rows:
        there = sorted({code for code in of if code})
        raise table.fault(
            f'lists no school of the municipality "{municipality}"; it lists those of '
            f"{list_names(there, 5)}; "
            "check the code",
            f'har ingen skola i kommunen "{municipality}"; den har skolor i {list_names(there, 5):sv}; '
            "kontrollera "
            "koden",
        )
    return rows


def _tidy_code(text: str) -> str:
    """Return the code of a school unit without the decimals a spreadsheet gave it."""
    return re.sub(r"\.0+$", "", text)


def _numbers(table: TextTable, rows: list[int], names: tuple[str, ...]) -> Array:
    """Return a column of numbers, NaN where missing or not there."""
    place = table.column(*names)
    if place is None:
        return np.full(len(rows), np.nan)
    return np.array([parse_number(table, i, table.header[place], table.rows[i][place]) for i in rows])


def _shares(table: TextTable, rows: list[int], names: tuple[str, ...]) -> Array:
    """Return a column of shares, also where it is of per cent; NaN where missing or not there."""
    values = _numbers(table, rows, names)
    _refuse_outside(table, rows, values, names, 0, 100)
    return values / 100 if np.nanmax(values, initial=0.0) > 1 else values


def _read_foreign(table: TextTable, rows: list[int]) -> Array:
    """Return each unit's share of foreign background; two pupils where it is hidden because they are few."""
    shares, place = _shares(table, rows, _FOREIGN), table.column(*_HIDDEN)
    if place is None:
        return shares
    is_hidden = np.array([table.rows[i][place] == "suppressed" for i in rows], bool)
    pupils = np.nansum([_numbers(table, rows, (name,)) for name in (*_LOWER, *_UPPER)], axis=0)
    return np.where(is_hidden, _FEW_FOREIGN / np.maximum(pupils, 2 * _FEW_FOREIGN), shares)


def _read_doubt(table: TextTable, rows: list[int]) -> Array:
    """Return how far off the coordinates of each unit may be, m."""
    place = table.column(_PLACE)
    return np.array([0.0 if place is None else _DOUBT.get(table.rows[i][place], 0.0) for i in rows])


def _refuse_outside(
    table: TextTable, rows: list[int], values: Array, names: tuple[str, ...], low: float, high: float
) -> None:
    """Refuse numbers outside their range."""
    for i, value in zip(rows, values, strict=True):
        if not np.isnan(value) and not low <= value <= high:
            raise table.fault(
                f"{value:g} is not between {low:g} and {high:g}; correct it",
                f"{value:g} är inte mellan {low:g} och {high:g}; rätta det",
                i,
                table.header[table.column(*names) or 0],
            )


def _refuse_parts_of_pupils(table: TextTable, rows: list[int], names: tuple[str, ...]) -> None:
    """Refuse numbers of pupils that are not whole, such as shares, or below 0."""
    for i, value in zip(rows, _numbers(table, rows, names), strict=True):
        if not np.isnan(value) and (value < 0 or value % 1 > 0):
            raise table.fault(
                f"{value:g} is no number of pupils; write a whole number, or .. where it is not told",
                f"{value:g} är inget antal elever; skriv ett heltal, eller .. där antalet inte redovisas",
                i,
                table.header[table.column(*names) or 0],
            )


def _providers(table: TextTable, rows: list[int], notes: list[Note]) -> Array:
    """Return the provider of each unit; municipal, with a note, where the file does not say."""
    place = table.column(*_PROVIDER)
    if place is None:
        notes.append(Note("no_providers", {"schools": len(rows)}))
        return np.full(len(rows), Provider.MUNICIPAL, np.int8)
    texts = [table.rows[i][place].casefold() for i in rows]
    independent = [_begins(text, _INDEPENDENT) for text in texts]
    unknown = [t for t, i in zip(texts, independent, strict=True) if not i and not _begins(t, _PUBLIC)]
    if unknown:
        words = list_names(sorted({f'"{text}"' for text in unknown}), 4)
        notes.append(Note("unknown_providers", {"schools": len(unknown), "words": words}))
    return np.where(independent, Provider.INDEPENDENT, Provider.MUNICIPAL).astype(np.int8)


def _begins(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether a text is one of some letters or begins with one of some words."""
    return any(text == word if len(word) == 1 else text.startswith(word) for word in words)


def read_coordinates(path: Path, notes: list[Note]) -> dict[str, tuple[float, float]]:
    """Return longitude and latitude by unit code."""
    table = read_text_table(path, KEY)
    key, east, north = table.column(*KEY), table.column(*_EAST), table.column(*_NORTH)
    if key is None or east is None or north is None:
        raise table.fault(
            "columns lat and lng missing; they say where each school unit lies",
            "kolumnerna lat och lng saknas; de säger var varje skolenhet ligger",
        )
    notes += _note_unused(table, (_NAME,))
    rows = list(range(len(table.rows)))
    longitude, latitude = settle_places(_numbers(table, rows, _EAST), _numbers(table, rows, _NORTH), notes)
    codes = [_tidy_code(row[key]) for row in table.rows]
    return dict(zip(codes, zip(longitude.tolist(), latitude.tolist(), strict=True), strict=True))


def set_aside_far(
    listed: ListedSchool, ground: Ground | None, cells: Cells
) -> tuple[ListedSchool, tuple[Note, ...]]:
    """Return the units without the coordinates of those far from every area, and notes of them.

    Without boundaries coordinates mean nothing, which is noted too.
    """
    known = ~np.isnan(listed.longitude) & ~np.isnan(listed.latitude)
    if ground is None:
        return listed, (Note("coordinates_unused", {"schools": int(known.sum())}),) if known.any() else ()
    east, north = ground.metres(listed.longitude, listed.latitude)
    homes = cKDTree(np.column_stack([cells.x, cells.y]))
    places = np.column_stack([east, north])[known]
    away = np.full(known.size, np.inf)
    away[known] = np.where(
        np.isfinite(places).all(axis=1), homes.query(np.nan_to_num(places, posinf=9e9))[0], np.inf
    )
    far = np.flatnonzero(known & (away > _FARTHEST))
    if not far.size:
        return listed, ()
    longitude, latitude = listed.longitude.copy(), listed.latitude.copy()
    longitude[far] = latitude[far] = np.nan
    names = list_names([listed.names[i] for i in far], 4)
    note = Note("far_schools", {"schools": names, "km": round(_FARTHEST / 1000)})
    return listed._replace(longitude=longitude, latitude=latitude), (note,)


def place_units(
    listed: ListedSchool,
    ground: Ground | None,
    cells: Cells,
    grades: Array,
    homes: PupilHomes,
    schooling: Schooling,
    rng: np.random.Generator,
) -> SchoolUnit:
    """Place the listed units; where they teach no lower grades, add schools that do.

    A unit with coordinates stands on the populated cell nearest to them, where the city has real boundaries;
    others stand where pupils live.

    Parameters
    ----------
    listed : ListedSchool
    ground : Ground or None
        None without boundaries: then coordinates mean nothing.
    cells : Cells
    grades : int (10,)
        Pupils of each grade in the city.
    homes : PupilHomes
    schooling : Schooling
    """
    east, north = np.full((2, len(listed.codes)), np.nan)
    if ground is not None:
        east, north = ground.metres(listed.longitude, listed.latitude)
        east[~np.isfinite(east)] = np.nan
    pupils = listed.pupils * (LAST - MIDDLE + 1) + np.nan_to_num(listed.lower)
    nowhere = np.full(pupils.size, -1, np.int64)
    schools = SchoolSites(nowhere, pupils, listed.foreign, listed.educated, east, north, listed.doubt)
    first, last = choose_grades(listed.provider, listed.pupils, listed.lower)
    teaches_lower, is_told = first == FIRST, ~np.isnan(listed.lower).all()
    upper = weigh(listed.pupils, last == LAST)
    independent = listed.provider == Provider.INDEPENDENT
    unit = SchoolUnit(
        listed.names,
        choose_cells(schools, cells.x, cells.y, homes, rng),
        listed.provider,
        first,
        last,
        upper,
        listed.merit,
        weigh(listed.lower, teaches_lower) if is_told else np.where(independent, upper, np.nan),
        listed.foreign,
        listed.educated,
    )
    if is_told and teaches_lower.any():
        return unit
    return add_lower_schools(unit, grades, homes.pupils, schooling, rng)

"""A table of real school units: read, matched with coordinates, and placed in the city."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from segsim.errors import DataError
from segsim.scenario.source import Schooling
from segsim.scenario.text_table import TextTable, parse_number, read_text_table
from segsim.synthesis.files.boundaries import Ground
from segsim.synthesis.notes import Note
from segsim.synthesis.places.listed_units import choose_cells, choose_grades, weigh
from segsim.synthesis.places.school_units import FIRST, LAST, SchoolUnit, add_lower_schools
from segsim.tables import Array, Cells, Provider

_KEY = ("school_unit_code", "schoolunitcode", "skolenhetskod", "unit_code")
_NAME = ("school", "name", "skola", "skolenhet")
_MUNICIPALITY = ("municipality_code", "municipalitycode", "kommunkod")
_PROVIDER = ("provider_type", "huvudmannatyp", "huvudman_typ")
_PUPILS = ("n_pupils_g9", "n_pupils_g9_num", "pupils_grade_9", "antal elever")
_MERIT = ("merit_value_17", "merit_value_17_num", "averagemeritgrade9", "meritvarde")
_EAST, _NORTH = ("lng", "lon", "longitude", "long"), ("lat", "latitude")
_LOWER = ("n_f", "n_1", "n_2", "n_3", "n_4", "n_5", "n_6")
_PLACE, _TOWN = "place", "town"
_INDEPENDENT = ("enskild", "fristående", "independent", "private")
"""Names that columns go under in what Skolverket and others publish, and how independent providers begin."""
_FEW_PUPILS = 8.0
"""Grade-9 pupils assumed where the number is hidden, which it is below ten."""


class ListedSchool(NamedTuple):
    """The school units of a file; coordinates, and pupils of grades 0-6, are NaN where none are given.

    `pupils` are those of grade 9. Where a place `is_rough`, the coordinates are the middle of its town.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    provider: Array
    pupils: Array
    merit: Array
    longitude: Array
    latitude: Array
    lower: Array
    is_rough: Array


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
    return match_schools(read_text_table(path, _KEY), coordinates, municipality)


def match_schools(
    table: TextTable, coordinates: Path | None, municipality: str
) -> tuple[ListedSchool, tuple[Note, ...]]:
    """Return the school units of a municipality in a table, with coordinates from there or another file."""
    key, name, where = table.column(*_KEY), table.column(*_NAME), table.column(*_MUNICIPALITY)
    if where is None or key is None:
        raise DataError(f"{table.file}: column {_MUNICIPALITY[0]} missing; it says where each school is")
    rows = [i for i, row in enumerate(table.rows) if row[where].zfill(4) == municipality]
    if not rows:
        raise DataError(f'{table.file}: lists no school of the municipality "{municipality}"; check its code')
    codes = [table.rows[i][key] for i in rows]
    for n, (i, code) in enumerate(zip(rows, codes, strict=True)):
        if code in codes[:n]:
            raise DataError(f'{table.where(i)}: the school unit "{code}" is there twice; keep one row')
    pupils, merit = _numbers(table, rows, _PUPILS), _numbers(table, rows, _MERIT)
    _refuse_outside(table, rows, merit, _MERIT, 0, 340)
    _refuse_outside(table, rows, pupils, _PUPILS, 0, 5000)
    lower = np.sum([_numbers(table, rows, (name,)) for name in _LOWER], axis=0)
    longitude, latitude = _numbers(table, rows, _EAST), _numbers(table, rows, _NORTH)
    if coordinates is not None:
        places = _read_coordinates(coordinates)
        for i, code in enumerate(codes):
            if code in places and np.isnan(longitude[i]):
                longitude[i], latitude[i] = places[code]
    hidden, unplaced = int(np.isnan(pupils).sum()), int(np.isnan(longitude).sum())
    notes: list[Note] = []
    if hidden:
        notes.append(Note("hidden_pupils", {"schools": hidden, "assumed": _FEW_PUPILS}))
    if unplaced:
        notes.append(Note("no_coordinates", {"schools": unplaced}))
    listed = ListedSchool(
        tuple(codes),
        tuple(table.rows[i][name] if name is not None else code for i, code in zip(rows, codes, strict=True)),
        _providers(table, rows),
        np.where(np.isnan(pupils), _FEW_PUPILS, np.maximum(pupils, np.where(lower > 0, 0, 1))),
        merit,
        longitude,
        latitude,
        lower,
        _are_towns(table, rows) & ~np.isnan(longitude),
    )
    return listed, tuple(notes)


def _numbers(table: TextTable, rows: list[int], names: tuple[str, ...]) -> Array:
    """Return a column of numbers, NaN where missing or not there."""
    place = table.column(*names)
    if place is None:
        return np.full(len(rows), np.nan)
    return np.array([parse_number(table, i, table.header[place], table.rows[i][place]) for i in rows])


def _are_towns(table: TextTable, rows: list[int]) -> Array:
    """Tell which coordinates are the middle of a town."""
    place = table.column(_PLACE)
    return np.array([place is not None and table.rows[i][place] == _TOWN for i in rows], bool)


def _refuse_outside(
    table: TextTable, rows: list[int], values: Array, names: tuple[str, ...], low: float, high: float
) -> None:
    """Refuse numbers outside their range."""
    for i, value in zip(rows, values, strict=True):
        if not np.isnan(value) and not low <= value <= high:
            column = table.header[table.column(*names) or 0]
            raise DataError(
                f"{table.where(i, column)}: {value:g} is not between {low:g} and {high:g}; correct it"
            )


def _providers(table: TextTable, rows: list[int]) -> Array:
    """Return the provider of each unit; municipal unless the file says otherwise."""
    place = table.column(*_PROVIDER)
    texts = [table.rows[i][place].lower() if place is not None else "" for i in rows]
    return np.array(
        [Provider.INDEPENDENT if s.startswith(_INDEPENDENT) else Provider.MUNICIPAL for s in texts], np.int8
    )


def _read_coordinates(path: Path) -> dict[str, tuple[float, float]]:
    """Return longitude and latitude by unit code."""
    table = read_text_table(path, _KEY)
    key, east, north = table.column(*_KEY), table.column(*_EAST), table.column(*_NORTH)
    if key is None or east is None or north is None:
        raise DataError(f"{table.file}: columns lat and lng missing; they say where each school unit lies")
    out = {}
    for i, row in enumerate(table.rows):
        out[row[key]] = (parse_number(table, i, "lng", row[east]), parse_number(table, i, "lat", row[north]))
    return out


def place_units(
    listed: ListedSchool,
    ground: Ground | None,
    cells: Cells,
    grades: Array,
    homes: Array,
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
    homes : int (cells,)
        Pupils who live on each cell.
    schooling : Schooling
    """
    east, north = np.full((2, len(listed.codes)), np.nan)
    if ground is not None:
        east, north = ground.metres(listed.longitude, listed.latitude)
        east[~np.isfinite(east)] = np.nan
    first, last = choose_grades(listed.provider, listed.pupils, listed.lower)
    teaches_lower, is_told = first == FIRST, ~np.isnan(listed.lower).all()
    upper = weigh(listed.pupils, last == LAST)
    independent = listed.provider == Provider.INDEPENDENT
    unit = SchoolUnit(
        listed.names,
        choose_cells(east, north, listed.is_rough, cells.x, cells.y, homes, rng),
        listed.provider,
        first,
        last,
        upper,
        listed.merit,
        weigh(listed.lower, teaches_lower) if is_told else np.where(independent, upper, np.nan),
    )
    if is_told and teaches_lower.any():
        return unit
    return add_lower_schools(unit, grades, homes, schooling, rng)

"""Where a first city comes from: figures, a municipality by name, or tables of areas and other files."""

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.errors import DataError
from segsim.scenario.files.text_table import write_text_table
from segsim.scenario.source import CitySource, Schooling
from segsim.sweden.facts import (
    AREAS_FILE,
    ROUGH_PLACES,
    SCHOOLS_FILE,
    read_area_rows,
    read_district_polygons,
    read_school_rows,
)
from segsim.synthesis.areas.area_table import MUNICIPALITY, AreaCounts, settle_counts
from segsim.synthesis.areas.preset import build_preset_table
from segsim.synthesis.areas.unmet_targets import list_unmet_targets
from segsim.synthesis.files.area_file import read_areas, settle_areas
from segsim.synthesis.files.school_file import (
    ListedSchool,
    match_schools,
    place_units,
    read_schools,
    set_aside_far,
)
from segsim.synthesis.maps.boundaries import Ground, lay_ground, read_ground
from segsim.synthesis.maps.district_map import divide_districts
from segsim.synthesis.notes import Note, sum_up
from segsim.synthesis.places.layout import Layout, arrange_in_disc
from segsim.synthesis.places.school_units import PupilHomes, SchoolUnit, invent_units
from segsim.tables import Array

Units = Callable[[Array, PupilHomes, Schooling, np.random.Generator], SchoolUnit]
"""Makes school units from pupils per grade, where pupils live, the schooling figures and chance."""

Notes = tuple[Note, ...]


class Source(NamedTuple):
    """A table of areas, what it counts, where they lie, and what is known of each municipality's schools."""

    table: pd.DataFrame
    counts: AreaCounts
    layout: Layout
    units: tuple[Units, ...]
    notes: Notes


_LATEST: dict[tuple[str, ...], Source] = {}
"""What was read last of the facts that come with segsim, by the municipalities."""


def load_source(city: CitySource) -> Source:
    """Return the table of areas of a city, with the layout and the schools its files give.

    Facts that come with segsim are read once for all seeds that follow: in a county that takes seconds.
    """
    own = (city.figures, city.areas, city.boundaries, city.schools, city.school_coordinates)
    if any(file is not None for file in own):
        return _read_source(city)
    if city.national_codes not in _LATEST:
        source = _read_source(city)
        _LATEST.clear()
        _LATEST[city.national_codes] = source
    source = _LATEST[city.national_codes]
    # the cells become a table of the city, and what befalls that must not befall the next
    cells = type(source.layout.cells)(*(column.copy() for column in source.layout.cells))
    return source._replace(layout=source.layout._replace(cells=cells))


def _read_source(city: CitySource) -> Source:
    """Read the areas, the layout and the schools of a city."""
    table, notes = _load_areas(city)
    counts = settle_counts(table)
    ground = load_ground(city, counts)
    layout = ground.layout if ground else arrange_in_disc(counts)
    if ground is not None:
        notes += ground.notes
    else:
        notes += (Note("invented_map"),)
    units: list[Units] = []
    for code in city.national_codes or ("",):
        listed, remarks = _load_schools(city, table, code)
        notes += remarks
        if listed is None:
            units.append(invent_units)
            notes += (Note("invented_schools"),)
            continue
        if city.schools is not None or city.school_coordinates is not None:
            listed, strays = set_aside_far(listed, ground, layout.cells)
            notes += strays
        units.append(partial(place_units, listed, ground, layout.cells))
    return Source(table, counts, layout, tuple(units), sum_up(notes))


def _load_areas(city: CitySource) -> tuple[pd.DataFrame, Notes]:
    """Return the table of areas, and notes of what was mended."""
    if city.figures is not None:
        table = build_preset_table(city.figures)
        return table, (
            Note("invented_areas", {"areas": len(table)}),
            *list_unmet_targets(city.figures, table),
        )
    if city.areas is not None:
        return read_areas(city.areas, city.municipality)
    if not city.national_codes:
        raise ValueError("a grid is no table of areas; it is made by segsim.synthesis.board")
    rows = read_area_rows(city.national_codes)
    tables, remarks = zip(
        *(_settle_municipality(part) for _, part in rows.groupby(MUNICIPALITY)), strict=True
    )
    notes: Notes = (Note("shipped_facts", {"areas": len(rows)}), *chain.from_iterable(remarks))
    if city.boundaries is None:
        notes += (Note("estimated_borders", {"areas": len(rows)}),)
        if estimated := int(rows["point_is_estimated"].sum()):
            notes += (Note("estimated_points", {"points": estimated}),)
    return pd.concat(tables, ignore_index=True), notes


def _settle_municipality(rows: pd.DataFrame) -> tuple[pd.DataFrame, Notes]:
    """Return the areas of one municipality, checked and mended by its own figures, and notes."""
    text = write_text_table(AREAS_FILE, rows.to_dict("list"))
    table, notes = settle_areas(text, list(range(len(rows))))
    return table.assign(**{MUNICIPALITY: rows[MUNICIPALITY].iloc[0]}), notes


def load_ground(city: CitySource, counts: AreaCounts) -> Ground | None:
    """Return where the areas of a city really lie, or None where nothing tells."""
    if city.boundaries is not None:
        return read_ground(city.boundaries, counts)
    if not city.national_codes:
        return None
    rows = read_area_rows(city.national_codes).set_index("deso").loc[list(counts.codes)]
    binary = read_district_polygons(rows["regso_code"].tolist())
    codes = sorted(binary)
    district = np.searchsorted(codes, rows["regso_code"].to_numpy(str))
    points = rows[["lon", "lat"]].to_numpy(float)
    return lay_ground(divide_districts(points, district, [binary[code] for code in codes]), counts)


def _load_schools(city: CitySource, table: pd.DataFrame, code: str) -> tuple[ListedSchool | None, Notes]:
    """Return the school units of a municipality that are known, None if they are invented, and notes."""
    if city.schools is not None:
        return read_schools(city.schools, city.school_coordinates, _municipality(city, table))
    if not code:
        return None, ()
    rows = read_school_rows(code)
    if rows.empty:
        return None, ()
    text = write_text_table(SCHOOLS_FILE, rows.to_dict("list"))
    listed, notes = match_schools(text, city.school_coordinates, code)
    if rough := int(rows["place"].isin(ROUGH_PLACES).sum()):
        notes += (Note("rough_places", {"schools": rough}),)
    return listed, notes


def _municipality(city: CitySource, table: pd.DataFrame) -> str:
    """Return the code of the municipality, from the codes of its areas."""
    codes = set(table["deso"].str[:4])
    if len(codes) != 1 or not next(iter(codes)).isdigit():
        raise DataError(
            f"{city.schools}: cannot be matched: the areas are not of one municipality; their codes must "
            "begin with its four digits",
            f"{city.schools}: går inte att para ihop: områdena är inte i en kommun; deras koder ska börja "
            "med kommunens fyra siffror",
        )
    return str(next(iter(codes)))

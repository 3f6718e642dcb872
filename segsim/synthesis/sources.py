"""Where a first city comes from: published figures, or tables of real areas with what files there are."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.errors import DataError
from segsim.scenario.source import CitySource, Schooling
from segsim.synthesis.areas.area_table import AreaCounts, settle_counts
from segsim.synthesis.areas.preset import build_preset_table
from segsim.synthesis.areas.unmet_targets import list_unmet_targets
from segsim.synthesis.files.area_file import read_areas
from segsim.synthesis.files.boundaries import read_ground
from segsim.synthesis.files.school_file import place_units, read_schools
from segsim.synthesis.notes import Note
from segsim.synthesis.places.layout import Layout, arrange_in_disc
from segsim.synthesis.places.school_units import SchoolUnit, invent_units
from segsim.tables import Array

Units = Callable[[Array, Array, Schooling, np.random.Generator], SchoolUnit]
"""Makes school units from pupils per grade, pupils per cell, the schooling figures and chance."""


class Source(NamedTuple):
    """A table of areas, what it counts, where the areas lie, and what is known of their schools."""

    table: pd.DataFrame
    counts: AreaCounts
    layout: Layout
    units: Units
    notes: tuple[Note, ...]


def load_source(city: CitySource) -> Source:
    """Return the table of areas of a city, with the layout and the schools its files give."""
    notes: tuple[Note, ...] = ()
    if city.figures is not None:
        table = build_preset_table(city.figures)
        notes = list_unmet_targets(city.figures, table)
    elif city.areas is not None:
        table, notes = read_areas(city.areas, city.municipality)
    else:
        raise ValueError("a grid is no table of areas; it is made by segsim.synthesis.board")
    counts = settle_counts(table)
    ground = read_ground(city.boundaries, counts) if city.boundaries else None
    layout = ground.layout if ground else arrange_in_disc(counts)
    units: Units = invent_units
    if city.schools is not None:
        listed, remarks = read_schools(city.schools, city.school_coordinates, _municipality(city, table))
        units, notes = partial(place_units, listed, ground, layout.cells), notes + remarks
    return Source(table, counts, layout, units, notes)


def _municipality(city: CitySource, table: pd.DataFrame) -> str:
    """Return the code of the municipality, from the codes of its areas."""
    codes = set(table["deso"].str[:4])
    if len(codes) != 1 or not next(iter(codes)).isdigit():
        raise DataError(
            f"{city.schools}: cannot be matched: the areas are not of one municipality; their codes must "
            "begin with its four digits"
        )
    return str(next(iter(codes)))

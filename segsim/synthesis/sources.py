"""Where a first city comes from: published figures, or tables of real areas with what files there are."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.scenario.city import City, Schooling
from segsim.synthesis.area_file import read_areas
from segsim.synthesis.boundaries import ground_of
from segsim.synthesis.counts import area_counts
from segsim.synthesis.layout import Layout
from segsim.synthesis.preset import preset_table
from segsim.synthesis.schools import Unit
from segsim.tables import Array

Units = Callable[[Array, Array, Schooling, np.random.Generator], Unit]
"""Makes school units from pupils per grade, pupils per cell, the schooling figures and chance."""


class Source(NamedTuple):
    """A table of areas, and what is known of where they lie and of their schools."""

    table: pd.DataFrame
    layout: Layout | None
    units: Units | None
    notes: tuple[str, ...]


def source_of(city: City) -> Source:
    """Return the table of areas of a city, with the layout and the schools its files give."""
    notes: tuple[str, ...] = ()
    if city.figures is not None:
        table = preset_table(city.figures)
    elif city.areas is not None:
        table, notes = read_areas(city.areas, city.municipality)
    else:
        raise ValueError("a grid is no table of areas; it is made by segsim.synthesis.grid")
    ground = ground_of(city.boundaries, area_counts(table)) if city.boundaries else None
    return Source(table, ground.layout if ground else None, None, notes)

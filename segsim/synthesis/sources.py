"""Where a first city comes from: published figures, or tables of real areas with what files there are."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.scenario.city import City, Schooling
from segsim.synthesis.area_file import read_areas
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
    if city.figures is not None:
        return Source(preset_table(city.figures), None, None, ())
    table, notes = read_areas(city.areas, city.municipality)
    return Source(table, None, None, notes)

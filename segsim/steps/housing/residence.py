"""Where households live: at home, or with the household they lodge with."""

import numpy as np

from segsim.kernels.housing.residence import find_household_areas, find_of_homes
from segsim.tables import Array, Tables


def household_cells(tables: Tables) -> Array:
    """Return the cell of each household row, its host's while it lodges; NONE for a free row (int32)."""
    out = np.empty(tables.households.id.size, np.int32)
    find_of_homes(tables.households.home, tables.households.lodging_with, tables.dwellings.cell, out)
    return out


def household_tenures(tables: Tables) -> Array:
    """Return the tenure of each household row, its host's while it lodges; NONE for a free row (int32)."""
    out = np.empty(tables.households.id.size, np.int32)
    find_of_homes(tables.households.home, tables.households.lodging_with, tables.dwellings.tenure, out)
    return out


def household_areas(tables: Tables) -> Array:
    """Return the area each household lives in, at home or lodging (int32; NONE for free rows)."""
    households, out = tables.households, np.empty(tables.households.id.size, np.int32)
    find_household_areas(
        households.home, households.lodging_with, tables.dwellings.cell, tables.cells.area, out
    )
    return out

"""Schools that a table lists: which grades they teach in the model, and where they stand."""

import numpy as np

from segsim.synthesis.places.school_sites import SchoolSites, find_sites
from segsim.synthesis.places.school_units import (
    FIRST,
    LAST,
    MIDDLE,
    SHARE_TEACHING_ALL_GRADES,
    PupilHomes,
    spread_evenly,
)
from segsim.tables import Array, Provider

LEAST_LOWER = 0.5
"""A school with grade 9 teaches 7-9 only if its grades 0-6 are smaller than this share of its grade 9 (C).

It has equally many seats in every grade it teaches here, so that few pupils below would open many seats.
"""
ABOUT = 3000.0
"""Metres around the middle of a town within which a school known to be in it stands (C)."""


def choose_grades(provider: Array, upper: Array, lower: Array) -> tuple[Array, Array]:
    """Return the first and last grade of each school, 0-6, 7-9 or 0-9.

    Where nobody tells the pupils of the lower grades, independent schools with grade 9 teach 0-9, and so do
    the smallest 35 % of the municipal ones; the others teach 7-9 (C).

    Parameters
    ----------
    provider : int8 (schools,)
    upper : float (schools,)
        Pupils in grade 9; 0 in schools that do not teach it.
    lower : float (schools,)
        Pupils in grades 0 to 6; NaN where they are not told.
    """
    has_upper = upper > 0
    has_lower = (lower > 0) & (~has_upper | (lower / MIDDLE >= LEAST_LOWER * upper))
    if np.isnan(lower).all():
        municipal = np.flatnonzero(provider == Provider.MUNICIPAL)
        n_whole = round(SHARE_TEACHING_ALL_GRADES * municipal.size)
        has_lower = provider == Provider.INDEPENDENT
        has_lower[municipal[np.argsort(upper[municipal], kind="stable")][:n_whole]] = True
    first = np.where(has_lower, FIRST, MIDDLE).astype(np.int8)
    return first, np.where(has_upper, LAST, MIDDLE - 1).astype(np.int8)


def weigh(pupils: Array, teaches: Array) -> Array:
    """Return each school's share of the pupils of a stage, NaN where it does not teach it."""
    known = np.where(teaches, pupils, np.nan)
    return known / max(float(np.nansum(known)), 1e-12)


def choose_cells(
    schools: SchoolSites, x: Array, y: Array, homes: PupilHomes, rng: np.random.Generator
) -> Array:
    """Return the cell of each school.

    It is the one nearest to its coordinates if these are exact. Where they are not and something is known of
    who goes there, it is found from that. Else the school stands at the coordinates, those of a town spread
    over the pupils who live there, and those without coordinates over all pupils.

    Parameters
    ----------
    schools : SchoolSites
        Coordinates in the metres of the cells; where the school stands is not known.
    x, y : float (cells,)
    homes : PupilHomes
    rng : Generator
    """
    east, north, doubt = schools.east, schools.north, schools.doubt
    out, has_place = schools.cell.copy(), ~np.isnan(east)
    exact = np.flatnonzero(has_place & (doubt == 0))
    out[exact] = _find_nearest(east[exact], north[exact], x, y)
    out = find_sites(schools._replace(cell=out), x, y, homes, rng)
    is_town, towns = has_place & (doubt == ABOUT), np.column_stack([east, north])
    rough = np.flatnonzero(has_place & ~is_town & (out < 0))
    out[rough] = _find_nearest(east[rough], north[rough], x, y)
    is_town &= out < 0
    for town in np.unique(towns[is_town], axis=0):
        about = np.flatnonzero(np.hypot(x - town[0], y - town[1]) < ABOUT)
        members = np.flatnonzero(is_town & (towns == town).all(axis=1))
        if homes.pupils[about].sum():
            out[members] = about[spread_evenly(homes.pupils[about], members.size, rng)]
    unplaced = np.flatnonzero(out < 0)
    out[unplaced] = spread_evenly(homes.pupils, unplaced.size, rng)
    return out


def _find_nearest(east: Array, north: Array, x: Array, y: Array) -> Array:
    """Return the cell nearest to each place."""
    out = np.empty(east.size, np.int64)
    if not east.size:
        return out
    # of a county's cells a municipality's schools need those around: a twentieth, and of the time
    is_around = (x > east.min() - ABOUT) & (x < east.max() + ABOUT)
    around = np.flatnonzero(is_around & (y > north.min() - ABOUT) & (y < north.max() + ABOUT))
    for s in range(east.size):
        far = np.hypot(x[around] - east[s], y[around] - north[s])
        if around.size and far.min() < ABOUT:
            out[s] = around[far.argmin()]
        else:
            out[s] = np.hypot(x - east[s], y - north[s]).argmin()
    return out

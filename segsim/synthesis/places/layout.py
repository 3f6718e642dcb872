"""Where areas and dwellings stand: squares of 100 m, dense at the centre, on a plane made for the purpose."""

from typing import NamedTuple

import numpy as np

from segsim.synthesis.areas.area_table import AreaCounts
from segsim.tables import Array, Cells, build_table

CELL = 100.0
"""Side of a cell, m."""
FLATS_PER_CELL, HOUSES_PER_CELL = 45.0, 7.0
"""Dwellings on a cell of flats, and on a cell of owned homes (C)."""


class Layout(NamedTuple):
    """The cells of a city, and the area of each."""

    cells: Cells
    x: Array
    y: Array


def count_cells(counts: AreaCounts) -> Array:
    """Return how many cells each area fills (areas, 2): with flats, and with owned homes."""
    flats = np.ceil(counts.dwellings[:, :2].sum(1) / FLATS_PER_CELL)
    houses = np.ceil(counts.dwellings[:, 2] / HOUSES_PER_CELL)
    flats[(flats + houses) == 0] = 1
    return np.column_stack([flats, houses]).astype(np.int64)


def arrange_in_disc(counts: AreaCounts) -> Layout:
    """Lay the areas out as compact blocks in a disc: flats at the centre, owned homes at the edge.

    Districts, then the areas of each, are divided by halves: the places they wish for are parted at the
    middle across the longer side, and the cells with them. So every area gets its number of cells in one
    compact block, and neighbours stay neighbours.
    """
    needed = count_cells(counts).sum(1)
    across, along = _disc(int(needed.sum()))
    x, y = _ideal_places(counts, needed)
    area = np.empty(across.size, np.int64)
    districts = np.unique(counts.district)
    weight = np.array([needed[counts.district == d].sum() for d in districts])
    middle_x = np.array(
        [np.average(x[counts.district == d], weights=needed[counts.district == d]) for d in districts]
    )
    middle_y = np.array(
        [np.average(y[counts.district == d], weights=needed[counts.district == d]) for d in districts]
    )
    of_district = _bisect(across, along, middle_x, middle_y, weight)
    for i, d in enumerate(districts):
        inside = np.flatnonzero(of_district == i)
        members = np.flatnonzero(counts.district == d)
        area[inside] = members[
            _bisect(across[inside], along[inside], x[members], y[members], needed[members])
        ]
    return build_layout(across - across.min(), along - along.min(), area)


def build_layout(column: Array, row: Array, area: Array) -> Layout:
    """Make the table of cells from grid columns, rows and areas; sorted by area, then from south to north."""
    order = np.lexsort((column, row, area))
    column, row, area = column[order], row[order], area[order]
    cells = build_table(
        Cells,
        column.size,
        id=row * (int(column.max()) + 1) + column,
        area=area,
        x=(column + 0.5) * CELL,
        y=(row + 0.5) * CELL,
    )
    return Layout(cells, (column + 0.5) * CELL, (row + 0.5) * CELL)


def _disc(n: int) -> tuple[Array, Array]:
    """Return the n grid squares nearest to a centre: columns and rows."""
    reach = int(np.ceil(np.sqrt(n / np.pi))) + 2
    across, along = (
        a.ravel() for a in np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    )
    nearest = np.argsort(across**2 + along**2 + 1e-3 * np.arctan2(along, across), kind="stable")[:n]
    return across[nearest], along[nearest]


def _ideal_places(counts: AreaCounts, needed: Array) -> tuple[Array, Array]:
    """Return where each area would like to be: sectors of like districts, denser areas further in.

    Districts lie in directions by their share of low economic standard, the poorest and the richest on
    opposite sides (sectors after Hoyt, C).
    """
    homes = np.maximum(counts.dwellings.sum(1), 1)
    rank = np.argsort(np.argsort(-homes / needed, kind="stable"), kind="stable")
    radius = np.sqrt((rank + 0.5) / counts.n)
    n = len(counts.district_names)
    residents = np.maximum(np.bincount(counts.district, weights=counts.persons, minlength=n), 1)
    low = np.bincount(counts.district, weights=counts.low * counts.persons, minlength=n) / residents
    place = np.argsort(np.argsort(-low, kind="stable"), kind="stable")
    turn = (np.pi * (place + 0.5) / n * np.where(place % 2, 1.0, -1.0))[counts.district]
    inner = np.array([radius[counts.district == d].mean() for d in counts.district])
    radius = 0.6 * inner + 0.4 * radius
    return radius * np.cos(turn), radius * np.sin(turn)


def _bisect(across: Array, along: Array, x: Array, y: Array, weight: Array) -> Array:
    """Return which of the places each square goes to; place i gets weight[i] squares."""
    out = np.zeros(across.size, np.int64)
    stack = [(np.arange(across.size), np.arange(x.size))]
    while stack:
        squares, places = stack.pop()
        if places.size == 1:
            out[squares] = places[0]
            continue
        wide = np.ptp(across[squares]) >= np.ptp(along[squares])
        by = np.lexsort((y[places], x[places])) if wide else np.lexsort((x[places], y[places]))
        places = places[by]
        sums = np.cumsum(weight[places])
        half = int(np.clip(np.searchsorted(sums, sums[-1] / 2) + 1, 1, places.size - 1))
        key = (along[squares], across[squares]) if wide else (across[squares], along[squares])
        squares = squares[np.lexsort(key)]
        cut = int(sums[half - 1])
        stack += [(squares[:cut], places[:half]), (squares[cut:], places[half:])]
    return out


def place_dwellings(counts: AreaCounts, cells: Cells, tenure_is_owned: Array, area: Array) -> Array:
    """Return the cell of each dwelling: flats fill an area's inner cells evenly, owned homes the others.

    Parameters
    ----------
    counts : AreaCounts
    cells : Cells
        Sorted by area.
    tenure_is_owned : bool (dwellings,)
    area : int (dwellings,)
        Ascending.
    """
    out = np.empty(area.size, np.int64)
    needed = count_cells(counts)
    distance = np.empty(cells.x.size)
    for m in range(len(counts.municipality_codes)):
        here = counts.municipality[cells.area] == m
        centre_x, centre_y = cells.x[here].mean(), cells.y[here].mean()
        distance[here] = np.hypot(cells.x[here] - centre_x, cells.y[here] - centre_y)
    starts = np.searchsorted(cells.area, np.arange(counts.n + 1))
    first = np.searchsorted(area, np.arange(counts.n + 1))
    for a in range(counts.n):
        here = np.arange(starts[a], starts[a + 1])
        here = here[np.argsort(distance[here], kind="stable")]
        n_flats = min(int(needed[a, 0]), here.size)
        n_flats -= n_flats == here.size and needed[a, 1] > 0 and here.size > 1
        homes = np.arange(first[a], first[a + 1])
        flats, owned = homes[~tenure_is_owned[homes]], homes[tenure_is_owned[homes]]
        inner = here[: max(n_flats, 1)]
        outer = here[n_flats:] if n_flats < here.size else here
        out[flats] = inner[np.arange(flats.size) % inner.size]
        out[owned] = outer[np.arange(owned.size) % outer.size]
    return out

"""Real boundaries: polygons of areas, turned into squares of 100 m."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from segsim.errors import DataError
from segsim.synthesis.areas.area_table import AreaCounts
from segsim.synthesis.maps.outlines import refuse_covered, refuse_wide, settle_outlines
from segsim.synthesis.maps.polygons import match_areas, read_layer
from segsim.synthesis.maps.projection import (
    SWEREF_99_TM,
    are_degrees,
    are_swedish_metres,
    connect_systems,
    find_projection,
)
from segsim.synthesis.notes import Note
from segsim.synthesis.places.layout import CELL, Layout, build_layout, count_cells
from segsim.tables import Array

if TYPE_CHECKING:
    from segsim.synthesis.maps.projection import Transformer

_SQUARES_PER_VILLAGE = 40
"""Squares with dwellings around one centre (C)."""
_ROOM = 1.5
"""Squares used per square that the dwellings fill: streets, parks and yards (C)."""


class AreaPolygon(NamedTuple):
    """One area's polygons, holes and all."""

    code: str
    geometry: BaseGeometry

    @property
    def rings(self) -> list[Array]:
        """Outer and inner rings alike, each an array of (x, y)."""
        polygons = shapely.get_parts(self.geometry)
        return [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygons)]


class Ground(NamedTuple):
    """Where a city lies: its layout, its areas' shapes, and how geographic places become metres in it."""

    layout: Layout
    shapes: tuple[AreaPolygon, ...]
    projection: "Transformer | None"
    west: float
    south: float
    notes: tuple[Note, ...] = ()

    def metres(self, longitude: Array, latitude: Array) -> tuple[Array, Array]:
        """Return places in the city's own metres."""
        if self.projection is None:
            return longitude - self.west, latitude - self.south
        east, north = self.projection.transform(longitude, latitude)
        return east - self.west, north - self.south


def read_ground(path: Path, counts: AreaCounts) -> Ground:
    """Lay the areas out within their boundaries.

    Each area gets as many squares of 100 m as its dwellings fill, of those whose centre lies inside its
    boundary and in no area before it (simplified boundaries overlap). Where there are more squares than half
    as many again, the dwellings stand in villages of some forty squares, the same for every seed (C).

    Parameters
    ----------
    path : Path
        GeoJSON (longitude and latitude, or metres), or GeoPackage, which needs the extra `geo`.
    counts : AreaCounts

    Raises
    ------
    DataError
        If the file cannot be read, or an area has no boundary.
    """
    layer = read_layer(path, counts.codes)
    polygons = np.array(match_areas(path.name, layer.features, counts.codes), object)
    geometry, notes = settle_outlines(path.name, polygons, counts.codes, layer.system)
    ground = lay_ground(list(geometry), counts, path.name)
    refuse_covered(path.name, geometry, counts.codes)
    return ground._replace(notes=notes)


def lay_ground(polygons: list[BaseGeometry], counts: AreaCounts, file: str = "boundaries") -> Ground:
    """Lay the areas out within their polygons, one geometry per area, in degrees or metres."""
    geometry = shapely.make_valid(np.array(polygons, object))
    points = shapely.get_coordinates(geometry)
    projection = None
    if are_degrees(points):
        projection = find_projection(points)
        geometry = shapely.transform(geometry, projection.transform, interleaved=False)
    elif are_swedish_metres(points):
        projection = connect_systems("EPSG:4326", SWEREF_99_TM)  # of schools, whose places are in degrees
    refuse_wide(file, geometry, counts.codes)
    west, south = (float(v) for v in np.floor(shapely.total_bounds(geometry)[:2] / CELL) * CELL)
    geometry = shapely.transform(geometry, lambda points: points - (west, south))
    shapes = tuple(AreaPolygon(*pair) for pair in zip(counts.codes, geometry, strict=True))
    return Ground(_allot_squares(geometry, counts), shapes, projection, west, south)


def _allot_squares(geometry: Array, counts: AreaCounts) -> Layout:
    """Give each area squares inside its polygons, or the nearest free one where it is too small for any."""
    most = np.ceil(_ROOM * count_cells(counts).sum(1)).astype(np.int64)
    columns, rows, areas = [], [], []
    taken: set[int] = set()  # a grid would be faster, but as wide as a corner that is wrong
    for a, polygons in enumerate(geometry):
        column, row = squares_inside(polygons)
        squares = _number_squares(column, row)
        if already := taken.intersection(squares.tolist()):
            is_free = ~np.isin(squares, list(already))
            column, row = column[is_free], row[is_free]
        if column.size == 0:
            column, row = _nearest_free_square(polygons, taken)
        chosen = _choose_villages(column, row, int(most[a]), a)
        column, row = column[chosen], row[chosen]
        taken.update(_number_squares(column, row).tolist())
        columns.append(column)
        rows.append(row)
        areas.append(np.full(column.size, a))
    return build_layout(np.concatenate(columns), np.concatenate(rows), np.concatenate(areas))


def _number_squares(column: Array, row: Array) -> Array:
    """Return one number for each square, which no other has."""
    return np.asarray((column << 32) + row)


def squares_inside(polygons: BaseGeometry) -> tuple[Array, Array]:
    """Return columns and rows of the squares whose centre lies inside some polygons or on their edge."""
    west, south, east, north = np.array(polygons.bounds) / CELL
    column = np.arange(np.floor(west), np.ceil(east), dtype=np.int64)
    row = np.arange(np.floor(south), np.ceil(north), dtype=np.int64)
    shapely.prepare(polygons)  # an index of the edges: 30 times faster over the squares of an area
    across, along = np.meshgrid((column + 0.5) * CELL, (row + 0.5) * CELL)
    inside = shapely.intersects_xy(polygons, across, along)
    j, i = np.nonzero(inside)
    return column[i], row[j]


def _nearest_free_square(polygons: BaseGeometry, taken: set[int]) -> tuple[Array, Array]:
    """Return the free square nearest to the middle of an area too small to hold a centre."""
    column, row = (int(v) for v in np.floor(shapely.get_coordinates(polygons).mean(0) / CELL))
    for reach in range(1000):
        for dx in range(-reach, reach + 1):
            for dy in range(-reach, reach + 1):
                near = np.array([column + dx]), np.array([row + dy])
                if max(abs(dx), abs(dy)) == reach and int(_number_squares(*near)[0]) not in taken:
                    return near
    raise DataError(
        "an area has no room for a single square of 100 m; check its boundary",
        "ett område rymmer inte en enda ruta på 100 m; se efter dess gräns",
    )


def _choose_villages(column: Array, row: Array, needed: int, area: int) -> Array:
    """Choose the squares with dwellings: all if few, else those nearest to some places drawn in the area."""
    out = np.ones(column.size, bool)
    if column.size <= needed:
        return out
    rng = np.random.default_rng([2022, area])
    centres = rng.choice(column.size, min(1 + needed // _SQUARES_PER_VILLAGE, column.size), replace=False)
    away = np.full(column.size, np.inf)
    for c in centres:
        away = np.minimum(away, np.hypot(column - column[c], row - row[c]))
    out[:] = False
    out[np.argsort(away, kind="stable")[:needed]] = True
    return out

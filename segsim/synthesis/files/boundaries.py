"""Real boundaries: polygons of areas, turned into squares of 100 m."""

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from segsim.errors import DataError
from segsim.scenario.text_table import decode_file
from segsim.synthesis.areas.area_table import AreaCounts
from segsim.synthesis.places.layout import CELL, Layout, build_layout, count_cells
from segsim.tables import Array

if TYPE_CHECKING:
    from pyproj import Transformer

_KEYS = ("deso", "desokod", "deso_kod", "regsokod", "regso", "area_id", "kod", "code", "id")
"""Properties that hold the code of an area, the likeliest first."""
_DEGREES = (180.0, 90.0)
"""Coordinates no farther from 0 than these are longitude and latitude; metres are far beyond them."""
_SWEDEN = shapely.box(10.5, 55.0, 24.5, 69.5)
_SWEREF_99_TM = "EPSG:3006"
"""Longitudes and latitudes of Sweden, and its national projection."""
_SQUARES_PER_VILLAGE = 40
"""Squares with dwellings around one centre (C)."""
_ROOM = 1.5
"""Squares used per square that the dwellings fill: streets, parks and yards (C)."""

_NOT_POLYGONS = (AttributeError, TypeError, ValueError, IndexError, KeyError, shapely.errors.ShapelyError)
"""What shapely raises for what is no geometry, be it no mapping, no numbers or too few points."""

Feature = tuple[dict[str, Any], BaseGeometry]
"""Properties and polygons of one feature of a file."""


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
    features = _read_package(path) if path.suffix.lower() == ".gpkg" else _read_geojson(path)
    geometry = _match_areas(path, features, counts)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise DataError(
            f"{path.name}: a boundary has coordinates that are not finite numbers; export it anew"
        )
    return lay_ground(geometry, counts)


def lay_ground(polygons: list[BaseGeometry], counts: AreaCounts) -> Ground:
    """Lay the areas out within their polygons, one geometry per area, in degrees or metres."""
    geometry = shapely.make_valid(np.array(polygons, object))
    projection = find_projection(geometry)
    if projection is not None:
        geometry = shapely.transform(geometry, projection.transform, interleaved=False)
    west, south = (float(v) for v in np.floor(shapely.total_bounds(geometry)[:2] / CELL) * CELL)
    geometry = shapely.transform(geometry, lambda points: points - (west, south))
    shapes = tuple(AreaPolygon(*pair) for pair in zip(counts.codes, geometry, strict=True))
    return Ground(_allot_squares(geometry, counts), shapes, projection, west, south)


def find_projection(geometry: Array) -> "Transformer | None":
    """Return the projection of polygons in degrees, None of those in metres already.

    It is the national one for places in Sweden, else a transverse Mercator on their own mean meridian.
    """
    points = shapely.get_coordinates(geometry)
    if (np.abs(points).max(0) > _DEGREES).any():
        return None
    plane = f"+proj=tmerc +lon_0={points[:, 0].mean():.1f} +ellps=GRS80 +units=m"
    in_sweden = shapely.contains(_SWEDEN, geometry).all()
    from pyproj import Transformer  # late: it takes .1 s, and only polygons in degrees need it

    return Transformer.from_crs("EPSG:4326", _SWEREF_99_TM if in_sweden else plane, always_xy=True)


def _allot_squares(geometry: Array, counts: AreaCounts) -> Layout:
    """Give each area squares inside its polygons, or the nearest free one where it is too small for any."""
    most = np.ceil(_ROOM * count_cells(counts).sum(1)).astype(np.int64)
    columns, rows, areas = [], [], []
    taken: set[tuple[int, int]] = set()
    for a, polygons in enumerate(geometry):
        column, row = squares_inside(polygons)
        free = np.array(
            [square not in taken for square in zip(column.tolist(), row.tolist(), strict=True)], bool
        )
        column, row = column[free], row[free]
        if column.size == 0:
            column, row = _nearest_free_square(polygons, taken)
        chosen = _choose_villages(column, row, int(most[a]), a)
        taken.update(zip(column[chosen].tolist(), row[chosen].tolist(), strict=True))
        columns.append(column[chosen])
        rows.append(row[chosen])
        areas.append(np.full(int(chosen.sum()), a))
    return build_layout(np.concatenate(columns), np.concatenate(rows), np.concatenate(areas))


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


def _nearest_free_square(polygons: BaseGeometry, taken: set[tuple[int, int]]) -> tuple[Array, Array]:
    """Return the free square nearest to the middle of an area too small to hold a centre."""
    column, row = (int(v) for v in np.floor(shapely.get_coordinates(polygons).mean(0) / CELL))
    for reach in range(1000):
        for dx in range(-reach, reach + 1):
            for dy in range(-reach, reach + 1):
                if max(abs(dx), abs(dy)) == reach and (column + dx, row + dy) not in taken:
                    return np.array([column + dx]), np.array([row + dy])
    raise DataError("an area has no room for a single square of 100 m; check its boundary")


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


def _match_areas(path: Path, features: list[Feature], counts: AreaCounts) -> list[BaseGeometry]:
    """Return the polygons of each area, in the order of the areas, by the property that holds their codes."""
    if not features:
        raise DataError(f"{path.name}: holds no polygons; it needs one per area")
    codes = set(counts.codes)
    names = {name for properties, _ in features for name in properties}
    ordered = [n for k in _KEYS for n in names if n.lower() == k] + sorted(names)
    hits = {n: len(codes & {str(properties.get(n)).strip() for properties, _ in features}) for n in ordered}
    key = max(ordered, key=lambda n: hits[n], default="")
    if not key or hits[key] == 0:
        raise DataError(
            f"{path.name}: no property of its polygons holds codes of areas, such as {counts.codes[0]}; "
            f"there are {', '.join(sorted(names)[:8]) or 'none'}"
        )
    polygons: dict[str, list[BaseGeometry]] = {}
    for properties, geometry in features:
        polygons.setdefault(str(properties.get(key)).strip(), []).extend(shapely.get_parts(geometry))
    missing = [code for code in counts.codes if code not in polygons]
    if missing:
        raise DataError(
            f"{path.name}: {len(missing)} areas have no boundary in it: {', '.join(missing[:5])}"
            f"{' ...' if len(missing) > 5 else ''}; use the boundaries of the same version of the areas"
        )
    return [shapely.multipolygons(polygons[code]) for code in counts.codes]


def _read_geojson(path: Path) -> list[Feature]:
    """Return properties and polygons of each feature of a GeoJSON file that has any."""
    try:
        content = json.loads(decode_file(path))
    except json.JSONDecodeError as error:
        raise DataError(
            f"{path.name}: row {error.lineno}: is not GeoJSON ({error.msg}); export it anew"
        ) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise DataError(f"{path.name}: is not a GeoJSON FeatureCollection; export the layer as GeoJSON")
    out = []
    for i, feature in enumerate(features, start=1):
        try:
            properties = {"id": feature.get("id"), **(feature.get("properties") or {})}
            polygons = select_polygons(shape(feature["geometry"])) if feature.get("geometry") else None
        except _NOT_POLYGONS as error:
            raise DataError(
                f"{path.name}: feature {i}: is not a polygon of coordinates; export it anew"
            ) from error
        if polygons:
            out.append((properties, polygons))
    return out


def select_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, without height and without points and lines."""
    parts = shapely.get_parts(shapely.get_parts(shapely.force_2d(geometry)))  # of collections of several too
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _read_package(path: Path) -> list[Feature]:
    """Return properties and polygons of each feature of a GeoPackage, in longitude and latitude."""
    try:
        geopandas = import_module("geopandas")
    except ImportError as error:
        raise DataError(
            f"{path.name}: GeoPackage needs more packages; pip install 'segsim[geo]', or export GeoJSON"
        ) from error
    try:
        frame = geopandas.read_file(path)
        frame = frame.to_crs(4326) if frame.crs is not None else frame
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(f"{path.name}: cannot be read as GeoPackage ({error})") from error
    properties = frame.drop(columns=frame.geometry.name).to_dict("records")
    polygons = map(select_polygons, frame.geometry)
    return list(zip(properties, polygons, strict=True))

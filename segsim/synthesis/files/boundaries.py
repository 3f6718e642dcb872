"""Real boundaries: polygons of areas, turned into squares of 100 m."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from segsim.errors import DataError
from segsim.synthesis.areas.area_table import AreaCounts
from segsim.synthesis.files.projection import Projection, projected, projection_for
from segsim.synthesis.files.text_table import decode_file
from segsim.synthesis.places.layout import CELL, Layout, build_layout, count_cells
from segsim.tables import Array

_KEYS = ("deso", "desokod", "deso_kod", "regsokod", "regso", "area_id", "kod", "code", "id")
_WORST_LONGITUDE = 180.0
_SQUARES_PER_VILLAGE = 40
_ROOM = 1.5
"""Squares used per square that the dwellings fill: streets, parks and yards (C)."""


class AreaPolygon(NamedTuple):
    """One area's rings, outer and inner alike, each an array of (x, y)."""

    code: str
    rings: tuple[Array, ...]


class Ground(NamedTuple):
    """Where a city lies: its layout, its areas' shapes, and how geographic places become metres in it."""

    layout: Layout
    shapes: tuple[AreaPolygon, ...]
    projection: Projection | None
    west: float
    south: float

    def metres(self, longitude: Array, latitude: Array) -> tuple[Array, Array]:
        """Return places in the city's own metres."""
        if self.projection is None:
            return longitude - self.west, latitude - self.south
        east, north = projected(longitude, latitude, self.projection)
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
    shapes = _match_areas(
        path, _read_package(path) if path.suffix.lower() == ".gpkg" else _read_geojson(path), counts
    )
    points = np.concatenate([ring for shape in shapes for ring in shape.rings])
    if not np.isfinite(points).all():
        raise DataError(
            f"{path.name}: a boundary has coordinates that are not finite numbers; export it anew"
        )
    projection = None
    if np.abs(points[:, 0]).max() <= _WORST_LONGITUDE and np.abs(points[:, 1]).max() <= 90:
        projection = projection_for(points[:, 0], points[:, 1])
        shapes = [
            AreaPolygon(s.code, tuple(_in_metres(ring, projection) for ring in s.rings)) for s in shapes
        ]
        points = np.concatenate([ring for shape in shapes for ring in shape.rings])
    west, south = (float(v) for v in np.floor(points.min(0) / CELL) * CELL)
    shapes = [AreaPolygon(s.code, tuple(ring - (west, south) for ring in s.rings)) for s in shapes]
    needed = np.ceil(_ROOM * count_cells(counts).sum(1)).astype(np.int64)
    columns, rows, areas = [], [], []
    taken: set[tuple[int, int]] = set()
    for a, shape in enumerate(shapes):
        rings = list(shape.rings)
        column, row = squares_inside(rings)
        free = np.array(
            [square not in taken for square in zip(column.tolist(), row.tolist(), strict=True)], bool
        )
        column, row = column[free], row[free]
        if column.size == 0:
            column, row = _nearest_free_square(rings, taken)
        chosen = _choose_villages(column, row, int(needed[a]), a)
        taken.update(zip(column[chosen].tolist(), row[chosen].tolist(), strict=True))
        columns.append(column[chosen])
        rows.append(row[chosen])
        areas.append(np.full(int(chosen.sum()), a))
    layout = build_layout(np.concatenate(columns), np.concatenate(rows), np.concatenate(areas))
    return Ground(layout, tuple(shapes), projection, west, south)


def _in_metres(ring: Array, projection: Projection) -> Array:
    """Return a ring of longitudes and latitudes as east and north."""
    return np.column_stack(projected(ring[:, 0], ring[:, 1], projection))


def squares_inside(rings: list[Array]) -> tuple[Array, Array]:
    """Return columns and rows of the squares whose centre lies inside the rings (even-odd rule).

    Along the line through the centres of a row, every edge that crosses it turns inside into outside; so
    counting crossings from the west tells which centres are inside. A centre on a shared edge falls to one of
    the two areas only.
    """
    points = np.concatenate(rings)
    first = np.floor(points.min(0) / CELL).astype(np.int64)
    size = np.ceil(points.max(0) / CELL).astype(np.int64) - first + 1
    crossings = np.zeros((size[1], size[0] + 1), np.int64)
    for ring in rings:
        start, end = ring / CELL - first - 0.5, np.roll(ring, -1, axis=0) / CELL - first - 0.5
        low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
        begin, stop = np.ceil(low).astype(np.int64), np.ceil(high).astype(np.int64)
        n = np.maximum(stop - begin, 0)
        edge = np.repeat(np.arange(n.size), n)
        row = np.arange(edge.size) - np.repeat(np.cumsum(n) - n, n) + begin[edge]
        rise = end[edge, 1] - start[edge, 1]
        x = start[edge, 0] + (row - start[edge, 1]) / rise * (end[edge, 0] - start[edge, 0])
        np.add.at(crossings, (row, np.clip(np.ceil(x).astype(np.int64), 0, size[0])), 1)
    inside = np.cumsum(crossings, axis=1)[:, :-1] % 2 == 1
    row, column = np.nonzero(inside)
    return column + first[0], row + first[1]


def _nearest_free_square(rings: list[Array], taken: set[tuple[int, int]]) -> tuple[Array, Array]:
    """Return the free square nearest to the middle of an area too small to hold a centre."""
    column, row = (int(v) for v in np.floor(np.concatenate(rings).mean(0) / CELL))
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


def _match_areas(
    path: Path, features: list[tuple[dict[str, Any], tuple[Array, ...]]], counts: AreaCounts
) -> list[AreaPolygon]:
    """Return the shape of each area, in the order of the areas; the property that names areas is found."""
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
    rings: dict[str, tuple[Array, ...]] = {}
    for properties, parts in features:
        code = str(properties.get(key)).strip()
        rings[code] = rings.get(code, ()) + parts
    missing = [code for code in counts.codes if code not in rings]
    if missing:
        raise DataError(
            f"{path.name}: {len(missing)} areas have no boundary in it: {', '.join(missing[:5])}"
            f"{' ...' if len(missing) > 5 else ''}; use the boundaries of the same version of the areas"
        )
    return [AreaPolygon(code, rings[code]) for code in counts.codes]


def _read_geojson(path: Path) -> list[tuple[dict[str, Any], tuple[Array, ...]]]:
    """Return properties and rings of each polygon of a GeoJSON file."""
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
            properties = dict(feature.get("properties") or {})
            properties.setdefault("id", feature.get("id"))
            rings = tuple(_rings(feature.get("geometry") or {}))
        except (AttributeError, TypeError, ValueError, IndexError, KeyError) as error:
            raise DataError(
                f"{path.name}: feature {i}: is not a polygon of coordinates; export it anew"
            ) from error
        if rings:
            out.append((properties, rings))
    return out


def _rings(geometry: dict[str, Any]) -> Iterator[Array]:
    """Yield the rings of a polygon or several."""
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _rings(part)
    coordinates = geometry.get("coordinates") or []
    for polygon in {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(kind), []):
        for ring in polygon:
            points = np.array([point[:2] for point in ring], float)
            if len(points) >= 3:
                yield points


def _read_package(path: Path) -> list[tuple[dict[str, Any], tuple[Array, ...]]]:
    """Return properties and rings of each polygon of a GeoPackage, in longitude and latitude."""
    try:
        geopandas = import_module("geopandas")
    except ImportError as error:
        raise DataError(
            f"{path.name}: GeoPackage needs more packages; pip install 'segsim[geo]', or export GeoJSON"
        ) from error
    try:
        frame = geopandas.read_file(path)
        frame = frame.to_crs(4326) if frame.crs is not None else frame
        content = json.loads(frame.to_json())
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(f"{path.name}: cannot be read as GeoPackage ({error})") from error
    return [
        (feature["properties"], tuple(_rings(feature["geometry"] or {}))) for feature in content["features"]
    ]

"""The districts of municipalities as a page draws them: each a path of SVG."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import shapely

from segsim.sweden.facts import read_district_polygons
from segsim.tables import Array

WIDTH = 1000.0
"""Width of a drawing in its own units; the height follows."""
TALLEST = 1000.0
_COARSE = 0.8
"""Units by which a border may be moved so that it has fewer corners; a page shows about as many pixels."""


class Drawing(NamedTuple):
    """Districts as paths of SVG by code, and the width and height they lie within."""

    width: float
    height: float
    paths: dict[str, str]


def draw_districts(codes: Iterable[str]) -> Drawing:
    """Return the paths of districts (RegSO), north upwards and every kilometre as long as any other."""
    binary = read_district_polygons(sorted(set(codes)))
    shapes = np.array(shapely.from_wkb(list(binary.values())), object)
    west, south, east, north = shapely.total_bounds(shapes)
    narrow = float(np.cos(np.radians((south + north) / 2)))  # of a degree of longitude
    scale = min(WIDTH / ((east - west) * narrow), TALLEST / (north - south))

    def place(corners: Array) -> Array:
        return np.column_stack([(corners[:, 0] - west) * narrow * scale, (north - corners[:, 1]) * scale])

    flat = shapely.simplify(shapely.transform(shapes, place), _COARSE)
    paths = {code: write_path(shape) for code, shape in zip(binary, flat, strict=True)}
    return Drawing(round((east - west) * narrow * scale, 1), round((north - south) * scale, 1), paths)


def write_path(shape: shapely.Geometry) -> str:
    """Return the rings of polygons as one path; with the rule "evenodd" their holes stay open."""
    parts = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            corners = np.round(shapely.get_coordinates(ring)[:-1], 1)
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z")
    return "".join(parts)

"""Areas known by one point each, given shapes: every district is divided among the points of its areas."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from segsim.sweden.facts import read_area_rows, read_district_polygons
from segsim.tables import Array

_TINY = 0.0005
"""Radius of the disc, in degrees of latitude, that stands for an area whose point leaves it no room."""


def divide_districts(points: Array, district: Array, polygons: list[bytes]) -> list[BaseGeometry]:
    """Divide each district among its areas: every place belongs to the area whose point is nearest.

    The borders of districts stay as they are; those within a district are estimates.

    Parameters
    ----------
    points : float (areas, 2)
        Longitude and latitude of a point in each area; one outside its district counts as on its border.
    district : int (areas,)
    polygons : list of bytes
        Of each district, in longitude and latitude, as well-known binary.

    Returns
    -------
    list of geometry
        The polygons of each area, in the order of the areas.
    """
    narrow = np.array([np.cos(np.radians(points[:, 1].mean())), 1.0])  # of a degree of longitude, up north
    out = np.empty(len(points), object)
    for d, whole in enumerate(shapely.from_wkb(polygons)):
        members = np.flatnonzero(district == d)
        if members.size == 1:
            out[members[0]] = whole
        elif members.size:
            plane = shapely.transform(whole, lambda corners: corners * narrow)
            parts = _divide(points[members] * narrow, plane)
            out[members] = shapely.transform(parts, lambda corners: corners / narrow)
    return list(out)


def _divide(points: Array, whole: BaseGeometry) -> Array:
    """Return the part of some polygons that lies nearest to each point."""
    inside = np.array([_draw_inside(shapely.points(point), whole) for point in points])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(inside), extend_to=whole))
    parts = np.empty(len(points), object)
    for i, point in enumerate(shapely.points(inside)):
        cell = cells[int(np.argmin(shapely.distance(cells, point)))]
        part = _keep_polygons(shapely.intersection(cell, whole))
        parts[i] = part if not part.is_empty else shapely.buffer(point, _TINY)
    return parts


def _draw_inside(point: BaseGeometry, whole: BaseGeometry) -> Array:
    """Return a point, or the place in some polygons that is nearest to it."""
    if shapely.intersects(point, whole):
        return np.asarray(shapely.get_coordinates(point)[0])
    return np.asarray(shapely.get_coordinates(shapely.shortest_line(point, whole))[1])


def _keep_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry without the points and lines an intersection may leave."""
    parts = shapely.get_parts(geometry)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def estimate_outlines(codes: list[str], municipality: str) -> dict[str, BaseGeometry]:
    """Return polygons of districts, or of areas estimated within them; none if not all are known.

    Parameters
    ----------
    codes : list of str
        Of areas (DeSO) of 2018 or of districts (RegSO), all of one kind.
    municipality : str
        Its code.
    """
    if codes[0][4] == "R":
        known = read_district_polygons(codes)
        return {code: shapely.from_wkb(known[code]) for code in codes} if set(codes) <= set(known) else {}
    facts = read_area_rows([municipality]).set_index("deso")
    if not set(codes) <= set(facts.index):
        return {}
    rows = facts.loc[codes]
    binary = read_district_polygons(rows["regso_code"].tolist())
    districts = sorted(binary)
    district = np.searchsorted(districts, rows["regso_code"].to_numpy(str))
    polygons = divide_districts(
        rows[["lon", "lat"]].to_numpy(float), district, [binary[d] for d in districts]
    )
    return dict(zip(codes, polygons, strict=True))

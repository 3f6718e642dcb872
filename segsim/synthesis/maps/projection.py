"""Longitude and latitude against metres: which of them coordinates are, and how one becomes the other."""

from typing import TYPE_CHECKING

import numpy as np
import shapely

from segsim.tables import Array

if TYPE_CHECKING:
    from pyproj import CRS
    from pyproj import Transformer as Transformer

DEGREES = (180.0, 90.0)
"""Coordinates no farther from 0 than these are longitude and latitude; metres are far beyond them."""
SWEDEN = shapely.box(10.5, 55.0, 24.5, 69.5)
"""Longitudes and latitudes of Sweden."""
_EAST, _NORTH = (200_000.0, 1_000_000.0), (6_000_000.0, 7_800_000.0)
SWEREF_99_TM = "EPSG:3006"
"""Metres of Sweden in its national projection."""


def are_degrees(points: Array) -> bool:
    """Tell whether all points can be longitude and latitude."""
    return bool((np.abs(points) <= DEGREES).all())


def are_swedish_degrees(points: Array) -> bool:
    """Tell whether all points are longitude and latitude within Sweden."""
    west, south, east, north = SWEDEN.bounds
    x, y = points[:, 0], points[:, 1]
    return bool(((x >= west) & (x <= east) & (y >= south) & (y <= north)).all())


def are_swedish_metres(points: Array) -> bool:
    """Tell whether all points are metres east and north within Sweden in SWEREF 99 TM."""
    x, y = points[:, 0], points[:, 1]
    east = (x >= _EAST[0]) & (x <= _EAST[1])
    return bool((east & (y >= _NORTH[0]) & (y <= _NORTH[1])).all())


def find_projection(points: Array) -> "Transformer":
    """Return the projection of points in longitude and latitude.

    It is the national one for places in Sweden, else a transverse Mercator on their own mean meridian.
    """
    plane = f"+proj=tmerc +lon_0={points[:, 0].mean():.1f} +ellps=GRS80 +units=m"
    return connect_systems("EPSG:4326", SWEREF_99_TM if are_swedish_degrees(points) else plane)


def is_projected(system: str) -> bool:
    """Tell whether a system of coordinates, such as EPSG:3006, is one of metres."""
    return bool(system) and bool(getattr(_read_system(system), "is_projected", False))


def is_geographic(system: str) -> bool:
    """Tell whether a system of coordinates, such as EPSG:4326, is one of degrees."""
    return bool(system) and bool(getattr(_read_system(system), "is_geographic", False))


def _read_system(system: str) -> "CRS | None":
    """Return a system of coordinates, None if it is not known."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(system)
    except CRSError:
        return None


def connect_systems(source: str, target: str) -> "Transformer":
    """Return what makes coordinates of one system those of another, east before north."""
    from pyproj import Transformer  # late: it takes .1 s, and few cities need it

    return Transformer.from_crs(source, target, always_xy=True)


def metres_to_degrees(points: Array) -> Array:
    """Return points of SWEREF 99 TM as longitude and latitude."""
    return np.column_stack(connect_systems(SWEREF_99_TM, "EPSG:4326").transform(*points.T))

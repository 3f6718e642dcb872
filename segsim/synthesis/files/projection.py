"""From longitude and latitude to metres: transverse Mercator by the Gauss-Krüger series."""

from typing import NamedTuple

import numpy as np

from segsim.tables import Array

_AXIS, _FLATTENING = 6378137.0, 1 / 298.257222101
"""The GRS 80 ellipsoid."""


class Projection(NamedTuple):
    """Central meridian in degrees, scale on it, and what is added to east and north in metres."""

    meridian: float
    scale: float
    false_east: float
    false_north: float


SWEREF_99_TM = Projection(15.0, 0.9996, 500_000.0, 0.0)
"""EPSG:3006, the national system of Sweden."""


def projection_for(longitude: Array, latitude: Array) -> Projection:
    """Return the national system for places in Sweden, else a system of their own mean meridian."""
    in_sweden = (longitude > 10.5) & (longitude < 24.5) & (latitude > 55) & (latitude < 69.5)
    return SWEREF_99_TM if in_sweden.all() else Projection(round(float(longitude.mean()), 1), 1.0, 0.0, 0.0)


def projected(longitude: Array, latitude: Array, projection: Projection) -> tuple[Array, Array]:
    """Return east and north in metres (Lantmäteriet, "Gauss Conformal Projection", formulas of order 4).

    Examples
    --------
    >>> east, north = projected(np.array([15.0]), np.array([59.0]), SWEREF_99_TM)
    >>> float(east[0])
    500000.0
    """
    f = _FLATTENING
    n = f / (2 - f)
    e2 = f * (2 - f)
    radius = _AXIS / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    phi, delta = np.radians(latitude), np.radians(np.asarray(longitude) - projection.meridian)
    sine = np.sin(phi)
    conformal = phi - sine * np.cos(phi) * (
        e2
        + (5 * e2**2 - e2**3) / 6 * sine**2
        + (104 * e2**3 - 45 * e2**4) / 120 * sine**4
        + 1237 * e2**4 / 1260 * sine**6
    )
    xi = np.arctan2(np.tan(conformal), np.cos(delta))
    eta = np.arctanh(np.cos(conformal) * np.sin(delta))
    north, east = xi.copy(), eta.copy()
    for j, b in enumerate(beta, start=1):
        north += b * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        east += b * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
    scaled = projection.scale * radius
    return scaled * east + projection.false_east, scaled * north + projection.false_north

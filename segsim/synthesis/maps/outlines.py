"""Where polygons lie: put right where it is plain what is wrong, refused where they cannot be those areas."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from segsim.errors import DataError, list_names
from segsim.sweden.facts import read_area_rows
from segsim.synthesis.files.area_codes import parse_area_code
from segsim.synthesis.maps.projection import (
    SWEREF_99_TM,
    are_degrees,
    are_swedish_degrees,
    are_swedish_metres,
    connect_systems,
    is_geographic,
    is_projected,
)
from segsim.synthesis.notes import Note
from segsim.tables import Array

_NOWHERE = 3e7
"""Metres from 0 beyond which there is no place in any projection."""
_KM_OF_DEGREE = np.array([55.0, 111.0])
"""Kilometres of a degree of longitude (at 60 degrees north) and of latitude."""
_FAR = 50.0
"""Kilometres beyond the outermost areas of a municipality where none of its can lie in the middle."""
_WIDEST = 300_000.0
"""Metres: no area of Sweden is as wide; its widest is some 200 km."""


def settle_outlines(
    file: str, geometry: Array, codes: Sequence[str], system: str
) -> tuple[Array, tuple[Note, ...]]:
    """Return polygons in longitude and latitude, or in the metres of Sweden or of somewhere else.

    Parameters
    ----------
    file : str
        What messages call the file.
    geometry : array of geometry
    codes : sequence of str
        Of the areas, in the same order.
    system : str
        The system of coordinates the file says it is in, such as EPSG:3857, or nothing.

    Returns
    -------
    geometry : array of geometry
    notes : tuple of Note
        What was put right.
    """
    points = shapely.get_coordinates(geometry)
    if not np.isfinite(points).all() or not points.size:
        raise DataError(
            f"{file}: a boundary has coordinates that are not finite numbers; export it anew",
            f"{file}: en gräns har koordinater som inte är ändliga tal; exportera den på nytt",
        )
    _refuse_nowhere(file, geometry, codes)
    _refuse_empty(file, geometry, codes)
    _refuse_mixed(file, geometry, codes)
    notes: tuple[Note, ...] = ()
    holds_metres = are_swedish_metres(points) or are_swedish_metres(points[:, ::-1])
    if is_geographic(system) and holds_metres:
        notes = (Note("declared_degrees", {"file": file, "system": system}),)
        system = ""
    if system not in ("", "EPSG:4326", SWEREF_99_TM) and not are_degrees(points):
        try:
            to_degrees = connect_systems(system, "EPSG:4326").transform
        except Exception as error:  # pyproj has its own for every unknown code
            raise DataError(
                f"{file}: its system of coordinates, {system}, is not known; export it in SWEREF 99 TM or "
                "WGS 84",
                f"{file}: dess koordinatsystem, {system}, är okänt; exportera den i SWEREF 99 TM eller WGS "
                "84",
            ) from error
        geometry = shapely.transform(geometry, to_degrees, interleaved=False)
        notes = (Note("reprojected", {"file": file, "system": system}),)
    elif _are_swapped(points):
        geometry = shapely.transform(geometry, lambda corners: corners[:, ::-1])
        notes += (Note("swapped_outlines", {"file": file}),)
    elif are_degrees(points) and is_projected(system):
        notes = (Note("declared_metres", {"file": file, "system": system}),)
    _refuse_abroad(file, geometry, codes)
    _refuse_elsewhere(file, geometry, codes)
    return geometry, notes


def _refuse_nowhere(file: str, geometry: Array, codes: Sequence[str]) -> None:
    """Refuse a polygon that reaches where there is no place, or that mixes metres and degrees."""
    for code, polygons in zip(codes, geometry, strict=True):
        points = shapely.get_coordinates(polygons)
        degrees = (np.abs(points) <= 180).all(axis=1)
        beyond = (np.abs(points) > _NOWHERE).any(axis=1)
        mixed = (~degrees if degrees.mean() >= 0.5 else degrees) & (parse_area_code(code) is not None)
        wrong = np.flatnonzero(beyond | mixed)
        if wrong.size:
            x, y = points[wrong[0]]
            raise DataError(
                f"{file}: the boundary of {code} has a corner at {x:g}, {y:g}, which is no place beside the "
                "others; export it anew",
                f"{file}: gränsen för {code} har ett hörn vid {x:g}, {y:g}, som ingen plats är bredvid de "
                "andra; exportera den på nytt",
            )


def _refuse_empty(file: str, geometry: Array, codes: Sequence[str]) -> None:
    """Refuse a polygon without any surface."""
    surface = shapely.area(shapely.make_valid(geometry))
    if not surface.all():
        code = codes[int(surface.argmin())]
        raise DataError(
            f"{file}: the boundary of {code} encloses nothing; export it anew",
            f"{file}: gränsen för {code} omsluter ingenting; exportera den på nytt",
        )


def _refuse_mixed(file: str, geometry: Array, codes: Sequence[str]) -> None:
    """Refuse areas in degrees beside areas in metres."""
    degrees = [are_degrees(shapely.get_coordinates(polygons)) for polygons in geometry]
    if parse_area_code(codes[0]) is not None and not all(degrees) and any(degrees):
        one, other = codes[degrees.index(True)], codes[degrees.index(False)]
        raise DataError(
            f"{file}: the area {one} is in degrees and {other} in metres; export all in one system",
            f"{file}: området {one} är i grader och {other} i meter; exportera alla i ett enda system",
        )


def _refuse_elsewhere(file: str, geometry: Array, codes: Sequence[str]) -> None:
    """Refuse areas that lie far from the municipalities of their codes: metres of another projection."""
    places = sorted({area.municipality for code in codes if (area := parse_area_code(code))})
    known = read_area_rows(places)[["lon", "lat"]].to_numpy() if places else np.empty((0, 2))
    if not len(known):
        return
    middle = np.median(shapely.get_coordinates(shapely.centroid(turn_to_degrees(geometry))), axis=0)
    beyond = np.maximum(known.min(0) - middle, middle - known.max(0)) * _KM_OF_DEGREE
    if beyond.max() > _FAR:
        where, away, at = list_names(places, 5), f"{beyond.max():.0f} km", f"{middle[0]:.4f}, {middle[1]:.4f}"
        raise DataError(
            f"{file}: its areas have codes of {where} and lie {away} from there, at {at}; export the "
            "boundaries of that municipality in SWEREF 99 TM (EPSG:3006) or WGS 84 (EPSG:4326)",
            f"{file}: dess områden har koder för {where:sv} och ligger {away} därifrån, vid {at}; exportera "
            "den kommunens gränser i SWEREF 99 TM (EPSG:3006) eller WGS 84 (EPSG:4326)",
        )


def _are_swapped(points: Array) -> bool:
    """Tell whether points lie in Sweden only with north and east exchanged."""
    turned = points[:, ::-1]
    inside = are_swedish_degrees(points) or are_swedish_metres(points)
    return not inside and (are_swedish_degrees(turned) or are_swedish_metres(turned))


def _refuse_abroad(file: str, geometry: Array, codes: Sequence[str]) -> None:
    """Refuse areas with Swedish codes outside Sweden."""
    if parse_area_code(codes[0]) is None:
        return
    for code, polygons in zip(codes, geometry, strict=True):
        points = shapely.get_coordinates(polygons)
        if not (are_swedish_degrees(points) or are_swedish_metres(points)):
            x, y = points.mean(axis=0)
            raise DataError(
                f"{file}: the area {code} lies outside Sweden, at {x:.6g}, {y:.6g}; export the boundaries in "
                "SWEREF 99 TM (EPSG:3006) or WGS 84 (EPSG:4326)",
                f"{file}: området {code} ligger utanför Sverige, vid {x:.6g}, {y:.6g}; exportera gränserna i "
                "SWEREF 99 TM (EPSG:3006) eller WGS 84 (EPSG:4326)",
            )


def refuse_wide(file: str, geometry: Array, codes: Sequence[str]) -> None:
    """Refuse an area, in metres, that is wider than any: the squares inside it would fill the memory."""
    bounds = shapely.bounds(geometry)
    wide = (bounds[:, 2:] - bounds[:, :2]).max(axis=1)
    if (wide > _WIDEST).any():
        i = int(wide.argmax())
        raise DataError(
            f"{file}: the boundary of {codes[i]} is {wide[i] / 1000:,.0f} km wide; a corner of it is wrong, "
            "export it anew",
            f"{file}: gränsen för {codes[i]} är {wide[i] / 1000:.0f} km bred; ett hörn i den är fel, "
            "exportera den på nytt",
        )


def refuse_covered(file: str, geometry: Array, codes: Sequence[str]) -> None:
    """Refuse an area that lies for the most part within another: nobody could live in both."""
    shapes = shapely.make_valid(geometry)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one != other], other[one != other]
    common = shapely.area(shapely.intersection(shapes[one], shapes[other])) / shapely.area(shapes[one])
    if (common > 0.5).any():
        i = int(common.argmax())
        inner, outer, share = codes[one[i]], codes[other[i]], f"{100 * common[i]:.0f}"
        raise DataError(
            f"{file}: {share} % of the area {inner} lies within {outer}; export the boundaries anew, with "
            "the holes of areas that surround others",
            f"{file}: {share} % av området {inner} ligger inom {outer}; exportera gränserna på nytt, med "
            "hålen i områden som omger andra",
        )


def turn_to_degrees(geometry: Array) -> Array:
    """Return polygons of Sweden in longitude and latitude."""
    if are_degrees(shapely.get_coordinates(geometry)):
        return geometry
    to_degrees = connect_systems(SWEREF_99_TM, "EPSG:4326").transform
    return np.asarray(shapely.transform(geometry, to_degrees, interleaved=False))


def measure_outside(outlines: Mapping[str, Any], longitude: Array, latitude: Array) -> Array:
    """Return the metres that places in Sweden lie outside some polygons; all in longitude and latitude."""
    to_metres = connect_systems("EPSG:4326", SWEREF_99_TM).transform
    shapes = shapely.make_valid(np.array(list(outlines.values()), object))
    shapes = shapely.transform(shapes, to_metres, interleaved=False)
    points = shapely.points(*to_metres(longitude, latitude))
    return np.asarray(shapely.distance(shapely.union_all(shapes), points))

"""Coordinates of schools: metres made degrees, an exchange undone, and what is no place left out."""

import numpy as np

from segsim.synthesis.maps.projection import (
    DEGREES,
    are_swedish_degrees,
    are_swedish_metres,
    metres_to_degrees,
)
from segsim.synthesis.notes import Note
from segsim.tables import Array


def settle_places(east: Array, north: Array, notes: list[Note]) -> tuple[Array, Array]:
    """Return longitude and latitude of schools, NaN where there is none, and note what was put right.

    Metres of SWEREF 99 TM become degrees, and north before east is turned where that puts a school in Sweden.
    Other metres stay as they are: the boundaries may be in the same.
    """
    points = np.column_stack([east, north])
    nowhere = (points == 0).all(axis=1) | ((points == 0).any(axis=1) & np.isnan(points).any(axis=1))
    _note(notes, "zero_coordinates", nowhere)
    points[nowhere | np.isnan(points).any(axis=1)] = np.nan
    known = ~np.isnan(points).any(axis=1)
    swapped = np.array([k and _is_swapped(p[None, :]) for p, k in zip(points, known, strict=True)], bool)
    points[swapped] = points[swapped][:, ::-1]
    _note(notes, "swapped_places", swapped)
    metres = np.array(
        [k and are_swedish_metres(p[None, :]) for p, k in zip(points, known, strict=True)], bool
    )
    if metres.any():
        points[metres] = metres_to_degrees(points[metres])
        _note(notes, "metric_places", metres)
    if known.any() and not (np.abs(points[known]) > 1000).any(axis=1).all():  # not all in metres of somewhere
        beyond = known & (np.abs(points) > DEGREES).any(axis=1)
        points[beyond] = np.nan
        _note(notes, "impossible_places", beyond)
    return points[:, 0], points[:, 1]


def _is_swapped(point: Array) -> bool:
    """Tell whether a point lies in Sweden only with north and east exchanged."""
    turned = point[:, ::-1]
    inside = are_swedish_degrees(point) or are_swedish_metres(point)
    return not inside and (are_swedish_degrees(turned) or are_swedish_metres(turned))


def _note(notes: list[Note], kind: str, which: Array) -> None:
    """Note how many schools something holds for."""
    if which.any():
        notes.append(Note(kind, {"schools": int(which.sum())}))

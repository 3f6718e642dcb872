"""A bridge to PySAL's `segregation`, for those who want an index as that package computes it.

Only indices that agree with their definitions are let through. Importing the package takes seconds and
silences NumPy's warnings for the whole process, so it is imported when asked for and the settings put back.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from segsim.errors import SegsimError
from segsim.indices.inputs.labels import match_units
from segsim.indices.inputs.numbers import Floats, as_floats, refuse_bad

SINGLE_GROUP = (
    "Dissim",
    "Gini",
    "Entropy",
    "Isolation",
    "Interaction",
    "CorrelationR",
    "Atkinson",
    "SpatialDissim",
    "Delta",
    "AbsoluteCentralization",
    "RelativeCentralization",
)
MULTIGROUP = (
    "MultiDissim",
    "MultiGini",
    "MultiInfoTheory",
    "MultiDivergence",
    "MultiNormExposure",
    "MultiRelativeDiversity",
    "MultiSquaredCoefVar",
)
SPATIAL = ("SpatialDissim", "Delta", "AbsoluteCentralization", "RelativeCentralization")
"""Indices that need the units' geometry."""

WRONG = {
    "SpatialProximity": "it weighs far units more than near ones; use segsim.indices.white",
    "SpatialProxProf": "its proximity grows with distance; use segsim.indices.nearest_profile",
    "AbsoluteClustering": "it weighs far units more than near ones",
    "RelativeClustering": "it weighs far units more than near ones",
    "DistanceDecayIsolation": "it weighs far units more than near; use segsim.indices.spatial_exposure",
    "DistanceDecayInteraction": "it weighs far units more than near; use segsim.indices.spatial_exposure",
    "ModifiedDissim": "its draws repeat one another; use expected_dissimilarity and adjusted",
    "ModifiedGini": "its draws repeat one another; use expected_dissimilarity and adjusted",
}
"""Indices of `segregation` 2.5 that give wrong values, why, and what to use."""


def to_pysal(
    counts: Any,
    index: str,
    groups: Sequence[str] = (),
    group: str | int = 0,
    geometry: Any = None,
    crs: Any = "EPSG:3006",
    **options: Any,
) -> Any:
    """Return an index object of PySAL's `segregation`, with `.statistic` and `.data`.

    Parameters
    ----------
    counts : array_like or DataFrame
        People, units x groups; or, for a grid, rows x cols x groups, whose cells become unit squares.
    index : str
        Name of the class, such as "MultiInfoTheory" or "Dissim". Those known to be wrong are refused.
    groups : sequence of str, optional
        Names of the groups; a DataFrame's columns by default.
    group : str or int
        The group a single-group index is about, against everybody else: its name, or its column from 0.
    geometry : sequence of shapely geometries, optional
        One per unit; spatial indices need it. A GeoSeries is matched with a DataFrame by its labels.
    crs : any
        Projected coordinate system of the geometry.
    **options
        Passed on to the class, such as `b` of Atkinson.

    Raises
    ------
    ValueError
        If the index is unknown or wrong, or lacks a geometry, or if nobody is in the group.
    SegsimError
        If the package is not installed.

    Notes
    -----
    Empty units and groups are left out, because several classes give NaN with them.
    """
    if index in WRONG:
        raise ValueError(f"{index} of PySAL segregation is not right: {WRONG[index]}")
    if index not in SINGLE_GROUP + MULTIGROUP:
        raise ValueError(
            f"there is no bridge to {index!r}; there is to {', '.join(SINGLE_GROUP + MULTIGROUP)}"
        )
    columns = _read_columns(counts, groups, geometry)
    if index in SPATIAL and columns.geometry is None:
        raise ValueError(f"{index} is spatial; give the geometry of the units")
    if columns.table.sum() == 0:
        raise ValueError("counts hold nobody; give at least one unit with people")
    present = [name for name, n in zip(columns.columns, columns.table.sum(axis=0), strict=True) if n > 0]
    if index in MULTIGROUP:
        frame = _make_frame(columns, crs)
        return _quietly("segregation.multigroup", index)(frame, present, **options)
    column = columns.columns[_find_group(columns, group)]
    frame = _make_frame(columns, crs)
    return _quietly("segregation.singlegroup", index)(frame, column, "total", **options)


def pysal_frame(counts: Any, groups: Sequence[str] = (), geometry: Any = None, crs: Any = "EPSG:3006") -> Any:
    """Return counts as PySAL wants them: a column per group, "total", and the geometry if given.

    A group whose name is that of another, "total" or "geometry" has its column called "NAME (2)".
    """
    return _make_frame(_read_columns(counts, groups, geometry), crs)


class Columns(NamedTuple):
    """Counts and what they are called."""

    table: Floats
    """Units x groups."""
    names: list[str]
    """The groups, as given."""
    columns: list[str]
    """The column of each group: its name, unless that is taken."""
    geometry: Any


def _read_columns(counts: Any, groups: Sequence[str], geometry: Any) -> Columns:
    """Return the counts, the names of their groups, and the geometry in the order of the counts."""
    names = [str(name) for name in (groups or getattr(counts, "columns", ()))]
    counts, geometry = match_units(counts=counts, geometry=geometry)
    table = as_floats(counts, "counts")
    refuse_bad(table, "counts", counts)
    if table.ndim == 3:
        geometry = geometry if geometry is not None else _squares(*table.shape[:2])
        table = table.reshape(-1, table.shape[2])
    if table.ndim != 2:
        raise ValueError(f"counts must be units x groups or rows x cols x groups, not of shape {table.shape}")
    names = names or [f"group_{k}" for k in range(table.shape[1])]
    if len(names) != table.shape[1]:
        raise ValueError(f"{len(names)} groups are named and counts have {table.shape[1]} columns")
    if geometry is not None and len(geometry) != len(table):
        raise ValueError(
            f"geometry must hold one shape per unit: {len(table)} are needed, not {len(geometry)}"
        )
    return Columns(table, names, _keep_apart(names), geometry)


def _keep_apart(names: list[str]) -> list[str]:
    """Return a column for each name, no two alike and none that of the total or the geometry."""
    taken, columns = {"total", "geometry"}, []
    for name in names:
        column, n = name, 1
        while column in taken:
            n += 1
            column = f"{name} ({n})"
        taken.add(column)
        columns.append(column)
    return columns


def _find_group(columns: Columns, group: str | int) -> int:
    """Return the position of a group that somebody belongs to."""
    names = columns.names
    if isinstance(group, str):
        places = [at for at, name in enumerate(names) if name == group]
        if len(places) > 1:
            raise ValueError(f"{len(places)} groups are called {group!r}; give the column, one of {places}")
    else:
        is_number = not isinstance(group, bool | np.bool_)
        places = [at for at in range(len(names)) if is_number and at == group]
    if not places or not columns.table[:, places[0]].any():
        present = [name for name, n in zip(names, columns.table.sum(axis=0), strict=True) if n > 0]
        raise ValueError(
            f"there is no group {group!r} with people; there are {', '.join(present)} "
            f"(columns 0 to {len(names) - 1})"
        )
    return places[0]


def _make_frame(columns: Columns, crs: Any) -> Any:
    """Return the units and groups with people as a frame, or a geographic one."""
    units, present = columns.table.sum(axis=1) > 0, columns.table.sum(axis=0) > 0
    names = [name for name, is_present in zip(columns.columns, present, strict=True) if is_present]
    frame = pd.DataFrame(columns.table[np.ix_(units, present)], columns=names)
    frame["total"] = frame.sum(axis=1)
    if columns.geometry is None:
        return frame
    shapes = [shape for shape, populated in zip(columns.geometry, units, strict=True) if populated]
    return _quietly("geopandas", "GeoDataFrame")(frame, geometry=shapes, crs=crs)


def _squares(n_rows: int, n_cols: int) -> list[Any]:
    """Return the cells of a grid as unit squares, row by row."""
    box = _quietly("shapely.geometry", "box")
    return [box(c, n_rows - r - 1, c + 1, n_rows - r) for r in range(n_rows) for c in range(n_cols)]


def _quietly(module: str, name: str) -> Any:
    """Import a name and put NumPy's error settings back as they were."""
    settings = np.geterr()
    try:
        return getattr(import_module(module), name)
    except ImportError as error:
        raise SegsimError(
            f'the bridge to PySAL needs {error.name or module}; install it with pip install "segsim[pysal]"',
            f"bryggan till PySAL behöver {error.name or module}; installera det med pip install "
            '"segsim[pysal]"',
        ) from error
    finally:
        np.seterr(**settings)


__all__ = ["MULTIGROUP", "SINGLE_GROUP", "SPATIAL", "WRONG", "pysal_frame", "to_pysal"]

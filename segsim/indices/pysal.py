"""A bridge to PySAL's `segregation`, for those who want an index as that package computes it.

Only indices that agree with their definitions are let through. Importing the package takes seconds and
silences NumPy's warnings for the whole process, so it is imported when asked for and the settings put back.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from segsim.errors import SegsimError
from segsim.indices.inputs import as_floats, as_good_table, refuse_bad

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
        The group a single-group index is about, against everybody else.
    geometry : sequence of shapely geometries, optional
        One per unit; spatial indices need it.
    crs : any
        Projected coordinate system of the geometry.
    **options
        Passed on to the class, such as `b` of Atkinson.

    Raises
    ------
    ValueError
        If the index is unknown or wrong, or lacks a geometry.
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
    frame = pysal_frame(counts, groups, geometry, crs)
    names = [name for name in frame.columns if name not in ("geometry", "total")]
    if index in SPATIAL and "geometry" not in frame:
        raise ValueError(f"{index} is spatial; give the geometry of the units")
    if index in MULTIGROUP:
        return _quietly("segregation.multigroup", index)(frame, names, **options)
    name = names[group] if isinstance(group, int) else group
    if name not in names:
        raise ValueError(f"there is no group {name!r} with people; there are {', '.join(names)}")
    return _quietly("segregation.singlegroup", index)(frame, name, "total", **options)


def pysal_frame(counts: Any, groups: Sequence[str] = (), geometry: Any = None, crs: Any = "EPSG:3006") -> Any:
    """Return counts as PySAL wants them: a column per group, "total", and the geometry if given."""
    names = [str(name) for name in (groups or getattr(counts, "columns", ()))]
    table = as_floats(counts, "counts")
    if table.ndim == 3:
        refuse_bad(table)
        geometry = geometry if geometry is not None else _squares(*table.shape[:2])
        table = table.reshape(-1, table.shape[2])
    table = as_good_table(table)
    names = names or [f"group_{k}" for k in range(table.shape[1])]
    if len(names) != table.shape[1]:
        raise ValueError(f"{len(names)} groups are named and counts have {table.shape[1]} columns")
    units, present = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    frame = pd.DataFrame(table, columns=names).loc[
        units, [n for n, p in zip(names, present, strict=True) if p]
    ]
    frame["total"] = frame.sum(axis=1)
    if geometry is None:
        return frame.reset_index(drop=True)
    shapes = [shape for shape, populated in zip(geometry, units, strict=True) if populated]
    geopandas = _quietly("geopandas", "GeoDataFrame")
    return geopandas(frame.reset_index(drop=True), geometry=shapes, crs=crs)


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
            f'the bridge to PySAL needs {error.name or module}; install it with pip install "segsim[pysal]"'
        ) from error
    finally:
        np.seterr(**settings)


__all__ = ["MULTIGROUP", "SINGLE_GROUP", "SPATIAL", "WRONG", "pysal_frame", "to_pysal"]

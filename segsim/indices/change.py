"""Change: what moved segregation between two tables, and how areas change type."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from segsim.indices.inputs import Counts, Floats, as_floats, as_good_table, check_same_groups, ratio
from segsim.kernels.indices.evenness import mutual_information
from segsim.kernels.proportional_fitting import fit_margins

ALMOST_NOBODY = 1e-10
TOLERANCE = 1e-13
ROUNDS = 100_000


class Change(NamedTuple):
    """The parts of a change in M, in nats: diff = M2 - M1 is the sum of the last five."""

    M1: float
    M2: float
    diff: float
    additions: float
    removals: float
    group_marginal: float
    unit_marginal: float
    structural: float


def decompose_change(before: Counts, after: Counts) -> Change:
    """Split the change of M between two tables into margins and structure.

    Parameters
    ----------
    before, after : array_like or DataFrame
        People, units x groups, with the same rows and columns in the same order (a unit that did not exist
        has a row of zeros). Two DataFrames are matched by their labels instead.

    Returns
    -------
    Change
        M of both (nats), their difference, and its parts: units and groups that appeared (additions) or
        vanished (removals); changed sizes of groups and of units; and what is left, structural change: the
        association of unit and group itself. In a comparison of two scenarios at one year the structural
        part is the policy's effect on sorting. NaN if either table is empty or they share no unit and group.

    Notes
    -----
    Shapley averages over eight tables XYZ with the group margin of X, the unit margin of Y and the
    association of Z (A before, B after), made by iterative proportional fitting to a relative tolerance of
    1e-13; empty cells within the common units and groups count 1e-10. The R package `segregation` stops at an
    absolute tolerance of .001 on shares by default and so leaves unit margins unadjusted.

    References
    ----------
    Elbers (2021), Sociological Methods and Research, "A method for studying differences in segregation".
    """
    first, second = _align(before, after)
    m1, m2 = mutual_information(first), mutual_information(second)
    units = (first.sum(axis=1) > 0) & (second.sum(axis=1) > 0)
    groups = (first.sum(axis=0) > 0) & (second.sum(axis=0) > 0)
    a, b = first[np.ix_(units, groups)], second[np.ix_(units, groups)]
    if not (a.sum() > 0 and b.sum() > 0):
        return Change(m1, m2, m2 - m1, *[float("nan")] * 5)
    common_a, common_b = mutual_information(a), mutual_information(b)
    group, unit, structural = _shapley(a, b, common_a, common_b)
    return Change(m1, m2, m2 - m1, m2 - common_b, common_a - m1, group, unit, structural)


def transitions(before: Any, after: Any, n_types: int = 5, weights: Any = None) -> Floats:
    """Return the transition matrix of area types 1 .. n: row i, column j the share of type i that became j.

    `weights` may hold the population of each area; by default each area counts once. The row of a type
    without areas is NaN; an area whose type is 0 (undefined) in either year is left out.
    """
    old, new = as_floats(before, "before"), as_floats(after, "after")
    if old.shape != new.shape or old.ndim != 1:
        raise ValueError(
            f"before and after must name one type per area: their shapes are {old.shape}, {new.shape}"
        )
    weight = np.ones(old.size) if weights is None else as_floats(weights, "weights")
    typed = (old >= 1) & (new >= 1)
    if (old[typed] > n_types).any() or (new[typed] > n_types).any():
        raise ValueError(f"types must be 1 to {n_types}")
    flat = (old[typed] - 1).astype(np.int64) * n_types + (new[typed] - 1).astype(np.int64)
    counts = np.bincount(flat, weight[typed], n_types * n_types).reshape(n_types, n_types)
    return ratio(counts, counts.sum(axis=1, keepdims=True))


def persistence(before: Any, after: Any, weights: Any = None) -> float:
    """Return the share of areas (or of `weights`) that kept their type; NaN if none has one."""
    old, new = as_floats(before, "before"), as_floats(after, "after")
    weight = np.ones(old.size) if weights is None else as_floats(weights, "weights")
    typed = (old >= 1) & (new >= 1)
    total = float(weight[typed].sum())
    return float(weight[typed & (old == new)].sum()) / total if total > 0 else float("nan")


def convergence(values: Any) -> float:
    """Return the SD of a value over areas, each counting once: it falls as areas grow alike (sigma).

    NaN values are left out; NaN with fewer than two areas.
    """
    known = as_floats(values, "values")
    known = known[np.isfinite(known)]
    return float(known.std()) if known.size > 1 else float("nan")


def _align(before: Counts, after: Counts) -> tuple[Floats, Floats]:
    """Return both tables with the same rows and columns."""
    if isinstance(before, pd.DataFrame) and isinstance(after, pd.DataFrame):
        before, after = before.align(after, fill_value=0)
    first, second = as_good_table(before), as_good_table(after)
    check_same_groups(first, second)
    if first.shape != second.shape:
        raise ValueError(f"both tables must list the same units: {first.shape[0]} and {second.shape[0]} rows")
    return first, second


def _shapley(a: Floats, b: Floats, m_a: float, m_b: float) -> tuple[float, float, float]:
    """Return the group, unit and structural parts of M(b) - M(a)."""
    tables = {"A": np.where(a > 0, a, ALMOST_NOBODY), "B": np.where(b > 0, b, ALMOST_NOBODY)}
    shares = {name: table / table.sum() for name, table in tables.items()}
    m = {"AAA": m_a, "BBB": m_b}
    for name in ("AAB", "ABA", "ABB", "BAA", "BAB", "BBA"):
        group, unit, association = (shares[x] for x in name)
        fitted = fit_margins(association, unit.sum(axis=1), group.sum(axis=0), TOLERANCE, ROUNDS)
        m[name] = mutual_information(fitted)
    structural = (m["AAB"] - m["AAA"] + m["BBB"] - m["BBA"]) / 2
    by_group = (m["BAA"] - m["AAA"] + m["BBA"] - m["ABA"] + m["BBB"] - m["ABB"] + m["BAB"] - m["AAB"]) / 4
    by_unit = (m["ABA"] - m["AAA"] + m["BBA"] - m["BAA"] + m["BBB"] - m["BAB"] + m["ABB"] - m["AAB"]) / 4
    return by_group, by_unit, structural


__all__ = ["Change", "convergence", "decompose_change", "persistence", "transitions"]

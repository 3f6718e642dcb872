"""Change: what moved segregation between two tables, and how areas change type."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from segsim.indices.inputs.labels import check_meeting, match_units, refuse_repeated
from segsim.indices.inputs.numbers import (
    Floats,
    Integers,
    as_measured,
    as_people,
    as_whole_number,
    check_same_length,
    ratio,
)
from segsim.indices.inputs.tables import Counts, as_good_table, check_same_groups
from segsim.indices.official import as_types
from segsim.kernels.indices.evenness import mutual_information
from segsim.kernels.proportional_fitting import fit_margins

ALMOST_NOBODY = 1e-10
"""What an empty cell counts, of the smallest count."""
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
        has a row of zeros). Two DataFrames are matched by their labels instead, each of which stands once.

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
    1e-13; empty cells within the common units and groups count 1e-10 of the table's smallest count, so that
    the parts are the same in persons and in thousands. The R package `segregation` stops at an
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
    without areas is NaN; an area whose type is 0 or missing (undefined) in either year is left out. Series
    are matched by their labels.
    """
    n_types = as_whole_number(n_types, "n_types", least=1)
    old, new, weight = _read_types(before, after, weights, n_types)
    counts = np.bincount((old - 1) * n_types + new - 1, weight, n_types * n_types).reshape(n_types, n_types)
    return ratio(counts, counts.sum(axis=1, keepdims=True))


def persistence(before: Any, after: Any, weights: Any = None, n_types: int = 5) -> float:
    """Return the share of areas (or of `weights`) that kept their type.

    As in `transitions`, an area whose type is 0 or missing (NaN, None) in either year is left out, of the
    areas that are counted too; a missing weight is refused. NaN if no area is left.
    """
    n_types = as_whole_number(n_types, "n_types", least=1)
    old, new, weight = _read_types(before, after, weights, n_types)
    total = float(weight.sum())
    return float(weight[old == new].sum()) / total if total > 0 else float("nan")


def convergence(values: Any) -> float:
    """Return the SD of a value over areas, each counting once: it falls as areas grow alike (sigma).

    NaN values are left out; NaN with fewer than two areas.
    """
    known = as_measured(values, "values")
    known = known[~np.isnan(known)]
    return float(known.std()) if known.size > 1 else float("nan")


def _align(before: Counts, after: Counts) -> tuple[Floats, Floats]:
    """Return both tables with the same rows and columns."""
    first, second = as_good_table(before), as_good_table(after)
    if isinstance(before, pd.DataFrame) and isinstance(after, pd.DataFrame):
        for name, frame in (("before", before), ("after", after)):
            refuse_repeated(frame.index, name)
            refuse_repeated(frame.columns, name)
        check_meeting(before.index, after.index, "unit")
        check_meeting(before.columns, after.columns, "group")
        # a unit or group that only one of them has holds nobody in the other
        first, second = (frame.to_numpy(np.float64) for frame in before.align(after, fill_value=0))
    check_same_groups(first, second)
    if first.shape != second.shape:
        raise ValueError(f"both tables must list the same units: {first.shape[0]} and {second.shape[0]} rows")
    return first, second


def _read_types(before: Any, after: Any, weights: Any, n_types: int) -> tuple[Integers, Integers, Floats]:
    """Return the types before and after, and the weights, of the areas that have both."""
    given = {"before": before, "after": after} | ({} if weights is None else {"weights": weights})
    before, after, *weighing = match_units(**given)
    old, new = as_types(before, "before", n_types), as_types(after, "after", n_types)
    check_same_length(before=old, after=new)
    weight = as_people(weighing[0], "weights", old.size) if weighing else np.ones(old.size)
    typed = (old > 0) & (new > 0)
    return old[typed], new[typed], weight[typed]


def _shapley(a: Floats, b: Floats, m_a: float, m_b: float) -> tuple[float, float, float]:
    """Return the group, unit and structural parts of M(b) - M(a)."""
    tables = {name: np.where(t > 0, t, ALMOST_NOBODY * t[t > 0].min()) for name, t in (("A", a), ("B", b))}
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

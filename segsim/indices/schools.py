"""Schools against homes: the same children, by the zone they live in and by the school they attend."""

import math
from typing import Any, NamedTuple

import numpy as np

from segsim.indices.inputs.labels import (
    Values,
    as_labels,
    first_labelled,
    label_units,
    match_columns,
    match_units,
    name_cell,
)
from segsim.indices.inputs.numbers import (
    Floats,
    Integers,
    as_floats,
    as_measured,
    as_people,
    refuse_bad,
    refuse_infinite,
)
from segsim.indices.inputs.tables import Counts, as_table, check_same_groups
from segsim.kernels.indices import evenness as kernels
from segsim.kernels.indices.nearest_neighbours import nearest_places


class SchoolAndHome(NamedTuple):
    """Segregation of children by residence zone and by school, and what lies between; M in nats.

    M_joint = M_zone + M_school_given_zone = M_school + M_zone_given_school, hence
    excess_M = M_school - M_zone = M_school_given_zone - M_zone_given_school: sorting beyond residence less
    mixing within schools. Both are given because a zero excess can hide two large ones.
    """

    M_zone: float
    M_school: float
    M_joint: float
    M_school_given_zone: float
    M_zone_given_school: float
    excess_M: float  # noqa: N815
    H_zone: float
    H_school: float
    excess_H: float  # noqa: N815
    D_zone: float
    D_school: float
    excess_D: float  # noqa: N815
    V_zone: float
    V_school: float
    excess_V: float  # noqa: N815


def school_and_home(table: Any) -> SchoolAndHome:
    """Return school segregation beside the residential segregation of the same children.

    Parameters
    ----------
    table : array_like
        Children, zones x schools x groups; private schools and pupils from outside are kept as schools and
        zones of their own, or the excess is selection. `cross_table` makes it from one row per child.

    Returns
    -------
    SchoolAndHome
        M (nats), H, D and V (relative diversity R with several groups) by zone and by school, their
        difference, and the chain rule of M. Where zones and schools are of different number or size, compare
        values adjusted for chance instead. NaN as for each index.

    References
    ----------
    Chain rule: Theil (1971), Frankel and Volij (2011). Schools beside homes: Böhlmark, Holmlund and Lindahl
    (2015), IFAU 2015:5.
    """
    cells = as_floats(table, "table")
    if cells.ndim != 3:
        raise ValueError(f"table must be zones x schools x groups, not of shape {cells.shape}")
    refuse_bad(cells, "table")
    return compare_school_and_home(cells, cells.sum(axis=1), cells.sum(axis=0))


def compare_school_and_home(cells: Floats, zone: Floats, school: Floats) -> SchoolAndHome:
    """Return `school_and_home` of a table that has been added up by zone and by school already."""
    joint = kernels.mutual_information(cells.reshape(-1, cells.shape[2]))
    m_zone, m_school = kernels.mutual_information(zone), kernels.mutual_information(school)
    h_zone, h_school = kernels.theil(zone), kernels.theil(school)
    d_zone, d_school = kernels.dissimilarity(zone), kernels.dissimilarity(school)
    v_zone, v_school = kernels.relative_diversity(zone), kernels.relative_diversity(school)
    return SchoolAndHome(
        m_zone, m_school, joint,
        _conditional_information(joint, m_zone), _conditional_information(joint, m_school), m_school - m_zone,
        h_zone, h_school, h_school - h_zone,
        d_zone, d_school, d_school - d_zone,
        v_zone, v_school, v_school - v_zone,
    )  # fmt: skip


def cross_table(*labels: Any, weights: Any = None) -> tuple[Floats, list[list[Any]]]:
    """Count rows by their labels: one axis per label, sorted, and the labels of each axis.

    `weights` may hold what each row counts, 1 by default. Series are matched by their own labels.

    Examples
    --------
    >>> table, axes = cross_table(["a", "a", "b"], [1, 2, 2])
    >>> table
    array([[1., 1.],
           [0., 1.]])
    """
    if not labels:
        raise ValueError("give at least one sequence of labels")
    given = {f"labels {i}": label for i, label in enumerate(labels)}
    given |= {} if weights is None else {"weights": weights}
    given = dict(zip(given, match_units(**given), strict=True))
    weights = given.pop("weights", None)
    n = np.asarray(labels[0]).size
    coded = [as_labels(label, n, name) for name, label in given.items()]
    shape = [len(names) for _, names in coded]
    flat = np.ravel_multi_index([codes for codes, _ in coded], shape) if n else np.empty(0, np.int64)
    amounts = None if weights is None else as_people(weights, "weights", n)
    counts = np.bincount(flat, amounts, math.prod(shape)).astype(np.float64)
    return counts.reshape(shape), [names for _, names in coded]


def nearest_school(homes: Any, schools: Any) -> Values:
    """Return the row of the nearest school of each home by straight-line distance; the first of equals.

    Both are x and y per row, in the same unit. A school without coordinates (NaN) is nobody's nearest; every
    home needs them.
    """
    homes, schools = match_columns(homes=homes, schools=schools)
    home, school = as_floats(homes, "homes"), as_floats(schools, "schools")
    if home.ndim != 2 or school.ndim != 2 or home.shape[1] != 2 or school.shape[1] != 2 or not len(school):
        raise ValueError("homes and schools must each hold x and y per row, and there must be a school")
    if not np.isfinite(home).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(home))[0])
        raise ValueError(
            f"homes{name_cell(homes, where)} is {home[where]}; leave out homes without coordinates"
        )
    placed = np.flatnonzero(np.isfinite(school).all(axis=1))
    if not placed.size:
        raise ValueError("no school has coordinates; give at least one")
    return label_units(placed[nearest_places(home, school[placed])], homes)


class Counterfactual(NamedTuple):
    """School segregation as it is and as it would be if every child went to the assigned school."""

    actual: float
    assigned: float
    excess: float
    share_from_residence: float


def residence_counterfactual(actual: Counts, assigned: Counts, index: Any = None) -> Counterfactual:
    """Compare actual schools with every child in the assigned (nearest, catchment) school.

    Parameters
    ----------
    actual, assigned : array_like or DataFrame
        Children, schools x groups: as they go, and as they would.
    index : callable, optional
        Any index of a table; dissimilarity by default.

    Returns
    -------
    Counterfactual
        The index of both, actual - assigned, and assigned / actual: the share of school segregation that
        homes explain (NaN if schools are even).
    """
    actual, assigned = match_columns(actual=actual, assigned=assigned)
    as_is, would_be = as_table(actual), as_table(assigned)
    check_same_groups(as_is, would_be)
    measure = index if index is not None else kernels.dissimilarity
    if not callable(measure):
        raise ValueError(f"index must be a function of a table, such as indices.theil, not {index!r}")
    refuse_bad(as_is, "actual")
    refuse_bad(would_be, "assigned")
    now, then = float(measure(as_is)), float(measure(would_be))
    return Counterfactual(now, then, now - then, then / now if now > 0 else math.nan)


def between_share(values: Any, units: Any) -> float:
    """Return the share of the variance of a value that lies between units (schools), eta squared.

    sum_j t_j (mean_j - mean)^2 / sum_i (x_i - mean)^2, from 0 to 1; values that are NaN are left out. NaN if
    fewer than two remain or all are equal. Used for merit value and parental education (Kessel and Olme
    2018).
    """
    value, codes, n_units = _read_known(values, units)
    deviations = value - value.mean() if value.size else value
    total = float((deviations**2).sum())
    if value.size < 2 or not total > 0:
        return math.nan
    sizes = np.bincount(codes, minlength=n_units)
    sums = np.bincount(codes, deviations, n_units)
    present = sizes > 0
    return float((sums[present] ** 2 / sizes[present]).sum() / total)


def between_sd(values: Any, units: Any) -> float:
    """Return the SD between units (schools) of their mean, each weighted by its people; NaN with nobody.

    The spread of merit values between schools as Skolverket's files give it, in the unit of the values.
    """
    value, codes, n_units = _read_known(values, units)
    if not value.size:
        return math.nan
    sizes = np.bincount(codes, minlength=n_units)
    means = np.bincount(codes, value, n_units)[sizes > 0] / sizes[sizes > 0]
    return float(math.sqrt(np.average((means - value.mean()) ** 2, weights=sizes[sizes > 0])))


def value_added(results: Any, intake: Any, pupils: Any) -> Values:
    """Return by how much the mean result of each unit (school) lies above what its intake leads to expect.

    The residual of a regression of mean results on means of the intake, each unit weighted by its pupils, in
    the manner of Skolverket's SALSA (parents' education, share of boys, share of newcomers). It corrects for
    the intake that is measured, not for chance among few pupils, nor for peers that follow the intake.

    Parameters
    ----------
    results : array_like
        Mean result of each unit; NaN where not known.
    intake : array_like
        Units x properties of their pupils; NaN where not known.
    pupils : array_like
        Pupils of each unit.

    Returns
    -------
    float array, or Series with the labels of what was given
        In the unit of the results, of mean 0 over pupils. NaN where something is not known or nobody is, and
        for all if no more units are known than the regression has coefficients.

    Examples
    --------
    >>> value_added([200, 220, 240, 240], [[1.0], [2.0], [3.0], [2.0]], [50, 50, 50, 50]).round(6).tolist()
    [-5.0, -5.0, -5.0, 15.0]
    """
    like = first_labelled(results, intake, pupils)
    results, intake, pupils = match_units(results=results, intake=intake, pupils=pupils)
    result, properties = as_measured(results, "results"), as_floats(intake, "intake")
    weight = as_people(pupils, "pupils", result.size)
    if properties.ndim != 2 or len(properties) != result.size:
        raise ValueError(
            f"intake must be units x properties, for {result.size} units, not of shape {properties.shape}"
        )
    refuse_infinite(properties.ravel(), "intake")
    out = np.full(result.size, np.nan)
    known = np.isfinite(result) & np.isfinite(properties).all(axis=1) & (weight > 0)
    if known.sum() <= properties.shape[1] + 1:
        return label_units(out, like)
    # around the mean, or the constant and properties that hardly differ are one to the solver
    centre = np.average(properties[known], axis=0, weights=weight[known])
    columns = np.column_stack([np.ones(known.sum()), properties[known] - centre])
    root = np.sqrt(weight[known])
    coefficients = np.linalg.lstsq(columns * root[:, None], result[known] * root, rcond=None)[0]
    out[known] = result[known] - columns @ coefficients
    return label_units(out, like)


def league_table_error(shown: Any, true: Any) -> float:
    """Return the share of pairs of units (schools) that a league table puts in another order than is true.

    0 if it tells all pairs right, 1/2 if it tells nothing. Pairs alike in truth are left out, pairs alike in
    the table count as half wrong. NaN without a pair; units with a NaN are left out.

    Examples
    --------
    >>> league_table_error([210, 230, 220], [0.1, 0.2, 0.3])
    0.3333333333333333
    """
    shown, true = match_units(shown=shown, true=true)
    table, truth = as_measured(shown, "shown"), as_measured(true, "true")
    if table.size != truth.size:
        raise ValueError(f"shown holds {table.size} units, true {truth.size}; give the same")
    known = np.isfinite(table) & np.isfinite(truth)
    table, truth = table[known], truth[known]
    first, second = np.triu_indices(table.size, 1)
    order = np.sign(truth[first] - truth[second])
    told = np.sign(table[first] - table[second])
    differs = order != 0
    return float((1 - order * told)[differs].mean() / 2) if differs.any() else math.nan


def _read_known(values: Any, units: Any) -> tuple[Floats, Integers, int]:
    """Return the values that are known, the code of the unit of each, and how many units there are."""
    values, units = match_units(values=values, units=units)
    value = as_measured(values, "values")
    codes, labels = as_labels(units, value.size, "units")
    known = ~np.isnan(value)
    return value[known], codes[known], len(labels)


def _conditional_information(joint: float, part: float) -> float:
    """Return what is left of the joint information, without rounding below 0."""
    left = joint - part
    return 0.0 if -1e-12 < left < 0 else left


__all__ = [
    "Counterfactual",
    "SchoolAndHome",
    "between_sd",
    "between_share",
    "cross_table",
    "league_table_error",
    "nearest_school",
    "residence_counterfactual",
    "school_and_home",
    "value_added",
]

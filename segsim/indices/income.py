"""Income segregation over the whole distribution, without a poverty line.

The share of poor per area depends on the line drawn and on inequality itself; ranks do not.
"""

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np

from segsim.indices.inputs.labels import Values, as_labels, label_units, match_units, name_cell
from segsim.indices.inputs.numbers import Floats, as_flag, as_floats, as_whole_number
from segsim.indices.inputs.tables import Counts, as_good_table
from segsim.kernels.indices import rank_order as kernels


def rank_order_theil(incomes: Any, units: Any) -> float:
    """Return the exact rank-order information index H^R.

    Parameters
    ----------
    incomes : array_like
        One income per household; only their order matters.
    units : array_like
        The unit each household lives in, any labels. Two Series are matched by their own labels.

    Returns
    -------
    float
        H^R = 1 - sum_i w_i sum_j (t_j / T) f(p_ij) / sum_i w_i f(p_i) over the thresholds i between
        consecutive distinct incomes; p_i the share at or below, p_ij the same in unit j, w_i = (p_{i+1} -
        p_{i-1}) / 2, f the binary entropy. From 0 (every unit like the city) to 1 (one income per unit);
        NaN if all incomes are equal, 0 with one unit.

    References
    ----------
    Reardon and Bischoff (2011), AJS 116(4); Reardon (2011), Measures of income segregation.

    Examples
    --------
    >>> round(rank_order_theil([1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 1, 1, 1, 1]), 6)
    0.533233
    """
    return _rank_order(incomes, units, kernels.THEIL)


def rank_order_variance_ratio(incomes: Any, units: Any) -> float:
    """Return the exact rank-order variance ratio R^R: `rank_order_theil` with f = 4 p (1 - p).

    With distinct incomes 1 - sum_j (t_j / T) MD_j / MD, MD the mean absolute difference of ranks over
    ordered pairs with replacement. From 0 to 1; NaN if all incomes are equal.
    """
    return _rank_order(incomes, units, kernels.VARIANCE)


def income_classes(incomes: Any, n: int = 20) -> Values:
    """Return the class 0 .. n - 1 of each income: n classes of equal size, equal incomes always together.

    Class k holds the incomes whose share at or below is over k / n and at most (k + 1) / n.
    """
    values = _incomes(incomes)
    classes = np.searchsorted(class_edges(values, n), values, side="left").astype(np.int64)
    return label_units(classes, incomes)


def class_edges(incomes: Any, n: int = 20) -> Floats:
    """Return the largest income of classes 0 .. n - 2 of `income_classes`; -inf if none is so low."""
    n = as_whole_number(n, "the number of income classes", least=2)
    ordered = np.sort(_incomes(incomes))
    size = ordered.size
    if not size:
        raise ValueError("incomes is empty: classes of equal size need the income of at least one household")
    last = np.array([size * k // n - 1 for k in range(1, n)])
    following = ordered[np.minimum(last + 1, size - 1)]
    cut = np.where(following > ordered[last], last, np.searchsorted(ordered, following) - 1)
    return np.where(cut >= 0, ordered[cut], -np.inf).astype(np.float64)


def ordinal_theil(counts: Counts) -> float:
    """Return H over ordered classes: H^R of incomes known only by class.

    Parameters
    ----------
    counts : array_like or DataFrame
        Households, units x classes, the classes in order.

    Returns
    -------
    float
        Lambda_1 = 1 - sum_k sum_j t_j f(c_jk) / (T sum_k f(c_k)), c the share in class k or lower and f the
        binary entropy. From 0 to 1; NaN if one class holds everybody. Over 20 quantile classes within about
        .005 of `rank_order_theil`. Source: Reardon (2009), Occupational and Residential Segregation.
    """
    return float(kernels.ordinal(as_good_table(counts), kernels.THEIL))


def ordinal_variance_ratio(counts: Counts) -> float:
    """Return R over ordered classes: `ordinal_theil` with f = 4 c (1 - c)."""
    return float(kernels.ordinal(as_good_table(counts), kernels.VARIANCE))


def rank_order_theil_polynomial(counts: Counts, weighted: bool = True, order: int = 4) -> float:
    """Return H^R of binned incomes by Reardon and Bischoff's (2011) polynomial, as published for the US.

    H at the thresholds is fitted on powers 0 .. order of the share below, with weights E(p)^2 (or unweighted,
    as OasisR does); H^R = sum_m beta_m delta_m with
    delta_m = 2 / (m + 2)^2 + 2 sum_n (-1)^(m - n) C(m, n) / (m - n + 2)^2. NaN if fewer thresholds than
    coefficients separate anybody.
    """

    def delta(m: int) -> float:
        terms = (float((-1) ** (m - n) * comb(m, n) / (m - n + 2) ** 2) for n in range(m + 1))
        return 2 / (m + 2) ** 2 + 2 * sum(terms)

    return _polynomial(counts, kernels.THEIL, weighted, order, delta)


def rank_order_variance_ratio_polynomial(counts: Counts, weighted: bool = False, order: int = 4) -> float:
    """Return R^R of binned incomes by a polynomial: weights 6 / ((m + 2)(m + 3)) in place of delta_m.

    With `weighted` the fit weighs each threshold by (4 p (1 - p))^2.
    """
    return _polynomial(counts, kernels.VARIANCE, weighted, order, lambda m: 6 / ((m + 2) * (m + 3)))


def _rank_order(incomes: Any, units: Any, kind: int) -> float:
    """Sort the households and walk the threshold over them."""
    incomes, units = match_units(incomes=incomes, units=units)
    values = _incomes(incomes)
    codes, labels = as_labels(units, values.size, "units")
    order = np.argsort(values, kind="stable")
    return float(kernels.rank_order(values, order, codes, len(labels), kind))


def _incomes(incomes: Any) -> Floats:
    """Return incomes as a finite vector."""
    values = as_floats(incomes, "incomes")
    if values.ndim != 1:
        raise ValueError(f"incomes must be one number per household, not of shape {values.shape}")
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        place = name_cell(incomes, (int(bad[0]),))
        raise ValueError(f"incomes{place} is {values[bad[0]]}; leave out households without an income")
    return values


def _polynomial(
    counts: Counts, kind: int, weighted: bool, order: int, delta: Callable[[int], float]
) -> float:
    """Fit the index over the thresholds and integrate the polynomial in closed form, `delta` by power."""
    order, weighted = as_whole_number(order, "order", least=0), as_flag(weighted, "weighted")
    share, spread, index = kernels.threshold_profile(as_good_table(counts), kind)
    usable = np.isfinite(index)
    if usable.sum() <= order:
        return float("nan")
    weight = spread[usable] if weighted else np.ones(int(usable.sum()))
    powers = np.vander(share[usable], order + 1, increasing=True)
    beta = np.linalg.lstsq(powers * weight[:, None], index[usable] * weight, rcond=None)[0]
    return float(beta @ [delta(m) for m in range(order + 1)])


__all__ = [
    "income_classes",
    "ordinal_theil",
    "ordinal_variance_ratio",
    "rank_order_theil",
    "rank_order_theil_polynomial",
    "rank_order_variance_ratio",
    "rank_order_variance_ratio_polynomial",
]

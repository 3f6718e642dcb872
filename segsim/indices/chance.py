"""Chance: what a random allocation would give, and indices with that taken away.

Small units are never even: with classes of 5 to 15 and a minority of 20 %, D of a random allocation is .32.
The expectations here hold both margins fixed (hypergeometric), so they are exact for any sizes of units.
Compare raw indices only between cities with the same units; otherwise compare adjusted ones.
"""

import math
from typing import Any

import numpy as np

from segsim.indices.inputs.labels import Values, label_groups, label_units, match_units
from segsim.indices.inputs.numbers import as_floats, check_choice
from segsim.indices.inputs.tables import Counts, as_whole_table
from segsim.kernels.indices import chance as kernels
from segsim.kernels.indices.margins import margins, n_present, pair_with_rest

LOGS = np.append(0.0, np.log(np.arange(1.0, 8192.0)))
"""ln n for n up to 8 191."""
_ROUNDING = 1e-9


def expected_dissimilarity(counts: Counts, law: str = "hypergeometric") -> float:
    """Return E[D] of a random allocation with the same units and groups.

    Parameters
    ----------
    counts : array_like or DataFrame
        People in whole numbers, units x groups; only its margins matter.
    law : {"hypergeometric", "binomial"}
        Exact with both margins fixed, or the binomial of Winship (1977) and Carrington and Troske (1997),
        which is slightly larger.

    Returns
    -------
    float
        From 0 to 1; NaN with fewer than two groups. The mean absolute deviation of the two laws has a closed
        form (De Moivre; Diaconis and Zabell 1991, Statistical Science 6(3)), so no unit is too large for it.

    Examples
    --------
    >>> round(expected_dissimilarity([[5, 5], [4, 6], [3, 7], [7, 3], [6, 4]]), 6)
    0.219838
    """
    check_choice(law, ("hypergeometric", "binomial"), "law")
    return float(kernels.expected_dissimilarity(as_whole_table(counts), law == "binomial"))


def expected_dissimilarity_vs_rest(counts: Counts) -> Values:
    """Return E[D] of each group against everybody else; NaN for an absent group."""
    table = as_whole_table(counts)
    each = [kernels.expected_dissimilarity(pair_with_rest(table, k), False) for k in range(table.shape[1])]
    return label_groups(np.array(each), counts)


def expected_mutual_information(counts: Counts) -> float:
    """Return E[M] of a random allocation with the same margins, exactly, in nats; NaN when nobody is there.

    E[M] = (1/T) sum_jk E[n ln(n T / (t_j N_k))], n hypergeometric. Source: Vinh, Epps and Bailey (2010),
    JMLR 11.
    """
    return float(kernels.expected_mutual_information(as_whole_table(counts), LOGS))


def expected_theil(counts: Counts) -> float:
    """Return E[H] = E[M] / E of a random allocation with the same margins; NaN with fewer than two groups."""
    return float(kernels.expected_theil(as_whole_table(counts), LOGS))


def approximate_mutual_information(counts: Counts) -> float:
    """Return (J' - 1)(K' - 1) / (2 T), Miller and Madow's approximation of E[M] in nats; NaN with nobody."""
    units, groups, total = margins(as_whole_table(counts))
    return (n_present(units) - 1) * (n_present(groups) - 1) / (2.0 * total) if total > 0 else math.nan


def expected_relative_diversity(counts: Counts) -> float:
    """Return E[R] = E[V] = (J' - 1) / (T - 1), exact for any sizes of groups and units.

    NaN with fewer than two groups.
    """
    units, groups, total = margins(as_whole_table(counts))
    return (n_present(units) - 1) / (total - 1.0) if n_present(groups) > 1 else math.nan


def expected_separation_without_self(counts: Counts) -> float:
    """Return E[S'] = -1 / (T - 1) of `separation_without_self`; NaN with fewer than two people."""
    _, _, total = margins(as_whole_table(counts))
    return -1.0 / (total - 1.0) if total > 1 else math.nan


def adjusted(value: Any, expected: Any) -> Any:
    """Return an index with chance taken away (Carrington and Troske 1997).

    (S - S*) / (1 - S*) where S >= S*, else (S - S*) / S*: 1 is complete separation, 0 what chance gives, -1
    perfectly even. NaN where the expectation is 1 (units of one person). The same for D, H, V and R, each
    from 0 to 1. Arrays are adjusted one by one, Series by their labels.

    Examples
    --------
    >>> round(adjusted(0.5, 0.2), 3)
    0.375
    """
    if isinstance(value, float) and isinstance(expected, float):
        return _adjust(value, expected)
    value, expected = match_units(value=value, expected=expected)
    values, chances = np.broadcast_arrays(as_floats(value, "value"), as_floats(expected, "expected"))
    each = np.array([_adjust(v, e) for v, e in zip(values.flat, chances.flat, strict=True)])
    if np.ndim(value) == 0 and np.ndim(expected) == 0:
        return float(each[0])
    return label_units(each.reshape(values.shape), value if np.ndim(value) else expected)


def _adjust(value: float, expected: float) -> float:
    """Return one index with chance taken away."""
    if math.isnan(value) or math.isnan(expected):
        return math.nan
    for number in (value, expected):
        if not -_ROUNDING <= number <= 1.0 + _ROUNDING:
            raise ValueError(f"an index and its expectation lie between 0 and 1, not at {number} (per cent?)")
    if expected >= 1.0:
        return math.nan
    if value >= expected:
        return (value - expected) / (1.0 - expected)
    return (value - expected) / expected


__all__ = [
    "adjusted",
    "approximate_mutual_information",
    "expected_dissimilarity",
    "expected_dissimilarity_vs_rest",
    "expected_mutual_information",
    "expected_relative_diversity",
    "expected_separation_without_self",
    "expected_theil",
]

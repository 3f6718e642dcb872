"""Judging many differences at once, so that the more one looks the less one finds by chance."""

import numpy as np
from scipy import stats

from segsim.comparison.inference import RESAMPLES, flip_share, flips
from segsim.tables import Array


def holm(p: Array) -> Array:
    """Return p values adjusted by Holm's step-down method (family-wise error); NaN stays NaN."""
    return _adjust_known(p, _holm)


def benjamini_hochberg(p: Array) -> Array:
    """Return p values adjusted for the false discovery rate (Benjamini and Hochberg 1995); NaN stays NaN."""
    return _adjust_known(p, lambda known: stats.false_discovery_control(known, method="bh"))


def _adjust_known(p: Array, method: "object") -> Array:
    """Adjust the p values that are known."""
    values = np.asarray(p, float)
    known = np.isfinite(values)
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise ValueError("p values must lie between 0 and 1")
    out = np.full(values.shape, np.nan)
    if known.any():
        out[known] = method(values[known])  # type: ignore[operator]
    return out


def _holm(p: Array) -> Array:
    """Return the running maximum of p (m - rank), in the order of the p values."""
    order = np.argsort(p, kind="stable")
    steps = p[order] * (p.size - np.arange(p.size))
    out = np.empty(p.size)
    out[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return out


def sign_flip_max_t(differences: Array, resamples: int = RESAMPLES, seed: int = 1) -> Array:
    """Return p values of several differences by a joint sign-flip test with the largest |t| (single step).

    Every flip turns the same seeds in all columns, so that correlated indices do not pay twice as under Holm.

    Parameters
    ----------
    differences : array
        One row per seed, one column per comparison; NaN where a seed has no value, which costs that column
        the seed and no other.
    resamples, seed : int
        Random flips beyond 16 seeds, and their seed.

    Returns
    -------
    array
        Family-wise adjusted p per column; 1 for a column of zeros, NaN for one with fewer than two values.
    """
    d = np.asarray(differences, float)
    if d.ndim != 2:
        raise ValueError(
            f"differences must have seeds as rows and comparisons as columns; shape is {d.shape}"
        )
    judged = np.isfinite(d).sum(axis=0) > 1
    out = np.full(d.shape[1], np.nan)
    if judged.any():
        used = np.isfinite(d[:, judged]).any(axis=1)
        out[judged] = _max_t(d[np.ix_(used, judged)], resamples, seed)
    return out


def _max_t(d: Array, resamples: int, seed: int) -> Array:
    """Return the adjusted p of columns with two or more values each."""
    n = d.shape[0]
    observed = _t(np.ones((1, n)), d)[0]
    largest = np.concatenate([_t(part, d).max(axis=1) for part in _pieces(flips(n, resamples, seed))])
    return np.array([flip_share(t, largest, n) for t in observed])


def _t(signs: Array, d: Array) -> Array:
    """Return |t| of every column under every pattern of signs: the sum of squares is the same under all.

    A column has the degrees of freedom of its own seeds. Spreads below a millionth of the values are rounding
    and count as that much.
    """
    known = np.isfinite(d)
    n, filled = known.sum(axis=0), np.where(known, d, 0.0)
    means, squares = signs @ filled / n, (filled**2).sum(axis=0)
    rest = np.maximum(squares - n * means**2, 1e-12 * squares)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(means) * np.sqrt(n * (n - 1) / rest)
    return np.where(squares > 0, t, 0.0)


def _pieces(signs: Array, rows: int = 4096) -> list[Array]:
    """Divide sign patterns into pieces that fit in memory beside many comparisons."""
    return [signs[i : i + rows] for i in range(0, len(signs), rows)]

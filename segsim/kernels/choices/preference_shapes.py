"""What a share is worth: the preference shapes of the literature, from a share to a utility."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import Array

EPS = 1e-9  # a share of 3/10 must meet a threshold of .3 whatever the rounding


class PreferenceShape(IntEnum):
    """How utility depends on a share x; the parameters a, b, c are named in `preference`."""

    THRESHOLD = 0
    LINEAR = 1
    SINGLE_PEAKED = 2
    STAIRS = 3
    ROUNDED_THRESHOLD = 4
    CLIFF = 5
    POINTS = 6
    OWN = 7


@kernel
def threshold(x: float, at: float, below: float) -> float:
    """Return 1 from `at` upwards and `below` under it (Schelling 1971)."""
    return 1.0 if x >= at - EPS else below


@kernel
def rounded_threshold(like: float, everyone: float, at: float, below: float) -> float:
    """Return 1 if `like` of `everyone` is at least the share `at` rounded to whole people, a half upwards."""
    # EPS lets .5 of 3 people be 2 whatever the rounding
    return 1.0 if like >= np.floor(at * everyone + 0.5 + EPS) else below


@kernel
def single_peaked(x: float, f: float, M: float, low: float) -> float:
    """Return V(x; f, M): `low` at 0, 1 at the peak f, M at 1, straight between them.

    V = low + (1 - low) x / f for x <= f, else M + (1 - x)(1 - M) / (1 - f). With low = 0 it is the utility
    of Zhang 2004, Grauwin et al. 2009, Stoica and Flache 2014; with M = 1 it is min(x, f) / f of Hatna and
    Benenson 2012; with low > 0 or M > 0 the two flanks differ (asymmetric peak).
    """
    if x <= f:
        return low + (1.0 - low) * x / f if f > 0.0 else 1.0
    return M + (1.0 - x) * (1.0 - M) / (1.0 - f) if f < 1.0 else 1.0


@kernel
def cliff(x: float, f: float, M: float, low: float, past: float) -> float:
    """Return `single_peaked` with a cliff: just past the peak f it falls to `past`, from there straight to M.

    Such are the peaked utilities of Pancs and Vriend (2007); past = 1 is no cliff.
    """
    if x <= f + EPS:
        return single_peaked(min(x, f), f, M, low)
    return M + (1.0 - x) * (past - M) / (1.0 - f)


@kernel
def stairs(x: float, steps: float) -> float:
    """Return x rounded down to a multiple of 1 / steps (Bruch and Mare 2006)."""
    return float(np.floor(x * steps + EPS) / steps)


@kernel
def between_points(x: float, points: Array, start: int) -> float:
    """Return what a table of points says of `x`: on a straight line between two, at an end beyond it.

    At `start` stands how many there are, then where they lie, rising, and then what each is worth. Of two
    points at one place the first holds there, and the second from there on.
    """
    n = int(points[start])
    first, worth = start + 1, start + 1 + n
    i = 0
    while i < n and x > points[first + i] + EPS:
        i += 1
    if i == 0 or i == n:
        return float(points[worth + min(i, n - 1)])
    low, high = points[first + i - 1], points[first + i]
    part = min(max((x - low) / (high - low), 0.0), 1.0)
    return float(points[worth + i - 1] + part * (points[worth + i] - points[worth + i - 1]))


@kernel
def values_between_points(x: Array, points: Array) -> Array:
    """Return what a table of points says of each of an array, of two dimensions."""
    out = np.empty(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = between_points(x[i, j], points, 0)
    return out


def pack_points(points: Sequence[tuple[float, float]]) -> Array:
    """Return a table of points as `between_points` reads it."""
    return np.concatenate(([float(len(points))], np.ravel(np.transpose(points)))) if points else np.zeros(1)


@kernel
def preference(shape: int, x: float, a: float, b: float, c: float) -> float:
    """Return the utility of a share.

    Parameters
    ----------
    shape : int
        A `PreferenceShape`.
    x : float
        Share of like households or pupils, 0 to 1 (or their number, for a threshold in numbers).
    a, b, c : float
        Threshold: where, and the value below it. Single-peaked: peak f, value M at 1, value at 0.
        Stairs: number of steps.
    """
    if shape == PreferenceShape.THRESHOLD:
        return threshold(x, a, b)
    if shape == PreferenceShape.SINGLE_PEAKED:
        return single_peaked(x, a, b, c)
    if shape == PreferenceShape.STAIRS:
        return stairs(x, a)
    return x


@kernel
def preferences(shape: int, x: Array, a: float, b: float, c: float) -> Array:
    """Return the utility of each share of an array; the curve V(x) of a figure."""
    out = np.empty(x.size)
    for i in range(x.size):
        out[i] = preference(shape, x[i], a, b, c)
    return out


@kernel
def linear_mix(composition: float, nearness: float, weight: float) -> float:
    """Return weight * composition + (1 - weight) * nearness (Michailidis et al. 2024)."""
    return weight * composition + (1.0 - weight) * nearness


@kernel
def cobb_douglas(composition: float, nearness: float, weight: float) -> float:
    """Return composition ** weight * nearness ** (1 - weight) (Sage and Flache 2021); 0 ** 0 is 1."""
    # said outright, for what weighs nothing must not decide, whatever 0 to the power of 0 is
    first = 1.0 if weight == 0.0 else composition**weight
    second = 1.0 if weight == 1.0 else nearness ** (1.0 - weight)
    return first * second

"""Choosing among seen alternatives: the best with ties broken evenly, logit, or a rule of one's own."""

import numpy as np

from segsim.kernels.compile import part
from segsim.kernels.own_functions import FAILED, call_rule
from segsim.kernels.preference_shapes import EPS
from segsim.tables import Array, Whole


@part
def choose_best(value: Array, n: Whole, u: float) -> Whole:
    """Return the place of the largest of the first `n` values; `u` on [0, 1) breaks ties evenly."""
    top = value[0]
    for i in range(1, n):
        top = max(top, value[i])
    ties = 0
    for i in range(n):
        ties += value[i] >= top - EPS
    # ties are counted and then walked again: one draw, whatever their number, and no list
    left = np.int64(u * ties)
    for i in range(n):
        if value[i] >= top - EPS:
            if left == 0:
                return i
            left -= 1
    return n - 1


@part
def choose_by_own_rule(address: Whole, value: Array, n: Whole, staying: float, u: float) -> Whole:
    """Return the place that an own rule chooses of the first `n` values, -1 to stay, FAILED for any other."""
    at: Whole = call_rule(address, value.ctypes.data, n, staying, u)
    return at if -1 <= at < n else np.int64(FAILED)


@part
def choose_logit(value: Array, n: Whole, beta: float, u: float) -> Whole:
    """Return a place drawn with probability proportional to exp(beta * value), by inversion of `u`.

    The same distribution as value plus Gumbel noise of scale 1 / beta, largest wins, for one draw in place
    of n. The largest value is taken out first, so that no beta overflows. `value` is not changed.
    """
    top = value[0]
    for i in range(1, n):
        top = max(top, value[i])
    total = 0.0
    for i in range(n):
        total += np.exp(beta * (value[i] - top))
    # summed once more rather than kept, so that `value` stays as it was
    left = u * total
    for i in range(n):
        left -= np.exp(beta * (value[i] - top))
        if left < 0.0:
            return i
    return n - 1

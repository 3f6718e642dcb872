"""Tastes: what each household's surroundings on the board are worth to it, and what they are on the whole."""

from enum import IntEnum
from typing import NamedTuple

from segsim.kernels.board import like_and_all, places_around
from segsim.kernels.compile import kernel
from segsim.kernels.utility import EPS, preference
from segsim.tables import NONE, Array


class Demand(IntEnum):
    """What the like neighbours are measured against."""

    OCCUPIED = 0  # share of those who live there
    PLACES = 1  # share of all squares: a vacancy counts against
    COUNT = 2  # their number


class Tastes(NamedTuple):
    """One row per taste, one column per trait; utility is the weighted sum over traits."""

    of: Array  # int32 per household row: its taste
    shape: Array  # int8: a Shape
    demand: Array  # int8: a Demand
    weight: Array  # float64
    a: Array  # float64: parameters of the shape
    b: Array
    c: Array
    if_empty: Array  # float64: utility where nobody lives around
    content: Array  # float64 per taste: utility from which a household is satisfied
    constant: Array  # float64 per area: utility of living there whoever lives there; NaN where it depends


@kernel
def utility_at(board, ground, tastes, h, position):
    """Return the utility household `h` would have at a position, everyone else staying where they are."""
    if tastes.constant.size > 0:
        fixed = tastes.constant[ground.unit[position]]
        if fixed == fixed:
            return fixed
    taste, kind, home = tastes.of[h], board.kind[h], board.home[h]
    total = 0.0
    for trait in range(ground.trait_column.shape[0]):
        weight = tastes.weight[taste, trait]
        if weight != 0.0:
            like, everyone = like_and_all(board, ground, kind, trait, position, home)
            demand = tastes.demand[taste, trait]
            if everyone <= EPS and demand == Demand.OCCUPIED:
                total += weight * tastes.if_empty[taste, trait]
            else:
                x = like
                if demand == Demand.OCCUPIED:
                    x = like / everyone
                elif demand == Demand.PLACES:
                    x = like / places_around(ground, position)
                shape = tastes.shape[taste, trait]
                a, b, c = tastes.a[taste, trait], tastes.b[taste, trait], tastes.c[taste, trait]
                total += weight * preference(shape, x, a, b, c)
    return total


@kernel
def is_satisfied(board, ground, tastes, h):
    """Tell whether a household is satisfied where it lives."""
    level = tastes.content[tastes.of[h]]
    return utility_at(board, ground, tastes, h, board.home[h]) >= level - EPS


class Surroundings(NamedTuple):
    """The board in a few numbers; neighbours never include the household itself."""

    households: int
    satisfied: int
    utility: float  # sum over households
    with_neighbours: int
    own_share: float  # sum over households with neighbours of the share alike
    like_pairs: int  # sum over households of like neighbours
    pairs: int  # sum over households of neighbours
    only_like: int  # households that have neighbours, none of them unlike


@kernel
def surroundings(board, ground, tastes, trait):
    """Return how households live on the whole, likeness taken by one trait."""
    n = satisfied = with_neighbours = only_like = 0
    utility = own_share = like_pairs = pairs = 0.0
    for h in range(board.home.size):
        home = board.home[h]
        if home != NONE:
            n += 1
            value = utility_at(board, ground, tastes, h, home)
            utility += value
            satisfied += value >= tastes.content[tastes.of[h]] - EPS
            like, everyone = like_and_all(board, ground, board.kind[h], trait, home, home)
            like -= ground.counts_self
            everyone -= ground.counts_self
            if everyone > EPS:
                with_neighbours += 1
                own_share += like / everyone
                like_pairs += like
                pairs += everyone
                only_like += like >= everyone - EPS
    return Surroundings(n, satisfied, utility, with_neighbours, own_share, like_pairs, pairs, only_like)

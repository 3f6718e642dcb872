"""Tastes: what each household's surroundings on the board are worth to it, and what they are on the whole.

A taste is a row of `wants`: the utility from which its household is satisfied, then for each trait seven
numbers, named below. Utility is the sum over traits of weight times the worth of the share alike.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.board.layout import (
    AREA,
    COUNTS_SELF,
    ELSEWHERE,
    ELSEWHERE_UTILITY,
    HOME,
    KIND,
    N_TRAITS,
    TASTE,
)
from segsim.kernels.board.occupancy import like_and_all, places_around
from segsim.kernels.compile import kernel, lean, part
from segsim.kernels.preference_shapes import EPS, PreferenceShape, preference, rounded_threshold
from segsim.tables import NONE

CONTENT = 0  # utility from which a household is satisfied
FIRST_TRAIT = 1
WEIGHT, IF_EMPTY, SHAPE, DEMAND, A, B, C = 0, 1, 2, 3, 4, 5, 6
PER_TRAIT = 7


class Demand(IntEnum):
    """What the like neighbours are measured against."""

    OCCUPIED = 0  # share of those who live there
    PLACES = 1  # share of all squares: a vacancy counts against
    COUNT = 2  # their number


@kernel
def worth(wants, taste, trait, like, everyone, places):
    """Return weight times what so many like among so many people on so many places are worth by one trait."""
    at = FIRST_TRAIT + trait * PER_TRAIT
    demand = np.int64(wants[taste, at + DEMAND])
    whole = everyone if demand == Demand.OCCUPIED else places if demand == Demand.PLACES else 1.0
    if demand == Demand.OCCUPIED and everyone <= EPS:
        return wants[taste, at + WEIGHT] * wants[taste, at + IF_EMPTY]
    shape = np.int64(wants[taste, at + SHAPE])
    if shape == PreferenceShape.ROUNDED_THRESHOLD:
        value = rounded_threshold(like, whole, wants[taste, at + A], wants[taste, at + B])
    else:
        x = like / whole if whole > 0.0 else 0.0
        value = preference(shape, x, wants[taste, at + A], wants[taste, at + B], wants[taste, at + C])
    return wants[taste, at + WEIGHT] * value


@part
def utility_at(board, h, position):
    """Return the utility household `h` would have at a position, everyone else staying where they are."""
    lay = board.lay
    if lay[ELSEWHERE] != NONE and board.spot[position, AREA] == lay[ELSEWHERE]:
        return board.real[ELSEWHERE_UTILITY]
    home, kind, taste = board.who[h, HOME], board.who[h, KIND], board.who[h, TASTE]
    places = places_around(board, position)
    total = 0.0
    for trait in range(lay[N_TRAITS]):
        if board.wants[taste, FIRST_TRAIT + trait * PER_TRAIT + WEIGHT] != 0.0:
            like, everyone = like_and_all(board, kind, trait, position, np.int64(home))
            total += worth(board.wants, taste, trait, like, everyone, places)
    return total


@part
def level_of(board, h):
    """Return the utility from which a household is satisfied."""
    return board.wants[board.who[h, TASTE], CONTENT] - EPS


@part
def is_satisfied(board, h):
    """Tell whether a household is satisfied where it lives."""
    return utility_at(board, h, np.int64(board.who[h, HOME])) >= level_of(board, h)


class BoardSurroundings(NamedTuple):
    """The board in a few numbers; neighbours never include the household itself."""

    households: int
    satisfied: int
    utility: float  # sum over households
    with_neighbours: int
    own_share: float  # sum over households with neighbours of the share alike
    like_pairs: float  # sum over households of like neighbours
    pairs: float  # sum over households of neighbours
    only_like: int  # households that have neighbours, none of them unlike


@lean
def surroundings(board, trait):
    """Return how households live on the whole, likeness taken by one trait."""
    n = satisfied = with_neighbours = only_like = np.int64(0)
    utility = own_share = like_pairs = pairs = 0.0
    self_counted = np.float64(board.lay[COUNTS_SELF] > 0)
    for h in range(board.who.shape[0]):
        home = np.int64(board.who[h, HOME])
        if home != NONE:
            n += 1
            value = utility_at(board, h, home)
            utility += value
            satisfied += value >= level_of(board, h)
            like, everyone = like_and_all(board, board.who[h, KIND], trait, home, home)
            like, everyone = like - self_counted, everyone - self_counted
            if everyone > EPS:
                with_neighbours += 1
                own_share += like / everyone
                like_pairs += like
                pairs += everyone
                only_like += like >= everyone - EPS
    return n, satisfied, utility, with_neighbours, own_share, like_pairs, pairs, only_like

"""What each household's surroundings on the board are worth to it, and what they are on the whole.

A taste is a row of `wants`, one record per trait. Utility is the sum over traits of weight times the worth of
the share alike.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.board.layout import SelfCounting
from segsim.kernels.board.market import worth_on_market
from segsim.kernels.board.occupancy import Board, like_and_all, places_around
from segsim.kernels.choices.own_functions import call_utility
from segsim.kernels.choices.preference_shapes import (
    EPS,
    PreferenceShape,
    between_points,
    cliff,
    preference,
    rounded_threshold,
)
from segsim.kernels.compile import lean, part
from segsim.tables import NONE, Array, Whole


class Demand(IntEnum):
    """What the like neighbours are measured against."""

    OCCUPIED = 0  # share of those who live there
    PLACES = 1  # share of all squares: a vacancy counts against
    COUNT = 2  # their number


@part
def worth(want: np.record, curves: Array, like: float, everyone: float, places: float) -> float:
    """Return weight times what so many like among so many people on so many places are worth by one trait.

    Where an own function gives no number, the first four of `curves` tell: 1, and what it was asked.
    """
    demand, shape = want.demand, want.preference
    whole = everyone if demand == Demand.OCCUPIED else places if demand == Demand.PLACES else 1.0
    if demand == Demand.OCCUPIED and everyone <= EPS:
        return float(want.weight * want.if_empty)
    if shape == PreferenceShape.OWN:
        value: float = call_utility(want.at, like, everyone, places)
        if not np.isfinite(value):
            curves[0], curves[1], curves[2], curves[3] = 1.0, like, everyone, places
    elif shape == PreferenceShape.ROUNDED_THRESHOLD:
        value = rounded_threshold(like, whole, want.a, want.b)
    else:
        x = like / whole if whole > 0.0 else 0.0
        if shape == PreferenceShape.CLIFF:
            value = cliff(x, want.a, want.b, want.c, want.d)
        elif shape == PreferenceShape.POINTS:
            value = between_points(x, curves, want.at)
        else:
            value = preference(shape, x, want.a, want.b, want.c)
    return float(want.weight * value)


@part
def utility_at(board: Board, h: Whole, position: Whole) -> float:
    """Return the utility household `h` would have at a position, everyone else staying where they are."""
    ground = board.ground
    if ground.elsewhere != NONE and board.spot[position].area == ground.elsewhere:
        return float(ground.elsewhere_utility)
    home, group, taste = board.who[h].home, board.who[h].group, board.who[h].taste
    places = places_around(board, position)
    total = 0.0
    for trait in range(ground.n_traits):
        # a taste that looks at one of several traits is spared the counting of the others
        if board.wants[taste, trait].weight != 0.0:
            like, everyone = like_and_all(board, group, trait, position, np.int64(home))
            total += worth(board.wants[taste, trait], board.numbers, like, everyone, places)
    if ground.has_market:
        total += worth_on_market(board, h, position)
    return total


@part
def satisfaction_level(board: Board) -> float:
    """Return the utility from which a household is satisfied, whatever the rounding of shares."""
    return float(board.ground.satisfied_at - EPS)


@part
def is_satisfied(board: Board, h: Whole) -> bool:
    """Tell whether a household is satisfied where it lives."""
    return utility_at(board, h, np.int64(board.who[h].home)) >= satisfaction_level(board)


@lean
def tabulate_unsatisfied(
    want: np.record, curves: Array, group: int, satisfied_at: float, n_around: int, own: int, out: Array
) -> None:
    """Mark the pairs of counts, first + 256 * second, at which a household of a group is unsatisfied.

    `own` is 1 if a household counts itself.
    """
    places = np.float64(n_around + own)
    for first in range(n_around + 1):
        for second in range(n_around + 1 - first):
            like = np.float64((first if group == 0 else second) + own)
            value = worth(want, curves, like, np.float64(first + second + own), places)
            out[first + 256 * second] = value < satisfied_at - EPS


class BoardSurroundings(NamedTuple):
    """The board in a few numbers; neighbours never include the household itself."""

    households: Whole
    satisfied: Whole
    utility: float  # sum over households
    with_neighbours: Whole
    own_share: float  # sum over households with neighbours of the share alike
    like_pairs: float  # sum over households of like neighbours
    pairs: float  # sum over households of neighbours
    only_like: Whole  # households that have neighbours, none of them unlike


@lean
def surroundings(board: Board, trait: int) -> tuple[Whole, Whole, float, Whole, float, float, float, Whole]:
    """Return how households live on the whole, likeness taken by one trait."""
    n = satisfied = with_neighbours = only_like = np.int64(0)
    utility = own_share = like_pairs = pairs = 0.0
    self_counted = np.float64(board.ground.counts_self != SelfCounting.NEVER)
    level = satisfaction_level(board)
    for h in range(board.who.shape[0]):
        home = np.int64(board.who[h].home)
        if home != NONE:
            n += 1
            value = utility_at(board, h, home)
            utility += value
            satisfied += value >= level
            like, everyone = like_and_all(board, board.who[h].group, trait, home, home)
            like, everyone = like - self_counted, everyone - self_counted
            if everyone > EPS:
                with_neighbours += 1
                own_share += like / everyone
                like_pairs += like
                pairs += everyone
                only_like += like >= everyone - EPS
    return n, satisfied, utility, with_neighbours, own_share, like_pairs, pairs, only_like


class Neighbours(NamedTuple):
    """Households of a board by group, and whom they live among; nobody is a neighbour of his own."""

    households: Array
    unsatisfied: Array
    with_neighbours: Array
    met: Array  # groups x groups: sum over those with neighbours of the share of the second group among them


@lean
def mark_unsatisfied(board: Board, out: Array) -> None:
    """Mark the households that live somewhere and are not satisfied there."""
    for h in range(board.who.shape[0]):
        out[h] = np.int64(board.who[h].home) != NONE and not is_satisfied(board, h)


@lean
def count_neighbours(
    board: Board, households: Array, unsatisfied: Array, with_neighbours: Array, met: Array
) -> None:
    """Add up the `Neighbours` of a board."""
    ground = board.ground
    # what `like_and_all` adds for the household itself, to the group asked about whichever that is
    counted = np.float64(ground.counts_self != SelfCounting.NEVER)
    within = np.float64(ground.by_area)
    for h in range(board.who.shape[0]):
        home, group = np.int64(board.who[h].home), np.int64(board.who[h].group)
        if home == NONE:
            continue
        households[group] += 1
        unsatisfied[group] += not is_satisfied(board, h)
        everyone = like_and_all(board, group, 0, home, home)[1] - counted
        if everyone <= EPS:
            continue
        with_neighbours[group] += 1
        for other in range(ground.n_groups):
            like = like_and_all(board, other, 0, home, home)[0] - counted
            # an area's counts hold the household itself, which has been taken from the group asked about
            met[group, other] += (like + (within if other != group else 0.0)) / everyone

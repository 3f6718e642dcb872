"""How households of a board act, as the scenario sets it, and the desk they work at."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import part
from segsim.kernels.draws import nth
from segsim.tables import Array, Whole


class ActivationOrder(IntEnum):
    """Whose turn it is."""

    ALL_IN_ORDER = 0
    RANDOM_WITH_REPLACEMENT = 1
    UNSATISFIED_ONLY = 2
    ONE_OF_EACH_GROUP = 3
    UNSATISFIED_AT_START = 4


class CandidateSource(IntEnum):
    """Where a household looks."""

    RANDOM_VACANCIES = 0
    ALL_VACANCIES = 1
    NEAREST_SATISFACTORY = 2
    LOCAL_JUMP = 3
    SWAP = 4


class Rule(IntEnum):
    """How a household decides."""

    THRESHOLD = 0
    BEST_RESPONSE = 1
    LOGIT = 2
    OWN = 3


class Destination(IntEnum):
    """Where an unsatisfied household goes under the threshold rule."""

    ANY_VACANCY = 0
    FIRST_SATISFACTORY = 1
    RANDOM_SATISFACTORY = 2


CONDUCT = np.dtype(
    [
        ("activation", np.int64),  # an `ActivationOrder`
        ("n_turns", np.int64),  # in a step, at most
        ("is_shuffled", np.bool_),  # whether a list is gone through in random order
        ("asks", np.bool_),  # whether a household whose turn it is first asks whether it is satisfied
        ("source", np.int64),  # a `CandidateSource`
        ("is_king", np.bool_),  # whether the nearest are counted in moves of a king, askew too
        ("n_candidates", np.int64),
        ("is_distinct", np.bool_),  # whether no vacancy is seen twice
        ("keeps_home", np.bool_),  # whether home is among the candidates
        ("rule", np.int64),  # a `Rule`
        ("destination", np.int64),  # a `Destination`
        ("else_any", np.bool_),  # whether a household that sees nothing satisfactory takes any vacancy
        ("ties_with_home", np.bool_),  # whether home competes with what is as good
        (
            "restless_anywhere",
            np.bool_,
        ),  # whether a satisfied household that moves all the same goes anywhere
        ("restless", np.float64),  # chance that a satisfied household moves all the same
        ("reach", np.float64),  # longest jump, squares
        ("beta", np.float64),  # logit: how much utility counts beside chance
        ("minimum_improvement", np.float64),  # utility
        ("altruism", np.float64),  # weight of what others gain
        ("own_rule", np.int64),  # address of an own choice rule
        ("swaps_for_sum", np.bool_),  # whether one may lose by a swap if the other gains more
        ("n_route", np.int64),  # positions of a fixed order of turns, 0 if by row or at random
        # where each table begins in `Desk.lists`
        ("route", np.int64),
        ("group_start", np.int64),  # n_groups + 1: the first household of each group
        ("by_group", np.int64),  # household rows by group
    ],
    align=True,
)
"""The settings of turns, candidates and choice."""

PROGRESS = np.dtype(
    [
        ("drawn", np.int64),  # draws used up this step
        ("look", np.int64),  # looks around so far; never set back, so that `mark` need not be cleared
        ("n_unsatisfied", np.int64),  # in `Desk.queue`
        ("has_failed", np.bool_),  # whether an own choice rule named what is not there
    ],
    align=True,
)
"""Running numbers of a desk, written by the kernels."""

QUEUED = np.dtype([("household", np.int64), ("place", np.int64)], align=True)
"""Two columns of the set of the unsatisfied, see `keep`."""


class Desk(NamedTuple):
    """Settings, and room to work in."""

    base: np.uint64  # where the step's sequence of draws begins
    conduct: np.record  # CONDUCT
    progress: np.record  # PROGRESS
    lists: Array  # int64: the tables of CONDUCT
    order: Array  # int64 per household: who acts, in order
    seen: Array  # int64: positions seen
    value: Array  # float64: what they are worth
    mark: Array  # int64 per position: the last look around in which it was seen
    queue: Array  # QUEUED, households + 1: the unsatisfied, see `keep`
    members: Array  # int64: households whose utility a move may change


@part
def draw(desk: Desk) -> float:
    """Return the next uniform of the step."""
    i = desk.progress.drawn
    desk.progress.drawn = i + 1
    return float(nth(desk.base, i))


@part
def draw_below(desk: Desk, n: Whole) -> Whole:
    """Return the next whole number below `n`."""
    return np.int64(draw(desk) * n)

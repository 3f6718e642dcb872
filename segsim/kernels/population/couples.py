"""Who moves in with whom."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.draws import Stream, gumbel, normal, uniform
from segsim.kernels.host_ring import successor
from segsim.tables import NONE, Array


class Seekers(NamedTuple):
    """Persons of one sex who are ready to move in with a partner."""

    id: Array  # int64
    birth_year: Array  # int16
    group: Array  # int8
    background: Array  # bool, per group: foreign or not; the same array for both sexes
    education: Array  # int8
    household: Array  # int32


class Affinity(NamedTuple):
    """What makes a couple likely; see DemographyPreferences."""

    same_group: float
    same_background: float
    same_education: float
    age_gap: float
    age_gap_sd: float
    candidates: int


@kernel
def match_couples(
    key: np.uint64,
    year: int,
    affinity: Affinity,
    women: Seekers,
    men: Seekers,
    turn: Array,
    points: Array,
    first: Array,
    oldest: int,
    match: Array,
) -> None:
    """Let each woman in turn choose among some men of suitable age who are still free.

    Each draws `affinity.candidates` age gaps and, for each, a man of that birth year; she chooses by logit
    over likeness of group, background and education.

    Parameters
    ----------
    women, men : Seekers
        The men sorted by birth year, and within a year by point.
    turn : int64 array, women
        Rows of `women` in the order they choose.
    points : float64 array, men
        Each man's point on the ring of his birth year.
    first : int64 array, birth years + 1
        Where each birth year, from `oldest` on, begins among the men.
    match : int64 array, women
        Written to: row of the man, or NONE.
    """
    # each woman meets some men by keyed draws, not all: the work grows with the singles and not with their
    # square, and one man more changes few meetings
    taken = np.zeros(men.id.size, np.bool_)
    match[:] = NONE
    for w in turn:
        best, best_utility = NONE, 0.0
        for k in range(affinity.candidates):
            gap = affinity.age_gap + affinity.age_gap_sd * normal(
                key, Stream.COUPLE_AGE, year, women.id[w], k
            )
            # rounded half up, as years are whole; `round` would go to the even year
            born = int(np.floor(women.birth_year[w] - gap + 0.5)) - oldest
            if born < 0 or born >= first.size - 1 or first[born] == first[born + 1]:
                continue
            draw = uniform(key, Stream.COUPLE_MEETING, year, women.id[w], k)
            m = successor(points, first[born], first[born + 1], draw)
            if taken[m] or men.household[m] == women.household[w]:
                continue
            utility = likeness(affinity, women, men, w, m)
            utility += gumbel(key, Stream.COUPLE_TASTE, year, women.id[w], men.id[m])
            if best == NONE or utility > best_utility:
                best, best_utility = m, utility
        if best != NONE:
            taken[best] = True
            match[w] = best


@kernel
def likeness(affinity: Affinity, women: Seekers, men: Seekers, w: int, m: int) -> float:
    """Return the log odds that likeness adds to a couple."""
    value = 0.0
    if women.group[w] == men.group[m]:
        value += affinity.same_group
    if women.background[women.group[w]] == men.background[men.group[m]]:
        value += affinity.same_background
    if women.education[w] == men.education[m]:
        value += affinity.same_education
    return value

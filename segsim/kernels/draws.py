"""Chance: counter-based draws, keyed by who draws and what for, never by who drew before.

The generator is Threefry-2x64-13 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy
as 1, 2, 3", SC'11). The 128-bit key is the run's key and (stream, year); the 128-bit counter is (who, which).
"""

from enum import IntEnum, unique

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import Array


@unique
class Stream(IntEnum):
    """Every source of chance in the model; a number once used is never given to another."""

    # identity (never drawn from, only mixed into ids)
    ID_FIRST_PERSON = 1
    ID_FIRST_HOUSEHOLD = 2
    ID_FIRST_DWELLING = 3
    ID_BIRTH = 4
    ID_NEWCOMER = 5
    ID_NEW_HOUSEHOLD = 6
    ID_NEW_DWELLING = 7
    # synthesis 10-19
    # demography 20-49
    DEATH = 20
    BIRTH = 21
    BIRTH_SEX = 22
    BIRTH_ABILITY = 23
    LEAVE_CITY = 24
    LEAVE_CITY_ALONE = 25
    LEAVE_HOME = 26
    SEPARATE = 27
    WHO_MOVES_OUT = 28
    SEEK_PARTNER = 29
    COUPLE_TURN = 30
    COUPLE_RING = 31
    COUPLE_AGE = 32
    COUPLE_MEETING = 33
    COUPLE_TASTE = 34
    HOST = 35
    HOST_RING = 36
    DONOR = 37
    OWN_HOUSING = 38
    ASSIGNED_AREA = 39
    OWN_HOUSING_DETERRED = 40
    RECEPTION = 41
    # work 49-69
    JOB_MOBILITY = 49
    ATTAINMENT = 50
    STUDY_ONLY = 51
    PARTICIPATE = 52
    WORK_ON = 53
    JOB_COUNT = 54
    JOB_CUT = 55
    JOB_LOSS = 56
    JOB_RING = 57
    JOB_HEARD = 58
    JOB_SKILL = 59
    JOB_MEETING = 60
    JOB_TASTE = 61
    JOB_SCORE = 62
    WAGE = 63
    NEWS = 64
    NEWS_TO = 65
    NEWS_LOSS = 66
    STUDY_END = 67
    PROGRAMME_PLACE = 68
    PROGRAMME_HELP = 69
    # schools 70-99
    ID_NEW_SCHOOL = 70
    SCHOOL_ACTIVE = 71
    SCHOOL_TASTE = 72
    SCHOOL_LOTTERY = 73
    SCHOOL_QUEUE = 74
    SCHOOL_LOOK_ROUND = 75
    SCHOOL_TURN = 76
    EXAM = 77
    SCHOOL_QUALITY = 78
    SCHOOL_OPENING = 79
    SCHOOL_SITE = 80
    SCHOOL_CLOSING = 81
    SCHOOL_SEATS = 82
    SCHOOL_FORMER_HOME = 83
    CLOSURE_EXIT = 84
    ID_PLANNED_SCHOOL = 85
    PLAN_SEATS = 86
    SCHOOL_ERROR = 87
    SCHOOL_APPLICATION = 88
    ADMISSION_TIE = 89
    # housing 100-129
    SEARCH = 100
    RING = 101
    CANDIDATE = 102
    TASTE = 103
    LOTTERY = 104
    LANDLORD = 105
    ILLEGAL = 106
    LOCAL = 107
    CONVERT = 108
    DEMOLISH = 109
    BUILD = 110
    BUILD_TENURE = 111
    BUILD_BOUND = 112
    BUILD_CELL = 113
    BUILD_QUALITY = 114
    BUILD_ROOMS = 115
    LOOK_ROUND = 116
    FIRST_CONTRACT = 117
    CONTRACT_CONTROL = 118
    CONTRACT_CONTESTED = 119
    ALLOCATION = 120
    OWN_RULE = 121
    # neighbourhood 130-139
    # policies 140-159
    PROGRAMME_COUNT = 140
    PROGRAMME_CATCH_UP = 141
    PRESCHOOL = 142
    ELECTION = 143
    # one-at-a-time mode 160-199
    TURN = 160
    TASTE_CLASS = 161
    OWN_TASTE = 162
    RECONSIDERING = 163
    SCHOOL_ADMISSION = 164
    NEW_HOUSEHOLDS = 165
    ID_NEW_HOUSEHOLDS = 166
    RESERVED = 167
    GRID = 168
    LEAGUE = 169
    BOARD_STATUS = 170
    BOARD_QUALITY = 171
    LEAGUE_ACHIEVEMENT = 180
    LEAGUE_LEAVING = 181
    LEAGUE_READING = 182


_ROUNDS_APART = 16


def round_stamp(year: int, number: int) -> int:
    """Return what stands for a round of the housing market in draws; a year has at most twelve rounds."""
    return year * _ROUNDS_APART + number


_PARITY = np.uint64(0x1BD11BDAA9FC1A22)
_UNIT = 1.0 / 9007199254740992.0  # 2 ** -53


# Written out, not a loop over tables of rotations: every draw of the model passes here, and all words stay in
# registers. The authors' default of twenty rounds would take half as long again.


@kernel
def _rotate(x: np.uint64, n: int) -> np.uint64:
    return (x << np.uint64(n)) | (x >> np.uint64(64 - n))


@kernel
def threefry(
    key0: np.uint64, key1: np.uint64, counter0: np.uint64, counter1: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Scramble a 128-bit counter with a 128-bit key; return two 64-bit words."""
    k0, k1 = np.uint64(key0), np.uint64(key1)
    k2 = _PARITY ^ k0 ^ k1  # the parity keeps a key of zeros from leaving the words as they are
    x0, x1 = np.uint64(counter0) + k0, np.uint64(counter1) + k1
    x0 += x1
    x1 = _rotate(x1, 16) ^ x0
    x0 += x1
    x1 = _rotate(x1, 42) ^ x0
    x0 += x1
    x1 = _rotate(x1, 12) ^ x0
    x0 += x1
    x1 = _rotate(x1, 31) ^ x0
    x0 += k1  # the key enters anew after every fourth round, with the number of its turn
    x1 += k2 + np.uint64(1)
    x0 += x1
    x1 = _rotate(x1, 16) ^ x0
    x0 += x1
    x1 = _rotate(x1, 32) ^ x0
    x0 += x1
    x1 = _rotate(x1, 24) ^ x0
    x0 += x1
    x1 = _rotate(x1, 21) ^ x0
    x0 += k2
    x1 += k0 + np.uint64(2)
    x0 += x1
    x1 = _rotate(x1, 16) ^ x0
    x0 += x1
    x1 = _rotate(x1, 42) ^ x0
    x0 += x1
    x1 = _rotate(x1, 12) ^ x0
    x0 += x1
    x1 = _rotate(x1, 31) ^ x0
    x0 += k0
    x1 += k1 + np.uint64(3)
    x0 += x1
    x1 = _rotate(x1, 16) ^ x0
    return x0, x1


@kernel
def pair(key: np.uint64, stream: int, year: int, who: int, which: int) -> tuple[np.uint64, np.uint64]:
    """Return both 64-bit words of one draw, where one purpose needs more bits."""
    lane = (np.uint64(stream) << np.uint64(48)) ^ np.uint64(year)
    # numba casts signed to unsigned bit by bit, so NONE and other negative ids are numbers like any other
    return threefry(key, lane, np.uint64(who), np.uint64(which))


@kernel
def bits(key: np.uint64, stream: int, year: int, who: int, which: int) -> np.uint64:
    """Return 64 random bits for one purpose.

    Parameters
    ----------
    key : uint64
        The run's key, from `key_of(seed)`.
    stream : int
        What the draw is for, a `Stream`.
    year : int
        Calendar year, or step of the one-at-a-time mode.
    who, which : int64
        Stable ids: who draws, and over which alternative (0 where there is none).
    """
    return pair(key, stream, year, who, which)[0]


@kernel
def uniform(key: np.uint64, stream: int, year: int, who: int, which: int) -> float:
    """Return a keyed uniform on [0, 1), 53 bits."""
    # a double holds 53 bits: more would round up to 1 now and then, which is not below 1
    return np.float64(bits(key, stream, year, who, which) >> np.uint64(11)) * _UNIT


@kernel
def gumbel(key: np.uint64, stream: int, year: int, who: int, which: int) -> float:
    """Return a keyed standard Gumbel: utility plus this, largest wins, is multinomial logit exactly."""
    # half a step up, because the logarithm of 0 is not finite
    u = (np.float64(bits(key, stream, year, who, which) >> np.uint64(11)) + 0.5) * _UNIT
    return float(-np.log(-np.log(u)))


_EDGES_PER_UNIT, _LEAST_EDGE, _GREATEST_EDGE = 4, -2, 32
_EDGES = np.arange(_LEAST_EDGE, _GREATEST_EDGE, 1.0 / _EDGES_PER_UNIT)
_LAST_EDGE = _EDGES.size - 1.0
# the uniform below which a Gumbel is below an edge; a hair less, so that rounding spares none that is above
_BELOW_EDGE = np.exp(-np.exp(-_EDGES)) * (1.0 - 1e-9)


@kernel
def gumbel_above(draw: np.uint64, least: float) -> float:
    """Return the standard Gumbel of 64 random bits, as `gumbel` does, unless it is seen to be below `least`.

    Then minus infinity is returned and two logarithms are spared, which take longer than the draw. Who looks
    for the best of many need not know how bad the others are.
    """
    u = (np.float64(draw >> np.uint64(11)) + 0.5) * _UNIT
    if (
        least >= _LEAST_EDGE
        and u < _BELOW_EDGE[int(min((least - _LEAST_EDGE) * _EDGES_PER_UNIT, _LAST_EDGE))]
    ):
        return -np.inf
    return float(-np.log(-np.log(u)))


@kernel
def fill_bits(key: np.uint64, stream: int, year: int, who: int, which: Array, out: Array) -> None:
    """Fill the `bits` of one who draws over many alternatives, a third of the time of one after the other."""
    for i in range(which.size):
        out[i] = bits(key, stream, year, who, which[i])


@kernel
def normal(key: np.uint64, stream: int, year: int, who: int, which: int) -> float:
    """Return a keyed standard normal (Box-Muller)."""
    # the second normal of the pair is left: to keep it would be a hidden state
    a, b = pair(key, stream, year, who, which)
    u = (np.float64(a >> np.uint64(11)) + 0.5) * _UNIT
    return float(np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * np.float64(b >> np.uint64(11)) * _UNIT))


@kernel
def identity(stream: int, cause: int, year: int, index: int) -> np.int64:
    """Return a stable, non-negative 63-bit id made from what caused a row."""
    lane = (np.uint64(stream) << np.uint64(48)) ^ np.uint64(year)
    # no key of the run: a row caused by the same things is the same row under every seed and policy
    return np.int64(threefry(np.uint64(0), lane, np.uint64(cause), np.uint64(index))[0] >> np.uint64(1))


@kernel
def key_of(seed: int) -> np.uint64:
    """Return the run's 64-bit key of a seed; distinct seeds have distinct keys."""
    return np.uint64(seed)


@kernel
def _fill_uniforms(key: np.uint64, stream: int, year: int, who: Array, which: int, out: Array) -> None:
    for i in range(who.size):
        out[i] = uniform(key, stream, year, who[i], which)


@kernel
def _fill_normals(key: np.uint64, stream: int, year: int, who: Array, which: int, out: Array) -> None:
    for i in range(who.size):
        out[i] = normal(key, stream, year, who[i], which)


@kernel
def _fill_identities(stream: int, cause: Array, year: int, index: Array, out: Array) -> None:
    for i in range(cause.size):
        out[i] = identity(stream, cause[i], year, index[i])


# numba takes a millisecond to look at a member of an enum, so callers from Python go through these


def uniforms(key: np.uint64, stream: int, year: int, who: Array, which: int) -> Array:
    """Return one keyed uniform per id in `who`."""
    out = np.empty(who.size)
    _fill_uniforms(np.uint64(key), int(stream), int(year), who, int(which), out)
    return out


def normals(key: np.uint64, stream: int, year: int, who: Array, which: int) -> Array:
    """Return one keyed standard normal per id in `who`."""
    out = np.empty(who.size)
    _fill_normals(np.uint64(key), int(stream), int(year), who, int(which), out)
    return out


def identities(stream: int, cause: int, year: int, first: int, n: int) -> Array:
    """Return `n` ids of the rows first, first + 1, ... of one cause."""
    causes = np.full(n, np.array(cause).astype(np.int64))
    return identities_of(stream, causes, year, np.arange(first, first + n))


def identities_of(stream: int, cause: Array, year: int, index: Array) -> Array:
    """Return the id of each (cause, index) pair of one year (int64 arrays of equal length)."""
    out = np.empty(cause.size, np.int64)
    _fill_identities(int(stream), cause, int(year), index, out)
    return out


@kernel
def nth(base: np.uint64, i: int | np.uint64) -> float:
    """Return the i-th uniform on [0, 1) of a sequence begun at `base` (SplitMix64, 53 bits).

    The one-at-a-time mode draws so many numbers in so fixed an order that it keys a whole step at once:
    `base = bits(key, stream, step, 0, 0)`, then this, which costs a fifth of a keyed draw.
    Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA.
    """
    # the step is 2 ** 64 over the golden ratio; the multipliers are variant 13 of Stafford's mixers
    z = np.uint64(base) + np.uint64(i) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.float64((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * _UNIT


@kernel
def _fill_sequence(base: np.uint64, out: Array) -> None:
    for i in range(out.size):
        out[i] = nth(base, i)


def first_of(base: np.uint64, n: int) -> Array:
    """Return the first `n` uniforms of the sequence begun at `base`."""
    out = np.empty(n)
    _fill_sequence(np.uint64(base), out)
    return out

"""The schools there are, and those near each home, nearest first."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.tables import Array

_GRADES = 10


class Campus(NamedTuple):
    """What guardians see of each school, in the order of school ids."""

    id: Array  # int64
    x: Array  # float64, m
    y: Array  # float64, m
    is_independent: Array  # bool
    first_grade: Array  # int8
    last_grade: Array  # int8
    share: Array  # float64 (schools, 2): own share seen by Swedish and by foreign background
    educated: Array  # float64 (schools, 2): own share seen by parents without and with post-secondary
    merit: Array  # float64, published merit value above the mean, in 25 points
    appeal: Array  # float64 (schools, 2, 4): to each background and parental education, beyond what is seen
    rule: Array  # int8, a PriorityRule
    municipality: Array  # int16, where it stands


class Nearby(NamedTuple):
    """The schools near each cell; those of cell c stand from start[c] to start[c + 1].

    First those within a distance, nearest first, then independent schools further away, in any order.
    """

    start: Array  # int64 (cells + 1,)
    school: Array  # int32
    km: Array  # float64


@part
def measure_km(east: float, north: float) -> float:
    """Return the kilometres of a way, as the crow flies, given its metres east and north."""
    # a third of the time of `hypot`, and a root is rounded alike on every machine
    return float(np.sqrt(east * east + north * north) / 1000.0)


@part
def _count_taught(campus: Campus, km: Array, reach: float, counts: Array) -> None:
    """Fill, per grade, how many schools within reach teach it: of all, and of the municipal."""
    counts[:] = 0
    for s in range(km.size):
        if km[s] <= reach:
            first, end = campus.first_grade[s], campus.last_grade[s] + 1
            counts[first, 0] += 1
            counts[end, 0] -= 1
            if not campus.is_independent[s]:
                counts[first, 1] += 1
                counts[end, 1] -= 1
    for grade in range(1, counts.shape[0]):
        counts[grade, 0] += counts[grade - 1, 0]
        counts[grade, 1] += counts[grade - 1, 1]


@part
def _suffices(counts: Array, total: Array, n_any: int, n_municipal: int) -> bool:
    """Return whether every grade is taught by as many schools as asked for, or by all there are."""
    for grade in range(_GRADES):
        if counts[grade, 0] < min(n_any, total[grade, 0]):
            return False
        if counts[grade, 1] < min(n_municipal, total[grade, 1]):
            return False
    return True


@part
def _list_around(campus: Campus, km: Array, near: float, reach: float, school: Array, far: Array) -> int:
    """Write the schools up to `near` in order, then independent ones within reach; return how many."""
    n = 0
    for s in range(km.size):
        if km[s] <= near:
            at = n
            while at > 0 and far[at - 1] > km[s]:  # of equally near schools the first stays first
                school[at], far[at] = school[at - 1], far[at - 1]
                at -= 1
            school[at], far[at] = s, km[s]
            n += 1
    for s in range(km.size):
        if near < km[s] <= reach and campus.is_independent[s]:
            school[n], far[n] = s, km[s]
            n += 1
    return n


@kernel
def list_nearby(
    x: Array, y: Array, asked: Array, campus: Campus, reach_km: float, n_any: int, n_municipal: int
) -> Nearby:
    """Return the schools near cells.

    Parameters
    ----------
    x, y : float array (cells,)
        East and north coordinate of each cell, m.
    asked : bool array (cells,)
        The cells whose schools are asked for; the others get none.
    reach_km : float
        All independent schools within this distance are listed.
    n_any, n_municipal : int
        So many of any kind and so many municipal ones are listed for every grade, nearest first, however far.
    """
    # a guardian looks at a few schools near by, and to find them among all of a large city takes longer than
    # all the rest of choosing: a cell finds them once for all its pupils
    n_schools = campus.id.size
    total, counts = np.zeros((_GRADES + 1, 2), np.int64), np.zeros((_GRADES + 1, 2), np.int64)
    km, near = np.zeros(n_schools), 1.0
    _count_taught(campus, km, np.inf, total)
    start = np.zeros(x.size + 1, np.int64)
    school, far = np.empty(n_schools, np.int32), np.empty(n_schools)
    for cell in range(x.size):
        first = start[cell]
        start[cell + 1] = first
        if not asked[cell]:
            continue
        for s in range(n_schools):
            km[s] = measure_km(x[cell] - campus.x[s], y[cell] - campus.y[s])
        near = max(near / 1.5, 0.5)  # neighbours ask for much the same distance
        _count_taught(campus, km, near, counts)
        while not _suffices(counts, total, n_any, n_municipal):
            near *= 1.25
            _count_taught(campus, km, near, counts)
        if first + n_schools > school.size:
            school, far = _lengthen(school, far, first + n_schools)
        start[cell + 1] += _list_around(campus, km, near, reach_km, school[first:], far[first:])
    return Nearby(start, school[: start[-1]].copy(), far[: start[-1]].copy())


@kernel
def _lengthen(school: Array, km: Array, least: int) -> tuple[Array, Array]:
    """Return both arrays with room for at least so many, and half as many again."""
    size = least + least // 2
    more, further = np.empty(size, np.int32), np.empty(size)
    more[: school.size], further[: km.size] = school, km
    return more, further

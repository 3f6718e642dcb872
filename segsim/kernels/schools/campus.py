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
    merit: Array  # float64, published merit value above the mean, in 25 points
    rule: Array  # int8, a PriorityRule
    municipality: Array  # int16, where it stands


class Nearby(NamedTuple):
    """The schools near each cell, nearest first; those of cell c stand from start[c] to start[c + 1]."""

    start: Array  # int64 (cells + 1,)
    school: Array  # int32
    km: Array  # float64


@part
def _count_taught(campus: Campus, is_within: Array, counts: Array) -> None:
    """Fill, per grade, how many of some schools teach it: of all, and of the municipal."""
    counts[:] = 0
    for s in range(campus.x.size):
        if is_within[s]:
            for grade in range(campus.first_grade[s], campus.last_grade[s] + 1):
                counts[grade, 0] += 1
                counts[grade, 1] += not campus.is_independent[s]


@part
def _suffices(counts: Array, total: Array, n_any: int, n_municipal: int) -> bool:
    """Return whether every grade is taught by as many schools as asked for, or by all there are."""
    for grade in range(_GRADES):
        if counts[grade, 0] < min(n_any, total[grade, 0]):
            return False
        if counts[grade, 1] < min(n_municipal, total[grade, 1]):
            return False
    return True


@kernel
def list_nearby(
    x: Array, y: Array, asked: Array, campus: Campus, reach_km: float, n_any: int, n_municipal: int
) -> Nearby:
    """Return the schools near cells, by distance and then by order.

    Parameters
    ----------
    x, y : float array (cells,)
        East and north coordinate of each cell, m.
    asked : bool array (cells,)
        The cells whose schools are asked for; the others get none.
    reach_km : float
        All schools within this distance are listed.
    n_any, n_municipal : int
        So many of any kind and so many municipal ones are listed for every grade, however far.
    """
    # a guardian looks at a few schools near by, and to find them among all of a large city takes longer than
    # all the rest of choosing: a cell finds them once for all its pupils
    n_schools = campus.x.size
    total, counts = np.zeros((_GRADES, 2), np.int64), np.zeros((_GRADES, 2), np.int64)
    km, is_within = np.empty(n_schools), np.ones(n_schools, np.bool_)
    _count_taught(campus, is_within, total)
    start = np.zeros(x.size + 1, np.int64)
    school, far = np.empty(n_schools, np.int32), np.empty(n_schools)
    for cell in range(x.size):
        first = start[cell]
        start[cell + 1] = first
        if not asked[cell]:
            continue
        for s in range(n_schools):
            km[s] = np.hypot(x[cell] - campus.x[s], y[cell] - campus.y[s]) / 1000.0
        reach = max(reach_km, 1.0)
        while True:
            n = 0
            for s in range(n_schools):
                is_within[s] = km[s] <= reach
                n += is_within[s]
            if n == n_schools:
                break
            _count_taught(campus, is_within, counts)
            if _suffices(counts, total, n_any, n_municipal):
                break
            reach *= 2.0
        within = np.flatnonzero(is_within)
        order = within[np.argsort(km[within], kind="mergesort")]  # stable: of equally near the first
        if first + n > school.size:
            school, far = _lengthen(school, far, first + n)
        for i in range(n):
            school[first + i], far[first + i] = order[i], km[order[i]]
        start[cell + 1] = first + n
    return Nearby(start, school[: start[-1]].copy(), far[: start[-1]].copy())


@kernel
def _lengthen(school: Array, km: Array, least: int) -> tuple[Array, Array]:
    """Return both arrays with room for at least so many, and half as many again."""
    size = least + least // 2
    more, further = np.empty(size, np.int32), np.empty(size)
    more[: school.size], further[: km.size] = school, km
    return more, further

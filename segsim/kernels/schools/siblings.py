"""Siblings: which schools the other children of a family attend."""

from typing import NamedTuple

from segsim.kernels.compile import part
from segsim.tables import NONE, Array


class Siblings(NamedTuple):
    """Which schools the children of each family attend; those of family f stand from start[f]."""

    start: Array  # int64 (families + 1,)
    school: Array  # int32
    family: Array  # int64 (applicants,)
    own: Array  # int32 (applicants,): the school the applicant itself attends, counted above; NONE without


@part
def has_sibling(siblings: Siblings, i: int, s: int) -> bool:
    """Return whether another child of applicant i's family attends school s."""
    family = siblings.family[i]
    if family == NONE:
        return False
    others = 0
    if siblings.own[i] == s:  # a pupil is not its own sibling
        others -= 1
    for at in range(siblings.start[family], siblings.start[family + 1]):
        others += siblings.school[at] == s
    return bool(others > 0)

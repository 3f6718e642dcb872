"""Priorities: in what order a school ranks its applicants."""

from enum import IntEnum

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.draws import Stream, uniform
from segsim.kernels.schools.campus import Campus
from segsim.kernels.schools.school_utility import Applicants, ChoiceTaste, distance_km
from segsim.kernels.schools.siblings import Siblings, has_sibling
from segsim.tables import NONE, Array

_LOTTERY, _QUEUE = int(Stream.SCHOOL_LOTTERY), int(Stream.SCHOOL_QUEUE)
_APPLICATION = int(Stream.SCHOOL_APPLICATION)
_SIBLINGS_FIRST = 1e6  # more than any kilometres, years in a queue or lot
_CATCHMENT_FIRST = 1e4  # after siblings, before any distance


class PriorityRule(IntEnum):
    """Who comes first at a school."""

    PROXIMITY = 0
    RELATIVE_PROXIMITY = 1
    QUEUE_TIME = 2
    LOTTERY = 3
    FIRST_COME = 4
    ATTAINMENT = 5


_PROXIMITY, _RELATIVE, _QUEUE_TIME, _LOT, _FIRST_COME, _ATTAINMENT = map(int, PriorityRule)


@part
def queue_years(
    key: np.uint64, applicants: Applicants, campus: Campus, taste: ChoiceTaste, i: int, s: int
) -> float:
    """Return the years guardian `i` has stood in the queue of school `s`; the educated queue sooner."""
    u = uniform(key, _QUEUE, 0, applicants.id[i], campus.id[s])
    return float(applicants.queue_years[i] * _be_early(u, taste, applicants.education[i]))


@part
def _be_early(u: float, taste: ChoiceTaste, education: int) -> float:
    """Return how early guardians are, from 0 to 1, from a uniform; the educated are earlier."""
    # u ** (1 / (1 + c)) falls as the largest of 1 + c uniforms does, for whole c
    return float(u ** (1.0 / (1.0 + taste.queue_education * education)))


@kernel
def rank_applicants(
    key: np.uint64,
    year: int,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    choices: Array,
    reference: Array,
    siblings: Siblings,
    out: Array,
) -> None:
    """Write the priority of each applicant at each listed school: siblings first, then the school's rule.

    By either rule of distance, children of a redrawn catchment come before others.

    Parameters
    ----------
    siblings : Siblings
        Who attends where; without families where siblings have no priority.
    out : float64 (applicants, k, 1 or 2), out
        Priority for the ordinary seats and, if there are two, for the seats drawn by lot.
    """
    for i in range(choices.shape[0]):
        for j in range(choices.shape[1]):
            s = choices[i, j]
            if s == NONE:
                break
            lot = 0.0
            if out.shape[2] > 1 or campus.rule[s] == _LOT:
                drawn_for = 0 if taste.has_one_lot else campus.id[s]
                lot = uniform(key, _LOTTERY, year, applicants.id[i], drawn_for)
            km = distance_km(applicants, campus, i, s)
            points = lot
            if campus.rule[s] == _PROXIMITY:
                points = -km
            elif campus.rule[s] == _RELATIVE:
                other = reference[i, 1] if km <= reference[i, 0] else reference[i, 0]
                points = other - km
            elif campus.rule[s] == _QUEUE_TIME:
                points = queue_years(key, applicants, campus, taste, i, s)
            elif campus.rule[s] == _FIRST_COME:
                # one application for all schools, sent once a year
                u = uniform(key, _APPLICATION, year, applicants.id[i], 0)
                points = _be_early(u, taste, applicants.education[i])
            elif campus.rule[s] == _ATTAINMENT:
                points = applicants.attainment[i]
            if campus.rule[s] <= _RELATIVE and s == applicants.catchment[i]:
                points += _CATCHMENT_FIRST
            first = _SIBLINGS_FIRST if has_sibling(siblings, i, s) else 0.0
            out[i, j, 0] = first + points
            if out.shape[2] > 1:
                out[i, j, 1] = first + lot

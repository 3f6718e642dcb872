"""What a guardian sees in a school, and how schools are put in order by it."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from segsim.kernels.choices.preference_shapes import cobb_douglas, single_peaked
from segsim.kernels.compile import part
from segsim.kernels.draws import Stream, normal
from segsim.kernels.schools.campus import Campus, measure_km
from segsim.kernels.schools.siblings import Siblings, has_sibling
from segsim.tables import Array

_ERROR = int(Stream.SCHOOL_ERROR)
_GOOD_ENOUGH = 1e6  # above any utility
_COMPOSITION_STEP, _MERIT_STEP = 1e8, 1e4  # one step of what comes first outweighs all that comes after


class ChoiceRule(IntEnum):
    """How a guardian puts schools in order."""

    LOGIT = 0
    BEST = 1
    THRESHOLD = 2
    HEURISTIC = 3


LOGIT, _BEST, _THRESHOLD, _HEURISTIC = map(int, ChoiceRule)


class ChoiceWeight(IntEnum):
    """The columns of `Applicants.weights`."""

    COMPOSITION = 0
    DISTANCE = 1
    MERIT = 2
    EDUCATION = 3
    PROVIDER = 4
    SIBLING = 5
    NOISE = 6


_COMPOSITION, _DISTANCE, _MERIT, _EDUCATION, _PROVIDER, _SIBLING, _NOISE = map(int, ChoiceWeight)
_SHORT_POST_SECONDARY = 2  # parental education from which families count as educated


class Applicants(NamedTuple):
    """Pupils for whom a seat is sought."""

    id: Array  # int64
    cell: Array  # int32
    x: Array  # float64, m
    y: Array  # float64, m
    grade: Array  # int8, the grade sought
    kind: Array  # int8, 0 Swedish and 1 foreign background
    education: Array  # int8, parental, 0 to 3
    is_active: Array  # bool, ranks schools; others go by default
    current: Array  # int32, school attended and kept unless another is better; NONE without
    catchment: Array  # int32, municipal school whose redrawn catchment is home; NONE without
    queue_years: Array  # float64, years in which the guardian could have queued
    attainment: Array  # float64, SD, what pupils have achieved so far; 0 where no school asks for it
    weights: Array  # float64 (applicants, 7), by ChoiceWeight; the last is the SD of errors about merit
    municipality: Array  # int16, where the pupil lives


class ChoiceTaste(NamedTuple):
    """The parameters of `SchoolChoice` as the kernel takes them."""

    scale: float
    peak: float
    value_at_one: float
    is_cobb_douglas: bool
    is_sigmoid: bool
    sigmoid_km: float
    sigmoid_width: float
    far_km: float
    nearest: int
    independent_km: float
    inertia: float
    queue_education: float
    transport_km: float
    is_catchment: bool
    appeal_km: float
    rule: int  # a ChoiceRule
    threshold: float
    noticeable: float
    has_one_lot: bool  # one lot counts at all schools


@part
def distance_km(applicants: Applicants, campus: Campus, i: int, s: int) -> float:
    """Return kilometres from home to school, as the crow flies."""
    return float(measure_km(applicants.x[i] - campus.x[s], applicants.y[i] - campus.y[s]))


@part
def appeal_to(applicants: Applicants, campus: Campus, i: int, s: int) -> float:
    """Return what else draws families like that of applicant `i` to school `s`."""
    return float(campus.appeal[s, applicants.kind[i], applicants.education[i]])


@part
def school_utility(
    applicants: Applicants, campus: Campus, taste: ChoiceTaste, km: float, i: int, s: int
) -> float:
    """Return what guardian `i` sees in school `s`, `km` away, by what is published, and its appeal."""
    w, appeal = applicants.weights[i], appeal_to(applicants, campus, i, s)
    value = single_peaked(campus.share[s, applicants.kind[i]], taste.peak, taste.value_at_one, 0.0)
    felt_km, more = max(0.0, km - taste.transport_km), 0.0
    if w[_EDUCATION] != 0.0:
        own = campus.educated[s, 1 if applicants.education[i] >= _SHORT_POST_SECONDARY else 0]
        more += w[_EDUCATION] * single_peaked(own, taste.peak, taste.value_at_one, 0.0)
    if campus.is_independent[s]:
        more += w[_PROVIDER]
    merit = w[_MERIT] * campus.merit[s]
    if taste.is_cobb_douglas:
        nearness = max(0.0, 1.0 - felt_km / taste.far_km)
        # Sage and Flache's weights sum to 1; with neither weight, composition and distance count alike
        both = w[_COMPOSITION] + w[_DISTANCE]
        alpha = w[_COMPOSITION] / both if both > 0.0 else 0.5
        return float(taste.scale * (cobb_douglas(value, nearness, alpha) + merit + more) + appeal)
    if taste.is_sigmoid:
        felt_km = 1.0 / (1.0 + np.exp(-(felt_km - taste.sigmoid_km) / taste.sigmoid_width))
    return float(taste.scale * (w[_COMPOSITION] * value - w[_DISTANCE] * felt_km + merit + more) + appeal)


@part
def merit_error(key: np.uint64, applicants: Applicants, campus: Campus, i: int, s: int) -> float:
    """Return how much too well guardian `i` thinks of the merit value of school `s`, the same every year."""
    sd = applicants.weights[i, _NOISE]
    return float(sd * normal(key, _ERROR, 0, applicants.id[i], campus.id[s])) if sd > 0.0 else 0.0


@part
def perceive_utility(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    siblings: Siblings,
    km: float,
    i: int,
    s: int,
) -> float:
    """Return `school_utility` with what only the family knows: a sibling there, and errors about merit."""
    w, utility = applicants.weights[i], school_utility(applicants, campus, taste, km, i, s)
    if w[_SIBLING] != 0.0 and has_sibling(siblings, i, s):
        utility += taste.scale * w[_SIBLING]
    if w[_NOISE] > 0.0:
        utility += taste.scale * w[_MERIT] * merit_error(key, applicants, campus, i, s)
    return float(utility)


@part
def judge_school(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    utility: float,
    km: float,
    i: int,
    s: int,
) -> float:
    """Return what schools are put in order by under the rules without a taste drawn by chance."""
    if taste.rule == _BEST:
        return utility
    w = applicants.weights[i]
    value = single_peaked(campus.share[s, applicants.kind[i]], taste.peak, taste.value_at_one, 0.0)
    if taste.rule == _THRESHOLD:
        return _GOOD_ENOUGH - km if value >= taste.threshold else utility
    first = np.floor(value / taste.noticeable) if w[_COMPOSITION] != 0.0 else 0.0
    then = 0.0
    if w[_MERIT] != 0.0:
        merit = campus.merit[s] + merit_error(key, applicants, campus, i, s)
        then = np.floor(merit / taste.noticeable)
    return float(_COMPOSITION_STEP * first + _MERIT_STEP * then - max(0.0, km - taste.transport_km))

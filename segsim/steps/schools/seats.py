"""Seats of schools by grade: which go by lot, which are reserved, and how many the majority may get."""

from collections.abc import Sequence

import numpy as np

from segsim.errors import ScenarioError
from segsim.kernels.matching import SeatsByKind
from segsim.kernels.schools.campus import Campus
from segsim.kernels.schools.school_utility import Applicants
from segsim.rules.schools import Admission
from segsim.steps.schools.enrolment import follows_municipal_rule
from segsim.tables import NONE, Array, Education

LEVELS_OF_EDUCATION = len(Education)
_UNLIMITED = np.iinfo(np.int32).max
_EDUCATED = np.arange(LEVELS_OF_EDUCATION) >= Education.SHORT_POST_SECONDARY


def split_seats(admissions: Sequence[Admission], campus: Campus, free: Array) -> Array:
    """Return the free seats of schools by cohort, ordinary ones and those that go by lot."""
    share = np.array([admission.lottery_share for admission in admissions])[campus.municipality]
    bound = follows_municipal_rule(admissions, campus)
    # seats drawn by lot are places of their own, so that the matching needs no second pass
    lots = np.rint(np.maximum(free, 0) * (share * bound)[:, None])
    return np.stack([np.maximum(free, 0) - lots, lots], axis=2).astype(np.int32)


def divide_by_kind(
    admissions: Sequence[Admission], campus: Campus, applicants: Applicants, cohort: Array, seats: Array
) -> SeatsByKind:
    """Return what of each place is reserved for each level of parental education, and open to the majority.

    Parameters
    ----------
    cohort : int array, applicants
    seats : int array, schools x cohorts x pools
    """
    quota, places = limit_majority(admissions, campus, seats), seats[..., None]
    if has_quota_by_background(admissions):
        side, n_places = np.arange(2, dtype=np.int8), seats.size
        most = np.where(side == 0, quota[..., None], places)
        return SeatsByKind(applicants.kind, np.zeros((n_places, 2), np.int32), side, _flatten(most))
    side = _EDUCATED.astype(np.int8)
    reserve = _reserve(admissions, campus, applicants, cohort, seats)
    # what is hard goes before what is soft
    open_to_longer = quota - np.minimum(reserve[..., 2], quota)
    reserve[..., 2:] = np.minimum(reserve[..., 2:], np.stack([quota, open_to_longer], axis=-1))
    most = np.where(np.arange(2) == 1, quota[..., None], places)
    return SeatsByKind(applicants.education, _flatten(reserve), side, _flatten(most))


def leave_by_kind(
    admissions: Sequence[Admission], campus: Campus, applicants: Applicants, seats: Array, taken: Array
) -> SeatsByKind:
    """Return what those whom no school admitted may get of the seats left, by the same quotas.

    Parameters
    ----------
    applicants : Applicants
        Those whom no school admitted.
    seats : int array, schools x cohorts
        Seats that were to be given.
    taken : int array, schools x cohorts x 2
        Who got them: others, and those of the majority.
    """
    left = np.maximum(limit_majority(admissions, campus, seats) - taken[..., 1], 0)
    most = np.stack([np.full(left.shape, _UNLIMITED), left], axis=-1)
    kind = is_of_majority(admissions, applicants).astype(np.int8)
    return SeatsByKind(kind, np.zeros((left.size, 2), np.int32), np.arange(2, dtype=np.int8), _flatten(most))


def is_of_majority(admissions: Sequence[Admission], applicants: Applicants) -> Array:
    """Return which applicants a majority quota counts."""
    if has_quota_by_background(admissions):
        return np.asarray(applicants.kind == 0)
    return _EDUCATED[applicants.education]


def has_quota_by_background(admissions: Sequence[Admission]) -> bool:
    """Return whether the majority quotas of a region count pupils of Swedish background."""
    traits = {own.majority for own in admissions if own.majority_quota < 1}
    if len(traits) > 1 or ("background" in traits and any(own.ses_quota for own in admissions)):
        raise ScenarioError(
            "rules.schools.admission: in a region the majority of all quotas is of one kind, and reserves by "
            "education go with education only; write the same majority for all, and ses_quota: false",
            "rules.schools.admission: i en region gäller alla kvoter samma slags majoritet, och reserverade "
            "platser efter utbildning går bara ihop med utbildning; skriv samma majority för alla, och "
            "ses_quota: false",
        )
    return traits == {"background"}


def limit_majority(admissions: Sequence[Admission], campus: Campus, seats: Array) -> Array:
    """Return the most of some seats of each school that the majority may get."""
    share = np.array([own.majority_quota for own in admissions])[campus.municipality]
    share = np.where(follows_municipal_rule(admissions, campus), share, 1.0)
    share = share.reshape(-1, *[1] * (seats.ndim - 1))
    # to the nearest seat: a single one is not closed to more than half of the pupils
    return np.where(share < 1, np.floor(seats * share + 0.5), seats).astype(np.int32)


def count_placed(school: Array, cohort: Array, is_other: Array, shape: tuple[int, ...]) -> Array:
    """Count the placed by school, cohort and one trait (schools x cohorts x 2)."""
    placed = school != NONE
    at = (school[placed].astype(np.int64) * shape[1] + cohort[placed]) * 2 + is_other[placed]
    return np.bincount(at, minlength=shape[0] * shape[1] * 2).reshape(*shape, 2)


def _reserve(
    admissions: Sequence[Admission], campus: Campus, applicants: Applicants, cohort: Array, seats: Array
) -> Array:
    """Return the seats of each place reserved for each level of parental education."""
    counts = np.zeros((len(admissions), seats.shape[1], LEVELS_OF_EDUCATION))
    np.add.at(counts, (applicants.municipality, cohort, applicants.education), 1.0)
    share = counts / np.maximum(counts.sum(axis=2, keepdims=True), 1.0)
    part = np.array([(1 - own.quota_tolerance) * own.ses_quota for own in admissions])
    least = (share * part[:, None, None])[campus.municipality]
    bound = follows_municipal_rule(admissions, campus)[:, None, None, None]
    # down, so that reserves never exceed the seats
    return np.asarray(np.floor(seats[:, :, :, None] * least[:, :, None, :] * bound).astype(np.int32))


def _flatten(columns: Array) -> Array:
    """Return numbers by place and column."""
    return np.ascontiguousarray(columns.reshape(-1, columns.shape[-1]), np.int32)

"""What draws families to schools beyond what they see: found from the known composition of the schools.

A school's appeal is its constant in the choice of families: one for all, one more for those of foreign
background and one more for those of post-secondary education. It stands for what no table tells: catchments
as drawn, blocks within areas, profile and name. It is found by the contraction of Berry (1994): the log of
how many the school has, less that of how many wish to go there, is added until both are the same.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from segsim.kernels.schools.campus import Campus, Nearby
from segsim.kernels.schools.school_wishes import FamilyKinds, expect_wishes, list_options
from segsim.rules.schools import Admission
from segsim.state import CityState
from segsim.steps.schools.admission import choice_taste, choice_weights, describe_applicants
from segsim.steps.schools.enrolment import SECOND_ENTRY, PupilRoll, describe_appeal, describe_campus
from segsim.tables import NONE, Array, Education, Schools, municipality_of_cells

ROUNDS = 30
"""After which the wishes are within some per cent of the pupils, where any appeal makes them so."""
_STEP, _SLOWS = 0.6, 8.0
"""The first step as a part of the way, and the rounds after which it is half: the default of a whole block
changes at once, so that full steps swing to and fro."""
_HIGHEST = 5.0
"""Largest appeal, logit units: six kilometres of way. Schools that it is not enough for are few and small."""
_SWEEPS = 10
"""Rounds of raking; shares by background and education are then exact to a thousandth."""
_MOST_STEPS, _FARTHEST = 60, 20.0
"""Newton's steps (six, where a city has both kinds), and bounds of the log odds it moves."""


class KnownSchools(NamedTuple):
    """What is known of the pupils of each school: how many, and shares of them, NaN where not known."""

    pupils: Array
    foreign: Array
    educated: Array

    @property
    def is_told(self) -> Array:
        """Of which schools more than the number of pupils is known."""
        return np.asarray(np.isfinite(self.foreign) | np.isfinite(self.educated))

    def select(self, rows: Array) -> "KnownSchools":
        """Return what is known of some of the schools."""
        return KnownSchools(*(column[rows] for column in self))


def show_known(schools: Schools, order: Array, known: KnownSchools) -> None:
    """Let guardians see the shares of foreign background that are known."""
    is_known = np.isfinite(known.foreign)
    schools.own_share[order[is_known]] = known.foreign[is_known]


def fit_appeal(
    state: CityState, order: Array, known: KnownSchools, nearby: Nearby, pupils: PupilRoll, is_active: Array
) -> None:
    """Find the appeal with which, on average over tastes, as many wish to go to each school as are known to.

    Parameters
    ----------
    known : KnownSchools
        In municipalities where nothing but the number of pupils is known schools keep the appeal they have.
    is_active : bool array, pupils
    """
    if not known.is_told.any():
        return
    schools, choice = state.tables.schools, state.preferences.schools.choice
    campus = describe_campus(state, order)
    families, goes_on = (
        _describe_families(state, campus, nearby, pupils, is_active),
        campus.last_grade >= SECOND_ENTRY,
    )
    for i in range(ROUNDS):
        wishes, appeal = np.zeros((order.size, 4)), _appeal_to_kinds(schools, order)
        for part in families:
            expect_wishes(part, appeal, choice.appeal_km, goes_on, wishes)
        adjust_appeal(state, order, known, wishes.reshape(-1, 2, 2), _STEP / (1 + i / _SLOWS))


def adjust_appeal(state: CityState, order: Array, known: KnownSchools, wishes: Array, step: float) -> None:
    """Move the appeal of schools towards that with which as many wish to go to each as are known to.

    Parameters
    ----------
    wishes : float array (schools, 2, 2)
        How many wish to go to each school, by background and whether parents have post-secondary education.
    step : float
        The part of the way that is gone.
    """
    schools = state.tables.schools
    municipality = municipality_of_cells(state.tables)[schools.cell[order]]
    for m in np.unique(municipality[known.is_told]):
        own = np.flatnonzero((municipality == m) & (known.pupils > 0))
        change = _find_lack(wishes[own], known.select(own))
        for column, lack in zip(
            (schools.appeal, schools.appeal_foreign, schools.appeal_educated), change, strict=True
        ):
            value = column[order[own]] + step * lack
            # what is the same for all schools moves nobody, and a school to come has 0
            value -= np.average(value, weights=known.pupils[own])
            column[order[own]] = np.clip(value, -_HIGHEST, _HIGHEST)


def count_wishes(pupils: PupilRoll, wish: Array, n: int) -> Array:
    """Return as many pupils as wish to go to each school, of the kinds that got there (n, 2, 2).

    Parameters
    ----------
    pupils : PupilRoll
        With the schools they got.
    wish : int array, pupils
        The school each would go to if all had seats.
    """
    got = _count_kinds(pupils, pupils.school, n)
    wished = np.bincount(wish[wish != NONE], minlength=n) / np.maximum(got.sum(axis=(1, 2)), 1.0)
    return np.asarray(got * wished[:, None, None])


def _count_kinds(pupils: PupilRoll, school: Array, n: int) -> Array:
    """Count pupils by school, background and whether parents have post-secondary education (n, 2, 2)."""
    here = school != NONE
    kind = school.astype(np.int64) * 4 + pupils.kind * 2 + _is_educated(pupils)
    return np.bincount(kind[here], minlength=n * 4).reshape(n, 2, 2).astype(np.float64)


def _is_educated(pupils: PupilRoll) -> Array:
    """Return whose parents have post-secondary education."""
    return np.asarray(pupils.education >= Education.SHORT_POST_SECONDARY)


def _appeal_to_kinds(schools: Schools, order: Array) -> Array:
    """Return the appeal of each school to the kinds of `FamilyKinds`."""
    levels = [Education.LOWER_SECONDARY, Education.SHORT_POST_SECONDARY]
    return describe_appeal(schools, order)[:, :, levels].reshape(-1, 4)


def _describe_families(
    state: CityState, campus: Campus, nearby: Nearby, pupils: PupilRoll, is_active: Array
) -> list[FamilyKinds]:
    """Return the families of pupils by the rules of admission where they live."""
    rules = state.admissions
    home = municipality_of_cells(state.tables)[pupils.cell]
    out = []
    for admission in dict.fromkeys(rules):
        here = np.isin(home, [m for m, own in enumerate(rules) if own == admission])
        if here.any():
            out.append(_sum_up(state, admission, campus, nearby, pupils.select(here), is_active[here]))
    return out


def _sum_up(
    state: CityState,
    admission: Admission,
    campus: Campus,
    nearby: Nearby,
    pupils: PupilRoll,
    is_active: Array,
) -> FamilyKinds:
    """Return the families of some pupils: alike in home, background, education and weights."""
    weights = choice_weights(state)
    alike = np.unique(weights.reshape(-1, weights.shape[2]), axis=0, return_inverse=True)[1]
    group = alike.reshape(weights.shape[:2])[state.tables.persons.group[pupils.rows], pupils.education]
    # by id, so that sums do not depend on the order of rows
    cell = state.tables.cells.id[pupils.cell].astype(np.int64)
    key = ((cell * alike.size + group) * 2 + pupils.kind) * 2 + _is_educated(pupils)
    _, first, family = np.unique(key, return_index=True, return_inverse=True)
    one = pupils.select(first)
    one = replace(one, school=np.full(first.size, NONE, np.int32))
    choice, taste = state.preferences.schools.choice, choice_taste(state, admission)
    no_catchment, chooses = np.full(first.size, NONE, np.int32), np.ones(first.size, np.bool_)
    bare = campus._replace(appeal=np.zeros_like(campus.appeal))
    entry, further = (
        list_options(
            describe_applicants(state, one, chooses, np.full(first.size, grade, np.int8), no_catchment),
            bare,
            taste,
            nearby,
            max(choice.list_length, 2),
        )
        for grade in (0, SECOND_ENTRY)
    )
    is_upper = pupils.grade >= SECOND_ENTRY
    lower, upper = (
        np.bincount(2 * family[stage] + is_active[stage], minlength=2 * first.size).reshape(-1, 2)
        for stage in (~is_upper, is_upper)
    )
    kind = one.kind.astype(np.int64) * 2 + _is_educated(one)
    return FamilyKinds(kind, entry, further, lower.astype(np.float64), upper.astype(np.float64))


def _find_lack(wishes: Array, known: KnownSchools) -> tuple[Array, Array, Array]:
    """Return what the appeal to all, to foreign background and to the educated lacks, by school."""
    city = wishes.sum(axis=0) / wishes.sum()
    # one more pupil of the city's kinds, so that a school nobody wishes to go to has a logarithm
    seed = wishes + city
    n = seed.sum(axis=(1, 2))
    share = seed / n[:, None, None]
    foreign = _set_mean(known.foreign, share[:, 1].sum(axis=1), known.pupils, city[1].sum())
    educated = _set_mean(known.educated, share[:, :, 1].sum(axis=1), known.pupils, city[:, 1].sum())
    # raking multiplies rows and columns, so that the change is a sum of one term for each
    change = np.log(_rake(share, foreign, educated) / share)
    size = np.log(known.pupils * (n.sum() / known.pupils.sum()) / n)
    return (
        change[:, 0, 0] + size,
        change[:, 1, 0] - change[:, 0, 0],
        change[:, 0, 1] - change[:, 0, 0],
    )


def _set_mean(share: Array, now: Array, pupils: Array, mean: float) -> Array:
    """Return known shares with the mean of the city's pupils, all changed by the same log odds.

    Where a share is not known it is what it is now. The city's pupils are others than those of the schools'
    table: some come from elsewhere, and those who live here are as the areas' table has them.
    """
    # half a pupil from none and from all: no school is closed to a kind
    least = np.minimum(0.5 / pupils, 0.5)
    share = np.clip(np.where(np.isfinite(share), share, now), least, 1 - least)
    own, weight, level = logit(share), pupils / pupils.sum(), 0.0
    for _ in range(_MOST_STEPS):
        share = expit(own + level)
        miss = mean - (share * weight).sum()
        # bounded, because from far out a step would overshoot; a city without a kind has no level
        step = np.clip(miss / max((share * (1 - share) * weight).sum(), 1e-9), -2.0, 2.0)
        level = min(max(level + step, -_FARTHEST), _FARTHEST)
        if abs(step) < 1e-9:
            break
    return np.asarray(expit(own + level))


def _rake(table: Array, foreign: Array, educated: Array) -> Array:
    """Return shares by background and education (n, 2, 2) with given margins and a table's odds ratios."""
    rows, columns = np.stack([1 - foreign, foreign], axis=1), np.stack([1 - educated, educated], axis=1)
    for _ in range(_SWEEPS):
        table = table * (rows / table.sum(axis=2))[:, :, None]
        table = table * (columns / table.sum(axis=1))[:, None, :]
    return np.asarray(table)

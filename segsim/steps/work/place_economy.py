"""The place's own economy, read from its first city: participation, education and pay beside the nation's."""

import numpy as np
from scipy.special import expit, logit, ndtr

from segsim.ages import (
    EDUCATED_AGES,
    RETIREMENT_AGES,
    SCHOOL_LEAVING_AGE,
    STUDIES_END_AGE,
    UPPER_SECONDARY_LEAVING_AGE,
)
from segsim.kernels.work.wages import PAY_POINTS, fill_typical_wages, pay_ranks
from segsim.rules.origins import by_origin
from segsim.state import NATIONAL, CityState, Economy
from segsim.steps.schools.education import attainment, expect_attainment
from segsim.steps.work.activities import has_activity
from segsim.steps.work.participation import participation
from segsim.steps.work.wages import ability_in_pay, pay_spread, wage_terms
from segsim.tables import NONE, Activity, Array, Education

_PRIOR_SD = 0.5
"""Spread of log odds of participation over groups, sexes and educations about the place's, and of those of
attainment over places about the nation's (C): groups of few lean on the place, hamlets on the nation."""
_PRIOR_PAY = 200
"""Employed of an education as whom the place's pay counts beside their own (C)."""
_UNEMPLOYMENT = by_origin(0.0, 0.75, 1.65, 2.65)
"""Log odds of unemployment above those of Swedish background: means over the first cities of the nine
municipalities on which risks and penalties by origin are calibrated (C)."""
_PRIOR_UNEMPLOYED = 20
"""Unemployed of a group as whom the nation's count beside their own (C)."""
_FEWEST = 500
"""Employed of whom pay scales can be told; a hamlet's are the nation's (C)."""


def read_economy(state: CityState) -> Economy:
    """Return what of the first city's economy is its own.

    The national model of the labour market would, in some ten years, give every place the same participation
    and pay. So the differences at the start are taken as lasting: log odds of participation by group, sex
    and education; of reaching each education; of studying without working beside; how unemployment differs
    by group; and the distribution of pay about the typical wage by education.
    """
    weight = state.preferences.work.own_economy
    if weight == 0.0 or not has_activity(state.tables.persons, Activity.EMPLOYED).any():
        return NATIONAL
    economy = Economy(
        weight * _read_participation(state),
        weight * _read_attainment(state),
        weight * _read_losses(state),
        0.0,
        weight * _read_pay(state),
    )
    state.economy = economy  # who is on the way to a degree hangs on attainment here
    return economy._replace(studies=weight * _read_studies(state))


def _read_participation(state: CityState) -> Array:
    """Return the log odds of participation above the nation's, by group, sex and education."""
    persons, share = state.tables.persons, participation(state)
    age = state.year - persons.birth_year
    is_inside = has_activity(persons, Activity.EMPLOYED, Activity.UNEMPLOYED)
    is_outside = has_activity(persons, Activity.OUTSIDE)
    is_outside |= has_activity(persons, Activity.STUDENT) & (age >= STUDIES_END_AGE)
    rows = np.flatnonzero(
        (is_inside | is_outside) & (age >= UPPER_SECONDARY_LEAVING_AGE) & (age < RETIREMENT_AGES[0])
    )
    cell = persons.group[rows], persons.sex[rows], np.maximum(persons.education[rows], 0)
    people, inside = np.zeros(share.shape), np.zeros(share.shape[:3])
    np.add.at(people, (*cell, age[rows]), 1.0)
    np.add.at(inside, cell, is_inside[rows])
    national = logit(np.clip(share, 1e-9, 1 - 1e-9))
    of_all = _solve_shift(people[None], national[None], inside.sum()[None], 0.0, 0.0)
    return _solve_shift(people, national, inside, float(of_all[0]), _PRIOR_SD**-2)


def _solve_shift(people: Array, national: Array, inside: Array, mean: float, precision: float) -> Array:
    """Return the shift of log odds with which as many as are inside are expected there, leaning on a mean.

    It is the mode of its posterior when the prior is normal: inside = sum(people * expit(national + shift)) +
    precision * (shift - mean), by Newton's method.
    """
    axes = tuple(range(inside.ndim, people.ndim))
    shift = np.full(inside.shape, mean)
    for _ in range(50):
        p = expit(national + np.expand_dims(shift, axes))
        expected = people * p
        miss = inside - expected.sum(axes) - precision * (shift - mean)
        slope = (expected * (1.0 - p)).sum(axes) + precision
        # bounded, because from far out a step would overshoot; and an empty city has no slope
        shift = shift + np.clip(miss / np.maximum(slope, 1e-9), -1.0, 1.0)
    return np.asarray(np.clip(shift, -3.0, 3.0))


def _read_attainment(state: CityState) -> Array:
    """Return the log odds above the nation's with which the young reach each education.

    As many of those of 16 to 24 are to reach it in the end as have it at 25 to 64, so that the education of
    residents stays as it is.
    """
    persons, limits = state.tables.persons, np.array(state.preferences.work.attainment_limits)
    age = state.year - persons.birth_year
    young = np.flatnonzero((persons.id != NONE) & (age >= SCHOOL_LEAVING_AGE) & (age < STUDIES_END_AGE))
    first, last = EDUCATED_AGES
    grown = (persons.id != NONE) & (age >= first) & (age <= last)
    if young.size == 0 or not grown.any():
        return NATIONAL.attainment
    reached = persons.education[grown, None] > np.arange(limits.size)
    national = expect_attainment(state, young) - limits[:, None]
    return _solve_shift(
        np.ones(national.shape), national, young.size * reached.mean(axis=0), 0.0, _PRIOR_SD**-2
    )


def _read_losses(state: CityState) -> Array:
    """Return the log risk of losing a job above the nation's by group, from who is unemployed.

    In balance the odds of unemployment are the ratio of losing to finding a job. How many find one is set for
    the place as a whole (`hear_directly`), so only what sets a group apart from all others is read.
    """
    persons, n = state.tables.persons, len(state.groups)
    out, working = (
        np.bincount(persons.group[has_activity(persons, activity)], minlength=n).astype(float)
        for activity in (Activity.UNEMPLOYED, Activity.EMPLOYED)
    )
    expected = working * np.exp(_UNEMPLOYMENT.per_group(state.groups))
    expected *= out.sum() / max(expected.sum(), 1e-9)
    return np.asarray(np.log((out + _PRIOR_UNEMPLOYED) / (expected + _PRIOR_UNEMPLOYED)))


def _read_studies(state: CityState) -> float:
    """Return the log odds above the nation's of those on the way to a degree that they do not work beside."""
    persons = state.tables.persons
    age = state.year - persons.birth_year
    rows = np.flatnonzero(
        (persons.id != NONE)
        & (age > UPPER_SECONDARY_LEAVING_AGE)
        & (age < STUDIES_END_AGE)
        & (persons.education >= Education.UPPER_SECONDARY)
    )
    goal = attainment(state, rows)
    ends = np.array(state.preferences.work.study_ends)[goal]
    on_the_way = float(((goal >= Education.SHORT_POST_SECONDARY) & (age[rows] < ends)).sum())
    students = float((persons.activity[rows] == Activity.STUDENT).sum())
    national = state.preferences.work.studies_only
    # leaning on the nation with twenty students; a town where all study has others from elsewhere
    share = (students + 20 * national) / (on_the_way + 20)
    return float(logit(np.clip(share, 0.02, 0.98)) - logit(np.clip(national, 0.02, 0.98)))


def _read_pay(state: CityState) -> Array:
    """Return log pay above the nation's by education and rank, with the ranks the first city's people have.

    Quantiles of what the employed of an education earn above the typical wage, at the ranks that their
    ability lets expect: normal, with the mean and the spread that ability gives them. Distances from the
    middle are multiplied by `pay_below` and `pay_above`.
    """
    persons, preferences = state.tables.persons, state.preferences.work
    national = pay_spread(preferences) * pay_ranks()
    rows = np.flatnonzero(has_activity(persons, Activity.EMPLOYED) & (persons.wage > 0))
    if rows.size < _FEWEST:
        return NATIONAL.pay
    typical, unused = np.empty(rows.size), np.empty(rows.size)
    wage_level = state.tables.workplaces.wage_level
    fill_typical_wages(wage_terms(state), state.year, rows, persons, wage_level, typical, unused)
    above = np.log(persons.wage[rows].astype(float)) - typical
    level, ability = np.maximum(persons.education[rows], 0), persons.ability[rows].astype(float)
    link = ability_in_pay(preferences)
    of_all = _pay_quantiles(above, ability, link)
    scales = np.empty((len(Education), PAY_POINTS))
    for education in Education:
        own = level == education
        share = own.sum() / (own.sum() + _PRIOR_PAY)
        scales[education] = (1 - share) * of_all
        if own.any():
            scales[education] += share * _pay_quantiles(above[own], ability[own], link)
    middle = scales[:, PAY_POINTS // 2, None]
    factor = np.where(scales < middle, preferences.pay_below, preferences.pay_above)
    return middle + factor * (scales - middle) - national


def _pay_quantiles(above: Array, ability: Array, link: float) -> Array:
    """Return log pay at each rank, rising at least a little from rank to rank."""
    mean, spread = link * ability.mean(), np.sqrt(link**2 * ability.var() + 1.0 - link**2)
    quantiles = np.quantile(above, ndtr((pay_ranks() - mean) / max(spread, 1e-9)))
    return np.asarray(np.maximum.accumulate(quantiles) + 1e-4 * np.arange(PAY_POINTS))

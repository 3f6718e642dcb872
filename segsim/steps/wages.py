"""Wages: a Mincer equation with lasting differences, and what living among one's own group does to them."""

import numpy as np

from segsim.kernels.jobs import set_wages
from segsim.rules.work import WorkPreferences
from segsim.steps.activities import doing
from segsim.steps.lodging import household_areas
from segsim.steps.moment import Moment
from segsim.tables import NONE, Activity, Array, Education, Sex

_LAST_EXPERIENCE = 40


def pay(moment: Moment) -> None:
    """Set the wages of all who are employed."""
    persons, wanted = moment.tables.persons, moment.preferences.work
    rows = np.flatnonzero(doing(persons, Activity.EMPLOYED))
    experience = _experience(moment, rows)
    level = _level(moment, rows) + wanted.wage_ability * persons.ability[rows]
    typical = level + _reward(wanted, experience)
    before = level + _reward(wanted, np.maximum(experience - 1, 0))
    wage = persons.wage[rows].astype(np.float64)
    is_new = persons.active_since[rows] == moment.year
    kept = np.where(is_new, wanted.wage_memory, wanted.wage_persistence)
    set_wages(moment.key, moment.year, typical, before, kept, wanted.wage_spread, persons.id[rows], wage)
    persons.wage[rows] = wage


def _experience(moment: Moment, rows: Array) -> Array:
    """Return years since studies ended, at most 40."""
    persons = moment.tables.persons
    ends = np.array(moment.preferences.work.study_ends)[np.maximum(persons.education[rows], 0)]
    return np.asarray(np.clip(moment.year - persons.birth_year[rows] - ends, 0, _LAST_EXPERIENCE))


def _reward(wanted: WorkPreferences, experience: Array) -> Array:
    """Return what experience adds to the log wage."""
    return np.asarray(wanted.wage_experience * experience + wanted.wage_experience_squared * experience**2)


def _level(moment: Moment, rows: Array) -> Array:
    """Return the log wage that education, sex, workplace and place let expect, experience apart."""
    persons, wanted = moment.tables.persons, moment.preferences.work
    level = np.log(wanted.wage_base) + np.array(wanted.wage_return)[np.maximum(persons.education[rows], 0)]
    level += np.where(persons.sex[rows] == Sex.WOMAN, wanted.wage_women, 0.0)
    has_place = persons.workplace[rows] != NONE
    level[has_place] += moment.tables.workplaces.wage_level[persons.workplace[rows[has_place]]]
    if wanted.enclave_earnings != 0.0:
        is_abroad = np.array([group.born != "sweden" for group in moment.groups])
        is_low = persons.education[rows] == Education.LOWER_SECONDARY
        concerned = is_abroad[persons.group[rows]] & is_low
        level[concerned] += (
            wanted.enclave_earnings
            * enclave(moment)[
                household_areas(moment.tables)[persons.household[rows[concerned]]],
                persons.group[rows[concerned]],
            ]
        )
    return np.asarray(level)


def enclave(moment: Moment) -> Array:
    """Return each group's share of each area, in SDs over the group's members (areas x groups)."""
    persons, tables = moment.tables.persons, moment.tables
    people = np.flatnonzero(persons.id != NONE)
    n_areas, n_groups = tables.areas.id.size, len(moment.groups)
    at = (
        household_areas(tables)[persons.household[people]].astype(np.int64) * n_groups + persons.group[people]
    )
    counts = np.bincount(at, minlength=n_areas * n_groups).reshape(n_areas, n_groups)
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    weight = counts / np.maximum(counts.sum(0), 1)
    order = np.argsort(tables.areas.id)  # so that sums do not depend on the order of rows
    mean = (weight * share)[order].sum(0)
    spread = np.sqrt((weight * (share - mean) ** 2)[order].sum(0))
    return np.asarray(np.where(spread > 1e-9, (share - mean) / np.maximum(spread, 1e-9), 0.0))

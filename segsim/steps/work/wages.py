"""Wages: a Mincer equation, ranks in pay that last, and what living among one's own group does to them."""

import numpy as np

from segsim.kernels.housing.residence import count_active
from segsim.kernels.work.wages import WageTerms, fill_typical_wages, pay_ranks, set_wages
from segsim.rules.work import WorkPreferences
from segsim.state import CityState
from segsim.steps.housing.residence import household_areas
from segsim.steps.work.activities import has_activity
from segsim.tables import Activity, Array, Education


def pay_wages(state: CityState) -> None:
    """Set the wages of all who are employed."""
    persons, preferences = state.tables.persons, state.preferences.work
    rows = np.flatnonzero(has_activity(persons, Activity.EMPLOYED))
    terms, wage_level = wage_terms(state), state.tables.workplaces.wage_level
    typical, before = np.empty(rows.size), np.empty(rows.size)
    fill_typical_wages(terms, state.year, rows, persons, wage_level, typical, before)
    # both this year's typical wage and last year's: who stays keeps the reward, nobody gets it anew each year
    if preferences.enclave_earnings != 0.0:
        concerned, reward = _enclave_earnings(state, rows)
        typical[concerned] += reward
        before[concerned] += reward
    if state.rules.demography.assignment_earnings != 0.0:
        assigned = _mark_assigned(state, rows)
        typical[assigned] += state.rules.demography.assignment_earnings
        before[assigned] += state.rules.demography.assignment_earnings
    # hired this year, and so without last year's wage to hold on to
    is_new = persons.active_since[rows] == state.year
    kept = np.where(is_new, preferences.wage_memory, preferences.wage_persistence)
    set_wages(
        state.key, state.year, terms, rows, persons, state.tables.households.id.size, typical, before, kept
    )


def _mark_assigned(state: CityState, rows: Array) -> Array:
    """Return whether each person is born abroad and of a household that was assigned to the city."""
    persons = state.tables.persons
    is_abroad = np.array([group.born != "sweden" for group in state.groups])
    is_assigned = state.tables.households.assigned[persons.household[rows]]
    return np.asarray(is_assigned & is_abroad[persons.group[rows]])


def wage_terms(state: CityState) -> WageTerms:
    """Return the Mincer equation and the place's pay scales as kernels take them."""
    preferences = state.preferences.work
    return WageTerms(
        base=float(np.log(preferences.wage_base)),
        by_education=np.array(preferences.wage_return),
        women=preferences.wage_women,
        experience=preferences.wage_experience,
        experience_squared=preferences.wage_experience_squared,
        study_ends=np.array(preferences.study_ends),
        ability=ability_in_pay(preferences),
        shared=preferences.wage_household,
        pay=pay_spread(preferences) * pay_ranks() + state.economy.pay,
    )


def pay_spread(preferences: WorkPreferences) -> float:
    """Return the SD of log wages at equal education and experience in the nation, ability and luck together.

    Bounded, where neither spreads wages, so that a wage still tells a rank.
    """
    return max(float(np.hypot(preferences.wage_ability, preferences.wage_spread)), 1e-3)


def ability_in_pay(preferences: WorkPreferences) -> float:
    """Return the correlation of ability with rank in pay."""
    return preferences.wage_ability / pay_spread(preferences)


def _enclave_earnings(state: CityState, rows: Array) -> tuple[Array, Array]:
    """Return who of the employed earn by their enclave (positions in `rows`), and how much, log points."""
    persons = state.tables.persons
    is_abroad = np.array([group.born != "sweden" for group in state.groups])
    is_low = persons.education[rows] == Education.LOWER_SECONDARY
    concerned = np.flatnonzero(is_abroad[persons.group[rows]] & is_low)
    people = rows[concerned]
    area = household_areas(state.tables)[persons.household[people]]
    reward = state.preferences.work.enclave_earnings * enclave_shares(state)[area, persons.group[people]]
    return concerned, np.asarray(reward)


def enclave_shares(state: CityState) -> Array:
    """Return each group's share of each area, in SDs over the group's members (areas x groups)."""
    tables, persons = state.tables, state.tables.persons
    counts = np.empty((tables.areas.id.size, len(state.groups)), np.int64)
    everybody = np.ones(len(Activity), bool)
    count_active(
        household_areas(tables), persons.household, persons.group, persons.activity, everybody, counts
    )
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    weight = counts / np.maximum(counts.sum(0), 1)
    order = np.argsort(tables.areas.id)  # so that sums do not depend on the order of rows
    mean = (weight * share)[order].sum(0)
    spread = np.sqrt((weight * (share - mean) ** 2)[order].sum(0))
    return np.asarray(np.where(spread > 1e-9, (share - mean) / np.maximum(spread, 1e-9), 0.0))

"""Leaving: which households, and which grown children by themselves, move out of the city."""

from dataclasses import dataclass, replace

import numpy as np

from segsim.kernels.draws import Stream
from segsim.rules.origins import OLDEST, by_age
from segsim.state import CityState
from segsim.steps.anchors import settle as settle_anchors
from segsim.steps.housing.lodging import send_away
from segsim.steps.population.aims import leaving_factors, migration_figures
from segsim.steps.population.composition import household_types
from segsim.steps.population.families import (
    Families,
    child_rates,
    draw_events,
    draw_person_events,
    find_families,
    occurs,
)
from segsim.steps.population.reception import leaves_after_reception
from segsim.tables import NONE, Array, Tenure, release

STUDENT_AGES = 19, 22
GRADUATE_AGES = 24, 31
"""Ages at which students come to a town of theirs, and have left it again (C)."""


@dataclass(frozen=True)
class LeavingRates:
    """How likely each household is to leave the city: by tenure, lodging last, and age of the head.

    `kind` is the tenure of each household row, NONE where nobody heads it; `born` the head's birth year.
    """

    kind: Array
    born: Array
    rates: Array


def leaving_rates(state: CityState, families: Families) -> LeavingRates:
    """Return the yearly probability of leaving by tenure and age (tenures + 1 x ages), and whose it is."""
    tables, preferences = state.tables, state.preferences.demography
    home = tables.households.home
    # lodgers count as a tenure of their own, after the four
    kind = np.where(home == NONE, np.int8(len(Tenure)), tables.dwellings.tenure[home])
    kind[families.head == NONE] = NONE
    rates = np.outer(preferences.out_migration_tenure, by_age(preferences.out_migration))
    return LeavingRates(kind, tables.persons.birth_year[families.head], rates)


def graduates_leave(state: CityState, rates: Array) -> Array:
    """Return rates by age at which the young of a university town leave it when their studies end."""
    hazard = np.log(settle_anchors(state).youth) / (GRADUATE_AGES[1] - GRADUATE_AGES[0] + 1)
    out = rates.copy()
    ages = slice(GRADUATE_AGES[0], GRADUATE_AGES[1] + 1)
    out[..., ages] += hazard * (rates[..., ages] > 0)
    return out


def students_come(state: CityState, rates: Array) -> Array:
    """Return rates by age at which people come to a university town: more at the age when studies begin."""
    out = rates.copy()
    out[..., STUDENT_AGES[0] : STUDENT_AGES[1] + 1] *= settle_anchors(state).youth
    return out


def leave_city(state: CityState) -> None:
    """Let households, and grown children by themselves, leave the municipality."""
    tables, preferences = state.tables, state.preferences.demography
    persons, households = tables.persons, tables.households
    families = find_families(tables, state.year)
    who = leaving_rates(state, families)
    times = settle_anchors(state).leaving_home
    alone = child_rates(np.minimum(1.0, times * by_age(preferences.out_migration_from_home)))
    who = replace(who, rates=graduates_leave(state, who.rates))
    if preferences.hold_composition:
        who = _hold_types(state, families, who)
    if preferences.population_follows == "migration":
        who, alone = _meet_figure(state, who, alone)
    # one rate by tenure and age for all, which the kernel draws in a pass; the slow way only where
    # incomes matter
    if preferences.out_migration_income == 0.0:
        rows = draw_events(state, Stream.LEAVE_CITY, households.id, who.kind, who.born, who.rates)
    else:
        rows = np.flatnonzero((households.id != NONE) & (who.kind != NONE))
        rate = rates_of(state, who, rows)
        rate = rate * np.exp(preferences.out_migration_income * _standing(households.standard[rows]))
        rows = rows[occurs(state, Stream.LEAVE_CITY, households.id[rows], rate)]
    settling, rate = leaves_after_reception(state)
    if settling.size:
        moves_on = settling[occurs(state, Stream.LEAVE_CITY, households.id[settling], rate)]
        rows = np.union1d(np.setdiff1d(rows, settling), moves_on)
    send_away(state, rows)
    rows = draw_person_events(state, Stream.LEAVE_CITY_ALONE, persons.role, alone)
    release(persons, rows)
    state.flows["out_migration"] += rows.size


def rates_of(state: CityState, who: LeavingRates, rows: Array) -> Array:
    """Return the probability of leaving of each of the households in `rows`."""
    return np.asarray(who.rates[who.kind[rows], np.clip(state.year - who.born[rows], 0, OLDEST)])


def _hold_types(state: CityState, families: Families, who: LeavingRates) -> LeavingRates:
    """Return rates at which types of household that are too common leave more, and rare ones less."""
    types = household_types(state.tables, families, state.year)
    rows = np.flatnonzero((state.tables.households.id != NONE) & (who.kind != NONE))
    factors = leaving_factors(state, types[rows], rates_of(state, who, rows))
    kind = np.where(who.kind == NONE, NONE, who.kind * np.int16(factors.size) + types).astype(np.int16)
    rates = np.minimum(1.0, who.rates[:, None, :] * factors[None, :, None])
    return LeavingRates(kind, who.born, rates.reshape(-1, who.rates.shape[1]))


def _meet_figure(state: CityState, who: LeavingRates, alone: Array) -> tuple[LeavingRates, Array]:
    """Return rates of households and of grown children at which so many are expected to leave as is given."""
    out = migration_figures(state.preferences.demography, state.year).out
    if out is None:
        return who, alone
    persons = state.tables.persons
    rows = np.flatnonzero(persons.id != NONE)
    rate = np.zeros(state.tables.households.id.size)
    headed = np.flatnonzero(who.kind != NONE)
    rate[headed] = rates_of(state, who, headed)
    age = np.clip(state.year - persons.birth_year[rows], 0, OLDEST)
    with_household, by_themselves = rate[persons.household[rows]], alone[persons.role[rows], age]
    expected = (with_household + (1.0 - with_household) * by_themselves).sum()
    factor = out / max(float(expected), 1e-9)
    return (
        LeavingRates(who.kind, who.born, np.minimum(1.0, factor * who.rates)),
        np.minimum(1.0, factor * alone),
    )


def _standing(standard: Array) -> Array:
    """Return log economic standard in standard deviations from the mean."""
    log_standard = np.log(np.maximum(standard.astype(float), 1.0))
    ordered = np.sort(log_standard)  # so that sums do not depend on the order of rows
    return np.asarray((log_standard - ordered.mean()) / max(ordered.std(), 1e-9))

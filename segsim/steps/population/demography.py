"""Demography: births and deaths, households that form and part, and who moves in and out of the city."""

import numpy as np

from segsim.ages import SCHOOL_AGES, WORKFORCE_AGES
from segsim.kernels.draws import Stream
from segsim.kernels.population.families import settle_roles
from segsim.rules.demography import DemographyPreferences
from segsim.rules.origins import OLDEST
from segsim.state import CityState
from segsim.steps.anchors import settle as settle_anchors
from segsim.steps.housing.lodging import (
    NEAR,
    HostRing,
    build_host_ring,
    end_households,
    find_hosts,
    send_away,
)
from segsim.steps.housing.residence import household_areas
from segsim.steps.population.aims import note_growth
from segsim.steps.population.births import bear_children
from segsim.steps.population.composition import count_persons
from segsim.steps.population.families import (
    draw_person_events,
    find_families,
    leave_home,
    pair_couples,
    part_couples,
)
from segsim.steps.population.leaving import leave_city
from segsim.steps.population.newcomers import receive_newcomers
from segsim.steps.work.incomes import recount_households
from segsim.tables import NONE, Array, Role, release


def step(state: CityState) -> None:
    """Live the year: deaths, births, households that part and form, departures, arrivals.

    Whoever is left without a home lodges. Notes the flows of persons, under `growth.working_age` the relative
    change of the number aged 20 to 66, which labour demand follows, and under `growth.school_age` that of
    children of 6 to 15, which the seats of municipal schools follow, each municipality's its own.
    """
    # both before anybody dies or leaves: this is what newcomers are to restore
    anchors = settle_anchors(state)
    before = count_persons(state, state.year - 1)
    ages = {"working_age": WORKFORCE_AGES, "school_age": SCHOOL_AGES}
    people = {name: _count_aged(state, state.year - 1, limits) for name, limits in ages.items()}
    # taken once: nobody changes home before the housing step, and who is gone by then still had an area
    area, ring = household_areas(state.tables), build_host_ring(state)
    pupils = _count_school_aged(state, state.year - 1, area)
    # the dead first, so that nobody dead gives birth, parts or leaves
    _bury(state)
    # heads before births and couples, which ask who heads a household
    _settle_roles(state, area, ring)
    bear_children(state)
    leave_home(state, anchors.leaving_home)
    part_couples(state, ring)
    pair_couples(state)
    # when households have formed and parted, so that those leave of which there have come to be too many
    leave_city(state)
    # after couples, who leave homes empty, and before arrivals, who may lodge only with whom is left
    end_households(state, area, ring)
    receive_newcomers(state, before, ring)
    note_growth(state)
    # once, at the end: until now sizes, ages and incomes are those of the year before
    recount_households(state)
    for name, limits in ages.items():
        state.flows[f"growth.{name}"] = _count_aged(state, state.year, limits) / max(people[name], 1) - 1.0
    now = _count_school_aged(state, state.year, household_areas(state.tables))
    state.local_flows["growth.school_age"] = now / np.maximum(pupils, 1) - 1.0


def _count_aged(state: CityState, year: int, limits: tuple[int, int]) -> int:
    """Count the persons of some ages, both limits included, at the end of a year."""
    return int(_mark_aged(state, year, limits).sum())


def _count_school_aged(state: CityState, year: int, area: Array) -> Array:
    """Count the children of 6 to 15 of each municipality at the end of a year, by the area of households."""
    rows = np.flatnonzero(_mark_aged(state, year, SCHOOL_AGES))
    home = area[state.tables.persons.household[rows]]
    municipality = state.tables.areas.municipality[home[home != NONE]]
    return np.bincount(municipality, minlength=len(state.municipality_names))


def _mark_aged(state: CityState, year: int, limits: tuple[int, int]) -> Array:
    """Return which person rows are of some ages, both limits included, at the end of a year."""
    persons = state.tables.persons
    age = year - persons.birth_year
    return np.asarray((persons.id != NONE) & (age >= limits[0]) & (age <= limits[1]))


def mortality(preferences: DemographyPreferences) -> Array:
    """Return the yearly probability of dying, by sex and age: Gompertz, and the extra risk of infants."""
    age = np.arange(OLDEST + 1)
    level, slope = np.array(preferences.mortality)[:, None], np.array(preferences.mortality_slope)[:, None]
    dies = -np.expm1(-level * np.exp(slope * age))
    dies[:, 0] += preferences.mortality_infant
    # schedules end here, and nobody may outlive them
    dies[:, OLDEST] = 1.0
    return np.asarray(np.minimum(dies, 1.0))


def _bury(state: CityState) -> None:
    """Let people die by age and sex."""
    persons = state.tables.persons
    dead = draw_person_events(state, Stream.DEATH, persons.sex, mortality(state.preferences.demography))
    _widow(state, dead)
    # kept, since measures of followed areas tell the dead from those who left
    state.dead = persons.id[dead]
    release(persons, dead)
    state.flows["deaths"] += dead.size


def _widow(state: CityState, gone: Array) -> None:
    """Let the partners of heads who go be partners no more."""
    families = find_families(state.tables, state.year)
    household = state.tables.persons.household[gone]
    partner = families.partner[household[families.head[household] == gone]]
    state.tables.persons.role[partner[partner != NONE]] = Role.ADULT


def _settle_roles(state: CityState, area: Array, ring: HostRing) -> None:
    """Give households a new head; children left alone are taken in by another household nearby.

    The children of one home stay together. They go to a household with a home of their own group in their
    area, else of their area, group or city; in a city where no household has a home they leave it.
    """
    persons, households = state.tables.persons, state.tables.households
    orphaned = np.zeros(households.id.size, bool)
    settle_roles(persons.id, persons.household, persons.birth_year, persons.role, state.year, orphaned)
    homes = np.flatnonzero(orphaned)
    if not homes.size:
        return
    # another orphaned home is no host, though it has one
    hosts = ring.select_hosts(state, ~orphaned)
    host = find_hosts(state, hosts, households.id[homes], area[homes], households.group[homes], NEAR)
    goes_to = np.arange(households.id.size + 1)
    goes_to[-1] = NONE
    goes_to[homes[host != NONE]] = host[host != NONE]
    persons.household[:] = goes_to[persons.household]
    send_away(state, homes[host == NONE])
    state.flows["orphaned_homes"] += homes.size

"""Demography: births and deaths, households that form and part, and who moves in and out of the city."""

import numpy as np

from segsim.ages import WORKFORCE_AGES
from segsim.groups import child_groups, is_foreign
from segsim.kernels.draws import Stream, identities_of, normals, uniforms
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
from segsim.steps.population.composition import count_persons
from segsim.steps.population.families import (
    Families,
    draw_person_events,
    find_families,
    leave_home,
    occurs,
    pair_couples,
    part_couples,
)
from segsim.steps.population.leaving import leave_city
from segsim.steps.population.newcomers import receive_newcomers
from segsim.steps.work.incomes import recount_households
from segsim.tables import NONE, Activity, Array, Role, Sex, release, with_free_rows

_FERTILE = (15, 49)


def step(state: CityState) -> None:
    """Live the year: deaths, births, households that part and form, departures, arrivals.

    Whoever is left without a home lodges. Notes the flows of persons, and under `growth.working_age` the
    relative change of the number aged 20 to 66, which labour demand follows.
    """
    # both before anybody dies or leaves: this is what newcomers are to restore
    settle_anchors(state)
    before = count_persons(state, state.year - 1)
    workers = _count_working_age(state, state.year - 1)
    # taken once: nobody changes home before the housing step, and who is gone by then still had an area
    area, ring = household_areas(state.tables), build_host_ring(state)
    # the dead first, so that nobody dead gives birth, parts or leaves
    _bury(state)
    # heads before births and couples, which ask who heads a household
    _settle_roles(state, area, ring)
    _bear_children(state)
    leave_home(state)
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
    state.flows["growth.working_age"] = _count_working_age(state, state.year) / max(workers, 1) - 1.0


def _count_working_age(state: CityState, year: int) -> int:
    """Count the persons of working age at the end of a year."""
    persons = state.tables.persons
    age = year - persons.birth_year
    return int(((persons.id != NONE) & (age >= WORKFORCE_AGES[0]) & (age <= WORKFORCE_AGES[1])).sum())


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


def _bear_children(state: CityState) -> None:
    """Let women have children, by age, group, partner and the children they have at home."""
    tables, year, preferences = state.tables, state.year, state.preferences.demography
    persons = tables.persons
    families = find_families(tables, year)
    age = year - persons.birth_year
    is_fertile = (persons.sex == Sex.WOMAN) & (age >= _FERTILE[0]) & (age <= _FERTILE[1])
    women = np.flatnonzero((persons.id != NONE) & is_fertile & (persons.role != Role.CHILD))
    other = _find_partners(families, persons.household[women], women)
    rates = fertility(state)[persons.group[women], age[women]]
    # not scaled back to the schedule: fewer couples mean fewer births
    rates = rates * np.where(other != NONE, preferences.fertility_paired, preferences.fertility_alone)
    by_children = np.array(preferences.fertility_by_children)
    rates = rates * by_children[np.minimum(families.minors[persons.household[women]], by_children.size - 1)]
    gives_birth = occurs(state, Stream.BIRTH, persons.id[women], rates)
    _add_newborn(state, women[gives_birth], other[gives_birth])


def _find_partners(families: Families, household: Array, rows: Array) -> Array:
    """Return the partner of each person, NONE for those without."""
    head, partner = families.head[household], families.partner[household]
    return np.where((head == rows) & (head != NONE), partner, np.where(partner == rows, head, NONE))


def fertility(state: CityState) -> Array:
    """Return births a year per woman, by group and age: a normal curve over ages 15 to 49."""
    preferences = state.preferences.demography
    age = np.arange(OLDEST + 1)
    curve = np.exp(-0.5 * ((age - preferences.fertility_age) / preferences.fertility_age_sd) ** 2)
    # cut before it is divided by its sum, so that all children per woman fall within the ages that bear
    curve[(age < _FERTILE[0]) | (age > _FERTILE[1])] = 0.0
    return np.asarray(np.outer(preferences.fertility.per_group(state.groups), curve / curve.sum()))


def _add_newborn(state: CityState, mothers: Array, fathers: Array) -> None:
    """Add one child to each mother's household."""
    tables, year, key = state.tables, state.year, state.key
    tables.persons, rows = with_free_rows(tables.persons, mothers.size)
    persons = tables.persons
    has_father = fathers != NONE
    other = np.where(has_father, fathers, mothers)
    # by mother and year: the same child is born whatever else differs between two scenarios
    ids = identities_of(Stream.ID_BIRTH, persons.id[mothers], year, np.zeros(mothers.size, np.int64))
    persons.id[rows] = ids
    persons.household[rows] = persons.household[mothers]
    persons.birth_year[rows] = year
    is_boy = uniforms(key, Stream.BIRTH_SEX, year, ids, 0) < state.preferences.demography.boys
    persons.sex[rows] = np.where(is_boy, Sex.MAN, Sex.WOMAN)
    persons.group[rows] = newborn_groups(state)[persons.group[mothers], persons.group[other]]
    persons.role[rows] = Role.CHILD
    # at birth, once: what parents learn later does not count
    persons.parent_education[rows] = np.maximum(
        np.maximum(persons.education[mothers], persons.education[other]), 0
    )
    persons.activity[rows] = Activity.CHILD
    persons.active_since[rows] = year
    persons.wage[rows] = 0.0
    persons.ability[rows] = normals(key, Stream.BIRTH_ABILITY, year, ids, 0)
    persons.achievement[rows] = 0.0
    state.flows["births"] += rows.size


def newborn_groups(state: CityState) -> Array:
    """Return the group of a child by its mother's and its father's group (int8).

    It is the mother's `children` group, except that one parent whose children count as of Swedish background
    is enough for that (Statistics Sweden: foreign background asks for two parents born abroad).
    """
    to = child_groups(state.groups)
    swedish = ~is_foreign(state.groups)
    mother, father = np.meshgrid(to, to, indexing="ij")
    takes_fathers = swedish[father] & ~swedish[mother]
    return np.where(takes_fathers, father, mother).astype(np.int8)

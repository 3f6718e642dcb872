"""Families: grown children leave home, couples part, and couples form."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from segsim.ages import ADULT_AGE
from segsim.groups import is_foreign
from segsim.kernels.draws import Stream, identities_of, uniforms
from segsim.kernels.population.couples import Affinity, Seekers, match_couples
from segsim.kernels.population.events import find_events
from segsim.kernels.population.families import find_heads
from segsim.rules.demography import DemographyPreferences
from segsim.rules.origins import OLDEST, SharesByAge, by_age
from segsim.state import CityState
from segsim.steps.housing.lodging import NEAR, HostRing, find_hosts
from segsim.steps.housing.residence import household_areas
from segsim.tables import NONE, Array, Persons, Role, Sex, Tables, with_free_rows

_FROM_HOME, _FROM_PARTNER = 0, 1
_HOME_UNTIL = 31
"""Oldest age at which a first city has grown children with their parents."""
_PRIOR_AT_HOME = 20
"""Grown children at home as whom the nation's rates count beside the place's own."""
_MOST_LEAVING = float(np.log(8.0))


@dataclass(frozen=True)
class Families:
    """Who heads each household and who is the head's partner; one entry per household row."""

    head: Array
    partner: Array
    grown: Array
    minors: Array


def find_families(tables: Tables, year: int) -> Families:
    """Find the head, the partner, the number of grown persons and of minors of every household."""
    n, persons = tables.households.id.size, tables.persons
    head, partner = np.empty(n, np.int32), np.empty(n, np.int32)
    grown, minors = np.empty(n, np.int32), np.empty(n, np.int32)
    find_heads(
        persons.id, persons.household, persons.birth_year, persons.role, head, partner, grown, minors, year
    )
    return Families(head, partner, grown, minors)


def ages(persons: Persons, rows: Array, year: int) -> Array:
    """Return the age each person reaches in the year, within the range of schedules."""
    return np.asarray(np.clip(year - persons.birth_year[rows], 0, OLDEST))


def occurs(state: CityState, stream: Stream, ids: Array, probability: Array) -> Array:
    """Draw, for each id, whether something of a given probability happens this year."""
    return np.asarray(uniforms(state.key, stream, state.year, ids, 0) < probability)


def draw_person_events(state: CityState, stream: Stream, kind: Array, rates: Array) -> Array:
    """Return the rows of the persons something happens to this year, by kind and age (kinds x ages)."""
    persons = state.tables.persons
    return draw_events(state, stream, persons.id, kind, persons.birth_year, rates)


def draw_events(
    state: CityState, stream: Stream, ids: Array, kind: Array, birth_year: Array, rates: Array
) -> Array:
    """Return the rows of those, persons or households, something happens to this year; see `find_events`."""
    out = np.empty(ids.size, bool)
    find_events(state.key, int(stream), state.year, ids, kind, birth_year, rates, out)
    return np.flatnonzero(out)


def child_rates(rates: Array) -> Array:
    """Return rates by age as rates by role and age: those of children at home, 0 for others."""
    out = np.zeros((len(Role), rates.size))
    out[Role.CHILD] = rates
    return out


def read_leaving_home(state: CityState, year: int) -> float:
    """Return how many times the nation's rates the grown children of the place leave home, 1/8 to 8.

    At it as many stay with their parents until 31 as do now, when as many come of age a year as are 16 to 18:
    where homes are scarce they stay long, and left at the nation's rates they would crowd the queue.
    """
    persons, preferences = state.tables.persons, state.preferences.demography
    age = year - persons.birth_year
    is_child = (persons.id != NONE) & (persons.role == Role.CHILD)
    of_age = float((is_child & (age >= ADULT_AGE - 2) & (age <= ADULT_AGE)).sum()) / 3.0
    at_home = float((is_child & (age > ADULT_AGE) & (age <= _HOME_UNTIL)).sum())
    ages_at_home = slice(ADULT_AGE + 1, _HOME_UNTIL + 1)
    leaves = by_age(preferences.leaving_home) + by_age(preferences.out_migration_from_home)

    def stay(log_factor: float) -> float:
        stays = 1.0 - np.minimum(1.0, np.exp(log_factor) * leaves[ages_at_home])
        return of_age * float(np.cumprod(stays).sum())

    national = stay(0.0)
    wanted = national * (at_home + _PRIOR_AT_HOME) / (national + _PRIOR_AT_HOME)
    most, least = stay(-_MOST_LEAVING), stay(_MOST_LEAVING)
    if not least < most:  # nobody comes of age, or nobody ever leaves
        return 1.0
    wanted = np.clip(wanted, least, most)
    log_factor = brentq(lambda x: stay(x) - wanted, -_MOST_LEAVING, _MOST_LEAVING)
    return float(np.exp(preferences.own_families * log_factor))


def leave_home(state: CityState, times: float) -> None:
    """Let grown children form households of their own, lodging at first where their parents live.

    They leave so many times as often as in the nation (`read_leaving_home`).
    """
    persons = state.tables.persons
    rates = np.minimum(1.0, times * by_age(state.preferences.demography.leaving_home))
    rates[:ADULT_AGE] = 0.0
    rows = draw_person_events(state, Stream.LEAVE_HOME, persons.role, child_rates(rates))
    if not rows.size:
        return
    households = state.tables.households
    parents = persons.household[rows]
    # a lodger hosts nobody: the child lodges with the parents' host
    host = np.where(households.home[parents] != NONE, parents, households.lodging_with[parents])
    share = state.preferences.demography.parental_help
    # several children of one household each take their share of what was there
    n = np.bincount(parents, minlength=households.id.size)
    taken = share * households.wealth[parents] / np.maximum(1.0, share * n[parents])
    lost = np.bincount(parents, taken, households.id.size)
    households.wealth[:] = households.wealth - lost
    form_households(state, rows, parents, host, taken, _FROM_HOME)
    state.flows["left_home"] += rows.size


def part_couples(state: CityState, ring: HostRing) -> None:
    """Let couples part: one of them moves out with half the savings and lodges nearby."""
    tables, year, preferences = state.tables, state.year, state.preferences.demography
    families = find_families(tables, year)
    couples = np.flatnonzero((families.head != NONE) & (families.partner != NONE))
    head, partner = families.head[couples], families.partner[couples]
    rates = by_age(preferences.separating)[ages(tables.persons, head, year)]
    parts = occurs(state, Stream.SEPARATE, tables.households.id[couples], rates)
    couples, head, partner = couples[parts], head[parts], partner[parts]
    if not couples.size:
        return
    sex = tables.persons.sex
    he = np.where(sex[head] == Sex.MAN, head, partner)
    she = np.where(he == head, partner, head)
    # even odds without children, where nothing is known of who stays
    he_moves = np.where(families.minors[couples] > 0, preferences.father_moves_out, 0.5)
    draw = uniforms(state.key, Stream.WHO_MOVES_OUT, year, tables.households.id[couples], 0)
    leaver = np.where(draw < he_moves, he, she)
    area = household_areas(tables)[couples]
    # the host is keyed by the person, who has no household of its own yet
    group, ids = tables.persons.group[leaver], tables.persons.id[leaver]
    host = find_hosts(state, ring.select_hosts(state), ids, area, group, NEAR, avoided=couples)
    # where nobody else has a home there is nowhere to go, and the couple stays
    stays = host == NONE
    couples, leaver, host, head, partner = (x[~stays] for x in (couples, leaver, host, head, partner))
    half = tables.households.wealth[couples] / 2
    tables.households.wealth[couples] -= half
    tables.persons.role[head] = tables.persons.role[partner] = Role.ADULT
    form_households(state, leaver, couples, host, half, _FROM_PARTNER)
    state.flows["separations"] += couples.size


def form_households(
    state: CityState, founders: Array, origin: Array, host: Array, wealth: Array, cause: int
) -> None:
    """Make a household of each founder, with the tastes and the queue time of the household they leave."""
    tables, year, persons = state.tables, state.year, state.tables.persons
    tables.households, rows = with_free_rows(tables.households, founders.size)
    households = tables.households
    households.id[rows] = identities_of(
        Stream.ID_NEW_HOUSEHOLD, persons.id[founders], year, np.full(rows.size, cause)
    )
    households.home[rows] = NONE
    households.lodging_with[rows] = host
    # they have queued while at home; without it whoever parts or leaves home would stand last
    households.queue_since[rows] = np.minimum(year, households.queue_since[origin])
    households.moved[rows] = year
    households.arrived[rows] = households.arrived[origin]
    households.assigned[rows] = households.assigned[origin]
    households.wealth[rows] = wealth
    households.taste_own_group[rows] = households.taste_own_group[origin]
    households.taste_income[rows] = households.taste_income[origin]
    households.group[rows] = persons.group[founders]
    households.education[rows] = np.maximum(persons.education[founders], 0)
    households.head_birth_year[rows] = persons.birth_year[founders]
    households.size[rows] = households.adults[rows] = 1
    households.children[rows] = 0
    households.income[rows] = households.income[origin] / np.maximum(households.adults[origin], 1)
    households.standard[rows] = households.standard[origin]
    persons.household[founders] = rows
    persons.role[founders] = Role.ADULT


def pair_couples(state: CityState) -> None:
    """Let grown persons without a partner find one, and move in together."""
    tables = state.tables
    families = find_families(tables, state.year)
    seekers = _draw_seekers(state, families, state.preferences.demography.seeking_partner)
    sex = tables.persons.sex[seekers]
    women, men = seekers[sex == Sex.WOMAN], seekers[sex == Sex.MAN]
    if women.size and men.size:
        women, men = _match_seekers(state, state.preferences.demography, women, men)
        _move_in(state, families, women, men)


def _draw_seekers(state: CityState, families: Families, rates: SharesByAge) -> Array:
    """Draw who seeks a partner: adults who are neither children at home nor in a couple, one a household."""
    persons = state.tables.persons
    is_free = (persons.id != NONE) & (persons.role == Role.ADULT)
    paired = families.partner != NONE
    # a head with a partner is an ADULT too, by role alone as free as a single
    is_free[families.head[paired & (families.head != NONE)]] = False
    rows = np.flatnonzero(is_free)
    draw = uniforms(state.key, Stream.SEEK_PARTNER, state.year, persons.id[rows], 0)
    seeks = draw < by_age(rates)[ages(persons, rows, state.year)]
    rows, draw = rows[seeks], draw[seeks]
    # of several in one home the lowest draw seeks: two moving out of one home at once would need a rule
    # of their own
    order = np.lexsort((persons.id[rows], draw))
    _, first = np.unique(persons.household[rows[order]], return_index=True)
    return np.asarray(rows[order[first]])


def _match_seekers(
    state: CityState, preferences: DemographyPreferences, women: Array, men: Array
) -> tuple[Array, Array]:
    """Match seekers; return the women and the men of the couples."""
    persons, key, year = state.tables.persons, state.key, state.year
    foreign = is_foreign(state.groups)
    points = uniforms(key, Stream.COUPLE_RING, year, persons.id[men], 0)
    # a ring of men for each birth year, on which one man more changes the candidates of few women
    order = np.lexsort((points, persons.birth_year[men]))
    men, points = men[order], points[order]
    turn = np.lexsort((persons.id[women], uniforms(key, Stream.COUPLE_TURN, year, persons.id[women], 0)))
    oldest = int(persons.birth_year[men[0]])
    born = persons.birth_year[men].astype(np.int64) - oldest
    first = np.zeros(born[-1] + 2, np.int64)
    first[1:] = np.cumsum(np.bincount(born))
    affinity = Affinity(
        preferences.partner_same_group,
        preferences.partner_same_background,
        preferences.partner_same_education,
        preferences.partner_age_gap,
        preferences.partner_age_gap_sd,
        preferences.partner_candidates,
    )
    match = np.empty(women.size, np.int64)
    match_couples(
        key, year, affinity,
        _describe_seekers(persons, women, foreign), _describe_seekers(persons, men, foreign),
        turn, points, first, oldest, match,
    )  # fmt: skip
    return women[match != NONE], men[match[match != NONE]]


def _describe_seekers(persons: Persons, rows: Array, foreign: Array) -> Seekers:
    """Return what others see of those who seek a partner."""
    return Seekers(
        persons.id[rows], persons.birth_year[rows], persons.group[rows], foreign, persons.education[rows],
        persons.household[rows],
    )  # fmt: skip


def _move_in(state: CityState, families: Families, women: Array, men: Array) -> None:
    """Join the households of each couple in the better home of the two.

    A head's household stands before one with another head, a home before lodging, one grown person before
    several, more rooms before fewer, the smaller id before the larger. Who has others that are grown at home
    comes alone; else the whole household comes. Two who both live under another head stay apart.
    """
    tables, persons, households = state.tables, state.tables.persons, state.tables.households

    def rank(rows: Array) -> Array:
        household = persons.household[rows]
        has_home = households.home[household] != NONE
        rooms = np.where(has_home, tables.dwellings.rooms[households.home[household]], 0)
        is_head, is_alone = families.head[household] == rows, families.grown[household] == 1
        # one number with the criteria as digits: no dwelling has 1000 rooms
        return np.asarray(is_head * 4000 + has_home * 2000 + is_alone * 1000 + rooms)

    # one of the two heads a household, else no home could take them
    can_meet = np.maximum(rank(women), rank(men)) >= 4000
    women, men = women[can_meet], men[can_meet]
    of_women, of_men = persons.household[women], persons.household[men]
    hers, his = rank(women), rank(men)
    at_hers = (hers > his) | ((hers == his) & (households.id[of_women] < households.id[of_men]))
    target = np.where(at_hers, of_women, of_men)
    source = np.where(at_hers, of_men, of_women)
    joiner = np.where(at_hers, men, women)
    is_whole = families.grown[source] == 1
    moves_to = np.arange(households.id.size + 1)
    # a free row of persons has household -1, which reads this last place
    moves_to[-1] = NONE
    moves_to[source[is_whole]] = target[is_whole]
    # whole households by one look-up, before the joiners who come alone
    persons.household[:] = moves_to[persons.household]
    persons.household[joiner] = target
    persons.role[joiner] = Role.PARTNER
    # who comes alone brings a part for one; a whole household brings all, since it has one grown person
    brought = households.wealth[source] / np.maximum(families.grown[source], 1)
    households.wealth[target] += brought
    households.wealth[source] -= brought
    state.flows["couples"] += women.size

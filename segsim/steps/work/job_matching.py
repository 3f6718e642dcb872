"""Vacant jobs are filled: who hears of them, who applies, whom employers take."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from segsim.kernels.draws import Stream, uniforms
from segsim.kernels.housing.residence import count_active
from segsim.kernels.matching import deferred_acceptance
from segsim.kernels.work.job_search import JobSeekers, Openings, SearchTerms, search_jobs
from segsim.rules.work import WorkPreferences
from segsim.state import CityState
from segsim.steps import anchors
from segsim.steps.housing.residence import household_areas, household_cells
from segsim.steps.population.families import occurs
from segsim.steps.work.activities import has_activity
from segsim.steps.work.local_jobs import count_job_doublings
from segsim.steps.work.programmes import (
    admit_participants,
    choose_helped,
    end_effects,
    has_participants,
    mark_participants,
    note_participants,
)
from segsim.tables import NONE, Activity, Array, Education, Sex, mark_rows

_LEVELS = len(Education)
# more than any score: a helped seeker comes before all others wherever they apply
_FIRST_IN_LINE = 1e6


@dataclass(frozen=True)
class Hired:
    """Those hired (rows), where, and whether a contact brought the news; one entry each."""

    rows: Array
    workplace: Array
    through_contact: Array


@dataclass(frozen=True)
class Employment:
    """Employed as a share of the labour force: in the city, by area, and by area and group."""

    city: float
    by_area: Array
    by_group: Array


@dataclass(frozen=True)
class JobMarket:
    """The vacant jobs of each workplace, on their rings, and employment as seekers' contacts have it."""

    vacant: Array
    openings: Openings
    work: Employment
    place_effect: Array


@dataclass(frozen=True)
class Applications:
    """Where seekers (rows, ascending) apply, best first, with employers' scores and who a contact told."""

    rows: Array
    choices: Array
    priority: Array
    referred: Array

    def put_first(self, is_first: Array) -> None:
        """Let some persons (bool by row) come before all others wherever they apply."""
        self.priority[is_first[self.rows]] += _FIRST_IN_LINE

    def replace_by(self, others: "Applications") -> "Applications":
        """Return these applications and others, which take the place of those by the same persons."""
        stays = ~np.isin(self.rows, others.rows, assume_unique=True)
        order = np.argsort(np.concatenate([self.rows[stays], others.rows]))
        pairs = ((getattr(self, name), getattr(others, name)) for name in self.__dataclass_fields__)
        return Applications(*(np.concatenate([own[stays], other])[order] for own, other in pairs))


def fill_jobs(state: CityState) -> None:
    """Match seekers and vacancies, with the help programmes give, and let those matched begin."""
    persons = state.tables.persons
    _move_up(state)
    vacant = vacancies(state)
    state.flows["jobs.vacant_before"] = float(vacant.sum())
    rows = np.flatnonzero(has_activity(persons, Activity.UNEMPLOYED))
    state.flows["jobs.seekers"] = float(rows.size)
    intakes = admit_participants(state)
    market = _open_market(state, vacant)
    applications = apply_for_jobs(state, market, rows)
    hired = match_jobs(state, market, applications)
    follows = has_participants(state)
    if follows:
        helped = choose_helped(state, intakes, hired.rows)
        hired = _match_with_help(state, market, applications, helped, hired)
    _begin_jobs(state, hired)
    if follows:
        end_effects(state)
        note_participants(state, intakes)


def _move_up(state: CityState) -> None:
    """Let some of those employed below their education take vacant jobs of its level.

    Before others are hired, so that the jobs they leave are vacant the same year. Without such moves the
    educated who once took another job keep it, the jobs that ask for them stay vacant, and others go without.
    """
    persons, workplaces = state.tables.persons, state.tables.workplaces
    at = np.maximum(persons.workplace, 0)
    rows = np.flatnonzero((persons.workplace != NONE) & (persons.education > workplaces.skill[at]))
    share = np.full(rows.size, state.preferences.work.job_mobility)
    rows = rows[occurs(state, Stream.JOB_MOBILITY, persons.id[rows], share)]
    market = _open_market(state, vacancies(state))
    moved = match_jobs(state, market, apply_for_jobs(state, market, rows, moves_up=True))
    persons.workplace[moved.rows] = moved.workplace
    state.flows["jobs.moved_up"] = float(moved.rows.size)


def apply_for_jobs(
    state: CityState, market: JobMarket, rows: Array, hears_of_all: bool = False, moves_up: bool = False
) -> Applications:
    """Let seekers hear of vacancies and apply.

    Those helped by a programme, and those who move up, hear of one every month; the latter of jobs of their
    own level.
    """
    shape = rows.size, state.preferences.work.applications
    applications = Applications(
        rows, np.full(shape, NONE, np.int32), np.zeros(shape), np.zeros(shape, np.bool_)
    )
    if rows.size and market.vacant.any():
        seekers, terms = _describe_seekers(state, market, rows), _search_terms(state.preferences.work)
        if moves_up:
            terms = terms._replace(skill_reach=0.0)
        if hears_of_all or moves_up:
            seekers.reach[:] = 1.0 / max(terms.hear, 1e-9)
        choices, priority, referred = applications.choices, applications.priority, applications.referred
        search_jobs(state.key, state.year, terms, seekers, market.openings, choices, priority, referred)
    return applications


def match_jobs(state: CityState, market: JobMarket, applications: Applications) -> Hired:
    """Match seekers and vacancies by deferred acceptance."""
    rows, choices = applications.rows, applications.choices
    # seekers rank, employers take the best: the same matching as homes and school seats
    ids = state.tables.persons.id[rows]
    place = deferred_acceptance(choices, applications.priority, ids, market.vacant)
    is_hired = place != NONE
    # news of the job taken, not of others applied for
    through = applications.referred[is_hired][choices[is_hired] == place[is_hired, None]]
    return Hired(rows[is_hired], place[is_hired], through)


def _match_with_help(
    state: CityState, market: JobMarket, applications: Applications, helped: Array, unaided: Hired
) -> Hired:
    """Match again with help for some; note how many get a job by it, and who goes without one instead."""
    persons, hired = state.tables.persons, unaided
    n_rows = persons.id.size
    if helped.size:
        # only those helped hear of other jobs than before
        aided = apply_for_jobs(state, market, helped, hears_of_all=True)
        together = applications.replace_by(aided)
        # a programme does not help some of its participants at the expense of others: those who go without a
        # job are not among them
        kept = unaided.rows[mark_participants(state, unaided.rows)]
        together.put_first(mark_rows(np.concatenate([helped, kept]), n_rows))
        hired = match_jobs(state, market, together)
    placed = helped[mark_rows(hired.rows, n_rows)[helped]]
    anew = placed[persons.unaided_wage[placed] == NONE]
    persons.unaided_wage[anew] = persons.wage[anew]
    state.flows["programmes.helped"] = float(placed.size)
    state.flows["programmes.displaced"] = float((~mark_rows(hired.rows, n_rows)[unaided.rows]).sum())
    return hired


def _begin_jobs(state: CityState, hired: Hired) -> None:
    """Let those hired begin."""
    persons, rows = state.tables.persons, hired.rows
    persons.activity[rows] = Activity.EMPLOYED
    persons.active_since[rows] = state.year
    persons.workplace[rows] = hired.workplace
    state.flows["jobs.hired"] = float(rows.size)
    state.flows["jobs.hired_through_contacts"] = float(hired.through_contact.sum())


def vacancies(state: CityState) -> Array:
    """Return the vacant jobs of each workplace (int32; 0 for free rows)."""
    persons, workplaces = state.tables.persons, state.tables.workplaces
    staff = np.bincount(persons.workplace[persons.workplace != NONE], minlength=workplaces.id.size)
    return np.where(workplaces.id == NONE, 0, np.maximum(workplaces.jobs - staff, 0)).astype(np.int32)


def _search_terms(preferences: WorkPreferences) -> SearchTerms:
    """Return the preferences as kernels take them."""
    return SearchTerms(
        hear=preferences.hear_directly,
        contacts=preferences.contacts,
        skill_reach=preferences.skill_reach,
        wage_weight=preferences.wage_weight,
        commute_cost=preferences.commute_cost,
        underqualified=preferences.underqualified,
        ability_weight=preferences.ability_weight,
        duration_cost=preferences.duration_cost,
        referral_bonus=preferences.referral_bonus,
    )


def _openings(state: CityState, vacant: Array) -> Openings:
    """Put every vacancy on the ring of its skill."""
    workplaces, cells = state.tables.workplaces, state.tables.cells
    workplace = np.repeat(np.arange(vacant.size), vacant)
    number = np.arange(workplace.size) - np.repeat(np.cumsum(vacant) - vacant, vacant)
    points = _points(state, workplaces.id[workplace], number)
    skill = workplaces.skill[workplace]
    # one ring for each skill: who hears of work hears of a skill first
    order = np.lexsort((points, skill))
    first = np.zeros(_LEVELS + 1, np.int64)
    first[1:] = np.cumsum(np.bincount(skill, minlength=_LEVELS))
    at = np.maximum(workplaces.cell, 0)
    return Openings(
        workplace[order].astype(np.int32), points[order], first, workplaces.id, cells.x[at], cells.y[at],
        workplaces.skill, workplaces.wage_level,
    )  # fmt: skip


def _points(state: CityState, ids: Array, number: Array) -> Array:
    """Return the point of each vacancy, by its workplace and its number there."""
    return np.asarray(uniforms(state.key, Stream.JOB_RING, state.year, ids * 1_000_003 + number, 0))


def _open_market(state: CityState, vacant: Array) -> JobMarket:
    """Describe the market as it is before anybody is hired."""
    work = employment(state)
    return JobMarket(vacant, _openings(state, vacant), work, _place_effect(state, work))


def _describe_seekers(state: CityState, market: JobMarket, rows: Array) -> JobSeekers:
    """Describe those who seek work."""
    tables, year, preferences = state.tables, state.year, state.preferences.work
    persons, cells = tables.persons, tables.cells
    cell = household_cells(tables)[persons.household[rows]]
    area = tables.cells.area[cell]
    group, sex = persons.group[rows], persons.sex[rows]
    penalty = np.where(
        sex == Sex.WOMAN,
        preferences.penalty_women.per_group(state.groups)[group],
        preferences.penalty_men.per_group(state.groups)[group],
    )
    # the first wage ends the lack of news for good
    has_earned = persons.wage[rows] > 0
    reach = np.where(has_earned, 1.0, integration(preferences, persons.arrived[rows], year))
    years_out = np.clip(year - persons.active_since[rows], 0, preferences.duration_cap)
    years_out[persons.activity[rows] == Activity.EMPLOYED] = 0  # those who move up are in work
    reach = reach * market.place_effect[area]
    reach[_mark_movers_with_work(state, rows)] = 1.0 / max(preferences.hear_directly, 1e-9)
    return JobSeekers(
        persons.id[rows], cells.x[cell], cells.y[cell], np.maximum(persons.education[rows], 0),
        persons.ability[rows], years_out.astype(float),
        penalty, reach, market.work.by_group[area, group],
    )  # fmt: skip


def _mark_movers_with_work(state: CityState, rows: Array) -> Array:
    """Return who moved here this year from elsewhere in the country, and had work there.

    They looked for work before they came, and hear of jobs as if each month brought news.
    """
    persons, households = state.tables.persons, state.tables.households
    came = households.arrived[persons.household[rows]] == state.year
    at_work = (persons.active_since[rows] == state.year) & (persons.wage[rows] > 0)
    return np.asarray(came & at_work & (persons.arrived[rows] != state.year))


def integration(preferences: WorkPreferences, arrived: Array, year: int) -> Array:
    """Return the share of news of jobs that reach those who came in a year and have not worked yet.

    It is 1 for those born in the country, and for others

    1 - (1 - integration_start) * exp(-years / integration_years)
    """
    lack = (1.0 - preferences.integration_start) * np.exp(
        -np.maximum(year - arrived, 0) / preferences.integration_years
    )
    return np.where(arrived == NONE, 1.0, 1.0 - lack)


def employment(state: CityState) -> Employment:
    """Return employment rates; those of small groups lean on the rate of all."""
    tables, persons = state.tables, state.tables.persons
    shape = tables.areas.id.size, len(state.groups)
    force, employed = np.empty(shape, np.int64), np.empty(shape, np.int64)
    area, works = household_areas(tables), np.zeros(len(Activity), bool)
    works[Activity.EMPLOYED] = True
    count_active(area, persons.household, persons.group, persons.activity, works, employed)
    # employed and unemployed together are the labour force
    works[Activity.UNEMPLOYED] = True
    count_active(area, persons.household, persons.group, persons.activity, works, force)
    city = float(employed.sum() / max(force.sum(), 1))
    prior = state.preferences.work.employment_prior
    return Employment(
        city,
        (employed.sum(1) + prior * city) / (force.sum(1) + prior),
        (employed + prior * city) / (force + prior),
    )


def _place_effect(state: CityState, work: Employment) -> Array:
    """Return the factor on news of jobs that each area's place effects, and supports there, give.

    In a steady state the odds of employment are the ratio of finding to losing a job, so that a rise of the
    employment rate e by d percentage points takes a rise of log finding by d / (e * (1 - e)). Of jobs nearby
    only what has changed since the start counts: the employment that the area began with has the rest in it.
    """
    preferences = state.preferences.work
    # bounded, for a small city where all work
    spread = max(work.city * (1.0 - work.city), 0.05)
    log_reach = preferences.area_employment * (work.by_area - work.city)
    if preferences.local_jobs != 0.0:
        more_jobs = count_job_doublings(state) - anchors.settle(state).jobs_near
        log_reach = log_reach + preferences.local_jobs / spread * more_jobs
    for support in state.rules.neighbourhood.supports:
        raised = np.clip([work.city, work.city + support.employment], 0.01, 0.99)
        log_reach[np.array(support.areas, np.int64)] += np.diff(logit(raised))[0]
    return np.asarray(np.exp(log_reach))

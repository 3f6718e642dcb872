"""Employment programmes: who takes part, who is in work thanks to it, and how that fades."""

from dataclasses import dataclass

import numpy as np

from segsim.ages import EMPLOYMENT_AGES
from segsim.kernels.draws import Stream, uniforms
from segsim.rules.work import EmploymentProgramme
from segsim.state import CityState
from segsim.steps.housing.residence import household_areas
from segsim.steps.work.activities import has_activity, set_activity
from segsim.tables import EDUCATIONS, NONE, Activity, Array, Sex, mark_rows

EFFECT_YEARS = 3
"""Years the effect of a programme lasts, that of taking part included; it is gone at the end of the next."""


@dataclass(frozen=True)
class Intake:
    """Those who begin a programme this year, and how many of them it helps to a job."""

    rows: Array
    helped: int


def admit_participants(state: CityState) -> list[Intake]:
    """Draw this year's participants of every programme among those eligible in its areas."""
    intakes = []
    for number, programme in enumerate(state.rules.work.programmes):
        eligible = find_eligible(state, programme.highest_education)
        area = household_areas(state.tables)[state.tables.persons.household[eligible]]
        local = eligible[mark_rows(programme.areas, state.tables.areas.id.size)[area]]
        n = _round_by_chance(state, programme.participants_per_1000 / 1000 * local.size, 2 * number)
        rows = _draw(state, Stream.PROGRAMME_PLACE, local, n)
        helped = rows.size * _gain(programme, rows.size / max(eligible.size, 1))
        intakes.append(Intake(rows, _round_by_chance(state, helped, 2 * number + 1)))
        persons = state.tables.persons
        persons.programme_since[rows], persons.unaided_wage[rows] = state.year, NONE
    return intakes


def find_eligible(state: CityState, highest_education: str) -> Array:
    """Return the women of 20-64 born abroad, without work and not already in a programme's years (rows)."""
    persons = state.tables.persons
    is_abroad = np.array([group.born != "sweden" for group in state.groups])
    age = state.year - persons.birth_year
    is_eligible = has_activity(persons, Activity.UNEMPLOYED, Activity.OUTSIDE) & (persons.sex == Sex.WOMAN)
    is_eligible &= (age >= EMPLOYMENT_AGES[0]) & (age <= EMPLOYMENT_AGES[1]) & is_abroad[persons.group]
    is_eligible &= persons.education <= EDUCATIONS.index(highest_education)
    return np.flatnonzero(is_eligible & ~_is_followed(state))


def has_participants(state: CityState) -> bool:
    """Tell whether the years of somebody's programme are not over."""
    return bool(_is_followed(state).any())


def choose_helped(state: CityState, intakes: list[Intake], hired: Array) -> Array:
    """Choose those whom programmes help to a job this year, given who gets one without help (rows).

    Of new participants so many are helped as the programme's effect says, drawn among those who get no job
    by themselves. A year later some of them would have had one anyway: as large a share as gets a job among
    the participants not helped. Others of the same year are helped in their place, so that the effect lasts
    for `EFFECT_YEARS`.
    """
    persons = state.tables.persons
    works = has_activity(persons, Activity.EMPLOYED)
    works[hired] = True
    earlier = range(state.year - EFFECT_YEARS + 1, state.year)
    cohorts = [np.flatnonzero(persons.programme_since == year) for year in earlier]
    places = [int(np.count_nonzero(persons.unaided_wage[cohort] != NONE)) for cohort in cohorts]
    _let_catch_up(state, works, hired)
    helped = [_draw_helped(state, intake.rows, works, intake.helped) for intake in intakes]
    for cohort, n in zip(cohorts, places, strict=True):
        holds = works[cohort] & (persons.unaided_wage[cohort] != NONE)
        helped.append(_draw_helped(state, cohort, works, n - int(holds.sum())))
    return np.sort(np.concatenate(helped))


def mark_participants(state: CityState, rows: Array) -> Array:
    """Return which of some persons are in the years of a programme's effect (bool)."""
    since = state.tables.persons.programme_since[rows]
    return np.asarray((since != NONE) & (state.year - since < EFFECT_YEARS))


def end_effects(state: CityState) -> None:
    """Let the jobs end that participants still have thanks to a programme of four years ago."""
    persons = state.tables.persons
    is_over = (persons.unaided_wage != NONE) & (state.year - persons.programme_since >= EFFECT_YEARS)
    rows = np.flatnonzero(is_over)
    employed = rows[persons.activity[rows] == Activity.EMPLOYED]
    share = _share_outside(state)
    is_outside = uniforms(state.key, Stream.PROGRAMME_CATCH_UP, state.year, persons.id[employed], 1) < share
    set_activity(state, employed[is_outside], Activity.OUTSIDE)
    set_activity(state, employed[~is_outside], Activity.UNEMPLOYED)
    # as had they never had it: what it would lead to later has not been measured
    persons.active_since[employed] = persons.programme_since[employed]
    persons.wage[rows], persons.unaided_wage[rows] = persons.unaided_wage[rows], NONE


def note_participants(state: CityState, intakes: list[Intake]) -> None:
    """Note how many began, how many are followed, and how many of these are in work."""
    persons, flows = state.tables.persons, state.flows
    is_followed = _is_followed(state)
    flows["programmes.participants"] = float(sum(intake.rows.size for intake in intakes))
    flows["programmes.followed"] = float(is_followed.sum())
    flows["programmes.in_work"] = float((is_followed & (persons.activity == Activity.EMPLOYED)).sum())


def _is_followed(state: CityState) -> Array:
    """Return who began a programme this year or in the three years before (bool per row)."""
    since = state.tables.persons.programme_since
    return np.asarray((since != NONE) & (state.year - since <= EFFECT_YEARS))


def _share_outside(state: CityState) -> float:
    """Return the share outside the labour force of the participants who were not helped and do not work."""
    persons = state.tables.persons
    is_outside = has_activity(persons, Activity.OUTSIDE)
    alone = (is_outside | has_activity(persons, Activity.UNEMPLOYED)) & _is_followed(state)
    alone &= persons.unaided_wage == NONE
    return float(is_outside[alone].mean()) if alone.any() else 0.0


def _gain(programme: EmploymentProgramme, share: float) -> float:
    """Return the gain of a programme that takes in a share of all eligible; smaller the larger the share."""
    return programme.gain_pp / 100 * (1 - (1 - programme.scale_up_factor) * share)


def _let_catch_up(state: CityState, works: Array, hired: Array) -> None:
    """Let those helped who would now be in work anyway keep their jobs as their own."""
    persons = state.tables.persons
    is_helped = persons.unaided_wage != NONE
    alone = _is_followed(state) & ~is_helped & ~has_activity(persons, Activity.EMPLOYED)
    rate = works[alone].mean() if alone.any() else 0.0
    rows = np.flatnonzero(is_helped)
    draw = uniforms(state.key, Stream.PROGRAMME_CATCH_UP, state.year, persons.id[rows], 0)
    catches_up = mark_rows(hired, works.size)[rows] | (works[rows] & (draw < rate))
    persons.unaided_wage[rows[catches_up]] = NONE


def _draw_helped(state: CityState, rows: Array, works: Array, n: int) -> Array:
    """Draw some of the participants without work and of working age; those helped before come first."""
    persons = state.tables.persons
    may_work = state.year - persons.birth_year[rows] <= EMPLOYMENT_AGES[1]
    rows = rows[~works[rows] & may_work]
    before = rows[persons.unaided_wage[rows] != NONE]
    others = rows[persons.unaided_wage[rows] == NONE]
    again = _draw(state, Stream.PROGRAMME_HELP, before, n)
    return np.concatenate([again, _draw(state, Stream.PROGRAMME_HELP, others, n - again.size)])


def _draw(state: CityState, stream: Stream, rows: Array, n: int) -> Array:
    """Draw at most `n` of some persons, each with the same chance (rows, ascending)."""
    ids = state.tables.persons.id[rows]
    draw = uniforms(state.key, stream, state.year, ids, 0)
    return np.sort(rows[np.lexsort((ids, draw))[: max(n, 0)]])


def _round_by_chance(state: CityState, number: float, which: int) -> int:
    """Return a whole number whose mean is the number: half a person is one every second time."""
    draw = uniforms(state.key, Stream.PROGRAMME_COUNT, state.year, np.array([which]), 0)[0]
    return int(np.floor(number + draw))

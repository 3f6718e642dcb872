"""Work: studies end, people join and leave the labour force, lose and find jobs, and are paid."""

import numpy as np

from segsim.ages import RETIREMENT_AGES, STUDIES_END_AGE, UPPER_SECONDARY_LEAVING_AGE
from segsim.kernels.draws import Stream, uniforms
from segsim.state import CityState
from segsim.steps.population.families import draw_person_events, occurs
from segsim.steps.schools.education import study
from segsim.steps.work.activities import has_activity, set_activity
from segsim.steps.work.incomes import recount_households, recount_incomes
from segsim.steps.work.job_matching import fill_jobs
from segsim.steps.work.participation import participation
from segsim.steps.work.wages import pay_wages
from segsim.tables import NONE, Activity, Education, Sex

_FIRST_RETIRE, _LAST_RETIRE = RETIREMENT_AGES
_YOUNG = 25  # see `job_loss_young`


def step(state: CityState) -> None:
    """Live the year: study, retire, take part or not, lose jobs and find them, be paid.

    In a city without workplaces nobody loses or finds a job.
    """
    are_counted = "growth.working_age" in state.flows
    # before anything else, since who leaves school this year seeks work this year
    study(state)
    _retire(state)
    # before jobs are lost, so that who leaves the labour force is not counted as laid off
    _reconsider(state)
    if (state.tables.workplaces.id != NONE).any():
        # cuts, then losses, then hiring: jobs that fall free are filled within the year
        _change_demand(state)
        _lose_jobs(state)
        fill_jobs(state)
    # also where nobody is hired: wages grow with experience
    pay_wages(state)
    if are_counted:
        recount_incomes(state)
    else:  # a scenario without demography, which counts members and ages
        recount_households(state)


def _retire(state: CityState) -> None:
    """Let people retire: at 65 all without work and most with it, at 67 the others."""
    persons = state.tables.persons
    age = state.year - persons.birth_year
    rows = np.flatnonzero(
        (persons.id != NONE) & (age >= _FIRST_RETIRE) & (persons.activity != Activity.RETIRED)
    )
    works = (persons.activity[rows] == Activity.EMPLOYED) & (age[rows] < _LAST_RETIRE)
    share = np.full(rows.size, state.preferences.work.working_at_65)
    stays = works & ((age[rows] > _FIRST_RETIRE) | occurs(state, Stream.WORK_ON, persons.id[rows], share))
    set_activity(state, rows[~stays], Activity.RETIRED)


def _reconsider(state: CityState) -> None:
    """Let some of those of 19 to 64 join or leave the labour force.

    With turnover t and share p(age), those inside leave with probability t * (1 - p) and those outside join
    with t * p; and as p changes with age, so many more join or leave as take those who were in balance a year
    ago to the balance of their new age. Students of 25 and over are outside; younger ones do not reconsider.
    """
    persons, turnover = state.tables.persons, state.preferences.work.participation_turnover
    age = state.year - persons.birth_year
    is_inside = has_activity(persons, Activity.EMPLOYED, Activity.UNEMPLOYED)
    is_outside = has_activity(persons, Activity.OUTSIDE)
    is_outside |= has_activity(persons, Activity.STUDENT) & (age >= STUDIES_END_AGE)
    share = participation(state)
    # in balance the share inside is p, and both ways together make the turnover t
    join, leave = turnover * share, turnover * (1.0 - share)
    change = np.diff(share, axis=-1, prepend=share[..., :1])
    # who leaves school at this age has just chosen
    change[..., UPPER_SECONDARY_LEAVING_AGE] = 0.0
    joins_by_age = np.maximum(change, 0.0) / np.maximum(1.0 - share + change, 1e-9)
    leaves_by_age = np.maximum(-change, 0.0) / np.maximum(share - change, 1e-9)
    join, leave = join + (1.0 - join) * joins_by_age, leave + (1.0 - leave) * leaves_by_age
    for rates in (join, leave):
        rates[..., :UPPER_SECONDARY_LEAVING_AGE] = rates[..., _FIRST_RETIRE:] = 0.0
    # who looks from inside stands after who looks from outside: one number per group, sex, education, side
    kind = persons.group.astype(np.int16) * len(Sex) + persons.sex
    kind = (kind * len(Education) + np.maximum(persons.education, 0)) * 2 + is_inside
    kind[~(is_inside | is_outside)] = NONE
    rates = np.stack([join, leave], axis=3).reshape(-1, join.shape[-1])
    rows = draw_person_events(state, Stream.PARTICIPATE, kind, rates)
    set_activity(state, rows[is_inside[rows]], Activity.OUTSIDE)
    set_activity(state, rows[~is_inside[rows]], Activity.UNEMPLOYED)


def _change_demand(state: CityState) -> None:
    """Let jobs grow with residents of working age and by rule; where there are too few, people go."""
    persons, workplaces = state.tables.persons, state.tables.workplaces
    state.flows["growth.working_age"] += 0.0  # a city whose people are not counted says that none were added
    factor = (1.0 + state.flows["growth.working_age"]) * (1.0 + state.rules.work.job_growth)
    rows = np.flatnonzero(workplaces.id != NONE)
    if factor != 1.0:
        # rounded by chance: a workplace of five would never grow by a percent
        luck = uniforms(state.key, Stream.JOB_COUNT, state.year, workplaces.id[rows], 0)
        workplaces.jobs[rows] = np.floor(workplaces.jobs[rows] * factor + luck)
    staff = np.bincount(persons.workplace[persons.workplace != NONE], minlength=workplaces.id.size)
    too_many = staff > workplaces.jobs
    if not too_many.any():
        return
    at_risk = np.flatnonzero(persons.workplace != NONE)
    at_risk = at_risk[too_many[persons.workplace[at_risk]]]
    draw = uniforms(state.key, Stream.JOB_CUT, state.year, persons.id[at_risk], 0)
    # by chance within a workplace, and by id if two draws are alike
    order = np.lexsort((persons.id[at_risk], draw, persons.workplace[at_risk]))
    at_risk = at_risk[order]
    place = persons.workplace[at_risk]
    # where each workplace begins in the sorted list, so that a place in it is a rank
    first = np.searchsorted(place, place)
    goes = np.arange(at_risk.size) - first >= workplaces.jobs[place]
    set_activity(state, at_risk[goes], Activity.UNEMPLOYED)
    state.flows["jobs.cut"] = float(goes.sum())


def _lose_jobs(state: CityState) -> None:
    """Let people lose their jobs, by education, origin, ability and age."""
    persons, preferences = state.tables.persons, state.preferences.work
    rows = np.flatnonzero(has_activity(persons, Activity.EMPLOYED))
    level = np.maximum(persons.education[rows], 0)
    probability = preferences.job_loss * np.array(preferences.job_loss_education)[level]
    by_group = preferences.job_loss_origin.per_group(state.groups) * np.exp(state.economy.losses)
    probability = probability * by_group[persons.group[rows]]
    slope = preferences.job_loss_ability
    # the second term keeps the mean over a normal ability at 1
    probability = probability * np.exp(-slope * persons.ability[rows] - 0.5 * slope**2)
    is_young = state.year - persons.birth_year[rows] < _YOUNG
    probability = np.where(is_young, preferences.job_loss_young * probability, probability)
    lost = rows[occurs(state, Stream.JOB_LOSS, persons.id[rows], probability)]
    set_activity(state, lost, Activity.UNEMPLOYED)
    state.flows["jobs.lost"] = float(lost.size)

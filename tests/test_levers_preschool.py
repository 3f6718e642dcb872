"""Preschool support: whom it enrols, who learns by it and when it shows, and what it costs."""

import numpy as np
import pytest

from segsim.rules import Rules
from segsim.rules.preschool import PreschoolEffort, PreschoolPreferences
from segsim.rules.schools import SchoolsRules
from segsim.steps.schools.education import EDUCATION_YEARS, attainment, years_per_logit
from segsim.steps.schools.preschool import attend_preschool
from segsim.tables import EDUCATIONS, Sex
from test_policies import CITY, RULES, policy
from tests.small_city import START, moment_of, small_city

FREE = PreschoolEffort(areas=(0, 1, 2, 3), enrol_effect_rel=0.15, girls_sd=0.1, boys_sd=0.0)


def after(effort=FREE):
    """The small city a year later, before school."""
    rules = Rules(schools=SchoolsRules(preschool_efforts=(effort,)))
    state = moment_of(small_city(2000), year=START + 1, rules=rules)
    attend_preschool(state)
    return state


def test_enrolment__is_that_of_2019_and_rises_to_that_of_swedish_background():
    known = PreschoolPreferences()
    assert known.enrolment(2019, 4, False, False) == 0.958
    assert known.enrolment(2019, 5, True, False) == 0.902
    assert known.enrolment(2030, 5, True, True) == 0.958
    assert known.enrolment(2030, 3, True, True) == 0.72


def test_free_places__enrol_more_of_foreign_background_only():
    state = after()
    assert state.flows["preschool.added"] > 0
    foreign = state.flows["preschool.enrolled_foreign"] / state.flows["preschool.children_foreign"]
    none = after(FREE.model_copy(update={"enrol_effect_rel": 0.0}))
    before = none.flows["preschool.enrolled_foreign"]
    assert none.flows["preschool.added"] == 0
    assert state.flows["preschool.enrolled_foreign"] == before + state.flows["preschool.added"]
    assert state.flows["preschool.enrolled_swedish"] == none.flows["preschool.enrolled_swedish"]
    assert before / state.flows["preschool.children_foreign"] < foreign <= 1


def test_free_places__teach_girls_of_foreign_background_in_the_year_before_school():
    state = after()
    p = state.tables.persons
    of_age = state.year - p.birth_year == 5
    learns = of_age & (p.sex == Sex.WOMAN) & np.isin(p.group, (1, 2, 3))
    assert learns.any()
    assert p.achievement[learns] == pytest.approx(0.1)
    assert not p.achievement[~learns].any()


def test_places__are_for_children_of_the_parents_named_and_counted_by_education():
    low = after(FREE.model_copy(update={"highest_education": "lower_secondary", "boys_sd": 0.1}))
    p = low.tables.persons
    of_age = (low.year - p.birth_year == 5) & np.isin(p.group, (1, 2, 3))
    assert (p.achievement[of_age & (p.parent_education == 0)] > 0).all()
    assert not p.achievement[of_age & (p.parent_education > 0)].any()
    state = after()
    for what in ("children", "enrolled"):
        by_origin = sum(state.flows[f"preschool.{what}_{group}"] for group in ("swedish", "foreign"))
        assert by_origin == sum(state.flows[f"preschool.{what}_{name}"] for name in EDUCATIONS) > 0


def test_enrolment__by_parents_education_is_even_unless_set():
    groups = small_state().groups
    even = PreschoolPreferences().list_chances(2021, groups)
    assert (even == even[:, :, :1]).all()
    uneven = PreschoolPreferences(education=0.5).list_chances(2021, groups)
    odds = uneven / (1 - uneven)
    assert odds[:, :, 1:] / odds[:, :, :-1] == pytest.approx(np.exp(0.5))
    assert uneven[:, :, 1:3].mean(axis=2) == pytest.approx(even[:, :, 0], abs=0.01)


def small_state():
    return moment_of(small_city(400))


def test_places__lead_on_to_years_of_education_beyond_results():
    """0.35 years a place: what a girl's .1 SD of results leads to is part of it."""
    state = after(FREE.model_copy(update={"enrol_effect_rel": 1.0, "study_years": 0.35}))
    p, preferences = state.tables.persons, state.preferences.work
    pushed = p.study_push > 0
    assert pushed.any()
    assert (state.year - p.birth_year[pushed] == 5).all()
    assert np.isin(p.group[pushed], (1, 2, 3)).all()
    logit = 0.35 / years_per_logit(preferences)
    girls = p.sex == Sex.WOMAN
    assert p.study_push[pushed & ~girls] == pytest.approx(logit)
    assert p.study_push[pushed & girls] == pytest.approx(logit - 0.1 * preferences.merit_to_attainment)
    assert not after().tables.persons.study_push.any()


def test_logit_of_attainment__is_worth_the_years_it_says():
    state = moment_of(small_city(8000))
    p = state.tables.persons
    rows, rng = np.flatnonzero(p.id != -1), np.random.default_rng(1)
    p.parent_education[rows] = rng.choice(4, rows.size, p=[0.12, 0.42, 0.16, 0.30])
    p.merit[rows] = np.clip(228 + rng.normal(0, 67, rows.size), 0, 340)
    years = np.array(EDUCATION_YEARS)
    before = years[attainment(state, rows)].mean()
    p.study_push[:] = 0.35 / years_per_logit(state.preferences.work)
    assert years[attainment(state, rows)].mean() - before == pytest.approx(0.35, abs=0.04)


def test_duty_alone__changes_nothing_and_free_places_reach_every_eligible_child():
    duty, free = policy("preschool_support", form="duty"), policy("preschool_support")
    assert duty.amend(RULES, CITY) == RULES
    assert duty.cost(CITY) == 0
    assert free.count_reached(CITY) == 60
    # 54 of 60 are enrolled; 15 per cent of 54 is 8.1, but only 6 are left
    assert free.cost(CITY) == pytest.approx(6 * 0.1532)
    fewer = policy("preschool_support", enrol_effect_rel=0.05)
    assert fewer.cost(CITY) == pytest.approx(2.7 * 0.1532)
    half = policy("preschool_support", budget_msek=3 * 0.1532)
    assert half.reach(CITY) == pytest.approx(30)
    assert half.amend(RULES, CITY).schools.preschool_efforts[0].girls_sd == pytest.approx(0.05)

"""Preschool support: whom it enrols, who learns by it and when it shows, and what it costs."""

import numpy as np
import pytest

from segsim.rules import Rules
from segsim.rules.preschool import PreschoolEffort, PreschoolPreferences
from segsim.rules.schools import SchoolsRules
from segsim.steps.schools.preschool import attend_preschool
from segsim.tables import Sex
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

"""The appeal of schools: with it the first enrolment has the pupils that schools are known to have."""

import numpy as np
import pytest
from hypothesis import given

from segsim.indices import dissimilarity
from segsim.kernels.schools.campus import list_nearby
from segsim.kernels.schools.school_choice import count_asked
from segsim.kernels.schools.school_wishes import FamilyKinds, expect_wishes, list_options
from segsim.scenario import load_scenario
from segsim.simulation.initial_state import draw_initial_state
from segsim.steps.schools import school_year
from segsim.steps.schools.enrolment import describe_appeal, exact_means, list_pupils, school_order
from segsim.steps.schools.start.school_appeal import KnownSchools, adjust_appeal, count_wishes
from segsim.tables import NONE, Activity, Education
from tests.reference import schools as plain
from tests.school_town import run_years, school_town, seven_schools, town_moment
from tests.test_schools import choices_of_school

LAST_LOWER = 6


@given(choices_of_school())
def test_wishes__are_those_of_the_plain_twin(drawn):
    applicants, campus, taste, k, _ = drawn
    n, m = applicants.id.size, campus.id.size
    nobody = np.full(n, NONE, np.int32)
    asked = count_asked(taste.nearest, k)
    nearby = list_nearby(
        applicants.x, applicants.y, np.ones(n, np.bool_), campus, taste.independent_km, *asked
    )
    bare = campus._replace(appeal=np.zeros_like(campus.appeal))
    at = [
        applicants._replace(current=nobody, catchment=nobody, grade=np.full(n, grade, np.int8))
        for grade in (0, LAST_LOWER + 1)
    ]
    rng = np.random.default_rng(n)
    lower, upper = rng.integers(0, 4, (2, n, 2)).astype(float)
    options = [list_options(those, bare, taste, nearby, max(k, 2)) for those in at]
    kind = applicants.kind.astype(np.int64) * 4 + applicants.education
    wishes = np.zeros((m, 8))
    goes_on = campus.last_grade > LAST_LOWER
    expect_wishes(
        FamilyKinds(kind, *options, lower, upper),
        campus.appeal.reshape(m, 8),
        taste.appeal_km,
        goes_on,
        wishes,
    )
    expected = np.zeros((m, 8))
    for i in range(n):
        for chooses in (False, True):
            first, again = (plain.chances(those, campus, taste, i, k, chooses) for those in at)
            for s, share in first.items():
                expected[s, kind[i]] += lower[i, int(chooses)] * share
                if goes_on[s]:
                    expected[s, kind[i]] += upper[i, int(chooses)] * share
                else:
                    for t, then in again.items():
                        expected[t, kind[i]] += upper[i, int(chooses)] * share * then
    assert wishes == pytest.approx(expected, abs=1e-9)


def test_appeal__draws_the_kinds_that_a_school_lacks():
    state = town_moment(school_town(600))
    school_year.settle(state)
    order = school_order(state)
    pupils = list_pupils(state, order)
    wishes = count_wishes(pupils, pupils.school, order.size)
    n = wishes.sum(axis=(1, 2))
    foreign, educated = wishes[:, 1].sum(axis=1) / n, wishes[:, :, 1].sum(axis=1) / n
    more = foreign.copy()
    more[0], more[1] = foreign[0] + 0.2, np.nan
    adjust_appeal(state, order, KnownSchools(n, more, educated), wishes, 1.0)
    schools = state.tables.schools
    lack = schools.appeal_foreign[order]
    assert lack[0] > lack[1:].max() + 0.5
    assert np.average(lack, weights=n) == pytest.approx(0, abs=1e-6)
    assert np.abs(schools.appeal_educated[order]).max() < 0.2


FOREIGN = np.array([0.8, 0.2, 0.6, 0.4, 0.5, 0.3, 0.5, 0.7], np.float32)
EDUCATED = FOREIGN[[3, 6, 1, 0, 2, 5, 4, 7]]


def likeness_of_composition(is_known):
    """Return how the schools' pupils correlate with what is known, at the start and after eight years.

    In a town where schools are known to be other than their surroundings.
    """
    tables = school_town(3000, schools=seven_schools(80))
    if is_known:
        tables.schools.own_share[:], tables.schools.educated_share[:] = FOREIGN, EDUCATED
    pupils = np.flatnonzero(tables.persons.activity == Activity.PUPIL)
    tables.persons.school[pupils] = np.arange(pupils.size) % FOREIGN.size
    state = town_moment(tables, rules={"independent": {"opening_rate": 0.0}})
    school_year.settle(state)
    order, found = school_order(state), []
    for years in (0, 8):
        run_years(state, school_year.step, years)
        schools = state.tables.schools
        for column, known in ((schools.own_share, FOREIGN), (schools.educated_share, EDUCATED)):
            found.append(np.corrcoef(column[order], known[order])[0, 1])
    return found


def test_known_composition__is_that_of_the_first_enrolment_and_stays():
    assert max(likeness_of_composition(is_known=False)) < 0.2
    assert min(likeness_of_composition(is_known=True)) > 0.8


def test_unknown_composition__schools_have_no_appeal():
    state = town_moment(school_town(300))
    school_year.settle(state)
    assert not describe_appeal(state.tables.schools, school_order(state)).any()


def test_landskrona__is_as_segregated_as_its_schools():
    """By Skolverket's table of 2023: D of foreign background .451, of the variance of education .116."""
    state = draw_initial_state(load_scenario("landskrona"), 1)
    school_year.settle(state)
    pupils = list_pupils(state, school_order(state))
    pupils = pupils.select(pupils.grade >= 1)
    educated = (pupils.education >= Education.SHORT_POST_SECONDARY).astype(float)
    means = exact_means(pupils.school, educated, school_order(state).size)[pupils.school]
    counts = np.zeros((school_order(state).size, 2))
    np.add.at(counts, (pupils.school, pupils.kind), 1)
    assert dissimilarity(counts) == pytest.approx(0.451, rel=0.15)
    assert means.var() / educated.var() == pytest.approx(0.116, rel=0.15)

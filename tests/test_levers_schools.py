"""What each lever on schools claims: whom it reaches, what it moves, and what it leaves alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segsim.ages import SCHOOL_LEAVING_AGE
from segsim.errors import ScenarioError
from segsim.rules.school_plans import ClosurePlan, OpeningPlan, QualityProgramme
from segsim.scenario import CityPlaces, check_names, load_scenario
from segsim.steps.schools import school_year
from segsim.steps.schools.enrolment import GRADES, school_order
from segsim.steps.schools.funding import find_unfunded, programme_gains
from segsim.tables import NONE, Provider
from test_contracts import TOWN
from test_policies import CITY, RULES, policy
from tests.school_town import START, run_years, school_town, town_moment


def begin(**rules: Any) -> Any:
    """Return a town at the end of its first year, its schools settled."""
    state = town_moment(school_town(), rules=rules)
    school_year.settle(state)
    return state


def row_of(state: Any, key: int) -> int:
    return int(np.flatnonzero(state.tables.schools.id == key)[0])


def count_at(state: Any, key: int) -> int:
    return int((state.tables.persons.school == row_of(state, key)).sum())


def test_quality_programme__changes_nothing_unless_the_observed_course_is_set() -> None:
    assert policy("school_quality_programme").amend(RULES, CITY) == RULES
    [added] = (
        policy("school_quality_programme", effect="observed").amend(RULES, CITY).schools.quality_programmes
    )
    assert (added.points_low, added.points_others) == (2.5, 1.0)
    assert np.isnan(policy("school_quality_programme").cost(CITY))


def test_quality_programme__ends_after_its_years() -> None:
    lever = policy("school_quality_programme", effect="observed", years=2, **{"from": 2025})
    assert lever.amend(RULES, CITY) == RULES  # CITY is of 2027, the third year
    longer = policy("school_quality_programme", effect="observed", years=3, **{"from": 2025})
    assert longer.amend(RULES, CITY) != RULES


def test_quality_programme__adds_points_a_year_by_the_true_yearly_gain() -> None:
    """Of seven municipal schools in the town the two of lowest merit value (.25 of 7 is 1.75) are low."""
    state = begin()
    order = school_order(state)
    state.tables.schools.published_merit[order] = np.arange(order.size, dtype=np.float32)[::-1] + 200
    programme = QualityProgramme(points_low=6.7, points_others=0.67)
    state.rules = town_moment(school_town(), rules={"quality_programmes": (programme,)}).rules
    gains = programme_gains(state, order)
    municipal = state.tables.schools.provider[order] == Provider.MUNICIPAL
    assert gains[~municipal].tolist() == [0.0]
    assert sorted(gains[municipal].round(6).tolist()) == [0.01] * 5 + [0.1] * 2
    assert gains[-2] == pytest.approx(0.1)  # the last municipal school by id has the lowest merit value


def test_closure__moves_every_pupil_to_another_school_and_counts_them() -> None:
    plan = ClosurePlan(schools=(30,))
    before, after = begin(), begin(closures=(plan,))
    displaced = after.tables.persons.school == row_of(after, 30)
    young = after.year + 1 - after.tables.persons.birth_year <= 15
    run_years(before, school_year.step, 1)
    run_years(after, school_year.step, 1)
    assert 30 not in after.tables.schools.id
    assert after.flows["schools.displaced"] == (displaced & young).sum() > 0
    assert after.flows["schools.left_for_independent"] == 0
    pupils = displaced & young
    assert (after.tables.persons.school[pupils] != NONE).all()
    assert before.flows["schools.displaced"] == 0
    assert count_at(before, 30) > 0


def test_closure__gives_the_seats_to_the_receivers() -> None:
    plan = ClosurePlan(schools=(30,), receivers=(10, 20))
    before, after = begin(), begin(closures=(plan,))
    roll = after.tables.persons
    pupils = roll.school == row_of(after, 30)
    grade = after.year + 1 - roll.birth_year[pupils] - 6
    largest = np.bincount(grade[grade < GRADES]).max()
    run_years(before, school_year.step, 1)
    seats = after.tables.schools.capacity[row_of(after, 40)]
    school_year.run_spring(after_next(after), school_order(after))
    school_year.carry_out_closures(after)
    for key in (10, 20):
        assert after.tables.schools.capacity[row_of(after, key)] >= np.ceil(largest / 2)
    assert after.tables.schools.capacity[row_of(after, 40)] == seats


def after_next(state: Any) -> Any:
    state.year += 1
    state.flows.clear()
    return state


def test_closure__lets_the_educated_leave_for_independent_schools() -> None:
    after = begin(closures=(ClosurePlan(schools=(30,), exit_to_independent=(0.0, 0.0, 1.0, 1.0)),))
    persons = after.tables.persons
    pupils = (persons.school == row_of(after, 30)) & (after.year + 1 - persons.birth_year <= 15)
    educated = pupils & (persons.parent_education >= 2)
    school_year.carry_out_closures(after_next(after))
    assert after.flows["schools.left_for_independent"] == educated.sum() > 0
    assert (persons.school[educated] == row_of(after, 80)).all()


def merit_after(years: int, **terms: Any) -> tuple[Any, np.ndarray]:
    """Return a town some years after the closure of a school, and who was displaced."""
    state = begin(closures=(ClosurePlan(schools=(30,), **terms),))
    pupils = state.tables.persons.school == row_of(state, 30)
    run_years(state, school_year.step, years)
    return state, pupils & (state.tables.persons.setback_until != NONE)


@pytest.mark.parametrize(("years", "last"), [(0, 1), (1, 2), (2, 3), (10, 11)])
def test_closure__lowers_results_of_the_displaced_while_it_disrupts(years: int, last: int) -> None:
    """The school closes in the town's first summer; the first of its pupils finish in the second spring."""
    moved, displaced = merit_after(4, achievement=-0.2, disruption_years=years)
    plain, _ = merit_after(4)
    change = moved.tables.persons.merit - plain.tables.persons.merit
    for year in range(2, 5):
        leavers = moved.tables.persons.birth_year == START + year - SCHOOL_LEAVING_AGE
        assert (leavers & displaced).any()
        # of 67 points to an SD; families that answer to what is published move others by little
        expected = -0.2 * 67 if year <= last else 0.0
        assert np.median(change[leavers & displaced]) == pytest.approx(expected, abs=1.5)
        assert np.median(change[leavers & ~displaced]) == pytest.approx(0.0, abs=1.5)


def test_closure__has_no_effect_on_results_unless_one_is_given() -> None:
    assert not policy("school_closure", lowest_merit=1).amend(RULES, CITY).schools.closures[0].achievement
    state, displaced = merit_after(2)
    assert not state.tables.persons.setback[displaced].any()


def test_money__follows_pupils_unless_it_is_saved() -> None:
    """A fifth of a school's pupils without their 112 200 SEK: 22 440 SEK and a fifth of the teachers less."""
    saved = begin(closures=(ClosurePlan(schools=(30,), receivers=(10,), resources_follow_pupil=False),))
    plain = begin(closures=(ClosurePlan(schools=(30,), receivers=(10,)),))
    for state in (saved, plain):
        run_years(state, school_year.step, 1)
        after_next(state)
    order = school_order(saved)
    unfunded = find_unfunded(saved, order)
    assert unfunded.any()
    assert not find_unfunded(plain, order).any()
    for state in (saved, plain):
        school_year.run_spring(state, order)
    less = plain.tables.schools.resources[order] - saved.tables.schools.resources[order]
    np.testing.assert_allclose(less, 112.2 * unfunded, rtol=1e-4, atol=1e-4)
    fewer = plain.tables.schools.teacher_density[order] - saved.tables.schools.teacher_density[order]
    np.testing.assert_allclose(fewer, saved.rules.schools.teacher_density * unfunded, rtol=1e-3, atol=1e-5)
    assert "schools.saved_msek" not in plain.flows
    independent = saved.tables.schools.provider[order] == Provider.INDEPENDENT
    assert not unfunded[independent].any()
    persons = saved.tables.persons
    still = persons.is_unfunded & (persons.school != NONE)
    assert saved.flows["schools.saved_msek"] == pytest.approx(0.1122 * still.sum(), rel=0.2)


def test_closure__leaves_a_municipal_school_with_every_grade() -> None:
    """Six schools teach grade 0 and one more 7 to 9: the last named of the six stays."""
    state = begin(closures=(ClosurePlan(schools=(10, 20, 30, 40, 50, 60)),))
    run_years(state, school_year.step, 1)
    assert sorted(key for key in state.tables.schools.id.tolist() if key != NONE) == [60, 70, 80]
    assert state.flows["schools.kept_open"] == 1


def test_closure__names_its_schools_or_takes_the_lowest() -> None:
    """Merit values 180, 200, unknown and, at the independent school, 260."""
    lowest = policy("school_closure", lowest_merit=1)
    assert lowest.count_reached(CITY) == 200
    named = policy("school_closure", schools=("East",), receivers=("Hill",), lowest_merit=1)
    [plan] = named.amend(RULES, CITY).schools.closures
    assert (plan.schools, plan.receivers) == ((2, 0), (1,))


def test_closure__of_a_school_that_has_closed_meanwhile_is_no_closure() -> None:
    assert policy("school_closure", schools=("Gone",)).amend(RULES, CITY) == RULES
    [plan] = (
        policy("school_closure", schools=("Gone", "East"), receivers=("Left", "Hill"))
        .amend(RULES, CITY)
        .schools.closures
    )
    assert (plan.schools, plan.receivers) == ((2,), (1,))


def test_closure__brings_free_transport_only_if_given() -> None:
    assert (
        policy("school_closure", lowest_merit=1).amend(RULES, CITY).schools.admission
        == RULES.schools.admission
    )
    driven = policy("school_closure", lowest_merit=1, transport_km=3.0).amend(RULES, CITY)
    assert driven.schools.admission.transport_km == 3.0


def test_independent_share__sets_where_and_how_many_open() -> None:
    lever = policy("independent_school_share", share_limit=0.2, areas=("Norr",))
    independent = lever.amend(RULES, CITY).schools.independent
    assert (independent.share_limit, independent.opening_areas) == (0.2, (0, 1))
    assert independent.opening_rate == RULES.schools.independent.opening_rate
    assert lever.needs_law


def test_independent_share__at_the_limit_no_school_opens() -> None:
    often = begin(independent={"opening_rate": 100.0})
    never = begin(independent={"opening_rate": 100.0, "share_limit": 0.0})
    for state in (often, never):
        run_years(state, school_year.step, 1)
    assert often.flows["schools.opened"] == 8
    assert never.flows["schools.opened"] == 0


def test_new_school__opens_once_where_most_children_live() -> None:
    state = begin(openings=(OpeningPlan(areas=(2,), seats=40),))
    run_years(state, school_year.step, 1)
    schools, cells = state.tables.schools, state.tables.cells
    [row] = [r for r in np.flatnonzero(schools.id != NONE) if schools.id[r] > 80]
    assert cells.area[schools.cell[row]] == 2
    assert (schools.provider[row], schools.first_grade[row], schools.last_grade[row]) == (0, 0, 9)
    assert schools.capacity[row] >= 40
    assert state.flows["schools.opened"] == 1
    assert (state.tables.persons.school == row).sum() > 0


def test_new_school__is_due_in_its_first_year_or_as_it_is_built_up() -> None:
    """CITY is of 2027 and began then; half a child of each age lives in every area, so areas go in order."""
    plain = policy("new_school", schools=2)
    assert [plan.areas for plan in plain.amend(RULES, CITY).schools.openings] == [(0, 1)]
    assert plain.amend(RULES, replace(CITY, year=2028)).schools.openings == ()
    assert plain.count_reached(CITY) == 2 * 25 * 10
    assert np.isnan(plain.cost(CITY))
    slowly = policy("new_school", schools=2, phase_in_years=2)
    assert [plan.areas for plan in slowly.amend(RULES, CITY).schools.openings] == [(0,)]
    later = slowly.amend(RULES, replace(CITY, year=2028))
    assert [plan.areas for plan in later.schools.openings] == [(1,)]


def test_school_transport__sets_the_kilometres_alone() -> None:
    new = policy("school_transport", transport_km=4.0).amend(RULES, CITY).schools.admission
    assert new == RULES.schools.admission.model_copy(update={"transport_km": 4.0})


def test_closure__of_a_school_the_city_does_not_have_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "closing.yaml"
    path.write_text(
        f"extends: {TOWN}\npolicies:\n  - school_closure:\n      schools: [Tallskolan]\n", "utf-8"
    )
    known = ("Björkskolan", "Tallbackskolan")
    with pytest.raises(ScenarioError, match=r'closing.yaml:4.*no school "Tallskolan".*"Tallbackskolan"'):
        check_names(load_scenario(path), CityPlaces(("A",), ("B",), schools=known))

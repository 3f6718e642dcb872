"""Redrawn catchments and schools in step with plans: what they even out, whom they seat, what they flag."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from segsim.rules.school_plans import RedrawTerms, SeatPlan
from segsim.steps.housing.residence import household_cells
from segsim.steps.housing.surroundings import describe_surroundings, log_standards
from segsim.steps.schools import school_year
from segsim.steps.schools.catchments import CatchmentMap, draw_catchments, redraw_catchments
from segsim.steps.schools.enrolment import school_order
from segsim.steps.schools.school_plans import align_with_plans
from segsim.tables import NONE
from test_policies import CITY, RULES, policy
from tests.school_town import run_years, school_town, town_moment

CENTRES = np.array([1125.0, 3625.0, 6125.0, 8625.0])
ALL = (0, 1, 2, 3)


def begin(seats: int | None = None, admission: Any = None, **rules: Any) -> Any:
    """Return the town at the end of its first year, its areas' centres along the road."""
    tables = school_town()
    tables.areas.x[:] = CENTRES
    state = town_moment(tables, admission=admission, rules=rules)
    school_year.settle(state)
    if seats is not None:
        state.tables.schools.capacity[school_order(state)] = seats
    return state


def spread(town: CatchmentMap, place: Any) -> float:
    """Return the sum over schools of pupils times the square of their mean's distance from the city's."""
    mean = town.total.sum() / town.pupils.sum()
    n = np.bincount(place, town.pupils, town.schools.size)
    t = np.bincount(place, town.total, town.schools.size)
    return float(sum(n[s] * (t[s] / n[s] - mean) ** 2 for s in range(n.size) if n[s]))


def by_hand(seats: float = 100.0) -> CatchmentMap:
    """Two areas at each of two schools 2 km apart, the first two educated (2 each), the others not."""
    return CatchmentMap(
        areas=np.arange(4),
        schools=np.arange(2),
        home=np.zeros(4, np.int64),
        km=np.array([[0.0, 2.0], [0.5, 1.5], [1.5, 0.5], [2.0, 0.0]]),
        pupils=np.full(4, 10.0),
        total=np.array([20.0, 20.0, 0.0, 0.0]),
        seats=np.full(2, seats),
    )


NEAREST = np.array([0, 0, 1, 1])


def test_redraw__evens_the_schools_out_as_far_as_distance_lets_it() -> None:
    """With 1 km more only the two middle areas may change; both do, and both schools have the mean 1."""
    town = by_hand()
    given = draw_catchments(town, np.ones(4, bool), NEAREST, 1.0)
    assert given.tolist() == [0, 1, 0, 1]
    assert spread(town, NEAREST) == pytest.approx(40.0)
    assert spread(town, given) == pytest.approx(0.0)
    assert draw_catchments(town, np.ones(4, bool), NEAREST, 0.9).tolist() == NEAREST.tolist()


def test_redraw__leaves_other_areas_and_full_schools_alone() -> None:
    town = by_hand()
    assert draw_catchments(town, np.array([True, False, False, False]), NEAREST, 1.0).tolist() == [0, 0, 1, 1]
    full = by_hand(seats=20.0)
    # nobody may come to a full school, so nobody can leave either
    assert draw_catchments(full, np.ones(4, bool), NEAREST, 1.0).tolist() == NEAREST.tolist()


def test_redraw__is_never_worse_than_nearest_and_comes_near_the_best_there_is() -> None:
    """Of what the best of 729 ways to give six areas to three schools would gain, most is gained."""
    left = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        town = CatchmentMap(
            areas=np.arange(6),
            schools=np.arange(3),
            home=np.zeros(6, np.int64),
            km=rng.uniform(0, 5, (6, 3)),
            pupils=rng.uniform(5, 20, 6),
            total=rng.uniform(0, 40, 6),
            seats=np.full(3, 1000.0),
        )
        given = spread(town, draw_catchments(town, np.ones(6, bool), np.zeros(6, np.int64), 100.0))
        best = min(spread(town, np.array(place)) for place in product(range(3), repeat=6))
        nearest = spread(town, town.km.argmin(axis=1))
        assert best - 1e-9 <= given <= nearest + 1e-9
        left.append(given / nearest)
    assert np.mean(left) < 0.2


def test_redraw__crosses_no_municipal_border() -> None:
    """The last two areas and the second school lie in another municipality."""
    town = by_hand()
    apart = town._replace(
        home=np.array([0, 0, 1, 1]), km=np.where(np.eye(2).repeat(2, axis=0) == 1, town.km, np.inf)
    )
    assert draw_catchments(apart, np.ones(4, bool), NEAREST, 100.0).tolist() == NEAREST.tolist()


def means(state: Any) -> float:
    """Return the pupil-weighted SD of parents' education between municipal schools."""
    order = school_order(state)
    order = order[state.tables.schools.provider[order] == 0]
    persons = state.tables.persons
    rows = np.flatnonzero(np.isin(persons.school, order) & (persons.id != NONE))
    n = np.bincount(persons.school[rows], minlength=order.max() + 1)[order]
    total = np.bincount(persons.school[rows], persons.parent_education[rows], order.max() + 1)[order]
    here = n > 0
    mean = total[here].sum() / n[here].sum()
    return float(np.sqrt((n[here] * (total[here] / n[here] - mean) ** 2).sum() / n[here].sum()))


def test_redraw__mixes_the_schools_of_a_town_where_catchments_bind() -> None:
    """Everybody goes by default, so that the catchment decides; in ten years all cohorts are seated by it."""
    bound = {"mechanism": "catchment", "active_share": (0, 0, 0, 0)}
    redraw = RedrawTerms(areas=ALL, max_extra_km=20.0)
    before, after = begin(60, bound), begin(60, bound, catchments=(redraw,))
    run_years(before, school_year.step, 10)
    run_years(after, school_year.step, 10)
    assert means(after) < 0.8 * means(before)


def test_families_who_choose_a_home__look_at_the_school_of_its_catchment_and_else_at_the_nearest() -> None:
    state = begin()
    areas, schools = state.tables.areas, state.tables.schools
    schools.published_merit[:] = np.nan
    upper = school_order(state)[schools.last_grade[school_order(state)] == 9][:3]
    schools.published_merit[upper] = (190.0, 220.0, 250.0)

    def appeal() -> Any:
        cell = household_cells(state.tables)
        return describe_surroundings(state, cell, log_standards(state.tables)).family_appeal

    before = appeal()
    best = state.preferences.housing.school * 30.0 / np.std([190.0, 220.0, 250.0])
    area = int(before.argmin())
    assert before[area] < best
    areas.catchment_upper[area] = schools.id[upper[2]]
    after = appeal()
    assert after[area] == pytest.approx(best)
    assert np.delete(after, area).tolist() == np.delete(before, area).tolist()
    areas.catchment_upper[area] = 12345  # a school that has closed
    assert appeal().tolist() == before.tolist()


def test_redraw__lapses_when_its_rule_ends() -> None:
    state = begin(catchments=(RedrawTerms(areas=ALL, max_extra_km=20.0),))
    redraw_catchments(state)
    assert (state.tables.areas.catchment_lower != NONE).all()
    state.rules = begin().rules
    redraw_catchments(state)
    assert (state.tables.areas.catchment_lower == NONE).all()
    assert (state.tables.areas.catchment_upper == NONE).all()


def test_redraw__is_drawn_once_or_every_so_many_years_and_anew_where_its_school_has_closed() -> None:
    once = RedrawTerms(areas=ALL, max_extra_km=20.0, first_year=2023)
    for every, redrawn in ((0, []), (2, [2023, 2025])):
        state = begin(catchments=(once.model_copy(update={"every_years": every}),))
        drawn = []
        for year in range(2023, 2027):
            state.year = year
            state.tables.areas.catchment_lower[0] = 30  # moved by hand, to see a redraw
            redraw_catchments(state)
            if state.tables.areas.catchment_lower[0] != 30:
                drawn.append(year)
        assert set(drawn) <= set(redrawn) if redrawn else drawn == []
    state.tables.areas.catchment_lower[0] = 12345
    state.year = 2026
    redraw_catchments(state)
    assert state.tables.areas.catchment_lower[0] in state.tables.schools.id


def test_lever__keeps_the_nearest_without_kilometres_and_takes_whole_areas_in_part() -> None:
    assert policy("catchment_redraw", max_extra_km=0.0).amend(RULES, CITY) == RULES
    [half] = policy("catchment_redraw", compliance=0.5).amend(RULES, CITY).schools.catchments
    assert half.areas == (0, 1, 2)  # those with the greatest challenges
    assert policy("catchment_redraw", areas=("A1",)).count_reached(CITY) == CITY.ages[0, 7:17].sum()


def build(state: Any, area: int, homes: int) -> None:
    """Let so many homes of an area be completed last year."""
    dwellings, cells = state.tables.dwellings, state.tables.cells
    rows = np.flatnonzero((dwellings.id != NONE) & (cells.area[dwellings.cell] == area))[:homes]
    dwellings.built[:] = 2000
    dwellings.built[rows] = state.year - 1


def test_alignment__adds_seats_where_homes_were_completed_and_nowhere_else() -> None:
    state = begin(seat_plans=(SeatPlan(areas=ALL),))
    state.year += 1
    build(state, 0, 100)
    before = state.tables.schools.capacity.copy()
    align_with_plans(state)
    added = state.tables.schools.capacity - before
    persons = state.tables.persons
    pupils = ((state.year - persons.birth_year >= 7) & (state.year - persons.birth_year <= 16)).sum()
    homes = (state.tables.dwellings.occupant != NONE).sum()
    expected = 100 * pupils / 10 / homes
    assert added.sum() == pytest.approx(expected, abs=1)  # its school teaches all grades
    assert state.flows["alignment.areas"] == 1
    assert state.flows["alignment.seats"] == added.sum()


def test_alignment__flags_areas_without_seats_and_schools_that_differ() -> None:
    tight, wide = begin(seats=1, seat_plans=(SeatPlan(areas=ALL, share=0),)), begin(
        seats=500, seat_plans=(SeatPlan(areas=ALL, share=0),)
    )  # fmt: skip
    for state in (tight, wide):
        state.year += 1
        build(state, 0, 50)
        before = state.tables.schools.capacity.copy()
        align_with_plans(state)
        assert (state.tables.schools.capacity == before).all()
    assert tight.flows["alignment.no_seats"] == 1
    assert wide.flows["alignment.no_seats"] == 0
    assert wide.flows["alignment.uneven"] in (0, 1)


def test_alignment__redraws_only_where_homes_were_completed() -> None:
    redraw = RedrawTerms(areas=ALL, max_extra_km=20.0, where_built=True)
    state = begin(seats=200, catchments=(redraw,))
    state.year += 1
    build(state, 3, 20)
    redraw_catchments(state)
    assert (state.tables.areas.catchment_lower[:3] == NONE).all()
    assert state.tables.areas.catchment_lower[3] != NONE


def test_alignment_lever__says_nothing_in_the_rules_unless_something_follows_the_plans() -> None:
    assert policy("plan_alignment", catchments=False, seats=False).amend(RULES, CITY) == RULES
    rules = policy("plan_alignment", catchments=False).amend(RULES, CITY).schools
    assert rules.catchments == ()
    assert rules.seat_plans == (SeatPlan(areas=(0, 1, 2, 3, 4, 5)),)
    rules = policy("plan_alignment", seats=False, areas=("A1",)).amend(RULES, CITY).schools
    assert [plan.share for plan in rules.seat_plans] == [0]  # conflicts are counted all the same
    assert rules.catchments[0].where_built
    assert np.isnan(policy("plan_alignment").count_reached(replace(CITY, year=2030)))

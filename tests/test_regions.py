"""A city of several municipalities: borders of queues, schools and policies, and sums over municipalities."""

import numpy as np
import pytest

from segsim.errors import ScenarioError
from segsim.measures import find_undeclared
from segsim.rules.schools import SchoolsRules
from segsim.scenario import load_scenario
from segsim.simulation import start_simulation
from segsim.steps.housing.borders import cross_borders
from segsim.steps.schools.enrolment import GRADES, school_order
from segsim.steps.schools.school_supply import change_supply
from segsim.tables import NONE, Provider, Tenure, municipality_of_cells
from tests.consistency import find_inconsistencies

QUIET_SCHOOLS = SchoolsRules(
    independent={"opening_rate": 0.0, "closing_rate": 0.0, "growth": 0.0, "shrinkage": 0.0}
)
NEIGHBOURS = "1438,1439"  # Dals-Ed and Färgelanda, 11 000 persons together


def region(**overrides):
    return load_scenario(NEIGHBOURS, overrides)


@pytest.fixture(scope="module")
def run():
    """Two years of the region, and who lived where before the second."""
    simulation = start_simulation(region(), 1)
    for _ in range(2):
        simulation.step()
    return simulation


def refusal(**overrides):
    with pytest.raises(ScenarioError) as error:
        region(**overrides)
    return str(error.value)


# Where the region comes from ------------------------------------------------------------------------------


def test_region__is_the_same_whatever_the_order_of_its_municipalities():
    assert load_scenario("1439,1438").city == region().city
    assert load_scenario("Färgelanda,Dals-Ed").city == region().city


def test_county__is_its_municipalities():
    assert load_scenario("gotlands_lan").city.national_codes == ("0980",)
    assert len(load_scenario("gotlands_lan", {"city.county": "01"}).city.national_codes) == 26


def test_one_municipality__as_a_region_is_itself():
    alone, listed = (
        start_simulation(load_scenario("1438", overrides), 3)
        for overrides in ({}, {"city.municipalities": ["1438"]})
    )
    for simulation in (alone, listed):
        simulation.step()
    assert alone.rows().equals(listed.rows())


def test_region__refuses_what_is_unknown_doubled_or_said_twice(tmp_path):
    for city, words in (
        ("municipalities: [dals-ed, fargelandaa]", r"r.yaml:2: city.municipalities\[1\].*did you mean"),
        ("municipalities: [dals-ed, '1438']", r"r.yaml:2: city.municipalities\[1\].*there twice"),
        ("county: '99'", r"r.yaml:2: city.county: there is no county"),
        ("municipalities: [dals-ed]\n  municipality: solna", r"r.yaml:1: city: .*add the one to the list"),
        ("county: '01'\n  areas: r.yaml", r"r.yaml:1: city: .*table of your own is of one municipality"),
    ):
        path = tmp_path / "r.yaml"
        path.write_text(f"city:\n  {city}\n", "utf-8")
        with pytest.raises(ScenarioError, match=words):
            load_scenario(path)


def test_scope__refuses_a_municipality_outside_the_region():
    scope = [{"new_school": {"areas": {"municipalities": ["solna"]}}}]
    assert "Solna (0184) is not in the city, which has Dals-Ed, Färgelanda" in refusal(policies=scope)
    assert "Solna" in refusal(**{"rules.municipalities": {"solna": {}}})


# Tables and sums ------------------------------------------------------------------------------------------


def test_years__leave_a_region_consistent(run):
    assert find_inconsistencies(run.state.tables) == []
    assert find_undeclared(run.rows()) == []


def test_sums_over_municipalities__equal_the_whole(run):
    rows = run.rows()
    rows = rows[rows["level"] == "municipality"]
    named = rows[rows["unit"] != ""].groupby(["year", "measure", "grouping"])["value"].sum()
    whole = rows[rows["unit"] == ""].set_index(["year", "measure", "grouping"])["value"]
    for measure in ("population", "households", "dwellings", "pupils", "moved_in", "net_moves"):
        parts = named.xs(measure, level="measure")
        assert np.allclose(parts, whole.xs(measure, level="measure")[parts.index]), measure


def test_moves__leave_one_municipality_for_the_other(run):
    rows = run.rows()
    net = rows[(rows["measure"] == "net_moves") & (rows["unit"] != "") & (rows["year"] == 2024)]
    assert (net.groupby("grouping")["value"].sum() == 0).all()
    assert (rows[rows["measure"] == "moved_in"]["value"] > 0).any()


# Queues and schools ---------------------------------------------------------------------------------------


def lettings_across(public_queue):
    """Households that a year of the market moves into public rentals, and from where."""
    simulation = start_simulation(region(**{"rules.housing.public_queue": public_queue}), 1)
    state = simulation.state
    tables = state.tables
    host = np.where(
        tables.households.home == NONE, tables.households.lodging_with, np.arange(tables.households.id.size)
    )
    home = np.where(host == NONE, NONE, tables.households.home[host])
    of_cell = municipality_of_cells(tables)
    before = dict(
        zip(
            tables.households.id,
            np.where(home == NONE, NONE, of_cell[tables.dwellings.cell[home]]),
            strict=True,
        )
    )
    simulation.step()
    tables = state.tables
    households, dwellings = tables.households, tables.dwellings
    moved = np.flatnonzero(
        (households.id != NONE) & (households.moved == state.year) & (households.home != NONE)
    )
    at = households.home[moved]
    public = (dwellings.tenure[at] == Tenure.PUBLIC_RENTAL) & (dwellings.contract[at] == 0)
    now = municipality_of_cells(tables)[dwellings.cell[at]]
    was = np.array([before.get(key, NONE) for key in households.id[moved]])
    return int((public & (was != NONE) & (was != now)).sum())


def test_public_queue__is_of_ones_own_municipality_unless_the_rules_open_it():
    closed, open_to_all = lettings_across("municipality"), lettings_across("region")
    assert closed == 0 < open_to_all


def test_queue_time__begins_anew_across_a_border_unless_both_queues_are_open(run):
    state = run.state
    rows = np.flatnonzero(state.tables.households.id != NONE)[:3]
    for queue, expected in (("municipality", [2000, state.year, 2000]), ("region", [2000, 2000, 2000])):
        state.rules = region(**{"rules.housing.public_queue": queue}).rules
        state.tables.households.queue_since[rows] = 2000
        # the first stays in municipality 0, the second goes from 0 to 1, the third got nothing
        cross_borders(state, rows, np.array([0, 0, 0]), np.array([0, 1, NONE]), np.array([0, 1]))
        assert state.tables.households.queue_since[rows].tolist() == expected


def test_pupils__go_to_their_own_municipalitys_schools_or_to_independent_ones(run):
    tables, year = run.state.tables, run.state.year
    of_cell, persons, schools = municipality_of_cells(tables), tables.persons, tables.schools
    pupils = np.flatnonzero((persons.school != NONE) & (year - persons.birth_year < 15))
    households = tables.households
    host = np.where(households.home == NONE, households.lodging_with, np.arange(households.id.size))
    home = of_cell[tables.dwellings.cell[households.home[host[persons.household[pupils]]]]]
    school = persons.school[pupils]
    municipal = schools.provider[school] == Provider.MUNICIPAL
    abroad = municipal & (of_cell[schools.cell[school]] != home)
    # admission is in the autumn, before the year's moves; who moved since goes on till summer
    moved = households.moved[persons.household[pupils]] == year
    assert not (abroad & ~moved).any()


# Policies -------------------------------------------------------------------------------------------------


def test_seats__follow_the_children_of_their_own_municipality():
    """The children of the first become twice as many, those of the second stay; so do independent schools."""
    state = start_simulation(region(), 1).state
    order = school_order(state)
    schools = state.tables.schools
    home = municipality_of_cells(state.tables)[schools.cell[order]]
    before, no_pupils = schools.capacity[order].copy(), np.zeros((order.size, GRADES), np.int64)
    state.local_flows["growth.school_age"] = np.array([1.0, 0.0])
    state.rules = state.rules.model_copy(update={"schools": QUIET_SCHOOLS})
    change_supply(state, order, no_pupils)
    grows = (home == 0) & (schools.provider[order] == Provider.MUNICIPAL)
    assert 0 < grows.sum() < order.size
    assert schools.capacity[order].tolist() == np.where(grows, 2 * before, before).tolist()


def test_policy_in_one_municipality__leaves_the_others_rules_alone():
    scope = {"municipalities": ["1439"]}
    policies = [
        {"allocation": {"areas": scope, "public_allocation": "need"}},
        {"admission_rule": {"areas": scope, "municipal_priority": "lottery"}},
        {"rent_setting": {"areas": scope, "regime": "soft_market"}},
    ]
    simulation = start_simulation(region(policies=policies), 1)
    simulation.step()
    rules, everywhere = simulation.state.rules, region().rules
    assert rules.housing_in("1438") == everywhere.housing
    assert rules.admission_in("1438") == everywhere.schools.admission
    assert rules.housing_in("1439").public_allocation == "need"
    assert rules.housing_in("1439").rent_growth > 0
    assert rules.admission_in("1439").municipal_priority == "lottery"


def test_city_wide_policy__refuses_part_of_a_municipality():
    areas = {"municipalities": ["1439"], "weakest": 0.5}
    assert "whole municipalities" in refusal(policies=[{"allocation": {"areas": areas}}])


def test_mechanisms__may_differ_between_municipalities_and_seat_everybody():
    rules = {"1438": {"admission": {"mechanism": "immediate_acceptance"}}}
    simulation = start_simulation(region(**{"rules.municipalities": rules}), 1)
    simulation.step()
    assert find_inconsistencies(simulation.state.tables) == []

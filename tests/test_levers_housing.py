"""Levers on homes do what they say, reach and cost what they say, and stop when they end."""

from pathlib import Path

import numpy as np
import pytest

from segsim.city import City
from segsim.kernels.draws import Stream, uniforms
from segsim.rules import Rules
from segsim.rules.housing import ContractInspection, HousingRules
from segsim.scenario import load_scenario
from segsim.steps.housing import contract_control
from segsim.steps.housing import market as housing_market
from segsim.steps.housing.market import _ring_of_vacancies
from segsim.steps.housing.settings import housing_terms
from segsim.tables import NONE, Contract, Tenure
from tests.consistency import find_inconsistencies
from tests.small_city import START, moment_of, small_city

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"


def town(*policies, **changes):
    """Return the test town after its years, and its rows by measure and grouping."""
    city = City(load_scenario(TOWN, {"policies": list(policies), **changes}), seed=1)
    return city, city.run().set_index(["measure", "grouping", "year"])["value"]


def controlled(**settings):
    """Return a small city whose rentals are all let unlawfully, after a step of control."""
    control = ContractInspection(**{"areas": (0, 1, 2, 3), "detect_rate": 1.0, **settings})
    state = moment_of(
        small_city(),
        rules=Rules(housing=HousingRules(illegal_share_public=1.0, illegal_share_private=1.0)),
    )
    contract_control.settle(state)
    state.rules = Rules(housing=HousingRules(contract_controls=(control,), illegal_share_public=1.0))
    before = contract_control.find_unlawful(state)
    contract_control.step(state)
    return state, before


def market(**rules):
    """Return a small city after the housing step of a year, all rentals public, half of them vacant."""
    tables = small_city()
    tables.dwellings.tenure[:] = Tenure.PUBLIC_RENTAL
    state = moment_of(tables, rules=Rules(housing=HousingRules(**rules)))
    state.tables.households.income[:] = 300.0
    housing_market.step(state)
    return state


def lettings(state):
    """Return the mean years in the queue of those who got a public rental through it."""
    return state.flows["queue.years"] / state.flows["queue.lettings"]


def test_allocation__lottery_and_need_pass_the_queue() -> None:
    by_queue = lettings(market())
    assert lettings(market(public_allocation="lottery")) < by_queue
    assert lettings(market(public_lottery_share=1.0)) == lettings(market(public_allocation="lottery"))
    assert lettings(market(public_need_share=1.0)) == lettings(market(public_allocation="need"))


def test_allocation__a_norm_left_after_rent_asks_more_of_large_households() -> None:
    """Rent 100: two rents are 200 for all; rent and norm are 100 + 60 for one unit, 100 + 60 x 2.5 = 250."""
    multiple = housing_terms(HousingRules(public_income_floor=2.0))
    residual = housing_terms(HousingRules(public_income_rule="residual", norm_after_rent=60.0))
    asked = {
        name: [terms.public_income_floor * 100 + terms.public_norm * units for units in (1.0, 2.5)]
        for name, terms in (("multiple", multiple), ("residual", residual))
    }
    assert asked == {"multiple": [200, 200], "residual": [160, 250]}


def test_allocation__a_norm_nobody_has_lets_nothing() -> None:
    state = market(public_income_rule="residual", norm_after_rent=1000.0)
    assert state.flows["queue.lettings"] == 0
    assert market().flows["queue.lettings"] > 0


def test_allocation__reaches_the_rentals_of_the_landlords_it_concerns() -> None:
    _, rows = town({"allocation": {"public_allocation": "need"}})
    stock = rows["dwellings", "tenure.public_rental", 2022]
    assert rows["policy_reached", "allocation", 2023] == pytest.approx(stock)
    assert np.isnan(rows["policy_cost", "allocation", 2023])


def test_contract_control__detected_dwellings_return_to_the_queue() -> None:
    state, before = controlled()
    dwellings = state.tables.dwellings
    assert before.size > 100
    assert (dwellings.occupant[before] == NONE).all()
    assert (dwellings.contract[before] == Contract.RECOVERED).all()
    rows, ring = _ring_of_vacancies(state, 1)
    is_recovered = np.isin(rows, before)
    is_public = dwellings.tenure[rows] == 0
    assert not ring.is_illegal[is_recovered].any()
    assert ring.is_illegal[is_public & ~is_recovered].all()


def test_contract_control__who_loses_a_roof_lodges_and_is_counted() -> None:
    state, before = controlled()
    households = state.tables.households
    lodgers = np.flatnonzero((households.id != NONE) & (households.home == NONE))
    wrong = [line for line in find_inconsistencies(state.tables) if "school" not in line]
    assert wrong == []  # the small city has no seats
    assert state.flows["contract_control.recovered"] == before.size
    lost = state.flows["contract_control.lost_roof"]
    # ten lodged before, some of them with somebody who lost the home
    assert before.size <= lost <= before.size + 10
    assert lodgers.size == before.size + 10
    assert state.flows["contract_control.lost_roof_persons"] >= lost


def test_contract_control__acts_in_its_areas_only() -> None:
    state, before = controlled(areas=(2,))
    area = state.tables.cells.area[state.tables.dwellings.cell[before]]
    gone = state.tables.dwellings.occupant[before] == NONE
    np.testing.assert_array_equal(gone, area == 2)


def test_contract_control__a_contested_contract_ends_after_the_delay() -> None:
    state, before = controlled(contested_share=1.0, delay_years=2, first_year=START)
    assert state.flows["contract_control.recovered"] == 0
    # begun two years ago, on those who had moved in before that
    late, _ = controlled(contested_share=1.0, delay_years=2, first_year=START - 2)
    moved = state.tables.households.moved[state.tables.dwellings.occupant[before]]
    assert late.flows["contract_control.recovered"] == (moved < START - 2).sum() > 0


def test_contract_control__tenth_detected_is_drawn_by_dwelling() -> None:
    state, before = controlled(detect_rate=0.1)
    ids = state.tables.dwellings.id[before]
    drawn = uniforms(state.key, Stream.CONTRACT_CONTROL, START, ids, 0) < 0.1
    np.testing.assert_array_equal(state.tables.dwellings.occupant[before] == NONE, drawn)


def test_contract_control__costs_its_investigators_and_stops_when_it_ends() -> None:
    policy = {"contract_control": {"detect_rate": 0.5, "contested_share": 0.0, "until": 2023}}
    city, rows = town(policy)
    reached = rows["policy_reached", "contract_control", 2023]
    assert reached == pytest.approx(rows["flow", "contract_control.recovered", 2023], abs=15)
    assert rows["policy_cost", "contract_control", 2023] == pytest.approx(reached * 0.825 / 45)
    assert ("flow", "contract_control.recovered", 2024) not in rows.index
    assert find_inconsistencies(city.tables) == []


def test_contract_control__fewer_contracts_are_unlawful_the_longer_it_lasts() -> None:
    without, _ = town()
    with_control, _ = town({"contract_control": {"detect_rate": 0.5}})
    assert (
        contract_control.find_unlawful(with_control).size < 0.6 * contract_control.find_unlawful(without).size
    )

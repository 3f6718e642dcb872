"""The year's housing market as a whole: what households, owners and money go through."""

import numpy as np
import pytest

from segsim.groups import SWEDISH_GROUPS
from segsim.rules import Preferences, Rules
from segsim.rules.choice.home import HousingPreferences
from segsim.rules.housing import Construction, HousingRules
from segsim.steps.housing import market as housing
from segsim.steps.housing.residence import household_cells, household_tenures
from segsim.steps.housing.surroundings import describe_surroundings, group_likeness, log_standards
from segsim.tables import NONE, Tenure, columns, live
from tests.small_city import START, moment_of, small_city

YEAR = START + 1
NO_BUILDING = {"construction": Construction(share_of_stock=0.0), "demolition_share": 0.0}


def market(n_households=400, shuffled=None, rules=None, **preferences):
    """A year of the market in a small city where rents, prices and savings follow from the ids."""
    tables = small_city(n_households, shuffled=shuffled)
    dwellings, households = tables.dwellings, tables.households
    owned = dwellings.tenure >= Tenure.COOPERATIVE
    dwellings.fee[:] = np.where(dwellings.id == NONE, 0.0, 40.0 + dwellings.id % 60)
    dwellings.price[:] = np.where((dwellings.id != NONE) & owned, 600.0 + dwellings.id % 900, 0.0)
    households.wealth[:] = np.where(households.id == NONE, 0.0, households.id % 700)
    state = moment_of(tables, seed=1)
    state.rules = Rules(housing=HousingRules(**(NO_BUILDING if rules is None else rules)))
    state.preferences = Preferences(housing=HousingPreferences(**preferences))
    state.year = YEAR
    return state


def homes_by_id(state):
    """{household id: dwelling id or None}."""
    h, d = state.tables.households, state.tables.dwellings
    return {int(h.id[row]): int(d.id[h.home[row]]) if h.home[row] != NONE else None for row in live(h)}


def test_housing__does_not_depend_on_the_order_of_rows():
    plain = market(rules={})
    shuffled = market(shuffled=9, rules={})
    for state in (plain, shuffled):
        housing.step(state)
    assert homes_by_id(plain) == homes_by_id(shuffled)
    for table in ("dwellings", "households"):
        left, right = getattr(plain.tables, table), getattr(shuffled.tables, table)
        order = [live(t)[np.argsort(t.id[live(t)])] for t in (left, right)]
        for name in columns(type(left)):
            if name not in ("home", "lodging_with", "occupant"):
                assert np.array_equal(getattr(left, name)[order[0]], getattr(right, name)[order[1]]), name


def test_housing__leaves_nobody_in_two_homes_and_lodgers_with_a_host():
    state = market()
    housing.step(state)
    h, d = state.tables.households, state.tables.dwellings
    housed = live(h)[h.home[live(h)] != NONE]
    assert (d.occupant[h.home[housed]] == housed).all()
    assert np.unique(h.home[housed]).size == housed.size
    assert (np.flatnonzero(d.occupant != NONE).size) == housed.size
    lodging = live(h)[h.home[live(h)] == NONE]
    assert (h.home[h.lodging_with[lodging]] != NONE).all()


def test_money__is_accounted_for():
    """Wealth grows by what is saved, by returns and by the prices of owned homes, less illegal contracts."""
    state = market()
    h, d = state.tables.households, state.tables.dwellings
    before, wanted = h.wealth.astype(float).copy(), state.preferences.housing
    price = d.price.astype(float).copy()
    housing.step(state)
    paid = state.flows["lettings.outside_queue"] * state.rules.housing.illegal_price
    risen = (d.price.astype(float) - price)[(d.occupant != NONE)].sum()
    base = before.sum() - paid
    expected = base * (1 + wanted.wealth_return) + wanted.savings_rate * h.income.astype(float).sum() + risen
    assert h.wealth.astype(float).sum() == pytest.approx(expected, rel=1e-5)


def test_staying__more_of_it_means_fewer_moves():
    moves = []
    for staying in (0.0, 4.0, 20.0):
        state = market(staying=staying)
        housing.step(state)
        moves.append(sum(v for k, v in state.flows.items() if k.startswith("left.")))
    assert moves[0] > moves[1] > moves[2] == 0


def test_public_rental__goes_to_the_longest_registered_and_resets_the_queue():
    state = market(rules={**NO_BUILDING, "illegal_share_public": 0.0, "illegal_share_private": 0.0})
    h = state.tables.households
    since = h.queue_since.copy()
    housing.step(state)
    tenure = state.tables.dwellings.tenure[h.home]
    moved = (h.moved == YEAR) & (h.home != NONE)
    public = np.flatnonzero(moved & (tenure == Tenure.PUBLIC_RENTAL))
    assert public.size > 0
    assert (h.queue_since[public] == YEAR).all()
    assert state.flows["queue.years"] == (YEAR - since[public]).sum()
    bought = np.flatnonzero(moved & (tenure >= Tenure.COOPERATIVE))
    assert (h.queue_since[bought] == since[bought]).all()


def test_owned_homes__go_only_to_those_with_down_payment_and_loan():
    state = market()
    h, d = state.tables.households, state.tables.dwellings
    wealth, price = h.wealth.copy(), d.price.copy()
    housing.step(state)
    bought = np.flatnonzero((h.moved == YEAR) & (h.home != NONE))
    bought = bought[d.tenure[h.home[bought]] >= Tenure.COOPERATIVE]
    assert bought.size > 0
    cost = price[h.home[bought]]
    assert (wealth[bought] >= 0.15 * cost - 0.01).all()
    assert (cost - wealth[bought] <= 4.5 * h.income[bought] / 0.75 + 0.01).all()


def test_own_group_taste__sorts_a_mixed_city():
    """With the taste and nothing else, neighbours become more alike than without it."""
    alike = []
    for own_group in (0.0, 12.0):
        state = market(2000, own_group=own_group, staying=0.0, search_by_age=(1,) * 5, shared_background=1.0)
        for year in range(YEAR, YEAR + 15):
            state.year = year
            housing.step(state)
        around = describe_surroundings(state, household_cells(state.tables), log_standards(state.tables))
        h = state.tables.households
        area = state.tables.cells.area[household_cells(state.tables)[live(h)]]
        alike.append(around.own_share[area, h.group[live(h)]].mean())
    assert alike[1] > alike[0] + 0.05


def test_affluent_taste__sorts_the_rich_and_leaves_the_others():
    """One area begins a log point richer; with the taste the richest tenth stay around one another."""
    rich, poor = [], []
    for affluent in (0.0, 8.0):
        tastes = {"own_group": 0.0, "income_similarity": 3.0, "affluent_similarity": affluent}
        state = market(2000, **tastes, staying=0.0, search_by_age=(1,) * 5)
        h = state.tables.households
        begins = state.tables.cells.area[household_cells(state.tables)[live(h)]]
        h.standard[live(h)] = np.exp(5.5 + 0.5 * np.sin(h.id[live(h)] * 12.9898) + (begins == 0))
        h.income[live(h)] = h.standard[live(h)]
        for year in range(YEAR, YEAR + 8):
            state.year = year
            housing.step(state)
        standard = log_standards(state.tables)
        around = describe_surroundings(state, household_cells(state.tables), standard)
        area = state.tables.cells.area[household_cells(state.tables)[live(h)]]
        seen = around.log_standard[area, household_tenures(state.tables)[live(h)]]
        limits = np.quantile(standard[live(h)], [0.1, 0.9])
        poor.append(seen[standard[live(h)] < limits[0]].mean())
        rich.append(seen[standard[live(h)] > limits[1]].mean())
    assert rich[1] > rich[0] + 0.02
    assert abs(poor[1] - poor[0]) < rich[1] - rich[0]


@pytest.mark.parametrize("same_tenure", [0.0, 0.5, 1.0])
def test_neighbours__are_seen_by_tenure_as_far_as_is_said(same_tenure):
    """Against a plain mean over residents of each area and tenure, which 20 persons pull half way to it."""
    state = market(300, same_tenure=same_tenure)
    tables, h = state.tables, state.tables.households
    h.standard[live(h)] = np.exp(5.5 + np.sin(h.id[live(h)] * 12.9898))
    standard = log_standards(tables)
    around = describe_surroundings(state, household_cells(tables), standard)
    area, tenure = tables.cells.area[household_cells(tables)], household_tenures(tables)
    for a in range(tables.areas.id.size):
        people = [(r, h.size[r]) for r in live(h) if area[r] == a]
        whole = sum(standard[r] * n for r, n in people) / sum(n for _, n in people)
        for t in Tenure:
            like = [(r, n) for r, n in people if tenure[r] == t]
            persons = sum(n for _, n in like)
            own = sum(standard[r] * n for r, n in like) / persons if persons else whole
            expected = whole + same_tenure * persons / (persons + 20) * (own - whole)
            assert around.log_standard[a, t] == pytest.approx(expected, abs=1e-5)


def test_standard__is_told_beside_the_median_household_and_free_rows_are_it():
    state = market(5)
    h = state.tables.households
    h.standard[live(h)] = [100, 200, 200, 400, 200]
    assert log_standards(state.tables)[live(h)] == pytest.approx(np.log([0.5, 1, 1, 2, 1]))
    assert not log_standards(state.tables)[h.id == NONE].any()


def test_group_likeness__counts_a_shared_background_in_part():
    """Swedish; three of foreign background."""
    matrix = group_likeness(SWEDISH_GROUPS, 0.5)
    assert matrix[0].tolist() == [1, 0, 0, 0]
    assert matrix[1].tolist() == [0, 1, 0.5, 0.5]


@pytest.mark.parametrize("window", [1, 3])
def test_window__counts_the_square_of_cells(window):
    """Against a plain sum over all pairs of cells."""
    state = market(window=window)
    tables = state.tables
    cell = household_cells(tables)
    around = describe_surroundings(state, cell, log_standards(state.tables))
    cells, h = tables.cells, tables.households
    side = 500.0
    for c in (0, 7, 35):
        near = (abs(cells.x - cells.x[c]) <= window * side) & (abs(cells.y - cells.y[c]) <= window * side)
        there = [row for row in live(h) if near[cell[row]]]
        counts = np.bincount(h.group[there], weights=h.size[there], minlength=4)
        expected = (
            group_likeness(state.groups, state.preferences.housing.shared_background) @ counts / counts.sum()
        )
        assert around.own_share[around.place[c]] == pytest.approx(expected)

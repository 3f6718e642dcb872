"""Prices, status and wealth on a board, by hand."""

import numpy as np
import pytest

from segsim import City, load_scenario
from segsim.errors import ScenarioError
from segsim.kernels.board.market import UNAFFORDABLE
from segsim.kernels.board.utility import surroundings
from tests.test_one_at_a_time import relocation_of

ONE = "preferences.housing.one_at_a_time."
LIKENESS = {"shape": "linear", "weight": 0.0}
ROW = {
    "rows": 2,
    "columns": 2,
    "placement": "pattern",
    "pattern": ("aa", "a."),
    "signs": {"a": "a"},
    "status": {},
}


def worth_of(market, status, wealth, quality):
    """Return the mean of what the homes of three in a square of four are worth to them."""
    relocation = relocation_of(ROW, {"utility": LIKENESS, "market": market}, n_groups=1)
    tables = relocation.tables
    tables.households.standard[:], tables.households.wealth[:] = status, wealth
    tables.dwellings.quality[:] = quality
    relocation.read()
    households, _, total, *_ = surroundings(relocation.board, 0)
    return total / households


def test_worth__is_that_of_neighbours_status_and_the_homes_quality_less_the_price():
    """Each has the two others around, of three homes: (.4 + .9) / 2, (.1 + .9) / 2 and (.1 + .4) / 2.

    Their mean is that of all, 1.4 / 3. The homes that are lived in have quality .5, .25 and 0, mean .25.
    A price of 1 + 2 / 3 occupied + 3 x quality has the mean 1 + 2 / 3 + .75.
    """
    status, quality = [0.1, 0.4, 0.9], [0.5, 0.25, 0.0, 1.0]
    only_status = worth_of({"worth": {"status": 1.0}}, status, 0.0, quality)
    assert only_status == pytest.approx(1.4 / 3)
    price = {"base": 1.0, "occupied": 1.0, "quality": 3.0}
    all_of_it = worth_of({"price": price, "worth": {"price": 2.0, "quality": 4.0}}, status, 0.0, quality)
    assert all_of_it == pytest.approx(4 * 0.25 - 2 * (1 + 2 / 3 + 0.75))


def test_home_beyond_ones_means__is_worse_than_any_other():
    """Prices are the mean wealth around: .65 for the one who has .1, .5 for .4, .25 for .9."""
    market = {"price": {"wealth": 1.0}, "must_afford": True}
    found = worth_of(market, 0.5, [0.1, 0.4, 0.9], 0.0)
    assert found == pytest.approx(UNAFFORDABLE * (1 + 0.55 + 1 + 0.1) / 3)


def test_who_cannot_pay__moves_to_what_it_can():
    """A home of quality .9 costs .9; the vacant one costs .2, which is what the poor household has."""
    row = {"rows": 1, "columns": 3, "placement": "pattern", "pattern": ("a.a",), "signs": {"a": "a"}}
    market = {"price": {"quality": 1.0}, "must_afford": True}
    mode = {"utility": LIKENESS, "market": market, "rule": {"kind": "best_response"}}
    relocation = relocation_of(row | {"status": {}}, mode, n_groups=1)
    relocation.tables.households.wealth[:] = [0.2, 1.0]
    relocation.tables.dwellings.quality[:] = [0.9, 0.2, 0.9]
    relocation.read()
    assert relocation.step(1)[1] == 1
    relocation.write()
    assert relocation.tables.households.home.tolist() == [1, 2]


def test_status_and_wealth__are_even_and_correlated_as_asked():
    """The correlation of the places of two normal variables that have r = .8 is 6 / pi arcsin(.4)."""
    changes = {"city.grid.rows": 100, "city.grid.columns": 100, "city.grid.status.wealth_correlation": 0.8}
    households = City("benard_willer", seed=3, **changes).tables.households
    assert np.quantile(households.standard, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.02)
    assert np.quantile(households.wealth, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.02)
    found = np.corrcoef(households.standard, households.wealth)[0, 1]
    assert found == pytest.approx(6 / np.pi * np.arcsin(0.4), abs=0.02)


def test_group_above_the_others__has_higher_status():
    households = City("clark_fossett", seed=1).tables.households
    means = [households.standard[households.group == g].mean() for g in range(3)]
    assert means[0] > max(means[1:]) + 0.05


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        (
            "benard_willer",
            {"city.grid.status": None},
            r"market: goes by status, wealth or quality; give city",
        ),
        ("benard_willer", {ONE + "rule.altruism": 0.5}, "altruism does not go with a market"),
        ("benard_willer", {ONE + "market": {}}, "a market that nobody minds"),
        ("clark_fossett", {"city.grid.status.above": {"green": 1.0}}, 'above.green: .*no group "green"'),
        ("schelling_line", {ONE + "market": {"worth": {"price": 1.0}}}, "market: is not for a line"),
    ],
)
def test_market_that_does_not_fit__is_told(name, changes, reason):
    with pytest.raises(ScenarioError, match=reason):
        load_scenario(name, changes)

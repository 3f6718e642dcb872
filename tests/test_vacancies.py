"""Homes to let and off the market, building that follows households, and what the population follows."""

import numpy as np
import pytest
from pydantic import ValidationError

from segsim.groups import is_foreign
from segsim.rules import Preferences, Rules
from segsim.rules.choice.home import HousingPreferences
from segsim.rules.demography import DemographyPreferences
from segsim.rules.housing import Construction, ExtraConstruction, HousingRules, TenureShares
from segsim.scenario.source import HousingMarket
from segsim.steps import anchors
from segsim.steps.housing import market, stock
from segsim.steps.housing.prices import price_growth
from segsim.steps.housing.vacancies import is_to_let
from segsim.steps.population import demography
from segsim.steps.population.composition import count_composition, household_margins
from segsim.synthesis.places.homes import Stock, choose_off_market
from segsim.tables import NONE, Tenure, live
from tests.small_city import START, moment_of, small_city
from tests.test_demography import only

ALL = {"public_rental": 0.1, "private_rental": 0.1, "cooperative": 0.1, "owner_occupied": 0.1}


def town(n_households=400, rules=None, **preferences):
    """A town whose demography is as in Sweden, but for what is named."""
    wishes = Preferences(demography=DemographyPreferences(**preferences))
    return moment_of(small_city(n_households), rules=rules, preferences=wishes)


def live_through(state, years, *steps):
    for year in range(state.start_year + 1, state.start_year + 1 + years):
        state.year = year
        state.flows.clear()
        for step in steps:
            step(state)
    return state


def odds_of(persons, is_abroad):
    return persons[is_abroad].sum() / persons[~is_abroad].sum()


def households(state):
    return live(state.tables.households).size


# what is on the market


def test_off_market__is_never_let_and_no_vacancy():
    """Of 30 empty homes 20 are off the market; a year of the market and they still stand empty."""
    state = moment_of(small_city(400))
    d = state.tables.dwellings
    closed = np.flatnonzero(d.occupant == NONE)[:20]
    d.off_market[closed] = True
    state.year += 1
    assert is_to_let(d).sum() == 10
    market.step(state)
    assert state.flows["moves.public_rental"] + state.flows["moves.private_rental"] > 0
    assert (state.tables.dwellings.occupant[closed] == NONE).all()
    assert state.tables.dwellings.off_market[closed].all()


def test_off_market__is_not_demolished_however_long_it_stands_empty():
    state = moment_of(small_city(400), rules=Rules(housing=HousingRules(demolition_share=1.0)))
    d = state.tables.dwellings
    empty = np.flatnonzero(d.occupant == NONE)
    d.off_market[empty[:20]] = True
    state.year = START + 9
    stock.step(state)
    assert state.flows["demolished"] == 10
    assert (d.id[empty[:20]] != NONE).all()


def streets():
    """Two areas of 100 public rentals each; in the first 90 are lived in, in the second 80; two lodge."""
    area = np.repeat([0, 1], 100)
    tenure, zeros = np.zeros(200, np.int8), np.zeros(200)
    homes = Stock(area, tenure, zeros, zeros, zeros, zeros, zeros)
    return homes, np.concatenate([np.arange(90), np.arange(100, 180), [NONE, NONE]])


def test_to_let__is_the_share_of_the_stock_and_one_home_for_each_lodger():
    """1 % of 200 and the two who lodge: 4 of the 30 empty homes, by the areas' stock 2 in each."""
    homes, home = streets()
    thin = HousingMarket(to_let={**ALL, "public_rental": 0.01})
    off = choose_off_market(homes, home, 2, thin, np.random.default_rng(1))
    assert off.sum() == 26
    assert not off[home[home != NONE]].any()
    empty = np.setdiff1d(np.arange(200), home)
    assert np.bincount(homes.area[empty[~off[empty]]]).tolist() == [2, 2]


def test_not_on_market__is_the_share_that_is_set_and_at_most_what_is_empty():
    homes, home = streets()
    for share, expected in ((0.1, 20), (0.0, 0), (0.9, 30)):
        closed = HousingMarket(not_on_market={**ALL, "public_rental": share})
        assert choose_off_market(homes, home, 2, closed, np.random.default_rng(1)).sum() == expected


def test_market__shares_that_contradict_each_other_or_are_negative_are_refused():
    with pytest.raises(ValidationError, match="leave one out"):
        HousingMarket(to_let=ALL, not_on_market=ALL)
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        HousingMarket(to_let={**ALL, "cooperative": -0.01})


def test_prices__stand_still_while_as_much_is_to_let_as_at_the_start():
    """Lodgers housed: ten of 30 empty homes are theirs, so that with 20 to let nothing moves."""
    state = moment_of(small_city(400))
    d = state.tables.dwellings
    d.tenure[:] = Tenure.COOPERATIVE
    anchors.settle(state)
    taken = np.flatnonzero(d.occupant == NONE)[:10]
    d.occupant[taken] = np.arange(10)
    still = np.zeros((4, len(Tenure)))
    assert price_growth(state, still, still)[:, Tenure.COOPERATIVE] == pytest.approx(0.0)
    d.occupant[taken] = NONE
    expected = -HousingPreferences().price_vacancy * 10 / 420
    assert price_growth(state, still, still)[:, Tenure.COOPERATIVE] == pytest.approx(expected)


# building follows households


def test_building__is_nothing_while_households_stay_and_what_their_growth_needs_when_they_grow():
    """390 homes lived in and 30 to let, none off the market: 420, and 2 % more of them each year."""
    calm, growing = town(), town(growth=0.02)
    live_through(calm, 5, demography.step, stock.step)
    assert live(calm.tables.dwellings).size == pytest.approx(420, abs=2)
    live_through(growing, 5, demography.step, stock.step)
    assert live(growing.tables.dwellings).size == pytest.approx(420 * 1.02**5, abs=4)


def test_building__replaces_what_is_demolished_but_not_a_surplus():
    """All idle homes are demolished; as many are built, unless 50 more have come than households need."""
    rules = Rules(housing=HousingRules(demolition_share=1.0))

    def homes_after(extra):
        state = moment_of(small_city(400), rules=rules, preferences=only())
        anchors.settle(state)
        more = ExtraConstruction(
            areas=(0,), dwellings_per_year=extra, tenure_shares=TenureShares(public_rental=1.0)
        )
        state.rules = Rules(housing=HousingRules(demolition_share=1.0, extra_construction=(more,)))
        state.year = START + 1
        stock.step(state)
        state.rules, state.year = rules, START + 3
        state.flows.clear()
        stock.step(state)
        return live(state.tables.dwellings).size, state.flows["demolished"]

    assert homes_after(0) == (pytest.approx(420, abs=1), 30)
    assert homes_after(50) == (440, 30)


def test_building__a_share_of_the_stock_is_built_whatever_the_households_do():
    rules = Rules(housing=HousingRules(construction=Construction(share_of_stock=0.05), demolition_share=0.0))
    state = live_through(town(rules=rules), 1, demography.step, stock.step)
    assert live(state.tables.dwellings).size == pytest.approx(420 * 1.05, abs=3)


# what the population follows


def test_start__number_of_households_by_size_is_held_and_errors_are_made_good():
    """Ten years: all within 3 %, each size within 3 % of all, and no year's error is added to the next's."""
    state = town(800)
    before = count_composition(state, START)
    live_through(state, 10, demography.step)
    after = count_composition(state, state.year)
    n = before.households.sum()
    assert after.persons.sum() == pytest.approx(before.persons.sum(), abs=4)
    assert after.households.sum() == pytest.approx(n, rel=0.03)
    by_size = household_margins(after.households)[:5] - household_margins(before.households)[:5]
    assert abs(by_size).max() < 0.03 * n


def plan_of(dwellings, follows):
    """Households and empty homes two years after dwellings were added to a town of 400 households."""
    plan = ExtraConstruction(
        areas=(0, 1, 2, 3), dwellings_per_year=dwellings, tenure_shares=TenureShares(public_rental=1.0)
    )
    state = town(population_follows=follows)
    d = state.tables.dwellings
    d.off_market[np.flatnonzero(d.occupant == NONE)[:20]] = True  # 400 homes for 400 households
    anchors.settle(state)
    state.rules = Rules(housing=HousingRules(extra_construction=(plan,)))
    live_through(state, 1, demography.step, market.step)
    state.rules = Rules()
    state.year += 1
    state.flows.clear()
    demography.step(state)
    market.step(state)
    return households(state), int(is_to_let(state.tables.dwellings).sum())


def test_housing__a_plan_of_100_dwellings_brings_100_households():
    """More than where the population is held; and they come with their homes, which never stand empty."""
    n, empty = plan_of(100, "housing")
    assert n - plan_of(100, "start")[0] == pytest.approx(100, abs=3)
    assert empty < 20


def test_start__a_plan_of_100_dwellings_empties_as_many_homes():
    n, empty = plan_of(100, "start")
    assert n == pytest.approx(plan_of(0, "start")[0], abs=4)
    assert empty == pytest.approx(500 - n, abs=10)  # who lodges leaves one more, who is built for one less


def test_forecast__residents_and_households_are_as_foreseen():
    """10 % more residents in four years; in its second, halfway there, 5 %."""
    persons = count_composition(town(), START).persons.sum()
    for years, path in ((2, 1.05), (4, 1.1), (6, 1.1)):
        state = town(
            population_follows="forecast",
            forecast={START: {"population": 1000}, START + 4: {"population": 1100}},
        )
        live_through(state, years, demography.step)
        assert (state.tables.persons.id != NONE).sum() == pytest.approx(path * persons, abs=5)
        assert households(state) == pytest.approx(path * 400, rel=0.04)


def test_forecast__of_foreign_background_moves_every_age_alike():
    """In four years the odds are to rise by a fifth, half of it in two: about a point a year.

    Nobody but newcomers brings it about, so that the city comes some way behind.
    """
    first = count_composition(town(3000), START).persons
    is_abroad = is_foreign(town(8).groups)
    odds = odds_of(first, is_abroad)
    path = {START + 4: {"foreign_background": 1.2 * odds / (1 + 1.2 * odds)}}
    for years in (2, 4):
        state = town(3000, population_follows="forecast", forecast=path)
        live_through(state, years, demography.step)
        now = count_composition(state, START + years).persons
        assert now.sum() == pytest.approx(first.sum(), rel=0.005)
        rise, rise_of_children = (
            np.log(odds_of(now[:, bands], is_abroad) / odds_of(first[:, bands], is_abroad))
            for bands in (slice(None), slice(5))
        )
        asked = np.log(1.2) * years / 4
        assert 0.6 * asked < rise < 1.05 * asked
        assert rise_of_children == pytest.approx(rise, abs=0.08)


def test_forecast__of_households_alone_takes_residents_along():
    state = town(population_follows="forecast", forecast={START + 1: {"households": 420}})
    persons = (state.tables.persons.id != NONE).sum()
    live_through(state, 1, demography.step)
    assert (state.tables.persons.id != NONE).sum() == pytest.approx(1.05 * persons, abs=5)


def test_migration__so_many_come_and_leave_as_the_scenario_says():
    """60 in from the country and 10 for work, 40 out a year; those are drawn, households at a time."""
    figures = {"domestic": 60, "labour": 10, "family": 0, "refugees": 0, "out": 40}
    state = town(800, population_follows="migration", migration={START + 1: figures})
    out = 0.0
    for year in range(START + 1, START + 4):
        state.year = year
        state.flows.clear()
        demography.step(state)
        out += state.flows["out_migration"]
        assert state.flows["in_migration.domestic"] == pytest.approx(60, abs=6)
        assert state.flows["in_migration.labour"] == pytest.approx(10, abs=6)
        assert state.flows["in_migration.family"] == state.flows["in_migration.refugee"] == 0
    assert out == pytest.approx(120, abs=45)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"population_follows": "forecast"}, "needs the years of `forecast`"),
        ({"forecast": {2030: {"population": 5}}}, "the population follows start"),
        ({"population_follows": "housing", "growth": 0.01}, "leave growth out"),
        ({"population_follows": "forecast", "forecast": {2030: {}}}, "needs population, households, foreign"),
        (
            {"population_follows": "migration", "migration": {2030: {"domestic": -1}}},
            "greater than or equal to 0",
        ),
    ],
)
def test_settings__that_contradict_each_other_are_refused(settings, words):
    with pytest.raises(ValidationError, match=words):
        DemographyPreferences(**settings)

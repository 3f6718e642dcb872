"""What each lever on safety, service and leisure claims: whom it reaches, what it costs, what it moves."""

from typing import Any

import numpy as np
import pytest

from segsim.city import City
from segsim.policies import Policy
from segsim.rules import Preferences, Rules
from segsim.rules.choice.home import HousingPreferences
from segsim.rules.neighbourhood import AreaSupport, NeighbourhoodRules
from segsim.steps.housing.market import _readiness_to_leave
from segsim.steps.housing.prices import _answer_to_crime
from segsim.steps.schools.achievement import _area_supports
from segsim.steps.schools.enrolment import list_pupils, school_order
from segsim.tables import Array, Tenure
from test_contracts import TOWN, town
from test_policies import CITY, RULES, policy
from tests.school_town import school_town, town_moment
from tests.small_city import AREA_NAMES, START, small_city
from tests.states import make_state

A1, A2 = 0, 1


def supports(lever: Policy) -> tuple[AreaSupport, ...]:
    return lever.amend(RULES, CITY).neighbourhood.supports


def safety_of(city: City) -> Array:
    return np.asarray(city.tables.areas.safety, np.float64)


def test_police__cost_their_employees_and_act_by_what_is_spent_per_resident() -> None:
    """10 employees at .9 are 9 MSEK; on 200 residents 45 000 SEK each, 450 hundreds at .001 SD."""
    lever = policy("police_cooperation", employees=10, areas=("Norr",), safety_gain_sd_per_100sek=0.001)
    assert lever.cost(CITY) == pytest.approx(9.0)
    assert lever.count_reached(CITY) == 200
    [support] = supports(lever)
    assert support.areas == (A1, A2)
    assert support.safety == pytest.approx(0.45)
    assert support.listed_price == 0


def test_police__change_prices_by_the_burglaries_they_prevent_and_nothing_else_unless_set() -> None:
    """On 200 residents at 3.3 per 1 000 there are .66 police; .066 more: 2 % fewer burglaries, .4 %."""
    [support] = supports(policy("police_cooperation", areas=("Norr",), employees=0.066))
    assert support == AreaSupport(areas=(A1, A2), crime_price=support.crime_price)
    assert support.crime_price == pytest.approx(0.004)
    assert supports(policy("police_cooperation", areas=("Norr",), burglary_elasticity_police=0.0)) == ()
    assert supports(policy("police_cooperation", areas=("Norr",), price_elasticity_burglary=0.0)) == ()


def test_less_crime__adds_to_prices_at_the_pace_of_listing_and_beside_it() -> None:
    state = make_state(small_city(50), AREA_NAMES, START)
    less = (AreaSupport(areas=(1, 2), crime_price=0.02), AreaSupport(areas=(2,), listed_price=-0.01))
    state.rules = Rules(neighbourhood=NeighbourhoodRules(supports=less))
    total = sum(_answer_to_crime(state) for _ in range(3))
    np.testing.assert_allclose(np.exp(total), [1.0, 1.02, 1.02 * 0.99, 1.0], rtol=1e-6)


def test_police__raise_safety_where_they_work_while_they_work() -> None:
    """Safety moves a fifth of the way a year (persistence .8), so .2 of .5 SD after one year."""
    area = City(TOWN, seed=1).area_names[0]
    settings = {"areas": [area], "safety_gain_sd_per_100sek": 0.001, "employees": 1.0, "until": 2023}
    before, after = live_one_year(), live_one_year({"police_cooperation": settings})
    change = safety_of(after) - safety_of(before)
    residents = before_residents(area)
    assert change[0] == pytest.approx(0.2 * 0.001 * 0.9e6 / residents / 100, rel=1e-3)
    assert not change[1:].any()


def live_one_year(*policies: dict[str, Any]) -> City:
    city = City(town(*policies), seed=1)
    city.step()
    return city


def before_residents(area: str) -> float:
    rows = City(TOWN, seed=1).rows()
    of_area = rows[(rows["measure"] == "population") & (rows["level"] == "area") & (rows["unit"] == area)]
    return float(of_area["value"].iloc[0])


def test_listing__takes_five_per_cent_of_the_price_within_six_years_and_gives_it_back() -> None:
    state = make_state(small_city(50), AREA_NAMES, START)
    listed = NeighbourhoodRules(
        supports=(AreaSupport(areas=(1,), listed_price=-0.05), AreaSupport(areas=(1, 2), listed_price=-0.02))
    )
    state.rules = Rules(neighbourhood=listed)
    total = sum(_answer_to_crime(state) for _ in range(6))
    np.testing.assert_allclose(np.exp(total), [1.0, 0.95, 0.98, 1.0], rtol=1e-6)
    assert not _answer_to_crime(state).any()
    state.rules = Rules()
    back = sum(_answer_to_crime(state) for _ in range(6))
    np.testing.assert_allclose(total + back, 0.0, atol=1e-6)


def test_listing__lowers_prices_of_owned_homes_there_and_not_rents() -> None:
    area = City(TOWN, seed=1).area_names[0]
    listed = {"areas": [area], "listed": True, "price_effect_listed": -0.3}
    before, after = live_one_year(), live_one_year({"police_cooperation": listed})
    homes, cells = before.tables.dwellings, before.tables.cells
    there = (homes.id >= 0) & (cells.area[homes.cell] == 0)
    owned = homes.tenure >= Tenure.COOPERATIVE
    ratio = after.tables.dwellings.price[there & owned] / homes.price[there & owned]
    assert ratio == pytest.approx(np.exp(-0.01), rel=1e-4)
    assert (after.tables.dwellings.price[~(there & owned)] == homes.price[~(there & owned)]).all()
    assert (after.tables.dwellings.fee == homes.fee).all()


def test_unsafe_areas__make_the_educated_look_sooner_only_if_the_preference_says_so() -> None:
    state = make_state(small_city(50), AREA_NAMES, START)
    state.tables.areas.safety[:] = -1.0
    assert (_readiness_to_leave(state) == 1).all()
    state.preferences = Preferences(housing=HousingPreferences(exit_weight_safety=0.3))
    education = state.tables.households.education
    education[:3] = [0, 1, 3]
    assert _readiness_to_leave(state)[:3] == pytest.approx(np.exp([0.0, 0.1, 0.3]))


def test_penalties__make_safer_by_attacks_avoided() -> None:
    """Half as long again at elasticity -1: a third of 60 attacks less, 20, at .1 SD per 10."""
    settings = {"deterrence_elasticity": -1.0, "base_attacks_per_100k": 60.0}
    [support] = supports(policy("blue_light_penalties", **settings, safety_gain_sd_per_10_attacks=0.1))
    assert support.safety == pytest.approx(0.2)
    assert supports(policy("blue_light_penalties", **settings)) == ()
    assert np.isnan(policy("blue_light_penalties").cost(CITY))


def test_youth_leaders__reach_the_young_of_the_areas_and_cost_only_if_a_leader_does() -> None:
    """Half a person of each age below 20: 8 ages in 2 areas are 8 young, of whom .24 more take part."""
    lever = policy("youth_leaders", areas=("Norr",))
    assert lever.count_reached(CITY) == pytest.approx(0.03 * 8)
    assert np.isnan(lever.cost(CITY))
    priced = policy("youth_leaders", areas=("Norr",), leader_ksek=600.0, youngest=13, oldest=19)
    assert priced.cost(CITY) == pytest.approx(0.6 * 5 / 1000 * 7)
    assert supports(lever) == ()


def test_last_youth_club_closed__lowers_results_of_those_who_live_there() -> None:
    lever = policy("youth_leaders", areas=("A1",), participation_pp=0.0, achievement_effect_sd=-0.04)
    assert [(s.areas, s.achievement) for s in supports(lever)] == [((A1,), -0.04)]
    town_of_schools = town_moment(school_town(200))
    roll = list_pupils(town_of_schools, school_order(town_of_schools))
    rules = Rules(neighbourhood=NeighbourhoodRules(supports=(AreaSupport(areas=(2,), achievement=-0.04),)))
    town_of_schools.rules = rules
    area = town_of_schools.tables.cells.area[roll.cell]
    np.testing.assert_array_equal(_area_supports(town_of_schools, roll), np.where(area == 2, -0.04, 0.0))


def test_offices__stand_where_need_is_greatest_and_reach_those_near() -> None:
    """Centres a kilometre apart: an office in A1 reaches A1, A2 and B1 within 2 km."""
    lever = policy("public_service_office", offices=1)
    assert [(s.areas, s.office_km, s.service) for s in supports(lever)] == [((A1,), 2.0, 0.0)]
    assert lever.count_reached(CITY) == 300
    assert lever.cost(CITY) == pytest.approx(4.3)
    two = policy("public_service_office", offices=2, areas=("Söder", "A2"), reach_km=0.5)
    assert two.place_offices(CITY).tolist() == [1, 4]  # type: ignore[attr-defined]
    assert two.count_reached(CITY) == 200


def test_offices__residents_within_reach_are_measured_by_origin_and_only_then() -> None:
    near = {"public_service_office": {"offices": 1, "reach_km": 100.0}}
    rows = live_one_year(near).rows()
    shares = rows[rows["measure"] == "near_office"]
    assert (shares["value"] == 1.0).all()
    assert {"", "background.swedish", "background.foreign"} <= set(shares["grouping"])
    assert "near_office" not in set(live_one_year().rows()["measure"])


def test_civil_society__is_money_only() -> None:
    lever = policy("civil_society", grants_msek=2.5)
    assert lever.cost(CITY) == 2.5
    assert supports(lever) == ()
    assert np.isnan(lever.count_reached(CITY))


def test_reentry_groups__without_a_measured_effect_spare_no_relapse_and_add_no_safety() -> None:
    """Of 20 clients 40 per cent relapse, with support as without."""
    before = live_one_year()
    after = live_one_year({"reentry_groups": {"clients_per_year": 20, "safety_per_relapse": 1.0}})
    assert np.array_equal(safety_of(after), safety_of(before))
    assert flow(after, "reentry.clients") == 20
    assert flow(after, "reentry.relapses") == pytest.approx(8.0)
    lever = policy("reentry_groups", clients_per_year=20)
    assert lever.count_reached(CITY) == 20
    assert np.isnan(lever.cost(CITY))
    assert policy("reentry_groups", clients_per_year=20, unit_cost_ksek=50.0).cost(CITY) == pytest.approx(1.0)


def test_reentry_groups__act_on_safety_by_the_relapses_spared_per_resident_where_they_work() -> None:
    """20 clients, 8 relapses, half of them spared: 4; a fifth of the effect comes in the first year."""
    area = City(TOWN, seed=1).area_names[0]
    settings = {"clients_per_year": 20, "relative_risk": 0.5, "safety_per_relapse": 0.1, "areas": [area]}
    before, after = live_one_year(), live_one_year({"reentry_groups": settings})
    change = safety_of(after) - safety_of(before)
    rows = after.rows()
    of_area = rows[(rows["measure"] == "population") & (rows["level"] == "area") & (rows["unit"] == area)]
    residents = float(of_area["value"].iloc[-1])
    assert change[0] == pytest.approx(0.2 * 0.1 * 4 * 1000 / residents, rel=1e-3)
    assert not change[1:].any()
    assert flow(after, "reentry.relapses") == pytest.approx(4.0)


def flow(city: City, name: str) -> float:
    rows = city.rows()
    return float(rows.loc[(rows["measure"] == "flow") & (rows["grouping"] == name), "value"].iloc[-1])

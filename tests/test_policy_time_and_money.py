"""Time and money of every policy: what is carried out, spent, reached and in effect, year by year."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from segsim.policies import CityProfile, Policy
from segsim.section import Section
from test_contracts import differing, live, of_the_city, town
from test_policies import CITY, RULES, construction, policy

BUILT = {"from": 2025, "until": 2028}


def in_year(year: int) -> CityProfile:
    """Return the city of a policy that began in 2025."""
    return replace(CITY, year=year, began=2025)


def carried_out(one: Policy, *years: int) -> list[float]:
    return [pytest.approx(one.share_carried_out(in_year(year))) for year in years]


def in_effect(one: Policy, *years: int) -> list[float]:
    return [pytest.approx(one.share_in_effect(in_year(year))) for year in years]


def support(**settings: Any) -> Policy:
    """Return support to all four schools' pupils that have a merit value, 2 000 000 SEK at full reach."""
    return policy("low_performing_school_support", share_of_schools=0.67, **settings)


def test_policy__carries_out_everything_from_its_first_year_to_its_last() -> None:
    assert carried_out(construction(**BUILT), 2024, 2025, 2028, 2029) == [0, 1, 1, 0]
    assert carried_out(construction(), 2024, 2025, 2040) == [0, 1, 1]


def test_phase_in__rises_in_equal_steps_to_all_of_it() -> None:
    assert carried_out(construction(phase_in_years=4), 2025, 2026, 2027, 2028, 2029) == [
        0.25,
        0.5,
        0.75,
        1,
        1,
    ]
    assert carried_out(construction(phase_in_years=4, compliance=0.5), 2025, 2028) == [0.125, 0.5]


def test_phase_in__counts_from_its_first_year_though_the_simulation_begins_later() -> None:
    before = construction(phase_in_years=10, **{"from": 2021})
    assert carried_out(before, 2025) == [0.5]


def test_lag__costs_at_once_and_acts_later_and_as_much_longer() -> None:
    later = support(lag_years=2, **BUILT)
    assert carried_out(later, 2025, 2028, 2029) == [1, 1, 0]
    assert in_effect(later, 2025, 2026, 2027, 2030, 2031) == [0, 0, 1, 1, 0]
    assert [later.in_force(year) for year in (2024, 2025, 2030, 2031)] == [False, True, True, False]
    assert later.cost(in_year(2025)) == pytest.approx(2.0)
    assert later.amend(RULES, in_year(2025)) == RULES
    assert later.amend(RULES, in_year(2027)) != RULES


def test_decay__leaves_less_every_year_until_nothing() -> None:
    class Lasting(type(support())):  # type: ignore[misc]
        FADES = True

    fading = Lasting(kind="lasting", since=2025, until=2028, decay_after_end=3)
    assert in_effect(fading, 2028, 2029, 2030, 2031, 2032) == [1, 0.75, 0.5, 0.25, 0]
    assert fading.cost(in_year(2029)) == fading.reach(in_year(2029)) == 0.0


def test_budget_too_small__carries_out_reaches_and_spends_in_proportion() -> None:
    # At full reach 300 pupils get 2 MSEK (see test_policies.py); 0.5 MSEK is a quarter of it.
    poor = support(budget_msek=0.5)
    account = poor.account(in_year(2025))
    assert account == (poor.name, pytest.approx(0.5), pytest.approx(75), pytest.approx(0.25))
    assert poor.amend(RULES, in_year(2025)).schools.supports[0].sek_per_pupil == pytest.approx(2000)


def test_budget_that_suffices__is_not_spent_for_its_own_sake() -> None:
    assert support(budget_msek=10.0).account(in_year(2025)) == support().account(in_year(2025))


def test_budget_by_year__holds_each_amount_until_the_next() -> None:
    growing = support(budget_msek={2026: 0.5, 2028: 1.0})
    assert carried_out(growing, 2025, 2026, 2027, 2028, 2035) == [0, 0.25, 0.25, 0.5, 0.5]


def test_absorption__leaves_part_of_the_budget_unused() -> None:
    assert support(budget_msek=2.0, absorption=0.5).cost(in_year(2025)) == pytest.approx(1.0)


def test_budget_and_phase_in__take_the_smaller_share() -> None:
    both = support(budget_msek=1.0, phase_in_years=4)
    assert carried_out(both, 2025, 2026, 2027, 2028) == [0.25, 0.5, 0.5, 0.5]


def test_cost_per_unit__is_the_policys_own_or_the_scenarios() -> None:
    # 100 dwellings' residents at 20 000 SEK each
    assert construction(areas=("A1",), unit_cost_ksek=20.0).cost(CITY) == pytest.approx(2.0)
    assert np.isnan(construction().unit_cost)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"budget_msek": 5.0}, "not known.*give cost_msek"),
    ({"cost_msek": 5.0, "budget_msek": -1.0}, "at least 0"),
    ({"cost_msek": 5.0, "budget_msek": {2025: -1.0}}, "at least 0"),
    ({"cost_msek": 5.0, "budget_msek": {"soon": 1.0}}, "not a year"),
    ({"cost_msek": 5.0, "budget_msek": {}}, "names no year"),
    ({"cost_msek": 5.0, "budget_msek": float("nan")}, "not an amount"),
    ({"cost_msek": 0.0}, "greater than 0"),
    ({"unit_cost_ksek": 0.0}, "greater than 0"),
    ({"cost_msek": 5.0, "unit_cost_ksek": 1.0}, "keep one of them"),
    ({"absorption": 0.5}, "give budget_msek"),
    ({"phase_in_years": 5, **BUILT}, "5 years to build up what lasts 4"),
    ({"decay_after_end": 2, **BUILT}, "nothing is left to fade"),
]


@pytest.mark.parametrize(("settings", "message"), REFUSED, ids=lambda part: str(part)[:40])
def test_contradiction__is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        construction(**settings)


@pytest.mark.parametrize("settings", [{"phase_in_years": 3}, {"cost_msek": 2.0, "budget_msek": 1.0}])
def test_rule_for_the_whole_city__holds_or_does_not(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="never in part"):
        policy("admission_rule", **settings)


def test_rule_with_a_lag__holds_from_later_on() -> None:
    rule = policy("admission_rule", lottery_share=0.5, lag_years=1)
    assert rule.amend(RULES, in_year(2025)) == RULES
    admission: Section = rule.amend(RULES, in_year(2026)).schools.admission
    assert admission == RULES.schools.admission.model_copy(update={"lottery_share": 0.5})


def test_plan_with_a_lag__binds_and_protects_what_is_built_from_then_on() -> None:
    bound = policy("tenure_in_detailed_plans", shares={"public_rental": 1.0}, lag_years=2, **BUILT)
    assert bound.amend(RULES, in_year(2026)) == RULES
    during = bound.amend(RULES, in_year(2030)).housing.plans[0]
    after = bound.amend(RULES, in_year(2031)).housing.plans[0]
    assert (during.binding_share, after.binding_share) == (1.0, 0.0)
    assert (during.first_year, during.last_year) == (after.first_year, after.last_year) == (2027, 2030)


def test_lagging_policy__changes_nothing_before_its_effect_begins() -> None:
    lagging = live(town({"new_construction": {"dwellings_per_year": 30.0, "lag_years": 3}}))
    assert differing(lagging, live(town())) == []


def test_rows__tell_what_was_carried_out_spent_and_reached() -> None:
    settings = {"dwellings_per_year": 30.0, "cost_msek": 8.0, "budget_msek": {2023: 2.0, 2025: 4.0}}
    rows = live(town({"new_construction": settings})).rows().set_index(["measure", "year"])["value"]
    assert rows["policy_cost"].tolist() == [2.0, 2.0, 4.0]
    assert rows["policy_carried_out"].tolist() == [0.25, 0.25, 0.5]
    reached = rows["policy_reached"]
    assert reached[2025] == pytest.approx(2 * reached[2023])


def test_too_small_a_budget__is_the_run_of_the_share_it_pays_for() -> None:
    quarter = {"dwellings_per_year": 40.0, "cost_msek": 8.0, "budget_msek": 2.0}
    poor, small = (
        live(town({"new_construction": settings})) for settings in (quarter, {"dwellings_per_year": 10.0})
    )
    assert differing(poor, small) == []
    assert of_the_city(poor).equals(of_the_city(small))

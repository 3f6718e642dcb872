"""Governance: budgets used in part, policies that end at elections, and nothing at all unless it is set."""

from typing import Any

import pytest

from segsim.kernels.draws import key_of
from segsim.policies import Policy
from segsim.rules.governance import GovernanceRules
from segsim.scenario import load_scenario
from segsim.simulation.governance import Spending, end_at_election, fund, use_budgets
from test_contracts import TOWN, differing, live, of_the_city, town
from test_policies import construction, policy

BUILT = {"new_construction": {"dwellings_per_year": 40, "cost_msek": 8, "budget_msek": 4}}


def carried_out(city: Any, name: str = "new_construction") -> list[float]:
    rows = city.rows()
    return list(rows[(rows["measure"] == "policy_carried_out") & (rows["grouping"] == name)]["value"])


def test_used_share__carries_out_as_much_less() -> None:
    governed = live(town({"municipal_governance": {"used_share": 0.5}}, BUILT))
    assert carried_out(governed) == pytest.approx([0.25] * 3)
    half = {**BUILT["new_construction"], "budget_msek": 2}
    assert differing(governed, live(town({"new_construction": half}))) == []


def test_used_share__holds_in_its_years_alone() -> None:
    governed = live(town({"municipal_governance": {"used_share": 0.5, "from": 2024, "until": 2024}}, BUILT))
    assert carried_out(governed) == pytest.approx([0.5, 0.25, 0.5])


def test_used_share__leaves_part_of_a_purse_and_what_others_decide_alone() -> None:
    programme = {
        "name": "reform", "from": 2023, "until": 2025, "msek": 4.0,
        "policies": [{"new_construction": {"dwellings_per_year": 40, "cost_msek": 8}}],
    }  # fmt: skip
    scenario = load_scenario(TOWN, {"programme": programme, "rules.governance.used_share": 0.5})
    assert carried_out(live(scenario)) == pytest.approx([0.25] * 3)
    state = {"new_build_subsidy": {"dwellings_per_year": 40, "cost_msek": 8, "budget_msek": 4}}
    governed = live(town({"municipal_governance": {"used_share": 0.5}}, state))
    assert carried_out(governed, "new_build_subsidy") == pytest.approx([0.5] * 3)


def test_election__ends_a_policy_with_its_year_and_not_before() -> None:
    never = {"municipal_governance": {"continuation": 0.0, "first_election": 2024}}
    governed = live(town(never, BUILT))
    assert carried_out(governed) == pytest.approx([0.5, 0.5])
    until = {"new_construction": {**BUILT["new_construction"], "until": 2024}}
    assert differing(governed, live(town(until))) == []


def test_election__that_everything_outlasts_is_the_baseline() -> None:
    alone = live(town(BUILT))
    governed = live(town({"municipal_governance": {"continuation": 1.0, "used_share": 1.0}}, BUILT))
    assert differing(governed, alone) == []
    assert of_the_city(governed).equals(of_the_city(alone))


def end(law: GovernanceRules, *policies: Policy, year: int = 2026, seed: int = 1) -> list[int | None]:
    return [one.until for one in end_at_election(policies, law, key_of(seed), year)]


def test_election__is_a_chance_of_its_own_for_each_policy_and_one_for_a_programme() -> None:
    law = GovernanceRules(continuation=0.6)
    plans = [construction(name=f"plan {n}") for n in range(1000)]
    going_on = sum(until is None for until in end(law, *plans))
    assert 560 < going_on < 640  # 600 expected, 2.6 standard deviations of 15.5
    for seed in range(10):
        parts = [construction(name=f"part {n}", programme="reform") for n in range(5)]
        assert len(set(end(law, *parts, seed=seed))) == 1


def test_election__leaves_the_states_policies_other_years_and_what_is_over_alone() -> None:
    law = GovernanceRules(continuation=0.0)
    state = policy("new_build_subsidy", dwellings_per_year=1)
    over, to_come = construction(until=2025), construction(**{"from": 2027})
    assert end(law, construction(), state, over, to_come) == [2026, None, 2025, None]
    assert end(law, construction(), year=2025) == [None]
    assert [year for year in range(2020, 2032) if law.is_election(year)] == [2022, 2026, 2030]


def test_budget_series__keeps_its_earlier_years_when_governance_begins() -> None:
    series = construction(cost_msek=10.0, budget_msek={2023: 2.0, 2025: 6.0})
    spending: Spending = {}
    use_budgets(spending, (series,), GovernanceRules(), 2024)
    assert spending == {}
    use_budgets(spending, (series,), GovernanceRules(used_share=0.5), 2025)
    use_budgets(spending, (series,), GovernanceRules(), 2026)
    [funded] = fund((series,), spending)
    assert funded.budget_msek == {2023: 2.0, 2025: 3.0, 2026: 6.0}

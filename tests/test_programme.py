"""A programme pays several policies from one purse, in one place and period, and refuses contradictions."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from segsim.errors import ScenarioError
from segsim.national import RESIDENTS_IN_NEED_2022
from segsim.policies import CityProfile
from segsim.policies.programme import divide, share_by_need
from segsim.scenario import Scenario, load_scenario
from segsim.scenario.export.editor_schema import scenario_schema
from segsim.simulation import Simulation
from test_contracts import TOWN, differing, live, of_the_city, town

BUILDING = {"new_construction": {"dwellings_per_year": 40, "cost_msek": 8}}
CONVERTING = {"tenure_conversion": {"share_per_year": 0.2, "cost_msek": 2}}
FREE = {"tenure_in_detailed_plans": {"shares": {"public_rental": 1.0}}}


def reform(*policies: dict[str, Any], **settings: Any) -> Scenario:
    """Return the test town with a programme of 5 MSEK a year unless told otherwise."""
    programme = {"name": "reform", "from": 2023, "until": 2025, "msek": 5.0, **settings}
    return load_scenario(TOWN, {"programme": {**programme, "policies": list(policies)}})


def row(rows: pd.DataFrame, measure: str, grouping: str) -> list[float]:
    """Return the values of a measure of a policy or programme, year by year."""
    return list(rows[(rows["measure"] == measure) & (rows["grouping"] == grouping)]["value"])


@pytest.mark.parametrize("rule", ["need", "equal", "application"])
@pytest.mark.parametrize("money", [0.0, 1.0, 3.0, 7.0, 100.0])
def test_purse__is_never_overspent_and_nobody_gets_more_than_needed(rule: Any, money: float) -> None:
    needs = {"a": 4.0, "b": 0.5, "c": 2.5, "d": 0.0}
    parts = divide(rule, needs, money)
    assert list(parts) == list(needs)
    assert sum(parts.values()) == pytest.approx(min(money, 7.0))
    assert all(0 <= parts[name] <= needs[name] for name in needs)


def test_rules__divide_as_they_say() -> None:
    needs = {"a": 8.0, "b": 2.0}
    assert divide("need", needs, 5.0) == {"a": 4.0, "b": 1.0}
    assert divide("equal", needs, 5.0) == {"a": 3.0, "b": 2.0}  # b needs no more than 2 of its half
    assert divide("application", needs, 5.0) == {"a": 5.0, "b": 0.0}


def test_programme__spends_its_purse_and_carries_out_as_much_as_it_pays_for() -> None:
    rows = live(reform(BUILDING, CONVERTING, msek={2023: 5.0, 2025: 20.0})).rows()
    assert row(rows, "programme_purse", "reform") == [5.0, 5.0, 20.0]
    assert row(rows, "programme_cost", "reform") == pytest.approx([5.0, 5.0, 10.0])
    assert row(rows, "policy_carried_out", "new_construction") == pytest.approx([0.5, 0.5, 1.0])
    assert row(rows, "policy_cost", "tenure_conversion") == pytest.approx([1.0, 1.0, 2.0])
    assert row(rows, "programme_reached", "reform")[0] == 6000


def test_programme__is_its_policies_each_with_its_part_of_the_money() -> None:
    separate = town(
        {"new_construction": {**BUILDING["new_construction"], "budget_msek": 4.0}},
        {"tenure_conversion": {**CONVERTING["tenure_conversion"], "budget_msek": 1.0}},
    )
    together, apart = live(reform(BUILDING, CONVERTING)), live(separate)
    assert differing(together, apart) == []
    rows = of_the_city(together)
    assert rows[rows["grouping"] != "reform"].reset_index(drop=True).equals(of_the_city(apart))


def test_programme__ends_with_its_last_year() -> None:
    rows = live(reform(BUILDING, until=2024)).rows()
    assert len(row(rows, "policy_cost", "new_construction")) == 2


def test_purse_of_nothing__is_the_baseline() -> None:
    assert differing(live(reform(BUILDING, CONVERTING, msek=0.0)), live(town())) == []


def test_policy_of_unknown_cost__is_carried_out_beside_the_purse() -> None:
    rows = live(reform(BUILDING, FREE)).rows()
    assert row(rows, "programme_cost", "reform") == pytest.approx([5.0] * 3)
    assert row(rows, "policy_carried_out", "tenure_in_detailed_plans") == [1.0] * 3


def test_absorption__leaves_money_in_the_purse() -> None:
    rows = live(reform(BUILDING, absorption=0.4)).rows()
    assert row(rows, "programme_cost", "reform") == pytest.approx([2.0] * 3)
    assert row(rows, "programme_purse", "reform") == [5.0] * 3


def test_policies__have_the_place_and_years_of_their_programme() -> None:
    first, last = reform(BUILDING, {"tenure_conversion": {**CONVERTING["tenure_conversion"], "from": 2024}},
                         areas={"types": (1, 2)}).policies  # fmt: skip
    assert (first.since, first.until, last.since, last.until) == (2023, 2025, 2024, 2025)
    assert first.areas == last.areas
    assert first.areas.types == (1, 2)
    assert first.programme == last.programme == "reform"


def test_programme__can_be_overridden_and_kept_as_json() -> None:
    scenario = reform(BUILDING, CONVERTING)
    changed = scenario.override({"programme.msek": 9.0, "policies.new_construction.dwellings_per_year": 3})
    assert changed.programme is not None
    assert (changed.programme.msek, len(changed.policies)) == (9.0, 2)
    assert changed.content_hash != scenario.content_hash
    kept = Scenario.model_validate_json(scenario.model_dump_json(by_alias=True))
    assert kept.content_hash == scenario.content_hash
    assert scenario.baseline().programme is None
    with pytest.raises(ScenarioError, match="other years"):
        scenario.override({"programme.until": 2023})


def test_programme__is_in_the_editors_schema() -> None:
    items = scenario_schema()["$defs"]["Programme"]["properties"]["policies"]["items"]
    assert "new_construction" in items["properties"]


NATIONAL = [110.0, 110 + 140 / 3, 110 + 280 / 3] + [250.0] * 6
"""Million SEK a year: 110, rising evenly to 250 in the fourth of nine years."""

SHARE = 31_156 / RESIDENTS_IN_NEED_2022
"""Residents of types 1 and 2 in the preset of Södertälje (official tables: 31 156), of all in the country."""

REFORMS = ("reform_programme", "reform_project", "reform_whole_city")
PARTS = ("reform_schools", "reform_housing", "reform_work")


@pytest.fixture(scope="module")
def first_year() -> CityProfile:
    """Return Södertälje as a policy of the first year sees it."""
    return Simulation(load_scenario("sodertalje"), seed=1).describe()


@pytest.mark.parametrize("name", REFORMS + PARTS)
def test_reforms__have_the_municipalitys_share_of_the_national_money(
    name: str, first_year: CityProfile
) -> None:
    programme = load_scenario(name).programme
    assert programme is not None
    purses = [programme.purse(replace(first_year, year=year)) for year in range(2023, 2033)]
    assert sum(purses) == pytest.approx(SHARE * sum(NATIONAL), rel=1e-3)
    if name != "reform_project":
        assert purses == pytest.approx([SHARE * money for money in NATIONAL] + [0.0], rel=1e-3)


@pytest.mark.parametrize("name", REFORMS[1:])
def test_reforms__differ_in_place_and_years_alone(name: str) -> None:
    own = {"areas", "since", "until", "programme"}
    reforms, programme = load_scenario(name), load_scenario("reform_programme")
    assert [p.model_dump(exclude=own) for p in reforms.policies] == [
        p.model_dump(exclude=own) for p in programme.policies
    ]
    assert len(programme.policies) == 10


def test_share_by_need__is_that_of_residents_in_areas_of_types_1_and_2(first_year: CityProfile) -> None:
    assert share_by_need(first_year) == pytest.approx(SHARE)
    nobody = replace(first_year, types=np.full(first_year.types.size, 3))
    assert share_by_need(nobody) == 0.0


def test_purse_of_the_nation__is_divided_by_need() -> None:
    rows = live(reform(BUILDING, nationwide=True, msek=1000.0)).rows()
    purse = row(rows, "programme_purse", "reform")[0]
    in_need = purse * RESIDENTS_IN_NEED_2022 / 1000.0
    assert in_need == pytest.approx(round(in_need))
    assert 0 < in_need < 6000
    assert row(rows, "programme_cost", "reform")[0] == pytest.approx(purse)


HEAD = "extends: town\nprogramme:\n  from: 2023\n  until: 2025\n  msek: 5\n"
BUILD = "    - new_construction: {dwellings_per_year: 5, cost_msek: 1}\n"

BROKEN: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "no_purse": (f"extends: town\nprogramme:\n  policies:\n{BUILD}", 2, ("programme.msek", "must be given")),
    "purse_below_nothing": (f"{HEAD.replace('msek: 5', 'msek: -5')}  policies:\n{BUILD}", 5, ("at least 0",)),
    "no_policy": (HEAD, 2, ("holds no policy",)),
    "typo": (f"{HEAD}  purse: 5\n  policies:\n{BUILD}", 6, ('unknown key "purse"',)),
    "typo_in_a_policy": (
        f"{HEAD}  policies:\n    - new_construction:\n        dwelings: 5\n",
        8,
        ('unknown key "dwelings"',),
    ),
    "unknown_policy": (f"{HEAD}  policies:\n    - new_constructoin: {{}}\n", 7, ("new_construction",)),
    "nothing_to_pay": (
        f"{HEAD}  policies:\n    - new_construction: {{dwellings_per_year: 5}}\n",
        2,
        ("cost of none", "cost_msek"),
    ),
    "place_of_its_own": (
        f"{HEAD}  policies:\n    - new_construction:\n        areas: [Norr]\n        dwellings_per_year: 5\n",
        8,
        ("acts in one place",),
    ),
    "money_of_its_own": (
        f"{HEAD}  policies:\n    - new_construction:\n        budget_msek: 2\n",
        8,
        ("purse pays",),
    ),
    "begins_too_soon": (
        f"{HEAD}  policies:\n    - new_construction:\n        from: 2022\n        dwellings_per_year: 5\n",
        8,
        ("2022 is before the programme begins, 2023",),
    ),
    "lasts_too_long": (
        f"{HEAD}  policies:\n    - new_construction:\n        until: 2030\n        dwellings_per_year: 5\n",
        8,
        ("2030 is after the programme ends, 2025",),
    ),
    "twice": (f"{HEAD}  policies:\n{BUILD}{BUILD}", 8, ("stands twice", "first in line 7")),
    "rule_of_the_whole_city": (
        f"{HEAD}  areas: [Norr]\n  policies:\n{BUILD}    - admission_rule: {{lottery_share: 1.0}}\n",
        9,
        ("whole city",),
    ),
    "built_up_too_late": (
        f"{HEAD}  policies:\n    - new_construction:\n        phase_in_years: 4\n        cost_msek: 5\n",
        8,
        ("4 years to build up what lasts 3",),
    ),
    "unknown_rule": (f"{HEAD}  rule: lottery\n  policies:\n{BUILD}", 6, ("need, equal, application",)),
    "another_programme": (
        "extends: town\npolicies:\n  - new_construction: {dwellings_per_year: 5, programme: other}\n",
        3,
        ('there is no programme "other"',),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_programme_written_wrong__is_refused_with_file_line_and_remedy(name: str, tmp_path: Path) -> None:
    text, line, words = BROKEN[name]
    (tmp_path / "town.yaml").write_text(TOWN.read_text("utf-8"), "utf-8")
    path = tmp_path / "wrong.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    assert f"wrong.yaml:{line}: " in str(error.value)
    for word in words:
        assert word in str(error.value)

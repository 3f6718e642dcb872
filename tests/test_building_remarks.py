"""A scenario whose policies have nothing to act on, or that build what nobody fills, says so."""

import pytest

from segsim.cli.checking import check_scenario
from segsim.cli.options import Language
from segsim.scenario import load_scenario, scenario_files
from segsim.scenario.policies.remarks import find_building_remarks
from test_contracts import TOWN

PLAN = "tenure_in_detailed_plans: {shares: {public_rental: 0.5}%s}"
MORE = "new_construction: {dwellings_per_year: 5%s}"
GROWING = (
    "preferences: {demography: {population_follows: housing}}\n"
    "rules: {housing: {construction: {share_of_stock: 0.0055}}}\n"
)


def remarks(tmp_path, policy, city=""):
    (tmp_path / "town.yaml").write_text(TOWN.read_text("utf-8") + "\n" + city, "utf-8")
    (tmp_path / "mine.yaml").write_text(
        f"extends: town\nlabel_en: x\nlabel_sv: x\nsummary: x\npolicies: [{policy}]\n", "utf-8"
    )
    return list(find_building_remarks(load_scenario(tmp_path / "mine.yaml")))


@pytest.mark.parametrize("policy", [PLAN % "", MORE % ", replaces_ordinary: true"])
def test_policy_on_ordinary_homes__where_none_are_built_is_told(policy, tmp_path):
    (remark,) = remarks(tmp_path, "{" + policy + "}")
    assert "the ordinary new dwellings it acts on are not built here" in remark.en
    assert "byggs inte här" in remark.sv


@pytest.mark.parametrize(
    "policy",
    [
        MORE % "",
        "new_build_subsidy: {dwellings_per_year: 5}",
        "named_plans: {plans: [{areas: all, year: 2024, dwellings: 5, tenure_shares: {cooperative: 1.0}}]}",
        "overcrowding_relief: {dwellings_per_year: 5}",
    ],
)
def test_homes_that_a_policy_adds__empty_others_where_the_population_is_held(policy, tmp_path):
    (remark,) = remarks(tmp_path, "{" + policy + "}")
    assert "empties other homes" in remark.en
    assert "tömmer andra hem" in remark.sv


@pytest.mark.parametrize("policy", [PLAN % "", MORE % "", MORE % ", replaces_ordinary: true"])
def test_city_that_grows__has_nothing_to_be_told(policy, tmp_path):
    assert not remarks(tmp_path, "{" + policy + "}", GROWING)


def test_plan_that_builds_its_minimum__needs_no_ordinary_homes(tmp_path):
    assert not remarks(tmp_path, "{" + PLAN % ", min_dwellings_per_year: 5" + "}")


@pytest.mark.parametrize("name", sorted(scenario_files()))
def test_shipped_scenario__acts_where_homes_are_built_and_filled(name):
    assert not list(find_building_remarks(load_scenario(name)))


def test_check__tells_the_first_of_a_thousand_remarks(tmp_path):
    policies = "\n".join("  - new_construction: {from: 2023, dwellings_per_year: 1}" for _ in range(90))
    (tmp_path / "mine.yaml").write_text(f"extends: {TOWN}\npolicies:\n{policies}\n")
    lines = check_scenario(str(tmp_path / "mine.yaml"), None, Language.sv).splitlines()
    assert len(lines) == 1 + 50 + 1
    assert "new_construction_20 och 70 till)" in lines[0]
    assert lines[-1].strip().startswith("obs: och ")

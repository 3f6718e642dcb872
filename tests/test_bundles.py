"""Several policies at once: each with what it reaches and costs, and, run alone, what its effect costs."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from segsim.cli import app
from segsim.comparison import Comparison, compare
from segsim.errors import ScenarioError
from segsim.policies import POLICIES
from segsim.report import write_comparison
from segsim.scenario import Scenario, load_scenario
from segsim.scenario.experiment.variants import keep_decided_by, separate_policies
from test_contracts import TOWN

POLICIES_OF_TOWN = """\
extends: town
label_en: Both
label_sv: Båda
years: 3
policies:
  - tenure_conversion: {from: 2023, share_per_year: 0.3, cost_msek: 3}
  - new_construction: {from: 2023, dwellings_per_year: 40, cost_msek: 2}
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("both")
    (folder / "town.yaml").write_text(TOWN.read_text("utf-8"), "utf-8")
    (folder / "both.yaml").write_text(POLICIES_OF_TOWN, "utf-8")
    return load_scenario(folder / "both.yaml")


@pytest.fixture(scope="module")
def compared(both: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Return the bundle and each of its policies alone, judged by what conversion surely does."""
    return compare(
        [both, *separate_policies(both)],
        6,  # with fewer seeds sign flips cannot be sure of anything
        executor="serial",
        primary=["dwellings/tenure.public_rental"],
        out=tmp_path_factory.mktemp("results"),
    )


def write_page(comparison: Comparison, language: Any) -> str:
    return write_comparison(comparison, comparison.source.folder, language).read_text("utf-8")


def test_separate_policies__are_those_of_the_bundle_each_alone(both: Scenario) -> None:
    parts = separate_policies(both)
    assert [part.name for part in parts] == ["both_tenure_conversion", "both_new_construction"]
    assert [part.policies for part in parts] == [(policy,) for policy in both.policies]
    assert separate_policies(parts[0]) == []


def test_page__gives_each_policy_of_a_bundle_its_cost_per_unit_of_effect(compared: Comparison) -> None:
    page = write_page(compared, "en")
    table = page[page.index('<table class="bundle">') :].split("</table>")[0]
    assert table.count("<tr>") == 3
    assert "million SEK for each" in table
    assert "9.0 million SEK over the period" in table
    assert "run only together" not in table
    assert "--each-alone" not in page


def test_page__says_that_a_bundle_was_run_only_together(both: Scenario, tmp_path: Path) -> None:
    comparison = compare(both, 2, executor="serial", out=tmp_path)
    for language, words in (("en", "run only together with the others"), ("sv", "kördes bara tillsammans")):
        page = write_page(comparison, language)
        assert page.count(words) == 2
        assert "--each-alone" in page


def test_decided_by__keeps_the_policies_of_one_body_and_says_so(both: Scenario) -> None:
    own = keep_decided_by(both, "municipality")
    assert own.name == "both_municipality"
    assert [policy.name for policy in own.policies] == ["new_construction"]
    assert own.label_en == "Both: only what the municipality decides"
    assert own.label_sv == "Båda: bara det som kommunen beslutar"


def test_command__compares_only_what_one_body_decides(tmp_path: Path, both: Scenario) -> None:
    file = Path(str(both.origin(()).file))
    options = ["--decided-by", "municipality", "--seeds", "2", "--jobs", "1", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, ["compare", str(file), *options])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "only what the municipality decides" in page
    assert "Tenure conversion" not in page
    refused = CliRunner().invoke(app, ["compare", str(file), "--decided-by", "region"])
    assert refused.exit_code == 2


OPENING = {
    "year": 2025,
    "school": "Eken",
    "change": "open",
    "areas": "all",
    "first_grade": 0,
    "last_grade": 9,
    "seats": 30,
}
CLOSING = {"year": 2026, "school": "Hamnskolan", "change": "close"}
OWN_LAND = {"public_rental": 0.5, "private_rental": 0.0, "cooperative": 0.5, "owner_occupied": 0.0}


@pytest.mark.parametrize(
    ("kind", "settings", "decider"),
    [
        ("newcomers_own_housing", {"regime": "restricted_2020"}, "municipality"),
        ("newcomers_own_housing", {"regime": "abolished"}, "state"),
        ("preschool_support", {"form": "free_place"}, "municipality"),
        ("preschool_support", {"form": "duty"}, "state"),
        ("rent_setting", {"regime": "presumption"}, "landlord"),
        ("rent_setting", {"regime": "soft_market"}, "state"),
        ("allocation", {"public_allocation": "need"}, "municipality"),
        ("allocation", {"private_income_floor": 2.0}, "landlord"),
        ("allocation", {"public_allocation": "need", "private_income_floor": 2.0}, "landlord"),
        ("admission_rule", {"independent_priority": "lottery"}, "provider"),
        ("admission_rule", {"independent_priority": "lottery", "lottery_share": 0.5}, "municipality"),
        ("school_plan", {"changes": [{**OPENING, "provider": "independent"}]}, "provider"),
        ("school_plan", {"changes": [{**OPENING, "provider": "independent"}, CLOSING]}, "municipality"),
        ("school_plan", {"changes": [OPENING]}, "municipality"),
    ],
)
def test_decider__follows_the_settings(kind: str, settings: dict[str, Any], decider: str) -> None:
    assert POLICIES[kind](**settings).decider == decider


@pytest.mark.parametrize(
    ("kind", "settings", "needs_law"),
    [
        ("tenure_in_detailed_plans", {"shares": OWN_LAND, "instrument": "land_allocation"}, False),
        ("tenure_in_detailed_plans", {"shares": OWN_LAND, "instrument": "sou2018_46"}, True),
        ("rent_setting", {"regime": "presumption"}, False),
        ("rent_setting", {"regime": "soft_market"}, True),
        ("independent_school_share", {"opening_rate": 1.0}, False),
        ("independent_school_share", {"share_limit": 0.2}, True),
        ("admission_rule", {"municipal_priority": "relative_proximity"}, False),
        ("admission_rule", {"municipal_priority": "queue_time"}, True),
        ("admission_rule", {"independent_priority": "queue_time"}, False),
        ("admission_rule", {"independent_priority": "attainment"}, True),
        ("admission_rule", {"lottery_share": 1.0}, False),
        ("admission_rule", {"ses_quota": True}, True),
    ],
)
def test_need_of_a_law__follows_the_settings(kind: str, settings: dict[str, Any], needs_law: bool) -> None:
    assert POLICIES[kind](**settings).needs_law == needs_law


def test_nobody_decides__is_refused_with_who_does(both: Scenario) -> None:
    with pytest.raises(ScenarioError, match="decided by landlord, municipality"):
        keep_decided_by(both, "region")

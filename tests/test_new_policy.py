"""A policy is one class: this one stands in no other file, yet can be loaded, run and reported."""

from pathlib import Path
from typing import Any

import pytest

from segsim.policies import LEVERS, Evidence, Policy, one_of
from segsim.policies.manual import manual_entry
from segsim.report.tables.policy_cards import policy_card
from segsim.scenario import Scenario, load_scenario, schema
from segsim.section import setting
from segsim.words.text import LANGUAGES, Text
from segsim.words.words import Words
from test_contracts import differing, live, neutral_settings

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"


class SaferStreets(Policy):
    """Make streets feel safer."""

    TITLE = Text("Safer streets", "Tryggare gator")
    MECHANISM = Text("Light and people make an area feel safer.", "Ljus och folk gör ett område tryggare.")
    EVIDENCE = Evidence(Text("Nothing is known.", "Inget är känt."), "none", ())
    DECIDED_BY = "municipality"
    NEUTRAL = {"safety": 0.0}
    EXAMPLE = {"safety": 1.0}
    ADDS = "neighbourhood.supports"
    SIZE = "safety"

    safety: float = setting("Safety added, SD.", "Ökad trygghet, SD.", ge=0, le=3)


class WiderScenario(Scenario):
    """A scenario that may use the new policy beside all others."""

    policies: tuple[one_of((*LEVERS, SaferStreets)), ...] = ()  # type: ignore[valid-type]


@pytest.fixture(autouse=True)
def wider_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "Scenario", WiderScenario)


def town(**settings: Any) -> Scenario:
    return load_scenario(TOWN, {"policies": [{"safer_streets": settings}] if settings else []})


def test_new_policy__is_loaded_from_a_scenario_file(tmp_path: Path) -> None:
    path = tmp_path / "streets.yaml"
    path.write_text(
        f"extends: {TOWN}\npolicies:\n  - safer_streets: {{safety: 0.5, areas: [Norr]}}\n", "utf-8"
    )
    [policy] = load_scenario(path).policies
    assert isinstance(policy, SaferStreets)
    assert (policy.kind, policy.name, policy.safety) == ("safer_streets", "safer_streets", 0.5)


def test_new_policy__acts_and_does_nothing_when_neutral() -> None:
    baseline = live(town())
    assert differing(live(town(**SaferStreets.EXAMPLE)), baseline)
    for settings in neutral_settings(SaferStreets):
        assert differing(live(town(**settings)), baseline) == [], settings


def test_new_policy__has_its_rows() -> None:
    rows = live(town(**SaferStreets.EXAMPLE, cost_msek=2.0)).rows()
    of_policy = rows[rows["grouping"] == "safer_streets"]
    assert set(of_policy["measure"]) == {"policy_cost", "policy_reached", "policy_carried_out"}
    assert (of_policy.loc[of_policy["measure"] == "policy_cost", "value"] == 2.0).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_new_policy__is_told_in_both_languages(language: Any) -> None:
    words = Words(language)
    card = policy_card(SaferStreets.model_validate(SaferStreets.EXAMPLE), words)
    entry = manual_entry(SaferStreets, words)
    for text in (SaferStreets.TITLE, SaferStreets.MECHANISM, SaferStreets.meaning("safety")):
        assert text.in_language(language) in entry
    assert card.mechanism == SaferStreets.MECHANISM.in_language(language)
    assert [setting.key for setting in card.settings if setting.is_chosen] == ["safety"]

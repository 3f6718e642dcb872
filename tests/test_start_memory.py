"""A start state that is kept changes no result, and is kept only where it is asked for again."""

from typing import Any

import pytest

from segsim.errors import ScenarioError
from segsim.scenario import Scenario
from segsim.simulation import start_memory
from segsim.simulation.years import Simulation
from test_contracts import live, town

CONVERTING: dict[str, Any] = {"tenure_conversion": {"share_per_year": 0.2}}


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    start_memory._LATEST[0] = start_memory._Start()


def is_kept() -> bool:
    return start_memory._LATEST[0].state is not None


def test_start__is_kept_from_the_second_time_on() -> None:
    Simulation(town(), 1)
    assert not is_kept()
    Simulation(town(CONVERTING), 1)
    assert is_kept()
    Simulation(town(CONVERTING), 2)
    assert not is_kept()


def test_runs_from_a_kept_start__are_those_from_a_new_one() -> None:
    scenarios: list[Scenario] = [town(), town(CONVERTING)]
    new = []
    for scenario in scenarios:
        start_memory._LATEST[0] = start_memory._Start()
        new.append(live(scenario).rows())
    for _ in range(2):
        for scenario, rows in zip(scenarios, new, strict=True):
            assert live(scenario).rows().equals(rows)
    assert is_kept()


def test_city_with_other_rules__starts_anew() -> None:
    for value in (0.1, 0.1, 0.9):
        start = Simulation(town().override({"rules.schools.admission.lottery_share": value}), 1)
    assert start.state.rules.schools.admission.lottery_share == 0.9
    assert not is_kept()


def test_places_named_wrong__are_refused_from_a_kept_start_too() -> None:
    Simulation(town(), 1)
    Simulation(town(), 1)
    with pytest.raises(ScenarioError, match="Atlantis"):
        Simulation(town({"tenure_conversion": {"share_per_year": 0.2, "areas": ["Atlantis"]}}), 1)

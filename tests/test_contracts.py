"""What holds of every policy and every scenario file, whichever there are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from segsim.city import City
from segsim.policies import POLICIES, CityWide, Policy
from segsim.runs import run
from segsim.runs.execution.execution import Kind
from segsim.scenario import Scenario, check_names, list_places, load_scenario, names_places
from segsim.synthesis import build_initial_city
from segsim.tables import Tables
from tests.consistency import find_inconsistencies

ROOT = Path(__file__).parents[1]
TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
FILES = sorted((ROOT / "scenarios").glob("*.yaml"))

NOWHERE = {"types": [5], "weakest": 0.1}
"""A scope that no area meets: the best conditions, and the greatest challenges."""


def town(*policies: dict[str, Any]) -> Scenario:
    """Return the test town with policies."""
    return load_scenario(TOWN, {"policies": policies})


def live(scenario: Scenario, seed: int = 1) -> City:
    """Return the city of a scenario after all its years, consistent after each of them."""
    city = City(scenario, seed=seed)
    assert find_inconsistencies(city.tables) == []
    for _ in range(scenario.years):
        city.step()
        assert find_inconsistencies(city.tables) == []
    return city


@pytest.fixture(scope="module")
def baseline() -> City:
    return live(town())


def columns(tables: Tables) -> dict[str, bytes]:
    """Return every column of every table as bytes."""
    return {
        f"{table}.{column}": getattr(getattr(tables, table), column).tobytes()
        for table in tables.__dataclass_fields__
        for column in getattr(tables, table)._fields
    }


def of_the_city(city: City) -> pd.DataFrame:
    """Return the rows of a run but those about the policies themselves: their cost and whom they reach."""
    rows = city.rows()
    return rows[~rows["grouping"].isin(POLICIES)].reset_index(drop=True)


def differing(one: City, other: City) -> list[str]:
    """Return the columns in which two cities differ."""
    first, second = columns(one.tables), columns(other.tables)
    return [name for name in first if first[name] != second[name]]


def neutral_settings(lever: type[Policy]) -> Iterator[dict[str, Any]]:
    """Yield the settings under which a policy must change nothing."""
    yield lever.NEUTRAL
    if not issubclass(lever, CityWide):
        yield {**lever.EXAMPLE, "compliance": 0.0}
        yield {**lever.EXAMPLE, "areas": NOWHERE}


@pytest.mark.parametrize("kind", POLICIES)
def test_every_policy__neutral_is_the_baseline_bit_for_bit(kind: str, baseline: City) -> None:
    for settings in neutral_settings(POLICIES[kind]):
        city = live(town({kind: settings}))
        assert differing(city, baseline) == [], settings
        assert of_the_city(city).equals(of_the_city(baseline)), settings


@pytest.mark.parametrize("kind", POLICIES)
def test_every_policy__before_its_first_year_is_the_baseline(kind: str, baseline: City) -> None:
    example = POLICIES[kind].EXAMPLE
    # a plan from before its policy begins is refused
    dated = [name for name in ("plans", "changes") if name in example]
    later = {name: [{**plan, "year": 2026} for plan in example[name]] for name in dated}
    city = live(town({kind: {**example, **later, "from": 2026}}))
    assert differing(city, baseline) == []
    assert of_the_city(city).equals(of_the_city(baseline))


@pytest.mark.parametrize("kind", POLICIES)
def test_every_policy__acting_changes_the_city_and_keeps_it_consistent(kind: str, baseline: City) -> None:
    lever = POLICIES[kind]
    beside = [{other: settings} for other, settings in lever.EXAMPLE_BESIDE.items()]
    city = live(town(*beside, {kind: lever.EXAMPLE}))
    assert differing(city, live(town(*beside)) if beside else baseline)


def test_all_policies_together__keep_the_city_consistent() -> None:
    live(town(*({kind: lever.EXAMPLE} for kind, lever in POLICIES.items())))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario__loads_and_says_what_it_is(path: Path) -> None:
    scenario = load_scenario(path)
    assert scenario.summary
    assert path.read_text("utf-8").startswith("#"), "begin with a comment that says what the scenario is for"
    if scenario.policies:
        assert scenario.extends
        assert scenario.label_en
        assert scenario.label_sv
        assert scenario.summary_sv
        assert "Evidence" in scenario.rationale
        assert "nderlag" in scenario.rationale_sv
        assert scenario.baseline().name == scenario.extends


def test_every_lever__has_a_scenario_that_shows_it() -> None:
    shown = {policy.kind for path in FILES for policy in load_scenario(path).policies}
    assert shown == set(POLICIES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario__names_areas_its_city_has(path: Path) -> None:
    scenario = load_scenario(path)
    if names_places(scenario):
        first = build_initial_city(scenario, 1)
        names = first.area_names, first.district_names, first.school_names
        check_names(scenario, list_places(first.tables, *names, first.municipality_codes))


@pytest.mark.parametrize(
    "path", [path for path in FILES if not load_scenario(path).city.grid], ids=lambda path: path.stem
)
def test_every_scenario__runs_in_a_small_town(path: Path) -> None:
    figures = load_scenario(TOWN).city.figures
    assert figures is not None
    recipe = load_scenario(path, {"years": 1})
    if (
        not recipe.city.municipalities
    ):  # a region's policies name municipalities of it: it lives a year itself
        recipe = load_scenario(path, {"city.figures": figures.model_dump(), "city.schooling": {}, "years": 2})
    city = live(recipe)
    assert city.year == city.recipe.start + recipe.years
    values = city.rows()["value"].to_numpy()
    assert np.isfinite(values).mean() > 0.5


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_every_executor__gives_the_rows_of_the_serial_one(executor: Kind, tmp_path: Path) -> None:
    policies = [{kind: POLICIES[kind].EXAMPLE} for kind in ("tenure_conversion", "admission_rule")]
    scenarios = [town(), town(*policies).model_copy(update={"name": "reformed"})]
    alone = run(scenarios, 2, 1, executor="serial", out=tmp_path / "serial").frame()
    beside = run(scenarios, 2, 1, executor=executor, jobs=2, out=tmp_path / executor).frame()
    pd.testing.assert_frame_equal(alone, beside, check_exact=True)

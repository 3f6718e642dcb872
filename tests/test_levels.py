"""Tastes that keep a city as it is, the file they go into, and how far a city moves."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segsim.comparison.levels.drift import STILL, tabulate_drift
from segsim.comparison.levels.newton import hold_levels
from segsim.comparison.levels.tastes import HOLDS
from segsim.comparison.levels.tastes_file import write_tastes
from segsim.errors import ScenarioError
from segsim.runs import Execution, run
from segsim.scenario import load_scenario
from segsim.scenario.names.dotted_keys import nest_values

TOWN = "tests/scenarios/town.yaml"
SERIAL = Execution("serial")


TOO_STRONG = 7.0  # from 8 on a stronger taste sorts no more in this town, so that no slope is seen


@pytest.fixture(scope="module")
def held():
    recipe = load_scenario(TOWN, {"preferences.housing.own_group": TOO_STRONG})
    return hold_levels(recipe, range(1, 7), 3, SERIAL, HOLDS[:1])


def test_hold__brings_the_figure_nearer_to_where_it_started(held):
    figure = held.figures.iloc[0]
    assert figure.before > 0.01  # a strong taste sorts
    assert abs(figure.change) < abs(figure.before) / 2
    value = held.values.iloc[0]
    assert value.value < TOO_STRONG - 1.0
    assert value.low < value.value < value.high


def test_tastes_file__is_read_by_a_scenario_and_what_the_scenario_says_stands(held, tmp_path):
    write_tastes(held, tmp_path / "town_tastes.yaml")
    head = "extends: {}\ntastes: town_tastes.yaml\nlabel_en: x\nlabel_sv: x\nsummary: x\n"
    path = tmp_path / "mine.yaml"
    town = (tmp_path / "town.yaml").resolve()
    town.write_text(Path(TOWN).read_text("utf-8"), "utf-8")
    path.write_text(head.format("./town.yaml"), "utf-8")
    assert load_scenario(path).preferences.housing.own_group == held.values.value[0]
    path.write_text(head.format("./town.yaml") + "preferences: {housing: {own_group: 1.5}}\n", "utf-8")
    assert load_scenario(path).preferences.housing.own_group == 1.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no file"),
        ("rules: {}\n", 'a file of tastes holds preferences and nothing else; move "rules"'),
        ("preferences: {housing: {own_grup: 2}}\n", "own_group"),
    ],
)
def test_tastes_file__that_is_wrong_is_refused_with_its_line(text, message, tmp_path):
    if text is not None:
        (tmp_path / "t.yaml").write_text(text, "utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(
        "tastes: t.yaml\nlabel_en: x\nlabel_sv: x\nsummary: x\ncity: {municipality: solna}\n", "utf-8"
    )
    with pytest.raises(ScenarioError, match=message) as error:
        load_scenario(path)
    assert ".yaml:1" in str(error.value)


def test_nest_values__makes_mappings_of_dotted_keys():
    assert nest_values({"a.b.c": 1.0, "a.b.d": 2.0, "e": 3.0}) == {"a": {"b": {"c": 1.0, "d": 2.0}}, "e": 3.0}


def test_drift__is_the_change_from_the_start_with_its_interval():
    runs = run(load_scenario(TOWN), [101, 102, 103], 2, executor="serial")
    table = tabulate_drift(runs, (1, 2))
    frame = runs.frame()
    one = frame[(frame.measure == "employed") & (frame.level == "municipality") & (frame.grouping == "")]
    by_seed = one.pivot_table(index="seed", columns="year", values="value")
    line = table[(table.series == "employed/municipality") & (table.years == 2)].iloc[0]
    change = by_seed[by_seed.columns[2]] - by_seed[by_seed.columns[0]]
    assert line.change == pytest.approx(change.mean())
    assert line.high - line.low == pytest.approx(2 * 4.302653 * change.std() / np.sqrt(3), rel=1e-4)
    assert set(table.verdict) <= {"still", "unclear", "moves"}
    assert (table.verdict[table.change.abs() <= table.tolerance] == "still").all()


def test_drift__every_figure_is_measured_in_a_municipality():
    runs = run(load_scenario("tests/scenarios/town.yaml"), [1, 2], 1, executor="serial")
    measured = set(tabulate_drift(runs, (1,)).series)
    assert {str(figure.series) for figure in STILL} == measured
    assert isinstance(tabulate_drift(runs, (9,)), pd.DataFrame)
    assert tabulate_drift(runs, (9,)).empty

"""Factors that set several keys at once, a seed alone, and a seed of the city apart from that of the run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from segsim import load_scenario
from segsim.cli import app
from segsim.errors import ScenarioError
from segsim.runs import run
from segsim.runs.sweeps.designs import sample_design
from segsim.runs.sweeps.sweep import sweep
from segsim.scenario.experiment.loading import load_experiment
from segsim.simulation import start_simulation

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
STARS, ZEROS = "city.grid.shares.stars", "city.grid.shares.zeros"
TOGETHER = f"""\
scenario: schelling
factors:
  mix:
    together:
      - {{{STARS}: 0.5, {ZEROS}: 0.5}}
      - {{{STARS}: 0.2, {ZEROS}: 0.8}}
  city.grid.vacancy: [0.2, 0.3]
design: grid
seeds: 2
years: 2
primary: [like_neighbours/origin/neighbourhood]
"""
REST = f"""\
scenario: schelling
factors:
  {STARS}: {{from: 0.1, to: 0.5, steps: 3, rest: {ZEROS}}}
design: grid
seeds: 2
years: 2
"""


def experiment(tmp_path, text):
    path = tmp_path / "shares.yaml"
    path.write_text(text)
    return load_experiment(path)


def test_together__sets_several_keys_at_once(tmp_path):
    drawn = sample_design(experiment(tmp_path, TOGETHER))
    assert drawn.overrides[0] == {STARS: 0.5, ZEROS: 0.5, "city.grid.vacancy": 0.2}
    assert [point[STARS] for point in drawn.overrides] == [0.5, 0.5, 0.2, 0.2]
    frame = drawn.frame()
    assert frame["mix"].tolist() == [1, 1, 2, 2]
    assert frame[ZEROS].tolist() == [0.5, 0.5, 0.8, 0.8]


def test_together__is_run_and_told_from_the_design(tmp_path):
    experiment(tmp_path, TOGETHER)
    done = sweep(tmp_path / "shares.yaml", jobs=1, out=tmp_path / "out")
    frame = done.runs.frame()
    assert set(frame["scenario"]) == {"p1", "p2", "p3", "p4"}
    assert pd.read_csv(tmp_path / "out" / "design.csv")[STARS].tolist() == [0.5, 0.5, 0.2, 0.2]


@pytest.mark.parametrize("design", ["one_at_a_time", "{latin_hypercube: {points: 6}}"])
def test_rest__takes_what_is_left_of_one(tmp_path, design):
    drawn = sample_design(experiment(tmp_path, REST.replace("design: grid", f"design: {design}")))
    points = [point for point in drawn.overrides if point]
    assert len(points) >= 3
    assert [point[STARS] + point[ZEROS] for point in points] == pytest.approx([1.0] * len(points))


def test_rest__of_a_list_goes_to_the_other_key(tmp_path):
    text = REST.replace("from: 0.1, to: 0.5, steps: 3", "values: [0.25, 0.5]")
    assert sample_design(experiment(tmp_path, text)).overrides[0] == {STARS: 0.25, ZEROS: 0.75}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TOGETHER.replace(f", {ZEROS}: 0.8", ""), r"shares.yaml:6.*every line must give the same keys"),
        (TOGETHER.replace("0.8", "0.7"), r"shares.yaml:6.*shares must sum to 1"),
        (
            TOGETHER.replace("city.grid.vacancy: [0.2, 0.3]", f"{STARS}: [0.3]"),
            "is set by another factor too",
        ),
        (TOGETHER.replace("    together:", "    values: [1]\n    together:"), "has both values and together"),
        (TOGETHER.replace(f"{{{STARS}: 0.2, {ZEROS}: 0.8}}", f"{{{STARS}: 0.5, {ZEROS}: 0.5}}"), "twice"),
        (
            TOGETHER.replace(STARS, "city.grid.shares.star"),
            r"they sum to 1.5 \(stars 0.5, zeros 0.5, star 0.5\); set them at once by `together`",
        ),
        (REST.replace(f", rest: {ZEROS}", ""), r"stars 0.1, zeros 0.5\); .* what is left to one by `rest`"),
        (TOGETHER.replace(f"{{{STARS}: 0.5, {ZEROS}: 0.5}}", "{}"), r"together\[0\]: gives no keys"),
        (REST.replace("to: 0.5", "to: 1.5"), "1.5 leaves no share"),
        (REST.replace(f"rest: {ZEROS}", "rest: city.grid.share.zeros"), "shares.yaml:3.*share"),
        (REST.replace("from: 0.1, to: 0.5, steps: 3", "values: [many]"), "many leaves no share"),
    ],
)
def test_what_cannot_be_set_together__is_named_with_its_line(tmp_path, text, says):
    with pytest.raises(ScenarioError, match=says):
        experiment(tmp_path, text)


def test_seed__alone_is_run_as_among_others(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    called = CliRunner().invoke(app, ["run", str(TOWN), "--seed", "3", "--years", "1", "--jobs", "1"])
    assert called.exit_code == 0, called.output
    alone = pd.read_parquet(tmp_path / "results" / "town" / "runs.parquet")
    assert set(alone["seed"]) == {3}
    among = run(load_scenario(TOWN), 3, 1, executor="serial").frame()
    pd.testing.assert_frame_equal(
        alone.reset_index(drop=True), among[among["seed"] == 3].reset_index(drop=True), check_dtype=False
    )


def test_seed__several_may_be_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = ["run", str(TOWN), "--seed", "8", "--seed", "5", "--years", "0", "--jobs", "1"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert set(pd.read_parquet(tmp_path / "results" / "town" / "runs.parquet")["seed"]) == {5, 8}


@pytest.mark.parametrize("name", ["schelling", TOWN])
def test_city_seed__makes_one_city_for_all_runs(name):
    scenario = load_scenario(name, {"city.seed": 7})
    first, second = (start_simulation(scenario, seed) for seed in (1, 2))
    own = start_simulation(load_scenario(name), 7)
    for table in ("areas", "cells", "dwellings", "households", "persons", "schools", "workplaces"):
        tables = [getattr(simulation.state.tables, table) for simulation in (first, second, own)]
        for mine, other, alone in zip(*tables, strict=True):
            np.testing.assert_array_equal(mine, other)
            np.testing.assert_array_equal(mine, alone)
    for simulation in (first, second):
        simulation.step()
    assert first.rows()["value"].to_numpy().tolist() != second.rows()["value"].to_numpy().tolist()


def test_city_seed__that_is_the_runs_own_changes_nothing():
    for name in ("schelling", TOWN):
        with_seed, without = (
            run(load_scenario(name, changes), [4], 2, executor="serial").frame()
            for changes in ({"city.seed": 4}, {})
        )
        pd.testing.assert_frame_equal(with_seed, without)


def test_city_seed__keeps_reserved_squares_for_those_they_are_for():
    """Squares are reserved by the city's seed, so that nobody lives where he may not, whatever the run's."""
    changes = {
        "city.seed": 11,
        "city.grid.reserved": [{"groups": ["stars"], "share": 0.3}],
        "preferences.housing.one_at_a_time.candidates.squares": "random_vacancies",
    }
    simulation = start_simulation(load_scenario("schelling", changes), 5)
    for _ in range(3):
        simulation.step()
    relocation = simulation.relocation
    pool = relocation.board.spot["pool"][relocation.inner]
    assert not ((relocation.squares().reshape(-1) == 2) & (pool == 1)).any()
    assert (pool == 1).sum() > 20


def test_city_seed__splits_the_spread_as_a_factor(tmp_path):
    text = REST.replace(f"{STARS}: {{from: 0.1, to: 0.5, steps: 3, rest: {ZEROS}}}", "city.seed: [1, 2, 3]")
    assert [point["city.seed"] for point in sample_design(experiment(tmp_path, text)).overrides] == [1, 2, 3]

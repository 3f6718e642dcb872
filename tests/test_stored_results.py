"""Results folders: boards that come to rest, the report of a sweep, and damage that no report reads over."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import quick_model
from quick_model import tree
from segsim.comparison import compare
from segsim.errors import ResultsError, ScenarioError
from segsim.report import remake
from segsim.report.stored_page import rewrite_tables
from segsim.report.sweep.sweep_tables import write_sweep
from segsim.runs import open_runs, run
from segsim.runs.series import KEYS
from segsim.runs.store import upkeep
from segsim.runs.sweeps.sweep import sweep
from segsim.scenario import load_scenario
from segsim.scenario.experiment.loading import load_experiment
from segsim.simulation import run_simulation, start_simulation

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
MODE = "preferences.housing.one_at_a_time"
BOARD = "scenario: mesa_schelling\nyears: 60\nseeds: 2\nprimary: [D/origin/area]\n"
DESIGNS = {
    "grid": f"factors: {{{MODE}.utility.threshold: [0.2, 0.3]}}\ndesign: grid\n",
    "one_at_a_time": f"factors: {{{MODE}.utility.threshold: [0.2, 0.3]}}\ndesign: one_at_a_time\n",
    "latin_hypercube": f"factors: {{{MODE}.utility.threshold: {{from: 0.1, to: 0.3}}}}\n"
    "design: {latin_hypercube: {points: 3}}\n",
}


class TestBoardsAtRest:
    @pytest.mark.parametrize("name", ["schelling", "netlogo_segregation", "mesa_schelling"])
    def test_board_at_rest__has_its_last_values_in_the_last_step(self, name):
        scenario = load_scenario(name, {"years": 3000, "measures.names": [], "measures.levels": []})
        rows = run_simulation(scenario, 1)
        steps = sorted(rows["year"].unique())
        assert steps[0] == 0
        assert steps[-1] == 3000
        assert steps[-2] < 3000
        settled, last = (
            rows[(rows["year"] == step) & (rows["measure"] != "flow")].set_index(KEYS)["value"]
            for step in steps[-2:]
        )
        pd.testing.assert_series_equal(settled, last)
        assert settled.size > 100
        moves = rows[(rows["measure"] == "flow") & (rows["year"] == 3000)]
        assert moves["grouping"].tolist()
        assert (moves["value"] == 0).all()

    def test_board_at_rest__is_measured_on_the_way_as_often_as_asked(self):
        rows = run_simulation(load_scenario("schelling", {f"{MODE}.measure_every": 7, "years": 30}), 1)
        at_rest = start_simulation(load_scenario("schelling"), 1)
        for _ in at_rest.steps_ahead():
            at_rest.step()
        steps = {0, 7, 14, 21, 28, 30} | {at_rest.year}
        assert set(rows["year"]) == {step for step in steps if step <= 30}

    def test_board_that_moves_on__ends_where_it_was_to(self):
        scenario = load_scenario("schelling", {f"{MODE}.stop": "never", "years": 4})
        assert set(run_simulation(scenario, 1, 9)["year"]) == {0, 4, 9}  # 4 as the end of its own years

    def test_city__is_never_at_rest(self):
        assert set(run_simulation(load_scenario(TOWN), 1, 1)["year"]) == {2022, 2023}


class TestSweepsOfBoards:
    @pytest.mark.parametrize("design", ["grid", "one_at_a_time", "latin_hypercube"])
    def test_sweep__of_boards_at_rest_has_a_value_at_every_point(self, design, tmp_path):
        path = tmp_path / "x.yaml"
        path.write_text(BOARD + DESIGNS[design], "utf-8")
        made = sweep(path, executor="serial", out=tmp_path / "r")
        write_sweep(made)
        points = pd.read_csv(tmp_path / "r" / "points.csv")
        value = "difference" if design == "one_at_a_time" else "mean"
        assert len(points) == len(made.sample.labels)
        assert points[value].notna().all()

    def test_step_that_was_passed_over__is_told_with_what_measures_it(self, tmp_path):
        path = tmp_path / "x.yaml"
        target = "targets: [{name: a, measure: D, grouping: origin, level: area, year: 2, value: 0, "
        target += "tolerance: 1}]\n"
        path.write_text(BOARD + DESIGNS["grid"] + target, "utf-8")
        with pytest.raises(ScenarioError, match=r"measured in 2, only in 0.*one_at_a_time\.measure_every"):
            sweep(path, executor="serial", out=tmp_path / "r")

    def test_years_of_an_experiment__are_many_on_a_board_and_not_in_a_city(self, tmp_path):
        path = tmp_path / "x.yaml"
        path.write_text(BOARD.replace("60", "5000") + DESIGNS["grid"])
        assert load_experiment(path).years == 5000
        path.write_text(f"scenario: {TOWN}\nyears: 5000\n{OWN}design: grid\n")
        with pytest.raises(ScenarioError, match=r"x\.yaml:2: years: at most 200 years"):
            load_experiment(path)


def make_sweep(folder: Path, design: str) -> Path:
    """Carry out a small sweep of the quick model, and return its folder."""
    path = folder / "x.yaml"
    path.write_text(f"scenario: {TOWN}\nseeds: 2\nyears: 2\nprimary: [D/background/area]\n{design}", "utf-8")
    write_sweep(sweep(path, executor="serial", model=quick_model.rows, out=folder / "r"))
    return folder / "r"


OWN = "factors: {preferences.housing.own_group: {from: 1, to: 4, steps: 4}}\n"
POLICIES = (
    "policies: [{new_construction: {dwellings_per_year: 1}}, {tenure_conversion: {share_per_year: 0.01}}]\n"
)


class TestReport:
    @pytest.mark.parametrize(
        "design",
        [
            OWN + "design: grid\n",
            OWN + "design: one_at_a_time\n",
            OWN + "design: {latin_hypercube: {points: 4}}\n",
            OWN + "design: {morris: {trajectories: 2}}\n",
            OWN + "design: {sobol: {n: 4}}\n",
            POLICIES + "design: factorial\n",
            "design: {list: {points: [{preferences.housing.burden: 1}, {preferences.housing.burden: 2}]}}\n",
        ],
    )
    def test_report__of_a_sweep_is_a_page_and_makes_tables_and_figures_again(self, design, tmp_path):
        folder = make_sweep(tmp_path, design)
        before = tree(folder)
        for path in (*folder.glob("points.csv"), *folder.glob("figures/*")):
            path.unlink()
        page, *others = remake(folder)
        assert page == folder / "report.html"
        assert folder / "points.csv" in others
        assert tree(folder).items() >= before.items()

    def test_report__of_a_sweep_with_its_experiment_spoilt_says_so(self, tmp_path):
        folder = make_sweep(tmp_path, OWN + "design: grid\n")
        (folder / "experiment.json").write_text("{}")
        with pytest.raises(ResultsError, match=r"experiment\.json: cannot be read.*--resume"):
            remake(folder)


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGE = {
    "a bit flipped": flip,
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "emptied": lambda path: path.write_bytes(b""),
    "another's bytes": lambda path: path.write_bytes(b"PAR1" + bytes(100) + b"PAR1"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    run(load_scenario(TOWN), 2, 1, executor="serial", out=folder)
    return folder


class TestDamage:
    @pytest.mark.parametrize("damage", DAMAGE)
    @pytest.mark.parametrize("read", [remake, open_runs])
    def test_damaged_run__is_never_read(self, whole, damage, read, tmp_path):
        folder = tmp_path / "r"
        shutil.copytree(whole, folder)
        spoilt = sorted(folder.glob("runs/*/*.parquet"))[-1]
        DAMAGE[damage](spoilt)
        with pytest.raises(ResultsError, match=f"{spoilt.name}: is damaged; run `segsim results repair"):
            read(folder)

    def test_damaged_run_of_a_sweep__is_never_read(self, tmp_path):
        folder = make_sweep(tmp_path, OWN + "design: grid\n")
        flip(next(folder.glob("runs/*/*.parquet")))
        with pytest.raises(ResultsError, match="is damaged"):
            remake(folder)

    def test_missing_run__is_named(self, whole, tmp_path):
        folder = tmp_path / "r"
        shutil.copytree(whole, folder)
        next(folder.glob("runs/*/*.parquet")).unlink()
        with pytest.raises(ResultsError, match=r"1 of 2 runs are missing, such as town, seed [12]; run"):
            remake(folder)


def content(folder):
    """Return the bytes of what repairing must bring back, by name."""
    paths = [
        *folder.glob("*.csv"),
        *folder.glob("runs/*/*.parquet"),
        folder / "plan.json",
        folder / "runs.parquet",
    ]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.exists()}


class TestRepair:
    def make(self, kind, tmp_path):
        folder = tmp_path / "r"
        if kind == "sweep":
            return make_sweep(tmp_path, OWN + "design: grid\n")
        if kind == "run":
            run(load_scenario(TOWN), 2, 1, model=quick_model.rows, executor="serial", out=folder)
        else:
            path = tmp_path / "built.yaml"
            path.write_text(f"extends: {TOWN}\npolicies:\n  - new_construction: {{dwellings_per_year: 9}}\n")
            compare(path, 3, 1, model=quick_model.rows, executor="serial", out=folder, margins={"D": 0.07})
        return folder

    @pytest.mark.parametrize("kind", ["run", "comparison", "sweep"])
    def test_repair__brings_back_runs_tables_plan_and_record(self, kind, tmp_path):
        folder = self.make(kind, tmp_path)
        rewrite_tables(folder)
        before, record = content(folder), json.loads((folder / "provenance.json").read_text())
        flip(next(folder.glob("runs/*/*.parquet")))
        (folder / "plan.json").write_text("{")
        for table in folder.glob("*.csv"):
            table.unlink()
        (folder / "provenance.json").write_text(json.dumps(record | {"runs": {}, "note": "kept"}))
        upkeep.repair(folder, executor="serial")
        rewrite_tables(folder)
        assert upkeep.verify(folder).is_good
        assert content(folder) == before
        renewed = json.loads((folder / "provenance.json").read_text())
        assert renewed["runs"] == record["runs"]
        assert renewed.get("margins") == record.get("margins")
        assert (renewed.get("note") == "kept") == (kind != "comparison")

    @pytest.mark.parametrize("kind", ["run", "sweep"])
    def test_lost_record__is_written_anew(self, kind, tmp_path):
        folder = self.make(kind, tmp_path)
        record = json.loads((folder / "provenance.json").read_text())
        (folder / "provenance.json").unlink()
        rewrite_tables(folder)
        renewed = json.loads((folder / "provenance.json").read_text())
        assert {**renewed, "made": "", "files": {}} == {**record, "made": "", "files": {}}

    def test_lost_record_of_a_comparison__is_told_to_be_made_by_its_command(self, tmp_path):
        folder = self.make("comparison", tmp_path)
        (folder / "provenance.json").unlink()
        with pytest.raises(
            ResultsError, match=r"provenance.json: cannot be read .*run the same command again"
        ):
            rewrite_tables(folder)

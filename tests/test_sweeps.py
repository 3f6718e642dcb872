"""Sweeps: designs, refusals before anything runs, resuming, sensitivity, calibration, policy mixes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import quick_model
import segsim
from quick_model import tree
from segsim.comparison.calibration import calibrate, common_doubt, emulate, implausibility
from segsim.comparison.factorial import efficient, interactions, main_effects, policy_mix
from segsim.comparison.outcomes import outcomes
from segsim.comparison.posterior import average_effect, thin
from segsim.comparison.sensitivity import noise_share, parameter_uncertainty, second_order, sensitivity
from segsim.comparison.variance import variance_split
from segsim.errors import ArgumentError, ResultsError, ScenarioError, SegsimError
from segsim.figures import front, joint
from segsim.report.stored_page import remake
from segsim.report.sweep.sweep_tables import write_sweep
from segsim.runs.execution.execution import Execution
from segsim.runs.store import upkeep
from segsim.runs.sweeps.designs import comparison_pairs, fraction, plan_points, sample_design
from segsim.runs.sweeps.stopping import Precision
from segsim.runs.sweeps.sweep import estimate, sweep
from segsim.scenario import load_scenario
from segsim.scenario.experiment.experiment import Target
from segsim.scenario.experiment.factor import Factor
from segsim.scenario.experiment.loading import load_experiment

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
OWN = "preferences.housing.own_group"
CANDIDATES = "preferences.housing.candidates"


@pytest.fixture
def written(tmp_path):
    """Write an experiment on the town, or on the town with a policy, and return its path."""

    def write(text, name="x", policy=False):
        scenario = tmp_path / "built.yaml" if policy else TOWN
        if policy:
            scenario.write_text(
                f"extends: {TOWN}\npolicies:\n  - new_construction: {{dwellings_per_year: 10}}\n", "utf-8"
            )
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"scenario: {scenario}\n{text}", "utf-8")
        return path

    return write


def quick(path, tmp_path, **options):
    options = {"executor": "serial", "model": quick_model.rows, "out": tmp_path / "r", **options}
    return sweep(path, **options)


def own_group_rows(scenario, seed, years):
    """Let D be the own-group taste itself."""
    rows = quick_model.rows(scenario, seed, years)
    return rows.assign(
        value=rows["value"].where(rows["measure"] != "D", scenario.preferences.housing.own_group)
    )


def rows_with_gaps(scenario, seed, years):
    """Leave D undefined in one seed at each point, another one at each, so that no seed is complete."""
    rows = quick_model.rows(scenario, seed, years)
    gap = int(100 * scenario.preferences.housing.own_group) % 3 + 1 == seed
    return rows.assign(value=rows["value"].where((rows["measure"] != "D") | (not gap)))


def rows_of_their_own_luck(scenario, seed, years):
    """Add luck that the policies of a scenario do not share."""
    rows = quick_model.rows(scenario, seed, years)
    return rows.assign(value=rows["value"] + 0.01 * ((seed * (3 + 7 * len(scenario.policies))) % 5))


def rows_with_births(scenario, seed, years):
    """Count births in every year but the first, which has not been lived."""
    rows = quick_model.rows(scenario, seed, years)
    births = rows[(rows["measure"] == "D") & (rows["year"] > scenario.start)].assign(measure="births")
    return pd.concat([rows, births])


def first_year_rows(scenario, seed, years):
    """Measure D in the first year only."""
    rows = quick_model.rows(scenario, seed, years)
    return rows[(rows["measure"] != "D") | (rows["year"] == scenario.start)]


def moderated_rows(scenario, seed, years):
    """Let construction lower D by .04 more where the own-group taste is 2."""
    rows = quick_model.rows(scenario, seed, years)
    builds = any(policy.kind == "new_construction" for policy in scenario.policies)
    more = 0.04 * (builds and scenario.preferences.housing.own_group == 2.0)
    return rows.assign(value=rows["value"].where(rows["measure"] != "D", rows["value"] - more))


def bent_rows(scenario, seed, years):
    """Let policies lower D the more, the stronger the own-group taste."""
    rows = quick_model.rows(scenario, seed, years)
    more = 0.02 * scenario.preferences.housing.own_group * bool(scenario.policies)
    return rows.assign(value=rows["value"].where(rows["measure"] != "D", rows["value"] - more))


def priced_rows(scenario, seed, years):
    """Add costs as the city gives them: 3 MSEK a year for school support, unknown for the other policies."""
    rows = quick_model.rows(scenario, seed, years)
    known = {"low_performing_school_support": 3.0}
    costs = [
        {"year": scenario.start + year, "grouping": policy.kind, "value": known.get(policy.kind, np.nan)}
        for policy in scenario.policies
        for year in range(1, years + 1)
    ]
    place = {"measure": "policy_cost", "level": "municipality", "unit": ""}
    return pd.concat([rows, pd.DataFrame(costs, columns=["year", "grouping", "value"]).assign(**place)])


GRID = f"factors:\n  {OWN}: [1.0, 2.0, 3.0]\n  {CANDIDATES}: [5, 10]\ndesign: grid\nseeds: 3\nyears: 2\n"
POLICIES = (
    "policies:\n"
    "  - new_construction: {dwellings_per_year: 10}\n"
    "  - tenure_in_detailed_plans: {shares: {public_rental: 0.5}}\n"
    "  - low_performing_school_support:\n"
)


class TestDesigns:
    def test_grid__is_every_combination(self, written):
        drawn = sample_design(load_experiment(written(GRID)))
        frame = drawn.frame()
        assert len(frame) == 6
        assert set(zip(frame[OWN], frame[CANDIDATES], strict=True)) == {
            (own, n) for own in (1.0, 2.0, 3.0) for n in (5, 10)
        }
        assert list(frame["scenario"]) == ["p1", "p2", "p3", "p4", "p5", "p6"]

    def test_list__is_what_is_written(self, written):
        text = f"design:\n  list:\n    points:\n      - {{{OWN}: 1.5}}\n      - {{{CANDIDATES}: 7}}\n"
        drawn = sample_design(load_experiment(written(text)))
        assert list(drawn.overrides) == [{OWN: 1.5}, {CANDIDATES: 7}]

    def test_one_at_a_time__begins_with_the_scenario_as_it_is(self, written):
        text = GRID.replace("grid", "one_at_a_time")
        experiment = load_experiment(written(text))
        drawn = sample_design(experiment)
        assert drawn.overrides[0] == {}
        assert len(drawn.overrides) == 1 + 3 + 2
        assert all(len(point) == 1 for point in drawn.overrides[1:])
        assert comparison_pairs(experiment, drawn)[0] == ("p1", "p2")

    def test_latin_hypercube__has_one_point_in_each_slice(self, written):
        text = f"factors:\n  {OWN}: {{from: 1, to: 3}}\n  {CANDIDATES}: {{from: 5, to: 24, whole: true}}\n"
        drawn = sample_design(load_experiment(written(text + "design: {latin_hypercube: {points: 20}}\n")))
        values = np.sort([point[OWN] for point in drawn.overrides])
        assert np.all(np.floor((values - 1) / 2 * 20) == np.arange(20))
        assert all(isinstance(point[CANDIDATES], int) for point in drawn.overrides)

    def test_same_design__has_the_same_points(self, written):
        text = f"factors:\n  {OWN}: {{from: 1, to: 3}}\ndesign: {{latin_hypercube: {{points: 9}}}}\n"
        path = written(text)
        assert (
            sample_design(load_experiment(path)).overrides == sample_design(load_experiment(path)).overrides
        )

    @pytest.mark.parametrize(
        ("design", "n"),
        [
            ("sobol: {n: 8}", 8 * 4),
            ("sobol: {n: 8, second_order: true}", 8 * 6),
            ("morris: {trajectories: 5}", 15),
        ],
    )
    def test_salib_designs__have_their_size(self, written, design, n):
        pytest.importorskip("SALib")
        text = f"factors:\n  {OWN}: {{from: 1, to: 3}}\n  {CANDIDATES}: {{from: 5, to: 26, whole: true}}\n"
        drawn = sample_design(load_experiment(written(text + f"design: {{{design}}}\n")))
        assert len(drawn.overrides) == n

    def test_factorial__tells_two_policies_of_a_kind_apart(self, written):
        text = (
            "policies:\n"
            "  - new_construction: {dwellings_per_year: 10}\n"
            "  - new_construction: {dwellings_per_year: 20}\n"
            "  - tenure_conversion: {share_per_year: 0.1, name: sell_out}\n"
        )
        experiment = load_experiment(written(text + "design: factorial\n", policy=True))
        drawn = sample_design(experiment)
        assert drawn.names == ("new_construction_2", "new_construction_3", "sell_out")
        last = experiment.base.override(drawn.overrides[-1])
        assert [p.name for p in last.policies] == ["new_construction", *drawn.names]
        second = experiment.base.override(drawn.overrides[2])
        assert [p.name for p in second.policies] == ["new_construction", "new_construction_3"]

    def test_factorial__switches_policies(self, written):
        experiment = load_experiment(written(POLICIES + "design: factorial\n"))
        drawn = sample_design(experiment)
        assert [len(point["policies"]) for point in drawn.overrides] == [0, 1, 1, 2, 1, 2, 2, 3]
        assert drawn.names == (
            "new_construction",
            "tenure_in_detailed_plans",
            "low_performing_school_support",
        )
        assert len(plan_points(experiment, drawn)) == 8

    @pytest.mark.parametrize(
        ("k", "resolution", "runs"),
        # Box, Hunter and Hunter, table of minimum-run 2**(k - p) designs
        [
            (3, 3, 4),
            (4, 4, 8),
            (5, 3, 8),
            (5, 5, 16),
            (6, 4, 16),
            (7, 3, 8),
            (7, 4, 16),
            (8, 4, 16),
            (8, 5, 64),
        ],
    )
    def test_fraction__is_as_small_as_published(self, k, resolution, runs):
        assert fraction(k, resolution).shape == (runs, k)

    def test_fraction_of_resolution_5__tells_pairs_apart(self):
        signs = 2 * fraction(5, 5) - 1
        pairs_of = [signs[:, i] * signs[:, j] for i in range(5) for j in range(i)]
        columns = np.column_stack([*signs.T, *pairs_of])
        assert np.array_equal(columns.T @ columns, 16 * np.eye(15))

    def test_baseline__beside_every_point_or_one_for_all(self, written):
        own = load_experiment(written(GRID + "baseline: true\n", policy=True))
        assert len(plan_points(own, sample_design(own))) == 12
        mixes = load_experiment(written(POLICIES + "design: factorial\nbaseline: true\n"))
        drawn = sample_design(mixes)
        assert len(plan_points(mixes, drawn)) == 9
        assert set(baseline for baseline, _ in comparison_pairs(mixes, drawn)) == {"baseline"}

    def test_factor__lists_and_ranges(self):
        assert Factor.model_validate((1, 2, 4)).levels() == (1, 2, 4)
        assert Factor.model_validate(
            {"from": 1, "to": 100, "steps": 3, "log": True}
        ).levels() == pytest.approx((1, 10, 100))
        assert Factor.model_validate({"from": 1, "to": 3, "steps": 9, "whole": True}).levels() == (1, 2, 3)
        assert [Factor.model_validate(("a", "b")).at(x) for x in (0.0, 0.49, 0.5, 1.0)] == [
            "a",
            "a",
            "b",
            "b",
        ]


BAD = [
    # text after the scenario line, line of the fault, part of the message
    (f"factors:\n  {OWN}s: [1, 2]\ndesign: grid\n", 3, 'did you mean "own_group"'),
    ("factors:\n  nothing.at.all: [1]\ndesign: grid\n", 3, 'unknown key "nothing"'),
    (f"factors:\n  {OWN}: []\ndesign: grid\n", 3, "is empty"),
    (f"factors:\n  {OWN}: {{from: 2, to: 2}}\ndesign: grid\n", 3, "from must be below to"),
    (f"factors:\n  {OWN}: {{from: 3, to: 2}}\ndesign: grid\n", 3, "from must be below to"),
    (f"factors:\n  {OWN}: {{from: 1}}\ndesign: grid\n", 3, "write a list such as"),
    (
        f"factors:\n  {OWN}: {{from: 0, to: 2, log: true}}\ndesign: {{latin_hypercube: {{points: 5}}}}\n",
        3,
        "above 0",
    ),
    (f"factors:\n  {OWN}: {{from: 1, to: 2}}\ndesign: grid\n", 3, "`steps`"),
    (f"factors:\n  {OWN}: [1, 1]\ndesign: grid\n", 3, "twice"),
    (f"factors:\n  {OWN}: [1, many]\ndesign: grid\n", 3, "not a number"),
    (
        f"factors:\n  {CANDIDATES}: {{from: 5, to: 9}}\ndesign: {{latin_hypercube: {{points: 5}}}}\n",
        3,
        "whole: true",
    ),
    (f"factors:\n  {CANDIDATES}: [5, 100000]\ndesign: grid\n", 3, "at most"),
    ("factors:\n  policies.new_construction.dwellings_per_year: [1]\ndesign: grid\n", 3, "new_construction"),
    (f"factors:\n  {OWN}: [1, 1.0]\ndesign: grid\n", 3, "twice"),
    (f"factors:\n  {OWN}: [1, 2]\ndesign: {{morris: {{trajectories: 4}}}}\n", 3, "steps over 4 levels"),
    (
        f"factors:\n  {CANDIDATES}: {{from: 5.2, to: 5.8, whole: true, steps: 2}}\ndesign: grid\n",
        3,
        "two whole",
    ),
    (POLICIES + "design: factorial\nseeds: 1\n", 7, "at least 2 seeds"),
    (
        f"factors:\n  {CANDIDATES}: {{from: 5, to: 9, whole: true}}\n"
        "design: {morris: {trajectories: 4}}\n",
        3,
        "multiple of 3 apart",
    ),
    (
        "factors:\n  years: [1, 2]\ndesign: grid\n",
        3,
        "years cannot be varied",
    ),
    ("design:\n  list:\n    points: [{measures.names: [D]}]\n", 4, "measures.names cannot be varied"),
    (f"factors:\n  {OWN}: [1, 2]\ndesign: grid\nbaseline: true\n", 5, "compared with itself"),
    (f"factors:\n  {OWN}: [1, 2]\ndesign: grid\nmeasures: [DD]\n", 5, 'there is no measure "DD"'),
    (f"factors:\n  {OWN}: [1]\ndesign: grid\nseeds: 0\n", 5, "no seeds"),
    (f"factors:\n  {OWN}: [1]\ndesign: grid\nseeds: []\n", 5, "no seeds"),
    (f"factors:\n  {OWN}: [1]\ndesign: grid\nseeds: [4, 4]\n", 5, "twice"),
    (f"factors:\n  {OWN}: [1]\ndesign: grid\nseeds: -2\n", 5, "negative"),
    (f"factors:\n  {OWN}: [1]\ndesign: grid\nseeds: 1000000000\n", 4, "1000000000 runs"),
    (
        f"factors:\n  {OWN}: {{from: 1, to: 2, steps: 50000}}\n  years: {{from: 5, to: 9, steps: 50000}}\n"
        "design: grid\nseeds: 1\n",
        5,
        "latin_hypercube",
    ),
    (f"factors:\n  {OWN}: [1]\ndesign: gird\n", 4, 'did you mean "grid"'),
    (f"factors:\n  {OWN}: [1]\n", 1, "design: is missing"),
    (f"factors:\n  {OWN}: {{from: 1, to: 2}}\ndesign: {{sobol: {{n: 60}}}}\n", 4, "use 32 or 64"),
    (
        f"factors:\n  {OWN}: {{from: 1, to: 2}}\ndesign: {{morris: {{trajectories: 5, levels: 5}}}}\n",
        4,
        "odd",
    ),
    ("design: grid\n", 2, "nothing to vary"),
    ("design: factorial\n", 2, "needs policies"),
    (
        "policies:\n  - new_constructions: {dwellings_per_year: 10}\ndesign: factorial\n",
        3,
        'did you mean "new_construction"',
    ),
    (
        f"factors:\n  {OWN}: [1]\npolicies: [low_performing_school_support]\ndesign: grid\n",
        4,
        "only a factorial",
    ),
    (f"factors:\n  {OWN}: [1]\ndesign: grid\nfactor: 3\n", 5, 'did you mean "factors"'),
    (f"factors:\n  {OWN}: [1]\ndesign: grid\nyears: 900\n", 5, "at most 200"),
    (f"design:\n  list:\n    points:\n      - {{{OWN}: 1.0}}\n      - {{{CANDIDATES}: 0}}\n", 6, "at least"),
    (
        f"factors:\n  {OWN}: [1]\ndesign: grid\ntargets:\n  - {{name: a, measure: D, value: 0.4}}\n",
        6,
        "tolerance",
    ),
]


class TestRefusals:
    @pytest.mark.parametrize(("text", "line", "message"), BAD)
    def test_bad_experiment__is_refused_with_line_and_remedy(self, written, text, line, message):
        path = written(text)
        with pytest.raises(ScenarioError) as caught:
            load_experiment(path)
        assert f"x.yaml:{line}:" in str(caught.value)
        assert message in str(caught.value)

    def test_missing_scenario__is_told_with_the_nearest(self, tmp_path):
        path = tmp_path / "x.yaml"
        path.write_text("scenario: sodertlje\nfactors: {years: [1]}\ndesign: grid\n")
        with pytest.raises(ScenarioError, match=r"x\.yaml:1: .*sodertlje"):
            load_experiment(path)

    def test_missing_file__is_told(self, tmp_path):
        with pytest.raises(ScenarioError, match="nowhere"):
            load_experiment(tmp_path / "nowhere.yaml")

    def test_until_without_anything_to_compare__is_refused(self, written, tmp_path):
        with pytest.raises(ScenarioError, match="add `baseline: true`"):
            quick(written(GRID), tmp_path, until="D:0.01")
        with pytest.raises(ScenarioError, match="add `baseline: true`"):
            estimate(written(GRID + "until: D:0.01\n"), out=tmp_path / "r", model=quick_model.rows)

    def test_unreadable_precision__is_refused(self, written, tmp_path):
        for wrong in ("D", "D:", "D:x", "D:-1", ":0.1", "D:nan"):
            with pytest.raises(SegsimError, match="MEASURE:HALF-WIDTH"):
                quick(written(GRID + "baseline: true\n", policy=True), tmp_path, until=wrong)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("primary: [D, crowdedness]", r"x\.yaml:9: primary: nothing called \"crowdedness\" was measured"),
            ("until: G:0.1", r"x\.yaml:9: until: nothing called \"G\" was measured; the measures are D, H"),
            ("until: 0.1%", r"x\.yaml:9: until: \"0\.1%\" does not say how precise"),
            ("tipping: {D/background/aera: 0.4}", r"x\.yaml:9: tipping: .* did you mean \"D/background/area"),
            (
                "targets: [{name: a, measure: D, value: 1, tolerance: 1}]",
                r"x\.yaml:9: targets: nothing called \"D\" was measured; of D there is D/background/area",
            ),
        ],
    )
    def test_unmeasured_quantity__is_refused_before_the_sweep(self, written, tmp_path, text, message):
        path = written(GRID + "baseline: true\n" + text + "\n", policy=True)
        with pytest.raises(ScenarioError, match=message):
            estimate(path, out=tmp_path / "r", model=quick_model.rows)
        with pytest.raises(ScenarioError, match=message):
            quick(path, tmp_path)

    def test_quantity_that_a_run_without_years_has_not__is_no_fault(self, written, tmp_path):
        path = written(GRID + "primary: [births]\n")
        found = estimate(path, out=tmp_path / "r", model=rows_with_births)
        assert found.runs == 18

    def test_quantity_not_measured_at_the_horizon__is_refused_at_the_first_run(self, written, tmp_path):
        path = written(GRID + "primary: [D]\n")
        with pytest.raises(ScenarioError, match=r":8: primary: .* not measured in 2024, only in 2022; "):
            quick(path, tmp_path, model=first_year_rows)
        assert len(list((tmp_path / "r").rglob("*.parquet"))) == 1

    def test_nothing_is_written__when_an_experiment_is_refused(self, written, tmp_path):
        with pytest.raises(ScenarioError):
            quick(written(BAD[0][0]), tmp_path)
        assert not (tmp_path / "r").exists()


class TestSweep:
    def test_sweep__runs_every_point_with_every_seed(self, written, tmp_path):
        made = quick(written(GRID), tmp_path)
        frame = made.runs.frame()
        assert frame.groupby(["scenario", "seed"]).ngroups == 18
        design = pd.read_csv(tmp_path / "r" / "design.csv")
        last = frame[
            (frame["measure"] == "D") & (frame["unit"] == "") & (frame["year"] == frame["year"].max())
        ]
        joined = last.merge(design, on="scenario")
        per_seed = joined.pivot_table(index="seed", columns=OWN, values="value")
        assert np.allclose(per_seed[2.0] - per_seed[1.0], 0.1)

    def test_folder_with_runs__needs_resume(self, written, tmp_path):
        path = written(GRID)
        quick(path, tmp_path)
        before = tree(tmp_path / "r")
        with pytest.raises(ResultsError, match="add --resume"):
            quick(path, tmp_path)
        seen = []
        quick(path, tmp_path, resume=True, progress=seen.append)
        assert seen[0].done == seen[-1].total == 18
        assert tree(tmp_path / "r") == before

    def test_folder_of_another_experiment__is_refused(self, written, tmp_path):
        quick(written(GRID), tmp_path)
        with pytest.raises(ResultsError, match="holds the experiment x; choose another --out"):
            quick(written(GRID, "other"), tmp_path, resume=True)

    def test_estimate__tells_the_cap_and_what_will_be_moved_away(self, written, tmp_path):
        rule = POLICIES + "design: factorial\nyears: 1\nuntil: D:0.005\n"
        found = estimate(written(rule), out=tmp_path / "r", trial=False, model=quick_model.rows)
        assert (found.runs, found.most, found.superseded) == (8 * 20, 8 * 200, 0)
        quick(written(GRID), tmp_path)
        fewer = written(GRID.replace("seeds: 3", "seeds: 2"))
        found = estimate(fewer, out=tmp_path / "r", trial=False, model=quick_model.rows)
        assert (found.runs, found.stored, found.most, found.superseded) == (12, 12, 12, 6)

    def test_killed_sweep__resumes_to_the_same_bytes(self, written, tmp_path):
        path = written(GRID.replace("seeds: 3", "seeds: 10"))
        quick(path, tmp_path, out=tmp_path / "calm")
        script = (
            "import sys; sys.path.insert(0, sys.argv[1]); import quick_model\n"
            "from segsim.runs.sweeps.sweep import sweep\n"
            "sweep(sys.argv[2], jobs=2, resume=True, out=sys.argv[3], model=quick_model.rows)\n"
        )
        out = tmp_path / "killed"
        command = [sys.executable, "-c", script, str(Path(__file__).parent), str(path), str(out)]
        process = subprocess.Popen(
            command, env={**os.environ, "QUICK_PAUSE": "0.1"}, stderr=subprocess.DEVNULL
        )
        while process.poll() is None and len(list(out.rglob("*-*.parquet"))) < 7:
            time.sleep(0.01)
        process.kill()
        process.wait()
        subprocess.run(command, check=True)
        assert tree(out) == tree(tmp_path / "calm")
        assert upkeep.verify(out).is_good

    def test_estimate__counts_runs_before_any_is_made(self, written, tmp_path):
        found = estimate(written(GRID), jobs=2, out=tmp_path / "r", model=quick_model.rows)
        assert (found.points, found.seeds, found.runs, found.stored) == (6, 3, 18, 0)
        assert found.seconds > 0
        assert found.bytes > 18 * 1000
        assert not (tmp_path / "r").exists()
        quick(written(GRID), tmp_path)
        assert estimate(written(GRID), out=tmp_path / "r", trial=False, model=quick_model.rows).stored == 18

    def test_measures__are_the_only_ones_kept(self, written):
        experiment = load_experiment(written(GRID + "measures: [D]\n"))
        assert experiment.base.measures.names == ("D",)

    def test_cap__reached_too_early_is_told(self, written, tmp_path):
        text = POLICIES + "design: factorial\nyears: 1\n"
        rule = Precision((("D", 1e-9),), cap=30)
        made = quick(written(text), tmp_path, until=rule, model=rows_of_their_own_luck)
        assert len(made.runs.plan.seeds) == 30
        assert {miss.wanted for miss in made.missed} == {1e-9}
        assert all(miss.half_width > 1e-9 for miss in made.missed)
        kept = json.loads((tmp_path / "r" / "provenance.json").read_text("utf-8"))["imprecise"]
        assert len(kept) == len(made.missed) == 7
        assert not quick(written(text), tmp_path / "b", until="D:5", model=rows_of_their_own_luck).missed

    def test_until__adds_seeds_in_batches_and_resumes(self, written, tmp_path):
        text = POLICIES + "design: factorial\nyears: 1\nuntil: D:0.005\n"
        made = quick(written(text), tmp_path)
        # exact differences: the first 20, and one batch to look ahead
        assert made.runs.plan.seeds == tuple(range(1, 31))
        before = tree(tmp_path / "r")
        quick(written(text), tmp_path, resume=True)
        assert tree(tmp_path / "r") == before

    def test_repeated_points__are_run_once(self, written, tmp_path):
        same = f"{{{OWN}: 1.0}}"
        text = f"design: {{list: {{points: [{same}, {same}, {{{OWN}: 2.0}}]}}}}\nseeds: 2\nyears: 1\n"
        made = quick(written(text), tmp_path)
        assert list(made.design()["scenario"]) == ["p1", "p1", "p3"]
        assert len(made.runs.plan) == 4


class TestWritten:
    """Tables and figures beside the runs."""

    @pytest.mark.parametrize(
        ("design", "files"),
        [
            ("grid", {"points.csv"}),
            ("{latin_hypercube: {points: 12}}", {"points.csv", "sensitivity.csv", "variance.csv"}),
            ("{morris: {trajectories: 4}}", {"points.csv", "sensitivity.csv"}),
        ],
    )
    def test_design__has_its_tables(self, written, tmp_path, design, files):
        if "morris" in design:
            pytest.importorskip("SALib")
        text = GRID.replace("[1.0, 2.0, 3.0]", "[1.0, 2.0, 3.0, 4.0]").replace("[5, 10]", "[5, 10, 15, 20]")
        done = write_sweep(quick(written(text.replace("grid", design)), tmp_path)).files
        assert {path.name for path in done if path.suffix == ".csv"} == files
        assert all(path.stat().st_size > 50 for path in done)

    def test_table_that_cannot_be_made__is_named_and_the_others_are_written(self, written, tmp_path):
        text = GRID.replace("grid", "{latin_hypercube: {points: 12}}") + "primary: [D, H]\n"
        done = write_sweep(quick(written(text), tmp_path, model=rows_with_gaps))
        assert [reason.split(":")[0] for reason in done.left_out] == ["D/background/area"]
        assert "with a value at every point" in done.left_out[0]
        assert pd.read_csv(tmp_path / "r" / "variance.csv")["quantity"].tolist() == ["H/background/area"]
        points_table = pd.read_csv(tmp_path / "r" / "points.csv")
        assert set(points_table["quantity"]) == {"D/background/area", "H/background/area"}
        assert set(points_table.loc[points_table["quantity"] == "D/background/area", "undefined"]) == {1}

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (GRID, {"en": ["What was varied", "At every point", "1, 2 and 3"], "sv": ["I varje punkt"]}),
            (
                GRID.replace("design: grid", "design: {latin_hypercube: {points: 12}}").replace(
                    "[1.0, 2.0, 3.0]", "{from: 1, to: 3}"
                ),
                {"en": ["from 1 to 3", "What it hangs on", "figures/"], "sv": ["från 1 till 3"]},
            ),
        ],
    )
    def test_report__of_a_sweep_is_a_page_in_both_languages(self, written, tmp_path, text, told):
        quick(written(text), tmp_path)
        for language, parts in told.items():
            page, *others = remake(tmp_path / "r", language)
            assert page.name == "report.html"
            assert tmp_path / "r" / "points.csv" in others
            text = page.read_text("utf-8")
            assert [part for part in parts if part not in text] == []
            assert "<NA>" not in text
            assert "&lt;NA&gt;" not in text

    def test_report__of_a_board_that_measures_none_of_the_usual_says_what_to_name(self, tmp_path):
        path = tmp_path / "board.yaml"
        threshold = "preferences.housing.one_at_a_time.utility.threshold"
        path.write_text(
            f"scenario: schelling\ndesign: grid\nseeds: 2\nyears: 2\nfactors: {{{threshold}: [0.3, 0.5]}}\n"
        )
        segsim.sweep(path, out=tmp_path / "r", executor="serial")
        assert "name one under primary" in remake(tmp_path / "r")[0].read_text("utf-8")

    def test_points__of_a_comparison_are_paired_and_judged(self, written, tmp_path):
        """One at a time: each point against the scenario as it is, which comes first."""
        text = f"factors:\n  {OWN}: [1.0, 2.0]\ndesign: one_at_a_time\nseeds: 5\nyears: 1\n"
        made = quick(written(text), tmp_path)
        write_sweep(made)
        table = pd.read_csv(tmp_path / "r" / "points.csv")
        own = made.experiment.base.preferences.housing.own_group
        assert table["difference"].tolist() == pytest.approx([0, 0.1 * (1 - own), 0.1 * (2 - own)])
        assert table["identical"].tolist() == [True, False, False]
        assert table["p_adjusted"].tolist() == pytest.approx([1, 2 / 2**5, 2 / 2**5])
        assert (table["margin"] == 0.02).all()
        assert {"correlation", "variance_reduction", "detectable", "p_equivalence"} <= set(table)

    def test_tables__of_an_earlier_look_are_removed(self, written, tmp_path):
        (tmp_path / "r").mkdir()
        (tmp_path / "r" / "sensitivity.csv").write_text("old")
        write_sweep(quick(written(GRID), tmp_path))
        assert not (tmp_path / "r" / "sensitivity.csv").exists()

    def test_factorial__has_effects_mixes_and_a_figure(self, written, tmp_path):
        done = write_sweep(
            quick(written(POLICIES + "design: factorial\nseeds: 3\nyears: 1\n"), tmp_path)
        ).files
        names = {path.name for path in done}
        assert names >= {"points.csv", "effects.csv", "interactions.csv", "mixes.csv"}
        assert "mixes_D_background_area.svg" in names
        points_table = pd.read_csv(tmp_path / "r" / "points.csv")
        assert {"quantity", "scenario", "mean", "lower", "upper", "n", "undefined"} <= set(points_table)


class TestSensitivity:
    def test_sobol__finds_the_factor_that_matters(self, written, tmp_path):
        pytest.importorskip("SALib")
        text = (
            f"factors:\n  {OWN}: {{from: 1, to: 3}}\n  preferences.housing.quality: {{from: 0, to: 1}}\n"
            "design: {sobol: {n: 64, second_order: true}}\nseeds: 2\nyears: 1\nprimary: [D/background/area]\n"
        )
        made = quick(written(text), tmp_path)
        table = sensitivity(made)
        assert table["factor"][0] == OWN
        assert table["total"][0] == pytest.approx(1.0, abs=0.05)
        assert table["total_lower"][0] < 1 < table["total_upper"][0] + 0.05
        assert table["total"][1] == pytest.approx(0.0, abs=1e-9)
        assert abs(second_order(made)["second_order"][0]) < 0.05

    def test_morris__gives_the_slope(self, written, tmp_path):
        pytest.importorskip("SALib")
        text = (
            f"factors:\n  {OWN}: {{from: 1, to: 3}}\n  preferences.housing.quality: {{from: 0, to: 1}}\n"
            "design: {morris: {trajectories: 8}}\nseeds: 2\nyears: 1\n"
        )
        table = sensitivity(quick(written(text), tmp_path), "D/background/area")
        assert table["factor"][0] == OWN
        assert table["mu"][0] == pytest.approx(0.2)  # 0.1 per unit over a range of 2
        assert table["sigma"][0] == pytest.approx(0.0, abs=1e-9)

    def test_latin_hypercube__splits_parameters_from_seeds(self, written, tmp_path):
        text = (
            f"factors:\n  {OWN}: {{from: 1, to: 3}}\n  preferences.housing.quality: {{from: 0, to: 1}}\n"
            "design: {latin_hypercube: {points: 30}}\nseeds: 20\nyears: 1\nprimary: [D]\n"
        )
        made = quick(written(text), tmp_path)
        table = sensitivity(made)
        assert table["factor"][0] == OWN
        assert table["rank_correlation"][0] > 0.99
        assert np.isnan(table["rank_correlation"][1])  # the taste explains every rank, nothing is left
        split = parameter_uncertainty(made)
        assert split.sd_parameters == pytest.approx(0.2 / np.sqrt(12), rel=0.05)  # uniform over 0.2
        assert split.sd_seeds == pytest.approx(0.02, rel=0.4)
        assert split.sd_interaction == pytest.approx(0.0, abs=1e-9)

    def test_difference_from_baseline__cancels_what_both_share(self, written, tmp_path):
        text = POLICIES + "design: factorial\nseeds: 3\nyears: 1\nbaseline: true\nprimary: [D]\n"
        found = outcomes(quick(written(text), tmp_path))
        assert found.is_difference
        assert np.allclose(
            found.values, [[0.0], [-0.01], [-0.01], [-0.02], [-0.01], [-0.02], [-0.02], [-0.03]]
        )

    def test_grid__has_no_indices(self, written, tmp_path):
        with pytest.raises(SegsimError, match="use sobol, morris or latin_hypercube"):
            sensitivity(quick(written(GRID), tmp_path), "D")

    def test_variance_split__adds_up(self):
        chance = np.random.default_rng(3)
        point, seed = chance.normal(0, 3, (200, 1)), chance.normal(0, 2, (1, 150))
        found = variance_split(point + seed + chance.normal(0, 1, (200, 150)))
        assert (found.sd_parameters, found.sd_seeds, found.sd_interaction) == pytest.approx(
            (3, 2, 1), rel=0.12
        )
        assert found.share_parameters + found.share_seeds + found.share_interaction == pytest.approx(1)

    def test_variance_split__needs_a_table(self):
        for wrong in (np.zeros(3), np.zeros((1, 5)), np.full((4, 4), np.nan)):
            with pytest.raises((ValueError, SegsimError), match="seeds"):
                variance_split(wrong)

    def test_noise_alone__leaves_the_parameters_no_range(self):
        found = variance_split(np.random.default_rng(3).normal(0, 1, (200, 2)))
        assert found.upper - found.lower < 0.8
        assert np.quantile(np.random.default_rng(3).normal(0, 1, (200, 2)).mean(axis=1), 0.975) > 1.2

    def test_noise_share__leaves_out_what_a_seed_does_everywhere(self):
        chance = np.random.default_rng(4)
        point, seed = np.linspace(0, 1, 100)[:, None], chance.normal(0, 3, (1, 3))
        assert noise_share(point + seed) == pytest.approx(0, abs=1e-12)
        own = chance.normal(0, 0.2, (100, 3))
        expected = 0.2**2 / 3 / (point + own).mean(axis=1).var(ddof=1)
        assert noise_share(point + seed + own) == pytest.approx(expected, rel=0.25)
        assert np.isnan(noise_share(np.full((5, 3), np.nan)))

    def test_rank_correlation__of_a_two_valued_factor_with_itself_is_one(self, written, tmp_path):
        text = f"factors:\n  {OWN}: [1.0, 2.0]\ndesign: {{latin_hypercube: {{points: 20}}}}\nyears: 1\n"
        made = quick(written(text), tmp_path, model=own_group_rows)
        assert sensitivity(made, "D")["rank_correlation"].iloc[0] == pytest.approx(1)

    def test_whole_numbers__of_a_range_are_equally_likely(self):
        factor = Factor.model_validate({"from": 1, "to": 3, "whole": True})
        found = [factor.at(share) for share in np.linspace(0, 0.9999, 3000)]
        assert [found.count(value) for value in (1, 2, 3)] == pytest.approx([1000] * 3, abs=2)
        assert (factor.at(0.0), factor.at(1.0)) == (1, 3)
        log = Factor.model_validate({"from": 1, "to": 100, "whole": True, "log": True})
        assert (log.at(0.0), log.at(1.0)) == (1, 100)
        assert Factor.model_validate({"from": 5, "to": 9, "whole": True, "steps": 3}).levels() == (5, 7, 9)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory):
    """Return an experiment, what one wave of calibration found, and the folder."""
    folder = tmp_path_factory.mktemp("calibrated")
    path = folder / "x.yaml"
    path.write_text(f"scenario: {TOWN}\nprimary: [D/background/area]\n{TestCalibration.TEXT}", "utf-8")
    experiment = load_experiment(path)
    made = calibrate(experiment, 1, out=folder / "c", executor="serial", model=quick_model.rows)
    return experiment, made, folder / "c"


class TestCalibration:
    TEXT = (
        f"factors:\n  {OWN}: {{from: 0, to: 6}}\n  preferences.housing.quality: {{from: 0, to: 1}}\n"
        "design: {latin_hypercube: {points: 30}}\nseeds: 10\nyears: 1\n"
        "targets:\n"
        "  - {name: d, measure: D, grouping: background, level: area, value: 0.24, tolerance: 0.01}\n"
        "  - {name: h, measure: H, grouping: background, level: area, value: 0.12, tolerance: 0.01,"
        " use: check}\n"
    )

    def test_calibration__finds_the_value_that_made_the_target(self, written, tmp_path):
        found = calibrate(
            written(self.TEXT), waves=2, out=tmp_path / "c", executor="serial", model=quick_model.rows
        )
        ranges = found.ranges.set_index("factor")
        assert ranges.loc[OWN, "lowest"] < 2.4 < ranges.loc[OWN, "highest"]
        assert ranges.loc[OWN, "share_left"] < 0.2
        assert ranges.loc["preferences.housing.quality", "share_left"] > 0.8
        assert found.best[OWN] == pytest.approx(2.4, abs=0.2)
        assert found.share_plausible < 0.2
        assert list(found.fit["target"]) == ["d"]
        assert sorted(path.name for path in (tmp_path / "c").iterdir() if path.is_file()) == [
            "checks.csv",
            "fit.csv",
            "points.csv",
            "predictions.csv",
            "ranges.csv",
            "regions.csv",
            "sample.csv",
        ]
        assert list(pd.read_csv(tmp_path / "c" / "points.csv")["wave"].unique()) == [1, 2]

    def test_agreement__is_counted_by_the_tolerance(self, calibrated):
        _, made, _ = calibrated
        points = made.waves[0].points
        assert points["agrees"].tolist() == ((points["d"] - 0.24).abs() <= 0.01).tolist()
        assert 0 < points["agrees"].sum() < points["is_plausible"].sum()
        plausible = points[points["is_plausible"]]
        assert made.fit["inside"][0] == pytest.approx(plausible["agrees"].mean())
        assert made.is_met

    def test_posterior__is_that_of_the_known_surface(self, calibrated):
        """D is a tenth of the taste, plus the seeds' own mean, of which the doubt is known."""
        _, made, folder = calibrated
        town = load_scenario(TOWN)
        rows = [quick_model.rows(town, seed, 1) for seed in range(1, 11)]
        noise = np.array([r["value"][1] for r in rows]) - 0.1 * town.preferences.housing.own_group
        doubt = np.hypot(0.01, noise.std(ddof=1) / np.sqrt(10)) / 0.1
        regions = made.posterior.regions.set_index("factor")
        assert regions.loc[OWN, "mean"] == pytest.approx(2.4 - noise.mean() / 0.1, abs=0.02)
        assert regions.loc[OWN, "sd"] == pytest.approx(doubt, rel=0.05)
        width = regions.loc[OWN, "upper"] - regions.loc[OWN, "lower"]
        assert width == pytest.approx(2 * 1.645 * doubt, rel=0.05)
        other = regions.loc["preferences.housing.quality"]
        assert other[["lower", "upper"]].tolist() == pytest.approx([0.05, 0.95], abs=0.02)
        predictions = made.posterior.predictions.set_index("target")
        assert predictions.loc["h", "predicted"] == pytest.approx(0.12, abs=0.01)
        assert predictions.loc["h", "p"] > 0.3
        sample = made.posterior.sample
        assert sample["weight"].sum() == pytest.approx(1)
        assert pd.read_csv(folder / "sample.csv").shape == sample.shape
        drawn = pd.DataFrame(made.posterior.draw(40))
        assert drawn[OWN].mean() == pytest.approx(regions.loc[OWN, "mean"], abs=0.05)
        figure = joint(sample, made.posterior.regions, title="Likely values", truth={OWN: 2.4})
        assert [len(axes.lines) for axes in figure.axes if axes.get_visible()] == [3, 0, 2]
        assert len([axes for axes in figure.axes if axes.get_visible()]) == 3

    def test_sample__thinned_is_as_wide_as_all_candidates(self):
        """Of 10 000 candidates, weighted by a normal density, the sample has the mean and the spread."""
        at = (np.arange(10_000) + 0.5) / 10_000
        weight = np.exp(-0.5 * ((at - 0.5) / 0.2) ** 2)
        kept, of_kept = thin(weight / weight.sum())
        mean = of_kept @ at[kept]
        exact = np.sqrt(weight @ (at - 0.5) ** 2 / weight.sum())
        assert of_kept.sum() == pytest.approx(1)
        assert mean == pytest.approx(0.5, abs=0.001)
        assert np.sqrt(of_kept @ (at[kept] - mean) ** 2) == pytest.approx(exact, rel=0.01)

    def test_effect_of_a_policy__is_averaged_over_the_posterior_with_both_doubts(
        self, calibrated, written, tmp_path
    ):
        experiment, made, _ = calibrated
        written("", policy=True)
        scenario = load_scenario(tmp_path / "built.yaml")
        execution = Execution("serial", out=tmp_path / "effect")
        average = average_effect(
            experiment, made.posterior, scenario, points=8, execution=execution, model=bent_rows
        )
        assert average.values.shape == (8, 10)
        tastes = [point[OWN] for point in made.posterior.draw(8)]
        assert average.effect == pytest.approx(-0.01 - 0.02 * np.mean(tastes))
        assert average.split.sd_parameters == pytest.approx(0.02 * np.std(tastes, ddof=1))
        assert average.split.lower < average.effect < average.split.upper
        with pytest.raises(ArgumentError, match="town has no policies"):
            average_effect(experiment, made.posterior, load_scenario(TOWN))

    def test_figure_kept_apart__that_cannot_be_is_told_by_its_chance(self, written, tmp_path):
        wrong = self.TEXT.replace("value: 0.12", "value: 0.2")
        found = calibrate(written(wrong), waves=1, out=tmp_path, executor="serial", model=quick_model.rows)
        assert found.posterior.predictions.set_index("target").loc["h", "p"] < 0.001

    def test_check_targets__take_no_part(self, written, tmp_path):
        wrong = self.TEXT.replace("value: 0.12", "value: 0.9")
        options = {"waves": 1, "executor": "serial", "model": quick_model.rows}
        right = calibrate(written(self.TEXT, "a"), out=tmp_path / "a", **options)
        other = calibrate(written(wrong, "b"), out=tmp_path / "b", **options)
        pd.testing.assert_frame_equal(right.ranges, other.ranges)
        assert right.checks["inside"][0] > 0.3
        assert other.checks["inside"][0] == 0

    def test_implausibility__counts_the_doubt_of_few_seeds(self):
        target = Target(name="a", measure="D", value=1.0, tolerance=0.1)
        few, many = np.array([[1.2, 1.6]]), np.array([[1.4] * 50])
        assert implausibility(many, target)[0] == pytest.approx(4.0)
        assert implausibility(few, target)[0] == pytest.approx(0.4 / np.hypot(0.1, 0.2))
        assert implausibility(np.array([[np.nan, np.nan]]), target)[0] == np.inf

    def test_truth__is_not_ruled_out_by_the_luck_all_points_share(self):
        """Four seeds that shift every point alike: the value that made the target must survive."""
        target = Target(name="a", measure="D", value=0.5, tolerance=0.005)
        held = 0
        for number in range(60):
            chance = np.random.default_rng(number)
            x = chance.random((15, 2))
            runs = x[:, :1] + chance.normal(0, 0.05, (1, 4))  # 0.5 is met at x = 0.5 but for the seeds
            expected, doubt = emulate(x, runs.mean(axis=1), np.array([[0.5, 0.5]]))
            doubt = doubt + common_doubt(runs)
            held += abs(expected[0] - target.value) / np.sqrt(target.tolerance**2 + doubt[0]) <= 3
        assert held / 60 >= 0.85
        assert common_doubt(np.full((3, 4), np.nan)) == 0

    def test_one_seed__cannot_calibrate(self, written, tmp_path):
        with pytest.raises(ScenarioError, match=r"seeds: calibration needs at least 2 seeds"):
            calibrate(written(self.TEXT.replace("seeds: 10", "seeds: 1")), out=tmp_path)

    def test_target_that_no_point_meets__is_told(self, written, tmp_path):
        text = self.TEXT.replace("value: 0.24", "value: 0.99")
        found = calibrate(written(text), 1, out=tmp_path, executor="serial", model=quick_model.rows)
        assert not found.is_met
        assert found.best[OWN] == pytest.approx(6, abs=0.3)

    def test_emulator__is_exact_for_a_quadratic(self):
        chance = np.random.default_rng(2)
        x, new = chance.random((40, 3)), chance.random((9, 3))

        def surface(x):
            return 1 + 2 * x[:, 0] - x[:, 1] ** 2 + 3 * x[:, 0] * x[:, 2]

        expected, doubt = emulate(x, surface(x), new)
        assert np.allclose(expected, surface(new))
        assert np.all(doubt < 1e-20)

    def test_nothing_to_calibrate_to__is_refused(self, written, tmp_path):
        with pytest.raises(ScenarioError, match="none is to be calibrated to"):
            calibrate(written(self.TEXT.split("targets:")[0]), out=tmp_path)
        with pytest.raises(ScenarioError, match="latin_hypercube"):
            calibrate(written(GRID), out=tmp_path)


class TestMix:
    def test_mix__recovers_effects_of_policies_that_add_up(self, written, tmp_path):
        made = quick(written(POLICIES + "design: factorial\nseeds: 4\nyears: 1\n"), tmp_path)
        found = policy_mix(made, "D/background/area", resamples=50)
        assert np.allclose(found.effects["effect"], -0.01)
        assert np.allclose(found.interactions["interaction"], 0.0)
        assert set(found.mixes["mix"]) >= {"none", "new_construction + tenure_in_detailed_plans"}

    CROSSED = f"{POLICIES}factors:\n  {OWN}: [1.0, 2.0]\n  {CANDIDATES}: [5, 10]\n"

    def test_factors__cross_the_mixes_and_are_told_cell_by_cell(self, written, tmp_path):
        text = self.CROSSED + "design: factorial\nseeds: 6\nyears: 1\n"
        made = quick(written(text), tmp_path, model=moderated_rows)
        assert len(made.runs.plan.points) == 2 * 2 * 2**3
        design = pd.read_csv(made.folder / "design.csv")
        assert design.groupby([OWN, CANDIDATES])["new_construction"].sum().tolist() == [4] * 4
        found = policy_mix(made, "D/background/area", resamples=20)
        effects = found.effects.set_index([OWN, CANDIDATES, "policy"])["effect"]
        built = effects.xs("new_construction", level="policy").groupby(OWN).mean()
        assert built.to_dict() == pytest.approx({1.0: -0.01, 2.0: -0.05})
        assert len(found.effects) == 4 * 3
        assert len(found.interactions) == 4 * 3
        assert len(found.mixes) == 4 * 8
        assert (found.mixes.loc[found.mixes["mix"] == "none", "difference"] == 0).all()
        moderation = found.moderation.set_index(["policy", "factor"])
        line = moderation.loc[("new_construction", OWN)]
        assert (line["lowest_at"], line["highest_at"]) == (2.0, 1.0)
        assert line["p"] < 0.05
        others = moderation.drop(("new_construction", OWN))
        assert (others["p"] > 0.3).all()

    def test_crossed_mixes__are_compared_with_no_policy_at_the_same_levels(self, written, tmp_path):
        made = quick(written(self.CROSSED + "design: factorial\nseeds: 2\nyears: 1\n"), tmp_path)
        files = write_sweep(made).files
        assert {path.name for path in files} >= {"moderation.csv", "mixes_D_background_area_4.svg"}
        points = pd.read_csv(tmp_path / "r" / "points.csv")
        switched = points[["new_construction", "tenure_in_detailed_plans", "low_performing_school_support"]]
        assert points["difference"].to_numpy() == pytest.approx(-0.01 * switched.sum(axis=1).to_numpy())

    def test_factors_of_a_factorial__are_levels_and_no_policies(self, written):
        key = "policies.new_construction.dwellings_per_year"
        for factor, reason in (
            (f"{key}: [5, 9]", "list it twice under `policies`"),
            (f"{OWN}: {{from: 1, to: 2}}", "`steps`"),
        ):
            text = f"{POLICIES}factors:\n  {factor}\ndesign: factorial\nseeds: 2\n"
            with pytest.raises(ScenarioError, match=reason):
                load_experiment(written(text))

    def test_main_effects_and_interactions__by_hand(self):
        # y = 1 - 2a + 3b + 4ab on a full square: mean effect of a is -2 + 4 / 2, of b 3 + 4 / 2
        switches = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
        y = (1 - 2 * switches[:, 0] + 3 * switches[:, 1] + 4 * switches.prod(axis=1))[:, None] + np.zeros(
            (4, 3)
        )
        effects = main_effects(switches, y, np.array([[0.0, 5, 0, 5], [0, 0, 10, 10]]), ("a", "b"))
        assert list(effects["effect"]) == [0.0, 5.0]
        assert list(effects["cost"]) == [5.0, 10.0]
        assert list(effects["effect_per_msek"]) == [0.0, 0.5]
        found = interactions(switches, y, ("a", "b"))
        assert list(found["interaction"]) == [4.0]

    def test_policy_that_does_nothing__has_no_effect_by_rounding(self):
        switches = fraction(3, None)
        y = (
            np.random.default_rng(1).normal(0.4, 0.01, (1, 20))
            - 0.0137 * switches[:, :1]
            + 0.003 * switches[:, 1:2]
        )
        effects = main_effects(switches, y, np.zeros((3, 8)), ("a", "b", "c")).set_index("policy")
        assert effects.loc["c", ["effect", "lower", "upper"]].tolist() == [0, 0, 0]
        table = interactions(switches, y, ("a", "b", "c"))
        assert (table["interaction"] == 0).all()
        assert (table["p"] == 1).all()

    def test_fraction__names_what_it_cannot_tell_apart(self):
        switches = fraction(4, 4)
        y = np.zeros((8, 2))
        table = interactions(switches, y, ("a", "b", "c", "d")).set_index(["policy", "with"])
        assert table.loc[("a", "b"), "aliased_with"].lstrip("-") == "c x d"

    def test_fraction__names_pairs_behind_a_main_effect_with_their_sign(self):
        switches = fraction(3, 3)
        y = -0.1 * switches[:, [0, 1]].prod(axis=1)[:, None] + np.zeros((4, 3))
        effects = main_effects(switches, y, np.zeros((3, 4)), ("a", "b", "c")).set_index("policy")
        signs = 2 * switches - 1
        sign = "" if (signs[:, 0] * signs[:, 1] == signs[:, 2]).all() else "-"
        assert effects.loc["c", "aliased_with"] == f"{sign}a x b"
        full = main_effects(fraction(3, None), np.zeros((8, 3)), np.zeros((3, 8)), ("a", "b", "c"))
        assert (full["aliased_with"] == "").all()

    def test_front__keeps_what_nothing_beats(self):
        gain, cost = np.array([0.0, 2.0, 1.0, 3.0]), np.array([0.0, 5.0, 6.0, 9.0])
        assert efficient(gain, cost).tolist() == [True, True, False, True]

    def test_unknown_cost__is_not_free(self, written, tmp_path):
        """Two of the three policies have no known cost: only mixes without them can be judged by it."""
        made = quick(
            written(POLICIES + "design: factorial\nseeds: 4\nyears: 2\n"), tmp_path, model=priced_rows
        )
        found = policy_mix(made, "D/background/area", resamples=50)
        effects = found.effects.set_index("policy")
        assert effects.loc["low_performing_school_support", "cost"] == pytest.approx(2 * 3.0)
        assert effects.loc["low_performing_school_support", "effect_per_msek"] == pytest.approx(-0.01 / 6)
        assert effects.loc["new_construction", ["cost", "effect_per_msek", "per_msek_lower"]].isna().all()
        judged = found.mixes.set_index("mix")["is_efficient"]
        assert judged[judged.notna()].to_dict() == {"none": True, "low_performing_school_support": True}
        assert found.mixes.set_index("mix")["cost"].isna().sum() == 6
        figure = front(found.mixes, title="", unit="")
        assert "6 mixes not drawn" in " ".join(t.get_text() for t in figure.legends[0].get_texts())

    def test_direction__is_what_the_experiment_says(self, written, tmp_path):
        text = POLICIES + "design: factorial\nseeds: 4\nyears: 1\nmore_is_better: [H]\n"
        made = quick(written(text), tmp_path, model=priced_rows)
        assert policy_mix(made, "D", resamples=5).want == "lower"
        raised = policy_mix(made, "H", resamples=5)
        assert raised.want == "higher"
        judged = raised.mixes.set_index("mix")["is_efficient"]
        assert judged[judged.notna()].to_dict() == {"none": True, "low_performing_school_support": False}

    def test_other_design__is_refused(self, written, tmp_path):
        with pytest.raises(SegsimError, match="factorial"):
            policy_mix(quick(written(GRID), tmp_path), "D")

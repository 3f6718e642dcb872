"""A researcher's own parts: run anywhere, known by their source, refused clearly."""

import json
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import segsim
from segsim.cli import app
from segsim.errors import ResultsError, ScenarioError, SegsimError
from segsim.own import find_part, measure
from segsim.own.permission import permit_own_code
from segsim.own.slicing import slice_module
from segsim.policies import Policy
from segsim.policies.housing.tenure_conversion import TenureConversion
from segsim.runs import open_runs, save_simulation
from segsim.scenario import Scenario, load_scenario
from tests import quick_model

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
DOCS = Path(__file__).parents[1] / "docs" / "extending.md"
EXAMPLES = dict(
    re.findall(r"```(?:python|yaml)\n# file: (\S+)\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
)


class MoreConversion(TenureConversion):
    """A policy of one's own that is a shipped one by descent."""

    def amend(self, rules, profile):
        return rules


class Silent(Policy):
    """Says nothing of itself."""


@measure(en="Households.", sv="Hushåll.", unit="households")
def households_there(state):
    return float((state.tables.households.id >= 0).sum())


@measure(en="A word.", sv="Ett ord.", unit="number")
def word(state):
    return "many"


@measure(en="Nowhere.", sv="Ingenstans.", unit="number", level="area")
def of_nowhere(state):
    return {"Atlantis": 1.0}


@measure(en="Fails.", sv="Misslyckas.", unit="number")
def failing(state):
    return 1 / 0


def unmarked(state):
    return 1.0


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with the examples of the documentation, in which one works."""
    for name, text in EXAMPLES.items():
        (tmp_path / name).write_text(text, "utf-8")
    shutil.copy(TOWN, tmp_path / "town.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(app, list(arguments))


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def run_script(path):
    done = subprocess.run([sys.executable, path.name], cwd=path.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestExamples:
    def test_examples__are_short(self):
        assert len(EXAMPLES) == 9
        assert all(text.count("\n") < 30 for text in EXAMPLES.values())

    def test_script__compares_on_processes_and_is_reported(self, folder):
        assert "gorard" in run_script(folder / "try_gardens.py")
        runs = open_runs(folder / "gardens")
        assert [point.name for point in runs.plan.points] == ["town", "town_and_shared_gardens"]
        assert {"living_alone", "gorard"} <= set(runs.frame()["measure"])
        refused = call("report", "gardens")
        assert refused.exit_code == 2
        assert "--allow-own-code" in refused.output
        assert call("report", "gardens", "--allow-own-code", "--language", "sv").exit_code == 0
        page = next((folder / "gardens").glob("*.html")).read_text("utf-8")
        assert "Gemensamma trädgårdar" in page
        assert "forskarens eget" in page
        assert "Gorards segregationsindex" in page

    def test_taste_and_rule_of_ones_own__run_on_a_board_and_on_processes(self, folder):
        board = load_scenario("wishful.yaml")
        assert [part.path for part in board.list_functions()] == ["wishes:some_alike", "wishes:first_better"]
        refused = call("check", "wishful.yaml")
        assert refused.exit_code == 2
        assert "--allow-own-code" in refused.output
        segsim.run("wishful.yaml", 2, years=2, executor="processes", jobs=2, out="two")
        segsim.run("wishful.yaml", 2, years=2, executor="serial", out="one")
        assert quick_model.tree(folder / "one") == quick_model.tree(folder / "two")
        edit(folder / "wishes.py", "1 <= like", "2 <= like")
        assert load_scenario("wishful.yaml").content_hash != board.content_hash
        edit(folder / "wishes.py", "2 <= like", "1 <= like")
        edit(folder / "wishful.yaml", "extends", "# as tried\nextends")
        assert load_scenario("wishful.yaml").content_hash == board.content_hash
        with pytest.raises(ResultsError, match="has parts of one's own, whose code"):
            save_simulation(segsim.City(board, seed=1).simulation, folder / "saved")

    def test_taste_and_rule_of_ones_own__run_in_a_city_and_on_processes_and_dask(self, folder):
        city = load_scenario("seekers_in_town.yaml", {"years": 1, "measures.names": ["D"]})
        assert [part.path for part in city.list_functions()] == [
            "seekers:near_like_incomes",
            "wishes:first_better",
        ]
        refused = call("check", "seekers_in_town.yaml")
        assert refused.exit_code == 2
        assert "--allow-own-code" in refused.output
        for executor in ("serial", "processes", "dask"):
            segsim.run(city, 2, executor=executor, jobs=2, out=executor)
        assert quick_model.tree(folder / "serial") == quick_model.tree(folder / "processes")
        assert quick_model.tree(folder / "serial") == quick_model.tree(folder / "dask")
        before = load_scenario("seekers_in_town.yaml").content_hash
        edit(folder / "seekers.py", "0.4 *", "0.5 *")  # not of the function that is named
        assert load_scenario("seekers_in_town.yaml").content_hash == before
        edit(folder / "seekers.py", "-3.0", "-3.5")
        assert load_scenario("seekers_in_town.yaml").content_hash != before

    def test_model_in_a_script__works_in_processes(self, folder):
        assert "2025" in run_script(folder / "coin.py")

    def test_scenario_file__needs_leave_from_the_command_line(self, folder):
        arguments = ("check", "gardens_in_town.yaml")
        refused = call(*arguments)
        assert refused.exit_code == 2
        assert "gardens_in_town.yaml:3: gardens.SharedGardens: " in refused.output
        assert "--allow-own-code" in refused.output
        assert "granska den" in call(*arguments, "--language", "sv").output
        assert call(*arguments, "--allow-own-code").exit_code == 0

    def test_scenario_file__is_the_scenario_given_in_python(self, folder):
        written = load_scenario("gardens_in_town.yaml")
        lever = type(written.policies[0])
        areas = {"weakest": 0.3}
        sys.path.insert(0, str(folder))
        try:
            import gardens
            import living

            policy = gardens.SharedGardens(safety=1.0, areas=areas)
            added = load_scenario("town.yaml").add_own([policy], [living.living_alone, living.gorard])
        finally:
            sys.path.remove(str(folder))
            del sys.modules["gardens"], sys.modules["living"]
        assert lever.__name__ == "SharedGardens"
        assert added.content_hash == written.content_hash


class TestKeys:
    def test_one_character__makes_another_and_what_is_not_needed_does_not(self, folder):
        def key():
            return load_scenario("gardens_in_town.yaml").content_hash

        before = key()
        edit(folder / "gardens.py", "import Evidence", "import  Evidence")
        changed = key()
        assert changed != before
        with (folder / "gardens.py").open("a") as file:
            file.write("\nUNUSED = 1\n")
        edit(folder / "gardens_in_town.yaml", "extends", "# a comment\nextends")
        assert key() == changed

    def test_what_a_part_imports__counts_and_is_taken_along(self, folder):
        (folder / "sizes.py").write_text("ONE = 1\nOTHER = 2\n")
        edit(folder / "living.py", "import numpy as np", "import numpy as np\n\nfrom sizes import ONE")
        edit(folder / "living.py", "== 1)", "== ONE)")
        scenario = load_scenario("gardens_in_town.yaml")
        edit(folder / "sizes.py", "OTHER = 2", "OTHER = 3")
        assert load_scenario("gardens_in_town.yaml").content_hash == scenario.content_hash
        edit(folder / "sizes.py", "ONE = 1", "ONE = 2")
        assert load_scenario("gardens_in_town.yaml").content_hash != scenario.content_hash
        (folder / "sizes.py").unlink()
        (folder / "living.py").unlink()
        rows = segsim.City(scenario, seed=1).rows()
        assert rows.loc[rows["measure"] == "living_alone", "value"].iloc[0] > 0.2

    def test_edited_model__makes_new_runs(self, tmp_path, monkeypatch):
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.chdir(tmp_path)
        (tmp_path / "edited.py").write_text(EXAMPLES["coin.py"])
        import edited

        town = load_scenario(TOWN)
        for text in ("", "* 2"):
            edit(tmp_path / "edited.py", ".random(years + 1)", f".random(years + 1) {text}")
            runs = segsim.run(town, 2, model=edited.toss, executor="serial", out=tmp_path / "out")
            values = runs.frame()["value"]
            expected = edited.toss(town, 1, 3)["value"] * (2 if text else 1)
            assert values[:4].tolist() == expected.tolist()
        del sys.modules["edited"]

    def test_baseline__is_the_same_whatever_the_own_policies(self, folder):
        before = load_scenario("gardens_in_town.yaml").baseline().content_hash
        edit(folder / "gardens.py", "0.5, ge=0", "0.6, ge=0")
        assert load_scenario("gardens_in_town.yaml").baseline().content_hash == before

    def test_years__of_the_scenario_or_asked_for_have_one_key(self):
        town = load_scenario(TOWN)
        keys = [
            list(segsim.run(one, 1, years, model=quick_model.rows, executor="serial").plan.run_keys())
            for one, years in (
                (town, 2),
                (town.override({"years": 2}), None),
                (town.override({"years": 2}), 2),
            )
        ]
        assert keys[0] == keys[1] == keys[2]

    def test_overrides__that_come_to_the_same_have_one_key(self, tmp_path):
        usual = load_scenario(TOWN).preferences.housing.own_group
        for number, design in enumerate(
            ("points: [{}]", f"points: [{{preferences.housing.own_group: {usual}}}]")
        ):
            path = tmp_path / f"{number}" / "same.yaml"
            path.parent.mkdir()
            path.write_text(f"scenario: {TOWN}\ndesign:\n  list:\n    {design}\nseeds: 1\nyears: 1\n")
        plans = [
            segsim.sweep(path, out=path.parent / "out", executor="serial", model=quick_model.rows).runs.plan
            for path in sorted(tmp_path.glob("*/same.yaml"))
        ]
        assert list(plans[0].run_keys()) == list(plans[1].run_keys())


class TestTravel:
    def test_scenario__is_pickled_and_written_with_its_parts(self, folder):
        scenario = load_scenario("gardens_in_town.yaml")
        for again in (
            pickle.loads(pickle.dumps(scenario)),
            Scenario.model_validate_json(scenario.model_dump_json()),
            scenario.override({"policies.shared_gardens.safety": 1.0}),
        ):
            assert again.content_hash == scenario.content_hash
            assert type(again.policies[0]) is type(scenario.policies[0])

    @pytest.mark.parametrize("executor", ["threads", "processes", "dask"])
    def test_every_executor__gives_the_bytes_of_serial(self, folder, executor):
        scenario = load_scenario("gardens_in_town.yaml", {"years": 1, "measures.names": ["D"]})
        for name in ("serial", executor):
            segsim.run(scenario, 2, executor=name, jobs=2, out=folder / name)
        assert quick_model.tree(folder / executor) == quick_model.tree(folder / "serial")

    def test_own_policy__varies_in_a_sweep_and_shares_its_baseline(self, folder):
        (folder / "gardens_at_work.yaml").write_text(
            "scenario: gardens_in_town.yaml\nbaseline: true\nfactors:\n"
            "  policies.shared_gardens.safety: [0.5, 1.0, 2.0]\n"
            "  preferences.housing.own_group: [1.0, 2.0]\ndesign: grid\nseeds: 2\nyears: 0\n"
        )
        done = segsim.sweep("gardens_at_work.yaml", executor="serial", out="out", model=quick_model.rows)
        names = [point.name for point in done.runs.plan.points]
        assert len(names) == 6 + 2
        design = pd.read_csv("out/design.csv")
        assert design["scenario"].tolist() == names
        of_baselines = design[design["scenario"].str.endswith(".baseline")]
        assert of_baselines["policies.shared_gardens.safety"].isna().all()
        assert set(design["baseline"].dropna()) == set(of_baselines["scenario"])

    def test_factorial__switches_own_policies(self, folder):
        (folder / "mix.yaml").write_text(
            "scenario: town.yaml\ndesign: factorial\nseeds: 2\nyears: 0\nprimary: [D/background/area]\n"
            "policies:\n  - gardens.SharedGardens: {safety: 1.0}\n"
            "  - new_construction: {dwellings_per_year: 9}\n"
        )
        done = segsim.sweep("mix.yaml", executor="serial", out="out", model=quick_model.rows)
        assert len(done.runs.plan.points) == 4
        assert "shared_gardens" in done.design().columns
        edit(folder / "gardens.py", "0.5, ge=0", "0.6, ge=0")
        again = segsim.sweep("mix.yaml", executor="serial", out="new", model=quick_model.rows)
        pairs = zip(done.runs.plan.identities, again.runs.plan.identities, strict=True)
        assert [old == new for old, new in pairs] == [True, False, True, False]

    def test_subclass_of_a_shipped_policy__is_never_its_parent(self):
        town = load_scenario(TOWN)
        settings = TenureConversion.EXAMPLE
        parent = town.add_own([TenureConversion(**settings)])
        own = town.add_own([MoreConversion(**settings)])
        assert own.policies[0].kind == "more_conversion"
        assert own.content_hash != parent.content_hash
        again = Scenario.model_validate_json(own.model_dump_json())
        assert type(again.policies[0]).__name__ == "MoreConversion"
        namesake = type("TenureConversion", (TenureConversion,), {"__doc__": "Called as its parent."})
        with pytest.raises(Exception, match="give it another name"):
            Scenario.model_validate({**dict(town), "policies": (namesake(**settings),)})


class TestRefusals:
    @pytest.mark.parametrize(
        ("function", "reason"),
        [
            (word, "the measure word gave 'many'; it must give a number"),
            (of_nowhere, '"Atlantis", which is no area of the city'),
            (failing, "the measure failing failed: ZeroDivisionError"),
        ],
    )
    def test_measure_that_gives_what_it_must_not__stops_before_any_run(self, tmp_path, function, reason):
        with pytest.raises(ResultsError, match=reason):
            segsim.run(load_scenario(TOWN), 3, measures=[function], executor="serial", out=tmp_path)
        assert not list(tmp_path.glob("runs/*/*.parquet"))

    def test_measure_beside_names_of_measures__is_kept_with_them(self):
        town = load_scenario(TOWN, {"years": 0})
        rows = segsim.run(town, 1, measures=["D", households_there], executor="serial").frame()
        assert set(rows["measure"]) == {"D", "households_there"}

    def test_function_without_a_mark__is_told_how_to_be_marked(self):
        with pytest.raises(SegsimError, match="unmarked: is no measure; mark the function with @measure"):
            load_scenario(TOWN).add_own(measures=[unmarked])

    def test_policy_that_says_nothing__is_told_all_it_lacks(self):
        with pytest.raises(SegsimError) as caught:
            load_scenario(TOWN).add_own([Silent()])
        for name in ("TITLE", "MECHANISM", "EVIDENCE", "DECIDED_BY", "NEUTRAL", "EXAMPLE"):
            assert f"Silent: {name}" in str(caught.value)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (
                "FILE = len(__file__)\n\n\ndef toss(scenario, seed, years):\n    return FILE\n",
                "cannot be run at `FILE",
            ),
            ("class toss:\n    pass\n", "toss: must be a function of scenario, seed and years"),
            ("def toss(scenario, seed):\n    pass\n", "toss: must be a function of scenario, seed and years"),
        ],
    )
    def test_model_that_cannot_travel__is_told_before_anything_runs(
        self, tmp_path, monkeypatch, text, reason
    ):
        monkeypatch.syspath_prepend(tmp_path)
        (tmp_path / "stuck.py").write_text(text)
        import stuck

        with pytest.raises(SegsimError, match=reason):
            segsim.run(load_scenario(TOWN), 2, 0, model=stuck.toss, executor="processes", out=tmp_path / "r")
        assert not (tmp_path / "r").exists()
        del sys.modules["stuck"]

    def test_one_policy_or_measure__needs_no_list_and_what_is_none_is_told(self):
        town = load_scenario(TOWN)
        policy = TenureConversion(**TenureConversion.EXAMPLE)
        assert town.add_own(policy, households_there) == town.add_own([policy], [households_there])
        for given in ({"policies": 5}, {"policies": "new_construction"}):
            with pytest.raises(SegsimError, match="is given where a list of policies is taken"):
                segsim.run(town, 1, 0, **given)
        with pytest.raises(SegsimError, match="5 is given where a list of functions is taken"):
            segsim.run(town, 1, 0, measures=5)
        with pytest.raises(SegsimError, match='"D" is a text; give the class or function itself'):
            segsim.compare(town, 2, 0, policies=[policy], measures=["D"])

    def test_part_made_in_a_function__is_refused(self):
        def inner(scenario, seed, years):
            return None

        for thing in (inner, lambda scenario, seed, years: None):
            with pytest.raises(SegsimError, match="with a name at the top of a file"):
                segsim.run(load_scenario(TOWN), 1, model=thing)

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("nothing.Here", r"there is no nothing\.py in "),
            ("gardens.SharedGarden", 'gardens.py has no "SharedGarden"; did you mean "SharedGardens"'),
            ("broken.Lever", r"broken.py: cannot be run at `import nobody_has_this`: ModuleNotFoundError"),
            ("unreadable.Lever", "unreadable:1: is not Python"),
            ("living.gorard", "gorard: is no policy; let the class inherit"),
            ("shipped.TenureConversion", "segsim has a policy tenure_conversion already"),
            ("relative.Lever", "relative:1: imports by a relative name"),
        ],
    )
    def test_name_that_leads_nowhere__is_told_with_file_and_line(self, folder, path, reason):
        for name, text in {
            "broken": "import nobody_has_this\nclass Lever(nobody_has_this.Policy): pass\n",
            "unreadable": "class Lever(:\n",
            "relative": "from .gardens import SharedGardens\nclass Lever(SharedGardens): pass\n",
            "shipped": "from segsim.policies import Policy\nclass TenureConversion(Policy): pass\n",
        }.items():
            (folder / f"{name}.py").write_text(text)
        (folder / "wrong.yaml").write_text(f"extends: town.yaml\npolicies:\n  - {path}: {{}}\n")
        with pytest.raises(ScenarioError, match=rf"^wrong\.yaml:3: {re.escape(path)}: .*{reason}"):
            load_scenario("wrong.yaml")

    def test_settings__are_checked_as_those_of_shipped_ones(self, folder):
        edit(folder / "gardens_in_town.yaml", "safety: 1.0", "safty: 1.0")
        with pytest.raises(ScenarioError, match=r':3: .*unknown key "safty"; .*did you mean "safety"'):
            load_scenario("gardens_in_town.yaml")
        edit(folder / "gardens_in_town.yaml", "safty: 1.0", "safety: 9")
        with pytest.raises(ScenarioError, match=r"gardens_in_town.yaml:3: .*safety: 9 is out of range"):
            load_scenario("gardens_in_town.yaml")

    def test_source_written_by_hand__is_refused(self, tmp_path):
        path = tmp_path / "own.yaml"
        path.write_text(f"extends: {TOWN}\nown: []\n")
        with pytest.raises(ScenarioError, match=r"own\.yaml:2: own: is written by segsim"):
            load_scenario(path)

    def test_name_of_a_shipped_measure__is_refused(self):
        def D(state):
            return 1.0

        with pytest.raises(SegsimError, match='has a measure "D" already'):
            measure(en="x", sv="x", unit="number")(D)
        with pytest.raises(SegsimError, match=r'no unit "shares".*did you mean "share"'):
            measure(en="x", sv="x", unit="shares")

    def test_simulation_with_own_parts__is_not_saved(self, folder):
        simulation = segsim.City("gardens_in_town.yaml", seed=1).simulation
        with pytest.raises(ResultsError, match="has parts of one's own, whose code"):
            save_simulation(simulation, folder / "saved")

    def test_recipe_that_is_no_scenario__takes_no_policies(self):
        class Recipe:
            name, years = "recipe", 1

        with pytest.raises(ValueError, match="recipe is no scenario of segsim"):
            segsim.run([Recipe()], 1, measures=[households_there])

    def test_own_code__is_not_run_without_leave(self, folder):
        (folder / "traces.py").write_text("open('trace', 'w').close()\nclass Lever: pass\n")
        with permit_own_code(False), pytest.raises(SegsimError, match="--allow-own-code"):
            find_part("policy", "traces.Lever", folder)
        stored = load_scenario("gardens_in_town.yaml").model_dump_json()
        with permit_own_code(False), pytest.raises(SegsimError, match="--allow-own-code"):
            Scenario.model_validate_json(stored)
        assert not (folder / "trace").exists()


class TestSlices:
    TEXT = """\
import os
from math import pi, tau
SCALE = 2
TABLE = {}
TABLE["a"] = SCALE
def helper(x):
    return x * pi
@staticmethod
def part(x):
    return helper(x) + TABLE["a"]
LARGE = tau
part(LARGE)
if __name__ == "__main__":
    part(SCALE)
"""

    def test_slice__holds_what_is_needed_and_no_more(self):
        text = slice_module(self.TEXT, ["part"])
        for line in (
            "from math import pi, tau",
            "SCALE = 2",
            'TABLE["a"] = SCALE',
            "def helper",
            "@staticmethod",
        ):
            assert line in text
        for line in ("import os", "LARGE", "__main__"):
            assert line not in text

    def test_slice_of_a_slice__is_itself(self):
        text = slice_module(self.TEXT, ["part"])
        assert slice_module(text, ["part"]) == text
        assert json.dumps(text)

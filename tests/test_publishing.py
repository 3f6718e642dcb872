"""Results made again from one file, byte for byte, and how they are cited."""

import hashlib
import json
import re
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import segsim
from segsim.cli import app
from segsim.comparison.remaking.reproducing import reproduce
from segsim.errors import ResultsError
from segsim.own import measure
from segsim.policies.housing.tenure_conversion import TenureConversion
from segsim.runs.publishing.archive import write_archive
from segsim.runs.store import upkeep
from segsim.scenario import load_scenario
from tests import quick_model

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
ROOT = Path(__file__).parents[1]
POLICY = "policies:\n  - new_construction: {dwellings_per_year: 9}\n"
SWEEP = """\
factors:
  preferences.housing.own_group: [1.0, 2.0]
seeds: 2
years: 1
"""
BOARD = {"years": 5, "city.grid.rows": 12, "city.grid.columns": 12}


class HalfConversion(TenureConversion):
    """A policy of one's own."""


@measure(en="Households.", sv="Hushåll.", unit="households")
def households_there(state):
    return float((state.tables.households.id >= 0).sum())


def half_rows(scenario, seed, years):
    rows = quick_model.rows(scenario, seed, years)
    return rows.assign(value=rows["value"] / 2)


def call(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def quick(scenario, out, **options):
    return segsim.run(scenario, 2, 1, model=quick_model.rows, executor="serial", out=out, **options)


def sweep(tmp_path, design, out, scenario=TOWN, **options):
    path = tmp_path / "experiment.yaml"
    path.write_text(f"scenario: {scenario}\n{SWEEP}{design}")
    segsim.sweep(path, out=out, executor="serial", model=quick_model.rows, **options)


def make(kind, tmp_path, out):
    """Make results of a kind in a folder; return the point that is made again, if not all."""
    town = load_scenario(TOWN)
    options = {"executor": "serial", "out": out}
    match kind:
        case "run of a town":
            segsim.run(town, 1, 1, **options)
        case "run of a board":
            segsim.run(load_scenario("schelling", BOARD), [3, 8], **options)
        case "run of two scenarios with overrides":
            other = town.override({"preferences.housing.own_group": 1.5}).model_copy(update={"name": "other"})
            quick([town, other], out)
        case "run with a model of one's own":
            segsim.run(town, 2, 1, model=half_rows, **options)
        case "run with a measure of one's own":
            segsim.run(town, 1, 0, measures=["D", households_there], **options)
        case "comparison":
            path = tmp_path / "converted.yaml"
            path.write_text(f"extends: {TOWN}\n{POLICY}")
            segsim.compare(path, 3, 1, model=quick_model.rows, margins={"D": 0.05}, **options)
        case "comparison with a policy of one's own":
            policy = HalfConversion(**TenureConversion.EXAMPLE)
            segsim.compare(
                town, 2, 1, policies=[policy], thresholds={"D": 0.1}, model=quick_model.rows, **options
            )
        case "point of a grid":
            sweep(tmp_path, "design: grid\n", out)
            return "p2"
        case "point of a grid with baselines and a policy of one's own":
            path = tmp_path / "built.yaml"
            path.write_text(f"extends: {TOWN}\n{POLICY}")
            policies = [HalfConversion(**TenureConversion.EXAMPLE)]
            sweep(tmp_path, "design: grid\nbaseline: true\n", out, scenario=path, policies=policies)
            return "p1"
        case "point of a compacted one_at_a_time":
            sweep(tmp_path, "design: one_at_a_time\n", out)
            upkeep.compact(out)
            return "p2"
        case "whole of a grid":
            sweep(tmp_path, "design: grid\n", out)
    return ""


KINDS = (
    "run of a town",
    "run of a board",
    "run of two scenarios with overrides",
    "run with a model of one's own",
    "run with a measure of one's own",
    "comparison",
    "comparison with a policy of one's own",
    "point of a grid",
    "point of a grid with baselines and a policy of one's own",
    "point of a compacted one_at_a_time",
    "whole of a grid",
)


@pytest.mark.parametrize("kind", KINDS)
def test_results__are_made_again_to_the_byte_from_one_file(kind, tmp_path):
    point = make(kind, tmp_path, tmp_path / "first")
    record = shutil.copy(tmp_path / "first" / "provenance.json", tmp_path / "sent.json")
    remade = reproduce(record, tmp_path / "again", point=point, jobs=1)
    assert not remade.other
    assert not remade.changes
    first = {path.name: path.read_bytes() for path in (tmp_path / "first").rglob("runs/*/*.parquet")}
    again = {path.name: path.read_bytes() for path in (tmp_path / "again").rglob("runs/*/*.parquet")}
    assert again
    if "compacted" not in kind:
        assert again.items() <= first.items()
    if not point:
        assert again == first
        for path in (tmp_path / "first").glob("*.csv"):
            if path.name != "design.csv":
                assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


class TestRecords:
    def test_other_bytes__of_the_same_versions_are_an_error(self, tmp_path):
        quick(load_scenario(TOWN), tmp_path / "first")
        path = tmp_path / "first" / "provenance.json"
        about = json.loads(path.read_text())
        path.write_text(json.dumps(about | {"runs": dict.fromkeys(about["runs"], "0")}))
        with pytest.raises(
            ResultsError, match=r"1 of 2 are not the same bytes, such as town.* rows are the same"
        ):
            reproduce(path, jobs=1)

    def test_other_versions__are_told_and_the_rows_compared(self, tmp_path):
        quick(load_scenario(TOWN), tmp_path / "first")
        path = tmp_path / "first" / "provenance.json"
        about = json.loads(path.read_text())
        about["versions"]["numpy"] = "0.1"
        path.write_text(json.dumps(about | {"runs": dict.fromkeys(about["runs"], "0")}))
        result = call("reproduce", path, "--jobs", "1", "--language", "sv", "--allow-own-code")
        assert result.exit_code == 0
        assert "gjord med numpy 0.1, här" in result.output
        assert re.search(r"alla \d+ rader är lika", result.output)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("{", "cannot be read"),
            ("{}", "is no record"),
            (None, "cannot be read"),
            ('{"plan": 1}', "no record"),
        ],
    )
    def test_what_is_no_record__is_told(self, tmp_path, text, reason):
        path = tmp_path / "provenance.json"
        if text is not None:
            path.write_text(text)
        with pytest.raises(ResultsError, match=rf"provenance\.json: .*{reason}"):
            reproduce(path)

    def test_point_that_is_not_there__is_told(self, tmp_path):
        quick(load_scenario(TOWN), tmp_path / "first")
        with pytest.raises(ResultsError, match=r'there is no point "p9"; there is town'):
            reproduce(tmp_path / "first", point="p9")

    def test_results__are_never_made_again_over_themselves(self, tmp_path):
        quick(load_scenario(TOWN), tmp_path / "first")
        with pytest.raises(ResultsError, match="choose another --out"):
            reproduce(tmp_path / "first", tmp_path / "first")

    def test_own_code_of_a_record__needs_leave(self, tmp_path):
        make("run with a model of one's own", tmp_path, tmp_path / "first")
        refused = call("reproduce", tmp_path / "first", "--jobs", "1")
        assert refused.exit_code == 2
        assert "--allow-own-code" in refused.output
        taken = call("reproduce", tmp_path / "first", "--jobs", "1", "--allow-own-code")
        assert taken.exit_code == 0, taken.output


class TestArchives:
    def test_archive__brings_data_and_sources_along(self, tmp_path):
        make("run with a measure of one's own", tmp_path, tmp_path / "first")
        archive = write_archive(tmp_path / "first")
        with zipfile.ZipFile(archive) as file:
            names = set(file.namelist())
            sums = dict(line.split("  ")[::-1] for line in file.read("SHA256SUMS").decode().splitlines())
            for name, digest in sums.items():
                assert hashlib.sha256(file.read(name)).hexdigest() == digest
            assert b"def households_there" in b"".join(file.read(n) for n in names if n.startswith("own/"))
        assert {"README.txt", "CITATION.cff", "requirements.txt", "provenance.json", "runs.parquet"} <= names
        shutil.rmtree(tmp_path / "first")
        assert not reproduce(archive, jobs=1).other

    def test_archive__brings_data_files_along(self, tmp_path):
        folder = tmp_path / "data"
        folder.mkdir()
        shutil.copy(ROOT / "tests" / "fixtures" / "deso_example.csv", folder)
        (folder / "real.yaml").write_text("city: {areas: deso_example.csv}\n")
        quick(load_scenario(folder / "real.yaml"), tmp_path / "first")
        archive = write_archive(tmp_path / "first", tmp_path / "sent.zip")
        shutil.rmtree(folder)
        assert not reproduce(archive, jobs=1).other
        with pytest.raises(ResultsError, match=r"deso_example\.csv: the scenario names it"):
            write_archive(tmp_path / "first")

    def test_archive__has_the_same_bytes_each_time(self, tmp_path):
        quick(load_scenario(TOWN), tmp_path / "first")
        one = write_archive(tmp_path / "first", tmp_path / "one.zip").read_bytes()
        assert write_archive(tmp_path / "first", tmp_path / "two.zip").read_bytes() == one

    def test_archive_of_a_point__holds_that_alone(self, tmp_path):
        point = make("point of a grid", tmp_path, tmp_path / "first")
        result = call("archive", tmp_path / "first", "--point", point)
        assert result.exit_code == 0, result.output
        remade = reproduce(result.output.strip(), jobs=1)
        assert remade.same == (point,)


class TestCitation:
    def test_cite__names_version_commit_and_model(self, tmp_path):
        quick(load_scenario(TOWN), tmp_path / "first")
        about = json.loads((tmp_path / "first" / "provenance.json").read_text())
        told = call("cite", tmp_path / "first").output
        assert f"version {segsim.__version__}" in told
        assert about["code"] in told
        assert about["commit"][:12] in told
        assert call("cite", "--bibtex").output.startswith("@software{segsim,")

    def test_citation_file__is_that_of_the_package(self):
        text = (ROOT / "CITATION.cff").read_text("utf-8")
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        cited = call("cite").output
        for key, value in (("version", project["version"]), ("license", project["license"])):
            assert re.search(rf"^{key}: {re.escape(value)}$", text, re.MULTILINE)
        title = re.search(r'^title: "(.*)"$', text, re.MULTILINE)[1]
        assert title in cited
        assert re.search(r"name: (.*)", text)[1] in cited
        for key in ("cff-version", "message", "type", "authors", "abstract", "keywords"):
            assert re.search(rf"^{key}:", text, re.MULTILINE)

"""The command line: a fault is one message and an exit code, never a traceback; help comes at once."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from segsim import cli
from segsim.cli import running

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
HEAVY = {"numba", "numpy", "mesa", "pandas", "matplotlib", "pydantic", "pyarrow", "scipy", "ruamel"}


def call(*words: str) -> Result:
    """Call the command line and return exit code and output."""
    return CliRunner().invoke(cli.app, list(words))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(TOWN, tmp_path / "town.yaml")
    (tmp_path / "broken.yaml").write_text("extends: town\nyaers: 5\nyears: ten\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded_after(code: str) -> set[str]:
    """Return the libraries a fresh Python has loaded after some code."""
    show = (
        f"{code}; import sys, json; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    )
    found = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    return set(json.loads(found.stdout))


def test_importing_segsim__loads_no_library() -> None:
    assert not loaded_after("import segsim") & (HEAVY | {"typer", "rich"})


def test_help__loads_no_heavy_library() -> None:
    assert not loaded_after("import segsim.cli") & HEAVY


def test_public_names__are_all_there() -> None:
    import segsim

    assert {"load_scenario", "City", "run", "compare", "sweep", "indices"} <= set(segsim.__all__)
    for name in segsim.__all__:
        assert getattr(segsim, name) is not None
        assert name in dir(segsim)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = segsim.nothing


def test_help__names_every_command_and_ends_well() -> None:
    result = call("--help")
    assert result.exit_code == 0
    for command in ("run", "compare", "check", "list", "sweep", "results", "report"):
        assert command in result.output
        assert call(command, "--help").exit_code == 0


def test_version__is_that_of_the_package() -> None:
    import segsim

    assert call("--version").output.strip() == f"segsim {segsim.__version__}"


def test_python_m_segsim__is_the_command_line() -> None:
    import segsim

    command = [sys.executable, "-m", "segsim"]
    ended = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == f"segsim {segsim.__version__}"
    assert "python -m segsim" in subprocess.run([*command, "--help"], capture_output=True, text=True).stdout


@pytest.mark.parametrize("command", ["run", "compare", "check"])
def test_broken_scenario__every_error_with_its_line_and_exit_2(command: str, folder: Path) -> None:
    result = call(command, "broken.yaml")
    assert result.exit_code == 2
    first, second = result.stderr.strip().splitlines()
    assert first.startswith("segsim: broken.yaml:2: unknown key")
    assert 'did you mean "years"?' in first
    assert second.startswith('segsim: broken.yaml:3: years: "ten" is not a whole number')
    assert not (folder / "results").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "twon"], 'did you mean "town"?'),
        (["run", "town.yaml", "--set", "years"], "KEY=VALUE"),
        (["run", "town.yaml", "--set", "yaers=5"], 'did you mean "years"?'),
        (["run", "town.yaml", "--set", "years=["], "not a value in YAML"),
        (["run", "town.yaml", "--years", "-1"], "at least 0"),
        (["run", "town.yaml", "--seed", "7", "--seeds", "3"], "--seeds and --seed are both given"),
        (["run", "town.yaml", "--set", "seed=3"], "given beside the scenario: --seed 7"),
        (["run", "town.yaml", "--out", "town.yaml"], "is a file"),
        (["run", "town.yaml", "--out", "/proc/segsim"], "cannot be written to"),
        (["run", "town.yaml", "town.yaml", "--years", "0"], "two scenarios are called town"),
        (["compare", "town.yaml"], "is a city itself"),
        (["list", "policies", "rent_cap"], "there is no policy"),
        (["list", "areas"], "areas of which scenario?"),
        (["list", "measures", "D"], 'leave out "D"'),
        (["list", "measures", "--markdown"], "go with segsim list policies"),
        (["list", "measures", "--decided-by", "state"], "go with segsim list policies"),
        (["list", "policies", "--decided-by", "municipalty"], 'did you mean "municipality"'),
        (["list", "policies", "new_construction", "--decided-by", "state"], "leave out"),
        (["report", "nowhere"], "nowhere"),
    ],
)
def test_bad_request__one_message_and_exit_2(words: list[str], message: str, folder: Path) -> None:
    (folder / "scenarios").mkdir()
    shutil.copy(TOWN, folder / "scenarios" / "town.yaml")
    result = call(*words)
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["fly"],
        ["run", "town.yaml", "--seeds", "0"],
        ["run", "town.yaml", "--seeds", "many"],
        ["run", "town.yaml", "--jobs", "0"],
        ["run", "town.yaml", "--yaers", "5"],
        ["compare", "town.yaml", "--language", "de"],
        ["list", "everything"],
    ],
)
def test_wrong_use__exit_2(words: list[str], folder: Path) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_fault_of_segsim__is_told_without_a_traceback(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("nobody expected this")

    monkeypatch.setattr(running, "load_recipes", fail)
    result = call("run", "town.yaml")
    assert result.exit_code == 1
    assert "a fault of segsim: KeyError" in result.stderr
    assert "Traceback" not in result.output


def test_interruption__exit_130(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "load_recipes", interrupt)
    result = call("run", "town.yaml")
    assert result.exit_code == 130
    assert "interrupted" in result.stderr


def test_interruption_of_the_program__stops_it_with_130(folder: Path) -> None:
    """The program interrupts itself when its first run is done, whenever that is."""
    code = (
        "import os, signal\n"
        "from contextlib import contextmanager\n"
        "from segsim.cli import main, running\n"
        # a shell that starts the tests in the background has interrupts ignored, and children inherit that
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "@contextmanager\n"
        "def progress_bar():\n"
        "    yield lambda progress: progress.done and os.kill(os.getpid(), signal.SIGINT)\n"
        "running.progress_bar = progress_bar\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "run", "town.yaml", "--seeds", "500", "--years", "0"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 130, ended.stderr
    assert "interrupted; finished runs are kept" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert 1 <= len(list((folder / "results" / "town" / "runs").rglob("*.parquet"))) < 500


def test_check__tells_what_a_good_scenario_is(folder: Path) -> None:
    (folder / "policy.yaml").write_text(
        "extends: town\npolicies:\n  - new_construction: {dwellings_per_year: 5, from: 2060}\n"
    )
    result = call("check", "town.yaml", "policy.yaml")
    assert result.exit_code == 0, result.output
    lines = [line for line in result.stdout.strip().splitlines() if "invented" not in line]
    first, second, note, remark = lines
    assert "New construction: the population is held, so that what it builds empties other homes" in remark
    assert first == "town.yaml: fine (2022 + 3 years)"
    assert second == "policy.yaml: fine (extends town, 2022 + 3 years, new_construction)"
    assert note.strip().startswith("note: new_construction begins in 2060, after the last year, 2025")


def test_check__notes_policies_that_do_nothing_or_stand_twice(folder: Path) -> None:
    (folder / "odd.yaml").write_text(
        f"extends: {TOWN}\nyears: 3\npolicies:\n"
        "  - tenure_in_detailed_plans: {from: 2010, areas: {share: {of: foreign_background, at_least: 1}},"
        " shares: {public_rental: 0.5}}\n"
        "  - new_construction: {from: 2060, dwellings_per_year: 10}\n"
        "  - new_construction: {dwellings_per_year: 10}\n",
        "utf-8",
    )
    result = call("check", "odd.yaml")
    assert result.exit_code == 0
    said = result.stdout
    assert "is from 2010; the first simulated year is 2023" in said
    assert "begins in 2060, after the last year, 2025" in said
    assert "new_construction stands 2 times, some in the same years" in said
    assert "reaches nobody: no area meets its conditions" in said


def test_decimal_comma_in_braces__is_told(folder: Path) -> None:
    (folder / "comma.yaml").write_text(
        f"extends: {TOWN}\npolicies:\n  - tenure_in_detailed_plans: {{shares: {{public_rental: 0,5}}}}\n",
        "utf-8",
    )
    result = call("check", "comma.yaml")
    assert result.exit_code == 2
    assert "comma.yaml:3: 0,5 has a decimal comma; write 0.5" in result.stderr


def test_check__names_areas_that_do_not_exist(folder: Path) -> None:
    (folder / "policy.yaml").write_text(
        "extends: town\npolicies:\n  - new_construction: {dwellings_per_year: 5, areas: [Atlantis]}\n"
    )
    result = call("check", "policy.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "segsim: policy.yaml:3: policies[0].new_construction.areas: there is no area"
    )


def test_lists__show_what_there_is(folder: Path) -> None:
    assert "tenure_in_detailed_plans" in call("list", "policies").stdout
    assert "SOU 2018:46" in call("list", "policies", "tenure_in_detailed_plans").stdout
    swedish = call("list", "policies", "--markdown", "--language", "sv").stdout
    assert "#### Nybyggnation: `new_construction`" in swedish
    own = call("list", "policies", "--decided-by", "municipality").stdout
    assert "new_construction" in own
    assert "tenure_conversion" not in own  # the landlord decides
    assert "| `share_per_year` | Andel av områdenas bostäder" in swedish
    (folder / "scenarios").mkdir()
    shutil.copy(TOWN, folder / "scenarios" / "my_town.yaml")
    assert "my_town" in call("list", "scenarios").stdout
    assert len(call("list", "areas", "my_town").stdout.splitlines()) >= 8
    schema = json.loads(call("list", "schema").stdout)
    assert schema["properties"]["years"]["minimum"] == 0
    assert "new_construction" in schema["properties"]["policies"]["items"]["properties"]


def test_run__keeps_its_runs_and_says_where(folder: Path) -> None:
    result = call("run", "town.yaml", "--seeds", "2", "--years", "1", "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert result.stdout.strip().splitlines()[-1] == "results/town/report.html"
    for name in ("provenance.json", "runs.parquet", "report.html"):
        assert (folder / "results" / "town" / name).exists()


def test_compare__ends_with_the_path_of_the_report(folder: Path) -> None:
    (folder / "policy.yaml").write_text(
        "extends: town\npolicies:\n  - new_construction: {dwellings_per_year: 5}\n"
    )
    result = call("compare", "policy.yaml", "--seeds", "2", "--years", "1", "--jobs", "1", "--language", "sv")
    assert result.exit_code == 0, result.output
    report = Path(result.stdout.strip().splitlines()[-1])
    assert report == Path("results/policy/report.html")
    assert 'lang="sv"' in report.read_text("utf-8")
    again = call("report", "results/policy", "--language", "en")
    assert again.exit_code == 0, again.output
    assert 'lang="en"' in report.read_text("utf-8")

"""Every message a user reads is written in English and in Swedish, and told in the language asked for."""

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from segsim import cli
from segsim.errors import ArgumentError, DataError, ScenarioError, did_you_mean, list_names, tell_reason
from segsim.scenario import load_scenario
from segsim.section import RefusedValueError
from segsim.words.text import Text
from tests.fuzzing import find_english

ROOT = Path(__file__).parents[1]
PAIRS = {
    "Text": 0,
    "SegsimError": 0,
    "ScenarioError": 0,
    "DataError": 0,
    "ArgumentError": 0,
    "ResultsError": 0,
    "UncachedWarning": 0,
    "RefusedValueError": 0,
    "fault": 0,
    "note_problem": 1,
}
"""What takes a message in two languages, and at which place the English stands."""

FOR_PROGRAMS = {"scenario/experiment/experiment.py", "policies/__init__.py", "policies/naming.py"}
"""Files that raise a plain ValueError: what they say is for those who call them, not for a file's reader."""


def list_pairs() -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Yield the English and Swedish of every message that is written out, and where."""
    for path in sorted((ROOT / "segsim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = PAIRS.get(name, -1)
            pair = node.args[place : place + 2] if place >= 0 else []
            if len(pair) == 2 and all(is_written(part) for part in pair):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", pair[0], pair[1]


def is_written(node: ast.expr) -> bool:
    """Tell whether an expression is a text written out, with or without values in it."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def read_words(node: ast.expr) -> str:
    """Return the words of a text without the values put in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in parts)


def read_values(node: ast.expr) -> set[str]:
    """Return the names of the values put into a text."""
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    values = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
    return {inner.id for value in values for inner in ast.walk(value) if isinstance(inner, ast.Name)}


def test_messages__are_swedish_beside_the_english() -> None:
    pairs = list(list_pairs())
    assert len(pairs) > 500
    for where, english, swedish in pairs:
        assert not find_english(read_words(swedish)), f"{where}: {read_words(swedish)}"
        is_sentence = len(read_words(english).split()) > 3
        assert not (is_sentence and read_words(english) == read_words(swedish)), where


def test_messages__hold_the_same_values_in_both_languages() -> None:
    of_libraries = {"problem", "details", "error"}
    for where, english, swedish in list_pairs():
        mine, others = read_values(english), read_values(swedish)
        # what a library says in English is left out of the Swedish; a word has a name in each language
        assert len(mine - others - of_libraries) == len(others - mine), f"{where}: {mine ^ others}"


def test_sections__refuse_values_in_both_languages() -> None:
    for room in ("scenario", "policies", "rules"):
        for path in (ROOT / "segsim" / room).rglob("*.py"):
            if str(path.relative_to(ROOT / "segsim")) not in FOR_PROGRAMS:
                assert "raise ValueError" not in path.read_text("utf-8"), path


def test_text__is_put_into_another_in_its_language() -> None:
    known = list_names(["a", "b", "c"], 1)
    assert f"there is {known}" == "there is a and 2 more"
    assert f"det finns {known:sv}" == "det finns a och 2 till"
    assert f"{list_names([]):sv}" == "inga"
    near = did_you_mean("yaers", ["years"])
    assert (f"{near}", f"{near:sv}") == ('; did you mean "years"?', '; menades "years"?')
    assert not did_you_mean("x", ["years"])


@pytest.mark.parametrize("kind", [ScenarioError, DataError, ArgumentError, RefusedValueError])
def test_error__keeps_both_languages_on_its_way_between_processes(kind: type[ScenarioError]) -> None:
    error = pickle.loads(pickle.dumps(kind("wrong\u2028", "fel\u2028")))
    assert (str(error), f"{error}", f"{error:sv}") == ("wrong\\u2028", "wrong\\u2028", "fel\\u2028")
    assert error.lines == [Text("wrong\\u2028", "fel\\u2028")]


@pytest.mark.parametrize("number", [2, 13, 21, 28, 30, 36, 98, 9999])
def test_reason_of_the_system__is_told_in_swedish(number: int) -> None:
    reason = tell_reason(OSError(number, "English words"))
    assert reason.en == "english words"
    assert "nglish" not in reason.sv


HERE = Path(__file__).parent
BROKEN = {
    "typo.yaml": "extends: town\nyaers: 5\n",
    "text.yaml": "extends: town\nyears: ten\n",
    "percent.yaml": "extends: town\nrules: {housing: {local_priority: 30}}\n",
    "policy.yaml": "extends: town\npolicies:\n  - new_constructoin: {dwellings_per_year: 5}\n",
    "circle.yaml": "extends: circle\n",
    "tab.yaml": "extends: town\nrules:\n\thousing: {}\n",
    "list.yaml": "- extends\n- town\n",
    "latin.yaml": b"extends: town\nsummary: \xe5\n",
    "area.yaml": "extends: town\npolicies:\n  - new_construction:\n      dwellings_per_year: 5\n"
    "      from: 2026\n      areas: {names: [Nowhere]}\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "town.yaml").write_bytes((HERE / "scenarios" / "town.yaml").read_bytes())
    for name, text in BROKEN.items():
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "swedish"),
    [
        (["check", "typo.yaml"], 'typo.yaml:2: okänd nyckel "yaers"; här får stå: '),
        (["check", "typo.yaml"], '; menades "years"?'),
        (["check", "text.yaml"], 'text.yaml:2: years: "ten" är inte ett heltal'),
        (["check", "percent.yaml"], "30 är utanför gränserna; det ska vara högst 1 (30 % skrivs 0.30)"),
        (["check", "policy.yaml"], 'det finns ingen "new_constructoin"; det finns '),
        (["check", "circle.yaml"], "ett scenario kan inte utgå från sig självt"),
        (["check", "tab.yaml"], "tab.yaml:3: en tabb används som indrag; använd mellanslag"),
        (["check", "list.yaml"], 'list.yaml:1: filen ska bestå av rader "nyckel: värde"; där står en lista'),
        (["check", "latin.yaml"], "latin.yaml:2: är inte text i UTF-8 (byte 0xe5); spara filen som UTF-8"),
        (["check", "area.yaml"], 'det finns inget område "Nowhere" i staden'),
        (["check", "town.yaml", "--set", "years"], '--set "years": ska skrivas NYCKEL=VÄRDE'),
        (["check", "town.yaml", "--set", "years=x"], 'ändringen "years": years: "x" är inte ett heltal'),
        (["run", "landskronna"], 'det finns inget scenario "landskronna"; menades "landskrona"?'),
        (["run", "nowhere.yaml"], 'det finns ingen scenariofil "nowhere.yaml"'),
        (["run", "--county", "nowhere"], '--county: det finns inget län "nowhere"'),
        (["run", "town.yaml", "--seed", "3", "--seed", "3"], "ett frö är angivet två gånger"),
        (["run", "town.yaml", "--out", "typo.yaml"], "typo.yaml: är en fil; ange en mapp med --out"),
        (["run", "town.yaml", "--out", "typo.yaml/x"], "som är en fil; ange en mapp med --out"),
        (["run"], "ange ett scenario, eller en kommun såsom landskrona"),
        (["compare", "town.yaml"], "är själv en stad; ange ett scenario som utgår från den"),
        (["compare", "town.yaml", "--tipping", "D"], '"D" säger inte vad som tippar var'),
        (["report", "nowhere"], "nowhere: har ingen plan.json; är det resultatmappen för segsim"),
        (["verify", "nowhere"], 'det finns inget scenario "nowhere"'),
        (["calibrate", "nowhere"], 'det finns inget scenario "nowhere"'),
        (["sweep", "nowhere.yaml"], "nowhere.yaml: går inte att läsa (filen eller mappen finns inte)"),
        (["claims", "town.yaml", "--claim", "nowhere"], 'det finns inget påstående "nowhere"'),
        (["results", "verify", "nowhere"], "nowhere: "),
        (
            ["import", "nowhere", "--municipality", "landskronna"],
            'det finns ingen kommun "landskronna"; menades',
        ),
        (["import", "nowhere", "--municipality", "landskrona"], "nowhere: är ingen mapp med tabeller"),
        (["list", "policies", "nothing"], 'det finns ingen åtgärd "nothing"; det finns '),
    ],
)
def test_command_line__errs_in_the_language_asked_for(words: list[str], swedish: str, folder: Path) -> None:
    result = CliRunner().invoke(cli.app, [*words, "--language", "sv"])
    assert result.exit_code == 2, result.output
    assert swedish in result.stderr
    assert all(not find_english(line) for line in result.stderr.splitlines()), result.stderr
    english = CliRunner().invoke(cli.app, words)
    assert english.exit_code == 2
    assert swedish not in english.stderr or swedish == "nowhere: "
    assert not re.search(r"\b(?:och|ska|finns|är)\b", english.stderr)


def test_python__errs_in_english(folder: Path) -> None:
    with pytest.raises(ScenarioError, match='did you mean "years"') as error:
        load_scenario("typo.yaml")
    assert "menades" not in str(error.value)

"""Texts that mean something to a program behind segsim: TeX, formulas, hidden marks, endless ones."""

import csv
import io
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segsim import figures
from segsim.comparison import compare
from segsim.errors import DataError, ScenarioError
from segsim.report import write_comparison
from segsim.scenario import load_scenario
from segsim.scenario.files.csv_text import write_csv
from segsim.scenario.files.text_table import read_text_table
from segsim.synthesis.files.area_file import read_areas
from segsim.synthesis.files.school_file import read_schools
from tests import made_up
from tests.test_synthesis_files import AREAS, SCHOOLS

ROOT = Path(__file__).parents[1]
LABELS = ["1", "2", "3", "4", "5"]

DRAWN = {
    "half a formula of TeX": "Cost $5_{a$",
    "prices and commands": r"$100, not $120 \no_such{x}",
    "an underscore first": "_hidden <b>&amp; {x} %s",
    "letters no font has": "日本 \N{GRINNING FACE} عربى",
    "a text without end": "x" * 3000,
    "several lines": "Half\nrental\tin " + "plans " * 600,
    "nothing": "",
}


def draw_all(text: str) -> Iterator[figures.Figure]:
    """Draw every figure of a report, with a text where users' own texts stand."""
    rows = made_up.city_rows()
    rows = rows[(rows["measure"] == "D") & (rows["level"] == "area")]
    names = {"town": "Baseline", "mixed": text, "lottery": f"{text} 2"}
    yield figures.series(rows, baseline="town", names=names, title=f"D: {text}", unit="index")
    cells = made_up.cells().replace({"Area 8": text, "District 2": text})
    geography = figures.Geography(cells)
    values = made_up.area_values().rename({"Area 8": text})
    panel = figures.Panel("Start", values)
    yield figures.share_maps(geography, [panel], panel, title="Share", unit="%", change_unit="points")
    types = figures.Panel("Start", (values.rank() % 5 + 1).round(), frozenset([text]))
    yield figures.type_maps(geography, [types], title="Types", labels=LABELS, missing="-", unsure="unsure")
    numbers = {name: i for i, name in enumerate(cells["district"].unique(), start=1)}
    yield figures.type_map_with_names(geography, types, numbers, title="T", labels=LABELS, missing="-")[0]
    frame = made_up.type_frame()
    yield figures.type_shares(
        frame.set_axis([text, *frame.index[1:]]), title="Types", unit="%", labels=LABELS
    )
    spread = pd.DataFrame({"value": [1.0, 2.0, 3.0], "type": [1, 2, 3]}, index=[text, "b", "c"])
    yield figures.area_spread(spread, title="Index", unit="%", labels=LABELS)
    ends = {"difference": [-0.01, -0.02], "lower": [-0.02, -0.03], "upper": [0.0, 0.01]}
    intervals = pd.DataFrame({"scenario": ["mixed", "lottery"], "row": f"D\n{text}"} | ends)
    group = figures.DifferenceGroup("index", [f"D\n{text}"])
    yield figures.differences(intervals, intervals, [group], baseline="town", names=names, title="T")
    test = figures.DrawnTest(text, "index", np.array([0.1, 0.2]), 0.15, (0.1, 0.2), [(0.0, 1.0)])
    yield figures.claim_tests([test], yes="yes")
    tenures = pd.DataFrame([[25.0] * 4], index=["low"])
    yield figures.tenure_bars(tenures, [(text, 1)], title="T", unit="%", labels=LABELS[:4])
    course = pd.Series([1.0, 2.0], index=[2010, 2011])
    labels = (text, "like it", "middle", "start")
    yield figures.history(
        course, pd.DataFrame({text: course}), course, start=2011, title=text, unit="%", labels=labels
    )
    ranks = {"factor": [text], "mu_star": [1.0], "mu_star_lower": [0.5], "mu_star_upper": [2.0]}
    yield figures.influence(pd.DataFrame(ranks), title=f"What moves {text}")
    mixes = {"mix": [text], "difference": [1.0], "lower": [0.0], "upper": [2.0], "cost": [1.0]}
    mixes |= {"is_efficient": [True], "probability": [0.5]}
    yield figures.front(pd.DataFrame(mixes), title=text, unit="index")


@pytest.mark.parametrize("text", DRAWN.values(), ids=DRAWN)
def test_figures__draw_every_text_as_it_is_written(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = [ET.fromstring(figures.svg(figure)) for figure in draw_all(text)]
    assert len(drawn) == 12
    written = ["".join(root.itertext()) for root in drawn]
    if len(text) < 30 and text and "\n" not in text:
        kept = [i for i, texts in enumerate(written) if text in texts]
        assert {0, 4, 6, 7, 8, 10, 11} <= set(kept)  # the others write no names, or not all of them


FORMULAS = ["=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)", "+SUM(1)", "-2+3", "\t=1+1", "\r=1"]
PLAIN = ["Norr", "'quoted'", "1=1", "", "Söder; öster", 'say "so"']
NUMBERS = ["-0.5", "+3", "-1e-5", "1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv__holds_no_formula(text: str) -> None:
    frame = pd.DataFrame({"name": [text, "b"], "n": [1.5, -2.0], text: ["a", "b"]})
    header, first, _ = csv.reader(io.StringIO(write_csv(frame).decode(), newline=""))
    guarded = "'" + text.replace("\r", " ")
    assert header == ["name", "n", guarded]
    assert first == [guarded, "1.5", "a"]


@pytest.mark.parametrize("text", [*PLAIN, *NUMBERS])
def test_csv__leaves_plain_texts_and_numbers_alone(text: str) -> None:
    frame = pd.DataFrame({"name": [text], "n": [-1.5], "whole": [-3], "told": [True]})
    _, row = csv.reader(write_csv(frame).decode().splitlines())
    assert row == [text, "-1.5", "-3", "True"]


def test_csv__of_categories_missing_values_and_mixed_columns() -> None:
    frame = pd.DataFrame(
        {"unit": pd.Categorical(["=1", None, "b"]), "level": [0.5, "-0.5", "-a"], "v": [np.nan, 1, -2]}
    )
    assert write_csv(frame, missing="..").decode() == "unit,level,v\n'=1,0.5,..\n..,-0.5,1.0\nb,'-a,-2.0\n"


def test_csv__guarded_names_are_read_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    names = ["=1+1", "@home", "'quoted", "plain"]
    path.write_bytes(write_csv(pd.DataFrame({"deso": names, "n": [1, 2, 3, 4]})))
    assert [row[0] for row in read_text_table(path, ["deso"]).rows] == names


def test_csv__has_one_writer() -> None:
    strays = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "segsim").rglob("*.py")
        if ".to_csv(" in path.read_text("utf-8") and path.name != "csv_text.py"
    ]
    assert strays == []


def rename_units(scenario: object, seed: int, years: int) -> pd.DataFrame:
    """Return the town's rows with the names of some areas as formulas."""
    rows = made_up.model(scenario, seed, years)
    return rows.replace({"unit": {"Area 1": "=1+1", "Area 2": "@SUM(1)", "Area 3": "-2+3"}})


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a report on scenarios with hostile labels."""
    folder = tmp_path_factory.mktemp("results")
    mixed = made_up.scenarios(tmp_path_factory.mktemp("scenarios"))["mixed"]
    labels = {"label_en": "=1+1 cost $5_{a$", "label_sv": "@x"}
    made_up.keep_start(folder)
    chosen = mixed.model_copy(update=labels)
    write_comparison(compare(chosen, 3, model=rename_units, executor="serial", out=folder), folder)
    return folder


def test_report__of_hostile_labels_is_made(report: Path) -> None:
    assert "=1+1 cost $5_{a$ compared with the baseline" in (report / "report.html").read_text("utf-8")


def test_tables_of_a_report__hold_no_formula(report: Path) -> None:
    tables = sorted(report.glob("*.csv"))
    assert {path.name for path in tables} >= {"differences.csv", "averages.csv", "judged.csv"}
    for path in tables:
        cells = [cell for row in csv.reader(path.read_text("utf-8").splitlines()) for cell in row]
        assert [cell for cell in cells if cell[:1] in ("=", "@")] == []
    units = set(pd.read_csv(report / "differences.csv", dtype={"unit": str})["unit"])
    assert {"'=1+1", "'@SUM(1)", "'-2+3", "Area 4"} <= units
    assert pd.read_csv(report / "differences.csv")["difference"].dtype == float


def test_workbook__holds_texts_and_no_formula(report: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(report / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    values = {cell.value for cell in cells}
    assert {"=1+1", "=1+1 cost $5_{a$"} <= values
    assert any(cell.data_type == "n" and cell.value for cell in cells)


HIDDEN = {
    "a turn of direction": ("label_en: Norr\u202edliv", "U+202E"),
    "an isolate": ("label_sv: Norr\u2066dliv", "U+2066"),
    "a mark in a name": ("groups: [{name: a\u200fb}]", "U+200F"),
    "a bell": ('summary: "a\\ab"', "U+0007"),
    "a key": ("ye\u202aars: 3", "U+202A"),
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_characters__are_refused_by_line_and_code(kind: str, tmp_path: Path) -> None:
    line, code = HIDDEN[kind]
    path = tmp_path / "hidden.yaml"
    path.write_text(f"extends: sodertalje\n{line}\n", "utf-8")
    with pytest.raises(ScenarioError, match=rf"hidden.yaml:2: holds a character .*{re.escape(code)}"):
        load_scenario(path)


LONG = {
    "a label": f"label_en: {'x' * 201}",
    "the label of a group": f"groups: [{{name: a, label_sv: {'x' * 300}}}]",
    "a name of a group": f"groups: [{{name: {'x' * 3000}}}]",
    "a followed place": f"measures: {{follow: [{{name: {'x' * 201}, areas: all}}]}}",
    "a policy": f"policies: [{{new_construction: {{name: {'x' * 201}}}}}]",
}


@pytest.mark.parametrize("kind", LONG)
def test_endless_names__are_refused_by_line(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(f"extends: sodertalje\n{LONG[kind]}\n", "utf-8")
    with pytest.raises(ScenarioError, match=r"long.yaml:2: .*letters; it must have at most 200"):
        load_scenario(path)


def test_cells_of_tables__lose_what_nobody_sees(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text('deso,name,n\n\u202aA1\u202c,"Norra\nhamnen",\u200e5\nA2,\u2066b\u2069\x07,6\n', "utf-8")
    assert read_text_table(path, ["deso"]).rows == (("A1", "Norra hamnen", "5"), ("A2", "b", "6"))


def test_endless_names_in_tables__are_refused_by_row(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    lines = AREAS.read_text("utf-8").splitlines()
    district = read_text_table(AREAS, ["deso"]).rows[0][4]
    path.write_text("\n".join([lines[0], lines[1].replace(district, "x" * 201), *lines[2:]]), "utf-8")
    with pytest.raises(DataError, match=r"areas.csv: row 2, column .*: the name has 201 letters"):
        read_areas(path, "0099")
    schools = tmp_path / "schools.csv"
    name = read_text_table(SCHOOLS, ["school_unit_code"]).rows[0][1]
    schools.write_text(SCHOOLS.read_text("utf-8").replace(name, "y" * 999), "utf-8")
    with pytest.raises(DataError, match=r"schools.csv: row \d+, column .*: the name has 999 letters"):
        read_schools(schools, None, "0099")

"""What is invented of a city's geography is said, and marked wherever a figure follows from it."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from segsim import cli
from segsim.comparison import compare
from segsim.errors import ResultsError
from segsim.report import remake, write_comparison, write_diagnosis
from segsim.report.geography import CELLS
from segsim.report.invention import find_invention
from segsim.report.sweep.sweep_tables import write_sweep
from segsim.runs import run
from segsim.runs.series import Series
from segsim.runs.sweeps.sweep import sweep
from segsim.scenario import load_scenario
from segsim.synthesis import collect_notes
from tests import made_up
from tests.test_synthesis_files import BOUNDARIES, PLACES, SCHOOLS, scenario_of

HERE = Path(__file__).parent
MORAN = Series("moran_I", "background.foreign", "cell")
NEAREST = Series("D_nearest", "background", "school")
EXPLAINED = Series("residence_share", "background", "school")
EXCESS = Series("excess_D", "background", "school")
SQUARES = Series("D", "background", "cell")
SAFE = (Series("D", "background", "area"), Series("D_home", "background", "area"))

CITIES = {
    "totals": (lambda: load_scenario(HERE / "scenarios" / "small_totals.yaml"), "map", "map"),
    "a table alone": (scenario_of, "map", "map"),
    "a table and schools": (lambda: scenario_of(schools=SCHOOLS, school_coordinates=PLACES), "map", "map"),
    "a map without schools": (lambda: scenario_of(boundaries=BOUNDARIES), "", "schools"),
    "schools without places": (
        lambda: scenario_of(boundaries=BOUNDARIES, schools=SCHOOLS),
        "",
        "places",
    ),
    "a municipality that comes with segsim": (lambda: load_scenario("landskrona"), "", ""),
    "a board": (lambda: load_scenario("schelling"), "", ""),
}


@pytest.mark.parametrize("kind", CITIES)
def test_invention__marks_what_follows_from_it(kind: str) -> None:
    make, of_map, of_schools = CITIES[kind]
    scenario = make()
    invention = find_invention(scenario, collect_notes(scenario))
    assert [invention.behind(series) for series in (MORAN, SQUARES)] == [of_map, of_map]
    assert {invention.behind(series) for series in (NEAREST, EXPLAINED, EXCESS)} == {of_schools}
    assert {invention.behind(series) for series in SAFE} == {""}


def test_coordinates_of_other_schools__are_told(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text(PLACES.read_text("utf-8").replace("\n1000", "\n2000"), "utf-8")
    scenario = scenario_of(boundaries=BOUNDARIES, schools=SCHOOLS, school_coordinates=path)
    notes = collect_notes(scenario)
    assert any("places.csv has coordinates of" in str(note) for note in notes)
    assert find_invention(scenario, notes).behind(NEAREST) == "places"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["the 27 areas and their districts", "where areas lie is invented", "No schools are given"]),
        ("sv", ["de 27 områdena och deras stadsdelar", "var områdena ligger är påhittat", "Inga skolor är"]),
    ],
)
def test_check__of_totals_says_what_is_invented(language: str, said: list[str]) -> None:
    words = ["check", str(HERE / "scenarios" / "small_totals.yaml"), "--language", language]
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == 0
    for text in said:
        assert text in result.output


def add_geography(scenario: object, seed: int, years: int) -> pd.DataFrame:
    """Return the rows of the made-up town with measures of its geography."""
    rows = made_up.model(scenario, seed, years)
    plain = rows[(rows["measure"] == "D") & (rows["unit"] == "") & (rows["level"] == "area")]
    more = [plain.assign(**series._asdict()) for series in (MORAN, NEAREST, EXPLAINED, EXCESS, SQUARES)]
    return pd.concat([rows, *more], ignore_index=True)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results folder of a comparison in a town made from totals."""
    folder = tmp_path_factory.mktemp("compared")
    mixed = made_up.scenarios(tmp_path_factory.mktemp("scenarios"))["mixed"]
    made_up.keep_start(folder)
    chosen = [str(MORAN), str(EXPLAINED), str(SAFE[0])]
    result = compare(mixed, 3, model=add_geography, executor="serial", out=folder, primary=chosen)
    write_comparison(result, folder)
    return folder


MARKED = {
    "en": ("over grid squares (on an invented map)", "over schools (on an invented map)", "over areas (on"),
    "sv": ("över rutor (på en påhittad karta)", "över skolor (på en påhittad karta)", "över områden (på"),
}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_page_of_a_comparison__marks_it_wherever_it_stands(compared: Path, language: str) -> None:
    squares, schools, areas = MARKED[language]
    [page] = remake(compared, language)  # type: ignore[arg-type]
    html = page.read_text("utf-8")
    verdicts = html[html.index('<ul class="verdicts">') :]
    verdicts = verdicts[: verdicts.index("</ul>")]
    assert squares in verdicts
    assert schools in verdicts
    assert html.count(squares) > 2
    assert areas not in html
    assert "27 " in html[html.index('id="left_out"') :]


def test_workbook_of_a_comparison__marks_it(compared: Path) -> None:
    pytest.importorskip("openpyxl")
    remake(compared, "en")
    sheet = pd.read_excel(compared / "report.xlsx").set_index("Name in the files")
    assert sheet.loc[str(MORAN), "Over"] == MARKED["en"][0]
    assert sheet.loc[str(SAFE[0]), "Over"] == "over areas"


@pytest.mark.parametrize("language", ["en", "sv"])
def test_diagnosis__marks_it(language: str, tmp_path: Path) -> None:
    town = made_up.scenarios(tmp_path)["town"]
    results = tmp_path / "results"
    results.mkdir()
    made_up.cells().to_parquet(results / CELLS, index=False)
    runs = run(town, 2, 1, model=add_geography, executor="serial", out=results)
    [path] = write_diagnosis(runs, results, language)  # type: ignore[arg-type]
    html = path.read_text("utf-8")
    squares, schools, areas = MARKED[language]
    assert squares in html
    assert schools in html
    assert areas not in html


@pytest.mark.parametrize(("city", "mark"), [("town", "on an invented map"), ("landskrona", None)])
def test_sweep__has_the_mark_in_its_tables_and_notes_beside_them(
    city: str, mark: str | None, tmp_path: Path
) -> None:
    scenario = HERE / "scenarios" / "small_totals.yaml" if city == "town" else city
    path = tmp_path / "x.yaml"
    path.write_text(
        f"scenario: {scenario}\nseeds: 2\nyears: 1\nprimary: [{MORAN}, {SAFE[0]}]\n"
        "factors: {preferences.housing.own_group: [1, 2]}\ndesign: grid\n"
    )
    made = sweep(path, executor="serial", model=add_geography, out=tmp_path / "r")
    assert tmp_path / "r" / "notes.txt" in write_sweep(made).files
    points = pd.read_csv(tmp_path / "r" / "points.csv")
    marks = dict(
        zip(points["quantity"], points.get("invented", pd.Series([None] * len(points))), strict=True)
    )
    assert marks[str(MORAN)] == mark
    assert pd.isna(marks[str(SAFE[0])])
    notes = (tmp_path / "r" / "notes.txt").read_text("utf-8")
    assert ("where areas lie is invented" in notes) == bool(mark)


@pytest.mark.parametrize("name", ["notes.json", "map.parquet", "residents.parquet", "start.json"])
def test_kept_file_that_is_damaged__is_named_with_what_to_do(name: str, tmp_path: Path) -> None:
    town = made_up.scenarios(tmp_path)["town"]
    results = tmp_path / "results"
    results.mkdir()
    made_up.cells().to_parquet(results / CELLS, index=False)
    runs = run(town, 1, 0, model=made_up.model, executor="serial", out=results)
    write_diagnosis(runs, results)
    (results / name).write_bytes(b"\xff{")
    with pytest.raises(ResultsError, match=rf"{name}: cannot be read \(is damaged\); delete it") as error:
        remake(results)
    assert f"{name}: går inte att läsa (är skadad); ta bort den" in f"{error.value:sv}"
    (results / name).unlink()
    assert remake(results)

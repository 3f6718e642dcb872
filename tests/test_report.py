"""The pages: self-contained, readable, in one language, honest about what they show."""

import json
import re
import shutil
from dataclasses import asdict
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from segsim.comparison import Comparison, compare
from segsim.errors import ResultsError, SegsimError
from segsim.figures import Geography
from segsim.report import (
    find_browser,
    pack_report,
    print_page,
    remake,
    write_comparison,
    write_diagnosis,
)
from segsim.report.context import PageContext
from segsim.report.data_notes import NOTES
from segsim.report.export import printing
from segsim.report.geography import CELLS, city_map
from segsim.report.page import read_command
from segsim.report.page_figures import type_map
from segsim.report.tables.verdicts import verdict_kind
from segsim.runs import run
from segsim.scenario import Scenario, load_scenario
from segsim.synthesis.notes import Note
from segsim.words.words import Words, read_texts
from tests import made_up

SEEDS = 8


class Page(HTMLParser):
    """What a page holds: its texts (those in code or in another language apart), tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.foreign: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        self.texts += [found[name] for name in ("alt", "aria-label") if name in found]
        if tag not in ("meta", "img", "br"):
            apart = tag in ("code", "style") or (tag != "html" and "lang" in found)
            self._open.append((tag, apart or (bool(self._open) and self._open[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            (self.foreign if self._open and self._open[-1][1] else self.texts).append(data.strip())

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a results folder of a comparison, its page in English."""
    folder = tmp_path_factory.mktemp("results")
    found = made_up.scenarios(tmp_path_factory.mktemp("scenarios"))
    comparison = compared([found["mixed"], found["lottery"]], folder)
    write_comparison(comparison, folder, "en")
    return folder


def compared(scenarios: list[object], folder: Path, seeds: int = SEEDS) -> Comparison:
    """Return a comparison of the town's policies, its map made up too."""
    made_up.keep_start(folder)
    tips = {"D/background/area": 0.372}
    return compare(scenarios, seeds, model=made_up.model, executor="serial", out=folder, thresholds=tips)


@pytest.fixture(scope="module")
def english(folder: Path) -> Page:
    return Page((folder / "report.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def swedish(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Page:
    other = tmp_path_factory.mktemp("swedish") / "results"
    shutil.copytree(folder, other)
    [page] = remake(other, "sv")
    return Page(page.read_text("utf-8"))


def test_page__needs_nothing_outside_itself(english: Page) -> None:
    assert not english.of("script")
    assert not english.of("link")
    assert all(image["src"].startswith("data:image/") for image in english.of("img"))
    assert all(link["href"].startswith("#") for link in english.of("a"))
    assert "url(" not in english.html
    assert len(english.html) < 5_000_000


def test_page__is_sound_html_with_headings_in_order(english: Page, swedish: Page) -> None:
    for page in (english, swedish):
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {link["href"][1:] for link in page.of("a")} <= set(ids)


def test_page__tells_every_figure_in_words(english: Page, swedish: Page) -> None:
    for page in (english, swedish):
        assert len(page.of("img")) > 8
        assert all(len(image["alt"]) > 30 for image in page.of("img"))


def test_page__says_its_language(english: Page, swedish: Page) -> None:
    assert english.of("html")[0]["lang"] == "en"
    assert swedish.of("html")[0]["lang"] == "sv"


def test_swedish_page__holds_no_english(swedish: Page) -> None:
    own = {str(text) for _, text in read_texts("report_sv").items()}
    for key, text in read_texts("report_en").items():
        if isinstance(text, str) and text not in own and len(text) > 12 and "{" not in text:
            assert re.search(rf"{re.escape(text)}(?!\w)", swedish.text) is None, key
    found = re.search(r"\b(the|of|and|with|over|from|by chance|which)\b", swedish.text)
    assert found is None, swedish.text[found.start() - 60 : found.end() + 60] if found else ""


def test_swedish_page__writes_numbers_with_a_decimal_comma(swedish: Page) -> None:
    numbers = swedish.text.replace("segsim 0.1.0", "")
    assert re.search(r"0,\d\d\d", numbers)
    versions = numbers.index("python ")
    assert not re.search(r"\b\d+\.\d+\b", re.sub(r"doi \S+", "", numbers[:versions]))


def test_verdicts__are_in_plain_words(english: Page, swedish: Page) -> None:
    assert re.search(r"falls by 0\.0\d\d \(95 % interval 0\.0\d\d to 0\.0\d\d\)", english.text)
    assert "runs identical: not one of the 8 runs changed" in english.text
    assert re.search(r"minskar med 0,0\d\d \(95 % konfidensintervall 0,0\d\d till 0,0\d\d\)", swedish.text)


def test_values__stand_beside_their_unit_system(english: Page) -> None:
    rows = re.findall(r'<th scope="row">([^<]+)<span class="under">([^<]*)</span></th>', english.html)
    measures = [
        over for title, over in rows if "Dissimilarity" in title or "Theil" in title or "Eta" in title
    ]
    assert len(measures) > 6
    assert set(measures) <= {"over areas", "over districts", "over schools", "over grid squares"}


def test_d_h_and_v__stand_beside_their_chance_expectation(english: Page) -> None:
    for title, chance in (("Dissimilarity D", "0.014"), ("Theil&#39;s H", "0.000"), ("Eta squared", "0.000")):
        found = re.search(
            rf'{title}: foreign and Swedish background<span class="under">over areas</span></th>(.*?)</tr>',
            english.html,
        )
        assert found is not None
        assert re.findall(r">([^<]*)</td>", found[1])[2] == chance


def test_page__tells_policies_with_evidence_law_decider_and_assumptions(english: Page) -> None:
    for told in (
        "Evidence: moderate",
        "Swedish law does not let a detailed plan regulate tenure",
        "Decided by the municipality. Needs a new law",
        "Needs a new law: the municipality cannot decide this today.",
        "from 2027",
        "areas of type 4 and 5",
        "Kessel and Olme 2018",
        "What it costs 18 million SEK over the period (3.0 a year)",
        "41,000 people live in the areas when the policy begins.",
        "What it costs not known, and none given in the scenario",
        "assumptions of whoever wrote it",
        "Because the other end of the scale matters too.",
    ):
        assert told in english.text or told in " ".join(english.foreign), told


def test_page__tells_what_a_unit_of_effect_costs_or_why_it_cannot(english: Page, swedish: Page) -> None:
    # Mixed tenure costs 18 MSEK and lowers D between areas by about .03: about 6 MSEK for each .010.
    pattern = r"over areas\): (\d+\.\d) million SEK for each 0\.010 of change \((\d+\.\d) to (\d+\.\d), from"
    middle, low, high = map(float, re.search(pattern, english.text).groups())  # type: ignore[union-attr]
    assert low < middle < high
    assert middle == pytest.approx(6.0, abs=1.0)
    assert "over schools): effect not settled" in english.text
    assert "the cost is not known of: Admission rule" in english.text
    assert "miljoner kronor för varje 0,010 förändring" in swedish.text


def test_first_screen__tells_what_whom_cost_and_decider_before_effects_and_how_sure_after(
    english: Page,
) -> None:
    card = english.html[english.html.index('<article class="card"') :]
    first = Page(card[: card.index("</article>") + len("</article>")]).text
    order = [
        "What is changed",
        "Where",
        "What it touches",
        "What it costs",
        "Decided by",
        "falls by",
        "By itself",
    ]
    places = [first.index(text) for text in [*order, "How sure"]]
    assert places == sorted(places)
    assert "That is 40 % of all" in first
    assert "Only 8 seeds" in first
    assert english.html.index("not a forecast") < english.html.index("<h2")


def test_districts__stand_by_name_with_what_the_policy_changes(folder: Path, english: Page) -> None:
    table = pd.read_csv(folder / "districts.csv")
    assert list(table["scenario"].unique()) == ["mixed", "lottery"]
    assert list(table["district"][:6]) == list(made_up.DISTRICTS)
    first = table.iloc[0]
    # The share of a district falls by .002 a year times its place east of the middle; this one lies 2.5 west.
    assert first["foreign_background_difference"] == pytest.approx(0.05)
    assert first["persons"] == 2000
    assert table["type_start"].isna().tolist() == 2 * [
        *[False] * 5,
        True,
    ]  # ten persons are too few to be told of
    assert "District 1" in english.text
    sheet = pd.read_excel(folder / "report.xlsx", sheet_name="All districts")
    assert sheet["Share with foreign background: Difference"][0] == pytest.approx(5.0)


def test_tables_of_a_page__hold_no_raw_keys(english: Page, swedish: Page) -> None:
    for page in (english, swedish):
        heads = re.findall(r'<th scope="row">(.*?)</th>', page.html, re.DOTALL)
        assert heads
        assert [head for head in heads if re.fullmatch(r"(<code>)?[a-z]+(_[a-z]+)+(</code>)?.*", head)] == []


def test_small_change_of_an_exploratory_measure__is_called_little() -> None:
    row = {"n": 20, "identical": False, "p_adjusted": 0.001, "difference": 0.001, "baseline_mean": 0.1}
    assert verdict_kind(row) == "rises_little"
    assert verdict_kind({**row, "difference": -0.003}) == "falls"
    assert verdict_kind({**row, "p_adjusted": 0.2}) == "unclear"


def test_report_that_is_packed__holds_page_tables_and_figures_in_both_formats(
    folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "plan"
    shutil.copytree(folder, own)
    pages = remake(own, every_format=True)
    archive = pack_report(pages, own)
    assert archive == own / "plan.zip"
    first = archive.read_bytes()
    with ZipFile(archive) as held:
        names = set(held.namelist())
    figures = {name.removeprefix("plan/figures/") for name in names if "/figures/" in name}
    assert {name.rpartition(".")[0] for name in figures if name.endswith(".svg")} == {
        name.rpartition(".")[0] for name in figures if name.endswith(".png")
    }
    assert {"plan/report.html", "plan/report.xlsx", "plan/districts.csv", "plan/provenance.json"} <= names
    assert "plan/differences.csv" not in names
    assert pack_report(pages, own).read_bytes() == first


def test_printing__without_a_browser_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "BROWSERS", ("no-such-browser",))
    with pytest.raises(SegsimError, match="install Chromium or Chrome, or open"):
        print_page(folder / "report.html")


@pytest.mark.skipif(find_browser() is None, reason="no browser to print with")
def test_printing__makes_a_pdf_beside_the_page(folder: Path, tmp_path: Path) -> None:
    page = shutil.copy(folder / "report.html", tmp_path / "report.html")
    assert print_page(page).read_bytes().startswith(b"%PDF-")


def test_page__shows_both_ends_of_the_scale_alike(english: Page) -> None:
    alt = next(image["alt"] for image in english.of("img") if image["alt"].startswith("Bars of residents"))
    assert "Start 2022: types 1 and 2 31 %, type 3 40 %, types 4 and 5 29 %." in alt
    assert "Segregation is a property of the whole municipality" in english.text
    for phrase in ("segregated area", "problem area"):
        assert phrase not in english.text.lower()


def test_page__tells_people_apart_from_place(english: Page, swedish: Page) -> None:
    assert "Areas of the policy Tenure in detailed plans: employed" in english.text
    assert "The people of the place" in english.text
    assert "Områdena för åtgärden Upplåtelseform i detaljplan: sysselsatta" in swedish.text


def test_page__says_what_it_leaves_out_and_how_to_make_it_again(english: Page) -> None:
    assert "What the model leaves out" in english.text
    assert "segsim compare mixed lottery --seeds 8 --years 10" in " ".join(english.foreign)
    assert "1–8" in english.text
    assert "python 3" in english.text
    assert "Only 8 seeds: intervals are uncertain below 20." in english.text


def test_command_of__is_the_one_that_was_typed(tmp_path: Path) -> None:
    provenance = tmp_path / "provenance.json"
    assert read_command(tmp_path) == []
    for program, typed in (("/usr/bin/segsim", True), ("/x/segsim/__main__.py", True), ("/x/pytest", False)):
        provenance.write_text(json.dumps({"command": [program, "compare", "mixed_tenure", "--seeds", "20"]}))
        command = ["segsim", "compare", "mixed_tenure", "--seeds", "20"]
        assert read_command(tmp_path) == (command if typed else [])


def test_page__says_where_a_map_would_show_nothing(english: Page) -> None:
    assert re.search(
        r"Seats by lottery: the same as in the baseline in every area are share with", english.text
    )


def test_map_titles__of_long_labels_keep_their_year(tmp_path: Path) -> None:
    found = made_up.scenarios(tmp_path)
    mixed = found["mixed"].model_copy(update={"label_en": "Half of all new dwellings " * 4})
    subject = PageContext(found["town"], (mixed,), made_up.city_rows(1), Geography(made_up.cells()), Words())
    [picture] = type_map(subject)
    titles = [axes.get_title(loc="left") for axes in picture.figure.axes]
    assert titles[0] == "Start 2022"
    assert titles[-1].endswith("… 2032")
    assert titles[-1].count("\n") <= 1


def test_page__comes_with_its_figures_and_tables(folder: Path) -> None:
    names = {path.name for path in (folder / "figures").iterdir()}
    assert {"differences.svg", "types.svg", "map_types.png", "map_index_mixed.png"} <= names
    assert "series_D_background_area.svg" in names
    assert (folder / "differences.csv").exists()


def test_remake__gives_the_same_page_without_running(folder: Path, english: Page) -> None:
    [page] = remake(folder, "en")
    assert page.read_text("utf-8") == english.html


def test_scenario__that_names_data_files_can_be_read_back_for_a_remake(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("deso\n1\n")
    (tmp_path / "real.yaml").write_text("city: {areas: areas.csv}\n")
    real = load_scenario(tmp_path / "real.yaml")
    again = Scenario.model_validate_json(real.model_dump_json())
    assert again.city.areas == real.city.areas
    assert again.content_hash == real.content_hash


def test_remake__names_what_is_missing(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "results"
    shutil.copytree(folder, other)
    next((other / "runs").rglob("*.parquet")).unlink()
    with pytest.raises(ResultsError, match="1 of 24 runs are missing, such as"):
        remake(other)
    (other / "plan.json").unlink()
    with pytest.raises(ResultsError, match=r"plan\.json"):
        remake(other)


def test_page__keeps_markup_in_titles_harmless(tmp_path: Path) -> None:
    found = made_up.scenarios(tmp_path)
    mixed = found["mixed"].model_copy(
        update={"label_en": "<b>Half & half</b>", "summary": "<script>x</script>"}
    )
    results = tmp_path / "results"
    results.mkdir()
    page = Page(write_comparison(compared([mixed], results, 3), results).read_text("utf-8"))
    assert not page.of("script")
    assert "<b>Half & half</b> compared with the baseline" in page.text


def test_page__of_one_seed_and_of_no_years_says_so(tmp_path: Path) -> None:
    mixed = made_up.scenarios(tmp_path)["mixed"]
    results = tmp_path / "results"
    results.mkdir()
    made_up.keep_start(results)
    comparison = compare(mixed, 1, 0, model=made_up.model, executor="serial", out=results)
    text = Page(write_comparison(comparison, results).read_text("utf-8")).text
    assert "Only one seed: nothing can be said of chance." in text
    assert "nan" not in text.lower().split()


def test_page__warns_of_a_policy_that_begins_after_the_horizon(tmp_path: Path) -> None:
    mixed = made_up.scenarios(tmp_path)["mixed"]
    begins = mixed.policies[0].since
    assert begins is not None
    results = tmp_path / "results"
    results.mkdir()
    made_up.keep_start(results)
    years = begins - 1 - mixed.start
    comparison = compare(mixed, 2, years, model=made_up.model, executor="serial", out=results)
    text = Page(write_comparison(comparison, results).read_text("utf-8")).text
    assert f"begins in {begins}, after {begins - 1}: these runs cannot show what it does" in text


def test_page__tells_in_how_many_runs_a_measure_tips(english: Page, swedish: Page, folder: Path) -> None:
    table = pd.read_csv(folder / "tipping.csv")
    share = 100 * table["scenario_share"].iloc[0]
    assert 0 < share < 100
    for page, title in ((english, "What may tip"), (swedish, "Det som kan tippa över")):
        assert title in page.text
        assert f"{share:.0f} % (" in page.text


def test_page__tells_what_was_mended_in_the_data(folder: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    shutil.copytree(folder, results)
    assert "invented_map" in (folder / NOTES).read_text("utf-8")
    note = Note("unknown_tenure", {"dwellings": 1234})
    (results / NOTES).write_text(json.dumps([asdict(note)]), "utf-8")
    for language in ("en", "sv"):
        [page] = remake(results, language)  # type: ignore[arg-type]
        assert note.text(language) in page.read_text("utf-8")


def test_page__of_undefined_measures_says_so(tmp_path: Path) -> None:
    mixed = made_up.scenarios(tmp_path)["mixed"]
    results = tmp_path / "results"
    results.mkdir()
    made_up.keep_start(results)
    comparison = compare(mixed, 3, model=undefined_model, executor="serial", out=results)
    text = Page(write_comparison(comparison, results).read_text("utf-8")).text
    assert "not defined in any of the 3 runs" in text


def undefined_model(scenario: object, seed: int, years: int) -> pd.DataFrame:
    rows = made_up.model(scenario, seed, years)
    return rows.assign(value=rows["value"].where((rows["measure"] != "D") | (rows["unit"] != "")))


def test_workbook__holds_the_differences_in_the_language(folder: Path, swedish: Page) -> None:
    pytest.importorskip("openpyxl")
    sheets = pd.read_excel(folder / "report.xlsx", sheet_name=None)
    assert list(sheets) == ["Differences", "All districts", "Areas and schools", "By year"]
    city = sheets["Differences"]
    row = city[
        (city["Name in the files"] == "D/background/area") & (city["Scenario"] == "Half rental in plans")
    ]
    assert row["Over"].item() == "over areas"
    assert row["By chance alone"].item() == pytest.approx(0.014)
    assert row["Verdict"].item() == "falls"
    years = sheets["By year"]
    assert [c for c in years.columns if c.isdigit()] == [str(year) for year in range(2022, 2033)]


def test_diagnosis__tells_the_state_both_ends_and_gaps(tmp_path: Path) -> None:
    town = made_up.scenarios(tmp_path)["town"]
    results = tmp_path / "results"
    results.mkdir()
    made_up.cells().to_parquet(results / CELLS, index=False)
    runs = run(town, 3, model=made_up.model, executor="serial", out=results)
    [path] = write_diagnosis(runs, results, "sv")
    page = Page(path.read_text("utf-8"))
    assert "Made-up town: läget, och hur modellen rör sig" in page.text
    for told in (
        "Störst utmaningar",
        "Bäst förutsättningar",
        "Skillnad i sysselsättningsgrad",
        "av ren slump: 0,014",
    ):
        assert told in page.text
    assert remake(results, "en") == [path]
    assert "Made-up town" in path.read_text("utf-8")


def test_city_map__is_kept_with_the_results_and_needs_no_model_then(tmp_path: Path) -> None:
    town = made_up.scenarios(tmp_path)["town"]
    first = city_map(town, 1, tmp_path)
    assert (tmp_path / CELLS).exists()
    pd.testing.assert_frame_equal(city_map(town, 1, tmp_path).cells, first.cells)
    assert set(first.cells.columns) == {"x", "y", "area", "district", "homes"}

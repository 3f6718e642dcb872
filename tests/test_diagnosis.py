"""The diagnosis of a municipality: its numbers are the facts, its ranks and its like are as told."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from browser.conftest import window
from segsim.figures import Geography, Panel, type_map_with_names
from segsim.figures.named_maps import break_name
from segsim.policies import LEVERS
from segsim.report import remake, write_diagnosis
from segsim.report.context import PageContext
from segsim.report.municipality.drift import tell_movement
from segsim.report.municipality.few_pupils import leave_out, list_hidden
from segsim.report.municipality.lever_table import DECIDERS, lever_table
from segsim.report.municipality.past import describe_past, yearly_change
from segsim.report.municipality.standing import FORMS, describe_standing
from segsim.runs import run
from segsim.runs.series import Series
from segsim.scenario import load_scenario
from segsim.sweden.facts import read_area_rows
from segsim.sweden.history import SERIES, read_history, read_series
from segsim.sweden.indicators import COUNTRY, THEMES, Rank, rank_municipality, read_indicators
from segsim.sweden.municipalities import find_municipality, list_municipalities
from segsim.sweden.similarity import LIKENESS, list_similar, measure_distances
from segsim.words.words import Words
from tests import made_up
from tests.test_report import Page

SMALL = "2403"
"""Bjurholm, the smallest: one school, few pupils."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a results folder of the smallest municipality, two runs of a year, its page in English."""
    folder = tmp_path_factory.mktemp("small")
    scenario = load_scenario("bjurholm", {"years": 1})
    write_diagnosis(run(scenario, 2, executor="serial", out=folder), folder, "en")
    return folder


@pytest.fixture(scope="module")
def page(results: Path) -> Page:
    return Page((results / "report.html").read_text("utf-8"))


# Facts -----------------------------------------------------------------------------------------------------


def test_indicators__of_every_municipality_county_and_the_country_are_sound() -> None:
    table = read_indicators()
    assert {len(code) for code in table.index} == {2, 4}
    assert set(table.index[table.index.str.len() == 4]) == {m.code for m in list_municipalities()}
    assert len(table) == 290 + 21 + 1
    assert set(FORMS) == set(table.columns)
    shares = table[[name for name, form in FORMS.items() if form != "persons"]]
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)
    for whole in (["rental", "cooperative", "owner_occupied"], ["types_1_2", "type_3", "types_4_5"]):
        assert table[whole].sum(axis=1).to_numpy() == pytest.approx(1, abs=2e-4)


def test_indicators__are_what_the_areas_give() -> None:
    # Landskrona's areas counted here in the plainest way
    areas, shipped = read_area_rows(["1282"]), read_indicators().loc["1282"]
    swedish, foreign = areas["swedish_background"], areas["foreign_background"]
    apart = sum(abs(f / foreign.sum() - s / swedish.sum()) for f, s in zip(foreign, swedish, strict=True)) / 2
    assert shipped["persons"] == areas["pop_total"].sum()
    assert shipped["D_background"] == pytest.approx(apart, abs=1e-4)
    assert shipped["foreign_background"] == pytest.approx(foreign.sum() / (foreign + swedish).sum(), abs=1e-4)
    assert shipped["employed"] == pytest.approx(areas["employed"].sum() / areas["pop_16_64"].sum(), abs=1e-4)


def test_history__is_one_value_a_year_and_place() -> None:
    history = read_history()
    assert set(history["series"]) == set(SERIES)
    assert not history.duplicated(["code", "year", "series"]).any()
    assert history["value"].between(0, 1).all()
    over_schools = read_series("school_D")
    assert list(over_schools.index) == [*range(2009, 2024), 2025]
    assert over_schools.loc[2022, "1282"] == pytest.approx(0.4441, abs=1e-4)
    assert SMALL not in over_schools
    assert over_schools[COUNTRY].notna().all()


# Ranks -----------------------------------------------------------------------------------------------------


def test_ranks__by_hand() -> None:
    # five municipalities, one without a value; a county and the country take no part
    values = pd.Series(
        {"0001": 0.3, "0002": 0.5, "0003": 0.3, "0004": np.nan, "0005": 0.1, "00": 0.9, "01": 0.8}
    )
    ranks = {code: rank_municipality(values, code) for code in values.index[:5]}
    assert ranks == {
        "0001": Rank(2, 4),
        "0002": Rank(1, 4),
        "0003": Rank(2, 4),
        "0004": None,
        "0005": Rank(4, 4),
    }


# Similar municipalities ------------------------------------------------------------------------------------


def test_distances__by_hand_on_a_tiny_table() -> None:
    # one fact differs: 1 and 3 are 2 apart, mean 2, SD 1; the root mean square over the facts is 2 / sqrt(9)
    rows = {"0001": 1.0, "0002": 3.0, "0003": 1.0, "0004": 3.0}
    table = pd.DataFrame({name: [2.0, 4.0, 3.0, 5.0] for name in LIKENESS}, index=list(rows))
    table["persons"] = 1000.0
    for name in LIKENESS[1:]:
        table[name] = [0.5, 0.5, 0.5, 0.6]  # alike but for one municipality, so that none is constant
    table["rental"] = list(rows.values())
    table["persons"] = [1000.0, 1000.0, 1000.0, 2000.0]
    distance = measure_distances(table, "0001")
    assert list(distance.index) == ["0003", "0002", "0004"]
    assert distance["0003"] == 0
    assert distance["0002"] == pytest.approx(2 / 3)


def test_distances__of_equals_take_the_lower_code_first() -> None:
    chance = np.random.default_rng(5)
    table = pd.DataFrame(chance.uniform(1, 2, (6, len(LIKENESS))), columns=list(LIKENESS))
    table.index = pd.Index([f"000{i}" for i in range(1, 7)])
    table.loc["0005"] = table.loc["0002"]
    shuffled = table.sample(frac=1, random_state=3)
    order = list(measure_distances(table, "0001").index)
    assert order == list(measure_distances(shuffled, "0001").index)
    assert order.index("0002") + 1 == order.index("0005")


def test_similar__are_five_others_and_always_the_same() -> None:
    for municipality in list_municipalities()[::29]:
        similar = list_similar(municipality.code)
        assert len(set(similar.index)) == 5
        assert municipality.code not in similar.index
        assert (np.diff(similar) >= 0).all()
        pd.testing.assert_series_equal(similar, list_similar(municipality.code))
    names = [find_municipality(code).name for code in list_similar("1282").index]
    assert names == ["Trollhättan", "Katrineholm", "Köping", "Helsingborg", "Norrköping"]


# The page --------------------------------------------------------------------------------------------------


def test_standing__has_the_numbers_of_the_facts() -> None:
    table, words = read_indicators(), Words("en")
    like = list(list_similar("1282").index)
    standing = describe_standing(find_municipality("1282"), words)
    names = [name for theme in THEMES.values() for name in theme]
    rows = [row for theme in standing.themes for row in theme.rows]
    assert len(rows) == len(names)
    for name, row in zip(names, rows, strict=True):
        factor = 100 if FORMS[name] == "share" else 1
        told = {
            row.own: table.at["1282", name],
            row.county: table.at["12", name],
            row.country: table.at[COUNTRY, name],
            row.similar: table.loc[like, name].median(),
        }
        for text, value in told.items():
            if text != "–":
                number = float(text.replace(",", "").replace(" %", ""))
                assert number == pytest.approx(factor * value, abs=0.51 if name == "persons" else 0.06), name
        assert 0 <= row.strip.own <= 100
        place = int((table.loc[table.index.str.len() == 4, name] > table.at["1282", name]).sum()) + 1
        assert row.rank == f"{place} of 290"


def test_page__tells_of_a_real_municipality_what_is_published(page: Page) -> None:
    table = read_indicators().loc[SMALL]
    assert f"{100 * table['rental']:.1f} %" in page.text
    assert f"{table['D_background']:.3f}" in page.text
    assert "Where the municipality stands" in page.text
    for code in list_similar(SMALL).index:
        assert find_municipality(code).name in page.text


def test_page__says_no_forecast_before_what_the_model_sees_coming(page: Page) -> None:
    said = page.html.index("No forecast.")
    assert said < page.html.index('src="data:image', page.html.index('id="series"'))
    assert "Compare with what has been seen" in page.text


def test_page__says_which_series_are_missing(page: Page) -> None:
    assert re.search(r"Dissimilarity over schools[^.]*: none for Bjurholm", page.text)
    assert "These come with segsim for a few municipalities only" in page.text


def test_past__of_a_place_without_series_says_so_of_each() -> None:
    past = describe_past(find_municipality(SMALL), 2022, Words("sv"))
    names = {picture.name.removeprefix("history_") for picture in past.figures}
    told = " ".join(past.missing)
    for name in SERIES:
        assert (name in names) != (Words("sv")(f"history_of.{name}") in told), name


def test_page__leaves_out_figures_of_few_pupils_and_says_so(page: Page) -> None:
    assert re.search(r"Gap in merit value: [^.]* is not shown: it rests on fewer than 30 pupils", page.text)
    shown = re.findall(r'<th scope="row">([^<]+)<', page.html)
    assert "Gap in merit value: education levels" not in shown


def test_hidden_measures__are_gone_from_the_runs() -> None:
    leavers = {"all": 80, "swedish": 50, "foreign": 29, "lower_secondary": 30, "post_secondary": 40}
    hidden = list_hidden(leavers)
    assert hidden == {Series("merit_gap", "background", "municipality"): 29}
    rows = pd.DataFrame(
        {
            "measure": "merit_gap",
            "grouping": ["education", "background"],
            "level": "municipality",
            "value": [1.0, 2.0],
        }
    )
    assert leave_out(rows, hidden)["grouping"].tolist() == ["education"]


def test_districts__are_in_a_table_and_a_file_with_codes_and_intervals(results: Path, page: Page) -> None:
    table = pd.read_csv(results / "districts.csv")
    areas = read_area_rows([SMALL])
    assert set(table["code"]) == set(areas["regso_code"])
    persons = areas.groupby("regso_code")["pop_total"].sum()
    assert (table.set_index("code")["persons"] == persons).all()
    kinds = areas.groupby("regso_code")["omradestyp_2022"].first()
    assert (table.set_index("code")["type_start"] - kinds).abs().max() <= 1
    shares = table[[name for name in table if name.startswith("share_")]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1)
    low, mean, high = (table[f"index_change_{part}"] for part in ("low", "mean", "high"))
    assert ((low <= mean) & (mean <= high)).all()
    for name in table["district"]:
        assert name in page.text


def test_page__is_for_everybody(results: Path) -> None:
    shown = window(1440, 900)
    shown.driver.get((results / "report.html").as_uri())
    faults = shown.faults()
    shown.close()
    assert faults == []


def test_remake__needs_no_model_and_speaks_swedish(results: Path, page: Page) -> None:
    before = (results / "report.html").read_bytes()
    remake(results, "sv")
    swedish = Page((results / "report.html").read_text("utf-8"))
    assert "Var kommunen står" in swedish.text
    assert re.search(r"\b(the|with|which)\b", swedish.text) is None
    remake(results, "en")
    assert (results / "report.html").read_bytes() == before
    assert len(before) < 4_000_000


def test_levers__are_all_there_under_who_decides() -> None:
    for language in ("en", "sv"):
        words = Words(language)
        table = lever_table({"tenure_conversion": 1234.0}, words)
        titles = [row.title for group in table.groups for row in group.rows]
        assert sorted(titles) == sorted(lever.TITLE.in_language(words.language) for lever in LEVERS)
    assert {lever.DECIDED_BY for lever in LEVERS} <= set(DECIDERS)
    english = lever_table({"tenure_conversion": 1234.0}, Words("en"))
    [row] = [row for group in english.groups for row in group.rows if row.title == "Tenure conversion"]
    assert row.cells[1] == "1,234"


def test_yearly_change__is_the_slope_of_the_years_asked_for() -> None:
    own = read_series("school_D")["1282"].loc[2015:2025]
    slope = np.polyfit(own.index, own, 1)[0]
    assert yearly_change("school_D", "1282", 2015, 2025) == pytest.approx(slope)
    assert np.isnan(yearly_change("school_D", SMALL, 2015, 2025))
    assert np.isnan(yearly_change("school_D", "1282", 2024, 2025))


# The map ---------------------------------------------------------------------------------------------------


def test_map__has_each_district_once_by_name_or_by_number() -> None:
    cells = made_up.cells()
    cells["district"] = cells["area"].map(dict(zip(made_up.AREAS, made_up.AREAS, strict=True)))
    numbers = {name: i for i, name in enumerate(made_up.AREAS, start=1)}
    figure, numbered = type_map_with_names(
        Geography(cells),
        Panel("", pd.Series(3.0, index=list(made_up.AREAS))),
        numbers,
        title="Types",
        labels=[str(i) for i in range(1, 6)],
        missing="none",
    )
    written = [text.get_text() for axes in figure.axes for text in axes.texts]
    there = set(cells["district"])
    assert sorted(written) == sorted(
        str(numbers[name]) if name in numbered else break_name(name) for name in there
    )


def test_map__numbers_of_small_districts_lie_on_nothing_that_is_written() -> None:
    # a village of nine districts, a square each, in the corner of a wide district
    places = [(100.0 * (i % 3), 100.0 * (i // 3)) for i in range(9)] + [(20_000.0, 14_000.0)]
    names = [f"Long name of the district {i}" for i in range(10)]
    cells = pd.DataFrame(places, columns=["x", "y"]).assign(area=names, district=names, homes=10)
    cells.loc[9, "homes"] = 1000  # the town, so that the village is not shown a second time, larger
    figure, numbered = type_map_with_names(
        Geography(cells),
        Panel("", pd.Series(3.0, index=names)),
        {name: i for i, name in enumerate(names, start=1)},
        title="Types",
        labels=[str(i) for i in range(1, 6)],
        missing="none",
    )
    assert len(numbered) >= 9
    figure.draw_without_rendering()
    texts = [text for axes in figure.axes for text in axes.texts]
    patches = [text.get_bbox_patch() for text in texts]
    boxes = [(patch or text).get_window_extent() for text, patch in zip(texts, patches, strict=True)]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_names__break_at_spaces_and_after_hyphens_only() -> None:
    assert break_name("Centrum") == "Centrum"
    assert break_name("Saxtorp-Kvärlöv-Annelöv") == "Saxtorp-\nKvärlöv-\nAnnelöv"
    assert break_name("Nyhamn-Södra Industriområdet") == "Nyhamn-Södra\nIndustriområdet"
    assert "".join(break_name("Ett långt namn på en stadsdel").split()) == "Ettlångtnamnpåenstadsdel"


def test_movement__names_what_moves_further_than_counts_as_still() -> None:
    # D of background between areas moves by .030, its limit is .02; employment by .005, its limit is .01
    rows = [
        (seed, year, measure, grouping, level, "", start + change * (year == 2032))
        for seed in (1, 2)
        for year in (2022, 2032)
        for measure, grouping, level, start, change in (
            ("D", "background", "area", 0.4, 0.03),
            ("employed", "", "municipality", 0.8, 0.005),
            ("population", "", "municipality", 1000.0, 20.0),
        )
    ]
    columns = ["seed", "year", "measure", "grouping", "level", "unit", "value"]
    town = load_scenario("landskrona")
    runs = pd.DataFrame(rows, columns=columns).assign(scenario=town.name)
    told = tell_movement(PageContext(town, (), runs, Geography(made_up.cells()), Words()))
    assert "Of 3 figures a planner reads, 1 stay" in told
    assert "over areas +0.030 (limit 0.020)" in told
    assert "whole municipality +2 % (limit 1 %)" in told
    assert "Employed" not in told

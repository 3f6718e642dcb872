"""Sweden's municipalities by name: every one starts as the published tables have it."""

import re
from pathlib import Path

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from segsim.cli import app
from segsim.errors import ScenarioError
from segsim.indices.official import area_types, shares_by_type
from segsim.scenario import load_scenario
from segsim.sweden import facts
from segsim.sweden.facts import read_area_rows, read_facts, read_school_rows
from segsim.sweden.municipalities import (
    find_municipality,
    list_municipalities,
    match_municipalities,
    search_municipalities,
)
from segsim.synthesis import build_initial_city
from segsim.synthesis.areas.area_table import BACKGROUND, HOUSEHOLD_KINDS, STOCK, settle_counts
from segsim.synthesis.areas.official_types import district_indices
from segsim.synthesis.places.listed_units import ABOUT, choose_cells, choose_grades
from segsim.synthesis.places.school_sites import SchoolSites
from segsim.synthesis.places.school_units import PupilHomes
from segsim.synthesis.sources import _load_areas, load_ground, load_source
from segsim.tables import Provider

CODES = [municipality.code for municipality in list_municipalities()]


def city_of(name):
    return load_scenario(name).city


def D(swedish, foreign):
    return np.abs(swedish / swedish.sum() - foreign / foreign.sum()).sum() / 2


# Facts -----------------------------------------------------------------------------------------------------


def test_facts__are_whole_small_and_of_known_origin():
    files = sorted(facts.FACTS.glob("*.parquet"))
    assert sum(file.stat().st_size for file in files) < 8e6
    provenance = (facts.FACTS.parent / "PROVENANCE.md").read_text("utf-8")
    assert all(f"`{file.name}`" in provenance for file in files)
    areas, schools = read_facts("areas").to_pandas(), read_facts("schools").to_pandas()
    districts = read_facts("districts", "regso_code", ["2584R001"]).to_pandas()
    assert (len(areas), areas["regso_code"].nunique(), areas["kommun_code"].nunique()) == (5984, 3363, 290)
    assert areas["deso"].is_unique
    assert (areas["deso"].str[:4] == areas["kommun_code"]).all()
    assert districts["regso_code_2025"].tolist() == ["2523R011"]
    assert schools["school_unit_code"].is_unique
    assert set(schools["place"]) == {"register", "district", "postcode", "town", "unknown"}
    assert (schools["lng"].isna() == (schools["place"] == "unknown")).all()
    assert (areas["point_is_estimated"] == ~areas["deso"].str.startswith("01")).all()


def test_districts__share_their_borders_throughout_the_country():
    """Nowhere do two overlap or leave a gap; with all its waters Sweden has 528 861 km2 (SCB)."""
    districts = read_facts("districts").to_pandas()
    shapes = shapely.from_wkb(districts["polygons"])
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    area = shapely.area(shapely.transform(shapes, to_equal_area))
    assert area.sum() / 1e6 == pytest.approx(528_861, rel=1e-4)


def to_equal_area(corners):
    """Project longitude and latitude to square metres that are true everywhere (Lambert's cylinder)."""
    radius = 6_371_007
    east, north = np.radians(corners).T
    return radius * np.column_stack([east, np.sin(north)])


def test_sums__are_the_published_ones():
    areas = read_facts("areas").to_pandas()
    assert areas["pop_total"].sum() == pytest.approx(10_521_556, abs=0)
    sodertalje = find_municipality("0181")
    assert (sodertalje.persons, sodertalje.areas, sodertalje.districts) == (102_426, 51, 31)
    assert pytest.approx(0.411, abs=0.001) == sodertalje.D


# Names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("landskrona", "1282"),
        ("1282", "1282"),
        ("LANDSKRONA KOMMUN", "1282"),
        ("upplands vasby", "0114"),
        ("Upplands-Väsby", "0114"),
        ("upplands_bro", "0139"),
        ("göteborgs stad", "1480"),
        ("Goteborgs kommun", "1480"),
        ("114", "0114"),
        ("Håbo", "0305"),
        ("Ha\u030abo", "0305"),
        ("0643", "0643"),
    ],
)
def test_name__is_understood_whatever_its_marks_and_case(text, code):
    assert find_municipality(text).code == code


def test_every_name_and_code__means_its_municipality():
    for municipality in list_municipalities():
        if municipality.name != "Habo":
            for text in (municipality.name, municipality.full_name, municipality.code):
                assert find_municipality(text) == municipality
    ambiguous = [m.name for m in list_municipalities() if len(match_municipalities(m.key)) > 1]
    assert sorted(ambiguous) == ["Habo", "Håbo"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("landskrna", 'there is no municipality "landskrna"; did you mean "Landskrona"?'),
        ("1283x", "there is no municipality"),
        ("9999", 'there is no municipality "9999"; segsim list municipalities shows them all'),
        ("12820", 'there is no municipality "12820"; segsim'),
        ("00", 'there is no municipality "00"; segsim'),
        ("1282 Lund", 'there is no municipality "1282 Lund"'),
        ("habo", 'write the code, "0305" for Håbo or "0643" for Habo'),
        ("", "segsim list municipalities"),
    ],
)
def test_bad_name__is_one_error_with_remedy(text, expected):
    with pytest.raises(ScenarioError, match=re.escape(expected)):
        find_municipality(text)


@pytest.mark.parametrize("text", ["9999", "12820", "00", "0"])
def test_nonsense_code__is_no_scenario_but_no_municipality(tmp_path, text):
    says = re.escape(f'there is no municipality "{text}"; segsim list municipalities')
    with pytest.raises(ScenarioError, match=says):
        load_scenario(text)
    (tmp_path / "one.yaml").write_text(f'extends: "{text}"\n')
    with pytest.raises(ScenarioError, match=f"one.yaml:1: extends: {says}"):
        load_scenario(tmp_path / "one.yaml")
    (tmp_path / "two.yaml").write_text(f"extends: {text}\n")
    with pytest.raises(ScenarioError, match=r"two.yaml:1: extends: there is no municipality"):
        load_scenario(tmp_path / "two.yaml")


def test_scenario__by_name_in_a_file_and_as_parent(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("label_en: Ours\ncity: {municipality: Upplands Väsby}\n", "utf-8")
    Path("number.yaml").write_text("city: {municipality: 1282}\n")
    Path("plan.yaml").write_text(
        "extends: Landskrona\npolicies: [{new_construction: {from: 2025, dwellings_per_year: 50}}]\n"
    )
    assert load_scenario("mine.yaml").city.municipality == "0114"
    assert load_scenario("number.yaml").content_hash == load_scenario("landskrona").content_hash
    plan = load_scenario("plan.yaml")
    assert (plan.city.municipality, plan.baseline().name) == ("1282", "landskrona")
    assert load_scenario("1282").name == "1282"
    Path("code.yaml").write_text("extends: 1282\n")
    assert load_scenario("code.yaml").city.municipality == "1282"
    Path("both.yaml").write_text("city: {municipality: 1282 Landskrona}\n")
    assert load_scenario("both.yaml").city.municipality == "1282"
    assert load_scenario("Håbo").name == "0305"
    assert load_scenario("landskrona", {"city.municipality": "solna"}).city.municipality == "0184"
    assert load_scenario("sodertalje", {"city.municipality": "solna"}).city.figures is None


def test_bad_name_in_a_file__has_file_line_and_remedy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("label_en: Ours\ncity:\n  municipality: landskrna\n", "utf-8")
    Path("plan.yaml").write_text("years: 3\nextends: landskrna\n")
    Path("twice.yaml").write_text("years: 3\nextends: habo\n")
    with pytest.raises(ScenarioError, match=r'mine\.yaml:3: .*"landskrna"; did you mean "Landskrona"\?'):
        load_scenario("mine.yaml")
    with pytest.raises(ScenarioError, match=r'plan\.yaml:2: extends: .*did you mean "landskrona"\?'):
        load_scenario("plan.yaml")
    with pytest.raises(ScenarioError, match=r'twice\.yaml:2: extends: .*"0305" for Håbo'):
        load_scenario("twice.yaml")


def test_facts__are_part_of_what_decides_results(monkeypatch):
    before = load_scenario("landskrona").content_hash
    monkeypatch.setattr("segsim.scenario.schema.hash_facts", lambda: "others")
    assert load_scenario("landskrona").content_hash != before


def test_list_municipalities__searches_names_codes_and_counties():
    assert len(search_municipalities("")) == 290
    assert [m.name for m in search_municipalities("landskr")] == ["Landskrona"]
    assert len(search_municipalities("Hallands län")) == 6
    assert len(search_municipalities("01")) == 26
    shown = CliRunner().invoke(app, ["list", "municipalities", "landskrona"]).stdout
    assert {"Landskrona", "1282", "47004", "0.39"} <= set(shown.split())
    failed = CliRunner().invoke(app, ["list", "municipalities", "landskrna"])
    assert failed.exit_code == 2


# Start states ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("county", sorted({code[:2] for code in CODES}))
def test_counts_of_every_municipality__are_those_of_the_table(county):
    for code in [code for code in CODES if code.startswith(county)]:
        rows = read_area_rows([code])
        counts = settle_counts(_load_areas(city_of(code))[0])
        assert counts.codes == tuple(rows["deso"]), code
        assert (counts.persons == rows["pop_total"]).all(), code
        assert (counts.households == rows[list(HOUSEHOLD_KINDS)]).all(axis=None), code
        assert (counts.dwellings == rows[list(STOCK)]).all(axis=None), code
        published = D(*(rows[name].to_numpy(float) for name in BACKGROUND))
        mine = D(counts.origin[:, 0], counts.origin[:, 1:].sum(1))
        assert mine == pytest.approx(published, abs=0.005), code
        assert (counts.origin[:, 1:].sum(1) == rows["foreign_background"]).all(), code
        assert (counts.origin[:, 2:] == rows[["born_europe_exsw", "born_rest_world"]]).all(axis=None), code
        residents = np.bincount(counts.district, weights=counts.persons)
        for index in district_indices(counts):
            types = shares_by_type(area_types(index), residents)
            assert types == pytest.approx(find_municipality(code).types, abs=0.03), code
        assert set(counts.district_names) >= set(rows["regso_name"]) - set(
            rows["regso_name"][rows["regso_name"].duplicated()]
        ), code


@pytest.mark.parametrize("code", CODES[::24])
def test_map__gives_every_area_squares_within_its_district(code):
    source = load_source(city_of(code))
    ground = load_ground(city_of(code), source.counts)
    assert set(source.layout.cells.area) == set(range(source.counts.n))
    assert [shape.code for shape in ground.shapes] == list(source.counts.codes)
    assert all(shape.geometry.area > 0 for shape in ground.shapes)
    parts = [shape.geometry for shape in ground.shapes]
    together = parts[0].union(parts[-1]).area
    assert parts[0].area + parts[-1].area == pytest.approx(together, rel=1e-6)


def test_schools__stand_where_the_register_has_them():
    city = build_initial_city(load_scenario("0187"), 1)
    rows = read_school_rows("0187")
    ground = load_ground(city_of("0187"), settle_counts(city.area_table))
    east, north = ground.metres(rows["lng"].to_numpy(), rows["lat"].to_numpy())
    schools = city.tables.schools.cell[: len(rows)]
    away = np.hypot(city.tables.cells.x[schools] - east, city.tables.cells.y[schools] - north)
    assert (away[rows["place"] == "register"] < 1000).all()


def test_grades__are_those_with_pupils():
    """Of Södertälje: F-5, few in F-5 and many in 7-9, 4-9, and F-9."""
    city = build_initial_city(load_scenario("0181"), 1)
    schools = city.tables.schools
    taught = zip(schools.first_grade.tolist(), schools.last_grade.tolist(), strict=True)
    grades = dict(zip(city.school_names, taught, strict=True))
    assert len(grades) == len(read_school_rows("0181"))  # none has to be invented
    assert grades["Tavestaskolan"] == (0, 6)
    assert grades["Eneskolan"] == (7, 9)
    assert grades["Rosenborgskolan"] == (7, 9)
    assert grades["Ronnaskolan"] == (0, 9)


def test_choice_of_grades__by_pupils_and_without_them():
    provider = np.array([Provider.INDEPENDENT, *[Provider.MUNICIPAL] * 4], np.int8)
    upper = np.array([20.0, 60.0, 60.0, 0.0, 60.0])
    lower = np.array([140.0, 210.0, 209.0, 7.0, 0.0])  # per grade: 20, 30 (half of 60), under half, 1, none
    first, last = choose_grades(provider, upper, lower)
    assert first.tolist() == [0, 0, 7, 0, 7]
    assert last.tolist() == [9, 9, 9, 6, 9]
    first, last = choose_grades(provider, np.array([20.0, 60, 50, 40, 30]), np.full(5, np.nan))
    assert first.tolist() == [
        0,
        7,
        7,
        7,
        0,
    ]  # the independent one, and the smallest of four municipal (35 %: one)
    assert last.tolist() == [9, 9, 9, 9, 9]


def test_schools_of_a_town__are_spread_over_its_pupils():
    """Cells 1 km apart, pupils on the last three; the middle of the town is cell 5."""
    x, y, pupils = 1000.0 * np.arange(10), np.zeros(10), np.array([0, 0, 0, 0, 0, 0, 0, 9, 9, 9])
    east, nobody = np.array([0.0, 5000.0, 5000.0, np.nan]), np.full(4, np.nan)
    doubt = np.array([0, ABOUT, ABOUT, 0])
    schools = SchoolSites(np.full(4, -1), np.ones(4), nobody, nobody, east, east * 0, doubt)
    cells = choose_cells(schools, x, y, PupilHomes(pupils, pupils, pupils), np.random.default_rng(1))
    assert cells[0] == 0
    assert cells[1:3].tolist() == [7, 7]  # the only cell with pupils within 3 km
    assert cells[3] in (7, 8, 9)


def test_schools__stand_on_the_nearest_cell_however_far():
    """Cells 1 km apart; one school between two of them, one 20 km beyond the last, one just before it."""
    x, nobody = 1000.0 * np.arange(10), np.zeros(10)
    east = np.array([3400.0, 29_000.0, 8900.0])
    unknown = np.full(3, np.nan)
    schools = SchoolSites(np.full(3, -1), np.ones(3), unknown, unknown, east, east * 0, np.zeros(3))
    homes = PupilHomes(nobody, nobody, nobody)
    cells = choose_cells(schools, x, nobody, homes, np.random.default_rng(1))
    assert cells.tolist() == [3, 9, 9]


def test_schools_of_doubtful_place__stand_where_their_pupils_live():
    """Cells 1 km apart with ten pupils each, of foreign background in the west; each school has 25.

    The first stands at cell 1. The second, said to be at cell 8 by a postcode, has pupils of foreign
    background: it stands in the west, beyond those the first takes. The third, of a town whose middle is
    cell 5, has none: it stands in the east.
    """
    x, y, tens = 1000.0 * np.arange(10), np.zeros(10), np.full(10, 10)
    homes = PupilHomes(tens, np.where(x < 5000, 10, 0), np.where(x < 5000, 0, 10))
    foreign = np.array([0.9, 0.9, 0.1])
    schools = SchoolSites(
        np.full(3, -1),
        np.full(3, 25.0),
        foreign,
        1 - foreign,
        x[[1, 8, 5]],
        y[:3],
        np.array([0, 1700, ABOUT]),
    )
    cells = choose_cells(schools, x, y, homes, np.random.default_rng(1))
    assert cells[0] == 1
    assert cells[1] in (3, 4)
    assert cells[2] in (5, 6, 7, 8)


def test_own_boundaries_and_schools__take_the_place_of_the_shipped_ones(tmp_path):
    rows = read_school_rows("1282")
    rows = rows[rows["n_9"] > 0][:2].assign(municipality_code="1282")
    path = tmp_path / "schools.csv"
    rows.drop(columns="place").to_csv(path, index=False)
    listed = load_source(load_scenario("1282", {"city.schools": str(path)}).city)
    assert listed.units[0].args[0].names == tuple(rows["school"])

"""Cities from tables of real areas, boundaries and schools: exact, mended with notes, or refused.

The fixtures are a made-up municipality, Påhittsby, in the formats of open Swedish data. Its table holds what
such tables hold: parts that do not sum, dwellings of unknown tenure, an area (0099C1080) with more households
than dwellings, residents of special housing, and a district (Kvarnby) whose official type is not that of
the index from open data.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segsim.errors import DataError
from segsim.groups import is_foreign
from segsim.indices.official import area_types
from segsim.scenario import CitySource, Scenario
from segsim.sweden.facts import read_area_rows
from segsim.synthesis import build_initial_city
from segsim.synthesis.areas.area_table import HOUSEHOLD_KINDS, STOCK, settle_counts
from segsim.synthesis.areas.official_types import district_indices, follow_official_types
from segsim.synthesis.files.area_file import read_areas
from segsim.synthesis.maps.boundaries import read_ground
from segsim.tables import NONE, Provider, Tenure
from tests.consistency import find_inconsistencies

FIXTURES = Path(__file__).parent / "fixtures"
AREAS = FIXTURES / "deso_example.csv"
BOUNDARIES = FIXTURES / "boundaries_example.geojson"
SCHOOLS, PLACES = FIXTURES / "schools_example.csv", FIXTURES / "school_places_example.csv"


def scenario_of(**city):
    return Scenario(name="pahittsby", city=CitySource(**{"areas": AREAS, "municipality": "0099", **city}))


def raw():
    frame = pd.read_csv(AREAS, dtype=str)
    return frame[frame["kommun_code"] == "0099"].reset_index(drop=True)


def column(frame, name):
    return frame[name].astype(float).to_numpy()


@pytest.fixture(scope="module")
def city():
    return build_initial_city(scenario_of(), 1)


def household_areas(tables):
    households = tables.households
    host = np.where(households.home == NONE, households.lodging_with, np.arange(households.id.size))
    return tables.cells.area[tables.dwellings.cell[households.home[host]]]


def test_start_state__equals_the_file(city):
    tables, frame = city.tables, raw()
    assert find_inconsistencies(tables) == []
    assert city.area_names == tuple(frame["deso"])
    area = household_areas(tables)
    assert np.bincount(area).tolist() == sum(column(frame, kind) for kind in HOUSEHOLD_KINDS).tolist()
    homes = tables.dwellings
    kind = np.select([homes.tenure <= Tenure.PRIVATE_RENTAL, homes.tenure == Tenure.COOPERATIVE], [0, 1], 2)
    for k, name in enumerate(STOCK):
        there = np.bincount(tables.cells.area[homes.cell[kind == k]], minlength=9)
        assert there.tolist() == column(frame, name).tolist()
    where = area[tables.persons.household]
    assert np.bincount(where).tolist() == column(frame, "pop_total").tolist()
    foreign = is_foreign(scenario_of().groups)[tables.persons.group]
    sums = column(frame, "swedish_background") + column(frame, "foreign_background") == column(
        frame, "pop_total"
    )
    assert (np.bincount(where[foreign], minlength=9) == column(frame, "foreign_background"))[sums].all()
    born = np.array([group.born for group in scenario_of().groups])[tables.persons.group]
    for name, part in (("born_rest_world", "outside_europe"), ("born_europe_exsw", "europe")):
        assert (np.bincount(where[born == part], minlength=9) == column(frame, name))[sums].all()
    assert sums.sum() == 8


def test_notes__say_what_was_mended_and_left_out(city):
    said = " ".join(map(str, city.notes))
    assert "3 dwellings of unknown tenure are left out" in said
    assert "households in 1 areas have no dwelling there; they begin as lodgers" in said
    assert "79 residents of special housing" in said
    assert "Kvarnby is of official type 3" in said


def test_more_households_than_dwellings__the_rest_lodge_in_the_area(city):
    tables, frame = city.tables, raw()
    lodging = tables.households.lodging_with != NONE
    excess = sum(column(frame, k) for k in HOUSEHOLD_KINDS) - sum(column(frame, k) for k in STOCK)
    assert lodging.sum() == excess[excess > 0].sum() > 0
    assert (household_areas(tables)[lodging] == 7).all()
    host = tables.households.lodging_with[lodging]
    assert (tables.households.group[host] == tables.households.group[lodging]).mean() > 0.5


def test_rates__are_those_of_the_file_within_two_points(city):
    tables, frame = city.tables, raw()
    area = household_areas(tables)[tables.persons.household]
    low = tables.households.standard[tables.persons.household] < 0.6 * 290.0
    found = np.bincount(area[low], minlength=9) / np.bincount(area, minlength=9)
    assert found == pytest.approx(column(frame, "low_econ_std_pct") / 100, abs=0.03)
    same = frame["regso_name"] != "Kvarnby"
    assert found[same] == pytest.approx(column(frame, "low_econ_std_pct")[same] / 100, abs=0.005)


def test_official_types__hold_at_the_start_by_either_range_of_ages(city):
    kinds = column(raw(), "omradestyp_2022")
    for index in district_indices(settle_counts(city.area_table)):
        assert area_types(index)[city.tables.areas.district].tolist() == kinds.tolist()


def test_official_types__hold_in_the_district_of_sweden_whose_open_data_are_farthest_off():
    table = read_area_rows(["0581"])
    numbers = table.select_dtypes("number").columns
    table[numbers] = table[numbers].astype(float)
    follow_official_types(table)
    hageby = table[table["regso_name"] == "Sydvästra Hageby"]
    for index in district_indices(settle_counts(hageby)):
        assert area_types(index).tolist() == [2] == hageby["omradestyp_2022"].unique().tolist()


@pytest.mark.parametrize(
    ("change", "encoding"),
    [
        (lambda text: text, "utf-8-sig"),
        (lambda text: text, "latin-1"),
        (lambda text: text, "utf-16"),
        (lambda text: text.replace(",", "\t"), "utf-8"),
        (lambda text: text.replace(",", ";").replace(".", ","), "latin-1"),
        (lambda text: "Tabell över DeSO\nKälla: SCB\n\n" + text + "\nFotnot: preliminär.\n", "utf-8"),
        (lambda text: text.replace("\n0099", "\n99").replace(",0099,", ",99,"), "utf-8"),
        (lambda text: text.replace("\n", "\r\n"), "utf-8"),
    ],
)
def test_formats__are_read_alike(tmp_path, change, encoding):
    path = tmp_path / "areas.csv"
    path.write_bytes(change(AREAS.read_text("utf-8")).encode(encoding))
    expected, _ = read_areas(AREAS, "0099")
    found, _ = read_areas(path, "Påhittsby")
    pd.testing.assert_frame_equal(found, expected)


def changed(tmp_path, **cells):
    """Write the table with some cells of one column changed; keys are columns, values {row: text}."""
    frame = pd.read_csv(AREAS, dtype=str)
    for name, values in cells.items():
        for row, value in values.items():
            frame.loc[row, name] = value
    path = tmp_path / "areas.csv"
    frame.to_csv(path, index=False)
    return path


def test_missing_values__are_filled_and_noted(tmp_path):
    path = changed(
        tmp_path,
        low_econ_std_pct={2: ".."},
        foreign_background={3: ".."},
        edu_lower_sec={4: "."},
        hh_other={5: ".."},
        employed={6: ""},
        pop_total={0: ".."},
        net_income_median_tkr={1: "209,5"},
    )
    table, notes = read_areas(path, "0099")
    said = " ".join(map(str, notes))
    assert not table.drop(columns="omradestyp_2022").isna().any().any()
    frame = raw()
    assert table["foreign_background"][3] == int(frame["foreign_background"][3])
    assert table["pop_total"][0] == int(frame["pop_total"][0])
    assert table["net_income_median_tkr"][1] == 209.5
    for name in (
        "low_econ_std_pct",
        "foreign_background",
        "edu_lower_sec",
        "hh_other",
        "employed",
        "pop_total",
    ):
        assert f"{name} is missing in 0099" in said
    assert find_inconsistencies(build_initial_city(scenario_of(areas=path), 2).tables) == []


def test_an_area_without_residents__is_allowed(tmp_path):
    frame = pd.read_csv(AREAS, dtype=str)
    counts = [c for c in frame if c not in ("deso", "kommun_code", "kommun", "regso_code", "regso_name")]
    frame.loc[6, counts] = "0"
    path = tmp_path / "areas.csv"
    frame.to_csv(path, index=False)
    first = build_initial_city(scenario_of(areas=path), 1)
    assert find_inconsistencies(first.tables) == []
    assert (household_areas(first.tables) != 6).all()
    assert np.isfinite(first.tables.areas.x).all()


BROKEN = {
    "text for a number": (
        {"pop_total": {1: "many"}},
        ["row 3", '"pop_total"', '"many" is not a number', ".."],
    ),
    "negative": ({"dw_rental": {0: "-4"}}, ["row 2", '"dw_rental"', "negative"]),
    "half a person": ({"born_sweden": {2: "12.5"}}, ["row 4", "whole number"]),
    "over 100 percent": ({"low_econ_std_pct": {2: "140"}}, ["row 4", "over 100 %"]),
    "no such type": ({"omradestyp_2022": {2: "9"}}, ["row 4", "no area type 9", "1 to 5"]),
    "infinite": ({"employed": {2: "inf"}}, ["row 4", "not a number"]),
    "huge": ({"pop_total": {2: "1e12"}}, ["row 4", "not a count"]),
    "area twice": ({"deso": {3: "0099C1010"}}, ["row 5", '"0099C1010" is there twice']),
    "more households than persons": (
        {"pop_total": {4: "10"}, "swedish_background": {4: "5"}, "foreign_background": {4: "5"}},
        ["row 6", "more households"],
    ),
    "no dwellings": ({name: {1: "0"} for name in STOCK}, ["row 3", "no dwelling of known tenure"]),
    "no households": ({name: {1: "0"} for name in HOUSEHOLD_KINDS}, ["row 3", "no household"]),
    "households not given": ({name: {1: ".."} for name in HOUSEHOLD_KINDS}, ["row 3", "look them up"]),
    "both backgrounds missing": (
        {"swedish_background": {1: ".."}, "foreign_background": {1: ".."}},
        ["row 3", "more than one of"],
    ),
    "no residents given": (
        {n: {1: ".."} for n in ("pop_total", "pop_bg_total", "pop_age_total", "pers_dwelling_total")},
        ["row 3", '"pop_total"', "cannot be guessed"],
    ),
    "no district": ({"regso_code": {0: ""}}, ["row 2", '"regso_code"', "name the district"]),
    "column of nothing": (
        {"net_income_median_tkr": dict.fromkeys(range(9), "..")},
        ["net_income_median_tkr", "no value"],
    ),
    "no income": ({"net_income_median_tkr": {2: "0"}}, ["row 4", "must be over 0"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_tables__are_refused_with_row_column_and_remedy(tmp_path, name):
    cells, expected = BROKEN[name]
    path = changed(tmp_path, **cells)
    with pytest.raises(DataError) as error:
        build_initial_city(scenario_of(areas=path), 1)
    for part in ["areas.csv", *expected]:
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "no header row; one column must be called deso"),
        ("deso,deso\n1,2\n", "is there twice"),
        ("deso,pop_total\n", "no row below the header"),
        ("deso,kommun_code,regso_code\n0099C1,0099,R1\n", "columns regso_name, pop_total"),
        ("deso,kommun_code,regso_code\n0099C1,0099\n", "row 2: has 2 values, the header 3"),
        ("deso,kommun_code,regso_code\n0099C1,0099,R,9\n", "row 2: has 4 values, the header 3"),
        ("PK\x03\x04rest", "save the sheet as CSV"),
    ],
)
def test_what_is_no_table__is_refused(tmp_path, text, expected):
    path = tmp_path / "areas.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=expected):
        read_areas(path, "0099")


def test_a_misspelt_column__is_named_with_its_neighbour(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text(AREAS.read_text("utf-8").replace("dw_coop", "dw_cop"), "utf-8")
    with pytest.raises(DataError, match=r'dw_coop missing \(is "dw_cop" meant\?\)'):
        read_areas(path, "0099")


@pytest.mark.parametrize(
    ("municipality", "expected"),
    [
        ("0098", 'did you mean "0099"'),
        ("Pahittsby", 'did you mean "Påhittsby"'),
        (None, "holds 2 municipalities"),
    ],
)
def test_wrong_municipality__is_refused_with_the_nearest(municipality, expected):
    with pytest.raises(DataError, match=expected):
        read_areas(AREAS, municipality)


def test_counts__parts_that_do_not_sum_are_scaled_to_the_residents():
    table, _ = read_areas(AREAS, "0099")
    counts = settle_counts(table)
    assert (counts.origin.sum(1) == counts.persons).all()
    assert (counts.young.sum(1) + counts.middle + counts.old == counts.persons).all()
    assert (counts.education.sum(1) == counts.middle).all()


# Boundaries ------------------------------------------------------------------------------------------------


def test_boundaries__cells_lie_within_their_areas():
    counts = settle_counts(read_areas(AREAS, "0099")[0])
    ground = read_ground(BOUNDARIES, counts)
    cells = ground.layout.cells
    assert np.unique(cells.id).size == cells.id.size
    assert set(cells.area) == set(range(9))
    for a, feature in enumerate(json.loads(BOUNDARIES.read_text())["features"]):
        rings = feature["geometry"]["coordinates"]
        polygons = rings if feature["geometry"]["type"] == "MultiPolygon" else [rings]
        points = np.array([point for polygon in polygons for ring in polygon for point in ring])
        x, y = ground.metres(points[:, 0], points[:, 1])
        here = cells.area == a
        assert x.min() - 1 <= cells.x[here].min() <= cells.x[here].max() <= x.max() + 1
        assert y.min() - 1 <= cells.y[here].min() <= cells.y[here].max() <= y.max() + 1


def test_boundaries__a_city_within_them_is_sound():
    first = build_initial_city(scenario_of(boundaries=BOUNDARIES), 1)
    assert find_inconsistencies(first.tables) == []
    east_west = first.tables.areas.x[:3]
    assert (np.diff(east_west) > 500).all()


def written(tmp_path, change):
    content = json.loads(BOUNDARIES.read_text())
    change(content)
    path = tmp_path / "boundaries.geojson"
    path.write_text(json.dumps(content))
    return path


def test_boundaries__other_property_names_and_metres_are_understood(tmp_path):
    def change(content):
        counts = settle_counts(read_areas(AREAS, "0099")[0])
        ground = read_ground(BOUNDARIES, counts)
        for feature in content["features"]:
            feature["properties"] = {"objectid": 7, "deso_2018": feature["properties"]["id"]}
            rings = feature["geometry"]["coordinates"]
            polygons = rings if feature["geometry"]["type"] == "MultiPolygon" else [rings]
            for polygon in polygons:
                for ring in polygon:
                    for point in ring:
                        x, y = ground.metres(np.array([point[0]]), np.array([point[1]]))
                        point[:] = [float(x[0]) + 600_000, float(y[0]) + 6_600_000]

    counts = settle_counts(read_areas(AREAS, "0099")[0])
    metric = read_ground(written(tmp_path, change), counts)
    expected = read_ground(BOUNDARIES, counts)
    assert metric.metres(np.array([15.0]), np.array([60.0]))[0] != pytest.approx(
        15.0
    )  # schools are in degrees
    assert metric.layout.cells.id.size == expected.layout.cells.id.size


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda c: c["features"].pop(), "1 areas have no boundary in it: 0099A1090"),
        (lambda c: c.update(features=[]), "holds no polygons"),
        (lambda c: c.pop("features"), "not a GeoJSON FeatureCollection"),
        (lambda c: [f["properties"].update(id="x") for f in c["features"]], "no property of its polygons"),
        (lambda c: c["features"][0]["geometry"].update(coordinates=[["a"]]), "feature 1: is not a polygon"),
    ],
)
def test_broken_boundaries__are_refused(tmp_path, change, expected):
    with pytest.raises(DataError, match=expected):
        build_initial_city(scenario_of(boundaries=written(tmp_path, change)), 1)


def test_boundaries__that_are_not_json_are_refused(tmp_path):
    path = tmp_path / "boundaries.geojson"
    path.write_text('{"type": "FeatureCollection",\n "features": [}')
    with pytest.raises(DataError, match="row 2: is not GeoJSON"):
        build_initial_city(scenario_of(boundaries=path), 1)


def test_geopackage__without_its_packages_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "geopandas", None)
    path = tmp_path / "areas.gpkg"
    path.write_bytes(b"SQLite format 3")
    with pytest.raises(DataError, match=r"pip install 'segsim\[geo\]'"):
        build_initial_city(scenario_of(boundaries=path), 1)


def test_geopackage__reads_like_geojson(tmp_path):
    geopandas = pytest.importorskip("geopandas")
    path = tmp_path / "areas.gpkg"
    geopandas.read_file(BOUNDARIES).to_crs(3006).to_file(path, driver="GPKG")
    counts = settle_counts(read_areas(AREAS, "0099")[0])
    found, expected = read_ground(path, counts).layout.cells, read_ground(BOUNDARIES, counts).layout.cells
    assert found.id.size == pytest.approx(expected.id.size, abs=5)


# Schools ---------------------------------------------------------------------------------------------------


def test_schools__stand_where_the_file_says_with_provider_size_and_merit():
    first = build_initial_city(
        scenario_of(boundaries=BOUNDARIES, schools=SCHOOLS, school_coordinates=PLACES), 1
    )
    tables = first.tables
    assert find_inconsistencies(tables) == []
    assert first.school_names[:4] == ("Hamnskolan", "Åsens skola, 7-9", "Friskolan Eken", "Byskolan")
    schools = tables.schools
    assert schools.provider[:4].tolist() == [
        Provider.MUNICIPAL,
        Provider.MUNICIPAL,
        Provider.INDEPENDENT,
        Provider.INDEPENDENT,
    ]
    assert schools.published_merit[:3] == pytest.approx([231.4, 205.9, 251.0])
    assert tables.cells.area[schools.cell[:3]].tolist() == [0, 4, 8]
    leavers = tables.persons.school[
        (tables.persons.school != NONE) & (tables.persons.birth_year == 2022 - 15)
    ]
    share = np.bincount(leavers, minlength=4)[:4] / leavers.size
    assert share == pytest.approx(np.array([64, 51, 29, 8]) / 152, abs=0.12)
    assert (schools.first_grade == 0).any()
    said = " ".join(map(str, first.notes))
    assert "1 schools do not show their grade-9 pupils" in said
    assert "1 schools have no coordinates" in said


@pytest.mark.parametrize("unit", [1, 100])
def test_schools__shares_of_their_pupils_are_read_as_shares_or_per_cent(tmp_path, unit):
    header, *rows = SCHOOLS.read_text("utf-8").splitlines()
    columns = "foreign_background,foreign_background_flag,parents_post_secondary,n_8,n_9"
    facts = [f"{0.31 * unit},,{0.5 * unit},60,64", ",suppressed,,50,50", f"{0.2 * unit},,{0.92 * unit},30,30"]
    facts += [",missing,,,"] * (len(rows) - len(facts))
    path = tmp_path / "schools.csv"
    lines = [f"{header},{columns}", *(f"{row},{more}" for row, more in zip(rows, facts, strict=True))]
    path.write_text("\n".join(lines), "utf-8")
    schools = build_initial_city(scenario_of(schools=path), 1).tables.schools
    assert schools.own_share[:4] == pytest.approx([0.31, 0.02, 0.2, np.nan], nan_ok=True)
    assert schools.educated_share[:4] == pytest.approx([0.5, np.nan, 0.92, np.nan], nan_ok=True)
    assert np.isnan(schools.own_share[4:]).all()


def test_schools__without_boundaries_or_coordinates_stand_where_pupils_live():
    assert find_inconsistencies(build_initial_city(scenario_of(schools=SCHOOLS), 1).tables) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("231.4\n", "731\n", "row 2"),
        ("10000002", "10000001", 'row 3: the school unit "10000001" is there twice'),
        (",64,64,", ",few,few,", 'row 2, column "n_pupils_g9": "few" is not a number'),
        ("municipality_code", "kod", "column municipality_code missing"),
        (",0099,", ",0098,", 'lists no school of the municipality "0099"'),
        ("school_unit_code", "x", "no header row"),
        (
            "pct_all_subjects",
            "foreign_background",
            'row 2, column "foreign_background": 171.2 is not between',
        ),
    ],
)
def test_broken_school_files__are_refused(tmp_path, old, new, expected):
    text = SCHOOLS.read_text("utf-8")
    if "731" in new:
        text = text.replace('"231,4"', '"731,4"')
    text = text.replace('"71,2","84,0"', '"171,2","84,0"')
    path = tmp_path / "schools.csv"
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DataError, match=expected):
        build_initial_city(scenario_of(schools=path), 1)

"""What people bring to the doors for data: mended with a note, or refused with place and remedy.

The table, the boundaries and the schools are those of `test_synthesis_files`, a made-up municipality.
"""

import json

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from segsim.errors import DataError
from segsim.synthesis import collect_notes
from segsim.synthesis.areas.area_table import settle_counts
from segsim.synthesis.files.area_codes import pad_municipality, parse_area_code
from segsim.synthesis.files.area_file import read_areas
from segsim.synthesis.files.school_file import read_schools
from segsim.synthesis.maps.boundaries import read_ground
from segsim.synthesis.maps.projection import SWEREF_99_TM, connect_systems
from segsim.tables import Provider
from tests.test_synthesis_files import AREAS, BOUNDARIES, PLACES, SCHOOLS, raw, scenario_of

LOW, HIGH, INCOME = "low_econ_std_pct", "high_econ_std_pct", "net_income_median_tkr"


def read(tmp_path, change, municipality="0099"):
    """Read the table after a change of its frame of texts; return it and its notes as one text."""
    frame = change(raw())
    path = tmp_path / "areas.csv"
    frame.to_csv(path, index=False)
    table, notes = read_areas(path, municipality)
    return table, " ".join(map(str, notes))


def setting(column, values):
    """Return a change that sets a column, to one value or by a function of its numbers."""

    def change(frame):
        numbers = frame[column].astype(float)
        return frame.assign(**{column: values(numbers).map("{:g}".format) if callable(values) else values})

    return change


# Units, parts and wholes -----------------------------------------------------------------------------------


def test_shares_for_percent__are_read_as_percent_and_told(tmp_path):
    expected = read_areas(AREAS, "0099")[0]
    for column in (LOW, HIGH):
        table, said = read(tmp_path, setting(column, lambda v: v / 100))
        assert table[column].to_numpy() == pytest.approx(expected[column].to_numpy())
        assert f"{column} was given as shares" in said


def test_kronor_for_thousands__are_read_as_thousands_and_told(tmp_path):
    expected = read_areas(AREAS, "0099")[0]
    table, said = read(tmp_path, setting(INCOME, lambda v: v * 1000))
    assert table[INCOME].to_numpy() == pytest.approx(expected[INCOME].to_numpy())
    assert "given in kronor" in said


IMPOSSIBLE = {
    "one share among percentages": (setting(LOW, lambda v: v.where(v.index != 2, 0.18)), "is it a share"),
    "income by the month": (setting(INCOME, lambda v: v / 12), "not between 50 and 2000"),
    "one income in kronor": (setting(INCOME, lambda v: v.where(v.index != 1, 209500)), "row 3.*not between"),
    "low and high": (lambda f: f.assign(**{LOW: "90", HIGH: "90"}), "over 100 % together"),
    "no Swedish background": (setting("swedish_background", "0"), "residents by background sum to"),
    "one background": (setting("swedish_background", lambda v: v.where(v.index != 3, 99999)), "row 5"),
    "nobody born": (
        lambda f: f.assign(born_sweden="0", born_europe_exsw="0", born_rest_world="0"),
        "residents by region of birth sum to 0",
    ),
    "an age": (setting("age_0_4", lambda v: v.where(v.index != 0, 99999)), "residents of 0-24"),
    "an education": (setting("edu_post_ge3", lambda v: v.where(v.index != 0, 99999)), "25-64 by education"),
    "employed": (setting("employed", lambda v: v.where(v.index != 0, 99999)), "employed and unemployed"),
    "working age": (setting("pop_16_64", lambda v: v.where(v.index != 0, 99999)), "pop_16_64"),
    "nobody young": (setting("age_5_9", "0"), '"age_5_9" is 0 in the whole municipality'),
    "ten times the residents": (setting("pop_total", lambda v: v * 10), "residents in"),
    "ten times the dwellings": (setting("dw_rental", lambda v: v * 10 + 5000), "dwellings for"),
    "two columns exchanged": (
        lambda f: f.rename(
            columns={"edu_post_ge3": "foreign_background", "foreign_background": "edu_post_ge3"}
        ),
        "see that every column holds",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be__is_refused(tmp_path, name):
    change, expected = IMPOSSIBLE[name]
    with pytest.raises(DataError, match=expected) as error:
        read(tmp_path, change)
    assert "areas.csv" in f"{error.value:sv}" != str(error.value)


def test_parts_a_few_persons_off__are_scaled_and_told(tmp_path):
    said = read(tmp_path, setting("foreign_background", lambda v: v - 7))[1]
    assert "swedish_background, foreign_background do not sum to pop_total in 9 areas, by 10 at most" in said


def test_a_share_beyond_every_municipality__is_told(tmp_path):
    def move(frame):
        all_ = frame["edu_upper_sec"].astype(int) + frame["edu_lower_sec"].astype(int)
        return frame.assign(edu_lower_sec=all_.astype(str), edu_upper_sec="9")

    assert "edu_lower_sec is 0." in (said := read(tmp_path, move)[1])
    assert "in Sweden's municipalities" in said


def total(frame, key):
    row = frame.iloc[0].copy()
    counts = frame.columns[6:]
    row[counts] = frame[counts].astype(float).sum().map("{:g}".format)
    row[[LOW, HIGH, INCOME]] = ["14", "4", "270"]
    row["deso"] = key
    return pd.concat([frame, row.to_frame().T], ignore_index=True)


@pytest.mark.parametrize("key", ["0099", "Totalt", "00 Riket", "Påhittsby", "Samtliga områden", "0099R001"])
def test_a_total_row__is_left_out_and_told(tmp_path, key):
    table, said = read(tmp_path, lambda frame: total(frame, key))
    assert len(table) == 9
    assert "left out" in said
    assert key in said


def test_a_total_row_with_the_code_of_an_area__is_known_by_its_residents(tmp_path):
    table, said = read(tmp_path, lambda frame: total(frame, "0099C9990"))
    assert len(table) == 9
    assert "as many residents as all others together" in said


def test_both_divisions__the_one_without_figures_is_left_out(tmp_path):
    def both(frame):
        empty = frame.assign(deso=frame["deso"] + "_DeSO2025", pop_total="0", pop_bg_total="0")
        return pd.concat([frame, empty])

    table, said = read(tmp_path, both)
    assert len(table) == 9
    assert "9 rows of the division of 2025" in said
    with pytest.raises(DataError, match="holds areas of both divisions"):
        read(tmp_path, lambda f: pd.concat([f, f.assign(deso=f["deso"] + "_DeSO2025")]))


# Headers, codes and texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["region", "DeSO_2018", "DeSO_2025", "Desokod", "Kod", "regionkod"])
def test_the_key__goes_under_many_names(tmp_path, key):
    table, _ = read(tmp_path, lambda f: f.rename(columns={"deso": key}))
    pd.testing.assert_frame_equal(table, read_areas(AREAS, "0099")[0])


@pytest.mark.parametrize(
    "write",
    [
        "{} Påhittsby".format,
        "Påhittsby {}".format,
        "Påhittsby ({})".format,
        "{}_DeSO2025".format,
        str.lower,
        lambda code: code.removeprefix("00"),
    ],
)
def test_codes__are_read_with_what_stands_beside_them(tmp_path, write):
    table, _ = read(tmp_path, lambda f: f.assign(deso=f["deso"].map(write)))
    assert table["deso"].tolist() == raw()["deso"].tolist()


def test_codes__of_districts_and_municipalities():
    assert parse_area_code("0114R001_RegSO2025") == ("0114R001", 2025)
    assert parse_area_code("12345") is parse_area_code("0114A00101") is None
    assert [pad_municipality(text) for text in ("181.0", "0181 Södertälje", "181", "Södertälje")] == [
        *["0181"] * 3,
        "Södertälje",
    ]


@pytest.mark.parametrize("mark", ["…", "....", ":", "x", "7 *", "–", "NA", "#N/A"])
def test_marks_of_missing_values__are_known(tmp_path, mark):
    _, said = read(tmp_path, lambda f: set_cell(f, "edu_lower_sec", mark))
    assert "edu_lower_sec is missing in 0099C1030" in said


def set_cell(frame, column, text):
    frame.loc[2, column] = text
    return frame


@pytest.mark.parametrize("text", ["1.799", "1,799", "1 799", "1\u00a0799", "1'799"])
def test_thousands__are_set_apart_in_many_ways(tmp_path, text):
    table, said = read(tmp_path, lambda f: set_cell(f, "pop_total", text))
    assert table["pop_total"][2] == 1799
    assert ("1 counts have a point or comma" in said) == (text[1] in ".,")


@pytest.mark.parametrize("text", ["5%", "1_000", "٣٤", "12.5", "1e999"])
def test_what_is_no_count__is_refused(tmp_path, text):
    with pytest.raises(DataError, match='row 4, column "pop_total"'):
        read(tmp_path, lambda f: set_cell(f, "pop_total", text))


def test_headers__types_of_any_year_and_columns_that_are_not_known(tmp_path):
    table, said = read(
        tmp_path, lambda f: f.rename(columns={"omradestyp_2022": "Områdestyp 2024"}).assign(skog="1")
    )
    assert table["omradestyp_2022"].tolist() == read_areas(AREAS, "0099")[0]["omradestyp_2022"].tolist()
    assert "The official area types are those of 2024" in said
    assert 'not used: "skog"' in said
    said = read(tmp_path, lambda f: f.rename(columns={"pers_special_housing": "pers_special_hosing"}))[1]
    assert 'did you mean "pers_special_housing"?' in said


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "pop_totl", '"pop_totl" (beside "pop_total")'),
        ("", "low_econ_std_procent", '"low_econ_std_procent" (beside "low_econ_std_pct")'),
        ("pers_special_housing", "pers_specal_housing", 'did you mean "pers_special_housing"?'),
        ("dw_tenure_unknown", "dw_tenur_unknown", 'did you mean "dw_tenure_unknown"?'),
        ("", "y", 'not used: "y"'),
    ],
)
def test_columns_of_areas__that_are_not_known_have_the_nearest_named(tmp_path, old, new, expected):
    _, said = read(tmp_path, lambda f: f.drop(columns=old, errors="ignore").assign(**{new: "1"}))
    assert new in said
    assert expected in said


@pytest.mark.parametrize("missing", ["age_0_4", "pop_16_64", "dw_coop"])
def test_columns_of_areas__that_are_needed_have_the_nearest_header_named(tmp_path, missing):
    with pytest.raises(DataError, match=rf'{missing}.* missing \(is "{missing}s" meant\?\)') as caught:
        read(tmp_path, lambda f: f.rename(columns={missing: f"{missing}s"}).drop(columns="edu_unknown"))
    assert f'(menas "{missing}s"?)' in f"{caught.value:sv}"


def test_letters_taken_apart__are_put_together(tmp_path):
    import unicodedata

    frame = raw()
    path = tmp_path / "areas.csv"
    path.write_text(unicodedata.normalize("NFD", frame.to_csv(index=False)), "utf-8")
    pd.testing.assert_frame_equal(read_areas(path, "Påhittsby")[0], read_areas(AREAS, "0099")[0])


def test_a_workbook__is_read_like_text(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    book.create_sheet("Notes", 0).append(["Källa: SCB"])
    sheet.append(["Tabell över områden"])
    sheet.append([])
    frame = raw()
    sheet.append(list(frame.columns))
    for row in frame.itertuples(index=False):
        sheet.append([float(v) if v.replace(".", "").isdigit() and n > 5 else v for n, v in enumerate(row)])
    sheet.append(["Källa: SCB"])
    book.save(tmp_path / "areas.xlsx")
    found, _ = read_areas(tmp_path / "areas.xlsx", "99")
    pd.testing.assert_frame_equal(found, read_areas(AREAS, "0099")[0])


# Boundaries ------------------------------------------------------------------------------------------------


def move_points(path, change, **more):
    """Write the boundaries with every point changed."""

    def walk(value):
        if isinstance(value[0], int | float):
            return [float(v) for v in change(*value[:2])]
        return [walk(inner) for inner in value]

    content = {**json.loads(BOUNDARIES.read_text()), **more}
    for feature in content["features"]:
        feature["geometry"]["coordinates"] = walk(feature["geometry"]["coordinates"])
    path.write_text(json.dumps(content))
    return path


def counts():
    return settle_counts(read_areas(AREAS, "0099")[0])


def project(system):
    return connect_systems("EPSG:4326", system).transform


@pytest.mark.parametrize(
    ("change", "more", "said"),
    [
        (lambda x, y: (y, x), {}, "has north before east"),
        (lambda x, y: project(SWEREF_99_TM)(x, y), {}, ""),
        (lambda x, y: project(SWEREF_99_TM)(x, y)[::-1], {}, "has north before east"),
        (
            lambda x, y: project("EPSG:3857")(x, y),
            {"crs": {"properties": {"name": "EPSG:3857"}}},
            "is in EPSG:3857",
        ),
        (
            lambda x, y: (x, y),
            {"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}},
            "says that it is in EPSG:3006, and holds degrees",
        ),
        (
            lambda x, y: project(SWEREF_99_TM)(x, y),
            {"crs": {"properties": {"name": "EPSG:4258"}}},
            "says that it is in EPSG:4258, and holds metres",
        ),
        (lambda x, y: (x, y), {"crs": {"properties": {"name": "EPSG:3857"}}}, "says that it is in EPSG:3857"),
        (lambda x, y: (x, y), {"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4258"}}}, ""),
        (lambda x, y: (x, y), {"crs": {"properties": {"name": "EPSG:99999"}}}, ""),
    ],
)
def test_boundaries__in_other_systems_lie_where_they_do(tmp_path, change, more, said):
    expected = read_ground(BOUNDARIES, counts())
    ground = read_ground(move_points(tmp_path / "b.geojson", change, **more), counts())
    cells = ground.layout.cells
    assert cells.id.size == pytest.approx(expected.layout.cells.id.size, abs=9)
    assert said in " ".join(map(str, ground.notes))
    assert bool(said) == bool(ground.notes)
    school = np.array([16.008]), np.array([60.004])  # in degrees, whatever the boundaries are in
    for here, there in zip(ground.metres(*school), expected.metres(*school), strict=True):
        assert here == pytest.approx(there, abs=150)


def spoil(content, kind):
    first, second = content["features"][:2]
    ring = first["geometry"]["coordinates"][0]
    ring = ring[0] if isinstance(ring[0][0], list) else ring
    if kind == "same":
        second["geometry"] = first["geometry"]
    elif kind == "municipality":
        for feature in content["features"]:
            feature["properties"]["id"] = "0181" + feature["properties"]["id"][4:]
    elif kind == "metres beside degrees":
        first["geometry"]["coordinates"] = [
            [[600_000, 6_600_000], [601_000, 6_600_000], [600_500, 6_601_000]]
        ]
    elif kind == "a point":
        first["geometry"]["coordinates"] = [[ring[0]] * 4]
    elif kind == "nothing":
        first["geometry"]["coordinates"] = []
    elif kind == "no geometry":
        first["geometry"] = None
    elif kind == "all around it":
        first["geometry"]["coordinates"] = [[[15.9, 59.9], [16.2, 59.9], [16.2, 60.1], [15.9, 60.1]]]
    elif kind == "districts":
        for i, feature in enumerate(content["features"]):
            feature["properties"]["id"] = f"0099R{i:03d}_RegSO2025"
    else:
        ring[1] = kind


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("same", "the areas 0099C1010 and 0099C1020 have the same boundary"),
        ("municipality", "holds codes of 0181, none of 0099"),
        ("districts", r"holds districts \(RegSO\), such as 0099R000; the table has areas \(DeSO\)"),
        ("metres beside degrees", "0099C1020 is in degrees and 0099C1010 in metres"),
        ("a point", "the boundary of 0099C1010 encloses nothing"),
        ("nothing", "1 areas have no boundary in it: 0099C1010"),
        ("no geometry", "if they stand there with an empty geometry, export it anew"),
        ("all around it", "100 % of the area 0099C1020 lies within 0099C1010"),
        ([180, 90], "the area 0099C1010 lies outside Sweden"),
        ([-180, -90], "the area 0099C1010 lies outside Sweden"),
        ([17.6, -59.2], "the area 0099C1010 lies outside Sweden"),
        ([1e12, 59.2], r"0099C1010 has a corner at 1e\+12"),
        ([1e308, 59.2], "0099C1010 has a corner"),
        ([600_000, 6_600_000], "0099C1010 has a corner at 600000"),
        ([11.0, 68.0], "the boundary of 0099C1010 is .* km wide"),
    ],
)
def test_boundaries__that_cannot_be_these_areas_are_refused(tmp_path, kind, expected):
    content = json.loads(BOUNDARIES.read_text())
    spoil(content, kind)
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps(content))
    with pytest.raises(DataError, match=expected) as error:
        read_ground(path, counts())
    assert "b.geojson" in f"{error.value:sv}" != str(error.value)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda x, y: project("EPSG:3857")(x, y), "outside Sweden"),
        (lambda x, y: (-x, -y), "outside Sweden"),
        (lambda x, y: (x * 1e6, y * 1e6), "has a corner"),
    ],
)
def test_boundaries__in_an_unknown_system_are_refused(tmp_path, change, expected):
    with pytest.raises(DataError, match=expected):
        read_ground(move_points(tmp_path / "b.geojson", change), counts())


def test_boundaries__lists_without_end_are_refused(tmp_path):
    path = tmp_path / "b.geojson"
    path.write_text('{"features": ' + "[" * 100_000)
    with pytest.raises(DataError, match=r"b.geojson.*is not GeoJSON"):
        read_ground(path, counts())


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("b.dbf", b"\x03\x00\x00", r"b.dbf: is not GeoJSON; of a shapefile name the part .* \.shp"),
        ("b.geojson", b"SQLite format 3\x00", "let a GeoPackage end with .gpkg"),
        ("b.json", b"PK\x03\x04", "or export GeoJSON"),
        ("b.shp", b"\x00", "b.shx is not beside it; a shapefile is several files of one name"),
        ("b.geojson", b"<html>Service exception</html>", "row 1: is not GeoJSON"),
    ],
)
def test_boundaries__in_another_kind_of_file_say_which(tmp_path, name, content, expected):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=expected) as error:
        read_ground(tmp_path / name, counts())
    assert f"{error.value:sv}" != str(error.value)


def write_layers(path, **layers):
    """Write layers of a file of maps: codes, geometry and system of each."""
    geopandas = pytest.importorskip("geopandas")
    for name, (key, codes, geometry, system) in layers.items():
        frame = geopandas.GeoDataFrame({key: codes}, geometry=geometry, crs=system)
        frame.to_file(path, layer=name, driver="GPKG" if path.suffix == ".gpkg" else None)
    return path


def shapes_in_metres():
    content = json.loads(BOUNDARIES.read_text())["features"]
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in content]
    codes = [feature["properties"]["id"] for feature in content]
    return codes, shapely.transform(np.array(shapes), project(SWEREF_99_TM), interleaved=False)


@pytest.mark.parametrize("kind", ["layers", "north first", "said degrees", "points", "other projection"])
def test_boundaries__of_the_layer_with_the_codes_are_taken(tmp_path, kind):
    codes, shapes = shapes_in_metres()
    system, told, path = SWEREF_99_TM, "", tmp_path / "b.gpkg"
    if kind == "layers":
        write_layers(path, regso=("regsokod", [f"0099R{n:03}" for n in range(len(codes))], shapes, system))
        write_layers(path, grid=("id", [f"{n}" for n in range(20)], [shapes[0]] * 20, system))
    elif kind == "north first":
        shapes, told = shapely.transform(shapes, lambda points: points[:, ::-1]), "has north before east"
    elif kind == "said degrees":
        system, told = "EPSG:4326", "says that it is in EPSG:4326, and holds metres"
    elif kind == "points":
        write_layers(path, middles=("desokod", codes, shapely.centroid(shapes), system))
    else:
        there = connect_systems(SWEREF_99_TM, "EPSG:3008").transform
        shapes, system, told = (
            shapely.transform(shapes, there, interleaved=False),
            "EPSG:3008",
            "is in EPSG:3008",
        )
    ground = read_ground(write_layers(path, deso=("desokod", codes, shapes, system)), counts())
    expected = read_ground(BOUNDARIES, counts()).layout.cells.id.size
    assert ground.layout.cells.id.size == pytest.approx(expected, abs=9)
    assert told in " ".join(map(str, ground.notes))
    assert bool(told) == bool(ground.notes)


@pytest.mark.parametrize("part", ["", ".prj", ".dbf", ".shx"])
def test_a_shapefile__is_read_and_says_which_part_is_lacking(tmp_path, part):
    codes, shapes = shapes_in_metres()
    path = write_layers(tmp_path / "b.shp", b=("desokod", codes, shapes, SWEREF_99_TM))
    if part:
        path.with_suffix(part).unlink()
    if part in ("", ".prj"):
        assert len(read_ground(path, counts()).shapes) == len(codes)
    else:
        with pytest.raises(DataError, match=f"b{part} is not beside it"):
            read_ground(path, counts())


# Schools ---------------------------------------------------------------------------------------------------

SKOLVERKET = """\ufeffStatistik från Skolverket, http://www.skolverket.se

Grundskolan - Slutbetyg årskurs 9, samtliga elever
Valt läsår: 2024/25

Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;Antal elever;\
Andel (%) elever som uppfyllt betygskriterierna i alla ämnen;Andel (%) elever behöriga till yrkesprog.;\
Genomsnittligt meritvärde (17 ämnen);
Rönnowskolan;10000001;Landskrona;1282;Kommunal;Landskrona kommun;2120001140;64;71,2;~100;231,4;
Friskolan Eken;10000002;Landskrona;1282;Enskild;Eken AB;5560001111;29;..;84,0;251,0;
Liten skola;10000003;Landskrona;1282;Enskild;Liten AB;5560001112;..;.;.;..;
Annan skola;10000004;Lund;1281;Kommunal;Lunds kommun;2120001141;80;71,2;84,0;230,0;
"""


def write_schools(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "schools.csv"
    path.write_text(text, encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_skolverkets_file__is_read_as_it_comes(tmp_path, encoding):
    text = SKOLVERKET if encoding != "latin-1" else SKOLVERKET.lstrip("\ufeff")
    listed, notes = read_schools(write_schools(tmp_path, text, encoding), None, "1282")
    assert listed.names == ("Rönnowskolan", "Friskolan Eken", "Liten skola")
    assert listed.provider.tolist() == [Provider.MUNICIPAL, Provider.INDEPENDENT, Provider.INDEPENDENT]
    assert listed.pupils.tolist() == [64, 29, 8]
    assert listed.merit[:2].tolist() == [231.4, 251.0]
    said = " ".join(map(str, notes))
    assert "1 schools do not show their grade-9 pupils" in said
    assert "1 schools show no merit value" in said
    assert "3 schools have no coordinates" in said


@pytest.mark.parametrize(
    ("word", "provider", "told"),
    [
        ("Fristående", Provider.INDEPENDENT, False),
        ("E", Provider.INDEPENDENT, False),
        ("Kommunen", Provider.MUNICIPAL, False),
        ("Statlig", Provider.MUNICIPAL, False),
        ("Stiftelse", Provider.MUNICIPAL, True),
        ("Enskld", Provider.MUNICIPAL, True),
        ("true", Provider.MUNICIPAL, True),
        ("", Provider.MUNICIPAL, True),
    ],
)
def test_providers__in_other_words_are_known_or_told(tmp_path, word, provider, told):
    text = SKOLVERKET.replace(";Enskild;Eken", f";{word};Eken")
    listed, notes = read_schools(write_schools(tmp_path, text), None, "1282")
    assert listed.provider[1] == provider
    assert ("kind of provider that is not known" in " ".join(map(str, notes))) == told


def test_providers__not_given_are_told(tmp_path):
    text = SKOLVERKET.replace("Typ av huvudman", "Sort")
    said = " ".join(map(str, read_schools(write_schools(tmp_path, text), None, "1282")[1]))
    assert "all 3 are taken as municipal" in said


@pytest.mark.parametrize(
    ("lat", "lng", "said"),
    [
        ("60.0040", "16.0080", ""),
        ("16.0080", "60.0040", "Latitude and longitude of 1 schools were exchanged"),
        ("6652337", "556237", "metres in SWEREF 99 TM"),
        ("556237", "6652337", "metres in SWEREF 99 TM"),
        ("0", "0", "have the coordinates 0, 0"),
        ("90", "500", "no place on earth"),
        ("-91", "500", "no place on earth"),
        ("55.6", "13.0", "Schools more than 50 km from every home"),
        ("..", "..", "2 schools have no coordinates"),
    ],
)
def test_coordinates__are_put_right_or_left_out(tmp_path, lat, lng, said):
    text = PLACES.read_text("utf-8").replace("60.0040,16.0080", f"{lat},{lng}")
    path = tmp_path / "places.csv"
    path.write_text(text, "utf-8")
    notes = collect_notes(scenario_of(boundaries=BOUNDARIES, schools=SCHOOLS, school_coordinates=path))
    told = " ".join(map(str, notes))
    assert said in told
    assert ("2 schools have no coordinates" in told) == (said.startswith(("have the", "no place", "2")))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("provider_type", "provider_typ", 'did you mean "provider_type"?'),
        ("merit_value_17", "merit_valu_17", 'did you mean "merit_value_17"?'),
        ("n_pupils_g9", "n_pupil_g9", 'did you mean "n_pupils_g9"?'),
        ("", "skolkommunkode", 'did you mean "skolkommunkod"?'),
        ("", "telefon", '"pct_eligible_vocational", "telefon".'),
    ],
)
def test_columns_of_schools__that_are_not_known_have_the_nearest_named(tmp_path, old, new, expected):
    frame = pd.read_csv(SCHOOLS, dtype=str).drop(columns=old, errors="ignore").assign(**{new: "1"})
    frame.to_csv(tmp_path / "schools.csv", index=False)
    _, notes = read_schools(tmp_path / "schools.csv", None, "0099")
    said = " ".join(map(str, notes))
    assert new in said
    assert expected in said


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("n_pupils_g9", "0.4", "0.4 is no number of pupils"),
        ("n_pupils_g9", "12,5", "12.5 is no number of pupils"),
        ("n_3", "-2", "-2 is no number of pupils"),
        ("n_7", "0.25", "0.25 is no number of pupils"),
        ("merit_value_17", "0.7", "0.7 is not between 20 and 340"),
        ("merit_value_17", "13.4", "13.4 is not between 20 and 340"),
        ("merit_value_17", "2315", "2315 is not between 20 and 340"),
        ("merit_value_17", "0", "0 is not between 20 and 340"),
    ],
)
def test_figures_of_schools__in_other_units_are_refused_by_row_and_column(tmp_path, column, value, expected):
    frame = pd.read_csv(SCHOOLS, dtype=str)
    frame.loc[frame["municipality_code"] == "0099", column] = value
    frame.to_csv(tmp_path / "schools.csv", index=False)
    with pytest.raises(DataError, match=f'row 2, column "{column}": {expected}') as caught:
        read_schools(tmp_path / "schools.csv", None, "0099")
    assert f'rad 2, kolumn "{column}"' in f"{caught.value:sv}"


def test_codes_of_schools__with_decimals_meet_their_coordinates(tmp_path):
    text = SCHOOLS.read_text("utf-8").replace("10000001", "10000001.0").replace(",0099,", ",99.0,")
    listed, _ = read_schools(write_schools(tmp_path, text), PLACES, "0099")
    assert listed.codes[0] == "10000001"
    assert listed.latitude[0] == pytest.approx(60.004)


def test_what_is_not_given__is_told_to_be_invented():
    said = " ".join(map(str, collect_notes(scenario_of())))
    assert "No boundaries are given: where areas lie is invented" in said
    assert "No schools are given" in said
    said = " ".join(map(str, collect_notes(scenario_of(schools=SCHOOLS, school_coordinates=PLACES))))
    assert "are not used, since the city has no boundaries" in said
    assert "No schools are given" not in said
    said = " ".join(map(str, collect_notes(scenario_of(boundaries=BOUNDARIES, schools=SCHOOLS))))
    assert "invented" not in said


def test_notes__are_told_in_swedish():
    notes = [note.text("sv") for note in collect_notes(scenario_of())]
    assert any(note.startswith("Inga gränser är givna") for note in notes)

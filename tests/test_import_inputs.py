"""Maps, schools and tables that do not fit, in a folder to be imported: each gives one error or note.

The maps are squares of 2 km in Landskrona, one for each area, in the forms in which authorities publish
boundaries; the schools stand in a table in the form of Skolverket's.
"""

import json
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from typer.testing import CliRunner

from scb_exports import LAYOUTS, TABLES, Extract
from segsim.cli import app
from segsim.errors import DataError
from segsim.scenario import load_scenario
from segsim.sweden.facts import read_area_rows
from segsim.sweden.municipalities import find_municipality
from segsim.synthesis import build_initial_city
from segsim.synthesis.imports.writing import import_folder
from segsim.synthesis.maps.projection import SWEREF_99_TM, connect_systems

CODE = "1282"
FACTS = read_area_rows([CODE]).set_index("deso")
LANDSKRONA = find_municipality(CODE)
WGS_84, SWEREF_13_30 = "EPSG:4326", "EPSG:3008"
WEST, SOUTH, SIDE = 360_000, 6_190_000, 2000
SKOLVERKET = """\ufeffSlutbetyg årskurs 9, samtliga elever
Läsår: 2024/25
Uttaget: 2025-10-01

Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Antal elever;\
Andel (%) behöriga till yrkesprog.;Genomsnittligt meritvärde (17 ämnen);
Rönnowskolan;10000001;Landskrona;1282;Kommunal;Landskrona kommun;64;~100;231,4;
Friskolan Eken;10000002;Landskrona;1282;Enskild;Eken AB;29;84,0;251,0;
Liten skola;10000003;Landskrona;1282;Enskild;Liten AB;..;.;..;
Annan skola;10000004;Lund;1281;Kommunal;Lunds kommun;80;84,0;230,0;
"""


def export(folder, rows, tables=TABLES, year="2022"):
    for table in tables:
        LAYOUTS["all in columns"][1](folder / f"{table.number}.csv", Extract(table, rows, (year,)))
    return folder


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "uttag").mkdir()
    return export(tmp_path / "uttag", {str(code): row for code, row in FACTS.iterrows()})


def outline(n):
    """Return the square of an area in metres, by its number."""
    west, south = WEST + SIDE * (n % 8), SOUTH + SIDE * (n // 8)
    return shapely.box(west, south, west + SIDE, south + SIDE)


def write_map(path, codes=FACTS.index, key="desokod", system=SWEREF_99_TM, said=True, suffix="", more=None):
    """Write the squares as GeoJSON in a system of coordinates, which the file says or keeps to itself."""
    convert = connect_systems(SWEREF_99_TM, system).transform
    content = {"type": "FeatureCollection"}
    if said:
        content["crs"] = {
            "type": "name",
            "properties": {"name": f"urn:ogc:def:crs:{system[:4]}::{system[5:]}"},
        }
    content["features"] = [
        {
            "type": "Feature",
            "id": f"layer.{n}",
            "geometry": json.loads(
                shapely.to_geojson(shapely.transform(outline(n), convert, interleaved=False))
            ),
            "properties": {
                "objektidentitet": f"7c8ac80e-{n:04d}-4c1d-9c30-e2b1a1b7b1aa",
                key: f"{code}{suffix}",
                **(more(code) if more else {}),
                "kommunkod": CODE,
                "version": "2018_v3",
            },
        }
        for n, code in enumerate(codes)
    ]
    path.write_text(json.dumps(content), "utf-8")


def taken(made, name):
    """Return what a file was taken for, or what is wrong with it."""
    file = next(file for file in made.folder.files if file.name == name)
    return str(file.fault or file.taken.en)


def kinds(made):
    return {note.kind for note in made.notes}


# Maps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        {"key": "desokod"},
        {"key": "DeSO", "system": WGS_84},
        {"key": "deso_code", "system": WGS_84, "said": False},
        {"key": "kod", "said": False},
        {"key": "id", "suffix": " Landskrona"},
        {"key": "area_id", "system": SWEREF_13_30},
        {"key": "desokod", "suffix": "_DeSO2018", "system": "EPSG:3857"},
    ],
    ids=str,
)
def test_boundaries__in_usual_forms_lie_where_they_do(folder, tmp_path, form):
    write_map(folder / "karta.geojson", **form)
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert taken(made, "karta.geojson") == f"boundaries of {len(FACTS)} areas (DeSO)"
    assert "no_outlines" not in kinds(made)
    written = json.loads((tmp_path / "own" / "boundaries.geojson").read_text())
    corners = np.array(written["features"][0]["geometry"]["coordinates"][0][0])
    corners = np.column_stack(connect_systems(WGS_84, SWEREF_99_TM).transform(*corners.T))
    assert np.abs(corners.min(0) - (WEST, SOUTH)).max() < 0.01


def test_boundaries__in_metres_are_where_the_city_stands(folder, tmp_path):
    write_map(folder / "karta.geojson")
    import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    first = build_initial_city(load_scenario(tmp_path / "own.yaml"), 1)
    assert len(first.area_names) == len(FACTS)


def test_a_map__tells_which_district_an_area_is_in(folder, tmp_path):
    def district(code):
        return {"regsokod": f"{CODE}R00{1 + FACTS.index.get_loc(code) % 3}", "regsonamn": "Norr"}

    write_map(folder / "karta.json", more=district)
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert made.assembly.table["regso_code"].tolist()[:4] == [f"{CODE}R00{n}" for n in (1, 2, 3, 1)]


def test_an_area_in_two_features__keeps_both(folder, tmp_path):
    write_map(folder / "karta.geojson", [*FACTS.index, FACTS.index[0]])
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert taken(made, "karta.geojson") == f"boundaries of {len(FACTS)} areas (DeSO)"
    written = json.loads((tmp_path / "own" / "boundaries.geojson").read_text())
    assert len(written["features"][0]["geometry"]["coordinates"]) == 2


def test_two_maps__in_two_systems_are_one(folder, tmp_path):
    write_map(folder / "a.geojson", FACTS.index[:12])
    write_map(folder / "b.geojson", FACTS.index[12:], system=WGS_84)
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert "outlines_lacking" not in kinds(made)
    assert load_scenario(made.written).city.boundaries is not None


def test_a_geopackage__is_read_like_geojson(folder, tmp_path):
    geopandas = pytest.importorskip("geopandas")
    shapes = [outline(n) for n in range(len(FACTS))]
    frame = geopandas.GeoDataFrame({"desokod": FACTS.index}, geometry=shapes, crs=SWEREF_99_TM)
    frame.to_file(folder / "DeSO_2018.gpkg", layer="DeSO_2018")
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert taken(made, "DeSO_2018.gpkg") == f"boundaries of {len(FACTS)} areas (DeSO)"


@pytest.mark.parametrize("system", [SWEREF_13_30, "EPSG:3021", "EPSG:3857"])
def test_a_wrong_projection__is_told_with_place_and_remedy(folder, tmp_path, system):
    write_map(folder / "karta.geojson", system=system, said=False)
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    said = taken(made, "karta.geojson")
    assert re.search(
        r"the area 1282\w+ lies outside Sweden, at .*export the boundaries in SWEREF 99 TM", said
    )
    assert "no_outlines" in kinds(made)
    assert load_scenario(made.written).city.boundaries is None


@pytest.mark.parametrize(
    ("system", "west", "south", "away"),
    [
        ("EPSG:25832", WEST, SOUTH, "3\\d\\d"),
        (SWEREF_99_TM, 670_000, 6_580_000, "3\\d\\d"),
        (WGS_84, WEST, 6_400_000, "2\\d\\d"),
    ],
)
def test_a_map__far_from_the_municipality_is_told(folder, tmp_path, monkeypatch, system, west, south, away):
    monkeypatch.setitem(globals(), "WEST", west)
    monkeypatch.setitem(globals(), "SOUTH", south)
    write_map(folder / "karta.geojson", system=system, said=False)
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert re.search(rf"codes of {CODE} and lie {away} km from there", taken(made, "karta.geojson"))
    assert load_scenario(made.written).city.boundaries is None


def test_a_map_without_codes__says_which_it_needs(folder, tmp_path):
    write_map(folder / "karta.geojson", [f"Område {n}" for n in range(len(FACTS))], "namn")
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert "holds codes of areas, such as 1282A0010" in taken(made, "karta.geojson")


@pytest.mark.parametrize("first", ["grid", "districts", "other version"])
def test_layers_of_a_geopackage__are_all_read(folder, tmp_path, first):
    geopandas = pytest.importorskip("geopandas")
    shapes = [outline(n) for n in range(40)]
    other = {
        "grid": ("ruta", [f"{n}" for n in range(40)]),
        "districts": ("regsokod", FACTS["regso_code"].unique()),
        "other version": ("desokod", [f"1282A9{n:03}_DeSO2025" for n in range(40)]),
    }[first]
    for layer, (key, codes) in {"a": other, "deso": ("desokod", FACTS.index)}.items():
        frame = geopandas.GeoDataFrame({key: codes}, geometry=shapes[: len(codes)], crs=SWEREF_99_TM)
        frame.to_file(folder / "karta.gpkg", layer=layer, driver="GPKG")
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert f"boundaries of {len(FACTS)} areas (DeSO)" in taken(made, "karta.gpkg")
    assert load_scenario(made.written).city.boundaries is not None


def test_areas_without_boundaries__are_told_and_the_map_is_not_used(folder, tmp_path):
    write_map(folder / "karta.geojson", FACTS.index[2:])
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    note = next(note for note in made.notes if note.kind == "outlines_lacking")
    assert f"lacks 2 areas ({FACTS.index[0]}, {FACTS.index[1]})" in str(note)
    assert load_scenario(made.written).city.boundaries is None


def test_no_map__says_where_to_get_one(folder, tmp_path):
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    note = next(note for note in made.notes if note.kind == "no_outlines")
    assert "DeSO 2018" in str(note)
    assert "öppna geodata" in note.text("sv")
    assert "estimated_borders" in kinds(import_folder(folder, LANDSKRONA, tmp_path / "own.yaml", fill=True))


def test_a_map_of_another_municipality__is_told(folder, tmp_path):
    write_map(folder / "karta.geojson", read_area_rows(["1281"])["deso"])
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert "holds codes of 1281, none of 1282; use the map of that" in taken(made, "karta.geojson")


def test_a_map_of_districts__names_areas_and_is_no_boundary(folder, tmp_path):
    write_map(folder / "karta.geojson", FACTS["regso_code"].unique(), "regsokod")
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert taken(made, "karta.geojson").endswith("districts (RegSO)")
    assert "outlines_of_others" in kinds(made)


# Schools ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_skolverkets_table__is_read_as_it_comes(folder, tmp_path, encoding):
    text = SKOLVERKET if encoding != "cp1252" else SKOLVERKET.lstrip("\ufeff")
    (folder / "slutbetyg.csv").write_text(text, encoding)
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert taken(made, "slutbetyg.csv") == "3 school units with grade 9; 1 of other municipalities left out"
    assert {"hidden_pupils", "no_merit", "no_coordinates"} <= kinds(made)
    lines = (tmp_path / "own" / "schools.csv").read_text().splitlines()
    assert lines[1].startswith("10000001,Rönnowskolan,1282,Kommunal,64")
    assert load_scenario(made.written).city.schools is not None


def test_schools_of_other_municipalities__are_told_with_those_there(folder, tmp_path):
    lines = [line for line in SKOLVERKET.splitlines() if ";1282;" not in line]
    (folder / "slutbetyg.csv").write_text("\n".join(lines))
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    said = taken(made, "slutbetyg.csv")
    assert 'lists no school of the municipality "1282"; it lists those of 1281' in said
    assert load_scenario(made.written).city.schools is None


def test_a_broken_table_of_schools__is_told_with_its_row(folder, tmp_path):
    (folder / "slutbetyg.csv").write_text(SKOLVERKET.replace(";64;~100", ";64 elever;~100"))
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert 'slutbetyg.csv: row 6, column "antal elever": "64 elever" is not a number' in taken(
        made, "slutbetyg.csv"
    )


def test_schools_outside_the_boundaries__are_told(folder, tmp_path):
    write_map(folder / "karta.geojson")
    (folder / "slutbetyg.csv").write_text(SKOLVERKET)
    inside = connect_systems(SWEREF_99_TM, WGS_84).transform(WEST + SIDE, SOUTH + SIDE)
    (folder / "platser.csv").write_text(
        f"skolenhetskod;latitud;longitud\n10000001;{inside[1]};{inside[0]}\n10000002;55,7047;13,191\n"
    )
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert taken(made, "platser.csv") == "coordinates of school units"
    note = next(note for note in made.notes if note.kind == "schools_outside")
    assert "outside the boundaries: Friskolan Eken. Check their coordinates" in str(note)


def test_two_tables_of_schools__are_told(folder, tmp_path):
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(SKOLVERKET)
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert "keep one of the two" in taken(made, "b.csv")


# Tables that do not fit ------------------------------------------------------------------------------------


def run(folder, municipality, *more):
    return CliRunner().invoke(app, ["import", str(folder), "--municipality", municipality, *more])


def test_unknown_municipality__is_answered_with_the_nearest(folder):
    result = run(folder, "Lanskrona")
    assert result.exit_code == 2
    assert 'there is no municipality "Lanskrona"' in result.stderr
    assert "Landskrona" in result.stderr


def test_two_municipalities_of_one_name__are_told_apart_by_code(folder):
    result = run(folder, "habo")
    assert result.exit_code == 2
    assert 'write the code, "0305" for Håbo or "0643" for Habo' in result.stderr


def test_another_municipality__is_told_with_those_there(folder):
    result = run(folder, "lund")
    assert result.exit_code == 2
    assert "holds no table of Lund" in result.stderr


def test_a_year_that_no_table_is_of__is_told_with_those_there(folder):
    result = run(folder, CODE, "--year", "2019")
    assert result.exit_code == 2
    assert (
        "no table is of 2019, there are tables of 2022; give one of these years with --year" in result.stderr
    )


def test_a_table_of_another_year__is_told_by_its_file(folder, tmp_path):
    export(folder, {str(code): row for code, row in FACTS.iterrows()}, TABLES[:1], "2021")
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    note = next(note for note in made.notes if note.kind == "table_of_another_year")
    assert str(note) == "TAB6571.csv is of 2021, another year than the city begins."


def test_of_two_files_with_one_table__the_newer_is_taken(folder, tmp_path):
    rows = {str(code): row for code, row in FACTS.iterrows()}
    LAYOUTS["JSON-stat"][1](folder / "A.json", Extract(TABLES[0], rows, ("2020", "2021")))
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert made.assembly.table["foreign_background"].tolist() == FACTS["foreign_background"].tolist()
    assert any(note.kind == "table_unused" and note.facts["file"] == "A.json" for note in made.notes)


def test_a_table_of_other_areas__is_told_by_its_file(folder, tmp_path):
    export(folder, {f"{code}_DeSO2025": row for code, row in FACTS.iterrows()}, TABLES[:1], "2024")
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert made.written is None
    note = next(note for note in made.notes if note.kind == "table_of_other_areas")
    assert str(note).startswith("TAB6571.csv was not used: its codes are of the division of 2025")
    assert [one.key for one in made.assembly.missing] == ["background"]


def test_a_table_of_districts_among_areas__is_told_by_its_file(folder, tmp_path):
    rows = {row["regso_code"]: row for _, row in FACTS.iterrows()}
    export(folder, rows, TABLES[:1])
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert any(n.kind == "table_of_districts" and n.facts["file"] == "TAB6571.csv" for n in made.notes)


def test_a_table_that_lacks_areas__is_told_with_them(folder, tmp_path):
    export(folder, {str(code): row for code, row in FACTS.iloc[3:].iterrows()}, TABLES[2:3])
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    note = next(note for note in made.notes if note.kind == "areas_without_values")
    assert str(note).startswith(f"TAB6574 has no values for 3 areas ({', '.join(FACTS.index[:3])})")


def test_a_finished_table_of_areas__is_told_where_it_belongs(folder, tmp_path):
    (folder / "areas.csv").write_text(FACTS.to_csv())
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert "is a finished table of areas; name it in a scenario instead" in taken(made, "areas.csv")


def test_the_key_of_areas_and_districts__is_read_as_it_comes(folder, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Koppling mellan DeSO 2018 och RegSO 2020, kommunvis"])
    sheet.append(["2026-03-25"])
    sheet.append([])
    sheet.append(["Kommun", "Kommunnamn", "DeSO_2018", "RegSO_2020", "RegSOkod_2020"])
    sheet.append(["0114", "Upplands Väsby", "0114A0010", "Bollstanäs", "0114R001"])
    for n, code in enumerate(FACTS.index):
        sheet.append([CODE, "Landskrona", code, f"Del {n % 3}", f"{CODE}R00{1 + n % 3}"])
    book.save(folder / "koppling-deso2018-regso2020_2026-03-25.xlsx")
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert made.assembly.table["regso_code"].tolist()[:3] == [f"{CODE}R00{n}" for n in (1, 2, 3)]
    assert made.assembly.table["regso_name"].tolist()[:3] == ["Del 0", "Del 1", "Del 2"]


def test_a_place_that_cannot_be_written__is_told_with_the_remedy(folder):
    with pytest.raises(DataError, match="name a place that can be written to with --out") as error:
        import_folder(folder, LANDSKRONA, Path("/proc/own.yaml"))
    assert "ange en plats som går att skriva till" in f"{error.value:sv}"


def test_missing_tables__are_told_in_swedish_throughout(folder):
    for number in ("TAB6571", "TAB6534", "TAB6638"):
        (folder / f"{number}.csv").unlink()
    called = CliRunner().invoke(app, ["import", str(folder), "--municipality", CODE, "--language", "sv"])
    assert called.exit_code == 2
    assert "TAB6534, till 2023 TAB5956" in called.stderr
    assert " up to " not in called.stderr


def test_half_the_tables_missing__names_each_with_its_number(folder):
    for table in TABLES[::2]:
        (folder / f"{table.number}.csv").unlink()
    result = run(folder, CODE)
    assert result.exit_code == 2
    assert "fetch them from Statistics Sweden's database, or give --fill" in result.stderr
    for table in (TABLES[0], TABLES[2], TABLES[4], TABLES[6], TABLES[8]):
        assert table.number in result.stderr


@pytest.mark.parametrize(
    ("number", "alter", "said"),
    [
        ("TAB6680", lambda t: t.replace("16-64 år", "20-65 år"), "export ages 16-64"),
        (
            "TAB6679",
            lambda t: t.replace(" totalt ", " okänt kön "),
            "has net_income_median_tkr of men and of women",
        ),
        ("TAB6571", lambda t: re.sub(r"(,\d+)(?=,|\n)", r"\1.5", t), "holds shares, such as"),
        (
            "TAB6574",
            lambda t: t.replace(f"\n{FACTS.index[1]},", f"\n{FACTS.index[0]},"),
            "has two values for",
        ),
        ("TAB6568", lambda t: t.replace("2022", "").replace(CODE, "1281"), "none with values of 1282"),
    ],
    ids=["ages", "sexes", "shares", "twice", "elsewhere"],
)
def test_a_table_in_another_coding__is_told_with_the_remedy(folder, number, alter, said):
    path = folder / f"{number}.csv"
    text = path.read_text("utf-8-sig")
    assert alter(text) != text
    path.write_text(alter(text), "utf-8")
    made = import_folder(folder, LANDSKRONA)
    assert said in taken(made, f"{number}.csv")
    assert number in [one.number for one in made.assembly.missing]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.px", "CHARSET=", "files that end with .px are not read"),
        ("a.xls", "\u00d0\u00cf\u0011\u00e0", "is a workbook of an old kind"),
        ("a.json", '{"columns": [], "data": []}', "is JSON of another kind"),
        ("a.json", "{", "is not JSON"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [', "is not GeoJSON"),
        ("a.csv", "", "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_read__is_told(folder, name, content, said):
    (folder / name).write_text(content, "latin-1")
    assert said in taken(import_folder(folder, LANDSKRONA, folder.parent / "own.yaml"), name)


def test_a_folder_of_one_municipality_alone__needs_no_file_of_another(tmp_path):
    with pytest.raises(DataError, match="is no folder with tables"):
        import_folder(tmp_path, LANDSKRONA)

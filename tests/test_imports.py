"""A folder of exports as they come becomes a scenario that runs.

The exports are written here from the facts of Landskrona that come with segsim, in the layouts of Statistics
Sweden's database and API, so that what is read can be held against them.
"""

import csv
import json

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from segsim.cli import app
from segsim.errors import DataError
from segsim.scenario import load_scenario
from segsim.sweden.facts import read_area_rows
from segsim.sweden.municipalities import find_municipality
from segsim.synthesis import build_initial_city
from segsim.synthesis.areas.area_table import COUNTS, RATES
from segsim.synthesis.imports.writing import import_folder

CODE = "1282"
FACTS = read_area_rows([CODE]).set_index("deso")
LANDSKRONA = find_municipality(CODE)
BIRTH = {
    "Sverige": "born_sweden",
    "Europa (utom Sverige)": "born_europe_exsw",
    "Övriga världen": "born_rest_world",
}
BACKGROUND = {"utländsk bakgrund": "foreign_background", "svensk bakgrund": "swedish_background"}
AGES = {f"{n}-{n + 4} år": f"age_{n}_{n + 4}" for n in range(0, 25, 5)}
HOUSEHOLDS = {
    "sammanboende med barn": "hh_couple_children",
    "sammanboende utan barn": "hh_couple_nochildren",
    "ensamstående med barn": "hh_single_children",
    "ensamstående utan barn": "hh_single_nochildren",
    "övriga hushåll": "hh_other",
}
TENURE = {
    "hyresrätt": "dw_rental",
    "bostadsrätt": "dw_coop",
    "äganderätt": "dw_owned",
    "uppgift saknas": "dw_tenure_unknown",
}
EDUCATION = {
    "förgymnasial utbildning": "edu_lower_sec",
    "gymnasial utbildning": "edu_upper_sec",
    "eftergymnasial utbildning, mindre än 3 år": "edu_post_lt3",
    "eftergymnasial utbildning, 3 år eller mer": "edu_post_ge3",
    "uppgift om utbildningsnivå saknas": "edu_unknown",
}
LABOUR = {"antal sysselsatta": "employed", "antal arbetslösa": "unemployed", "antal totalt": "pop_16_64"}
STANDARD = {
    "Låg ekonomisk standard, procent": "low_econ_std_pct",
    "Hög ekonomisk standard, procent": "high_econ_std_pct",
}


def swedish(value):
    return ".." if value != value else f"{value:g}".replace(".", ",")


def write_long(path, parts, content, year=2022, suffix="", encoding="cp1252", sexes=("totalt",)):
    """Write a CSV of the database: title, one row per area, category and sex, a column for the year."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow([f"{content} efter region, kategori, kön och år"])
        writer.writerow([])
        writer.writerow(["region", "kategori", "kön", f"{content} {year}"])
        writer.writerow(["00 Riket", next(iter(parts)), "totalt", "123456"])
        for code, row in FACTS.iterrows():
            for label, column in parts.items():
                for sex in sexes:
                    share = {"män": row[column] // 2, "kvinnor": row[column] - row[column] // 2}
                    writer.writerow(
                        [f"{code}{suffix} Landskrona", label, sex, swedish(share.get(sex, row[column]))]
                    )
        writer.writerow(["Källa: SCB"])


def write_sheet(path, parts, content, year="2022"):
    """Write a workbook of the database: title, two rows of headers, codes at each area's first row alone."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([f"{content} efter region och kategori. År {year}"])
    sheet.append([])
    sheet.append([None, None, None, content])
    sheet.append([None, None, None, year])
    for code, row in FACTS.iterrows():
        for n, (label, column) in enumerate(parts.items()):
            sheet.append([code if n == 0 else None, code if n == 0 else None, label, float(row[column])])
    sheet.append([])
    sheet.append(["Fotnot: små tal är störda."])
    book.save(path)


def write_wide(path, parts, title, age=""):
    """Write a CSV with one row per area, and contents beside each other, in UTF-8 with a mark."""
    head = ["region", *(["ålder"] if age else []), *(f"{label} 2022" for label in parts)]
    lines = [
        [code, *([age] if age else []), *(swedish(row[c]) for c in parts.values())]
        for code, row in FACTS.iterrows()
    ]
    text = "\n".join("\t".join(row) for row in [[title], [], head, *lines])
    path.write_text(text, "utf-8-sig")


def write_json(path, parts, content, year="2022", suffix=""):
    """Write an answer of the API in JSON-stat 2."""
    codes = [f"{code}{suffix}" for code in FACTS.index]
    labels = list(parts)
    path.write_text(
        json.dumps(
            {
                "class": "dataset",
                "label": f"{content} efter region och kategori",
                "id": ["Region", "Kategori", "ContentsCode", "Tid"],
                "size": [len(codes), len(labels), 1, 1],
                "role": {"time": ["Tid"]},
                "dimension": {
                    "Region": {
                        "category": {
                            "index": {c: i for i, c in enumerate(codes)},
                            "label": dict(zip(codes, FACTS.index, strict=True)),
                        }
                    },
                    "Kategori": {
                        "category": {
                            "index": list("abcdefgh")[: len(labels)],
                            "label": dict(zip("abcdefgh", labels, strict=False)),
                        }
                    },
                    "ContentsCode": {"category": {"index": {"X": 0}, "label": {"X": content}}},
                    "Tid": {"category": {"index": {year: 0}, "label": {year: year}}},
                },
                "value": [float(row[c]) for _, row in FACTS.iterrows() for c in parts.values()],
            }
        )
    )


def fill_folder(folder):
    folder.mkdir(exist_ok=True)
    write_long(folder / "000005FB_20240813.csv", {**BIRTH, "totalt": "pop_total"}, "Folkmängd")
    write_long(
        folder / "bakgrund.csv", BACKGROUND, "Folkmängd", sexes=("män", "kvinnor"), encoding="utf-8-sig"
    )
    write_sheet(folder / "000005FF.xlsx", AGES, "Folkmängd")
    write_sheet(
        folder / "000005F8.xlsx", {**HOUSEHOLDS, "totalt antal hushåll": "pop_total"}, "Antal hushåll"
    )
    write_json(folder / "TAB6258.json", TENURE, "Antal lägenheter")
    write_long(folder / "utbildning.csv", EDUCATION, "Befolkning 25-64 år")
    write_wide(folder / "arbete.csv", LABOUR, "Arbetsmarknadsstatus efter region, kön och ålder", "16-64 år")
    write_wide(folder / "standard.csv", STANDARD, "Låg respektive hög ekonomisk standard")
    write_wide(
        folder / "inkomst.csv", {"Medianvärde, tkr": "net_income_median_tkr"}, "Nettoinkomst efter region"
    )
    return folder


@pytest.fixture
def folder(tmp_path):
    return fill_folder(tmp_path / "uttag")


def test_exports__give_the_table_they_were_made_from(folder, tmp_path):
    made = import_folder(folder, LANDSKRONA, tmp_path / "own.yaml")
    assert made.written == tmp_path / "own.yaml"
    table = made.assembly.table
    assert list(table.index) == list(FACTS.index)
    for name in (*COUNTS, *RATES):
        pd.testing.assert_series_equal(table[name], FACTS[name].astype(float), check_names=False)
    assert table["regso_code"].tolist() == FACTS["regso_code"].tolist()
    taken = {file.name: file.taken.sv for file in made.folder.files}
    assert taken["TAB6258.json"].startswith("bostäder efter upplåtelseform")
    assert all(file.fault is None for file in made.folder.files)


def test_an_import__runs_as_it_is(folder, tmp_path):
    import_folder(folder, LANDSKRONA, tmp_path / "own.yaml", fill=True)
    scenario = load_scenario(tmp_path / "own.yaml")
    assert scenario.start == 2022
    first = build_initial_city(scenario, 1)
    assert len(first.area_names) == len(FACTS)
    assert scenario.city.boundaries is not None
    assert scenario.city.schools is not None


def test_the_command__says_what_files_are_and_what_is_missing(folder, tmp_path):
    (folder / "inkomst.csv").unlink()
    (folder / "recept.csv").write_text("vara;antal\nmjölk;2\n")
    out = str(tmp_path / "own.yaml")
    call = ["import", str(folder), "--municipality", "landskrona", "--out", out, "--language", "sv"]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 2
    assert "hushåll efter hushållstyp" in result.stdout
    assert "median av nettoinkomst från 20 år: TAB6679" in result.stderr
    assert not (tmp_path / "own.yaml").exists()
    result = CliRunner().invoke(app, [*call, "--fill"])
    assert result.exit_code == 0, result.output
    assert "net_income_median_tkr" in result.stdout
    assert "i sin ordning" in result.stdout


@pytest.mark.parametrize("year", [2023, 2024])
def test_codes__belong_to_the_division_of_their_year(folder, year):
    write_long(folder / "bakgrund.csv", BACKGROUND, "Folkmängd", year, "_DeSO2025" if year > 2023 else "")
    made = import_folder(folder, LANDSKRONA, folder / "own.yaml", year=year, fill=True)
    assert (made.assembly.year, made.assembly.division) == (year, 2018 if year < 2024 else 2025)


def test_persons_by_tenure__are_no_dwellings(folder):
    (folder / "TAB6258.json").unlink()
    write_long(folder / "TAB6253.csv", TENURE, "Antal personer")
    made = import_folder(folder, LANDSKRONA)
    assert made.written is None
    assert [one.number for one in made.assembly.missing] == ["TAB6638"]


def test_two_values__for_one_area_are_told_with_the_file(folder):
    text = (folder / "bakgrund.csv").read_text("utf-8-sig").splitlines()
    (folder / "bakgrund.csv").write_text(
        "\n".join([*text[:-1], text[5].replace('";"', '";"', 1)[:-2] + '9"'])
    )
    made = import_folder(folder, LANDSKRONA)
    fault = next(file.fault for file in made.folder.files if file.name == "bakgrund.csv")
    assert fault is not None
    assert "has two values" in str(fault)


def test_an_import__writes_over_nothing_of_yours(folder, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: landskrona\n")
    with pytest.raises(DataError, match="was not written by segsim import"):
        import_folder(folder, LANDSKRONA, mine)
    with pytest.raises(DataError, match="is no folder with tables"):
        import_folder(tmp_path / "nothing", LANDSKRONA)
    with pytest.raises(DataError, match="holds no table of Lund"):
        import_folder(folder, find_municipality("lund"))

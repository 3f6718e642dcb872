"""Every table of Statistics Sweden a city needs, in every layout its database exports, gives its columns."""

import pandas as pd
import pytest

from scb_exports import LAYOUTS, TABLES, TYPES, Extract
from segsim.errors import DataError
from segsim.scenario import load_scenario
from segsim.sweden.facts import read_area_rows
from segsim.sweden.municipalities import find_municipality, simplify_name
from segsim.synthesis.areas.area_table import COUNTS, RATES
from segsim.synthesis.files.exports import read_export
from segsim.synthesis.imports.recognition import recognize
from segsim.synthesis.imports.writing import import_folder

CODE = "1282"
LANDSKRONA = find_municipality(CODE)
FACTS = read_area_rows([CODE]).set_index("deso")
YEARS = ("2021", "2022")


def read_back(path):
    export = read_export(path)
    assert export is not None
    known = recognize(export, CODE)
    assert known is not None
    return known


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.number)
def test_every_table__in_every_layout_gives_its_columns(tmp_path, table, layout):
    suffix, write = LAYOUTS[layout]
    rows = {f"{code} Landskrona": row for code, row in FACTS.head(9).iterrows()}
    write(tmp_path / f"export{suffix}", Extract(table, rows, YEARS))
    known = read_back(tmp_path / f"export{suffix}")
    assert table.number in known.subject.table.en
    assert set(known.values) == {(2018, 2021), (2018, 2022)}
    for column in table.columns.values():
        read = pd.Series([known.values[2018, 2022][code, column] for code in FACTS.index[:9]])
        expected = FACTS[column].head(9).astype(float).reset_index(drop=True)
        pd.testing.assert_series_equal(read, expected, check_names=False)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_area_types__are_no_economic_standard(tmp_path, layout):
    suffix, write = LAYOUTS[layout]
    districts = FACTS.drop_duplicates("regso_code").set_index("regso_code")
    rows = {f"{code}_RegSO2025 {row['regso_name']}": row for code, row in districts.iterrows()}
    write(tmp_path / f"export{suffix}", Extract(TYPES, rows, ("2024",)))
    known = read_back(tmp_path / f"export{suffix}")
    assert known.subject.key == "types"
    types = {code: value for (code, _), value in known.values[2025, 2024].items()}
    assert types == districts["omradestyp_2022"].to_dict()


def write_folder(folder, layout, rows, years=("2022",), tables=TABLES):
    """Write every table in a layout."""
    folder.mkdir(exist_ok=True)
    suffix, write = LAYOUTS[layout]
    for table in tables:
        write(folder / f"{table.number}{suffix}", Extract(table, rows, years))
    return folder


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_municipality__exported_and_imported_is_itself(tmp_path, layout):
    rows = {f"{code} Landskrona": row for code, row in FACTS.iterrows()}
    made = import_folder(write_folder(tmp_path / layout, layout, rows), LANDSKRONA, tmp_path / "own.yaml")
    assert [file.fault for file in made.folder.files if file.fault] == []
    assert made.written is not None
    table = made.assembly.table
    assert list(table.index) == list(FACTS.index)
    for name in (*COUNTS, *RATES, "dw_tenure_unknown", "pers_special_housing"):
        pd.testing.assert_series_equal(table[name], FACTS[name].astype(float), check_names=False)


def test_areas_of_2025__are_told_from_those_of_2018_in_one_table(tmp_path):
    # the database lists both divisions, with 0 outside the years in which one holds
    new = {f"{code[:8]}1": row for code, row in FACTS.head(3).iterrows()}
    for number in ("TAB6571", "TAB6574"):
        table = next(one for one in TABLES if one.number == number)
        rows = {f"{code}_DeSO2025": row for code, row in new.items()}
        rows |= {str(code): row * 0 for code, row in FACTS.select_dtypes("number").head(3).iterrows()}
        for layout, (suffix, write) in LAYOUTS.items():
            write(tmp_path / f"{number} {layout}{suffix}", Extract(table, rows, ("2023", "2024")))
            known = read_back(tmp_path / f"{number} {layout}{suffix}")
            assert {code for code, _ in known.values[2025, 2024]} == set(new)
            assert {code for code, _ in known.values[2018, 2023]} == set(FACTS.index[:3])


def test_codes_without_their_division__leave_the_areas_of_the_other_out(tmp_path):
    rows = {str(code): row for code, row in FACTS.iterrows()}
    gone = {f"{FACTS.index[0][:8]}1": FACTS.select_dtypes("number").iloc[0] * 0}
    write_folder(tmp_path, "workbook with headers", rows | gone)
    made = import_folder(tmp_path, LANDSKRONA, tmp_path / "own.yaml")
    assert list(made.assembly.table.index) == list(FACTS.index)
    assert any(note.kind == "empty_areas" for note in made.notes)


def districts():
    """Return facts by district, as sums, and middling rates."""
    sums = (
        FACTS[[*COUNTS, "pop_bg_total", "dw_tenure_unknown", "pers_special_housing"]]
        .groupby(FACTS["regso_code"])
        .sum()
    )
    return sums.assign(
        low_econ_std_pct=15, high_econ_std_pct=20, net_income_median_tkr=240.5, omradestyp_2022=3
    )


@pytest.mark.parametrize("call", ["code and name", "name alone"])
def test_districts__make_a_city_by_code_or_by_name(tmp_path, call):
    names = dict(zip(FACTS["regso_code"], FACTS["regso_name"], strict=True))
    before = "{code} " if call == "code and name" else ""
    rows = {
        (before + "Landskrona ({name})").format(code=code, name=names[code]): row
        for code, row in districts().iterrows()
    }
    write_folder(tmp_path, "workbook with headers", rows, tables=(*TABLES, TYPES))
    made = import_folder(tmp_path, LANDSKRONA, tmp_path / "own.yaml", fill=True)
    assert made.assembly.filled == ()
    pd.testing.assert_frame_equal(
        made.assembly.table[list(COUNTS)], districts()[list(COUNTS)].astype(float), check_names=False
    )
    assert (made.assembly.table["regso_name"] == pd.Series(names)[made.assembly.table.index]).all()
    assert load_scenario(tmp_path / "own.yaml").city.boundaries is not None


def test_a_district__of_an_unknown_name_is_refused(tmp_path):
    name = FACTS["regso_name"].iloc[0]
    rows = {f"Landskrona ({name})": districts().iloc[0], "Landskrona (Månen)": districts().iloc[1]}
    write_folder(tmp_path, "categories in rows", rows, tables=TABLES[:1])
    with pytest.raises(DataError, match=r'"Landskrona \(Månen\)" is not the name of a district'):
        read_export(tmp_path / "TAB6571.csv", "Landskrona", {simplify_name(name): "1282R001"})


ENGLISH = {
    "background": {"foreign background": 5, "Swedish background": 7, "total": 12},
    "birth": {"Sweden": 5, "Europe except Sweden": 3, "Rest of the world": 4, "total": 12},
    "age": {f"{n}-{n + 4} years": n + 1 for n in range(0, 25, 5)},
    "households": {
        "cohabiting persons with children": 1,
        "cohabiting persons without children": 2,
        "single persons with children": 3,
        "single persons without children": 4,
        "other households": 5,
    },
    "tenure": {
        "rented dwellings": 5,
        "tenant-owned dwellings": 6,
        "owner-occupied dwellings": 7,
        "data missing": 1,
    },
    "education": {
        "primary and lower secondary education": 5,
        "upper secondary education": 6,
        "post-secondary education, less than 3 years": 7,
        "post-secondary education, 3 years or more": 8,
        "information about level of educational attainment missing": 1,
    },
}


@pytest.mark.parametrize("key", ENGLISH)
def test_english_labels__are_known(tmp_path, key):
    lines = ["region,kind,sex,Number 2022"]
    for code in FACTS.index[:3]:
        lines += [f'{code},"{label}",total,{value}' for label, value in ENGLISH[key].items()]
    (tmp_path / "table.csv").write_text("\n".join(lines))
    known = read_back(tmp_path / "table.csv")
    assert known.subject.key == key
    there = {column for _, column in known.values[2018, 2022]}
    assert set(known.subject.columns) <= there

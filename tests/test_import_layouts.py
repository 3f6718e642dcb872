"""Every table of Statistics Sweden a city needs, in every layout its database exports, gives its columns."""

import pandas as pd
import pytest

from scb_exports import LAYOUTS, TABLES, TYPES, Extract
from segsim.sweden.facts import read_area_rows
from segsim.synthesis.files.exports import read_export
from segsim.synthesis.imports.recognition import recognize

CODE = "1282"
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
    assert table.number in known.subject.table
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

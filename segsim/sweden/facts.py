"""The files of facts: read, a municipality at a time, and hashed."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FACTS = Path(__file__).parent / "facts"
AREAS_FILE = "areas of 31 December 2022"
SCHOOLS_FILE = "schools of 2024/25"
"""What messages call the tables."""
ROUGH_PLACES = ("district", "postcode", "town")
"""Where a school stands if the register gives no coordinates."""


def read_facts(name: str, column: str = "", values: Iterable[str] = ()) -> "pa.Table":
    """Return a table of facts, or the rows of it that have one of some values in a column."""
    from pyarrow import parquet  # late: it takes a sixth of a second, and most scenarios do without

    if not column:
        # not `read_table`, which imports pandas
        return parquet.ParquetFile(FACTS / f"{name}.parquet").read()
    return parquet.read_table(FACTS / f"{name}.parquet", filters=[(column, "in", list(values))])


def read_area_rows(codes: Iterable[str]) -> "pd.DataFrame":
    """Return the areas (DeSO) of some municipalities with all their counts, by municipality.

    Returns
    -------
    DataFrame
        In the columns of open DeSO data, with lon and lat of a point in each, and whether it is estimated.
    """
    rows: pd.DataFrame = read_facts("areas", "kommun_code", codes).to_pandas()
    return rows.sort_values("kommun_code", kind="stable", ignore_index=True)


def read_school_rows(code: str) -> "pd.DataFrame":
    """Return the compulsory school units of a municipality.

    Returns
    -------
    DataFrame
        Code, name, provider, pupils in grade 9 (0 in units without it) and merit value; pupils by grade
        (`n_f`, `n_1` ...) in the school year that begins in `pupils_of_autumn`, and the shares of them with
        foreign background (`foreign_background_flag`: "suppressed", "approx" or "missing" where it is not
        exact) and with parents of post-secondary education; lng and lat, and `place`: whether these are of
        the "register", where people live in the "district" the school bears the name of, the middle of its
        "postcode", that of its "town", or "unknown".
    """
    rows: pd.DataFrame = read_facts("schools", "municipality_code", [code]).to_pandas()
    return rows


def read_district_polygons(codes: "list[str]") -> dict[str, bytes]:
    """Return the polygons of districts (RegSO) by code, in longitude and latitude, as well-known binary."""
    from pyarrow import parquet

    table = parquet.read_table(
        FACTS / "districts.parquet",
        columns=["regso_code", "polygons"],
        filters=[("regso_code", "in", sorted(set(codes)))],
    )
    return dict(zip(table["regso_code"].to_pylist(), table["polygons"].to_pylist(), strict=True))


@cache
def hash_facts() -> str:
    """Return the SHA-256 of the facts a city is made from, in hexadecimal."""
    digest = hashlib.sha256()
    for name in ("areas", "districts", "schools", "rooms"):
        digest.update((FACTS / f"{name}.parquet").read_bytes())
    return digest.hexdigest()

"""What happened: residents by birthplace and dwellings by tenure of every district (RegSO), 2020 to 2023.

`regso_2020_2023.parquet` holds them. Publisher: Statistics Sweden (SCB), Statistikdatabasen, population by
region of birth and dwellings by tenure, by RegSO of 2020, 31 December of each year. Licence: CC0; source:
SCB. They were taken from a copy of SCB's exports in a public repository, and joined by code; for 2022 they
are, district by district, the sums of the areas that come with segsim.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

FIRST, LAST = 2020, 2023
YEARS = tuple(range(FIRST, LAST + 1))
TENURES = ("dw_rental", "dw_coop", "dw_owned")
"""Dwellings of known tenure; unknown ones, fewer than one in two thousand, are left out."""
LARGE = 40_000
"""Residents of the municipalities that are judged together."""


@cache
def read_panel() -> pd.DataFrame:
    """Return residents and dwellings by district (RegSO) and year, in this order."""
    path = Path(__file__).parent / "regso_2020_2023.parquet"
    return pd.read_parquet(path).set_index(["regso", "year"]).sort_index()


def read_districts(code: str) -> pd.DataFrame:
    """Return the rows of one municipality."""
    panel = read_panel()
    return panel[panel["kommun_code"] == code]


def list_large() -> list[str]:
    """Return the codes of the municipalities of over 40 000 residents at the end, the smallest first."""
    last = read_panel().xs(LAST, level="year")
    persons = last.groupby("kommun_code")["pop_total"].sum()
    return [str(code) for code in persons[persons > LARGE].sort_values().index]


def count_built(code: str) -> pd.DataFrame:
    """Return what was added to the dwellings of each district in each year after the first, by tenure.

    Only the net change is known. Where a district has more dwellings than the year before, that many were
    built, of the tenures that grew, in proportion to their growth: what one tenure lost to another is taken
    as converted, and is left out, as are districts that lost dwellings.
    """
    stock = read_districts(code)[list(TENURES)]
    change = stock.groupby(level="regso").diff().dropna()
    net, grown = change.sum(axis=1).clip(lower=0), change.clip(lower=0)
    return grown.mul(net / grown.sum(axis=1).replace(0, np.nan), axis=0).fillna(0.0)

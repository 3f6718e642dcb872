"""Columns of an area table that hold each other's figures are told by what is known of the same areas."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from segsim.errors import DataError
from segsim.sweden.facts import read_area_rows
from segsim.synthesis.areas.area_table import COUNTS, EDUCATION, HOUSEHOLD_KINDS, STOCK, YOUNG
from segsim.synthesis.files.area_file import read_areas
from segsim.synthesis.files.exchanged_columns import find_exchanged

LANDSKRONA = read_area_rows(["1282"])
RATES = ("low_econ_std_pct", "high_econ_std_pct")


def drift(areas: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return areas as they may be a year later: every figure about a twentieth off, small ones by persons."""
    rng, out = np.random.default_rng(seed), areas.copy()
    for name in COUNTS:
        values = out[name].to_numpy(float)
        off = values * 0.05 * rng.standard_normal(values.size) + rng.integers(-3, 4, values.size)
        out[name] = np.maximum(np.rint(values + off), 0.0)
    return out


def exchange(areas: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Return areas in which two columns hold each other's figures."""
    return areas.rename(columns={first: second, second: first})


@pytest.mark.parametrize("code", ["1282", "0138", "2482"])
def test_areas_as_they_are_or_a_year_later__are_taken(code):
    areas = read_area_rows([code])
    assert find_exchanged(areas) == []
    assert find_exchanged(drift(areas, 1)) == []


@pytest.mark.parametrize(
    "pair",
    [
        ("age_0_4", "age_15_19"),
        (STOCK[0], STOCK[1]),
        (HOUSEHOLD_KINDS[0], HOUSEHOLD_KINDS[2]),
        (EDUCATION[0], EDUCATION[2]),
        RATES,
    ],
)
def test_exchanged_columns__are_named(tmp_path, pair):
    for areas in (LANDSKRONA, drift(LANDSKRONA, 2)):
        assert (set(pair),) == tuple(map(set, find_exchanged(exchange(areas, *pair))))
    path = tmp_path / "areas.csv"
    exchange(LANDSKRONA, *pair).to_csv(path, index=False)
    with pytest.raises(DataError, match=f'"{pair[0]}" and "{pair[1]}" look exchanged') as caught:
        read_areas(path, "1282")
    assert "ser ut att ha bytt plats" in f"{caught.value:sv}"


def test_every_two_kinds_of_a_whole__are_told_apart_in_the_year_they_are_known():
    for whole in (YOUNG, STOCK, HOUSEHOLD_KINDS, EDUCATION):
        for pair in combinations(whole, 2):
            assert find_exchanged(exchange(LANDSKRONA, *pair)) == [pair], pair


def test_areas_that_are_not_known__are_not_compared():
    strange = LANDSKRONA.assign(deso=[f"9999A{i:04d}" for i in range(len(LANDSKRONA))])
    assert find_exchanged(exchange(strange, "age_0_4", "age_15_19")) == []

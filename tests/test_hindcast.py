"""The years 2020 to 2023 lived through again: what is given is met exactly, and the judgement is right."""

import numpy as np
import pandas as pd
import pytest

from experiments.hindcast.__main__ import main
from experiments.hindcast.judgement import ERROR, GROWTH, GROWTH_ERROR, SIZE, judge, tabulate_districts
from experiments.hindcast.judgement import tabulate_municipalities as tabulate
from experiments.hindcast.page import draw_figure, format_page
from experiments.hindcast.panel import FIRST, LAST, TENURES, YEARS, count_built, list_large, read_districts
from experiments.hindcast.replay import compare_districts, replay
from experiments.hindcast.start import scale_back
from segsim.sweden.facts import read_area_rows

SMALL = "1761"
"""Hammarö, 17 000 residents in seven districts."""


def test_panel__is_whole_and_agrees_with_the_areas_that_come_with_segsim():
    assert len(list_large()) == 67
    areas = read_area_rows([SMALL]).groupby("regso_code")[["pop_total", "born_sweden", *TENURES]].sum()
    panel = read_districts(SMALL).xs(2022, level="year")
    assert (areas.to_numpy() == panel.loc[areas.index, areas.columns].to_numpy()).all()


def test_start__has_the_residents_and_homes_each_district_had():
    areas = scale_back(read_area_rows([SMALL]), read_districts(SMALL))
    then = read_districts(SMALL).xs(FIRST, level="year")
    abroad = areas["born_europe_exsw"] + areas["born_rest_world"]
    by_district = areas.assign(born_abroad=abroad).groupby("regso_code")
    for column in ("born_sweden", "born_abroad", *TENURES):
        assert (by_district[column].sum() == then[column]).all()
    assert (areas["swedish_background"] + areas["foreign_background"] == areas["pop_total"]).all()
    assert (areas["foreign_background"] >= abroad).all()


def test_built__is_what_a_district_gained_and_nothing_where_it_lost():
    stock = read_districts(SMALL)[list(TENURES)].sum(axis=1).unstack("year")
    built = count_built(SMALL).sum(axis=1).unstack("year")
    gained = stock.diff(axis=1).drop(columns=FIRST).clip(lower=0)
    assert np.allclose(built, gained)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    return compare_districts(replay(SMALL, range(101, 102), tmp_path_factory.mktemp("hindcast")))


def test_replay__begins_as_it_was_and_grows_as_it_did(compared):
    assert sorted(compared["year"].unique()) == list(YEARS)
    first = compared[compared["year"] == FIRST]
    for born in ("born_sweden", "born_abroad"):
        assert (first[born] == first[f"{born}_real"]).all()
    last = compared[compared["year"] == LAST]
    persons = (last["born_sweden"] + last["born_abroad"]).sum()
    assert persons == pytest.approx((last["born_sweden_real"] + last["born_abroad_real"]).sum(), rel=0.005)
    assert tabulate_districts(compared)["growth_model"].between(-0.3, 0.3).all()


def test_judgement__of_a_model_that_is_right_is_that_it_errs_by_nothing(compared):
    right = compared.assign(
        born_sweden=compared["born_sweden_real"], born_abroad=compared["born_abroad_real"]
    )
    places, districts = tabulate(right), tabulate_districts(right)
    lines = {line.what: line for line in judge(places, districts)}
    assert lines[ERROR].model == pytest.approx(0.0, abs=1e-12)
    assert lines[SIZE].model == pytest.approx(lines[SIZE].happened)
    assert lines[GROWTH].model == pytest.approx(1.0)
    assert lines[GROWTH_ERROR].model == pytest.approx(0.0, abs=1e-12)
    assert lines[GROWTH_ERROR].still > 0


def test_judgement__D_by_hand():
    """Two districts, half and half; 5 of 100 born abroad change district: D from 0 to .05."""
    rows = [
        (101, code, year, 50, abroad, 50, 50, SMALL)
        for year, one, other in ((FIRST, 50, 50), (LAST, 55, 45))
        for code, abroad in (("1761R001", one), ("1761R002", other))
    ]
    columns = ["seed", "regso", "year", "born_sweden", "born_abroad", "born_sweden_real", "born_abroad_real"]
    (place,) = tabulate(pd.DataFrame(rows, columns=[*columns, "kommun_code"])).to_dict("records")
    assert (place["D"], place["real"]) == (0.0, 0.0)
    assert place["model"] == pytest.approx(0.05)


def test_page__says_the_verdict_and_has_a_line_for_each(compared):
    page = format_page(tabulate(compared), tabulate_districts(compared))
    assert "the bound of 0.005" in page
    assert "| Hammarö |" in page
    assert draw_figure(tabulate(compared), tabulate_districts(compared)).axes[0].get_title(loc="left")


def test_unknown_municipality__is_one_sentence(capsys):
    assert main(["nowhere_at_all"]) == 2
    assert "nowhere_at_all" in capsys.readouterr().err

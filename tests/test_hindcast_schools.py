"""School years lived through again: units made schools, a plan of what happened, judgement by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.hindcast.school_judgement import KEPT, MODEL, STILL, compare, count_ways, judge
from experiments.hindcast.school_page import draw_figure, format_page
from experiments.hindcast.school_records import FIRST, LATER, read_records
from experiments.hindcast.school_replay import count_schools
from experiments.hindcast.school_start import measure_shift, scale_back, write_scenario
from experiments.hindcast.school_years import main
from experiments.hindcast.schools import BEFORE
from segsim.scenario import load_scenario
from segsim.simulation import start_simulation
from segsim.sweden.facts import read_area_rows

SMALL = "1761"
"""Hammarö, 17 000 residents."""
YEARS = range(BEFORE, 2024)
POPULATION = pd.Series({year: 15000.0 + 200 * (year - FIRST) for year in range(FIRST, 2024)})


def unit(code, name, years, lower, upper, percent, provider="K"):
    """Return the rows of a unit: pupils of a grade of 0 to 6 and of 7 to 9, and per cent foreign."""
    grades = {f"n_{g}": lower if g < 7 else upper for g in range(1, 10)}
    row = {
        "school_unit_code": code,
        "school": name,
        "kommun_code": SMALL,
        "provider_type": provider,
        "n_f": lower,
        **grades,
        "n_1_9": sum(grades.values()),
        "pct_foreign_bg": percent,
        "fb_flag": None,
        "pct_parents_post_sec": 50.0,
    }
    return [{"start_year": year, **row} for year in years]


def make_panel(folder: Path) -> Path:
    """Write five schools: one of two units that merge, one renamed, one opened, one closed, one grown."""
    rows = [
        *unit("1", "Norra skolan F-6", range(BEFORE, 2013), 40, 0, 10.0),
        *unit("2", "Norra skolan 7-9", range(BEFORE, 2013), 0, 60, 20.0),
        *unit("2", "Norra skolan", range(2013, 2024), 40, 60, 15.0),
        *unit("3", "Gamla skolan", range(BEFORE, 2015), 30, 30, 40.0),
        *unit("3", "Nya namnet", range(2015, 2024), 30, 30, 40.0),
        *unit("4", "Friskolan", range(2016, 2024), 40, 40, 5.0, "E"),
        *unit("5", "Stängda skolan", range(BEFORE, 2018), 25, 0, 90.0),
        *unit("6", "Södra skolan", range(BEFORE, 2014), 25, 0, 30.0),
        *unit("6", "Södra skolan", range(2014, 2024), 25, 50, 30.0),
    ]
    path = folder / "panel.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    years = [{"kommun_code": SMALL, "year": y, "population": 15000} for y in range(FIRST, 2020)]
    pd.DataFrame(years).to_csv(folder / "municipality_population_1998_2019.csv", index=False)
    return path


def test_records__are_of_schools_through_names_and_codes(tmp_path):
    records = read_records(make_panel(tmp_path), SMALL)
    assert set(records["school"]) == {
        "norra skolan",
        "gamla skolan",
        "friskolan",
        "stängda skolan",
        "södra skolan",
    }
    norra = records[records["school"] == "norra skolan"].set_index("year").loc[FIRST]
    # 240 pupils of 10 % in grades 1 to 6, and 180 of 20 % in 7 to 9
    assert (norra["pupils"], norra["foreign"], norra["lower"]) == (420, pytest.approx(60), 280)
    assert records[records["school"] == "gamla skolan"]["year"].tolist() == list(range(FIRST, 2024))


def test_start__has_the_residents_and_odds_of_2012():
    facts = read_area_rows([SMALL])
    areas = scale_back(facts, 0.9, -np.log(2.0))
    assert areas["pop_total"].sum() == pytest.approx(0.9 * facts["pop_total"].sum(), abs=len(areas))
    odds = [(t["foreign_background"] / t["swedish_background"]).to_numpy() for t in (areas, facts)]
    assert odds[0] == pytest.approx(odds[1] / 2, abs=0.002)
    assert (areas["born_sweden"] >= areas["swedish_background"]).all()


def test_scenario__opens_closes_and_resizes_as_it_was_and_starts(tmp_path):
    records = read_records(make_panel(tmp_path), SMALL)
    scenario = load_scenario(write_scenario(records, SMALL, POPULATION, tmp_path / "made"))
    [plan] = scenario.policies
    told = [(line.school, line.year, line.change) for line in plan.changes if line.change != "resize"]
    assert sorted(told) == [
        ("friskolan", 2016, "open"),
        ("stängda skolan", 2018, "close"),
        ("södra skolan 7-9", 2014, "open"),
    ]
    [free] = [line for line in plan.changes if line.school == "friskolan" and line.change == "open"]
    assert (free.provider, free.first_grade, free.last_grade) == ("independent", 0, 9)
    forecast = scenario.preferences.demography.forecast
    odds = [f.foreign_background / (1 - f.foreign_background) for f in (forecast[FIRST], forecast[2023])]
    assert np.log(odds[1] / odds[0]) == pytest.approx(measure_shift(records)[2023], abs=0.001)
    first = count_schools(start_simulation(scenario, 101).state)
    assert set(first["school"]) == {"norra skolan", "gamla skolan", "stängda skolan", "södra skolan"}
    share = first.set_index("school")["foreign"] / first.set_index("school")["pupils"]
    assert share.idxmax() == "stängda skolan"


def runs_of(records: pd.DataFrame) -> pd.DataFrame:
    """Return two runs in which every school is as it was."""
    now = records[records["year"].isin((FIRST, *LATER))][["school", "pupils", "foreign", "year"]]
    return pd.concat([now.assign(code=SMALL, seed=seed) for seed in (101, 102)])


def test_judgement__of_a_model_that_is_right_finds_no_error(tmp_path):
    path = make_panel(tmp_path)
    records = read_records(path, SMALL)
    before = read_records(path, SMALL, range(BEFORE, BEFORE + 1))
    compared = compare(records, runs_of(records), before, SMALL)
    judged = judge(compared)
    assert judged[MODEL].abs().max() == pytest.approx(0, abs=1e-12)
    assert judged["its change"].abs().max() == pytest.approx(0, abs=1e-12)
    d = judged[judged["measure"] == "D"].set_index("year")
    # Friskolan came and Stängda skolan went
    assert (d[STILL] > 0.03).all()
    last = compared[(compared["measure"] == "share of a school") & (compared["year"] == 2023)].iloc[0]
    # three schools of four have the share of 2012 in 2023; Norra had 60 of 420, and Friskolan is new
    mean = (60 + 0.4 * 270 + 0.9 * 150 + 0.3 * 150) / (420 + 270 + 150 + 150)
    off = (abs(60 / 420 - 0.15) * 420 + abs(mean - 0.05) * 360) / (420 + 270 + 360 + 300)
    assert last[STILL] == pytest.approx(off)
    ways = count_ways(compared).set_index("year").loc[2023]
    assert (ways["moved"], ways[MODEL]) == (1, 1)
    page = format_page(compared.assign(calibrates=False))
    assert "D in the model is off by 0.000, less than the best forecast without a model" in page
    assert f"| Hammarö | 2023 | {last[STILL]:.3f} | {last[KEPT]:.3f} | 0.000 |" in page
    assert len(draw_figure(compared).axes) == 1


def test_call__that_cannot_be_is_refused_in_a_line(tmp_path, capsys):
    path = make_panel(tmp_path)
    assert main([str(path), "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([str(tmp_path / "other.csv"), SMALL])
    assert "there is no file" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="has no schools of 1280 in 2012-2023"):
        read_records(path, "1280")

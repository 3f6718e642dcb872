"""What sources say of levers, held against runs of a small town: sign, size or that there is next to nothing.

The employment programme, the rule on newcomers' own housing and the enclave effect are held against theirs in
test_levers_work.py, test_levers_newcomers.py and test_work.py.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import segsim
from segsim.policies import Scope
from segsim.tables import NONE, Tenure

TOWN = Path(__file__).parents[1] / "scenarios" / "town.yaml"


def compare(folder: Path, seeds: int, years: int, **policy: Any) -> pd.DataFrame:
    """Return the paired differences that a policy makes in the town."""
    (folder / "town.yaml").write_text(TOWN.read_text("utf-8"), "utf-8")
    path = folder / "policy.yaml"
    path.write_text(f"extends: town\nlabel_en: x\nsummary: x\npolicies: {json.dumps([policy])}\n", "utf-8")
    table = segsim.compare([path], seeds, years, executor="serial").differences
    return table.set_index(["measure", "grouping", "level", "unit", "year"]).sort_index()


def test_school_grant__hires_teachers_and_does_next_to_nothing_to_results(tmp_path: Path) -> None:
    """IFAU 2025: more teachers, no effect on tests, eligibility up by 0 to 1.5 points."""
    grant = {"share_of_schools": 1.0, "criterion": "need"}
    table = compare(tmp_path, 4, 6, low_performing_school_support=grant)
    city = table.xs("municipality", level="level").xs(2028, level="year")["difference"]
    assert city["teacher_density", "", ""] > 0.1
    assert city["merit_mean", "", ""] == pytest.approx(0.0, abs=1.0)
    assert -0.002 <= city["eligible", "", ""] <= 0.015


def test_school_grant__at_the_upper_value_to_explore_gives_few_points(tmp_path: Path) -> None:
    """0.3 points per 1 000 SEK, 8 000 SEK at the neediest school, in all ten grades: 2.4 points there."""
    grant = {"share_of_schools": 1.0, "criterion": "need", "merit_effect_points_per_1000sek": 0.3}
    table = compare(tmp_path, 2, 8, low_performing_school_support=grant)
    city = table.xs("municipality", level="level").xs(2030, level="year")["difference"]
    assert 0 < city["merit_mean", "", ""] < 2.4


PROJECT = {
    "level": "intensive",
    "participants_per_1000": 500,
    "highest_education": "long_post_secondary",
    "areas": {"weakest": 0.3},
    "from": 2023,
    "until": 2025,
}


def test_three_year_project__helps_people_while_the_place_stays_and_tells_who_left(tmp_path: Path) -> None:
    """Danish area programmes: residents gain, the area does not. A programme's gain is gone in year four."""
    table = compare(tmp_path, 6, 6, employment_foreign_born_women=PROJECT)
    place = table.xs("employment_foreign_born_women", level="unit").xs("area", level="level")
    people, there = (place.loc[(name, "employed")] for name in ("people", "place"))
    assert (people.loc[2023:2025, "lower"] > 0).all()
    assert people.loc[2025, "difference"] > 0.01
    assert there.loc[2028, "lower"] < 0 < there.loc[2028, "upper"]
    assert abs(there.loc[2028, "difference"]) < 0.02
    whole = table.loc[("inequality_index", "", "area", "", 2028)]
    assert whole["lower"] < 0 < whole["upper"]
    left = place.loc[("gainers_left", "employed")]["scenario_mean"]
    assert left.loc[2023:].between(0, 1).all()
    assert left.loc[2028] > left.loc[2023] > 0


def live_with(seed: int, *policies: dict[str, Any]) -> tuple[float, float, float]:
    """Return the mean standard in homes that were public rental where conditions are best and in all that is
    public rental, after twelve years, and segregation by income over the last five of them.
    """
    city = segsim.City(TOWN, seed=seed, policies=list(policies))
    strongest = Scope(strongest=0.4).rows(city.simulation.describe())
    homes, cells = city.tables.dwellings, city.tables.cells
    is_dear = (homes.tenure == Tenure.PUBLIC_RENTAL) & (homes.id != NONE)
    dear = homes.id[is_dear & np.isin(cells.area[homes.cell], strongest)].copy()
    for _ in range(12):
        city.step()
    homes, standard = city.tables.dwellings, city.tables.households.standard
    lived_in = (homes.id != NONE) & (homes.occupant != NONE)
    means = [
        float(standard[homes.occupant[lived_in & rows]].mean())
        for rows in (np.isin(homes.id, dear), homes.tenure == Tenure.PUBLIC_RENTAL)
    ]
    rows = city.rows()
    apart = rows[(rows["measure"] == "HR") & (rows["level"] == "area") & (rows["year"] > 2029)]
    return means[0], means[1], float(apart["value"].mean())


@pytest.mark.slow
def test_conversion__where_homes_are_dear_raises_segregation_by_income() -> None:
    """Inner Stockholm gentrified, what was left of public rental became poorer, segregation by income rose.

    Andersson and Magnusson Turner 2014. In the town 91 % of those homes are converted in twelve years.
    """
    conversion = {"tenure_conversion": {"share_per_year": 0.5, "areas": {"strongest": 0.4}}}
    pairs = [np.subtract(live_with(seed, conversion), live_with(seed)) for seed in range(1, 9)]
    converted, left, segregation = np.mean(pairs, axis=0)
    assert converted > 0
    assert left < -5
    assert segregation > 0

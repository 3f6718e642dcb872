"""The city of 31 December 2020, as far as it can be told: the areas of 2022 scaled back by their districts.

What is known of 2020 by district (residents born in Sweden and abroad, dwellings by tenure) is met exactly,
and divided over its areas as in 2022. All else is of 2022 and follows it: ages, education and work follow
residents, households follow dwellings. Incomes, shares of low and high standard, area types, schools and
borders are those of 2022 and later. What was built, and how many residents and homes there were, comes
year by year as it came; who moved in, and where within the municipality, is left to the model.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.hindcast.panel import FIRST, LAST, TENURES, YEARS, count_built, read_districts
from segsim.scenario.export.writing import yaml_text
from segsim.sweden.facts import read_area_rows, read_district_polygons, read_school_rows
from segsim.sweden.municipalities import find_municipality
from segsim.synthesis.apportionment import apportion
from segsim.synthesis.areas.area_table import EDUCATION, HOUSEHOLD_KINDS, YOUNG
from segsim.synthesis.maps.district_map import divide_districts
from segsim.synthesis.maps.polygons import write_polygons

BASE = 2022
"""The year of the areas that come with segsim."""
WITH_RESIDENTS = (
    *YOUNG,
    *EDUCATION,
    "edu_unknown",
    "employed",
    "unemployed",
    "pop_16_64",
    "pers_special_housing",
)
MEASURES = {
    "names": ["population"],
    "groupings": ["background"],
    "levels": ["municipality"],
    "profiles_every": 0,
}
"""What a run keeps of its own; districts are counted from its tables."""


def write_scenario(code: str, folder: Path) -> Path:
    """Write the scenario of a municipality from 2020 to 2023, with its areas, borders and schools."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = read_area_rows([code])
    areas = scale_back(facts, read_districts(code))
    areas.to_csv(folder / "areas.csv", index=False)
    write_polygons(folder / "boundaries.geojson", outline_areas(facts))
    city: dict[str, Any] = {"areas": "areas.csv", "municipality": code, "boundaries": "boundaries.geojson"}
    schools = read_school_rows(code)
    if not schools.empty:
        schools.to_csv(folder / "schools.csv", index=False)
        city["schools"] = "schools.csv"
    name = find_municipality(code).name
    values = {
        "label_en": f"{name} from {FIRST}",
        "label_sv": f"{name} från {FIRST}",
        "summary": f"{name} from {FIRST} to {LAST}: built and grown as it was.",
        "summary_sv": f"{name} från {FIRST} till {LAST}: byggd och vuxen som den blev.",
        "start": FIRST,
        "years": LAST - FIRST,
        "city": city,
        "rules": {"housing": {"construction": {"share_of_stock": 0.0}, "demolition_share": 0.0}},
        "preferences": {"demography": {"population_follows": "forecast", "forecast": foretell(code, areas)}},
        "measures": MEASURES,
    }
    if plans := list_plans(code, facts):
        values["policies"] = [{"named_plans": {"plans": plans, "most_per_year": 100_000}}]
    path = folder / f"hindcast_{code}.yaml"
    path.write_text(yaml_text(values), "utf-8")
    return path


def scale_back(facts: pd.DataFrame, panel: pd.DataFrame) -> pd.DataFrame:
    """Return the areas with the residents and dwellings their districts had in 2020."""
    then, now = panel.xs(FIRST, level="year"), panel.xs(BASE, level="year")
    columns = ["deso", "kommun_code", "kommun", "regso_code", "regso_name"]
    table = facts[[name for name in columns if name in facts]].copy()
    district = table["regso_code"].to_numpy(str)

    def divide(weights: pd.Series, totals: "pd.Series[Any]") -> np.ndarray:
        """Divide the total of each district over its areas by weights."""
        out = np.zeros(len(table), np.int64)
        for name, total in totals.items():
            rows = np.flatnonzero(district == name)
            out[rows] = apportion(weights.to_numpy(float)[rows], round(float(total)))
        return out

    def scale(column: str, ratio: "pd.Series[Any]") -> np.ndarray:
        """Scale what the areas of each district have, to a whole total."""
        return divide(facts[column], facts.groupby("regso_code")[column].sum() * ratio)

    table["born_sweden"] = divide(facts["born_sweden"], then["born_sweden"])
    from_abroad = facts["born_europe_exsw"] + facts["born_rest_world"]
    born_abroad = divide(from_abroad, then["born_abroad"])
    europe = facts["born_europe_exsw"] / from_abroad.clip(lower=1)
    table["born_europe_exsw"] = np.rint(born_abroad * europe).astype(np.int64)
    table["born_rest_world"] = born_abroad - table["born_europe_exsw"]
    table["pop_total"] = table["born_sweden"] + born_abroad
    # of two parents born abroad, as a share of those born in Sweden
    second = (facts["foreign_background"] - from_abroad).clip(lower=0) / facts["born_sweden"].clip(lower=1)
    table["foreign_background"] = born_abroad + np.rint(table["born_sweden"] * second).astype(np.int64)
    table["swedish_background"] = table["pop_total"] - table["foreign_background"]
    for column in WITH_RESIDENTS:
        grown = table["pop_total"] / facts["pop_total"].clip(lower=1)
        table[column] = np.rint(facts[column].fillna(0) * grown).astype(np.int64)
    for column in TENURES:
        # where a tenure is gone by 2022, its homes stood where the others stand
        there = facts[column] + 1e-6 * facts[list(TENURES)].sum(axis=1)
        table[column] = divide(there, then[column])
    homes = then[list(TENURES)].sum(axis=1) / now[list(TENURES)].sum(axis=1).clip(lower=1)
    for column in HOUSEHOLD_KINDS:
        table[column] = scale(column, homes)
    others = [
        name for name in facts if name not in table and name not in ("lon", "lat", "point_is_estimated")
    ]
    rates = [
        name for name in others if name.endswith("_pct") or name.startswith(("net_income", "omradestyp"))
    ]
    return table.join(facts[rates])


def outline_areas(facts: pd.DataFrame) -> dict[str, Any]:
    """Return the polygons of the areas by code, as the map that comes with segsim has them."""
    binary = read_district_polygons(facts["regso_code"].tolist())
    codes = sorted(binary)
    district = np.searchsorted(codes, facts["regso_code"].to_numpy(str))
    points = facts[["lon", "lat"]].to_numpy(float)
    polygons = divide_districts(points, district, [binary[code] for code in codes])
    return dict(zip(facts["deso"], polygons, strict=True))


def list_plans(code: str, facts: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what was built as plans, one for each district and year."""
    areas = facts.groupby("regso_code")["deso"].apply(list)
    plans = []
    for (district, year), built in count_built(code).iterrows():
        total = round(float(built.sum()))
        if total == 0:
            continue
        rental, cooperative, owned = (built / built.sum()).tolist()
        shares = {"public_rental": rental / 2, "private_rental": rental / 2}
        shares |= {"cooperative": cooperative, "owner_occupied": owned}
        plans.append(
            {"areas": areas[district], "year": int(year), "dwellings": total, "tenure_shares": shares}
        )
    return plans


def foretell(code: str, areas: pd.DataFrame) -> dict[int, dict[str, int]]:
    """Return residents as they came to be, and households that grow as dwellings did."""
    by_year = read_districts(code).groupby(level="year")[["pop_total", *TENURES]].sum()
    dwellings = by_year[list(TENURES)].sum(axis=1)
    households = float(areas[list(HOUSEHOLD_KINDS)].sum().sum())
    return {
        year: {
            "population": int(by_year["pop_total"][year]),
            "households": round(households * dwellings[year] / dwellings[FIRST]),
        }
        for year in YEARS
    }

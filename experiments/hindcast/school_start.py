"""The city of autumn 2012, as far as it can be told, and its schools and residents until 2023.

The areas are those of 2022 scaled back: residents of all areas by one number to those of 2012, and in all
areas the odds of foreign background by one number, that by which the pupils' of the municipality changed from
2012 to 2022. So the pattern of homes is that of 2022: who lived where in 2012 is not published by area.
Households and dwellings follow residents; ages, education, incomes and borders are of 2022. Schools have the
pupils and shares of autumn 2012, which the first enrolment meets.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.hindcast.panel import TENURES, read_districts
from experiments.hindcast.school_records import FIRST, LAST, LATER, STAGES, STRAY, choose_stages
from experiments.hindcast.start import BASE, WITH_RESIDENTS, outline_areas
from segsim.scenario.export.writing import yaml_text
from segsim.sweden.facts import read_area_rows, read_school_rows
from segsim.sweden.municipalities import find_municipality
from segsim.synthesis.areas.area_table import HOUSEHOLD_KINDS
from segsim.synthesis.maps.polygons import write_polygons

ROOM = 1.05
"""Seats over pupils, so that schools are near the sizes they had and nobody is turned away everywhere (C)."""
RESIZED = 0.1
"""Change of a school's size from which its seats are set anew."""
FEWEST_SEATS = 2
MEASURES = {
    "names": ["population"],
    "groupings": ["background"],
    "levels": ["municipality"],
    "profiles_every": 0,
}


def write_scenario(records: pd.DataFrame, code: str, population: "pd.Series[float]", folder: Path) -> Path:
    """Write the scenario of a municipality from 2012 to 2023, with its areas, borders, schools and plan.

    Parameters
    ----------
    records : DataFrame
        Of `read_records`.
    population : Series
        Residents by year, 2012 to 2022 at least.
    """
    folder.mkdir(parents=True, exist_ok=True)
    facts = read_area_rows([code])
    shift = measure_shift(records)
    areas = scale_back(facts, float(population[FIRST] / population[BASE]), -shift[BASE])
    areas.to_csv(folder / "areas.csv", index=False)
    write_polygons(folder / "boundaries.geojson", outline_areas(facts))
    places = find_places(records, code)
    list_schools(records, places, code).to_csv(folder / "schools.csv", index=False)
    name = find_municipality(code).name
    foreign = float(areas["foreign_background"].sum() / areas["pop_total"].sum())
    forecast: dict[int, dict[str, float]] = {
        year: {"population": round(float(population[year]))}
        for year in range(FIRST, LAST + 1)
        if year in population
    }
    for year in (FIRST, *LATER):
        odds = foreign / (1 - foreign) * np.exp(shift[year])
        forecast[year]["foreign_background"] = round(float(odds / (1 + odds)), 5)
    still = {"opening_rate": 0.0, "growth": 0.0, "shrinkage": 0.0, "closing_rate": 0.0}
    values: dict[str, Any] = {
        "label_en": f"{name} from {FIRST}",
        "label_sv": f"{name} från {FIRST}",
        "summary": f"{name} from {FIRST} to {LAST}, with the schools there were.",
        "summary_sv": f"{name} från {FIRST} till {LAST}, med de skolor som fanns.",
        "start": FIRST,
        "years": LAST - FIRST,
        "city": {
            "areas": "areas.csv",
            "municipality": code,
            "boundaries": "boundaries.geojson",
            "schools": "schools.csv",
        },
        "rules": {"schools": {"independent": still, "municipal_seats_follow": 0.0}},
        "preferences": {"demography": {"population_follows": "forecast", "forecast": forecast}},
        "policies": [{"school_plan": {"changes": plan_schools(records, places, areas, population)}}],
        "measures": MEASURES,
    }
    path = folder / f"schools_{code}.yaml"
    path.write_text(yaml_text(values), "utf-8")
    return path


def read_population(path: Path, code: str) -> "pd.Series[float]":
    """Return residents at the end of each year, 2012 to 2023: a published series, then those of districts."""
    table = pd.read_csv(path, dtype={"kommun_code": str})
    own = table[table["kommun_code"] == code].set_index("year")["population"].astype(float)
    later = read_districts(code).groupby(level="year")["pop_total"].sum()
    return pd.concat([own[own.index < later.index.min()], later]).loc[FIRST:LAST]


def measure_shift(records: pd.DataFrame) -> "pd.Series[float]":
    """Return by year the log of the pupils' odds of foreign background over those of 2012."""
    known = records.dropna(subset=["foreign"]).groupby("year")[["pupils", "foreign"]].sum()
    log_odds = np.log(known["foreign"] / (known["pupils"] - known["foreign"]))
    return log_odds - log_odds[FIRST]


def scale_back(facts: pd.DataFrame, size: float, shift: float) -> pd.DataFrame:
    """Return the areas with `size` times the residents, and e^shift times the odds of foreign background."""
    columns = ["deso", "kommun_code", "kommun", "regso_code", "regso_name"]
    table = facts[[name for name in columns if name in facts]].copy()
    persons = np.rint(facts["pop_total"] * size).astype(np.int64)
    share = facts["foreign_background"] / facts["pop_total"].clip(lower=1)
    weighed = share * np.exp(shift)
    foreign = np.rint(persons * weighed / (weighed + 1 - share)).astype(np.int64)
    ratio = foreign / facts["foreign_background"].clip(lower=1)
    table["pop_total"], table["foreign_background"] = persons, foreign
    table["swedish_background"] = persons - foreign
    for column in ("born_europe_exsw", "born_rest_world"):
        table[column] = np.floor(facts[column] * ratio).astype(np.int64)
    table["born_sweden"] = persons - table["born_europe_exsw"] - table["born_rest_world"]
    for column in (*WITH_RESIDENTS, *TENURES, *HOUSEHOLD_KINDS):
        table[column] = np.rint(facts[column].fillna(0) * size).astype(np.int64)
    others = [name for name in facts if name not in table]
    rates = [n for n in others if n.endswith("_pct") or n.startswith(("net_income", "omradestyp"))]
    return table.join(facts[rates])


def find_places(records: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return by school lng, lat and place of the first of its units that is known; NaN where none is."""
    known = read_school_rows(code).set_index("school_unit_code")[["lng", "lat", "place"]]
    known = known[known["place"] != "unknown"]
    units = records.explode("units")[["school", "units"]].drop_duplicates()
    joined = units.join(known, on="units")
    # exact places before rough ones
    joined["is_rough"] = joined["place"] != "register"
    first = joined.dropna(subset=["lng"]).sort_values("is_rough", kind="stable").groupby("school").first()
    return first.reindex(records["school"].unique())[["lng", "lat", "place"]]


def list_schools(records: pd.DataFrame, places: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the table of the schools of 2012 as a scenario reads it."""
    first = records[records["year"] == FIRST].set_index("school")
    stages = first.apply(choose_stages, axis=1, result_type="expand")
    upper = np.ceil(first["upper"] / 3).where(stages[1] == 9, 0)
    lower = first["lower"].where(stages[0] == 0, 0)
    table = pd.DataFrame(
        {
            "school_unit_code": first.index,
            "school": first.index,
            "municipality_code": code,
            "provider_type": first["provider"].map({"K": "Kommunal", "E": "Enskild"}),
            "n_pupils_g9": upper.astype(int),
        }
    )
    for n, column in enumerate(("n_f", *(f"n_{grade}" for grade in range(1, 7)))):
        table[column] = (lower // 7 + (lower % 7 > n)).astype(int)
    table["foreign_background"] = (first["foreign"] / first["pupils"]).round(4)
    table["parents_post_secondary"] = first["educated"].round(4)
    return table.join(places).reset_index(drop=True)


def count_places(row: Any, stages: tuple[int, int]) -> float:
    """Return the pupils of the largest grade of a school, if its grades of a stage are alike."""
    lower = row.lower / 7 if stages[0] == 0 else 0.0
    upper = row.upper / 3 if stages[1] == 9 else 0.0
    return max(lower, upper)


def plan_schools(
    records: pd.DataFrame, places: pd.DataFrame, areas: pd.DataFrame, population: "pd.Series[float]"
) -> list[dict[str, Any]]:
    """Return the lines of the plan: what opened, closed, and had other sizes from 2013 to 2023.

    Seats are the school's pupils as a part of all, of the children that live in the model's municipality.
    """
    lines: list[dict[str, Any]] = []
    all_pupils = records.groupby("year")[["lower", "upper"]].sum().sum(axis=1)
    children = areas["age_5_9"].sum() * 0.8 + areas["age_10_14"].sum() + areas["age_15_19"].sum() * 0.2
    scale = children * population / population[FIRST] / all_pupils * ROOM
    for school, own in records.set_index("year").groupby("school"):
        stages = choose_stages(own.iloc[0])
        parts = {school: (own, stages)}
        for part, grades in STAGES.items():
            # a stage that a school takes up later is a school of its own beside it, told together
            taught = own[own[part] > STRAY * (own["lower"] + own["upper"])]
            if not stages[0] <= grades[0] <= stages[1] and not taught.empty:
                parts[f"{school} {grades[0]}-{grades[1]}"] = taught, grades
        for name, (years, grades) in parts.items():
            lines += plan_school(str(name), years, grades, scale, places.loc[school], areas)
    return lines


def plan_school(
    name: str,
    own: pd.DataFrame,
    stages: tuple[int, int],
    scale: "pd.Series[float]",
    place: "pd.Series[Any]",
    areas: pd.DataFrame,
) -> list[dict[str, Any]]:
    """Return the lines of one school, which has pupils in the years of `own`."""
    lines: list[dict[str, Any]] = []
    begins, ends, seats = int(own.index.min()), int(own.index.max()), 0
    for year, row in zip(own.index.tolist(), own.itertuples(), strict=True):
        wanted = min(max(round(count_places(row, stages) * float(scale[year])), FEWEST_SEATS), 1000)
        line: dict[str, Any] = {"year": year, "school": name, "seats": wanted}
        if year == begins > FIRST:
            line |= {"change": "open", "first_grade": stages[0], "last_grade": stages[1]}
            line["provider"] = "municipal" if row.provider == "K" else "independent"
            line["areas"] = [find_area(own.loc[year], place, areas)]
        elif year > FIRST and abs(wanted - seats) > max(RESIZED * seats, FEWEST_SEATS):
            line["change"] = "resize"
        elif year > FIRST:
            continue
        seats = wanted
        if year > FIRST:
            lines.append(line)
    if ends < LAST:
        lines.append({"year": ends + 1, "school": name, "change": "close"})
    return lines


def find_area(row: "pd.Series[Any]", place: "pd.Series[Any]", areas: pd.DataFrame) -> str:
    """Return the area nearest to a school's place, or else that whose residents are most like its pupils."""
    facts = read_area_rows([str(areas["kommun_code"].iloc[0])])
    if place["lng"] == place["lng"]:
        east, north = np.cos(np.radians(place["lat"])), 1.0
        away = np.hypot((facts["lon"] - place["lng"]) * east, (facts["lat"] - place["lat"]) * north)
    else:
        share = areas["foreign_background"] / areas["pop_total"].clip(lower=1)
        away = (share - row["foreign"] / row["pupils"]).abs().fillna(0.0)
    return str(facts["deso"].iloc[int(away.argmin())])

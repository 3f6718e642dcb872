"""What the page shows of a city before anything is run: where it stands, and its districts on a map."""

from typing import Any

import pandas as pd

from segsim.plan.desk import DescribedCity
from segsim.report.municipality.standing import Standing, describe_standing, municipality_of
from segsim.scenario import Scenario
from segsim.sweden.facts import read_area_rows
from segsim.synthesis.maps.district_drawing import draw_districts
from segsim.words.words import Words

SHADES = ("type", "foreign_background", "low_standard", "rental")
"""What the map of districts can show: their official type, and shares of residents or dwellings."""


def describe_facts(name: str, scenario: Scenario, words: Words) -> dict[str, Any]:
    """Return what is known of a city at once.

    Parameters
    ----------
    name : str
        What a scenario extends to be of this city.
    scenario : Scenario
        The city as it is.
    words : Words
    """
    codes, is_swedish = scenario.city.national_codes, words.language == "sv"
    label = (scenario.label_sv if is_swedish else scenario.label_en) or scenario.label_en or scenario.name
    municipality = municipality_of(scenario)
    return {
        "name": name,
        "label": label,
        "code": municipality.code if municipality else "",
        "summary": (scenario.summary_sv if is_swedish else scenario.summary) or scenario.summary,
        "start": scenario.start,
        "standing": write_standing(describe_standing(municipality, words)) if municipality else None,
        "map": describe_map(codes) if codes and scenario.city.boundaries is None else None,
    }


def write_standing(standing: Standing) -> dict[str, Any]:
    """Return where a municipality stands as the page shows it: large numbers, and a table of all."""
    columns = ("title", "own", "rank", "similar", "county", "country")
    return {
        "year": standing.year,
        "headlines": [headline._asdict() for headline in standing.headlines],
        "themes": [
            {
                "title": theme.title,
                "rows": [{column: getattr(row, column) for column in columns} for row in theme.rows],
            }
            for theme in standing.themes
        ],
        "similar": standing.similar_names,
    }


def describe_map(codes: tuple[str, ...]) -> dict[str, Any]:
    """Return the districts of some municipalities: path, residents, and what the map can show of them."""
    rows = read_area_rows(codes)
    drawing = draw_districts(rows["regso_code"])
    return {
        "width": drawing.width,
        "height": drawing.height,
        "districts": [
            {"path": drawing.paths[str(code)], **summarise_district(part)}
            for code, part in rows.groupby("regso_code", sort=True)
            if str(code) in drawing.paths
        ],
    }


def summarise_district(areas: pd.DataFrame) -> dict[str, Any]:
    """Return the name, residents, type and shares (from 0 to 1) of the areas of a district."""
    residents = areas["pop_total"]
    dwellings = areas[["dw_rental", "dw_coop", "dw_owned"]].sum()
    poor = (areas["low_econ_std_pct"] * areas["pop_econ_std"]).sum() / 100
    return {
        "name": str(areas["regso_name"].iloc[0]),
        "residents": int(residents.sum()),
        "type": int(areas["omradestyp_2022"].iloc[0]),
        "foreign_background": part_of(areas["foreign_background"].sum(), areas["pop_bg_total"].sum()),
        "low_standard": part_of(poor, areas["pop_econ_std"].sum()),
        "rental": part_of(dwellings["dw_rental"], dwellings.sum()),
    }


def part_of(part: float, whole: float) -> float | None:
    """Return a share with three decimals; None of nothing."""
    return round(float(part) / float(whole), 3) if whole > 0 else None


def describe_places(city: DescribedCity, words: Words) -> dict[str, Any]:
    """Return what is known of a city once it has been made: its districts, areas, schools, and notes."""
    places, profile = city.places, city.profile
    residents = pd.Series(profile.residents).groupby(list(places.districts)).sum()
    return {
        "districts": [{"name": str(name), "residents": int(n)} for name, n in residents.items()],
        "areas": list(places.areas),
        "schools": sorted(places.schools),
        "notes": [note.text(words.language) for note in city.notes],
    }

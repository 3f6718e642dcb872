"""Every compulsory school unit of Sweden: who runs it, what it teaches and where it stands."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

CODES = {
    name: str
    for name in (
        "school_unit_code",
        "schoolUnitCode",
        "kommun_code",
        "kommun_of_point",
        "municipality_code",
        "visit_postcode",
    )
}
GRADES = ["n_f", *(f"n_{grade}" for grade in range(1, 10))]
YEARS = (2023, 2025, 2022)
"""School years, by the autumn they begin, in which pupils of a unit are looked up, the first choice first.

The latest with the preschool class is that of 2023; units opened or closed about then are in another.
"""
POSTCODES_OF_A_POINT = 3
"""A point that more postcodes share is the middle of a town."""
NEAR_POSTCODE_KM = 6.0
"""How far the district a school bears the name of may be from its postcode.

So the 418 schools with coordinates in the register lie .7 km (median) from where they are put, against 1.6 by
their postcodes.
"""
ANY_WORDS = {
    "norra",
    "södra",
    "östra",
    "västra",
    "öster",
    "väster",
    "norr",
    "söder",
    "inre",
    "yttre",
    "nedre",
    "övre",
}
ANY_WORDS |= {"mellersta", "gamla", "nya", "centrum", "city", "stads", "tätort", "omland", "landsbygd"}
"""Words in names of districts that name none."""
DECIMALS = 5


def build_schools(folder: Path, areas: pd.DataFrame, districts: pd.DataFrame) -> pd.DataFrame:
    """Return the units with grade 9 in 2024/25, and others that had lower grades the year before."""
    listed = read_grade_9(folder)
    panel = read_panel(folder)
    known = panel[panel["start_year"] == YEARS[0]]
    lower = known[GRADES[:7]].sum(axis=1) > 0
    others = known[~known.index.isin(listed.index) & lower]
    units = pd.concat(
        [listed, others[["school", "municipality_code", "provider_type"]].assign(n_pupils_g9=0)]
    )
    units["provider_type"] = units["provider_type"].replace({"K": "Kommunal", "E": "Enskild"})
    latest = pd.concat([panel[panel["start_year"] == year] for year in YEARS])
    latest = latest[~latest.index.duplicated()].drop(columns=["school", "municipality_code", "provider_type"])
    units = units.join(latest).rename(columns={"start_year": "pupils_of_autumn"})
    counted = units["n_9"].where(units["n_9"] > 0)
    units["n_pupils_g9"] = units["n_pupils_g9"].fillna(counted)
    units = (
        units.join(find_places(folder, units, areas, districts)).rename_axis("school_unit_code").reset_index()
    )
    whole = ["n_pupils_g9", *GRADES, "pupils_of_autumn"]
    units[whole] = units[whole].astype("Int32")
    return units.sort_values(["municipality_code", "school_unit_code"], ignore_index=True)


def read_grade_9(folder: Path) -> pd.DataFrame:
    """Return the units with grade 9 of 2024/25 by their code."""
    table = pd.read_csv(folder / "schools_grade9_2024_25_sweden.csv", dtype=CODES)
    table = table[table["school_unit_code"].str.fullmatch(r"\d{8}").fillna(False)]
    return pd.DataFrame(
        {
            "school": table["school"],
            "municipality_code": table["municipality_code"].str.zfill(4),
            "provider_type": table["provider_type"],
            "n_pupils_g9": table["n_pupils_g9_num"],
            "merit_value_17": table["merit_value_17_num"],
        }
    ).set_index(table["school_unit_code"])


def read_panel(folder: Path) -> pd.DataFrame:
    """Return pupils by grade and their background of every unit in every year, by the code of the unit."""
    table = pd.read_csv(folder / "schools_panel_2009_2025_sweden.csv.gz", dtype=CODES)
    table = table.rename(columns={"kommun_code": "municipality_code", "fb_flag": "foreign_background_flag"})
    for name, column in (
        ("foreign_background", "pct_foreign_bg"),
        ("parents_post_secondary", "pct_parents_post_sec"),
    ):
        table[name] = (table[column] / 100).round(3)
    table[GRADES] = table[GRADES].fillna(0)
    kept = ["foreign_background", "foreign_background_flag", "parents_post_secondary"]
    return table.set_index("school_unit_code")[
        ["start_year", "school", "municipality_code", "provider_type", *GRADES, *kept]
    ]


def find_places(
    folder: Path, units: pd.DataFrame, areas: pd.DataFrame, districts: pd.DataFrame
) -> pd.DataFrame:
    """Return where each unit stands and who says so; points outside its municipality are not believed."""
    register = pd.read_csv(folder / "school_units_coordinates_partial.csv", dtype=CODES)
    official = pd.read_csv(folder / "schools_grade9_coords_sthlm_vg_halland.csv", dtype=CODES)
    postcodes = read_postcodes(folder)
    sources = (
        ("register", register.set_index("school_unit_code")[["lon", "lat"]]),
        ("register", official.set_index("schoolUnitCode")[["lng", "lat"]]),
        ("district", match_districts(units, areas, postcodes)),
        ("postcode", postcodes.loc[~postcodes["is_town"], ["lng", "lat"]]),
        ("town", postcodes.loc[postcodes["is_town"], ["lng", "lat"]]),
    )
    out = pd.DataFrame({"lng": np.nan, "lat": np.nan, "place": "unknown"}, index=units.index)
    homes = outline_municipalities(districts)
    for place, points in sources:
        at = points.reindex(units.index)
        at.columns = ["lng", "lat"]
        inside = shapely.intersects_xy(
            units["municipality_code"].map(homes).to_numpy(object), at["lng"].to_numpy(), at["lat"].to_numpy()
        )
        new = out["lng"].isna() & at["lng"].notna() & inside
        out.loc[new, ["lng", "lat"]] = at.loc[new].round(DECIMALS)
        out.loc[new, "place"] = place
    return out


def read_postcodes(folder: Path) -> pd.DataFrame:
    """Return the point of each unit's postcode in 2020, and whether it is no more than that of its town."""
    older = pd.read_csv(folder / "school_register_grundskola_2020.csv", dtype=CODES)
    older = older.rename(columns={"postcode_lon": "lng", "postcode_lat": "lat"}).dropna(subset=["lng", "lat"])
    sharing = older.groupby(["lng", "lat"])["visit_postcode"].transform("nunique")
    return older.assign(is_town=sharing > POSTCODES_OF_A_POINT).set_index("school_unit_code")


def match_districts(units: pd.DataFrame, areas: pd.DataFrame, postcodes: pd.DataFrame) -> pd.DataFrame:
    """Return where people live in the district a unit bears the name of, if that is near its postcode."""
    names = name_districts(areas)
    out = {}
    for code, unit in units[units.index.isin(postcodes.index)].iterrows():
        match = re.match(r"([a-zåäöé]+?)s?\s?(fri|grund)?skolan?\b", unit["school"].lower())
        stem = match.group(1) if match else unit["school"].lower().split(" ")[0]
        keys = ((unit["municipality_code"], stem + ending) for ending in ("", "s", "en", "a", "e"))
        near = next((names[key] for key in keys if key in names), [])
        point = postcodes.loc[code, ["lng", "lat"]].to_numpy(float)
        km = [111.2 * np.hypot((x - point[0]) * np.cos(np.radians(y)), y - point[1]) for x, y in near]
        if km and min(km) < NEAR_POSTCODE_KM:
            out[code] = near[int(np.argmin(km))]
    return pd.DataFrame.from_dict(out, orient="index", columns=["lng", "lat"])


def name_districts(areas: pd.DataFrame) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Return where people live in the districts of a municipality that a word is in the name of."""
    out: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for (municipality, _, name), own in areas.groupby(["kommun_code", "regso_code", "regso_name"]):
        point = tuple(np.average(own[["lon", "lat"]], axis=0, weights=own["pop_total"] + 1))
        for word in set(re.split(r"[-\s/]+", name.lower())) - ANY_WORDS:
            if len(word) > 3:
                out.setdefault((municipality, word), []).append(point)
    return out


def outline_municipalities(districts: pd.DataFrame) -> dict[str, shapely.Geometry]:
    """Return the polygons of every municipality by its code."""
    parts = pd.Series(shapely.from_wkb(districts["polygons"]), index=districts["regso_code"].str[:4])
    outlines = {str(code): shapely.coverage_union_all(own.to_numpy()) for code, own in parts.groupby(level=0)}
    for outline in outlines.values():
        shapely.prepare(outline)
    return outlines

"""Build the facts on Sweden that segsim ships, from the open tables its PROVENANCE.md names.

    python -m experiments.build_sweden FOLDER

FOLDER holds the tables as CSV and GeoJSON under the names below. The same tables give the same facts.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

FACTS = Path(__file__).parents[1] / "segsim" / "sweden" / "facts"
CODES = {
    name: str
    for name in (
        "deso",
        "kommun_code",
        "municipality_code",
        "county_code",
        "regso_code",
        "regso2025",
        "school_unit_code",
        "schoolUnitCode",
    )
}
MOVED_DISTRICTS = {"2584R001": "2523R011"}
"""The one RegSO of 2020 that has another code in 2025; all others are joined as they are."""
COARSE_M, FINE_M = 280, 35
"""How far polygons were simplified in the two files of them."""
DECIMALS = 5
"""Of a degree, about a metre."""


def read(folder: Path, name: str, **options: object) -> pd.DataFrame:
    """Read a table with its codes as text."""
    return pd.read_csv(folder / name, dtype=CODES, **options)  # type: ignore[call-overload, no-any-return]


def build_areas(folder: Path) -> pd.DataFrame:
    """Return every DeSO with all its counts, and the point that stands for it."""
    areas = read(folder, "deso_2022_sweden.csv")
    estimated = read(folder, "deso2018_pseudo_points_sweden.csv").set_index("deso")
    true = read(folder, "deso2018_stockholm_centroids.csv").set_index("deso")
    is_true = areas["deso"].isin(true.index)
    for axis in ("lon", "lat"):
        point = areas["deso"].map(true[axis]).where(is_true, areas["deso"].map(estimated[axis]))
        areas[axis] = point.round(DECIMALS)
    areas["point_is_estimated"] = ~is_true
    return areas.drop(columns="kommun").sort_values("deso", ignore_index=True)


def read_features(path: Path) -> dict[str, dict[str, Any]]:
    """Return the features of a GeoJSON file by the code of their RegSO."""
    features = json.loads(path.read_text("utf-8"))["features"]
    return {feature["properties"]["regso"]: feature for feature in features}


def keep_polygons(geometry: Any) -> Any:
    """Return the polygons of a geometry; rounded corners leave lines where an edge ran back on itself."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def build_districts(folder: Path) -> pd.DataFrame:
    """Return every RegSO with its polygons, under its code of 2020, by which the areas name it.

    Whole municipalities have finer polygons where there are any, so that borders within one stay shared.
    """
    coarse = read_features(folder / "regso2025_sweden_simplified.geojson")
    fine = read_features(folder / "regso2025_33municipalities_simplified.geojson")
    finer = {code[:4] for code in fine}
    missing = [code for code in coarse if code[:4] in finer and code not in fine]
    assert not missing, f"without a finer polygon in a municipality that has them: {missing}"
    before = {new: old for old, new in MOVED_DISTRICTS.items()}
    rows = []
    for code, feature in (coarse | fine).items():
        polygons = keep_polygons(shapely.make_valid(shapely.force_2d(shape(feature["geometry"]))))
        rows.append(
            {
                "regso_code": before.get(code, code),
                "regso_code_2025": code,
                "name_2025": feature["properties"]["name"],
                "simplified_m": FINE_M if code in fine else COARSE_M,
                "polygons": shapely.to_wkb(shapely.normalize(polygons), byte_order=1),
            }
        )
    return pd.DataFrame(rows).sort_values("regso_code", ignore_index=True)


def build_neighbours(folder: Path) -> pd.DataFrame:
    """Return the pairs of RegSO that share a border, and the metres they share."""
    pairs = pd.read_csv(folder / "regso2025_adjacency_sweden.csv", dtype={0: str, 1: str})
    first, second, metres = (
        pairs.columns[0],
        pairs.columns[1],
        next(c for c in pairs if "m" in c and "shared" in c),
    )
    before = {new: old for old, new in MOVED_DISTRICTS.items()}
    return pd.DataFrame(
        {
            "regso_a": pairs[first].replace(before),
            "regso_b": pairs[second].replace(before),
            "shared_border_m": pairs[metres].round().astype(np.int32),
        }
    )


def build_schools(folder: Path) -> pd.DataFrame:
    """Return the school units with grade 9 of 2024/25, with a place and where the place comes from."""
    schools = read(folder, "schools_grade9_2024_25_sweden.csv")
    schools = schools[schools["school_unit_code"].str.fullmatch(r"\d{8}").fillna(False)]
    register = read(folder, "school_units_coordinates_partial.csv").set_index("school_unit_code")
    official = read(folder, "schools_grade9_coords_sthlm_vg_halland.csv").set_index("schoolUnitCode")
    older = read(folder, "school_register_grundskola_2020.csv").set_index("school_unit_code")
    sources = (
        ("register", register["lon"], register["lat"]),
        ("register", official["lng"], official["lat"]),
        ("postcode", older["postcode_lon"], older["postcode_lat"]),
    )
    codes = schools["school_unit_code"]
    out = pd.DataFrame(
        {
            "school_unit_code": codes,
            "school": schools["school"],
            "municipality_code": schools["municipality_code"].str.zfill(4),
            "provider_type": schools["provider_type"],
            "n_pupils_g9": schools["n_pupils_g9_num"],
            "merit_value_17": schools["merit_value_17_num"],
            "lng": np.nan,
            "lat": np.nan,
            "place": "unknown",
        }
    )
    for place, east, north in sources:
        longitude, latitude = codes.map(east), codes.map(north)
        new = out["lng"].isna() & longitude.notna() & latitude.notna()
        out.loc[new, "lng"] = longitude[new].round(DECIMALS)
        out.loc[new, "lat"] = latitude[new].round(DECIMALS)
        out.loc[new, "place"] = place
    return out.sort_values(["municipality_code", "school_unit_code"], ignore_index=True)


def build_municipalities(folder: Path, areas: pd.DataFrame) -> pd.DataFrame:
    """Return every municipality with its county and what a list of them shows."""
    names = read(folder, "municipality_county.csv").set_index("municipality_code")
    rows = []
    for code, own in areas.groupby("kommun_code"):
        swedish, foreign = own["swedish_background"], own["foreign_background"]
        known = own[own["omradestyp_2022"].between(1, 5)]
        of_type = known.groupby("omradestyp_2022")["pop_total"].sum() / max(known["pop_total"].sum(), 1)
        rows.append(
            {
                "code": code,
                "name": names.at[code, "municipality_name_short"],
                "full_name": names.at[code, "municipality_name"],
                "county_code": names.at[code, "county_code"],
                "county": names.at[code, "county_name"],
                "persons": int(own["pop_total"].sum()),
                "areas": len(own),
                "districts": own["regso_code"].nunique(),
                "foreign_background": round(float(foreign.sum() / (foreign.sum() + swedish.sum())), 4),
                "D": round(float((swedish / swedish.sum() - foreign / foreign.sum()).abs().sum() / 2), 4),
                **{f"type_{kind}": round(float(of_type.get(kind, 0.0)), 4) for kind in range(1, 6)},
            }
        )
    return pd.DataFrame(rows)


def shrink(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with whole numbers in as few bytes as they need."""
    whole = table.select_dtypes("integer").columns
    return table.astype({name: np.int32 for name in whole})


def main() -> None:
    """Write every file of facts."""
    folder = Path(sys.argv[1])
    areas = build_areas(folder)
    tables = {
        "areas": areas,
        "districts": build_districts(folder),
        "neighbours": build_neighbours(folder),
        "schools": build_schools(folder),
        "municipalities": build_municipalities(folder, areas),
    }
    unknown = set(areas["regso_code"]) ^ set(tables["districts"]["regso_code"])
    assert not unknown, f"districts of only one of the two tables: {sorted(unknown)}"
    FACTS.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        path = FACTS / f"{name}.parquet"
        shrink(table).to_parquet(path, index=False, compression="zstd", compression_level=19)
        print(f"{path.name}: {len(table)} rows, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()

"""Build the facts on Sweden that segsim ships, from the open tables its PROVENANCE.md names.

    python -m experiments.build_sweden FOLDER DISTRICTS.gpkg

FOLDER holds the tables as CSV under the names below, DISTRICTS.gpkg the polygons of RegSO 2025 as Statistics
Sweden gives them out. The same files give the same facts.
"""

import sqlite3
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from experiments.sweden_history import build_history
from experiments.sweden_indicators import build_indicators
from experiments.sweden_schools import build_schools

FACTS = Path(__file__).parents[1] / "segsim" / "sweden" / "facts"
CODES = {
    name: str
    for name in (
        "deso",
        "kommun_code",
        "municipality_code",
        "county_code",
        "regso_code",
    )
}
MOVED_DISTRICTS = {"2584R001": "2523R011"}
"""The one RegSO of 2020 that has another code in 2025; all others are joined as they are."""
SIMPLIFIED_M = 50
"""How far a border may move: a pixel of the map of a municipality; to 30 m the file is a third larger."""
DECIMALS = 5
"""Of a degree, about a metre."""
ENVELOPE = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
"""Bytes of the bounds that stand between the head of a GeoPackage's geometry and its well-known binary."""


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


def read_package(path: Path) -> pd.DataFrame:
    """Return code, name and polygons, in metres (SWEREF 99 TM), of every RegSO of a GeoPackage."""
    with sqlite3.connect(path) as package:
        rows = package.execute("SELECT regsokod, regsonamn, sp_geometry FROM RegSO_2025 ORDER BY regsokod")
        codes, names, geometry = zip(*rows, strict=True)
    polygons = shapely.force_2d(
        shapely.from_wkb([binary[8 + ENVELOPE[binary[3] >> 1 & 7] :] for binary in geometry])
    )
    return pd.DataFrame({"regso_code_2025": codes, "name_2025": names, "polygons": polygons})


def build_districts(path: Path) -> pd.DataFrame:
    """Return every RegSO with its polygons, under its code of 2020, by which the areas name it.

    All of Sweden is simplified as one coverage, so that a border stays one line, whoever is on its sides.
    Rounding makes some edges cross, which cleaning the coverage mends.
    """
    districts = read_package(path)
    to_degrees = Transformer.from_crs("EPSG:3006", "EPSG:4326", always_xy=True)
    simple = shapely.coverage_simplify(districts["polygons"].to_numpy(), SIMPLIFIED_M)
    simple = shapely.transform(simple, to_degrees.transform, interleaved=False)
    rounded = shapely.transform(simple, lambda corners: np.round(corners, DECIMALS))
    clean = shapely.normalize(shapely.coverage_clean(rounded, snapping_distance=0.0))
    assert shapely.coverage_is_valid(clean)
    assert np.allclose(shapely.area(clean), shapely.area(simple), atol=2e-5)
    before = {new: old for old, new in MOVED_DISTRICTS.items()}
    return districts.assign(
        regso_code=districts["regso_code_2025"].replace(before), polygons=shapely.to_wkb(clean, byte_order=1)
    ).sort_values("regso_code", ignore_index=True)[["regso_code", "regso_code_2025", "name_2025", "polygons"]]


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
    whole = table.select_dtypes("int64").columns
    return table.astype({name: np.int32 for name in whole})


def main() -> None:
    """Write every file of facts."""
    folder, districts = map(Path, sys.argv[1:])
    areas = build_areas(folder)
    polygons = build_districts(districts)
    tables = {
        "areas": areas,
        "districts": polygons,
        "neighbours": build_neighbours(folder),
        "schools": build_schools(folder, areas, polygons),
        "municipalities": build_municipalities(folder, areas),
        "municipality_indicators": build_indicators(
            areas, read(folder, "municipality_indices_2022_all290.csv")
        ),
        "history": build_history(folder),
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

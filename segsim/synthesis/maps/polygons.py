"""Files of polygons: read, matched with the areas they belong to, and refused where they cannot be these."""

import json
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from segsim.errors import DataError, list_names
from segsim.scenario.files.grids import decode, read_bytes
from segsim.synthesis.files.area_codes import AreaCode, parse_area_code

_KEYS = ("deso", "desokod", "deso_kod", "regsokod", "regso", "area_id", "kod", "code", "id")
"""Properties that hold the code of an area, the likeliest first."""
LAYERS = (".gpkg", ".shp", ".zip")
"""Kinds of files that need a library of their own."""
_BESIDE = (".shx", ".dbf")
"""Files that a shapefile cannot be read without."""

_NOT_POLYGONS = (AttributeError, TypeError, ValueError, IndexError, KeyError, shapely.errors.ShapelyError)
"""What shapely raises for what is no geometry, be it no mapping, no numbers or too few points."""


class Feature(NamedTuple):
    """Properties and polygons of one feature of a file."""

    properties: dict[str, Any]
    polygons: BaseGeometry


class Layer(NamedTuple):
    """The features of a file or of one layer of it, and the system of coordinates it says it is in, or ""."""

    features: list[Feature]
    system: str


def read_layer(path: Path, codes: Iterable[str] = ()) -> Layer:
    """Read the polygons of a GeoJSON file, or of the layer of another kind of file that holds most codes.

    Raises
    ------
    DataError
        If the file cannot be read, or its features are no polygons.
    """
    sought = set(codes)
    return max(read_layers(path), key=lambda one: (_count_hits(one.features, sought)[1], len(one.features)))


def read_layers(path: Path) -> list[Layer]:
    """Read every layer with polygons of a file, at least one.

    Raises
    ------
    DataError
        If the file cannot be read, or its features are no polygons.
    """
    read = _open_layers(path) if path.suffix.lower() in LAYERS else [_read_geojson(path)]
    layers = [layer for layer in read if layer.features]
    if not layers:
        raise DataError(
            f"{path.name}: holds no polygons; it needs one per area",
            f"{path.name}: innehåller inga polygoner; den behöver en per område",
        )
    return layers


def code_of(value: object) -> str:
    """Return a property as the code of an area."""
    text = str(value).strip()
    code = parse_area_code(text)
    return code.code if code else text


def _count_hits(features: Sequence[Feature], codes: set[str]) -> tuple[str, int]:
    """Return the property that holds most of some codes, and how many."""
    names = {name for properties, _ in features for name in properties}
    ordered = [n for k in _KEYS for n in sorted(names) if n.lower() == k] + sorted(names)
    hits = {n: len(codes & {code_of(properties.get(n)) for properties, _ in features}) for n in ordered}
    key = max(ordered, key=lambda n: hits[n], default="")
    return key, hits.get(key, 0)


def match_areas(file: str, features: Sequence[Feature], codes: Sequence[str]) -> list[BaseGeometry]:
    """Return the polygons of each area, in the order of the areas, by the property that holds their codes."""
    key, hits = _count_hits(features, set(codes))
    if not hits:
        raise _explain_no_match(file, features, codes)
    polygons = join_polygons((code_of(properties.get(key)), geometry) for properties, geometry in features)
    missing = [code for code in codes if code not in polygons]
    if missing:
        few = list_names(missing, 5)
        raise DataError(
            f"{file}: {len(missing)} areas have no boundary in it: {few}; use the boundaries of the same "
            "version of the areas, DeSO 2018 for tables up to 2023 and DeSO 2025 from 2024; if they stand "
            "there with an empty geometry, export it anew",
            f"{file}: {len(missing)} områden saknar gräns i den: {few:sv}; använd gränserna i samma version "
            "som områdena, DeSO 2018 för tabeller till och med 2023 och DeSO 2025 från 2024; står de där med "
            "tom geometri, exportera den på nytt",
        )
    _refuse_same(file, codes, polygons)
    return [polygons[code] for code in codes]


def join_polygons(parts: Iterable[tuple[str, BaseGeometry]]) -> dict[str, BaseGeometry]:
    """Return the polygons of each code, of all its parts."""
    polygons: dict[str, list[BaseGeometry]] = {}
    for code, geometry in parts:
        polygons.setdefault(code, []).extend(shapely.get_parts(geometry))
    return {code: shapely.multipolygons(several) for code, several in polygons.items()}


def _refuse_same(file: str, codes: Sequence[str], polygons: dict[str, BaseGeometry]) -> None:
    """Refuse two areas with the same polygons."""
    known: dict[bytes, str] = {}
    for code in codes:
        other = known.setdefault(shapely.to_wkb(polygons[code]), code)
        if other != code:
            raise DataError(
                f"{file}: the areas {other} and {code} have the same boundary; export it anew",
                f"{file}: områdena {other} och {code} har samma gräns; exportera den på nytt",
            )


def list_codes(features: Sequence[Feature]) -> list[AreaCode]:
    """Return the codes of areas that stand in the properties of features, areas before districts."""
    codes = {
        code for properties, _ in features for v in properties.values() if (code := parse_area_code(str(v)))
    }
    return sorted(codes, key=lambda code: (code.is_district, code.code))


def _explain_no_match(file: str, features: Sequence[Feature], codes: Sequence[str]) -> DataError:
    """Return the error of polygons that are not those of the areas."""
    there = list_codes(features)
    first = parse_area_code(codes[0])
    if not there or first is None:
        names = ", ".join(sorted({name for properties, _ in features for name in properties})[:8])
        return DataError(
            f"{file}: no property of its polygons holds codes of areas, such as {codes[0]}; there are "
            f"{names or 'none'}",
            f"{file}: ingen egenskap hos dess polygoner innehåller områdeskoder, såsom {codes[0]}; där finns "
            f"{names or 'ingen'}",
        )
    of = sorted({code.municipality for code in there})
    if first.municipality not in of:
        return DataError(
            f"{file}: holds codes of {list_names(of, 5)}, none of {first.municipality}; use the boundaries "
            "of that municipality",
            f"{file}: innehåller koder för {list_names(of, 5):sv}, inga för {first.municipality}; använd den "
            "kommunens gränser",
        )
    kinds = {True: ("districts (RegSO)", "stadsdelar (RegSO)"), False: ("areas (DeSO)", "områden (DeSO)")}
    here, asked = kinds[there[0].is_district], kinds[first.is_district]
    return DataError(
        f"{file}: holds {here[0]}, such as {there[0].code}; the table has {asked[0]}, such as {codes[0]}; "
        f"use the layer of those",
        f"{file}: innehåller {here[1]}, såsom {there[0].code}; tabellen har {asked[1]}, såsom {codes[0]}; "
        f"använd det lagret",
    )


def _read_geojson(path: Path) -> Layer:
    """Return properties and polygons of each feature of a GeoJSON file that has any."""
    held = read_bytes(path)
    if _is_binary(held):
        raise DataError(
            f"{path.name}: is not GeoJSON; of a shapefile name the part that ends with .shp, let a "
            "GeoPackage end with .gpkg, or export GeoJSON",
            f"{path.name}: är inte GeoJSON; av en shapefil, ange den del som slutar på .shp, låt ett "
            "GeoPackage sluta på .gpkg, eller exportera GeoJSON",
        )
    try:
        content = json.loads(decode(path.name, held))
    except json.JSONDecodeError as error:
        raise DataError(
            f"{path.name}: row {error.lineno}: is not GeoJSON; export it anew",
            f"{path.name}: rad {error.lineno}: är inte GeoJSON; exportera den på nytt",
        ) from error
    except RecursionError as error:
        raise DataError(
            f"{path.name}: is not GeoJSON (lists within lists without end); export it anew",
            f"{path.name}: är inte GeoJSON (listor i listor utan slut); exportera den på nytt",
        ) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise DataError(
            f"{path.name}: is not a GeoJSON FeatureCollection; export the layer as GeoJSON",
            f"{path.name}: är ingen FeatureCollection i GeoJSON; exportera lagret som GeoJSON",
        )
    out = []
    for i, feature in enumerate(features, start=1):
        try:
            properties = {"id": feature.get("id"), **(feature.get("properties") or {})}
            with np.errstate(invalid="ignore"):  # of coordinates that are no numbers, which are refused later
                polygons = select_polygons(shape(feature["geometry"])) if feature.get("geometry") else None
        except (*_NOT_POLYGONS, RecursionError) as error:
            raise DataError(
                f"{path.name}: feature {i}: is not a polygon of coordinates; export it anew",
                f"{path.name}: objekt {i}: är ingen polygon av koordinater; exportera den på nytt",
            ) from error
        if polygons:
            out.append(Feature(properties, polygons))
    return Layer(out, _read_system(content.get("crs")))


def _read_system(crs: object) -> str:
    """Return the system of coordinates a GeoJSON file declares, such as EPSG:3006, or nothing."""
    name = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    match = re.search(r"EPSG:+(\d+)$", name)
    return f"EPSG:{match[1]}" if match else ""


def select_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, without height and without points and lines."""
    parts = shapely.get_parts(shapely.get_parts(shapely.force_2d(geometry)))  # of collections of several too
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _is_binary(content: bytes) -> bool:
    """Tell whether a file is no text: text in UTF-16 begins with its mark."""
    return content[:2] == b"PK" or (
        content[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\x00" in content[:4096]
    )


def _open_layers(path: Path) -> list[Layer]:
    """Return every layer with geometry of a GeoPackage or shapefile."""
    _refuse_part_of_shapefile(path)
    try:
        geopandas = import_module("geopandas")
    except ImportError as error:
        raise DataError(
            f"{path.name}: GeoPackages and shapefiles need more packages; "
            "pip install 'segsim[geo]', or export GeoJSON",
            f"{path.name}: GeoPackage och shapefiler kräver fler paket; "
            "pip install 'segsim[geo]', eller exportera GeoJSON",
        ) from error
    try:
        with warnings.catch_warnings(action="ignore"):  # of damaged files, which the error tells
            names = geopandas.list_layers(path)["name"]
            frames = [geopandas.read_file(path, layer=name) for name in names]
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(
            f"{path.name}: cannot be read as a map; export it anew",
            f"{path.name}: kan inte läsas som karta; exportera den på nytt",
        ) from error
    return [_convert_frame(frame) for frame in frames if hasattr(frame, "geometry")]


def _refuse_part_of_shapefile(path: Path) -> None:
    """Refuse a shapefile without the files it consists of."""
    if path.suffix.lower() != ".shp":
        return
    there = {file.suffix.lower() for file in path.parent.glob(f"{path.stem}.*")}
    if lacking := [path.stem + suffix for suffix in _BESIDE if suffix not in there]:
        raise DataError(
            f"{path.name}: {lacking[0]} is not beside it; a shapefile is several files of one name, copy all",
            f"{path.name}: {lacking[0]} finns inte bredvid den; en shapefil är flera filer med samma namn, "
            "kopiera alla",
        )


def _convert_frame(frame: Any) -> Layer:
    """Return the features of one layer of a file of maps, and the code of its system of coordinates."""
    geometry = frame.geometry.to_numpy()
    there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    code = frame.crs.to_epsg() if frame.crs is not None else None
    if frame.crs is not None and code is None:  # a system without a number
        geometry = frame.to_crs(4326).geometry.to_numpy()
    properties = frame.drop(columns=frame.geometry.name)[there].to_dict("records")
    pairs = zip(properties, map(select_polygons, geometry[there]), strict=True)
    return Layer([Feature(*pair) for pair in pairs if not pair[1].is_empty], f"EPSG:{code}" if code else "")


def write_polygons(path: Path, outlines: Mapping[str, BaseGeometry]) -> None:
    """Write polygons by code as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"deso": code},
            "geometry": json.loads(shapely.to_geojson(polygons)),
        }
        for code, polygons in outlines.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")

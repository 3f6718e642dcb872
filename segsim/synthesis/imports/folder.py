"""A folder of exports: every file read, and told what it was taken for."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from segsim.errors import DataError, list_names
from segsim.scenario.files.grids import read_grids
from segsim.scenario.files.text_table import find_text_table
from segsim.sweden.facts import read_area_rows
from segsim.sweden.municipalities import Municipality, simplify_name
from segsim.synthesis.files.area_codes import parse_area_code, parse_area_name
from segsim.synthesis.files.exports import read_export
from segsim.synthesis.files.school_file import KEY as SCHOOL_KEY
from segsim.synthesis.files.school_file import match_schools
from segsim.synthesis.imports.recognition import Recognition, recognize
from segsim.synthesis.maps.outlines import settle_outlines, turn_to_degrees
from segsim.synthesis.maps.polygons import Feature, Layer, code_of, join_polygons, list_codes, read_layers
from segsim.synthesis.notes import Note
from segsim.words.text import Text

TABLES, MAPS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls"), (".geojson", ".gpkg", ".shp", ".zip")
PARTS = (".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qmd")
"""Files that belong to a shapefile."""


class File(NamedTuple):
    """A file, and what it was taken for; `fault` says what is wrong where it was taken for nothing."""

    name: str
    taken: Text
    fault: DataError | None = None


class Folder(NamedTuple):
    """What a folder holds of a municipality."""

    files: tuple[File, ...]
    evidence: tuple[Recognition, ...]
    keys: dict[str, tuple[str, str]]
    schools: pd.DataFrame | None
    coordinates: Path | None
    outlines: dict[str, Any]
    notes: tuple[Note, ...]


_DISTRICT_NAMES = ("regsonamn", "regso_namn", "regso_name", "namn", "name")
NOTHING = Text("nothing that a city is made from", "inget som en stad görs av")


def read_folder(folder: Path, municipality: Municipality) -> Folder:
    """Read every table and map of a folder for a municipality.

    Raises
    ------
    DataError
        If there is no such folder, or no file in it that can be read.
    """
    paths = sorted(p for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
    paths = [p for p in paths if p.name[0] not in ".~" and p.suffix.lower() not in PARTS]
    if not any(path.suffix.lower() in (*TABLES, *MAPS, ".json") for path in paths):
        raise DataError(
            f"{folder}: is no folder with tables (.xlsx, .csv, .json) or maps (.geojson, .gpkg)",
            f"{folder}: är ingen mapp med tabeller (.xlsx, .csv, .json) eller kartor (.geojson, .gpkg)",
        )
    findings = _Findings(municipality)
    for path in paths:
        try:
            taken = findings.take(path)
            findings.files.append(File(path.name, taken))
        except DataError as error:
            findings.files.append(File(path.name, NOTHING, error))
    return Folder(
        tuple(findings.files),
        tuple(findings.evidence),
        findings.keys,
        findings.schools,
        findings.coordinates,
        findings.outlines,
        tuple(findings.notes),
    )


class _Findings:
    """What has been read so far."""

    def __init__(self, municipality: Municipality) -> None:
        self.municipality = municipality.code
        self.name = municipality.name
        facts = read_area_rows([municipality.code])
        self.districts = dict(zip(map(simplify_name, facts["regso_name"]), facts["regso_code"], strict=True))
        self.notes: list[Note] = []
        self.files: list[File] = []
        self.evidence: list[Recognition] = []
        self.keys: dict[str, tuple[str, str]] = {}
        self.schools: pd.DataFrame | None = None
        self.coordinates: Path | None = None
        self.outlines: dict[str, Any] = {}

    def take(self, path: Path) -> Text:
        """Read a file, keep what it gives, and say what it was taken for."""
        suffix = path.suffix.lower()
        if suffix not in (*TABLES, *MAPS, ".json"):
            raise DataError(
                f"files that end with {suffix} are not read; save a table as .xlsx, .csv or JSON-stat, a map "
                "as .geojson or .gpkg",
                f"filer som slutar på {suffix} läses inte; spara en tabell som .xlsx, .csv eller "
                "JSON-stat, en karta som .geojson eller .gpkg",
            )
        if suffix in MAPS or (suffix == ".json" and self._is_map(path)):
            return self._take_map(path)
        schools = self._take_schools(path) if suffix in TABLES else None
        if schools is not None:
            return schools
        key = self._take_key(path) if suffix in TABLES else None
        if key is not None:
            return key
        export = read_export(path, self.name, self.districts)
        if export is None:
            return NOTHING
        for code, name in export.names.items():
            if code[4] == "R":
                self.keys.setdefault(code, ("", name))
        evidence = recognize(export, self.municipality)
        if evidence is None:
            return NOTHING
        if not evidence.values:
            there = ", ".join(sorted({one.area.municipality for one in export.observations})[:5])
            raise DataError(
                f"holds areas of {there}, none with values of {self.municipality}; export that municipality",
                f"innehåller områden i {there}, inga med värden i {self.municipality}; ta ut den kommunen",
            )
        self.evidence.append(evidence)
        years = ", ".join(str(year) for year in sorted({y for _, y in evidence.values if y}))
        table, title = evidence.subject.number, evidence.subject.title
        return Text(f"{title.en} ({table}) {years}".strip(), f"{title.sv} ({table}) {years}".strip())

    def _is_map(self, path: Path) -> bool:
        """Tell whether a JSON file holds features."""
        return '"FeatureCollection"' in path.read_text("utf-8", errors="replace")[:2000]

    def _take_map(self, path: Path) -> Text:
        """Keep the polygons of the municipality in every layer, and which district each area is in."""
        layers = read_layers(path)
        taken = [
            self._take_layer(path.name, layer)
            for layer in layers
            if any(map(self._own_codes, layer.features))
        ]
        if not taken:
            others = sorted({code.municipality for layer in layers for code in list_codes(layer.features)})
            if not others:
                raise DataError(
                    f"no property of its polygons holds codes of areas, such as {self.municipality}A0010; "
                    "add them, or use the maps of Statistics Sweden",
                    "ingen egenskap hos dess polygoner innehåller områdeskoder, såsom "
                    f"{self.municipality}A0010; lägg till dem, eller använd SCB:s kartor",
                )
            there = list_names(others, 5)
            raise DataError(
                f"holds codes of {there}, none of {self.municipality}; use the map of that municipality",
                f"innehåller koder för {there:sv}, inga för {self.municipality}; använd den kommunens karta",
            )
        return Text(", ".join(text.en for text in taken), ", ".join(text.sv for text in taken))

    def _take_layer(self, file: str, layer: Layer) -> Text:
        """Keep what one layer of a map holds of the municipality."""
        mine = [one for one in layer.features if self._own_codes(one)]
        codes = [self._own_codes(one)[0] for one in mine]
        polygons = np.array([one.polygons for one in mine], object)
        shapes, notes = settle_outlines(file, polygons, codes, layer.system)
        self.notes += notes
        outlines = join_polygons(zip(codes, turn_to_degrees(shapes), strict=True))
        self.outlines |= outlines
        for one, code in zip(mine, codes, strict=True):
            district = next((c for c in self._own_codes(one) if c[4] == "R"), "")
            names = [str(v) for k, v in one.properties.items() if k.lower() in _DISTRICT_NAMES]
            self.keys.setdefault(code, (district if district != code else "", names[0] if names else ""))
        n = len(outlines)
        if codes[0][4] == "R":
            return Text(f"boundaries of {n} districts (RegSO)", f"gränser för {n} stadsdelar (RegSO)")
        return Text(f"boundaries of {n} areas (DeSO)", f"gränser för {n} områden (DeSO)")

    def _own_codes(self, feature: Feature) -> list[str]:
        """Return the codes in a feature that are of the municipality, areas before districts."""
        codes = {code_of(value) for value in feature.properties.values() if parse_area_code(str(value))}
        return sorted((c for c in codes if c[:4] == self.municipality), key=lambda c: (c[4] == "R", c))

    def _take_schools(self, path: Path) -> Text | None:
        """Keep a table of school units, or of their coordinates; None if it is neither."""
        table = find_text_table(path, SCHOOL_KEY)
        if table is None:
            return None
        if table.column("lat", "latitude", "latitud") is not None and table.column("provider_type") is None:
            self.coordinates = path
            return Text("coordinates of school units", "koordinater för skolenheter")
        if self.schools is not None:
            raise DataError(
                "lists schools, as another file does; keep one of the two",
                "listar skolor, som en annan fil gör; behåll en av de två",
            )
        listed, notes = match_schools(table, None, self.municipality)
        self.notes += [note for note in notes if note.kind not in ("no_coordinates",)]
        self.schools = pd.DataFrame(
            {
                "school_unit_code": listed.codes,
                "school": listed.names,
                "municipality_code": self.municipality,
                "provider_type": np.where(listed.provider == 1, "Enskild", "Kommunal"),
                "n_pupils_g9": listed.pupils,
                "merit_value_17": listed.merit,
                "lat": listed.latitude,
                "lng": listed.longitude,
            }
        )
        n, others = len(listed.codes), len(table.rows) - len(listed.codes)
        english, swedish = f"{n} school units with grade 9", f"{n} skolenheter med årskurs 9"
        if others:
            english += f"; {others} of other municipalities left out"
            swedish += f"; {others} i andra kommuner utelämnades"
        return Text(english, swedish)

    def _take_key(self, path: Path) -> Text | None:
        """Keep which district each area is in; None if the file does not say so."""
        n = 0
        for grid in read_grids(path):
            if any("pop_total" in map(str.lower, row) for _, row in grid[:5]):
                raise DataError(
                    "is a finished table of areas; name it in a scenario instead, as areas under city",
                    "är en färdig områdestabell; ange den i ett scenario i stället, som areas under city",
                )
            for _, row in grid:
                codes = [code for cell in row if (code := parse_area_code(cell))]
                area = next((code for code in codes if not code.is_district), None)
                district = next((code for code in codes if code.is_district), None)
                if area and district and area.municipality == self.municipality:
                    texts = [c for c in row if any(map(str.isalpha, c)) and not parse_area_code(c)]
                    named = [parse_area_name(c) for c in row if parse_area_code(c) and parse_area_name(c)]
                    self.keys[area.code] = (district.code, (named or texts[-1:] or [""])[0])
                    n += 1
            if n:
                return Text(f"the districts of {n} areas", f"stadsdelarna för {n} områden")
        return None

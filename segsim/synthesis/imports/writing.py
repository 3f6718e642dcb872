"""What a folder of exports becomes: a table of areas, schools, boundaries, and a scenario that names them."""

from pathlib import Path
from typing import Any, NamedTuple

from segsim.errors import DataError, tell_reason
from segsim.scenario.export.writing import yaml_text
from segsim.scenario.files.csv_text import write_csv
from segsim.sweden.municipalities import Municipality
from segsim.synthesis.areas.official_types import TYPE_COLUMN
from segsim.synthesis.imports.assembly import Assembly, assemble
from segsim.synthesis.imports.folder import Folder, read_folder
from segsim.synthesis.imports.outlines import choose_outlines
from segsim.synthesis.imports.schools import write_schools
from segsim.synthesis.maps.polygons import write_polygons
from segsim.synthesis.notes import Note

MARK = "# Written by segsim import; it may write this file again.\n"
"""The first line of a scenario that may be overwritten."""


class Import(NamedTuple):
    """What was read and put together; `written` is None where something that is needed is missing."""

    folder: Folder
    assembly: Assembly
    notes: tuple[Note, ...]
    written: Path | None


def import_folder(
    folder: Path,
    municipality: Municipality,
    out: Path | None = None,
    year: int | None = None,
    fill: bool = False,
) -> Import:
    """Put a folder of exports together into a scenario.

    Parameters
    ----------
    folder : Path
        Holds the exports.
    municipality : Municipality
    out : Path, optional
        The scenario file; its data stand in a folder of the same name beside it.
    year : int, optional
        The year the city begins; otherwise the latest that most tables have.
    fill : bool
        Whether what is missing is taken from the facts of 2022 that come with segsim.

    Raises
    ------
    DataError
        If the folder holds no table of the municipality, or the scenario would overwrite another file.
    """
    read = read_folder(folder, municipality)
    if not read.evidence:
        raise DataError(
            f"{folder}: holds no table of {municipality.name} by area; put exports of Statistics Sweden in "
            "it",
            f"{folder}: innehåller ingen tabell för {municipality.name} efter område; lägg uttag från SCB i "
            "den",
        )
    assembly = assemble(read.evidence, municipality.code, read.keys, year, fill)
    notes = [*read.notes, *assembly.notes]
    if assembly.filled:
        notes.append(Note("filled_columns", {"columns": ", ".join(assembly.filled)}))
    if assembly.missing:
        return Import(read, assembly, tuple(notes), None)
    path = out or Path("scenarios") / f"{municipality.key}_{assembly.year or 'own'}.yaml"
    _refuse_overwriting(path)
    data = path.with_suffix("")
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = tell_reason(error)
        raise DataError(
            f"{data}: cannot be made ({reason}); name a place that can be written to with --out",
            f"{data}: kan inte skapas ({reason:sv}); ange en plats som går att skriva till med --out",
        ) from error
    city: dict[str, Any] = {"areas": f"{data.name}/areas.csv", "municipality": municipality.code}
    _write_areas(data / "areas.csv", assembly, municipality)
    outlines = choose_outlines(read, assembly, municipality, fill, notes)
    if outlines:
        write_polygons(data / "boundaries.geojson", outlines)
        city["boundaries"] = f"{data.name}/boundaries.geojson"
    if write_schools(data / "schools.csv", read, municipality, outlines, fill, notes):
        city["schools"] = f"{data.name}/schools.csv"
    name, when = municipality.name, assembly.year
    values = {
        "label_en": name,
        "label_sv": name,
        "summary": f"{name} at the end of {when}, from tables of its own.",
        "summary_sv": f"{name} vid slutet av {when}, ur egna tabeller.",
        **({"start": when} if when else {}),
        "city": city,
    }
    path.write_text(MARK + yaml_text(values), "utf-8")
    return Import(read, assembly, tuple(notes), path)


def _refuse_overwriting(path: Path) -> None:
    """Refuse to write over a file that was not written by an import."""
    if path.suffix not in (".yaml", ".yml"):
        raise DataError(
            f"{path}: a scenario file ends with .yaml; name one with --out",
            f"{path}: en scenariofil slutar på .yaml; ange en med --out",
        )
    if path.exists() and (path.is_dir() or not path.read_text("utf-8", errors="replace").startswith(MARK)):
        raise DataError(
            f"{path}: is there already, and was not written by segsim import; name another with --out",
            f"{path}: finns redan, och skrevs inte av segsim import; ange en annan med --out",
        )


def _write_areas(path: Path, assembly: Assembly, municipality: Municipality) -> None:
    """Write the table of areas, with .. where a value is not known."""
    table = assembly.table.rename(columns={TYPE_COLUMN: f"omradestyp_{assembly.year or 2022}"})
    if TYPE_COLUMN in assembly.filled:
        table = table.rename(columns={f"omradestyp_{assembly.year}": TYPE_COLUMN})
    table.insert(0, "kommun_code", municipality.code)
    table.insert(1, "kommun", municipality.name)
    path.write_bytes(write_csv(table, index_label="deso", missing="..", digits=10))

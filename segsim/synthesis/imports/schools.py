"""The schools of an imported city: those in the folder, or else those that come with segsim."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from segsim.errors import list_names
from segsim.scenario.files.csv_text import write_csv
from segsim.sweden.facts import read_school_rows
from segsim.sweden.municipalities import Municipality
from segsim.synthesis.files.school_file import read_coordinates
from segsim.synthesis.imports.folder import Folder
from segsim.synthesis.maps.outlines import measure_outside
from segsim.synthesis.notes import Note

_OUTSIDE = 2000.0
"""Metres outside all boundaries beyond which a school is told of: borders are simplified."""


def write_schools(
    path: Path,
    read: Folder,
    municipality: Municipality,
    outlines: Mapping[str, Any],
    fill: bool,
    notes: list[Note],
) -> bool:
    """Write the school units of the folder, or else those of 2024/25 that come with segsim; tell if any."""
    table = read.schools
    facts = read_school_rows(municipality.code)
    if table is None:
        if not fill or facts.empty:
            return False
        notes.append(Note("filled_schools", {"schools": len(facts)}))
        path.write_bytes(write_csv(facts))
        return True
    if read.coordinates is not None:
        places = read_coordinates(read.coordinates, notes)
        table = _place_schools(table, places)
    if fill and table["lat"].isna().any():
        known = facts[facts["lat"].notna()]
        before = int(table["lat"].isna().sum())
        places = dict(
            zip(known["school_unit_code"], zip(known["lng"], known["lat"], strict=True), strict=True)
        )
        table = _place_schools(table, places)
        notes.append(Note("filled_places", {"schools": before - int(table["lat"].isna().sum())}))
    if table["lat"].isna().any():
        notes.append(Note("no_coordinates", {"schools": int(table["lat"].isna().sum())}))
    _note_outside(table, outlines, notes)
    path.write_bytes(write_csv(table, missing=".."))
    return True


def _place_schools(table: pd.DataFrame, places: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Return the school units with coordinates where they have none of their own."""
    table = table.copy()
    for i, code in enumerate(table["school_unit_code"]):
        if code in places and np.isnan(table["lat"][i]):
            table.loc[i, ["lng", "lat"]] = places[code]
    return table


def _note_outside(table: pd.DataFrame, outlines: Mapping[str, Any], notes: list[Note]) -> None:
    """Note the schools that lie outside all boundaries."""
    placed = table[table["lat"].notna()]
    if not outlines or placed.empty:
        return
    away = measure_outside(outlines, placed["lng"].to_numpy(float), placed["lat"].to_numpy(float))
    if (away > _OUTSIDE).any():
        names = list_names(placed["school"][away > _OUTSIDE], 4)
        notes.append(Note("schools_outside", {"schools": names, "km": round(_OUTSIDE / 1000)}))

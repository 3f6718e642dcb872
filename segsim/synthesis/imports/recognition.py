"""What an export is taken for: the published table it is, and what it gives for every area."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from segsim.errors import DataError
from segsim.sweden.municipalities import simplify_name
from segsim.synthesis.files.area_codes import NEW_SINCE, AreaCode
from segsim.synthesis.files.exports import Export, Observation
from segsim.synthesis.imports.subjects import MEN, SUBJECTS, WOMEN, Subject

Key = tuple[str, str]
"""Code of an area and name of a column."""


class Recognition(NamedTuple):
    """What an export gives: its subject, and per division and year the values of areas' columns."""

    file: str
    subject: Subject
    values: dict[tuple[int, int], dict[Key, float]]


def recognize(export: Export, municipality: str) -> Recognition | None:
    """Return what an export gives for a municipality, None if no city is made from such a table."""
    told = {observation.labels for observation in export.observations}
    title = simplify_name(export.title, " ")
    best: tuple[int, Subject] | None = None
    for subject in SUBJECTS:
        words = [title, *(label for labels in told for label in labels)]
        if any(re.fullmatch(subject.never, word) for word in words):
            continue
        if subject.only and not any(re.fullmatch(subject.only, word) for word in words):
            continue
        hits = {column for labels in told if (column := subject.place(labels)) and column in subject.columns}
        if hits and (best is None or len(hits) > best[0]):
            best = len(hits), subject
    if best is None:
        return None
    there = [one for one in export.observations if one.area.municipality == municipality]
    return Recognition(export.file, best[1], _sum_parts(export.file, best[1], there))


def divide(area: AreaCode, year: int) -> int:
    """Return the division an area's code belongs to, 2018 or 2025: what it says, or else its year's."""
    if area.year:
        return 2025 if area.year >= 2025 else 2018
    return 2025 if year >= NEW_SINCE else 2018


def _sum_parts(
    file: str, subject: Subject, observations: Iterable[Observation]
) -> dict[tuple[int, int], dict[Key, float]]:
    """Return columns by division and year; labels of one column, and men and women, are summed."""
    cells: dict[tuple[int, int, str, str], dict[tuple[str, ...], dict[str, float]]] = {}
    for area, labels, year, value in observations:
        column = subject.place(labels)
        if column is None or (area.year >= 2025) > (year >= NEW_SINCE or not year):
            continue
        sex = "m" if any(x in MEN for x in labels) else "w" if any(x in WOMEN for x in labels) else "both"
        rest = tuple(
            x for x in labels if x not in (*MEN, *WOMEN, "totalt", "totalt kon", "man och kvinnor", "1 2")
        )
        by_sex = cells.setdefault((divide(area, year), year, area.code, column), {}).setdefault(rest, {})
        before = by_sex.get(sex, np.nan)
        if before == before and value == value and before != value:
            if before and value:  # one of two rows of 0 is of the other division
                raise DataError(
                    f"{file}: {area.code} has two values for {column}, {before:g} and {value:g}; export one "
                    "year and one table",
                    f"{file}: {area.code} har två värden för {column}, {before:g} och {value:g}; ta ut ett "
                    "år och en tabell",
                )
            value = before or value
        by_sex[sex] = value if value == value else before
    out: dict[tuple[int, int], dict[Key, float]] = {}
    for (division, year, code, column), parts in cells.items():
        values = [
            by_sex["both"] if "both" in by_sex else by_sex.get("m", np.nan) + by_sex.get("w", np.nan)
            for by_sex in parts.values()
        ]
        known = [value for value in values if value == value]
        out.setdefault((division, year), {})[code, column] = float(sum(known)) if known else np.nan
    return out

"""What an export is taken for: the published table it is, and what it gives for every area."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segsim.errors import DataError, list_names
from segsim.sweden.municipalities import simplify_name
from segsim.synthesis.areas.area_table import RATES
from segsim.synthesis.areas.official_types import TYPE_COLUMN
from segsim.synthesis.files.area_codes import NEW_SINCE, AreaCode
from segsim.synthesis.files.exports import Export, Observation
from segsim.synthesis.imports.labels import BOTH, MEN, WOMEN
from segsim.synthesis.imports.subjects import SUBJECTS, Subject

Place = tuple[int, int]
"""A division and a year."""
Key = tuple[str, str]
"""Code of an area and name of a column."""


class Recognition(NamedTuple):
    """What an export gives: its subject, and per division and year the values of areas' columns."""

    file: str
    subject: Subject
    values: dict[Place, dict[Key, float]]


def recognize(export: Export, municipality: str) -> Recognition | None:
    """Return what an export gives for a municipality, None if no city is made from such a table.

    Raises
    ------
    DataError
        If it is such a table, but none of its values is of a column.
    """
    told = {observation.labels for observation in export.observations}
    words = {simplify_name(export.title, " "), *(label for labels in told for label in labels)}
    subjects = [subject for subject in SUBJECTS if subject.may_be(words)]
    best: tuple[int, Subject] | None = None
    for subject in subjects:
        places = (subject.place(subject.split(labels)) for labels in told)
        hits = {column for column in places if column in subject.columns}
        if hits and (best is None or len(hits) > best[0]):
            best = len(hits), subject
    if best is not None:
        there = [one for one in export.observations if one.area.municipality == municipality]
        return Recognition(export.file, best[1], _sum_parts(best[1], there))
    near = max(subjects, key=lambda subject: len(subject.find_columns(words)), default=None)
    if near is not None and len(near.find_columns(words)) >= min(2, len(near.columns)):
        labels = {label for one in told for label in near.split(one)}
        raise _explain_strangers(near, sorted(near.list_strangers(tuple(labels))))
    return None


def _explain_strangers(subject: Subject, strangers: list[str]) -> DataError:
    """Return the error of a table whose values are all of other ages, sums or contents than those needed."""
    few = list_names([f'"{label}"' for label in strangers], 4)
    ages = subject.age.split("(")[0].replace(" ", "-", 1).replace("[45]", "4") or ""
    english = f"; export ages {ages}" if ages else "; export the totals of all else"
    swedish = f"; ta ut åldrarna {ages}" if ages else "; ta ut totalerna för allt annat"
    title = subject.title
    return DataError(
        f"looks like {title.en} ({subject.number}), but every value is under another label as well: "
        f"{few}{english}",
        f"liknar {title.sv} ({subject.number}), men varje värde står också under en annan rubrik: "
        f"{few:sv}{swedish}",
    )


def divide(area: AreaCode, year: int) -> int:
    """Return the division an area's code belongs to, 2018 or 2025: what it says, or else its year's."""
    if area.year:
        return 2025 if area.year >= 2025 else 2018
    return 2025 if year >= NEW_SINCE else 2018


def _sum_parts(subject: Subject, observations: Sequence[Observation]) -> dict[Place, dict[Key, float]]:
    """Return columns by division and year; labels of one column, and men and women, are summed."""
    marked = any(area.year >= 2025 for area, *_ in observations)
    cells: dict[tuple[int, int, str, str], dict[tuple[str, ...], dict[str, float]]] = {}
    meanings = {labels: _read_labels(subject, labels) for labels in {one.labels for one in observations}}
    for area, labels, year, value in observations:
        column, sex, rest = meanings[labels]
        division = 2018 if marked and not area.year else divide(area, year)
        if column is None or (year and (division == 2025) != (year >= NEW_SINCE)):
            continue  # codes of the other division stand there too, with zeros
        by_sex = cells.setdefault((division, year, area.code, column), {}).setdefault(rest, {})
        by_sex[sex] = _agree(area.code, column, by_sex.get(sex, np.nan), value)
    out: dict[Place, dict[Key, float]] = {}
    for (division, year, code, column), several in cells.items():
        values = [_join_sexes(code, column, by_sex) for by_sex in several.values()]
        known = [value for value in values if value == value]
        out.setdefault((division, year), {})[code, column] = float(sum(known)) if known else np.nan
    for columns in out.values():
        _refuse_shares(subject, columns)
    return out


def _read_labels(subject: Subject, labels: tuple[str, ...]) -> tuple[str | None, str, tuple[str, ...]]:
    """Return the column that labels mean, whose sex, and what else they say."""
    parts = subject.split(labels)
    sex = "men" if any(x in MEN for x in parts) else "women" if any(x in WOMEN for x in parts) else "both"
    return subject.place(parts), sex, tuple(x for x in parts if x not in (*MEN, *WOMEN, *BOTH))


def _agree(code: str, column: str, before: float, value: float) -> float:
    """Return the value of a cell given once or twice; refuse two that differ."""
    if before == before and value == value and before != value:
        if before and value:  # one of two rows of 0 is of the other division
            raise DataError(
                f"{code} has two values for {column}, {before:g} and {value:g}; export one table",
                f"{code} har två värden för {column}, {before:g} och {value:g}; ta ut en tabell",
            )
        return before or value
    return value if value == value else before


def _join_sexes(code: str, column: str, by_sex: dict[str, float]) -> float:
    """Return the value of both sexes, the sum of men and women where it is a count."""
    if "both" in by_sex:
        return by_sex["both"]
    if column in RATES:
        raise DataError(
            f"{code} has {column} of men and of women, but not of both; export the total of both sexes",
            f"{code} har {column} för män och för kvinnor, men inte för båda; ta ut totalt för båda könen",
        )
    return by_sex.get("men", np.nan) + by_sex.get("women", np.nan)


def _refuse_shares(subject: Subject, columns: dict[Key, float]) -> None:
    """Refuse shares where counts are needed: numbers with decimals, or parts that are 100 in all areas."""
    counts = {key: value for key, value in columns.items() if key[1] not in (*RATES, TYPE_COLUMN)}
    broken = next((key for key, value in counts.items() if value % 1 > 0), None)
    sums: dict[str, float] = {}
    for (code, column), value in counts.items():
        if column != subject.whole and value == value:
            sums[code] = sums.get(code, 0.0) + value
    alike = len(sums) > 2 and all(99 <= value <= 101 for value in sums.values())
    if broken or alike:
        code, column = broken or next(iter(counts))
        raise DataError(
            f"holds shares, such as {counts[code, column]:g} for {column} in {code}; the city needs counts, "
            f"export the numbers of {subject.number}",
            f"innehåller andelar, såsom {counts[code, column]:g} för {column} i {code}; staden behöver "
            f"antal, ta ut antalen i {subject.number}",
        )

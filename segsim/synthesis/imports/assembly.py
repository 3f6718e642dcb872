"""Several tables of one municipality, put together as one table of its areas."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.errors import DataError, list_names
from segsim.sweden.facts import read_area_rows
from segsim.synthesis.areas.area_table import COUNTS, RATES
from segsim.synthesis.areas.official_types import TYPE_COLUMN
from segsim.synthesis.imports.recognition import Recognition
from segsim.synthesis.imports.subjects import SUBJECTS, Subject
from segsim.synthesis.notes import Note

OPTIONAL = ("pop_bg_total", "pop_age_total", "dw_tenure_unknown", "pers_special_housing")


class Assembly(NamedTuple):
    """A table of areas, its year and division, what it lacks, what was filled, and notes of files."""

    table: pd.DataFrame
    year: int
    division: int
    missing: tuple[Subject, ...]
    filled: tuple[str, ...]
    notes: tuple[Note, ...]


def assemble(
    evidence: Sequence[Recognition],
    municipality: str,
    keys: Mapping[str, tuple[str, str]],
    year: int | None,
    fill: bool,
) -> Assembly:
    """Put what the tables give together.

    Parameters
    ----------
    evidence : sequence of Recognition
    municipality : str
        Its code.
    keys : mapping
        Code and name of the district of each area, as far as they are known; of districts, "" and their name.
    year : int or None
        The year wanted; otherwise the latest that most tables have.
    fill : bool
        Whether what is missing is taken from the facts of 2022 that come with segsim.
    """
    division, chosen = _choose_year(evidence, year)
    values, notes = _gather(evidence, division, chosen)
    small = {code for column in values.values() for code in column if code[4] != "R"}
    codes = sorted(small or {code for column in values.values() for code in column})
    table = pd.DataFrame({name: pd.Series(values[name]).reindex(codes) for name in values}, index=codes)
    if TYPE_COLUMN in table and small:
        by_district = pd.Series(values[TYPE_COLUMN])
        table[TYPE_COLUMN] = [by_district.get(keys.get(code, ("", ""))[0], np.nan) for code in codes]
    for other in ("pop_bg_total", "pop_age_total"):
        if "pop_total" not in table and other in table:
            table["pop_total"] = table[other]
    if "pop_total" not in table and {"swedish_background", "foreign_background"} <= set(table):
        table["pop_total"] = table["swedish_background"] + table["foreign_background"]
    table = _drop_empty(table, notes)
    _note_gaps(table, notes)
    filled = _fill_from_facts(table, municipality, chosen) if fill else ()
    _name_districts(table, municipality, keys)
    lacking = {name for name in (*COUNTS, *RATES) if name not in table or table[name].isna().all()}
    missing = tuple(one for one in SUBJECTS if one.needed and lacking & {*one.columns, one.whole})
    return Assembly(table, chosen, division, missing, filled, tuple(notes))


def _gather(
    evidence: Sequence[Recognition], division: int, chosen: int
) -> tuple[dict[str, dict[str, float]], list[Note]]:
    """Return each column by area, of the year nearest before the chosen one, and notes of files."""
    notes, offers = [], []
    for one in evidence:
        there = [year for d, year in one.values if d == division]
        if not there:
            other = str(next(iter(one.values))[0])
            notes.append(Note("table_of_other_areas", {"file": one.file, "division": other}))
            continue
        before = [year for year in there if year <= chosen]
        offers.append((max(before) if before else min(there), one))
    offers.sort(key=lambda offer: (offer[0] > chosen, abs(offer[0] - chosen)))
    has_small = any(code[4] != "R" for year, one in offers for code, _ in one.values[division, year])
    values: dict[str, dict[str, float]] = {}
    for year, one in offers:
        cells = one.values[division, year]
        if has_small and TYPE_COLUMN not in one.subject.columns and all(code[4] == "R" for code, _ in cells):
            notes.append(Note("table_of_districts", {"file": one.file}))
            continue
        new = [key for key in cells if np.isnan(values.get(key[1], {}).get(key[0], np.nan))]
        for code, column in new:
            values.setdefault(column, {})[code] = cells[code, column]
        if not new:
            notes.append(Note("table_unused", {"file": one.file}))
        elif year and year != chosen:
            notes.append(Note("table_of_another_year", {"file": one.file, "year": str(year)}))
    return values, notes


def _note_gaps(table: pd.DataFrame, notes: list[Note]) -> None:
    """Note the areas that a table has not a single value for."""
    for subject in SUBJECTS:
        columns = [name for name in subject.columns if name in table]
        lacking = [str(code) for code in table.index[table[columns].isna().all(axis=1)]]
        if columns and subject.needed and 0 < len(lacking) < len(table):
            areas = ", ".join(lacking[:4])
            notes.append(
                Note("areas_without_values", {"table": subject.number, "n": len(lacking), "areas": areas})
            )


def _drop_empty(table: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    """Leave out areas without a single person, household or dwelling: codes of the other division."""
    counts = [name for name in COUNTS if name in table]
    empty = (table[counts].fillna(0) == 0).all(axis=1)
    if not counts or not empty.any() or empty.all():
        return table
    notes.append(Note("empty_areas", {"areas": list_names(table.index[empty], 4)}))
    return table[~empty]


def _choose_year(evidence: Iterable[Recognition], year: int | None) -> tuple[int, int]:
    """Return the division and year that most tables have, the latest of several."""
    counts = Counter(key for one in evidence for key in one.values if one.subject.needed)
    if year is not None:
        there = [key for key in counts if key[1] in (year, 0)]
        if not there:
            years = list_names(sorted({str(y) for _, y in counts}), 8)
            raise DataError(
                f"no table is of {year}, there are tables of {years}; give one of these years with --year, "
                f"or export {year} as well",
                f"ingen tabell är från {year}, där finns tabeller från {years:sv}; ange ett av dessa år med "
                f"--year, eller ta ut även {year}",
            )
        return max(there, key=lambda key: counts[key])[0], year
    return max(counts, key=lambda key: (counts[key], key[1], key[0]))


def _fill_from_facts(table: pd.DataFrame, municipality: str, year: int) -> tuple[str, ...]:
    """Add columns from the facts of 2022: counts by residents now against then, rates as they were."""
    facts = read_area_rows([municipality]).set_index("deso")
    table_codes = [str(code) for code in table.index]
    if table_codes and table_codes[0][4] == "R":
        facts = _sum_districts(facts)
    origin = [
        code if code in facts.index else f"{code[:8]}0" for code in table_codes
    ]  # 1010 was split in 1011, 1012
    known = facts.reindex(origin)
    municipal = facts.mean(numeric_only=True)
    filled = []
    for name in (*COUNTS, *RATES, *OPTIONAL[2:], TYPE_COLUMN):
        if name in table and table[name].notna().any():
            continue
        values = known[name].to_numpy(float)
        if name != TYPE_COLUMN:
            values = np.where(np.isnan(values), municipal[name], values)
        if name in COUNTS and "pop_total" in table:
            then = np.where(np.isnan(known["pop_total"]), municipal["pop_total"], known["pop_total"])
            values = np.round(values * table["pop_total"].to_numpy(float) / np.maximum(then, 1))
        table[name] = values
        filled.append(name)
    return tuple(filled)


def _sum_districts(areas: pd.DataFrame) -> pd.DataFrame:
    """Return facts of districts from those of their areas: sums of counts, means of rates by residents."""
    persons = areas["pop_total"].to_numpy(float)
    district = areas["regso_code"]
    sums = areas[[*COUNTS, *OPTIONAL[2:]]].groupby(district).sum()
    for name in (*RATES, TYPE_COLUMN):
        rate = areas[name].to_numpy(float)
        weight = pd.Series(np.where(np.isnan(rate), 0.0, persons), areas.index).groupby(district).sum()
        sums[name] = pd.Series(np.nan_to_num(rate) * persons, areas.index).groupby(district).sum() / weight
    return sums


def _name_districts(table: pd.DataFrame, municipality: str, keys: Mapping[str, tuple[str, str]]) -> None:
    """Add code and name of each area's district: of a key, of the facts, else the area itself."""
    facts = read_area_rows([municipality]).set_index("deso")
    names = dict(zip(facts["regso_code"], facts["regso_name"], strict=True))
    districts, called = [], []
    for area in map(str, table.index):
        code, name = keys.get(area, ("", ""))
        if not code and area[4] == "R":
            code = area
        if not code:
            parent = area if area in facts.index else f"{area[:8]}0"
            code = str(facts["regso_code"].get(parent, area))
        districts.append(code)
        called.append(name or keys.get(code, ("", ""))[1] or names.get(code, code))
    table.insert(0, "regso_code", districts)
    table.insert(1, "regso_name", called)

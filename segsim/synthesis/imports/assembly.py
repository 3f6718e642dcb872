"""Several tables of one municipality, put together as one table of its areas."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.errors import DataError
from segsim.sweden.facts import read_area_rows
from segsim.synthesis.areas.area_table import COUNTS, RATES
from segsim.synthesis.areas.official_types import TYPE_COLUMN
from segsim.synthesis.imports.recognition import Recognition
from segsim.synthesis.imports.subjects import SUBJECTS, Subject

OPTIONAL = ("pop_bg_total", "pop_age_total", "dw_tenure_unknown", "pers_special_housing")


class Assembly(NamedTuple):
    """A table of areas, its year and division, what it lacks, and what was filled from the facts of 2022."""

    table: pd.DataFrame
    year: int
    division: int
    missing: tuple[Subject, ...]
    filled: tuple[str, ...]
    years: dict[str, int]


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
    values: dict[str, dict[str, float]] = {}
    years = {}
    for one in evidence:
        there = sorted(y for d, y in one.values if d == division)
        usable = [y for y in there if y <= chosen] or there
        if usable:
            years[one.file] = usable[-1]
            for (code, column), value in one.values[division, usable[-1]].items():
                values.setdefault(column, {}).setdefault(code, value)
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
    filled = _fill_from_facts(table, municipality, chosen) if fill else ()
    _name_districts(table, municipality, keys)
    lacking = {name for name in (*COUNTS, *RATES) if name not in table or table[name].isna().all()}
    missing = tuple(one for one in SUBJECTS if one.needed and lacking & {*one.columns, one.whole})
    return Assembly(table, chosen, division, missing, filled, years)


def _choose_year(evidence: Iterable[Recognition], year: int | None) -> tuple[int, int]:
    """Return the division and year that most tables have, the latest of several."""
    counts = Counter(key for one in evidence for key in one.values if one.subject.needed)
    if year is not None:
        there = [key for key in counts if key[1] == year]
        if not there:
            years = ", ".join(sorted({str(y) for _, y in counts if y})) or "none"
            raise DataError(
                f"no table is of {year}; there are {years}", f"ingen tabell är från {year}; där finns {years}"
            )
        return max(there, key=lambda key: counts[key])
    return max(counts, key=lambda key: (counts[key], key[1], key[0]))


def _fill_from_facts(table: pd.DataFrame, municipality: str, year: int) -> tuple[str, ...]:
    """Add columns from the facts of 2022: counts by residents now against then, rates as they were."""
    facts = read_area_rows([municipality]).set_index("deso")
    table_codes = [str(code) for code in table.index]
    if table_codes and table_codes[0][4] == "R":
        return ()
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

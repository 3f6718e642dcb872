"""Every district of a comparison: what it is like at the start, and how each scenario differs there."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from segsim.comparison import Comparison
from segsim.report.context import PageContext
from segsim.report.municipality.districts import CHANGES, tabulate_districts
from segsim.report.municipality.starting_city import StartingCity
from segsim.report.page import Head, Row, RowGroup, Table
from segsim.report.tables.shown_measures import MAPS, TYPE
from segsim.runs.series import Series
from segsim.scenario import Scenario

COMPARED: dict[str, Series] = {**CHANGES, "rental": MAPS["rental"]}
"""What is compared district by district, by the name its columns begin with."""
_AT_START = ["number", "district", "code", "persons", "type_start", "type_end"]
_PARTS = ("difference", "lower", "upper")


def compare_districts(
    comparison: Comparison, subject: PageContext, city: StartingCity, code: str | None
) -> pd.DataFrame:
    """Return one row per district and scenario; figures of too few persons are missing.

    Columns scenario, number, district, code, persons, type_start, type_end (without policy), type_policy,
    shares of persons by tenure at the start, and for each of `COMPARED` its value at the start, without and
    with the policy, the difference with its 95 % interval, in the measure's own unit.
    """
    start = tabulate_districts(subject, city, code)
    tenures = [name for name in start.columns if name.startswith("share_")]
    table = comparison.differences
    table = table[
        (table["year"] == comparison.horizon) & (table["level"] == TYPE.level) & (table["unit"] != "")
    ]
    hidden = start["type_start"].isna() & start["persons"].notna() & start[tenures].isna().all(axis=1)
    by_scenario = []
    for scenario in subject.scenarios:
        rows = start[[*_AT_START, *tenures]].copy()
        rows.insert(0, "scenario", scenario.name)
        kinds = subject.most_frequent(TYPE, scenario.name, subject.years[1])
        rows.insert(list(rows.columns).index("type_end") + 1, "type_policy", rows["district"].map(kinds))
        for name, series in COMPARED.items():
            is_it = (table["measure"] == series.measure) & (table["grouping"] == series.grouping)
            mine = table[is_it & (table["scenario"] == scenario.name)].set_index("unit")
            of_district = series._replace(level=TYPE.level)
            at_start = subject.by_unit(of_district, subject.baseline.name, subject.years[0])
            rows[f"{name}_start"] = rows["district"].map(at_start)
            for column, part in (("baseline", "baseline_mean"), ("policy", "scenario_mean")):
                rows[f"{name}_{column}"] = rows["district"].map(mine[part])
            for part in _PARTS:
                rows[f"{name}_{part}"] = rows["district"].map(mine[part])
        rows.loc[hidden.to_numpy(), rows.columns[5:]] = float("nan")
        by_scenario.append(rows)
    return pd.concat(by_scenario, ignore_index=True)


def district_difference_table(table: pd.DataFrame, scenario: Scenario, subject: PageContext) -> Table:
    """Return the districts of one scenario as a page shows them."""
    words, (first, last) = subject.words, subject.years
    heads = [Head(words("districts.district"), "text")]
    heads += [Head(words(f"districts.{name}")) for name in ("number", "persons")]
    heads += [
        Head(words("districts.type", year=first)),
        Head(words("districts.type_without", year=last)),
        Head(words("districts.type_with", year=last)),
    ]
    for name in COMPARED:
        heads += [
            Head(words(f"districts.{name}_start", year=first)),
            Head(words("districts.difference", year=last)),
        ]
    rows = table[table["scenario"] == scenario.name].to_dict("records")
    return Table(
        heads, [RowGroup("", [district_difference_row(row, subject) for row in rows])] if rows else []
    )


def district_difference_row(row: Mapping[Any, Any], subject: PageContext) -> Row:
    """Return one district of a scenario."""
    words = subject.words
    cells = [words.number(row["number"]), words.number(row["persons"], 0)]
    cells += [words.number(row[f"type_{when}"], 0) for when in ("start", "end", "policy")]
    for name, series in COMPARED.items():
        factor = subject.quantity(series).unit.factor
        cells.append(words.number(factor * row[f"{name}_start"], 1))
        low, middle, high = (factor * row[f"{name}_{part}"] for part in ("lower", "difference", "upper"))
        text = words.number(middle, 1, sign=True)
        if low == low:
            ends = {"low": words.number(low, 1), "high": words.number(high, 1)}
            text = words("districts.interval", mean=text, **ends)
        cells.append(text)
    return Row(str(row["district"]), "", cells)

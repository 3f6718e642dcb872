"""The tables of a comparison as a workbook, for those who go on in a spreadsheet."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from segsim.comparison import Comparison
from segsim.report.context import PageContext
from segsim.report.tables.district_tables import COMPARED
from segsim.report.tables.shown_measures import UNIT_MEASURES
from segsim.report.tables.verdicts import verdict
from segsim.runs.series import KEYS, Series
from segsim.runs.store.store import explain_write_errors
from segsim.tables import TENURES

WORKBOOK = "report.xlsx"

_MOST_ROWS = 1_000_000  # a sheet holds 1 048 576
_MEANS = ["baseline_mean", "scenario_mean"]
_DIFFERENCES = ["difference", "lower", "upper"]


def write_workbook(
    comparison: Comparison, subject: PageContext, folder: Path, districts: pd.DataFrame
) -> Path | None:
    """Write `report.xlsx` if openpyxl, of the extra `excel`, is installed; return its path.

    The first sheet holds the differences of the whole city at the horizon in words and numbers. Then come
    the districts, if there are any, the differences of single areas, districts and schools, and the means
    over seeds year by year.
    """
    if find_spec("openpyxl") is None:
        return None
    words, path = subject.words, folder / WORKBOOK
    sheets = {
        words("sheet.city"): city_sheet(comparison, subject),
        **({words("part.districts"): district_sheet(districts, subject)} if len(districts) else {}),
        words("sheet.units"): unit_sheet(comparison, subject),
        words("sheet.years"): year_sheet(subject),
    }
    with explain_write_errors(path), pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, table in sheets.items():
            table.iloc[:_MOST_ROWS].to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
            _widen(book.sheets[name], table)
            _write_as_text(book.sheets[name], table)
    return path


def city_sheet(comparison: Comparison, subject: PageContext) -> pd.DataFrame:
    """Return the differences of the whole city at the horizon, each beside what chance alone gives."""
    table = at_horizon(comparison)
    whole = table[table["unit"] == ""].to_dict("records")
    judged = {_key(row): row for row in comparison.judged.to_dict("records")}
    levels = {_key(row): row["baseline_mean"] for row in whole}
    rows = []
    for row in whole:
        scenario, series = _key(row)
        about = subject.quantity(series)
        conclusion = verdict(judged.get((scenario, series), row), about.unit, subject.words)
        chance = levels.get((scenario, about.chance), float("nan")) if about.chance else float("nan")
        rows.append(
            {
                "scenario": subject.names[scenario],
                "measure": about.title,
                "over": about.over,
                "unit": about.unit.axis(subject.words),
                **{name: about.unit.factor * row[name] for name in _MEANS},
                "chance": about.unit.factor * chance,
                **{name: about.unit.factor * row[name] for name in [*_DIFFERENCES, "sd"]},
                "seeds": row["n"],
                "p": row["p_adjusted"],
                "verdict": conclusion.short,
                "series": str(series),
            }
        )
    return _translate_headings(pd.DataFrame(rows), subject)


def district_sheet(districts: pd.DataFrame, subject: PageContext) -> pd.DataFrame:
    """Return the districts with headings in the language; shares in per cent, as the page has them."""
    words, (first, last) = subject.words, subject.years
    sheet = districts.drop(columns=["number"]).assign(scenario=districts["scenario"].map(subject.names))
    heads = {
        "scenario": words("column.scenario"),
        "district": words("districts.district"),
        "code": words("districts.code"),
        "persons": words("districts.persons"),
        "type_start": words("districts.type", year=first),
        "type_end": words("districts.type_without", year=last),
        "type_policy": words("districts.type_with", year=last),
    }
    for tenure in TENURES:
        sheet[f"share_{tenure}"] = 100 * sheet[f"share_{tenure}"]
        heads[f"share_{tenure}"] = f"{words(f'value.{tenure}')}, %"
    for name, series in COMPARED.items():
        factor, title = subject.quantity(series).unit.factor, words(f"maps.{name}")
        parts = {
            "start": str(first),
            "baseline": f"{last}, {words('column.baseline_mean')}",
            "policy": f"{last}, {words('column.scenario_mean')}",
            **{part: words(f"column.{part}") for part in ("difference", "lower", "upper")},
        }
        for part, text in parts.items():
            sheet[f"{name}_{part}"] = factor * sheet[f"{name}_{part}"]
            heads[f"{name}_{part}"] = f"{title}: {text}"
    return sheet.rename(columns=heads)


def unit_sheet(comparison: Comparison, subject: PageContext) -> pd.DataFrame:
    """Return the differences of single areas, districts and schools at the horizon, usual measures only."""
    table = at_horizon(comparison)
    shown = {(s.measure, s.grouping) for s in UNIT_MEASURES}
    kept = np.array([kind in shown for kind in table[KEYS[:2]].itertuples(index=False, name=None)], bool)
    table = table[(table["unit"] != "").to_numpy() & kept]
    kinds = list(table[KEYS[:3]].itertuples(index=False, name=None))
    about = {kind: subject.quantity(Series(*kind)) for kind in dict.fromkeys(kinds)}
    factors = [about[kind].unit.factor for kind in kinds]
    columns: dict[str, Any] = {
        "scenario": table["scenario"].map(subject.names),
        "measure": [about[kind].title for kind in kinds],
        "over": [about[kind].over for kind in kinds],
        "where": table["unit"],
        "unit": [about[kind].unit.axis(subject.words) for kind in kinds],
        **{name: table[name] * factors for name in [*_MEANS, *_DIFFERENCES]},
    }
    return _translate_headings(pd.DataFrame(columns), subject)


def year_sheet(subject: PageContext) -> pd.DataFrame:
    """Return the mean over seeds of every quantity of the whole city, one column per year."""
    runs = subject.runs[subject.runs["unit"] == ""]
    index = ["scenario", *KEYS[:3]]
    wide = runs.groupby([*index, "year"], sort=False, observed=True)["value"].mean().unstack("year")
    kinds = [(str(name), Series(*kind)) for name, *kind in wide.index]
    about = [subject.quantity(series) for _, series in kinds]
    columns: dict[str, Any] = {
        "scenario": [subject.names[name] for name, _ in kinds],
        "measure": [quantity.title for quantity in about],
        "over": [quantity.over for quantity in about],
        "unit": [quantity.unit.axis(subject.words) for quantity in about],
    }
    factors = [quantity.unit.factor for quantity in about]
    values = {str(year): wide[year].to_numpy() * factors for year in sorted(wide.columns)}
    return pd.concat([_translate_headings(pd.DataFrame(columns), subject), pd.DataFrame(values)], axis=1)


def at_horizon(comparison: Comparison) -> pd.DataFrame:
    """Return the differences at the horizon."""
    table = comparison.differences
    return table[table["year"] == comparison.horizon]


def _translate_headings(table: pd.DataFrame, subject: PageContext) -> pd.DataFrame:
    """Return a table with headings in the language."""
    return table.rename(columns={name: subject.words(f"column.{name}") for name in table.columns})


def _key(row: Mapping[Any, Any]) -> tuple[str, Series]:
    """Return what a row is about."""
    return str(row["scenario"]), Series(*(row[key] for key in KEYS))


def _write_as_text(sheet: Any, table: pd.DataFrame) -> None:
    """Have what begins like a formula stand as the text it is: nothing of a report is reckoned out."""
    for column, name in enumerate(table.columns, start=1):
        begins = table[name].iloc[:_MOST_ROWS].map(lambda value: isinstance(value, str) and value[:1] == "=")
        for row in np.flatnonzero(begins):
            sheet.cell(row=int(row) + 2, column=column).data_type = "s"


def _widen(sheet: Any, table: pd.DataFrame) -> None:
    """Make the columns of a sheet wide enough for their headings and first texts."""
    for i, name in enumerate(table.columns, start=1):
        texts = [str(name), *(value for value in table[name].head(50) if isinstance(value, str))]
        letter = sheet.cell(row=1, column=i).column_letter
        sheet.column_dimensions[letter].width = min(60, max(map(len, texts)) + 2)

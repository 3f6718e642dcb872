"""Schools beside residence: how pupils are spread over schools and homes, and the schools there are."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.report.context import PageContext
from segsim.report.municipality.standing import write_rank
from segsim.report.page import Head, Row, RowGroup, Table
from segsim.runs.series import Series
from segsim.sweden.facts import read_school_rows
from segsim.sweden.history import read_series
from segsim.sweden.indicators import COUNTRY, read_indicators
from segsim.sweden.municipalities import Municipality
from segsim.sweden.similarity import list_similar

FEWEST_IN_SCHOOL = 15
"""A figure of one school rests on at least so many pupils; one of fewer is left out."""

GRADES = ("n_f", *(f"n_{grade}" for grade in range(1, 10)))

OF_SCHOOL = Series("share", "background.foreign", "school")


class SpreadLine(NamedTuple):
    """D of some pupils or residents: a row of the table, and D by code of every place."""

    title: str
    under: str
    values: pd.Series


def spread_table(municipality: Municipality, start: int, subject: PageContext) -> Table:
    """Return D over schools and homes as published, beside similar municipalities, county and country."""
    words = subject.words
    series = read_series("school_D")
    latest = int(series.index.max())
    lines = [
        SpreadLine(words("spread.schools", year=year), words("spread.over_schools"), series.T[year])
        for year in dict.fromkeys((start, latest))
        if year in series.index
    ]
    homes = read_indicators()["D_background"]
    lines.append(SpreadLine(words("spread.homes", year=start), words("spread.over_areas"), homes))
    heads = [
        Head(words("spread.measure"), "text"),
        Head(municipality.name),
        Head(words("standing.rank_head")),
    ]
    heads += [Head(words(f"standing.{name}")) for name in ("similar", "county", "country")]
    like = [str(code) for code in list_similar(municipality.code).index]
    rows = []
    for title, under, values in lines:
        cells = [
            words.number(float(values.get(municipality.code, np.nan)), 3),
            write_rank(values, municipality.code, words),
            words.number(float(values.reindex(like).median()), 3),
            words.number(float(values.get(municipality.county_code, np.nan)), 3),
            words.number(float(values[COUNTRY]), 3),
        ]
        rows.append(Row(title, under, cells))
    return Table(heads, [RowGroup("", rows)])


def school_table(municipality: Municipality, subject: PageContext) -> Table:
    """Return the school units as published, beside whom the model places there at the start."""
    words = subject.words
    units = read_school_rows(municipality.code)
    units["pupils"] = units[list(GRADES)].sum(axis=1)
    modelled = subject.by_unit(OF_SCHOOL, subject.baseline.name, subject.years[0])
    heads = [Head(words("schools.school"), "text"), Head(words("schools.provider"), "text")]
    columns = ("pupils", "grade_9", "merit", "foreign", "in_model")
    heads += [Head(words(f"schools.{name}")) for name in columns]
    rows = []
    for unit in units.sort_values("school", kind="stable").to_dict("records"):
        shares = [unit["foreign_background"], modelled.get(unit["school"], np.nan)]
        enough = unit["pupils"] >= FEWEST_IN_SCHOOL
        merit = unit["merit_value_17"] if unit["n_pupils_g9"] >= FEWEST_IN_SCHOOL else np.nan
        cells = [
            words(f"schools.by.{'municipal' if unit['provider_type'] == 'Kommunal' else 'independent'}"),
            words.number(float(unit["pupils"]), 0),
            words.number(float(unit["n_pupils_g9"] or np.nan), 0),
            words.number(float(merit), 1),
            *(words.number(100 * float(share) if enough else np.nan, 0) for share in shares),
        ]
        rows.append(Row(str(unit["school"]), "", cells))
    return Table(heads, [RowGroup("", rows)] if rows else [])

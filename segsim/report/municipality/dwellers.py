"""Who lives where: tenure and kind of district by origin and income."""

from typing import NamedTuple

import pandas as pd

from segsim import figures
from segsim.catalogue import CATEGORIES
from segsim.report.context import PageContext
from segsim.report.labels import grouping_text
from segsim.report.municipality.starting_city import StartingCity
from segsim.report.page import Head, Row, RowGroup, Table
from segsim.report.page_figures import PageFigure, svg_figure
from segsim.report.tables.shown_measures import TYPE
from segsim.tables import TENURES

FEWEST_PERSONS = 30
"""A figure of persons rests on at least so many; one of fewer is left out."""

ENDS = {"types_1_2": (1.0, 2.0), "type_3": (3.0,), "types_4_5": (4.0, 5.0)}
"""Kinds of districts, as the table has them."""

NAN = float("nan")


class Dwellers(NamedTuple):
    """Who lives where, as a figure and as a table."""

    figures: list[PageFigure]
    table: Table


def describe_dwellers(subject: PageContext, city: StartingCity) -> Dwellers:
    """Return who lives where at the start; empty for a city of no residents."""
    shares = share_dwellers(subject, city)
    return Dwellers(draw_dwellers(subject, shares), tabulate_dwellers(subject, shares))


def share_dwellers(subject: PageContext, city: StartingCity) -> pd.DataFrame:
    """Return persons, and shares by tenure and by kind of district, of each origin and income.

    The index is origin (a group's name, or "all") and income (a category, or "all"); shares of too few
    persons are missing.
    """
    people = city.residents
    kinds = subject.most_frequent(TYPE, subject.baseline.name, subject.years[0])
    people = people.assign(type=people["district"].map(kinds))
    rows = {}
    for origin in ("all", *(group.name for group in subject.baseline.groups)):
        for income in ("all", *CATEGORIES["income"]):
            own = people[(people["origin"] == origin) | (origin == "all")]
            own = own[(own["income"] == income) | (income == "all")]
            rows[origin, income] = _share(own)
    return pd.DataFrame.from_dict(rows, orient="index")


def _share(own: pd.DataFrame) -> dict[str, float]:
    """Return how some people live."""
    n = own["persons"].sum()
    enough = n >= FEWEST_PERSONS
    by_tenure = own.groupby("tenure")["persons"].sum()
    typed = own.dropna(subset=["type"])
    by_type = typed.groupby("type")["persons"].sum()
    of = {name: sum(by_type.get(kind, 0) for kind in kinds) for name, kinds in ENDS.items()}
    return {
        "persons": float(n),
        **{name: by_tenure.get(name, 0) / n if enough else NAN for name in TENURES},
        **{
            name: value / typed["persons"].sum() if enough and len(typed) else NAN
            for name, value in of.items()
        },
    }


def draw_dwellers(subject: PageContext, shares: pd.DataFrame) -> list[PageFigure]:
    """Return one bar per origin and income, divided by tenure."""
    words = subject.words
    groups, labels, parts = [], [], []
    for origin in shares.index.get_level_values(0).unique():
        own = shares.loc[origin]
        own = own[own[list(TENURES)].notna().all(axis=1)]
        if own.empty:
            continue
        groups.append((name_origin(subject, origin), len(own)))
        labels += [words(f"who.income.{income}") for income in own.index]
        parts.append(100 * own[list(TENURES)])
    if not parts:
        return []
    frame = pd.concat(parts).set_axis(labels, axis=0)
    tenures = [_capital(words(f"category.{name}")) for name in TENURES]
    title, unit = words("who.title", year=subject.years[0]), words("who.unit")
    figure = figures.tenure_bars(frame, groups, title=title, unit=unit, labels=tenures, number=words.number)
    details = "; ".join(
        f"{words(f'category.{name}')} {words.percent(shares[name][('all', 'all')])}" for name in TENURES
    )
    return [svg_figure("who_lives_where", words("who.alt", details=details), figure)]


def tabulate_dwellers(subject: PageContext, shares: pd.DataFrame) -> Table:
    """Return the same as a table, with the kinds of districts too."""
    words = subject.words
    columns = [*TENURES, *ENDS]
    heads = [Head(words("who.group"), "text"), Head(words("who.persons"))]
    heads += [Head(words(f"who.head.{name}")) for name in columns]
    groups = []
    for origin in shares.index.get_level_values(0).unique():
        rows = []
        for income, row in shares.loc[origin].iterrows():
            few = row["persons"] < FEWEST_PERSONS
            n = words("who.few", n=FEWEST_PERSONS) if few else words.number(row["persons"], 0)
            cells = [words.number(100 * row[name], 0) for name in columns]
            rows.append(Row(_capital(words(f"who.income.{income}")), "", [n, *cells]))
        groups.append(RowGroup(name_origin(subject, origin), rows))
    return Table(heads, groups)


def name_origin(subject: PageContext, origin: str) -> str:
    """Return what a group of origin is called."""
    if origin == "all":
        return subject.words("who.everybody")
    return _capital(grouping_text(f"origin.{origin}", subject.baseline.groups, subject.words))


def _capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]

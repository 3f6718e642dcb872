"""The page of a sweep: what was varied, what came of it at every point, and its figures."""

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from segsim.report.context import PageContext
from segsim.report.data_notes import city_notes
from segsim.report.geography import city_map
from segsim.report.labels import Quantity
from segsim.report.page import (
    Fact,
    Head,
    PageSection,
    Row,
    RowGroup,
    Table,
    data_notes,
    measure_definitions,
    omissions,
    render_page,
    reproduction,
    write_page,
)
from segsim.report.sweep.sweep_tables import Written
from segsim.runs.series import Series, find_series
from segsim.runs.sweeps.sweep import Sweep
from segsim.scenario.experiment.factor import Factor
from segsim.words.text import Language
from segsim.words.words import Words

MOST_ROWS = 60
"""Rows of a table on the page; the rest are in the file beside it."""


class StoredFigure(NamedTuple):
    """A figure that lies beside the page: what it shows, and its file as a data URI."""

    alt: str
    source: str


class SweepTable(NamedTuple):
    """A table of the page: its heading, the table, and what of it is not shown."""

    title: str
    table: Table
    rest: str


def write_sweep_page(sweep: Sweep, written: Written, language: Language = "en") -> Path:
    """Write the page of a sweep into its folder; return its path.

    Parameters
    ----------
    sweep : Sweep
    written : Written
        Its tables and figures, as `write_sweep` has written them.
    language : "en" or "sv"
        Language of the page; figures are in English.
    """
    folder, base = sweep.folder, sweep.experiment.base
    first = sweep.sample.labels[0]
    runs = [sweep.runs.one_run(first, seed).assign(seed=seed) for seed in sweep.runs.plan.seeds]
    frame = pd.concat(runs, ignore_index=True).assign(scenario=base.name)
    geography = city_map(base, sweep.runs.plan.seeds[0], folder)
    subject = PageContext(base, (), frame, geography, Words(language), city_notes(base, folder))
    html = sweep_page(sweep, written, subject)
    return write_page(html, [], folder)


def sweep_page(sweep: Sweep, written: Written, subject: PageContext) -> str:
    """Return the page of a sweep as HTML."""
    words, experiment, (first, last) = subject.words, sweep.experiment, subject.years
    city, n_points = subject.label(subject.baseline), len(sweep.sample.labels)
    tables, series = [], []
    if "points" in written.tables:
        names = written.tables["points"]["quantity"].unique()
        series = [find_quantity(name, sweep) for name in names]
        tables = [points_table(sweep, written, subject), *other_tables(written, subject, sweep)]
    ids = ["varied", "found", *(["pictures"] if written.figures else []), "left_out", "measures", "again"]
    sections = [PageSection(name, words(f"head.{name}")) for name in ids]
    files = [*(["points.csv"] if tables else []), "design.csv", "provenance.json"]
    files += ["figures/"] if written.figures else []
    command = ["segsim", "sweep", f"{experiment.name}.yaml"]
    return render_page(
        "sweep.html",
        subject,
        sections,
        title=words("sweep.title", name=experiment.name, city=city),
        kicker=f"{words('sweep.kicker')} · {city}",
        lead=words(
            "sweep.lead",
            city=city,
            first=first,
            last=last,
            points=n_points,
            times=words.count("times", len(subject.seeds)),
        ),
        facts=[
            Fact(words("sweep.design"), words(f"sweep.designs.{experiment.design.kind}")),
            Fact(words("fact.years"), f"{first + 1}–{last}" if last > first + 1 else str(last)),
            Fact(words("sweep.points"), words.number(n_points)),
            Fact(words("fact.runs"), words.number(sum(1 for _ in sweep.runs.plan.run_keys()))),
        ],
        varied=factor_table(sweep, subject),
        tables=tables,
        not_made=written.left_out if tables else [words("sweep.nothing"), *written.left_out],
        pictures=[read_figure(path, words) for path in written.figures],
        left_out=omissions(subject),
        data_notes=data_notes(subject),
        measures=measure_definitions(subject, series),
        reproduction=reproduction(subject, sweep.folder, command, files),
    )


def read_figure(path: Path, words: Words) -> StoredFigure:
    """Return a figure of the folder for the page."""
    data = base64.b64encode(path.read_bytes()).decode()
    return StoredFigure(words("sweep.alt", name=path.stem), f"data:image/svg+xml;base64,{data}")


def find_quantity(name: str, sweep: Sweep) -> Series:
    """Return the quantity that a table names."""
    return find_series(name, sweep.runs.list_series())[0]


def factor_table(sweep: Sweep, subject: PageContext) -> Table:
    """Return what was varied: every factor with its values or range, and the policies that were switched."""
    words = subject.words
    rows = [Row(name, "", [tell_factor(f, words)]) for name, f in sweep.experiment.factors.items()]
    columns = [name for name in sweep.sample.names if name not in sweep.experiment.factors]
    rows += [Row(name, "", [words("sweep.on_and_off")]) for name in columns]
    heads = [Head(words("sweep.factor"), "text"), Head(words("sweep.values"), "text")]
    return Table(heads, [RowGroup("", rows)])


def tell_factor(factor: Factor, words: Words) -> str:
    """Return the values of a factor, or the ends of its range."""
    if factor.is_range:
        low, high = (write_cell(factor.at(end), words) for end in (0.0, 1.0))
        return words("sweep.range", low=low, high=high)
    return words.join([write_cell(factor.at(share), words) for share in ends_of(factor)])


def ends_of(factor: Factor) -> Sequence[float]:
    """Return where in a factor each of its values lies."""
    n = len(factor.choices)
    return [i / max(n - 1, 1) for i in range(n)]


def points_table(sweep: Sweep, written: Written, subject: PageContext) -> SweepTable:
    """Return the quantities at every point, with interval and, of differences, p for all points at once."""
    words, table = subject.words, written.tables["points"]
    is_difference = "difference" in table
    names = [name for name in sweep.sample.names if name in table]
    groups = []
    for name, lines in table.groupby("quantity", sort=False):
        about = subject.quantity(find_quantity(str(name), sweep))
        rows = [
            Row(str(line["scenario"]), tell_point(line, names, words), point_cells(line, about, words))
            for _, line in lines.head(MOST_ROWS).iterrows()
        ]
        groups.append(RowGroup(f"{about.name}, {about.over}", rows))
    keys = ["difference", "interval", "p"] if is_difference else ["mean", "interval"]
    heads = [Head(words("sweep.point"), "text"), *(Head(words(f"sweep.{key}")) for key in keys)]
    longest = int(table.groupby("quantity").size().max())
    return SweepTable(words("sweep.at_points"), Table(heads, groups), tell_rest(longest, "points", words))


def tell_point(line: pd.Series, names: Sequence[str], words: Words) -> str:
    """Return what a point is: the short name and value of every factor that it sets."""
    given = [name for name in names if pd.notna(line[name])]
    return ", ".join(f"{name.split('.')[-1]} {write_cell(line[name], words)}" for name in given)


def point_cells(line: pd.Series, about: Quantity, words: Words) -> list[str]:
    """Return the cells of a point: value or difference, interval, and p."""
    unit = about.unit
    interval = unit.interval(words, line["lower"], line["upper"]) if np.isfinite(line["lower"]) else "–"
    if "difference" not in line:
        return [unit.value(words, line["mean"]) if np.isfinite(line["mean"]) else "–", interval]
    difference = unit.difference(words, line["difference"]) if np.isfinite(line["difference"]) else "–"
    return [difference, interval, write_cell(line["p_adjusted"], words)]


def other_tables(written: Written, subject: PageContext, sweep: Sweep) -> Iterator[SweepTable]:
    """Yield what the design shows beside its points, as its files have it."""
    words = subject.words
    for name, table in written.tables.items():
        if name == "points":
            continue
        shown = table.drop(columns=["quantity", "invented"], errors="ignore")
        shown = shown.loc[:, [has_values(shown[column]) for column in shown.columns]]
        heads = [
            Head(str(column).split(".")[-1].replace("_", " "), "text" if is_text(shown[column]) else "number")
            for column in shown.columns
        ]
        groups = []
        for quantity, lines in shown.groupby(table["quantity"], sort=False):
            about = subject.quantity(find_quantity(str(quantity), sweep))
            shown_lines = lines.head(MOST_ROWS).to_numpy()
            cells = [[write_cell(value, words) for value in line] for line in shown_lines]
            rows = [Row(first, "", rest) for first, *rest in cells]
            groups.append(RowGroup(f"{about.name}, {about.over}", rows))
        longest = int(table.groupby("quantity").size().max())
        yield SweepTable(words(f"sweep.tables.{name}"), Table(heads, groups), tell_rest(longest, name, words))


def tell_rest(rows: int, name: str, words: Words) -> str:
    """Return where the rows are that the page leaves out; nothing if it has all."""
    return words("sweep.rest", n=MOST_ROWS, rows=words.number(rows), name=name) if rows > MOST_ROWS else ""


def has_values(column: pd.Series) -> bool:
    """Tell whether anything stands in a column."""
    return bool((column.notna() & (column.astype(str) != "")).any())


def is_text(column: pd.Series) -> bool:
    """Tell whether a column holds words."""
    return any(isinstance(value, str) for value in column)


def write_cell(value: Any, words: Words) -> str:
    """Return a value of a table: three significant figures of a number, a dash for none."""
    if isinstance(value, bool | np.bool_):
        return words("word.yes" if value else "word.no")
    if pd.isna(value):
        return "–"
    if not isinstance(value, int | float | np.number):
        return str(value)
    size = abs(float(value))
    decimals = 0 if size == 0 or float(value).is_integer() else max(0, 2 - int(np.floor(np.log10(size))))
    return words.number(float(value), min(decimals, 6))

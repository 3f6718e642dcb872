"""How the model moves without policy beside what has been seen: a yardstick for its own drift."""

from typing import NamedTuple

from segsim.comparison.levels.drift import STILL
from segsim.report.context import PageContext
from segsim.report.municipality.past import yearly_change
from segsim.report.page import Head, Row, RowGroup, Table
from segsim.report.units import UnitFormat
from segsim.runs.series import Series
from segsim.sweden.history import read_series
from segsim.sweden.municipalities import Municipality

PERCENT = UnitFormat("relative", 100.0, 0, 0)
"""How a change relative to the start is written."""

LOOK_BACK = 10
"""Years of history that a change a year is taken from, at most."""


class Yardstick(NamedTuple):
    """A published series and the measure of the model that is nearest to it."""

    series: str
    measure: Series


YARDSTICKS = (
    Yardstick("school_D", Series("D", "background", "school")),
    Yardstick("home_D", Series("D", "background", "district")),
    Yardstick("born_abroad", Series("share", "background.foreign", "municipality")),
    Yardstick("eligible", Series("eligible", "", "municipality")),
    Yardstick("crowded_flats", Series("crowded", "", "municipality")),
)


def tell_movement(subject: PageContext) -> str:
    """Return which figures a planner reads move further than counts as still, though nothing is done."""
    words, (first, last) = subject.words, subject.years
    moving, known = [], 0
    for figure in STILL:
        start, end = subject.ends(figure.series, subject.baseline.name)
        is_relative = figure.change == "relative"
        change = (end - start) / start if is_relative and start.all() else end - start
        if last == first or not change.size:
            continue
        known += 1
        if abs(change.mean()) > figure.tolerance:
            about = subject.quantity(figure.series)
            unit = PERCENT if is_relative else about.unit
            limit, moved = unit.difference(words, figure.tolerance, sign=False), float(change.mean())
            title = f"{about.title}, {about.over}"
            moving.append(
                words("drift.moves", title=title, change=unit.difference(words, moved), limit=limit)
            )
    if not known:
        return ""
    still = words("drift.still", still=known - len(moving), all=known, n=last - first)
    return f"{still} {words('drift.moving', items='; '.join(moving))}" if moving else still


def drift_table(subject: PageContext, municipality: Municipality) -> Table:
    """Return the change a year of published series beside that of the model without policy."""
    words = subject.words
    heads = [
        Head(words("yardstick.measure"), "text"),
        Head(words("yardstick.seen")),
        Head(words("yardstick.model", first=subject.years[0], last=subject.years[1])),
    ]
    rows = [row for yardstick in YARDSTICKS if (row := drift_row(yardstick, subject, municipality))]
    return Table(heads, [RowGroup("", rows)] if rows else [])


def drift_row(yardstick: Yardstick, subject: PageContext, municipality: Municipality) -> Row | None:
    """Return one published series beside the model; None where either is not known."""
    words, (first, last) = subject.words, subject.years
    changes = subject.changes(yardstick.measure, subject.baseline.name)
    series = read_series(yardstick.series)
    if last == first or changes.size == 0 or municipality.code not in series:
        return None
    years = series[municipality.code].dropna().index
    since = max(int(years.min()), int(years.max()) - LOOK_BACK)
    seen = yearly_change(yardstick.series, municipality.code, since, int(years.max()))
    if seen != seen:
        return None
    unit = subject.quantity(yardstick.measure).unit
    span = words("yardstick.span", first=since, last=int(years.max()))
    ends = subject.band(changes / (last - first))
    interval = f" ({unit.interval(words, *ends)})" if len(subject.seeds) > 1 else ""
    model = unit.difference(words, float(changes.mean()) / (last - first))
    return Row(
        words(f"yardstick.of.{yardstick.series}"),
        "",
        [f"{unit.difference(words, seen)} {span}", f"{model}{interval}"],
    )

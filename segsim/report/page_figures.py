"""The figures of a page, each with a title, a text for those who do not see it, and a file of its own."""

import base64
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import pandas as pd

from segsim import figures
from segsim.comparison import Comparison
from segsim.figures.style import fit_text
from segsim.report.context import PageContext
from segsim.report.tables.shown_measures import MAPS, TYPE, TYPE_SHARES
from segsim.runs.series import Series
from segsim.runs.store.store import write_whole

MAP_DOTS = 120
"""Dots per inch of maps."""


TITLE_WIDTH = 30
"""Characters of a line in the title of a map."""


AGREED = 0.8
"""Share of the runs that must give an area the same type for it to be painted without dots."""

LEAST_CHANGE = 2.0
"""Percentage points, or points of the index, that the scale of a map of changes reaches at least."""


class PageFigure(NamedTuple):
    """One figure of a page.

    Attributes
    ----------
    name : str
        Name of its file without ending.
    alt : str
        What it shows, for those who do not see it.
    figure : Figure
        The figure itself.
    data : bytes
        Its file: SVG for lines and text, PNG for maps.
    ending : str
        "svg" or "png".
    """

    name: str
    alt: str
    figure: figures.Figure
    data: bytes
    ending: str

    @property
    def source(self) -> str:
        """The file as a data URI."""
        kind = "svg+xml" if self.ending == "svg" else self.ending
        return f"data:image/{kind};base64,{base64.b64encode(self.data).decode()}"

    def save(self, folder: Path, every_format: bool = False) -> None:
        """Write the figure to a folder, as the page has it or as SVG and PNG both."""
        write_whole(folder / f"{self.name}.{self.ending}", self.data)
        if every_format and self.ending == "svg":
            write_whole(folder / f"{self.name}.png", figures.png(self.figure))
        elif every_format:
            write_whole(folder / f"{self.name}.svg", figures.svg(self.figure).encode())


def svg_figure(name: str, alt: str, figure: figures.Figure) -> PageFigure:
    """Return a picture of lines and text, as SVG."""
    return PageFigure(name, alt, figure, figures.svg(figure).encode(), "svg")


def png_figure(name: str, alt: str, figure: figures.Figure) -> PageFigure:
    """Return a map, as PNG."""
    return PageFigure(name, alt, figure, figures.png(figure, MAP_DOTS), "png")


def maps(subject: PageContext) -> tuple[list[PageFigure], list[str]]:
    """Return maps before and after, and in words which maps would show no difference at all.

    The area types come first, then per scenario a row for each quantity with the difference.
    """
    pictures, same = type_map(subject), []
    for scenario in [s.name for s in subject.scenarios] or [subject.baseline.name]:
        unchanged = [name for name in MAPS if is_unchanged(subject, name, scenario)]
        for name in [name for name in MAPS if name not in unchanged]:
            pictures += area_map(subject, name, scenario)
        if unchanged:
            quantities = subject.words.join([subject.words(f"maps.{name}").lower() for name in unchanged])
            same.append(subject.words("maps.same", scenario=subject.names[scenario], quantities=quantities))
    return pictures, same


def is_unchanged(subject: PageContext, name: str, scenario: str) -> bool:
    """Tell whether a scenario has the baseline's value in every area at the end."""
    if scenario == subject.baseline.name:
        return False
    before, after = (
        subject.by_unit(MAPS[name], who, subject.years[1]) for who in (subject.baseline.name, scenario)
    )
    return not before.empty and before.equals(after)


def type_map(subject: PageContext) -> list[PageFigure]:
    """Return the map of area types at the start and at the end of every scenario; none if not measured."""
    words, (first, last) = subject.words, subject.years
    base = subject.baseline.name
    moments = [(words("word.start", year=first), base, first)]
    moments += [(_at(subject, name, last), name, last) for name in subject.names]
    panels = []
    for title, scenario, year in moments:
        values = subject.most_frequent(TYPE, scenario, year)
        if values.empty:
            return []
        agreed = subject.on_areas(subject.agreement(TYPE, scenario, year))
        panels.append(
            figures.Panel(title, subject.on_areas(values), frozenset(agreed.index[agreed < AGREED]))
        )
    title = words("maps.types")
    figure = figures.type_maps(
        subject.geography,
        panels,
        title=title,
        labels=words.texts("types.labels"),
        missing=words("word.missing"),
        unsure=words("types.unsure"),
    )
    details = "; ".join(panel.title for panel in panels)
    return [png_figure("map_types", words("maps.alt", quantity=title, details=details), figure)]


def area_map(subject: PageContext, name: str, scenario: str) -> list[PageFigure]:
    """Return maps of one quantity: start, baseline, scenario and difference; none if not measured."""
    words, (first, last) = subject.words, subject.years
    base, factor = subject.baseline.name, subject.quantity(MAPS[name]).unit.factor
    values = partial(subject.by_unit, MAPS[name])
    start, before, after = values(base, first), values(base, last), values(scenario, last)
    if start.empty:
        return []
    panels = [figures.Panel(words("word.start", year=first), factor * start)]
    change = None
    if scenario != base:
        panels.append(figures.Panel(_at(subject, base, last), factor * before))
        panels.append(figures.Panel(_at(subject, scenario, last), factor * after))
        change = figures.Panel(words("word.difference", year=last), factor * (after - before))
    elif last > first:
        change = figures.Panel(words("word.change", first=first, last=last), factor * (before - start))
    unit, change_unit = words(f"maps.unit.{name}"), words(f"maps.change_unit.{name}")
    figure = figures.share_maps(
        subject.geography,
        panels,
        change,
        title=words(f"maps.{name}"),
        unit=unit,
        change_unit=change_unit,
        missing=words("word.missing"),
        number=words.number,
        least_change=LEAST_CHANGE,
    )
    alt = words("maps.alt", quantity=words(f"maps.{name}"), details=_map_details(subject, panels, change))
    return [png_figure(f"map_{name}_{scenario}", alt, figure)]


def _map_details(subject: PageContext, panels: Sequence[figures.Panel], change: figures.Panel | None) -> str:
    """Return the ranges of a row of maps in words."""
    words = subject.words
    number = partial(words.number, decimals=1)
    texts = [
        words("maps.alt_panel", panel=p.title, low=number(p.values.min()), high=number(p.values.max()))
        for p in panels
        if p.values.notna().any()
    ]
    if change is not None and change.values.notna().any():
        low, high = number(change.values.min()), number(change.values.max())
        texts.append(words("maps.alt_change", low=low, high=high, area=change.values.abs().idxmax()))
    return " ".join(texts)


def type_bars(subject: PageContext) -> list[PageFigure]:
    """Return residents by area type at the start and at the end of every scenario."""
    words, (first, last) = subject.words, subject.years
    rows = {words("word.start", year=first): (subject.baseline.name, first)}
    if last > first:
        rows |= {_at(subject, name, last): (name, last) for name in subject.names}
    frame = pd.DataFrame(
        {
            kind: [subject.mean(TYPE_SHARES[kind - 1], name, year) for name, year in rows.values()]
            for kind in range(1, 6)
        },
        index=list(rows),
    )
    if frame.isna().all(axis=None):
        return []
    percent = partial(words.number, decimals=0)
    figure = figures.type_shares(
        frame,
        title=words("types.title"),
        unit=words("types.unit"),
        labels=words.texts("types.labels"),
        number=words.number,
    )
    details = " ".join(
        words(
            "types.alt_row",
            label=label,
            low=percent(100 * (row[1] + row[2])),
            middle=percent(100 * row[3]),
            high=percent(100 * (row[4] + row[5])),
        )
        for label, row in frame.iterrows()
    )
    return [svg_figure("types", words("types.alt", details=details), figure)]


def area_spread(subject: PageContext) -> list[PageFigure]:
    """Return the socio-economic index of every district at the start, from end to end of the scale."""
    words, first = subject.words, subject.years[0]
    base = subject.baseline.name
    index = subject.by_unit(MAPS["index"]._replace(level=TYPE.level), base, first)
    if index.empty:
        return []
    frame = pd.DataFrame({"value": index, "type": subject.by_unit(TYPE, base, first).round()})
    figure = figures.area_spread(
        frame,
        title=words("types.spread", year=first),
        unit=words("types.spread_unit"),
        labels=words.texts("types.labels"),
        number=words.number,
    )
    low, high = words.number(index.min(), 1), words.number(index.max(), 1)
    return [svg_figure("areas", words("types.alt_spread", low=low, high=high), figure)]


def series(subject: PageContext, quantities: Sequence[Series]) -> list[PageFigure]:
    """Return one figure per quantity over the years; none of what is known in one year only."""
    return [
        _one_series(subject, chosen)
        for chosen in subject.select_available(quantities)
        if _has_course(subject, chosen)
    ]


def _has_course(subject: PageContext, chosen: Series) -> bool:
    """Tell whether a quantity is known in two years or more."""
    return bool(subject.rows(chosen).dropna(subset=["value"])["year"].nunique() > 1)


def _one_series(subject: PageContext, chosen: Series) -> PageFigure:
    """Return the figure of one quantity over the years."""
    words, (first, last) = subject.words, subject.years
    about = subject.quantity(chosen)
    factor = about.unit.factor
    rows = subject.rows(chosen)
    chance = None
    if about.chance in subject.available_series:
        chance = subject.rows(about.chance, subject.baseline.name)
        chance = chance.assign(value=factor * chance["value"])
    figure = figures.series(
        rows.assign(value=factor * rows["value"]),
        baseline=subject.baseline.name,
        names=subject.names,
        title=about.title,
        unit=about.axis(words),
        chance=chance,
        chance_label=words("word.chance"),
        starts=policy_starts(subject),
        number=words.number,
    )
    lines = []
    for name, label in subject.names.items():
        start, end = (about.unit.value(words, subject.mean(chosen, name, year)) for year in (first, last))
        lines.append(words("series.alt_line", label=label, start=start, end=end))
    alt = f"{about.title}, {about.over}. " + words(
        "series.alt", first=first, last=last, details=" ".join(lines)
    )
    return svg_figure(f"series_{_file_name(chosen)}", alt, figure)


def difference_picture(
    subject: PageContext, comparison: Comparison, quantities: Sequence[Series]
) -> list[PageFigure]:
    """Return the differences at the horizon with intervals and seeds, grouped by unit."""
    words = subject.words
    table = comparison.differences
    table = table[(table["year"] == comparison.horizon) & (table["unit"] == "") & (table["n"] > 0)]
    intervals, dots = [], []
    groups: dict[str, list[str]] = {}
    for chosen in subject.select_available(list(dict.fromkeys(quantities))):
        about = subject.quantity(chosen)
        row_name, factor = f"{about.title}\n{about.over}", about.unit.factor
        is_it = (
            (table["measure"] == chosen.measure)
            & (table["grouping"] == chosen.grouping)
            & (table["level"] == chosen.level)
        )
        mine = table.loc[is_it, ["scenario", "difference", "lower", "upper"]]
        if mine.empty:
            continue
        numbers = mine[["difference", "lower", "upper"]] * factor
        intervals.append(numbers.assign(scenario=mine["scenario"], row=row_name))
        for scenario in mine["scenario"]:
            seeds = factor * comparison.per_seed(scenario, chosen)
            dots.append(pd.DataFrame({"scenario": scenario, "row": row_name, "difference": seeds}))
        groups.setdefault(about.unit.difference_axis(words), []).append(row_name)
    if not intervals:
        return []
    title = words("differences.title", year=comparison.horizon)
    figure = figures.differences(
        pd.concat(intervals, ignore_index=True),
        pd.concat(dots, ignore_index=True),
        [figures.DifferenceGroup(unit, rows) for unit, rows in groups.items()],
        baseline=subject.baseline.name,
        names=subject.names,
        title=title,
        number=words.number,
    )
    return [svg_figure("differences", words("differences.alt"), figure)]


def _at(subject: PageContext, name: str, year: int) -> str:
    """Return what to call a scenario at a year, on two lines at most."""
    label = fit_text(subject.names[name], 2 * TITLE_WIDTH - len(str(year)) - 4, 1)
    text = subject.words("word.at", label=label, year=year)
    return "\n".join(wrap(text, TITLE_WIDTH, break_on_hyphens=False))


def policy_starts(subject: PageContext) -> list[int]:
    """Return the years within the run, the first one apart, in which a policy begins."""
    first, last = subject.years[0] + 1, subject.years[1]
    begun = {p.first_year(first) for s in subject.scenarios for p in s.policies}
    return sorted(year for year in begun if first < year <= last)


def _file_name(chosen: Series) -> str:
    """Return a file name of a quantity."""
    return str(chosen).replace("/", "_").replace(" ", "_").replace(":", "_")

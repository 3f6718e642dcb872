"""What differs from the baseline: each seed a dot, the mean and its interval over them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from segsim.figures.style import (
    GREY,
    INK,
    MARKERS,
    Number,
    colours,
    fit_lines,
    fit_text,
    house_style,
    sheet,
    write_ticks,
)
from segsim.words.numbers import write_number

LABEL = 46
"""Characters of a line of a label."""


class DifferenceGroup(NamedTuple):
    """Measures that share a unit and therefore an axis."""

    unit: str
    rows: Sequence[str]


def differences(
    intervals: pd.DataFrame,
    dots: pd.DataFrame,
    groups: Sequence[DifferenceGroup],
    *,
    baseline: str,
    names: Mapping[str, str],
    title: str,
    number: Number = write_number,
) -> Figure:
    """Draw differences from the baseline with their intervals.

    Parameters
    ----------
    intervals : DataFrame
        Columns scenario, row, difference, lower, upper.
    dots : DataFrame
        Columns scenario, row, difference: one row per seed.
    groups : sequence of Group
        The rows in the order to show, by unit.
    baseline : str
        Name of the baseline, to keep the colours of the other figures.
    names : mapping
        What to call each scenario, the baseline included.
    title : str
        Title of the figure.
    number : callable
        Writes the numbers of the axes.
    """
    shown = [name for name in names if name != baseline]
    palette = colours(list(names), baseline)
    heights = [len(group.rows) * (0.24 * len(shown) + 0.16) + 0.62 for group in groups]
    with house_style():
        figure = sheet(8.2, sum(heights) + 0.75)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=10.5)
        places = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
        for axes, group in zip(places, groups, strict=True):
            for i, scenario in enumerate(shown):
                offset = (i - (len(shown) - 1) / 2) * 0.62 / max(len(shown), 1)
                mine = intervals[intervals["scenario"] == scenario]
                seeds = dots[dots["scenario"] == scenario]
                _draw(axes, group, mine, seeds, palette[scenario], offset, MARKERS[i % len(MARKERS)])
            _frame(axes, group, number)
        handles = [
            Line2D(
                [], [], color=palette[s], marker=MARKERS[i % len(MARKERS)], label=fit_text(names[s], LABEL)
            )
            for i, s in enumerate(shown)
        ]
        figure.legend(handles=handles, loc="outside lower left", ncols=2)
    return figure


def _draw(
    axes: Axes,
    group: DifferenceGroup,
    intervals: pd.DataFrame,
    dots: pd.DataFrame,
    colour: str,
    offset: float,
    marker: str,
) -> None:
    """Draw the intervals of one scenario, its seeds as faint dots behind."""
    level = {row: i + offset for i, row in enumerate(group.rows)}
    seeds = dots[dots["row"].isin(level)]
    axes.plot(
        seeds["difference"],
        seeds["row"].map(level),
        linestyle="none",
        marker="|",
        markersize=10,
        color=colour,
        alpha=0.55,
        zorder=2,
    )
    of_scenario = intervals[intervals["row"].isin(level)]
    place = of_scenario["row"].map(level)
    axes.hlines(place, of_scenario["lower"], of_scenario["upper"], color=colour, linewidth=2.4, zorder=3)
    axes.plot(
        of_scenario["difference"],
        place,
        linestyle="none",
        marker=marker,
        markersize=6.5,
        color=colour,
        markeredgecolor="white",
        zorder=4,
    )


def _frame(axes: Axes, group: DifferenceGroup, number: Number) -> None:
    """Write the rows, the zero line and the unit of one axis, which always shows zero in its middle part."""
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    axes.set_yticks(range(len(group.rows)), [fit_lines(row, LABEL) for row in group.rows])
    axes.set_ylim(len(group.rows) - 0.5, -0.5)
    low, high = axes.get_xlim()
    widest = max(abs(low), abs(high)) if np.isfinite([low, high]).all() and high > low else 1.0
    axes.set_xlim(min(low, -0.3 * widest), max(high, 0.3 * widest))
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(7))
    axes.set_xlabel(group.unit, color=GREY, fontsize=8.5)
    write_ticks(axes, number, "x")

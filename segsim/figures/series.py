"""How a measure goes over the years: the mean of the runs and the band most of them keep within."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from segsim.figures.style import GREY, MARKERS, Number, colours, fit_text, house_style, sheet, write_ticks
from segsim.words.numbers import write_number

BAND = (0.1, 0.9)
"""Quantiles over seeds between which the band lies: it holds 8 runs of 10."""

TITLE_WIDTH = 46
"""Characters of a line of the title, and of a label of the legend."""

LEAST_SPAN = 0.02
"""An axis never shows less than this share of the value, so that noise does not look like a change."""


def series(
    frame: pd.DataFrame,
    *,
    baseline: str,
    names: Mapping[str, str],
    title: str,
    unit: str,
    chance: pd.DataFrame | None = None,
    chance_label: str = "",
    starts: Sequence[int] = (),
    number: Number = write_number,
    legend: bool = True,
) -> Figure:
    """Draw one measure over the years.

    Parameters
    ----------
    frame : DataFrame
        Columns scenario, seed, year, value: one measure.
    baseline : str
        The scenario drawn dark and dashed.
    names : mapping
        What to call each scenario, in the order of the legend.
    title, unit : str
        Title of the figure, and below it the unit with the system of units.
    chance : DataFrame, optional
        The same columns for what a random allocation would give; its mean is drawn as a dotted line, or
        written at the edge the axis would have to be stretched beyond.
    chance_label : str
        What to call it, such as "by chance alone:".
    starts : sequence of int
        Years in which a policy begins, marked by a thin line.
    number : callable
        Writes the numbers of the axis.
    legend : bool
        Whether the figure explains its lines itself.
    """
    shown = [name for name in names if name in set(frame["scenario"])]
    palette = colours(list(names), baseline)
    with house_style():
        figure, lines = sheet(4.6, 3.0), []
        axes = figure.subplots()
        for i, name in enumerate(shown):
            label = fit_text(names[name], TITLE_WIDTH)
            lines.append(
                _draw(axes, frame[frame["scenario"] == name], palette[name], label, name == baseline, i)
            )
        for year in starts:
            axes.axvline(year - 0.5, color=GREY, linewidth=0.8, linestyle=(0, (1, 2)))
        axes.set_title(fit_text(title, TITLE_WIDTH, 3), pad=19)
        years = frame["year"]
        axes.set_xlim(years.min() - 0.3, years.max() + 0.3)
        axes.text(0, 1.03, unit, transform=axes.transAxes, color=GREY, fontsize=8.5)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(5))
        _widen(axes)
        write_ticks(axes, number)
        chance_line: list[Line2D] = []
        if chance is not None and chance["value"].notna().any():
            chance_line = _note_chance(axes, float(chance["value"].mean()), chance_label, number)
        keys = [*(lines if len(shown) > 1 else []), *chance_line]  # a single line needs no legend
        if legend and keys:
            columns = 1 if max(len(names[name]) for name in shown) > 22 else 2
            figure.legend(handles=keys, loc="outside lower left", ncols=columns, handlelength=2.2)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, colour: str, label: str, is_baseline: bool, order: int) -> Line2D:
    """Draw the mean and the band of one scenario; return the line."""
    by_year = rows.dropna(subset=["value"]).groupby("year")["value"]
    mean, low, high = by_year.mean(), by_year.quantile(BAND[0]), by_year.quantile(BAND[1])
    years = mean.index.to_numpy()
    axes.fill_between(years, low, high, color=colour, alpha=0.16, linewidth=0)
    (line,) = axes.plot(
        years,
        mean,
        color=colour,
        linestyle="--" if is_baseline else "-",
        marker=None if is_baseline else MARKERS[order % len(MARKERS)],
        markersize=3.6,
        markevery=max(1, years.size // 6),
        label=label,
        zorder=4 if is_baseline else 3,
    )
    return line


def _note_chance(axes: Axes, value: float, label: str, number: Number) -> list[Line2D]:
    """Draw what chance alone would give, or write it at the edge the axis does not reach; return the line."""
    low, high = axes.get_ylim()
    text = f"{label} {number(float(f'{value:.2g}'), None)}"
    if low <= value <= high:
        return [axes.axhline(value, color=GREY, linewidth=1.2, linestyle=":", label=text)]
    arrow, place, side = ("↓", 0.03, "bottom") if value < low else ("↑", 0.97, "top")
    axes.text(
        0.99, place, f"{text} {arrow}", transform=axes.transAxes, ha="right", va=side, fontsize=8, color=GREY
    )
    return []


def _widen(axes: Axes) -> None:
    """Let the vertical axis span at least a small share of the values it shows."""
    low, high = axes.get_ylim()
    least = LEAST_SPAN * max(abs(low), abs(high))
    if 0 < high - low < least:
        middle = (low + high) / 2
        axes.set_ylim(middle - least / 2, middle + least / 2)
    if high == low or not np.isfinite(high - low):
        axes.set_ylim(low - 0.5, high + 0.5)

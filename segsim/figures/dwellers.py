"""How groups live: one bar per group, divided into tenures."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from segsim.figures.style import INK, Number, fit_text, house_style, sheet, write_ticks
from segsim.words.numbers import write_number

TENURE_COLOURS = ("#0b4f71", "#56a0c8", "#e7c26a", "#b5651d")
"""Public and private rental blue, cooperative and owner-occupied yellow and brown; told apart in grey too."""

LEAST_WRITTEN = 6.0
"""Per cent under which a part is drawn but not written."""


def tenure_bars(
    frame: pd.DataFrame,
    groups: Sequence[tuple[str, int]],
    *,
    title: str,
    unit: str,
    labels: Sequence[str],
    number: Number = write_number,
) -> Figure:
    """Draw one bar per row of a frame, divided into four tenures.

    Parameters
    ----------
    frame : DataFrame
        One row per bar, its label as index; four columns of per cent, a bar of missing values stays empty.
    groups : sequence of pair
        A heading, and how many rows belong under it.
    title, unit : str
        Title of the figure and of the axis.
    labels : sequence of str
        What to call the tenures.
    number : callable
        Writes a percentage.
    """
    with house_style():
        figure = sheet(7.0, 0.27 * len(frame) + 0.34 * len(groups) + 1.2)
        axes = figure.subplots()
        place, ticks = 0.0, []
        rows = iter(frame.itertuples())
        for heading, n in groups:
            axes.text(0, place, fit_text(heading, 60, 1), fontweight="bold", va="center", fontsize=8.5)
            for _ in range(n):
                place += 1
                label, *parts = next(rows)
                ticks.append((place, label))
                _draw_bar(axes, place, parts, number)
            place += 1.25
        axes.set_yticks([at for at, _ in ticks], [str(label) for _, label in ticks])
        axes.set_ylim(place - 0.5, -0.8)
        axes.set_xlim(0, 100)
        axes.set_xlabel(unit)
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
        axes.set_title(title)
        write_ticks(axes, number, "x")
        keys = [Patch(facecolor=c, label=label) for c, label in zip(TENURE_COLOURS, labels, strict=True)]
        figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=1.2, handleheight=1.0)
    return figure


def _draw_bar(axes: Axes, place: float, parts: Sequence[float], number: Number) -> None:
    """Draw the parts of one bar, and their per cent where there is room."""
    left = 0.0
    for colour, width in zip(TENURE_COLOURS, parts, strict=True):
        if not width >= 0:
            continue
        axes.barh(place, width, left=left, color=colour, edgecolor="white", height=0.8, zorder=2)
        if width >= LEAST_WRITTEN:
            ink = INK if colour in TENURE_COLOURS[1:3] else "white"
            axes.text(
                left + width / 2, place, number(width, 0), ha="center", va="center", color=ink, fontsize=8
            )
        left += width

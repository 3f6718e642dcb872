"""How residents divide over the five area types, both ends alike."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from segsim.figures.style import INK, TYPES, Number, fit_lines, house_style, sheet, write_ticks
from segsim.words.numbers import write_number

ROW = 40
"""Characters of a line of the label of a bar."""

LEAST_WRITTEN = 0.015
"""Shares under this are drawn but not written: the number would not fit."""


def type_shares(
    frame: pd.DataFrame,
    *,
    title: str,
    unit: str,
    labels: Sequence[str],
    number: Number = write_number,
) -> Figure:
    """Draw one bar per row of a frame, divided into area types 1 to 5.

    Parameters
    ----------
    frame : DataFrame
        One row per bar, its label as index; columns 1 to 5 hold shares of residents (0 to 1).
    title, unit : str
        Title of the figure and of the axis.
    labels : sequence of str
        What to call types 1 to 5.
    number : callable
        Writes a percentage.
    """
    with house_style():
        figure = sheet(8.2, 0.46 * len(frame) + 1.65)
        axes = figure.subplots()
        left = pd.Series(0.0, index=frame.index)
        for i, kind in enumerate(range(1, 6)):
            width = 100 * frame[kind].fillna(0.0)
            axes.barh(
                range(len(frame)), width, left=left, color=TYPES[i], edgecolor="white", height=0.72, zorder=2
            )
            for row, (start, size) in enumerate(zip(left, width, strict=True)):
                if size >= 100 * LEAST_WRITTEN:
                    colour = INK if i in (1, 2) else "white"
                    axes.text(start + size / 2, row, number(size, 0), ha="center", va="center", color=colour)
            left = left + width
        axes.set_yticks(range(len(frame)), [fit_lines(label, ROW) for label in frame.index])
        axes.set_ylim(len(frame) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        axes.set_xlabel(unit)
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
        axes.set_title(title)
        write_ticks(axes, number, "x")
        keys = [Patch(facecolor=c, label=label) for c, label in zip(TYPES, labels, strict=True)]
        figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=1.2, handleheight=1.0)
    return figure


def area_spread(
    frame: pd.DataFrame, *, title: str, unit: str, labels: Sequence[str], number: Number = write_number
) -> Figure:
    """Draw one dot per area from the lowest to the highest value, coloured by area type.

    Parameters
    ----------
    frame : DataFrame
        One row per area: columns value and type (1 to 5).
    title, unit : str
        Title of the figure and of the axis.
    labels : sequence of str
        What to call types 1 to 5.
    number : callable
        Writes the numbers of the axis.
    """
    ordered = frame.dropna(subset=["value"]).sort_values("value", kind="stable")
    with house_style():
        figure = sheet(8.2, 3.3)
        axes = figure.subplots()
        for i, kind in enumerate(range(1, 6)):
            of_type = (ordered["type"] == kind).to_numpy()
            place = range(len(ordered))
            axes.scatter(
                [p for p, mine in zip(place, of_type, strict=True) if mine],
                ordered["value"][of_type],
                s=34,
                color=TYPES[i],
                edgecolor=INK,
                linewidth=0.5,
                label=labels[i],
                zorder=3,
            )
        axes.set_title(title)
        axes.set_ylabel(unit)
        axes.set_xticks([])
        write_ticks(axes, number)
        figure.legend(loc="outside lower left", ncols=2)
    return figure

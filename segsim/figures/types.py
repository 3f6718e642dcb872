"""How residents divide over the five area types, both ends alike."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from segsim.figures.style import INK, TYPES, Number, fit_lines, fit_text, house_style, sheet, write_ticks
from segsim.words.numbers import write_number

ROW = 40
"""Characters of a line of the label of a bar."""

LEAST_WRITTEN = 0.015
"""Shares under this are drawn but not written: the number would not fit."""


MOST_NAMED = 140
"""More areas than this are drawn without their names, which would lie upon each other."""

ROOMY = 60
"""Up to so many areas have names of full size."""


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
    """Draw one dot per area from the lowest to the highest value, coloured by area type and named.

    Parameters
    ----------
    frame : DataFrame
        One row per area, its name as index: columns value and type (1 to 5).
    title, unit : str
        Title of the figure and of the axis.
    labels : sequence of str
        What to call types 1 to 5.
    number : callable
        Writes the numbers of the axis.
    """
    ordered = frame.dropna(subset=["value"]).sort_values("value", kind="stable")
    is_named = len(ordered) <= MOST_NAMED
    row, size = (0.19, 8.0) if len(ordered) <= ROOMY else (0.12, 6.5)
    with house_style():
        figure = sheet(8.2, row * len(ordered) + 1.5 if is_named else 9.0)
        axes = figure.subplots()
        place = pd.Series(range(len(ordered)), index=ordered.index)
        for i, kind in enumerate(range(1, 6)):
            mine = ordered["type"] == kind
            axes.scatter(
                ordered["value"][mine],
                place[mine],
                s=34 if is_named else 8,
                color=TYPES[i],
                edgecolor=INK,
                linewidth=0.5,
                label=labels[i],
                zorder=3,
            )
        axes.set_title(title)
        axes.set_xlabel(unit)
        axes.set_yticks(
            place if is_named else [],
            [fit_text(str(name), 40, 1) for name in place.index] if is_named else [],
        )
        axes.tick_params(axis="y", labelsize=size)
        axes.set_ylim(-0.8, len(ordered) - 0.2)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        write_ticks(axes, number, "x")
        figure.legend(loc="outside lower left", ncols=2)
    return figure

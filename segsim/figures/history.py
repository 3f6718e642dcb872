"""How a published figure has gone in one place, beside places like it and the middle of all."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from segsim.figures.series import TITLE_WIDTH
from segsim.figures.style import GREY, INK, SCENARIOS, Number, fit_text, house_style, sheet, write_ticks
from segsim.words.numbers import write_number

LEAST_YEARS = 4
"""An axis shows at least so many years, so that two do not stand at its ends."""


def history(
    own: pd.Series,
    similar: pd.DataFrame,
    middle: pd.Series,
    *,
    start: int,
    title: str,
    unit: str,
    labels: tuple[str, str, str, str],
    number: Number = write_number,
) -> Figure:
    """Draw a published figure over the years.

    Parameters
    ----------
    own : Series
        The place's values by year.
    similar : DataFrame
        Values of places like it: years as rows, places as columns.
    middle : Series
        The median of all by year; empty where there are too few.
    start : int
        The year the model starts from, marked by a line.
    title, unit : str
        Title of the figure, and below it the unit.
    labels : tuple of str
        What to call the place, those like it, the middle, and the start of the model.
    number : callable
        Writes the numbers of the axis.
    """
    with house_style():
        figure = sheet(4.6, 2.9)
        axes = figure.subplots()
        for i, name in enumerate(similar.columns):
            values = similar[name].dropna()
            axes.plot(
                values.index,
                values,
                color=SCENARIOS[5],
                linewidth=1.0,
                label=labels[1] if i == 0 else None,
                zorder=2,
            )
        middle, own = middle.dropna(), own.dropna()
        if not middle.empty:
            axes.plot(middle.index, middle, color=GREY, linestyle=":", label=labels[2], zorder=3)
        axes.plot(
            own.index, own, color=INK, linewidth=2.2, marker="o", markersize=3, label=labels[0], zorder=4
        )
        axes.axvline(
            start, color=SCENARIOS[1], linewidth=1.0, linestyle=(0, (4, 2)), label=labels[3], zorder=1
        )
        years = np.concatenate([own.index.to_numpy(), [start]])
        spare = max(0, LEAST_YEARS - int(np.ptp(years))) / 2
        axes.set_xlim(years.min() - spare - 0.3, years.max() + spare + 0.3)
        axes.set_title(fit_text(title, TITLE_WIDTH, 3), pad=19)
        axes.text(0, 1.03, unit, transform=axes.transAxes, color=GREY, fontsize=8.5)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(5))
        write_ticks(axes, number)
        figure.legend(loc="outside lower left", ncols=2, handlelength=1.8, columnspacing=1.2)
    return figure

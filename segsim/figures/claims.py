"""What decides a claim: each test an axis of its own, with the part of it that would be a yes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from segsim.figures.style import GREY, INK, SCENARIOS, Number, fit_text, house_style, sheet, write_ticks
from segsim.tables import Array
from segsim.words.numbers import write_number

YES = "#d6e6f2"
"""The part of an axis where a test is met; pale enough for what is drawn over it, and told by a word too."""


class DrawnTest(NamedTuple):
    """One test as it is drawn, in the unit of its axis.

    Attributes
    ----------
    title, unit : str
    seeds : array
        The contrast, seed by seed.
    estimate : float
    interval : (float, float)
    yes : sequence of (float, float)
        Where the test would be met; ends may be infinite. Empty for what is only shown.
    """

    title: str
    unit: str
    seeds: Array
    estimate: float
    interval: tuple[float, float]
    yes: Sequence[tuple[float, float]]


def claim_tests(rows: Sequence[DrawnTest], *, yes: str, number: Number = write_number) -> Figure:
    """Draw the tests of a claim.

    Parameters
    ----------
    rows : sequence of DrawnTest
    yes : str
        The word for where a test is met.
    number : callable
        Writes the numbers of the axes.
    """
    with house_style():
        figure = sheet(8.2, 1.12 * len(rows) + 0.1)
        places = figure.subplots(len(rows), 1, squeeze=False)[:, 0]
        for axes, row in zip(places, rows, strict=True):
            low, high = _limits(row)
            axes.set_xlim(low, high)
            _shade(axes, row, yes)
            _draw(axes, row)
            _frame(axes, row, number)
    return figure


def _limits(row: DrawnTest) -> tuple[float, float]:
    """Return the ends of an axis: zero, the limits, the interval and all seeds are within."""
    limits = [end for span in row.yes for end in span]
    numbers = np.array([0.0, *limits, *row.interval, *row.seeds], float)
    numbers = numbers[np.isfinite(numbers)]
    low, high = float(numbers.min()), float(numbers.max())
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def _shade(axes: Axes, row: DrawnTest, yes: str) -> None:
    """Shade where the test would be met, and say so."""
    low, high = axes.get_xlim()
    for first, last in row.yes:
        left, right = max(first, low), min(last, high)
        axes.axvspan(left, right, color=YES, zorder=0, linewidth=0)
        for end in (first, last):
            if np.isfinite(end):
                axes.axvline(end, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        place = (left + right) / 2
        axes.text(place, 0.42, yes, ha="center", va="top", fontsize=8, color=GREY, clip_on=True)


def _draw(axes: Axes, row: DrawnTest) -> None:
    """Draw the seeds, the interval and the mean."""
    colour = SCENARIOS[0]
    axes.plot(
        row.seeds,
        np.zeros(row.seeds.size),
        linestyle="none",
        marker="|",
        markersize=10,
        color=colour,
        alpha=0.5,
        zorder=2,
    )
    if np.isfinite(row.interval).all():
        axes.hlines(0, *row.interval, color=colour, linewidth=2.6, zorder=3)
    if np.isfinite(row.estimate):
        (dot,) = axes.plot(row.estimate, 0, marker="o", color=colour, zorder=4)
        dot.set(markersize=6.5, markeredgecolor="white")


def _frame(axes: Axes, row: DrawnTest, number: Number) -> None:
    """Write the title, the zero line and the unit of an axis."""
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    axes.set_ylim(-0.5, 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    axes.set_title(fit_text(row.title, 110), fontsize=9, fontweight="normal", pad=4)
    axes.xaxis.set_major_locator(MaxNLocator(7))
    axes.set_xlabel(row.unit, color=GREY, fontsize=8, labelpad=1)
    write_ticks(axes, number, "x")

"""What a sweep shows: factors by their influence, and policy mixes by cost and effect."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from segsim.figures.style import GREY, INK, SCENARIOS, Number, fit_text, house_style, sheet, write_ticks
from segsim.words.numbers import write_number

_KINDS = {
    "total": ("first_order", "total"),
    "mu_star": ("mu_star",),
    "rank_correlation": ("rank_correlation",),
}
_WORDS = {
    "first_order": "alone (first order)",
    "total": "with all interactions (total)",
    "mu_star": "mean absolute elementary effect (μ*)",
    "rank_correlation": "partial rank correlation",
}
_AXES = {
    "total": "share of the variance over points",
    "mu_star": "effect over the whole range of the factor, in the unit of the quantity",
    "rank_correlation": "correlation of ranks",
}


def influence(table: pd.DataFrame, *, title: str, number: Number = write_number) -> Figure:
    """Draw how much each factor moves a quantity, with 95 % intervals, most influential on top.

    Parameters
    ----------
    table : DataFrame
        As `segsim.comparison.sensitivity.sensitivity` returns it.
    title : str
        Names the quantity, its unit system and the year.
    number : callable
        Writes the numbers of the axis.
    """
    kind = next(kind for kind in _KINDS if kind in table)
    names = _KINDS[kind]
    with house_style():
        figure = sheet(7.6, 0.42 * len(table) * max(1, 0.7 * len(names)) + 1.3)
        axes = figure.subplots()
        axes.set_title(fit_text(title, 80))
        for i, name in enumerate(names):
            ends = ("lower", "upper") if kind == "rank_correlation" else (f"{name}_lower", f"{name}_upper")
            place = np.arange(len(table)) + (i - (len(names) - 1) / 2) * 0.3
            axes.hlines(place, table[ends[0]], table[ends[1]], color=SCENARIOS[i], linewidth=2.4)
            marker = "os"[i]
            axes.plot(
                table[name], place, marker, color=SCENARIOS[i], markeredgecolor="white", label=_WORDS[name]
            )
        _rows(axes, [fit_text(name, 48) for name in table["factor"]])
        axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
        axes.set_xlabel(f"{_AXES[kind]}; bars are 95 % intervals", color=GREY, fontsize=8.5)
        write_ticks(axes, number, "x")
        if len(names) > 1:
            figure.legend(loc="outside lower left", ncols=2)
    return figure


def _rows(axes: Axes, names: list[str]) -> None:
    """Write one row per name, from the top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)


def front(table: pd.DataFrame, *, title: str, unit: str, number: Number = write_number) -> Figure:
    """Draw policy mixes by cost and effect, with 95 % intervals; a line joins those that nothing beats.

    Mixes of unknown cost are not drawn; the legend says how many they are.

    Parameters
    ----------
    table : DataFrame
        As `segsim.comparison.factorial.Mix.mixes`: mix, difference, lower, upper, cost, is_efficient,
        probability.
    title, unit : str
        Title of the figure, and the unit of the difference.
    number : callable
        Writes the numbers of the axes.
    """
    with_cost = table[table["cost"].notna()]
    best = with_cost[with_cost["is_efficient"].astype(bool)].sort_values("cost")
    rest = with_cost[~with_cost["is_efficient"].astype(bool)]
    with house_style():
        figure = sheet(7.6, 4.2 + 0.2 * (len(best) + 2))
        axes = figure.subplots()
        axes.set_title(fit_text(title, 80))
        axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
        _mixes(axes, rest, GREY, "s", "none")
        _mixes(axes, best, SCENARIOS[0], "o", "-")
        handles = [axes.plot([], [], "s", color=GREY, label="beaten by another mix")[0]]
        for i, (mix, cost, difference, probability) in enumerate(
            zip(best["mix"], best["cost"], best["difference"], best["probability"], strict=True), start=1
        ):
            axes.annotate(
                str(i), (cost, difference), xytext=(6, 5), textcoords="offset points", fontweight="bold"
            )
            name = fit_text(mix.replace("_", " "), 90, 1)
            label = f"{i}  {name} (efficient in {probability:.0%} of resampled seeds)"
            handles.append(axes.plot([], [], "o", color=SCENARIOS[0], label=label)[0])
        if hidden := len(table) - len(with_cost):
            label = f"{hidden} mixes not drawn: the cost of a policy is not known (give its cost_msek)"
            handles.append(axes.plot([], [], " ", label=label)[0])
        text = "cost over the whole run (MSEK); bars are 95 % intervals"
        axes.set_xlabel(text, color=GREY, fontsize=8.5)
        axes.set_ylabel(unit, color=GREY, fontsize=8.5)
        axes.margins(x=0.06)
        write_ticks(axes, number, "x")
        write_ticks(axes, number, "y")
        figure.legend(handles=handles, loc="outside lower left", ncols=1)
    return figure


def _mixes(axes: Axes, part: pd.DataFrame, colour: str, marker: str, line: str) -> None:
    """Draw some mixes with their intervals."""
    axes.vlines(part["cost"], part["lower"], part["upper"], color=colour, linewidth=1.8, alpha=0.8)
    axes.plot(
        part["cost"],
        part["difference"],
        color=colour,
        marker=marker,
        linestyle=line,
        linewidth=1.0,
        markeredgecolor="white",
    )

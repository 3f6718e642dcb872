"""A weighted sample of factors: each alone, and every two of them together."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from segsim.figures.style import GREY, SCENARIOS, Number, fit_text, house_style, sheet, write_ticks
from segsim.words.numbers import write_number

MOST = 6
"""Factors that are drawn, those the sample says most about first."""


def joint(
    sample: pd.DataFrame,
    regions: pd.DataFrame,
    *,
    title: str,
    truth: Mapping[str, float] | None = None,
    number: Number = write_number,
) -> Figure:
    """Draw a weighted sample: on the diagonal how likely the values of a factor are, below it pairs.

    Parameters
    ----------
    sample : DataFrame
        As `Posterior.sample`: numbers by factor, and weight. Factors of words are left out.
    regions : DataFrame
        As `Posterior.regions`: the ends of each factor's interval, drawn as dashed lines on the diagonal.
    title : str
        Title of the figure.
    truth : mapping, optional
        Values by factor that are known, each drawn as a line.
    number : callable
        Writes the numbers of the axes.
    """
    weight = sample["weight"].to_numpy(float)
    factors = sample.drop(columns="weight").select_dtypes("number")
    names = list(factors.columns)[:MOST]
    n = max(len(names), 1)
    with house_style():
        figure = sheet(1.6 + 1.9 * n, 1.2 + 1.7 * n)
        figure.suptitle(fit_text(title, 40 + 20 * n))
        grid = figure.subplots(n, n, squeeze=False)
        for i, row in enumerate(grid):
            for j, axes in enumerate(row):
                if j > i or not names:
                    axes.set_visible(False)
                    continue
                x = factors[names[j]].to_numpy(float)
                if i == j:
                    axes.hist(x, bins=24, weights=weight, color=SCENARIOS[0])
                    axes.set_yticks([])
                    for end in regions.set_index("factor").loc[names[j], ["lower", "upper"]]:
                        axes.axvline(end, color=GREY, linestyle="--", linewidth=1)
                    if truth is not None and names[j] in truth:
                        axes.axvline(truth[names[j]], color="black", linewidth=1.5)
                else:
                    y = factors[names[i]].to_numpy(float)
                    shade = np.clip(weight / weight.max(), 0.03, 1.0)
                    axes.scatter(x, y, s=6, color=SCENARIOS[0], alpha=shade, linewidths=0)
                    write_ticks(axes, number, "y")
                write_ticks(axes, number, "x")
                if i == n - 1:
                    axes.set_xlabel(fit_text(names[j].split(".")[-1], 24), color=GREY, fontsize=8.5)
                if j == 0:
                    label = names[i].split(".")[-1] if i else "likelihood"
                    axes.set_ylabel(fit_text(label, 24), color=GREY, fontsize=8.5)
    return figure

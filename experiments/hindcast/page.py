"""The page of the hindcast: what was done, how near it came, and a line for each municipality."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.hindcast.judgement import (
    BOUND,
    ERROR,
    GROWTH,
    GROWTH_ERROR,
    LEVELLING,
    SIZE,
    SLOPE,
    Line,
    judge,
)
from experiments.hindcast.panel import FIRST, LAST, list_large
from segsim.figures.style import GREY, SCENARIOS, house_style, sheet
from segsim.sweden.municipalities import find_municipality

PREFACE = f"""# Homes from {FIRST} to {LAST}, lived through again

Three years of the model from 31 December {FIRST}, held against what Statistics Sweden counted on 31
December {LAST}. Any municipality is had by name, and this page, of all with over 40 000 residents, is made
anew by:

    python -m experiments.hindcast landskrona
    python -m experiments.hindcast --fresh --page docs/hindcast.md   # about ten minutes of one core

**What is given to the model.** The areas of {FIRST} are those of 2022 that come with segsim, scaled back so
that each district (RegSO) has the residents born in Sweden and abroad, and the dwellings by tenure, that it
had in {FIRST}. Within a district they stand as in 2022. Ages, education and work follow residents;
households follow dwellings; incomes, schools and borders are of 2022 and later. Dwellings are completed in
the year, district and tenure in which they came. Only their net change is known, so that homes that were
converted, or pulled down where others rose, are not seen. Residents of the whole municipality grow as they
did, households as dwellings.

**What is not.** Who moves where, in or out, is left to the model. So is the share born abroad, which it
holds as it was ({FIRST}: 22.1 % in these municipalities, {LAST}: 23.2 %); shares of districts are therefore
compared less those of their municipality. Tastes are those that come with segsim for the municipality,
where there are any, found on the tables of 2022; seeds are 101 and up, on which none was found.

**The figures.** Residents by birthplace and dwellings by tenure, by RegSO, {FIRST} to {LAST}: Statistics
Sweden (SCB), Statistikdatabasen, 31 December of each year, CC0
(`experiments/hindcast/regso_2020_2023.parquet`).
"""
NOTE = """
*Nothing changes*: D and shares stay, and every district grows as its municipality. *By homes alone*: every
district grows with its dwellings and keeps its mix.
"""


def format_page(places: pd.DataFrame, districts: pd.DataFrame) -> str:
    """Return the page as Markdown."""
    lines = judge(places, districts)
    headings = ("", "as it was", "model", "nothing changes", "by homes alone")
    verdict = [_row(headings), _row(["---"] * len(headings))]
    verdict += [_row((line.what, *map(_write, line[1:]))) for line in lines]
    headings = ("Municipality", "Residents", "D", "change", "in the model", "SD over seeds", "Seeds")
    table = [_row(headings), _row(["---"] * len(headings))]
    for row in places.sort_values("real").itertuples(index=False):
        spread = "" if row.spread != row.spread else f"{row.spread:.4f}"
        change = f"{row.D:.3f}", f"{row.real:+.4f}", f"{row.model:+.4f}"
        table.append(_row((row.name, f"{row.residents:,}", *change, spread, str(row.seeds))))
    parts = [
        PREFACE,
        f"## {len(places)} municipalities, {len(districts)} districts\n",
        *_say_omitted(places),
        _say_verdict(lines, int((districts["built"] > 0).sum())),
        *verdict,
        NOTE,
        "![Change of D, growth of districts and change of their shares](pictures/hindcast.png)\n",
        "## Every municipality\n",
        f"D of born abroad against born in Sweden over districts at the end of {FIRST}, and its change in "
        "three years.\n",
        *table,
    ]
    return "\n".join(parts) + "\n"


def _row(cells: "tuple[str, ...] | list[str]") -> str:
    """Return a row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def _write(value: float) -> str:
    """Write a number of the verdict; nothing where there is none."""
    return "" if value != value else f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def _say_omitted(places: pd.DataFrame) -> list[str]:
    """Say which of the municipalities the page is about were not run, if any."""
    left = [find_municipality(code).name for code in list_large() if code not in set(places["code"])]
    return [f"Not run of those over 40 000 residents: {', '.join(left)}.\n"] if left else []


def _say_verdict(lines: list[Line], n_new: int) -> str:
    """Say whether the bounds are met, and what the model adds to no model."""
    named = {line.what: line for line in lines}
    size, error, growth, slope = (named[what] for what in (SIZE, ERROR, GROWTH, SLOPE))
    levelling = named[LEVELLING]
    off = abs(size.model - size.happened)
    return (
        f"- The mean absolute change of D is {size.model:.4f} in the model and was {size.happened:.4f}: "
        f"{off:.4f} apart, {'within' if off <= BOUND else 'beyond'} the bound of {BOUND:g}.\n"
        f"- Growth of the {n_new} districts where homes were built: correlation {growth.model:.2f} with what "
        f"happened ({'positive, as it should be' if growth.model > 0 else 'it should be positive'}), "
        f"{growth.homes:.2f} by homes alone; slope {slope.model:.2f}.\n"
        f"- Which way D goes in a municipality, the model tells {_compare(error.model, error.still)} than "
        f"that nothing changes: it is off by {error.model:.4f} on average, no change by {error.still:.4f}.\n"
        f"- What residents do beyond the homes: growth less that of homes goes with residents per home by "
        f"{levelling.happened:.2f} as it was and {levelling.model:.2f} in the model"
        f"{_say_levelling(levelling)}.\n"
    )


def _say_levelling(line: Line) -> str:
    """Say whether the model makes districts more alike in residents per home than they became."""
    return ", which fills thinly lived-in districts too fast" if line.model < line.happened - 0.1 else ""


def _compare(model: float, other: float) -> str:
    """Return whether an error is smaller than another."""
    if abs(model - other) <= 0.05 * other:
        return "neither better nor worse"
    return "better" if model < other else "worse"


def format_municipality(places: pd.DataFrame, districts: pd.DataFrame) -> str:
    """Return how near one municipality came, in a line."""
    row, named = places.iloc[0], {line.what: line for line in judge(places, districts)}
    growth = named[GROWTH_ERROR]
    return (
        f"{row['code']} {row['name']:20} D {row['D']:.3f}, change {row['real']:+.4f}, "
        f"model {row['model']:+.4f}; growth of districts off by {growth.model:.1%} (all alike "
        f"{growth.still:.1%}, by homes {growth.homes:.1%}), correlation {named[GROWTH].model:.2f}"
    )


def draw_figure(places: pd.DataFrame, districts: pd.DataFrame) -> Figure:
    """Draw what happened along, and what the model has up: change of D, growth, change of shares."""
    new = districts[districts["built"] > 0]
    with house_style():
        figure = sheet(10.5, 3.6)
        left, middle, right = figure.subplots(1, 3)
        _scatter(left, places["real"], places["model"], (-0.045, 0.045), 14, "D, municipalities")
        _scatter(
            middle, new["growth"], new["growth_model"], (-0.2, 0.6), 5, "Residents, where homes were built"
        )
        _scatter(
            right,
            districts["share"],
            districts["share_model"],
            (-0.08, 0.08),
            5,
            "Share born abroad, districts",
        )
        left.set_ylabel("change in the model")
    return figure


def _scatter(
    axes: Axes,
    x: "pd.Series[float]",
    y: "pd.Series[float]",
    span: tuple[float, float],
    size: float,
    title: str,
) -> None:
    """Draw points and the line on which the model would be right; what lies beyond is drawn at the edge."""
    axes.axline((0, 0), slope=1, color=GREY, linewidth=0.8)
    axes.axhline(0, color=GREY, linewidth=0.8, linestyle=":")
    axes.axvline(0, color=GREY, linewidth=0.8, linestyle=":")
    axes.scatter(x.clip(*span), y.clip(*span), s=size, color=SCENARIOS[0], alpha=0.5, linewidths=0)
    axes.set(xlim=span, ylim=span, xlabel=f"change {FIRST}\N{EN DASH}{LAST}", title=title, aspect="equal")
    axes.locator_params(nbins=5)

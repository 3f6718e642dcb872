"""How a city moves when nothing is done: every figure a planner reads, after five and ten years."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from segsim.comparison.inference import t_interval
from segsim.runs import Runs
from segsim.runs.series import Series, arrange_cube
from segsim.tables import Array
from segsim.words.text import Language, Text

Change = Literal["points", "relative"]


@dataclass(frozen=True)
class Stillness:
    """What of a figure's change in ten years matters, in its own unit or as a share of its start."""

    series: Series
    tolerance: float
    change: Change = "points"


def _whole(measure: str, grouping: str = "") -> Series:
    return Series(measure, grouping, "municipality")


STILL = (
    Stillness(Series("D", "background", "area"), 0.02),
    Stillness(Series("D", "income.low", "area"), 0.03),
    Stillness(Series("D", "income.high", "area"), 0.03),
    Stillness(_whole("employed"), 0.01),
    Stillness(_whole("share", "income.low"), 0.01),
    Stillness(_whole("share", "income.high"), 0.01),
    Stillness(_whole("households"), 0.01, "relative"),
    Stillness(_whole("population"), 0.01, "relative"),
    Stillness(_whole("crowded"), 0.015),
    Stillness(_whole("merit_mean"), 4.0),
    Stillness(_whole("queue_years"), 1.5),
    Stillness(_whole("price", "tenure.cooperative"), 0.10, "relative"),
    Stillness(_whole("price", "tenure.owner_occupied"), 0.10, "relative"),
    Stillness(_whole("vacant", "tenure.public_rental"), 0.01),
    Stillness(_whole("vacant", "tenure.private_rental"), 0.01),
    *(Stillness(Series(f"area_type_{kind}", "", "district"), 0.05) for kind in range(1, 6)),
)
"""Figures a planner reads, and how far they may move in ten years without policy (C)."""

COLUMNS = (
    Text("figure", "mått"),
    Text("years", "år"),
    Text("at the start", "vid starten"),
    Text("change", "ändring"),
    Text("95 % over seeds", "95 % över frön"),
    Text("may move", "får röra sig"),
    Text("verdict", "bedömning"),
)
VERDICTS = {
    "still": Text("still", "stilla"),
    "moves": Text("moves", "rör sig"),
    "unclear": Text("unclear", "oklart"),
}


def tabulate_drift(
    runs: Runs, after: Sequence[int] = (5, 10), still: Sequence[Stillness] = STILL
) -> pd.DataFrame:
    """Return how figures move over the seeds of one scenario.

    Parameters
    ----------
    runs : Runs
        Of one scenario without policies.
    after : sequence of int
        Years after the start; those beyond the runs are left out.
    still : sequence of Stillness
        What is looked at; what the runs do not hold is left out.

    Returns
    -------
    DataFrame
        One line per figure and year: series, years, start, change, low, high (95 % over seeds), tolerance,
        verdict ("still": the mean is within the tolerance; "unclear": beyond it, but the interval holds 0 or
        reaches into the tolerance; "moves"). Relative changes are shares of the start.
    """
    name = runs.plan.points[0].name
    cube = arrange_cube(runs.frame(), [name], runs.plan.seeds)
    rows = []
    for figure in still:
        lines = cube.series_rows(figure.series)
        if not lines.size:
            continue
        by_year = dict(zip(cube.index["year"].to_numpy()[lines], cube.values[name][lines], strict=True))
        begin = min(by_year)
        # what the events of a year tell, such as the years queued, has no value at the start
        first = min((year for year, values in by_year.items() if np.isfinite(values).any()), default=begin)
        for years in after:
            if begin + years in by_year:
                rows.append(_judge(figure, years, by_year[first], by_year[begin + years]))
    columns = ["series", "years", "start", "change", "low", "high", "tolerance", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def _judge(figure: Stillness, years: int, start: Array, later: Array) -> tuple[object, ...]:
    """Return one line of the table."""
    change = later - start
    if figure.change == "relative":
        change = change / np.where(start == 0.0, np.nan, start)
    known = change[np.isfinite(change)]
    mean = float(known.mean()) if known.size else np.nan
    low, high = t_interval(known) if known.size > 1 else (np.nan, np.nan)
    if abs(mean) <= figure.tolerance:
        verdict = "still"
    elif max(low, -figure.tolerance) <= min(high, figure.tolerance):
        verdict = "unclear"
    else:
        verdict = "moves"
    return (
        str(figure.series),
        years,
        float(start[np.isfinite(start)].mean()) if np.isfinite(start).any() else np.nan,
        mean,
        low,
        high,
        figure.tolerance,
        verdict,
    )


def format_drift(table: pd.DataFrame, language: Language = "en") -> list[tuple[str, ...]]:
    """Return the lines of a table of drift as texts, under `COLUMNS`."""
    to = Text("to", "till").in_language(language)
    lines: list[tuple[str, ...]] = []
    for record in table.to_dict("records"):
        low, high = float(record["low"]), float(record["high"])
        interval = "" if np.isnan(low) else f"{low:+.3g} {to} {high:+.3g}"
        numbers = f"{record['start']:.4g}", f"{record['change']:+.3g}", interval, f"{record['tolerance']:.3g}"
        verdict = VERDICTS[str(record["verdict"])].in_language(language)
        lines.append((str(record["series"]), str(record["years"]), *numbers, verdict))
    return lines

"""One number per run of a sweep: a quantity at the horizon, or its difference from the baseline."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segsim.errors import SegsimError
from segsim.runs.series import Series, arrange_cube, find_series
from segsim.runs.sweeps.designs import comparison_pairs
from segsim.runs.sweeps.sweep import Sweep
from segsim.tables import Array


@dataclass(frozen=True)
class Outcomes:
    """The values of one quantity over the points of a design and the seeds.

    Attributes
    ----------
    series : Series
    year : int
    values : array
        Points of the design (repeated points included) by seeds.
    is_difference : bool
        Whether these are differences from the baseline of each point.
    """

    series: Series
    year: int
    values: Array
    is_difference: bool


def outcomes(
    sweep: Sweep, quantity: str | Series = "", year: int | None = None, difference: bool | None = None
) -> Outcomes:
    """Return one quantity of every run of a sweep.

    Parameters
    ----------
    sweep : Sweep
    quantity : str or Series
        Such as "D/background/area"; the default is the first of the experiment's `primary`.
    year : int, optional
        The default is the last.
    difference : bool, optional
        Whether to take the difference from the baseline of each point; the default is whether there is one.

    Raises
    ------
    SegsimError
        If nothing of that name was measured, or several things were.
    """
    series = one_series(sweep, quantity)
    year = last_year(sweep) if year is None else year
    difference = sweep.experiment.baseline if difference is None else difference
    by_name = values_by_name(sweep, series, year)
    labels = sweep.sample.labels
    values = np.array([by_name[label] for label in labels])
    if difference:
        partner = {
            scenario: baseline for baseline, scenario in comparison_pairs(sweep.experiment, sweep.sample)
        }
        values = values - np.array([by_name[partner.get(label, label)] for label in labels])
    return Outcomes(series, year, values, difference)


def one_series(sweep: Sweep, quantity: str | Series) -> Series:
    """Return the one quantity a name means."""
    if isinstance(quantity, Series):
        return quantity
    names = [quantity] if quantity else list(sweep.experiment.primary)[:1]
    if not names:
        raise SegsimError(
            "say which quantity, such as D/background/area, or list it under `primary`",
            "säg vilken storhet, såsom D/background/area, eller ange den under `primary`",
        )
    matches = find_series(names[0], sweep.runs.list_series())
    if len(matches) > 1:
        raise SegsimError(
            f'"{names[0]}" may be {", ".join(map(str, matches[:6]))}; say which',
            f'"{names[0]}" kan vara {", ".join(map(str, matches[:6]))}; säg vilken',
        )
    return matches[0]


def last_year(sweep: Sweep) -> int:
    """Return the last simulated year of a sweep."""
    return sweep.experiment.base.start + sweep.runs.plan.years


def values_by_name(sweep: Sweep, series: Series, year: int) -> dict[str, Array]:
    """Return the values of one quantity in one year: per scenario, one per seed."""
    frame = sweep.runs.frame((series.measure,), (year,), units=bool(series.unit))
    names = [point.name for point in sweep.runs.plan.points]
    cube = arrange_cube(frame, names, sweep.runs.plan.seeds)
    rows = cube.series_rows(series, [year])
    if not rows.size:
        raise SegsimError(f"{series} was not measured in {year}", f"{series} mättes inte {year}")
    return {name: cube.values[name][rows[0]] for name in names}


def sums_by_grouping(sweep: Sweep, measure: str) -> pd.DataFrame:
    """Return the sum over all years of a measure of the whole city, averaged over seeds.

    One line per scenario of the plan, one column per grouping; 0 where the runs have no such rows, NaN where
    a run has one without a value.
    """
    frame = sweep.runs.frame((measure,), units=False)
    frame = frame.assign(unknown=frame["value"].isna())
    sums = frame.groupby(["scenario", "grouping"]).agg({"value": "sum", "unknown": "any"})
    means = sums["value"].where(~sums["unknown"]) / len(sweep.runs.plan.seeds)
    names = [point.name for point in sweep.runs.plan.points]
    columns = sorted(frame["grouping"].unique())
    every = pd.MultiIndex.from_product([names, columns], names=["scenario", "grouping"])
    table = means.reindex(every)
    table[~every.isin(means.index)] = 0.0
    return table.unstack("grouping").reindex(index=names, columns=columns)

"""The one number per seed that a test is about: weighted differences from the baseline, or its own change."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from segsim.comparison.claims.plan import ClaimPlan
from segsim.errors import ScenarioError, SegsimError
from segsim.runs.series import KEYS, Cube, Series, find_series
from segsim.scenario.experiment.claim import Claim
from segsim.tables import Array


def contrast_values(
    plan: ClaimPlan, claim: Claim, number: int, cube: Cube, costs: Mapping[str, float]
) -> tuple[Series, Array]:
    """Return the quantity of a test and its contrast, seed by seed.

    Parameters
    ----------
    plan : ClaimPlan
    claim : Claim
    number : int
        Of the test among those of the claim.
    cube : Cube
        The runs of the plan.
    costs : mapping
        What each scenario has cost, million SEK; a test per million divides each scenario's difference by it.

    Raises
    ------
    ScenarioError
        If the test names no quantity, or several.
    """
    test = claim.tests[number]
    series = find_quantity(plan, claim, number, cube)
    years = plan.years_of(test)
    base = mean_over_years(cube, plan.baseline.name, series, years)
    if not test.contrast:
        return series, base - mean_over_years(cube, plan.baseline.name, series, [plan.baseline.start])
    total = np.zeros(len(cube.seeds))
    for key, weight in test.contrast.items():
        name = plan.names[claim.name, key]
        share = 1.0
        if test.per_msek is not None:
            share = test.per_msek / costs[name] if costs[name] > 0 else np.nan
        total = total + weight * share * (mean_over_years(cube, name, series, years) - base)
    return series, remove_rounding(total, base)


def remove_rounding(contrast: Array, level: Array) -> Array:
    """Return a contrast with what is left of equal numbers by rounding as 0; it would be judged otherwise."""
    return np.where(np.abs(contrast) <= 1e-12 * np.abs(level), 0.0, contrast)


def mean_over_years(cube: Cube, scenario: str, series: Series, years: Sequence[int]) -> Array:
    """Return the mean of a quantity over some years, seed by seed; NaN where a year has no value."""
    rows = cube.series_rows(series, years)
    if rows.size < len(years):
        return np.full(len(cube.seeds), np.nan)
    return np.asarray(cube.values[scenario][rows].mean(axis=0))


def find_quantity(plan: ClaimPlan, claim: Claim, number: int, cube: Cube) -> Series:
    """Return the one quantity a test names: of the whole city, or of the place of one of its scenarios."""
    test = claim.tests[number]
    where = f"{claim.where('tests', number, 'measure')}: tests[{number}].measure: "
    unit = plan.names[claim.name, test.place] if test.place else ""
    lines = cube.index.loc[cube.index["unit"] == unit, KEYS].drop_duplicates()
    known = [Series(*row)._replace(unit="") for row in lines.itertuples(index=False)]
    try:
        matches = find_series(test.measure, known)
    except SegsimError as error:
        raise ScenarioError(f"{where}{error}", f"{where}{error:sv}") from error
    if len(matches) > 1:
        shown = ", ".join(map(str, matches[:6]))
        raise ScenarioError(
            f'{where}"{test.measure}" may be {shown}; say which',
            f'{where}"{test.measure}" kan vara {shown}; säg vilken',
        )
    return matches[0]._replace(unit=unit)


def total_cost(frame: pd.DataFrame, scenario: str) -> float:
    """Return what the policies of known cost of a scenario have cost in all, mean over seeds, million SEK."""
    rows = frame[(frame["scenario"] == scenario) & (frame["measure"] == "policy_cost")]
    return float(rows["value"].sum()) / max(int(rows["seed"].nunique()), 1)

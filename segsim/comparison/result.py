"""The outcome of comparing scenarios with their baseline over the same seeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from segsim.comparison.inference import (
    bootstrap_interval,
    minimum_detectable_effect,
    sign_flip_p,
    tost_p,
)
from segsim.comparison.multiple import benjamini_hochberg, holm, sign_flip_max_t
from segsim.comparison.paired_differences import tabulate_differences
from segsim.comparison.stationarity import judge_stationarity
from segsim.comparison.tipping import Tipping, tipping
from segsim.errors import ArgumentError, did_you_mean
from segsim.runs import Recipe, Runs
from segsim.runs.series import KEYS, Cube, Series, arrange_cube
from segsim.runs.sweeps.stopping import MissedPrecision
from segsim.tables import Array

ALPHA = 0.05
MARGINS = {"D": 0.02, "H": 0.01}
"""Smallest effects of interest unless the caller declares others: .02 in D, .01 in H."""

_OTHER_MARGIN = 0.02  # of the mean, for measures without a declared margin; judges settling only


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios against their baseline, paired over seeds.

    Attributes
    ----------
    baseline : Scenario
        The city without policies.
    scenarios : tuple of Scenario
        What it is compared with.
    source : Runs
        The runs on disk; `runs` is their tidy table.
    primary : tuple of Series
        The primary family, declared before the runs: what the conclusion rests on.
    horizon : int
        The year at which scenarios are judged.
    window : int
        Years at the end that averages and settling are taken over.
    margins : mapping of str to float
        Smallest effect of interest by measure.
    thresholds : mapping of Series to float
        Quantities that may tip, and the value above which a run has tipped.
    missed : tuple of MissedPrecision
        Comparisons that were wanted more precise than they are.
    """

    baseline: Recipe
    scenarios: tuple[Recipe, ...]
    source: Runs
    primary: tuple[Series, ...]
    horizon: int
    window: int
    margins: Mapping[str, float] = field(default_factory=lambda: dict(MARGINS))
    thresholds: Mapping[Series, float] = field(default_factory=dict)
    missed: tuple[MissedPrecision, ...] = ()

    @property
    def seeds(self) -> tuple[int, ...]:
        """Return the seeds all scenarios share."""
        return self.source.plan.seeds

    def __repr__(self) -> str:
        names = ", ".join(scenario.name for scenario in self.scenarios)
        return f"<Comparison of {names} with {self.baseline.name}, judged in {self.horizon}: {self.source!r}>"

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Return the tidy table: scenario, seed, year, measure, grouping, level, unit, value."""
        return self.source.frame()

    @cached_property
    def cube(self) -> Cube:
        """Return the runs arranged for pairing."""
        return arrange_cube(self.runs, [r.name for r in (self.baseline, *self.scenarios)], self.seeds)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Return every paired difference, one line per scenario, year and quantity.

        Columns scenario, year, measure, grouping, level, unit, baseline_mean, scenario_mean, difference,
        lower, upper, sd, n, undefined, p, correlation, variance_reduction, share_positive, identical,
        settled, family, p_adjusted. Intervals of single years describe; p, family, p_adjusted and settled are
        given for the horizon only, because the years of a run are no independent evidence. `family` is
        "primary" (p_adjusted by joint sign flips), "exploratory" (the whole city; Benjamini-Hochberg) or
        "units" (single areas and schools; Benjamini-Hochberg).
        """
        tables = []
        for recipe in self.scenarios:
            table = tabulate_differences(self.cube.values[self.baseline.name], self.cube.values[recipe.name])
            table = pd.concat([self.cube.index, table], axis=1)
            table.insert(0, "scenario", recipe.name)
            tables.append(table)
        table = pd.concat(tables, ignore_index=True)
        at_horizon = (table["year"] == self.horizon).to_numpy()
        table["p"] = table["p"].where(at_horizon)
        table["settled"] = self._stationarity(table, at_horizon)
        return table.assign(**self._adjust_p(table, at_horizon))

    @cached_property
    def averages(self) -> pd.DataFrame:
        """Return paired differences of the average over the last `window` years, like `differences`.

        A quantity that is measured in some of these years only is averaged over them.
        """
        index, lines, starts = self._by_series
        years = np.diff(starts, append=lines.size)[:, None]
        tables = []
        for recipe in self.scenarios:
            names = (self.baseline.name, recipe.name)
            means = [np.add.reduceat(self.cube.values[name][lines], starts) / years for name in names]
            table = pd.concat([index, tabulate_differences(*means)], axis=1)
            table.insert(0, "scenario", recipe.name)
            tables.append(table)
        return pd.concat(tables, ignore_index=True)

    @cached_property
    def judged(self) -> pd.DataFrame:
        """Return the primary family at the horizon, one line per scenario and primary quantity.

        Beside the columns of `differences`: p_flip (sign flips of this line alone), p_holm, boot_lower and
        boot_upper (studentised bootstrap), margin, p_equivalence (TOST), detectable (smallest mean difference
        this number of seeds finds with power .95 at alpha .01), drift (of the difference, last window minus
        the one before) and verdict: "identical", "different", "equivalent" (within the margin), "negligible"
        (different but within the margin), "undecided", "undefined" (in every seed) or "one_run".
        """
        table = self.differences[self.differences["family"] == "primary"].reset_index(drop=True)
        lines = [self._judgement(row) for row in table.itertuples()]
        extra = pd.DataFrame(lines, index=table.index, columns=_JUDGED)
        table = pd.concat([table, extra], axis=1)
        table["p_holm"] = holm(table["p"].to_numpy(float))
        table["verdict"] = [verdict(row) for row in table.itertuples()]
        return table

    @cached_property
    def tipped(self) -> pd.DataFrame:
        """Return how often runs end past the thresholds, one line per scenario and quantity.

        Columns scenario, measure, grouping, level, unit, threshold, n, undefined, baseline_share,
        baseline_lower, baseline_upper, scenario_share, scenario_lower, scenario_upper (95 % Wilson),
        only_baseline, only_scenario (seeds that tipped in one of the two) and p_mcnemar.
        """
        return pd.DataFrame(
            {"scenario": recipe.name} | series._asdict() | self.tipping(recipe.name, series, value).line()
            for recipe in self.scenarios
            for series, value in self.thresholds.items()
        )

    def per_seed(self, scenario: str, series: Series, year: int | None = None) -> Array:
        """Return the difference of one quantity seed by seed, at the horizon unless told."""
        rows = self._find_rows(scenario, series, year)
        if not rows.size:
            return np.full(len(self.seeds), np.nan)
        return np.asarray(self.cube.values[scenario][rows[0]] - self.cube.values[self.baseline.name][rows[0]])

    def tipping(self, scenario: str, series: Series, threshold: float, year: int | None = None) -> Tipping:
        """Compare the shares of runs in which a quantity ends above a threshold."""
        rows = self._find_rows(scenario, series, year)
        if not rows.size:
            raise ArgumentError(
                f"{series} was not measured then; see the columns of differences",
                f"{series} mättes inte då; se kolumnerna i differences",
            )
        values = self.cube.values
        return tipping(values[self.baseline.name][rows[0]], values[scenario][rows[0]], threshold)

    def _find_rows(self, scenario: str, series: Series, year: int | None) -> Array:
        """Return the row of a quantity in a year, none if it was not measured then."""
        if scenario not in self.cube.values:
            near = did_you_mean(scenario, self.cube.values)
            raise ArgumentError(
                f'no scenario "{scenario}" was compared{near}',
                f'inget scenario "{scenario}" jämfördes{near:sv}',
            )
        if not isinstance(series, Series):
            raise ArgumentError(
                f"{series!r} is no Series; comparison.primary holds some",
                f"{series!r} är ingen Series; comparison.primary rymmer några",
            )
        return self.cube.series_rows(series, [self.horizon if year is None else year])

    def margin(self, series: Series) -> float:
        """Return the smallest effect of interest of a quantity; NaN if none is declared."""
        return float(self.margins.get(str(series), self.margins.get(series.measure, np.nan)))

    @cached_property
    def _by_series(self) -> tuple[pd.DataFrame, Array, Array]:
        """Return every quantity, the lines of all in the last `window` years, and where each one's begin."""
        year = self.cube.index["year"]
        last = self.cube.index[(year > self.horizon - self.window) & (year <= self.horizon)]
        group = last.groupby(KEYS, sort=False, observed=True).ngroup().to_numpy()
        order = np.argsort(group, kind="stable")
        _, starts = np.unique(group[order], return_index=True)
        index = last[KEYS].iloc[order[starts]].reset_index(drop=True)
        return index, last.index.to_numpy()[order], starts

    def _stationarity(self, table: pd.DataFrame, at_horizon: Array) -> Any:
        """Tell which differences of the whole city have come to rest at the horizon."""
        out = pd.array([pd.NA] * len(table), dtype="boolean")
        if len(self.cube.years) < 2 * self.window:
            return out
        for i in np.flatnonzero(at_horizon & (table["unit"] == "").to_numpy()).tolist():
            row = table.iloc[i]
            series = Series(*row[KEYS])
            level = np.nanmax(np.abs([row["baseline_mean"], row["scenario_mean"], 1e-12]))
            margin = self.margin(series)
            out[i] = self._judge_stationarity(
                row["scenario"], series, margin if margin > 0 else _OTHER_MARGIN * level
            )[0]
        return out

    def _judge_stationarity(self, scenario: str, series: Series, tolerance: float) -> tuple[Any, float]:
        """Judge whether a difference has come to rest."""
        rows = self.cube.series_rows(series, [year for year in self.cube.years if year <= self.horizon])
        d = self.cube.values[scenario][rows] - self.cube.values[self.baseline.name][rows]
        return judge_stationarity(d, self.window, tolerance)

    def _adjust_p(self, table: pd.DataFrame, at_horizon: Array) -> dict[str, Any]:
        """Return the family of each line at the horizon, and p adjusted within it."""
        of_primary = pd.MultiIndex.from_frame(table[KEYS]).isin(list(self.primary))
        whole = (table["unit"] == "").to_numpy()
        kinds = {
            "primary": at_horizon & of_primary,
            "exploratory": at_horizon & ~of_primary & whole,
            "units": at_horizon & ~of_primary & ~whole,
        }
        family = np.full(len(table), "", object)
        adjusted = np.full(len(table), np.nan)
        for name, lines in kinds.items():
            family[lines] = name
            adjusted[lines] = benjamini_hochberg(table["p"].to_numpy(float)[lines])
        lines = kinds["primary"]
        if lines.any():
            rows = table.loc[lines, ["scenario", *KEYS]].itertuples(index=False)
            d = np.column_stack([self.per_seed(row[0], Series(*row[1:])) for row in rows])
            adjusted[lines] = sign_flip_max_t(d)
        return {"family": pd.array(family, dtype="str"), "p_adjusted": adjusted}

    def _judgement(self, row: Any) -> tuple[float, ...]:
        """Return what `judged` adds to one line."""
        series = Series(row.measure, row.grouping, row.level, row.unit)
        d = self.per_seed(row.scenario, series)
        margin = self.margin(series)
        level = np.nanmax(np.abs([row.baseline_mean, row.scenario_mean, 1e-12]))
        drift = self._judge_stationarity(
            row.scenario, series, margin if margin > 0 else _OTHER_MARGIN * level
        )[1]
        return (
            sign_flip_p(d),
            *bootstrap_interval(d),
            margin,
            tost_p(d, margin) if margin > 0 else np.nan,
            minimum_detectable_effect(row.sd, row.n),
            drift,
        )


_JUDGED = ["p_flip", "boot_lower", "boot_upper", "margin", "p_equivalence", "detectable", "drift"]


def verdict(row: Any) -> str:
    """Say in one word what the seeds show about a line of the primary family."""
    if row.n < 2:
        return "one_run" if row.n else "undefined"
    if row.identical:
        return "identical"
    different, equivalent = row.p_adjusted < ALPHA, row.p_equivalence < ALPHA
    if different:
        return "negligible" if equivalent else "different"
    return "equivalent" if equivalent else "undecided"

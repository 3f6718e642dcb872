"""Calibration by history matching: rule out what cannot be, wave by wave, then check on figures kept apart.

A point is implausible when the model's mean over seeds is further from a target than doubt allows. Between
waves a quadratic emulator, fitted to the runs so far, says where to run next; what it does not know counts
as doubt, so a poor emulator rules out little (Craig, Goldstein, Seheult and Smith 1997; Vernon, Goldstein
and Bower 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from segsim.comparison.outcomes import last_year, values_by_name
from segsim.comparison.posterior import Posterior, Prediction, find_posterior
from segsim.comparison.variance import variance_split
from segsim.errors import ArgumentError, ScenarioError, SegsimError
from segsim.runs.execution.execution import Execution, Kind, Watcher
from segsim.runs.model import Model, city_rows
from segsim.runs.series import Series
from segsim.runs.store.store import write_whole
from segsim.runs.sweeps.designs import sample_at_shares
from segsim.runs.sweeps.sweep import Sweep, carry_out_sample, read_experiment, results_folder
from segsim.scenario.experiment.design import LatinHypercube
from segsim.scenario.experiment.experiment import CUTOFF, Experiment, Target
from segsim.scenario.files.csv_text import write_csv
from segsim.tables import Array

_CANDIDATES = 2**14
_POSTERIOR_SEED = 0


@dataclass(frozen=True)
class Wave:
    """One round of runs.

    Attributes
    ----------
    sweep : Sweep
    points : DataFrame
        One line per point: wave, scenario, factors, one column per calibration target (mean over seeds),
        implausibility (the largest over these targets, in standard deviations), is_plausible (at most three),
        agrees (within one tolerance of all these targets).
    """

    sweep: Sweep
    points: pd.DataFrame

    def has_values(self, target: Target) -> bool:
        """Tell whether a target's quantity is defined at two points or more, so that it can be predicted."""
        return bool(np.isfinite(mean_over_seeds(target_values(self.sweep, target))).sum() > 1)


@dataclass(frozen=True)
class Calibration:
    """What calibration left standing, and how it does on figures it has not seen.

    Attributes
    ----------
    waves : tuple of Wave
    ranges : DataFrame
        One line per factor: from and to as given, lowest and highest plausible value, share of the range
        left.
    best : dict
        The factors of the least implausible point that was run; overrides for `load_scenario`.
    is_met : bool
        Whether any point that was run lies within one tolerance of all calibration targets; if not, the best
        is only the nearest.
    fit : DataFrame
        One line per calibration target, at the plausible points: target, tolerance, lowest, mean, highest,
        inside (share of these points within one tolerance).
    checks : DataFrame
        The same for the targets with `use: check`, which took no part in anything above.
    share_plausible : float
        Share of the factors' space the last emulator does not rule out.
    posterior : Posterior
        The factors as the targets leave them, each by how likely it is.
    """

    waves: tuple[Wave, ...]
    ranges: pd.DataFrame
    best: dict[str, Any]
    is_met: bool
    fit: pd.DataFrame
    checks: pd.DataFrame
    share_plausible: float
    posterior: Posterior


def calibrate(
    experiment: Experiment | str | Path,
    waves: int = 3,
    *,
    executor: Kind | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    progress: Watcher | None = None,
    model: Model = city_rows,
) -> Calibration:
    """Find which values of the factors agree with the targets of an experiment.

    Parameters
    ----------
    experiment : Experiment or path
        With a latin_hypercube design and `targets`, some of them `use: calibrate`.
    waves : int
        Rounds of runs, each of as many points as the design has; fewer if nothing plausible is left.
    out : path, optional
        Results folder, one folder per wave below it; the default is `results/NAME`. Runs it holds are reused.
        Gets `ranges.csv`, `fit.csv`, `checks.csv`, `points.csv`, and those of the posterior: `sample.csv`,
        `regions.csv` and `predictions.csv`.
    executor, jobs, cluster, progress, model
        As in `segsim.sweep`.

    Raises
    ------
    ScenarioError
        If there are no targets to calibrate to, or the design is no Latin hypercube.
    """
    experiment = read_experiment(experiment)
    design = require_hypercube(experiment, waves)
    folder = results_folder(experiment, out)
    seen = tuple(target for target in experiment.targets if target.use == "calibrate")
    shares = qmc.LatinHypercube(len(experiment.factors), rng=design.seed).random(design.points)
    done: list[Wave] = []
    left = 1.0
    for number in range(1, waves + 1):
        execution = Execution(executor, jobs, cluster, folder / f"wave{number}", progress)
        drawn = sample_at_shares(experiment, shares)
        sweep = carry_out_sample(experiment, drawn, execution, resume=True, model=model)
        done.append(Wave(sweep, judge_points(sweep, seen, number)))
        write_tables(conclude(experiment, done, seen, left), folder)
        shares, left = next_points(experiment, done, seen, design.points, design.seed + number)
        if not len(shares):
            break
    calibration = conclude(experiment, done, seen, left)
    write_tables(calibration, folder)
    return calibration


def require_hypercube(experiment: Experiment, waves: int) -> LatinHypercube:
    """Return the design, known to be one that calibration can use."""
    if not isinstance(experiment.design, LatinHypercube):
        raise ScenarioError(
            f"{experiment.where('design')}: design: calibration needs a latin_hypercube",
            f"{experiment.where('design')}: design: kalibrering kräver en latin_hypercube",
        )
    if not any(target.use == "calibrate" for target in experiment.targets):
        raise ScenarioError(
            f"{experiment.where('targets')}: targets: none is to be calibrated to",
            f"{experiment.where('targets')}: targets: inget är något att kalibrera mot",
        )
    if experiment.n_seeds < 2:
        raise ScenarioError(
            f"{experiment.where('seeds')}: seeds: calibration needs at least 2 seeds, to tell a bad point "
            "from bad luck",
            f"{experiment.where('seeds')}: seeds: kalibrering kräver minst 2 frön, för att skilja en dålig "
            "punkt från otur",
        )
    if waves < 1:
        raise ArgumentError(f"waves is {waves}; at least 1 is needed", f"waves är {waves}; minst 1 behövs")
    return experiment.design


def target_values(sweep: Sweep, target: Target) -> Array:
    """Return a target's quantity at every point: points by seeds."""
    series = Series(target.measure, target.grouping, target.level, target.unit)
    by_name = values_by_name(sweep, series, last_year(sweep) if target.year is None else target.year)
    return np.array([by_name[label] for label in sweep.sample.labels])


def implausibility(values: Array, target: Target) -> Array:
    """Return, per point, the distance of the mean over seeds from a target in standard deviations of doubt.

    |mean - target| / sqrt(tolerance**2 + Var over seeds / n), the variance pooled over all points, because
    few seeds tell little of it at one; infinite where no seed has a value.
    """
    n = np.isfinite(values).sum(axis=1)
    mean = mean_over_seeds(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = np.where(np.isfinite(values), values - mean[:, None], 0.0)
        doubt = (rest**2).sum() / np.maximum(n - 1, 0).sum() / n
        distance = np.abs(mean - target.value) / np.sqrt(target.tolerance**2 + doubt)
    return np.where(n > 0, distance, np.inf)


def mean_over_seeds(values: Array) -> Array:
    """Return the mean over the seeds that have a value, per point; NaN where none has."""
    n = np.isfinite(values).sum(axis=1)
    return np.asarray(np.nansum(values, axis=1) / np.where(n > 0, n, np.nan))


def judge_points(sweep: Sweep, targets: Sequence[Target], wave: int) -> pd.DataFrame:
    """Return the points of a wave with the targets' quantities and how implausible they are."""
    table = sweep.design()
    table.insert(0, "wave", wave)
    worst, agrees = np.zeros(len(table)), np.ones(len(table), bool)
    for target in targets:
        values = target_values(sweep, target)
        table[target.name] = mean = mean_over_seeds(values)
        worst = np.maximum(worst, implausibility(values, target))
        agrees &= np.abs(mean - target.value) <= target.tolerance
    return table.assign(implausibility=worst, is_plausible=worst <= CUTOFF, agrees=agrees)


def next_points(
    experiment: Experiment, waves: Sequence[Wave], targets: Sequence[Target], n: int, seed: int
) -> tuple[Array, float]:
    """Return where to run next, among points the emulators do not rule out, and the share of these."""
    candidates = qmc.Sobol(len(experiment.factors), rng=seed).random(_CANDIDATES)
    worst = np.zeros(len(candidates))
    for target in targets:
        told = predict(waves, target, candidates)
        worst = np.maximum(worst, np.abs(told.expected - target.value) / told.spread)
    plausible = candidates[worst <= CUTOFF]
    return plausible[:n], len(plausible) / len(candidates)


def predict(waves: Sequence[Wave], target: Target, at: Array) -> Prediction:
    """Return what an emulator of all runs so far says of a target at other points."""
    shares = np.vstack([wave.sweep.sample.shares for wave in waves])
    runs = np.concatenate([target_values(wave.sweep, target) for wave in waves])
    values = mean_over_seeds(runs)
    known = np.isfinite(values)
    expected, doubt = emulate(shares[known], values[known], at)
    return Prediction(target, expected, doubt + common_doubt(runs))


def common_doubt(values: Array) -> float:
    """Return the variance of what the seeds shift at all points alike, which no scatter of points shows."""
    complete = values[:, np.isfinite(values).all(axis=0)]
    if min(complete.shape) < 2:
        return 0.0
    return float(variance_split(complete).sd_seeds ** 2 / complete.shape[1])


def emulate(shares: Array, values: Array, at: Array) -> tuple[Array, Array]:
    """Return expectation and variance of a quadratic surface fitted to runs, at other points.

    Least squares on 1, x, x**2 and products of two; the variance is that of a prediction, lack of fit and
    chance of the seeds included. With too few runs for the quadratic, a linear surface; with too few for
    that, the mean.
    """
    for terms in (quadratic, linear, constant):
        x, new = terms(shares), terms(at)
        spare = len(x) - x.shape[1]
        if spare >= max(3, x.shape[1] // 4):
            break
    if spare < 1:
        raise SegsimError(
            f"{len(x)} points with values are too few to learn from; use more points",
            f"{len(x)} punkter med värden är för få att lära av; använd fler punkter",
        )
    weights = np.linalg.pinv(x)
    fitted = weights @ values
    rest = ((values - x @ fitted) ** 2).sum() / spare
    spread = np.einsum("ij,jk,ik->i", new, weights @ weights.T, new)
    return np.asarray(new @ fitted), np.asarray(rest * (1 + spread))


def constant(shares: Array) -> Array:
    """Return the column of ones."""
    return np.ones((len(shares), 1))


def linear(shares: Array) -> Array:
    """Return ones and the factors, centred."""
    return np.hstack([constant(shares), shares - 0.5])


def quadratic(shares: Array) -> Array:
    """Return ones, the factors, their squares and their products."""
    x = shares - 0.5
    k = x.shape[1]
    products = [x[:, i] * x[:, j] for i in range(k) for j in range(i, k)]
    return np.column_stack([linear(shares), *products])


def conclude(
    experiment: Experiment, waves: Sequence[Wave], seen: Sequence[Target], left: float
) -> Calibration:
    """Return what all waves together leave standing."""
    names = list(experiment.factors)
    points = pd.concat([wave.points for wave in waves], ignore_index=True)
    best = points.iloc[int(points["implausibility"].to_numpy(float).argmin())]
    unseen = [target for target in experiment.targets if target.use == "check"]
    candidates = qmc.Sobol(len(names), rng=_POSTERIOR_SEED).random(_CANDIDATES)
    told = [predict(waves, target, candidates) for target in (*seen, *filter(waves[-1].has_values, unseen))]
    return Calibration(
        waves=tuple(waves),
        ranges=plausible_ranges(experiment, waves),
        best={name: best[name] for name in names},
        is_met=bool(points["agrees"].any()),
        fit=agreement(waves, seen),
        checks=agreement(waves, unseen),
        share_plausible=left,
        posterior=find_posterior(experiment, candidates, told),
    )


def write_tables(calibration: Calibration, folder: Path) -> None:
    """Write the tables of a calibration above the folders of its waves."""
    points = pd.concat([wave.points for wave in calibration.waves])
    tables = {
        "ranges": calibration.ranges,
        "fit": calibration.fit,
        "checks": calibration.checks,
        "points": points,
        "sample": calibration.posterior.sample,
        "regions": calibration.posterior.regions,
        "predictions": calibration.posterior.predictions,
    }
    for name, table in tables.items():
        write_whole(folder / f"{name}.csv", write_csv(table))


def plausible_ranges(experiment: Experiment, waves: Sequence[Wave]) -> pd.DataFrame:
    """Return, per factor, which part of its range is left."""
    shares = np.vstack([wave.sweep.sample.shares for wave in waves])
    kept = shares[np.concatenate([wave.points["is_plausible"].to_numpy(bool) for wave in waves])]
    lines = []
    for i, (name, factor) in enumerate(experiment.factors.items()):
        low, high = (kept[:, i].min(), kept[:, i].max()) if len(kept) else (np.nan, np.nan)
        ends = (factor.at(float(low)), factor.at(float(high))) if len(kept) else (np.nan, np.nan)
        lines.append((name, factor.at(0.0), factor.at(1.0), *ends, high - low))
    return pd.DataFrame(lines, columns=["factor", "from", "to", "lowest", "highest", "share_left"])


def agreement(waves: Sequence[Wave], targets: Sequence[Target]) -> pd.DataFrame:
    """Return how the plausible points of all waves do on some targets."""
    lines = []
    for target in targets:
        means = np.concatenate([mean_over_seeds(target_values(wave.sweep, target)) for wave in waves])
        kept = means[np.concatenate([wave.points["is_plausible"].to_numpy(bool) for wave in waves])]
        span = (kept.min(), kept.mean(), kept.max()) if kept.size else (np.nan,) * 3
        inside = float((np.abs(kept - target.value) <= target.tolerance).mean()) if kept.size else np.nan
        lines.append((target.name, target.value, target.tolerance, *span, inside, target.source))
    columns = ["target", "value", "tolerance", "lowest", "mean", "highest", "inside", "source"]
    return pd.DataFrame(lines, columns=columns)

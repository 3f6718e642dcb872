"""What calibration leaves of the factors as a weighted sample, and what that says of figures and of policies.

Every candidate is weighed by how likely the targets are there, normally distributed with three doubts: the
tolerance of the target, what the emulator does not know, and what few seeds leave open. Candidates cover the
ranges of the factors evenly (a uniform prior), so that the weights are those of a posterior, and no chain has
to converge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats
from scipy.special import logsumexp

from segsim.comparison.inference import Interval, t_interval
from segsim.comparison.outcomes import Outcomes, outcomes
from segsim.comparison.variance import VarianceSplit, variance_split
from segsim.errors import ArgumentError
from segsim.runs.execution.execution import Execution
from segsim.runs.model import Model, city_rows
from segsim.runs.series import Series
from segsim.runs.sweeps.designs import sample_at_shares, sample_design
from segsim.runs.sweeps.sweep import carry_out_sample
from segsim.scenario import Scenario
from segsim.scenario.experiment.design import ListedDesign
from segsim.scenario.experiment.experiment import Experiment, Target
from segsim.tables import Array

LEVEL = 0.9
"""Of the regions and intervals told here."""

_KEPT, _MOST = 0.99, 2_000


@dataclass(frozen=True)
class Prediction:
    """What an emulator says of one target at every candidate.

    Attributes
    ----------
    target : Target
    expected, doubt : array
        Mean over seeds that is expected, and the variance of what is not known of it.
    """

    target: Target
    expected: Array
    doubt: Array

    @property
    def spread(self) -> Array:
        """The standard deviation of a figure around what is expected, its tolerance included."""
        return np.sqrt(self.doubt + self.target.tolerance**2)


@dataclass(frozen=True)
class Posterior:
    """The factors as the targets leave them.

    Attributes
    ----------
    sample : DataFrame
        The likeliest candidates, which hold 99 % of all weight: the value of every factor, and weight. Where
        they are more than 2 000, so many drawn evenly by their weights stand for all.
    effective : float
        To how many equally likely candidates the sample comes (Kish); few mean that the ranges are far too
        wide, or that no candidate agrees with the targets.
    regions : DataFrame
        One line per factor: mean, sd, and the ends of its central 90 % interval.
    predictions : DataFrame
        One line per target, those with `use: check` too, which took no part in the weights: value, tolerance,
        what is predicted (mean and 90 % interval, tolerance included), and p, the chance of a figure as far
        out as the value or further.
    """

    sample: pd.DataFrame
    effective: float
    regions: pd.DataFrame
    predictions: pd.DataFrame

    def draw(self, n: int) -> list[dict[str, Any]]:
        """Return so many points of the sample by their weights, evenly spread over them, as overrides."""
        if n < 1:
            raise ArgumentError(f"{n} points are asked for; at least 1", f"{n} punkter begärs; minst 1")
        ends = self.sample["weight"].cumsum().to_numpy(float)
        rows = np.searchsorted(ends, (np.arange(n) + 0.5) / n * ends[-1])
        values = self.sample.drop(columns="weight")
        return [dict(zip(values.columns, values.iloc[row].tolist(), strict=True)) for row in rows]


def weigh(predictions: Sequence[Prediction]) -> Array:
    """Return the weight of every candidate by the targets that are calibrated to; they sum to 1."""
    logs = [
        np.asarray(stats.norm.logpdf(p.target.value, p.expected, p.spread), float)
        for p in predictions
        if p.target.use == "calibrate"
    ]
    total = np.array(logs).sum(axis=0)
    return np.asarray(np.exp(total - logsumexp(total)))


def find_posterior(experiment: Experiment, shares: Array, predictions: Sequence[Prediction]) -> Posterior:
    """Return the posterior over candidates.

    Parameters
    ----------
    experiment : Experiment
    shares : array
        Candidates by factors: where in its factor each lies, evenly over all of it.
    predictions : sequence of Prediction
        One per target of the experiment.
    """
    weight = weigh(predictions)
    kept, weight_of_kept = thin(weight)
    sample = sample_at_shares(experiment, shares[kept]).frame().drop(columns="scenario")
    return Posterior(
        sample=sample.assign(weight=weight_of_kept),
        effective=float(1.0 / (weight**2).sum()),
        regions=tabulate_regions(experiment, shares, weight),
        predictions=pd.DataFrame([predict_target(one, weight) for one in predictions]),
    )


def thin(weight: Array) -> tuple[Array, Array]:
    """Return candidates that stand for all, likeliest first, and their weights, which sum to 1."""
    order = np.argsort(-weight, kind="stable")
    kept = order[: int(np.searchsorted(np.cumsum(weight[order]), _KEPT)) + 1]
    if kept.size <= _MOST:
        return kept, weight[kept] / weight[kept].sum()
    # not the likeliest of them: without the tails the sample would be surer than the posterior
    ends = np.cumsum(weight)
    places = np.searchsorted(ends, (np.arange(_MOST) + 0.5) / _MOST * ends[-1])
    drawn, times = np.unique(places, return_counts=True)
    likeliest = np.argsort(-weight[drawn], kind="stable")
    return drawn[likeliest], times[likeliest] / _MOST


def tabulate_regions(experiment: Experiment, shares: Array, weight: Array) -> pd.DataFrame:
    """Return mean, standard deviation and central interval of every factor; of words none."""
    lines = []
    for i, (name, factor) in enumerate(experiment.factors.items()):
        ends = [factor.at(find_quantile(shares[:, i], weight, q)) for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)]
        mean = sd = np.nan
        if factor.is_range:
            values = np.array([factor.at(float(share)) for share in shares[:, i]], float)
            mean = float(weight @ values)
            sd = float(np.sqrt(weight @ (values - mean) ** 2))
        lines.append((name, mean, sd, *ends))
    return pd.DataFrame(lines, columns=["factor", "mean", "sd", "lower", "upper"])


def find_quantile(values: Array, weight: Array, q: float) -> float:
    """Return a quantile of weighted values."""
    order = np.argsort(values, kind="stable")
    place = np.searchsorted(np.cumsum(weight[order]), q * weight.sum())
    return float(values[order[min(int(place), values.size - 1)]])


def predict_target(prediction: Prediction, weight: Array) -> dict[str, Any]:
    """Return what the candidates together say of a target: a mixture of normal distributions."""
    target, expected, spread = prediction.target, prediction.expected, prediction.spread

    def below(value: float) -> float:
        return float(weight @ stats.norm.cdf(value, expected, spread))

    ends = float((expected - 9 * spread).min()), float((expected + 9 * spread).max())
    low, high = (
        optimize.brentq(lambda x, q=q: below(x) - q, *ends) for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    )
    tail = below(target.value)
    return {
        "target": target.name,
        "use": target.use,
        "value": target.value,
        "tolerance": target.tolerance,
        "predicted": float(weight @ expected),
        "lower": low,
        "upper": high,
        "p": 2 * min(tail, 1 - tail),
    }


@dataclass(frozen=True)
class AveragedEffect:
    """What a policy does over all that calibration leaves open.

    Attributes
    ----------
    series : Series
    year : int
    effect : float
        Mean difference from the baseline over points of the sample and seeds.
    lower, upper : float
        Its 95 % interval over seeds, which more seeds make narrower.
    split : VarianceSplit
        Its spread by parameters, seeds, and both together; `split.lower` and `split.upper` are how much the
        parameters alone may move it, which more seeds do not make narrower.
    values : array
        Points by seeds.
    """

    series: Series
    year: int
    effect: float
    lower: float
    upper: float
    split: VarianceSplit
    values: Array


def average_effect(
    experiment: Experiment,
    posterior: Posterior,
    scenario: Scenario,
    quantity: str | Series = "",
    *,
    points: int = 20,
    execution: Execution = Execution(),  # noqa: B008  frozen
    model: Model = city_rows,
) -> AveragedEffect:
    """Run a scenario and its baseline at points of a posterior, and return what it does on the average.

    Parameters
    ----------
    experiment : Experiment
        That was calibrated: its seeds, years and measures are used.
    posterior : Posterior
        As `Calibration.posterior`.
    scenario : Scenario
        With policies; it extends the city of the experiment.
    quantity : str or Series
        The default is the first of the experiment's `primary`.
    points : int
        How many points of the sample are run.
    execution, model
        As in `segsim.sweep`; the folder must not hold another experiment.
    """
    if not scenario.policies:
        raise ArgumentError(
            f"{scenario.name} has no policies whose effect could be averaged",
            f"{scenario.name} har inga åtgärder vars effekt kunde medelvärdesbildas",
        )
    asked = experiment.model_copy(
        update={
            "design": ListedDesign(points=tuple(posterior.draw(points))),
            "factors": {},
            "targets": (),
            "baseline": True,
            "scenario": scenario.name,
        }
    )
    asked._base = scenario.model_copy(update={"measures": experiment.base.measures})
    asked._base._parent = scenario._parent
    done = carry_out_sample(asked, sample_design(asked), execution, resume=True, model=model)
    result: Outcomes = outcomes(done, quantity)
    over_seeds: Interval = t_interval(result.values.mean(axis=0))
    return AveragedEffect(
        series=result.series,
        year=result.year,
        effect=float(np.nanmean(result.values)),
        lower=over_seeds[0],
        upper=over_seeds[1],
        split=variance_split(result.values),
        values=result.values,
    )

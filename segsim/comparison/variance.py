"""Doubt about parameters apart from doubt about seeds: a two-way split of variance."""

from dataclasses import dataclass

import numpy as np

from segsim.errors import SegsimError
from segsim.tables import Array


@dataclass(frozen=True)
class VarianceSplit:
    """Where the spread of a quantity comes from, over points (parameters) crossed with seeds.

    Attributes
    ----------
    points, seeds : int
        Size of the table; seeds with an undefined value are left out.
    mean : float
        Mean over all runs.
    sd_parameters, sd_seeds, sd_interaction : float
        Standard deviations of the three variance components (random effects, at least 0). The interaction is
        what a seed does at one point and not at another; with one run per point and seed it holds all the
        rest.
    share_parameters, share_seeds, share_interaction : float
        Their shares of the variance of a single run; they add up to 1.
    lower, upper : float
        2.5 and 97.5 % quantiles over points of the mean over seeds, drawn together until their variance is
        that of the parameters: how much these alone may move it.
    """

    points: int
    seeds: int
    mean: float
    sd_parameters: float
    sd_seeds: float
    sd_interaction: float
    share_parameters: float
    share_seeds: float
    share_interaction: float
    lower: float
    upper: float


def variance_split(values: Array) -> VarianceSplit:
    """Split the variance of a table of points by seeds.

    Components by the mean squares of a two-way table without replication: interaction = MS_rest, parameters =
    (MS_points - MS_rest) / seeds, seeds = (MS_seeds - MS_rest) / points (Searle, Casella and McCulloch 1992).

    Parameters
    ----------
    values : array
        One row per point, one column per seed; the same seeds for all points.
    """
    y = np.asarray(values, float)
    if y.ndim != 2:
        raise ValueError(f"values must have points as rows and seeds as columns; shape is {y.shape}")
    y = y[:, np.isfinite(y).all(axis=0)]
    p, s = y.shape
    if p < 2 or s < 2:
        raise SegsimError(
            "the split into parameters and seeds needs at least 2 points and 2 seeds with a value at every "
            f"point; there are {p} and {s}",
            "uppdelningen på parametrar och frön kräver minst 2 punkter och 2 frön med ett värde i varje "
            f"punkt; det finns {p} och {s}",
        )
    mean, by_point, by_seed = y.mean(), y.mean(axis=1), y.mean(axis=0)
    rest = y - by_point[:, None] - by_seed[None, :] + mean
    ms_rest = (rest**2).sum() / ((p - 1) * (s - 1))
    parts = np.array(
        [
            max((s * by_point.var(ddof=1) - ms_rest) / s, 0.0),
            max((p * by_seed.var(ddof=1) - ms_rest) / p, 0.0),
            ms_rest,
        ]
    )
    varied = by_point.var(ddof=1)
    alone = mean + (by_point - mean) * np.sqrt(parts[0] / varied if varied > 0 else 0.0)
    shares = parts / parts.sum() if parts.sum() > 0 else np.full(3, np.nan)
    return VarianceSplit(
        points=p,
        seeds=s,
        mean=float(mean),
        sd_parameters=float(np.sqrt(parts[0])),
        sd_seeds=float(np.sqrt(parts[1])),
        sd_interaction=float(np.sqrt(parts[2])),
        share_parameters=float(shares[0]),
        share_seeds=float(shares[1]),
        share_interaction=float(shares[2]),
        lower=float(np.quantile(alone, 0.025)),
        upper=float(np.quantile(alone, 0.975)),
    )

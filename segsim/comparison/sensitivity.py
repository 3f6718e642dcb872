"""Which parameters a result hangs on: Sobol and Morris indices, and rank correlations for other samples."""

import numpy as np
import pandas as pd
from scipy import stats

from segsim.comparison.inference import correlation
from segsim.comparison.outcomes import Outcomes, outcomes
from segsim.comparison.variance import VarianceSplit, variance_split
from segsim.errors import SegsimError
from segsim.runs.series import Series
from segsim.runs.sweeps.salib import morris_indices, sobol_indices
from segsim.runs.sweeps.sweep import Sweep
from segsim.scenario.experiment.design import LatinHypercube, Morris, Sobol
from segsim.tables import Array


def sensitivity(
    sweep: Sweep, quantity: str | Series = "", year: int | None = None, difference: bool | None = None
) -> pd.DataFrame:
    """Rank the factors of a sweep by what they do to one quantity.

    Parameters
    ----------
    sweep : Sweep
        Of a sobol, morris or latin_hypercube design.
    quantity, year, difference
        As in `outcomes`.

    Returns
    -------
    DataFrame
        One line per factor, most influential first. Sobol: first_order, total, each with its 95 % interval
        (`_lower`, `_upper`): the shares of the variance over points that the factor explains alone, and with
        all its interactions. Morris: mu, mu_star (with interval), sigma: mean, mean absolute and SD of the
        elementary effects, in the quantity's unit over the whole range of the factor. Latin hypercube:
        partial rank correlation with its 95 % interval (Fisher's z). All: noise, the share of the variance
        over points that is chance left over after averaging the seeds.
    """
    result = outcomes(sweep, quantity, year, difference)
    means = complete_means(result)
    design = sweep.experiment.design
    names = sweep.sample.names
    if isinstance(design, Sobol):
        table = _sobol(names, means, design)
    elif isinstance(design, Morris):
        table = _morris(names, sweep.sample.shares, means, design)
    elif isinstance(design, LatinHypercube):
        factors = sweep.experiment.factors.values()
        columns = zip(factors, sweep.sample.shares.T, strict=True)
        placed = [[factor.position(float(share)) for share in column] for factor, column in columns]
        table = _partial_ranks(names, np.column_stack(placed), means)
    else:
        raise SegsimError(
            f"a {design.kind} has no sensitivity indices; use sobol, morris or latin_hypercube",
            f"en {design.kind} har inga känslighetsindex; använd sobol, morris eller latin_hypercube",
        )
    return table.assign(noise=noise_share(result.values)).sort_values(
        table.columns[_RANKED[design.kind]], ascending=False, key=abs, ignore_index=True
    )


_RANKED = {"sobol": 4, "morris": 2, "latin_hypercube": 1}


def complete_means(result: Outcomes) -> Array:
    """Return the mean over seeds of every point, or say where there is none."""
    known = np.isfinite(result.values)
    if not known.any(axis=1).all():
        raise SegsimError(
            f"{result.series} is undefined at {int((~known.any(axis=1)).sum())} points, in every seed",
            f"{result.series} är odefinierad i {int((~known.any(axis=1)).sum())} punkter, i varje frö",
        )
    return np.asarray(np.where(known, result.values, 0.0).sum(axis=1) / known.sum(axis=1))


def noise_share(values: Array) -> float:
    """Return the share of the variance between point means that seeds alone would cause.

    What a seed does at all points alike moves no point against another and does not count. Only seeds with a
    value at every point are used; NaN if there are fewer than two.
    """
    complete = values[:, np.isfinite(values).all(axis=0)]
    if complete.shape[1] < 2:
        return np.nan
    between = complete.mean(axis=1).var(ddof=1)
    left = variance_split(complete).sd_interaction ** 2 / complete.shape[1]
    return float(min(left / between, 1.0)) if between > 0 else np.nan


def parameter_uncertainty(
    sweep: Sweep, quantity: str | Series = "", year: int | None = None, difference: bool | None = None
) -> VarianceSplit:
    """Split the spread of one quantity of a sweep into parameters and seeds."""
    return variance_split(outcomes(sweep, quantity, year, difference).values)


def _sobol(names: tuple[str, ...], means: Array, design: Sobol) -> pd.DataFrame:
    """Return first-order and total indices with their intervals."""
    if np.ptp(means) == 0:
        raise SegsimError(
            "the quantity is the same at every point; no factor moves it",
            "storheten är densamma i alla punkter; ingen faktor påverkar den",
        )
    indices = sobol_indices(names, means, design.second_order)
    columns: dict[str, object] = {"factor": names}
    for name, key in (("first_order", "S1"), ("total", "ST")):
        columns[name] = indices[key]
        columns[f"{name}_lower"] = indices[key] - indices[f"{key}_conf"]
        columns[f"{name}_upper"] = indices[key] + indices[f"{key}_conf"]
    return pd.DataFrame(columns)


def _morris(names: tuple[str, ...], shares: Array, means: Array, design: Morris) -> pd.DataFrame:
    """Return statistics of the elementary effects."""
    indices = morris_indices(names, shares, means, design.levels)
    star, half = np.asarray(indices["mu_star"]), np.asarray(indices["mu_star_conf"], float)
    return pd.DataFrame(
        {
            "factor": names,
            "mu": indices["mu"],
            "mu_star": star,
            "mu_star_lower": star - half,
            "mu_star_upper": star + half,
            "sigma": indices["sigma"],
        }
    )


def second_order(sweep: Sweep, quantity: str | Series = "", year: int | None = None) -> pd.DataFrame:
    """Return Sobol indices of pairs of factors: the share of variance only both together explain."""
    design = sweep.experiment.design
    if not (isinstance(design, Sobol) and design.second_order):
        raise SegsimError(
            "pairs need a sobol design with `second_order: true`",
            "par kräver en sobol-design med `second_order: true`",
        )
    names = sweep.sample.names
    indices = sobol_indices(names, complete_means(outcomes(sweep, quantity, year)), True)
    lines = [
        (names[i], names[j], indices["S2"][i, j], indices["S2_conf"][i, j])
        for i in range(len(names))
        for j in range(i + 1, len(names))
    ]
    table = pd.DataFrame(lines, columns=["factor", "with", "second_order", "half"])
    table["lower"], table["upper"] = (
        table["second_order"] - table["half"],
        table["second_order"] + table["half"],
    )
    return table.drop(columns="half").sort_values("second_order", ascending=False, ignore_index=True)


def _partial_ranks(names: tuple[str, ...], positions: Array, means: Array) -> pd.DataFrame:
    """Return partial rank correlations: of what is left when the ranks of all other factors are taken out."""
    ranks = np.apply_along_axis(stats.rankdata, 0, positions)
    outcome = stats.rankdata(means)
    n, k = ranks.shape
    if n < k + 4:
        raise SegsimError(
            f"{n} points are too few for {k} factors; partial correlations need {k + 4}",
            f"{n} punkter är för få för {k} faktorer; partiella korrelationer kräver {k + 4}",
        )
    lines = []
    for i, name in enumerate(names):
        others = np.column_stack([np.ones(n), np.delete(ranks, i, axis=1)])
        r = correlation(_rest(ranks[:, i], others), _rest(outcome, others))  # NaN if the others explain all
        half = 1.959963984540054 / np.sqrt(n - k - 2)
        z = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
        lines.append((name, r, float(np.tanh(z - half)), float(np.tanh(z + half))))
    return pd.DataFrame(lines, columns=["factor", "rank_correlation", "lower", "upper"])


def _rest(values: Array, others: Array) -> Array:
    """Return what a linear fit of ranks on other columns leaves, rounding errors taken for nothing."""
    fitted = others @ np.linalg.lstsq(others, values, rcond=None)[0]
    return np.asarray(np.round(values - fitted, 9))

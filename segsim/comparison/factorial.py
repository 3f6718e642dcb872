"""Policy mixes: what each policy does in company, what pairs do beyond that, and which mixes are worth it.

Where an experiment crosses the policies with other factors, all that is told at every level of these: a cell.
"""

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from segsim.comparison.inference import t_interval
from segsim.comparison.multiple import benjamini_hochberg, sign_flip_max_t
from segsim.comparison.outcomes import outcomes, sums_by_grouping
from segsim.comparison.paired_differences import tabulate_differences
from segsim.errors import SegsimError
from segsim.runs.series import Series, resolve_family
from segsim.runs.sweeps.sweep import Sweep
from segsim.scenario.experiment.design import Factorial
from segsim.tables import Array

COST = "policy_cost"
"""Measure that holds the yearly cost of policies, in million SEK."""


@dataclass(frozen=True)
class Mix:
    """What a factorial sweep over policies shows about one quantity.

    Attributes
    ----------
    series : Series
    year : int
    effects : DataFrame
        One line per policy: effect (mean with it minus mean without it, over all mixes of the others), lower,
        upper, p, cost (MSEK over the whole run, NaN if unknown), effect_per_msek with its interval,
        aliased_with (pairs that a fraction cannot tell it from, with a minus where they count against it),
        p_adjusted (joint sign flips over all lines).
    interactions : DataFrame
        One line per pair: interaction (how much more the two do together than the sum of both), lower,
        upper, p, p_adjusted (Benjamini-Hochberg), aliased_with (policies and pairs, likewise).
    mixes : DataFrame
        One line per mix: policies, difference from no policy with its interval, cost (NaN if that of one of
        its policies is unknown), is_efficient (no other mix of known cost is at least as good and as cheap;
        NA if its own is unknown), probability (share of bootstrap samples of seeds in which it is).
    want : "lower" or "higher"
        Which way the quantity is better.
    moderation : DataFrame
        One line per policy and factor crossed with it: the lowest and highest effect over the factor's levels
        and where, p of a joint sign-flip test that the effect is the same at all of them, p_adjusted
        (Benjamini-Hochberg). The other tables have a line per cell, and begin with the factors.
    """

    series: Series
    year: int
    effects: pd.DataFrame
    interactions: pd.DataFrame
    mixes: pd.DataFrame
    want: str
    moderation: pd.DataFrame


def policy_mix(
    sweep: Sweep,
    quantity: str | Series = "",
    year: int | None = None,
    *,
    want: str = "",
    resamples: int = 2000,
) -> Mix:
    """Judge the policies of a factorial sweep.

    Parameters
    ----------
    sweep : Sweep
        Of a factorial design; its first mix, at each level of its factors, has no policy of the experiment.
    quantity, year
        As in `outcomes`.
    want : "lower" or "higher", optional
        Which way the quantity is better, for the front of cost against effect; the default is what the
        experiment says (`more_is_better`).
    resamples : int
        Bootstrap samples of seeds for that front.
    """
    if not isinstance(sweep.experiment.design, Factorial):
        raise SegsimError(
            "a policy mix needs a factorial design over `policies`",
            "en åtgärdsblandning kräver en factorial-design över `policies`",
        )
    result = outcomes(sweep, quantity, year, difference=False)
    want = want or better_direction(sweep, result.series)
    if want not in {"lower", "higher"}:
        raise ValueError(f'want is "{want}"; it must be "lower" or "higher"')
    values = result.values[:, np.isfinite(result.values).all(axis=0)]
    if values.shape[1] < 2:
        raise SegsimError(
            f"{result.series} is defined everywhere in fewer than 2 seeds; run more",
            f"{result.series} är definierad överallt i färre än 2 frön; kör fler",
        )
    paid = sums_by_grouping(sweep, COST).reindex(list(sweep.sample.labels))
    costs = paid.sum(axis=1, skipna=False).to_numpy(float)
    factors = list(sweep.experiment.factors)
    switches = sweep.sample.shares[:, len(factors) :].astype(int)
    names = sweep.sample.names[len(factors) :]
    own = paid.reindex(columns=list(names), fill_value=0.0).to_numpy(float).T
    cells = divide_cells(sweep.design()[factors])
    by_cell = np.array([contrast_policies(switches[rows], values[rows]) for _, rows in cells])
    effects = [main_effects(switches[rows], values[rows], own[:, rows], names) for _, rows in cells]
    pairs = [interactions(switches[rows], values[rows], names) for _, rows in cells]
    fronts = [mixes(switches[rows], values[rows], costs[rows], names, want, resamples) for _, rows in cells]
    levels = [level for level, _ in cells]
    beyond = stack_cells(levels, pairs)
    flat = by_cell.reshape(-1, values.shape[1])
    return Mix(
        series=result.series,
        year=result.year,
        effects=stack_cells(levels, effects).assign(p_adjusted=sign_flip_max_t(flat.T)),
        interactions=beyond.assign(p_adjusted=benjamini_hochberg(beyond["p"].to_numpy(float))),
        mixes=stack_cells(levels, fronts),
        want=want,
        moderation=tabulate_moderation(pd.DataFrame(levels), by_cell, names),
    )


def divide_cells(factors: pd.DataFrame) -> list[tuple[dict[str, Any], Array]]:
    """Return the combinations of the factors' levels, each with the points that have it; one without any."""
    if factors.columns.empty:
        return [({}, np.arange(len(factors)))]
    groups = factors.groupby(list(factors.columns), sort=False, dropna=False)
    return [(factors.loc[rows[0]].to_dict(), np.asarray(rows)) for rows in groups.groups.values()]


def stack_cells(levels: Sequence[dict[str, Any]], tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of all cells in one, the levels of each before its lines."""
    parts = [
        pd.DataFrame([level] * len(table)).join(table) for level, table in zip(levels, tables, strict=True)
    ]
    return pd.concat(parts, ignore_index=True) if levels[0] else tables[0]


def contrast_policies(switches: Array, values: Array) -> Array:
    """Return, policies by seeds, the mean with each policy minus the mean without it."""
    return np.array([contrast(column, values) for column in (2 * switches - 1).T])


def tabulate_moderation(levels: pd.DataFrame, effects: Array, names: tuple[str, ...]) -> pd.DataFrame:
    """Return how the effect of each policy differs over the levels of each factor.

    Parameters
    ----------
    levels : DataFrame
        Cells by factors.
    effects : array
        Cells by policies by seeds.
    names : tuple of str
        The policies.
    """
    lines = []
    for factor in map(str, levels.columns):
        groups = levels.groupby(factor, sort=False).groups
        for i, name in enumerate(names):
            at = np.array([effects[list(rows), i].mean(axis=0) for rows in groups.values()])
            means, known = at.mean(axis=1), list(groups)
            low, high = means.argmin(), means.argmax()
            p = float(sign_flip_max_t((at - at.mean(axis=0)).T).min()) if len(known) > 1 else np.nan
            lines.append((name, factor, means[low], known[low], means[high], known[high], p))
    columns = ["policy", "factor", "lowest", "lowest_at", "highest", "highest_at", "p"]
    table = pd.DataFrame(lines, columns=columns)
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))


def better_direction(sweep: Sweep, series: Series) -> str:
    """Return which way the experiment wants a quantity to go: "lower" or "higher"."""
    raised = resolve_family(sweep.experiment.more_is_better, sweep.runs.list_series())
    return "higher" if series in raised else "lower"


def contrast(column: Array, values: Array) -> Array:
    """Return, per seed, the mean where a column of signs is +1 minus the mean where it is -1.

    What is left of equal means by rounding is 0: it would be judged as an effect otherwise.
    """
    on = column > 0
    difference = values[on].mean(axis=0) - values[~on].mean(axis=0)
    return np.where(np.abs(difference) <= 1e-12 * np.abs(values).max(axis=0), 0.0, difference)


def main_effects(switches: Array, values: Array, costs: Array, names: tuple[str, ...]) -> pd.DataFrame:
    """Return what each policy does on average over all mixes of the others, and per million SEK.

    Parameters
    ----------
    switches : array
        Mixes by policies, 1 where a policy is in the mix.
    values : array
        Mixes by seeds.
    costs : array
        Policies by mixes: what the policy costs in each mix.
    names : tuple of str
        The policies.
    """
    signs = 2 * switches - 1
    lines = []
    for i, name in enumerate(names):
        effect = contrast(signs[:, i], values)
        price = float(contrast(signs[:, i], costs[i]))
        low, high = t_interval(effect)
        rates = np.array([effect.mean(), low, high]) / price if price > 0 else np.full(3, np.nan)
        aliases = _aliases((i,), signs, names)
        lines.append((name, effect.mean(), low, high, _p(effect), price, *rates.tolist(), aliases))
    columns = ["policy", "effect", "lower", "upper", "p", "cost"]
    columns += ["effect_per_msek", "per_msek_lower", "per_msek_upper", "aliased_with"]
    return pd.DataFrame(lines, columns=columns)


def interactions(switches: Array, values: Array, names: tuple[str, ...]) -> pd.DataFrame:
    """Return what each pair of policies does beyond the sum of the two."""
    signs = 2 * switches - 1
    lines = []
    for i, j in itertools.combinations(range(len(names)), 2):
        column = signs[:, i] * signs[:, j]
        if abs(int(column.sum())) == len(column):
            continue
        # y11 + y00 - y10 - y01, averaged over the other policies
        beyond = 2 * contrast(column, values)
        aliases = _aliases((i, j), signs, names)
        lines.append((names[i], names[j], beyond.mean(), *t_interval(beyond), _p(beyond), aliases))
    columns = ["policy", "with", "interaction", "lower", "upper", "p", "aliased_with"]
    return pd.DataFrame(lines, columns=columns)


def _aliases(term: tuple[int, ...], signs: Array, names: tuple[str, ...]) -> str:
    """Name the policies and pairs whose signs are those of a term, or their opposite, in every mix."""
    column = signs[:, term].prod(axis=1)
    singles = [(i,) for i in range(len(names))]
    aliases = []
    for other in [*singles, *itertools.combinations(range(len(names)), 2)]:
        agreement = int((signs[:, other].prod(axis=1) * column).sum())
        if other != term and abs(agreement) == len(column):
            aliases.append(("-" if agreement < 0 else "") + " x ".join(names[i] for i in other))
    return ", ".join(aliases)


def _p(differences: Array) -> float:
    """Return p of the paired t test of per-seed contrasts."""
    return float(tabulate_differences(np.zeros((1, differences.size)), differences[None, :])["p"].iloc[0])


def mixes(
    switches: Array, values: Array, costs: Array, names: tuple[str, ...], want: str, resamples: int
) -> pd.DataFrame:
    """Return every mix with its difference from no policy, its cost, and whether it is efficient."""
    differences = values - values[0]
    table = tabulate_differences(np.broadcast_to(values[0], values.shape), values)
    table = table[["difference", "lower", "upper", "p", "n", "identical"]].assign(cost=costs)
    label = [" + ".join(itertools.compress(names, row)) or "none" for row in switches.tolist()]
    table.insert(0, "mix", label)
    gain = -differences if want == "lower" else differences
    known = np.isfinite(costs)
    gain, costs = gain[known], costs[known]
    table["is_efficient"] = pd.Series(pd.NA, table.index, dtype="boolean")
    table.loc[known, "is_efficient"] = efficient(gain.mean(axis=1), costs)
    chance = random.Random(1)
    n = values.shape[1]
    hits = np.zeros(len(gain))
    for _ in range(resamples):
        hits += efficient(gain[:, chance.choices(range(n), k=n)].mean(axis=1), costs)
    table.loc[known, "probability"] = hits / resamples
    return table.sort_values(["cost", "difference"], ignore_index=True)


def efficient(gain: Array, cost: Array) -> Array:
    """Return which mixes no other beats: at least as good and as cheap, and better in one of the two."""
    good, cheap = gain[None, :] >= gain[:, None], cost[None, :] <= cost[:, None]
    better = (gain[None, :] > gain[:, None]) | (cost[None, :] < cost[:, None])
    return np.asarray(~(good & cheap & better).any(axis=1))

"""The socio-economic conditions of a preset's areas: their index, and the rates it is made of."""

import numpy as np

from segsim.national import INDEX_MEAN_2022, INDEX_SD_2022
from segsim.scenario.published_figures import Figures
from segsim.synthesis.areas.share_curves import find_root, standardise, stretch_exponential, unevenness
from segsim.tables import Array

_TYPE_LIMITS = INDEX_MEAN_2022 + INDEX_SD_2022 * np.array([3.2, 2.0, 1.0, 0.0, -1.0, -1.6])
"""Limits of the types 1 to 5 on the index; the outer two bound what an area of a preset may reach (C)."""
_MARGIN = 0.08
"""How far inside its type's limits an area stays, as a share of the type's width (C)."""
_LOW_APART = 0.11
"""Spread of low standard around its line in the index, as a share of it (A: 2 points, median over the 33
municipalities with at least 40 areas, Statistics Sweden 2022)."""
_LEAST = np.array([0.008, 0.02, 0.004])
"""Least low standard, lower secondary education and unemployment of an area (C)."""
_TENURE_TELLS = 0.37
"""Correlation of that spread with the rental share at a given index (A: median over the same)."""


def assign_index(figures: Figures, kinds: Array, district: Array, persons: Array) -> Array:
    """Return the index of each area: the same within a district, inside its type, with the city's mean.

    Districts stand in order at the quantiles of a smooth distribution whose shares between the limits of the
    types are the published ones, so that no more of them crowd on one side of a limit than on the other.
    """
    target = (
        100
        * (figures.income.low_standard + figures.education.lower_secondary + unemployment_share(figures))
        / 3
    )
    ends = np.append(0.0, np.cumsum(np.bincount(kinds, weights=persons, minlength=5))) / persons.sum()
    people = np.bincount(district, weights=persons)
    rank = ((np.cumsum(people) - people / 2) / people.sum())[district]
    high, low = _TYPE_LIMITS[kinds], _TYPE_LIMITS[kinds + 1]
    place = (high - _smooth_quantiles(rank, ends)) / (high - low)

    def at(bend: float) -> Array:
        return np.asarray(high + (low - high) * (_MARGIN + (1 - 2 * _MARGIN) * place ** np.exp(bend)))

    return at(find_root(lambda bend: float(np.average(at(bend), weights=persons)) - target, -2.5, 2.5))


def _smooth_quantiles(rank: Array, ends: Array) -> Array:
    """Return the quantiles of a distribution over the types' limits: a monotone cubic through them.

    The slope at each limit is the harmonic mean of those beside it (Fritsch and Butland 1984), which keeps
    the curve monotone and its density the same on both sides.
    """
    with_people = np.flatnonzero(np.diff(ends) > 0)
    first, last = with_people[0], with_people[-1] + 1
    knots, limits = ends[first : last + 1], _TYPE_LIMITS[first : last + 1]
    width = np.diff(knots)
    steps = np.diff(limits) / np.maximum(width, 1e-9)
    inner = 2 * steps[:-1] * steps[1:] / (steps[:-1] + steps[1:])
    slopes = np.concatenate([steps[:1], inner, steps[-1:]])
    k = np.clip(np.searchsorted(knots, rank, side="right") - 1, 0, width.size - 1)
    t, h = (rank - knots[k]) / np.maximum(width[k], 1e-9), width[k]
    return np.asarray(
        (1 + 2 * t) * (1 - t) ** 2 * limits[k]
        + t * (1 - t) ** 2 * h * slopes[k]
        + t**2 * (3 - 2 * t) * limits[k + 1]
        + t**2 * (t - 1) * h * slopes[k + 1]
    )


def unemployment_share(figures: Figures) -> float:
    """Return the unemployed as a share of residents of 16-64."""
    return figures.work.employed * figures.work.unemployed / (1 - figures.work.unemployed)


def split_index(
    figures: Figures, index: Array, persons: Array, tenure: Array, chance: Array
) -> tuple[Array, Array, Array]:
    """Return low standard, lower secondary education and unemployment by area (shares).

    Their mean is the index. Unemployment is linear in it; low standard is so with chance, part of which is
    told by tenure, and is stretched until its published dissimilarity holds; education takes the rest. Where
    a rate would fall under its least, the others give way.

    Parameters
    ----------
    figures : Figures
    index, persons : float64, int64 (areas,)
    tenure, chance : float64 (areas,)
        Standardised: what the index does not tell of the rental share, and chance apart from both.
    """
    off = (index - np.average(index, weights=persons)) / 100
    spread = 1 + _LOW_APART * (_TENURE_TELLS * tenure + np.sqrt(1 - _TENURE_TELLS**2) * chance)
    mean_low = figures.income.low_standard

    def low_at(slope: float) -> Array:
        raw = np.maximum(mean_low + slope * off, _LEAST[0]) * np.maximum(spread, 0.5)
        return np.asarray(raw * mean_low / max(np.average(raw, weights=persons), 1e-12))

    def miss(slope: float) -> float:
        share = low_at(slope)
        return unevenness(share * persons, (1 - share) * persons) - figures.segregation.low_standard

    slope = find_root(miss, 1.1, 2.4)
    low = low_at(slope)
    unemployed = np.maximum(unemployment_share(figures) + (3 - slope) * 0.36 * off, _LEAST[2])
    lower = np.maximum(3 * index / 100 - low - unemployed, _LEAST[1])
    return _scale_to_total(3 * index / 100, np.stack([low, lower, unemployed]))


def _scale_to_total(total: Array, rates: Array) -> tuple[Array, Array, Array]:
    """Scale what three rates have above their least so that they sum to a total, in each area."""
    least = _LEAST[:, None] * np.minimum(total / _LEAST.sum(), 1.0)
    above = np.maximum(rates - least, 0.0)
    scaled = least + above * (total - least.sum(0)) / np.maximum(above.sum(0), 1e-12)
    return scaled[0], scaled[1], scaled[2]


def high_standard_shares(figures: Figures, index: Array, low: Array, persons: Array, chance: Array) -> Array:
    """Return the share of high standard by area: its mean and both its dissimilarities hold."""
    z = -standardise(index)

    def at(mix: float) -> Array:
        mixed = standardise(mix * z + np.sqrt(1 - mix**2) * chance)
        return stretch_exponential(
            mixed, persons, figures.income.high_standard, figures.segregation.high_standard
        )

    def miss(mix: float) -> float:
        return unevenness(low * persons, at(mix) * persons) - figures.segregation.low_high

    return np.minimum(at(find_root(miss, 0.0, 1.0)), 0.6)

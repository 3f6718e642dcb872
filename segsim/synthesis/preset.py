"""From a municipality's published figures to a table of areas that meets them all."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd

from segsim.indices.official import MEAN_2022, SD_2022
from segsim.scenario.city import Figures
from segsim.synthesis.allotment import rounded, rounded_table
from segsim.synthesis.counts import EDUCATION, HOUSEHOLD_KINDS, STOCK, YOUNG
from segsim.tables import Array

_TYPE_LIMITS = MEAN_2022 + SD_2022 * np.array([3.2, 2.0, 1.0, 0.0, -1.0, -1.6])
_MARGIN = 0.08
_SIZE_SPREAD = 0.25
"""Spread of log population over areas of one type (C; .3 among all DeSO)."""
_ORIGIN_FOLLOWS = 0.93
"""Correlation over areas of the log odds of foreign background with the socio-economic index (C)."""
_JOBS_FALL = 1.1
"""Percentage points fewer employed per point of the index (C, near Södertälje's areas)."""
_KIND_BY_SIZE = np.array([2.8, 0.0, 0.8, -2.0, 1.6])
"""Elasticity of each kind of household's share to the area's mean household size (C)."""
_AGE_BY_SIZE = np.array([1.6, 1.9, 2.0, 1.5, 0.3, 0.0, -2.2])
"""Elasticity of each age class's share to the area's mean household size (C)."""
_EDUCATION_BY_INDEX = np.array([-0.005, -0.03, -0.06, 0.03])
"""Log change of upper secondary, short and long post-secondary and unknown education per index point (C)."""


def preset_table(figures: Figures) -> pd.DataFrame:
    """Make a table of areas that meets the figures; the same figures always give the same table.

    Areas are dealt to the five official types so that each type has its share of residents, and get an index
    of socio-economic conditions inside their type's limits whose mean is the city's. Low standard, education
    and unemployment follow the index; origin, tenure and income follow it with chance, and each is stretched
    until its own published dissimilarity holds.

    Parameters
    ----------
    figures : Figures

    Returns
    -------
    DataFrame
        The columns of open DeSO data.
    """
    return _made(figures).copy()


@lru_cache(maxsize=8)
def _made(figures: Figures) -> pd.DataFrame:
    """Make the table once for all seeds."""
    rng = np.random.default_rng(2022)
    kinds = _type_of_areas(figures)
    persons = _populations(figures, kinds, rng)
    district = _districts(figures, kinds)
    index = _indices(figures, kinds, district, persons)
    z = _standardised(index)
    rates = _rates(figures, index, persons, _apart(rng, z))
    foreign_z = _standardised(_ORIGIN_FOLLOWS * z + np.sqrt(1 - _ORIGIN_FOLLOWS**2) * _apart(rng, z))
    background = stretched(
        foreign_z, persons, figures.origin.foreign_background, figures.segregation.foreign_background
    )
    abroad = _born_abroad(figures, background, persons)
    origin = rounded_table(
        np.column_stack([1 - background, background - abroad.sum(1), abroad]) * persons[:, None],
        persons,
        _city_origin(figures),
    )
    rental = _rental(figures, origin[:, 1:].sum(1) / persons, persons, _apart(rng, foreign_z))
    owned = _owned(figures, rental, persons, z, rng)
    size = _household_sizes(figures, owned, foreign_z, persons, rng)
    table = _names(district)
    table["pop_total"] = persons
    table["born_sweden"] = origin[:, 0] + origin[:, 1]
    table["born_europe_exsw"], table["born_rest_world"] = origin[:, 2], origin[:, 3]
    table["swedish_background"], table["foreign_background"] = origin[:, 0], origin[:, 1:].sum(1)
    _add_households(table, figures, persons, size)
    _add_dwellings(table, figures, rental, owned)
    _add_ages(table, figures, persons, size)
    _add_education(table, figures, rates[1], index)
    _add_work(table, figures, rates[2], index)
    table["low_econ_std_pct"], table["high_econ_std_pct"] = 100 * rates[0], 100 * rates[3]
    table["net_income_median_tkr"] = _incomes(figures, index)
    return table


def _type_of_areas(figures: Figures) -> Array:
    """Return the official type (0-4 for 1-5) of each area; every type with residents has one."""
    shares = np.array(figures.segregation.area_types)
    n = rounded(shares, figures.areas)
    for t in np.flatnonzero((shares > 0.015) & (n == 0)):
        n[np.argmax(n)] -= 1
        n[t] += 1
    return np.repeat(np.arange(5), n)


def _populations(figures: Figures, kinds: Array, rng: np.random.Generator) -> Array:
    """Return residents by area: log-normal within a type, each type with its share of the population."""
    shares = np.array(figures.segregation.area_types) * (np.bincount(kinds, minlength=5) > 0)
    by_type = rounded(shares, figures.population)
    weight = np.exp(rng.normal(0, _SIZE_SPREAD, kinds.size))
    return np.concatenate(
        [rounded(weight[kinds == t], int(by_type[t])) for t in range(5) if (kinds == t).any()]
    )


def _districts(figures: Figures, kinds: Array) -> Array:
    """Return the district of each area; areas of a district are of one type."""
    areas = np.bincount(kinds, minlength=5)
    n = np.clip(rounded(areas, figures.districts), areas > 0, areas)
    parts = [np.arange(areas[t]) * n[t] // areas[t] + n[:t].sum() for t in range(5) if areas[t]]
    return np.concatenate(parts).astype(np.int64)


def _indices(figures: Figures, kinds: Array, district: Array, persons: Array) -> Array:
    """Return the index of each area: inside its type's limits, falling in steps, with the city's mean."""
    target = (
        100 * (figures.income.low_standard + figures.education.lower_secondary + _unemployed(figures)) / 3
    )
    rank = np.empty(kinds.size)
    for t in np.unique(kinds):
        inside = np.flatnonzero(kinds == t)
        order = district[inside] - district[inside].min()
        rank[inside] = (order + 0.5) / (order.max() + 1)
    high, low = _TYPE_LIMITS[kinds], _TYPE_LIMITS[kinds + 1]

    def at(bend: float) -> Array:
        place = _MARGIN + (1 - 2 * _MARGIN) * rank ** np.exp(bend)
        return np.asarray(high + (low - high) * place)

    return at(_root(lambda bend: float(np.average(at(bend), weights=persons)) - target, -2.5, 2.5))


def _unemployed(figures: Figures) -> float:
    """Return the unemployed as a share of residents of 16-64."""
    return figures.work.employed * figures.work.unemployed / (1 - figures.work.unemployed)


def _rates(
    figures: Figures, index: Array, persons: Array, chance: Array
) -> tuple[Array, Array, Array, Array]:
    """Return low standard, lower secondary education, unemployment and high standard by area (shares).

    The first three are linear in the index and average to three times less of it; the slope of low standard
    follows from its published dissimilarity.
    """
    mean = np.average(index, weights=persons)
    off = (index - mean) / 100
    low = figures.income.low_standard
    uneven = np.average(np.abs(off), weights=persons) / max(2 * low * (1 - low), 1e-9)
    slope = float(np.clip(figures.segregation.low_standard / uneven, 1.1, 2.4)) if uneven > 0 else 1.6
    means = np.array([low, figures.education.lower_secondary, _unemployed(figures)])
    slopes = np.array([slope, (3 - slope) * 0.64, (3 - slope) * 0.36])
    every = means + off[:, None] * slopes
    least = np.array([0.008, 0.02, 0.004])
    for k in (1, 2, 0):
        lack = np.maximum(least[k] - every[:, k], 0)
        every[:, k] += lack
        if k:
            every[:, 0] -= lack
    return every[:, 0], every[:, 1], every[:, 2], _high_standard(figures, index, every[:, 0], persons, chance)


def _high_standard(figures: Figures, index: Array, low: Array, persons: Array, chance: Array) -> Array:
    """Return the share of high standard by area: its mean and both its dissimilarities hold."""
    z = -_standardised(index)

    def at(mix: float) -> Array:
        mixed = _standardised(mix * z + np.sqrt(1 - mix**2) * chance)
        return _exponential(mixed, persons, figures.income.high_standard, figures.segregation.high_standard)

    def miss(mix: float) -> float:
        return dissimilarity(low * persons, at(mix) * persons) - figures.segregation.low_high

    return np.minimum(at(_root(miss, 0.0, 1.0)), 0.6)


def _born_abroad(figures: Figures, background: Array, persons: Array) -> Array:
    """Return shares born in the rest of Europe and outside Europe by area, parts of foreign background.

    Each is proportional to a power of the foreign-background share; the powers are found so that both
    dissimilarities against the born in Sweden hold.
    """
    goal = figures.segregation.born_in_europe, figures.segregation.born_outside_europe
    whole = figures.origin.born_in_europe, figures.origin.born_outside_europe
    power = [0.8, 1.1]
    shares = np.zeros((background.size, 2))

    def fill(k: int, exponent: float) -> Array:
        if whole[k] <= 0:
            return np.zeros(background.size)
        weight = background**exponent * persons
        out = weight / weight.sum() * whole[k] * persons.sum() / persons
        room = 0.97 * background - shares[:, 1 - k]
        for _ in range(20):
            over = np.maximum(out - room, 0)
            out = np.minimum(out, room)
            free = np.maximum(room - out, 0) * persons
            out = out + free / max(free.sum(), 1e-12) * (over * persons).sum() / persons
        return np.asarray(out)

    for _ in range(6):
        for k in (1, 0):

            def miss(exponent: float, k: int = k) -> float:
                part = fill(k, exponent)
                sweden = 1 - part - shares[:, 1 - k]
                return dissimilarity(part * persons, sweden * persons) - goal[k]

            power[k] = _root(miss, -1.0, 4.0)
            shares[:, k] = fill(k, power[k])
    return shares


def _city_origin(figures: Figures) -> Array:
    """Return residents of the city by class of origin."""
    origin = figures.origin
    second = origin.foreign_background - origin.born_in_europe - origin.born_outside_europe
    shares = [1 - origin.foreign_background, second, origin.born_in_europe, origin.born_outside_europe]
    return rounded(np.array(shares), figures.population)


def _rental(figures: Figures, foreign: Array, persons: Array, chance: Array) -> Array:
    """Return the rental share of each area: mean, dissimilarity and correlation with origin hold."""
    bounded = np.clip(foreign, 1e-4, 1 - 1e-4)
    z = _standardised(np.log(bounded / (1 - bounded)))
    mean, uneven = figures.tenure.rental, figures.segregation.rental

    def at(mix: float) -> Array:
        return stretched(_standardised(mix * z + np.sqrt(1 - mix**2) * chance), persons, mean, uneven)

    def miss(mix: float) -> float:
        return _correlation(at(mix), foreign) - figures.segregation.tenure_origin

    return at(_root(miss, -0.999, 0.999))


def _owned(figures: Figures, rental: Array, persons: Array, z: Array, rng: np.random.Generator) -> Array:
    """Return the owned share of each area: what rental leaves is owned homes or cooperatives, seldom both."""
    lean = -0.6 * z - 1.2 * rental + rng.normal(0, 1, z.size)
    left = 1 - rental

    part = figures.tenure.owner_occupied / max(1 - figures.tenure.rental, 1e-9)
    return np.asarray(left * _level_with_mean(2.7 * lean, left * persons, min(part, 1.0)))


def _household_sizes(
    figures: Figures, owned: Array, foreign_z: Array, persons: Array, rng: np.random.Generator
) -> Array:
    """Return mean household size: larger where homes are owned or many are of foreign background (C)."""
    log = 0.10 * _standardised(owned) + 0.07 * foreign_z + rng.normal(0, 0.11, owned.size)
    size = np.exp(log)
    return np.asarray(size * float((persons / size).sum()) / figures.households)


def _names(district: Array) -> pd.DataFrame:
    """Name areas and districts by number."""
    within = np.arange(district.size) - np.searchsorted(district, district)
    return pd.DataFrame(
        {
            "deso": [f"Area {d + 1:02d}-{i + 1}" for d, i in zip(district, within, strict=True)],
            "regso_code": [f"D{d + 1:03d}" for d in district],
            "regso_name": [f"District {d + 1:02d}" for d in district],
        }
    )


def _add_households(table: pd.DataFrame, figures: Figures, persons: Array, size: Array) -> None:
    """Add households by kind."""
    n = _within(rounded(persons / size, figures.households), persons)
    shares = np.array(list(figures.household_types.model_dump().values()))
    relative = size / np.average(size, weights=persons)
    weights = n[:, None] * shares * relative[:, None] ** _KIND_BY_SIZE
    table[list(HOUSEHOLD_KINDS)] = rounded_table(weights, n, rounded(shares, figures.households))


def _within(counts: Array, most: Array) -> Array:
    """Move what exceeds an area's most to areas with room."""
    out = np.minimum(counts, most)
    while out.sum() < counts.sum():
        room = most - out
        more = rounded(room, int(counts.sum() - out.sum()))
        out += np.minimum(more, room)
    return np.asarray(out)


def _add_dwellings(table: pd.DataFrame, figures: Figures, rental: Array, owned: Array) -> None:
    """Add dwellings by tenure; every area has as many per household."""
    n = rounded(table[list(HOUSEHOLD_KINDS)].sum(axis=1).to_numpy(float), figures.dwellings)
    shares = np.array(list(figures.tenure.model_dump().values()))
    weights = np.column_stack([rental, np.maximum(1 - rental - owned, 0), owned]) * n[:, None]
    table[list(STOCK)] = rounded_table(weights, n, rounded(shares, figures.dwellings))
    table["dw_tenure_unknown"] = 0


def _add_ages(table: pd.DataFrame, figures: Figures, persons: Array, size: Array) -> None:
    """Add residents by age; those of 25-64 are kept for education and work."""
    shares = np.array(list(figures.ages.model_dump().values()))
    shares = np.append(shares, 1 - shares.sum())
    relative = size / np.average(size, weights=persons)
    weights = persons[:, None] * shares * relative[:, None] ** _AGE_BY_SIZE
    ages = rounded_table(weights, persons, rounded(shares, figures.population))
    table[list(YOUNG)] = ages[:, :5]
    table.attrs["middle"] = ages[:, 5]


def _add_education(table: pd.DataFrame, figures: Figures, lower: Array, index: Array) -> None:
    """Add education at 25-64; lower secondary as given by area."""
    middle = table.attrs.pop("middle")
    shares = np.array(list(figures.education.model_dump().values()))
    shares = np.append(shares, max(1 - shares.sum(), 0))
    n_lower = _within(rounded(lower * middle, round(shares[0] * int(middle.sum()))), middle)
    others = rounded(shares[1:], int(middle.sum() - n_lower.sum()))
    tilt = np.exp((index - index.mean())[:, None] * _EDUCATION_BY_INDEX)
    table["edu_lower_sec"] = n_lower
    table[[*EDUCATION[1:], "edu_unknown"]] = rounded_table(
        (middle - n_lower)[:, None] * shares[1:] * tilt, middle - n_lower, others
    )


def _add_work(table: pd.DataFrame, figures: Figures, unemployed: Array, index: Array) -> None:
    """Add employed and unemployed at 16-64."""
    educated = table[[*EDUCATION, "edu_unknown"]].sum(axis=1).to_numpy()
    working = np.rint(table["age_15_19"] * 0.8).to_numpy(np.int64) + table["age_20_24"].to_numpy() + educated
    employed = figures.work.employed - _JOBS_FALL / 100 * (index - np.average(index, weights=working))
    employed = np.clip(employed, 0.2, 0.95 - unemployed)
    total = int(working.sum())
    table["employed"] = rounded(employed * working, round(figures.work.employed * total))
    table["unemployed"] = rounded(unemployed * working, round(_unemployed(figures) * total))
    table["pop_16_64"] = working


def _incomes(figures: Figures, index: Array) -> Array:
    """Return median net income by area: log-linear between published percentiles, by rank of the index."""
    income = figures.income
    rank = (np.argsort(np.argsort(index, kind="stable")) + 0.5) / index.size
    points = np.log([income.p90_of_areas, income.median_of_areas, income.p10_of_areas])
    steps = np.diff(points) / 0.4
    ends = [points[0] - 0.1 * steps[0], *points, points[2] + 0.1 * steps[1]]
    return np.asarray(np.exp(np.interp(rank, [0, 0.1, 0.5, 0.9, 1], ends)))


def stretched(z: Array, persons: Array, mean: float, uneven: float) -> Array:
    """Return shares that are logistic in z, with a given mean over persons and a given dissimilarity."""

    def at(slope: float) -> Array:
        return _level_with_mean(slope * z, persons, mean)

    def miss(slope: float) -> float:
        share = at(slope)
        return dissimilarity(share * persons, (1 - share) * persons) - uneven

    return at(_root(miss, 0.0, 12.0))


def _level_with_mean(log_odds: Array, weights: Array, mean: float) -> Array:
    """Return logistic shares whose log odds are shifted alike so that their mean holds (Newton's method)."""
    if not 0 < mean < 1:
        return np.full(log_odds.size, float(mean))
    weights = weights / weights.sum()
    level = np.log(mean / (1 - mean)) - float(weights @ log_odds)
    for _ in range(60):
        share = 1 / (1 + np.exp(-np.clip(log_odds + level, -500, 500)))
        step = (float(weights @ share) - mean) / max(float(weights @ (share * (1 - share))), 1e-6)
        level -= np.clip(step, -4, 4)
        if abs(step) < 1e-10:
            break
    return np.asarray(share)


def _exponential(z: Array, persons: Array, mean: float, uneven: float) -> Array:
    """Return shares that are exponential in z, with a given mean over persons and a given dissimilarity."""

    def at(slope: float) -> Array:
        raw = np.exp(slope * z)
        return np.asarray(raw * mean / np.average(raw, weights=persons))

    return at(_root(lambda s: dissimilarity(at(s) * persons, (1 - at(s)) * persons) - uneven, 0.0, 4.0))


def dissimilarity(one: Array, other: Array) -> float:
    """Return half the sum of absolute differences of two distributions over areas; 0 if one is of nobody."""
    sums = one.sum(), other.sum()
    return float(0.5 * np.abs(one / sums[0] - other / sums[1]).sum()) if min(sums) > 0 else 0.0


def _correlation(one: Array, other: Array) -> float:
    """Return the correlation over areas; 0 if one does not vary."""
    if min(one.std(), other.std()) < 1e-9:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _root(miss: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising or falling function is nearest to 0, by bisection."""
    rises = miss(high) > miss(low)
    for _ in range(40):
        middle = (low + high) / 2
        if (miss(middle) < 0) == rises:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _standardised(values: Array) -> Array:
    """Return values with mean 0 and SD 1 over areas."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-12))


def _apart(rng: np.random.Generator, z: Array) -> Array:
    """Return chance that is uncorrelated with z."""
    noise = rng.normal(0, 1, z.size)
    return _standardised(noise - z * float((noise * z).mean()))

"""From a municipality's published figures to a table of areas that meets them all."""

from functools import lru_cache

import numpy as np
import pandas as pd

from segsim.scenario.published_figures import Figures
from segsim.synthesis.apportionment import apportion, apportion_table
from segsim.synthesis.areas.area_table import EDUCATION, HOUSEHOLD_KINDS, STOCK, YOUNG
from segsim.synthesis.areas.share_curves import (
    correlation,
    find_root,
    residualise,
    shift_to_mean,
    standardise,
    stretch_logistic,
    unevenness,
)
from segsim.synthesis.areas.socioeconomic_index import (
    assign_index,
    high_standard_shares,
    split_index,
    unemployment_share,
)
from segsim.tables import Array

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


def build_preset_table(figures: Figures) -> pd.DataFrame:
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
    return _build(figures).copy()


@lru_cache(maxsize=8)
def _build(figures: Figures) -> pd.DataFrame:
    """Make the table once for all seeds."""
    rng = np.random.default_rng(2022)
    kinds = _area_types(figures)
    persons = _populations(figures, kinds, rng)
    district = _districts(figures, kinds)
    index = assign_index(figures, kinds, district, persons)
    z = standardise(index)
    foreign_z = _ORIGIN_FOLLOWS * z + np.sqrt(1 - _ORIGIN_FOLLOWS**2) * residualise(
        _draw_normal(rng, z.size), z
    )
    background = stretch_logistic(
        standardise(foreign_z),
        persons,
        figures.origin.foreign_background,
        figures.segregation.foreign_background,
    )
    abroad = _born_abroad(figures, background, persons)
    origin = apportion_table(
        np.column_stack([1 - background, background - abroad.sum(1), abroad]) * persons[:, None],
        persons,
        _city_origin(figures),
    )
    rental = _rental_shares(figures, z, origin[:, 1:].sum(1) / persons, persons, _draw_normal(rng, z.size))
    tenure = residualise(rental, z)
    low, lower, unemployed = split_index(
        figures, index, persons, tenure, residualise(_draw_normal(rng, z.size), z, tenure)
    )
    high = high_standard_shares(figures, index, low, persons, residualise(_draw_normal(rng, z.size), z))
    owned = _owner_shares(figures, rental, persons, z, rng)
    size = _household_sizes(figures, owned, foreign_z, persons, rng)
    table = _name_areas(district)
    table["pop_total"] = persons
    table["born_sweden"] = origin[:, 0] + origin[:, 1]
    table["born_europe_exsw"], table["born_rest_world"] = origin[:, 2], origin[:, 3]
    table["swedish_background"], table["foreign_background"] = origin[:, 0], origin[:, 1:].sum(1)
    _add_households(table, figures, persons, size)
    _add_dwellings(table, figures, rental, owned)
    _add_ages(table, figures, persons, size)
    _add_education(table, figures, lower, index)
    _add_work(table, figures, unemployed, index)
    table["low_econ_std_pct"], table["high_econ_std_pct"] = 100 * low, 100 * high
    table["net_income_median_tkr"] = _incomes(figures, index)
    return table


def _area_types(figures: Figures) -> Array:
    """Return the official type (0-4 for 1-5) of each area; every type with residents has one."""
    shares = np.array(figures.segregation.area_types)
    n = apportion(shares, figures.areas)
    for t in np.flatnonzero((shares > 0.015) & (n == 0)):
        n[np.argmax(n)] -= 1
        n[t] += 1
    return np.repeat(np.arange(5), n)


def _populations(figures: Figures, kinds: Array, rng: np.random.Generator) -> Array:
    """Return residents by area: log-normal within a type, each type with its share of the population."""
    shares = np.array(figures.segregation.area_types) * (np.bincount(kinds, minlength=5) > 0)
    by_type = apportion(shares, figures.population)
    weight = np.exp(rng.normal(0, _SIZE_SPREAD, kinds.size))
    return np.concatenate(
        [apportion(weight[kinds == t], int(by_type[t])) for t in range(5) if (kinds == t).any()]
    )


def _districts(figures: Figures, kinds: Array) -> Array:
    """Return the district of each area; areas of a district are of one type."""
    areas = np.bincount(kinds, minlength=5)
    n = np.clip(apportion(areas, figures.districts), areas > 0, areas)
    parts = [np.arange(areas[t]) * n[t] // areas[t] + n[:t].sum() for t in range(5) if areas[t]]
    return np.concatenate(parts).astype(np.int64)


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
                return unevenness(part * persons, sweden * persons) - goal[k]

            power[k] = find_root(miss, -1.0, 4.0)
            shares[:, k] = fill(k, power[k])
    return shares


def _city_origin(figures: Figures) -> Array:
    """Return residents of the city by class of origin."""
    origin = figures.origin
    second = origin.foreign_background - origin.born_in_europe - origin.born_outside_europe
    shares = [1 - origin.foreign_background, second, origin.born_in_europe, origin.born_outside_europe]
    return apportion(np.array(shares), figures.population)


def _rental_shares(figures: Figures, z: Array, foreign: Array, persons: Array, chance: Array) -> Array:
    """Return the rental share of each area: mean, dissimilarity, and correlations with index and origin hold.

    Its score is a mixture of the index, of what the index does not tell of origin, and of chance; the weights
    of the first two are moved by what the correlations lack until they hold. Where no shares have both, the
    pair that lacks least is kept.
    """
    aims = figures.segregation.tenure_index, figures.segregation.tenure_origin
    rest = residualise(foreign, z)
    together = correlation(foreign, z)
    other = max(np.sqrt(1 - together**2), 0.1)
    chance = residualise(chance, z, rest)
    weights = np.array([aims[0], (aims[1] - together * aims[0]) / other])
    best, least = np.zeros(z.size), np.inf
    for _ in range(12):
        weights *= min(1.0, 0.999 / max(float(np.hypot(*weights)), 1e-9))
        left = np.sqrt(1 - float(weights @ weights))
        score = standardise(weights[0] * z + weights[1] * rest + left * chance)
        share = stretch_logistic(score, persons, figures.tenure.rental, figures.segregation.rental)
        lack = np.array([aims[0] - correlation(share, z), aims[1] - correlation(share, foreign)])
        if float(np.hypot(*lack)) < least:
            best, least = share, float(np.hypot(*lack))
        if least < 1e-6:
            break
        weights += np.array([lack[0], (lack[1] - together * lack[0]) / other])
    return best


def _owner_shares(
    figures: Figures, rental: Array, persons: Array, z: Array, rng: np.random.Generator
) -> Array:
    """Return the owned share of each area: what rental leaves is owned homes or cooperatives, seldom both."""
    lean = -0.6 * z - 1.2 * rental + rng.normal(0, 1, z.size)
    left = 1 - rental

    part = figures.tenure.owner_occupied / max(1 - figures.tenure.rental, 1e-9)
    return np.asarray(left * shift_to_mean(2.7 * lean, left * persons, min(part, 1.0)))


def _household_sizes(
    figures: Figures, owned: Array, foreign_z: Array, persons: Array, rng: np.random.Generator
) -> Array:
    """Return mean household size: larger where homes are owned or many are of foreign background (C)."""
    log = 0.10 * standardise(owned) + 0.07 * foreign_z + rng.normal(0, 0.11, owned.size)
    size = np.exp(log)
    return np.asarray(size * float((persons / size).sum()) / figures.households)


def _name_areas(district: Array) -> pd.DataFrame:
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
    n = _cap_counts(apportion(persons / size, figures.households), persons)
    shares = np.array(list(figures.household_types.model_dump().values()))
    relative = size / np.average(size, weights=persons)
    weights = n[:, None] * shares * relative[:, None] ** _KIND_BY_SIZE
    table[list(HOUSEHOLD_KINDS)] = apportion_table(weights, n, apportion(shares, figures.households))


def _cap_counts(counts: Array, most: Array) -> Array:
    """Move what exceeds an area's most to areas with room."""
    out = np.minimum(counts, most)
    while out.sum() < counts.sum():
        room = most - out
        more = apportion(room, int(counts.sum() - out.sum()))
        out += np.minimum(more, room)
    return np.asarray(out)


def _add_dwellings(table: pd.DataFrame, figures: Figures, rental: Array, owned: Array) -> None:
    """Add dwellings by tenure; every area has as many per household."""
    n = apportion(table[list(HOUSEHOLD_KINDS)].sum(axis=1).to_numpy(float), figures.dwellings)
    shares = np.array(list(figures.tenure.model_dump().values()))
    weights = np.column_stack([rental, np.maximum(1 - rental - owned, 0), owned]) * n[:, None]
    table[list(STOCK)] = apportion_table(weights, n, apportion(shares, figures.dwellings))
    table["dw_tenure_unknown"] = 0


def _add_ages(table: pd.DataFrame, figures: Figures, persons: Array, size: Array) -> None:
    """Add residents by age; those of 25-64 are kept for education and work."""
    shares = np.array(list(figures.ages.model_dump().values()))
    shares = np.append(shares, 1 - shares.sum())
    relative = size / np.average(size, weights=persons)
    weights = persons[:, None] * shares * relative[:, None] ** _AGE_BY_SIZE
    ages = apportion_table(weights, persons, apportion(shares, figures.population))
    table[list(YOUNG)] = ages[:, :5]
    table.attrs["middle"] = ages[:, 5]


def _add_education(table: pd.DataFrame, figures: Figures, lower: Array, index: Array) -> None:
    """Add education at 25-64; lower secondary as given by area."""
    middle = table.attrs.pop("middle")
    shares = np.array(list(figures.education.model_dump().values()))
    shares = np.append(shares, max(1 - shares.sum(), 0))
    n_lower = _cap_counts(apportion(lower * middle, round(shares[0] * int(middle.sum()))), middle)
    others = apportion(shares[1:], int(middle.sum() - n_lower.sum()))
    tilt = np.exp((index - index.mean())[:, None] * _EDUCATION_BY_INDEX)
    table["edu_lower_sec"] = n_lower
    table[[*EDUCATION[1:], "edu_unknown"]] = apportion_table(
        (middle - n_lower)[:, None] * shares[1:] * tilt, middle - n_lower, others
    )


def _add_work(table: pd.DataFrame, figures: Figures, unemployed: Array, index: Array) -> None:
    """Add employed and unemployed at 16-64."""
    educated = table[[*EDUCATION, "edu_unknown"]].sum(axis=1).to_numpy()
    working = np.rint(table["age_15_19"] * 0.8).to_numpy(np.int64) + table["age_20_24"].to_numpy() + educated
    employed = figures.work.employed - _JOBS_FALL / 100 * (index - np.average(index, weights=working))
    employed = np.clip(employed, 0.2, 0.95 - unemployed)
    total = int(working.sum())
    table["employed"] = apportion(employed * working, round(figures.work.employed * total))
    table["unemployed"] = apportion(unemployed * working, round(unemployment_share(figures) * total))
    table["pop_16_64"] = working


def _incomes(figures: Figures, index: Array) -> Array:
    """Return median net income by area: log-linear between published percentiles, by rank of the index."""
    income = figures.income
    rank = (np.argsort(np.argsort(index, kind="stable")) + 0.5) / index.size
    points = np.log([income.p90_of_areas, income.median_of_areas, income.p10_of_areas])
    steps = np.diff(points) / 0.4
    ends = [points[0] - 0.1 * steps[0], *points, points[2] + 0.1 * steps[1]]
    return np.asarray(np.exp(np.interp(rank, [0, 0.1, 0.5, 0.9, 1], ends)))


def _draw_normal(rng: np.random.Generator, n: int) -> Array:
    """Return a standard normal draw per area."""
    return rng.normal(0, 1, n)

"""Incomes: wages fitted until each area has its published economic standard, and the ability they tell of."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from segsim.kernels.population.families import list_members
from segsim.kernels.population.household_sums import sum_households
from segsim.kernels.work.incomes import (
    IncomeTerms,
    fill_household_incomes,
    fill_net_incomes,
    find_medians,
    find_scales,
)
from segsim.synthesis.areas.area_table import AreaCounts, sort_by_area
from segsim.tables import Activity, Array, Education, Households, Persons, Sex

LOW, HIGH = 0.6, 2.0
"""Low and high economic standard, as multiples of the national median."""
_NARROWEST, _WIDEST = 0.1, 0.62
"""Least spread of log economic standard between an area's middle and a limit, and most beyond one (C)."""
_SCALES = 0.4, 8.0
"""Least and greatest factor on a household's first wages: nobody who works a year earns next to nothing (C).
"""
_ROUNDS = 18
"""Bisections of a household's scale between these: to about 1e-5 of it."""


def fit_wages(
    persons: Persons,
    households: Households,
    area: Array,
    counts: AreaCounts,
    terms: IncomeTerms,
    national_median: float,
    year: int,
) -> None:
    """Scale each household's wages so that the areas' shares of low and high standard and median income hold.

    Households keep their rank within the area. The area's distribution of economic standard is log-normal
    between its anchors: the low and the high limit at the shares the table gives, and the middle, which is
    moved until the median net income of residents of 20 and over is the table's. A household's one scale for
    all its wages is found by bisection. Households whose income no wage can move keep theirs, and the others
    make room for them.

    Parameters
    ----------
    persons, households
        `wage`, `income` and `standard` are written to.
    area : int
        Area of each household.
    counts : AreaCounts
    terms : IncomeTerms
    national_median : float
        National median of economic standard, tkr a year.
    year : int
    """
    sum_households(persons, year, households)
    first = persons.wage.copy()
    lowest = _compute_standards(persons, households, terms, year, first * _SCALES[0])
    highest = _compute_standards(persons, households, terms, year, first * _SCALES[1])
    raw = _compute_standards(persons, households, terms, year, first)
    ranked = _rank_households(raw, lowest, highest, households.size, area, counts, national_median)
    middle = _first_middle(counts, national_median)
    grown = np.flatnonzero(year - persons.birth_year >= 20)
    logs = np.zeros(area.size)
    for _ in range(4):
        targets = _target_standards(raw, ranked, area, counts, middle, national_median)
        _find_scales(persons, households, terms, year, first, targets, logs)
        scale = np.exp(logs).astype(np.float32)
        _compute_standards(persons, households, terms, year, first * scale[persons.household])
        medians = _median_incomes(persons, grown, area, counts.n, terms, year)
        known = np.where(np.isnan(medians), counts.median, medians)
        middle *= np.clip(counts.median / np.maximum(known, 1), 0.85, 1.18)


def fit_abilities(persons: Persons, year: int, rng: np.random.Generator) -> None:
    """Let the ability of those of working age agree with what they earn, so that differences last.

    The signal is the log wage beside that of others of the same education, experience and sex, in SDs; one
    SD below the mean for those who seek work or are outside. Ability is .7 signal and the rest luck, normal
    with SD 1 over these people (C). Others' ability is luck alone.
    """
    persons.ability[:] = rng.normal(size=persons.id.size)
    at_work = persons.activity == Activity.EMPLOYED
    without = (persons.activity == Activity.UNEMPLOYED) | (persons.activity == Activity.OUTSIDE)
    rows = np.flatnonzero((at_work & (persons.wage > 0)) | without)
    if not rows.size:
        return
    employed = at_work[rows]
    signal = np.full(rows.size, -1.0)
    signal[employed] = _relative_wages(persons, rows[employed], year)
    signal = (signal - signal.mean()) / max(signal.std(), 1e-9)
    persons.ability[rows] = 0.7 * signal + np.sqrt(1 - 0.7**2) * persons.ability[rows]


def _relative_wages(persons: Persons, rows: Array, year: int) -> Array:
    """Return log wages beside those of the same education, age and sex, in SDs (least squares)."""
    age = (year - persons.birth_year[rows]).astype(float)
    terms = [persons.education[rows] == level for level in Education]
    terms += [persons.sex[rows] == Sex.WOMAN, age, age**2]
    known = np.stack(terms, 1).astype(float)
    wage = np.log(persons.wage[rows].astype(float))
    left = wage - known @ np.linalg.lstsq(known, wage, rcond=None)[0]
    return np.asarray(left / max(left.std(), 1e-9))


def _compute_standards(
    persons: Persons, households: Households, terms: IncomeTerms, year: int, wage: Array
) -> Array:
    """Write the wages, and return the economic standard of every household."""
    persons.wage[:] = wage
    fill_household_incomes(terms, persons, year, households)
    return households.standard.copy()


def _first_middle(counts: AreaCounts, national_median: float) -> Array:
    """Return a first guess of each area's median economic standard from its median net income."""
    return np.clip(counts.median * 1.02, 0.55 * national_median, 1.9 * national_median)


class _Ranked(NamedTuple):
    """Where each household stands in its area's distribution of economic standard.

    `z` is its rank in SDs, NaN in an area without persons; `section` 0 for low, 1 for middle and 2 for high
    economic standard.
    """

    z: Array
    section: Array


def _rank_households(
    raw: Array,
    lowest: Array,
    highest: Array,
    size: Array,
    area: Array,
    counts: AreaCounts,
    national_median: float,
) -> _Ranked:
    """Rank the households of each area, and divide them by the shares of low and high standard."""
    limits = LOW * national_median, HIGH * national_median
    u, section = np.full(raw.size, np.nan), np.ones(raw.size, np.int8)
    order, ends = sort_by_area(area, counts.n)
    for a in range(counts.n):
        rows = order[ends[a] : ends[a + 1]]
        rank = rows[np.argsort(raw[rows], kind="stable")]
        persons = size[rank].astype(float)
        total = persons.sum()
        if total == 0:
            continue
        can_low, can_high = lowest[rank] < limits[0], highest[rank] >= limits[1]
        must_low = highest[rank] < limits[0]
        poor = _take_in_order(must_low, can_low, persons, counts.low[a] * total)
        may_be_rich = (can_high & ~poor)[::-1]
        rich = _take_in_order(np.zeros(rank.size, bool), may_be_rich, persons[::-1], counts.high[a] * total)[
            ::-1
        ]
        below = 0.0
        for number, members in enumerate((poor, ~poor & ~rich, rich)):
            weight = persons[members]
            u[rank[members]] = (below + np.cumsum(weight) - weight / 2) / total
            section[rank[members]] = number
            below += weight.sum()
    return _Ranked(ndtri(np.clip(u, 1e-4, 1 - 1e-4)), section)


def _take_in_order(must: Array, can: Array, persons: Array, total: float) -> Array:
    """Take households in order, those that must first, until their persons come nearest to the total."""
    out = must.copy()
    lack = total - persons[must].sum()
    open_rows = np.flatnonzero(can & ~must)
    sums = np.cumsum(persons[open_rows])
    n = int(np.searchsorted(sums, lack, side="right"))
    if n < open_rows.size and lack > 0 and sums[n] - lack < lack - (sums[n - 1] if n else 0.0):
        n += 1
    out[open_rows[: max(n, 0)]] = lack > 0
    return out


def _target_standards(
    raw: Array, ranked: _Ranked, area: Array, counts: AreaCounts, middle: Array, national_median: float
) -> Array:
    """Return the economic standard each household should have, by its rank and on its side of the limits."""
    low, high = LOW * national_median, HIGH * national_median
    value = _quantile(ranked.z, area, (counts.low, counts.high, middle), (low, high))
    floors = np.array([0.2 * low, low * 1.004, high * 1.004])
    ceilings = np.array([low * 0.996, high * 0.996, 6 * high])
    value = np.clip(value, floors[ranked.section], ceilings[ranked.section])
    return np.where(np.isnan(ranked.z), raw, value)


def _quantile(
    z: Array, area: Array, shapes: tuple[Array, Array, Array], limits: tuple[float, float]
) -> Array:
    """Return the economic standard at each rank z: log-linear between its anchors, log-normal beyond.

    The anchors of an area are the limits at the shares of low and high standard, and the middle, which keeps
    off them (`shapes`, by area). Beyond the limits the spread is bounded. So few are heaped at a limit, from
    where the next year would move them.
    """
    low, high, middle = shapes
    z_low, z_high = ndtri(np.clip(low, 1e-3, 0.49)), ndtri(np.clip(1 - high, 0.51, 1 - 1e-3))
    middle = np.maximum(middle, limits[0] * np.exp(-_NARROWEST * z_low))
    middle = np.minimum(middle, limits[1] * np.exp(-_NARROWEST * z_high))
    below, above = np.log(limits[0] / middle) / z_low, np.log(limits[1] / middle) / z_high
    at_low, at_high = z_low[area], z_high[area]
    value = middle[area] * np.exp(np.where(z < 0, below[area], above[area]) * z)
    under = limits[0] * np.exp(np.minimum(below, _WIDEST)[area] * (z - at_low))
    over = limits[1] * np.exp(np.minimum(above, _WIDEST)[area] * (z - at_high))
    return np.asarray(np.where(z > at_high, over, np.where(z < at_low, under, value)))


def _find_scales(
    persons: Persons,
    households: Households,
    terms: IncomeTerms,
    year: int,
    first: Array,
    targets: Array,
    logs: Array,
) -> None:
    """Find the log of the factor on each household's wages that brings it nearest to its standard."""
    persons.wage[:] = first
    begins, member = np.empty(targets.size + 1, np.int64), np.empty(persons.id.size, np.int64)
    list_members(persons.id, persons.household, begins, member)
    bounds = np.log(_SCALES[0]), np.log(_SCALES[1])
    find_scales(terms, persons, begins, member, year, households.units, targets, bounds, _ROUNDS, logs)


def _median_incomes(
    persons: Persons, grown: Array, area: Array, n: int, terms: IncomeTerms, year: int
) -> Array:
    """Return the median net income of residents of 20 and over in each area, tkr a year."""
    income = np.empty(persons.id.size)
    fill_net_incomes(terms, persons, year, income)
    return find_medians(income[grown], area[persons.household[grown]], n)

"""Incomes: wages fitted until each area has its published economic standard, and the ability they tell of."""

import numpy as np
from scipy.special import ndtri

from segsim.kernels.population.household_sums import sum_households
from segsim.kernels.work.incomes import IncomeTerms, fill_household_incomes, fill_net_incomes
from segsim.synthesis.areas.area_table import AreaCounts, sort_by_area
from segsim.tables import Activity, Array, Education, Households, Persons, Sex

LOW, HIGH = 0.6, 2.0
"""Low and high economic standard, as multiples of the national median."""
_NARROWEST, _WIDEST = 0.1, 0.62
"""Least spread of log economic standard between an area's middle and a limit, and most beyond one (C)."""
_ROUNDS = 18
"""Bisections of a household's scale between .02 and 8: to about 1e-5 of it."""


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
    lowest = _compute_standards(persons, households, terms, year, first * 0.02)
    highest = _compute_standards(persons, households, terms, year, first * 8.0)
    raw = _compute_standards(persons, households, terms, year, first)
    middle = _first_middle(counts, national_median)
    order, ends = sort_by_area(area, counts.n)
    for _ in range(4):
        targets = np.empty(households.id.size)
        for a in range(counts.n):
            rows = order[ends[a] : ends[a + 1]]
            targets[rows] = _target_standards(
                raw[rows],
                lowest[rows],
                highest[rows],
                households.size[rows],
                (counts.low[a], counts.high[a], middle[a]),
                national_median,
            )
        scale = _find_scales(persons, households, terms, year, first, targets)
        _compute_standards(persons, households, terms, year, first * scale[persons.household])
        medians = _median_incomes(persons, area, counts.n, terms, year)
        middle *= np.clip(counts.median / np.maximum(medians, 1), 0.85, 1.18)
    _compute_standards(persons, households, terms, year, first * scale[persons.household])


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


def _target_standards(
    raw: Array,
    lowest: Array,
    highest: Array,
    size: Array,
    shape: tuple[float, float, float],
    national_median: float,
) -> Array:
    """Return the economic standard each household of one area should have."""
    low, high, middle = shape
    limits = LOW * national_median, HIGH * national_median
    rank = np.argsort(raw, kind="stable")
    persons = size[rank].astype(float)
    total = persons.sum()
    if total == 0:
        return raw
    can_low, can_high = lowest[rank] < limits[0], highest[rank] >= limits[1]
    must_low = highest[rank] < limits[0]
    poor = _take_in_order(must_low, can_low, persons, low * total)
    rich = _take_in_order(np.zeros(rank.size, bool), (can_high & ~poor)[::-1], persons[::-1], high * total)[
        ::-1
    ]
    out = np.empty(rank.size)
    sections = ((poor, -np.inf, limits[0]), (~poor & ~rich, *limits), (rich, limits[1], np.inf))
    below = 0.0
    for members, floor, ceiling in sections:
        weight = persons[members]
        u = (below + np.cumsum(weight) - weight / 2) / total
        below += weight.sum()
        out[members] = _quantile(u, low, high, middle, limits, floor, ceiling)
    targets = np.empty(rank.size)
    targets[rank] = out
    return targets


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


def _quantile(
    u: Array,
    low: float,
    high: float,
    middle: float,
    limits: tuple[float, float],
    floor: float,
    ceiling: float,
) -> Array:
    """Return the economic standard at each rank u: log-linear between its anchors, log-normal beyond.

    The anchors are the limits at the shares of low and high standard, and the middle, which keeps off them.
    Beyond the limits the spread is bounded. So few are heaped at a limit, from where the next year would
    move them.
    """
    z = ndtri(np.clip(u, 1e-4, 1 - 1e-4))
    z_low, z_high = ndtri(np.clip(low, 1e-3, 0.49)), ndtri(np.clip(1 - high, 0.51, 1 - 1e-3))
    middle = min(
        max(middle, limits[0] * np.exp(-_NARROWEST * z_low)), limits[1] * np.exp(-_NARROWEST * z_high)
    )
    below, above = np.log(limits[0] / middle) / z_low, np.log(limits[1] / middle) / z_high
    value = middle * np.exp(np.where(z < 0, below, above) * z)
    value = np.where(z < z_low, limits[0] * np.exp(min(below, _WIDEST) * (z - z_low)), value)
    value = np.where(z > z_high, limits[1] * np.exp(min(above, _WIDEST) * (z - z_high)), value)
    return np.asarray(
        np.clip(value, max(floor * 1.004, 0.2 * limits[0]), min(ceiling * 0.996, 6 * limits[1]))
    )


def _find_scales(
    persons: Persons,
    households: Households,
    terms: IncomeTerms,
    year: int,
    first: Array,
    targets: Array,
) -> Array:
    """Return, per household, the factor on its first wages that brings it nearest to the wanted standard."""
    low, high = np.full(targets.size, np.log(0.02)), np.full(targets.size, np.log(8.0))
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        standard = _compute_standards(
            persons, households, terms, year, first * np.exp(middle)[persons.household]
        )
        under = standard < targets
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray(np.exp((low + high) / 2).astype(np.float32))


def _median_incomes(persons: Persons, area: Array, n: int, terms: IncomeTerms, year: int) -> Array:
    """Return the median net income of residents of 20 and over in each area, tkr a year."""
    income = np.empty(persons.id.size)
    fill_net_incomes(terms, persons, year, income)
    grown = np.flatnonzero(year - persons.birth_year >= 20)
    where = area[persons.household[grown]]
    order = np.lexsort((income[grown], where))
    ends = np.concatenate([[0], np.cumsum(np.bincount(where, minlength=n))])
    middle = np.minimum((ends[:-1] + ends[1:]) // 2, grown.size - 1)
    return np.asarray(income[grown][order][middle])

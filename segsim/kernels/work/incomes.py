"""From wages to the disposable income of persons and households."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.tables import NONE, Activity, Array, Households, Persons

CHILD_ALLOWANCE_AGE = 16
GRANT_AGE = 20
ELDERLY_AGE = 65

_EMPLOYED = np.int8(Activity.EMPLOYED)
_UNEMPLOYED = np.int8(Activity.UNEMPLOYED)
_OUTSIDE = np.int8(Activity.OUTSIDE)
_RETIRED = np.int8(Activity.RETIRED)
_STUDENT = np.int8(Activity.STUDENT)
_LEAST_FACTOR = 1e-9  # has a logarithm
_STEPS = 6  # of the secant method; most households take two or three


class IncomeTerms(NamedTuple):
    """Taxes and transfers as kernels take them; see `IncomeRules` for the meaning of each."""

    local_tax: float
    basic_allowance: float
    elderly_allowance: float
    work_credit: float
    work_credit_cap: float
    state_tax: float
    state_threshold: float
    unemployment_rate: float
    unemployment_cap: float
    outside_rate: float
    outside_cap: float
    pension_rate: float
    pension_floor: float
    study_grant: float
    child_allowance: float
    assistance: float


@kernel
def net_income(terms: IncomeTerms, activity: int, age: int, wage: float) -> float:
    """Return one person's income after tax, before what depends on the household, tkr a year.

    gross = wage if employed, else benefit or pension as a share of the latest wage;
    tax = local_tax * (gross - allowance) - min(work_credit * wage, cap) + state_tax * (gross - threshold).
    """
    gross, credit = 0.0, 0.0
    if activity == _EMPLOYED:
        gross = wage
        # the credit is for work only: the same wage as benefit or pension is taxed harder
        credit = min(terms.work_credit * wage, terms.work_credit_cap)
    elif activity == _UNEMPLOYED:
        gross = min(terms.unemployment_rate * wage, terms.unemployment_cap)
    elif activity == _OUTSIDE:
        gross = min(terms.outside_rate * wage, terms.outside_cap)
    elif activity == _RETIRED:
        gross = max(terms.pension_rate * wage, terms.pension_floor)
    allowance = terms.elderly_allowance if age >= ELDERLY_AGE else terms.basic_allowance
    tax = terms.local_tax * max(gross - allowance, 0.0) + terms.state_tax * max(
        gross - terms.state_threshold, 0.0
    )
    income = gross - max(tax - credit, 0.0)
    if activity == _STUDENT and age >= GRANT_AGE:
        income += terms.study_grant
    return income


@kernel
def fill_net_incomes(terms: IncomeTerms, persons: Persons, year: int, out: Array) -> None:
    """Fill each person's own income after tax, tkr a year; 0 in a free row."""
    for p in range(persons.id.size):
        out[p] = 0.0
        if persons.id[p] != NONE:
            out[p] = net_income(terms, persons.activity[p], year - persons.birth_year[p], persons.wage[p])


@kernel
def fill_household_incomes(terms: IncomeTerms, persons: Persons, year: int, households: Households) -> None:
    """Fill `income` and `standard` of every household.

    income = sum of net incomes + child allowances, or social assistance's level where that is higher;
    standard = income / consumption units.

    Parameters
    ----------
    terms : IncomeTerms
    persons : Persons
    year : int
    households : Households
        `units` is read, from `sum_households`; `income` and `standard` are written to.
    """
    total = np.zeros(households.id.size)
    households.income[:] = 0.0
    households.standard[:] = 0.0
    for p in range(persons.id.size):
        if persons.id[p] != NONE:
            age = year - persons.birth_year[p]
            income = net_income(terms, persons.activity[p], age, persons.wage[p])
            if age < CHILD_ALLOWANCE_AGE:
                income += terms.child_allowance
            # single precision terms add up exactly in double precision, in whatever order they come
            total[persons.household[p]] += np.float32(income)
    for h in range(total.size):
        if households.units[h] > 0.0:
            households.income[h] = max(total[h], terms.assistance * households.units[h])
            households.standard[h] = households.income[h] / households.units[h]


class _Earners(NamedTuple):
    """A household as its scale is sought: those with a wage, what others have, and consumption units."""

    wage: Array  # float32, tkr a year
    activity: Array  # int8
    age: Array  # int64
    number: int
    base: float  # tkr a year
    units: float


class _Bracket(NamedTuple):
    """Logs of factors between which the standard reaches what is wanted: too little, and enough."""

    below: float
    above: float


@part
def _standard_at(terms: IncomeTerms, household: _Earners, factor: float) -> float:
    """Return the economic standard of a household whose earners' wages are multiplied by a factor."""
    total = household.base
    for i in range(household.number):
        wage = float(np.float32(household.wage[i] * factor))
        income = net_income(terms, household.activity[i], household.age[i], wage)
        if household.age[i] < CHILD_ALLOWANCE_AGE:
            income += terms.child_allowance
        total += float(np.float32(income))
    income_of_all = np.float32(max(total, terms.assistance * household.units))
    return float(np.float32(income_of_all / household.units))


@part
def _narrow(bracket: _Bracket, log_factor: float, is_below: bool) -> _Bracket:
    """Return a bracket with one more factor known; a higher factor never gives a lower standard."""
    if is_below:
        return _Bracket(max(bracket.below, log_factor), bracket.above)
    return _Bracket(bracket.below, min(bracket.above, log_factor))


@part
def _leaf_of(bounds: tuple[float, float], rounds: int, log_factor: float) -> tuple[float, float]:
    """Return the interval that halving the bounds ends with, where a factor lies."""
    low, high = bounds
    for _ in range(rounds):
        middle = (low + high) / 2.0
        is_low = middle <= log_factor
        low, high = (middle if is_low else low), (high if is_low else middle)
    return low, high


@part
def _approach(
    terms: IncomeTerms,
    household: _Earners,
    target: float,
    bounds: tuple[float, float],
    rounds: int,
    guess: float,
) -> tuple[_Bracket, float]:
    """Return a bracket about the factor wanted, and what is nearest to it, by the secant method from a guess.

    The standard is made of straight pieces in the factor, so that two steps on one piece are enough.
    """
    bracket = _Bracket(-np.inf, np.inf)
    width = (bounds[1] - bounds[0]) / 2.0**rounds
    at = min(max(guess, bounds[0]), bounds[1])
    factor = np.exp(at)
    standard = _standard_at(terms, household, factor)
    bracket = _narrow(bracket, at, standard < target)
    following = at + min(max(np.log(target / standard), -1.0), 1.0)
    for _ in range(_STEPS):
        following = min(max(following, bounds[0]), bounds[1])
        if not abs(following - at) > width / 4.0 or not bracket.below < following < bracket.above:
            break
        standard_before, factor_before = standard, factor
        at, factor = following, np.exp(following)
        standard = _standard_at(terms, household, factor)
        bracket = _narrow(bracket, at, standard < target)
        slope = (standard - standard_before) / (factor - factor_before)
        if not slope > 0.0:
            break
        following = np.log(max(factor + (target - standard) / slope, _LEAST_FACTOR))
    return bracket, following


@part
def _find_scale(
    terms: IncomeTerms,
    household: _Earners,
    target: float,
    bounds: tuple[float, float],
    rounds: int,
    guess: float,
) -> float:
    """Return the log of the factor that halving the bounds leads to."""
    bracket, near = _approach(terms, household, target, bounds, rounds, guess)
    low, high = _leaf_of(bounds, rounds, near)
    for edge in (low, high):
        if bracket.below < edge < bracket.above:
            bracket = _narrow(bracket, edge, _standard_at(terms, household, np.exp(edge)) < target)
    if low <= bracket.below and bracket.above <= high:
        return (low + high) / 2.0
    low, high = bounds
    for _ in range(rounds):
        middle = (low + high) / 2.0
        if bracket.below < middle < bracket.above:
            bracket = _narrow(bracket, middle, _standard_at(terms, household, np.exp(middle)) < target)
        low, high = (middle, high) if middle <= bracket.below else (low, middle)
    return (low + high) / 2.0


@kernel
def find_scales(
    terms: IncomeTerms,
    persons: Persons,
    first: Array,
    member: Array,
    year: int,
    units: Array,
    targets: Array,
    bounds: tuple[float, float],
    rounds: int,
    out: Array,
) -> None:
    """Find the factor on all wages of each household that brings it to an economic standard, by bisection.

    The result is that of halving without a guess, so that the guess decides nothing but the time it takes.

    Parameters
    ----------
    persons : Persons
        `wage` holds the first wages.
    first, member : int arrays
        `member[first[h]:first[h + 1]]` are the persons of household h.
    units : float32 (households,)
        Consumption units.
    targets : float64 (households,)
        Economic standards wanted, tkr a year.
    bounds : tuple of float
        Logs of the least and the greatest factor.
    rounds : int
        Halvings of the distance between the bounds.
    out : float64 (households,), in and out
        Logs of the factors; before, guesses at them.
    """
    most = max(np.diff(first).max(), 1) if targets.size else 1
    wage, activity, ages = np.empty(most, np.float32), np.empty(most, np.int8), np.empty(most, np.int64)
    for h in range(targets.size):
        base, n = 0.0, 0
        for p in member[first[h] : first[h + 1]]:
            age = year - persons.birth_year[p]
            if persons.wage[p] > 0.0:
                wage[n], activity[n], ages[n] = persons.wage[p], persons.activity[p], age
                n += 1
                continue
            # no factor moves the income of who has no wage
            income = net_income(terms, persons.activity[p], age, persons.wage[p])
            if age < CHILD_ALLOWANCE_AGE:
                income += terms.child_allowance
            base += float(np.float32(income))
        low, high = bounds
        if not units[h] > 0.0:  # nobody, whose standard is 0
            out[h] = sum(_leaf_of(bounds, rounds, high if targets[h] > 0.0 else low)) / 2.0
            continue
        household = _Earners(wage, activity, ages, n, base, float(units[h]))
        out[h] = _find_scale(terms, household, targets[h], bounds, rounds, out[h])


@kernel
def find_medians(values: Array, place: Array, n_places: int) -> Array:
    """Return the middle value of each place, the upper one of two; NaN where there is none."""
    ends = np.zeros(n_places + 1, np.int64)
    for p in place:
        ends[p + 1] += 1
    ends = np.cumsum(ends)
    at, sorted_values = ends[:-1].copy(), np.empty(values.size)
    for i in range(values.size):
        sorted_values[at[place[i]]] = values[i]
        at[place[i]] += 1
    out = np.full(n_places, np.nan)
    for k in range(n_places):
        n = ends[k + 1] - ends[k]
        if n > 0:
            out[k] = np.partition(sorted_values[ends[k] : ends[k + 1]], n // 2)[n // 2]
    return out

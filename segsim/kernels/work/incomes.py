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


@part
def _standard_at(
    terms: IncomeTerms, persons: Persons, earners: Array, year: int, base: float, units: float, factor: float
) -> float:
    """Return the economic standard of a household whose earners' wages are multiplied by a factor."""
    total = base
    for p in earners:
        wage = float(np.float32(persons.wage[p] * factor))
        age = year - persons.birth_year[p]
        income = net_income(terms, persons.activity[p], age, wage)
        if age < CHILD_ALLOWANCE_AGE:
            income += terms.child_allowance
        total += float(np.float32(income))
    income_of_all = np.float32(max(total, terms.assistance * units))
    return float(np.float32(income_of_all / units))


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
    out : float64 (households,), out
        Logs of the factors.
    """
    earners = np.empty(max(persons.id.size, 1), np.int64)
    for h in range(targets.size):
        base, n = 0.0, 0
        for p in member[first[h] : first[h + 1]]:
            if persons.wage[p] > 0.0:
                earners[n] = p
                n += 1
                continue
            # no factor moves the income of who has no wage
            age = year - persons.birth_year[p]
            income = net_income(terms, persons.activity[p], age, persons.wage[p])
            if age < CHILD_ALLOWANCE_AGE:
                income += terms.child_allowance
            base += float(np.float32(income))
        low, high = bounds
        for _ in range(rounds):
            middle = (low + high) / 2.0
            standard = 0.0
            if units[h] > 0.0:
                factor = np.exp(middle)
                standard = _standard_at(terms, persons, earners[:n], year, base, units[h], factor)
            if standard < targets[h]:
                low = middle
            else:
                high = middle
        out[h] = (low + high) / 2.0


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

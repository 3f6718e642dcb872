"""From wages to the disposable income of persons and households."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel
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

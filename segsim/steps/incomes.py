"""Household sums and disposable incomes, made anew whenever persons or wages have changed."""

import numpy as np

from segsim.kernels.households import household_sums
from segsim.kernels.incomes import IncomeTerms, household_incomes
from segsim.rules.incomes import IncomeRules
from segsim.steps.moment import Moment


def terms_of(rules: IncomeRules) -> IncomeTerms:
    """Return taxes and transfers as kernels take them."""
    return IncomeTerms(**{name: float(getattr(rules, name)) for name in IncomeTerms._fields})


def recount(moment: Moment) -> None:
    """Fill every household column that is a sum over its persons, incomes included."""
    tables = moment.tables
    units = np.zeros(tables.households.id.size, np.float32)
    household_sums(tables.persons, moment.year, tables.households, units)
    terms = terms_of(moment.rules.work.incomes)
    household_incomes(terms, tables.persons, moment.year, units, tables.households)

"""Household sums and disposable incomes, made anew whenever persons or wages have changed."""

from segsim.kernels.population.household_sums import sum_households
from segsim.kernels.work.incomes import IncomeTerms, fill_household_incomes
from segsim.rules.incomes import IncomeRules
from segsim.state import CityState


def income_terms(rules: IncomeRules) -> IncomeTerms:
    """Return taxes and transfers as kernels take them."""
    return IncomeTerms(**{name: float(getattr(rules, name)) for name in IncomeTerms._fields})


def recount_households(state: CityState) -> None:
    """Fill every household column that is a sum over its persons, incomes included."""
    sum_households(state.tables.persons, state.year, state.tables.households)
    recount_incomes(state)


def recount_incomes(state: CityState) -> None:
    """Fill the incomes and standards of households whose members were counted this year."""
    terms = income_terms(state.rules.work.incomes)
    fill_household_incomes(terms, state.tables.persons, state.year, state.tables.households)

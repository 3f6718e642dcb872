"""Incomes agree with the plain-Python version and with cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segsim.kernels.population.families import list_members
from segsim.kernels.work.incomes import (
    IncomeTerms,
    fill_household_incomes,
    fill_net_incomes,
    find_scales,
    net_income,
)
from segsim.rules.incomes import IncomeRules
from segsim.tables import NONE, Activity, Households, Persons, build_table
from tests.reference import incomes as reference

YEAR = 2022
TERMS = IncomeTerms(**IncomeRules().model_dump())

person = st.tuples(
    st.integers(0, 3), st.integers(0, 99), st.sampled_from(list(Activity)), st.floats(0, 1500, width=32)
)


def build_persons(rows):
    """Return persons of the household, age, activity and wage in each row."""
    household, age, activity, wage = (np.array(column) for column in zip(*rows, strict=True))
    return build_table(
        Persons,
        len(rows),
        id=np.arange(len(rows)),
        household=household,
        birth_year=YEAR - age,
        activity=activity,
        wage=wage,
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(person, min_size=1, max_size=20))
def test_incomes__agree_with_plain_python(rows):
    persons, n = build_persons(rows), len(rows)
    persons.id[-1] = NONE if n > 2 else persons.id[-1]
    households = build_table(Households, 5, id=np.arange(5))
    households.units[:] = [1.0, 1.51, 2.03, 1.0, 0.0]
    fill_household_incomes(TERMS, persons, YEAR, households)
    expected = reference.fill_household_incomes(TERMS, persons, YEAR, households.units)
    for h, (income, standard) in enumerate(expected):
        assert households.income[h] == pytest.approx(income, rel=1e-4, abs=1e-3)
        assert households.standard[h] == pytest.approx(standard, rel=1e-4, abs=1e-3)
    own = np.empty(n)
    fill_net_incomes(TERMS, persons, YEAR, own)
    for p in range(n - 1):
        _, age, activity, _ = rows[p]
        expected = reference.net_income(TERMS, activity, age, float(persons.wage[p]))
        assert own[p] == pytest.approx(expected, rel=1e-4, abs=1e-3)


def test_net_income__employed_at_300_by_hand():
    """300 - .3224 * (300 - 20) + .09 * 300 = 236.7."""
    assert net_income(TERMS, np.int8(Activity.EMPLOYED), 40, 300.0) == pytest.approx(236.73, abs=0.01)


@pytest.mark.parametrize(
    "activity", [Activity.EMPLOYED, Activity.UNEMPLOYED, Activity.OUTSIDE, Activity.RETIRED]
)
def test_net_income__never_falls_with_the_wage(activity):
    incomes = [net_income(TERMS, np.int8(activity), 50, float(w)) for w in range(0, 1500, 10)]
    assert (np.diff(incomes) >= -1e-9).all()


def test_household_income__assistance_lifts_those_without_any():
    persons = build_table(
        Persons, 1, id=[1], household=[0], birth_year=[1990], activity=[Activity.OUTSIDE], wage=[0]
    )
    households = build_table(Households, 1, id=[1], units=[1.0])
    fill_household_incomes(TERMS, persons, YEAR, households)
    assert households.standard[0] == TERMS.assistance


@settings(max_examples=40, deadline=None)
@given(
    st.lists(person, min_size=1, max_size=20),
    st.lists(st.floats(-10, 3000), min_size=4, max_size=4),
    st.floats(-4, 2.1),
)
def test_scales__are_those_of_halving_whatever_the_guess(rows, targets, guess):
    persons, n, bounds, rounds = build_persons(rows), len(rows), (np.log(0.02), np.log(8.0)), 18
    households = build_table(Households, 4, id=np.arange(4))
    is_lived_in = np.bincount(persons.household, minlength=4) > 0
    households.units[:] = np.where(is_lived_in, [1.0, 1.51, 2.03, 1.0], 0.0)
    begins, member = np.empty(5, np.int64), np.empty(n, np.int64)
    list_members(persons.id, persons.household, begins, member)
    out = np.full(4, guess)
    find_scales(
        TERMS, persons, begins, member, YEAR, households.units, np.array(targets), bounds, rounds, out
    )
    first = persons.wage.copy()

    def standard_at(h, log_factor):
        persons.wage[:] = first * np.exp(log_factor)
        fill_household_incomes(TERMS, persons, YEAR, households)
        return float(households.standard[h])

    for h in range(4):
        persons.wage[:] = first
        assert out[h] == reference.find_scale(lambda at, h=h: standard_at(h, at), targets[h], bounds, rounds)

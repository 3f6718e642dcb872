"""Household sums agree with the plain-Python version and with cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segsim.kernels.population.household_sums import consumption_units, sum_households
from segsim.tables import NONE, Households, Persons, Role, build_table
from tests.reference import households as reference

YEAR = 2022


def persons_of(rows):
    """Make a persons table of (household, age, role, group, education) rows."""
    household, age, role, group, education = (np.array(c) for c in zip(*rows, strict=True))
    return build_table(
        Persons,
        len(rows),
        id=np.arange(len(rows))[::-1] + 10,
        household=household,
        birth_year=YEAR - age,
        role=role,
        group=group,
        education=education,
    )


person = st.tuples(
    st.integers(0, 4), st.integers(0, 99), st.sampled_from([0, 1, 2]), st.integers(0, 3), st.integers(-1, 3)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(person, min_size=1, max_size=25))
def test_household_sums__agree_with_plain_python(rows):
    persons = persons_of(rows)
    persons.id[0] = NONE if len(rows) > 3 else persons.id[0]
    households = build_table(Households, 5, id=np.arange(5))
    sum_households(persons, YEAR, households)
    expected = reference.sum_households(persons, YEAR, 5)
    for h, sums in expected.items():
        assert households.units[h] == pytest.approx(sums.pop("units"), rel=1e-6)
        assert {name: getattr(households, name)[h] for name in sums} == sums
    for h in set(range(5)) - set(expected):
        assert households.size[h] == 0


def test_consumption_units__couple_with_two_children_by_the_scale_of_statistics_sweden():
    assert consumption_units(4, 2, True) == pytest.approx(1.0 + 0.51 + 0.52 + 0.42)


def test_consumption_units__single_parent_with_one_child():
    assert consumption_units(2, 1, False) == pytest.approx(1.52)


def test_head__is_the_eldest_whatever_the_role():
    persons = persons_of([(0, 40, Role.ADULT, 1, 2), (0, 70, Role.ADULT, 3, 0), (0, 5, Role.CHILD, 2, -1)])
    households = build_table(Households, 1, id=[7])
    sum_households(persons, YEAR, households)
    assert (households.group[0], households.head_birth_year[0], households.education[0]) == (3, YEAR - 70, 2)

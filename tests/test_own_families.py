"""Births, leaving home and the kinds of households are the place's own, as its first city tells them."""

from dataclasses import replace

import numpy as np
import pytest

from segsim.groups import is_foreign
from segsim.rules.origins import by_age, by_origin
from segsim.steps.anchors import settle as settle_anchors
from segsim.steps.population.aims import leaving_factors
from segsim.steps.population.composition import household_margins, household_types
from segsim.steps.population.families import find_families, read_leaving_home
from segsim.steps.population.fertility import list_mothers, read_births
from segsim.tables import NONE, Role
from tests.small_city import START, moment_of, small_city
from tests.test_demography import only, year_after


def city_of_children(n_small, n_grown, n_coming_of_age=0):
    """A city of 1 500 households in which so many at home are of 2, of 24, and of 17 years, and no others."""
    tables = small_city(1500)
    p = tables.persons
    child = np.flatnonzero((p.role == Role.CHILD) & (p.id != NONE))
    p.role[child], p.birth_year[child] = Role.ADULT, START - 60  # the rest are no children any more
    numbers = n_small, n_grown, n_coming_of_age
    for rows, age in zip(np.split(child, np.cumsum(numbers))[:3], (2, 24, 17), strict=True):
        p.role[rows], p.birth_year[rows] = Role.CHILD, START - age
    return tables


@pytest.mark.parametrize("n_small", [100, 400])
def test_births__are_a_fifth_of_those_of_0_to_4(n_small):
    """With twenty children whose number is the nation's: (n + 20) / (expected + 20) times the schedule's."""
    state = moment_of(city_of_children(n_small, 0))
    background = is_foreign(state.groups).astype(int)
    small = (state.tables.persons.birth_year == START - 2) & (state.tables.persons.id != NONE)
    there = np.bincount(background[state.tables.persons.group[small]], minlength=2)
    women = list_mothers(state, START)
    expected = 5 * np.bincount(background[women.newborn], women.rate, minlength=2)
    assert there.sum() == n_small
    assert read_births(state, START) == pytest.approx((there + 20) / (expected + 20))


def test_births__at_twice_the_schedule_are_twice_as_many():
    few, many = (
        year_after(
            city_of_children(n, 0), preferences=only(fertility=by_origin(1, 1, 1, 1), own_families=1.0)
        )
        for n in (100, 420)
    )
    times = many.anchors.births / few.anchors.births
    assert (times > 1.5).all()
    ratio = many.flows["births"] / few.flows["births"]
    assert times.min() * 0.75 < ratio < times.max() * 1.25


@pytest.mark.parametrize(("at_home", "slower"), [(20, False), (350, True)])
def test_leaving_home__is_slower_where_many_are_at_home(at_home, slower):
    state = moment_of(city_of_children(0, at_home, 90))
    times = read_leaving_home(state, START)
    assert (times < 1.0) == slower
    # thirty come of age a year and stay by the product of staying at each age from 19 to 31
    preferences = state.preferences.demography
    leaves = (by_age(preferences.leaving_home) + by_age(preferences.out_migration_from_home))[19:32]
    stay, national = (30 * np.cumprod(1 - np.minimum(1, f * leaves)).sum() for f in (times, 1.0))
    assert stay == pytest.approx(national * (at_home + 20) / (national + 20), rel=1e-6)


def test_own_families__at_0_are_the_nations():
    state = moment_of(city_of_children(300, 300, 60), preferences=only(own_families=0.0))
    assert read_births(state, START).tolist() == [1.0, 1.0]
    assert read_leaving_home(state, START) == 1.0


def test_leavers__bring_every_margin_of_households_back():
    """Too many live alone and too few in fours, too many are old: as many more, or fewer, leave of each."""
    state = moment_of(small_city(1500))
    types = household_types(state.tables, find_families(state.tables, START), START)
    anchors = settle_anchors(state)
    of_margins = household_margins(anchors.households)
    wanted = anchors.households.copy()
    wanted[types[0]] -= 10  # ten too many of a type that is there
    state.anchors = replace(anchors, households=wanted)
    rate = np.full(types.size, 0.1)
    factor = leaving_factors(state, types, rate)
    leave = household_margins(np.bincount(types, rate * factor[types], wanted.size))
    expected = (
        household_margins(np.bincount(types, rate, wanted.size)) + of_margins - household_margins(wanted)
    )
    assert leave == pytest.approx(expected, abs=0.5)

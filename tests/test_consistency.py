"""The consistency check passes a sound city and names each kind of damage."""

import numpy as np
import pytest

from segsim.tables import NONE, Activity
from tests.consistency import count_seats_taken, find_inconsistencies
from tests.six_by_six import YEAR


def test_six_by_six__is_sound_and_has_the_numbers_it_says(six_by_six):
    assert find_inconsistencies(six_by_six) == []
    assert six_by_six.persons.id.size == 65
    assert (six_by_six.persons.activity == Activity.PUPIL).sum() == 16
    assert np.bincount(six_by_six.households.size).tolist() == [0, 17, 8, 0, 8]
    assert (six_by_six.dwellings.occupant == NONE).sum() == 4
    assert six_by_six.households.lodging_with[32] == 0


def test_six_by_six__dissimilarity_by_hand(six_by_six):
    """Eight households, two of each kind, make 16 persons an area, and the lodger 17 in area 0. Area 0 is all
    foreign, 1 and 2 all Swedish; in area 3 households 25, 27, 29 and 31 are: 4 + 2 + 4 + 2 = 12 of 16."""
    persons, households = six_by_six.persons, six_by_six.households
    host = np.where(households.home == NONE, households.lodging_with, np.arange(33))
    area = six_by_six.cells.area[households.home[host]][persons.household]
    foreign = np.bincount(area[persons.group > 0], minlength=4)
    every = np.bincount(area, minlength=4)
    assert foreign.tolist() == [17, 0, 0, 12]
    assert every.tolist() == [17, 16, 16, 16]
    swedish = every - foreign
    d = 0.5 * np.abs(foreign / 29 - swedish / 36).sum()
    assert d == pytest.approx(17 / 29 + 12 / 29 - 4 / 36)


def damage_home_twice(city):
    city.dwellings.occupant[1] = city.dwellings.occupant[0]


def damage_home_unheld(city):
    city.households.home[3] = city.households.home[4]


def damage_no_roof(city):
    city.households.lodging_with[32] = NONE


def damage_chain(city):
    city.dwellings.occupant[city.households.home[5]] = NONE
    city.households.home[5] = NONE
    city.households.lodging_with[5] = 32


def damage_both(city):
    city.households.lodging_with[5] = 0


def damage_lost_person(city):
    city.persons.household[0] = 400


def damage_free_household(city):
    city.households.id[7] = NONE


def damage_size(city):
    city.households.size[2] += 1


def damage_id(city):
    city.persons.id[1] = city.persons.id[0]


def damage_pupil(city):
    city.persons.school[city.persons.activity == Activity.PUPIL] = NONE


def damage_worker(city):
    city.persons.workplace[city.persons.activity == Activity.RETIRED] = 0


def damage_jobs(city):
    city.workplaces.jobs[:] = 1


def damage_income(city):
    city.households.income[3] = np.nan


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (damage_home_twice, "dwellings.occupant"),
        (damage_home_unheld, "households.home"),
        (damage_no_roof, "neither have a home nor lodge"),
        (damage_chain, "lodge with a household that has no home"),
        (damage_both, "have a home and lodge"),
        (damage_lost_person, "persons.household"),
        (damage_free_household, "rows point at no row of households"),
        (damage_size, "households.size"),
        (damage_id, "ids are used twice"),
        (damage_pupil, "pupils have no school"),
        (damage_worker, "who are not employed have a workplace"),
        (damage_jobs, "more persons than jobs"),
        (damage_income, "households.income"),
    ],
)
def test_broken__names_the_damage(six_by_six, damage, named):
    damage(six_by_six)
    assert any(named in sentence for sentence in find_inconsistencies(six_by_six))


def test_seats_taken__counts_pupils_by_school_and_grade(six_by_six):
    taken = count_seats_taken(six_by_six, YEAR)
    assert taken.sum() == 16
    assert taken[:, [1, 4]].tolist() == [[4, 4], [4, 4]]

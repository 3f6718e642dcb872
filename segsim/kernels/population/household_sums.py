"""What a household is in sum: its size, its eldest, its education and its consumption units."""

import numpy as np

from segsim.ages import ADULT_AGE, UNIT_ADULT_AGE
from segsim.kernels.compile import kernel
from segsim.kernels.population.families import is_elder
from segsim.tables import NONE, Education, Households, Persons, Role

FIRST_ADULT = 1.0
PARTNER = 0.51
FURTHER_ADULT = 0.60
FIRST_CHILD = 0.52
FURTHER_CHILD = 0.42

_PARTNER_ROLE = np.int8(Role.PARTNER)
_LOWEST = np.int8(Education.LOWER_SECONDARY)


@kernel
def sum_households(persons: Persons, year: int, households: Households) -> None:
    """Fill every household column that is a sum over its persons.

    Fills `size`, `adults` (18 or over), `children`, `head_birth_year` and `group` (of the eldest, ties to the
    smaller id), `education` (highest among adults; lower secondary if none of them has any), and `units`,
    consumption units by Statistics Sweden's scale: first adult 1.00, a partner .51, further adults .60, first
    child .52, further children .42, where a child is under 20.

    Parameters
    ----------
    persons : Persons
    year : int
        Age is reached during this year.
    households : Households
        Written to; households without persons keep a size of 0.
    """
    n = households.id.size
    eldest = np.full(n, NONE, np.int32)
    grown = np.zeros(n, np.int16)
    paired = np.zeros(n, np.bool_)
    households.size[:] = 0
    households.adults[:] = 0
    households.children[:] = 0
    for h in range(n):
        if households.id[h] != NONE:
            households.education[h] = _LOWEST
    for p in range(persons.id.size):
        if persons.id[p] == NONE:
            continue
        h = persons.household[p]
        age = year - persons.birth_year[p]
        households.size[h] += 1
        if age >= ADULT_AGE:
            households.adults[h] += 1
            # children's education does not count, even where a pupil of 17 has finished more than a parent
            households.education[h] = max(households.education[h], persons.education[p])
        else:
            households.children[h] += 1
        if age >= UNIT_ADULT_AGE:
            grown[h] += 1
            paired[h] = paired[h] or persons.role[p] == _PARTNER_ROLE
        if is_elder(persons.birth_year, persons.id, p, eldest[h]):
            eldest[h] = p
    for h in range(n):
        if eldest[h] != NONE:
            households.head_birth_year[h] = persons.birth_year[eldest[h]]
            households.group[h] = persons.group[eldest[h]]
        households.units[h] = consumption_units(households.size[h], grown[h], paired[h])


@kernel
def consumption_units(size: int, grown: int, paired: bool) -> np.float32:
    """Return the consumption units of a household.

    Parameters
    ----------
    size : int
        Persons.
    grown : int
        Persons of 20 or over; where there is none, one person counts as the first adult.
    paired : bool
        Whether one of the grown persons is a partner.
    """
    if size == 0:
        return np.float32(0.0)
    adults = max(grown, 1)  # a household of teenagers has a first adult too
    children = size - adults
    units = FIRST_ADULT
    if adults > 1:
        units += (PARTNER if paired else FURTHER_ADULT) + FURTHER_ADULT * (adults - 2)
    if children > 0:
        units += FIRST_CHILD + FURTHER_CHILD * (children - 1)
    return np.float32(units)

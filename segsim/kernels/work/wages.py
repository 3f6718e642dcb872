"""What work pays: a Mincer equation, and luck that lasts."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.draws import Stream, normal
from segsim.tables import NONE, Array, Persons, Sex

LAST_EXPERIENCE = 40  # years; more of it neither raises nor lowers a wage

_WOMAN = np.int8(Sex.WOMAN)


class WageTerms(NamedTuple):
    """The Mincer equation; see `WorkPreferences`."""

    base: float  # log wage without experience, men with upper secondary education
    by_education: Array  # float64: log wage by education
    women: float
    experience: float
    experience_squared: float
    ability: float
    study_ends: Array  # float64: age when studies end, by education
    spread: float


@kernel
def fill_typical_wages(
    terms: WageTerms,
    year: int,
    rows: Array,
    persons: Persons,
    wage_level: Array,
    typical: Array,
    before: Array,
) -> None:
    """Write the log wages that education, experience, sex, ability and workplace let expect.

    Parameters
    ----------
    terms : WageTerms
    year : int
    rows : int64 array
        Rows of the employed.
    persons : Persons
    wage_level : float32 array, workplaces
        Log points above the Mincer wage.
    typical, before : float64 arrays, one per row
        Written to: those of this year, and those with a year's less experience.
    """
    for i in range(rows.size):
        p = rows[i]
        education = max(persons.education[p], 0)
        level = terms.base + terms.by_education[education] + terms.ability * persons.ability[p]
        if persons.sex[p] == _WOMAN:
            level += terms.women
        if persons.workplace[p] != NONE:
            level += wage_level[persons.workplace[p]]
        years = min(max(year - persons.birth_year[p] - terms.study_ends[education], 0), LAST_EXPERIENCE)
        less = max(years - 1, 0)
        typical[i] = level + terms.experience * years + terms.experience_squared * years * years
        before[i] = level + terms.experience * less + terms.experience_squared * less * less


@kernel
def set_wages(
    key: np.uint64,
    year: int,
    typical: Array,
    before: Array,
    kept: Array,
    spread: float,
    ids: Array,
    wage: Array,
) -> None:
    """Let wages follow experience, drift back to the typical, and meet luck; first wages are drawn about it.

    log w = typical + kept * (log w' - before) + sqrt(1 - kept**2) * spread * z, so that the spread about the
    typical log wage stays; log w = typical + spread * z for who has never earned (w' = 0).
    `typical` and `before` are the typical log wages of this year and, with a year's less experience, of last.
    """
    for p in range(ids.size):
        z = normal(key, Stream.WAGE, year, ids[p], 0)
        if wage[p] <= 0.0:
            wage[p] = np.exp(typical[p] + spread * z)
        else:
            # an AR(1) in logs whose spread stays what it is, whatever share of the distance is kept
            luck = np.sqrt(1.0 - kept[p] * kept[p]) * spread * z
            wage[p] = np.exp(typical[p] + kept[p] * (np.log(wage[p]) - before[p]) + luck)

"""What work pays: a Mincer equation, and a rank in the pay of one's education that lasts."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.draws import Stream, normal
from segsim.tables import NONE, Array, Persons, Sex

LAST_EXPERIENCE = 40  # years; more of it neither raises nor lowers a wage

PAY_REACH = 4.0
"""SDs of rank within an education, up and down, that a pay scale is written for; beyond it is drawn on."""
PAY_POINTS = 65

_WOMAN = np.int8(Sex.WOMAN)


class WageTerms(NamedTuple):
    """The Mincer equation and the pay scales; see `WorkPreferences` and `state.Economy`."""

    base: float  # log wage without experience, men with upper secondary education
    by_education: Array  # float64: log wage by education
    women: float
    experience: float
    experience_squared: float
    study_ends: Array  # float64: age when studies end, by education
    ability: float  # correlation of rank in pay with ability
    shared: float  # correlation of what ability does not explain, among the earners of a household
    pay: Array  # float64, educations x points: log wage above the typical, by rank; rises with it


def pay_ranks() -> Array:
    """Return the ranks that a pay scale is written for, in SDs of a normal distribution."""
    return np.linspace(-PAY_REACH, PAY_REACH, PAY_POINTS)


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
    """Write the log wages that education, experience, sex and workplace let expect.

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
        level = terms.base + terms.by_education[education]
        if persons.sex[p] == _WOMAN:
            level += terms.women
        if persons.workplace[p] != NONE:
            level += wage_level[persons.workplace[p]]
        years = min(max(year - persons.birth_year[p] - terms.study_ends[education], 0), LAST_EXPERIENCE)
        less = max(years - 1, 0)
        typical[i] = level + terms.experience * years + terms.experience_squared * years * years
        before[i] = level + terms.experience * less + terms.experience_squared * less * less


@part
def read_pay(scale: Array, rank: float) -> float:
    """Return the log pay of a rank: linear between the points of a scale, and on beyond its ends."""
    step = 2.0 * PAY_REACH / (scale.size - 1)
    at = (rank + PAY_REACH) / step
    k = int(min(max(np.floor(at), 0.0), scale.size - 2.0))
    return float(scale[k] + (at - k) * (scale[k + 1] - scale[k]))


@part
def find_rank(scale: Array, pay: float) -> float:
    """Return the rank whose log pay this is; the inverse of `read_pay`."""
    low, high = 0, scale.size - 1
    # six halvings of 65 points; the pieces at the ends are drawn on beyond them
    while high - low > 1:
        middle = (low + high) // 2
        if scale[middle] <= pay:
            low = middle
        else:
            high = middle
    step = 2.0 * PAY_REACH / (scale.size - 1)
    return float((low + (pay - scale[low]) / (scale[low + 1] - scale[low])) * step - PAY_REACH)


@kernel
def set_wages(
    key: np.uint64,
    year: int,
    terms: WageTerms,
    rows: Array,
    persons: Persons,
    n_households: int,
    typical: Array,
    before: Array,
    kept: Array,
) -> None:
    """Let wages follow experience, ranks drift back to what is expected, and meet luck.

    With r the rank in SDs, a the ability and c their correlation, log wage = typical + pay(r), where
    r = c * a + l. The luck l is drawn to that of the household's other earners, o on average, by their
    correlation b:

        l = b * o + kept * (l' - b * o) + sqrt((1 - kept**2) * (1 - b**2) * (1 - c**2)) * z.

    Of who has never earned (w' = 0), kept is 0; who earns alone has no b. So the distribution of pay stays
    the place's, whatever is kept, and partners' pay stays as alike as it is.

    Parameters
    ----------
    typical, before : float64 arrays, one per row
        The typical log wages of this year and, with a year's less experience, of last.
    kept : float64 array, one per row
        Share of the former distance from the expected luck that is kept.
    """
    former = np.full(rows.size, np.nan)
    total, earners = np.zeros(n_households), np.zeros(n_households, np.int64)
    for i in range(rows.size):
        p = rows[i]
        if persons.wage[p] > 0.0:
            rank = find_rank(terms.pay[max(persons.education[p], 0)], np.log(persons.wage[p]) - before[i])
            # a wage from elsewhere may lie far out of the place's scale: it counts as its ends, doubled
            rank = min(max(rank, -2.0 * PAY_REACH), 2.0 * PAY_REACH)
            former[i] = rank - terms.ability * persons.ability[p]
            # single precision terms add up exactly in double precision, in whatever order they come
            total[persons.household[p]] += np.float32(former[i])
            earners[persons.household[p]] += 1
    spread = np.sqrt(1.0 - terms.ability * terms.ability)
    for i in range(rows.size):
        p = rows[i]
        h, has_earned = persons.household[p], former[i] == former[i]
        own = np.float32(former[i]) if has_earned else np.float32(0.0)
        others = earners[h] - (1 if has_earned else 0)
        expected, left = 0.0, spread
        if others > 0:
            expected = terms.shared * (total[h] - own) / others
            left = spread * np.sqrt(1.0 - terms.shared * terms.shared)
        luck, keeps = expected, 0.0
        if has_earned:
            keeps = kept[i]
            luck += keeps * (former[i] - expected)
        z = normal(key, Stream.WAGE, year, persons.id[p], 0)
        luck += np.sqrt(1.0 - keeps * keeps) * left * z
        scale = terms.pay[max(persons.education[p], 0)]
        persons.wage[p] = np.exp(typical[i] + read_pay(scale, terms.ability * persons.ability[p] + luck))

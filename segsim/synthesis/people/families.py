"""Households of one area: how many persons each holds, how old they are, and their place in the household."""

from typing import NamedTuple

import numpy as np

from segsim.ages import ADULT_AGE
from segsim.synthesis.apportionment import apportion, sample_rows
from segsim.tables import Array, Role, Sex

COUPLE_CHILDREN, COUPLE, SINGLE_CHILDREN, SINGLE, OTHER = range(5)

_LEAST = np.array([3, 2, 2, 1, 2])
"""Fewest persons of a household by kind."""
_EXTRA = np.array([1.0, 1e-6, 0.6, 1e-6, 1.8])
"""Mean persons above the least, by kind, before an area's persons are met: sizes 4.0, 2, 2.6, 1 and 3.8 (C; a
regression on areas bears out the first, and with them Sweden's households of 2022 hold 1 % too many)."""
_FURTHER = np.array([1.0, 0.4, 0.1, 0.04, 0.02, 0.01, 0.005, 0.003])
"""Weight of a first, second, ... person above the least (C)."""
AT_HOME = 0.62
"""Share of residents of 18-24 who live with a parent (C)."""
_HOME_BY_AGE = np.array([0.95, 0.85, 0.7, 0.55, 0.4, 0.3, 0.25])
"""Relative frequency of living with a parent at 18, 19, ..., 24 (C)."""
_PARENT_GAP = (30.0, 4.8)
"""Mean and spread of a parent's age over that of the eldest child at home, years (C)."""
_LEAST_GAP = 17
"""Least years between a parent and a child (C)."""

_AGES_MIDDLE = np.arange(25, 65)
_UNPARENTED = np.interp(
    _AGES_MIDDLE, [25, 28, 33, 38, 46, 52, 58, 64], [1.7, 1.6, 1.0, 0.6, 0.5, 1.0, 1.6, 1.7]
)
"""Weight of an age among residents of 25-64 without children at home (C)."""
_AGES_OLD = np.arange(65, 101)
_OLD = 1 / (1 + np.exp((_AGES_OLD - 83) / 4.5))
"""Weight of an age among residents of 65 or over (C, near the national age pyramid)."""
_COUPLED = (
    [18, 22, 28, 35, 45, 52, 62, 72, 80, 88, 100],
    [0.05, 0.3, 0.6, 0.4, 0.35, 0.7, 1.0, 0.9, 0.65, 0.28, 0.1],
)
"""Odds of living as a couple, by age, among residents without children at home (C)."""
_OTHER_COUPLES = 0.75
"""Share of other households that a couple heads (C); grown children, kin and others live there too."""
_HEAD_OF_OTHER = ([18, 30, 42, 50, 62, 75, 90], [0.1, 0.2, 0.7, 1.0, 1.0, 0.4, 0.2])
"""Weight of an age among those who head other households (C)."""
_LIVES_WITH_OTHERS = ([18, 24, 26, 30, 35, 45, 80, 90], [0.6, 1.0, 0.8, 0.45, 0.3, 0.2, 0.1, 0.1])
"""Weight of an age among the grown who live in other households and head none: mostly grown children (C)."""
_OLDEST_CHILD = 34
"""Oldest who live with a parent as a child of the house (C)."""
_SINGLE_WOMAN = ([18, 30, 50, 65, 75, 85, 100], [0.47, 0.42, 0.42, 0.5, 0.6, 0.72, 0.8])
"""Share of women among those who live alone, by age (C)."""


class Block(NamedTuple):
    """The households and persons of one area; `household` points into `kind`."""

    kind: Array
    household: Array
    age: Array
    role: Array
    sex: Array


def build_block(households: Array, young: Array, middle: int, old: int, rng: np.random.Generator) -> Block:
    """Make the households and persons of one area.

    Every count is met exactly: households by kind, persons by the seven age classes.

    Parameters
    ----------
    households : int (5,)
        Couples with children, couples, single parents, singles, other households.
    young : int (5,)
        Persons of 0-4, ..., 20-24.
    middle, old : int
        Persons of 25-64, and of 65 or over.
    rng : numpy.random.Generator
    """
    kind = np.repeat(np.arange(5, dtype=np.int8), households)
    size = _sizes(kind, int(young.sum()) + middle + old, rng)
    household = np.repeat(np.arange(kind.size), size)
    place = np.arange(household.size) - np.repeat(np.cumsum(size) - size, size)
    kinds = kind[household]
    has_two = (kind == COUPLE_CHILDREN) | ((kind == OTHER) & (rng.random(kind.size) < _OTHER_COUPLES))
    parents = np.where(has_two, 2, 1)
    is_family = (kinds == COUPLE_CHILDREN) | (kinds == SINGLE_CHILDREN)
    is_child = is_family & (place >= parents[household])
    is_extra = (kinds == OTHER) & (place >= parents[household])
    is_parent = is_family & ~is_child
    age = np.full(household.size, -1, np.int64)
    at_home, in_other, rest = _split_young(
        _single_years(young, rng), int(is_child.sum()), int(is_extra.sum()), rng
    )
    lack = int(is_child.sum()) - at_home.size
    grown_children = rng.integers(25, 32, min(lack, middle))
    middle -= grown_children.size
    _place_children(age, household, is_child, np.concatenate([at_home, grown_children]), rng)
    n_parents = min(int(is_parent.sum()), middle)
    _place_parents(age, household, place, is_parent, n_parents, rng)
    extras = np.flatnonzero(is_extra & (age < 0))
    age[rng.permutation(extras)[: in_other.size]] = in_other
    pool = np.concatenate(
        [
            rest,
            _draw_ages(_AGES_MIDDLE, _UNPARENTED, middle - n_parents, rng),
            _draw_ages(_AGES_OLD, _OLD, old, rng),
        ]
    )
    _place_others(age, household, kinds, place, is_extra, pool, rng)
    is_partner = (place == 1) & ((kinds == COUPLE) | (has_two[household] & ~is_child))
    role = _roles(age, household, is_child, is_extra, is_partner)
    return Block(kind, household, age, role, _draw_sexes(age, kinds, place, is_partner, rng))


def _sizes(kind: Array, persons: int, rng: np.random.Generator) -> Array:
    """Return the size of each household, summing to the persons."""
    size = _LEAST[kind]
    short = int(size.sum()) - persons
    for weaker in (OTHER, SINGLE_CHILDREN, COUPLE_CHILDREN, COUPLE_CHILDREN, COUPLE):
        reducible = np.flatnonzero((kind == weaker) & (size > 1))[: max(short, 0)]
        size[reducible] -= 1
        short -= reducible.size
    spare = persons - int(size.sum())
    by_kind = np.bincount(kind, minlength=5)
    for k, n in enumerate(apportion(by_kind * _EXTRA, spare)):
        if n:
            rows = np.flatnonzero(kind == k)
            size[rows] += _spread_persons(rows.size, int(n), rng)
    return size


def _spread_persons(n: int, extra: int, rng: np.random.Generator) -> Array:
    """Spread persons above the least over n households."""
    depth = max(_FURTHER.size, -(-2 * extra // n))
    weights = np.concatenate([_FURTHER, np.full(depth - _FURTHER.size, _FURTHER[-1] / 2)])
    return np.asarray(sample_rows(np.tile(weights, n), extra, rng).reshape(n, depth).sum(1))


def _single_years(young: Array, rng: np.random.Generator) -> Array:
    """Return the ages of 0-24 in single years, each a fifth of its class; odd ones fall at random."""
    return np.concatenate(
        [5 * k + rng.permutation(5)[np.arange(n) % 5] for k, n in enumerate(young)] or [np.zeros(0, np.int64)]
    )


def _split_young(
    ages: Array, slots: int, extras: int, rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """Part those of 0-24 into children in families, minors in other households, and those on their own."""
    minors, grown = rng.permutation(ages[ages < 18]), rng.permutation(ages[ages >= 18])
    wish = round(AT_HOME * grown.size) - slots + minors.size
    elsewhere = int(np.clip(wish, max(minors.size - slots, 0), extras)) if extras else 0
    elsewhere = min(elsewhere, minors.size)
    children = minors[elsewhere:][:slots]
    stays = sample_rows(_HOME_BY_AGE[np.minimum(grown - 18, 6)], min(slots - children.size, grown.size), rng)
    left_over = minors[elsewhere:][slots:]
    return (
        np.concatenate([children, grown[stays]]),
        minors[:elsewhere],
        np.concatenate([left_over, grown[~stays]]),
    )


def _place_children(
    age: Array, household: Array, is_child: Array, ages: Array, rng: np.random.Generator
) -> None:
    """Put children into families so that siblings are near in age."""
    rows = np.flatnonzero(is_child)[: ages.size]
    family_age = rng.random(int(household.max(initial=0)) + 1) * 22
    wish = family_age[household[rows]] + rng.normal(0, 3.2, rows.size)
    age[rows[np.argsort(wish, kind="stable")]] = np.sort(ages)


def _place_parents(
    age: Array, household: Array, place: Array, is_parent: Array, n: int, rng: np.random.Generator
) -> None:
    """Give parents an age that fits their eldest child; at most `n` of them, all within 25-64."""
    eldest = np.zeros(int(household.max(initial=0)) + 1, np.int64)
    np.maximum.at(eldest, household, age)
    rows = np.flatnonzero(is_parent)
    rows = rows if rows.size == n else np.sort(rng.permutation(rows)[:n])
    base = rng.normal(*_PARENT_GAP, eldest.size) + eldest
    wish = base[household[rows]] + (place[rows] == 1) * rng.normal(2.0, 3.0, rows.size)
    age[rows] = np.clip(np.maximum(np.rint(wish), eldest[household[rows]] + _LEAST_GAP), 25, 64)


def _draw_ages(ages: Array, weights: Array, n: int, rng: np.random.Generator) -> Array:
    """Return n ages in proportion to the weights."""
    return np.asarray(rng.permutation(np.repeat(ages, apportion(weights, max(n, 0)))))


def _place_others(
    age: Array,
    household: Array,
    kinds: Array,
    place: Array,
    is_extra: Array,
    pool: Array,
    rng: np.random.Generator,
) -> None:
    """Give everyone without an age one from the pool: couples first, then other households, then singles."""
    without = age < 0
    minors_last = pool[
        np.argsort(-(pool + rng.random(pool.size) * 1e-3 + (pool >= 18) * 1000), kind="stable")
    ]
    grown, minors = minors_last[minors_last >= 18], minors_last[minors_last < 18]
    rows = np.flatnonzero(without)
    n_minors = min(minors.size, rows.size)
    if n_minors:
        follows = rows[np.argsort(-place[rows], kind="stable")][:n_minors]
        age[follows] = minors[:n_minors]
        without = age < 0
    couples = np.flatnonzero(without & (kinds == COUPLE))
    paired = sample_rows(np.interp(grown, *_COUPLED), couples.size, rng)
    _pair_up(age, couples, household, grown[paired], rng)
    left = grown[~paired]
    extras = np.flatnonzero((age < 0) & is_extra)
    live_with_others = sample_rows(np.interp(left, *_LIVES_WITH_OTHERS), extras.size, rng)
    extra_ages, left = left[live_with_others], left[~live_with_others]
    heads = np.flatnonzero((age < 0) & (kinds == OTHER) & ~is_extra)
    heading = sample_rows(np.interp(left, *_HEAD_OF_OTHER), heads.size, rng)
    _pair_up(age, heads, household, left[heading], rng)
    left = left[~heading]
    _join_heads(age, household, extras, extra_ages, rng)
    last = np.flatnonzero(age < 0)
    age[last] = rng.permutation(left)


def _join_heads(age: Array, household: Array, rows: Array, ages: Array, rng: np.random.Generator) -> None:
    """Hand ages to the grown who join other households, so that the older join the older heads."""
    oldest = np.zeros(int(household.max(initial=0)) + 1, np.int64)
    np.maximum.at(oldest, household, age)
    order = np.argsort(oldest[household[rows]] + rng.normal(0, 4.0, rows.size), kind="stable")
    age[rows[order]] = np.sort(ages)


def _pair_up(age: Array, rows: Array, household: Array, ages: Array, rng: np.random.Generator) -> None:
    """Hand ages to rows so that members of a household are near in age."""
    near = ages[np.argsort(ages + rng.normal(0, 2.5, ages.size), kind="stable")]
    shuffled = rng.permutation(int(household.max(initial=0)) + 1)
    age[rows[np.argsort(shuffled[household[rows]], kind="stable")]] = near


def _roles(age: Array, household: Array, is_child: Array, is_extra: Array, is_partner: Array) -> Array:
    """Return each person's Role; whoever lives with others and may be their child is one."""
    oldest = np.zeros(int(household.max(initial=0)) + 1, np.int64)
    np.maximum.at(oldest, household, age)
    may_be_child = (age <= _OLDEST_CHILD) & (oldest[household] - age >= _LEAST_GAP) | (age < ADULT_AGE)
    role = np.full(age.size, Role.ADULT, np.int8)
    role[is_partner] = Role.PARTNER
    role[is_child | (is_extra & may_be_child)] = Role.CHILD
    return role


def _draw_sexes(age: Array, kinds: Array, place: Array, is_partner: Array, rng: np.random.Generator) -> Array:
    """Return each person's Sex."""
    share_women = np.full(age.size, 0.486)
    alone = kinds == SINGLE
    share_women[alone] = np.interp(age[alone], *_SINGLE_WOMAN)
    share_women[(kinds == SINGLE_CHILDREN) & (place == 0)] = 0.77
    sex = np.where(rng.random(age.size) < share_women, Sex.WOMAN, Sex.MAN).astype(np.int8)
    second = np.flatnonzero(is_partner)
    mixed = second[rng.random(second.size) > 0.015]
    sex[mixed] = 1 - sex[mixed - 1]
    return sex

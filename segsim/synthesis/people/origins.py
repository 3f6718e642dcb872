"""Who is of which origin: exact per area, clustered in households."""

import numpy as np

from segsim.groups import Group
from segsim.synthesis.apportionment import apportion_table, assign_classes, fit_table
from segsim.synthesis.areas.area_table import EUROPE, OUTSIDE, SECOND, SWEDISH
from segsim.synthesis.people.families import Block
from segsim.tables import NONE, Array, Role

_AGE_EDGES = np.array([6, 16, 19, 25, 35, 50, 65])
"""Where the age classes of the next table begin, the first at 0."""
_BY_AGE = np.array(
    [
        [0.90, 0.90, 0.90, 0.96, 0.85, 0.90, 1.15, 1.40],
        [2.20, 1.90, 1.80, 1.40, 1.00, 0.60, 0.35, 0.15],
        [0.10, 0.30, 0.36, 0.75, 1.30, 1.40, 1.20, 1.10],
        [0.08, 0.33, 0.42, 1.00, 1.50, 1.50, 1.00, 0.50],
    ]
)
"""Relative frequency of each class of origin at 0-5, 6-15, 16-18, 19-24, 25-34, 35-49, 50-64, 65 on (C)."""

_BY_KIND = np.array([[1.0, 1.1, 1.0, 1.15, 0.7], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1.1, 0.8, 1.1, 0.8, 1.5]])
"""Relative frequency of each class of origin among the eldest of each kind of household (C)."""

HOMOGAMY = 14.0
"""Odds that a couple shares its class of origin, over chance (C; most couples do)."""
_NEAR = 3.0
"""Odds that someone born in Sweden to parents from abroad lives with someone born abroad, over chance (C)."""

_CHILD_OF = np.array(
    [
        [1.0, 0.04, 0.01, 0.01],
        [0.25, 1.0, 0.02, 0.02],
        [0.02, 1.0, 0.60, 0.02],
        [0.02, 1.0, 0.02, 0.60],
    ]
)
"""Relative frequency of a child's class of origin (columns) by the class that decides it (rows): Swedish if a
parent is of Swedish background, else that of the first parent (C, after the definition of background)."""


def assign_origins(block: Block, origin: Array, rng: np.random.Generator) -> Array:
    """Return the class of origin of each person of one area.

    Parameters
    ----------
    block : Block
    origin : int (4,)
        Persons of each class, met exactly.

    Returns
    -------
    int8 array
    """
    bracket = np.searchsorted(_AGE_EDGES, block.age, side="right")
    by_age = fit_table(_BY_AGE, origin, np.bincount(bracket, minlength=8))
    share = np.maximum((by_age / np.maximum(by_age.sum(0), 1e-9)).T, 1e-6)[bracket]
    first = np.zeros(block.age.size, bool)
    first[np.unique(block.household, return_index=True)[1]] = True
    is_child = (block.role == Role.CHILD) & ~first
    layers = (first, ~first & ~is_child, is_child)
    quotas = apportion_table(
        np.array([share[layer].sum(0) for layer in layers]),
        np.array([layer.sum() for layer in layers]),
        origin,
    )
    out = np.full(block.age.size, NONE, np.int8)
    out[first] = assign_classes(share[first] * _BY_KIND.T[block.kind[block.household[first]]], quotas[0], rng)
    head = np.zeros(block.kind.size, np.int8)
    head[block.household[first]] = out[first]
    out[layers[1]] = assign_classes(
        share[layers[1]] * _partner_odds()[head[block.household[layers[1]]]], quotas[1], rng
    )
    decides = head.copy()
    has_swedish = block.household[(out == SWEDISH) & ~is_child]
    decides[has_swedish] = SWEDISH
    out[is_child] = assign_classes(
        share[is_child] * _CHILD_OF[decides[block.household[is_child]]], quotas[2], rng
    )
    return out


def _partner_odds() -> Array:
    """Return the relative frequency of a partner's class of origin by one's own."""
    odds = np.ones((4, 4))
    odds[SECOND, EUROPE] = odds[SECOND, OUTSIDE] = odds[EUROPE, SECOND] = odds[OUTSIDE, SECOND] = _NEAR
    np.fill_diagonal(odds, HOMOGAMY)
    return odds


def assign_groups(
    classes: Array, household: Array, groups: tuple[Group, ...], shares: dict[str, float], luck: Array
) -> Array:
    """Turn classes of origin into the scenario's groups.

    Where several groups share a background and a birthplace, a household's members of that class are all of
    one group, drawn by the groups' shares (equal where none are given).

    Parameters
    ----------
    classes, household : int arrays
        Class and household of each person.
    groups : tuple of Group
    shares : dict of str to float
    luck : float array
        A uniform per household.
    """
    out = np.empty(classes.size, np.int8)
    for k in (SWEDISH, SECOND, EUROPE, OUTSIDE):
        fit = fitting_groups(k, groups)
        weights = np.array([shares.get(groups[g].name, 1.0 / len(fit)) for g in fit])
        bounds = np.cumsum(weights / weights.sum())[:-1]
        rows = classes == k
        out[rows] = np.array(fit, np.int8)[np.searchsorted(bounds, luck[household[rows]], side="right")]
    return out


def fitting_groups(k: int, groups: tuple[Group, ...]) -> list[int]:
    """Return the groups of a class of origin: its background and birthplace, else background, else all."""
    background = "swedish" if k == SWEDISH else "foreign"
    born = ("sweden", "sweden", "europe", "outside_europe")[k]
    same = [i for i, g in enumerate(groups) if g.background == background]
    exact = [i for i in same if groups[i].born == born]
    return exact or same or list(range(len(groups)))

"""From what a scenario says people want to one row of numbers per taste."""

import numpy as np
from scipy.special import ndtri

from segsim.kernels.board.layout import WANT
from segsim.kernels.choices.own_functions import check_utility, compile_utility
from segsim.kernels.choices.preference_shapes import PreferenceShape, pack_points
from segsim.kernels.draws import Stream, uniforms
from segsim.rules.board.tastes import Individual, Likeness, Taste, Utility
from segsim.steps.board.setting_numbers import DEMANDS, SHAPES
from segsim.tables import Array


def draw_wants(
    likeness: Likeness, names: list[str], group: Array, ids: Array, key: int
) -> tuple[Array, Array, Array]:
    """Return the tastes of a city.

    Parameters
    ----------
    likeness : Likeness
    names : list of str
        The groups.
    group, ids : int arrays
        Group and id of each household row; free rows have NONE.
    key : int
        The run's key.

    Returns
    -------
    taste : int32 array
        Row of `wants` of each household.
    wants : WANT array, tastes x traits
    curves : float64 array
        The points of `wants`, as `between_points` reads them, after the four numbers that `worth` writes.
    """
    taste, tastes = draw_tastes(likeness, names, group, ids, key)
    traits = ["group", *likeness.traits]
    table = [[pick_utility(taste, trait) for trait in traits] for taste in tastes]
    individual = any(u is not None and u.individual is not None for row in table for u in row)
    # a row per household only where households differ: else a few rows stay in the cache at every look
    rows = taste if individual else np.arange(len(tastes))
    wants = np.zeros((rows.size, len(traits)), WANT)
    curves = [np.zeros(4)]
    for t, row in enumerate(table):
        mine = np.flatnonzero(rows == t)
        for k, utility in enumerate(row):
            if utility is not None:
                wants[mine, k] = (*pack_utility(utility), place_values(utility, curves))
                if utility.individual is not None:
                    wants["a"][mine, k] = draw_own_values(
                        utility.individual, names, group[mine], ids[mine], key
                    )
    taste = np.arange(rows.size) if individual else taste
    return taste.astype(np.int32), wants, np.concatenate(curves)


def place_values(utility: Utility, curves: list[Array]) -> int:
    """Return the address of an own function, or where points begin, which are added to the curves."""
    if utility.function is not None:
        return compile_utility(utility.function)
    start = sum(curve.size for curve in curves)
    if utility.points:
        curves.append(pack_points(utility.points))
    return start


def refuse_failures(likeness: Likeness, curves: Array) -> None:
    """Refuse an own utility that has given no number.

    Raises
    ------
    SegsimError
        With its name and what it was asked.
    """
    if curves[0]:
        for utility in likeness.list_utilities():
            if utility.function is not None:
                check_utility(utility.function, *curves[1:4].tolist())


def draw_tastes(
    likeness: Likeness, names: list[str], group: Array, ids: Array, key: int
) -> tuple[Array, list[Taste]]:
    """Return the taste of each household, and the tastes; the last is for those no taste is meant for."""
    tastes = [*likeness.tastes.values(), Taste(utility=likeness.utility)]
    out = np.full(ids.size, len(tastes) - 1)
    if not likeness.tastes:
        return out, tastes
    # keyed by id and by no step: a household keeps its taste for good, whoever else comes or goes
    drawn = uniforms(np.uint64(key), int(Stream.TASTE_CLASS), 0, ids, 0)
    for g, name in enumerate(names):
        mine = [i for i, t in enumerate(tastes[:-1]) if not t.groups or name in t.groups]
        shares = [tastes[i].share for i in mine]
        left = 1.0 - sum(share for share in shares if share is not None)
        edge = 0.0
        for i, share in zip(mine, shares, strict=True):
            high = edge + (left if share is None else share)
            out[(group == g) & (drawn >= edge) & (drawn < high)] = i
            edge = high
    return out, tastes


def pick_utility(taste: Taste, trait: str) -> Utility | None:
    """Return what a taste wants of a trait, None if it does not look at it."""
    return taste.utility if taste.utility and trait == "group" else taste.traits.get(trait)


def pack_utility(utility: Utility) -> tuple[float, float, int, int, float, float, float, float]:
    """Return the numbers of one trait of a taste, in the order of `WANT` and all but its last."""
    shape, past = SHAPES[utility.shape], 1.0
    if utility.rounding == "nearest":
        shape = int(PreferenceShape.ROUNDED_THRESHOLD)
    if utility.past_peak is not None:
        shape, past = int(PreferenceShape.CLIFF), utility.past_peak
    return (
        utility.weight,
        utility.if_empty,
        shape,
        DEMANDS[utility.demand],
        *shape_parameters(utility),
        past,
    )


def shape_parameters(utility: Utility) -> tuple[float, float, float]:
    """Return a, b, c of `preference`."""
    if utility.shape == "threshold":
        return utility.threshold, utility.below, 0.0
    if utility.shape == "single_peaked":
        return utility.peak, utility.at_all, utility.at_none
    return float(utility.steps), 0.0, 0.0


def draw_own_values(individual: Individual, names: list[str], group: Array, ids: Array, key: int) -> Array:
    """Return the threshold or peak of each household."""
    if individual.exact or individual.distribution == "linear_tolerance":
        # in the order of ids, not of rows, so that the order of the table means nothing
        place = np.empty(ids.size)
        for g in range(len(names)):
            mine = np.flatnonzero(group == g)
            place[mine[np.argsort(ids[mine], kind="stable")]] = (np.arange(mine.size) + 0.5) / max(
                mine.size, 1
            )
    else:
        place = uniforms(np.uint64(key), int(Stream.OWN_TASTE), 0, ids, 0)
    if individual.distribution == "uniform":
        return individual.low + (individual.high - individual.low) * place
    if individual.distribution == "normal":
        # clipped before the inverse too: at a draw of exactly 0 or 1 it is infinite
        return np.clip(individual.mean + individual.sd * ndtri(np.clip(place, 1e-12, 1 - 1e-12)), 0, 1)
    # who bears a ratio r of others to own wants a share of own of at least 1 / (1 + r) (Schelling 1971)
    return 1.0 / (1.0 + individual.most_tolerant * (1.0 - place))

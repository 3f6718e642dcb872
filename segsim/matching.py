"""Matching on plain arrays: applicants who list places, and places with seats and priorities.

School seats, homes, jobs: the mechanisms that segsim's city uses, for anybody's own data. What is given is
checked, and what is wrong is one `ValueError` that names the applicant or place by its number, from 0.

Applicants are rows. `choices` says what each lists, best first: lists of place numbers, or an array padded
with -1. `priority` says what places think of applicants, the higher stands before: a number for each at each
place (applicants x places), or one for each if all places agree; -inf where a place takes an applicant not at
all. Two that a place cannot tell apart are an error: `break_ties` draws lots between them. `capacity` is the
number of seats of each place. What is returned is the place of each applicant, -1 for none.

>>> from segsim import matching
>>> choices = [[1, 0, 2], [0, 1, 2], [0, 1, 2]]
>>> priority = matching.rank_lines([[0, 2, 1], [1, 0, 2], [1, 0, 2]])
>>> matching.deferred_acceptance(choices, priority, [1, 1, 1]).tolist()
[0, 1, 2]
>>> matching.immediate_acceptance(choices, priority, [1, 1, 1]).tolist()
[1, 2, 0]
>>> matching.top_trading_cycles(choices, priority, [1, 1, 1]).tolist()
[1, 0, 2]

(Example 1 of Abdulkadiroğlu and Sönmez 2003.)
"""

import operator
from collections.abc import Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from segsim.kernels import matching as kernels
from segsim.kernels.draws import Stream, key_of, uniforms
from segsim.tables import NONE

Places: TypeAlias = npt.NDArray[np.int32]
_MOST_KINDS = 100


def deferred_acceptance(
    choices: Any, priority: Any, capacity: Any, *, kind: Any = None, reserve: Any = None, quota: Any = None
) -> Places:
    """Return the stable matching that is best for every applicant (Gale and Shapley 1962).

    Nobody gains by listing places in another order than the own.

    Parameters
    ----------
    choices, priority, capacity
        As this module says.
    kind : sequence of int, applicants, optional
        The kind of each applicant, from 0, for reserves and quotas.
    reserve : int array, places x kinds, optional
        Seats where a kind stands before all others; others fill what it leaves (Hafalir, Yenmez and Yildirim
        2013). In all no more than the seats of the place.
    quota : int array, places x kinds, optional
        Most seats of a kind; what it leaves stays empty unless another kind asks for it (Abdulkadiroğlu and
        Sönmez 2003). No less than is reserved.

    Returns
    -------
    int32 array, applicants
        The place of each, -1 where every place listed refused.

    Raises
    ------
    ValueError
        If anything given is not as said here.

    Examples
    --------
    Kojima (2012) shows that a quota for the majority can hurt the very minority it is meant for. Applicants 0
    and 1 are the majority. Without a quota the third gets what it likes best; with one seat less for the
    majority at place 0, applicant 1 goes to place 1 and takes its seat; a reserve does no harm.

    >>> from segsim import matching
    >>> choices, capacity, kind = [[0], [0, 1], [1, 0]], [2, 1], [0, 0, 1]
    >>> priority = matching.rank_lines([[0, 1, 2], [1, 2, 0]])
    >>> matching.deferred_acceptance(choices, priority, capacity).tolist()
    [0, 0, 1]
    >>> quota = [[1, 2], [1, 1]]
    >>> matching.deferred_acceptance(choices, priority, capacity, kind=kind, quota=quota).tolist()
    [0, 1, 0]
    >>> reserve = [[0, 1], [0, 0]]
    >>> matching.deferred_acceptance(choices, priority, capacity, kind=kind, reserve=reserve).tolist()
    [0, 0, 1]
    """
    market = _read_market(choices, priority, capacity)
    seats = _read_kinds(market, kind, reserve, quota)
    return kernels.deferred_acceptance(market.choices, market.priority, market.tie, market.capacity, seats)


def immediate_acceptance(
    choices: Any, priority: Any, capacity: Any, *, kind: Any = None, reserve: Any = None, quota: Any = None
) -> Places:
    """Return the matching of the Boston mechanism: seats given to first choices are never taken back.

    Who ranks a place higher stands before all who rank it lower, so that a cautious lie can pay. Parameters,
    returns and errors are those of `deferred_acceptance`.
    """
    market = _read_market(choices, priority, capacity)
    seats = _read_kinds(market, kind, reserve, quota)
    return kernels.immediate_acceptance(market.choices, market.priority, market.tie, market.capacity, seats)


def serial_dictatorship(
    choices: Any, turn: Any, capacity: Any, *, kind: Any = None, reserve: Any = None, quota: Any = None
) -> Places:
    """Return the matching where applicants choose one after the other among the seats left.

    Parameters
    ----------
    turn : sequence of float, applicants
        The lowest chooses first; no two alike.

    The others, returns and errors are those of `deferred_acceptance`.

    Examples
    --------
    >>> from segsim import matching
    >>> matching.serial_dictatorship([[0], [0, 1], [0, 1]], [3, 1, 2], [1, 2]).tolist()
    [-1, 0, 1]
    """
    turns = _read_floats(turn, "turn")
    if turns.ndim != 1:
        raise ValueError(f"turn must be one number for each applicant, not of shape {turns.shape}")
    market = _read_market(choices, -turns, capacity, name="turn")
    seats = _read_kinds(market, kind, reserve, quota)
    return kernels.serial_dictatorship(market.choices, turns, market.tie, market.capacity, seats)


def top_trading_cycles(choices: Any, priority: Any, capacity: Any) -> Places:
    """Return the matching of top trading cycles (Abdulkadiroğlu and Sönmez 2003).

    Applicants trade the seats that their priorities give them: no other matching is better for some and worse
    for none. Parameters, returns and errors are those of `deferred_acceptance`.
    """
    market = _read_market(choices, priority, capacity)
    return kernels.top_trading_cycles(market.choices, market.priority, market.tie, market.capacity)


def break_ties(
    priority: Any, seed: int, lots: Literal["single", "multiple"] = "single", n_places: int = 0
) -> Any:
    """Return priorities without ties: equal ones are put in order by lot.

    Parameters
    ----------
    priority : array_like
        Applicants x places, or one number for each applicant.
    seed : int
        From 0; the same seed gives the same lots.
    lots : {"single", "multiple"}
        One lot for each applicant, that counts at all places, or one at each place. With one lot deferred
        acceptance gives more applicants their first choice, and leaves fewer who could trade and both gain.
    n_places : int, optional
        The number of places, asked for where each draws lots and `priority` is one number for each applicant.

    Returns
    -------
    float array, applicants x places or applicants
        Whole numbers from 0, the higher stands before; -inf stays.

    Examples
    --------
    >>> from segsim import matching
    >>> matching.break_ties([[2, 0], [2, 1], [5, 0]], seed=1).tolist()
    [[0.0, 0.0], [1.0, 2.0], [2.0, 1.0]]
    """
    values = _read_priority(priority)
    key = key_of(_read_seed(seed))
    if lots not in ("single", "multiple"):
        raise ValueError(f"lots must be single or multiple, not {lots!r}")
    if lots == "multiple" and values.ndim == 1:
        if n_places < 1:
            raise ValueError("lots at each place need priority of applicants x places, or n_places")
        values = np.repeat(values[:, None], n_places, axis=1)
    columns = values.reshape(values.shape[0], -1)
    who = np.arange(columns.shape[0], dtype=np.int64)
    out = np.empty_like(columns)
    for p in range(columns.shape[1]):
        lot = uniforms(key, Stream.ADMISSION_TIE, 0, who, 0 if lots == "single" else p + 1)
        out[np.lexsort((lot, columns[:, p])), p] = who
    return np.where(np.isneginf(values), -np.inf, out.reshape(values.shape))


def rank_lines(lines: Sequence[Sequence[int]], n_applicants: int = 0) -> npt.NDArray[np.float64]:
    """Return priorities (applicants x places) from the line of each place, whom it takes, best first.

    Parameters
    ----------
    lines : sequence of sequences of int
        The numbers of applicants, for each place.
    n_applicants : int, optional
        How many there are, where the last stand in no line.

    Examples
    --------
    >>> from segsim import matching
    >>> matching.rank_lines([[1, 0], [0]])
    array([[ -1.,   0.],
           [  0., -inf]])
    """
    padded = _pad(lines, "lines", "place", "applicant")
    n = max(n_applicants, int(padded.max(initial=NONE)) + 1)
    _refuse_faults(padded, n, "lines", "applicant")
    out = np.full((n, padded.shape[0]), -np.inf)
    place, rank = np.nonzero(padded != NONE)
    out[padded[place, rank], place] = 0.0 - rank
    return out


def find_ranks(choices: Any, place: Any) -> Places:
    """Return how high each applicant listed the place it got, from 0; -1 for who has none or did not list it.

    Examples
    --------
    >>> from segsim import matching
    >>> matching.find_ranks([[1, 0], [0], [0, 1]], [0, -1, 0]).tolist()
    [1, -1, 0]
    """
    padded = _pad(choices, "choices", "applicant", "place")
    got = _read_places(place, padded.shape[0])
    is_there = (padded == got[:, None]) & (padded != NONE)
    return np.where(is_there.any(axis=1), is_there.argmax(axis=1), NONE).astype(np.int32)


def find_blocking_pairs(choices: Any, priority: Any, capacity: Any, place: Any) -> list[tuple[int, int]]:
    """Return every applicant and place that would both rather have each other; none if a matching is stable.

    The applicant lists the place above its own, and the place has a seat left or holds someone who stands
    behind. Reserves and quotas are not heeded.

    Examples
    --------
    >>> from segsim import matching
    >>> priority = matching.rank_lines([[0, 1], [0, 1]])
    >>> matching.find_blocking_pairs([[0, 1], [0, 1]], priority, [1, 1], [1, 0])
    [(0, 0)]
    """
    market = _read_market(choices, priority, capacity)
    got = _read_places(place, market.choices.shape[0], market.capacity.size)
    rank = find_ranks(market.choices, got)
    held = np.bincount(got[got != NONE], minlength=market.capacity.size)
    last = np.full(market.capacity.size, np.inf)
    has_place = np.flatnonzero(rank != NONE)
    np.minimum.at(last, got[has_place], market.priority[has_place, rank[has_place]])
    above = (
        np.arange(market.choices.shape[1]) < np.where(rank == NONE, market.choices.shape[1], rank)[:, None]
    )
    wants = above & (market.choices != NONE)
    at = np.where(wants, market.choices, 0)
    has_seat = (held < market.capacity)[at] if market.capacity.size else np.zeros_like(wants)
    is_before = market.priority > last[at] if market.capacity.size else np.zeros_like(wants)
    is_before &= market.capacity[at] > 0 if market.capacity.size else False
    return [(int(a), int(market.choices[a, j])) for a, j in np.argwhere(wants & (has_seat | is_before))]


class CheckedMarket(NamedTuple):
    """Applicants and places as the kernels take them; `priority` is of each listed place."""

    choices: Places
    priority: npt.NDArray[np.float64]
    tie: npt.NDArray[np.int64]
    capacity: Places


def _read_market(choices: Any, priority: Any, capacity: Any, name: str = "priority") -> CheckedMarket:
    """Check what is given and return it as the kernels take it."""
    seats = _read_whole(capacity, "capacity")
    if seats.ndim != 1:
        raise ValueError(f"capacity must be one number for each place, not of shape {seats.shape}")
    padded = _pad(choices, "choices", "applicant", "place")
    _refuse_faults(padded, seats.size, "choices", "place")
    values, n = _read_priority(priority, name), padded.shape[0]
    if values.shape not in ((n,), (n, seats.size)):
        raise ValueError(
            f"{name} is of shape {values.shape}, but there are {n} applicants and {seats.size} places: give "
            f"({n}, {seats.size}), or ({n},) if all places agree"
        )
    given = values[:, None] if values.ndim == 1 else values
    if np.isneginf(values).any():
        padded = _leave_out(padded, given)
    at = np.maximum(padded, 0) if values.ndim == 2 else np.zeros_like(padded)
    listed = np.take_along_axis(given, at, axis=1) if given.size else np.zeros(padded.shape)
    _refuse_ties(padded, listed, seats.size, name)
    return CheckedMarket(padded, np.ascontiguousarray(listed), np.arange(n, dtype=np.int64), seats)


def _read_kinds(market: CheckedMarket, kind: Any, reserve: Any, quota: Any) -> kernels.SeatsByKind | None:
    """Check reserves and quotas and return them; None without any."""
    if reserve is None and quota is None:
        if kind is not None:
            raise ValueError("kind says nothing without reserve or quota; give one of them")
        return None
    if kind is None:
        raise ValueError("reserve and quota need the kind of each applicant; give kind")
    n_places = market.capacity.size
    tables = {
        name: _read_whole(table, name)
        for name, table in (("reserve", reserve), ("quota", quota))
        if table is not None
    }
    for name, table in tables.items():
        if table.ndim != 2 or table.shape[0] != n_places or not 0 < table.shape[1] <= _MOST_KINDS:
            raise ValueError(
                f"{name} must be places x kinds, ({n_places}, kinds), not of shape {table.shape}"
            )
    shapes = {table.shape for table in tables.values()}
    if len(shapes) > 1:
        raise ValueError(
            f"reserve and quota must be of one shape, not {' and '.join(map(str, sorted(shapes)))}"
        )
    n_kinds = shapes.pop()[1]
    kinds = _read_whole(kind, "kind")
    if kinds.shape != market.tie.shape:
        raise ValueError(
            f"kind must be one number for each of {market.tie.size} applicants, not of shape {kinds.shape}"
        )
    if (bad := np.flatnonzero(kinds >= n_kinds)).size:
        raise ValueError(
            f"kind[{bad[0]}] is {kinds[bad[0]]}, but there are {n_kinds} kinds, 0 to {n_kinds - 1}"
        )
    least = tables.get("reserve", np.zeros((n_places, n_kinds), np.int32))
    most = tables.get("quota", np.maximum(least, market.capacity[:, None]).astype(np.int32))
    if (bad := np.flatnonzero(least.sum(axis=1) > market.capacity)).size:
        p = bad[0]
        raise ValueError(
            f"reserve[{p}] adds up to {least[p].sum()}, but place {p} has {market.capacity[p]} seats"
        )
    if (cells := np.argwhere(least > most)).size:
        p, t = cells[0]
        raise ValueError(f"reserve[{p}][{t}] is {least[p, t]}, more than its quota of {most[p, t]}")
    side = np.arange(n_kinds, dtype=np.int8)
    return kernels.SeatsByKind(kinds.astype(np.int8), least, side, most)


def _pad(lists: Any, name: str, one: str, other: str) -> Places:
    """Return lists as one array, padded with -1."""
    if isinstance(lists, np.ndarray):
        table = _read_whole(lists, name, least=NONE)
        if table.ndim != 2:
            raise ValueError(
                f"{name} must be a list of {other} numbers for each {one}, not of shape {table.shape}"
            )
        return table
    try:
        rows = [list(mine) for mine in lists]
    except TypeError:
        raise ValueError(f"{name} must be a list of {other} numbers for each {one}") from None
    lengths = np.array([len(mine) for mine in rows], np.int64)
    try:
        flat = _read_whole(list(chain.from_iterable(rows)), name, least=NONE)
    except ValueError:
        for i, mine in enumerate(rows):  # only now, to tell in which list
            _read_whole(mine, f"{name}[{i}]", least=NONE)
        raise
    if flat.ndim != 1:
        raise ValueError(f"{name} must be a list of {other} numbers for each {one}, one list deep")
    padded = np.full((len(rows), max(1, int(lengths.max(initial=0)))), NONE, np.int32)
    padded[np.arange(padded.shape[1]) < lengths[:, None]] = flat
    return padded


def _refuse_faults(padded: Places, n: int, name: str, what: str) -> None:
    """Raise if a list names what there is not, names it twice or goes on after -1."""
    row, column = kernels.find_fault(padded, n)
    if row == NONE:
        return
    value, where = padded[row, column], f"{name}[{row}][{column}]"
    if not 0 <= value < n:
        known = f"there are {n} {what}s, 0 to {n - 1}" if n else f"there are no {what}s"
        raise ValueError(f"{where} is {value}, but {known}; -1 ends a list")
    if (padded[row, :column] == NONE).any():
        raise ValueError(f"{where} is {value}, after -1 has ended the list; put -1 last")
    raise ValueError(f"{where} is {value}, which the list has already; name each {what} once")


def _refuse_ties(padded: Places, listed: npt.NDArray[np.float64], n_places: int, name: str) -> None:
    """Raise if a place cannot tell two of its applicants apart."""
    n_listings = int((padded != NONE).sum())
    start, applicant = np.empty(n_places + 1, np.int64), np.empty(n_listings, np.int32)
    values = np.empty(n_listings)
    kernels.group_by_place(padded, listed, start, applicant, values)
    for p in range(n_places):
        mine = values[start[p] : start[p + 1]]
        ordered = np.sort(mine)
        if (is_same := ordered[1:] == ordered[:-1]).any():
            same = np.flatnonzero(is_same)
            a, b = applicant[start[p] : start[p + 1]][np.flatnonzero(mine == ordered[same[0]])[:2]]
            raise ValueError(
                f"applicants {a} and {b} have the same {name} at place {p}, {abs(ordered[same[0]]):g}; break "
                "ties first, as break_ties does"
            )


def _leave_out(padded: Places, priority: npt.NDArray[np.float64]) -> Places:
    """Return lists without the places that take an applicant not at all."""
    at = np.maximum(padded, 0) if priority.shape[1] > 1 else np.zeros_like(padded)
    stays = (padded != NONE) & ~np.isneginf(np.take_along_axis(priority, at, axis=1))
    order = np.argsort(~stays, axis=1, kind="stable")
    return np.take_along_axis(np.where(stays, padded, NONE).astype(np.int32), order, axis=1)


def _read_places(place: Any, n: int, n_places: int | None = None) -> Places:
    """Return the place of each applicant, checked."""
    got = _read_whole(place, "place", least=NONE)
    if got.shape != (n,):
        raise ValueError(f"place must be one number for each of {n} applicants, not of shape {got.shape}")
    if n_places is not None and (bad := np.flatnonzero(got >= n_places)).size:
        raise ValueError(f"place[{bad[0]}] is {got[bad[0]]}, but there are {n_places} places")
    return got


def _read_priority(priority: Any, name: str = "priority") -> npt.NDArray[np.float64]:
    """Return priorities as floats, with one number for each applicant or one at each place."""
    values = _read_floats(priority, name)
    if values.ndim not in (1, 2):
        raise ValueError(
            f"{name} must be applicants x places, or one number for each, not of shape {values.shape}"
        )
    if (bad := np.argwhere(~(values < np.inf))).size:
        at = tuple(int(i) for i in bad[0])
        where = "".join(f"[{i}]" for i in at)
        raise ValueError(
            f"{name}{where} is {values[at]}; it must be a number, or -inf for who is never taken"
        )
    return values


def _read_floats(values: Any, name: str) -> npt.NDArray[np.float64]:
    """Return numbers as floats."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be numbers in rows of equal length") from None
    if array.dtype.kind not in "biuf" and array.size:
        raise ValueError(f"{name} must be numbers, not {array.dtype}")
    return array.astype(np.float64)


def _read_seed(seed: Any) -> int:
    """Return a seed that is a whole number from 0 below 2 ** 63."""
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if not 0 <= number < 2**63:
        raise ValueError(f"seed must be a whole number from 0 below 2 ** 63, not {seed!r}")
    return number


def _read_whole(values: Any, name: str, least: int = 0) -> Places:
    """Return whole numbers of at least `least`."""
    array = _read_floats(values, name) if not isinstance(values, np.ndarray) else values
    if array.dtype.kind not in "biuf" and array.size:
        raise ValueError(f"{name} must be whole numbers, not {array.dtype}")
    if array.size:
        low, high = array.min(), array.max()
        is_whole = array.dtype.kind in "iu" or bool((array == np.floor(array)).all())
        if not (is_whole and low >= least and high < np.iinfo(np.int32).max):
            is_bad = ~((array == np.floor(array)) & (array >= least) & (array < np.iinfo(np.int32).max))
            at = tuple(int(i) for i in np.argwhere(is_bad)[0])
            where = "".join(f"[{i}]" for i in at)
            raise ValueError(f"{name}{where} is {array[at]:g}; it must be a whole number of at least {least}")
    return np.array(array, np.int32, order="C")


__all__ = [
    "break_ties",
    "deferred_acceptance",
    "find_blocking_pairs",
    "find_ranks",
    "immediate_acceptance",
    "rank_lines",
    "serial_dictatorship",
    "top_trading_cycles",
]

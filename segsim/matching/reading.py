"""What callers give becomes plain arrays, or one clear `ValueError`."""

import operator
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from segsim.kernels import matching as kernels
from segsim.tables import NONE

Places: TypeAlias = npt.NDArray[np.int32]
_MOST_KINDS = 100


class CheckedMarket(NamedTuple):
    """Applicants and places as the kernels take them; `priority` is of each listed place."""

    choices: Places
    priority: npt.NDArray[np.float64]
    tie: npt.NDArray[np.int64]
    capacity: Places


def read_market(choices: Any, priority: Any, capacity: Any, name: str = "priority") -> CheckedMarket:
    """Check what is given and return it as the kernels take it."""
    seats = read_whole(capacity, "capacity")
    if seats.ndim != 1:
        raise ValueError(f"capacity must be one number for each place, not of shape {seats.shape}")
    padded = pad_lists(choices, "choices", "applicant", "place")
    refuse_faults(padded, seats.size, "choices", "place")
    values, n = read_priority(priority, name), padded.shape[0]
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


def read_kinds(market: CheckedMarket, kind: Any, reserve: Any, quota: Any) -> kernels.SeatsByKind | None:
    """Check reserves and quotas and return them; None without any."""
    if reserve is None and quota is None:
        if kind is not None:
            raise ValueError("kind says nothing without reserve or quota; give one of them")
        return None
    if kind is None:
        raise ValueError("reserve and quota need the kind of each applicant; give kind")
    n_places = market.capacity.size
    tables = {
        name: read_whole(table, name)
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
    kinds = read_whole(kind, "kind")
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


def pad_lists(lists: Any, name: str, one: str, other: str) -> Places:
    """Return lists as one array, padded with -1."""
    if isinstance(lists, np.ndarray):
        table = read_whole(lists, name, least=NONE)
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
        flat = read_whole(list(chain.from_iterable(rows)), name, least=NONE)
    except ValueError:
        for i, mine in enumerate(rows):  # only now, to tell in which list
            read_whole(mine, f"{name}[{i}]", least=NONE)
        raise
    if flat.ndim != 1:
        raise ValueError(f"{name} must be a list of {other} numbers for each {one}, one list deep")
    padded = np.full((len(rows), max(1, int(lengths.max(initial=0)))), NONE, np.int32)
    padded[np.arange(padded.shape[1]) < lengths[:, None]] = flat
    return padded


def refuse_faults(padded: Places, n: int, name: str, what: str) -> None:
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


def read_places(place: Any, n: int, n_places: int | None = None) -> Places:
    """Return the place of each applicant, checked."""
    got = read_whole(place, "place", least=NONE)
    if got.shape != (n,):
        raise ValueError(f"place must be one number for each of {n} applicants, not of shape {got.shape}")
    if n_places is not None and (bad := np.flatnonzero(got >= n_places)).size:
        raise ValueError(f"place[{bad[0]}] is {got[bad[0]]}, but there are {n_places} places")
    return got


def read_priority(priority: Any, name: str = "priority") -> npt.NDArray[np.float64]:
    """Return priorities as floats, with one number for each applicant or one at each place."""
    values = read_floats(priority, name)
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


def read_floats(values: Any, name: str) -> npt.NDArray[np.float64]:
    """Return numbers as floats."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be numbers in rows of equal length") from None
    if array.dtype.kind not in "biuf" and array.size:
        raise ValueError(f"{name} must be numbers, not {array.dtype}")
    return array.astype(np.float64)


def read_seed(seed: Any) -> int:
    """Return a seed that is a whole number from 0 below 2 ** 63."""
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if not 0 <= number < 2**63:
        raise ValueError(f"seed must be a whole number from 0 below 2 ** 63, not {seed!r}")
    return number


def read_whole(values: Any, name: str, least: int = 0) -> Places:
    """Return whole numbers of at least `least`."""
    array = read_floats(values, name) if not isinstance(values, np.ndarray) else values
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

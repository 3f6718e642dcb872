"""What a matching gave: ranks on the own lists, and pairs who would rather have each other."""

from typing import Any

import numpy as np

from segsim.matching.reading import Places, pad_lists, read_market, read_places
from segsim.tables import NONE


def find_ranks(choices: Any, place: Any) -> Places:
    """Return how high each applicant listed the place it got, from 0; -1 for who has none or did not list it.

    Examples
    --------
    >>> from segsim import matching
    >>> matching.find_ranks([[1, 0], [0], [0, 1]], [0, -1, 0]).tolist()
    [1, -1, 0]
    """
    padded = pad_lists(choices, "choices", "applicant", "place")
    got = read_places(place, padded.shape[0])
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
    market = read_market(choices, priority, capacity)
    got = read_places(place, market.choices.shape[0], market.capacity.size)
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

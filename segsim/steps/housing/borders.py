"""Municipal borders on the market for homes: whose queue one stands in, and who moves across."""

import numpy as np

from segsim.kernels.housing.vacancy_ring import NearbyRings
from segsim.state import CityState
from segsim.tables import NONE, Array


def part_by_municipality(state: CityState, point: Array, municipality: Array) -> NearbyRings:
    """Return the vacancies of each municipality on a ring of their own.

    Parameters
    ----------
    point : float array
        Point of each vacancy on the ring of all, ascending.
    municipality : int array
        Where each lies.
    """
    n = len(state.municipality_codes)
    share = state.preferences.housing.search_nearby if n > 1 else 0.0
    order = np.argsort(municipality, kind="stable").astype(np.int32)
    counts = np.bincount(municipality, minlength=n)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    # so many buckets that few hold two, and no more, so that those of a small municipality are few
    n_buckets = np.maximum(4 * counts, 1) if n > 1 else np.ones(n, np.int64)
    bucket = np.concatenate([[0], np.cumsum(n_buckets + 1)]).astype(np.int32)
    own = point[order]
    first = [
        start[m] + np.searchsorted(own[start[m] : start[m + 1]], np.arange(n_buckets[m] + 1) / n_buckets[m])
        for m in range(n)
    ]
    return NearbyRings(share, order, own, start, bucket, np.concatenate(first).astype(np.int32))


def cross_borders(state: CityState, movers: Array, origin: Array, place: Array, municipality: Array) -> None:
    """Let who has moved to another municipality stand last in its queue, and count the moves.

    Years in the queue are kept between municipalities whose queues are open to all the region.

    Parameters
    ----------
    movers, origin : int array
        Rows of the households that looked, and where they lived.
    place : int array
        The vacancy each got, NONE if none.
    municipality : int array
        Where each vacancy lies.
    """
    n = len(state.municipality_codes)
    if n == 1:
        return
    moved = np.flatnonzero(place != NONE)
    here, there = origin[moved], municipality[place[moved]]
    rows = movers[moved]
    crosses = here != there
    rows, here, there = rows[crosses], here[crosses], there[crosses]
    households = state.tables.households
    is_open = np.array([own.public_queue == "region" for own in state.housing_rules])
    starts_anew = ~(is_open[here] & is_open[there])
    households.queue_since[rows[starts_anew]] = state.year
    moves = state.local_flows.setdefault("moves", np.zeros((n, n, len(state.groups))))
    np.add.at(moves, (here, there, households.group[rows]), households.size[rows])

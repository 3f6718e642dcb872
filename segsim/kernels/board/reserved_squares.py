"""Squares reserved for groups: which pool a dwelling is in, and which groups a pool admits."""

from collections.abc import Sequence

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.draws import Stream, uniform
from segsim.tables import Array

_RESERVED = int(Stream.RESERVED)


def assign_pools(
    groups: Sequence[Sequence[str]], shares: Array, area: Array, names: Sequence[str], ids: Array, key: int
) -> tuple[Array, Array]:
    """Return the pool of each dwelling and which groups each pool admits.

    Parameters
    ----------
    groups : per reservation, the groups it is for
    shares : float64 (reservations, areas), share of an area's dwellings that each takes
    area : int64, area of each dwelling
    names : all groups
    ids : int64, ids of the dwellings
    key : the run's key

    Returns
    -------
    pool : uint8 per dwelling, 0 open to all; one element if nothing is reserved
    admits : uint8, pools x groups
        A dwelling's pool depends on its id alone, so it need not be stored.
    """
    admits = np.ones((1 + len(groups), len(names)), np.uint8)
    for i, members in enumerate(groups):
        admits[i + 1] = [name in members for name in names]
    pool = np.zeros(ids.size if groups else 1, np.uint8)
    if groups:
        reserve(np.uint64(key), ids, np.cumsum(shares, axis=0), area, pool)
    return pool, admits


@kernel
def reserve(key: np.uint64, ids: Array, edges: Array, area: Array, out: Array) -> None:
    """Draw the pool of each dwelling; `edges` are the summed shares of the pools from 1 on, by area."""
    for i in range(ids.size):
        # by the dwelling's id alone, so a pool is the same whenever it is asked
        u = uniform(key, _RESERVED, 0, ids[i], 0)
        for pool in range(edges.shape[0]):
            if u < edges[pool, area[i]]:
                out[i] = pool + 1
                break

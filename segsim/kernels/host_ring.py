"""Who takes in whom: a keyed choice among many that changes for few when one comes or goes."""

from segsim.kernels.compile import kernel, part
from segsim.tables import NONE, Array


@kernel
def can_host(household: Array, home: Array, out: Array) -> None:
    """Say of each household whether it has persons and a home.

    Parameters
    ----------
    household : int32 array, persons
        NONE for a free row.
    home : int32 array, households
    out : bool array, households
        Written to.
    """
    out[:] = False
    for p in range(household.size):
        if household[p] != NONE:
            out[household[p]] = True
    for h in range(home.size):
        out[h] = out[h] and home[h] != NONE


@part
def successor(points: Array, start: int, end: int, draw: float) -> int:
    """Return the first position from `start` to `end` whose point is at or after the draw, round the ring."""
    # by halving: rings are as many as areas and groups, too small and too many to keep tables of buckets for
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if points[middle] < draw:
            low = middle + 1
        else:
            high = middle
    return low if low < end else start


@kernel
def choose_on_ring(
    first: Array, points: Array, bucket: Array, draws: Array, avoided: Array, chosen: Array
) -> None:
    """Choose one of a bucket by a draw: the next on the bucket's ring (consistent hashing).

    Parameters
    ----------
    first : int64 array, buckets + 1
        Where each bucket begins.
    points : float64 array
        Points on the ring, in [0, 1), ascending within a bucket.
    bucket : int64 array, seekers
    draws : float64 array, seekers
        Uniform on [0, 1).
    avoided : int64 array, seekers
        Position not to be chosen, or NONE.
    chosen : int64 array, seekers
        Written to: a position, or NONE where the bucket holds no other.
    """
    for i in range(bucket.size):
        start, end = first[bucket[i]], first[bucket[i] + 1]
        chosen[i] = NONE
        if end - start == 0 or (end - start == 1 and start == avoided[i]):
            continue
        at = successor(points, start, end, draws[i])
        if at == avoided[i]:  # the next on the ring, so that all others keep their hosts
            at = at + 1 if at + 1 < end else start
        chosen[i] = at

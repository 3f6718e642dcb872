"""The ring of hashes on which vacancies stand, and who comes next on it (consistent hashing)."""

from typing import NamedTuple

from segsim.kernels.compile import part
from segsim.tables import Array


class NearbyRings(NamedTuple):
    """The vacancies of each municipality on a ring of their own, at the points they have on that of all."""

    share: float  # of the points a mover throws that are thrown on the ring of its own municipality
    vacancy: Array  # int32 (vacancies,): by municipality, then by point
    point: Array  # float64 (vacancies,): of each
    start: Array  # int32 (municipalities + 1,): where each municipality's begin
    bucket: Array  # int32 (municipalities + 1,): where each municipality's buckets begin
    first: Array  # int32 (buckets,): first place at or after each bucket's start, one bucket more for the end


class VacancyRing(NamedTuple):
    """Where the vacancies stand on a ring of hashes, so that one more or less disturbs few choice sets."""

    point: Array  # float64 (vacancies + 1,), ascending in [0, 1), and 2 at the end
    first: Array  # int32 (buckets + 1,): first vacancy at or after each bucket's start
    is_illegal: Array  # bool (vacancies,): passes outside the queue, for money
    is_local: Array  # bool (vacancies,): residents of the area come first
    allocation: Array  # int8 (vacancies,): who gets a public rental, one of `ALLOCATIONS`
    nearby: NearbyRings


@part
def vacancy_after(ring: VacancyRing, u: float) -> int:
    """Return the index of the first vacancy at or after point `u` of the ring."""
    # buckets of equal width: vacancies are seen six times faster than by halving
    i = ring.first[int(u * (ring.first.size - 1))]
    # most are one step off or none; taken without a branch, that step makes the whole ranking a tenth faster
    i += ring.point[i] < u
    while ring.point[i] < u:
        i += 1
    return i if i < ring.point.size - 1 else 0


@part
def nearby_vacancy_after(rings: NearbyRings, municipality: int, u: float) -> int:
    """Return the index of the first vacancy of a municipality that has any at or after point `u`."""
    start, end = rings.start[municipality], rings.start[municipality + 1]
    bucket, last = rings.bucket[municipality], rings.bucket[municipality + 1] - 1
    i = rings.first[bucket + int(u * (last - bucket))]
    while i < end and rings.point[i] < u:
        i += 1
    return int(rings.vacancy[i if i < end else start])

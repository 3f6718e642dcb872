"""Where schools stand of which it is known who goes there, but not quite where they are."""

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from segsim.synthesis.places.school_units import PupilHomes, spread_evenly
from segsim.tables import Array

_LIKENESS = 0.12
"""How far the shares of a school's pupils are from those who live nearest (C)."""
_KM = 1000.0
"""Way to school over which a site loses a unit of likelihood (log), m (C)."""
_TAIL = 2.0
"""How often places are far off: the log likelihood falls by this times log(1 + (distance / doubt)^2) (C)."""
_SITES, _NEAREST = 400, 300
"""Sites tried for a school, and cells around each whose pupils are looked at."""


class SchoolSites(NamedTuple):
    """The schools of a table, one entry each.

    Attributes
    ----------
    cell : int array
        Where each stands, -1 where that is looked for.
    pupils : float array
    foreign, educated : float array
        Shares of the pupils, NaN where unknown.
    east, north : float array
        Where it is said to be, m, NaN if nobody says.
    doubt : float array
        How far off that may be, m.
    """

    cell: Array
    pupils: Array
    foreign: Array
    educated: Array
    east: Array
    north: Array
    doubt: Array


def find_sites(
    schools: SchoolSites, x: Array, y: Array, homes: PupilHomes, rng: np.random.Generator
) -> Array:
    """Return the cell of each school; what stands already stays.

    A school stands where as many pupils as it has, of its kinds, live near and have no school yet, not far
    from where it is said to be. Those that stand take the nearest pupils first, then the largest looks first.
    A school of whose pupils no share is known is left at -1.
    """
    cell = schools.cell.copy()
    is_told = np.isfinite(schools.foreign) | np.isfinite(schools.educated)
    lived_in = np.flatnonzero(homes.pupils > 0)
    looks = (cell < 0) & is_told & (schools.pupils > 0)
    if not looks.any() or not lived_in.size:
        return cell
    town = _Town(x[lived_in], y[lived_in], PupilHomes(*(column[lived_in] for column in homes)))
    share = schools.pupils / max(float(schools.pupils.sum()), 1.0)
    n = share * homes.pupils.sum()
    means = [_mean(schools.pupils, column) for column in (schools.foreign, schools.educated)]
    for place, pupils in zip(cell[cell >= 0], n[cell >= 0], strict=True):
        town.take(x[place], y[place], pupils)
    sites = np.unique(spread_evenly(homes.pupils[lived_in], min(_SITES, lived_in.size), rng))
    near = town.list_near(sites)
    for s in sorted(np.flatnonzero(looks).tolist(), key=lambda s: (-n[s], s)):
        lack = town.compare(near, n[s], schools.foreign[s] - means[0], schools.educated[s] - means[1])
        if np.isfinite(schools.east[s]) and np.isfinite(schools.doubt[s]):
            away = np.hypot(town.x[sites] - schools.east[s], town.y[sites] - schools.north[s])
            lack += _TAIL * np.log1p((away / schools.doubt[s]) ** 2)
        best = sites[lack.argmin()]
        cell[s] = lived_in[best]
        town.take(town.x[best], town.y[best], n[s])
    return cell


def _mean(pupils: Array, share: Array) -> float:
    """Return the mean of what is known, weighted by pupils; 0 where nothing is."""
    known = np.isfinite(share) & (pupils > 0)
    return float(np.average(share[known], weights=pupils[known])) if known.any() else 0.0


class _Town:
    """The pupils who have no school yet, by the cells where any live."""

    def __init__(self, x: Array, y: Array, homes: PupilHomes) -> None:
        self.x, self.y = x, y
        self.left = homes.pupils.astype(np.float64)
        self._tree = cKDTree(np.column_stack([x, y]))
        total = homes.pupils.sum()
        self._mean = homes.foreign.sum() / total, homes.educated.sum() / total
        self._share = homes.foreign / homes.pupils, homes.educated / homes.pupils

    def list_near(self, sites: Array) -> tuple[Array, Array]:
        """Return the distance, m, and the cells nearest to each site (sites x cells)."""
        k = min(_NEAREST, self.x.size)
        far, at = self._tree.query(np.column_stack([self.x[sites], self.y[sites]]), k=k)
        return np.asarray(far).reshape(sites.size, k), np.asarray(at).reshape(sites.size, k)

    def take(self, x: float, y: float, n: float) -> None:
        """Let the nearest so many pupils have a school."""
        _, at = self._tree.query([x, y], k=min(_NEAREST, self.x.size))
        at = np.atleast_1d(at)
        before = np.cumsum(self.left[at]) - self.left[at]
        self.left[at] -= np.clip(n - before, 0.0, self.left[at])

    def compare(self, near: tuple[Array, Array], n: float, foreign: float, educated: float) -> Array:
        """Return how unlike a school the nearest n pupils around each site are, and how far off."""
        far, at = near
        left = self.left[at]
        before = np.cumsum(left, axis=1) - left
        taken = np.clip(n - before, 0.0, left)
        total = np.maximum(taken.sum(axis=1), 1e-9)
        lack = (taken * far).sum(axis=1) / total / _KM + (n - taken.sum(axis=1)) / n * far[:, -1] / _KM
        for share, of, mean in (
            (foreign, self._share[0], self._mean[0]),
            (educated, self._share[1], self._mean[1]),
        ):
            if np.isfinite(share):
                there = (taken * of[at]).sum(axis=1) / total - mean
                lack += ((there - share) / _LIKENESS) ** 2 / 2
        return np.asarray(lack)

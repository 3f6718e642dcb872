"""Space: who lives near whom on a grid of cells, rows x cols x groups.

Distances are in cell sides between centres, on a plane without wrap-around. Empty cells hold nobody and are
nobody's neighbours. State the cell side with every value.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from segsim.indices.evenness import dissimilarity_vs_rest
from segsim.indices.inputs.numbers import (
    Floats,
    Integers,
    as_flag,
    as_floats,
    as_number,
    as_whole_number,
    check_choice,
    ratio,
    refuse_fractions,
    refuse_infinite,
)
from segsim.indices.inputs.tables import as_grid
from segsim.kernels.indices import local_environment as kernels
from segsim.kernels.indices import nearest_neighbours
from segsim.kernels.indices.nearest_neighbours import RingRule

CONTIGUITY = ("queen", "rook")
DECAYS = ("biweight", "uniform", "exponential")


def nearest_exposure(grid: Any, k: int, ego: str = "exclude", last_ring: str = "pro_rata") -> Floats:
    """Return exposure among the k nearest people.

    Parameters
    ----------
    grid : array_like
        People, rows x cols x groups; whole persons where `ego` is excluded.
    k : int
        Size of the neighbourhood in people.
    ego : {"exclude", "include"}
        Whether a person counts among the own neighbours. With one household per cell and k of 4 to 8 it alone
        moves isolation by up to 1 / k.
    last_ring : {"pro_rata", "whole"}
        Rings of equal distance are added outwards until k are reached; the last enters in proportion, so that
        exactly k are counted, or whole. Whole with "include" is EquiPop's older rule; pro rata with "include"
        its newer.

    Returns
    -------
    ndarray
        Row a, column b: the mean share of group b among the k nearest of group a's members, from 0 to 1. The
        row of an absent group is NaN.

    Raises
    ------
    ValueError
        If the grid has fewer than k people, or k others where ego is excluded; `nearest_profile`, of many
        sizes, has NaN there.

    References
    ----------
    Östh, Malmberg and Andersson (2014), EquiPop; Hennerdal and Nielsen (2017).
    """
    cells = as_grid(grid)
    profile = nearest_profile(cells, [k], ego, last_ring)
    others = int(cells.sum()) - (ego == "exclude")
    if k > others > 0:
        counted = "others beside a person" if ego == "exclude" else "people"
        raise ValueError(f"k is {k}, but the grid has {others} {counted}; give a k of at most {others}")
    return np.asarray(profile[0])


def nearest_profile(
    grid: Any, sizes: Sequence[int], ego: str = "exclude", last_ring: str = "pro_rata"
) -> Floats:
    """Return `nearest_exposure` for several sizes in one walk: sizes x groups x groups, as ordered.

    A size that is larger than there are people (others, where ego is excluded) has NaN.
    """
    cells = as_grid(grid)
    people = _read_sizes(sizes)
    check_choice(ego, ("exclude", "include"), "ego")
    check_choice(last_ring, ("pro_rata", "whole"), "last_ring")
    if ego == "exclude":
        refuse_fractions(cells, "grid")
    rule = RingRule(ego=int(ego == "exclude"), is_whole=last_ring == "whole")
    order = np.argsort(people, kind="stable")
    profile = nearest_neighbours.nearest_exposure(cells, people[order], rule)
    return np.asarray(profile[np.argsort(order)])


class SpatialIndices(NamedTuple):
    """Reardon and O'Sullivan's indices at one bandwidth, each in about 0 to 1; H may be slightly below."""

    H: float
    D: float
    R: float
    exposure: Floats


def spatial_indices(grid: Any, bandwidth: float, decay: str = "biweight") -> SpatialIndices:
    """Return the spatial H~, D~, R~ and exposure aP~b of Reardon and O'Sullivan.

    Parameters
    ----------
    grid : array_like
        People, rows x cols x groups.
    bandwidth : float
        In cell sides; 0 gives the aspatial indices of the cells, a very large one gives 0.
    decay : {"biweight", "uniform", "exponential"}
        Weight of a cell at distance d: (1 - (d / b)^2)^2 or 1 up to the bandwidth b; exp(-2 d / b) without
        end.

    Returns
    -------
    SpatialIndices
        With the local composition q_i = sum_j W_ij n_j / sum_jk W_ij n_jk (own cell included) and the true
        totals: H~ = 1 - sum_i t_i E(q_i) / (T E), R~ the same with I for E,
        D~ = sum_ik t_i |q_ik - P_k| / (2 T I), aP~b = sum_i (n_ia / N_a) q_ib. NaN with fewer than two
        groups.

    References
    ----------
    Reardon and O'Sullivan (2004), Sociological Methodology 34.
    """
    cells = as_grid(grid)
    local = _flat(kernels.smooth(cells, *_weights(cells, bandwidth, decay)))
    counts = _flat(cells)
    if not counts.sum() > 0:
        n = counts.shape[1]
        return SpatialIndices(math.nan, math.nan, math.nan, np.full((n, n), np.nan))
    h, d, r = kernels.spatial_evenness(counts, local)
    return SpatialIndices(h, d, r, kernels.spatial_exposure(counts, local))


def spatial_theil(grid: Any, bandwidth: float, decay: str = "biweight") -> float:
    """Return the spatial information index H~ (`spatial_indices`)."""
    return spatial_indices(grid, bandwidth, decay).H


def spatial_dissimilarity(grid: Any, bandwidth: float, decay: str = "biweight") -> float:
    """Return the spatial dissimilarity D~ (`spatial_indices`)."""
    return spatial_indices(grid, bandwidth, decay).D


def spatial_relative_diversity(grid: Any, bandwidth: float, decay: str = "biweight") -> float:
    """Return the spatial relative diversity R~ (`spatial_indices`)."""
    return spatial_indices(grid, bandwidth, decay).R


def spatial_exposure(grid: Any, bandwidth: float, decay: str = "biweight") -> Floats:
    """Return the spatial exposure matrix aP~b (`spatial_indices`)."""
    return spatial_indices(grid, bandwidth, decay).exposure


def spatial_profile(
    grid: Any, bandwidths: Sequence[float] = (0, 2.5, 4, 8, 16), decay: str = "biweight"
) -> list[SpatialIndices]:
    """Return `spatial_indices` at several bandwidths: segregation by the scale of a neighbourhood."""
    return [spatial_indices(grid, bandwidth, decay) for bandwidth in bandwidths]


def morans_i(values: Any, contiguity: str = "queen", standardised: bool = True) -> float:
    """Return Moran's I of a value on a grid.

    Parameters
    ----------
    values : array_like
        Rows x cols, for example a group's share; NaN where nobody lives.
    contiguity : {"queen", "rook"}
        Neighbours by side and corner, or by side.
    standardised : bool
        Whether each cell's weights sum to 1.

    Returns
    -------
    float
        I = (n / S0) sum_ij w_ij z_i z_j / sum_i z_i^2, in about -1 to 1; the expectation without any pattern
        is `expected_morans_i`, not 0. NaN if the values are constant. Source: Moran (1950); Cliff and Ord
        (1981).
    """
    return _moran(values, contiguity, standardised)[0]


def local_morans_i(values: Any, contiguity: str = "queen", standardised: bool = True) -> Floats:
    """Return the local Moran of every cell, rows x cols, NaN where nobody lives or the values are constant.

    I_i = z_i sum_j w_ij z_j / (sum z^2 / n), Anselin's (1995) scaling as in spdep; esda gives (n - 1) / n
    of it.
    """
    return _moran(values, contiguity, standardised)[1]


def expected_morans_i(n: int) -> float:
    """Return E[I] = -1 / (n - 1) of n cells without pattern."""
    cells = as_number(n, "the number of cells", least=0)
    return -1.0 / (cells - 1) if cells > 1 else math.nan


def group_shares(grid: Any, group: int) -> Floats:
    """Return a group's share in every cell, rows x cols, NaN where nobody lives: what `morans_i` takes."""
    cells = as_grid(grid)
    if as_whole_number(group, "group", least=0) >= cells.shape[2]:
        raise ValueError(f"group must be one of 0 to {cells.shape[2] - 1}, not {group}")
    # by slices: to add up along a short last axis takes several times as long
    total = cells[:, :, 0].copy()
    for k in range(1, cells.shape[2]):
        total += cells[:, :, k]
    return ratio(cells[:, :, group], total)


def morrill(grid: Any, contiguity: str = "rook") -> Floats:
    """Return Morrill's boundary-adjusted SD of each group against the rest.

    SD = D - sum_ij c_ij |p_i - p_j| / sum_ij c_ij over neighbouring populated cells; over -1, at most 1. On a
    grid with rook neighbours it is also Wong's D(w). NaN where D is. Source: Morrill (1991); Wong (1993).
    """
    cells = as_grid(grid)
    starts, neighbours = _neighbours(cells.sum(axis=2) > 0, contiguity)
    counts = _flat(cells)
    counts = counts[counts.sum(axis=1) > 0]
    shares = counts / counts.sum(axis=1, keepdims=True)
    contrasts = [
        kernels.contrast(shares[:, k].copy(), starts, neighbours) if neighbours.size else 0.0
        for k in range(shares.shape[1])
    ]
    return np.asarray(dissimilarity_vs_rest(counts) - np.array(contrasts))


def white(grid: Any, own_distance: float = math.sqrt(0.6)) -> float:
    """Return White's spatial proximity SP.

    SP = sum_k N_k P_kk / (T P_tt), P_ab = sum_ij a_i b_j c_ij / (A B), c_ij = exp(-d_ij) with d in cell
    sides and `own_distance` within a cell, White's (0.6 a)^(1/2) for a cell of area a = 1. Over 0; 1 is no
    clustering, more is clustering, less is dispersion. It depends on the unit of distance, so compare only
    equal grids. NaN with fewer than two groups. Source: White (1983), AJS 88(5).
    """
    cells = as_grid(grid)
    weights = np.exp(-_distances(cells))
    weights[0, 0] = math.exp(-as_number(own_distance, "own_distance", least=0))
    counts, near = _flat(cells), _flat(kernels.smooth(cells, weights, max(cells.shape[:2])))
    groups = counts.sum(axis=0)
    present = groups > 0
    if present.sum() < 2:
        return math.nan
    own = (counts * near).sum(axis=0)[present] / groups[present]
    return float(own.sum() / ((counts.sum(axis=1) * near.sum(axis=1)).sum() / counts.sum()))


def _distances(cells: Floats) -> Floats:
    """Return the distance of a cell so many rows and columns away."""
    rows, cols = np.mgrid[: cells.shape[0], : cells.shape[1]]
    return np.asarray(np.hypot(rows, cols))


def _weights(cells: Floats, bandwidth: float, decay: str) -> tuple[Floats, int]:
    """Return the weight of a cell so many rows and columns away, and how many of them matter."""
    check_choice(decay, DECAYS, "decay")
    bandwidth = as_number(bandwidth, "the bandwidth in cells", least=0)
    distance = _distances(cells)
    everywhere = max(cells.shape[:2])
    if bandwidth == 0:
        return np.where(distance == 0, 1.0, 0.0), 0
    if decay == "exponential":
        return np.exp(-2.0 * distance / bandwidth), everywhere
    inside = distance <= bandwidth
    weights = np.where(inside, (1 - (distance / bandwidth) ** 2) ** 2 if decay == "biweight" else 1.0, 0.0)
    return weights, min(everywhere, int(bandwidth))


def _read_sizes(sizes: Any) -> Floats:
    """Return the sizes of neighbourhoods, in people."""
    listed = np.asarray(sizes)
    if listed.ndim == 1 and listed.dtype.kind in "iuf":
        people = listed.astype(np.float64)
        if ((people >= 1) & (people < math.inf) & (people == np.rint(people))).all():
            return people
    raise ValueError(f"neighbourhoods must be a list of whole numbers of at least 1 person, not {sizes!r}")


def _flat(cells: Floats) -> Floats:
    """Return cells x groups."""
    return cells.reshape(-1, cells.shape[2])


def _neighbours(populated: Any, contiguity: str) -> tuple[Integers, Integers]:
    """Return each populated cell's populated neighbours."""
    diagonal = check_choice(contiguity, CONTIGUITY, "contiguity") == "queen"
    starts, neighbours = kernels.neighbours_on_grid(populated, diagonal)
    return starts, neighbours


def _moran(values: Any, contiguity: str, standardised: bool) -> tuple[float, Floats]:
    """Return Moran's I and the local values in place."""
    grid = as_floats(values, "values")
    if grid.ndim != 2:
        raise ValueError(f"values must be rows x cols, not of shape {grid.shape}")
    refuse_infinite(grid, "values")
    populated = ~np.isnan(grid)
    starts, neighbours = _neighbours(populated, contiguity)
    is_standardised = as_flag(standardised, "standardised")
    overall, local = kernels.moran(grid[populated], starts, neighbours, is_standardised)
    placed = np.full(grid.shape, np.nan)
    placed[populated] = local
    return overall, placed


__all__ = [
    "CONTIGUITY",
    "DECAYS",
    "SpatialIndices",
    "expected_morans_i",
    "group_shares",
    "local_morans_i",
    "morans_i",
    "morrill",
    "nearest_exposure",
    "nearest_profile",
    "spatial_dissimilarity",
    "spatial_exposure",
    "spatial_indices",
    "spatial_profile",
    "spatial_relative_diversity",
    "spatial_theil",
    "white",
]

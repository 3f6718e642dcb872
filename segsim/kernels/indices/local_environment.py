"""Local environments on a grid, and how alike neighbouring cells are."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.indices.evenness import entropy_of
from segsim.kernels.indices.margins import margins
from segsim.tables import Array


@kernel
def smooth(grid: Array, weights: Array, reach: int) -> Array:
    """Return the weighted counts around every populated cell (rows x cols x groups), 0 elsewhere.

    `weights[|dr|, |dc|]` is the weight of a cell dr rows and dc columns away; none beyond `reach`.
    """
    n_rows, n_cols, n_groups = grid.shape
    out = np.zeros(grid.shape)
    for row in range(n_rows):
        for col in range(n_cols):
            here = 0.0
            for k in range(n_groups):
                here += grid[row, col, k]
            # only where somebody lives: indices weigh a cell by its people, and most cells of a map are empty
            if here > 0.0:
                for y in range(max(0, row - reach), min(n_rows, row + reach + 1)):
                    for x in range(max(0, col - reach), min(n_cols, col + reach + 1)):
                        weight = weights[abs(y - row), abs(x - col)]
                        if weight > 0.0:  # the corners of the square lie beyond the bandwidth
                            for k in range(n_groups):
                                out[row, col, k] += weight * grid[y, x, k]
    return out


@kernel
def spatial_evenness(counts: Array, local: Array) -> tuple[float, float, float]:
    """Return H~, D~ and R~ of cells x groups given the counts of each cell's local environment."""
    cells, groups, total = margins(counts)
    around = margins(local)[0]
    mixed, apart, entropy_within, mixed_within = 0.0, 0.0, 0.0, 0.0
    for n in groups:
        mixed += n / total * (1.0 - n / total)
    if not mixed > 0.0:
        return np.nan, np.nan, np.nan
    for i in range(cells.size):
        if cells[i] > 0.0:
            for k in range(groups.size):
                share = local[i, k] / around[i]
                apart += cells[i] * abs(share - groups[k] / total)
                mixed_within += cells[i] * share * (1.0 - share)
                if share > 0.0:
                    entropy_within -= cells[i] * share * np.log(share)
    return (
        1.0 - entropy_within / (total * entropy_of(groups, total)),
        apart / (2.0 * total * mixed),
        1.0 - mixed_within / (total * mixed),
    )


@kernel
def spatial_exposure(counts: Array, local: Array) -> Array:
    """Return aP~b: the mean share of b in the local environments of a's members."""
    groups, around = margins(counts)[1], margins(local)[0]
    n_groups = groups.size
    out = np.zeros((n_groups, n_groups))
    for i in range(around.size):
        if around[i] > 0.0:
            for a in range(n_groups):
                for b in range(n_groups):
                    out[a, b] += counts[i, a] * local[i, b] / around[i]
    for a in range(n_groups):
        for b in range(n_groups):
            out[a, b] = out[a, b] / groups[a] if groups[a] > 0.0 else np.nan
    return out


@kernel
def neighbours_on_grid(populated: Array, diagonal: bool) -> tuple[Array, Array]:
    """Return each populated cell's populated neighbours: starts and neighbours, numbered row by row."""
    n_rows, n_cols = populated.shape
    number = np.empty((n_rows, n_cols), np.int64)
    n = 0
    for row in range(n_rows):
        for col in range(n_cols):
            number[row, col] = -1
            if populated[row, col]:
                number[row, col] = n
                n += 1
    starts = np.zeros(n + 1, np.int64)
    # at most eight each, cut to what there is at the end
    neighbours = np.empty(8 * n, np.int64)
    at = 0
    for row in range(n_rows):
        for col in range(n_cols):
            if populated[row, col]:
                for y in range(max(0, row - 1), min(n_rows, row + 2)):
                    for x in range(max(0, col - 1), min(n_cols, col + 2)):
                        steps = abs(y - row) + abs(x - col)
                        if number[y, x] >= 0 and (steps == 1 or (diagonal and steps == 2)):
                            neighbours[at] = number[y, x]
                            at += 1
                starts[number[row, col] + 1] = at
    return starts, neighbours[:at]


@kernel
def moran(values: Array, starts: Array, neighbours: Array, standardised: bool) -> tuple[float, Array]:
    """Return Moran's I and each place's local Moran (Anselin's scaling); NaN if values are constant."""
    n = values.size
    local = np.empty(n)
    mean, spread = 0.0, 0.0
    for i in range(n):
        mean += values[i] / n
        local[i] = np.nan
    for value in values:
        spread += (value - mean) ** 2
    # equal values differ in their last digits after division; their Moran's I would be noise
    if not spread > 1e-24 * n * max(1.0, mean * mean):
        return np.nan, local
    products, all_weights = 0.0, 0.0
    for i in range(n):
        degree = starts[i + 1] - starts[i]
        lag = 0.0
        for at in range(starts[i], starts[i + 1]):
            lag += values[neighbours[at]] - mean
        if standardised and degree > 0:
            lag /= degree
            degree = 1  # a standardised row of weights sums to 1
        all_weights += degree
        products += (values[i] - mean) * lag
        local[i] = (values[i] - mean) * lag * n / spread
    if not all_weights > 0.0:
        return np.nan, local
    return n / all_weights * products / spread, local


@kernel
def contrast(shares: Array, starts: Array, neighbours: Array) -> float:
    """Return the mean absolute difference of a share between neighbours; NaN if there are none."""
    total = 0.0
    for i in range(shares.size):
        for at in range(starts[i], starts[i + 1]):
            total += abs(shares[i] - shares[neighbours[at]])
    if neighbours.size == 0:
        return np.nan
    return total / neighbours.size

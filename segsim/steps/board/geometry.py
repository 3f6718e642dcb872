"""From an abstract grid and a kind of neighbourhood to the ground of a board."""

import numpy as np

from segsim.kernels.board.layout import GROUND, SPOT, make_record, pack_tables
from segsim.kernels.board.occupancy import Board
from segsim.rules.board.neighbourhood import Neighbourhood
from segsim.rules.board.relocation import OneAtATime
from segsim.rules.board.tastes import Likeness
from segsim.scenario.board.grid import Grid
from segsim.steps.board.setting_numbers import SELF_COUNTING
from segsim.tables import NONE, Array


def list_offsets(neighbourhood: Neighbourhood, one_row: bool) -> tuple[Array, Array]:
    """Return the row and column steps to the squares around, in reading order."""
    rows, columns = neighbourhood.reach
    rows = 0 if one_row else rows
    row, column = np.mgrid[-rows : rows + 1, -columns : columns + 1]
    inside = np.ones(row.shape, bool)
    if neighbourhood.shape == "von_neumann":
        inside = abs(row) + abs(column) <= neighbourhood.radius
    if neighbourhood.shape == "euclidean":
        # a radius of sqrt(2) must take in the corners whatever the rounding of its square
        inside = row**2 + column**2 <= neighbourhood.radius**2 + 1e-9
    inside[rows, columns] = False
    return row[inside].astype(np.int64), column[inside].astype(np.int64)


def trait_columns(likeness: Likeness, names: list[str]) -> Array:
    """Return the column of counts each group falls in, traits x groups.

    The first trait is the group itself, so that its columns add up to everyone.
    """
    rows = [np.arange(len(names))]  # no group shares a column, so kernels need no count of everyone
    first = len(names)
    for categories in likeness.traits.values():
        category = {name: i for i, members in enumerate(categories.values()) for name in members}
        rows.append(np.array([first + category[name] for name in names]))
        first += len(categories)
    return np.array(rows, np.int64)


def build_ground(
    grid: Grid, mode: OneAtATime, names: list[str], pool: Array, admits: Array
) -> tuple[np.record, Array]:
    """Return the ground of a board and its tables, see `GROUND`.

    Parameters
    ----------
    grid, mode
        Its shape; whom people count as neighbours, by what traits, and from what utility they are satisfied.
    names : list of str
        The groups.
    pool, admits : uint8 arrays
        From `assign_pools`.
    """
    neighbourhood, each = mode.neighbourhood, grid.dwellings_per_square
    by_square = each > 1 and neighbourhood.shape != "areas"
    by_area = by_square or neighbourhood.shape == "areas"
    row_step, column_step = list_offsets(neighbourhood, grid.rows == 1)
    # a border all round lets a count go to every square around without asking where the board ends
    border = 0 if by_area else max(neighbourhood.reach)
    width = grid.dwellings_per_row + 2 * border
    mask = np.zeros((2 * border + 1, 2 * border + 1), np.uint8)
    if not by_area:
        mask[row_step + border, column_step + border] = 1
    counts = trait_columns(mode, names)
    area = list_areas(grid, neighbourhood)
    sizes = np.bincount(pool, minlength=admits.shape[0]) if pool.size > 1 else [area.size]
    start = part_starts(np.bincount(area)) if by_area else np.zeros(2, np.int64)
    beside_start, beside = np.zeros(1, np.int64), np.zeros(0, np.int64)
    if by_square:
        beside_start, beside = list_squares_around(grid, row_step, column_step)
    elif by_area:
        beside_start, beside = list_adjacent_blocks(grid, neighbourhood)
    of = np.repeat(np.arange(beside_start.size - 1), np.diff(beside_start))
    places_beside = np.bincount(of, np.diff(start)[beside], beside_start.size - 1)
    # only at the edge of a bounded board do neighbourhoods differ in size, and only `places` asks for it
    varies = not by_area and not grid.torus and wants_places(mode)
    places = np.array([row_step.size])
    if by_area:
        places = np.diff(start) - 1  # the square asked about is not one of those around it
    elif varies:
        places = places_around(grid, border, row_step, column_step)
    starts, tables = pack_tables(
        {
            "offset": row_step * width + column_step,
            "row_step": row_step,
            "column_step": column_step,
            "mask": mask,
            "trait_count": counts,
            "admits": admits,
            "pool_start": part_starts(np.asarray(sizes))[:-1],
            "area_start": start,
            "area_square": np.argsort(area, kind="stable") if by_area else np.zeros(0, np.int64),
            "beside_start": beside_start,
            "beside": beside,
            "places": places,
            "places_beside": places_beside,
        }
    )
    ground = make_record(
        GROUND,
        rows=grid.rows,
        columns=grid.dwellings_per_row,
        border=border,
        width=width,
        per_square=each,
        across=grid.columns,
        first=border * width + border,
        torus=grid.torus,
        by_area=by_area,
        is_line=grid.is_line,
        places_vary=varies,
        counts_self=SELF_COUNTING[neighbourhood.counts_self],
        n_groups=len(names),
        n_traits=counts.shape[0],
        n_counts=counts.max() + 1,
        n_around=row_step.size,
        n_pools=admits.shape[0],
        elsewhere=NONE if grid.elsewhere is None else grid.n_blocks - 1,
        elsewhere_utility=grid.elsewhere or 0.0,
        beside_weight=1.0 if by_square else neighbourhood.neighbour_weight,
        satisfied_at=mode.rule.satisfied_at,
        **starts,
    )
    return ground, tables


def empty_board(
    grid: Grid,
    ground: np.record,
    tables: Array,
    area: Array,
    wants: Array,
    numbers: Array,
    who: Array,
    pool: Array,
) -> Board:
    """Return a board not yet set out.

    Parameters
    ----------
    ground, tables
        From `build_ground`.
    area : int64 array
        From `list_areas`.
    wants : WANT array
    numbers : float64 array
        From `draw_wants` and `pack_market`.
    who : RESIDENT array
        Where everyone lives, of what group and taste.
    pool : uint8 array
        From `assign_pools`.
    """
    positions = (grid.rows + 2 * ground.border) * ground.width
    # the fast step reads a pair of 8-bit counts as one number, so a neighbourhood of 255 squares must fit
    dtype: type = np.int32 if ground.by_area else np.uint8 if ground.n_around < 256 else np.uint16
    spot = np.zeros(positions, SPOT)
    if ground.by_area:
        spot["area"] = area
    if pool.size > 1:
        spot["pool"][inner_positions(grid.rows, grid.dwellings_per_row, int(ground.border))] = pool
    units = int(area.max()) + 1 if ground.by_area else positions
    return Board(
        ground=ground,
        tables=tables,
        wants=wants,
        numbers=numbers,
        near=make_zeros(units * int(ground.n_counts), dtype),
        squares=make_zeros(positions, np.uint8),
        spot=spot,
        who=who,
        vacant=make_zeros(grid.n_dwellings, np.uint32),
        n_vacant=np.zeros(int(ground.n_pools), np.int64),
    )


def make_zeros(shape: int | tuple[int, int], dtype: type) -> Array:
    """Return zeros that are in memory already, in huge pages if many, so that no step waits for them."""
    out: Array = np.empty(shape, dtype)
    out.fill(0)  # np.zeros gives pages that exist only when first written, which would be in the first step
    return out


def inner_positions(rows: int, columns: int, border: int) -> Array:
    """Return the position of each dwelling, row by row (int64); `columns` are dwellings in a row."""
    row, column = np.divmod(np.arange(rows * columns, dtype=np.int64), columns)
    return (row + border) * (columns + 2 * border) + column + border


def list_areas(grid: Grid, neighbourhood: Neighbourhood) -> Array:
    """Return the area in which neighbours of each dwelling are counted: its block, or its square."""
    if grid.dwellings_per_square == 1 or neighbourhood.shape == "areas":
        return dwelling_blocks(grid)
    return np.repeat(np.arange(grid.rows * grid.columns), grid.dwellings_per_square)


def dwelling_blocks(grid: Grid) -> Array:
    """Return the block of each dwelling, square by square (int64)."""
    row, column = np.divmod(np.arange(grid.rows * grid.columns), grid.columns)
    block = np.zeros(row.size, np.int64)
    if grid.blocks is not None:
        block = row // grid.blocks.height * grid.block_columns + column // grid.blocks.width
    return np.repeat(block, grid.dwellings_per_square)


def part_starts(sizes: Array) -> Array:
    """Return where parts of given sizes begin, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def list_squares_around(grid: Grid, row_step: Array, column_step: Array) -> tuple[Array, Array]:
    """Return where the squares around each square begin, and those squares, in the order of the steps."""
    row, column = np.divmod(np.arange(grid.rows * grid.columns), grid.columns)
    r, k = row[:, None] + row_step, column[:, None] + column_step
    inside = (r >= 0) & (r < grid.rows) & (k >= 0) & (k < grid.columns)
    if grid.torus:
        r, k, inside = r % grid.rows, k % grid.columns, np.ones(r.shape, bool)
    return part_starts(inside.sum(axis=1)), (r * grid.columns + k)[inside]


def list_adjacent_blocks(grid: Grid, neighbourhood: Neighbourhood) -> tuple[Array, Array]:
    """Return where the blocks that touch each block begin, corners included, and those that count at all."""
    lists: list[list[int]] = []
    for block in range(grid.n_blocks):
        row, column = divmod(block, grid.block_columns)
        near = set()  # on a small torus one block may lie on several sides
        for r in range(row - 1, row + 2):
            for k in range(column - 1, column + 2):
                if grid.torus:
                    near.add(r % grid.block_rows * grid.block_columns + k % grid.block_columns)
                elif 0 <= r < grid.block_rows and 0 <= k < grid.block_columns:
                    near.add(r * grid.block_columns + k)
        lists.append(sorted(near - {block}) if neighbourhood.neighbour_weight else [])
    starts = part_starts(np.array([len(blocks) for blocks in lists], np.int64))
    return starts, np.array([block for blocks in lists for block in blocks], np.int64)


def wants_places(likeness: Likeness) -> bool:
    """Tell whether any taste counts vacancies against."""
    return any(utility.demand == "places" for utility in likeness.list_utilities())


def places_around(grid: Grid, border: int, row_step: Array, column_step: Array) -> Array:
    """Return how many other squares of a bounded board are around each position."""
    width = grid.columns + 2 * border
    board = np.zeros((grid.rows + 2 * border, width), np.int32)
    rows, columns = np.arange(grid.rows), np.arange(grid.columns)
    inside = board[border : border + grid.rows, border : border + grid.columns]
    for row, column in zip(row_step, column_step, strict=True):
        there = ((rows + row >= 0) & (rows + row < grid.rows))[:, None]
        inside += there & ((columns + column >= 0) & (columns + column < grid.columns))[None, :]
    return board.reshape(-1)

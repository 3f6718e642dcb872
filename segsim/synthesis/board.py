"""An abstract board becomes a city: one cell per square with its dwellings, households of one person."""

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from segsim.errors import DataError
from segsim.kernels.board.reserved_squares import assign_pools
from segsim.kernels.draws import Stream, identities, key_of, uniforms
from segsim.scenario import Scenario
from segsim.scenario.board.grid import Grid, Status
from segsim.tables import (
    NONE,
    Activity,
    Areas,
    Array,
    Cells,
    Dwellings,
    Education,
    Households,
    Persons,
    Provider,
    Role,
    Schools,
    Tables,
    Tenure,
    Workplaces,
    build_table,
    empty_table,
)

_AGE_OF_HOUSEHOLDS, _AGE_OF_PUPILS = 40, 10
"""Ages of everyone on a board; they fill the tables, and nothing there depends on them."""


def build_board_tables(scenario: Scenario, grid: Grid, seed: int) -> Tables:
    """Return the tables of a board on the day the run begins.

    Parameters
    ----------
    scenario : Scenario
    grid : Grid
        Its `city.grid`.
    seed : int
        Decides who lives where; the same seed gives the same bytes.

    Returns
    -------
    Tables
        Rows of cells are squares, row by row; rows of dwellings those of each square in turn; households and
        persons share row numbers.
    """
    names = [group.name for group in scenario.groups]
    rng = np.random.default_rng([seed % 2**64, int(Stream.GRID)])
    if grid.placement == "anywhere":
        n_dwellings = grid.n_households
        home, group = np.arange(n_dwellings), draw_groups(grid, names, n_dwellings, rng)
        cells = place_cells_anywhere(grid, rng.random((2, n_dwellings)))
    else:
        settled = settle_dwellings(grid, names, seed, rng)
        home = np.flatnonzero(settled != NONE)
        group = settled[home]
        cells = build_square_cells(grid)
        n_dwellings = grid.n_dwellings
    n, start = home.size, scenario.start
    cell = np.arange(n_dwellings, dtype=np.int32) // np.int32(grid.dwellings_per_square)
    dwellings = build_table(
        Dwellings,
        n_dwellings,
        id=dwelling_ids(n_dwellings, seed),
        cell=cell,
        tenure=Tenure.PUBLIC_RENTAL,
        rooms=1,
        built=start,
        vacant_since=start,
    )
    dwellings.occupant[home] = np.arange(n, dtype=np.int32)
    dwellings.vacant_since[home] = NONE
    households = build_table(
        Households,
        n,
        id=identities(int(Stream.ID_FIRST_HOUSEHOLD), seed, 0, 0, n),
        home=home,
        group=group,
        size=1,
        adults=1,
        queue_since=start,
        moved=start,
        head_birth_year=start - _AGE_OF_HOUSEHOLDS,
    )
    if grid.status is not None:
        households.standard[:], households.wealth[:] = draw_status(grid.status, names, households, seed)
        dwellings.quality[:] = uniforms(key_of(seed), Stream.BOARD_QUALITY, 0, dwellings.id, 0)
    schools = place_schools(grid, cells, rng)
    persons = build_table(
        Persons,
        n,
        id=identities(int(Stream.ID_FIRST_PERSON), seed, 0, 0, n),
        household=np.arange(n, dtype=np.int32),
        birth_year=start - (_AGE_OF_PUPILS if grid.schools else _AGE_OF_HOUSEHOLDS),
        sex=0,
        group=group,
        role=Role.ADULT,
        education=NONE if grid.schools else Education.UPPER_SECONDARY,
        activity=Activity.PUPIL if grid.schools else Activity.OUTSIDE,
        active_since=start,
        start_area=cells.area[cell[home]],
    )
    return Tables(
        build_areas(grid), cells, dwellings, households, persons, schools, empty_table(Workplaces, 0)
    )


def draw_status(status: Status, names: list[str], households: Households, seed: int) -> tuple[Array, Array]:
    """Return the status and the wealth of each household, from 0 to 1."""
    drawn = [uniforms(key_of(seed), Stream.BOARD_STATUS, 0, households.id, i) for i in (0, 1)]
    first, second = (ndtri(np.clip(u, 1e-12, 1 - 1e-12)) for u in drawn)
    r, above = status.wealth_correlation, np.array([status.above.get(name, 0.0) for name in names])
    first = first + above[households.group]
    return ndtr(first), ndtr(r * first + np.sqrt(1 - r * r) * second)


def name_blocks(grid: Grid) -> tuple[str, ...]:
    """Return what the blocks of a board are called; the whole board is one block if it has none."""
    if grid.n_blocks == 1:
        return ("board",)
    names = [f"block {i + 1}" for i in range(grid.n_blocks)]
    if grid.elsewhere is not None:
        names[-1] = "elsewhere"
    return tuple(names)


def block_table(tables: Tables, names: tuple[str, ...]) -> pd.DataFrame:
    """Return one row per block with its name, place and residents."""
    home = tables.dwellings.cell[tables.households.home]
    residents = np.bincount(tables.cells.area[home], minlength=len(names))
    return pd.DataFrame({"code": names, "population": residents, "x": tables.areas.x, "y": tables.areas.y})


def build_square_cells(grid: Grid) -> Cells:
    """Return one cell per square, row by row."""
    n = grid.rows * grid.columns
    row, column = np.divmod(np.arange(n, dtype=np.int32), np.int32(grid.columns))
    area = np.zeros(n, np.int32)
    if grid.blocks:
        area = row // grid.blocks.height * grid.block_columns + column // grid.blocks.width
    return build_table(
        Cells, n, id=np.arange(n), area=area, x=(column + 0.5) * grid.side, y=(row + 0.5) * grid.side
    )


def place_cells_anywhere(grid: Grid, point: Array) -> Cells:
    """Return one cell per household at points of the plane (2 x n, on [0, 1)), then one per school."""
    x, y = point[0] * grid.columns * grid.side, point[1] * grid.rows * grid.side
    if grid.schools:
        at_x, at_y = lattice(grid)
        x, y = np.concatenate((x, at_x)), np.concatenate((y, at_y))
    return build_table(Cells, x.size, id=np.arange(x.size), area=0, x=x, y=y)


def block_of_dwelling(grid: Grid) -> Array:
    """Return the block of each dwelling (int64)."""
    return np.repeat(build_square_cells(grid).area.astype(np.int64), grid.dwellings_per_square)


def build_areas(grid: Grid) -> Areas:
    """Return one area per block."""
    block = np.arange(grid.n_blocks)
    height = grid.blocks.height if grid.blocks else grid.rows
    width = grid.blocks.width if grid.blocks else grid.columns
    row, column = np.divmod(block, grid.block_columns)
    top, left = row * height, column * width
    y = (top + np.minimum(top + height, grid.rows)) / 2
    x = (left + np.minimum(left + width, grid.columns)) / 2
    return build_table(Areas, block.size, id=block, district=0, x=x * grid.side, y=y * grid.side)


def settle_dwellings(grid: Grid, names: list[str], seed: int, rng: np.random.Generator) -> Array:
    """Return the group that lives in each dwelling, square by square, NONE where vacant (int8)."""
    n, each = grid.n_dwellings, grid.dwellings_per_square
    if grid.placement == "pattern":
        signs = {".": NONE, **{sign: names.index(name) for sign, name in grid.signs.items()}}
        return np.repeat(np.array([signs[sign] for row in grid.pattern for sign in row], np.int8), each)
    if grid.block_shares:
        return settle_blocks(grid, names, rng)
    group = household_groups(grid, names, rng)
    out = np.full(n, NONE, np.int8)
    if grid.placement == "sorted":
        out[: group.size] = group
    elif grid.placement == "checkerboard":
        occupied = np.sort(rng.permutation(n)[: group.size])
        row, column = np.divmod(occupied // each, grid.columns)
        n_groups = max(len(names), 1)
        out[occupied[np.argsort((row + column) % n_groups, kind="stable")]] = group
    else:
        pool, admits = assign_pools(
            [r.groups for r in grid.reserved],
            grid.shares_reserved,
            block_of_dwelling(grid),
            names,
            dwelling_ids(n, seed),
            seed,
        )
        place_where_allowed(out, group, pool, admits, rng)
    return out


def place_where_allowed(
    out: Array, group: Array, pool: Array, admits: Array, rng: np.random.Generator
) -> None:
    """Put households into random dwellings of `out` whose pool admits their group."""
    order = rng.permutation(out.size)
    if admits.shape[0] == 1:
        out[order[: group.size]] = group
        return
    # groups with the fewest dwellings choose first, so that what is reserved for others stays free for them
    open_dwellings = np.array([admits[:, g][pool].sum() for g in range(admits.shape[1])])
    for g in np.argsort(open_dwellings, kind="stable"):
        free = order[(out[order] == NONE) & (admits[:, g][pool[order]] > 0)]
        n = int((group == g).sum())
        if n > free.size:
            raise DataError(
                f"city.grid.reserved leaves {free.size} squares for {n} households of one group; "
                "reserve fewer squares or have more vacancies",
                f"city.grid.reserved lämnar {free.size} rutor till {n} hushåll i en grupp; reservera färre "
                "rutor eller ha fler lediga",
            )
        out[free[:n]] = g


def settle_blocks(grid: Grid, names: list[str], rng: np.random.Generator) -> Array:
    """Fill every block with the same number of households, of its own groups."""
    area = block_of_dwelling(grid)
    out = np.full(area.size, NONE, np.int8)
    each = grid.n_households // grid.n_blocks
    for block in range(grid.n_blocks):
        dwellings = rng.permutation(np.flatnonzero(area == block))
        shares = np.array([grid.block_shares.get(name, (0.0,) * grid.n_blocks)[block] for name in names])
        numbers = round_to_sum(shares * min(each, dwellings.size))
        out[dwellings[: numbers.sum()]] = np.repeat(np.arange(len(names)), numbers)
    return out


def household_groups(grid: Grid, names: list[str], rng: np.random.Generator) -> Array:
    """Return the group of each household, group after group."""
    if grid.numbers:
        return np.repeat(np.arange(len(names)), [grid.numbers.get(name, 0) for name in names]).astype(np.int8)
    if grid.composition == "drawn":
        n = int(rng.binomial(grid.n_dwellings, 1 - grid.vacancy))
        return np.sort(draw_groups(grid, names, n, rng))
    numbers = round_to_sum(group_shares(grid, names) * grid.n_households)
    return np.repeat(np.arange(len(names)), numbers).astype(np.int8)


def draw_groups(grid: Grid, names: list[str], n: int, rng: np.random.Generator) -> Array:
    """Return a group for each of `n` households: drawn, or in the exact shares in random order."""
    if grid.composition == "drawn":
        edges = np.cumsum(group_shares(grid, names))
        return np.searchsorted(edges[:-1], rng.random(n), side="right").astype(np.int8)
    group = np.repeat(np.arange(len(names)), round_to_sum(group_shares(grid, names) * n)).astype(np.int8)
    return rng.permutation(group)


def group_shares(grid: Grid, names: list[str]) -> Array:
    """Return the share of each group."""
    if not grid.shares:
        return np.full(len(names), 1 / len(names))
    return np.array([grid.shares.get(name, 0.0) for name in names])


def round_to_sum(numbers: Array) -> Array:
    """Round numbers to whole ones with the same rounded sum, largest remainders first."""
    whole = np.floor(numbers + 1e-9).astype(np.int64)
    short = round(float(numbers.sum())) - int(whole.sum())
    if short > 0:
        whole[np.argsort(-(numbers - whole), kind="stable")[:short]] += 1
    return whole


def place_schools(grid: Grid, cells: Cells, rng: np.random.Generator) -> Schools:
    """Return the schools of the board."""
    if grid.schools is None:
        return empty_table(Schools, 0)
    n = grid.schools.number
    if grid.placement == "anywhere":
        cell = np.arange(cells.id.size - n, cells.id.size)
    elif grid.schools.placement == "lattice":
        x, y = lattice(grid)
        cell = (y // grid.side).astype(np.int64) * grid.columns + (x // grid.side).astype(np.int64)
    else:
        cell = rng.permutation(cells.id.size)[:n]
    return build_table(
        Schools, n, id=np.arange(n), cell=cell, provider=Provider.MUNICIPAL, first_grade=0, last_grade=9
    )


def lattice(grid: Grid) -> tuple[Array, Array]:
    """Return x and y of schools in the middle of equal parts of the board, m."""
    side = round(grid.schools.number**0.5) if grid.schools else 0
    row, column = np.divmod(np.arange(side * side), side)
    return (column + 0.5) / side * grid.columns * grid.side, (row + 0.5) / side * grid.rows * grid.side


def dwelling_ids(n: int, seed: int) -> Array:
    """Return the ids of the dwellings of the squares."""
    return identities(int(Stream.ID_FIRST_DWELLING), seed, 0, 0, n)

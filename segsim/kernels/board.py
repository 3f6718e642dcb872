"""The board of the one-at-a-time mode: who lives on which square, with live counts of who lives around it.

One flat grid with a border as wide as the neighbourhood, so that adding to the squares around needs no
test of the edge inside; on a torus only squares near the edge take the wrapped way. After every move the
counts around the old and the new square are put right, so reading a neighbourhood is one look-up.
A neighbourhood may also be a fixed area; then the counts stand per area (its `unit`).
"""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import NONE, Array


class Ground(NamedTuple):
    """What does not change while people move: the shape of the board and of a neighbourhood.

    A position is an index into the flat grid: (row + border) * width + column + border.
    `near` has `n_columns` counts per square (or area): one per category of each trait, those of the first
    trait, `n_first` of them, adding up to everyone.
    """

    rows: int
    columns: int
    border: int
    width: int
    torus: bool
    by_area: bool
    counts_self: int
    n_columns: int
    n_first: int
    offset: Array  # int64: flat steps to the squares around
    row_offset: Array  # int64
    column_offset: Array  # int64
    mask: Array  # uint8, (2 border + 1) squared: is a square at this distance in the neighbourhood
    unit: Array  # int32 per position: the area of a square (one element if not by area)
    area_start: Array  # int64: where an area's squares begin in area_square
    area_square: Array  # int64: positions by area
    beside_start: Array  # int64: where an area's adjacent areas begin in beside
    beside: Array  # int64
    beside_weight: float
    places: Array  # int32: squares around, per position or area; one element if the same everywhere
    trait_column: Array  # int64, traits x kinds: the column of near a kind counts in
    pool: Array  # uint8 per position: which pool of reserved squares it is in (one element if one pool)
    pool_start: Array  # int64 per pool: where its vacancies begin
    admits: Array  # uint8, pools x kinds: may a household of this kind live here


class Board(NamedTuple):
    """What changes when a household moves."""

    squares: Array  # uint8 per position: kind + 1, or 0 where vacant or off the board
    occupant: Array  # int32 per position: household row, NONE where vacant
    near: Array  # uint8, uint16 or int32: counts, n_columns per position or area
    vacancies: Array  # uint32: positions of vacant squares, pool after pool
    place: Array  # int32 per position: where a vacant square stands in vacancies
    n_vacant: Array  # int64 per pool
    home: Array  # int32 per household row: position, NONE if it has none
    kind: Array  # uint8 per household row: index of its group


@kernel
def count_in(board, ground, position, kind, change):
    """Add `change` to the counts of everyone who has `position` in view."""
    n_traits = ground.trait_column.shape[0]
    near = board.near
    if ground.by_area:
        first = np.int64(ground.unit[position]) * ground.n_columns
        for trait in range(n_traits):
            near[first + ground.trait_column[trait, kind]] += change
        return
    row = position // ground.width - ground.border
    column = position % ground.width - ground.border
    inside = (
        row >= ground.border
        and row < ground.rows - ground.border
        and column >= ground.border
        and column < ground.columns - ground.border
    )
    for trait in range(n_traits):
        c = ground.trait_column[trait, kind]
        if inside or not ground.torus:
            for i in range(ground.offset.size):
                near[(position + ground.offset[i]) * ground.n_columns + c] += change
        else:
            for i in range(ground.offset.size):
                r = (row + ground.row_offset[i]) % ground.rows
                k = (column + ground.column_offset[i]) % ground.columns
                around = (r + ground.border) * ground.width + k + ground.border
                near[around * ground.n_columns + c] += change


@kernel
def in_view(ground, a, b):
    """Tell whether position `a` is in the neighbourhood of position `b` (shapes are symmetric)."""
    reach = ground.border
    apart = abs(a - b)
    far = (reach + 1) * ground.width
    if apart > far and (not ground.torus or apart < ground.rows * ground.width - far):
        return False
    rows = a // ground.width - b // ground.width
    columns = a % ground.width - b % ground.width
    if ground.torus:
        rows = shortest(rows, ground.rows)
        columns = shortest(columns, ground.columns)
    if abs(rows) > reach or abs(columns) > reach:
        return False
    return ground.mask[(rows + reach) * (2 * reach + 1) + columns + reach] != 0


@kernel
def shortest(step, size):
    """Return a step along a closed axis as the shortest one to the same place."""
    if step > size // 2:
        return step - size
    if step < -(size // 2):
        return step + size
    return step


@kernel
def like_and_all(board, ground, kind, trait, position, home):
    """Return how many around a position share a trait with a kind, and how many live there at all.

    The household itself, living at `home` (NONE if nowhere), is left out; if the neighbourhood counts
    self it is then put in, as it would be if it lived at `position`.
    """
    column = ground.trait_column[trait, kind]
    if not ground.by_area:
        like, everyone = tally(board, ground, position, column)
        if home != NONE and home != position and in_view(ground, home, position):
            like -= 1.0
            everyone -= 1.0
        return like + ground.counts_self, everyone + ground.counts_self
    area = np.int64(ground.unit[position])
    own = np.int64(ground.unit[home]) if home != NONE else np.int64(NONE)
    like, everyone = tally(board, ground, area, column)
    if own == area:
        like -= 1.0
        everyone -= 1.0
    for i in range(ground.beside_start[area], ground.beside_start[area + 1]):
        other = ground.beside[i]
        more, all_there = tally(board, ground, other, column)
        gone = 1.0 if own == other else 0.0
        like += ground.beside_weight * (more - gone)
        everyone += ground.beside_weight * (all_there - gone)
    return like + ground.counts_self, everyone + ground.counts_self


@kernel
def tally(board, ground, unit, column):
    """Return the count of one column and of the whole first trait at a square or area."""
    first = unit * ground.n_columns
    everyone = 0
    for c in range(ground.n_first):
        everyone += np.int64(board.near[first + c])
    return np.float64(board.near[first + column]), np.float64(everyone)


@kernel
def places_around(ground, position):
    """Return how many squares a neighbourhood has, its own counted if the household itself is."""
    if ground.places.size == 1:
        return np.float64(ground.places[0]) + ground.counts_self
    at = np.int64(ground.unit[position]) if ground.by_area else np.int64(position)
    return np.float64(ground.places[at]) + ground.counts_self


@kernel
def pool_of(ground, position):
    """Return which pool of reserved squares a position is in."""
    return np.int64(ground.pool[position]) if ground.pool.size > 1 else np.int64(0)


@kernel
def may_live(ground, position, kind):
    """Tell whether a square is open to a kind of household."""
    return ground.admits[pool_of(ground, position), kind] != 0


@kernel
def open_vacancies(board, ground, kind):
    """Return how many vacant squares are open to a kind of household."""
    n = np.int64(0)
    for pool in range(ground.admits.shape[0]):
        if ground.admits[pool, kind] != 0:
            n += board.n_vacant[pool]
    return n


@kernel
def open_vacancy(board, ground, kind, i):
    """Return the position of the i-th vacancy open to a kind."""
    for pool in range(ground.admits.shape[0]):
        if ground.admits[pool, kind] != 0:
            if i < board.n_vacant[pool]:
                return np.int64(board.vacancies[ground.pool_start[pool] + i])
            i -= board.n_vacant[pool]
    return np.int64(NONE)


@kernel
def vacate(board, ground, h):
    """Take a household off the board; its square becomes the last vacancy of its pool."""
    position = np.int64(board.home[h])
    count_in(board, ground, position, board.kind[h], -1)
    board.squares[position] = 0
    board.occupant[position] = NONE
    board.home[h] = NONE
    pool = pool_of(ground, position)
    slot = ground.pool_start[pool] + board.n_vacant[pool]
    board.vacancies[slot] = position
    board.place[position] = slot
    board.n_vacant[pool] += 1


@kernel
def settle(board, ground, h, position):
    """Put a household without a square on a vacant one; the last vacancy of the pool fills the gap."""
    pool = pool_of(ground, position)
    board.n_vacant[pool] -= 1
    last = ground.pool_start[pool] + board.n_vacant[pool]
    slot = board.place[position]
    board.vacancies[slot] = board.vacancies[last]
    board.place[board.vacancies[slot]] = slot
    board.place[position] = NONE
    board.squares[position] = board.kind[h] + 1
    board.occupant[position] = h
    board.home[h] = position
    count_in(board, ground, position, board.kind[h], 1)


@kernel
def exchange(board, ground, a, b):
    """Let two households swap homes."""
    at_a, at_b = np.int64(board.home[a]), np.int64(board.home[b])
    carry(board, ground, a, at_a, at_b)
    carry(board, ground, b, at_b, at_a)


@kernel
def carry(board, ground, h, old, new):
    """Move a household's counts and square without touching the vacancies."""
    count_in(board, ground, old, board.kind[h], -1)
    count_in(board, ground, new, board.kind[h], 1)
    board.squares[new] = board.kind[h] + 1
    board.occupant[new] = h
    board.home[h] = new


@kernel
def set_out(board, ground):
    """Fill squares, counts and vacancies of an empty board from `home` and `kind`."""
    board.squares[:] = 0
    board.occupant[:] = NONE
    board.near[:] = 0
    board.place[:] = NONE
    board.n_vacant[:] = 0
    for h in range(board.home.size):
        if board.home[h] != NONE:
            position = np.int64(board.home[h])
            board.squares[position] = board.kind[h] + 1
            board.occupant[position] = h
            count_in(board, ground, position, board.kind[h], 1)
    for row in range(ground.rows):
        for column in range(ground.columns):
            position = (row + ground.border) * ground.width + column + ground.border
            if board.squares[position] == 0:
                pool = pool_of(ground, position)
                slot = ground.pool_start[pool] + board.n_vacant[pool]
                board.vacancies[slot] = position
                board.place[position] = slot
                board.n_vacant[pool] += 1
    clear_border(board, ground)


@kernel
def clear_border(board, ground):
    """Forget what was counted into the border of the grid, where nobody lives."""
    if ground.by_area:
        return
    n = ground.n_columns
    high = ground.rows + 2 * ground.border
    board.near[: ground.border * ground.width * n] = 0
    board.near[(high - ground.border) * ground.width * n :] = 0
    for row in range(ground.border, high - ground.border):
        first = row * ground.width * n
        board.near[first : first + ground.border * n] = 0
        last = first + ground.width * n
        board.near[last - ground.border * n : last] = 0

"""The board of the one-at-a-time mode: who lives on which square, with live counts of who lives around it.

The grid is flat with a border as wide as the neighbourhood, so that adding to the squares around needs no
test of the edge inside; on a torus only squares near the edge take the wrapped way. After every move the
counts around the old and the new square are put right, so reading a neighbourhood is one look-up.
A neighbourhood may also be a fixed area; then the counts stand per area.
"""

from typing import NamedTuple

import numpy as np

from segsim.kernels.board.layout import (
    ADMITS,
    AREA,
    BESIDE,
    BESIDE_START,
    BESIDE_WEIGHT,
    BORDER,
    BY_AREA,
    COLUMN_STEP,
    COLUMNS,
    COUNTS_SELF,
    HOME,
    KIND,
    MASK,
    N_AROUND,
    N_COLUMNS,
    N_FIRST,
    N_KINDS,
    N_POOLS,
    N_TRAITS,
    OCCUPANT,
    OFFSET,
    PLACES,
    PLACES_BESIDE,
    PLACES_VARY,
    POOL,
    POOL_START,
    ROW_STEP,
    ROWS,
    SLOT,
    TORUS,
    TRAIT_COLUMN,
    WIDTH,
)
from segsim.kernels.compile import lean, part
from segsim.tables import NONE, Array


class Board(NamedTuple):
    """A board: its ground, who lives where, and what everybody wants."""

    lay: Array  # int64: the ground, see `ground`
    real: Array  # float64: parameters, see `ground`
    wants: Array  # float64: one row per taste, see `tastes`
    near: Array  # uint8, uint16 or int32: n_columns counts per position or area
    squares: Array  # uint8 per position: group + 1, or 0 where vacant or off the board
    spot: Array  # int32 per position, see `ground`
    who: Array  # int32 per household row, see `ground`
    vacant: Array  # uint32: positions of vacant squares, pool after pool
    n_vacant: Array  # int64 per pool


@part
def count_in(lay, near, spot, position, kind, change):
    """Add `change` to the counts of everyone who has `position` in view."""
    n = lay[N_COLUMNS]
    if lay[BY_AREA] != 0:
        for trait in range(lay[N_TRAITS]):
            near[spot[position, AREA] * n + trait_column(lay, trait, kind)] += change
        return
    width, border = lay[WIDTH], lay[BORDER]
    row, column = position // width - border, position % width - border
    inside = border <= row < lay[ROWS] - border and border <= column < lay[COLUMNS] - border
    for trait in range(lay[N_TRAITS]):
        c = trait_column(lay, trait, kind)
        if inside or lay[TORUS] == 0:
            for i in range(lay[OFFSET], lay[OFFSET] + lay[N_AROUND]):
                near[(position + lay[i]) * n + c] += change
        else:
            for i in range(lay[N_AROUND]):
                near[around(lay, row, column, i) * n + c] += change


@part
def trait_column(lay, trait, kind):
    """Return the count a group falls in by a trait."""
    return lay[lay[TRAIT_COLUMN] + trait * lay[N_KINDS] + kind]


@part
def around(lay, row, column, i):
    """Return the i-th position around a square, NONE if off the board."""
    r, k = row + lay[lay[ROW_STEP] + i], column + lay[lay[COLUMN_STEP] + i]
    if lay[TORUS] != 0:
        r, k = r % lay[ROWS], k % lay[COLUMNS]
    elif r < 0 or r >= lay[ROWS] or k < 0 or k >= lay[COLUMNS]:
        return NONE
    return (r + lay[BORDER]) * lay[WIDTH] + k + lay[BORDER]


@part
def in_view(lay, a, b):
    """Tell whether position `a` is in the neighbourhood of position `b` (shapes are symmetric)."""
    reach, width = lay[BORDER], lay[WIDTH]
    apart, far = abs(a - b), (reach + 1) * width
    if apart > far and (lay[TORUS] == 0 or apart < lay[ROWS] * width - far):
        return False
    rows, columns = a // width - b // width, a % width - b % width
    if lay[TORUS] != 0:
        rows, columns = shortest(rows, lay[ROWS]), shortest(columns, lay[COLUMNS])
    if abs(rows) > reach or abs(columns) > reach:
        return False
    return lay[lay[MASK] + (rows + reach) * (2 * reach + 1) + columns + reach] != 0


@part
def shortest(step, size):
    """Return a step along a closed axis as the shortest one to the same place."""
    if step > size // 2:
        return step - size
    if step < -(size // 2):
        return step + size
    return step


@part
def like_and_all(board, kind, trait, position, home):
    """Return how many around a position share a trait with a group, and how many live there at all.

    The household itself, living at `home` (NONE if nowhere), is counted never, or always as if it lived
    at `position`, or wherever its home is in view.
    """
    lay, near = board.lay, board.near
    column = trait_column(lay, trait, kind)
    if lay[BY_AREA] != 0:
        return like_and_all_in_area(board, column, position, home)
    like, everyone = tally(lay, near, position, column)
    if lay[COUNTS_SELF] == 2:
        more = np.int64(home == position)
    else:
        more = lay[COUNTS_SELF]
        if home != NONE and home != position and in_view(lay, home, position):
            more -= 1
    return np.float64(like + more), np.float64(everyone + more)


@part
def tally(lay, near, unit, column):
    """Return one count and the sum of those of the first trait at a position or area."""
    first = unit * lay[N_COLUMNS]
    everyone = np.int64(0)
    for c in range(first, first + lay[N_FIRST]):
        everyone += np.int64(near[c])
    return np.int64(near[first + column]), everyone


@part
def like_and_all_in_area(board, column, position, home):
    """Do the same where neighbourhoods are areas, those adjacent with their weight."""
    lay, near, spot = board.lay, board.near, board.spot
    area = np.int64(spot[position, AREA])
    living_in = np.int64(spot[home, AREA]) if home != NONE else np.int64(NONE)
    like, everyone = tally(lay, near, area, column)
    stays = lay[COUNTS_SELF] == 2
    more = 0 if stays else lay[COUNTS_SELF] - np.int64(living_in == area)
    total_like, total = np.float64(like + more), np.float64(everyone + more)
    for i in range(lay[lay[BESIDE_START] + area], lay[lay[BESIDE_START] + area + 1]):
        other = lay[lay[BESIDE] + i]
        like, everyone = tally(lay, near, other, column)
        gone = np.int64(living_in == other and not stays)
        total_like += board.real[BESIDE_WEIGHT] * (like - gone)
        total += board.real[BESIDE_WEIGHT] * (everyone - gone)
    return total_like, total


@part
def places_around(board, position):
    """Return how many squares a neighbourhood has, its own counted if the household itself is."""
    lay = board.lay
    if lay[BY_AREA] != 0:
        area = board.spot[position, AREA]
        beside = board.real[BESIDE_WEIGHT] * lay[lay[PLACES_BESIDE] + area]
        return np.float64(lay[lay[PLACES] + area] + (lay[COUNTS_SELF] > 0)) + beside
    at = position if lay[PLACES_VARY] != 0 else 0
    return np.float64(lay[lay[PLACES] + at] + (lay[COUNTS_SELF] > 0))


@part
def may_live(board, position, kind):
    """Tell whether a square is open to a group."""
    return board.lay[board.lay[ADMITS] + board.spot[position, POOL] * board.lay[N_KINDS] + kind] != 0


@part
def open_vacancies(board, kind):
    """Return how many vacant squares are open to a group."""
    n = np.int64(0)
    for pool in range(board.lay[N_POOLS]):
        if board.lay[board.lay[ADMITS] + pool * board.lay[N_KINDS] + kind] != 0:
            n += board.n_vacant[pool]
    return n


@part
def open_vacancy(board, kind, i):
    """Return the position of the i-th vacancy open to a group."""
    lay = board.lay
    for pool in range(lay[N_POOLS]):
        if lay[lay[ADMITS] + pool * lay[N_KINDS] + kind] != 0:
            if i < board.n_vacant[pool]:
                return np.int64(board.vacant[lay[lay[POOL_START] + pool] + i])
            i -= board.n_vacant[pool]
    return np.int64(NONE)


@part
def vacate(board, h):
    """Take a household off the board; its square becomes the last vacancy of its pool."""
    position = np.int64(board.who[h, HOME])
    count_in(board.lay, board.near, board.spot, position, board.who[h, KIND], -1)
    board.squares[position] = 0
    board.spot[position, OCCUPANT] = NONE
    board.who[h, HOME] = NONE
    add_vacancy(board, position)


@part
def add_vacancy(board, position):
    """Put a square at the end of the vacancies of its pool."""
    pool = board.spot[position, POOL]
    slot = board.lay[board.lay[POOL_START] + pool] + board.n_vacant[pool]
    board.vacant[slot] = position
    board.spot[position, SLOT] = slot
    board.n_vacant[pool] += 1


@part
def settle(board, h, position):
    """Put a household without a square on a vacant one; the last vacancy of the pool fills the gap."""
    pool = board.spot[position, POOL]
    board.n_vacant[pool] -= 1
    last = np.int64(board.vacant[board.lay[board.lay[POOL_START] + pool] + board.n_vacant[pool]])
    slot = board.spot[position, SLOT]
    board.vacant[slot] = last
    board.spot[last, SLOT] = slot
    board.spot[position, SLOT] = NONE
    live_at(board, h, position)


@part
def live_at(board, h, position):
    """Write a household into a square and its counts, leaving the vacancies alone."""
    kind = board.who[h, KIND]
    board.squares[position] = kind + 1
    board.spot[position, OCCUPANT] = h
    board.who[h, HOME] = position
    count_in(board.lay, board.near, board.spot, position, kind, 1)


@part
def exchange(board, a, b):
    """Let two households swap homes."""
    at_a, at_b = np.int64(board.who[a, HOME]), np.int64(board.who[b, HOME])
    count_in(board.lay, board.near, board.spot, at_a, board.who[a, KIND], -1)
    count_in(board.lay, board.near, board.spot, at_b, board.who[b, KIND], -1)
    live_at(board, a, at_b)
    live_at(board, b, at_a)


@lean
def set_out(board):
    """Fill squares, counts and vacancies from where households live and what they are."""
    lay = board.lay
    for position in range(board.squares.size):
        board.squares[position] = 0
        board.spot[position, OCCUPANT] = NONE
        board.spot[position, SLOT] = NONE
    for i in range(board.near.size):
        board.near[i] = 0
    for pool in range(lay[N_POOLS]):
        board.n_vacant[pool] = 0
    for h in range(board.who.shape[0]):
        if board.who[h, HOME] != NONE:
            live_at(board, h, np.int64(board.who[h, HOME]))
    for row in range(lay[ROWS]):
        for column in range(lay[COLUMNS]):
            position = (row + lay[BORDER]) * lay[WIDTH] + column + lay[BORDER]
            if board.squares[position] == 0:
                add_vacancy(board, position)
    if lay[BY_AREA] == 0:
        clear_border(board)


@part
def clear_border(board):
    """Forget what was counted into the border of the grid, where nobody lives."""
    lay = board.lay
    rows, border, width, n = lay[ROWS], lay[BORDER], lay[WIDTH], lay[N_COLUMNS]
    for row in range(rows + 2 * border):
        outside = row < border or row >= rows + border
        for column in range(width):
            if outside or column < border or column >= lay[COLUMNS] + border:
                for c in range((row * width + column) * n, (row * width + column + 1) * n):
                    board.near[c] = 0

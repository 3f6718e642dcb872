"""The board of the one-at-a-time mode: who lives on which square, with live counts of who lives around it.

The grid is flat with a border as wide as the neighbourhood, so that adding to the squares around needs no
test of the edge inside; on a torus only squares near the edge take the wrapped way. After every move the
counts around the old and the new square are put right, so reading a neighbourhood is one look-up.
A neighbourhood may also be a fixed area; then the counts stand per area.
"""

from typing import NamedTuple

import numpy as np

from segsim.kernels.board.layout import SelfCounting
from segsim.kernels.compile import lean, part
from segsim.tables import NONE, Array, Whole


class Board(NamedTuple):
    """A board: its ground, who lives where, and what everybody wants."""

    ground: np.record  # GROUND
    tables: Array  # int64: the tables of GROUND
    wants: Array  # WANT, tastes x traits
    numbers: (
        Array  # float64: four about a failure, see `worth`; tables of points of `wants`; those of a market
    )
    near: Array  # uint8, uint16 or int32: n_counts counts per position or area
    squares: Array  # uint8 per position: group + 1, or 0 where vacant or off the board
    spot: Array  # SPOT per position
    who: Array  # RESIDENT per household row
    vacant: Array  # uint32: positions of vacant squares, pool after pool
    n_vacant: Array  # int64 per pool


@part
def count_in(board: Board, position: Whole, group: Whole, change: int) -> None:
    """Add `change` to the counts of everyone who has `position` in view."""
    ground, tables, near = board.ground, board.tables, board.near
    # Counts kept at every move are read at 3.8 ns a household; the eight around counted anew take 12.8 ns,
    # and there are many looks to a move.
    n = ground.n_counts
    if ground.by_area:
        for trait in range(ground.n_traits):
            near[board.spot[position].area * n + trait_count(ground, tables, trait, group)] += change
        return
    width, border = ground.width, ground.border
    row, column = position // width - border, position % width - border
    inside = border <= row < ground.rows - border and border <= column < ground.columns - border
    for trait in range(ground.n_traits):
        c = trait_count(ground, tables, trait, group)
        # on a bounded board the border takes what falls off the edge, and nobody reads it
        if inside or not ground.torus:
            for i in range(ground.offset, ground.offset + ground.n_around):
                near[(position + tables[i]) * n + c] += change
        else:
            for i in range(ground.n_around):
                near[around(ground, tables, row, column, i) * n + c] += change


@part
def trait_count(ground: np.record, tables: Array, trait: int, group: Whole) -> Whole:
    """Return the count a group falls in by a trait."""
    return np.int64(tables[ground.trait_count + trait * ground.n_groups + group])


@part
def around(ground: np.record, tables: Array, row: Whole, column: Whole, i: int) -> Whole:
    """Return the i-th position around a square, NONE if off the board."""
    r, k = row + tables[ground.row_step + i], column + tables[ground.column_step + i]
    if ground.torus:
        r, k = r % ground.rows, k % ground.columns
    elif r < 0 or r >= ground.rows or k < 0 or k >= ground.columns:
        return NONE
    return np.int64((r + ground.border) * ground.width + k + ground.border)


@part
def is_in_view(ground: np.record, tables: Array, a: Whole, b: Whole) -> bool:
    """Tell whether position `a` is in the neighbourhood of position `b` (shapes are symmetric)."""
    reach, width = ground.border, ground.width
    # most homes are rows away, and one subtraction tells it without a division
    apart, far = abs(a - b), (reach + 1) * width
    if apart > far and (not ground.torus or apart < ground.rows * width - far):
        return False
    rows, columns = a // width - b // width, a % width - b % width
    if ground.torus:
        rows, columns = shortest_step(rows, ground.rows), shortest_step(columns, ground.columns)
    if abs(rows) > reach or abs(columns) > reach:
        return False
    return bool(tables[ground.mask + (rows + reach) * (2 * reach + 1) + columns + reach] != 0)


@part
def shortest_step(step: Whole, size: Whole) -> Whole:
    """Return a step along a closed axis as the shortest one to the same place."""
    if step > size // 2:
        return step - size
    if step < -(size // 2):
        return step + size
    return step


@part
def like_and_all(board: Board, group: Whole, trait: int, position: Whole, home: Whole) -> tuple[float, float]:
    """Return how many around a position share a trait with a group, and how many live there at all.

    The household itself, living at `home` (NONE if nowhere), is counted never, or always as if it lived
    at `position`, or wherever its home is in view.
    """
    ground, tables = board.ground, board.tables
    column = trait_count(ground, tables, trait, group)
    if ground.is_line:
        return like_and_all_on_line(board, trait, column, position, home)
    if ground.by_area:
        return like_and_all_in_area(board, column, position, home)
    like, everyone = tally(ground, board.near, position, column)
    if ground.counts_self == SelfCounting.AT_HOME:
        more = np.int64(home == position)
    else:
        # the counts hold the household where it lives; as it looks elsewhere it is not there any more
        more = ground.counts_self
        if home != NONE and home != position and is_in_view(ground, tables, home, position):
            more -= 1
    return np.float64(like + more), np.float64(everyone + more)


@part
def like_and_all_on_line(
    board: Board, trait: int, column: Whole, position: Whole, home: Whole
) -> tuple[float, float]:
    """Do the same on a line, where a household looks at a gap between the others, who close up behind it.

    A gap is a position: that before which it would stand, counted among the others. The others are counted
    anew at every look, for where each of them would stand depends on who looks.
    """
    ground = board.ground
    gap, others = position - ground.first, ground.columns - 1
    like = everyone = np.int64(ground.counts_self != SelfCounting.NEVER)
    for i in range(gap - ground.border, gap + ground.border):
        j = i % others if ground.torus else i
        if 0 <= j < others:
            other = j + ground.first
            group = np.int32(board.squares[other if other < home else other + 1] - 1)
            everyone += 1
            like += trait_count(ground, board.tables, trait, group) == column
    return np.float64(like), np.float64(everyone)


@part
def tally(ground: np.record, near: Array, unit: Whole, column: Whole) -> tuple[Whole, Whole]:
    """Return one count and the sum of those of the first trait at a position or area."""
    first = unit * ground.n_counts
    everyone = np.int64(0)
    for c in range(first, first + ground.n_groups):
        everyone += np.int64(near[c])
    return np.int64(near[first + column]), everyone


@part
def like_and_all_in_area(board: Board, column: Whole, position: Whole, home: Whole) -> tuple[float, float]:
    """Do the same where neighbourhoods are areas, those adjacent with their weight."""
    ground, tables, near = board.ground, board.tables, board.near
    area = np.int64(board.spot[position].area)
    living_in = np.int64(board.spot[home].area) if home != NONE else np.int64(NONE)
    like, everyone = tally(ground, near, area, column)
    stays = ground.counts_self == SelfCounting.AT_HOME
    more = 0 if stays else ground.counts_self - np.int64(living_in == area)
    total_like, total = np.float64(like + more), np.float64(everyone + more)
    for i in range(tables[ground.beside_start + area], tables[ground.beside_start + area + 1]):
        other = tables[ground.beside + i]
        like, everyone = tally(ground, near, other, column)
        gone = np.int64(living_in == other and not stays)
        total_like += ground.beside_weight * (like - gone)
        total += ground.beside_weight * (everyone - gone)
    return total_like, total


@part
def places_around(board: Board, position: Whole) -> float:
    """Return how many squares a neighbourhood has, its own counted if the household itself is."""
    ground, tables = board.ground, board.tables
    own = ground.counts_self != SelfCounting.NEVER
    if ground.by_area:
        area = board.spot[position].area
        beside = ground.beside_weight * tables[ground.places_beside + area]
        return float(np.float64(tables[ground.places + area] + own) + beside)
    at = position if ground.places_vary else 0
    return np.float64(tables[ground.places + at] + own)


@part
def admits(board: Board, pool: Whole, group: Whole) -> bool:
    """Tell whether a pool of reserved squares is open to a group."""
    return bool(board.tables[board.ground.admits + pool * board.ground.n_groups + group] != 0)


@part
def pool_start(board: Board, pool: Whole) -> Whole:
    """Return where the vacancies of a pool begin."""
    return np.int64(board.tables[board.ground.pool_start + pool])


@part
def may_live(board: Board, position: Whole, group: Whole) -> bool:
    """Tell whether a square is open to a group."""
    return admits(board, np.int64(board.spot[position].pool), group)


@part
def count_open_vacancies(board: Board, group: Whole) -> Whole:
    """Return how many vacant squares are open to a group."""
    n = np.int64(0)
    for pool in range(board.ground.n_pools):
        if admits(board, pool, group):
            n += board.n_vacant[pool]
    return n


@part
def open_vacancy(board: Board, group: Whole, i: Whole) -> Whole:
    """Return the position of the i-th vacancy open to a group."""
    for pool in range(board.ground.n_pools):
        if admits(board, pool, group):
            if i < board.n_vacant[pool]:
                return np.int64(board.vacant[pool_start(board, pool) + i])
            i -= board.n_vacant[pool]
    return np.int64(NONE)


@part
def vacate(board: Board, h: Whole) -> None:
    """Take a household off the board; its square becomes the last vacancy of its pool."""
    position = np.int64(board.who[h].home)
    count_in(board, position, board.who[h].group, -1)
    board.squares[position] = 0
    board.spot[position].occupant = NONE
    board.who[h].home = NONE
    add_vacancy(board, position)


@part
def add_vacancy(board: Board, position: Whole) -> None:
    """Put a square at the end of the vacancies of its pool."""
    pool = np.int64(board.spot[position].pool)
    slot = pool_start(board, pool) + board.n_vacant[pool]
    board.vacant[slot] = position
    board.spot[position].slot = slot
    board.n_vacant[pool] += 1


@part
def settle(board: Board, h: Whole, position: Whole) -> None:
    """Put a household without a square on a vacant one; the last vacancy of the pool fills the gap."""
    pool = np.int64(board.spot[position].pool)
    board.n_vacant[pool] -= 1
    last = np.int64(board.vacant[pool_start(board, pool) + board.n_vacant[pool]])
    slot = board.spot[position].slot
    board.vacant[slot] = last
    board.spot[last].slot = slot
    board.spot[position].slot = NONE
    live_at(board, h, position)


@part
def occupy(board: Board, h: Whole, position: Whole) -> None:
    """Write a household into a square, leaving counts and vacancies alone."""
    board.squares[position] = board.who[h].group + 1
    board.spot[position].occupant = h
    board.who[h].home = position


@part
def live_at(board: Board, h: Whole, position: Whole) -> None:
    """Write a household into a square and its counts, leaving the vacancies alone."""
    occupy(board, h, position)
    count_in(board, position, board.who[h].group, 1)


@part
def exchange(board: Board, a: Whole, b: Whole) -> None:
    """Let two households swap homes."""
    at_a, at_b = np.int64(board.who[a].home), np.int64(board.who[b].home)
    count_in(board, at_a, board.who[a].group, -1)
    count_in(board, at_b, board.who[b].group, -1)
    live_at(board, a, at_b)
    live_at(board, b, at_a)


@lean
def set_out(board: Board) -> None:
    """Fill squares, counts and vacancies from where households live and what they are."""
    ground = board.ground
    for position in range(board.squares.size):
        board.squares[position] = 0
        board.spot[position].occupant = NONE
        board.spot[position].slot = NONE
    for i in range(board.near.size):
        board.near[i] = 0
    for pool in range(ground.n_pools):
        board.n_vacant[pool] = 0
    for h in range(board.who.shape[0]):
        if board.who[h].home != NONE:
            live_at(board, h, np.int64(board.who[h].home))
    for row in range(ground.rows):
        for column in range(ground.columns):
            position = (row + ground.border) * ground.width + column + ground.border
            if board.squares[position] == 0:
                add_vacancy(board, position)
    if not ground.by_area:
        clear_border(board)


@part
def clear_border(board: Board) -> None:
    """Forget what was counted into the border of the grid, where nobody lives."""
    ground = board.ground
    rows, border, width, n = ground.rows, ground.border, ground.width, ground.n_counts
    for row in range(rows + 2 * border):
        outside = row < border or row >= rows + border
        for column in range(width):
            if outside or column < border or column >= ground.columns + border:
                for c in range((row * width + column) * n, (row * width + column + 1) * n):
                    board.near[c] = 0


@lean
def join_clusters(squares: Array, torus: bool, leader: Array) -> None:
    """Give squares of one group that hang together by their sides one leader, the first of them.

    Parameters
    ----------
    squares : uint8 (rows, columns)
        0 for nobody, else 1 + group.
    torus : bool
    leader : int64 (rows * columns)
        Filled with the square that leads each.
    """
    rows, columns = squares.shape
    for square in range(leader.size):
        leader[square] = square
    for row in range(rows):
        for column in range(columns):
            here = squares[row, column]
            if here != 0:
                right = column + 1 if column + 1 < columns else 0
                if (right > 0 or torus) and squares[row, right] == here:
                    join(leader, row * columns + column, row * columns + right)
                below = row + 1 if row + 1 < rows else 0
                if (below > 0 or torus) and squares[below, column] == here:
                    join(leader, row * columns + column, below * columns + column)
    for square in range(leader.size):
        leader[square] = lead(leader, square)


@part
def join(leader: Array, a: Whole, b: Whole) -> None:
    """Let two squares and those they hang together with have one leader."""
    first, second = lead(leader, a), lead(leader, b)
    leader[max(first, second)] = min(first, second)


@part
def lead(leader: Array, square: Whole) -> Whole:
    """Return the leader of a square, and shorten the way to it."""
    at = np.int64(square)
    while leader[at] != at:
        leader[at] = leader[leader[at]]
        at = leader[at]
    return at

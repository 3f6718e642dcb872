"""The fast way through the commonest case: all who are unsatisfied at the start of a step move once.

Two kinds of household, one trait, a moving window, and every mover takes a random vacancy. A table
says for each kind and pair of counts whether a household is unsatisfied, so the search for movers is
one look-up per square without a branch. Nobody's satisfaction is asked while they move, so counts that
fall into the border of a torus are folded back once at the end. Moves are logged, and who lives where is
worked out from the log when somebody asks.

The first six steps of 300 x 300 squares take 0.2 ms each, and 7.7 ms by `take_step`.
"""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import lean, part
from segsim.kernels.draws import bits, nth
from segsim.tables import NONE, Array, Whole


class FastStep(NamedTuple):
    """What the fast way needs, all of it views of, or beside, a board of two kinds."""

    squares: Array  # uint8 per position, as in Board
    pair: Array  # uint16 per position: the two counts of Board.near as one number, first + 256 * second
    vacant: Array  # uint32, as in Board
    unsatisfied: Array  # uint8: by square value * n_pairs + pair
    offset: Array  # int64: flat steps to the squares around
    edge: Array  # uint32, positions of the border and where they lie on the torus
    movers: Array  # uint32 per position: room for the list of movers
    log: Array  # uint32, moves x 2: from and to
    n_pairs: int
    border: int
    width: int
    torus: bool


@lean
def sweep(
    squares: Array, pair: Array, vacant: Array, unsatisfied: Array, offset: Array, edge: Array, movers: Array,
    log: Array, n_pairs: int, border: int, width: int, torus: bool, key: np.uint64, stream: int, step: int,
    logged: int,
) -> Whole:  # fmt: skip
    """Let everyone unsatisfied now move once, in random order; return how many they were.

    The arguments are those of a `FastStep`, the run's key, stream and step, and how many moves the log holds.
    """
    # one by one, which numba is told faster than a tuple: a microsecond, and a small board's step takes few
    s = FastStep(squares, pair, vacant, unsatisfied, offset, edge, movers, log, n_pairs, border, width, torus)
    n = list_unsatisfied_positions(squares, pair, unsatisfied, n_pairs, border * width, movers)
    if n > 0:
        base = bits(key, stream, step, 0, 0)
        if border == 1 and offset.size == 8:
            move_all(s, n, base, np.uint64(logged))
        else:
            move_all_wide(s, n, base, np.uint64(logged))
        tidy_border(s)
    return np.int64(n)


@part
def list_unsatisfied_positions(
    squares: Array, pair: Array, unsatisfied: Array, n_pairs: int, skip: int, out: Array
) -> Whole:
    """List the positions of unsatisfied households; return how many."""
    # Unsigned indices, for numba tests every signed one for being negative: 0.5 ns a square, not 1.2.
    # Written always and kept by adding 0 or 1, for a branch cannot be foretold: it takes 2.9 ns.
    n = np.uint64(0)
    stride = np.uint64(n_pairs)
    first = np.uint64(skip)
    last = np.uint64(squares.size) - first
    for position in range(first, last):
        out[n] = position
        n += np.uint64(unsatisfied[np.uint64(squares[position]) * stride + np.uint64(pair[position])])
    return n


@part
def move_next(
    s: FastStep, n: Whole, k: Whole, base: np.uint64, logged: Whole
) -> tuple[Whole, Whole, np.uint16]:
    """Draw the k-th mover and a vacancy, move it, log it; return where from, where to, and its count."""
    rest = np.float64(np.int64(n - k))
    j = k + np.uint64(np.int64(nth(base, np.uint64(2) * k) * rest))
    old = s.movers[j]
    s.movers[j] = s.movers[k]
    vacant = np.float64(s.vacant.size)
    i = np.uint64(np.int64(nth(base, np.uint64(2) * k + np.uint64(1)) * vacant))
    new = s.vacant[i]
    s.vacant[i] = old
    square = s.squares[old]
    s.squares[old] = 0
    s.squares[new] = square
    s.log[logged + k, 0] = old
    s.log[logged + k, 1] = new
    return np.uint64(old), np.uint64(new), np.uint16(1) if square == 1 else np.uint16(256)


@part
def move_all(s: FastStep, n: Whole, base: np.uint64, logged: Whole) -> None:
    """Move everyone listed, counts being those of the eight squares around."""
    width = np.uint64(s.width)
    for k in range(n):
        old, new, one = move_next(s, n, k, base, logged)
        add_around(s.pair, old, width, -one)
        add_around(s.pair, new, width, one)


@part
def add_around(pair: Array, at: Whole, width: Whole, change: np.uint16) -> None:
    """Add to the counts of the eight squares around."""
    # written out, 3.3 ns; by the list of steps, 4.0
    one = np.uint64(1)
    pair[at - width - one] += change
    pair[at - width] += change
    pair[at - width + one] += change
    pair[at - one] += change
    pair[at + one] += change
    pair[at + width - one] += change
    pair[at + width] += change
    pair[at + width + one] += change


@part
def move_all_wide(s: FastStep, n: Whole, base: np.uint64, logged: Whole) -> None:
    """Move everyone listed, whatever the window."""
    for k in range(n):
        old, new, one = move_next(s, n, k, base, logged)
        for i in range(s.offset.size):
            s.pair[np.uint64(np.int64(old) + s.offset[i])] -= one
            s.pair[np.uint64(np.int64(new) + s.offset[i])] += one


@part
def tidy_border(s: FastStep) -> None:
    """Fold counts in the border of a torus to the far side; forget them on a bounded board."""
    for i in range(s.edge.shape[0]):
        at = np.uint64(s.edge[i, 0])
        if s.torus:
            s.pair[np.uint64(s.edge[i, 1])] += s.pair[at]
        s.pair[at] = 0


@lean
def replay(log: Array, n: int, spot: Array, who: Array) -> None:
    """Work out who lives where from the moves logged, in their order."""
    for i in range(n):
        old, new = log[i, 0], log[i, 1]
        h = spot[old].occupant
        spot[old].occupant = NONE
        spot[new].occupant = h
        who[h].home = new

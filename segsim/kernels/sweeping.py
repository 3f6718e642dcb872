"""The fast way through the commonest case: all who are unsatisfied at the start of a step move once.

Two kinds of household, one trait, a moving window, and every mover takes a random vacancy. A table
says for each kind and pair of counts whether a household is unsatisfied, so the search for movers is
one look-up per square without a branch. Nobody's satisfaction is asked while they move, so counts that
fall into the border of a torus are folded back once at the end. Moves are logged, and who lives where is
worked out from the log when somebody asks.
"""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import lean, part
from segsim.kernels.draws import bits, nth
from segsim.kernels.ground import HOME, OCCUPANT
from segsim.tables import NONE, Array


class Sweep(NamedTuple):
    """What the fast way needs, all of it views of, or beside, a board of two kinds."""

    squares: Array  # uint8 per position, as in Board
    near: Array  # uint8, two counts per position, as in Board
    pair: Array  # uint16: the same counts read as one number, first + 256 * second
    vacant: Array  # uint32, as in Board
    unsatisfied: Array  # uint8: by square value * n_pairs + pair
    n_pairs: int
    offset: Array  # int64, as in Ground
    border: int
    width: int
    torus: bool
    edge: Array  # uint32: the positions of the border
    edge_to: Array  # uint32: where they lie on the torus
    movers: Array  # uint32 per position: room for the list of movers
    log: Array  # uint32, moves x 2: from and to
    logged: Array  # int64, one element: how many moves the log holds


@lean
def sweep(s, key, stream, step):
    """Let everyone unsatisfied now move once, in random order; return how many they were."""
    base = bits(key, stream, step, 0, 0)
    n = find_unsatisfied(s.squares, s.pair, s.unsatisfied, s.n_pairs, s.border * s.width, s.movers)
    if n > 0:
        if s.offset.size == 8 and s.border == 1:
            move_all(s, n, base)
        else:
            move_all_wide(s, n, base)
        tidy_border(s)
    return np.int64(n)


@part
def find_unsatisfied(squares, pair, unsatisfied, n_pairs, skip, out):
    """List the positions of unsatisfied households; return how many."""
    # unsigned indices: numba tests every signed one for being negative
    n = np.uint64(0)
    stride = np.uint64(n_pairs)
    first = np.uint64(skip)
    last = np.uint64(squares.size) - first
    for position in range(first, last):
        out[n] = position
        n += np.uint64(unsatisfied[np.uint64(squares[position]) * stride + np.uint64(pair[position])])
    return n


@part
def next_move(s, n, k, base):
    """Draw the k-th mover and a vacancy for it, move it, log it; return old and new place in `near`."""
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
    at = np.uint64(s.logged[0])
    s.log[at, 0] = old
    s.log[at, 1] = new
    s.logged[0] = at + np.uint64(1)
    column = np.uint64(square) - np.uint64(1)
    return np.uint64(2) * np.uint64(old) + column, np.uint64(2) * np.uint64(new) + column


@part
def move_all(s, n, base):
    """Move everyone listed, counts being those of the eight squares around."""
    row = np.uint64(2 * s.width)
    for k in range(n):
        old, new = next_move(s, n, k, base)
        add_around(s.near, old, row, np.uint8(255))
        add_around(s.near, new, row, np.uint8(1))


@part
def add_around(near, at, row, change):
    """Add to one count of the eight squares around (uint8: 255 takes one away)."""
    two = np.uint64(2)
    near[at - row - two] += change
    near[at - row] += change
    near[at - row + two] += change
    near[at - two] += change
    near[at + two] += change
    near[at + row - two] += change
    near[at + row] += change
    near[at + row + two] += change


@part
def move_all_wide(s, n, base):
    """Move everyone listed, whatever the window."""
    for k in range(n):
        old, new = next_move(s, n, k, base)
        for i in range(s.offset.size):
            step = 2 * s.offset[i]
            s.near[np.uint64(np.int64(old) + step)] += np.uint8(255)
            s.near[np.uint64(np.int64(new) + step)] += np.uint8(1)


@part
def tidy_border(s):
    """Fold counts in the border of a torus to the far side; forget them on a bounded board."""
    for i in range(s.edge.size):
        at = np.uint64(2) * np.uint64(s.edge[i])
        if s.torus:
            to = np.uint64(2) * np.uint64(s.edge_to[i])
            s.near[to] += s.near[at]
            s.near[to + np.uint64(1)] += s.near[at + np.uint64(1)]
        s.near[at] = 0
        s.near[at + np.uint64(1)] = 0


@lean
def replay(log, n, spot, who):
    """Work out who lives where from the moves logged, in their order."""
    for i in range(n):
        old, new = log[i, 0], log[i, 1]
        h = spot[old, OCCUPANT]
        spot[old, OCCUPANT] = NONE
        spot[new, OCCUPANT] = h
        who[h, HOME] = new

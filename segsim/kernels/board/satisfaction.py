"""Who is unsatisfied: all at once for a step's start, or kept up to date after every move."""

from segsim.kernels.board.layout import (
    AREA,
    AREA_SQUARE,
    AREA_START,
    BESIDE,
    BESIDE_START,
    BORDER,
    BY_AREA,
    HOME,
    N_AROUND,
    OCCUPANT,
    WIDTH,
)
from segsim.kernels.board.occupancy import around
from segsim.kernels.board.utility import is_satisfied
from segsim.kernels.compile import part
from segsim.tables import NONE


@part
def list_unsatisfied(board, out):
    """List the unsatisfied households in order of row; return how many."""
    n = 0
    for h in range(board.who.shape[0]):
        if board.who[h, HOME] != NONE and not is_satisfied(board, h):
            out[n] = h
            n += 1
    return n


@part
def keep(queue, h, unsatisfied):
    """Put a household into the set of the unsatisfied or take it out.

    `queue[0, 0]` holds their number, `queue[1 ..., 0]` the households; `queue[h, 1]` is where household `h`
    stands in the first column, or 0.
    """
    if unsatisfied and queue[h, 1] == 0:
        queue[0, 0] += 1
        queue[queue[0, 0], 0] = h
        queue[h, 1] = queue[0, 0]
    elif not unsatisfied and queue[h, 1] != 0:
        last = queue[queue[0, 0], 0]
        queue[queue[h, 1], 0] = last
        queue[last, 1] = queue[h, 1]
        queue[h, 1] = 0
        queue[0, 0] -= 1


@part
def gather(board, queue):
    """Fill the set of the unsatisfied anew."""
    queue[0, 0] = 0
    for h in range(board.who.shape[0]):
        queue[h, 1] = 0
    for h in range(board.who.shape[0]):
        if board.who[h, HOME] != NONE:
            keep(queue, h, not is_satisfied(board, h))


@part
def ask_around(board, queue, position):
    """Ask everyone who has a position in view, and who lives there, whether they are satisfied."""
    lay = board.lay
    ask(board, queue, position)
    if lay[BY_AREA] != 0:
        area = board.spot[position, AREA]
        ask_area(board, queue, area)
        for i in range(lay[lay[BESIDE_START] + area], lay[lay[BESIDE_START] + area + 1]):
            ask_area(board, queue, lay[lay[BESIDE] + i])
        return
    row, column = position // lay[WIDTH] - lay[BORDER], position % lay[WIDTH] - lay[BORDER]
    for i in range(lay[N_AROUND]):
        seen = around(lay, row, column, i)
        if seen != NONE:
            ask(board, queue, seen)


@part
def ask_area(board, queue, area):
    """Ask everyone in an area."""
    lay = board.lay
    for i in range(lay[lay[AREA_START] + area], lay[lay[AREA_START] + area + 1]):
        ask(board, queue, lay[lay[AREA_SQUARE] + i])


@part
def ask(board, queue, position):
    """Ask whoever lives at a position."""
    h = board.spot[position, OCCUPANT]
    if h != NONE:
        keep(queue, h, not is_satisfied(board, h))

"""Which of the schools with a seat left lies nearest to each pupil."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import NONE, Array


@kernel
def find_nearest_open(far: Array, cell: Array, schools: Array, best: Array, way: Array) -> None:
    """Fill the nearest of some schools, and how far it is; of two equally near the first.

    Parameters
    ----------
    far : float (cells, schools)
        From each cell to each school.
    cell : int (pupils,)
        Where each pupil lives.
    schools : int
        Those that have a seat, ascending; at least one.
    best, way : int and float (pupils,), out
    """
    # looked for once for all pupils of a cell, and not in a table of pupils by schools
    known = np.full(far.shape[0], NONE, np.int64)
    for i in range(cell.size):
        c = cell[i]
        if known[c] == NONE:
            nearest = schools[0]
            for s in schools:
                if far[c, s] < far[c, nearest]:
                    nearest = s
            known[c] = nearest
        best[i], way[i] = known[c], far[c, known[c]]

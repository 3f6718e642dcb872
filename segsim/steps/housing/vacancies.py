"""Which dwellings households may have: empty ones that are on the market."""

import numpy as np

from segsim.tables import NONE, Array, Dwellings


def is_to_let(dwellings: Dwellings) -> Array:
    """Tell of each dwelling row whether it is to let or for sale: empty, and not off the market."""
    return np.asarray((dwellings.id != NONE) & (dwellings.occupant == NONE) & ~dwellings.off_market)

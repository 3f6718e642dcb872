"""The stock of dwellings, summed up."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import Array, Dwellings


@kernel
def sum_costs(dwellings: Dwellings, cell_area: Array, out: Array) -> None:
    """Add up what dwellings cost and how many rooms they have.

    Parameters
    ----------
    out : float64 (areas, tenures, 3), out
        Price and fee, in whole kronor, and rooms; zero before.
    """
    thousand = np.float32(1000.0)
    for d in range(dwellings.id.size):
        if dwellings.id[d] >= 0:
            area, tenure = cell_area[dwellings.cell[d]], dwellings.tenure[d]
            # whole numbers sum alike in any order of rows
            out[area, tenure, 0] += np.rint(thousand * dwellings.price[d])
            out[area, tenure, 1] += np.rint(thousand * dwellings.fee[d])
            out[area, tenure, 2] += dwellings.rooms[d]

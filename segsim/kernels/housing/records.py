"""What movers see of homes, and holders of homes of movers: one record each, gathered from the tables."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import Array, Cells, Dwellings, Households

HOME = np.dtype(
    [
        ("id", np.int64),
        ("log_standard", np.float64),  # mean of the area, beside the median household's
        ("education", np.float64),  # mean education of the area, 0 to 3
        ("appeal", np.float64),  # utility of the area to everyone
        ("family_appeal", np.float64),  # further utility of the area to households with children
        ("quality", np.float32),
        ("price", np.float32),  # tkr
        ("fee", np.float32),  # tkr a year
        ("x", np.float32),  # m
        ("y", np.float32),  # m
        ("area", np.int32),
        ("municipality", np.int16),
        ("tenure", np.int8),
        ("rooms", np.int8),
    ]
)
"""A dwelling as movers see it, with its surroundings, frozen within a round: one record each.

No wider than the tables, so that the vacancies of a county stay near the processor; sums and products with a
mover's are in double precision, since that is what a mover has.
"""

MOVER = np.dtype(
    [
        ("id", np.int64),
        ("taste_own_group", np.float64),
        ("taste_income", np.float64),
        ("log_standard", np.float64),
        ("education", np.float64),
        ("income", np.float64),  # tkr a year
        ("wealth", np.float64),  # tkr
        ("x", np.float64),  # m, where it lives or lodges
        ("y", np.float64),  # m
        ("area", np.int64),
        ("municipality", np.int64),
        ("units", np.float64),  # consumption units
        ("size", np.int64),  # persons
        ("queue_since", np.int64),  # year
        ("group", np.int64),
        ("has_children", np.bool_),
        ("is_foreign", np.bool_),
        ("has_home", np.bool_),  # False while lodging
    ]
)
"""A household that looks for a home in a round: one record each."""


@kernel
def describe_homes(
    rows: Array,
    dwellings: Dwellings,
    cells: Cells,
    municipality: Array,
    log_standard: Array,
    education: Array,
    appeal: Array,
    family_appeal: Array,
    homes: Array,
) -> None:
    """Describe dwellings with their surroundings.

    Parameters
    ----------
    rows : int32
        Rows of the dwellings.
    dwellings, cells : Dwellings, Cells
    municipality : int16 (areas,)
    log_standard, education : float64 (areas, tenures)
    appeal, family_appeal : float64 (areas,)
    homes : HOME records, one per entry of `rows`, out
    """
    # gathered once a round, because every mover looks at twenty homes: a record lies in two cache lines,
    # while columns would take thirteen
    for i in range(rows.size):
        d, home = rows[i], homes[i]
        cell = dwellings.cell[d]
        area, tenure = cells.area[cell], dwellings.tenure[d]
        home.id = dwellings.id[d]
        home.log_standard = log_standard[area, tenure]
        home.education = education[area, tenure]
        home.appeal = appeal[area]
        home.family_appeal = family_appeal[area]
        home.quality = dwellings.quality[d]
        home.price = dwellings.price[d]
        home.fee = dwellings.fee[d]
        home.x = cells.x[cell]
        home.y = cells.y[cell]
        home.area = area
        home.municipality = municipality[area]
        home.tenure = tenure
        home.rooms = dwellings.rooms[d]


@kernel
def describe_movers(
    rows: Array,
    cell: Array,
    log_standard: Array,
    foreign: Array,
    households: Households,
    cells: Cells,
    municipality: Array,
    movers: Array,
) -> None:
    """Describe households that look for a home.

    Parameters
    ----------
    rows : int32
        Rows of the households.
    cell : int32, one per entry of `rows`
        Where each lives or lodges.
    log_standard : float64, one per entry of `rows`
        Log economic standard beside the median household's.
    foreign : bool (groups,)
        Whether the group is of foreign background.
    households, cells : Households, Cells
    municipality : int16 (areas,)
    movers : MOVER records, one per entry of `rows`, out
    """
    for i in range(rows.size):
        h, mover = rows[i], movers[i]
        mover.id = households.id[h]
        mover.taste_own_group = households.taste_own_group[h]
        mover.taste_income = households.taste_income[h]
        mover.log_standard = log_standard[i]
        mover.education = max(households.education[h], 0)  # NONE counts as the lowest level
        mover.income = households.income[h]
        mover.wealth = households.wealth[h]
        mover.x = cells.x[cell[i]]
        mover.y = cells.y[cell[i]]
        mover.area = cells.area[cell[i]]
        mover.municipality = municipality[cells.area[cell[i]]]
        mover.units = households.units[h]
        mover.size = households.size[h]
        mover.queue_since = households.queue_since[h]
        mover.group = households.group[h]
        mover.has_children = households.children[h] > 0
        mover.is_foreign = foreign[households.group[h]]
        mover.has_home = households.home[h] >= 0

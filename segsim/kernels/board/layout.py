"""The layout of a board: records and tables that hold its shape, its neighbourhoods, and who is where.

A position is an index into the flat grid with a border: (row + border) * width + column + border. Where a
square has several dwellings each has a position, and a column is one of these.
"""

from enum import IntEnum
from typing import Any

import numpy as np

from segsim.tables import Array

_COUNT, _SWITCH, _NUMBER, _TABLE = np.int64, np.bool_, np.float64, np.int64


class SelfCounting(IntEnum):
    """Whether a household counts itself among its neighbours."""

    NEVER = 0
    ALWAYS = 1
    AT_HOME = 2  # wherever it looks at its own home


# A record is handed on as one pointer. Beside numbers in an int64 array at named places, turns took 0.93 to
# 0.98 of the time (best response of eight vacancies: 845 ns, not 864) and a step as long to compile.
GROUND = np.dtype(
    [
        ("rows", _COUNT),
        ("columns", _COUNT),
        ("border", _COUNT),  # how far the neighbourhood reaches; the grid has a border so wide
        ("width", _COUNT),  # columns and two borders
        ("per_square", _COUNT),  # dwellings of a square, beside each other in a row; if several, by_area
        ("across", _COUNT),  # squares in a row
        ("first", _COUNT),  # position of the first square
        ("torus", _SWITCH),
        ("by_area", _SWITCH),  # neighbourhoods are fixed areas, or squares of several; counts stand per area
        ("is_line", _SWITCH),  # nobody counts; who is where is looked up, see `line`
        ("places_vary", _SWITCH),  # whether neighbourhoods differ in size; else `places` holds one number
        ("counts_self", _COUNT),  # a `SelfCounting`
        ("n_groups", _COUNT),  # also the categories of the first trait, so they add up to everyone
        ("n_traits", _COUNT),
        ("n_counts", _COUNT),  # counts per position or area: one per category of each trait
        ("n_around", _COUNT),  # squares of a neighbourhood, its middle left out
        ("n_pools", _COUNT),  # kinds of reservation of squares, the first being none
        ("elsewhere", _COUNT),  # the area where utility does not depend on who lives there, NONE if none
        ("elsewhere_utility", _NUMBER),
        ("beside_weight", _NUMBER),  # how much adjacent areas count
        ("satisfied_at", _NUMBER),  # utility from which a household is satisfied
        ("has_market", _SWITCH),  # whether homes have prices, see `market`; without it the rest is 0
        ("must_afford", _SWITCH),
        ("price_base", _NUMBER),
        ("price_occupied", _NUMBER),
        ("price_status", _NUMBER),
        ("price_wealth", _NUMBER),
        ("price_quality", _NUMBER),
        ("worth_price", _NUMBER),
        ("worth_status", _NUMBER),
        ("worth_quality", _NUMBER),
        ("mean_status", _NUMBER),  # of all households, for where nobody lives around
        ("mean_wealth", _NUMBER),
        # where each begins in `Board.numbers`
        ("status", _TABLE),  # per household row
        ("wealth", _TABLE),  # per household row
        ("quality", _TABLE),  # per position
        # where each table begins in `Board.tables`
        ("offset", _TABLE),  # n_around flat steps to the squares around
        ("row_step", _TABLE),  # the same as rows
        ("column_step", _TABLE),  # and columns
        ("mask", _TABLE),  # (2 border + 1) squared: is a square so far away in the neighbourhood
        ("trait_count", _TABLE),  # n_traits x n_groups: the count a group falls in
        ("admits", _TABLE),  # n_pools x n_groups: may a group live there
        ("pool_start", _TABLE),  # n_pools: where the vacancies of a pool begin
        ("area_start", _TABLE),  # n_areas + 1: where an area's squares begin
        ("area_square", _TABLE),  # positions by area
        ("beside_start", _TABLE),  # n_areas + 1: where an area's adjacent areas begin
        ("beside", _TABLE),  # areas
        ("places", _TABLE),  # other squares around: per position, per area, or one number
        ("places_beside", _TABLE),  # squares of adjacent areas, per area
    ],
    align=True,
)
"""What does not change while people move: single numbers, and where tables begin in `Board.tables`."""

SPOT = np.dtype(
    [("occupant", np.int32), ("slot", np.int32), ("area", np.int32), ("pool", np.int32)], align=True
)
"""A position: household row or NONE, place among the vacancies or NONE, area, pool of reservation."""

RESIDENT = np.dtype([("home", np.int32), ("group", np.int32), ("taste", np.int32)], align=True)
"""A household: its position or NONE, its group, and its row of `wants`."""

WANT = np.dtype(
    [
        ("weight", np.float64),  # 0 if the taste does not look at this trait
        ("if_empty", np.float64),  # utility without neighbours
        ("preference", np.int64),  # a `PreferenceShape`
        ("demand", np.int64),  # a `Demand`
        ("a", np.float64),  # parameters of the shape, see `preference`
        ("b", np.float64),
        ("c", np.float64),
        ("d", np.float64),  # of a cliff, the value just past the peak
        ("at", np.int64),  # of points, where they begin in `Board.numbers`; of an own function, its address
    ],
    align=True,
)
"""What a taste wants of one trait."""


def make_record(dtype: np.dtype[np.void], **fields: Any) -> np.record:
    """Return one record, its fields given by name; those left out are 0."""
    record: np.record = np.zeros(1, dtype).view(np.recarray)[0]
    for name, value in fields.items():
        record[name] = value
    return record


def pack_tables(tables: dict[str, Array]) -> tuple[dict[str, int], Array]:
    """Return where each table begins, and all of them in one int64 array."""
    # One array: each one of a tuple is handed on as seven numbers at every call. With eleven more in `Board`
    # a step took a fifth longer to compile (20.4 s of processor time, not 16.9).
    starts, start = {}, 0
    for name, table in tables.items():
        starts[name] = start
        start += table.size
    return starts, np.concatenate([np.ravel(table).astype(np.int64) for table in tables.values()])

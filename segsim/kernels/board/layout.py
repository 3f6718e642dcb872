"""The ground of a board in one array of whole numbers: its shape, its neighbourhoods, what is reserved.

Kernels that run for every household are given few arrays: each array handed on costs as much as the work
itself. So all that does not change while people move stands in one array `lay`: a header of single numbers,
named below, then tables, whose beginnings the header holds.

A position is an index into the flat grid with a border: (row + border) * width + column + border.
"""

import numpy as np

from segsim.tables import Array

# single numbers
ROWS = 0
COLUMNS = 1
BORDER = 2  # how far the neighbourhood reaches; the grid has a border so wide
WIDTH = 3  # columns and two borders
TORUS = 4
BY_AREA = 5  # neighbourhoods are fixed areas; then counts stand per area
COUNTS_SELF = 6  # a household counts itself: 0 never, 1 always, 2 wherever its home is in view
N_COLUMNS = 7  # counts per position or area: one per category of each trait
N_FIRST = 8  # categories of the first trait, the group; they add up to everyone
N_TRAITS = 9
N_KINDS = 10  # groups
N_AROUND = 11  # squares of a neighbourhood, its middle left out
N_POOLS = 12  # kinds of reservation of squares, the first being none
ELSEWHERE = 13  # the area where utility does not depend on who lives there, -1 if none
PLACES_VARY = 14  # whether neighbourhoods differ in size; else PLACES holds one number

# where tables begin
OFFSET = 16  # n_around flat steps to the squares around
ROW_STEP = 17  # the same as rows
COLUMN_STEP = 18  # and columns
MASK = 19  # (2 border + 1) squared: is a square so far away in the neighbourhood
TRAIT_COLUMN = 20  # n_traits x n_kinds: the count a group falls in
ADMITS = 21  # n_pools x n_kinds: may a group live there
POOL_START = 22  # n_pools: where the vacancies of a pool begin
AREA_START = 23  # n_areas + 1: where an area's squares begin
AREA_SQUARE = 24  # positions by area
BESIDE_START = 25  # n_areas + 1: where an area's adjacent areas begin
BESIDE = 26  # areas
PLACES = 27  # other squares around: per position, per area, or one number
PLACES_BESIDE = 28  # squares of adjacent areas, per area
HEADER = 32

# columns of `spot`, one row per position
OCCUPANT = 0  # household row, NONE where vacant
SLOT = 1  # where a vacant square stands among the vacancies
AREA = 2
POOL = 3
SPOT_COLUMNS = 4

# columns of `who`, one row per household
HOME = 0  # position, NONE if it has none
KIND = 1  # group
TASTE = 2  # row of `wants`
WHO_COLUMNS = 3

# places of `real`, the parameters that are not whole numbers
BESIDE_WEIGHT = 0
ELSEWHERE_UTILITY = 1
BETA = 2
REACH = 3
MINIMUM_IMPROVEMENT = 4
RESTLESS = 5
ALTRUISM = 6
REALS = 8


def packed(numbers: dict[int, int], tables: dict[int, Array]) -> Array:
    """Return `lay`: single numbers and tables in one int64 array."""
    header = np.zeros(HEADER, np.int64)
    for place, number in numbers.items():
        header[place] = number
    start = HEADER
    for place, table in tables.items():
        header[place] = start
        start += table.size
    return np.concatenate([header, *(np.ravel(table).astype(np.int64) for table in tables.values())])

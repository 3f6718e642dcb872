"""How the groups are spread over homes: evenness, exposure, incomes, neighbours on the grid."""

from collections.abc import Iterable

import numpy as np

from segsim import indices
from segsim.catalogue import PROFILE_BANDWIDTHS, PROFILE_SIZES
from segsim.indices.chance import LOGS
from segsim.indices.income import class_edges
from segsim.kernels.counting import count_classes
from segsim.kernels.indices.chance import compare_with_chance
from segsim.measures.rows import Rows
from segsim.measures.snapshot import Snapshot, list_pairs, sum_by_district
from segsim.tables import Array

MOST_PAIRED, MOST_AGAINST_REST = 6, 12
"""Most categories of which every pair, and each against the rest, is measured."""
PAIRED = ("origin", "income")
INCOME_CLASSES = 20
DEFAULT_SIDE = 100.0
"""Side of a cell where it cannot be told from the coordinates, m."""
MOST_CELLS_ACROSS = 50_000


def add_residence(rows: Rows, snap: Snapshot, groupings: Iterable[str], levels: Iterable[str]) -> None:
    """Add how each grouping is spread over the units of each level."""
    for grouping in groupings:
        by_area = snap.by_area(grouping)
        categories = snap.categories(grouping)
        for level in levels:
            if level == "area":
                table = by_area
            elif level == "district":
                table = sum_by_district(snap, by_area)
            else:
                table = snap.by_cell(grouping)
            add_spread(rows, table, grouping, categories, level)
            if level != "cell" and len(table) > 1 and rows.details(grouping):
                state = snap.state
                names = state.area_names if level == "area" else state.district_names
                rows.add_each("local_M", grouping, level, names, indices.local_information_units(table))


def add_spread(rows: Rows, table: Array, grouping: str, categories: tuple[str, ...], level: str) -> None:
    """Add evenness and exposure of one table over all categories; D and V of each, and of pairs, too.

    Over a single unit nothing can be uneven, so that a 0 there would tell of nothing: evenness is not given.
    """
    add_evenness(rows, table, grouping, level)
    n = len(categories)
    names = [f"{grouping}.{category}" for category in categories]
    if n > 2 and n <= MOST_AGAINST_REST:
        total = table.sum(axis=1)
        for k, name in enumerate(names):
            pair = np.column_stack([table[:, k], total - table[:, k]])
            add_evenness(rows, pair, name, level, with_information=False)
    if n > 2 and n <= MOST_PAIRED and grouping in PAIRED:
        for a, b in list_pairs(categories):
            pair = np.column_stack([table[:, a], table[:, b]])
            add_evenness(rows, pair, f"{names[a]}-{categories[b]}", level, with_information=False)
    if n <= MOST_AGAINST_REST:
        met = indices.exposure(table)
        for a in range(n):
            rows.add("isolation", names[a], level, float(met[a, a]))
            for b in range(n):
                if a != b:
                    rows.add("exposure", f"{names[a]}-{categories[b]}", level, float(met[a, b]))


def add_evenness(
    rows: Rows, table: Array, grouping: str, level: str, suffix: str = "", with_information: bool = True
) -> None:
    """Add D, V, H and M over two units or more, beside their expectation by chance and without it."""
    if len(table) < 2:
        return
    d, expected_d, v, expected_v, h, expected_h, m = compare_with_chance(table, LOGS, with_information)
    for name, value, expected in (("D", d, expected_d), ("V", v, expected_v), ("H", h, expected_h)):
        if name == "H" and not with_information:
            return
        rows.add(f"{name}{suffix}", grouping, level, value)
        rows.add(f"{name}{suffix}_expected", grouping, level, expected)
        if not suffix:
            rows.add(f"{name}_adjusted", grouping, level, indices.adjusted(value, expected))
    rows.add(f"M{suffix}", grouping, level, m)


def add_incomes(rows: Rows, snap: Snapshot) -> None:
    """Add income segregation of households by rank, over 20 classes."""
    area = snap.homes.area
    values = snap.state.tables.households.standard
    if snap.standards.size == 0:
        return
    edges = class_edges(snap.standards, INCOME_CLASSES)
    by_area = np.zeros((snap.n_areas, edges.size + 1))
    count_classes(values, area, edges, by_area)
    for level, table in (("area", by_area), ("district", sum_by_district(snap, by_area))):
        if len(table) > 1:
            rows.add("HR", "", level, indices.ordinal_theil(table))


def add_exact_incomes(rows: Rows, snap: Snapshot) -> None:
    """Add income segregation of households by rank, over every income."""
    area = snap.homes.area
    live = area >= 0
    values = snap.state.tables.households.standard[live]
    if values.size == 0:
        return
    district = snap.state.tables.areas.district[area[live]]
    for level, unit, names in (
        ("area", area[live], snap.state.area_names),
        ("district", district, snap.state.district_names),
    ):
        if len(names) > 1:
            rows.add("HR_exact", "", level, indices.rank_order_theil(values, unit))


def add_clustering(rows: Rows, snap: Snapshot, grid: "CellGrid", grouping: str) -> None:
    """Add Moran's I of a category's share over populated cells: of two the last, of more each."""
    names = [f"{grouping}.{category}" for category in snap.categories(grouping)]
    if len(names) > MOST_AGAINST_REST or not rows.wants("moran_I", grouping, "cell"):
        return
    cells = grid.arrange(snap.by_cell(grouping))
    for k in range(1 if len(names) == 2 else 0, len(names)):
        shares = indices.group_shares(cells, k)
        populated = int(np.count_nonzero(~np.isnan(shares)))
        rows.add("moran_I", names[k], "cell", indices.morans_i(shares))
        rows.add("moran_I_expected", names[k], "cell", indices.expected_morans_i(populated))


def add_profiles(rows: Rows, snap: Snapshot, grid: "CellGrid", grouping: str) -> None:
    """Add isolation among the k nearest persons and spatial indices, by size and bandwidth."""
    categories = snap.categories(grouping)
    if len(categories) > MOST_AGAINST_REST:
        return
    kept = [k for k in PROFILE_SIZES if rows.wants(f"isolation_nearest_{k}", grouping, "cell")]
    spatial = [f"{index}_spatial_{width:g}" for index in "HD" for width in PROFILE_BANDWIDTHS]
    if not kept and not any(rows.wants(name, grouping, "cell") for name in spatial):
        return
    cells = grid.arrange(snap.by_cell(grouping))
    sizes = [k for k in kept if k <= cells.sum() / 4]
    if sizes:
        for k, matrix in zip(sizes, indices.nearest_profile(cells, sizes), strict=True):
            for at, name in enumerate(categories):
                rows.add(f"isolation_nearest_{k}", f"{grouping}.{name}", "cell", float(matrix[at, at]))
    for bandwidth in PROFILE_BANDWIDTHS:
        names = (f"H_spatial_{bandwidth:g}", f"D_spatial_{bandwidth:g}")
        if any(rows.wants(name, grouping, "cell") for name in names):
            spatial_index = indices.spatial_indices(cells, bandwidth)
            rows.add(names[0], grouping, "cell", spatial_index.H)
            rows.add(names[1], grouping, "cell", spatial_index.D)


class CellGrid:
    """Where each cell lies on a rectangle of cells."""

    def __init__(self, x: Array, y: Array) -> None:
        self.side = measure_cell_side(x, y)
        extent = max(float(np.ptp(x)), float(np.ptp(y))) / self.side if x.size else 0.0
        if extent > MOST_CELLS_ACROSS:  # homes anywhere on a plane, not on squares
            self.side = DEFAULT_SIDE
        self.row = np.rint((y - y.min()) / self.side).astype(np.int64)
        self.column = np.rint((x - x.min()) / self.side).astype(np.int64)
        self.shape = (int(self.row.max()) + 1, int(self.column.max()) + 1)

    def arrange(self, by_cell: Array) -> Array:
        """Return counts by cell (cells x groups) as rows x columns x groups."""
        out = np.zeros((*self.shape, by_cell.shape[1]))
        np.add.at(out, (self.row, self.column), by_cell)
        return out


def measure_cell_side(x: Array, y: Array) -> float:
    """Return the side of a cell, m: the smallest step between coordinates; 100 if there is one cell only."""
    steps = np.concatenate([np.diff(np.unique(x)), np.diff(np.unique(y))])
    steps = steps[steps > 1e-3]
    return float(steps.min()) if steps.size else DEFAULT_SIDE

"""How households live beside one another on an abstract board: neighbours, the unsatisfied, clusters."""

from typing import Protocol

import numpy as np

from segsim.indices.inputs.numbers import ratio
from segsim.kernels.board.utility import Neighbours
from segsim.measures.rows import Rows
from segsim.tables import Array

BY_NEIGHBOUR = ("like_neighbours", "exposure", "unsatisfied")
BY_CLUSTER = ("clusters", "cluster_mean", "cluster_largest")


class BoardView(Protocol):
    """A board as it is measured."""

    def count_neighbours(self) -> Neighbours:
        """Return households by group and whom they live among."""
        ...

    def cluster_sizes(self) -> list[Array]:
        """Return, per group, the households of each cluster."""
        ...


def add_board(rows: Rows, groups: list[str], board: BoardView) -> None:
    """Add what a scenario asks of who lives beside whom."""
    if any(rows.wants(name, "origin") for name in BY_NEIGHBOUR):
        add_neighbours(rows, groups, board.count_neighbours())
    if any(rows.wants(name, "origin") for name in BY_CLUSTER):
        add_clusters(rows, groups, board.cluster_sizes())


def add_neighbours(rows: Rows, groups: list[str], counts: Neighbours) -> None:
    """Add the share of like neighbours and of the unsatisfied, of all and by group, and exposure."""
    around = counts.with_neighbours
    own = np.diag(counts.met)
    like, level = float(ratio(own.sum(), around.sum())), "neighbourhood"
    rows.add("like_neighbours", "origin", level, like)
    unsatisfied = float(ratio(counts.unsatisfied.sum(), counts.households.sum()))
    rows.add("unsatisfied", "origin", "municipality", unsatisfied)
    for a, name in enumerate(groups):
        rows.add("like_neighbours", f"origin.{name}", level, float(ratio(own[a], around[a])))
        share = float(ratio(counts.unsatisfied[a], counts.households[a]))
        rows.add("unsatisfied", f"origin.{name}", "municipality", share)
        for b, other in enumerate(groups):
            if a != b:
                met = float(ratio(counts.met[a, b], around[a]))
                rows.add("exposure", f"origin.{name}-{other}", level, met)


def add_clusters(rows: Rows, groups: list[str], sizes: list[Array]) -> None:
    """Add the number of clusters, their mean and their largest size, of all and by group."""
    for grouping, of in [("origin", np.concatenate(sizes))] + [
        (f"origin.{name}", sizes[g]) for g, name in enumerate(groups)
    ]:
        rows.add("clusters", grouping, "municipality", float(of.size))
        rows.add("cluster_mean", grouping, "municipality", float(of.mean()) if of.size else np.nan)
        rows.add("cluster_largest", grouping, "municipality", float(of.max()) if of.size else np.nan)

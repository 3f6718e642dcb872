"""Exact results on vacancy chains."""

import numpy as np

from experiments.replications.finding import Finding, number
from segsim.kernels.housing.relocation import Chains, Matches, open_tally, settle_moves
from segsim.tables import NONE, TENURES, Dwellings, Households, build_table

WHO_FILLS = np.array([[0.35, 0.05, 0.10, 0.05], [0.20, 0.20, 0.10, 0.05],
                      [0.15, 0.10, 0.40, 0.15], [0.05, 0.05, 0.20, 0.45]])  # fmt: skip
"""Chance that a vacancy of one tenure (rows) is filled from a home of another; else by someone who lodges."""

CHAINS, HOMES, LODGERS = 5_000, 60_000, 60_000


def fixed_matrix() -> list[Finding]:
    """R16: with a fixed matrix Q of who fills which vacancy, a chain has (I - Q)^-1 1 moves on average."""
    lengths = chain_lengths(np.random.default_rng(1))
    expected = np.linalg.solve(np.eye(4) - WHO_FILLS, np.ones(4))
    return [
        number(
            "R16", "exact", f"moves in a chain begun in {tenure}", expected[t], lengths[t].mean(), 0.15, "1"
        )
        for t, tenure in enumerate(TENURES)
    ]


def chain_lengths(rng: np.random.Generator) -> list[np.ndarray]:
    """Let chains run to their end; return the moves of each, by the tenure it began in."""
    tenure = np.repeat(np.arange(4), CHAINS + HOMES)
    n = tenure.size
    dwellings = build_table(Dwellings, n, id=np.arange(n), tenure=tenure)
    is_vacant = np.tile(np.arange(CHAINS + HOMES) < CHAINS, 4)
    lived_in = np.flatnonzero(~is_vacant)
    households = build_table(Households, lived_in.size + LODGERS, id=np.arange(lived_in.size + LODGERS))
    households.home[: lived_in.size] = lived_in
    dwellings.occupant[lived_in] = np.arange(lived_in.size)
    waiting = [list(np.flatnonzero(tenure[lived_in] == t)) for t in range(4)]
    waiting.append(list(range(lived_in.size, lived_in.size + LODGERS)))
    chains = Chains(np.where(is_vacant, np.arange(n), NONE).astype(np.int32), np.zeros(n, np.int32))
    shares = np.column_stack([WHO_FILLS, 1 - WHO_FILLS.sum(1)]).cumsum(1)
    while (chains.root != NONE).any():
        vacant = np.flatnonzero(chains.root != NONE).astype(np.int32)
        origin = (rng.random(vacant.size)[:, None] > shares[tenure[vacant]]).sum(1)
        movers = np.array([waiting[o].pop() for o in origin], np.int32)
        place = np.arange(vacant.size, dtype=np.int32)
        matches = Matches(place, movers, vacant, np.zeros(vacant.size, bool), np.zeros(vacant.size, int))
        settle_moves(2030, matches, 0.0, households, dwellings, chains, open_tally(1))
    return [chains.length[is_vacant & (tenure == t)] for t in range(4)]


REPLICATIONS = {"R16": fixed_matrix}

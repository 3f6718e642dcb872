"""Exact results on finding work through contacts."""

import numpy as np

from experiments.replications.finding import Finding, number, pattern
from segsim.kernels.draws import key_of
from segsim.kernels.work.contacts import pass_news

HEAR, LOSE = 0.10, 0.015
COPIES, BURN_IN, PERIODS = 2_000, 200, 400
NETWORKS = {
    "no ties": ([[]], 0.1322),
    "one tie": ([[1], [0]], 0.079),
    "ring of four": ([[1, 3], [0, 2], [1, 3], [2, 0]], 0.057),
    "complete network of four": ([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]], 0.047),
}


def contacts() -> list[Finding]:
    """R15: the rule of Calvo-Armengol and Jackson 2004."""
    findings = []
    for name, (ties, expected) in NETWORKS.items():
        states = simulate_contacts(ties)
        idle = 1.0 - float(states.mean())
        findings.append(
            number("R15", "exact", f"stationary unemployment, {name}", expected, idle, 0.002, "1", 4)
        )
        if len(ties) > 1:
            pair = np.corrcoef(states[:, :, 0].ravel(), states[:, :, 1].ravel())[0, 1]
            what = f"correlation of neighbours' employment, {name}"
            findings.append(pattern("R15", "exact", what, "> 0", f"{pair:.3f}", pair > 0, "1"))
    return findings


def simulate_contacts(ties: list[list[int]]) -> np.ndarray:
    """Return who is employed, periods x copies of the network x persons."""
    n = len(ties)
    contact = [c + n * k for k in range(COPIES) for own in ties for c in own]
    first = np.concatenate([[0], np.cumsum([len(own) for _ in range(COPIES) for own in ties])])
    ids, employed = np.arange(n * COPIES), np.ones(n * COPIES, bool)
    since, states = np.zeros(n * COPIES, np.int64), []
    first, contact_of = first.astype(np.int64), np.array(contact, np.int64)
    for period in range(1, BURN_IN + PERIODS + 1):
        pass_news(key_of(1), period, ids, first, contact_of, HEAR, LOSE, employed, since)
        if period > BURN_IN:
            states.append(employed.reshape(COPIES, n).copy())
    return np.array(states)


REPLICATIONS = {"R15": contacts}

"""Calvó-Armengol and Jackson 2004: exact stationary states of small networks, simulated and by enumeration.

Expected values: stationary unemployment with a = .10, b = .015 is .1322 without ties, .079 with one tie, .057
on a ring of four and .047 in the complete network of four (+-.002). In the latter the finding rate falls with
duration from .307 to .275 in ten periods, as this chain does from its third to its twelfth without work.
"""

import itertools

import numpy as np
import pytest

from segsim.kernels.draws import key_of
from segsim.kernels.work.contacts import news_through_contacts, pass_news

HEAR, LOSE = 0.10, 0.015
NETWORKS = {
    "no ties": [[]],
    "one tie": [[1], [0]],
    "ring of four": [[1, 3], [0, 2], [1, 3], [2, 0]],
    "complete four": [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]],
}
EXPECTED = {"no ties": 0.1322, "one tie": 0.079, "ring of four": 0.057, "complete four": 0.047}


def transition(ties):
    """The chain's transition matrix over states (who is employed), from every combination of news."""
    n = len(ties)
    states = list(itertools.product([False, True], repeat=n))
    index = {state: i for i, state in enumerate(states)}
    matrix = np.zeros((len(states), len(states)))
    for state in states:
        takers = []
        for i in range(n):
            idle = [c for c in ties[i] if not state[c]]
            if not state[i]:
                takers.append([(i, HEAR), (None, 1 - HEAR)])
            elif idle:
                takers.append([(c, HEAR / len(idle)) for c in idle] + [(None, 1 - HEAR)])
            else:
                takers.append([(None, 1.0)])
        for outcome in itertools.product(*takers):
            p = float(np.prod([q for _, q in outcome]))
            hired = tuple(s or any(t == i for t, _ in outcome) for i, s in enumerate(state))
            for losses in itertools.product([False, True], repeat=n):
                q = p
                for works, loses in zip(hired, losses, strict=True):
                    q *= (LOSE if loses else 1 - LOSE) if works else (0.0 if loses else 1.0)
                if q > 0:
                    after = tuple(w and not x for w, x in zip(hired, losses, strict=True))
                    matrix[index[state], index[after]] += q
    return np.array(states), matrix


def stationary(matrix):
    n = matrix.shape[0]
    a = np.vstack([matrix.T - np.eye(n), np.ones(n)])
    return np.linalg.lstsq(a, np.append(np.zeros(n), 1.0), rcond=None)[0]


def copies(ties, n_copies):
    """Arrays of many copies of a network side by side."""
    n = len(ties)
    contact = [c + n * k for k in range(n_copies) for own in ties for c in own]
    first = np.concatenate([[0], np.cumsum([len(own) for _ in range(n_copies) for own in ties])])
    return first.astype(np.int64), np.array(contact, np.int64)


def simulate(ties, n_copies=2_000, burn_in=200, periods=400, seed=3):
    first, contact = copies(ties, n_copies)
    n = first.size - 1
    ids, employed, since = np.arange(n) + 10, np.ones(n, bool), np.zeros(n, np.int64)
    spells = np.zeros((60, 2))
    states = []
    for period in range(1, burn_in + periods + 1):
        idle, duration = ~employed, period - since
        pass_news(key_of(seed), period, ids, first, contact, HEAR, LOSE, employed, since)
        if period > burn_in:
            states.append(employed.reshape(n_copies, -1).copy())
            at = np.minimum(duration[idle], 59)
            stayed = ~employed[idle] & (since[idle] != period)
            spells[:, 0] += np.bincount(at, minlength=60)
            spells[:, 1] += np.bincount(at[~stayed], minlength=60)
    return np.array(states), spells


@pytest.mark.parametrize("name", NETWORKS)
def test_stationary_unemployment__is_the_published_one(name):
    states, matrix = transition(NETWORKS[name])
    exact = 1 - (stationary(matrix) @ states).mean()
    assert exact == pytest.approx(EXPECTED[name], abs=0.002)
    found = 1 - simulate(NETWORKS[name], n_copies=12_000)[0].mean()  # standard error below .0007
    assert found == pytest.approx(exact, abs=0.002)


def test_neighbours__are_alike_in_employment():
    states, matrix = transition(NETWORKS["one tie"])
    p = stationary(matrix)
    exact = p @ (states[:, 0] & states[:, 1]) - (p @ states[:, 0]) * (p @ states[:, 1])
    assert exact > 0
    found = simulate(NETWORKS["one tie"])[0].reshape(-1, 2).astype(float)
    assert np.corrcoef(found.T)[0, 1] > 0


def exact_hazards(ties, periods):
    """Probability of being employed a period later, after 1, 2, ... periods without work."""
    states, matrix = transition(ties)
    works = states[:, 0]
    idle = (stationary(matrix) * works @ matrix) * ~works
    hazards = []
    for _ in range(periods):
        after = idle @ matrix
        hazards.append((after * works).sum() / idle.sum())
        idle = after * ~works
    return np.array(hazards)


def test_finding_work__takes_longer_the_longer_one_is_without():
    exact = exact_hazards(NETWORKS["complete four"], 12)
    assert (np.diff(exact) < 0).all()
    assert exact[[2, 11]] == pytest.approx([0.307, 0.275], abs=0.001)
    spells = simulate(NETWORKS["complete four"], n_copies=5_000)[1]
    found = spells[1:9, 1] / spells[1:9, 0]
    assert found == pytest.approx(exact[:8], abs=0.012)


def test_mean_field__is_near_the_share_told_in_a_large_random_network():
    rng = np.random.default_rng(5)
    n, contacts, employment, hear = 30_000, 4, 0.8, 0.1
    ties = np.array(
        [np.roll(order := rng.permutation(n), 1)[np.argsort(order)] for _ in range(contacts // 2)]
    )
    back = np.argsort(ties, axis=1)
    contact = np.vstack([ties, back]).T.ravel()
    employed = rng.random(n) < employment
    before = employed.copy()
    since, ids = np.zeros(n, np.int64), np.arange(n)
    first = np.arange(n + 1, dtype=np.int64) * contacts
    pass_news(key_of(1), 1, ids, first, contact, hear, 0.0, employed, since)
    found = employed[~before].mean()
    told = news_through_contacts(hear, contacts, employment)
    assert found == pytest.approx(1 - (1 - hear) * (1 - told), abs=0.015)

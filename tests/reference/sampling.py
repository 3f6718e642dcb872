"""Plain Python twins of rounding, of sampling, and of classes drawn with exact quotas."""

import numpy as np

from segsim.synthesis.apportionment import fit_table


def apportion(weights, total):
    """Return whole numbers by largest remainder, the first of equals; alike where all weights are 0."""
    weights = weights if sum(weights) > 0 else [1] * len(weights)
    exact = [w / sum(weights) * total for w in weights]
    whole = [int(x) for x in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_remainder[: total - sum(whole)]:
        whole[i] += 1
    return whole


def choose_rows(weights, n, order, luck):
    """Return which rows systematic sampling in some order takes: n of them, in proportion to the weights."""
    certain = set()
    while True:
        scale = (n - len(certain)) / sum(w for i, w in enumerate(weights) if i not in certain)
        above = {i for i, w in enumerate(weights) if i not in certain and w * scale > 1}
        if not above:
            break
        certain |= above
    chance = [1.0 if i in certain else w * scale for i, w in enumerate(weights)]
    ends = np.floor(np.cumsum([chance[i] for i in order]) + luck)
    ends[-1] = n
    taken = np.zeros(len(weights), bool)
    taken[order] = np.diff(ends, prepend=0) > 0
    return taken


def draw_classes(weights, quotas, rng):
    """Return the class of each row: fitted to the quotas, one class after the other takes its rows."""
    out, left, share = np.zeros(len(weights), int), np.arange(len(weights)), weights
    for k, quota in enumerate(quotas[:-1]):
        if left.size == 0:
            break
        share = fit_table(share, np.ones(left.size), quotas[k:])
        taken = np.full(left.size, quota > 0)
        if 0 < quota < left.size:
            order = rng.permutation(left.size)
            taken = choose_rows(share[:, 0], quota, order, rng.random())
        out[left[taken]] = k
        left, share = left[~taken], share[~taken, 1:]
    out[left] = len(quotas) - 1
    return out

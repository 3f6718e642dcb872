"""Published and exact results about school choice."""

import numpy as np
import pytest

from segsim.kernels.matching import serial_dictatorship


def test_serial_dictatorship__mean_rank_is_exact():
    """n pupils, n one-seat schools, uniform preferences: mean rank ((n + 1) / n)(H_{n+1} - 1)."""
    n, runs = 200, 300
    rng = np.random.default_rng(13)
    exact = (n + 1) / n * (np.sum(1 / np.arange(1, n + 2)) - 1)
    ranks = []
    for _ in range(runs):
        choices = np.argsort(rng.random((n, n)), axis=1).astype(np.int32)
        place = serial_dictatorship(choices, rng.random(n), np.arange(n), np.ones(n, np.int32))
        ranks.append(np.nonzero(choices == place[:, None])[1].mean() + 1)
    assert exact == pytest.approx(4.9074, abs=5e-5)
    assert np.mean(ranks) == pytest.approx(exact, abs=4 * np.std(ranks) / np.sqrt(runs))
    assert np.std(ranks) / np.sqrt(runs) < 0.05

"""Whether a series has come to rest: MSER-5 for long ones, the last two windows for short ones."""

import numpy as np
import pandas as pd

from segsim.comparison.inference import t_interval
from segsim.tables import Array

LONG = 70
"""Points from which MSER-5 is used too; it needs batches of five, and with fewer could never drop half."""

BATCH = 5


def mser5(values: Array) -> int:
    """Return how many points to drop from the start of a series (White 1997, MSER-5).

    The truncation that makes the standard error of the mean of the rest smallest, over means of batches of
    five; the last five batches are never candidates. A series is unsettled when more than half must go.
    """
    x = np.asarray(values, float)
    batches = x[: x.size // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    if batches.size <= BATCH:
        raise ValueError(f"MSER-5 needs more than {BATCH * BATCH} points; there are {x.size}")
    rests = [batches[k:] for k in range(batches.size - BATCH)]
    return BATCH * int(np.argmin([rest.var() / rest.size for rest in rests]))


def window_drift(values: Array, window: int) -> Array:
    """Return, per seed, the mean of the last `window` years minus that of the window before.

    Parameters
    ----------
    values : array
        Years by seeds.
    window : int
        Years in a window.
    """
    return np.asarray(values[-window:].mean(axis=0) - values[-2 * window : -window].mean(axis=0))


def judge_stationarity(values: Array, window: int, tolerance: float) -> tuple[object, float]:
    """Tell whether a quantity has come to rest over the seeds, and its drift.

    Parameters
    ----------
    values : array
        Years by seeds.
    window : int
        Years in a window.
    tolerance : float
        Drift that does not matter, in the quantity's own unit.

    Returns
    -------
    settled : bool or NA
        False if the mean drift is above the tolerance and its 95 % interval excludes 0, or if, from 70 points
        on, MSER-5 drops more than half of most runs. NA if there are not two windows, or nothing is defined.
    drift : float
        Mean over seeds of the last window minus the one before; NaN if unknown.
    """
    known = values[:, np.isfinite(values).all(axis=0)]
    if known.shape[0] < 2 * window or known.shape[1] < 2:
        return pd.NA, np.nan
    drift = window_drift(known, window)
    low, high = t_interval(drift)
    rests = abs(drift.mean()) <= tolerance or low <= 0 <= high
    if rests and known.shape[0] >= LONG:
        dropped = np.array([mser5(run) for run in known.T])
        rests = (dropped <= known.shape[0] / 2).mean() >= 0.5
    return bool(rests), float(drift.mean())

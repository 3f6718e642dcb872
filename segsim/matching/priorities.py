"""Priorities: from lines, and without ties."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from segsim.kernels.draws import Stream, key_of, uniforms
from segsim.matching.reading import pad_lists, read_priority, read_seed, refuse_faults
from segsim.tables import NONE


def break_ties(
    priority: Any, seed: int, lots: Literal["single", "multiple"] = "single", n_places: int = 0
) -> Any:
    """Return priorities without ties: equal ones are put in order by lot.

    Parameters
    ----------
    priority : array_like
        Applicants x places, or one number for each applicant.
    seed : int
        From 0; the same seed gives the same lots.
    lots : {"single", "multiple"}
        One lot for each applicant, that counts at all places, or one at each place. With one lot deferred
        acceptance gives more applicants their first choice, and leaves fewer who could trade and both gain.
    n_places : int, optional
        The number of places, asked for where each draws lots and `priority` is one number for each applicant.

    Returns
    -------
    float array, applicants x places or applicants
        Whole numbers from 0, the higher stands before; -inf stays.

    Examples
    --------
    >>> from segsim import matching
    >>> matching.break_ties([[2, 0], [2, 1], [5, 0]], seed=1).tolist()
    [[0.0, 0.0], [1.0, 2.0], [2.0, 1.0]]
    """
    values = read_priority(priority)
    key = key_of(read_seed(seed))
    if lots not in ("single", "multiple"):
        raise ValueError(f"lots must be single or multiple, not {lots!r}")
    if lots == "multiple" and values.ndim == 1:
        if n_places < 1:
            raise ValueError("lots at each place need priority of applicants x places, or n_places")
        values = np.repeat(values[:, None], n_places, axis=1)
    columns = values.reshape(values.shape[0], -1)
    who = np.arange(columns.shape[0], dtype=np.int64)
    out = np.empty_like(columns)
    for p in range(columns.shape[1]):
        lot = uniforms(key, Stream.ADMISSION_TIE, 0, who, 0 if lots == "single" else p + 1)
        out[np.lexsort((lot, columns[:, p])), p] = who
    return np.where(np.isneginf(values), -np.inf, out.reshape(values.shape))


def rank_lines(lines: Sequence[Sequence[int]], n_applicants: int = 0) -> npt.NDArray[np.float64]:
    """Return priorities (applicants x places) from the line of each place, whom it takes, best first.

    Parameters
    ----------
    lines : sequence of sequences of int
        The numbers of applicants, for each place.
    n_applicants : int, optional
        How many there are, where the last stand in no line.

    Examples
    --------
    >>> from segsim import matching
    >>> matching.rank_lines([[1, 0], [0]])
    array([[ -1.,   0.],
           [  0., -inf]])
    """
    padded = pad_lists(lines, "lines", "place", "applicant")
    n = max(n_applicants, int(padded.max(initial=NONE)) + 1)
    refuse_faults(padded, n, "lines", "applicant")
    out = np.full((n, padded.shape[0]), -np.inf)
    place, rank = np.nonzero(padded != NONE)
    out[padded[place, rank], place] = 0.0 - rank
    return out

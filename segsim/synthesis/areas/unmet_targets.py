"""Which of a municipality's published figures the areas made from them could not meet."""

import numpy as np
import pandas as pd

from segsim.scenario.published_figures import Figures
from segsim.synthesis.areas.area_table import EDUCATION, STOCK
from segsim.synthesis.areas.share_curves import correlation, unevenness
from segsim.synthesis.notes import Note

_NEAR_D, _NEAR_CORRELATION = 0.02, 0.05
"""How far off a figure still counts as met (C)."""


def list_unmet_targets(figures: Figures, table: pd.DataFrame) -> tuple[Note, ...]:
    """Return one note for each figure of segregation that the table of areas misses.

    Figures of several sources, or guesses, may contradict each other; the areas then keep the nearest.
    """
    people = table["pop_total"].to_numpy(float)
    stock = table[list(STOCK)].to_numpy(float)
    rental, other = stock[:, 0], stock[:, 1:].sum(axis=1)
    foreign = table["foreign_background"].to_numpy(float)
    low, high = (table[f"{name}_econ_std_pct"].to_numpy(float) / 100 * people for name in ("low", "high"))
    schooled = np.maximum(table[list(EDUCATION)].sum(axis=1), 1)
    parts = (
        100 * low / people,
        100 * table["edu_lower_sec"] / schooled,
        100 * table["unemployed"] / table["pop_16_64"],
    )
    index = np.asarray(sum(parts)) / 3
    rental_share = rental / np.maximum(stock.sum(axis=1), 1)
    reached = {
        "foreign_background": (unevenness(foreign, people - foreign), _NEAR_D),
        "low_standard": (unevenness(low, people - low), _NEAR_D),
        "high_standard": (unevenness(high, people - high), _NEAR_D),
        "low_high": (unevenness(low, high), _NEAR_D),
        "rental": (unevenness(rental, other), _NEAR_D),
        "tenure_origin": (correlation(rental_share, foreign / people), _NEAR_CORRELATION),
        "tenure_index": (correlation(rental_share, index), _NEAR_CORRELATION),
    }
    stated = figures.segregation
    return tuple(
        Note("contradiction", {"figure": name, "stated": float(getattr(stated, name)), "made": float(value)})
        for name, (value, near) in reached.items()
        if abs(value - getattr(stated, name)) > near
    )

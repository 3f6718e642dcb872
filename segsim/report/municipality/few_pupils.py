"""Which measures of a city rest on too few pupils to be shown."""

from collections.abc import Mapping

import pandas as pd

from segsim.report.context import PageContext
from segsim.runs.series import Series
from segsim.sweden.history import FEWEST_PUPILS

RESTS_ON = {
    Series("merit_mean", "", "municipality"): ("all",),
    Series("eligible", "", "municipality"): ("all",),
    Series("merit_gap", "education", "municipality"): ("lower_secondary", "post_secondary"),
    Series("merit_gap", "background", "municipality"): ("swedish", "foreign"),
}
"""Measures of those who finish grade 9, and the groups of them that each rests on."""


def list_hidden(leavers: Mapping[str, int]) -> dict[Series, int]:
    """Return the measures that rest on too few pupils, with the pupils of the smallest group."""
    fewest = {series: min(leavers[group] for group in groups) for series, groups in RESTS_ON.items()}
    return {series: pupils for series, pupils in fewest.items() if pupils < FEWEST_PUPILS}


def leave_out(runs: pd.DataFrame, hidden: Mapping[Series, int]) -> pd.DataFrame:
    """Return the rows of runs without those of hidden measures."""
    kept = pd.Series(True, index=runs.index)
    for series in hidden:
        is_it = (runs["measure"] == series.measure) & (runs["grouping"] == series.grouping)
        kept &= ~(is_it & (runs["level"] == series.level))
    return runs[kept]


def explain_hidden(subject: PageContext, hidden: Mapping[Series, int]) -> list[str]:
    """Return why each measure is not shown."""
    return [
        subject.words(
            "state_of.hidden",
            title=subject.quantity(series).title,
            n=FEWEST_PUPILS,
            pupils=subject.words.number(pupils),
        )
        for series, pupils in hidden.items()
    ]

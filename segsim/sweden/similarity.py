"""The municipalities most like one: nearest in standardised facts of who lives there, and how."""

from typing import TYPE_CHECKING

import numpy as np

from segsim.sweden.indicators import read_indicators, select_municipalities

if TYPE_CHECKING:
    import pandas as pd

LIKENESS = (
    "persons",
    "foreign_background",
    "born_outside_europe",
    "rental",
    "in_flats",
    "low_standard",
    "long_education",
    "employed",
    "under_20",
)
"""The facts that make two municipalities alike, of equal weight; not how the groups are spread."""

N_SIMILAR = 5


def measure_distances(table: "pd.DataFrame", code: str) -> "pd.Series":
    """Return how far every other municipality is from one, nearest first; of equals the lower code.

    Each fact is standardised over all municipalities (mean 0, SD 1; residents as a logarithm), and the
    distance is the root mean square of the differences: 1 is a difference of one SD in every fact.

    Parameters
    ----------
    table : DataFrame
        Indicators by code, with a column for each of `LIKENESS`.
    code : str
        The municipality, which is left out of the answer.
    """
    facts = select_municipalities(table)[list(LIKENESS)].astype(float)
    facts["persons"] = np.log(facts["persons"])
    standard = (facts - facts.mean()) / facts.std(ddof=0)
    distance: pd.Series = ((standard - standard.loc[code]) ** 2).mean(axis=1) ** 0.5
    return distance.drop(code).sort_index().sort_values(kind="stable")


def list_similar(code: str, n: int = N_SIMILAR) -> "pd.Series":
    """Return the distances of the n municipalities most like one, by code, the most alike first."""
    return measure_distances(read_indicators(), code).head(n)

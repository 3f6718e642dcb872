"""Official area types: where open data put a district beyond a limit, the least change that mends it."""

import numpy as np
import pandas as pd

from segsim.national import INDEX_MEAN_2022, INDEX_SD_2022
from segsim.synthesis.areas.area_table import AreaCounts, settle_counts
from segsim.synthesis.notes import Note
from segsim.tables import Array

TYPE_COLUMN = "omradestyp_2022"
_SCALED = ("low_econ_std_pct", "unemployed", "edu_lower_sec", "edu_upper_sec")

_LIMITS = INDEX_MEAN_2022 + INDEX_SD_2022 * np.array([np.inf, 2.0, 1.0, 0.0, -1.0, -np.inf])
"""Limits of the types on the index, from above type 1 to below type 5."""
_INSIDE = 0.2
_EDGE = 0.16
_FARTHEST = 2.0
"""Index points: how far inside its limits a mended district is put, how near to one it is mended, since who
is 20 to 24 is drawn, and how far one is moved at most (C).

In 2022 the farthest that any of Sweden's districts had to be moved was 1.93 (Sydvästra Hageby).
"""


def follow_official_types(table: pd.DataFrame) -> list[Note]:
    """Scale three rates of districts whose official type differs from that of the index here; return notes.

    The official index rests on long-term unemployment and assistance, which are not open per area; the index
    here takes registered unemployment in their place and gives the official type for 96 % of the districts of
    Sweden, and a neighbouring one for the others. There the shares of low standard, lower secondary education
    and of unemployment are scaled alike by the least factor that puts the index inside the official type,
    unless that would move it by more than 2 points.

    Parameters
    ----------
    table : DataFrame
        With the official type in the column `omradestyp_2022`; without it nothing is done. Written to.
    """
    if TYPE_COLUMN not in table or not table[TYPE_COLUMN].isin([1, 2, 3, 4, 5]).any():
        return []
    counts, official = settle_counts(table), table[TYPE_COLUMN].to_numpy(float)
    least, most = np.sort(district_indices(counts), axis=0)
    scaled = {name: table[name].to_numpy(float, copy=True) for name in _SCALED}
    notes = []
    for d, name in enumerate(counts.district_names):
        members = np.flatnonzero(counts.district == d)
        kinds = set(official[members][~np.isnan(official[members])].tolist())
        if len(kinds) != 1 or not kinds <= {1, 2, 3, 4, 5} or not least[d] > 0:
            continue
        kind = int(kinds.pop())
        factor = _factor(least[d], most[d], _LIMITS[kind], _LIMITS[kind - 1])
        if factor == 1 or abs(factor - 1) * most[d] > _FARTHEST:
            continue
        _scale(scaled, members, factor)
        notes.append(Note("official_type", {"district": name, "type": kind, "factor": float(factor)}))
    if notes:
        table[list(_SCALED)] = pd.DataFrame(scaled, table.index)
    return notes


def _factor(least: float, most: float, low: float, high: float) -> float:
    """Return by what to scale an index so that it lies within its limits, by either range of ages."""
    if least < low + _EDGE:
        return (low + _INSIDE) / least
    return (high - _INSIDE) / most if most >= high - _EDGE else 1.0


def district_indices(counts: AreaCounts) -> Array:
    """Return the index of each district, (V1 + V2 + V3) / 3 in percent; NaN where nobody lives.

    The first row takes unemployment at 16-64, as the table does, the second at 20-64, as the official
    definition does. Education at 20-24 is as at 25-64 in the first city, so it makes no difference.
    """
    n = len(counts.district_names)

    def share(part: Array, whole: Array) -> Array:
        some, every = (np.bincount(counts.district, weights=values, minlength=n) for values in (part, whole))
        return np.where(every > 0, some / np.maximum(every, 1e-9), np.nan)

    low = share(counts.low * counts.persons, counts.persons)
    lower = share(counts.education[:, 0], counts.middle)
    grown = counts.middle + counts.young[:, 4]
    idle = [share(counts.unemployed, whole) for whole in (counts.working, grown)]
    return np.array([100 * (low + lower + part) / 3 for part in idle])


def _scale(columns: dict[str, Array], members: Array, factor: float) -> None:
    """Scale the three rates of some areas; what leaves lower secondary education goes to upper secondary."""
    low, unemployed, lower, upper = (columns[name] for name in _SCALED)
    low[members] *= factor
    unemployed[members] = np.rint(unemployed[members] * factor)
    before = lower[members]
    lower[members] = np.rint(before * factor)
    upper[members] = np.maximum(upper[members] + (before - lower[members]), 0.0)

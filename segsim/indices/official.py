"""The official Swedish indicators: socio-economic index, area types 1 to 5, ojämlikhetsindex.

Types are relative: SCB redraws mean and spread over the nation's RegSO every year. In a simulated city
they are held fixed at the base year, or no area could ever improve. Types 1 and 2 together are "områden med
socioekonomiska utmaningar". Mind areas of students and pensioners.
"""

from typing import Any, NamedTuple

import numpy as np

from segsim.indices.inputs import Counts, Floats, Integers, as_floats, as_table, ratio
from segsim.kernels.indices.evenness import dissimilarity
from segsim.national import INDEX_MEAN_2022, INDEX_SD_2022

INEQUALITY_DEFINITION = {
    "en": "D between people in households of low and of high economic standard, x 100: the share of the "
    "low-income group that would have to move to live like the high-income group",
    "sv": "D mellan personer i hushåll med låg och med hög ekonomisk standard, x 100: andelen av "
    "låginkomstgruppen som skulle behöva flytta för att bo som höginkomstgruppen",
}
"""What `inequality_index` says; print it beside every value, with the limits of the two groups."""


class Reference(NamedTuple):
    """The mean and SD that area types are measured against, in percent, and where they come from."""

    mean: float = INDEX_MEAN_2022
    sd: float = INDEX_SD_2022
    name: str = "fixed:2022"


def socioeconomic_index(low_standard: Any, low_education: Any, without_work: Any) -> Floats:
    """Return the socio-economic index S of each area.

    Parameters
    ----------
    low_standard : array_like
        V1, percent of all people in households under 60 % of the national median economic standard.
    low_education : array_like
        V2, percent of people 20-64 with at most lower secondary education.
    without_work : array_like
        V3, percent of people 20-64 with economic assistance for 10 months or more, or unemployed for over 6.

    Returns
    -------
    ndarray
        S = (V1 + V2 + V3) / 3, from 0 (best) to 100; NaN where a part is. Source: SCB, footnotes of TAB6586.
    """
    parts = [as_floats(part, "a percentage") for part in (low_standard, low_education, without_work)]
    return np.asarray((parts[0] + parts[1] + parts[2]) / 3.0)


def area_types(index: Any, reference: Reference | None = None) -> Integers:
    """Return each area's type, 1 (large challenges) to 5 (very good conditions); 0 where undefined.

    With z = (S - mean) / sd: type 1 from z = 2 up, 2 from 1, 3 from 0, 4 from -1, 5 below. The mean and SD
    are fixed at 2022 by default; give `national_reference` of the same year for types relative to the nation.
    """
    fixed = reference or Reference()
    if not fixed.sd > 0:
        raise ValueError(f"the SD of the national index must be positive, not {fixed.sd}")
    z = (as_floats(index, "index") - fixed.mean) / fixed.sd
    types = 1 + (z < 2).astype(np.int64) + (z < 1) + (z < 0) + (z < -1)
    return np.where(np.isnan(z), 0, types)


def national_reference(index: Any, name: str = "annual_national") -> Reference:
    """Return the mean and SD of the index over the nation's areas, each area counting once."""
    values = as_floats(index, "index")
    values = values[np.isfinite(values)]
    if values.size < 2:
        raise ValueError("a national reference needs the index of at least two areas")
    return Reference(float(values.mean()), float(values.std()), name)


def shares_by_type(types: Any, population: Any, n_types: int = 5) -> Floats:
    """Return the share of people living in areas of each type 1 .. n; NaN if nobody has one."""
    kinds, people = as_floats(types, "types").astype(np.int64), as_floats(population, "population")
    counts = np.bincount(kinds, people, n_types + 1)[1:]
    return counts / counts.sum() if counts.sum() > 0 else np.full(n_types, np.nan)


def inequality_index(low: Any, high: Any) -> float:
    """Return the ojämlikhetsindex of two income groups: 100 D, from 0 to 100; NaN if a group is absent.

    `low` and `high` hold the people of each group per area. Delmos' own limits of the groups are not
    published in full; low and high economic standard (under 60 % and from 200 % of the national median)
    are more extreme.
    """
    return 100.0 * pair_dissimilarity(low, high)


def pair_dissimilarity(x: Any, y: Any) -> float:
    """Return D of two vectors of people per unit, 1/2 sum_j |x_j / X - y_j / Y|."""
    return float(dissimilarity(as_table(np.column_stack([as_floats(x, "x"), as_floats(y, "y")]))))


def concentration_at_extremes(low: Any, high: Any, total: Any) -> Floats:
    """Return ICE per area, (high - low) / total, from -1 (all low) to 1 (all high); NaN where nobody lives.

    Source: Massey (2001).
    """
    gap = as_floats(high, "high") - as_floats(low, "low")
    return ratio(gap, as_floats(total, "total"))


def income_unevenness(counts: Counts) -> Floats:
    """Return, per area, how unevenly n equal income classes share it: n / (2 n - 2) sum_q |tau_q - 1 / n|.

    `counts` holds people, areas x classes. From 0 (all classes alike) to 1 (one class only); NaN where nobody
    lives. Source: Moro et al. (2021), Nature Communications 12, with four classes.
    """
    table = as_table(counts)
    n = table.shape[1]
    shares = ratio(table, table.sum(axis=1, keepdims=True))
    return np.asarray(n / (2 * n - 2) * np.abs(shares - 1 / n).sum(axis=1))


__all__ = [
    "INEQUALITY_DEFINITION",
    "Reference",
    "area_types",
    "concentration_at_extremes",
    "income_unevenness",
    "inequality_index",
    "national_reference",
    "pair_dissimilarity",
    "shares_by_type",
    "socioeconomic_index",
]

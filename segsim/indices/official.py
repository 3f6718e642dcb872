"""The official Swedish indicators: socio-economic index, area types 1 to 5, ojämlikhetsindex.

Types are relative: SCB redraws mean and spread over the nation's RegSO every year. In a simulated city
they are held fixed at the base year, or no area could ever improve. Types 1 and 2 together are "områden med
socioekonomiska utmaningar". Mind areas of students and pensioners.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from segsim.indices.inputs.labels import Values, first_labelled, label_units, match_units, name_cell
from segsim.indices.inputs.numbers import (
    Floats,
    Integers,
    as_measured,
    as_number,
    as_people,
    as_vector,
    as_whole_number,
    check_same_length,
    ratio,
    refuse_bad,
)
from segsim.indices.inputs.tables import Counts, as_good_table
from segsim.kernels.indices.evenness import dissimilarity
from segsim.national import INDEX_MEAN_2022, INDEX_SD_2022

INEQUALITY_DEFINITION = {
    "en": "D between people in households of low and of high economic standard, x 100: the share of the "
    "low-income group that would have to move to live like the high-income group",
    "sv": "D mellan personer i hushåll med låg och med hög ekonomisk standard, x 100: andelen av "
    "låginkomstgruppen som skulle behöva flytta för att bo som höginkomstgruppen",
}
"""What `inequality_index` says; print it beside every value, with the limits of the two groups."""


_ROUNDING = 1e-9


class Reference(NamedTuple):
    """The mean and SD that area types are measured against, in percent, and where they come from."""

    mean: float = INDEX_MEAN_2022
    sd: float = INDEX_SD_2022
    name: str = "fixed:2022"


def socioeconomic_index(low_standard: Any, low_education: Any, without_work: Any) -> Values:
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
    ndarray or Series
        S = (V1 + V2 + V3) / 3, from 0 (best) to 100; NaN where a part is. Source: SCB, footnotes of TAB6586.
    """
    given = {"low_standard": low_standard, "low_education": low_education, "without_work": without_work}
    given = dict(zip(given, match_units(**given), strict=True))
    v1, v2, v3 = (_as_percent(part, name) for name, part in given.items())
    check_same_length(low_standard=v1, low_education=v2, without_work=v3)
    return label_units((v1 + v2 + v3) / 3.0, first_labelled(*given.values()))


def area_types(index: Any, reference: Reference | None = None) -> Values:
    """Return each area's type, 1 (large challenges) to 5 (very good conditions); 0 where undefined.

    With z = (S - mean) / sd: type 1 from z = 2 up, 2 from 1, 3 from 0, 4 from -1, 5 below. The mean and SD
    are fixed at 2022 by default; give `national_reference` of the same year for types relative to the nation.
    """
    fixed = reference or Reference()
    mean = as_number(fixed.mean, "the mean of the national index")
    if not (sd := as_number(fixed.sd, "the SD of the national index")) > 0:
        raise ValueError(f"the SD of the national index must be positive, not {sd}")
    z = (as_measured(index, "index") - mean) / sd
    types = 1 + (z < 2).astype(np.int64) + (z < 1) + (z < 0) + (z < -1)
    return label_units(np.where(np.isnan(z), 0, types), index)


def national_reference(index: Any, name: str = "annual_national") -> Reference:
    """Return the mean and SD of the index over the nation's areas, each area counting once."""
    values = as_measured(index, "index")
    values = values[~np.isnan(values)]
    if values.size < 2:
        raise ValueError("a national reference needs the index of at least two areas")
    return Reference(float(values.mean()), float(values.std()), name)


def shares_by_type(types: Any, population: Any, n_types: int = 5) -> Floats:
    """Return the share of people living in areas of each type 1 .. n; NaN if nobody has one.

    An area whose type is 0 or missing (undefined) is left out.
    """
    n_types = as_whole_number(n_types, "n_types", least=1)
    types, population = match_units(types=types, population=population)
    kinds = as_types(types, "types", n_types)
    counts = np.bincount(kinds, as_people(population, "population", kinds.size), n_types + 1)[1:]
    return counts / counts.sum() if counts.sum() > 0 else np.full(n_types, np.nan)


def inequality_index(low: Any, high: Any) -> float:
    """Return the ojämlikhetsindex of two income groups: 100 D, from 0 to 100; NaN if a group is absent.

    `low` and `high` hold the people of each group per area. Delmos' own limits of the groups are not
    published in full; low and high economic standard (under 60 % and from 200 % of the national median)
    are more extreme.
    """
    return 100.0 * _compare_pair(low=low, high=high)


def pair_dissimilarity(x: Any, y: Any) -> float:
    """Return D of two vectors of people per unit, 1/2 sum_j |x_j / X - y_j / Y|."""
    return _compare_pair(x=x, y=y)


def concentration_at_extremes(low: Any, high: Any, total: Any) -> Values:
    """Return ICE per area, (high - low) / total, from -1 (all low) to 1 (all high); NaN where nobody lives.

    Source: Massey (2001).
    """
    low, high, total = match_units(low=low, high=high, total=total)
    poor, rich, everybody = as_people(low, "low"), as_people(high, "high"), as_people(total, "total")
    check_same_length(low=poor, high=rich, total=everybody)
    too_many = poor + rich > everybody * (1.0 + _ROUNDING)
    if too_many.any():
        at = int(np.argmax(too_many))
        raise ValueError(
            f"total{name_cell(total, (at,))} is {everybody[at]}, fewer than low and high together "
            f"({poor[at]} and {rich[at]}); it must count everybody"
        )
    return label_units(ratio(rich - poor, everybody), first_labelled(low, high, total))


def income_unevenness(counts: Counts) -> Values:
    """Return, per area, how unevenly n equal income classes share it: n / (2 n - 2) sum_q |tau_q - 1 / n|.

    `counts` holds people, areas x classes. From 0 (all classes alike) to 1 (one class only); NaN where nobody
    lives. Source: Moro et al. (2021), Nature Communications 12, with four classes.
    """
    table = as_good_table(counts)
    n = table.shape[1]
    if n < 2:
        raise ValueError(f"at least 2 income classes are needed, one column each; counts have {n}")
    shares = ratio(table, table.sum(axis=1, keepdims=True))
    return label_units(n / (2 * n - 2) * np.abs(shares - 1 / n).sum(axis=1), counts)


def _compare_pair(**given: Any) -> float:
    """Return D of two vectors of people per unit."""
    matched = dict(zip(given, match_units(**given), strict=True))
    people = {name: as_vector(values, name) for name, values in matched.items()}
    check_same_length(**people)
    value = float(dissimilarity(np.column_stack(list(people.values()))))
    if math.isnan(value):
        for name, vector in people.items():
            refuse_bad(vector, name, matched[name])
    return value


def as_types(values: Any, name: str, n_types: int) -> Integers:
    """Return area types 1 .. n as whole numbers; 0 where the type is 0 or missing."""
    given = as_vector(values, name)
    types = np.where(np.isnan(given), 0.0, given)
    bad = ~((types >= 0) & (types <= n_types) & (types == np.rint(types)))
    if bad.any():
        at = int(np.argmax(bad))
        raise ValueError(
            f"{name}{name_cell(values, (at,))} is {types[at]:g}; types must be 1 to {n_types}, or 0 where "
            "there is none"
        )
    return types.astype(np.int64)


def _as_percent(values: Any, name: str) -> Floats:
    """Return percentages per area, NaN where missing."""
    percent = as_measured(values, name)
    bad = (percent < -_ROUNDING) | (percent > 100.0 + 100.0 * _ROUNDING)
    if bad.any():
        at = int(np.argmax(bad))
        raise ValueError(
            f"{name}{name_cell(values, (at,))} is {percent[at]}; percentages lie between 0 and 100"
        )
    return percent


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

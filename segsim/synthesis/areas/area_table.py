"""Whole counts per area, made consistent: a table of areas with its small contradictions settled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segsim.synthesis.apportionment import apportion
from segsim.tables import Array

HOUSEHOLD_KINDS = (
    "hh_couple_children",
    "hh_couple_nochildren",
    "hh_single_children",
    "hh_single_nochildren",
    "hh_other",
)
STOCK = ("dw_rental", "dw_coop", "dw_owned")
YOUNG = ("age_0_4", "age_5_9", "age_10_14", "age_15_19", "age_20_24")
EDUCATION = ("edu_lower_sec", "edu_upper_sec", "edu_post_lt3", "edu_post_ge3")
BIRTH = ("born_sweden", "born_europe_exsw", "born_rest_world")
BACKGROUND = ("swedish_background", "foreign_background")

COUNTS = (
    "pop_total",
    *BIRTH,
    *BACKGROUND,
    *YOUNG,
    *HOUSEHOLD_KINDS,
    *STOCK,
    *EDUCATION,
    "edu_unknown",
    "employed",
    "unemployed",
    "pop_16_64",
)
RATES = ("low_econ_std_pct", "high_econ_std_pct", "net_income_median_tkr")
NAMES = ("deso", "regso_code", "regso_name")
MUNICIPALITY = "kommun_code"
"""The column of a region's table that tells its municipalities apart."""

SWEDISH, SECOND, EUROPE, OUTSIDE = range(4)
"""Classes of origin in open area statistics: Swedish background; born in Sweden with two parents born abroad;
born in the rest of Europe; born outside Europe."""


@dataclass(frozen=True)
class AreaCounts:
    """What every area must hold; the first axis is the area.

    Attributes
    ----------
    codes, district, district_names
        Name of each area, and the district it lies in.
    persons, households, dwellings : int
        Residents (areas,), households by kind (areas, 5), dwellings by rental, cooperative, owned (areas, 3).
    origin : int (areas, 4)
        Residents by class of origin.
    young : int (areas, 5)
        Residents of 0-4, 5-9, 10-14, 15-19 and 20-24.
    middle, old : int
        Residents of 25-64, and of 65 or over.
    education : int (areas, 4)
        Residents of 25-64 by education.
    working, employed, unemployed : int
        Residents of 16-64, and those of them who work or look for work.
    low, high : float
        Shares of residents with a low and a high economic standard.
    median : float
        Median net income of residents of 20 and over, tkr a year.
    municipality, municipality_codes
        The municipality of each area, and their codes; one without a code where the table names none.
    """

    codes: tuple[str, ...]
    district: Array
    district_names: tuple[str, ...]
    persons: Array
    households: Array
    dwellings: Array
    origin: Array
    young: Array
    middle: Array
    old: Array
    education: Array
    working: Array
    employed: Array
    unemployed: Array
    low: Array
    high: Array
    median: Array
    municipality: Array
    municipality_codes: tuple[str, ...]

    @property
    def n(self) -> int:
        """Number of areas."""
        return len(self.codes)


def settle_counts(table: pd.DataFrame) -> AreaCounts:
    """Settle a table of areas into whole, consistent counts.

    Persons, households by kind, dwellings by tenure and background stand as they are. Parts that do not sum
    to their whole (small cells are perturbed) are scaled to it with the largest remainder. Persons of 25-64
    with unknown education are spread over the three higher levels in proportion, so that the share with
    lower secondary education stays as published. Dwellings of unknown tenure are left out.
    """
    persons = _whole_numbers(table, "pop_total")
    young, middle, old = _ages(table, persons)
    working = _working_age(young, middle)
    codes, names = _districts(table)
    of_municipality = table.get(MUNICIPALITY, pd.Series("", table.index)).to_numpy(str)
    municipalities, municipality = np.unique(of_municipality, return_inverse=True)
    return AreaCounts(
        codes=tuple(table["deso"].astype(str)),
        district=codes,
        district_names=names,
        persons=persons,
        households=_whole_numbers(table, list(HOUSEHOLD_KINDS)),
        dwellings=_whole_numbers(table, list(STOCK)),
        origin=_origin(table, persons),
        young=young,
        middle=middle,
        old=old,
        education=_education(table, middle),
        working=working,
        employed=_scale_count(table, "employed", working),
        unemployed=_scale_count(table, "unemployed", working),
        low=table["low_econ_std_pct"].to_numpy(float) / 100,
        high=table["high_econ_std_pct"].to_numpy(float) / 100,
        median=table["net_income_median_tkr"].to_numpy(float),
        municipality=municipality,
        municipality_codes=tuple(municipalities.tolist()),
    )


def sort_by_area(area: Array, n: int) -> tuple[Array, Array]:
    """Return the rows sorted by area, and where each area's rows begin in that order."""
    return np.argsort(area, kind="stable"), np.concatenate([[0], np.cumsum(np.bincount(area, minlength=n))])


def _whole_numbers(table: pd.DataFrame, columns: str | list[str]) -> Array:
    """Return columns as whole numbers."""
    return np.asarray(np.rint(table[columns].to_numpy(float)), np.int64)


def _apportion_rows(weights: Array, totals: Array) -> Array:
    """Scale each row to its total in whole numbers."""
    return np.array([apportion(w, int(t)) for w, t in zip(weights, totals, strict=True)]).reshape(
        weights.shape
    )


def _origin(table: pd.DataFrame, persons: Array) -> Array:
    """Return residents by class of origin; background first, then birthplace within foreign background."""
    background = _apportion_rows(_whole_numbers(table, list(BACKGROUND)), persons)
    abroad = _whole_numbers(table, list(BIRTH))[:, 1:]
    foreign = background[:, 1]
    too_many = abroad.sum(1) > foreign
    abroad[too_many] = _apportion_rows(abroad[too_many], foreign[too_many])
    return np.column_stack([background[:, 0], foreign - abroad.sum(1), abroad])


def _ages(table: pd.DataFrame, persons: Array) -> tuple[Array, Array, Array]:
    """Return residents of 0-24 by five years, of 25-64 and of 65 or over."""
    young = _whole_numbers(table, list(YOUNG))
    middle = _whole_numbers(table, [*EDUCATION, "edu_unknown"]).sum(1)
    old = np.maximum(persons - young.sum(1) - middle, 0)
    every = np.column_stack([young, middle, old])
    wrong = every.sum(1) != persons
    every[wrong] = _apportion_rows(every[wrong], persons[wrong])
    return every[:, :5], every[:, 5], every[:, 6]


def _working_age(young: Array, middle: Array) -> Array:
    """Return residents of 16-64, when each of the ages 15 to 19 holds a fifth of its five-year class."""
    return np.asarray(np.rint(young[:, 3] * 0.8) + young[:, 4] + middle, np.int64)


def _education(table: pd.DataFrame, middle: Array) -> Array:
    """Return residents of 25-64 by education, unknown spread over the three higher levels."""
    levels = table[list(EDUCATION)].to_numpy(float, copy=True)
    unknown = table["edu_unknown"].to_numpy(float)
    higher = levels[:, 1:].sum(1)
    levels[:, 1:] *= (1 + unknown / np.maximum(higher, 1))[:, None]
    return _apportion_rows(levels, middle)


def _scale_count(table: pd.DataFrame, column: str, working: Array) -> Array:
    """Return a count among residents of 16-64, scaled to how many of them there are here."""
    published = np.maximum(table["pop_16_64"].to_numpy(float), 1)
    return np.asarray(np.rint(table[column].to_numpy(float) * working / published), np.int64)


def _districts(table: pd.DataFrame) -> tuple[Array, tuple[str, ...]]:
    """Return each area's district and the names of the districts, in order of their codes."""
    codes = sorted(set(table["regso_code"].astype(str)))
    name_of = dict(zip(table["regso_code"].astype(str), table["regso_name"].astype(str), strict=True))
    names = [name_of[code] for code in codes]
    names = [f"{n} ({c})" if names.count(n) > 1 else n for n, c in zip(names, codes, strict=True)]
    index = {code: i for i, code in enumerate(codes)}
    return table["regso_code"].astype(str).map(index).to_numpy(np.int64), tuple(names)

"""Whether a table of areas can be true: units, parts against their whole, and what no municipality has."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.scenario.files.text_table import TextTable
from segsim.sweden.facts import read_facts
from segsim.synthesis.areas.area_table import (
    BACKGROUND,
    BIRTH,
    COUNTS,
    EDUCATION,
    HOUSEHOLD_KINDS,
    STOCK,
    YOUNG,
)
from segsim.synthesis.notes import Note
from segsim.tables import Array

_INCOME = "net_income_median_tkr"
_INCOMES = (50.0, 2000.0)
"""Bounds of an area's median net income, thousand kronor a year; in 2022 it was 69 to 564 in Sweden."""
_NOISE, _SMALL = 0.02, 20.0
"""How far parts may lie from their whole, as a share of it and in persons: small cells are perturbed."""
_CROWDED = 12.0
"""Residents per household that no area has; in 2022 it was 1.2 to 3.8."""
_SPARE = 6.0
"""Dwellings per household that no area of any size has; in 2022 it was .4 to 2.4."""
_LODGING, _LODGING_IN_ALL = 4.0, 1.25
"""Households per dwelling that no area of any size has, and no municipality; in 2022 it was .4 to 2.4 in
areas, where homes for students and the old are no dwellings, and .69 to 1.06 in municipalities."""
_BEYOND = 1.25
"""How far beyond Sweden's municipalities a share may lie before it is noted."""


class _Whole(NamedTuple):
    """Parts that cannot exceed their whole, or must sum to it, and what each is called."""

    parts: tuple[str, ...]
    whole: tuple[str, ...]
    exact: bool
    english: str
    swedish: str


_WHOLES = (
    _Whole(BACKGROUND, ("pop_total",), True, "residents by background", "boende efter bakgrund"),
    _Whole(BIRTH, ("pop_total",), True, "residents by region of birth", "boende efter födelseregion"),
    _Whole(
        (*YOUNG, *EDUCATION, "edu_unknown"),
        ("pop_total",),
        False,
        "residents of 0-24, and of 25-64 by education,",
        "boende 0-24 år, och 25-64 år efter utbildning,",
    ),
    _Whole(("pop_16_64",), ("pop_total",), False, "residents of 16-64", "boende 16-64 år"),
    _Whole(
        ("employed", "unemployed"),
        ("pop_16_64",),
        False,
        "employed and unemployed",
        "sysselsatta och arbetslösa",
    ),
)


def mend_units(text: TextTable, rows: list[int], table: pd.DataFrame, notes: list[Note]) -> None:
    """Make per cent of shares and thousands of kronor; refuse where only some areas are in another unit."""
    for name in ("low_econ_std_pct", "high_econ_std_pct"):
        values = table[name].dropna()
        fractions = (values > 0) & (values < 1)
        if len(values) > 1 and values.max() <= 1 and fractions.any():
            table[name] *= 100
            notes.append(Note("shares_to_percent", {"column": name}))
        elif name.startswith("low") and fractions.any():
            i = int(values.index[fractions][0])
            raise text.fault(
                f"{values[i]:g} among percentages; is it a share? write all as per cent",
                f"{values[i]:g} bland procentandelar; är det en andel? skriv alla i procent",
                rows[i],
                name,
            )
    incomes = table[_INCOME].dropna()
    if len(incomes) and (incomes[incomes > 0] > _INCOMES[1]).all() and incomes.max() > _INCOMES[1]:
        table[_INCOME] /= 1000
        notes.append(Note("kronor_to_thousands", {"column": _INCOME}))


def check_sums(text: TextTable, rows: list[int], table: pd.DataFrame, notes: list[Note]) -> None:
    """Compare parts with their whole where all are given: note small differences, refuse others."""
    for check in _WHOLES:
        if not {*check.parts, *check.whole} <= set(table):
            continue
        parts = table[list(check.parts)].to_numpy(float).sum(axis=1)  # NaN where any is missing
        whole = table[list(check.whole)].to_numpy(float).sum(axis=1)
        off = parts - whole
        off = np.where(np.isnan(off), 0.0, off if check.exact else np.maximum(off, 0.0))
        far = np.abs(off) > _NOISE * np.nan_to_num(whole) + _SMALL
        if far.any():
            i = int(np.flatnonzero(far)[0])
            verb, ord_ = ("sum to", "är tillsammans") if check.exact else ("are", "är")
            raise text.fault(
                f"{check.english} {verb} {parts[i]:.0f}, {check.whole[0]} is {whole[i]:.0f}; see that every "
                "column holds what its name says",
                f"{check.swedish} {ord_} {parts[i]:.0f}, {check.whole[0]} är {whole[i]:.0f}; se efter att "
                "varje kolumn innehåller vad namnet säger",
                rows[i],
                check.parts[0],
            )
        if check.exact and off.any():
            counted = {"areas": int((off != 0).sum()), "most": int(np.abs(off).max())}
            notes.append(Note("parts_off", {"columns": ", ".join(check.parts), **counted}))


def refuse_impossible(text: TextTable, rows: list[int], table: pd.DataFrame) -> None:
    """Refuse areas whose residents cannot be housed in the households and dwellings given, and odd rates."""
    households = table[list(HOUSEHOLD_KINDS)].sum(axis=1)
    dwellings = table[list(STOCK)].sum(axis=1)
    persons = table["pop_total"]
    cases = (
        (
            households > persons,
            "pop_total",
            "there are more households ({h:.0f}) than residents ({p:.0f})",
            "det finns fler hushåll ({h:.0f}) än boende ({p:.0f})",
        ),
        (
            (persons > 0) & (households == 0),
            HOUSEHOLD_KINDS[0],
            "{p:.0f} residents but no household",
            "{p:.0f} boende men inget hushåll",
        ),
        (
            (households > 0) & (dwellings == 0),
            STOCK[0],
            "{h:.0f} households but no dwelling of known tenure",
            "{h:.0f} hushåll men ingen bostad med känd upplåtelseform",
        ),
        (
            persons > _CROWDED * households + _SMALL,
            "pop_total",
            "{p:.0f} residents in {h:.0f} households",
            "{p:.0f} boende i {h:.0f} hushåll",
        ),
        (
            dwellings > _SPARE * households + _SMALL * _SPARE,
            STOCK[0],
            "{d:.0f} dwellings for {h:.0f} households",
            "{d:.0f} bostäder för {h:.0f} hushåll",
        ),
        (
            households > _LODGING * dwellings + _SMALL * _LODGING,
            STOCK[0],
            "{h:.0f} households in {d:.0f} dwellings, more than can lodge there",
            "{h:.0f} hushåll i {d:.0f} bostäder, fler än som kan vara inneboende där",
        ),
    )
    for wrong, column, english, swedish in cases:
        for i in np.flatnonzero(wrong)[:1]:
            facts = {"h": households[i], "p": persons[i], "d": dwellings[i]}
            raise text.fault(
                f"{english.format(**facts)}; correct the row, or leave the area out",
                f"{swedish.format(**facts)}; rätta raden, eller utelämna området",
                rows[i],
                column,
            )
    if households.sum() == 0:
        raise text.fault(
            "there are no households in any area; the counts must be of households",
            "det finns inga hushåll i något område; antalen ska vara av hushåll",
        )
    if households.sum() > _LODGING_IN_ALL * dwellings.sum() + _SMALL * len(table):
        h, d = f"{households.sum():.0f}", f"{dwellings.sum():.0f}"
        raise text.fault(
            f"there are {h} households in {d} dwellings in all, more than can lodge with others; see that "
            "the columns of dwellings hold all of known tenure, and those of households "
            "households, not persons",
            f"det finns {h} hushåll i {d} bostäder sammanlagt, fler än som kan vara inneboende; se efter att "
            "kolumnerna för bostäder innehåller alla med känd upplåtelseform, och de för hushåll är hushåll, "
            "inte personer",
        )
    _refuse_rates(text, rows, table)


def _refuse_rates(text: TextTable, rows: list[int], table: pd.DataFrame) -> None:
    """Refuse incomes and rates that no area can have."""
    peopled = (table["pop_total"] > 0).to_numpy()
    incomes = table[_INCOME].to_numpy(float)
    low, high = _INCOMES
    cases: tuple[tuple[Array, str, str, str], ...] = (
        (
            incomes <= 0,
            _INCOME,
            "must be over 0; write thousands of SEK a year",
            "måste vara över 0; skriv tusental kronor per år",
        ),
        (
            (incomes < low) | (incomes > high),
            _INCOME,
            f"{{v:g}} is not between {low:g} and {high:g}; write thousands of SEK a year",
            f"{{v:g}} är inte mellan {low:g} och {high:g}; skriv tusental kronor per år",
        ),
        (
            (table["low_econ_std_pct"] + table["high_econ_std_pct"] > 100).to_numpy(),
            "low_econ_std_pct",
            "low and high economic standard are over 100 % together; correct the row",
            "låg och hög ekonomisk standard är över 100 % tillsammans; rätta raden",
        ),
    )
    for wrong, column, english, swedish in cases:
        for i in np.flatnonzero(wrong & peopled)[:1]:
            value = table[column][i]
            raise text.fault(english.format(v=value), swedish.format(v=value), rows[i], column)


def check_ranges(text: TextTable, table: pd.DataFrame) -> list[Note]:
    """Note columns whose share of their whole is beyond that of every municipality of Sweden.

    A column that is never 0 there, and is 0 here in every area, is refused.
    """
    notes = []
    shares = _take_shares(table)
    for name, (low, high) in _municipal_ranges().items():
        share = shares[name]
        if share == 0 and low > 0.001:
            raise text.fault(
                f'column "{name}" is 0 in the whole municipality, which no municipality of Sweden has; write '
                ".. "
                "where a value is not known",
                f'kolumnen "{name}" är 0 i hela kommunen, vilket ingen kommun i Sverige har; skriv .. där '
                "ett "
                "värde inte är känt",
            )
        if not low / _BEYOND <= share <= high * _BEYOND:
            bounds = {"low": float(low), "high": float(high)}
            notes.append(Note("beyond_sweden", {"column": name, "share": float(share), **bounds}))
    return notes


def _take_shares(table: pd.DataFrame) -> dict[str, float]:
    """Return the sum of every column over that of residents, or its mean over residents for a rate."""
    persons = max(float(table["pop_total"].sum()), 1.0)
    shares = {name: float(table[name].sum()) / persons for name in COUNTS if name != "pop_total"}
    for name in ("low_econ_std_pct", "high_econ_std_pct", _INCOME):
        shares[name] = float((table[name] * table["pop_total"]).sum()) / persons
    return shares


@cache
def _municipal_ranges() -> dict[str, tuple[float, float]]:
    """Return the least and greatest of every share over Sweden's municipalities."""
    facts = read_facts("areas").to_pandas()
    shares = pd.DataFrame([_take_shares(areas) for _, areas in facts.groupby("kommun_code")])
    return {str(name): (shares[name].min(), shares[name].max()) for name in shares}

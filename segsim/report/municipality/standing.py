"""Where a municipality stands on the official indicators: beside the country, its county and its like."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.report.page import Head, Row, RowGroup, Table
from segsim.scenario import Scenario
from segsim.sweden.indicators import (
    COUNTRY,
    THEMES,
    YEAR,
    Form,
    rank_municipality,
    read_indicators,
    select_municipalities,
)
from segsim.sweden.municipalities import Municipality, find_municipality
from segsim.sweden.similarity import LIKENESS, list_similar
from segsim.words.words import Words

HEADLINES = (
    "D_background",
    "inequality_index",
    "isolation_foreign",
    "D_rental",
    "types_1_2",
    "types_4_5",
    "low_standard",
    "foreign_background",
)
"""The indicators that say most of a municipality."""

FORMS: dict[str, Form] = {name: form for theme in THEMES.values() for name, form in theme.items()}


class Headline(NamedTuple):
    """One indicator, large: its title, value, rank and the country beside it."""

    title: str
    value: str
    rank: str
    beside: str


class Strip(NamedTuple):
    """One indicator of all on a line from 0 to 100: SVG paths, and where some of them stand."""

    everybody: str
    similar: str
    own: float
    county: float | None
    country: float | None


class StandingRow(NamedTuple):
    """One indicator of a municipality beside others."""

    title: str
    definition: str
    own: str
    rank: str
    strip: Strip
    similar: str
    county: str
    country: str


class StandingTheme(NamedTuple):
    """Indicators under one heading."""

    title: str
    rows: list[StandingRow]


class Standing(NamedTuple):
    """Where a municipality stands: what is told of it, and the municipalities it is told beside."""

    city: str
    county: str
    year: int
    headlines: list[Headline]
    themes: list[StandingTheme]
    similar: Table
    similar_names: str
    likeness: str


def municipality_of(scenario: Scenario) -> Municipality | None:
    """Return the one municipality of Sweden that a city is made from; None of a region or any other city."""
    codes = scenario.city.national_codes
    return find_municipality(codes[0]) if len(codes) == 1 else None


def describe_standing(municipality: Municipality, words: Words) -> Standing:
    """Return where a municipality stands on every indicator."""
    table, similar = read_indicators(), list_similar(municipality.code)
    themes = [
        StandingTheme(
            words(f"standing_theme.{theme}"),
            [
                standing_row(name, form, table[name], municipality, list(similar.index), words)
                for name, form in indicators.items()
                if table[name].notna()[municipality.code]
            ],
        )
        for theme, indicators in THEMES.items()
    ]
    return Standing(
        city=municipality.name,
        county=municipality.county,
        year=YEAR,
        headlines=[headline(name, table[name], municipality.code, words) for name in HEADLINES],
        themes=[theme for theme in themes if theme.rows],
        similar=similar_table(municipality, table, similar, words),
        similar_names=words.join([find_municipality(str(code)).name for code in similar.index]),
        likeness=words.join([words(f"likeness.{name}") for name in LIKENESS]),
    )


def headline(name: str, values: pd.Series, code: str, words: Words) -> Headline:
    """Return one indicator, large."""
    country = write_indicator(name, values[COUNTRY], words)
    return Headline(
        title=words(f"indicator.{name}"),
        value=write_indicator(name, values[code], words),
        rank=write_rank(values, code, words, "rank_long"),
        beside=words("standing.beside", country=country),
    )


def standing_row(
    name: str, form: Form, values: pd.Series, municipality: Municipality, similar: list[str], words: Words
) -> StandingRow:
    """Return one indicator of a municipality beside others; a number of persons has no county beside it."""
    county = values[municipality.county_code] if form != "persons" else np.nan
    country = values[COUNTRY] if form != "persons" else np.nan
    return StandingRow(
        title=words(f"indicator.{name}"),
        definition=words(f"indicator_is.{name}"),
        own=write_indicator(name, values[municipality.code], words),
        rank=write_rank(values, municipality.code, words),
        strip=draw_strip(values, form, municipality, similar),
        similar=write_indicator(name, values[similar].median(), words),
        county=write_indicator(name, county, words),
        country=write_indicator(name, country, words),
    )


def write_rank(values: pd.Series, code: str, words: Words, form: str = "rank") -> str:
    """Return the rank of a municipality in words."""
    rank = rank_municipality(values, code)
    return "" if rank is None else words(f"standing.{form}", place=rank.place, all=rank.of)


def write_indicator(name: str, value: float, words: Words) -> str:
    """Write the value of an indicator: indices with three decimals, shares in per cent with one."""
    if not np.isfinite(value):
        return words.number(value)
    if FORMS[name] == "share":
        return words("unit.value.share", x=words.number(100 * value, 1))
    return words.number(value, 0 if FORMS[name] == "persons" else 3)


def draw_strip(values: pd.Series, form: Form, municipality: Municipality, similar: list[str]) -> Strip:
    """Return the line of one indicator; numbers of persons stand on a logarithmic one."""
    numbers = values.astype(float)
    if form == "persons":
        numbers = pd.Series(np.log(numbers), index=numbers.index)
    everybody = select_municipalities(numbers.to_frame("value"))["value"].dropna()
    low, high = everybody.min(), everybody.max()
    place = (100 * (numbers - low) / max(high - low, 1e-9)).round(1)
    beside = [place[municipality.county_code], place[COUNTRY]]
    county, country = (
        float(x) if form != "persons" and np.isfinite(x) and 0 <= x <= 100 else None for x in beside
    )
    return Strip(
        everybody="".join(f"M{x:g} 5v6" for x in sorted(set(place[everybody.index]))),
        similar="".join(f"M{x:g} 3v10" for x in sorted(place[similar].dropna())),
        own=float(place[municipality.code]),
        county=county,
        country=country,
    )


def similar_table(municipality: Municipality, table: pd.DataFrame, similar: pd.Series, words: Words) -> Table:
    """Return the facts by which municipalities are alike, of one and of those most like it."""
    heads = [Head(words("similar.municipality"), "text"), Head(words("similar.distance"))]
    shown = [*LIKENESS, "D_background"]
    heads += [Head(words(f"similar_head.{name}")) for name in shown]

    def row(code: str, distance: float) -> Row:
        other = find_municipality(code)
        cells = [write_indicator(name, table[name][code], words) for name in shown]
        return Row(other.name, other.county, [words.number(distance, 2), *cells])

    own = row(municipality.code, float("nan"))
    return Table(heads, [RowGroup("", [own, *(row(str(code), d) for code, d in similar.items())])])

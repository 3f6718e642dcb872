"""What has happened in the municipalities of Sweden: published series of years."""

from functools import cache
from typing import TYPE_CHECKING

from segsim.sweden.facts import read_facts

if TYPE_CHECKING:
    import pandas as pd

FEWEST_PUPILS = 30
"""A figure of schools rests on at least so many pupils, an index on so many of each group."""

SERIES = {
    "school_D": "index",
    "home_D": "index",
    "school_foreign": "share",
    "born_abroad": "share",
    "foreign_background": "share",
    "independent_schools": "share",
    "eligible": "share",
    "crowded_flats": "share",
    "rental_districts": "share",
    "rental": "share",
    "low_standard": "share",
}
"""The series and how each is written; some are of a few municipalities, some of counties and country too."""


@cache
def read_history() -> "pd.DataFrame":
    """Return every series: code (of a municipality, county or the country), year, series, value."""
    table: pd.DataFrame = read_facts("history").to_pandas()
    return table


def read_series(name: str) -> "pd.DataFrame":
    """Return one series, years as rows and places (by code) as columns."""
    history = read_history()
    return history[history["series"] == name].pivot(index="year", columns="code", values="value")

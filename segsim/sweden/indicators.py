"""Where each municipality of Sweden stands on the official indicators, and the rank it has among all."""

from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from segsim.sweden.facts import read_facts

if TYPE_CHECKING:
    import pandas as pd

COUNTRY = "00"
"""Code of the country; a county has two digits, a municipality four."""

YEAR = 2022
"""The indicators are those of 31 December this year, incomes those of the year."""

Form = Literal["share", "index", "persons"]

THEMES: dict[str, dict[str, Form]] = {
    "segregation": {
        "D_background": "index",
        "isolation_foreign": "index",
        "inequality_index": "share",
        "D_rental": "index",
    },
    "districts": {"types_1_2": "share", "type_3": "share", "types_4_5": "share"},
    "work": {
        "employed": "share",
        "unemployed": "share",
        "low_standard": "share",
        "high_standard": "share",
        "short_education": "share",
        "long_education": "share",
    },
    "housing": {
        "rental": "share",
        "cooperative": "share",
        "owner_occupied": "share",
        "in_flats": "share",
    },
    "people": {
        "persons": "persons",
        "foreign_background": "share",
        "born_outside_europe": "share",
        "under_20": "share",
        "one_person_households": "share",
    },
}
"""The indicators by theme, and how each is written."""


class Rank(NamedTuple):
    """A place among all municipalities with a value; 1 is the highest, and equals share the better one."""

    place: int
    of: int


@cache
def read_indicators() -> "pd.DataFrame":
    """Return the indicators of every municipality, county and the country, by code.

    Returns
    -------
    DataFrame
        A column for each indicator of `THEMES`: shares and indices from 0 to 1, missing where undefined.
    """
    table: pd.DataFrame = read_facts("municipality_indicators").to_pandas().set_index("code")
    return table


def select_municipalities(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows of municipalities, without counties and the country."""
    return table[table.index.str.len() == 4]


def rank_municipality(values: "pd.Series", code: str) -> Rank | None:
    """Return the rank of a municipality in a column of values by code; None where it has no value.

    Examples
    --------
    >>> import pandas as pd
    >>> rank_municipality(pd.Series({"0114": 0.2, "0115": 0.5, "0117": 0.2, "01": 0.9}), "0117")
    Rank(place=2, of=3)
    """
    everybody = values[values.index.str.len() == 4].dropna()
    if code not in everybody.index:
        return None
    return Rank(int((everybody > everybody[code]).sum()) + 1, len(everybody))

"""Quantities by name, and rows of runs arranged for pairing: a line per quantity, a column per seed.

It lives beside the runs because its keys are columns of their tidy table; comparisons and reports read it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

import numpy as np
import pandas as pd

from segsim.errors import SegsimError, did_you_mean
from segsim.tables import Array
from segsim.words.text import Text

KEYS = ["measure", "grouping", "level", "unit"]


class Series(NamedTuple):
    """One quantity followed over the years."""

    measure: str
    grouping: str = ""
    level: str = ""
    unit: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in self if part)


@dataclass(frozen=True)
class Cube:
    """The values of some scenarios over the same quantities, years and seeds.

    Attributes
    ----------
    index : DataFrame
        One line per year and quantity: year, measure, grouping, level, unit.
    seeds : tuple of int
        The columns of every array.
    values : dict of str to array
        Per scenario, an array of index by seeds; NaN where a run has no value.
    """

    index: pd.DataFrame
    seeds: tuple[int, ...]
    values: dict[str, Array]

    def series_rows(self, series: Series, years: Iterable[int] | None = None) -> Array:
        """Return the lines of one quantity, in the order of the years."""
        rows = self._lines.get(tuple(series), np.empty(0, np.int64))
        year = self.index["year"].to_numpy()[rows]
        if years is not None:
            is_asked_for = np.isin(year, list(years))
            rows, year = rows[is_asked_for], year[is_asked_for]
        return np.asarray(rows[np.argsort(year, kind="stable")])

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], Array]:
        """Return the lines of every quantity."""
        lines = self.index.groupby(KEYS, sort=False, observed=True).indices
        return cast(dict[tuple[str, ...], Array], lines)

    @cached_property
    def years(self) -> list[int]:
        """Return the years there are, ascending."""
        return sorted(int(year) for year in self.index["year"].unique())


def arrange_cube(frame: pd.DataFrame, scenarios: Sequence[str], seeds: Sequence[int]) -> Cube:
    """Arrange the tidy rows of runs.

    Parameters
    ----------
    frame : DataFrame
        Columns scenario, seed, year, measure, grouping, level, unit, value.
    scenarios : sequence of str
        Scenarios to arrange.
    seeds : sequence of int
        Seeds, in the order of the columns.
    """
    groups = frame.groupby(["year", *KEYS], sort=False, observed=True)
    line = groups.ngroup().to_numpy()
    _, first = np.unique(line, return_index=True)
    index = frame[["year", *KEYS]].iloc[first].reset_index(drop=True)
    column = pd.Index(seeds).get_indexer(pd.Index(frame["seed"]))
    name, value = frame["scenario"].to_numpy(), frame["value"].to_numpy(float)
    values = {}
    for scenario in scenarios:
        array = np.full((len(index), len(seeds)), np.nan)
        own = (name == scenario) & (column >= 0)
        array[line[own], column[own]] = value[own]
        values[scenario] = array
    return Cube(index, tuple(seeds), values)


def find_series(text: str, known: Sequence[Series]) -> list[Series]:
    """Return the quantities of the whole city that a short name means.

    Parameters
    ----------
    text : str
        `measure`, `measure/grouping` or `measure/grouping/level`, such as "D/background/area"; an empty
        grouping may be left out, as in "merit_sd_between/school".
    known : sequence of Series
        What was measured.

    Raises
    ------
    SegsimError
        If nothing of that name was measured.
    """
    parts = text.split("/")
    n, of_city = len(parts), [series for series in known if not series.unit]
    matches = [series for series in of_city if list(series)[:n] == parts]
    matches = matches or [series for series in of_city if [part for part in series if part][:n] == parts]
    if not matches:
        raise SegsimError(
            f'nothing called "{text}" was measured{_suggestion(text, of_city)}',
            f'inget som heter "{text}" mättes{_suggestion(text, of_city):sv}',
        )
    return matches


def find_one_series(text: str, known: Sequence[Series]) -> Series:
    """Return the one quantity of the whole city that a short name means.

    Raises
    ------
    SegsimError
        If nothing of that name was measured, or several quantities were.
    """
    matches = find_series(text, known)
    if len(matches) > 1:
        shown = ", ".join(map(str, matches[:6])) + (", ..." if len(matches) > 6 else "")
        raise SegsimError(
            f'"{text}" means {len(matches)} quantities; name one of {shown}',
            f'"{text}" betyder {len(matches)} storheter; nämn en av {shown}',
        )
    return matches[0]


def parse_quantity_values(text: str, remedy: Text) -> tuple[tuple[str, float], ...]:
    """Read numbers given by quantity, written as `D:0.005`, or several as `D:0.005,H/background/area:0.002`.

    Raises
    ------
    SegsimError
        If a part is no name with a finite number; it ends with the remedy.
    """
    values = []
    for part in text.split(","):
        name, colon, written = part.strip().rpartition(":")
        try:
            number = float(written)
        except ValueError:
            number = np.nan
        if not (name and colon and np.isfinite(number)):
            raise SegsimError(f'"{part.strip()}" {remedy}', f'"{part.strip()}" {remedy:sv}')
        values.append((name, number))
    return tuple(values)


def _suggestion(text: str, known: Sequence[Series]) -> Text:
    """Say what a name that means nothing may have meant, or else what there is."""
    names = sorted({str(series) for series in known} | {series.measure for series in known})
    if near := did_you_mean(text, names):
        return near
    measures = sorted({series.measure for series in known})
    listed = f"{', '.join(measures[:12])}{', ...' if len(measures) > 12 else ''}"
    return Text(f"; the measures are {listed}", f"; måtten är {listed}")


def resolve_family(family: Sequence[str | Series], known: Sequence[Series]) -> tuple[Series, ...]:
    """Return the quantities of a family, given by name or as they are."""
    members: list[Series] = []
    for name in family:
        members += [name] if isinstance(name, Series) else find_series(name, known)
    return tuple(dict.fromkeys(members))


def default_series(known: Sequence[Series], measure: str = "D") -> tuple[Series, ...]:
    """Return what a measure usually means: of background, between areas and between schools.

    A city without origin background (an abstract grid) is judged by the first series of the measure.
    """
    of_it = [series for series in known if series.measure == measure and not series.unit]
    levels = ("area", "school")
    usual = [s for level in levels for s in of_it if s.grouping == "background" and s.level == level]
    return tuple(usual or of_it[:1])


def resolve_series(text: str, known: Sequence[Series], primary: Sequence[Series] = ()) -> list[Series]:
    """Return the quantities a rule is about; a bare measure means the primary family, or the usual ones.

    Parameters
    ----------
    text : str
        As in `find_series`.
    known : sequence of Series
        What was measured.
    primary : sequence of Series
        The declared primary family.
    """
    matches = find_series(text, known)
    if "/" in text or len(matches) == 1:
        return matches
    declared = [series for series in primary if series in matches]
    return declared or list(default_series(known, text))

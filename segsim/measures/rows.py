"""The rows of a run: year, measure, grouping, level, unit, value, kept as a scenario asks for them."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from segsim.catalogue import GROUPINGS, MEASURES
from segsim.scenario import MeasureChoice
from segsim.tables import Array

COLUMNS = ("year", "measure", "grouping", "level", "unit", "value")


class Rows:
    """Collects rows year by year.

    Parameters
    ----------
    choice : MeasureChoice
        What to keep; whatever is not asked for is dropped when it is added.
    always : iterable of str, optional
        Measures that are kept whatever the choice of names.
    """

    def __init__(self, choice: MeasureChoice, always: Iterable[str] = ()) -> None:
        self._choice, self._always = choice, frozenset(always)
        self._year = 0
        self._city: list[tuple[int, str, str, str, str, float]] = []
        self._units: list[tuple[int, str, str, str, Sequence[str], Array]] = []
        self._latest: dict[tuple[str, str, str], float] = {}

    def begin(self, year: int) -> None:
        """Let what is added from now on belong to a year."""
        self._year = year
        self._latest.clear()

    def repeat(self, year: int) -> None:
        """Add the rows of the latest year as those of a later one, in which nothing flows."""
        self._city += [
            (year, measure, grouping, level, unit, 0.0 if measure == "flow" else value)
            for latest, measure, grouping, level, unit, value in self._city
            if latest == self._year
        ]
        self._units += [(year, *row[1:]) for row in self._units if row[0] == self._year]
        self._year = year

    def add(self, measure: str, grouping: str, level: str, value: float) -> None:
        """Add a value about the whole city."""
        self._latest[measure, grouping, level] = value
        if self.wants(measure, grouping, level):
            self._city.append((self._year, measure, grouping, level, "", value))

    def add_one(self, measure: str, grouping: str, level: str, unit: str, value: float) -> None:
        """Add a value about one named unit."""
        if self.wants(measure, grouping, level):
            self._city.append((self._year, measure, grouping, level, unit, value))

    def add_each(self, measure: str, grouping: str, level: str, units: Sequence[str], values: Array) -> None:
        """Add one value per unit of a level."""
        if self.wants(measure, grouping, level):
            self._units.append((self._year, measure, grouping, level, units, np.asarray(values, np.float64)))

    def wants(self, measure: str, grouping: str = "", level: str = "") -> bool:
        """Tell whether rows of this kind are kept."""
        choice = self._choice
        if choice.names and measure not in choice.names and measure not in self._always:
            return False
        if choice.levels and level and level not in choice.levels:
            return False
        if not choice.groupings:
            return True
        root = grouping.split(".")[0]
        first = root.split("*")[0]
        if first not in GROUPINGS:
            return True
        return root in choice.groupings or first in choice.groupings

    def details(self, grouping: str) -> bool:
        """Tell whether a grouping is given for every unit: background always, others if asked for."""
        return grouping == "background" or grouping in self._choice.groupings

    def latest(self, measure: str, grouping: str, level: str) -> float:
        """Return this year's value of a measure of the city, kept or not; NaN if there is none."""
        return self._latest.get((measure, grouping, level), float("nan"))

    def frame(self) -> pd.DataFrame:
        """Return all rows, the city's first, years ascending within."""
        columns: list[list[Any]] = [list(c) for c in zip(*self._city, strict=True)] or [[] for _ in COLUMNS]
        for year, measure, grouping, level, units, values in self._units:
            n = len(units)
            for column, value in zip(columns, (year, measure, grouping, level), strict=False):
                column.extend([value] * n)
            columns[4].extend(units)
            columns[5].extend(values.tolist())
        frame = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
        frame = frame.astype({"year": np.int64, "value": np.float64})
        return frame.sort_values("year", kind="stable", ignore_index=True)


class RowsOfUnit(Rows):
    """The rows of a run as one named unit adds to them: what is added is about it, not about the city."""

    def __init__(self, rows: Rows, unit: str) -> None:
        self._rows, self._choice, self._unit, self._always = rows, rows._choice, unit, rows._always

    def add(self, measure: str, grouping: str, level: str, value: float) -> None:
        """Add a value about the unit."""
        self._rows.add_one(measure, grouping, level, self._unit, value)


def find_undeclared(frame: pd.DataFrame) -> list[str]:
    """Return what rows hold and the catalogue does not: unknown measures, or other levels."""
    pairs = frame[["measure", "level"]].drop_duplicates().itertuples(index=False)
    return [
        f"{measure} at level {level}"
        for measure, level in pairs
        if measure not in MEASURES or level not in MEASURES[measure].levels
    ]

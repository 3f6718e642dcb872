"""What a page is about: the runs, where the areas lie, and what everything is called in its language."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from segsim.figures import Geography, colours
from segsim.figures.series import BAND
from segsim.report.invention import Invention, find_invention
from segsim.report.labels import Quantity, quantity
from segsim.runs.series import Series
from segsim.scenario import Scenario
from segsim.words.words import Words

if TYPE_CHECKING:
    from segsim.synthesis.notes import Note

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PageContext:
    """A city with its runs, and perhaps scenarios beside it.

    Attributes
    ----------
    baseline : Scenario
        The city.
    scenarios : tuple of Scenario
        What it is compared with; empty for a diagnosis.
    runs : DataFrame
        The tidy table of all runs.
    geography : Geography
        Where the areas lie.
    words : Words
        The language of the page.
    notes : tuple of Note
        What was mended in the city's data.
    """

    baseline: Scenario
    scenarios: tuple[Scenario, ...]
    runs: pd.DataFrame
    geography: Geography
    words: Words
    notes: tuple["Note", ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """Return what to call the baseline and each scenario, the baseline first."""
        others = {s.name: self.label(s) for s in self.scenarios}
        own = self.words("word.baseline" if others else "word.rules_of_today")
        return {self.baseline.name: own, **others}

    @cached_property
    def colours(self) -> dict[str, str]:
        """Return the colour of each scenario."""
        return colours(list(self.names), self.baseline.name)

    @cached_property
    def years(self) -> tuple[int, int]:
        """Return the start year and the last year."""
        return int(self.runs["year"].min()), int(self.runs["year"].max())

    @cached_property
    def seeds(self) -> list[int]:
        """Return the seeds."""
        return sorted(int(seed) for seed in self.runs["seed"].unique())

    @cached_property
    def available_series(self) -> set[Series]:
        """Return the quantities of the whole city that were measured."""
        columns = ["measure", "grouping", "level", "unit"]
        whole = self.runs.loc[self.runs["unit"] == "", columns].drop_duplicates()
        return {Series(*row) for row in whole.itertuples(index=False)}

    def label(self, scenario: Scenario) -> str:
        """Return the title of a scenario in the page's language, its file name if it has none."""
        swedish, english = scenario.label_sv, scenario.label_en
        return (swedish if self.words.language == "sv" else english) or english or scenario.name

    def quantity(self, series: Series) -> Quantity:
        """Return what a quantity is called and how it is written; what follows from invention says so."""
        about = quantity(series, self.baseline.groups, self.words)
        behind = self._invention.behind(series)
        return about._replace(over=f"{about.over} ({self.words(f'invention.{behind}')})") if behind else about

    def rows(self, series: Series, scenario: str | None = None) -> pd.DataFrame:
        """Return the rows of one quantity, of one scenario or all."""
        rows = self._by_measure.get((series.measure, series.grouping, series.level))
        if rows is None:
            return self.runs.iloc[:0]
        rows = rows[rows["unit"] == series.unit]
        return rows if scenario is None else rows[rows["scenario"] == scenario]

    def mean(self, series: Series, scenario: str, year: int) -> float:
        """Return the mean of a quantity over seeds; NaN if it was not measured."""
        rows = self.rows(series, scenario)
        values = rows.loc[rows["year"] == year, "value"].to_numpy(float)
        values = values[np.isfinite(values)]
        return float(values.mean()) if values.size else float("nan")

    def by_unit(self, series: Series, scenario: str, year: int) -> pd.Series:
        """Return the mean over seeds of a quantity in each unit of its level; empty if not measured."""
        rows = self._by_measure.get((series.measure, series.grouping, series.level))
        if rows is None:
            return pd.Series(dtype=float)
        chosen = (rows["unit"] != "") & (rows["scenario"] == scenario) & (rows["year"] == year)
        return rows[chosen].groupby("unit")["value"].mean()

    def changes(self, series: Series, scenario: str) -> Values:
        """Return the change of a quantity of the whole city from start to end, one value per seed."""
        start, end = self.ends(series, scenario)
        return end - start

    def ends(self, series: Series, scenario: str) -> tuple[Values, Values]:
        """Return a quantity of the whole city at start and end, one value per seed where both are known."""
        by_year = self.rows(series, scenario).set_index(["seed", "year"])["value"].unstack()
        if not set(self.years) <= set(by_year.columns):
            return np.empty(0), np.empty(0)
        known = by_year[list(self.years)].dropna()
        return known[self.years[0]].to_numpy(float), known[self.years[1]].to_numpy(float)

    def band(self, values: Values) -> tuple[float, float]:
        """Return the values between which the middle 8 of 10 lie; NaN of none."""
        if values.size == 0:
            return float("nan"), float("nan")
        low, high = np.quantile(values, BAND)
        return float(low), float(high)

    def change_by_unit(self, series: Series, scenario: str) -> pd.DataFrame:
        """Return the change from start to end in each unit: its mean over seeds, and the middle 8 of 10."""
        rows = self._by_measure.get((series.measure, series.grouping, series.level))
        names = ["mean", "low", "high"]
        if rows is None:
            return pd.DataFrame(columns=names, dtype=float)
        rows = rows[(rows["unit"] != "") & (rows["scenario"] == scenario) & rows["year"].isin(self.years)]
        by_year = rows.pivot_table(index=["unit", "seed"], columns="year", values="value", observed=True)
        if by_year.shape[1] < 2:
            return pd.DataFrame(columns=names, dtype=float)
        changes = (by_year[self.years[1]] - by_year[self.years[0]]).groupby("unit", observed=True)
        low, high = changes.quantile(BAND[0]), changes.quantile(BAND[1])
        return pd.DataFrame({"mean": changes.mean(), "low": low, "high": high})

    def most_frequent(self, series: Series, scenario: str, year: int) -> pd.Series:
        """Return the most frequent value over seeds per unit, the lowest of several; empty if unmeasured."""
        return self._frequencies(series, scenario, year)["value"]

    def agreement(self, series: Series, scenario: str, year: int) -> pd.Series:
        """Return the share of the runs that have the most frequent value, per unit."""
        return self._frequencies(series, scenario, year)["share"]

    def _frequencies(self, series: Series, scenario: str, year: int) -> pd.DataFrame:
        """Return the most frequent value of each unit and the share of its runs."""
        rows = self._by_measure.get((series.measure, series.grouping, series.level))
        if rows is None:
            return pd.DataFrame({"value": [], "share": []}, dtype=float)
        chosen = (rows["unit"] != "") & (rows["scenario"] == scenario) & (rows["year"] == year)
        defined = rows[chosen].dropna(subset=["value"])
        counted = defined.groupby(["unit", "value"]).size().reset_index(name="runs")
        counted["share"] = counted["runs"] / counted.groupby("unit")["runs"].transform("sum")
        counted = counted.sort_values(["unit", "runs", "value"], ascending=[True, False, True])
        return counted.drop_duplicates("unit").set_index("unit")[["value", "share"]]

    def on_areas(self, by_district: pd.Series) -> pd.Series:
        """Return values of districts as values of their areas."""
        district = self.geography.cells.drop_duplicates("area").set_index("area")["district"]
        return district.map(by_district)

    def select_available(self, candidates: Sequence[Series]) -> list[Series]:
        """Return those of some quantities that were measured."""
        return [series for series in candidates if series in self.available_series]

    @cached_property
    def _invention(self) -> Invention:
        """Return what of the city's geography is invented."""
        return find_invention(self.baseline, self.notes)

    @cached_property
    def _by_measure(self) -> dict[tuple[str, str, str], pd.DataFrame]:
        """Return the rows by measure, grouping and level."""
        groups = self.runs.groupby(["measure", "grouping", "level"], sort=False, observed=True)
        return {(str(m), str(g), str(v)): rows for (m, g, v), rows in groups}

"""Worlds of a city: two cities from one start and one seed, side by side, year by year."""

from collections.abc import Sequence

import numpy as np

from segsim import indices
from segsim.city import City
from segsim.scenario import Scenario, load_scenario
from segsim.tables import NONE, TENURES, Array
from segsim.teach.scenes.exercises import EXERCISES, YEARS, CurveMeasure, exercise_values
from segsim.teach.scenes.images import cell_squares, levels_by_cell, people_by_background
from segsim.teach.scenes.lives import Life, Whereabouts
from segsim.teach.scenes.scenario_from_settings import scenario_from_settings
from segsim.teach.scenes.settings import LIMITS, Number, Settings
from segsim.teach.scenes.world import Mark, Reading, ShownLife

OUTERMOST = 0.1
"""Part of the squares where people live that a map of the town leaves out at each side."""

GAP = 6
"""Squares between the two maps."""


class CityPair:
    """Two cities from the same start: to the left what is chosen, to the right what it is compared with.

    Parameters
    ----------
    settings : Settings
    chosen, other : Scenario
        Of the two; they differ in rules alone.
    """

    MADE_BY: tuple[str, ...] = ("scene", "preset", "town", "seed")

    def __init__(self, settings: Settings, chosen: Scenario, other: Scenario) -> None:
        self.settings, self.step_number, self.settled = settings, 0, False
        self.city, self.other = City(chosen, seed=settings.seed), City(other, seed=settings.seed)
        self.view = find_town(levels_by_cell(self.city))
        self._follow()

    def change(self, settings: Settings) -> bool:
        """Tell whether the cities can go on: with other rules they begin again, for years are no rules."""
        if any(getattr(settings, key) != getattr(self.settings, key) for key in self.MADE_BY):
            return False
        is_other = settings.household != self.settings.household
        self.settings = settings
        if is_other:
            self._follow()
        return True

    def step(self) -> None:
        """Run a year."""
        self.step_number += 1
        for city, life in zip((self.city, self.other), self._lives, strict=True):
            city.step()
            life.note(city)

    def picture(self) -> Array:
        """Return what the map is of in each cell in ten levels, the chosen rules to the left."""
        maps = [levels_by_cell(city, self.settings.map)[self.view] for city in (self.city, self.other)]
        gap = np.zeros((maps[0].shape[0], GAP), np.uint8)
        return np.hstack([maps[0], gap, maps[1]])

    def marks(self) -> list[Mark]:
        """Return no schools; the cities have them, but the map is of homes."""
        return []

    def lives(self) -> Sequence[ShownLife]:
        """Return the life of the household that is followed, in each city."""
        if not self.settings.household:
            return []
        return [
            ShownLife(life.events, self._place(city, life.places(city), side))
            for side, (life, city) in enumerate(zip(self._lives, (self.city, self.other), strict=True))
        ]

    def _place(self, city: City, where: Whereabouts, side: int) -> list[tuple[str, float, float]]:
        """Return what the household has where on the map, in shares of its width and height."""
        rows, columns = self.view
        height, width = rows.stop - rows.start, columns.stop - columns.start
        placed = []
        for what, cell in zip(where._fields, where, strict=True):
            if cell == NONE:
                continue
            row, column = cell_squares(city)
            y, x = (row[cell] - rows.start + 0.5) / height, column[cell] - columns.start + 0.5
            if 0 < y < 1 and 0 < x < width:
                placed.append((what, round((x + side * (width + GAP)) / (2 * width + GAP), 4), round(y, 4)))
        return placed

    def read_lives(self) -> Reading:
        """Return how the household that is followed fares in each city."""
        if not self.settings.household:
            return {}
        chosen, other = (
            life.read(city) for life, city in zip(self._lives, (self.city, self.other), strict=True)
        )
        return chosen | {f"{key}_today": value for key, value in other.items()}

    def _follow(self) -> None:
        """Begin to follow the household that is asked for, from now on."""
        number = self.settings.household
        self._lives = [Life(city, number) for city in (self.city, self.other)]


class CityWorld(CityPair):
    """A city with the rules chosen, beside the same city with all of its rules."""

    MADE_BY = (*CityPair.MADE_BY, "stage", "own_group")

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            settings, scenario_from_settings(settings), scenario_from_settings(whole_model(settings))
        )

    def read(self) -> Reading:
        """Return how backgrounds live and learn apart, and how many households moved."""
        tables, counts = self.city.tables, count_backgrounds(self.city)
        total = np.maximum(counts.sum(1), 1)
        share = counts.sum(0) / max(counts.sum(), 1)
        n = int((tables.households.id != NONE).sum())
        flows = self.city.flows
        moves = sum(flows[f"moves.{tenure}"] for tenure in TENURES)
        return self.read_lives() | {
            "own_share": float((counts**2 / total[:, None]).sum() / max(counts.sum(), 1)),
            "own_share_chance": float((share**2).sum()),
            "D": indices.dissimilarity(counts),
            "D_whole": indices.dissimilarity(count_backgrounds(self.other)),
            "D_schools": self.city.measurer.headline("school_D"),
            "D_chance": indices.expected_dissimilarity(counts),
            "moved": moves / max(n, 1),
        }


class PolicyWorld(CityPair):
    """A city in which something is decided, beside the same city as today, until the answer is due."""

    MADE_BY = (*CityPair.MADE_BY, "decision", "amount", "own_group")

    def __init__(self, settings: Settings) -> None:
        today = load_scenario(settings.town, exercise_values(settings, False) | {"years": YEARS})
        super().__init__(settings, scenario_from_settings(settings), today)

    def step(self) -> None:
        """Run a year; the last one settles the question."""
        if self.settled:
            return
        super().step()
        self.settled = self.step_number == YEARS

    def read(self) -> Reading:
        """Return what the exercise is about in both cities, and their difference."""
        reading = self.read_lives()
        for quantity in EXERCISES[self.settings.preset].quantities:
            decided, today = (read_quantity(city, quantity) for city in (self.city, self.other))
            reading |= {quantity.key: decided, f"{quantity.key}_today": today}
            reading[f"{quantity.key}_difference"] = decided - today
        return reading


def read_quantity(city: City, quantity: CurveMeasure) -> float:
    """Return a measure of the latest year; NaN if there is none."""
    rows = city.rows()
    is_it = (
        (rows["year"] == city.year)
        & (rows["measure"] == quantity.measure)
        & (rows["grouping"] == quantity.grouping)
        & (rows["level"] == quantity.level)
        & (rows["unit"] == quantity.unit)
    )
    values = rows.loc[is_it, "value"]
    return float(values.iloc[0]) if len(values) else float("nan")


def whole_model(settings: Settings) -> Settings:
    """Return the settings of a city with all its rules and its own wish for like neighbours."""
    last = LIMITS["stage"]
    stage = int(last.high) if isinstance(last, Number) else 0
    return settings.with_(stage=stage, own_group=Settings(preset=settings.preset).own_group)


def find_town(sheet: Array) -> tuple[slice, slice]:
    """Return the rows and columns of a map that hold all but the outermost places where people live."""
    ends = []
    for places, size in zip(np.nonzero(sheet), sheet.shape, strict=True):
        low, high = np.quantile(places, (OUTERMOST, 1 - OUTERMOST)).astype(int)
        margin = (high - low) // 8 + 1
        ends.append(slice(max(int(low) - margin, 0), min(int(high) + margin + 1, size)))
    return ends[0], ends[1]


def count_backgrounds(city: City) -> Array:
    """Return people by area and background (Swedish, foreign)."""
    tables = city.tables
    return people_by_background(city, tables.cells.area[city.household_cells()], tables.areas.id.size)

"""Worlds: what a lesson shows and moves, one for each kind of scene."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from segsim import indices
from segsim.city import City
from segsim.errors import SegsimError
from segsim.kernels.draws import Stream, key_of, uniforms
from segsim.simulation import BoardSimulation
from segsim.steps.board.relocation import Relocation
from segsim.steps.board.school_choice import BoardSchoolChoice
from segsim.tables import NONE, Array
from segsim.teach.scenes.cities import CityWorld, PolicyWorld
from segsim.teach.scenes.scenario_from_settings import scenario_from_settings
from segsim.teach.scenes.settings import Settings
from segsim.teach.scenes.world import Mark, Reading, ShownLife, World


def make_world(settings: Settings) -> World:
    """Return a new world.

    Raises
    ------
    SegsimError
        If the settings do not make one.
    """
    makers: dict[str, type[Any]] = {
        "board": BoardWorld,
        "schools": SchoolsWorld,
        "league": LeagueWorld,
        "city": CityWorld,
        "policy": PolicyWorld,
    }
    world: World = makers[settings.scene](settings)
    return world


UNSATISFIED, MOVED = 8, 16
"""What is added to the square of a household that is not satisfied, and of one that has just moved."""

MOST_MARKED = 100
"""Squares along a side of the largest board with marks; on larger ones they could not be seen."""


class BoardWorld:
    """A board on which households move one at a time."""

    REMADE_BY: tuple[str, ...] = (
        *("scene", "rows", "columns", "density", "shares", "torus", "start", "seed"),
    )

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.city = City(scenario_from_settings(settings), seed=settings.seed)
        self.step_number, self.settled = 0, False
        self._moved: Array | None = None
        self._area = self.city.tables.cells.area.astype(np.int64)
        self._blocks = self.city.tables.areas.id.size
        self._kinds = len(settings.shares) + 1

    @property
    def board(self) -> BoardSimulation:
        """The simulation of the board."""
        board = self.city.simulation
        if not isinstance(board, BoardSimulation):
            raise SegsimError("a city of this kind takes no turns", "en sådan stad går inte drag för drag")
        return board

    @property
    def relocation(self) -> Relocation:
        """Who lives where and how they move."""
        relocation = self.board.relocation
        if relocation is None:
            raise SegsimError("nobody moves in this scenario", "ingen flyttar i detta scenario")
        return relocation

    def change(self, settings: Settings) -> bool:
        """Let people choose otherwise from now on; where they live stays as it is."""
        if any(getattr(settings, key) != getattr(self.settings, key) for key in self.REMADE_BY):
            return False
        scenario = scenario_from_settings(settings)
        self.settings, self.settled = settings, False
        self.city.state.preferences = scenario.preferences
        mode = scenario.preferences.housing.one_at_a_time
        if mode is not None:
            self.relocation.change(mode)
        return True

    def step(self) -> None:
        """Let households act once."""
        before = self.relocation.list_homes() if self._is_marked else None
        self.city.step()
        self.step_number += 1
        self.settled = not self.city.running
        if before is not None:
            self._moved = self.relocation.list_homes() != before

    def picture(self) -> Array:
        """Return who lives on each square: 0 for nobody, 1 + group otherwise, with marks on small boards.

        `UNSATISFIED` is added where somebody is not satisfied, `MOVED` where somebody has just come.
        """
        squares = self.relocation.squares()
        if self._is_marked:
            squares = squares.copy()
            homes, flat = self.relocation.list_homes(), squares.reshape(-1)
            unsatisfied = self.relocation.find_unsatisfied()
            flat[homes[unsatisfied]] += UNSATISFIED
            if self._moved is not None:
                flat[homes[self._moved & (homes != NONE)]] += MOVED
        return squares

    @property
    def _is_marked(self) -> bool:
        """Whether squares are large enough for marks to be seen; it takes .6 ms a picture at 100 x 100."""
        return max(self.settings.rows, self.settings.columns) <= MOST_MARKED

    def marks(self) -> list[Mark]:
        """Return no schools."""
        return []

    def lives(self) -> Sequence[ShownLife]:
        """Return no lives; nobody on a board has a school, a job or a name."""
        return []

    def read(self) -> Reading:
        """Return how people live together."""
        around = self.relocation.surroundings()
        counts = self.counts()
        share = counts.sum(0) / max(counts.sum(), 1)
        return {
            "own_share": around.own_share / max(around.with_neighbours, 1),
            "own_share_chance": float((share**2).sum()),
            "D": indices.dissimilarity(counts),
            "D_chance": indices.expected_dissimilarity(counts),
            "satisfied": around.satisfied / max(around.households, 1),
            **self.rate_groups(),
        }

    def rate_groups(self) -> Reading:
        """Return the share of each group that is satisfied."""
        around = self.relocation.count_neighbours()
        households, unsatisfied = around.households, around.unsatisfied
        shares = 1 - unsatisfied / np.maximum(households, 1)
        return {f"satisfied_{group}": float(share) for group, share in enumerate(shares)}

    def counts(self) -> Array:
        """Return households by block and group."""
        which = self._area * self._kinds + self.relocation.squares().reshape(-1)
        counts = np.bincount(which, minlength=self._blocks * self._kinds).reshape(self._blocks, self._kinds)
        return counts[:, 1:]


class SchoolsWorld(BoardWorld):
    """A board with schools: first homes, then pupils reconsider their school one at a time."""

    REMADE_BY = (*BoardWorld.REMADE_BY, "schools", "home_steps")

    @property
    def schooling(self) -> BoardSchoolChoice:
        """The schools."""
        schooling = self.board.schooling
        if schooling is None:
            raise SegsimError("nobody goes to school in this scenario", "ingen går i skolan i detta scenario")
        return schooling

    def step(self) -> None:
        """Let households choose a home while that lasts, then pupils a school; the board never rests."""
        super().step()
        self.settled = False

    def picture(self) -> Array:
        """Return who lives on each square without marks: it is of schools that this tells."""
        return self.relocation.squares()

    def marks(self) -> list[Mark]:
        """Return the schools: where they stand, and who goes there."""
        tables, pupils = self.city.tables, self.schooling.composition()
        x = tables.cells.x[tables.schools.cell] / (self.settings.columns * self._side())
        y = tables.cells.y[tables.schools.cell] / (self.settings.rows * self._side())
        total = pupils.sum(1)
        shares = pupils / np.maximum(total, 1)[:, None]
        return [
            Mark(round(float(x[s]), 4), round(float(y[s]), 4), int(total[s]), shares[s].round(3).tolist())
            for s in range(total.size)
        ]

    def _side(self) -> float:
        """Return the side of a square, m."""
        grid = self.city.recipe.city.grid
        return grid.side if grid else 100.0

    def read(self) -> Reading:
        """Return how pupils meet in schools, and how their homes lie."""
        pupils, homes, roll = self.schooling.composition(), self.counts(), self.schooling.roll
        total = np.maximum(pupils.sum(1), 1)
        share = pupils.sum(0) / max(pupils.sum(), 1)
        return {
            "own_share": float((pupils**2 / total[:, None]).sum() / max(pupils.sum(), 1)),
            "own_share_chance": float((share**2).sum()),
            "D": indices.dissimilarity(pupils),
            "D_homes": indices.dissimilarity(homes),
            "D_chance": indices.expected_dissimilarity(pupils),
            "nearest": float((roll.school == roll.considered[:, 0]).mean()),
        }


class LeagueWorld:
    """Two schools in a league table (Kinkead's model): what they add, and whom they get.

    Achievement of 1 000 pupils is uniform on [0, 1] when they come. Each year it becomes
    min(1, a (1 + 0.2 i)), with i what their school adds; then the table is published, and a fifth of the
    pupils leave for new ones, who with probability s go by the table: to the higher school if a > 0.5, else
    to the lower. Otherwise they take the place that was left.
    """

    PUPILS, ROWS, LEAVE, GROWTH = 1000, 25, 0.2, 0.2

    def __init__(self, settings: Settings) -> None:
        self.settings, self.step_number, self.settled = settings, 0, False
        self.key = np.uint64(key_of(settings.seed))
        who = np.arange(self.PUPILS)
        self.achievement = uniforms(self.key, Stream.LEAGUE_ACHIEVEMENT, 0, who, 0)
        self.school = (who % 2).astype(np.int64)
        self.added = np.zeros(2)
        self.published = self._means()

    def change(self, settings: Settings) -> bool:
        """Let the schools add otherwise, or pupils choose otherwise, from now on."""
        if settings.seed != self.settings.seed or settings.scene != "league":
            return False
        self.settings = settings
        return True

    def step(self) -> None:
        """Teach for a year, publish the table, and exchange a fifth of the pupils."""
        self.step_number += 1
        year, who = self.step_number, np.arange(self.PUPILS)
        impact = np.array([self.settings.impact_a, self.settings.impact_b])[self.school]
        before = self.achievement
        self.achievement = np.minimum(1.0, before * (1 + self.GROWTH * impact))
        gain = np.bincount(self.school, self.achievement - before, minlength=2)
        self.added = gain / np.maximum(np.bincount(self.school, minlength=2), 1)
        self.published = self._means()
        leaves = uniforms(self.key, Stream.LEAGUE_LEAVING, year, who, 0) < self.LEAVE
        new = uniforms(self.key, Stream.LEAGUE_ACHIEVEMENT, year, who, 0)
        reads = uniforms(self.key, Stream.LEAGUE_READING, year, who, 0) < self.settings.sorting
        first = int(self.published[1] > self.published[0])
        self.achievement = np.where(leaves, new, self.achievement)
        self.school = np.where(leaves & reads, np.where(new > 0.5, first, 1 - first), self.school)

    def picture(self) -> Array:
        """Return the pupils of both schools side by side, the best at the top, in ten levels."""
        columns = -(-max(int((self.school == s).sum()) for s in (0, 1)) // self.ROWS)
        sheet = np.zeros((self.ROWS, 2 * columns + 1), np.uint8)
        for s in (0, 1):
            level = np.minimum((self.achievement[self.school == s] * 10).astype(np.uint8), 9) + 1
            side = np.zeros(self.ROWS * columns, np.uint8)
            side[: level.size] = np.sort(level)[::-1]
            sheet[:, s * (columns + 1) : s * (columns + 1) + columns] = side.reshape(self.ROWS, columns)
        return sheet

    def marks(self) -> list[Mark]:
        """Return no schools on a board."""
        return []

    def lives(self) -> Sequence[ShownLife]:
        """Return no lives; pupils here are results alone."""
        return []

    def read(self) -> Reading:
        """Return what the table says, and what the schools do."""
        return {
            "mean_a": float(self.published[0]),
            "mean_b": float(self.published[1]),
            "added_a": float(self.added[0]),
            "added_b": float(self.added[1]),
        }

    def _means(self) -> Array:
        """Return mean achievement by school; one half where nobody goes."""
        pupils = np.bincount(self.school, minlength=2)
        total = np.bincount(self.school, self.achievement, minlength=2)
        return np.where(pupils > 0, total / np.maximum(pupils, 1), 0.5)

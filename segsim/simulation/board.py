"""The simulation of an abstract board: households, then pupils, act one at a time; a step is not a year."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pandas as pd

from segsim.flows import Flows
from segsim.scenario import Scenario
from segsim.scenario.board.grid import Grid
from segsim.simulation.branch import plan_branch
from segsim.simulation.initial_state import draw_initial_state, start_measurer
from segsim.state import CityState
from segsim.steps.board.relocation import Relocation
from segsim.steps.board.school_choice import BoardSchoolChoice


class BoardSimulation:
    """One abstract board under one scenario and one seed, from its start state on.

    Who lives where is kept by `relocation` in a form of its own. Writing it into the tables takes longer than
    a step, so that waits until the tables are measured, or somebody asks for `state`. Whoever asks may change
    tables and preferences; the next step goes on from there.

    Parameters
    ----------
    scenario : Scenario
    grid : Grid
        Its `city.grid`.
    seed : int
        From 0 to 2**64 - 1.

    Attributes
    ----------
    recipe : Scenario
    measurer : Measurer
    relocation : Relocation or None
        Who lives where and how they move, if the scenario has a housing step.
    schooling : BoardSchoolChoice or None
        Who goes to which school and how they choose, if the scenario has a schools step.
    running : bool
        Whether there is more to come.
    at_rest : bool
        Whether nothing would change in any further step.
    """

    def __init__(self, scenario: Scenario, grid: Grid, seed: int) -> None:
        self.recipe, self.running, self.at_rest = scenario, True, False
        self._state = state = draw_initial_state(scenario, seed)
        names, key = [group.name for group in state.groups], int(state.key)
        housing = state.preferences.housing.one_at_a_time
        schools = state.preferences.schools.one_at_a_time
        self.relocation: Relocation | None = None
        if housing is not None and "housing" in scenario.steps:
            of_city = scenario.city.choose_seed(key)
            self.relocation = Relocation(grid, housing, names, state.tables, key, of_city)
        self.schooling: BoardSchoolChoice | None = None
        if schools is not None and "schools" in scenario.steps:
            self.schooling = BoardSchoolChoice(grid, schools, names, state.tables, key)
        self._last_step = scenario.start + scenario.years
        self._stages = dict(scenario.list_stages())
        self._may_have_changed = False
        self.measurer = start_measurer(scenario, state)
        self.measurer.measure(state, board=self.relocation)
        self._measured = self.year

    @property
    def state(self) -> CityState:
        """Tables and preferences as they are now; the next step follows what is changed in them."""
        self._write_tables()
        self._may_have_changed = True
        return self._state

    @property
    def year(self) -> int:
        """The latest step, counted from the scenario's start."""
        return self._state.year

    def look(self) -> CityState:
        """Return the state to look at, not to change: the next step need not search it for changes.

        Areas and schools are as they are; homes as they were last written.
        """
        return self._state

    @property
    def _measure_every(self) -> int:
        """Every how many steps the board is measured, 0 for the end alone."""
        housing = self._state.preferences.housing.one_at_a_time
        return housing.measure_every if housing else 1

    @property
    def flows(self) -> Flows:
        """What the latest step has counted; to look at it writes no tables."""
        return self._state.flows

    def step(self) -> bool:
        """Take one step; tell if it was measured.

        It is measured as often as `measure_every` says and at the end.
        """
        self.at_rest = not self._take_step()
        goes_on = not self.at_rest and self.year < self._last_step
        ends = self.running and not goes_on
        self.running = goes_on
        if ends or (self._measure_every and self.year % self._measure_every == 0):
            return self.measure()
        return False

    def steps_ahead(self, number: int | None = None) -> Iterator[int]:
        """Yield once for each step to take: so many, or the scenario's own, until the board is at rest."""
        for step in range(self.recipe.years if number is None else number):
            yield step
            if self.at_rest or (number is None and not self.running):
                return

    def stand_until(self, step: int) -> None:
        """Let a board at rest have the rows it came to rest with at a later step too, where nobody moves.

        On the way it has them as often as `measure_every` says.
        """
        self.measure()
        if not self.at_rest or step <= self.year:
            return
        every = self._measure_every or step
        for later in (*range(self.year - self.year % every + every, step, every), step):
            self.measurer.repeat(later)

    def measure(self) -> bool:
        """Measure the latest step if that is still to be done; tell if it was."""
        if self._measured == self.year:
            return False
        self._measured = self.year
        self._write_tables()  # not through `state`: measuring changes nothing the next step must look for
        self.measurer.measure(self._state, board=self.relocation)
        return True

    def rows(self) -> pd.DataFrame:
        """Return every measure of every measured step, the latest one included."""
        self.measure()
        return self.measurer.frame()

    def branch(self, changes: Mapping[str, Any]) -> "BoardSimulation":
        """Return a copy of the board as it is now, which goes on under other rules or preferences.

        Parameters
        ----------
        changes : mapping
            Values by dotted keys, such as `{"preferences.housing.one_at_a_time.rule.beta": 2.0}`, from next
            step on. The copy's scenario says so under `later`, so that a run of it from the start gives the
            same rows.

        Raises
        ------
        ScenarioError
            If something else is to change, or a value is wrong.
        """
        other = deepcopy(self)
        other.recipe = plan_branch(self.recipe, self.year, changes)
        other._stages = dict(other.recipe.list_stages())
        return other

    def _write_tables(self) -> None:
        """Bring the tables up to date with the board."""
        if self.relocation is not None:
            self.relocation.write()

    def _take_step(self) -> bool:
        """Let households and pupils act; return whether there is more to come."""
        self._state.year += 1
        if self._state.year in self._stages:
            self._state.preferences = self._stages[self._state.year].preferences
        step = self._state.year - self._state.start_year
        goes_on = self.relocation is None or self._move_households(self.relocation, step)
        self._may_have_changed = False
        if self.schooling is not None:
            goes_on = self._enrol_pupils(self.schooling, step) or goes_on
        return goes_on

    def _move_households(self, relocation: Relocation, step: int) -> bool:
        """Let households act if it is time; return whether there is more to come."""
        mode = self._state.preferences.housing.one_at_a_time
        if mode is not relocation.mode and mode is not None:
            relocation.change(mode)
        elif self._may_have_changed and not relocation.is_written():
            relocation.read()
        mode = relocation.mode
        if not (mode.first_step <= step and (mode.last_step is None or step <= mode.last_step)):
            return True
        turns, moves = relocation.step(step)
        self._state.flows["turns"], self._state.flows["moves"] = turns, moves
        if mode.stop == "nobody_moved":
            return moves > 0
        return mode.stop == "never" or not relocation.all_satisfied()

    def _enrol_pupils(self, schooling: BoardSchoolChoice, step: int) -> bool:
        """Let pupils reconsider if it is time; return whether there is more to come."""
        mode = self._state.preferences.schools.one_at_a_time
        if mode is not schooling.mode and mode is not None:
            self._write_tables()
            schooling.change(mode)
        mode = schooling.mode
        before = 0
        if mode.after_housing and self.relocation is not None:
            before = self.relocation.mode.last_step or 0
        if step > before and (mode.steps is None or step <= before + mode.steps):
            if schooling.steps_taken == 0:
                self._write_tables()  # the ways to school are measured from the homes of this first step
            turns, moves = schooling.step(step)
            self._state.flows["school_turns"], self._state.flows["school_moves"] = turns, moves
        return mode.steps is None or step < before + mode.steps

"""The steps of an abstract grid: relocation and school choice one at a time, on tables that follow."""

from collections.abc import Callable

from segsim.scenario.board.grid import Grid
from segsim.state import CityState
from segsim.steps.board.relocation import Relocation
from segsim.steps.board.school_choice import BoardSchoolChoice
from segsim.tables import Dwellings, Households, Tables


class BoardTables(Tables):
    """Tables whose homes are brought up to date when somebody reads them.

    The board of the one-at-a-time mode holds who lives where; writing it into the tables takes longer than a
    step, so it waits until households or dwellings are looked at.
    """

    def __init__(self, tables: Tables) -> None:
        self.relocation: Relocation | None = None
        self.read_since_step = False
        super().__init__(
            tables.areas,
            tables.cells,
            tables.dwellings,
            tables.households,
            tables.persons,
            tables.schools,
            tables.workplaces,
        )

    @property
    def households(self) -> Households:
        """Households, their homes as they are now."""
        self._follow()
        return self._households

    @households.setter
    def households(self, table: Households) -> None:
        self._households = table

    @property
    def dwellings(self) -> Dwellings:
        """Dwellings, their occupants as they are now."""
        self._follow()
        return self._dwellings

    @dwellings.setter
    def dwellings(self, table: Dwellings) -> None:
        self._dwellings = table

    def _follow(self) -> None:
        """Write what has happened on the board."""
        self.read_since_step = True
        if self.relocation is not None:
            self.relocation.write()


class Turns:
    """What an abstract grid does in a step.

    Parameters
    ----------
    grid : Grid
        The city's board.
    state : CityState
        The city; its tables become `BoardTables`, its preferences may be changed between steps.
    steps : tuple of str
        Which of "schools" and "housing" the scenario keeps.
    """

    def __init__(self, grid: Grid, state: CityState, steps: tuple[str, ...]) -> None:
        self.state = state
        names = [group.name for group in state.groups]
        tables = BoardTables(state.tables)
        key = int(state.key)
        housing = state.preferences.housing.one_at_a_time
        schools = state.preferences.schools.one_at_a_time
        self.relocation = None
        if housing is not None and "housing" in steps:
            self.relocation = Relocation(grid, housing, names, tables, key)
        self.schooling = None
        if schools is not None and "schools" in steps:
            self.schooling = BoardSchoolChoice(grid, schools, names, tables, key)
        tables.relocation = self.relocation
        state.tables = self.tables = tables
        tables.read_since_step = False

    def step(self) -> bool:
        """Take one step; return whether there is more to come."""
        state = self.state
        state.year = step = state.year + 1
        step -= state.start_year
        relocation, goes_on = self.relocation, True
        if relocation is not None:
            mode = state.preferences.housing.one_at_a_time
            if mode is not relocation.mode and mode is not None:
                relocation.change(mode)
            elif self.tables.read_since_step and not relocation.is_written():
                relocation.read()
            self.tables.read_since_step = False
            mode = relocation.mode
            if mode.first_step <= step and (mode.last_step is None or step <= mode.last_step):
                turns, moves = relocation.step(step)
                state.flows["turns"], state.flows["moves"] = turns, moves
                goes_on = mode.stop == "never" or not self._settled(moves)
        if self.schooling is not None:
            goes_on = self._school_step(step) or goes_on
        return goes_on

    def only_reading(self, read: Callable[[], None]) -> None:
        """Call what only reads the tables, so that the next step need not look for changes."""
        before = self.tables.read_since_step
        read()
        self.tables.read_since_step = before

    def _settled(self, moves: int) -> bool:
        """Tell whether households have come to rest as the mode means it."""
        relocation = self.relocation
        if relocation is None or (moves > 0 and relocation.mode.stop == "nobody_moved"):
            return False
        return relocation.mode.stop == "nobody_moved" or relocation.all_satisfied()

    def _school_step(self, step: int) -> bool:
        """Let pupils reconsider if it is time; return whether there is more to come."""
        schooling, state = self.schooling, self.state
        if schooling is None:
            return False
        mode = state.preferences.schools.one_at_a_time
        if mode is not schooling.mode and mode is not None:
            schooling.change(mode)
        mode = schooling.mode
        before = 0
        if mode.after_housing and self.relocation is not None:
            before = self.relocation.mode.last_step or 0
        if step > before and (mode.steps is None or step <= before + mode.steps):
            turns, moves = schooling.step(step)
            state.flows["school_turns"], state.flows["school_moves"] = turns, moves
        return mode.steps is None or step < before + mode.steps

"""A simulation: the tables and rules of one scenario and seed, and the year that moves them, free of Mesa."""

import pandas as pd

from segsim import policies as levers
from segsim.kernels.draws import key_of
from segsim.measures import Measurer
from segsim.measures.city_profile import describe_city
from segsim.policies import CityProfile
from segsim.scenario import Scenario, check_names
from segsim.state import CityState
from segsim.steps import YEAR, neighbourhood
from segsim.steps.board.simulation import Turns
from segsim.steps.schools import school_year
from segsim.synthesis import first_city


class Simulation:
    """One city under one scenario and one seed, from its start state on; a step is a year.

    Sweeps run it as it is; `City` shows it as a Mesa model.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        From 0 to 2**64 - 1.

    Attributes
    ----------
    recipe : Scenario
    state : CityState
        The tables, rules and year that steps see.
    measurer : Measurer
    turns : Turns or None
        The one-at-a-time mode of an abstract grid.
    running : bool
        Whether years are left, or moves on a grid.

    Raises
    ------
    ScenarioError
        If the scenario names areas, districts or schools that the city does not have.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.recipe = scenario
        first = first_city(scenario, seed)
        check_names(scenario, first.area_names, first.district_names)
        self.state = CityState(
            year=scenario.start,
            key=key_of(seed),
            tables=first.tables,
            rules=scenario.rules,
            preferences=scenario.preferences,
            groups=scenario.groups,
            area_names=first.area_names,
            district_names=first.district_names,
            start_year=scenario.start,
        )
        self.running = True
        self._steps = [step for name, step in YEAR.items() if name in scenario.steps]
        self._profiles: dict[int, CityProfile] = {}
        self.turns = None
        if scenario.city.grid is not None:
            self.turns = Turns(scenario.city.grid, self.state, scenario.steps)
            housing = scenario.preferences.housing.one_at_a_time
            self._measure_every = housing.measure_every if housing else 1
            self._last_year = scenario.start + scenario.years
        else:
            school_year.settle(self.state)
            neighbourhood.settle(self.state)
        self.measurer = Measurer(
            scenario.measures, self.state, scenario.city.national_median_standard, first.school_names
        )
        self.measurer.measure(self.state)
        self._measured = self.year
        if self.turns is not None:
            self.turns.tables.read_since_step = False

    @property
    def year(self) -> int:
        """The latest simulated year, or the start year."""
        return self.state.year

    def step(self) -> bool:
        """Run one year: policies, then every step the scenario keeps, then measures; tell if it was measured.

        On an abstract grid a year is a step of the one-at-a-time mode, measured as often as its
        `measure_every` says, at the end, and when somebody asks for `rows`.
        """
        if self.turns is not None:
            return self._take_turns(self.turns)
        state, first_year = self.state, self.recipe.start + 1
        year = state.year + 1
        if year in levers.start_years(self.recipe.policies, first_year):
            self._profiles[year] = self.describe()
        state.year = year
        state.flows.clear()
        state.rules = levers.amend_rules(
            self.recipe.policies, self.recipe.rules, self._profiles, year, first_year
        )
        for step in self._steps:
            step(state)
        self.measurer.measure(state, self._budget())
        self.running = year < self.recipe.start + self.recipe.years
        return True

    def run(self, years: int | None = None) -> pd.DataFrame:
        """Run so many years (the scenario's own number if not given) and return all rows."""
        for _ in range(self.recipe.years if years is None else years):
            self.step()
            if self.turns is not None and not self.running:
                break
        return self.rows()

    def rows(self) -> pd.DataFrame:
        """Return every measure of every year so far: year, measure, grouping, level, unit, value."""
        self.measure()
        return self.measurer.frame()

    def measure(self) -> bool:
        """Measure a year of an abstract grid that was passed over; tell if there was one."""
        if self.turns is None or self._measured == self.year:
            return False
        self._measured = self.year
        self.turns.only_reading(lambda: self.measurer.measure(self.state))
        return True

    def describe(self) -> CityProfile:
        """Return the city as a policy that begins next year sees it."""
        source, measures = self.recipe.city, self.recipe.measures
        return describe_city(self.state, source.national_median_standard, measures.reference(self.year))

    def _take_turns(self, turns: Turns) -> bool:
        """Take one step on an abstract grid; tell if it was measured."""
        state = self.state
        goes_on = turns.step() and state.year < self._last_year
        ends = self.running and not goes_on
        self.running = goes_on
        if ends or (self._measure_every and state.year % self._measure_every == 0):
            return self.measure()
        return False

    def _budget(self) -> dict[str, tuple[float, float]]:
        """Return the cost (MSEK) of each policy in force, by its name, and how many it reaches."""
        first_year = self.recipe.start + 1
        acting = levers.policies_in_force(self.recipe.policies, self._profiles, self.year, first_year)
        return {
            policy.name: (policy.cost(profile), policy.count_reached(profile)) for policy, profile in acting
        }

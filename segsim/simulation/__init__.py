"""A simulation: one scenario and one seed, by the years of a city or the steps of a board; free of Mesa."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pandas as pd

from segsim.errors import ArgumentError, check_whole_number
from segsim.flows import Flows
from segsim.measures import Measurer
from segsim.scenario import Scenario
from segsim.simulation.board import BoardSimulation
from segsim.simulation.years import Simulation
from segsim.state import CityState

__all__ = ["AnySimulation", "BoardSimulation", "Simulation", "run_simulation", "start_simulation"]


class AnySimulation(Protocol):
    """What runs and Mesa ask of a simulation, whichever model it is of.

    Attributes
    ----------
    recipe : Scenario
    measurer : Measurer
    running : bool
        Whether years are left, or moves on a board.
    """

    recipe: Scenario
    measurer: Measurer
    running: bool

    @property
    def state(self) -> CityState:
        """Tables, rules, preferences and year as they are now."""

    @property
    def year(self) -> int:
        """The latest simulated year or step, or that of the start."""

    def look(self) -> CityState:
        """Return the state to look at and not to change; on a board, homes are as they were last written."""

    @property
    def flows(self) -> Flows:
        """What the latest year or step has counted."""

    def step(self) -> bool:
        """Take one step; tell if it was measured."""

    def measure(self) -> bool:
        """Measure what steps have passed over; tell if there was anything."""

    def steps_ahead(self, number: int | None = None) -> Iterator[int]:
        """Yield for each step to take: so many, or the scenario's own, less those a board does not need."""

    def stand_until(self, year: int) -> None:
        """Measure a board at rest in a later step too, as it is; a city is never at rest."""

    def rows(self) -> pd.DataFrame:
        """Return every measure of every year so far: year, measure, grouping, level, unit, value."""

    def branch(self, changes: Mapping[str, Any]) -> "AnySimulation":
        """Return a copy as it is now, which goes on under other rules or preferences."""


def start_simulation(scenario: Scenario, seed: int) -> AnySimulation:
    """Return the simulation of a scenario in its start state: a board if it has a grid, else a city.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        From 0 to 2**64 - 1.

    Raises
    ------
    ScenarioError
        If the scenario names areas, districts or schools that the city does not have.
    ArgumentError
        If there is no such scenario or seed.
    """
    if not isinstance(scenario, Scenario):
        raise ArgumentError(
            f"{scenario!r} is no scenario; segsim.load_scenario reads one",
            f"{scenario!r} är inget scenario; segsim.load_scenario läser ett",
        )
    seed = check_whole_number("seed", seed, 0, 2**64 - 1)
    grid = scenario.city.grid
    return Simulation(scenario, seed) if grid is None else BoardSimulation(scenario, grid, seed)


def run_simulation(scenario: Scenario, seed: int, years: int | None = None) -> pd.DataFrame:
    """Run a scenario for so many years (its own number if not given) and return all rows.

    A board that came to rest before them has its last values in the last year too.
    """
    years = None if years is None else check_whole_number("years", years, 0)
    simulation = start_simulation(scenario, seed)
    for _ in simulation.steps_ahead(years):
        simulation.step()
    simulation.stand_until(scenario.start + (scenario.years if years is None else years))
    return simulation.rows()

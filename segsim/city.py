"""City: a simulation as a Mesa model, with areas, schools and households as agents and a data collector."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
from mesa.discrete_space import OrthogonalMooreGrid

from segsim.flows import Flows
from segsim.measures import HEADLINES, Measurer
from segsim.policies import Policy
from segsim.scenario import Scenario, load_scenario
from segsim.simulation import start_simulation
from segsim.state import CityState
from segsim.steps.housing.residence import household_cells
from segsim.tables import NONE, Array, Tables, live
from segsim.views import AreaAgent, HouseholdAgent, SchoolAgent, cell_grid


class City(mesa.Model):
    """One city under one scenario and one seed; a step is a year.

    Parameters
    ----------
    scenario : Scenario, str or Path
        The scenario, its file, or its name.
    seed, rng : int, optional
        The seed (two names for the same, as Mesa has both). Without one a fresh seed is drawn and kept in
        `seed`, so that the run can be repeated.
    policies : sequence of Policy, optional
        More policies, of segsim's classes or of your own (docs/extending.md); or, as an override, all of them
        as a scenario file writes them.
    measures : sequence of callable, optional
        Measures and indices of your own.
    **overrides
        Any scenario key with dots, such as `{"preferences.housing.own_group": 2.0}`, so that
        `mesa.batch_run` sweeps over keys.

    Raises
    ------
    ScenarioError
        If the scenario or an override is wrong.

    Notes
    -----
    `datacollector` holds one row per simulated year (the headline measures and the year); `rows()` holds
    every measure, the start year included. On a board it has one per step: NaN where the step was not
    measured (`measure_every` of the scenario), the latest step always measured. In `mesa.batch_run` give
    seeds as the parameter `rng`, which every version of Mesa passes on (newer ones fill `seed` themselves,
    from their own argument `rng`).
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "schelling",
        seed: int | None = None,
        rng: int | None = None,
        policies: Sequence[Any] | None = None,
        measures: Sequence[Callable[..., Any]] = (),
        **overrides: Any,
    ) -> None:
        self.seed = _chosen_seed(seed, rng)
        super().__init__(rng=self.seed)
        policies = (policies,) if isinstance(policies, Policy) else policies
        added = tuple(policy for policy in policies or () if isinstance(policy, Policy))
        if policies is not None and not added:
            overrides["policies"] = policies
        if not isinstance(scenario, Scenario):
            scenario = load_scenario(scenario, overrides)
        elif overrides:
            scenario = scenario.override(overrides)
        scenario = scenario.add_own((policies or ()) if added else (), measures)
        self.simulation = start_simulation(scenario, self.seed)
        self._households: dict[int, HouseholdAgent] = {}
        self._cells: OrthogonalMooreGrid | None = None
        self._n_cells = 0
        tables = self.simulation.look().tables
        for row in live(tables.areas):
            AreaAgent(self, int(row), int(tables.areas.id[row]))
        self._schools: dict[int, SchoolAgent] = {}
        self._follow_schools()
        self._collector = mesa.DataCollector(model_reporters=self._reporters())
        self._is_measured = True

    def __repr__(self) -> str:
        return f"<City {self.recipe.name}, seed {self.seed}, at the end of {self.year}>"

    @property
    def datacollector(self) -> mesa.DataCollector:
        """Mesa's data collector, an entry for each step, the latest one measured."""
        self._measure_latest()
        return self._collector

    @property
    def recipe(self) -> Scenario:
        """The scenario."""
        return self.simulation.recipe

    @property
    def state(self) -> CityState:
        """What steps see: tables, rules, preferences, year, and what happened in it."""
        return self.simulation.state

    @property
    def tables(self) -> Tables:
        """The state."""
        return self.state.tables

    @property
    def measurer(self) -> Measurer:
        """What measures the years."""
        return self.simulation.measurer

    @property
    def area_names(self) -> tuple[str, ...]:
        """Names of the areas, in the order of the table."""
        return self.simulation.look().area_names

    @property
    def district_names(self) -> tuple[str, ...]:
        """Names of the districts, by number."""
        return self.simulation.look().district_names

    @property
    def year(self) -> int:
        """The latest simulated year, or the start year."""
        return self.simulation.year

    @property
    def flows(self) -> Flows:
        """What the latest year or step has counted; unlike `state`, it costs a board nothing to show."""
        return self.simulation.flows

    def step(self) -> None:
        """Run one year, or take one step of a board, and collect what was measured."""
        self._is_measured = self.simulation.step()
        self.running = self.simulation.running
        if self._is_measured:
            self._follow_schools()
        self._collector.collect(self)

    def run(self, years: int | None = None) -> pd.DataFrame:
        """Run so many years (the scenario's own number if not given) and return all rows."""
        for _ in self.simulation.steps_ahead(years):
            self.step()
        return self.rows()

    def rows(self) -> pd.DataFrame:
        """Return every measure of every year so far: year, measure, grouping, level, unit, value."""
        self._measure_latest()
        return self.measurer.frame()

    def _measure_latest(self) -> None:
        """Measure the latest step if it was passed over, and put what was measured in its place."""
        if not self._is_measured and self.simulation.measure():
            self._is_measured = True
            for name, reporter in self._collector.model_reporters.items():
                if callable(reporter):
                    self._collector.model_vars[name][-1] = reporter(self)

    def household_cells(self) -> Array:
        """Return the cell of each household row; NONE for a free row."""
        return household_cells(self.tables)

    def coordinate_of(self, cell: int) -> tuple[int, int]:
        """Return the grid row and column of a cell."""
        rows, columns = self._coordinates()
        return int(rows[cell]), int(columns[cell])

    @property
    def agents(self) -> Any:
        """Areas, schools and households as Mesa agents; households are made now, because someone looks."""
        self._meet(live(self.tables.households))
        return self._all_agents

    def households_at(self, cell: int) -> list[HouseholdAgent]:
        """Return the households that live or lodge on a cell (a row of the cells table)."""
        return self._meet(np.flatnonzero(self.household_cells() == cell))

    @property
    def agents_by_type(self) -> Any:
        """The agents by their class, households included: to ask for them is to look."""
        self._meet(live(self.tables.households))
        return self._agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes of agents there are."""
        return list(self.agents_by_type)

    @property
    def cells(self) -> OrthogonalMooreGrid:
        """The cells as a Mesa grid without layers; its cells tell who lives there whenever they are asked."""
        n = self.tables.cells.id.size
        if self._cells is None or self._n_cells != n:
            self._cells, self._n_cells = cell_grid(self, *self._coordinates(), self._is_torus, {}), n
        return self._cells

    @property
    def grid(self) -> OrthogonalMooreGrid:
        """A Mesa grid of the cells, with layers `area`, `dwellings`, `households`, `empty` as they are now.

        `cell.agents` and `cell.neighborhood` are Mesa's, of whoever lives there when asked; neighbours are
        the eight cells around, whatever neighbourhood the scenario's own households look at. It is read-only.
        """
        cell = self.household_cells()
        n = self.tables.cells.id.size
        homes = self.tables.dwellings.cell[live(self.tables.dwellings)]
        layers = {
            "area": self.tables.cells.area.astype(np.int64),
            "dwellings": np.bincount(homes, minlength=n),
            "households": np.bincount(cell[cell != NONE], minlength=n),
        }
        grid = cell_grid(self, *self._coordinates(), self._is_torus, layers)
        grid.empty.data[:] = grid.households.data == 0
        return grid

    @property
    def _is_torus(self) -> bool:
        """Whether the cells are those of a board without edges."""
        board = self.recipe.city.grid
        return board is not None and board.torus

    def _reporters(self) -> dict[str, Any]:
        """Return the headline measures as Mesa model reporters."""
        reporters: dict[str, Any] = {"year": "year", "seed": "seed"}
        for name in HEADLINES:
            reporters[name] = partial(_headline, name=name)
        return reporters

    def _coordinates(self) -> tuple[Array, Array]:
        """Return grid row and column of each cell, counted from the city's corner."""
        cells = self.tables.cells
        side = self.measurer.cell_side
        rows = np.rint((cells.y - cells.y.min()) / side).astype(np.int64)
        return rows, np.rint((cells.x - cells.x.min()) / side).astype(np.int64)

    def _meet(self, rows: Array) -> list[HouseholdAgent]:
        """Return the households of rows as agents, making those not met and taking leave of those gone."""
        ids = self.tables.households.id
        gone = [key for key, agent in self._households.items() if ids[agent.row] != key]
        for key in gone:
            self._households.pop(key).leave()
        met = []
        for row in rows.tolist():
            key = int(ids[row])
            if key not in self._households:
                self._households[key] = HouseholdAgent(self, row, key)
            met.append(self._households[key])
        return met

    def _follow_schools(self) -> None:
        """Let schools that opened become agents and those that closed leave."""
        schools = self.simulation.look().tables.schools
        now = set(live(schools).tolist())
        for row in self._schools.keys() - now:
            self._schools.pop(row).leave()
        for row in sorted(now - self._schools.keys()):
            self._schools[row] = SchoolAgent(self, row, int(schools.id[row]))


def _headline(city: City, name: str) -> float:
    """Return the value of a headline measure after the latest step; NaN if that was not measured."""
    return city.measurer.headline(name) if city._is_measured else np.nan


def _chosen_seed(seed: int | None, rng: int | None) -> int:
    """Return the one seed given, or a fresh one."""
    if seed is not None and rng is not None:
        raise ValueError("seed and rng are two names for the same thing; give one of them")
    given = rng if seed is None else seed
    if given is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint32)[0])
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or not 0 <= given < 2**64:
        raise ValueError(f"seed must be a whole number from 0 to 2**64 - 1, not {given!r}")
    return int(given)

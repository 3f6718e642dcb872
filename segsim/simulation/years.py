"""The simulation of a city by years: its tables and rules, and the year that moves them."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import pandas as pd

from segsim import policies as levers
from segsim.flows import Flows
from segsim.measures.city_profile import describe_city
from segsim.policies import Account, CityProfile, Policy, ProgrammeAccount
from segsim.rules.governance import GovernanceRules
from segsim.scenario import Scenario
from segsim.simulation import governance
from segsim.simulation.branch import plan_branch
from segsim.simulation.initial_state import start_measurer
from segsim.simulation.start_memory import settle_city
from segsim.state import CityState
from segsim.steps import YEAR


class Simulation:
    """One city under one scenario and one seed, from its start state on; a step is a year.

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
    running : bool
        Whether years are left.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.recipe, self.running = scenario, True
        self.state = settle_city(scenario, seed)
        self._stages, self._now = dict(scenario.list_stages()), scenario
        self._steps = [name for name in YEAR if name in scenario.steps]
        self._profiles: dict[int, CityProfile] = {}
        # as decided so far, those that an election ended with their last year; and with what they may spend
        self._decided: tuple[Policy, ...] = scenario.policies
        self._policies = self._decided
        self._spending: governance.Spending = {}
        self.measurer = start_measurer(scenario, self.state)
        self.measurer.measure(self.state)

    @property
    def year(self) -> int:
        """The latest simulated year, or the start year."""
        return self.state.year

    def look(self) -> CityState:
        """Return the state to look at and not to change."""
        return self.state

    @property
    def flows(self) -> Flows:
        """What the latest year has counted."""
        return self.state.flows

    def step(self) -> bool:
        """Run one year: policies, every step the scenario keeps, then measures; all years are measured."""
        state, first_year = self.state, self.recipe.start + 1
        year = state.year + 1
        if year in levers.start_years(self.recipe.policies, first_year):
            self._profiles[year] = self.describe()
        state.year = year
        if year in self._stages:
            self._now = self._stages[year]
            state.preferences = self._now.preferences
        state.flows.clear()
        state.local_flows.clear()
        law = self._find_governance(year)
        self._fund(law, year)
        state.rules = levers.amend_rules(self._policies, self._now.rules, self._profiles, year, first_year)
        for name in self._steps:
            YEAR[name](state)
        self.measurer.measure(state, *self._accounts())
        self._decided = governance.end_at_election(self._decided, law, state.key, year)
        self.running = year < self.recipe.start + self.recipe.years
        return True

    def steps_ahead(self, number: int | None = None) -> Iterator[int]:
        """Yield once for each year to run: so many, or the scenario's own."""
        yield from range(self.recipe.years if number is None else number)

    def stand_until(self, year: int) -> None:
        """Do nothing: no city is at rest."""

    def measure(self) -> bool:
        """Return False: no year is passed over."""
        return False

    def rows(self) -> pd.DataFrame:
        """Return every measure of every year so far: year, measure, grouping, level, unit, value."""
        return self.measurer.frame()

    def branch(self, changes: Mapping[str, Any]) -> "Simulation":
        """Return a copy of the city as it is now, which goes on under other rules or preferences.

        Parameters
        ----------
        changes : mapping
            Values by dotted keys, such as `{"preferences.housing.own_group": 2.0}`, from next year on. The
            copy's scenario says so under `later`, so that a run of it from the start gives the same rows.

        Raises
        ------
        ScenarioError
            If something else is to change, or a value is wrong.
        """
        other = deepcopy(self)
        other.recipe = plan_branch(self.recipe, self.year, changes)
        other._stages = dict(other.recipe.list_stages())
        return other

    def describe(self) -> CityProfile:
        """Return the city as a policy that begins next year sees it."""
        source, measures = self.recipe.city, self.recipe.measures
        return describe_city(self.state, source.national_median_standard, measures.reference(self.year))

    def _find_governance(self, year: int) -> GovernanceRules:
        """Return how well the municipality carries out a year's policies."""
        own = [policy for policy in self.recipe.policies if governance.is_governance(policy)]
        first_year = self.recipe.start + 1
        return levers.amend_rules(own, self._now.rules, self._profiles, year, first_year).governance

    def _fund(self, law: GovernanceRules, year: int) -> None:
        """Give the policies their parts of a programme's purse, and what can be used of other budgets."""
        programme = self.recipe.programme
        if programme is not None:
            used = programme.model_copy(update={"absorption": programme.absorption * law.used_share})
            payments = used.pay(self._in_force(self._decided, year))
            governance.add_payments(self._spending, payments, year)
        governance.use_budgets(self._spending, self._decided, law, year)
        self._policies = governance.fund(self._decided, self._spending)

    def _accounts(self) -> tuple[list[Account], ProgrammeAccount | None]:
        """Return what each policy in force and the programme came to this year."""
        acting = self._in_force(self._policies, self.year)
        programme = self.recipe.programme
        accounts = [policy.account(profile) for policy, profile in acting]
        return accounts, None if programme is None else programme.account(acting)

    def _in_force(self, policies: Iterable[Policy], year: int) -> list[tuple[Policy, CityProfile]]:
        """Return the policies in force in a year, each with the city as it was when it began."""
        return levers.policies_in_force(policies, self._profiles, year, self.recipe.start + 1)

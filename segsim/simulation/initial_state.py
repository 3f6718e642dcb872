"""The state a simulation starts from, of either model."""

from segsim.kernels.draws import key_of
from segsim.measures import Measurer
from segsim.scenario import Scenario, check_names, list_places
from segsim.state import CityState
from segsim.steps.work.place_economy import read_economy
from segsim.synthesis import build_initial_city


def draw_initial_state(scenario: Scenario, seed: int) -> CityState:
    """Draw the city of a scenario and seed on the last day of its start year.

    Raises
    ------
    ScenarioError
        If the scenario names areas, districts or schools that the city does not have.
    """
    first = build_initial_city(scenario, seed)
    state = CityState(
        year=scenario.start,
        key=key_of(seed),
        tables=first.tables,
        rules=scenario.rules,
        preferences=scenario.preferences,
        groups=scenario.groups,
        area_names=first.area_names,
        district_names=first.district_names,
        start_year=scenario.start,
        school_names=first.school_names,
        municipality_codes=first.municipality_codes,
        municipality_names=first.municipality_names,
    )
    check_places(scenario, state)
    state.economy = read_economy(state)
    return state


def start_measurer(scenario: Scenario, state: CityState) -> Measurer:
    """Return what measures a scenario, its own measures included, from its start state on."""
    median = scenario.city.national_median_standard
    return Measurer(scenario.measures, state, median, scenario.own_measures())


def check_places(scenario: Scenario, state: CityState) -> None:
    """Refuse (ScenarioError) places that a scenario names and its city does not have, or not there."""
    names = state.area_names, state.district_names, state.school_names
    check_names(scenario, list_places(state.tables, *names, state.municipality_codes))

"""The start state of a city, drawn once where scenarios of one city and seed are run one after the other."""

from copy import deepcopy
from typing import NamedTuple

from segsim.kernels.draws import key_of
from segsim.policies import list_planned_schools
from segsim.scenario import MeasureChoice, Scenario
from segsim.simulation.initial_state import check_places, draw_initial_state
from segsim.state import CityState
from segsim.steps import anchors, neighbourhood
from segsim.steps.housing import contract_control
from segsim.steps.schools import school_year


class _Start(NamedTuple):
    """What was started from last, and the state if it was asked for twice in a row."""

    content: str = ""
    seed: int = -1
    state: CityState | None = None


_LATEST = [_Start()]


def settle_city(scenario: Scenario, seed: int) -> CityState:
    """Return the settled start state of a city.

    Policies do nothing to it, so that it is the same for a baseline and its scenarios. From the second time
    in a row on it is kept, for a third of the time of a run of ten years goes into it. A process that makes
    one run per seed keeps none.

    Raises
    ------
    ScenarioError
        If the scenario names areas, districts or schools that the city does not have.
    """
    latest, content, city_seed = _LATEST[0], hash_start(scenario), scenario.city.choose_seed(seed)
    is_same = (latest.content, latest.seed) == (content, city_seed)
    if is_same and latest.state is not None:
        state = deepcopy(latest.state)
        check_places(scenario, state)
    else:
        state = draw_initial_state(scenario, city_seed)
        for step in (school_year, neighbourhood, contract_control, anchors):
            step.settle(state)
        _LATEST[0] = _Start(content, city_seed, deepcopy(state) if is_same else None)
    # a plan opens schools in its own scenario only, whichever scenario the state was kept from
    state.planned_schools = list_planned_schools(scenario.policies)
    state.key = key_of(seed)  # what is settled belongs to the city; the years are the run's
    return state


def hash_start(scenario: Scenario) -> str:
    """Return a hash of what the start state follows from."""
    same = {"policies": (), "programme": None, "years": 0, "later": (), "measures": MeasureChoice()}
    return scenario.model_copy(update=same).content_hash

"""The year: one function per step, each `step(state)`, changing the tables of the state."""

from collections.abc import Callable

from segsim.scenario.schema import StepName
from segsim.state import CityState
from segsim.steps import neighbourhood
from segsim.steps.housing import market
from segsim.steps.population import demography
from segsim.steps.schools import school_year
from segsim.steps.work import labour_market

YEAR: dict[StepName, Callable[[CityState], None]] = {
    "demography": demography.step,
    "work": labour_market.step,
    "schools": school_year.step,
    "housing": market.step,
    "neighbourhood": neighbourhood.step,
}
"""The steps of a year, in the order of `STEPS`; a scenario may leave one out, never reorder them."""

__all__ = ["YEAR", "CityState"]

"""The year: one function per step, each `step(moment)`, changing the tables of that moment."""

from collections.abc import Callable

from segsim.steps import demography, housing, neighbourhood, schools, work
from segsim.steps.moment import Moment

YEAR: dict[str, Callable[[Moment], None]] = {
    "demography": demography.step,
    "work": work.step,
    "schools": schools.step,
    "housing": housing.step,
    "neighbourhood": neighbourhood.step,
}
"""The steps of a year, in their order; a scenario may leave one out, never reorder them."""

__all__ = ["YEAR", "Moment"]

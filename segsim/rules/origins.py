"""Parameters that differ by origin or by age, written short and read as arrays."""

from typing import Annotated

import numpy as np
from pydantic import Field

from segsim.groups import Group
from segsim.section import Section, Share
from segsim.tables import Array

OLDEST = 120

Age = Annotated[int, Field(ge=0, le=OLDEST)]
Ages = dict[Age, Annotated[float, Field(ge=0, le=100)]]
"""A value from an age on, until the next age named: `{0: 0.02, 25: 0.09}`; 0 below the first."""
SharesByAge = dict[Age, Share]
"""A share or probability from an age on, likewise."""


def by_age(ages: Ages) -> Array:
    """Return the value at each age 0 to `OLDEST` (float64)."""
    out = np.zeros(OLDEST + 1)
    for age in sorted(ages):
        out[age:] = ages[age]
    return out


def origin_name(group: Group) -> str:
    """Return which of the four origins a group belongs to."""
    if group.background == "swedish":
        return "swedish"
    return "second_generation" if group.born == "sweden" else group.born


class ByOrigin(Section):
    """One number per origin; a group has the number of its origin, unless `groups` names it."""

    swedish: float = Field(description="Groups of Swedish background.")
    second_generation: float = Field(description="Born in Sweden with foreign background.")
    europe: float = Field(description="Born in the rest of Europe.")
    outside_europe: float = Field(description="Born outside Europe.")
    groups: dict[str, float] = Field({}, description="Numbers of single groups by name, before the origins'.")

    def per_group(self, groups: tuple[Group, ...]) -> Array:
        """Return the number of each group (float64)."""
        return np.array([self.groups.get(g.name, getattr(self, origin_name(g))) for g in groups], float)


def by_origin(swedish: float, second_generation: float, europe: float, outside_europe: float) -> ByOrigin:
    """Return one number per origin, in the order of distance."""
    return ByOrigin(
        swedish=swedish,
        second_generation=second_generation,
        europe=europe,
        outside_europe=outside_europe,
        groups={},
    )

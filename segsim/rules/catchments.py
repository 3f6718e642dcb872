"""What may be decided about catchments, and about seats where homes are built."""

from typing import Literal

from pydantic import Field

from segsim.section import Section

MixedTrait = Literal["education", "background"]


class RedrawTerms(Section):
    """Catchments of municipal schools drawn anew for whole areas, so that schools mix more alike.

    Each area is given to the municipal school that evens the schools out most, among those not much farther
    away than the nearest and with seats for it. Its children come first there, after siblings. Other areas
    keep the nearest school.
    """

    areas: tuple[int, ...]
    trait: MixedTrait = Field(
        "education", description="What is evened out: parents' education or foreign background."
    )
    max_extra_km: float = Field(
        gt=0, le=100, description="How much farther than the nearest school a catchment's school may lie, km."
    )
    every_years: int = Field(0, ge=0, le=100, description="Years between redraws; 0: drawn once.")
    first_year: int = Field(0, description="Year of the first redraw.")
    where_built: bool = Field(
        False, description="Only areas where dwellings are completed, in each year after they are."
    )


class SeatPlan(Section):
    """What is done about seats where dwellings are completed: at the school of the catchment."""

    areas: tuple[int, ...]
    share: float = Field(
        1.0, ge=0, le=1, description="Share of the seats needed for the children expected that are added."
    )

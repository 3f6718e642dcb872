"""Which measures a run keeps: a choice among those the measures module knows."""

from typing import Literal

from pydantic import Field

from segsim.section import Section

Level = Literal["municipality", "district", "area", "cell", "school"]


class MeasureChoice(Section):
    """What to measure every year; an empty list means all there are."""

    names: tuple[str, ...] = Field(
        (), description="Measures to keep; empty keeps all (see segsim list measures)."
    )
    groupings: tuple[str, ...] = Field(
        (), description="Groupings to keep, such as background, origin, education or income; empty keeps all."
    )
    levels: tuple[Level, ...] = Field(
        (), description="Systems of units to keep; empty keeps all but the cell."
    )

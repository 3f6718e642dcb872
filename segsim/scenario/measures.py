"""Which measures a run keeps: a choice among those of the catalogue."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

from pydantic import Field, field_validator

from segsim.catalogue import GROUPINGS, MEASURES, parts_of
from segsim.section import Section

Level = Literal["municipality", "district", "area", "cell", "school"]


class MeasureChoice(Section):
    """What to measure every year; an empty list means all there are."""

    names: tuple[str, ...] = Field(
        (), description="Measures to keep; empty keeps all (see segsim list measures)."
    )
    groupings: tuple[str, ...] = Field(
        (),
        description="Groupings to keep (background, origin, education, income, tenure, or a crossing such as "
        "background*education); empty keeps all but the crossings.",
    )
    levels: tuple[Level, ...] = Field(
        (), description="Systems of units to keep; empty keeps all but the cell."
    )

    @field_validator("names")
    @classmethod
    def _in_the_catalogue(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            known(name, MEASURES, "measure", "see segsim list measures")
        return names

    @field_validator("groupings")
    @classmethod
    def _can_be_grouped(cls, groupings: tuple[str, ...]) -> tuple[str, ...]:
        for grouping in groupings:
            for part in parts_of(grouping):
                known(part, GROUPINGS, "grouping", f"there are {', '.join(GROUPINGS)}")
        return groupings


def known(name: str, names: Iterable[str], what: str, remedy: str) -> None:
    """Refuse a name that is not among those known."""
    if name not in names:
        near = get_close_matches(name, list(names), n=1)
        meant = f'; did you mean "{near[0]}"?' if near else ""
        raise ValueError(f'there is no {what} "{name}"; {remedy}{meant}')

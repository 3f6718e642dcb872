"""What is planned for schools: catchments, seats, quality, closures, new schools, changes by year."""

from typing import Literal

from pydantic import Field

from segsim.section import AreaRows, Section, Share, setting
from segsim.words.text import Text

MixedTrait = Literal["education", "background"]
Change = Literal["open", "close", "move", "resize"]
ProviderName = Literal["municipal", "independent"]

MIXED_TRAITS: dict[str, Text] = {
    "education": Text("parents' education", "föräldrarnas utbildning"),
    "background": Text("foreign background", "utländsk bakgrund"),
}
"""What each trait is called."""


class MixingTerms(Section):
    """What schools are made alike in by their catchments, and how far these may reach for it."""

    trait: MixedTrait = setting(
        "What the schools are made alike in.", "Vad skolorna görs lika i fråga om.", "education"
    )
    max_extra_km: float = setting(
        "How much farther than the nearest school an area's school may lie, km as the crow flies; 0: the "
        "nearest is kept (C).",
        "Hur mycket längre bort än den närmaste skolan områdets skola får ligga, kilometer fågelvägen; 0: "
        "den närmaste behålls (antagande).",
        2.0,
        ge=0,
        le=100,
    )


class RedrawTerms(MixingTerms):
    """Catchments of municipal schools drawn anew for whole areas, so that schools mix more alike.

    Each area is given to the municipal school that evens the schools out most, among those not much farther
    away than the nearest and with seats for it. Its children come first there, after siblings. Other areas
    keep the nearest school.
    """

    areas: AreaRows
    every_years: int = Field(0, ge=0, le=100, description="Years between redraws; 0: drawn once.")
    first_year: int = Field(0, description="Year of the first redraw.")
    where_built: bool = Field(
        False, description="Only areas where dwellings are completed, in each year after they are."
    )


class SeatPlan(Section):
    """What is done about seats where dwellings are completed: at the school of the catchment."""

    areas: AreaRows
    share: float = Field(
        1.0, ge=0, le=1, description="Share of the seats needed for the children expected that are added."
    )


class QualityProgramme(Section):
    """Systematic quality work at the municipal schools of chosen areas: a gain every school year it lasts.

    A yearly gain of p points raises the mean merit value of grade 9 by p points a year for as many years as
    pupils have been taught under it, at most the grades their school teaches.
    """

    areas: tuple[int, ...] | None = Field(None, description="Areas whose schools take part; none means all.")
    low_share: Share = Field(
        0.25, description="Share of these schools, of lowest merit value, called low (C)."
    )
    points_low: float = Field(0.0, ge=-10, le=10, description="Points of merit value a year at low schools.")
    points_others: float = Field(0.0, ge=-10, le=10, description="Points of merit value a year at others.")


class ClosurePlan(Section):
    """Schools that close in the summer, and what becomes of their pupils."""

    schools: tuple[int, ...] = Field(description="Ids of the schools that close.")
    receivers: tuple[int, ...] = Field(
        (), description="Ids of the schools that get the seats; none means all other municipal schools."
    )
    achievement: float = Field(
        0.0, ge=-1, le=1, description="What the move does to the results of a displaced pupil, SD."
    )
    disruption_years: int = Field(
        1, ge=0, le=10, description="Years of school from the move in which it does."
    )
    resources_follow_pupil: bool = Field(
        True, description="Whether the money for a displaced pupil goes to the receiving municipal school."
    )
    exit_to_independent: tuple[Share, Share, Share, Share] = Field(
        (0.0, 0.0, 0.0, 0.0),
        description="Share of displaced pupils who leave for the nearest independent school, which makes "
        "room, by parental education (C).",
    )


class OpeningPlan(Section):
    """Municipal schools that open this summer, one in each area."""

    areas: AreaRows
    first_grade: Literal[0, 7] = Field(0, description="Lowest grade taught.")
    last_grade: Literal[6, 9] = Field(9, description="Highest grade taught.")
    seats: int = Field(25, ge=1, le=1000, description="Seats per grade (C).")


class SchoolChange(Section):
    """One school that opens, closes, moves or gets other seats this summer."""

    school: int = Field(description="Id of the school; of one that opens, the id it gets.")
    change: Change = Field(description="What becomes of it: it opens, closes, moves or gets other seats.")
    areas: tuple[int, ...] = Field((), description="Where it opens or moves to.")
    provider: ProviderName = Field("municipal", description="Who runs it, if it opens.")
    first_grade: Literal[0, 7] = Field(0, description="Lowest grade taught, if it opens.")
    last_grade: Literal[6, 9] = Field(9, description="Highest grade taught, if it opens.")
    seats: int = Field(1, ge=1, le=1000, description="Seats per grade, if it opens or is resized.")

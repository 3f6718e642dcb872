"""What every policy has: a time, a scope, a cost, a share carried out, and the evidence for it."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from segsim.rules import Rules, Section
from segsim.tables import Array

Grade = Literal["strong", "moderate", "weak", "none"]
Decider = Literal["municipality", "region", "state", "landlord", "provider"]
Trait = Literal[
    "public_rental",
    "private_rental",
    "cooperative",
    "owner_occupied",
    "foreign_background",
    "low_economic_standard",
    "employed",
]


class Evidence(NamedTuple):
    """What is known about the effect of a policy."""

    effect: str
    grade: Grade
    sources: tuple[str, ...]
    near_zero: bool = False
    """Whether what is known so well is that there is next to no effect."""


@dataclass(frozen=True)
class SchoolFacts:
    """What is known of each school when a policy begins, one entry per school."""

    rows: Array
    provider: Array
    pupils: Array
    published_merit: Array
    foreign_share: Array
    ses: Array
    area: Array


@dataclass(frozen=True)
class Place:
    """The city as a policy sees it: the state when the policy began, and the year it is now.

    All arrays have one entry per area, in the order of the areas table.
    """

    year: int
    areas: tuple[str, ...]
    districts: tuple[str, ...]
    types: Array = field(repr=False)
    index: Array = field(repr=False)
    residents: Array = field(repr=False)
    dwellings: Array = field(repr=False)
    shares: dict[str, Array] = field(repr=False)
    schools: SchoolFacts = field(repr=False)


class ShareRange(Section):
    """Areas by their share of something, such as a tenure or a background."""

    of: Trait
    at_least: float = Field(0.0, ge=0, le=1, description="Lowest share, from 0 to 1.")
    at_most: float = Field(1.0, ge=0, le=1, description="Highest share, from 0 to 1.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least:g} is above at_most {self.at_most:g}")
        return self


class Scope(Section):
    """Where a policy acts; an area belongs when it meets every condition given.

    Names and districts together are one condition: any of them will do. Conditions are judged once, on the
    city as it is when the policy begins.
    """

    all: bool = Field(False, description="The whole city.")
    names: tuple[str, ...] = Field((), description="Areas, or all areas of districts, by name.")
    districts: tuple[str, ...] = Field((), description="Every area of these districts.")
    types: tuple[int, ...] = Field(
        (), description="Areas of these official types, 1 (great challenges) to 5 (very good)."
    )
    share: ShareRange | None = Field(None, description="Areas whose share of something lies in a range.")
    weakest: float | None = Field(
        None,
        gt=0,
        le=1,
        description="The areas with the greatest socio-economic challenges, up to this share of residents.",
    )
    strongest: float | None = Field(
        None,
        gt=0,
        le=1,
        description="The areas with the best socio-economic conditions, up to this share of residents.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"all": True} if value == "all" else {"names": (value,)}
        return {"names": tuple(value)} if isinstance(value, tuple | list) else value

    @field_validator("types")
    @classmethod
    def _official(cls, types: tuple[int, ...]) -> tuple[int, ...]:
        if wrong := [t for t in types if t not in range(1, 6)]:
            raise ValueError(f"there is no area type {wrong[0]}; the official types are 1, 2, 3, 4, 5")
        return types

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        given = self.names or self.districts or self.types or self.share or self.weakest or self.strongest
        if not (given or self.all):
            raise ValueError(
                "names no area; write `all` or at least one of "
                "names, districts, types, share, weakest, strongest"
            )
        if given and self.all:
            raise ValueError("`all` stands beside a condition; keep one of them")
        return self

    def rows(self, place: Place) -> Array:
        """Return the rows of the areas in scope, ascending (int64)."""
        inside = np.ones(len(place.areas), np.bool_)
        if self.names or self.districts:
            by_district = np.isin(place.districts, (*self.names, *self.districts))
            inside &= np.isin(place.areas, self.names) | by_district
        if self.types:
            inside &= np.isin(place.types, self.types)
        if self.share is not None:
            share = place.shares[self.share.of]
            inside &= (share >= self.share.at_least) & (share <= self.share.at_most)
        if self.weakest is not None:
            inside &= worst(place.index, place.residents, self.weakest)
        if self.strongest is not None:
            inside &= worst(-place.index, place.residents, self.strongest)
        return np.flatnonzero(inside)


def worst(index: Array, residents: Array, share: float) -> Array:
    """Return whether each area is among those of highest index that hold at most a share of residents.

    The area of highest index is always among them, so that a small share still names one area.
    """
    order = np.lexsort((np.arange(index.size), -index))
    before = np.cumsum(residents[order]) - residents[order]
    chosen = np.zeros(index.size, np.bool_)
    chosen[order[(before + residents[order] <= share * residents.sum()) | (before == 0)]] = True
    return chosen


class Policy(Section):
    """A named amendment of the rules; it never touches a table."""

    model_config = ConfigDict(populate_by_name=True)

    TITLE: ClassVar[str]
    TITLE_SV: ClassVar[str]
    MECHANISM: ClassVar[str]
    EVIDENCE: ClassVar[Evidence]
    DECIDED_BY: ClassVar[Decider]
    LEGAL: ClassVar[str] = ""
    NEUTRAL: ClassVar[dict[str, Any]]
    """Settings with which the policy changes nothing: the run equals the baseline bit for bit."""

    kind: str
    since: int | None = Field(
        None,
        alias="from",
        ge=1800,
        le=3000,
        description="First year in force; empty means from the first year.",
    )
    until: int | None = Field(
        None, ge=1800, le=3000, description="Last year in force; empty means to the end."
    )
    areas: Scope = Field(Scope(all=True), description="Where it acts: `all`, a list of names, or conditions.")
    compliance: float = Field(
        1.0, ge=0, le=1, description="Share of the intended change that is carried out (assumed 1)."
    )
    budget_msek: float | None = Field(
        None, ge=0, description="Cost a year in million SEK; empty means the policy's own estimate."
    )

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: int | None, info: ValidationInfo) -> int | None:
        since = info.data.get("since")
        if since is not None and until is not None and until < since:
            raise ValueError(f"until {until} is before from {since}; swap or correct them")
        return until

    @property
    def needs_law(self) -> bool:
        """Tell whether the policy, with its settings, needs a law that is not there."""
        return False

    def in_force(self, year: int) -> bool:
        """Tell whether the policy acts in a year."""
        return (self.since is None or year >= self.since) and (self.until is None or year <= self.until)

    def first_year(self, first: int) -> int:
        """Return the first simulated year in which the policy acts, `first` being the run's first."""
        return first if self.since is None else max(first, self.since)

    def check(self, rules: Rules) -> None:
        """Refuse (ValueError) settings that a city with these rules cannot carry out."""

    def amend(self, rules: Rules, place: Place) -> Rules:
        """Return the rules as this policy changes them in a year it is in force."""
        raise NotImplementedError

    def cost(self, place: Place) -> float:
        """Return the cost in million SEK of a year in force; NaN where none is given or known."""
        return self.estimated_cost(place) if self.budget_msek is None else self.budget_msek

    def estimated_cost(self, place: Place) -> float:
        """Return the policy's own estimate of its yearly cost in million SEK; NaN where none is known."""
        return float("nan")

    def reached(self, place: Place) -> int:
        """Return how many persons the policy reaches in a year in force: residents of its areas."""
        return int(place.residents[self.areas.rows(place)].sum())


__all__ = ["Decider", "Evidence", "Grade", "Place", "Policy", "SchoolFacts", "Scope", "ShareRange"]

"""What every policy has: a time, a scope, a cost, a share carried out, and the evidence for it."""

from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from segsim.policies.profile import CityProfile
from segsim.policies.scope import Scope
from segsim.rules import Rules
from segsim.section import Section

Grade = Literal["strong", "moderate", "weak", "none"]
Decider = Literal["municipality", "region", "state", "landlord", "provider"]


class Evidence(NamedTuple):
    """What is known about the effect of a policy."""

    effect: str
    grade: Grade
    sources: tuple[str, ...]
    near_zero: bool = False
    """Whether what is known so well is that there is next to no effect."""


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

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules as this policy changes them in a year it is in force."""
        raise NotImplementedError

    def cost(self, profile: CityProfile) -> float:
        """Return the cost in million SEK of a year in force; NaN where none is given or known."""
        return self.estimated_cost(profile) if self.budget_msek is None else self.budget_msek

    def estimated_cost(self, profile: CityProfile) -> float:
        """Return the policy's own estimate of its yearly cost in million SEK; NaN where none is known."""
        return float("nan")

    def reached(self, profile: CityProfile) -> int:
        """Return how many persons the policy reaches in a year in force: residents of its areas."""
        return int(profile.residents[self.areas.rows(profile)].sum())

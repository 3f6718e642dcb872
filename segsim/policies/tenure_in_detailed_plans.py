"""Tenure in detailed plans (reform 7): part of the new dwellings of chosen areas gets chosen tenures."""

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from segsim.policies.policy import Decider, Evidence, Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.rules.housing import TenurePlan
from segsim.tables import TENURES

Instrument = Literal["detaljplan_hypothetical", "land_allocation", "sou2018_46"]


class TenureInDetailedPlans(Policy):
    """Bind the tenure of new dwellings in the areas.

    A detailed plan that regulates tenure binds every new dwelling; land allocation and the law proposed in
    SOU 2018:46 reach only what is built on land the municipality owns. Dwellings that stand are not touched,
    so the mix changes at the pace of building.
    """

    TITLE: ClassVar[str] = "Tenure in detailed plans"
    TITLE_SV: ClassVar[str] = "Upplåtelseform i detaljplan"
    MECHANISM: ClassVar[str] = (
        "New dwellings in the areas get the bound tenures; who can move in changes with them, and vacancy "
        "chains carry the change to the rest of the city."
    )
    EVIDENCE: ClassVar[Evidence] = Evidence(
        "Within municipalities, areas with 10 percentage points more rental have 3.8 points more foreign "
        "background (association, not effect). New building 1995-2017 raised tenure mix; its effect on "
        "social mix is unclear or negative on average. Moderate for who lives where, weak for outcomes.",
        "moderate",
        (
            "Statistics Sweden, tables on DeSO 2022 (the association)",
            "Andersson, Wimark and Malmberg 2022, doi 10.1080/02673037.2020.1803803",
            "Housing production, tenure mix and social mix, doi 10.1080/02673037.2022.2045004",
            "Musterd and Andersson 2005",
        ),
    )
    DECIDED_BY: ClassVar[Decider] = "municipality"
    LEGAL: ClassVar[str] = (
        "Swedish law does not let a detailed plan regulate tenure (Planning and Building Act 2010:900, "
        "chapter 4). SOU 2018:46 rejected it and proposed a separate law for land the municipality owns. "
        "What municipalities use today is land allocation on own land."
    )
    NEUTRAL: ClassVar[dict[str, Any]] = {"shares": {}}

    kind: Literal["tenure_in_detailed_plans"] = "tenure_in_detailed_plans"
    shares: dict[str, float] = Field(
        description="Share of the bound dwellings for each named tenure (public_rental, private_rental, "
        "cooperative, owner_occupied); what the shares leave is built as it would have been."
    )
    instrument: Instrument = Field(
        "detaljplan_hypothetical",
        description="What binds: a detailed plan (needs a new law), land allocation on own land (today), or "
        "the law proposed in SOU 2018:46 (own land).",
    )
    municipal_land_share: float = Field(
        0.3,
        ge=0,
        le=1,
        description="Share of new dwellings built on land the municipality owns; used by land_allocation and "
        "sou2018_46 (assumed).",
    )
    min_dwellings_per_year: float = Field(
        0.0,
        ge=0,
        le=100_000,
        description="Dwellings a year built in the areas together even if the ordinary pace is lower.",
    )
    permanence_years: int = Field(
        25,
        ge=0,
        le=200,
        description="Years that new dwellings of the named tenures keep them, also after the policy has "
        "ended (assumed: as long as a plan usually stands).",
    )

    @property
    def needs_law(self) -> bool:
        """Tell whether the instrument is none that the law knows today."""
        return self.instrument != "land_allocation"

    @field_validator("shares")
    @classmethod
    def _possible(cls, shares: dict[str, float]) -> dict[str, float]:
        return checked_shares(shares)

    def in_force(self, year: int) -> bool:
        """Tell whether the policy binds new dwellings or still protects those built under it."""
        has_begun = self.since is None or year >= self.since
        return has_begun and (self.until is None or year <= self.until + self.permanence_years)

    def cost(self, profile: CityProfile) -> float:
        """Return the cost in million SEK of a year; nothing once no more is built under the plan."""
        return 0.0 if self._has_ended(profile.year) else super().cost(profile)

    def _has_ended(self, year: int) -> bool:
        """Tell whether new dwellings are no longer bound."""
        return self.until is not None and year > self.until

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Add the plan to the housing rules."""
        areas = tuple(self.areas.rows(profile).tolist())
        if not areas or not (self.shares or self.min_dwellings_per_year):
            return rules
        on_land = 1.0 if self.instrument == "detaljplan_hypothetical" else self.municipal_land_share
        acting = not self._has_ended(profile.year)
        plan = TenurePlan(
            areas=areas,
            shares=self.shares,
            binding_share=self.compliance * on_land * acting,
            min_dwellings_per_year=self.compliance * self.min_dwellings_per_year * acting,
            first_year=self.since or 0,
            last_year=self.until or profile.year,
            permanence_years=self.permanence_years if self.compliance > 0 else 0,
        )
        housing = rules.housing.model_copy(update={"plans": (*rules.housing.plans, plan)})
        return rules.model_copy(update={"housing": housing})


def checked_shares(shares: dict[str, float]) -> dict[str, float]:
    """Return tenure shares, refusing unknown tenures, shares outside 0 to 1 and sums above 1."""
    if unknown := [name for name in shares if name not in TENURES]:
        raise ValueError(f'there is no tenure "{unknown[0]}"; the tenures are {", ".join(TENURES)}')
    if outside := [name for name, share in shares.items() if not 0 <= share <= 1]:
        raise ValueError(
            f"{outside[0]} is {shares[outside[0]]:g}; a share lies between 0 and 1 (30 % is written 0.30)"
        )
    if sum(shares.values()) > 1 + 1e-9:
        raise ValueError(f"the shares sum to {sum(shares.values()):g}; together they may be at most 1")
    return shares

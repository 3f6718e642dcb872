"""New construction: dwellings built in chosen areas above the ordinary pace."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from segsim.policies.policy import Decider, Evidence, Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.rules.housing import ExtraConstruction, TenureShares


class NewConstruction(Policy):
    """Build more, where and in the tenures chosen."""

    TITLE: ClassVar[str] = "New construction"
    TITLE_SV: ClassVar[str] = "Nybyggnation"
    MECHANISM: ClassVar[str] = (
        "New dwellings start vacancy chains; the price or the rent of what is new decides who enters it, and "
        "the chain reaches others."
    )
    EVIDENCE: ClassVar[Evidence] = Evidence(
        "New rental dwellings cost 66 % more than the stock (2 326 against 1 404 SEK per square metre and "
        "year, 2024), so they select on income. New residents counter the profile of the area they enter.",
        "moderate",
        (
            "Statistics Sweden, rents 2024",
            "Housing production, tenure mix and social mix, doi 10.1080/02673037.2022.2045004",
        ),
    )
    DECIDED_BY: ClassVar[Decider] = "municipality"
    NEUTRAL: ClassVar[dict[str, Any]] = {"dwellings_per_year": 0.0}

    kind: Literal["new_construction"] = "new_construction"
    dwellings_per_year: float = Field(
        ge=0,
        le=100_000,
        description="Dwellings completed a year in the areas together, above the ordinary pace.",
    )
    tenure_shares: TenureShares = Field(
        TenureShares(public_rental=0.35, private_rental=0.35, cooperative=0.2, owner_occupied=0.1),
        description="Tenures of the dwellings, summing to 1. Of housing starts in 2024 70 % were rental "
        "(Statistics Sweden); the split within rental and within owned is assumed.",
    )

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Add the dwellings to the housing rules."""
        areas = tuple(self.areas.rows(profile).tolist())
        if not areas:
            return rules
        extra = ExtraConstruction(
            areas=areas,
            dwellings_per_year=self.compliance * self.dwellings_per_year,
            tenure_shares=self.tenure_shares,
        )
        update = {"extra_construction": (*rules.housing.extra_construction, extra)}
        return rules.model_copy(update={"housing": rules.housing.model_copy(update=update)})

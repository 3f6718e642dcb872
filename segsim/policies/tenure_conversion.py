"""Tenure conversion: dwellings that stand change tenure, such as rental turned cooperative."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from segsim.policies.policy import Decider, Evidence, Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.rules.housing import Conversion

TenureName = Literal["public_rental", "private_rental", "cooperative", "owner_occupied"]


class TenureConversion(Policy):
    """Convert a share of the dwellings of one tenure to another every year."""

    TITLE: ClassVar[str] = "Tenure conversion"
    TITLE_SV: ClassVar[str] = "Ombildning av upplåtelseform"
    MECHANISM: ClassVar[str] = (
        "Converted dwellings leave the rental queue; when they fall vacant, buyers with savings and loans "
        "take them instead of those first in the queue."
    )
    EVIDENCE: ClassVar[Evidence] = Evidence(
        "Conversions in Stockholm gentrified the inner city, left public housing poorer and raised "
        "socio-economic segregation.",
        "moderate",
        ("Andersson and Magnusson Turner 2014, International Journal of Housing Policy 14(1)",),
    )
    DECIDED_BY: ClassVar[Decider] = "landlord"
    NEUTRAL: ClassVar[dict[str, Any]] = {"share_per_year": 0.0}

    kind: Literal["tenure_conversion"] = "tenure_conversion"
    origin: TenureName = Field("public_rental", description="Tenure of the dwellings before.")
    destination: TenureName = Field("cooperative", description="Tenure of the dwellings after.")
    share_per_year: float = Field(
        ge=0, le=1, description="Share of the dwellings of the first tenure in the areas converted a year."
    )

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if self.origin == self.destination:
            raise ValueError(f"origin and destination are both {self.origin}; a conversion changes tenure")
        return self

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Add the conversion to the housing rules."""
        areas = tuple(self.areas.rows(profile).tolist())
        if not areas:
            return rules
        conversion = Conversion(
            areas=areas,
            origin=self.origin,
            destination=self.destination,
            share_per_year=self.compliance * self.share_per_year,
        )
        update = {"conversions": (*rules.housing.conversions, conversion)}
        return rules.model_copy(update={"housing": rules.housing.model_copy(update=update)})

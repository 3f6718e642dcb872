"""Admission rule: who gets a seat at which school."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError, model_validator

from segsim.policies.policy import Decider, Evidence, Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.rules.schools import Admission, Mechanism, Priority
from segsim.section import Share


class AdmissionRule(Policy):
    """Change how seats are given; what is left out stays as the city has it."""

    TITLE: ClassVar[str] = "Admission rule"
    TITLE_SV: ClassVar[str] = "Antagningsregel"
    MECHANISM: ClassVar[str] = (
        "Applications meet seats by another mechanism, priority, lottery share or quota, so that other "
        "pupils meet in the schools families ask for."
    )
    EVIDENCE: ClassVar[Evidence] = Evidence(
        "Against proximity (between-school share of the variance in socio-economic status 18.5 %), the share "
        "was 8.5 per cent lower with a lottery (about 16.9 %) and 20 per cent lower with affirmative action "
        "(about 14.8 %); about 90 % got one of their top three choices under all (estimated preferences, "
        "Swedish data).",
        "moderate",
        ("Kessel and Olme 2018",),
    )
    DECIDED_BY: ClassVar[Decider] = "municipality"
    LEGAL: ClassVar[str] = (
        "A municipal school may refuse a wish only for another child's claim to a school near home "
        "(Education Act 9:15, 10:30; HFD 2015 ref. 50 asks for relative proximity). Independent schools use "
        "queue time and siblings; binding them to a common system or a quota needs a new law (SOU 2020:28, "
        "mostly rejected)."
    )
    NEUTRAL: ClassVar[dict[str, Any]] = {}

    kind: Literal["admission_rule"] = "admission_rule"
    mechanism: Mechanism | None = Field(None, description="How applications meet seats.")
    municipal_priority: Priority | None = Field(None, description="Who comes first at a municipal school.")
    independent_priority: Priority | None = Field(
        None, description="Who comes first at an independent school."
    )
    sibling: bool | None = Field(None, description="Siblings of pupils come before all others.")
    lottery_share: Share | None = Field(None, description="Share of the free seats drawn by lot.")
    ses_quota: bool | None = Field(
        None, description="Reserve seats for every level of parental education, as its share of applicants."
    )
    quota_tolerance: Share | None = Field(
        None, description="How much smaller than its share of applicants a level's reserve is."
    )
    common_system: bool | None = Field(
        None, description="Independent schools follow the same priority, lottery and quota."
    )
    mandatory_choice: bool | None = Field(None, description="Every guardian ranks schools.")
    active_share: tuple[Share, Share, Share, Share] | None = Field(
        None, description="Share of guardians who choose actively, by parental education."
    )
    transport_km: float | None = Field(
        None, ge=0, le=100, description="Kilometres to school that free transport makes unfelt."
    )

    @property
    def needs_law(self) -> bool:
        """Tell whether independent schools are bound by more than they are today."""
        return bool(self.common_system)

    @model_validator(mode="after")
    def _holds_everywhere(self) -> Self:
        if not self.areas.all or self.compliance != 1:
            raise ValueError("an admission rule holds for the whole city; remove areas and compliance")
        return self

    def changes(self) -> dict[str, Any]:
        """Return the parts of admission the policy changes."""
        return {name: new for name in Admission.model_fields if (new := getattr(self, name)) is not None}

    def check(self, rules: Rules) -> None:
        """Refuse parts that do not go together with those the city keeps."""
        try:
            Admission.model_validate({**rules.schools.admission.model_dump(), **self.changes()})
        except ValidationError as error:
            raise ValueError(
                f"admission_rule: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
            ) from error

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Put the changed parts in the place of the city's."""
        admission = rules.schools.admission.model_copy(update=self.changes())
        schools = rules.schools.model_copy(update={"admission": admission})
        return rules.model_copy(update={"schools": schools})

    def reached(self, profile: CityProfile) -> int:
        """Return how many pupils the rule holds for when it begins."""
        return int(profile.schools.pupils.sum())

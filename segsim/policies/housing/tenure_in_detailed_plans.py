"""Tenure in detailed plans (reform 7): part of the new dwellings of chosen areas gets chosen tenures."""

from typing import Literal

from pydantic import field_validator

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.housing import TenurePlan
from segsim.section import RefusedValueError, Share, setting
from segsim.tables import TENURES
from segsim.words.text import Text

Instrument = Literal["detaljplan_hypothetical", "land_allocation", "sou2018_46"]


class TenureInDetailedPlans(Policy):
    """Bind the tenure of new dwellings in the areas.

    A detailed plan that regulates tenure binds every new dwelling; land allocation and the law proposed in
    SOU 2018:46 reach only what is built on land the municipality owns. Dwellings that stand are not touched,
    so the mix changes at the pace of building.
    """

    TITLE = Text("Tenure in detailed plans", "Upplåtelseform i detaljplan")
    MECHANISM = Text(
        en="New dwellings in the areas get the bound tenures; who can move in changes with them, and vacancy "
        "chains carry the change to the rest of the city.",
        sv="Nya bostäder i områdena får de bundna upplåtelseformerna. Därmed ändras vilka som kan flytta "
        "in, och flyttkedjor för förändringen vidare till resten av kommunen.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Within municipalities, areas with 10 percentage points more rental have 3.8 points more "
            "foreign background (association, not effect). New building 1995-2017 raised tenure mix; its "
            "effect on social mix is unclear or negative on average. Moderate for who lives where, weak for "
            "outcomes.",
            sv="Inom kommuner har områden med 10 procentenheter mer hyresrätt 3,8 procentenheter fler med "
            "utländsk bakgrund (samband, inte effekt). Nybyggandet 1995–2017 gav större blandning av "
            "upplåtelseformer; effekten på den sociala blandningen är oklar eller i genomsnitt negativ. "
            "Måttligt underlag för vilka som bor var, svagt för utfall.",
        ),
        "moderate",
        (
            Text(
                "Statistics Sweden, tables on DeSO 2022 (the association)",
                "SCB, tabeller per DeSO 2022 (sambandet)",
            ),
            "Andersson, Wimark and Malmberg 2022, doi 10.1080/02673037.2020.1803803",
            "Housing production, tenure mix and social mix, doi 10.1080/02673037.2022.2045004",
            "Musterd and Andersson 2005",
        ),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="Swedish law does not let a detailed plan regulate tenure (Planning and Building Act 2010:900, "
        "chapter 4). SOU 2018:46 rejected it and proposed a separate law for land the municipality owns. "
        "What municipalities use today is land allocation on own land.",
        sv="Svensk lag låter inte en detaljplan reglera upplåtelseform (plan- och bygglagen 2010:900, 4 "
        "kap.). SOU 2018:46 avvisade det och föreslog en särskild lag för mark som kommunen äger. Det "
        "kommuner använder i dag är markanvisning på egen mark.",
    )
    CHOICES = {
        "detaljplan_hypothetical": Text(
            "detailed plan (hypothetical: needs a new law)", "detaljplan (hypotetiskt: kräver ny lag)"
        ),
        "land_allocation": Text(
            "land allocation on the municipality's own land", "markanvisning på kommunens egen mark"
        ),
        "sou2018_46": Text(
            "the law proposed in SOU 2018:46 (own land)", "lagen som föreslogs i SOU 2018:46 (egen mark)"
        ),
    }
    NEUTRAL = {"shares": {}}
    EXAMPLE = {"shares": {"public_rental": 1.0}, "min_dwellings_per_year": 30.0}
    ADDS = "housing.plans"

    shares: dict[str, Share] = setting(
        en="Share of the bound dwellings for each named tenure (`public_rental`, `private_rental`, "
        "`cooperative`, `owner_occupied`); what the shares leave is built as it would have been.",
        sv="Andel av de bundna bostäderna per upplåtelseform; det som andelarna lämnar öppet byggs som det "
        "annars skulle ha byggts.",
    )
    instrument: Instrument = setting(
        en="What binds: a detailed plan (needs a new law), land allocation on own land (today), or the law "
        "proposed in SOU 2018:46 (own land).",
        sv="Vad som binder: en detaljplan (kräver ny lag), markanvisning på egen mark (dagens möjlighet) "
        "eller lagen som föreslogs i SOU 2018:46 (egen mark).",
        default="detaljplan_hypothetical",
    )
    municipal_land_share: Share = setting(
        en="Share of new dwellings built on land the municipality owns; used by land allocation and "
        "SOU 2018:46 (assumed).",
        sv="Andel av de nya bostäderna som byggs på kommunens mark; används vid markanvisning och SOU "
        "2018:46 (antagande).",
        default=0.3,
    )
    min_dwellings_per_year: float = setting(
        en="Dwellings a year built in the areas together even if the ordinary pace is lower.",
        sv="Bostäder per år som byggs i områdena tillsammans även om den vanliga takten är lägre.",
        default=0.0,
        ge=0,
        le=100_000,
    )
    permanence_years: int = setting(
        en="Years that new dwellings of the named tenures keep them, also after the policy has ended "
        "(assumed: as long as a plan usually stands).",
        sv="År som nya bostäder behåller de angivna upplåtelseformerna, även efter att åtgärden upphört "
        "(antagande: så länge en plan brukar gälla).",
        default=25,
        ge=0,
        le=200,
    )

    @field_validator("shares")
    @classmethod
    def _possible(cls, shares: dict[str, float]) -> dict[str, float]:
        if unknown := [name for name in shares if name not in TENURES]:
            raise RefusedValueError(
                f'there is no tenure "{unknown[0]}"; the tenures are {", ".join(TENURES)}',
                f'det finns ingen upplåtelseform "{unknown[0]}"; upplåtelseformerna är {", ".join(TENURES)}',
            )
        if sum(shares.values()) > 1 + 1e-9:
            raise RefusedValueError(
                f"the shares sum to {sum(shares.values()):g}; together they may be at most 1",
                f"andelarna summerar till {sum(shares.values()):g}; tillsammans får de vara högst 1",
            )
        return shares

    @property
    def needs_law(self) -> bool:
        """Whether the instrument is none that the law knows today."""
        return self.instrument != "land_allocation"

    def in_force(self, year: int) -> bool:
        """Tell whether the policy binds new dwellings or still protects those built under it."""
        return super().in_force(year) or self._still_protects(year)

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> TenurePlan | None:
        """Return the plan as the housing rules know it; None where it binds and builds nothing."""
        if not (self.shares or self.min_dwellings_per_year):
            return None
        if profile.year < self.beginning(profile) + self.lag_years:
            return None
        on_land = 1.0 if self.instrument == "detaljplan_hypothetical" else self.municipal_land_share
        share = self.share_in_effect(profile)
        return TenurePlan(
            areas=areas,
            shares=self.shares,
            binding_share=share * on_land,
            min_dwellings_per_year=share * self.min_dwellings_per_year,
            first_year=0 if self.since is None else self.since + self.lag_years,
            last_year=profile.year if self.until is None else self.until + self.lag_years,
            permanence_years=self.permanence_years if self.compliance > 0 else 0,
        )

    def _still_protects(self, year: int) -> bool:
        """Tell whether dwellings built under a policy that has ended keep their tenure in a year."""
        return self.until is not None and 0 < year - self.until <= self.lag_years + self.permanence_years

"""Overcrowding relief: large rentals built where families live crowded, and money to afford a larger home."""

from typing import Self

from pydantic import model_validator

from segsim.policies.amending import add_provision
from segsim.policies.evidence import Evidence
from segsim.policies.implementation import UnitCost
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.rules.housing import ExtraConstruction, HousingAllowance, RoomsOfNewDwellings, TenureShares
from segsim.section import RefusedValueError, Share, setting
from segsim.words.text import Text

_FOUR_ROOMS_M2, _FIVE_ROOMS_M2, _KSEK_PER_M2 = 94, 115, 37.081


class OvercrowdingRelief(Policy):
    """Build large public rentals in the areas, and pay crowded families there a housing allowance."""

    TITLE = Text("Overcrowding relief", "Minskad trångboddhet")
    MECHANISM = Text(
        en="Public rentals of four and five rooms are built in the areas above the ordinary pace. A family "
        "that lacks rooms gains most by them; the smaller home it leaves goes on to others in a vacancy "
        "chain. The rent of a large new home is high, so not every crowded family can have one. "
        "A housing allowance, if one is paid, counts as income when a crowded family with low income looks "
        "for a home: landlords and lenders ask for less of its own. It is in no measure of income, and the "
        "old home goes to others, so it is not certain that fewer live crowded.",
        sv="Hyresrätter i allmännyttan med fyra och fem rum byggs i områdena utöver den vanliga takten. En "
        "familj som saknar rum vinner mest på dem; den mindre bostad den lämnar går vidare till andra i en "
        "flyttkedja. Hyran i en stor ny bostad är hög, så alla trångbodda familjer kan inte få en. Ett "
        "bostadsbidrag, om det betalas, räknas som inkomst när en trångbodd familj med låg inkomst söker "
        "bostad: hyresvärdar och långivare kräver mindre av dess egen. Det ingår inte i något inkomstmått, "
        "och den gamla bostaden går till andra, så det är inte säkert att färre bor trångt.",
    )
    EVIDENCE = Evidence(
        Text(
            en="How many live crowded is known, but no measured effect of building large rentals on crowding "
            "or segregation was found; what the run gives is the model's own. In flats 12 % of those "
            "born in Sweden, 32 % of those born in Asia and over 40 % of those born in Africa were "
            "crowded in 2022.",
            sv="Hur många som är trångbodda är känt, men ingen uppmätt effekt av att bygga stora hyresrätter "
            "på trångboddhet eller segregation är funnen; det körningen visar är modellens eget. I "
            "flerbostadshus var 12 % av inrikes födda, 32 % av födda i Asien och över 40 % av födda i "
            "Afrika trångbodda 2022.",
        ),
        "weak",
        (
            Text(
                "Statistics Sweden, crowding 2022, through hurvibor.se",
                "SCB, trångboddhet 2022, via hurvibor.se",
            ),
        ),
    )
    DECIDED_BY = "municipality"
    COST = Text(
        en="New rentals at 37 081 SEK per square metre (Statistics Sweden 2022, by press reports; land "
        "included), 94 square metres for four rooms and 115 for five (assumed): 3.9 MSEK each. That is "
        "the price of building; rents pay it back over time.",
        sv="Nya hyresrätter för 37 081 kronor per kvadratmeter (SCB 2022 enligt pressen; mark inräknad), 94 "
        "kvadratmeter för fyra rum och 115 för fem (antagande): 3,9 miljoner kronor styck. Det är "
        "byggkostnaden; hyrorna betalar den över tid.",
    )
    UNIT_COST = UnitCost(
        _KSEK_PER_M2 * (_FOUR_ROOMS_M2 + _FIVE_ROOMS_M2) / 2,
        Text("large rental built", "byggd stor hyresrätt"),
        2022,
        Text(
            "Statistics Sweden, by press reports: 37 081 SEK per square metre",
            "SCB enligt pressen: 37 081 kr/kvm",
        ),
    )
    REACHES = "dwellings"
    NEUTRAL = {"dwellings_per_year": 0.0, "allowance_ksek": 0.0}
    EXAMPLE = {"dwellings_per_year": 30.0}
    ADDS = "housing.extra_construction"
    SIZE = "dwellings_per_year"

    dwellings_per_year: float = setting(
        en="Large public rentals completed a year in the areas together, above the ordinary pace.",
        sv="Stora hyresrätter i allmännyttan som färdigställs per år i områdena, utöver den vanliga takten.",
        ge=0,
        le=100_000,
    )
    five_rooms_share: Share = setting(
        en="Share of them with five rooms; the others have four (assumed).",
        sv="Andel av dem med fem rum; övriga har fyra (antagande).",
        default=0.5,
    )

    allowance_ksek: float = setting(
        en="Housing allowance to a crowded family with children, thousand SEK a year; 0: none. What it costs "
        "is told by the run (flow `allowances.msek`), since nobody knows how many stay crowded.",
        sv="Bostadsbidrag till en trångbodd familj med barn, tusen kronor per år; 0: inget. Vad det kostar "
        "framgår av körningen (flödet `allowances.msek`); ingen vet hur många som förblir trångbodda.",
        default=0.0,
        ge=0,
        le=500,
    )
    allowance_income: float = setting(
        en="Highest household income with which it is paid, thousand SEK a year (C).",
        sv="Högsta hushållsinkomst med vilken det betalas, tusen kronor per år (antagande).",
        default=300.0,
        ge=0,
        le=10_000,
    )

    @model_validator(mode="after")
    def _knows_what_it_costs(self) -> Self:
        if self.budget_msek is not None and self.allowance_ksek and self.cost_msek is None:
            raise RefusedValueError(
                "what allowances cost is not known beforehand, so that a budget says nothing of how far it "
                "gets; give cost_msek (a year carried out in full)",
                "vad bidragen kostar är inte känt i förväg, så en budget säger inget om hur långt den "
                "räcker; ange cost_msek (kostnad för ett år som genomförs fullt ut)",
            )
        return self

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with the dwellings, and with the allowance if one is paid."""
        rules, areas = super().amend(rules, profile), tuple(self.areas.rows(profile).tolist())
        amount = self.share_in_effect(profile) * self.allowance_ksek
        if not areas or not amount:
            return rules
        allowance = HousingAllowance(areas=areas, ksek_per_year=amount, highest_income=self.allowance_income)
        return add_provision(rules, "housing.allowances", allowance)

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return what the dwellings cost; not known where an allowance is paid."""
        return float("nan") if self.allowance_ksek else super().estimate_cost(profile)

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> ExtraConstruction | None:
        """Return the large dwellings to be built."""
        size = self.share_in_effect(profile) * self.dwellings_per_year
        if size == 0:
            return None
        rooms = (0.0, 0.0, 0.0, 1 - self.five_rooms_share, self.five_rooms_share)
        return ExtraConstruction(
            areas=areas,
            dwellings_per_year=size,
            tenure_shares=TenureShares(public_rental=1.0),
            rooms=RoomsOfNewDwellings(public_rental=rooms),
        )

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many large dwellings are built in a year."""
        return self.dwellings_per_year if self.areas.rows(profile).size else 0.0

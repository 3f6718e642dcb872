"""New-build subsidy: money for new rentals with lower rents, of which part would have been built anyway."""

from segsim.policies.evidence import Evidence
from segsim.policies.implementation import UnitCost
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.housing import ExtraConstruction, TenureShares
from segsim.section import Share, setting
from segsim.words.text import Text


class NewBuildSubsidy(Policy):
    """Subsidise new rentals in the areas."""

    TITLE = Text("Subsidy to new rentals", "Investeringsstöd till nya hyresrätter")
    MECHANISM = Text(
        en="Part of the subsidised dwellings are built above the ordinary pace, as rentals at a lower rent "
        "than other new ones, so that lower incomes can have them. The others would have been built anyway: "
        "they cost the same, and the model leaves their lower rent out.",
        sv="En del av de bostäder som får stöd byggs utöver den vanliga takten, som hyresrätter med lägre "
        "hyra än andra nya, så att lägre inkomster räcker. Övriga skulle ha byggts ändå: de kostar lika "
        "mycket, och deras lägre hyra tas inte med i modellen.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Of 51 000 dwellings 2016-21, 60 % would not have been built without it, by a report "
            "commissioned by the tenants' union; rent 2 000 SEK lower a month at 70 square metres (343 SEK "
            "per square metre and year). Who moved in was not read; the property owners' report of 2021 "
            "asks that. Weak.",
            sv="Av 51 000 bostäder 2016–21 skulle 60 % inte ha byggts utan stödet, enligt en rapport "
            "beställd av Hyresgästföreningen; hyran blev 2 000 kronor lägre per månad vid 70 kvadratmeter "
            "(343 kronor per kvadratmeter och år). Vilka som flyttade in är inte läst; Fastighetsägarnas "
            "rapport 2021 frågar det. Svagt underlag.",
        ),
        "weak",
        (
            Text("Tyréns 2023 for the tenants' union", "Tyréns 2023 för Hyresgästföreningen"),
            Text("Statistics Sweden, rents 2024", "SCB, hyror 2024"),
        ),
    )
    DECIDED_BY = "state"
    COST = Text(
        en="329 000 SEK per subsidised rental, 549 000 per additional one (8.4 billion to 25 500 dwellings, "
        "student flats included, 2016-20, by press reports).",
        sv="329 000 kronor per hyresrätt med stöd, 549 000 per tillkommande (8,4 miljarder till 25 500 "
        "bostäder, studentbostäder inräknade, 2016–20, enligt pressen).",
    )
    UNIT_COST = UnitCost(
        329.0,
        Text("subsidised rental", "hyresrätt med stöd"),
        2020,
        Text(
            "8.4 billion SEK to 25 500 dwellings, by press reports",
            "8,4 miljarder kronor till 25 500 bostäder, enligt pressen",
        ),
    )
    REACHES = "dwellings"
    NEUTRAL = {"dwellings_per_year": 0.0}
    EXAMPLE = {"dwellings_per_year": 40.0}
    ADDS = "housing.extra_construction"
    SIZE = "dwellings_per_year"

    dwellings_per_year: float = setting(
        en="Rentals that get the subsidy a year in the areas together.",
        sv="Hyresrätter som får stöd per år i områdena tillsammans.",
        ge=0,
        le=100_000,
    )
    additional_share: Share = setting(
        en="Share of them that would not have been built without it (0.6).",
        sv="Andel av dem som inte skulle ha byggts utan stödet (0,6).",
        default=0.6,
    )
    rent_ratio: float = setting(
        en="Their rent over the stock's: 2 326 less 343 SEK against 1 404 per square metre and year (1.41).",
        sv="Deras hyra i förhållande till beståndets: 2 326 minus 343 kronor mot 1 404 per kvadratmeter och "
        "år (1,41).",
        default=1.41,
        ge=0.5,
        le=5,
    )

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> ExtraConstruction | None:
        """Return the dwellings that come of it, half by each landlord (assumed)."""
        size = self.share_in_effect(profile) * self.dwellings_per_year * self.additional_share
        if size == 0:
            return None
        return ExtraConstruction(
            areas=areas,
            dwellings_per_year=size,
            tenure_shares=TenureShares(public_rental=0.5, private_rental=0.5),
            rent_ratio=self.rent_ratio,
        )

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many dwellings get the subsidy in a year."""
        return self.dwellings_per_year if self.areas.rows(profile).size else 0.0

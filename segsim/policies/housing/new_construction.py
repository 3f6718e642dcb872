"""New construction: dwellings built in chosen areas, above the ordinary pace or in its place."""

from typing import Self

from pydantic import model_validator

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.housing import ExtraConstruction, TenureShares
from segsim.section import RefusedValueError, Share, setting
from segsim.words.text import Text


class NewConstruction(Policy):
    """Build more, or elsewhere, where and in the tenures chosen."""

    TITLE = Text("New construction", "Nybyggnation")
    MECHANISM = Text(
        en="New dwellings start vacancy chains; the price or the rent of what is new decides who enters it, "
        "and the chain reaches others.",
        sv="Nya bostäder startar flyttkedjor. Priset eller hyran i det nya avgör vilka som flyttar in, och "
        "kedjan når andra.",
    )
    EVIDENCE = Evidence(
        Text(
            en="New rental dwellings cost 66 % more than the stock (2 326 against 1 404 SEK per square metre "
            "and year, 2024), so they select on income. New residents counter the profile of the area they "
            "enter.",
            sv="Nya hyresrätter kostar 66 % mer än beståndet (2 326 mot 1 404 kronor per kvadratmeter och "
            "år, 2024) och sållar därför på inkomst. De som flyttar in i nybyggda bostäder har en annan "
            "profil än områdets.",
        ),
        "moderate",
        (
            Text("Statistics Sweden, rents 2024", "SCB, hyror 2024"),
            "Housing production, tenure mix and social mix, doi 10.1080/02673037.2022.2045004",
        ),
    )
    DECIDED_BY = "municipality"
    NEUTRAL = {"dwellings_per_year": 0.0}
    EXAMPLE = {"dwellings_per_year": 30.0}
    ADDS = "housing.extra_construction"

    dwellings_per_year: float = setting(
        en="Dwellings completed a year in the areas together, above the ordinary pace unless "
        "`replaces_ordinary`.",
        sv="Färdigställda bostäder per år i områdena tillsammans, utöver den vanliga takten om inte "
        "`replaces_ordinary` anges.",
        default=0.0,
        ge=0,
        le=100_000,
    )
    share_of_stock: Share | None = setting(
        en="The same as a share of all dwellings of the city when it begins, so that it means as much in a "
        "small city as in a large one; in the place of `dwellings_per_year`.",
        sv="Samma sak som andel av kommunens alla bostäder när åtgärden börjar, så att det betyder lika "
        "mycket i en liten kommun som i en stor; i stället för `dwellings_per_year`.",
        default=None,
    )
    tenure_shares: TenureShares = setting(
        en="Tenures of the dwellings, summing to 1. Of housing starts in 2024 70 % were rental (Statistics "
        "Sweden); the split within rental and within owned is assumed.",
        sv="Bostädernas upplåtelseformer, som summerar till 1. Av påbörjade bostäder 2024 var 70 % "
        "hyresrätt (SCB); fördelningen inom hyresrätt och inom ägda bostäder är ett antagande.",
        default=TenureShares(public_rental=0.35, private_rental=0.35, cooperative=0.2, owner_occupied=0.1),
    )

    replaces_ordinary: bool = setting(
        en="Whether they take the place of ordinary dwellings, of which the municipality then builds as many "
        "fewer, in proportion everywhere: another place and other tenures, and not more homes. What ordinary "
        "building does not reach is built above it.",
        sv="Om de tar vanliga bostäders plats, så att kommunen bygger lika många färre av dem, i proportion "
        "överallt: en annan plats och andra upplåtelseformer men inte fler hem. Det som det vanliga "
        "byggandet inte räcker till byggs utöver det.",
        default=False,
    )

    @model_validator(mode="after")
    def _says_how_many(self) -> Self:
        if self.dwellings_per_year and self.share_of_stock is not None:
            raise RefusedValueError(
                "share_of_stock stands beside dwellings_per_year; keep one of them",
                "share_of_stock står bredvid dwellings_per_year; behåll en av dem",
            )
        if not {"dwellings_per_year", "share_of_stock"} & self.model_fields_set:
            raise RefusedValueError(
                "says not how many; give dwellings_per_year or share_of_stock",
                "säger inte hur många; ange dwellings_per_year eller share_of_stock",
            )
        return self

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> ExtraConstruction | None:
        """Return the dwellings to be built; None where there are none."""
        number = self.dwellings_per_year
        if self.share_of_stock is not None:
            number = self.share_of_stock * float(profile.dwellings.sum())
        size = self.share_in_effect(profile) * number
        if size == 0:
            return None
        return ExtraConstruction(
            areas=areas,
            dwellings_per_year=size,
            tenure_shares=self.tenure_shares,
            replaces_ordinary=self.replaces_ordinary,
        )

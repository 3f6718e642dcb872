"""Contract control: unlawful rental contracts are detected, end, and return to the queue."""

from segsim.policies.evidence import Evidence
from segsim.policies.implementation import UnitCost
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules import housing as rules
from segsim.section import Share, setting
from segsim.words.text import Text


class ContractControl(Policy):
    """Search for rentals let outside the queue, and end their contracts."""

    TITLE = Text("Contract control", "Kontroll av hyreskontrakt")
    MECHANISM = Text(
        en="Of the rentals let outside the queue for money, some are detected each year. Their contracts "
        "end, at once or, when contested, after the tribunal's queue; the dwelling goes to the first in the "
        "queue. The household that lived there and those who lodged with it lose their roof and lodge with "
        "others nearby: they are counted.",
        sv="Av de hyresrätter som hyrts ut vid sidan av kön mot betalning upptäcks några varje år. "
        "Kontrakten upphör, genast eller, när de bestrids, efter hyresnämndens kö; bostaden går till den "
        "som står först i kön. Hushållet som bodde där och de som var inneboende hos det mister taket över "
        "huvudet och får bo hos andra i närheten: de räknas.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Recovered dwellings are counted, effects on segregation are not: no measured effect. "
            "Stockholmshem frees 120-150 dwellings a year with three investigators (40-50 each); Göteborg's "
            "municipal group 620 of 74 000 in 2021 (8.5-14 % of an assumed 6 % unlawful); Telge Bostäder "
            "153 of almost 11 000 in 2018 (23 % of 6 %). Hence 0.10 a year, range 0.085-0.23. Contested "
            "cases wait 1.5-2 years; the share contested is not known (0.5 assumed), nor is what becomes of "
            "those who lose the dwelling.",
            sv="Återförda bostäder räknas, effekten på segregation gör det inte: ingen uppmätt effekt. "
            "Stockholmshem frigör 120–150 bostäder per år med tre utredare (40–50 per utredare); Göteborgs "
            "allmännytta 620 av 74 000 år 2021 (8,5–14 % av antagna 6 % olovliga); Telge Bostäder 153 av "
            "nästan 11 000 år 2018 (23 % av 6 %). Därför 0,10 per år, spann 0,085–0,23. Bestridda ärenden "
            "väntar 1,5–2 år; andelen bestridda är inte känd (antagande: 0,5), och inte heller vart de tar "
            "vägen som mister bostaden.",
        ),
        "weak",
        (
            Text("Stockholmshem 2020, by press reports", "Stockholmshem 2020, enligt pressen"),
            Text("Göteborg's municipal housing group 2021", "Göteborgs allmännytta 2021"),
            Text("Telge Bostäder 2018-19, by press reports", "Telge Bostäder 2018–19, enligt pressen"),
        ),
    )
    DECIDED_BY = "landlord"
    LEGAL = Text(
        en="Since 1 October 2019 it is a crime to buy a rental contract, the rules of exchange are stricter, "
        "and unlawful subletting leads to eviction. Contested cases wait for the tribunal.",
        sv="Sedan den 1 oktober 2019 är det ett brott att köpa ett hyreskontrakt, reglerna för byten är "
        "strängare, och olovlig andrahandsuthyrning leder till vräkning. Bestridda ärenden väntar på "
        "hyresnämnden.",
    )
    COST = Text(
        en="Investigators: 0.75-0.9 MSEK a year each (assumed; salary not found), 45 dwellings recovered "
        "each (Stockholmshem): 18 300 SEK per dwelling.",
        sv="Utredare: 0,75–0,9 miljoner kronor per år och utredare (antagande; lönen är inte känd), 45 "
        "återförda bostäder per utredare (Stockholmshem): 18 300 kronor per bostad.",
    )
    UNIT_COST = UnitCost(
        825 / 45,
        Text("recovered dwelling", "återförd bostad"),
        2020,
        Text(
            "an investigator at 0.825 MSEK a year (assumed), 45 dwellings each (Stockholmshem)",
            "en utredare för 0,825 miljoner kronor per år (antagande), 45 bostäder var (Stockholmshem)",
        ),
    )
    REACHES = "dwellings"
    NEUTRAL = {"detect_rate": 0.0}
    EXAMPLE = {"detect_rate": 0.5}
    ADDS = "housing.contract_controls"
    SIZE = "detect_rate"

    detect_rate: Share = setting(
        en="Yearly probability that an unlawful contract is detected (0.10; 0.085 in Göteborg to 0.23 in "
        "Södertälje, computed with 6 % unlawful assumed).",
        sv="Sannolikhet per år att ett olovligt kontrakt upptäcks (0,10; 0,085 i Göteborg till 0,23 i "
        "Södertälje, räknat med antagna 6 % olovliga).",
        default=0.1,
    )
    contested_share: Share = setting(
        en="Share of the detected whose holders contest it (assumed).",
        sv="Andel av de upptäckta där hyresgästen bestrider saken (antagande).",
        default=0.5,
    )
    delay_years: int = setting(
        en="Years until a contested contract ends (1.5-2).",
        sv="År tills ett bestritt kontrakt upphör (1,5–2).",
        default=2,
        ge=0,
        le=20,
    )

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> rules.ContractInspection | None:
        """Return the control as the housing rules know it."""
        rate = self.share_in_effect(profile) * self.detect_rate
        if rate == 0:
            return None
        return rules.ContractInspection(
            areas=areas,
            detect_rate=rate,
            contested_share=self.contested_share,
            delay_years=self.delay_years,
            first_year=profile.began + self.lag_years,
        )

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many unlawful contracts a year are detected, of those there were when it began."""
        areas = self.areas.rows(profile)
        if profile.unlawful_lets is None:
            return float("nan") if areas.size else 0.0
        return float(self.detect_rate * profile.unlawful_lets[areas].sum())

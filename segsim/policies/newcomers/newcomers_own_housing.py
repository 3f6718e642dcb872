"""Newcomers' own housing (EBO): who may lodge where they choose, and where that costs them."""

from typing import Any, Literal, Self

from pydantic import model_validator

from segsim.policies.evidence import Decider, Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.demography import OwnHousingLimit
from segsim.section import RefusedValueError, Share, setting
from segsim.words.text import Text

Regime = Literal["free_1994", "restricted_2020", "accommodation_2025", "abolished"]

_SHARES = {"free_1994": 0.5, "restricted_2020": 0.45, "accommodation_2025": 0.05, "abolished": 0.0}


class NewcomersOwnHousing(Policy):
    """Limit refugees' lodging of their own: by listed areas, or altogether."""

    TITLE = Text("Newcomers' own housing", "Nyanländas eget boende (EBO)")
    MECHANISM = Text(
        en="Refugees with lodging of their own stay with a household of their own group, wherever that is; "
        "the others are assigned to the city. A regime decides how many find their own. Where areas are "
        "listed, some of those who would lodge there choose a host elsewhere, or are assigned if there is "
        "none. The first neighbourhood stays with them: they search for a home from it. Fewer live among "
        "their own group, which in the model lowers the wages of those with little schooling.",
        sv="Flyktingar med eget boende bor först hos ett hushåll ur den egna gruppen, var det än ligger; "
        "övriga anvisas till kommunen. Regelverket avgör hur många som ordnar eget boende. Där områden är "
        "utpekade väljer några av dem som skulle ha bott där ett värdhushåll någon annanstans, eller "
        "anvisas om inget finns. Det första området följer dem: därifrån söker de bostad. Färre bor bland "
        "sin egen grupp, vilket i modellen sänker lönen för dem som har kort utbildning.",
    )
    EVIDENCE = Evidence(
        Text(
            en="The rule itself is not evaluated: no measured effect of the rules of 2020 and 2025. After "
            "the rule of 2020 2 368 people still moved into listed areas in about seven months, so "
            "deterrence is set low (assumed 0.1). The listing of eleven whole municipalities held "
            "July-December 2020 only; three (Filipstad, Perstorp, Åstorp) from 1 January 2021; 23 listed "
            "anything. Strong: the first neighbourhood decides much of the later ones, and living among the "
            "own group raises the earnings of low-skilled refugees; the two weigh against each other. About "
            "half lodged on their own in 2019; 0.45 and 0.05 are assumed.",
            sv="Regeln i sig är inte utvärderad: ingen uppmätt effekt av reglerna från 2020 och 2025. Efter "
            "2020 års regel flyttade ändå 2 368 personer in i utpekade områden på omkring sju månader, och "
            "därför är avskräckningen satt lågt (antagande: 0,1). Elva kommuner var utpekade i sin helhet "
            "bara juli–december 2020; tre (Filipstad, Perstorp, Åstorp) från den 1 januari 2021; 23 pekade "
            "ut något alls. Starkt underlag: det första området avgör mycket av de senare, och att bo bland "
            "den egna gruppen höjer inkomsten för flyktingar med kort utbildning; de två väger mot "
            "varandra. Omkring hälften bodde i eget boende 2019; 0,45 och 0,05 är antaganden.",
        ),
        "weak",
        (
            Text(
                "Swedish Migration Agency, news 2020-06-09 and 2020-12-01",
                "Migrationsverket, nyheter 2020-06-09 och 2020-12-01",
            ),
            "Dahlberg and Valeyatheepillay 2018, ifo WP 285",
            "Edin, Fredriksson and Åslund 2003",
        ),
    )
    DECIDED_BY = "state"
    LEGAL = Text(
        en="The right to lodging of one's own is from 1994 (Act 1994:137). By a law in force from 1 January "
        "and applied from 1 July 2020 who moves to a listed area loses the daily allowance (71 SEK a day "
        "for a single adult); a municipality lists areas, and since 15 August 2020 the county board has "
        "a veto. Since 1 March 2025 only those who live in the accommodation they are allotted get "
        "economic support.",
        sv="Rätten till eget boende är från 1994 (lagen 1994:137). Enligt en lag i kraft från den 1 januari "
        "och tillämpad från den 1 juli 2020 förlorar den som flyttar till ett utpekat område "
        "dagersättningen (71 kronor om dagen för en ensam vuxen); kommunen pekar ut områden, och sedan "
        "den 15 augusti 2020 har länsstyrelsen veto. Sedan den 1 mars 2025 får bara de som bor i det "
        "boende de anvisats ekonomiskt stöd.",
    )
    CHOICES = {
        "free_1994": Text("free (1994)", "fritt (1994)"),
        "restricted_2020": Text("restricted in listed areas (2020)", "begränsat i utpekade områden (2020)"),
        "accommodation_2025": Text("the state's accommodation (2025)", "statens boenden (2025)"),
        "abolished": Text("abolished", "avskaffat"),
    }
    NEUTRAL = {"regime": "free_1994"}
    EXAMPLE = {"regime": "restricted_2020", "deterrence": 1.0}
    ADDS = "demography.own_housing_limits"

    regime: Regime = setting(
        en="Which rules hold: free choice (1994), listed areas (2020; `areas` are those listed), the "
        "Migration Agency's accommodation (2025), or no lodging of one's own at all.",
        sv="Vilka regler som gäller: fritt val (1994), utpekade områden (2020; där åtgärden gäller), "
        "Migrationsverkets boenden (2025) eller inget eget boende alls.",
    )
    own_housing_share: Share | None = setting(
        en="Share of refugee households that find lodging of their own; empty means the regime's: 0.50 (51 % "
        "in 2019), 0.45 (assumed), 0.05 (assumed), 0.",
        sv="Andel av flyktinghushållen som ordnar eget boende; tomt betyder regelverkets: 0,50 (51 % år "
        "2019), 0,45 (antagande), 0,05 (antagande), 0.",
        default=None,
    )
    deterrence: Share = setting(
        en="Share of those who would lodge in a listed area and do not (assumed); used by `restricted_2020`.",
        sv="Andel av dem som skulle ha bott i ett utpekat område men låter bli (antagande); används av "
        "`restricted_2020`.",
        default=0.1,
    )

    @model_validator(mode="after")
    def _lists_areas(self) -> Self:
        if self.regime != "restricted_2020" and not self.areas.all:
            raise RefusedValueError(
                f"{self.regime} holds for the whole city, and areas are those listed under restricted_2020; "
                "remove areas, or choose that regime",
                f"{self.regime} gäller hela staden, och areas är de som räknas upp under restricted_2020; "
                "ta bort areas, eller välj det alternativet",
            )
        return self

    @property
    def decider(self) -> Decider:
        """Who decides: a municipality lists the areas of the rule of 2020, the state has made all others."""
        return "municipality" if self.regime == "restricted_2020" else self.DECIDED_BY

    @property
    def share(self) -> float:
        """Share of refugee households with lodging of their own under the regime."""
        return _SHARES[self.regime] if self.own_housing_share is None else self.own_housing_share

    def replacements(self) -> dict[str, tuple[str, Any]]:
        """Return the share with lodging of their own, which the regime decides."""
        setting = "regime" if self.own_housing_share is None else "own_housing_share"
        return {"demography.own_housing_share": (setting, self.share)}

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> OwnHousingLimit | None:
        """Return the limit as the demography rules know it."""
        strength = self.share_in_effect(profile)
        if strength == 0:
            return None
        return OwnHousingLimit(
            areas=areas if self.regime == "restricted_2020" else (),
            own_housing_share=self.share,
            deterrence=self.deterrence,
            strength=strength,
        )

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many refugees a year would lodge on their own without it, if it limits anything."""
        if self.regime == "free_1994" or not self.areas.rows(profile).size:
            return 0.0
        return profile.refugees * profile.own_housing_share

"""School quality programme: the municipality's own systematic quality work, in Södertälje's manner."""

from typing import Literal

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.school_plans import QualityProgramme
from segsim.section import Share, setting
from segsim.words.text import Text


class SchoolQualityProgramme(Policy):
    """Work systematically with quality at the municipal schools."""

    TITLE = Text("School quality programme", "Kvalitetsarbete i skolan")
    MECHANISM = Text(
        en="Every school year a pupil attends a municipal school of the areas gives a little more, at the "
        "schools of lowest merit value most, so that merit values rise year by year. Nothing rises unless "
        "the observed course is chosen.",
        sv="Varje läsår i en kommunal skola i områdena ger eleven lite mer, mest i skolorna med lägst "
        "meritvärde, så att meritvärdena stiger år för år. Inget stiger om inte det observerade "
        "förloppet väljs.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect; set `effect` to observed to explore. What was observed has no control "
            "group: the merit value of Södertälje's municipal schools rose from 197 (2015) to 221.8 (2018) "
            "and was 221 in 2021; the municipality went from rank 245 to 64 in seven years. Therefore the "
            "default is 0, and the observed course is one setting away.",
            sv="Ingen uppmätt effekt; sätt `effect` till observed för att utforska. Det som observerats "
            "saknar jämförelsegrupp: meritvärdet i Södertäljes kommunala skolor steg från 197 (2015) till "
            "221,8 (2018) och var 221 år 2021; kommunen gick från plats 245 till 64 på sju år. Därför är "
            "utgångsvärdet 0, och det observerade förloppet väljs med en inställning.",
        ),
        "weak",
        (
            Text(
                "Södertälje municipality; Öppna jämförelser (SKL)",
                "Södertälje kommun; Öppna jämförelser (SKL)",
            ),
        ),
    )
    DECIDED_BY = "municipality"
    REACHES = "pupils"
    CHOICES = {
        "none": Text("no effect", "ingen effekt"),
        "observed": Text("the course observed in Södertälje", "förloppet som observerats i Södertälje"),
    }
    FADES = True
    NEUTRAL = {"effect": "none"}
    EXAMPLE = {"effect": "observed", "points_low": 10.0}
    ADDS = "schools.quality_programmes"

    effect: Literal["none", "observed"] = setting(
        "Whether merit values rise: not at all, or by the points given.",
        "Om meritvärdena stiger: inte alls, eller med de poäng som anges.",
        "none",
    )
    points_low: float = setting(
        "Points of merit value a year at the low schools, where there is an effect (assumed after what was "
        "observed).",
        "Meritpoäng per år i skolorna med lägst meritvärde, om det finns en effekt (antagande efter det "
        "observerade).",
        2.5,
        ge=-10,
        le=10,
    )
    points_others: float = setting(
        "Points of merit value a year at the other municipal schools, where there is an effect (assumed "
        "after what was observed).",
        "Meritpoäng per år i övriga kommunala skolor, om det finns en effekt (antagande efter det "
        "observerade).",
        1.0,
        ge=-10,
        le=10,
    )
    low_share: Share = setting(
        "Share of the municipal schools of the areas that count as low, those of lowest merit value (C).",
        "Andel av områdenas kommunala skolor som räknas dit, de med lägst meritvärde (antagande).",
        0.25,
    )
    years: int = setting(
        "Years the gain lasts from the beginning (eight, as the municipality says).",
        "År som ökningen pågår från början (åtta, som kommunen uppger).",
        8,
        ge=1,
        le=100,
    )

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> QualityProgramme | None:
        """Return the programme as the rules of schools know it; None where nothing rises."""
        share = self.share_in_effect(profile)
        has_passed = profile.year - self.lag_years >= self.beginning(profile) + self.years
        if self.effect == "none" or share == 0 or has_passed:
            return None
        return QualityProgramme(
            areas=areas,
            low_share=self.low_share,
            points_low=share * self.points_low,
            points_others=share * self.points_others,
        )

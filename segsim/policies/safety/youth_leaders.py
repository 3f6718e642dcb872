"""Youth leaders (reform 10): leaders in open youth activities, and what a closed youth club may do."""

from typing import Self

from pydantic import ValidationInfo, field_validator, model_validator

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.neighbourhood import AreaSupport
from segsim.section import RefusedValueError, setting
from segsim.words.text import Text


class YouthLeaders(Policy):
    """Employ leaders of leisure for the young people of some areas."""

    TITLE = Text("Youth leaders", "Fritidsledare")
    MECHANISM = Text(
        en="Leaders are employed in proportion to the young people of the areas, more of whom take part. "
        "Crime and school results change only by the effects given, which are 0 unless set.",
        sv="Ledare anställs i proportion till antalet unga i områdena, och fler av de unga deltar. "
        "Brottslighet och skolresultat ändras bara med de effekter som anges, 0 om inget anges.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect of more leaders; set `safety_effect_sd` or `achievement_effect_sd` to "
            "explore. The closing of the last youth club within 40 minutes' walk is measured in London: "
            "offending 14 per cent higher (14 to 16 per 1 000 aged 10-17 a year) and results at 16 lower by "
            ".04 SD, .12 for pupils with free meals. Summer jobs by lottery in Stockholm: no effect on crime "
            "or education, lower incomes for some years.",
            sv="Ingen uppmätt effekt av fler ledare; ange `safety_effect_sd` eller `achievement_effect_sd` "
            "för att utforska. Att den sista fritidsgården inom 40 minuters gångväg läggs ned är undersökt i "
            "London: brottsligheten blev 14 procent högre (från 14 till 16 per 1 000 i åldern 10–17 om "
            "året), och resultaten vid 16 sjönk med 0,04 SD, 0,12 för elever med fria måltider. "
            "Sommarjobb som lottades ut i Stockholm: ingen effekt på brott eller utbildning, lägre "
            "inkomster under några år.",
        ),
        "weak",
        ("Villa 2024 (IFS)", "Knutsson and Tyrefors 2024 (seminar abstract)"),
    )
    DECIDED_BY = "municipality"
    COST = Text(
        en="Leaders (`leaders_per_1000_youth` times the young) times `leader_ksek`; not known unless that is "
        "given, since no cost of a leader was found.",
        sv="Antalet ledare (`leaders_per_1000_youth` gånger de unga) gånger `leader_ksek`; inte känd om "
        "det inte anges, eftersom ingen uppgift om kostnad per ledare har hittats.",
    )
    REACHES = "participants"
    FADES = True
    NEUTRAL = {"participation_pp": 0.0}
    EXAMPLE = {"safety_effect_sd": -0.5, "achievement_effect_sd": -0.04}
    ADDS = "neighbourhood.supports"

    leaders_per_1000_youth: float = setting(
        "Leaders employed per 1 000 young people of the areas (C).",
        "Anställda ledare per 1 000 unga i områdena (antagande).",
        5.0,
        ge=0,
        le=200,
    )
    leader_ksek: float | None = setting(
        "Cost of a leader, thousand SEK a year; empty: not known.",
        "Kostnad för en ledare, tusen kronor per år; tomt: inte känd.",
        None,
        ge=0,
        le=10_000,
    )
    youngest: int = setting("Lowest age of the young.", "De ungas lägsta ålder.", 10, ge=0, le=29)
    oldest: int = setting("Highest age of the young.", "De ungas högsta ålder.", 17, ge=0, le=29)
    participation_pp: float = setting(
        "Percentage points more of the young who take part (C).",
        "Procentenheter fler av de unga som deltar (antagande).",
        3.0,
        ge=0,
        le=100,
    )
    safety_effect_sd: float = setting(
        "Felt safety in the areas in the long run, SD; 0: no effect on youth crime is measured.",
        "Upplevd trygghet i områdena på lång sikt, SD; 0: ingen effekt på ungdomsbrott är uppmätt.",
        0.0,
        ge=-3,
        le=3,
    )
    achievement_effect_sd: float = setting(
        "Results in grade 9 of those who live there, SD; 0: not measured, -.04 if the last youth club closes "
        "(London).",
        "Resultat i årskurs 9 för dem som bor där, SD; 0: inte uppmätt, -0,04 om den sista fritidsgården "
        "läggs ned (London).",
        0.0,
        ge=-1,
        le=1,
    )

    @field_validator("oldest")
    @classmethod
    def _is_not_younger(cls, oldest: int, info: ValidationInfo) -> int:
        youngest = info.data.get("youngest", 0)
        if oldest < youngest:
            raise RefusedValueError(
                f"oldest {oldest} is below youngest {youngest}; swap or correct them",
                f"oldest {oldest} är under youngest {youngest}; byt plats på dem eller rätta dem",
            )
        return oldest

    @model_validator(mode="after")
    def _knows_what_money_buys(self) -> Self:
        if self.budget_msek is not None and self.leader_ksek is None and self.cost_msek is None:
            raise RefusedValueError(
                "what a leader costs is not known, so that a budget says nothing of how far it gets; "
                "give leader_ksek",
                "vad en ledare kostar är inte känt, så en budget säger inget om hur långt den räcker; ange "
                "leader_ksek",
            )
        return self

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> AreaSupport | None:
        """Return the effects given; None where none is."""
        share = self.share_in_effect(profile)
        safety, achievement = share * self.safety_effect_sd, share * self.achievement_effect_sd
        if not (safety or achievement):
            return None
        return AreaSupport(areas=areas, safety=safety, achievement=achievement)

    def count_young(self, profile: CityProfile) -> float:
        """Return how many young people the areas held when the policy began."""
        of_age = profile.ages[self.areas.rows(profile), self.youngest : self.oldest + 1]
        return float(of_age.sum())

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many more young people take part."""
        return self.participation_pp / 100 * self.count_young(profile)

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return what the leaders cost, million SEK a year; NaN where the cost of one is not given."""
        if self.leader_ksek is None:
            return float("nan")
        return self.leader_ksek / 1000 * self.leaders_per_1000_youth / 1000 * self.count_young(profile)

"""Employment of foreign-born women (reform 3): programmes that help participants to a job, for some years."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.work import EmploymentProgramme
from segsim.section import RefusedValueError, Share, setting
from segsim.tables import EDUCATIONS, EducationName
from segsim.words.text import Text

Level = Literal["intensive", "matching", "guidance", "mandate"]

GAINS: dict[Level, float] = {"intensive": 15.0, "matching": 8.0, "guidance": 0.0, "mandate": 0.0}
"""Percentage points more of the participants in work, by level (B)."""

COSTS: dict[Level, float] = {"matching": 82.0, "guidance": 35.0}
"""Thousand SEK per participant, from project budgets (grade D: computed); unknown for the other levels."""


class EmploymentForeignBornWomen(Policy):
    """Let women born abroad who are without work take part in a programme.

    Participants are drawn among those eligible in the areas. The effect is stated as percentage points more
    of them in work; it lasts three years and is gone at the end of the fourth.
    """

    TITLE = Text("Employment of foreign-born women", "Arbete för utrikes födda kvinnor")
    MECHANISM = Text(
        en="Women of 20-64 born abroad and without work are drawn to take part. So many more of them as the "
        "effect says come first to jobs that are vacant, for three years; in the fourth these jobs end. Jobs "
        "are no more than before, so others go without one: the effect in the city is smaller than among the "
        "participants. A subsidised job is paid as any other.",
        sv="Kvinnor 20–64 år som är födda utomlands och saknar arbete lottas till insatsen. Så många fler av "
        "dem som effekten anger får förtur till lediga jobb i tre år; under det fjärde upphör dessa jobb. "
        "Jobben blir inte fler, så andra blir utan: effekten i kommunen är mindre än bland deltagarna. Ett "
        "subventionerat jobb betalas som andra.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Intensive (language, practice, matching): 15 percentage points more in work in the first "
            "year (about 30 against 15 %), lasting some years and gone in the fourth, when others have "
            "caught up; clear for men, for women only a tendency; low-educated refugees, few of them. "
            "Matching from the first day: 8 points more in work or study, alike for both sexes, all of "
            "it subsidised jobs. Guidance groups: 0. The mandate alone: no measured effect; set "
            "`effect_pp` to explore. Programmes displace others: full roll-out lowered unemployment by "
            "only 0.2 points; how much smaller the effect is at scale is assumed (`scale_up_factor`, "
            "explore 0 to 1).",
            sv="Intensiv insats (språk, praktik, matchning): 15 procentenheter fler i arbete första året "
            "(omkring 30 mot 15 %), kvar några år och borta det fjärde, då andra hunnit i kapp; tydlig "
            "för män, för kvinnor bara en tendens; lågutbildade flyktingar, få personer. Matchning från "
            "första dagen: 8 procentenheter fler i arbete eller studier, lika för båda könen, allt "
            "subventionerade jobb. Vägledning i grupp: 0. Enbart uppdraget: ingen uppmätt effekt; ange "
            "`effect_pp` för att utforska. Insatser tränger undan andra: i full skala sjönk "
            "arbetslösheten bara 0,2 procentenheter; hur mycket mindre effekten blir i stor skala är ett "
            "antagande (`scale_up_factor`, utforska 0 till 1).",
        ),
        "moderate",
        (
            "Dahlberg, Egebark, Vikman and Özcan 2024, doi 10.1016/j.jebo.2023.11.026",
            "Arbetsförmedlingen 2022, Jämställd etablering",
            "Ramböll, Mirjam (projekteffekter.se)",
            "Cheung, Egebark, Forslund, Laun, Rödin and Vikström 2025, doi 10.1086/726384",
            Text("Crépon and others 2013, QJE 128:531", "Crépon m.fl. 2013, QJE 128:531"),
        ),
    )
    DECIDED_BY = "state"
    COST = Text(
        en="Participants times 82 000 SEK for matching (project budget 2018-2021, evaluation included; "
        "70 000 per person offered) or 35 000 SEK for guidance (2016-2019); not known for the intensive "
        "programme or the mandate.",
        sv="Deltagare gånger 82 000 kronor för matchning (projektbudget 2018–2021 med utvärdering; 70 000 "
        "per erbjuden) eller 35 000 kronor för vägledning (2016–2019); okänd för den intensiva insatsen och "
        "för uppdraget.",
    )
    CHOICES = {
        "intensive": Text(
            "intensive: language, practice and matching", "intensiv: språk, praktik och matchning"
        ),
        "matching": Text("matching from the first day", "matchning från första dagen"),
        "guidance": Text("guidance in groups", "vägledning i grupp"),
        "mandate": Text("the mandate alone", "enbart uppdraget"),
        "lower_secondary": Text("lower secondary", "förgymnasial"),
        "upper_secondary": Text("upper secondary", "gymnasial"),
        "short_post_secondary": Text("short post-secondary", "kort eftergymnasial"),
        "long_post_secondary": Text("long post-secondary", "lång eftergymnasial"),
    }
    NEUTRAL = {"participants_per_1000": 0.0}
    EXAMPLE = {"level": "intensive", "participants_per_1000": 500.0}
    ADDS = "work.programmes"
    SIZE = "participants_per_1000"

    level: Level = setting("What participants get.", "Vad deltagarna får.", "intensive")
    participants_per_1000: float = setting(
        en="Participants a year per 1 000 eligible women in the areas (C).",
        sv="Deltagare per år och 1 000 kvinnor i områdena som kan delta (antagande).",
        default=50.0,
        ge=0,
        le=1000,
    )
    highest_education: EducationName = setting(
        en="Highest education of those who may take part; the intensive programme was tried on the "
        "low-educated.",
        sv="Högsta utbildning hos dem som kan delta; den intensiva insatsen prövades på lågutbildade.",
        default="lower_secondary",
    )
    effect_pp: float | None = setting(
        en="Percentage points more of the participants in work in years one to three; empty means what was "
        "measured for the level (intensive 15, matching 8, guidance 0, mandate 0).",
        sv="Procentenheter fler av deltagarna i arbete år ett till tre; tomt betyder det uppmätta för "
        "insatsen (intensiv 15, matchning 8, vägledning 0, uppdraget 0).",
        default=None,
        ge=0,
        le=100,
    )
    scale_up_factor: Share = setting(
        en="What is left of the effect if all eligible in the city take part; it falls evenly with their "
        "share (C; explore 0 to 1).",
        sv="Vad som är kvar av effekten om alla i kommunen som kan delta gör det; den minskar jämnt med "
        "deras andel (antagande; utforska 0 till 1).",
        default=0.5,
    )

    @property
    def effect(self) -> float:
        """Percentage points more of the participants in work, on a small scale."""
        return GAINS[self.level] if self.effect_pp is None else self.effect_pp

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> EmploymentProgramme | None:
        """Return the programme as the rules of work know it; None where nobody takes part."""
        added = super().provision(areas, profile)
        if not isinstance(added, EmploymentProgramme):
            return None
        return added.model_copy(update={"gain_pp": self.effect})

    @classmethod
    def knows_cost(cls, settings: Mapping[str, Any]) -> bool:
        """Return True: it depends on the level, which `_pays_for_something` looks at."""
        return True

    @model_validator(mode="after")
    def _pays_for_something(self) -> Self:
        is_known = self.level in COSTS or self.unit_cost_ksek is not None or self.cost_msek is not None
        if self.budget_msek is not None and not is_known:
            raise RefusedValueError(
                f"what a participant of level {self.level} costs is not known, so that budget_msek says "
                "nothing of how many take part; give unit_cost_ksek",
                f"vad en deltagare på nivån {self.level} kostar är inte känt, så budget_msek säger inget om "
                "hur många som deltar; ange unit_cost_ksek",
            )
        return self

    @property
    def unit_cost(self) -> float:
        """What a participant costs, thousand SEK; NaN where that is not known."""
        return COSTS.get(self.level, float("nan")) if self.unit_cost_ksek is None else self.unit_cost_ksek

    def count_reached(self, profile: CityProfile) -> float:
        """Return the participants of the first year, all carried out."""
        women = profile.people["foreign_born_women_without_work"][self.areas.rows(profile)]
        eligible = women[:, : EDUCATIONS.index(self.highest_education) + 1].sum()
        return float(self.participants_per_1000 / 1000 * eligible)

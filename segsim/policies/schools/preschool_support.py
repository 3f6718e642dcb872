"""Preschool (reform 5): free places and active recruiting for children of foreign background at 3-5."""

from typing import Literal

import numpy as np

from segsim.policies.evidence import Decider, Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.preschool import PreschoolEffort
from segsim.section import setting
from segsim.tables import EDUCATIONS, Array, EducationName
from segsim.words.text import Text

PLACE_KSEK = 153.2
"""Cost of a preschool place, thousand SEK a year, 2018 (B, Skolverket by the press)."""


class PreschoolSupport(Policy):
    """Enrol more children of foreign background at 3-5, by free places and recruiting or by duty alone."""

    TITLE = Text("Preschool support", "Stöd till förskola")
    MECHANISM = Text(
        en="Free places and active recruiting raise the enrolment of children of foreign background at 3-5. "
        "All of them gain in school achievement by the effects given in the last year before school; it "
        "shows in merit values ten years later, and in studies after that. Who has a place by it studies on "
        "more often, also beyond what better results lead to. The duty to reach out and reserve "
        "places, alone, changes nothing.",
        sv="Avgiftsfria platser och aktiv rekrytering gör att fler barn med utländsk bakgrund går i "
        "förskola vid 3–5 år. Alla dessa barns skolresultat höjs med den effekt som anges under sista året "
        "före skolan. Det syns i meritvärdena tio år senare och därefter i studierna. De som får en plats "
        "genom åtgärden studerar oftare vidare, också utöver vad bättre resultat leder till. Enbart "
        "skyldigheten att söka upp och reservera platser ändrar ingenting.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Free half-day places in Oslo: enrolment 15 per cent higher at 4-5 with active recruiting; "
            "results at 16 higher by about .10 SD for girls and none consistent for boys, over all "
            "eligible. When Norway built out preschool, a place gave .35 years more of education (17 500 "
            "places, 6 200 years; an older time), most to girls and to children of low-educated mothers. A "
            "review finds no clear pattern on tests, but more schooling and work, more so from low-educated "
            "homes. The duty of the law of 2023: no measured effect; set `form: free_place` and "
            "`enrol_effect_rel` to explore.",
            sv="Avgiftsfria halvdagsplatser i Oslo: 15 procent fler inskrivna vid 4–5 år med aktiv "
            "rekrytering. Resultaten vid 16 höjdes med omkring 0,10 SD för flickor och inget entydigt för "
            "pojkar, räknat på alla som kunde delta. När Norge byggde ut förskolan gav en plats 0,35 år "
            "längre utbildning (17 500 platser, 6 200 år; en äldre tid), mest för flickor och för barn till "
            "lågutbildade mödrar. En översikt finner inget tydligt mönster på prov, men längre utbildning "
            "och mer arbete, mer så från lågutbildade hem. Skyldigheten i 2023 års lag: ingen uppmätt "
            "effekt; ange `form: free_place` och `enrol_effect_rel` för att utforska.",
        ),
        "weak",  # foreign studies, one step down
        (
            "Drange and Telle 2015, Labour Economics 34:26",
            "Drange and Telle 2017, doi 10.1007/s00181-016-1091-7",
            "Havnes and Mogstad 2011, AEJ: Economic Policy 3(2)",
            "Dietrichson and others 2018 (IFAU)",
        ),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="Municipalities must reach out to all 3-year-olds not enrolled and reserve a place if the child "
        "or a guardian has been at most five years in Sweden (law 2022:833, from July 2023).",
        sv="Kommunen ska söka upp alla 3-åringar som inte är inskrivna och reservera en plats om barnet "
        "eller en vårdnadshavare varit högst fem år i Sverige (lag 2022:833, från juli 2023).",
    )
    COST = Text(
        en="Places added times 153 200 SEK (a place in 2018, by press reports), by enrolment as it was when "
        "it began; fees forgone and recruiting are not counted.",
        sv="Tillkommande platser gånger 153 200 kronor (en plats 2018, enligt pressen), efter hur många som "
        "var inskrivna när åtgärden började; uteblivna avgifter och rekrytering ingår inte.",
    )
    CHOICES = {
        "free_place": Text("free place and active recruiting", "avgiftsfri plats och aktiv rekrytering"),
        "duty": Text("the duty alone", "enbart skyldigheten"),
        "lower_secondary": Text("lower secondary", "förgymnasial"),
        "upper_secondary": Text("upper secondary", "gymnasial"),
        "short_post_secondary": Text("short post-secondary", "kort eftergymnasial"),
        "long_post_secondary": Text("long post-secondary", "lång eftergymnasial"),
    }
    NEUTRAL = {"form": "duty"}
    EXAMPLE = {"form": "free_place"}
    ADDS = "schools.preschool_efforts"

    form: Literal["free_place", "duty"] = setting("What is done.", "Vad som görs.", "free_place")
    highest_education: EducationName = setting(
        "Highest education of the parents of the children it is for; low-educated homes gained most.",
        "Högsta utbildning hos föräldrarna till barnen den gäller; de med lågutbildade föräldrar vann mest.",
        "long_post_secondary",
    )
    enrol_effect_rel: float = setting(
        "Relative rise of enrolment at 3-5 with free places (B, Oslo, at 4-5); nobody is enrolled twice.",
        "Relativ ökning av andelen inskrivna vid 3–5 år med avgiftsfria platser (Oslo, 4–5 år); högst alla.",
        0.15,
        ge=0,
        le=1,
    )
    girls_sd: float = setting(
        "Rise of school achievement of all eligible girls, SD (B, Oslo).",
        "Höjning av skolresultaten för alla flickor som kan delta, SD (Oslo).",
        0.10,
        ge=-1,
        le=1,
    )
    boys_sd: float = setting(
        "Rise of school achievement of all eligible boys, SD (B, Oslo: none consistent).",
        "Höjning av skolresultaten för alla pojkar som kan delta, SD (Oslo: inget entydigt).",
        0.0,
        ge=-1,
        le=1,
    )

    study_years_per_place: float = setting(
        "Years of education more, results included, of a child who has a place by it (B, Norway, an older "
        "time); 0: results alone lead to studies.",
        "Så många år längre utbildning, resultaten inräknade, för ett barn som får en plats genom åtgärden "
        "(Norge, en äldre tid); 0: bara resultaten leder till studier.",
        0.35,
        ge=0,
        le=5,
    )

    @property
    def decider(self) -> Decider:
        """Who decides: free places the municipality, the duty to reach out the law of the state."""
        return "state" if self.form == "duty" else self.DECIDED_BY

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> PreschoolEffort | None:
        """Return what is done for preschool; None where that changes nothing."""
        share = self.share_in_effect(profile) * (self.form == "free_place")
        if not share:
            return None
        return PreschoolEffort(
            areas=areas,
            highest_education=self.highest_education,
            enrol_effect_rel=share * self.enrol_effect_rel,
            girls_sd=share * self.girls_sd,
            boys_sd=share * self.boys_sd,
            study_years=self.study_years_per_place,
        )

    def count_reached(self, profile: CityProfile) -> float:
        """Return the children of foreign background of 3-5 it is for in the areas when it began."""
        return float(self._count_children(profile)[0])

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return the cost of the places added, million SEK a year."""
        children, enrolled = self._count_children(profile)
        added = min(self.enrol_effect_rel * enrolled, children - enrolled) * (self.form == "free_place")
        return float(added * PLACE_KSEK / 1000)

    def _count_children(self, profile: CityProfile) -> Array:
        """Return how many children it is for, and how many of them are enrolled."""
        children = profile.people["preschool_children"][self.areas.rows(profile)]
        return np.asarray(children[:, : EDUCATIONS.index(self.highest_education) + 1].sum(axis=(0, 1)))

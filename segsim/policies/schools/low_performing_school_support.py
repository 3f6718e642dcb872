"""Support to low-performing schools (reform 6): money by need, with the effect that has been measured."""

import numpy as np

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.schools import SupportTerms
from segsim.tables import Array
from segsim.words.text import Text


class LowPerformingSchoolSupport(Policy, SupportTerms):
    """Give the schools of lowest results or greatest need extra money per pupil."""

    TITLE = Text("Support to low-performing schools", "Stöd till skolor med låga resultat")
    MECHANISM = Text(
        en="More money per pupil means more teachers per pupil, though less experienced ones; results change "
        "only by the effects given.",
        sv="Mer pengar per elev ger fler lärare per elev, om än mindre erfarna; resultaten ändras bara "
        "genom de effekter som anges.",
    )
    EVIDENCE = Evidence(
        Text(
            en="The school equity grant (1 to 8.2 billion SEK a year, 2013/14-2022/23) gave more teachers "
            "and smaller classes, no effect on national tests in grades 3, 6 and 9, and a somewhat narrower "
            "gap in eligibility for upper secondary.",
            sv="Likvärdighetsbidraget (1 till 8,2 miljarder kronor per år, 2013/14–2022/23) gav fler lärare "
            "och mindre klasser, ingen effekt på nationella prov i årskurs 3, 6 och 9 och en något mindre "
            "skillnad i behörighet till gymnasiet.",
        ),
        "strong",
        ("IFAU 2025, likvärdighetsbidraget (Sauermann and Rosenqvist)",),
        near_zero=True,
    )
    DECIDED_BY = "state"
    COST = Text(
        en="The grants: SEK per pupil times the pupils of the schools that would get it when it begins.",
        sv="Bidragen: kronor per elev gånger eleverna i de skolor som skulle få stödet när åtgärden börjar.",
    )
    REACHES = "pupils"
    CHOICES = {
        "merit": Text("lowest merit value", "lägst meritvärde"),
        "need": Text("lowest parental education", "lägst utbildning hos föräldrarna"),
    }
    NEUTRAL = {"sek_per_pupil": 0.0}
    EXAMPLE = {"sek_per_pupil": 20_000.0, "merit_effect_points_per_1000sek": 0.3}
    ADDS = "schools.supports"
    SIZE = "sek_per_pupil"

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return the grants to the schools that would get them when the policy began, in million SEK."""
        pupils = self._pupils_by_need(profile)
        n = round(self.share_of_schools * pupils.size)
        grant = self.sek_per_pupil * (1 - np.arange(n) / max(n, 1))
        return float((grant * pupils[:n]).sum() / 1e6)

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many pupils went to the schools that would get it when the policy began."""
        pupils = self._pupils_by_need(profile)
        return float(pupils[: round(self.share_of_schools * pupils.size)].sum())

    def _pupils_by_need(self, profile: CityProfile) -> Array:
        """Return the pupils of the schools in the areas, the school in greatest need first."""
        schools = profile.schools
        measure = schools.published_merit if self.criterion == "merit" else schools.ses
        ranked = np.isin(schools.area, self.areas.rows(profile)) & ~np.isnan(measure)
        return np.asarray(schools.pupils[ranked][np.argsort(measure[ranked], kind="stable")])

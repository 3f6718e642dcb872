"""Support to low-performing schools (reform 6): money by need, with the effect that has been measured."""

from typing import Any, ClassVar, Literal

import numpy as np

from segsim.policies.policy import Decider, Evidence, Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.rules.schools import SchoolSupport, SupportTerms
from segsim.tables import Array


class LowPerformingSchoolSupport(Policy, SupportTerms):
    """Give the schools of lowest results or greatest need extra money per pupil."""

    TITLE: ClassVar[str] = "Support to low-performing schools"
    TITLE_SV: ClassVar[str] = "Stöd till skolor med låga resultat"
    MECHANISM: ClassVar[str] = (
        "More money per pupil means more teachers per pupil, though less experienced ones; results change "
        "only by the effects given."
    )
    EVIDENCE: ClassVar[Evidence] = Evidence(
        "The school equity grant (1 to 8.2 billion SEK a year, 2013/14-2022/23) gave more teachers and "
        "smaller classes, no effect on national tests in grades 3, 6 and 9, and a somewhat narrower gap in "
        "eligibility for upper secondary.",
        "strong",
        ("IFAU 2025, likvärdighetsbidraget (Sauermann and Rosenqvist)",),
        near_zero=True,
    )
    DECIDED_BY: ClassVar[Decider] = "state"
    NEUTRAL: ClassVar[dict[str, Any]] = {"sek_per_pupil": 0.0}

    kind: Literal["low_performing_school_support"] = "low_performing_school_support"

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Add the support to the school rules."""
        areas = tuple(self.areas.rows(profile).tolist())
        if not areas or self.sek_per_pupil == 0:
            return rules
        terms = {name: getattr(self, name) for name in SupportTerms.model_fields}
        terms["sek_per_pupil"] *= self.compliance
        support = SchoolSupport(areas=areas, **terms)
        schools = rules.schools.model_copy(update={"supports": (*rules.schools.supports, support)})
        return rules.model_copy(update={"schools": schools})

    def estimated_cost(self, profile: CityProfile) -> float:
        """Return the grants to the schools that would get them when the policy began, in million SEK."""
        pupils = self._pupils_by_need(profile)
        n = round(self.share_of_schools * pupils.size)
        grant = self.sek_per_pupil * self.compliance * (1 - np.arange(n) / max(n, 1))
        return float((grant * pupils[:n]).sum() / 1e6)

    def reached(self, profile: CityProfile) -> int:
        """Return how many pupils went to the schools that would get it when the policy began."""
        pupils = self._pupils_by_need(profile)
        return int(pupils[: round(self.share_of_schools * pupils.size)].sum())

    def _pupils_by_need(self, profile: CityProfile) -> Array:
        """Return the pupils of the schools in the areas, the school in greatest need first."""
        schools = profile.schools
        there = np.isin(schools.area, self.areas.rows(profile))
        measure = schools.published_merit if self.criterion == "merit" else schools.ses
        known = there & ~np.isnan(measure)
        return np.asarray(schools.pupils[known][np.argsort(measure[known], kind="stable")])

"""Alignment of schools with housing plans: catchments and seats follow where homes are built."""

from segsim.policies.amending import add_provision
from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.policies.scope import choose_part
from segsim.rules import Rules
from segsim.rules.school_plans import MIXED_TRAITS, MixingTerms, RedrawTerms, SeatPlan
from segsim.section import setting
from segsim.words.text import Text


class PlanAlignment(Policy, MixingTerms):
    """Let schools' catchments and seats follow the plans for homes."""

    TITLE = Text("Schools aligned with housing plans", "Skolor i takt med bostadsplaner")
    MECHANISM = Text(
        en="The year after homes are completed, their area is given to the municipal school near by that "
        "makes schools most alike, and that school gets seats for the children expected, as many to a home "
        "as in the city. Each year the areas are counted where plans and schools pull apart: too few seats, "
        "or a school that differs much from others.",
        sv="Året efter att bostäder blivit färdiga får deras område den kommunala skola i närheten som gör "
        "skolorna mest lika, och den skolan får platser för de barn som väntas, lika många per bostad som i "
        "kommunen. Varje år räknas de områden där planer och skolor drar åt olika håll: för få platser, "
        "eller en skola som skiljer sig mycket från andra.",
    )
    EVIDENCE = Evidence(
        Text(
            en="That the administrations of housing and schools should strive for the same goals is said by "
            "many; no measured effect was found. What the run gives is the model's own.",
            sv="Att förvaltningarna för bostäder och skolor bör sträva mot samma mål sägs av många; ingen "
            "uppmätt effekt har hittats. Det körningen visar är modellens eget.",
        ),
        "none",
        (),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="A child has a right to a municipal school near home when others ask for the same seats "
        "(Education Act 9:15, 10:30). Plans for homes and schools are decided by the same council.",
        sv="Ett barn har rätt till en kommunal skola nära hemmet när andra vill ha samma platser (9 kap. "
        "15 § och 10 kap. 30 § skollagen). Samma kommunfullmäktige beslutar planer för bostäder och skolor.",
    )
    REACHES = None
    CHOICES = MIXED_TRAITS
    NEUTRAL = {"catchments": False, "seats": False}
    EXAMPLE = {"max_extra_km": 20.0}
    EXAMPLE_BESIDE = {"new_construction": {"dwellings_per_year": 40.0}}

    catchments: bool = setting(
        "Whether the areas with new homes are given to another school.",
        "Om områden med nya bostäder får en annan skola.",
        default=True,
    )
    seats: bool = setting(
        "Whether their schools get seats for the children expected.",
        "Om deras skolor får platser för de barn som väntas.",
        default=True,
    )

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with what schools do where homes are completed in the areas."""
        areas, share = tuple(self.areas.rows(profile).tolist()), self.share_in_effect(profile)
        if not areas or not share or not (self.catchments or self.seats):
            return rules
        # also without seats, so that conflicts are counted
        rules = add_provision(rules, "schools.seat_plans", SeatPlan(areas=areas, share=share * self.seats))
        chosen = choose_part(areas, profile, share)
        if not self.catchments or not chosen or self.max_extra_km == 0:
            return rules
        redraw = RedrawTerms(areas=chosen, trait=self.trait, max_extra_km=self.max_extra_km, where_built=True)
        return add_provision(rules, "schools.catchments", redraw)

    def count_reached(self, profile: CityProfile) -> float:
        """Return NaN, for nobody knows where homes will be completed; 0 where there is no area."""
        return float("nan") if self.areas.rows(profile).size else 0.0

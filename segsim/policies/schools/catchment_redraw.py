"""Catchment redraw: areas are given to schools so that these mix more alike."""

from segsim.ages import SCHOOL_AGES
from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.policies.scope import choose_part
from segsim.rules.school_plans import MIXED_TRAITS, MixingTerms, RedrawTerms
from segsim.section import setting
from segsim.words.text import Text


class CatchmentRedraw(Policy, MixingTerms):
    """Draw the catchments of municipal schools anew, whole areas at a time."""

    TITLE = Text("Redrawn catchments", "Omritade upptagningsområden")
    MECHANISM = Text(
        en="Each area is given to the municipal school, not much farther away than the nearest, that makes "
        "schools most alike, as long as it has seats. Children of the area have it as their school unless "
        "their guardians choose another, and come first there after siblings. Who chooses, goes to an "
        "independent school or moves weakens it. When it ends, the nearest school counts again.",
        sv="Varje område får den kommunala skola, inte mycket längre bort än den närmaste, som gör skolorna "
        "mest lika, så länge den har platser. Områdets barn får den skolan om vårdnadshavarna inte väljer en "
        "annan, och går före där, efter syskon. Den som väljer, går i en fristående skola eller flyttar "
        "försvagar effekten. När åtgärden slutar gäller den närmaste skolan igen.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect of redrawn catchments was found; what the run gives is the model's own. "
            "By estimated preferences another rule of priority lowers the between-school share of the "
            "variance in socio-economic status by 8.5 per cent (lottery) or 20 per cent (affirmative "
            "action); an agent model of Stockholm finds about 1 per cent either way.",
            sv="Ingen uppmätt effekt av omritade upptagningsområden har hittats; det körningen visar är "
            "modellens eget. Med skattade preferenser sänker en annan prioritet andelen av variansen i "
            "socioekonomisk status som ligger mellan skolor med 8,5 procent (lottning) eller 20 procent "
            "(kvotering); en agentmodell för Stockholm finner omkring 1 procent åt endera hållet.",
        ),
        "none",
        (
            "Kessel and Olme 2018",
            Text("Johansson 2022, Linköping (thesis)", "Johansson 2022, Linköping (uppsats)"),
        ),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="A child has a right to a municipal school near home when others ask for the same seats "
        "(Education Act 9:15, 10:30; HFD 2015 ref. 50 asks for relative proximity). How far from the nearest "
        "school a catchment may lie is not settled; `max_extra_km` is the limit here.",
        sv="Ett barn har rätt till en kommunal skola nära hemmet när andra vill ha samma platser (9 kap. "
        "15 § och 10 kap. 30 § skollagen; HFD 2015 ref. 50 förordar relativ närhet). Hur långt från den "
        "närmaste skolan ett upptagningsområde får ligga är inte avgjort; här är `max_extra_km` gränsen.",
    )
    REACHES = "pupils"
    CHOICES = MIXED_TRAITS
    NEUTRAL = {"max_extra_km": 0.0}
    EXAMPLE = {"max_extra_km": 20.0}
    ADDS = "schools.catchments"

    every_years: int = setting(
        "Years between redraws, as people move; 0: drawn once (C).",
        "År mellan omritningar, eftersom folk flyttar; 0: ritas en gång (antagande).",
        0,
        ge=0,
        le=100,
    )

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> RedrawTerms | None:
        """Return the redraw as the rules of schools know it; None where the nearest school is kept."""
        chosen = choose_part(areas, profile, self.share_in_effect(profile))
        if not chosen or self.max_extra_km == 0:
            return None
        return RedrawTerms(
            areas=chosen,
            trait=self.trait,
            max_extra_km=self.max_extra_km,
            every_years=self.every_years,
            first_year=profile.began + self.lag_years,
        )

    def count_reached(self, profile: CityProfile) -> float:
        """Return the children of school age in the areas when it began."""
        rows = self.areas.rows(profile)
        return float(profile.ages[rows, SCHOOL_AGES[0] : SCHOOL_AGES[1] + 1].sum())

"""Penalties for attacks on blue-light services (reform 1): a law that is felt only if it deters."""

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.neighbourhood import AreaSupport
from segsim.section import setting
from segsim.words.text import Text


class BlueLightPenalties(Policy):
    """Raise the penalty for attacks on police, ambulance and fire brigade."""

    TITLE = Text("Penalties for attacks on blue-light services", "Skärpta straff för angrepp på blåljus")
    MECHANISM = Text(
        en="A longer penalty deters by the elasticity given, fewer attacks make the areas feel safer by the "
        "gain given; both are 0 unless set. Nothing else changes.",
        sv="Längre straff avskräcker med den elasticitet som anges, och färre angrepp gör områdena tryggare "
        "med den effekt som anges; båda är 0 om inget anges. Inget annat ändras.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect; set `deterrence_elasticity`, `base_attacks_per_100k` and "
            "`safety_gain_sd_per_10_attacks` to explore.",
            sv="Ingen uppmätt effekt; ange `deterrence_elasticity`, `base_attacks_per_100k` och "
            "`safety_gain_sd_per_10_attacks` för att utforska.",
        ),
        "none",
        (),
    )
    DECIDED_BY = "state"
    LEGAL = Text(
        en="A penalty is set by parliament and holds in the whole country.",
        sv="Straff bestäms av riksdagen och gäller i hela landet.",
    )
    FADES = True
    NEUTRAL = {"deterrence_elasticity": 0.0}
    EXAMPLE = {
        "deterrence_elasticity": -0.5,
        "base_attacks_per_100k": 50.0,
        "safety_gain_sd_per_10_attacks": 0.2,
    }
    ADDS = "neighbourhood.supports"

    penalty_rise: float = setting(
        "How much longer the penalty becomes, as a share of today's (C).",
        "Hur mycket längre straffet blir, som andel av dagens (antagande).",
        0.5,
        ge=0,
        le=10,
    )
    deterrence_elasticity: float = setting(
        "Per cent more attacks per per cent longer penalty, so negative if it deters; 0: not measured.",
        "Procent fler angrepp per procent längre straff, alltså negativ om straffet avskräcker; 0: inget är "
        "uppmätt.",
        0.0,
        ge=-2,
        le=0,
    )
    base_attacks_per_100k: float = setting(
        "Attacks a year per 100 000 residents before; set by the user, 0 if not known.",
        "Angrepp per år och 100 000 invånare före åtgärden; anges av användaren, 0 om det inte är känt.",
        0.0,
        ge=0,
        le=10_000,
    )
    safety_gain_sd_per_10_attacks: float = setting(
        "Felt safety in the long run, SD, per 10 attacks fewer a year and 100 000 residents; 0: not "
        "measured.",
        "Upplevd trygghet på lång sikt, SD, per 10 färre angrepp om året och 100 000 invånare; 0: inte "
        "uppmätt.",
        0.0,
        ge=0,
        le=2,
    )

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> AreaSupport | None:
        """Return the safety that fewer attacks add; None where there are no fewer."""
        avoided = self.base_attacks_per_100k * (1 - (1 + self.penalty_rise) ** self.deterrence_elasticity)
        safety = self.share_in_effect(profile) * self.safety_gain_sd_per_10_attacks * avoided / 10
        return AreaSupport(areas=areas, safety=safety) if safety else None

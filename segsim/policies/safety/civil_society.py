"""Civil society against extremism (reform 9): grants to associations, with no measured effect."""

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.section import setting
from segsim.words.text import Text


class CivilSociety(Policy):
    """Give grants to associations that work against violent extremism."""

    TITLE = Text("Civil society against extremism", "Civilsamhället mot våldsbejakande extremism")
    MECHANISM = Text(
        en="Money only: the grants are paid and nothing else in the model changes, unless an effect on felt "
        "safety is set to explore.",
        sv="Bara pengar: bidragen betalas ut och inget annat i modellen ändras, om inte en effekt på den "
        "upplevda tryggheten anges för att utforskas.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect; set `safety` to explore. No evaluation of what came of the grants was "
            "found.",
            sv="Ingen uppmätt effekt; ange `safety` för att utforska. Ingen utvärdering av vad bidragen "
            "ledde till har hittats.",
        ),
        "none",
        (),
    )
    DECIDED_BY = "state"
    COST = Text(
        en="The grants themselves: `grants_msek` a year.", sv="Bidragen själva: `grants_msek` per år."
    )
    REACHES = None
    FADES = True
    NEUTRAL = {"safety": 0.0}
    EXAMPLE = {"grants_msek": 1.0, "safety": 0.5}
    ADDS = "neighbourhood.supports"
    SIZE = "safety"

    grants_msek: float = setting(
        "Grants, million SEK a year (C).",
        "Bidrag, miljoner kronor per år (antagande).",
        1.0,
        ge=0,
        le=10_000,
    )
    safety: float = setting(
        "Felt safety in the areas in the long run, SD; 0: not measured.",
        "Upplevd trygghet i områdena på lång sikt, SD; 0: inte uppmätt.",
        0.0,
        ge=0,
        le=3,
    )

    def count_reached(self, profile: CityProfile) -> float:
        """Return NaN, for nobody knows whom the associations reach; 0 where there is no area."""
        return float("nan") if self.areas.rows(profile).size else 0.0

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return the grants, million SEK a year; nothing where there is no area."""
        return self.grants_msek * bool(self.areas.rows(profile).size)

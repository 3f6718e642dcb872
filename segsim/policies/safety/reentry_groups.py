"""Re-entry groups (reform 4): support to people leaving prison, and what fewer relapses may do for safety."""

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.section import Share, setting
from segsim.words.text import Text


class ReentryGroups(Policy):
    """Gather the authorities around people who come back to the areas from prison."""

    TITLE = Text("Re-entry groups", "Inslussgrupper")
    MECHANISM = Text(
        en="Clients relapse into crime as often as others who leave prison, times the relative risk given, "
        "which is 1 unless set. Felt safety in the areas rises with fewer relapses only by the effect given, "
        "which is 0 unless set.",
        sv="Klienterna återfaller i brott lika ofta som andra som lämnar fängelse, gånger den relativa risk "
        "som anges, 1 om inget anges. Den upplevda tryggheten i områdena ökar med färre återfall bara med "
        "den effekt som anges, 0 om inget anges.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect; set `relative_risk` and `safety_per_relapse` to explore. The groups had "
            "too few clients; in Göteborg they worked well for 15. No effect on relapses is estimated. "
            "About 40 per cent of those who leave prison relapse.",
            sv="Ingen uppmätt effekt; ange `relative_risk` och `safety_per_relapse` för att utforska. "
            "Grupperna hade för få klienter; i Göteborg fungerade de väl för 15. Ingen effekt på "
            "återfall är skattad. Omkring 40 procent av dem som lämnar fängelse återfaller.",
        ),
        "none",
        ("Brå 2020:15", "SOU 2024:54"),
    )
    DECIDED_BY = "state"
    FADES = True
    NEUTRAL = {"clients_per_year": 0.0}
    EXAMPLE = {"clients_per_year": 50.0, "relative_risk": 0.5, "safety_per_relapse": 0.1}
    ADDS = "neighbourhood.reentry_groups"
    SIZE = "clients_per_year"

    clients_per_year: float = setting(
        "Clients a year in the areas together.",
        "Klienter per år i områdena sammanlagt.",
        ge=0,
        le=10_000,
    )
    base_recidivism: Share = setting(
        "Share of those who leave prison who relapse into crime (B, SOU 2024:54).",
        "Andel av dem som lämnar fängelse som återfaller i brott (SOU 2024:54).",
        0.40,
    )
    relative_risk: float = setting(
        "Relapses among clients over those among others who leave prison; 1: no measured effect.",
        "Återfall bland klienterna i förhållande till andra som lämnar fängelse; 1: ingen uppmätt effekt.",
        1.0,
        ge=0,
        le=2,
    )
    safety_per_relapse: float = setting(
        "Felt safety in the long run, SD, for each relapse fewer a year per 1 000 residents; 0: not "
        "measured.",
        "Upplevd trygghet på lång sikt, SD, för varje återfall färre per år och 1 000 invånare; 0: inte "
        "uppmätt.",
        0.0,
        ge=0,
        le=3,
    )

    def count_reached(self, profile: CityProfile) -> float:
        """Return the clients of a year; nobody where there is no area."""
        return self.clients_per_year * bool(self.areas.rows(profile).size)

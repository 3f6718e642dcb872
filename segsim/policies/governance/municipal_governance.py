"""Governance: how much of the money the municipality can use, and whether it goes on after an election."""

from segsim.policies.city_wide import CityWide
from segsim.policies.evidence import Evidence
from segsim.policies.profile import CityProfile
from segsim.section import Share, setting
from segsim.words.text import Text


class MunicipalGovernance(CityWide):
    """Say how well the municipality carries out its other policies, and how long it holds on to them."""

    TITLE = Text("Governance of the municipality's work", "Styrning av kommunens arbete")
    MECHANISM = Text(
        en="Of the budgets of the policies that the municipality decides, and of the programme's purse, so "
        "large a share can be used; less is then carried out. At each election every such policy is drawn "
        "to go on or to end with the year; the programme goes on or ends as one.",
        sv="Av budgeten för de åtgärder som kommunen beslutar om, och av programmets kassa, hinner så stor "
        "andel användas; annars genomförs mindre. Vid varje val lottas om varje sådan åtgärd fortsätter "
        "eller upphör med året; programmet fortsätter eller upphör som helhet.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect. That work placed directly under the municipal board gets more resources "
            "and coordination, and that broad agreement makes it last, is a claim. Set `used_share` and "
            "`continuation` to explore: .8 under the board and .6 under a department is an assumption.",
            sv="Ingen uppmätt effekt. Att arbete direkt under kommunstyrelsen får mer resurser och bättre "
            "samordning, och att bred enighet gör att det varar, är ett påstående. Ange `used_share` "
            "och `continuation` för att utforska: 0,8 under kommunstyrelsen och 0,6 under en förvaltning är "
            "ett antagande.",
        ),
        "none",
        (),
    )
    DECIDED_BY = "municipality"
    REACHES = None
    NEUTRAL = {}
    EXAMPLE = {"continuation": 0.0, "first_election": 2023}
    EXAMPLE_BESIDE = {"new_construction": {"dwellings_per_year": 40}}
    SETS = "governance"

    continuation: Share | None = setting(
        "Probability that a policy goes on after an election (.8 under the board, .6 under a department: "
        "assumed). Empty: all go on.",
        "Sannolikhet att en åtgärd fortsätter efter ett val (0,8 under kommunstyrelsen, 0,6 under en "
        "förvaltning: antagande). Tomt: alla fortsätter.",
        None,
    )
    used_share: Share | None = setting(
        "Share of budgets that can be used. Empty: all.",
        "Andel av budgeten som hinner användas. Tomt: allt.",
        None,
    )
    first_election: int | None = setting(
        "An election year. Empty: 2026, and every fourth year before and after.",
        "Ett valår. Tomt: 2026, och vart fjärde år före och efter.",
        None,
        ge=1800,
        le=3000,
    )
    election_every: int | None = setting(
        "Years between elections. Empty: four.", "År mellan valen. Tomt: fyra.", None, ge=1, le=50
    )

    def count_reached(self, profile: CityProfile) -> float:
        """Return NaN: it reaches people through other policies."""
        return float("nan")

"""Public service offices (reform 8): where the state's offices stand, and who has one within reach."""

import numpy as np

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.neighbourhood import AreaSupport
from segsim.section import setting
from segsim.tables import Array
from segsim.words.text import Text


class PublicServiceOffice(Policy):
    """Open service offices of the state in some areas."""

    TITLE = Text("Public service offices", "Servicekontor")
    MECHANISM = Text(
        en="Offices stand at the population centres of the areas with the greatest challenges among those "
        "chosen; residents within reach are counted, by origin too. The service level changes only by the "
        "effect given. So does employment: news of jobs reaches more of those who seek work where there is "
        "an office. Jobs are no more than before.",
        sv="Kontoren ligger mitt i de av de valda områdena som har störst utmaningar; invånarna inom "
        "räckhåll räknas, också efter ursprung. Servicenivån ändras bara med den effekt som anges. Detsamma "
        "gäller sysselsättningen: fler arbetssökande i områden med kontor får veta om lediga jobb. Jobben "
        "blir inte fler.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect on service, trust or employment; set `service_effect_sd` or "
            "`employment_effect_pp` to explore. The inquiry of 2020 proposed 28 new offices, 11 of them in "
            "exposed areas; an office had about 17 800 visits in 2023. Offices are closing again from 2025.",
            sv="Ingen uppmätt effekt på service, tillit eller sysselsättning; ange `service_effect_sd` "
            "eller `employment_effect_pp` för att utforska. Utredningen 2020 föreslog 28 nya kontor, varav "
            "11 i utsatta områden; ett kontor hade omkring 17 800 besök 2023. Från 2025 läggs kontor ned "
            "igen.",
        ),
        "none",
        (Text("Ds 2020:29; National Government Service Centre", "Ds 2020:29; Statens servicecenter"),),
    )
    DECIDED_BY = "state"
    COST = Text(
        en="Offices times `office_msek`: about 4.3 million SEK a year and office (2025, a crude figure: the "
        "cut of 150 million over 35 closed offices).",
        sv="Antal kontor gånger `office_msek`: omkring 4,3 miljoner kronor per kontor och år (2025, grovt "
        "räknat: nedskärningen på 150 miljoner delad med 35 stängda kontor).",
    )
    REACHES = "near"
    NEUTRAL = {"offices": 0}
    EXAMPLE = {"offices": 2, "service_effect_sd": 0.5}
    ADDS = "neighbourhood.supports"

    offices: int = setting(
        "Offices, one in each of the areas with the greatest challenges among those chosen.",
        "Antal kontor, ett i vart och ett av de valda områden som har störst utmaningar.",
        1,
        ge=0,
        le=1000,
    )
    reach_km: float = setting(
        "Kilometres as the crow flies within which a resident has an office within reach (C).",
        "Kilometer fågelvägen inom vilka en invånare har ett kontor inom räckhåll (antagande).",
        2.0,
        gt=0,
        le=100,
    )
    office_msek: float = setting(
        "Cost of an office, million SEK a year (computed, crude, 2025).",
        "Kostnad för ett kontor, miljoner kronor per år (grovt räknat, 2025).",
        4.3,
        ge=0,
        le=100,
    )
    service_effect_sd: float = setting(
        "Service level in the areas with an office, SD; 0: not measured.",
        "Servicenivå i områdena med kontor, SD; 0: inte uppmätt.",
        0.0,
        ge=0,
        le=3,
    )

    employment_effect_pp: float = setting(
        "Percentage points more of the labour force in work in the areas with an office, in the long run; 0: "
        "not measured.",
        "Procentenheter fler av arbetskraften i arbete i områdena med kontor, på sikt; 0: inte uppmätt.",
        0.0,
        ge=0,
        le=20,
    )

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> AreaSupport | None:
        """Return the offices; None where there is none."""
        # a part of the offices is some of them, never all of them in part
        placed = self.place_offices(profile, self.share_in_effect(profile))
        if not placed.size:
            return None
        return AreaSupport(
            areas=tuple(placed.tolist()),
            office_km=self.reach_km,
            service=self.service_effect_sd,
            employment=self.employment_effect_pp / 100,
        )

    def place_offices(self, profile: CityProfile, share: float = 1.0) -> Array:
        """Return the areas with an office, those with the greatest challenges first."""
        areas = self.areas.rows(profile)
        return np.asarray(
            areas[np.argsort(-profile.index[areas], kind="stable")][: round(share * self.offices)]
        )

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many lived within reach of an office when the policy began."""
        cells, placed = profile.cells, self.place_offices(profile)
        x, y = profile.x[placed], profile.y[placed]
        away = np.hypot(cells.x[:, None] - x, cells.y[:, None] - y)
        return float(cells.residents[(away <= 1000 * self.reach_km).any(axis=1)].sum())

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return what the offices cost, million SEK a year."""
        return self.office_msek * self.place_offices(profile).size

"""Police cooperation (reform 2): more police in some areas, and what the police list does to prices there."""

from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules.neighbourhood import AreaSupport
from segsim.section import setting
from segsim.words.text import Text

HUNDRED_SEK_IN_MSEK = 1e-4


class PoliceCooperation(Policy):
    """Add police employees who work with the municipality in some areas."""

    TITLE = Text("Police cooperation", "Polis i samverkan")
    MECHANISM = Text(
        en="More police per resident add felt safety by the gain given, which is 0 unless set; safer areas "
        "are more sought after. Residential burglary falls as it was found to do with more police, and "
        "prices of owned and cooperative homes answer to that. If the areas are put on the police list, "
        "owned and cooperative homes there lose in price. That the educated leave sooner when safety falls "
        "is a preference of the scenario, none unless set.",
        sv="Fler poliser per invånare ökar den upplevda tryggheten med den effekt som anges, 0 om inget "
        "anges. Tryggare områden blir mer eftersökta. Bostadsinbrotten minskar så som de visat sig göra med "
        "fler poliser, och priset på ägda bostäder och bostadsrätter svarar på det. Om områdena förs upp på "
        "polisens lista sjunker priset på ägda bostäder och bostadsrätter där. Att högutbildade flyttar "
        "tidigare när tryggheten sjunker är en preferens i scenariot, ingen om den inte anges.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect of the cooperation on felt safety or on who moves; set "
            "`safety_gain_sd_per_100sek`, or the preference `exit_weight_safety`, to explore. In Malmö "
            "shootings fell during the group violence intervention, but the fall cannot be attributed to "
            "it. Ten per cent more police goes with about 2 per cent less residential burglary (145 "
            "municipalities), and one per cent less of it with .2 per cent higher prices of flats "
            "(Stockholm, where crime in all showed next to no effect); both small here. A third of the local "
            "police districts did not reach one area officer per 5 000 residents, so that compliance .67 is "
            "realistic. The police list: prices 4 to 6 per cent lower within six years; out-migration "
            "unaffected, in-migration slightly up.",
            sv="Ingen uppmätt effekt av samverkan på upplevd trygghet eller på vilka som flyttar; ange "
            "`safety_gain_sd_per_100sek`, eller preferensen `exit_weight_safety`, för att utforska. I Malmö "
            "minskade skjutningarna under Sluta skjut, men minskningen kan inte tillskrivas insatsen. Tio "
            "procent fler poliser hör ihop med omkring 2 procent färre bostadsinbrott (145 kommuner), och "
            "en procent färre sådana med 0,2 procent högre priser på lägenheter (Stockholm, där brott "
            "sammantaget nästan inte hade någon effekt); båda är små här. En tredjedel av "
            "lokalpolisområdena nådde inte en områdespolis per 5 000 invånare, så compliance 0,67 är "
            "realistiskt. Polisens lista: 4 till 6 procent lägre priser inom sex år, oförändrad utflyttning, "
            "något större inflyttning.",
        ),
        "weak",
        (
            "Ivert and Mellgren 2021 (Brå)",
            Text(
                "More police – less crime? (145 municipalities 2001-12)",
                "More police – less crime? (145 kommuner 2001–12)",
            ),
            "Ceccato and Wilhelmsson 2011, Geografiska Annaler B 93:81",
            "Andersson and others 2023, Ekonomisk Debatt",
            "Kawalerowicz 2026 (conference abstract)",
            Text("Swedish National Audit Office, RiR 2020:20", "Riksrevisionen, RiR 2020:20"),
        ),
    )
    DECIDED_BY = "state"
    LEGAL = Text(
        en="That the Police Authority decides where its employees work, and the municipality can only agree "
        "with it on what they do together, is assumed.",
        sv="Att Polismyndigheten avgör var dess anställda arbetar, och att kommunen bara kan komma överens "
        "med den om vad de gör tillsammans, är ett antagande.",
    )
    COST = Text(
        en="Employees times `employee_msek`: .90 million SEK a year and police employee (budget over "
        "employees, both by press reports of 2021).",
        sv="Antal anställda gånger `employee_msek`: 0,90 miljoner kronor per år och polisanställd (budget "
        "delad med antalet anställda, båda enligt pressen, 2021).",
    )
    FADES = True
    NEUTRAL = {"employees": 0.0}
    EXAMPLE = {"employees": 5.0, "safety_gain_sd_per_100sek": 0.1, "listed": True}
    ADDS = "neighbourhood.supports"

    employees: float = setting(
        "Police employees added in the areas together; 11 cost about 10 million SEK a year (C).",
        "Polisanställda som tillkommer i områdena sammanlagt; 11 kostar omkring 10 miljoner kronor per år "
        "(antagande).",
        11.0,
        ge=0,
        le=10_000,
    )
    employee_msek: float = setting(
        "Cost of a police employee, million SEK a year (computed, 2021).",
        "Kostnad för en polisanställd, miljoner kronor per år (beräknad, 2021).",
        0.90,
        ge=0,
        le=10,
    )
    safety_gain_sd_per_100sek: float = setting(
        "Felt safety in the long run, SD, per 100 SEK a year and resident; 0: not measured, .05 to .1 to "
        "explore (C).",
        "Upplevd trygghet på lång sikt, SD, per 100 kronor om året och invånare; 0: inte uppmätt, 0,05 till "
        "0,1 att utforska (antagande).",
        0.0,
        ge=0,
        le=1,
    )
    police_per_1000: float = setting(
        "Police employees per 1 000 residents without it (34 000 in a nation of 10.4 million, 2021: "
        "computed).",
        "Polisanställda per 1 000 invånare utan åtgärden (34 000 i ett land med 10,4 miljoner, 2021: "
        "beräknat).",
        3.3,
        gt=0,
        le=100,
    )
    burglary_elasticity_police: float = setting(
        "Change of residential burglary, per cent, per per cent more police (B, weak).",
        "Förändring av bostadsinbrotten, i procent, per procent fler poliser (svagt underlag).",
        -0.2,
        ge=-2,
        le=0,
    )
    price_elasticity_burglary: float = setting(
        "Change of prices of owned and cooperative homes in the long run, per cent, per per cent more "
        "residential burglary (B, weak; measured for flats).",
        "Förändring på sikt av priset på ägda bostäder och bostadsrätter, i procent, per procent fler "
        "bostadsinbrott (svagt underlag; uppmätt för lägenheter).",
        -0.2,
        ge=-2,
        le=0,
    )
    listed: bool = setting(
        "The areas are on the police list of exposed areas while the policy lasts, and were not before.",
        "Områdena står på polisens lista över utsatta områden så länge åtgärden varar, men inte "
        "dessförinnan.",
        default=False,
    )
    price_effect_listed: float = setting(
        "What listing does in the long run to prices of owned and cooperative homes, as a share (B, -.04 to "
        "-.06).",
        "Vad listningen på sikt gör med priset på ägda bostäder och bostadsrätter, som andel (-0,04 till "
        "-0,06).",
        -0.05,
        ge=-0.5,
        le=0,
    )

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> AreaSupport | None:
        """Return what police and listing do to safety and prices in the areas; None where that is nothing."""
        residents = max(float(profile.residents[list(areas)].sum()), 1.0)
        share, hundreds = (
            self.share_in_effect(profile),
            self.full_cost(profile) / residents / HUNDRED_SEK_IN_MSEK,
        )
        safety = share * self.safety_gain_sd_per_100sek * hundreds
        # an area is on the list or not, never in part, and off it when the policy has ended
        lasts = self.until is None or profile.year <= self.until + self.lag_years
        price = self.price_effect_listed * (self.listed and share > 0 and lasts)
        more_police = share * self.employees / (self.police_per_1000 * residents / 1000)
        gain = min(self.price_elasticity_burglary * self.burglary_elasticity_police * more_police, 0.5)
        if not (safety or price or gain):
            return None
        return AreaSupport(areas=areas, safety=safety, listed_price=price, crime_price=gain)

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return the cost of the employees, million SEK a year; nothing where there is no area."""
        return self.employees * self.employee_msek * bool(self.areas.rows(profile).size)

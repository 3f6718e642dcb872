"""Rent setting: utility value as today, another rent in new building, or a soft market in the stock."""

from typing import Any, Literal

from segsim.policies.city_wide import CityWide
from segsim.policies.evidence import Decider, Evidence
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.section import setting
from segsim.words.text import Text

RentRegime = Literal["utility_value", "presumption", "soft_market"]


class RentSetting(CityWide):
    """Let rents be set by utility value, by presumption in new building, or approach the market's."""

    TITLE = Text("Rent setting", "Hyressättning")
    MECHANISM = Text(
        en="Under a soft market all rents rise in equal steps to a market's level, and stay there. Under "
        "presumption rents those of new dwellings are agreed apart from the stock's. Higher rents ask for "
        "higher incomes and weigh on those who stay: income sorts more, the queue less.",
        sv="Med friare hyror stiger alla hyror i lika steg till en marknads nivå och blir kvar där. Med "
        "presumtionshyra förhandlas hyrorna i nya bostäder skilt från beståndets. Högre hyror kräver högre "
        "inkomst och tynger dem som bor kvar: inkomsten sorterar mer, kön mindre.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Levels only; how people sort under market rents is not estimated: no measured effect, what "
            "the run gives is the model's own. A consultant's hedonic reckoning from cooperative prices "
            "puts market rents above today's by about 50 % in Stockholm (the average is disputed), 32-50 % "
            "in Göteborg, 31 % in Halmstad, 24 % in Helsingborg and 11 % in Kristianstad. New rents are 66 "
            "% above the stock's.",
            sv="Bara nivåer; hur människor sorteras med marknadshyror är inte skattat: ingen uppmätt "
            "effekt, det körningen visar är modellens eget. En konsults hedoniska beräkning från "
            "bostadsrättspriser lägger marknadshyran över dagens med omkring 50 % i Stockholm (genomsnittet "
            "är omtvistat), 32–50 % i Göteborg, 31 % i Halmstad, 24 % i Helsingborg och 11 % i "
            "Kristianstad. Nya hyror ligger 66 % över beståndets.",
        ),
        "weak",
        (
            Text("Ramböll 2018 for the tenants' union", "Ramböll 2018 för Hyresgästföreningen"),
            Text("Statistics Sweden, rents 2024", "SCB, hyror 2024"),
        ),
    )
    DECIDED_BY = "state"
    LEGAL = Text(
        en="Rents follow utility value (Land Code, chapter 12, section 55) and are negotiated collectively; "
        "new dwellings may have presumption rents. That market rents in the stock need a new law is "
        "assumed.",
        sv="Hyran följer bruksvärdet (12 kap. 55 § jordabalken) och förhandlas kollektivt; nya bostäder får "
        "ha presumtionshyra. Att marknadshyror i beståndet kräver ny lag är ett antagande.",
    )
    REACHES = "dwellings"
    CHOICES = {
        "utility_value": Text("utility value, as today", "bruksvärde, som i dag"),
        "presumption": Text("presumption rents in new building", "presumtionshyra i nybyggnad"),
        "soft_market": Text("soft market", "friare hyror"),
    }
    NEUTRAL = {"regime": "utility_value"}
    EXAMPLE = {"regime": "soft_market", "market_gap": 0.5, "years_to_market": 2}
    SETS = "housing"

    regime: RentRegime = setting(
        en="How rents are set: `utility_value`, `presumption` or `soft_market`.",
        sv="Hur hyran sätts: `utility_value` (bruksvärde), `presumption` (presumtionshyra) eller "
        "`soft_market` (friare hyror).",
    )
    market_gap: float = setting(
        en="How far market rents are above today's, share (Stockholm 0.50, Göteborg 0.32-0.50, Halmstad "
        "0.31, Helsingborg 0.24, Kristianstad 0.11; the default is Helsingborg's); used by `soft_market`.",
        sv="Hur långt marknadshyran ligger över dagens, andel (Stockholm 0,50, Göteborg 0,32–0,50, Halmstad "
        "0,31, Helsingborg 0,24, Kristianstad 0,11; utgångsvärdet är Helsingborgs); används av "
        "`soft_market`.",
        default=0.24,
        ge=0,
        le=2,
    )
    years_to_market: int = setting(
        en="Years until rents are the market's (assumed); used by `soft_market`.",
        sv="År tills hyrorna är marknadens (antagande); används av `soft_market`.",
        default=10,
        ge=1,
        le=50,
    )
    presumption_ratio: float = setting(
        en="Rent of a new dwelling over the stock's (1.66 of all new ones, 2024); used by presumption.",
        sv="Hyran i en ny bostad i förhållande till beståndets (1,66 för alla nya, 2024); för presumption.",
        default=1.66,
        ge=0.5,
        le=5,
    )

    @property
    def decider(self) -> Decider:
        """Who decides: landlords agree on presumption rents with the tenants, the state on all else."""
        return "landlord" if self.regime == "presumption" else self.DECIDED_BY

    @property
    def needs_law(self) -> bool:
        """Whether rents of the stock are set as the law does not know."""
        return self.regime == "soft_market"

    def changes(self) -> dict[str, Any]:
        """Return the rules the policy changes whichever year it is."""
        return {"new_rent_ratio": self.presumption_ratio} if self.regime == "presumption" else {}

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with the year's step towards market rents."""
        rules = super().amend(rules, profile)
        begins = profile.began + self.lag_years
        if self.regime != "soft_market" or not begins <= profile.year < begins + self.years_to_market:
            return rules
        if not self.share_in_effect(profile):
            return rules
        step = (1 + self.market_gap) ** (1 / self.years_to_market)
        growth = (1 + rules.housing.rent_growth) * step - 1
        return self.replace(rules, {"rent_growth": growth})

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many rentals have their rent set anew; under presumption those to come, not known."""
        if self.regime == "utility_value":
            return 0.0
        rental = profile.shares["public_rental"] + profile.shares["private_rental"]
        if self.regime != "soft_market":
            return float("nan")
        areas = self.areas.rows(profile)
        return float(profile.dwellings[areas] @ rental[areas])

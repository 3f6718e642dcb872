"""Newcomers' assignment (bosättningslagen): how many are assigned, and how they are spread over the city."""

from typing import Any, Literal

from segsim.policies.amending import add_provision, replace_rule
from segsim.policies.evidence import Evidence
from segsim.policies.policy import Policy
from segsim.policies.profile import CityProfile
from segsim.rules import Rules
from segsim.rules.demography import Reception, Spread
from segsim.section import RefusedValueError, Share, setting
from segsim.words.text import Text

SpreadName = Literal["proportional", "need", "even"]

_SPREADS: dict[SpreadName, Spread] = {"proportional": "population", "need": "need", "even": "equal"}


class NewcomersAssignment(Policy):
    """Assign refugees to areas, and spread them as chosen."""

    TITLE = Text("Assignment of newcomers", "Anvisning av nyanlända")
    MECHANISM = Text(
        en="Assigned refugees get a first lodging in the areas chosen: in proportion to their households, "
        "in proportion to residents of Swedish background (need: most where fewest of foreign background "
        "live), or the same number in each area. From there they search for a home like others. Each year "
        "some leave the municipality.",
        sv="Anvisade flyktingar får ett första boende i de valda områdena: i proportion till områdenas "
        "hushåll, i proportion till invånare med svensk bakgrund (behov: flest där få har utländsk "
        "bakgrund) eller lika många i varje område. Därifrån söker de bostad som andra. Varje år lämnar "
        "några kommunen.",
    )
    EVIDENCE = Evidence(
        Text(
            en="The law of 2016 cut the wait for a municipality by 32 days (21 %), made reception more even, "
            "and went with higher income and employment after three years (National Audit Office). An "
            "earlier dispersal went with substantial long-run losses of earnings, of which only a "
            "smaller part came from the dispersal and the rest from a shift to income support. The two "
            "differ in sign: `effect_on_earnings` is 0; set it to explore. Of those received in 2016 just "
            "under 90 % were still there at year-end and 68 % after three years: half in commuter towns "
            "near a metropolis, just over 80 % in larger cities. The first neighbourhood shapes the "
            "later ones for those who stay near, much less for those who move far.",
            sv="Lagen från 2016 kortade väntan på en kommun med 32 dagar (21 %), gav ett jämnare mottagande "
            "och följdes av högre inkomst och sysselsättning efter tre år (Riksrevisionen). En tidigare "
            "utspridning följdes av betydande långvariga inkomstförluster, varav bara en mindre del kom "
            "av utspridningen och resten av en övergång till försörjningsstöd. De två har olika tecken: "
            "`effect_on_earnings` är 0; ändra den för att pröva. Av dem som togs emot 2016 bodde knappt 90 "
            "% kvar vid årets slut och 68 % efter tre år: hälften i pendlingskommuner nära storstad, "
            "drygt 80 % i större städer. Det första området präglar de senare för dem som stannar i "
            "närheten, mycket mindre för dem som flyttar långt.",
        ),
        "moderate",
        (
            Text("National Audit Office, RiR 2021:29", "Riksrevisionen, RiR 2021:29"),
            "Edin, Fredriksson and Åslund, doi 10.1007/s00148-003-0143-4",
            "Dahlberg and Valeyatheepillay 2018, ifo WP 285",
            Text("Statistics Sweden through Fokus (moves after 2016)", "SCB via Fokus (flyttar efter 2016)"),
        ),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="A municipality must receive those it is assigned (Act 2016:38). That it chooses where in it they "
        "live is assumed here.",
        sv="En kommun måste ta emot dem som den anvisas (lagen 2016:38). Att den väljer var i kommunen de "
        "får bo är ett antagande här.",
    )
    CHOICES = {
        "proportional": Text("in proportion to households", "i proportion till hushåll"),
        "need": Text("in proportion to Swedish background", "i proportion till svensk bakgrund"),
        "even": Text("the same number in each area", "lika många i varje område"),
    }
    NEUTRAL = {
        "spread": "proportional",
        "first_year_moves": None,
        "later_moves": None,
    }
    EXAMPLE = {"spread": "even"}

    spread: SpreadName = setting(
        en="How the assigned are spread over the areas: proportional, need or even.",
        sv="Hur de anvisade fördelas över områdena: i proportion till hushåll, efter behov eller jämnt.",
        default="proportional",
    )
    assigned_share: Share | None = setting(
        en="Share of refugee households that are assigned; empty means as the city has it (about 0.30 of "
        "newcomers in the country arrive by assignment).",
        sv="Andel av flyktinghushållen som anvisas; tomt betyder som i kommunen i övrigt (omkring 0,30 av de "
        "nyanlända i landet kommer genom anvisning).",
        default=None,
    )
    first_year_moves: Share | None = setting(
        en="Share of the assigned who leave the municipality in the year after arrival; empty means as "
        "others of their age who lodge (0.10 of all received in 2016, assigned or not; computed: 0.18 in "
        "commuter towns near a metropolis, about 0.04 in larger cities).",
        sv="Andel av de anvisade som lämnar kommunen året efter ankomsten; tomt betyder som andra inneboende "
        "i samma ålder (0,10 av alla som togs emot 2016, anvisade eller inte; beräknat: 0,18 i "
        "pendlingskommuner nära storstad, omkring 0,04 i större städer).",
        default=0.10,
    )
    later_moves: Share | None = setting(
        en="The same a year in the three years after (0.09, computed; 0.18 and 0.04 as above); given "
        "together with `first_year_moves`.",
        sv="Detsamma per år under de tre följande åren (0,09, beräknat; 0,18 och 0,04 som ovan); anges "
        "tillsammans med `first_year_moves`.",
        default=0.09,
    )
    effect_on_earnings: float = setting(
        en="What assignment adds to the log wage of those assigned; 0, since the studies differ in sign.",
        sv="Vad anvisning lägger till de anvisades lön, i logaritm; 0, eftersom studierna har olika tecken.",
        default=0.0,
        ge=-0.5,
        le=0.5,
    )

    def check(self, rules: Rules) -> None:
        """Refuse one rate of moving on without the other."""
        if (self.first_year_moves is None) != (self.later_moves is None):
            raise RefusedValueError(
                "first_year_moves and later_moves are given together; give both or empty both",
                "first_year_moves och later_moves anges tillsammans; ange båda eller töm båda",
            )

    def replacements(self) -> dict[str, tuple[str, Any]]:
        """Return what holds for the assigned of the whole city, whichever their areas."""
        moves = (self.first_year_moves, self.later_moves)
        out: dict[str, tuple[str, Any]] = {}
        if self.assigned_share is not None:
            # rounded, so that 1 - .55 is the .45 of another policy
            out["demography.own_housing_share"] = ("assigned_share", round(1 - self.assigned_share, 9))
        if None not in moves:
            out["demography.secondary_moves"] = ("first_year_moves", moves)
        return out

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with the reception, and what follows for the assigned."""
        areas = tuple(self.areas.rows(profile).tolist())
        strength = self.share_in_effect(profile)
        if not areas or strength == 0:
            return rules
        law = rules.demography
        own = law.own_housing_share
        if self.assigned_share is not None:
            own += strength * (1 - self.assigned_share - own)
        moves = law.secondary_moves
        if self.first_year_moves is not None and self.later_moves is not None:
            moves = (self.first_year_moves, self.later_moves)
        law = law.model_copy(
            update={
                "own_housing_share": own,
                "secondary_moves": moves,
                "assignment_earnings": law.assignment_earnings + strength * self.effect_on_earnings,
            }
        )
        reception = Reception(areas=areas, spread=_SPREADS[self.spread], strength=strength)
        return add_provision(replace_rule(rules, "demography", law), "demography.receptions", reception)

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many refugees are assigned a year by it."""
        if not self.areas.rows(profile).size:
            return 0.0
        share = 1 - profile.own_housing_share if self.assigned_share is None else self.assigned_share
        return profile.refugees * share

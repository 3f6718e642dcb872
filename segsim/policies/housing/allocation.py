"""Allocation: who gets a rental, and what income landlords ask for."""

from segsim.policies.city_wide import CityWide
from segsim.policies.evidence import Decider, Evidence
from segsim.policies.profile import CityProfile
from segsim.rules import housing as rules
from segsim.section import Share, setting
from segsim.words.text import Text


class Allocation(CityWide):
    """Change how rentals are let; what is left out stays as the city has it."""

    TITLE = Text("Allocation of rentals", "Fördelning av hyresrätter")
    MECHANISM = Text(
        en="Vacant public rentals go to the longest in the queue, to the largest household (need) or by "
        "lot, or a share of them by each; residents of the area may come first to a share. Landlords ask "
        "for an income of so many rents, or that a norm is left after rent: who does not have that cannot "
        "have the home.",
        sv="Lediga hyresrätter i allmännyttan går till den som stått längst i kön, till det största "
        "hushållet (behov) eller genom lottning, eller en andel på var sätt; områdets boende kan gå först "
        "till en andel. Hyresvärden kräver en inkomst på så många hyror, eller att en norm återstår efter "
        "hyran: den som inte har det kan inte få bostaden.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Income requirements exclude and queues are long, but no causal estimate was found of who "
            "comes to live where under another allocation: no measured effect; what the run gives is the "
            "model's own. Telge Bostäder lets by queue points counted from registration or the last "
            "contract, without priority groups, and asks that the norm of social assistance is left "
            "after rent, not a multiple of it.",
            sv="Inkomstkrav utestänger och köerna är långa, men ingen skattning finns av vem som kommer att "
            "bo var med en annan fördelning: ingen uppmätt effekt; det körningen visar är modellens "
            "eget. Telge Bostäder hyr ut efter köpoäng räknade från registreringen eller det senaste "
            "kontraktet, utan förturer, och kräver att normen för försörjningsstöd återstår efter hyran, "
            "inte en viss multipel av den.",
        ),
        "weak",
        (Text("Telge Bostäder, rules of letting", "Telge Bostäder, uthyrningsregler"),),
    )
    DECIDED_BY = "landlord"
    LEGAL = Text(
        en="No law on queues holds in the whole country: private landlords set their own income criteria, "
        "and municipalities have priorities and social contracts. The municipality directs its own "
        "company as its owner.",
        sv="Det finns ingen kölag för hela landet: privata värdar ställer sina egna inkomstkrav, och "
        "kommuner har förturer och sociala kontrakt. Sitt eget bostadsbolag styr kommunen genom "
        "ägardirektiv.",
    )
    REACHES = "dwellings"
    CHOICES = {
        "queue": Text("longest in the queue", "längst kötid"),
        "need": Text("largest household", "störst hushåll"),
        "lottery": Text("lottery", "lottning"),
        "multiple": Text("a multiple of the rent", "en multipel av hyran"),
        "residual": Text("a norm left after rent", "en norm som återstår efter hyran"),
    }
    NEUTRAL = {}
    EXAMPLE = {"public_allocation": "need", "public_income_rule": "residual", "local_priority": 0.5}
    SETS = "housing"

    public_allocation: rules.Allocation | None = setting(
        en="Who gets a public rental: queue, need or lottery.",
        sv="Vem som får en bostad i allmännyttan: kö, behov eller lottning.",
        default=None,
    )
    public_lottery_share: Share | None = setting(
        en="Share of public lettings drawn by lot whatever the allocation.",
        sv="Andel av allmännyttans uthyrningar som lottas oavsett fördelningen i övrigt.",
        default=None,
    )
    public_need_share: Share | None = setting(
        en="Share of public lettings to the largest household whatever the allocation.",
        sv="Andel av allmännyttans uthyrningar till det största hushållet oavsett fördelningen i övrigt.",
        default=None,
    )
    local_priority: Share | None = setting(
        en="Share of public lettings where residents of the area come first.",
        sv="Andel av allmännyttans uthyrningar där områdets boende går först.",
        default=None,
    )
    public_income_rule: rules.IncomeRule | None = setting(
        en="What the public landlord asks: a multiple of the rent, or a norm left after it (residual).",
        sv="Vad allmännyttan kräver: en multipel av hyran, eller en norm som återstår efter den (residual).",
        default=None,
    )
    public_income_floor: float | None = setting(
        en="Household income over rent that the public landlord asks for (assumed; 3 and 2 to explore); used "
        "by multiple.",
        sv="Hushållets inkomst i antal hyror som allmännyttan kräver (antagande; pröva 3 och 2); används av "
        "multiple.",
        default=None,
        ge=0,
        le=10,
    )
    norm_after_rent: float | None = setting(
        en="What must be left after rent, thousand SEK a year per consumption unit (assumed 60); used by "
        "residual.",
        sv="Vad som måste återstå efter hyran, tusen kronor per år och konsumtionsenhet (antagande: 60); "
        "används av residual.",
        default=None,
        ge=0,
        le=1000,
    )
    private_income_floor: float | None = setting(
        en="Household income over rent that private landlords ask for (assumed; 3 and 2 to explore).",
        sv="Hushållets inkomst i antal hyror som privata värdar kräver (antagande; pröva 3 och 2).",
        default=None,
        ge=0,
        le=10,
    )

    @property
    def decider(self) -> Decider:
        """Who decides: the municipality, of its own company alone; else each landlord."""
        return "municipality" if self.private_income_floor is None else self.DECIDED_BY

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many rentals are let by it as they fall vacant: those of the landlords it concerns."""
        areas = self.areas.rows(profile)
        homes = profile.dwellings[areas]
        public = homes @ profile.shares["public_rental"][areas] if self._concerns_public else 0.0
        concerns_private = self.private_income_floor is not None
        private = homes @ profile.shares["private_rental"][areas] if concerns_private else 0.0
        return float(public + private)

    @property
    def _concerns_public(self) -> bool:
        """Whether a setting is given that public landlords follow."""
        return bool(set(self.changes()) - {"private_income_floor"})

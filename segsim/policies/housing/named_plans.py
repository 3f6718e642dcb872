"""Named plans: a municipality's list of coming dwellings, each with place, year, tenures and sizes."""

from collections import Counter
from collections.abc import Iterator

from pydantic import Field, field_validator, model_validator

from segsim.policies.amending import add_provision
from segsim.policies.evidence import Evidence
from segsim.policies.policy import Keys, Policy
from segsim.policies.profile import CityProfile
from segsim.policies.scope import Scope
from segsim.rules import Rules
from segsim.rules.housing import ExtraConstruction, RoomShares, RoomsOfNewDwellings, TenureShares
from segsim.section import RefusedValueError, Section, Title, setting
from segsim.tables import TENURES
from segsim.words.text import Text


class NamedPlan(Section):
    """One plan: where, when completed, how many dwellings, of which tenures and sizes."""

    name: Title = Field("", description="What the plan is called.")
    areas: Scope = Field(description="Where it is built; spread by the dwellings there are.")
    year: int = Field(ge=1800, le=3000, description="Year of completion.")
    dwellings: int = Field(ge=0, le=100_000, description="Dwellings completed that year.")
    tenure_shares: TenureShares = Field(description="Tenures of the dwellings; they sum to 1.")
    rooms: RoomShares | None = Field(
        None, description="Shares of 1, 2, 3, 4 and 5 rooms; none means as other new dwellings."
    )

    @field_validator("rooms")
    @classmethod
    def _sum_to_one(cls, rooms: RoomShares | None) -> RoomShares | None:
        if rooms is not None and abs(sum(rooms) - 1) > 1e-6:
            raise RefusedValueError(
                f"shares of rooms must sum to 1, they sum to {sum(rooms):g}",
                f"andelarna av antal rum ska summera till 1, de summerar till {sum(rooms):g}",
            )
        return rooms


class NamedPlans(Policy):
    """Build a list of plans, above the ordinary pace."""

    TITLE = Text("Named plans", "Namngivna planer")
    MECHANISM = Text(
        en="Each plan's dwellings are completed in its year and areas with its tenures and sizes, above the "
        "ordinary pace. They start vacancy chains; price, rent and queue decide who moves in.",
        sv="Varje plans bostäder färdigställs det år och i de områden planen anger, med dess "
        "upplåtelseformer och storlekar, utöver den vanliga takten. De startar flyttkedjor; pris, hyra och "
        "kö avgör vilka som flyttar in.",
    )
    EVIDENCE = Evidence(
        Text(
            en="Large cooperative projects in areas of the poorest quarter went with 15 % higher mean "
            "income in the area and 10 % in its old dwellings, without sign of displacement. New building "
            "raised tenure mix 1995-2017 and on average lowered social mix. Of first occupants of new "
            "dwellings 60 % are above the median income; from the first vacated home on most are below. "
            "Moderate for who lives where; no effect of rentals in areas of owned homes is measured.",
            sv="Stora bostadsrättsprojekt i den fattigaste fjärdedelen av områden följdes av 15 % högre "
            "medelinkomst i området och 10 % i dess äldre bostäder, utan tecken på undanträngning. "
            "Nybyggandet 1995–2017 gav större blandning av upplåtelseformer och i genomsnitt mindre social "
            "blandning. Av de första i nya bostäder ligger 60 % över medianinkomsten; från den första "
            "lämnade bostaden ligger de flesta under. Måttligt underlag för vilka som bor var; ingen effekt "
            "av hyresrätter i områden med ägda hem är uppmätt.",
        ),
        "moderate",
        (
            "Brunåker, Dahlberg, Kindström and Liang (Kindström 2024, Uppsala)",
            "Söderhäll and Alm Fjellborg 2024, doi 10.1080/02673037.2022.2045004",
            "Liang and Kindström 2023",
        ),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="A detailed plan cannot regulate tenure (Planning and Building Act 2010:900, chapter 4); on its "
        "own land the municipality can by land allocation.",
        sv="En detaljplan kan inte reglera upplåtelseform (plan- och bygglagen 2010:900, 4 kap.); på egen "
        "mark kan kommunen göra det genom markanvisning.",
    )
    REACHES = "dwellings"
    CHOICES = {
        "name": Text("name", "namn"),
        "areas": Text("areas", "områden"),
        "year": Text("year", "år"),
        "dwellings": Text("dwellings", "bostäder"),
        "tenure_shares": Text("tenures", "upplåtelseformer"),
        "rooms": Text("rooms", "rum"),
    }
    NEUTRAL = {"plans": []}
    EXAMPLE = {
        "plans": [
            {"areas": "all", "year": 2023, "dwellings": 60, "tenure_shares": {"public_rental": 1.0}},
            {"areas": "all", "year": 2024, "dwellings": 40, "tenure_shares": {"cooperative": 1.0}},
            {"areas": "all", "year": 2027, "dwellings": 20, "tenure_shares": {"owner_occupied": 1.0}},
        ]
    }

    plans: tuple[NamedPlan, ...] = setting(
        en="The plans, each with areas, year, dwellings, `tenure_shares` and, if known, name and rooms; or "
        "the name of a table beside the scenario with columns area, year, dwellings, tenure and, if known, "
        "plan and sizes, a plan in each row.",
        sv="Planerna, var och en med områden, år, antal bostäder, upplåtelseformer och, om de är kända, "
        "namn och rum; eller namnet på en tabell bredvid scenariot med kolumnerna område, år, bostäder, "
        "upplåtelseform och, om de är kända, plan och storlekar, en plan på varje rad.",
    )
    most_per_year: int = setting(
        en="Dwellings that can be completed in a year; plans for more are refused (assumed).",
        sv="Bostäder som kan färdigställas på ett år; planer för fler tas inte emot (antagande).",
        default=1000,
        ge=0,
        le=100_000,
    )
    most_in_area: dict[str, int] = setting(
        en="Dwellings of plans that an area or district can hold in all, by its name; more, in plans that "
        "lie in it alone, are refused. Areas left out have no limit.",
        sv="Så många bostäder i planer som ett område eller en stadsdel rymmer sammanlagt, efter namnet; "
        "fler, i planer som bara gäller det, tas inte emot. Områden som inte nämns har ingen gräns.",
        default={},
    )

    @model_validator(mode="after")
    def _can_be_built(self) -> "NamedPlans":
        by_year: Counter[int] = Counter()
        for i, plan in enumerate(self.plans):
            by_year[plan.year] += plan.dwellings
            if by_year[plan.year] > self.most_per_year:
                raise RefusedValueError(
                    f"with this plan those for {plan.year} hold {by_year[plan.year]} dwellings, and "
                    f"{self.most_per_year} can be completed in a year; move some to another year or raise "
                    "most_per_year",
                    f"med denna plan rymmer planerna för {plan.year} {by_year[plan.year]} bostäder, och "
                    f"{self.most_per_year} kan färdigställas på ett år; flytta några till ett annat år "
                    "eller höj most_per_year",
                    ("plans", i),
                )
        return self

    def scopes_of_parts(self) -> Iterator[tuple[Keys, Scope]]:
        """Yield the way to the areas of each plan."""
        return ((("plans", i, "areas"), plan.areas) for i, plan in enumerate(self.plans))

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with the year's plans, in the part of their areas where the policy acts."""
        share = self.share_in_effect(profile)
        for plan, areas in self._plans_of(profile):
            provision = ExtraConstruction(
                areas=areas,
                dwellings_per_year=share * plan.dwellings,
                tenure_shares=plan.tenure_shares,
                rooms=plan.rooms and RoomsOfNewDwellings(**dict.fromkeys(TENURES, plan.rooms)),
            )
            if provision.dwellings_per_year:
                rules = add_provision(rules, "housing.extra_construction", provision)
        return rules

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many dwellings the year's plans hold."""
        return float(sum(plan.dwellings for plan, _ in self._plans_of(profile)))

    def _plans_of(self, profile: CityProfile) -> list[tuple[NamedPlan, tuple[int, ...]]]:
        """Return the plans completed in the profile's year, each with the rows of its areas."""
        inside = set(self.areas.rows(profile).tolist())
        placed = [
            (plan, tuple(row for row in plan.areas.rows(profile).tolist() if row in inside))
            for plan in self.plans
            if plan.year == profile.year - self.lag_years
        ]
        return [(plan, areas) for plan, areas in placed if areas]

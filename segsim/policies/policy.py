"""What every policy has: texts, evidence, a time, a scope, a cost, and the rules it amends."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import ValidationInfo, field_validator

from segsim.own import OwnPart, find_origin
from segsim.policies.amending import add_provision, provision_type
from segsim.policies.evidence import Decider, Evidence
from segsim.policies.implementation import (
    Account,
    Amounts,
    UnitCost,
    amount_in,
    limit_by_money,
    share_built_up,
    share_left,
)
from segsim.policies.period import Period
from segsim.policies.profile import CityProfile
from segsim.policies.scope import Scope
from segsim.rules import Rules
from segsim.section import RefusedValueError, Section, Share, setting
from segsim.words.text import Text

Keys = tuple[str | int, ...]
"""The way to a setting within a policy."""
Reach = Literal["persons", "participants", "near", "pupils", "seats", "dwellings", "jobs"]


def name_setting(default: str = "") -> Any:
    """Declare the name of a policy within its scenario."""
    return setting(
        "What the policy is called in tables; its kind unless given.",
        "Vad åtgärden heter i tabeller; åtgärdens slag om inget anges.",
        default,
        min_length=1,
        max_length=200,
    )


def restore_policy(part: OwnPart, state: Any) -> "Policy":
    """Return a policy of one's own from its source and its settings."""
    lever = part.load()
    policy: Policy = lever.__new__(lever)
    policy.__setstate__(state)
    return policy


class Policy(Period):
    """A named amendment of the rules; it never touches a table.

    A policy declares what it adds (`ADDS`); what is added takes the policy's settings of the same names, and
    its size (`SIZE`) times the share in effect. One that does not fit this writes `provision` of its own.

    `share_carried_out` is the one place where time, compliance and money meet: cost and whom it reaches
    follow it in the year itself, the rules (`share_in_effect`) `lag_years` later.
    """

    KIND: ClassVar[str]
    """What scenario files call it: the name of its class in snake case."""
    TITLE: ClassVar[Text]
    MECHANISM: ClassVar[Text]
    """What it does in the model, and how that reaches people."""
    EVIDENCE: ClassVar[Evidence]
    DECIDED_BY: ClassVar[Decider]
    LEGAL: ClassVar[Text] = Text("", "")
    """What the law says, where it stands in the way or must be known."""
    COST: ClassVar[Text] = Text(
        "Not known unless given (`cost_msek`).", "Inte känd om den inte anges (`cost_msek`)."
    )
    """How the cost is estimated."""
    UNIT_COST: ClassVar[UnitCost | None] = None
    """What one of `REACHES` costs; None where that is not known."""
    FADES: ClassVar[bool] = False
    """Whether an effect can be left when it has ended, so that `decay_after_end` has a meaning."""
    REACHES: ClassVar[Reach | None] = "persons"
    """What `count_reached` counts; None for a policy that reaches nobody in particular."""
    CHOICES: ClassVar[dict[str, Text]] = {}
    """What the choices that its settings offer are called; those of tenures are known."""
    NEUTRAL: ClassVar[dict[str, Any]]
    """Settings with which the policy changes nothing: the run equals the baseline bit for bit."""
    EXAMPLE: ClassVar[dict[str, Any]]
    """Settings with which it changes a small town within three years."""
    EXAMPLE_BESIDE: ClassVar[dict[str, dict[str, Any]]] = {}
    """Other policies, and their settings, that its example acts through; most need none."""
    ADDS: ClassVar[str] = ""
    """The list of provisions in the rules that it adds one to, such as `housing.conversions`."""
    SIZE: ClassVar[str] = ""
    """The setting that says how much; what acts of it is this times the share in effect."""

    kind: str
    name: str = name_setting()
    programme: str = setting(
        "Programme whose purse pays for it; policies written within a programme have its name.",
        "Program vars kassa betalar den; åtgärder som står i ett program får programmets namn.",
        "",
    )
    phase_in_years: int = setting(
        "Years over which it is built up in equal steps, in full from the last of them; 0 or 1: at once.",
        "År som åtgärden byggs ut i lika steg, fullt ut det sista av dem; 0 eller 1: genast.",
        0,
        ge=0,
        le=100,
    )
    lag_years: int = setting(
        "Years from what is carried out to its effect; it costs and reaches from the first year on.",
        "År från det att något genomförs till att det får effekt; det kostar och når från första året.",
        0,
        ge=0,
        le=100,
    )
    decay_after_end: int = setting(
        "Years over which the effect fades in equal steps after the last year; 0: it stops at once.",
        "År som effekten klingar av i lika steg efter det sista året; 0: den upphör genast.",
        0,
        ge=0,
        le=100,
    )
    areas: Scope = setting(
        "Where it acts: `all`, a list of names, or conditions.",
        "Var den gäller: `all`, en lista med namn, eller villkor.",
        Scope(all=True),
    )
    compliance: Share = setting(
        "Share of the intended change that is carried out (assumed 1).",
        "Andel av den avsedda förändringen som genomförs (antagande: 1).",
        1.0,
    )
    unit_cost_ksek: float | None = setting(
        "What one of those it reaches costs a year in thousand SEK, in place of the policy's own figure.",
        "Vad var och en som åtgärden når kostar per år i tusen kronor, i stället för åtgärdens egen uppgift.",
        None,
        gt=0,
    )
    cost_msek: float | None = setting(
        "Cost in million SEK of a year carried out in full; empty means the policy's own estimate.",
        "Kostnad i miljoner kronor för ett år då allt genomförs; tomt betyder åtgärdens egen uppskattning.",
        None,
        gt=0,
    )
    budget_msek: Amounts | None = setting(
        "Money there is, million SEK a year, or by year (each amount holds until the next); too little "
        "carries out less. Empty means as much as it takes.",
        "Pengar som finns, miljoner kronor per år eller år för år (varje belopp gäller till nästa); räcker "
        "de inte genomförs mindre. Tomt betyder så mycket som behövs.",
        None,
    )
    absorption: Share = setting(
        "Share of the budget that can be put to use (assumed 1).",
        "Andel av budgeten som hinner användas (antagande: 1).",
        1.0,
    )

    def __init_subclass__(cls, **options: Any) -> None:
        """Give every policy its kind, the name of its class as scenario files write it."""
        super().__init_subclass__(**options)
        cls.KIND = cls.kind = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.name = name_setting(cls.KIND)
        cls.__annotations__ |= {"kind": Literal[cls.KIND], "name": str}

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield the settings, the kind being the class."""
        told = (("kind", self.kind), ("name", self.kind))
        return (pair for pair in super().__repr_args__() if pair not in told)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Let a policy of one's own travel with its source, so that any process can make it again."""
        part = find_origin(type(self))
        if part is None:
            return super().__reduce_ex__(protocol)
        return restore_policy, (part, self.__getstate__())

    @field_validator("phase_in_years")
    @classmethod
    def _built_up_in_time(cls, phase_in: int, info: ValidationInfo) -> int:
        since, until = info.data.get("since"), info.data.get("until")
        if since is not None and until is not None and phase_in > until - since + 1:
            raise RefusedValueError(
                f"it would take {phase_in} years to build up what lasts {until - since + 1} "
                f"({since}-{until}); shorten it, or end later",
                f"det skulle ta {phase_in} år att bygga upp det som varar {until - since + 1} år "
                f"({since}-{until}); korta ned det, eller sluta senare",
            )
        return phase_in

    @field_validator("decay_after_end")
    @classmethod
    def _fades_from_an_end(cls, decay: int, info: ValidationInfo) -> int:
        if decay and not cls.FADES:
            raise RefusedValueError(
                "nothing is left to fade when this policy has ended; remove it",
                "inget finns kvar att klinga av när åtgärden har slutat; ta bort den",
            )
        if decay and info.data.get("until", 0) is None:
            raise RefusedValueError(
                "the effect fades after the last year, and none is given; give until",
                "effekten klingar av efter sista året, och inget är angivet; ange until",
            )
        return decay

    @field_validator("cost_msek")
    @classmethod
    def _costs_one_thing(cls, cost: float | None, info: ValidationInfo) -> float | None:
        if cost is not None and info.data.get("unit_cost_ksek") is not None:
            raise RefusedValueError(
                "unit_cost_ksek stands beside cost_msek; keep one of them",
                "unit_cost_ksek står bredvid cost_msek; behåll en av dem",
            )
        return cost

    @field_validator("budget_msek")
    @classmethod
    def _can_limit(
        cls, budget: float | dict[int, float] | None, info: ValidationInfo
    ) -> float | dict[int, float] | None:
        if budget is not None and not cls.knows_cost(info.data):
            raise RefusedValueError(
                "what the policy costs is not known, so that a budget says nothing of how far it gets; "
                "give cost_msek (a year carried out in full)",
                "vad åtgärden kostar är inte känt, så en budget säger inget om hur långt den räcker; ange "
                "cost_msek (kostnad för ett år som genomförs fullt ut)",
            )
        return budget

    @field_validator("absorption")
    @classmethod
    def _absorbs_something(cls, absorption: float, info: ValidationInfo) -> float:
        if absorption != 1 and info.data.get("budget_msek", 0) is None:
            raise RefusedValueError(
                "is a share of the budget, and none is given; give budget_msek",
                "är en andel av budgeten, och ingen är angiven; ange budget_msek",
            )
        return absorption

    @classmethod
    def knows_cost(cls, settings: Mapping[str, Any]) -> bool:
        """Tell whether the cost is given by some settings, or estimated by the policy itself."""
        is_given = any(settings.get(name) is not None for name in ("cost_msek", "unit_cost_ksek"))
        return is_given or cls.UNIT_COST is not None or cls.estimate_cost is not Policy.estimate_cost

    @classmethod
    def meaning(cls, setting: str) -> Text:
        """Return what a setting means."""
        field = cls.model_fields[setting]
        extra = field.json_schema_extra
        return Text(field.description or "", str(extra["sv"]) if isinstance(extra, dict) else "")

    @property
    def decider(self) -> Decider:
        """Who decides the policy with its settings; whoever else does, for the settings that need it."""
        return self.DECIDED_BY

    @property
    def needs_law(self) -> bool:
        """Whether the policy, with its settings, needs a law that is not there."""
        return False

    def in_force(self, year: int) -> bool:
        """Tell whether a year is one of the policy: carried out, or still in effect."""
        if self.since is not None and year < self.since:
            return False
        return self.until is None or year <= self.until + self.lag_years + self.decay_after_end

    def beginning(self, profile: CityProfile) -> int:
        """Return the first year of the policy, simulated or not."""
        return profile.began if self.since is None else self.since

    def share_carried_out(self, profile: CityProfile) -> float:
        """Return which share is carried out in the profile's year: time, compliance and money together."""
        year, first = profile.year, self.beginning(profile)
        if year < first or (self.until is not None and year > self.until):
            return 0.0
        planned = self.compliance * share_built_up(year - first + 1, self.phase_in_years)
        if self.budget_msek is None:
            return planned
        usable = self.absorption * amount_in(self.budget_msek, year)
        return limit_by_money(planned, self.full_cost(profile), usable)

    def share_in_effect(self, profile: CityProfile) -> float:
        """Return which share acts in the profile's year: what was carried out lag_years ago, or is left."""
        year = profile.year - self.lag_years
        if self.until is None or year <= self.until:
            return self.share_carried_out(profile.seen_in(year))
        left = share_left(year - self.until, self.decay_after_end)
        return left and left * self.share_carried_out(profile.seen_in(self.until))

    def first_year(self, first: int) -> int:
        """Return the first simulated year in which the policy acts, `first` being the run's first."""
        return first if self.since is None else max(first, self.since)

    def scopes_of_parts(self) -> Iterator[tuple[Keys, Scope]]:
        """Yield the way to the areas of each of its parts that has areas of its own."""
        yield from ()

    def check(self, rules: Rules) -> None:
        """Refuse (ValueError) settings that a city with these rules cannot carry out."""

    def replacements(self) -> dict[str, tuple[str, Any]]:
        """Return the rules it puts others in the place of, by dotted name: the setting and the new rule."""
        return {}

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules as this policy changes them in a year it is in force."""
        areas = tuple(self.areas.rows(profile).tolist())
        added = self.provision(areas, profile) if areas else None
        return rules if added is None else add_provision(rules, self.ADDS, added)

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> Section | None:
        """Return what is added to the rules for some areas; None where that is nothing."""
        size = self.share_in_effect(profile) * getattr(self, self.SIZE)
        if size == 0:
            return None
        section = provision_type(self.ADDS)
        terms = {
            name: getattr(self, name) for name in section.model_fields if name in type(self).model_fields
        }
        return section(**(terms | {"areas": areas, self.SIZE: size}))

    @property
    def unit_cost(self) -> float:
        """What one of those it reaches costs a year, thousand SEK; NaN where that is not known."""
        if self.unit_cost_ksek is not None:
            return self.unit_cost_ksek
        return float("nan") if self.UNIT_COST is None else self.UNIT_COST.ksek

    def cost(self, profile: CityProfile) -> float:
        """Return what is spent in the profile's year, million SEK; NaN where the cost is not known."""
        share = self.share_carried_out(profile)
        return share and share * self.full_cost(profile)

    def full_cost(self, profile: CityProfile) -> float:
        """Return the cost in million SEK of a year carried out in full; NaN where it is not known."""
        if self.cost_msek is not None:
            return self.cost_msek
        is_given = self.unit_cost_ksek is not None
        return Policy.estimate_cost(self, profile) if is_given else self.estimate_cost(profile)

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return the policy's own estimate of a year carried out in full, million SEK; NaN: not known."""
        return self.unit_cost * self.count_reached(profile) / 1000

    def reach(self, profile: CityProfile) -> float:
        """Return how many are reached in the profile's year; NaN where that is not known."""
        share = self.share_carried_out(profile)
        return share and share * self.count_reached(profile)

    def account(self, profile: CityProfile) -> Account:
        """Return what the policy comes to in the profile's year."""
        share = self.share_carried_out(profile)
        cost, reached = share and self.full_cost(profile), share and self.count_reached(profile)
        return Account(self.name, share * cost, share * reached, share)

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many of `REACHES` a year carried out in full reaches; NaN where that is not known.

        Those its areas held when it began, unless a policy counts otherwise.
        """
        areas = self.areas.rows(profile)
        if self.REACHES == "pupils":
            return float(profile.schools.pupils[np.isin(profile.schools.area, areas)].sum())
        counts = {"persons": profile.residents, "dwellings": profile.dwellings}.get(self.REACHES or "")
        return float("nan") if counts is None else float(counts[areas].sum())

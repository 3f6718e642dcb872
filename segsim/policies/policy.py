"""What every policy has: texts, evidence, a time, a scope, a cost, and the rules it amends."""

import re
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
from pydantic import ConfigDict, ValidationError, ValidationInfo, field_validator, model_validator

from segsim.policies.amending import add_provision, find_rule, provision_type, replace_rule
from segsim.policies.profile import CityProfile
from segsim.policies.scope import Scope
from segsim.rules import Rules
from segsim.section import Section, Share, setting
from segsim.words.text import Language, Text

Grade = Literal["strong", "moderate", "weak", "none"]
Decider = Literal["municipality", "region", "state", "landlord", "provider"]
Reach = Literal["persons", "pupils", "dwellings", "jobs"]


class Evidence(NamedTuple):
    """What is known about the effect of a policy."""

    effect: Text
    grade: Grade
    sources: tuple[str | Text, ...]
    """A source whose name differs between the languages is a Text."""
    near_zero: bool = False
    """Whether what is known so well is that there is next to no effect."""

    def source_names(self, language: Language) -> tuple[str, ...]:
        """Return the sources, authorities by their names in the language."""
        joined = " och " if language == "sv" else " and "
        return tuple(
            source.in_language(language) if isinstance(source, Text) else source.replace(" and ", joined)
            for source in self.sources
        )


def name_setting(default: str = "") -> Any:
    """Declare the name of a policy within its scenario."""
    return setting(
        "What the policy is called in tables; its kind unless given.",
        "Vad åtgärden heter i tabeller; åtgärdens slag om inget anges.",
        default,
        min_length=1,
    )


class Policy(Section):
    """A named amendment of the rules; it never touches a table.

    A policy declares what it adds (`ADDS`); what is added takes the policy's settings of the same names, and
    its size (`SIZE`) times compliance. One that does not fit this writes `provision` of its own.
    """

    model_config = ConfigDict(populate_by_name=True)

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
        "Not known unless given (budget_msek).", "Inte känd om den inte anges (budget_msek)."
    )
    """How the cost is estimated."""
    REACHES: ClassVar[Reach | None] = "persons"
    """What `count_reached` counts; None for a policy that reaches nobody in particular."""
    CHOICES: ClassVar[dict[str, Text]] = {}
    """What the choices that its settings offer are called; those of tenures are known."""
    NEUTRAL: ClassVar[dict[str, Any]]
    """Settings with which the policy changes nothing: the run equals the baseline bit for bit."""
    EXAMPLE: ClassVar[dict[str, Any]]
    """Settings with which it changes a small town within three years."""
    ADDS: ClassVar[str] = ""
    """The list of provisions in the rules that it adds one to, such as `housing.conversions`."""
    SIZE: ClassVar[str] = ""
    """The setting that says how much; what is carried out of it is this times compliance."""

    kind: str
    name: str = name_setting()
    since: int | None = setting(
        "First year in force; empty means from the first year.",
        "Första året åtgärden gäller; tomt betyder från första året.",
        None,
        alias="from",
        ge=1800,
        le=3000,
    )
    until: int | None = setting(
        "Last year in force; empty means to the end.",
        "Sista året åtgärden gäller; tomt betyder till slutet.",
        None,
        ge=1800,
        le=3000,
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
    budget_msek: float | None = setting(
        "Cost a year in million SEK; empty means the policy's own estimate.",
        "Kostnad per år i miljoner kronor; tomt betyder åtgärdens egen uppskattning.",
        None,
        ge=0,
    )

    def __init_subclass__(cls, **options: Any) -> None:
        """Give every policy its kind, the name of its class as scenario files write it."""
        super().__init_subclass__(**options)
        cls.KIND = cls.kind = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.name = name_setting(cls.KIND)
        cls.__annotations__ |= {"kind": Literal[cls.KIND], "name": str}

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: int | None, info: ValidationInfo) -> int | None:
        since = info.data.get("since")
        if since is not None and until is not None and until < since:
            raise ValueError(f"until {until} is before from {since}; swap or correct them")
        return until

    @classmethod
    def meaning(cls, setting: str) -> Text:
        """Return what a setting means."""
        field = cls.model_fields[setting]
        extra = field.json_schema_extra
        return Text(field.description or "", str(extra["sv"]) if isinstance(extra, dict) else "")

    @property
    def needs_law(self) -> bool:
        """Whether the policy, with its settings, needs a law that is not there."""
        return False

    def in_force(self, year: int) -> bool:
        """Tell whether the policy acts in a year."""
        return (self.since is None or year >= self.since) and (self.until is None or year <= self.until)

    def first_year(self, first: int) -> int:
        """Return the first simulated year in which the policy acts, `first` being the run's first."""
        return first if self.since is None else max(first, self.since)

    def check(self, rules: Rules) -> None:
        """Refuse (ValueError) settings that a city with these rules cannot carry out."""

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules as this policy changes them in a year it is in force."""
        areas = tuple(self.areas.rows(profile).tolist())
        added = self.provision(areas, profile) if areas else None
        return rules if added is None else add_provision(rules, self.ADDS, added)

    def provision(self, areas: tuple[int, ...], profile: CityProfile) -> Section | None:
        """Return what is added to the rules for some areas; None where that is nothing."""
        size = self.compliance * getattr(self, self.SIZE)
        if size == 0:
            return None
        section = provision_type(self.ADDS)
        terms = {
            name: getattr(self, name) for name in section.model_fields if name in type(self).model_fields
        }
        return section(**(terms | {"areas": areas, self.SIZE: size}))

    def cost(self, profile: CityProfile) -> float:
        """Return the cost in million SEK of a year in force; NaN where none is given or known."""
        return self.estimate_cost(profile) if self.budget_msek is None else self.budget_msek

    def estimate_cost(self, profile: CityProfile) -> float:
        """Return the policy's own estimate of its yearly cost in million SEK; NaN where none is known."""
        return float("nan")

    def count_reached(self, profile: CityProfile) -> float:
        """Return how many of `REACHES` its areas held when it began; NaN where that is not known."""
        areas = self.areas.rows(profile)
        if self.REACHES == "pupils":
            return float(profile.schools.pupils[np.isin(profile.schools.area, areas)].sum())
        counts = {"persons": profile.residents, "dwellings": profile.dwellings}.get(self.REACHES or "")
        return float("nan") if counts is None else float(counts[areas].sum())


class CityWide(Policy):
    """A policy for the whole city, which puts rules in the place of the city's.

    It declares which section it sets (`SETS`); every setting that is given takes the place of the rule of
    the same name there, and the rest stays as the city has it.
    """

    SETS: ClassVar[str]
    """The section of the rules, such as `schools.admission`."""

    @model_validator(mode="after")
    def _holds_everywhere(self) -> Self:
        if not self.areas.all or self.compliance != 1:
            raise ValueError("holds for the whole city; remove areas and compliance")
        return self

    def changes(self) -> dict[str, Any]:
        """Return the rules the policy changes."""
        names = type(find_rule(Rules(), self.SETS)).model_fields
        return {name: new for name in names if (new := getattr(self, name, None)) is not None}

    def check(self, rules: Rules) -> None:
        """Refuse settings that do not go together with those the city keeps."""
        section = find_rule(rules, self.SETS)
        try:
            type(section).model_validate(section.model_dump() | self.changes())
        except ValidationError as error:
            message = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise ValueError(f"{self.kind}: {message}") from error

    def amend(self, rules: Rules, profile: CityProfile) -> Rules:
        """Return the rules with what is given in the place of the city's."""
        section = find_rule(rules, self.SETS)
        return replace_rule(rules, self.SETS, section.model_copy(update=self.changes()))

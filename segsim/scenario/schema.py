"""A scenario: everything that decides a run except its seed, frozen and checked."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from segsim.errors import ScenarioError, SegsimError
from segsim.groups import SWEDISH_GROUPS, Group
from segsim.own import OwnPart, capture_part
from segsim.own.measures import OwnIndex, OwnMeasure, read_mark
from segsim.own.part import is_own, list_given, merge_parts
from segsim.policies import (
    AnyPolicy,
    Policy,
    Programme,
    default_names,
    find_duplicate_name,
    find_own_levers,
    name_policies,
)
from segsim.rules import Preferences, Rules, Section
from segsim.scenario.board.checks import find_board_problems
from segsim.scenario.files.data_files import hash_content
from segsim.scenario.later import Later
from segsim.scenario.measures import FollowedPlace, MeasureChoice
from segsim.scenario.merging import TEXTS, check_overrides, exclude_policies, override_value
from segsim.scenario.messages import find_vast_numbers, note_problem, validate_document
from segsim.scenario.policies.contradictions import ScenarioPolicies, find_contradictions
from segsim.scenario.policies.plan_file import expand_plan_files
from segsim.scenario.policies.programme_parts import expand_programme
from segsim.scenario.policies.regions import find_absent_municipalities
from segsim.scenario.reading import Document, Keys, Origin, Problem, find_cause, find_origin, refuse
from segsim.scenario.source import CitySource
from segsim.section import RefusedValueError, Title
from segsim.sweden.facts import hash_facts
from segsim.words.text import Text

StepName = Literal["demography", "work", "schools", "housing", "neighbourhood"]
STEPS: tuple[StepName, ...] = get_args(StepName)

_NOT_HASHED = {"name", "extends", "tastes", "own", *TEXTS}
"""Keys that change no result, so that they leave the hash of a scenario as it is."""


class Scenario(Section):
    """One city, its law, its people's preferences and the policies to try.

    A scenario file says only what differs from the city it extends. `load_scenario` makes one from a file.
    """

    name: str = Field(min_length=1, description="Name of the file without its ending.")
    extends: str = Field(
        "", description="Scenario this one builds on, by name or path; one level, never chains."
    )
    label_en: Title = Field("", description="Title in English for tables and reports.")
    label_sv: Title = Field("", description="Title in Swedish.")
    summary: str = Field("", description="One or two sentences in English on what is tried.")
    summary_sv: str = Field("", description="The same in Swedish.")
    rationale: str = Field("", description="Why anyone would do this, and what is known of its effect.")
    rationale_sv: str = Field("", description="The same in Swedish.")
    city: CitySource
    groups: tuple[Group, ...] = Field(
        SWEDISH_GROUPS, min_length=1, max_length=100, description="Origin groups; without any, Sweden's four."
    )
    tastes: str = Field(
        "",
        description="File of calibrated tastes, as `segsim calibrate` writes it, laid under `preferences`; "
        "without one, those that come with segsim for the municipality.",
    )
    start: int = Field(
        2022, ge=0, le=2200, description="The start state is 31 December of this year; 0 on an abstract grid."
    )
    years: int = Field(
        10,
        ge=0,
        le=10_000_000,
        description="Years to simulate, the first being the one after start; steps on an abstract grid.",
    )
    steps: tuple[StepName, ...] = Field(STEPS, description="Parts of the year to run, in their fixed order.")
    rules: Rules = Rules()
    preferences: Preferences = Preferences()
    programme: Programme | None = Field(
        None, description="Policies in one place and period that share a purse; they act as any others do."
    )
    own: tuple[OwnPart, ...] = Field(
        (), description="Source of the parts of one's own that it uses, put here by segsim, never by hand."
    )
    policies: tuple[AnyPolicy, ...] = Field(
        (), description="What is tried, each policy by its name with its settings; the baseline has none."
    )
    later: tuple[Later, ...] = Field(
        (), description="Other rules and preferences from a year on: a branch of the city as it has become."
    )
    measures: MeasureChoice = MeasureChoice()

    _parent: "Scenario | None" = PrivateAttr(None)
    _origins: dict[Keys, Origin] = PrivateAttr(default_factory=dict)

    @field_validator("groups")
    @classmethod
    def _check_groups(cls, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        names = [group.name for group in groups]
        if twice := [name for name in names if names.count(name) > 1]:
            raise RefusedValueError(
                f'two groups are called "{twice[0]}"; give each its own name',
                f'två grupper heter "{twice[0]}"; ge var och en ett eget namn',
            )
        if orphans := [group for group in groups if group.children and group.children not in names]:
            raise RefusedValueError(
                f'children of "{orphans[0].name}" belong to "{orphans[0].children}", which is no group; '
                f"the groups are {', '.join(names)}",
                f'barn till "{orphans[0].name}" hör till "{orphans[0].children}", som inte är någon grupp; '
                f"grupperna är {', '.join(names)}",
            )
        return groups

    @field_validator("steps")
    @classmethod
    def _check_steps(cls, steps: tuple[StepName, ...]) -> tuple[StepName, ...]:
        if steps != tuple(step for step in STEPS if step in steps):
            raise RefusedValueError(
                f"steps may be left out, never repeated or reordered; their order is {', '.join(STEPS)}",
                f"steg får utelämnas, aldrig upprepas eller byta ordning; ordningen är {', '.join(STEPS)}",
            )
        return steps

    @field_validator("policies")
    @classmethod
    def _check_policies(cls, policies: tuple[AnyPolicy, ...], info: ValidationInfo) -> tuple[AnyPolicy, ...]:
        for i, policy in enumerate(policies):
            try:
                policy.check(info.data.get("rules", Rules()))
            except RefusedValueError as error:
                keys = (i, policy.kind, *error.keys)
                raise RefusedValueError(f"{error}", f"{error:sv}", keys) from error
        return policies

    @field_validator("policies")
    @classmethod
    def _give_names(cls, policies: tuple[AnyPolicy, ...]) -> tuple[AnyPolicy, ...]:
        policies = name_policies(policies)
        if (again := find_duplicate_name(policies)) is not None:
            policy = policies[again]
            raise RefusedValueError(
                f'another policy is called "{policy.name}" too; give each a name of its own',
                f'en annan åtgärd heter också "{policy.name}"; ge var och en ett eget namn',
                (again, policy.kind, "name"),
            )
        return policies

    @model_validator(mode="after")
    def _know_own_measures(self) -> Self:
        self.own_measures()
        return self

    @model_validator(mode="after")
    def _change_in_order(self) -> Self:
        before = self.start
        for i, later in enumerate(self.later):
            if later.since <= before:
                after = (
                    Text("the start", "starten") if i == 0 else Text("the change before", "ändringen före")
                )
                raise RefusedValueError(
                    f"must come after {after} ({before})",
                    f"ska komma efter {after:sv} ({before})",
                    ("later", i, "from"),
                )
            before = later.since
        return self

    @model_validator(mode="after")
    def _let_people_come(self) -> Self:
        demography = self.preferences.demography
        if "demography" not in self.steps and (demography.growth or demography.population_follows != "start"):
            follows = (
                "growth" if demography.growth else f"population_follows: {demography.population_follows}"
            )
            raise RefusedValueError(
                f"leaves out demography, without which {follows} does nothing; add it, or leave that out",
                f"utelämnar demography, utan vilket {follows} inte gör något; lägg till det, eller utelämna "
                "det senare",
                ("steps",),
            )
        return self

    @model_validator(mode="after")
    def _pay_for_something(self) -> Self:
        members = [policy for policy in self.policies if policy.programme]
        name = self.programme.name if self.programme is not None else ""
        if lost := [policy for policy in members if policy.programme != name]:
            keys = ("policies", self.policies.index(lost[0]), lost[0].kind, "programme")
            raise RefusedValueError(
                f'there is no programme "{lost[0].programme}"',
                f'det finns inget program "{lost[0].programme}"',
                keys,
            )
        if self.programme is not None and not any(p.knows_cost(p.model_dump()) for p in members):
            text = Text(
                "the cost of none of its policies is known, so that its purse buys nothing; give a cost_msek",
                "kostnaden är inte känd för någon av dess åtgärder, så dess pengar köper inget; ange en "
                "cost_msek",
            )
            none = Text("holds no policy; list some below", "rymmer ingen åtgärd; ange några under")
            raise RefusedValueError(*(text if members else none), ("programme",))
        for policy in members:
            if self.programme is not None and not self.programme.holds(policy):
                raise RefusedValueError(
                    f"{policy.name} acts elsewhere or in other years; change it too, or write both anew",
                    f"{policy.name} verkar på annan plats eller i andra år; ändra den också, eller skriv om "
                    "båda",
                    ("programme",),
                )
        return self

    def __repr__(self) -> str:
        parts = [f"{self.start} + {self.years} years", *([f"extends {self.extends}"] if self.extends else [])]
        return f"<Scenario {self.name}: {', '.join([*parts, *(policy.name for policy in self.policies)])}>"

    __str__ = __repr__

    def baseline(self) -> "Scenario":
        """Return the city this scenario extends, or else this city, without policies.

        It runs as long as the scenario and measures the same, so that the two can be compared.
        """
        city = self._parent or self
        same: dict[str, Any] = {
            "policies": (),
            "programme": None,
            "years": self.years,
            "measures": self.measures,
        }
        return city if all(getattr(city, key) == same[key] for key in same) else city.model_copy(update=same)

    def add_own(
        self,
        policies: Iterable[Policy] = (),
        measures: Iterable[Callable[..., Any]] = (),
        parts: Iterable[OwnPart] = (),
    ) -> "Scenario":
        """Return the scenario with more policies, and with measures and indices of one's own.

        Parameters
        ----------
        policies : iterable of Policy
            Of segsim's kinds or of classes of one's own; the baseline does not have them.
        measures : iterable of callable
            Functions marked with `segsim.own.measure` or `index`; the baseline is measured by them too.
        parts : iterable of OwnPart
            More own parts, for overrides to use.

        Raises
        ------
        SegsimError
            If the source of a part cannot be read, or it does not say what such a part says of itself.
        """
        policies, measures = list_given(policies, Policy), list_given(measures)
        for policy in policies:
            if not isinstance(policy, Policy):
                raise SegsimError(
                    f"{policy!r} is no policy; give one with its settings, such as NewConstruction(...)",
                    f"{policy!r} är ingen åtgärd; ange en med inställningar, såsom NewConstruction(...)",
                )
        own = [capture_part("policy", type(policy)) for policy in policies if is_own(type(policy))]
        measured = [capture_part("measure", function) for function in measures]
        parts = merge_parts(self.own, own, measured, parts)
        names = dict.fromkeys([*self.measures.own, *(part.name_in_files for part in measured)])
        choice = self.measures.model_copy(update={"own": tuple(names)})
        added = self.model_copy(update={"own": parts, "measures": choice})
        added._parent = self._parent and self._parent.model_copy(update={"own": parts, "measures": choice})
        if policies and added._parent is None:
            added._parent = added.baseline().model_copy()
            added._parent._parent = None
        added.own_measures()  # refuses what is no measure
        more = [
            {policy.kind: policy.model_dump(by_alias=True, include=policy.model_fields_set)}
            for policy in policies
        ]
        if not more:
            return added
        kept = [{policy.kind: policy.model_dump(by_alias=True, exclude={"kind"})} for policy in self.policies]
        return added.override({"policies": (*kept, *more)})

    def own_measures(self) -> tuple[OwnMeasure | OwnIndex, ...]:
        """Return the measures and indices of one's own that it is measured by."""
        parts = {part.name_in_files: part for part in self.own if part.role == "measure"}
        if lost := [name for name in self.measures.own if name not in parts]:
            raise RefusedValueError(
                f"the source of {lost[0]} is not there; name it in a scenario file or give the function",
                f"källkoden för {lost[0]} finns inte; nämn den i en scenariofil eller ange funktionen",
            )
        marked = tuple(read_mark(parts[name].load()) for name in self.measures.own)
        names = [one.declared.name for one in marked]
        if twice := [name for name in names if names.count(name) > 1]:
            raise RefusedValueError(
                f'two measures are called "{twice[0]}"; rename a function',
                f'två mått heter "{twice[0]}"; byt namn på en funktion',
            )
        return marked

    def list_used_parts(self) -> tuple[OwnPart, ...]:
        """Return the own parts that its results depend on."""
        kinds, names = {policy.kind for policy in self.policies}, set(self.measures.own)
        return tuple(
            part
            for part in self.own
            if (part.role == "policy" and kinds & find_own_levers([part]).keys())
            or (part.role == "measure" and part.name_in_files in names)
        )

    def list_functions(self) -> list[OwnPart]:
        """Return the own functions that people go by."""
        housing, schools = self.preferences.housing, self.preferences.schools
        sections = (housing, housing.one_at_a_time, schools.one_at_a_time)
        return [part for section in sections if section is not None for part in section.list_functions()]

    def follow(self, places: tuple[FollowedPlace, ...]) -> "Scenario":
        """Return the scenario with more places to follow; a place of the same name stays as it is."""
        mine = self.measures.follow
        names = [place.name for place in mine]
        more = tuple(place for place in places if place.name not in names)
        measures = self.measures.model_copy(update={"follow": (*mine, *more)})
        return self.model_copy(update={"measures": measures})

    def override(self, overrides: Mapping[str, Any]) -> "Scenario":
        """Return the scenario with other values at dotted keys, its baseline likewise but for policies."""
        overrides = check_overrides(overrides)
        values = self.model_dump(by_alias=True)
        values["policies"] = tuple({policy.pop("kind"): policy} for policy in values["policies"])
        document = Document(values, dict(self._origins))
        parent, shared = self._parent, exclude_policies(overrides)
        if parent is not None and shared:
            parent = parent.override(shared)
        return validate_scenario(document, self.name, overrides, parent)

    def list_stages(self) -> list[tuple[int, "Scenario"]]:
        """Return the years from which something is otherwise, each with the scenario as it then is."""
        stages, now = [], self.model_copy(update={"later": ()})
        now._parent = None
        for later in self.later:
            now = now.override(later.list_overrides())
            stages.append((later.since, now))
        return stages

    def where(self, *keys: str | int) -> str:
        """Return `file:line` of a value, such as `where("policies", 0)`, or of the nearest one written."""
        return str(self.origin(keys))

    def origin(self, keys: Keys) -> Origin:
        """Return the file and line of a value, or of the nearest one written."""
        return find_origin(self._origins, keys) if self._origins else Origin(self.name, 0)

    def find_cause(self, keys: Keys, text: Text) -> Origin:
        """Return the file and line of what is wrong with a value, which may be one beside it."""
        return find_cause(self._origins, keys, text) if self._origins else Origin(self.name, 0)

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything that decides the results of a seed, contents of data files included."""
        values = self.model_dump(exclude=_NOT_HASHED)
        if used := self.list_used_parts():
            values["own"] = sorted(part.digest for part in used)
        if not self.measures.own:
            del values["measures"]["own"]  # so that a scenario without any has the hash it always had
        if self.city.national_codes:
            values["facts"] = hash_facts()
        for policy, name in zip(values["policies"], default_names(self.policies), strict=True):
            if policy["name"] == name:
                del policy["name"]  # a name that is not given decides nothing
        return hashlib.sha256(
            json.dumps(write_plain(values), sort_keys=True, allow_nan=False).encode()
        ).hexdigest()


def validate_scenario(
    document: Document, name: str, overrides: Mapping[str, Any], parent: Scenario | None
) -> Scenario:
    """Return the scenario of a document with some values overridden.

    Raises
    ------
    ScenarioError
        With everything that is wrong at once, each with file, line, key and remedy.
    """
    about_programme = [key for key in overrides if key.split(".")[0] == "programme"]
    for key in about_programme:
        override_value(document, key, overrides[key])
    expand_plan_files(document)
    expand_programme(document)
    for key in [key for key in overrides if key not in about_programme]:
        override_value(document, key, overrides[key])
    expand_plan_files(document)  # those that are overridden
    document.values["name"] = name
    refuse(list(find_vast_numbers(document)))
    scenario = validate_document(Scenario, document)
    scenario._parent = parent
    scenario._origins = document.origins
    policies = ScenarioPolicies(scenario.policies, scenario.start, document.origins)
    follow, codes = scenario.measures.follow, scenario.city.national_codes
    refuse(
        [
            *find_board_problems(scenario),
            *find_contradictions(policies),
            *find_absent_municipalities(policies, scenario.rules, follow, codes),
            *find_later_problems(scenario),
        ]
    )
    return scenario


def find_later_problems(scenario: Scenario) -> list[Problem]:
    """Return what does not fit of the changes that a scenario makes later."""
    for i in range(len(scenario.later)):
        try:
            scenario.model_copy(update={"later": scenario.later[: i + 1]}).list_stages()
        except ScenarioError as error:
            texts = [Text(*(one.split(": ", 1)[-1] for one in line)) for line in error.lines]
            return [note_problem(scenario.origin(("later", i)), ("later", i), text) for text in texts]
    return []


def write_plain(value: Any) -> Any:
    """Return a value as JSON can hold it, a file as the hash of its content."""
    if isinstance(value, Mapping):
        return {str(key): write_plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [write_plain(inner) for inner in value]
    return hash_content(value) if isinstance(value, Path) else value

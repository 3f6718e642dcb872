"""A programme as a file writes it, with its policies inside: they are put among the scenario's others."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from segsim.policies import POLICIES, CityWide
from segsim.scenario.messages import note_problem
from segsim.scenario.reading import Document, Keys, Problem, refuse
from segsim.words.text import Text

HERE: Keys = ("programme", "policies")
SHARED = ("from", "until", "areas")
"""What a policy has of its programme."""


def expand_programme(document: Document) -> None:
    """Put the policies of a programme behind the scenario's others, with its name, place and years.

    Raises
    ------
    ScenarioError
        With every policy that contradicts the programme or another part of it.
    """
    programme, policies = document.values.get("programme"), document.values.get("policies", ())
    if not isinstance(programme, dict) or not isinstance(programme.get("policies"), tuple):
        return
    if not isinstance(policies, tuple):
        return
    items = programme.pop("policies")
    refuse([*find_contradictions(document, programme, items)])
    for i in range(len(items)):
        move_origins(document, (*HERE, i), ("policies", len(policies) + i))
    document.values["policies"] = (*policies, *(give_shared(item, programme) for item in items))
    for number, item in enumerate(items, start=len(policies)):
        if (kind := read_kind(item)) is not None:
            for key in SHARED:
                origin = document.origin(("programme", key))
                document.origins.setdefault(("policies", number, kind, key), origin)


def read_kind(item: Any) -> str | None:
    """Return the kind of a policy as a file writes it; None where it is not written as one."""
    if isinstance(item, Mapping) and len(item) == 1:
        return str(next(iter(item)))
    return str(item) if isinstance(item, str) else None


def read_settings(item: Any) -> Mapping[str, Any]:
    """Return the settings of a policy as a file writes it."""
    settings = next(iter(item.values())) if isinstance(item, Mapping) and len(item) == 1 else None
    return settings if isinstance(settings, Mapping) else {}


def give_shared(item: Any, programme: Mapping[str, Any]) -> Any:
    """Return a policy with the name, place and years of its programme, its own years kept."""
    kind = read_kind(item)
    if kind is None or (isinstance(item, Mapping) and not isinstance(item[kind], Mapping | None)):
        return item
    shared = {key: programme[key] for key in SHARED if key in programme}
    lever = POLICIES.get(kind)
    if lever is not None and issubclass(lever, CityWide):
        shared.pop("areas", None)
    return {kind: {**shared, **read_settings(item), "programme": programme.get("name", "programme")}}


def move_origins(document: Document, old: Keys, new: Keys) -> None:
    """Let what was written at one place be known as written at another."""
    for keys in [keys for keys in document.origins if keys[: len(old)] == old]:
        document.origins[*new, *keys[len(old) :]] = document.origins[keys]


def find_contradictions(
    document: Document, programme: Mapping[str, Any], items: tuple[Any, ...]
) -> Iterator[Problem]:
    """Yield every way in which the parts of a programme contradict it or one another."""
    for i, item in enumerate(items):
        keys = (*HERE, i, read_kind(item) or "")
        for key, text in find_conflicts(programme, item):
            yield note_problem(document.origin((*keys, *key)), (*keys, *key), text)
    for (i, one), (j, other) in combinations(enumerate(items), 2):
        kind = read_kind(one)
        if kind and kind == read_kind(other) and overlap(programme, read_settings(one), read_settings(other)):
            line = document.origin((*HERE, i)).line
            text = Text(
                f"{kind} stands twice for the same place and years (first in line {line}); make them one, or "
                "part their years",
                f"{kind} står två gånger för samma plats och år (först på rad {line}); gör dem till en, "
                "eller "
                "skilj deras år åt",
            )
            yield note_problem(document.origin((*HERE, j)), (*HERE, j, kind), text)


def find_conflicts(programme: Mapping[str, Any], item: Any) -> Iterator[tuple[Keys, Text]]:
    """Yield the settings of a policy that contradict its programme, and why; () for the policy itself."""
    settings, lever = read_settings(item), POLICIES.get(read_kind(item) or "")
    if "areas" in settings:
        yield (
            ("areas",),
            Text(
                "a programme acts in one place; give the programme areas, or put the policy outside it",
                "ett program verkar på en plats; ge programmet areas, eller lägg åtgärden utanför det",
            ),
        )
    for key in ("budget_msek", "absorption", "programme"):
        if key in settings:
            yield (
                (key,),
                Text(
                    "the programme's purse pays for its policies; remove it, or put the policy outside",
                    "programmets pengar betalar dess åtgärder; ta bort den, eller lägg åtgärden utanför",
                ),
            )
    years: list[Keys] = [("from",), ("until",)]
    for keys in (*years, *list_plan_years(settings)):
        if text := find_wrong_year(programme, find_value(settings, keys)):
            yield keys, text
    if lever is not None and issubclass(lever, CityWide) and programme.get("areas", "all") != "all":
        yield (
            (),
            Text(
                "holds for the whole city, but the programme for some areas; put the policy outside it",
                "gäller hela staden, men programmet några områden; lägg åtgärden utanför det",
            ),
        )


def find_wrong_year(programme: Mapping[str, Any], year: Any) -> Text:
    """Return why a year does not lie in those of a programme; nothing if it does."""
    first, last = programme.get("from"), programme.get("until")
    if isinstance(year, int) and isinstance(first, int) and year < first:
        return Text(
            f"{year} is before the programme begins, {first}; begin the programme sooner",
            f"{year} är innan programmet börjar, {first}; börja programmet tidigare",
        )
    if isinstance(year, int) and isinstance(last, int) and year > last:
        return Text(
            f"{year} is after the programme ends, {last}; let the programme last longer",
            f"{year} är efter att programmet slutar, {last}; låt programmet vara längre",
        )
    return Text("", "")


def list_plan_years(settings: Mapping[str, Any]) -> Iterator[Keys]:
    """Yield the way to the year of each named plan, if the settings hold some."""
    plans = settings.get("plans")
    for i in range(len(plans) if isinstance(plans, tuple) else 0):
        yield ("plans", i, "year")


def find_value(settings: Any, keys: Keys) -> Any:
    """Return what stands at some keys; None where nothing does."""
    for key in keys:
        is_there = isinstance(settings, tuple) or (isinstance(settings, Mapping) and key in settings)
        settings = settings[key] if is_there else None
    return settings


def overlap(programme: Mapping[str, Any], one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two policies of a programme have years in common."""
    years = [
        (settings.get("from", programme.get("from")), settings.get("until", programme.get("until")))
        for settings in (one, other)
    ]
    (first, last), (also_first, also_last) = (
        (begin if isinstance(begin, int) else 0, end if isinstance(end, int) else 9999)
        for begin, end in years
    )
    return first <= also_last and also_first <= last

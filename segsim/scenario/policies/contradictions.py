"""Policies that contradict one another or the city: a rule set in two ways, a school closed and filled."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from segsim.policies import Policy
from segsim.policies.housing.named_plans import NamedPlans
from segsim.policies.period import Period
from segsim.policies.schools.school_closure import SchoolClosure
from segsim.policies.schools.school_plan import SchoolPlan
from segsim.scenario.messages import note_problem
from segsim.scenario.reading import Keys, Origin, Problem, find_origin
from segsim.section import Section
from segsim.words.text import Text

Numbered = tuple[int, Policy]


class ScenarioPolicies(NamedTuple):
    """The policies of a scenario, the start of its city, and where each value was written."""

    policies: tuple[Policy, ...]
    start: int
    origins: Mapping[Keys, Origin]

    def origin(self, keys: Keys) -> Origin:
        """Return where a value was written, or else the nearest value that holds it."""
        return find_origin(self.origins, keys)


def find_contradictions(file: ScenarioPolicies) -> list[Problem]:
    """Return every way in which two policies of the same years contradict each other, or a plan the start."""
    pairs = combinations(enumerate(file.policies), 2)
    problems = [
        problem for numbered in enumerate(file.policies) for problem in _build_at_no_time(file, numbered)
    ]
    return problems + [
        problem
        for one, other in pairs
        if one[1].overlaps(other[1])
        for find in (_set_in_two_ways, _close_and_fill, _plan_twice)
        for problem in find(file, one, other)
    ]


def _build_at_no_time(file: ScenarioPolicies, numbered: Numbered) -> Iterator[Problem]:
    """Yield the plans that were carried out before the city's first year, or outside their policy's."""
    policy = numbered[1]
    listed, years_of = "plans", [plan.year for plan in policy.plans] if isinstance(policy, NamedPlans) else []
    if isinstance(policy, SchoolPlan):
        listed, years_of = "changes", [line.year for line in policy.changes]
    for i, year in enumerate(years_of):
        if year <= file.start:
            text = Text(
                f"{year} is not after the start of the city, {file.start}, which holds what was there by "
                "then; remove the plan, or correct its year",
                f"{year} är inte efter stadens start, {file.start}, som rymmer det som fanns dittills; ta "
                "bort planen, eller rätta dess år",
            )
            yield _note(file, (*_keys(numbered, listed), i, "year"), text)
        elif not Period(since=year, until=year).overlaps(policy):
            years = f"{policy.since or ''}-{policy.until or ''}"
            text = Text(
                f"{year} is not among the years of the policy, {years}; correct one of them",
                f"{year} är inte bland åtgärdens år, {years}; rätta det ena",
            )
            yield _note(file, (*_keys(numbered, listed), i, "year"), text)


def _set_in_two_ways(file: ScenarioPolicies, one: Numbered, other: Numbered) -> Iterator[Problem]:
    """Yield the rules that two policies put different ones in the place of."""
    first, second = one[1].replacements(), other[1].replacements()
    for rule in sorted(first.keys() & second.keys()):
        (was, value), (setting, new) = first[rule], second[rule]
        if value != new:
            where = file.origin(_keys(one, was))
            text = Text(
                f"sets {rule} to {_show(new)}, and {one[1].name} sets it to {_show(value)} in the same years "
                f"({where}); keep one of them, or part their years",
                f"sätter {rule} till {_show(new):sv}, och {one[1].name} sätter den till {_show(value):sv} "
                f"samma år ({where:sv}); behåll en av dem, eller skilj deras år åt",
            )
            yield _note(file, _keys(other, setting), text)


def _close_and_fill(file: ScenarioPolicies, one: Numbered, other: Numbered) -> Iterator[Problem]:
    """Yield the schools that two policies close, and those that one closes and the other fills."""
    first, second = one[1], other[1]
    if not (isinstance(first, SchoolClosure) and isinstance(second, SchoolClosure)):
        return
    both = Text(f"is closed by {first.name} too", f"stängs även av {first.name}")
    full = Text(
        f"receives pupils here, but {first.name} closes it",
        f"tar emot elever här, men {first.name} stänger den",
    )
    for key, why in (("schools", both), ("receivers", full)):
        for school in getattr(second, key):
            if school in first.schools:
                yield _note(file, _keys(other, key), _name_in_one(school, why))
    for school in first.receivers:
        if school in second.schools:
            why = Text(
                f"closes here, but receives pupils of {first.name}",
                f"stängs här, men tar emot elever från {first.name}",
            )
            yield _note(file, _keys(other, "schools"), _name_in_one(school, why))


def _plan_twice(file: ScenarioPolicies, one: Numbered, other: Numbered) -> Iterator[Problem]:
    """Yield the schools that a school plan changes, and another plan or a closure too."""
    plans = isinstance(one[1], SchoolPlan), isinstance(other[1], SchoolPlan)
    taken = _list_changed(one[1])
    for way, school in _list_changed(other[1]).items() if any(plans) else ():
        if school in taken.values():
            why = Text(f"is changed by {one[1].name} too", f"ändras även av {one[1].name}")
            yield _note(file, (*_keys(other, ""), *way), _name_in_one(school, why))


def _list_changed(policy: Policy) -> dict[Keys, str]:
    """Return the schools that a plan or a closure names, by the way to where they stand."""
    if isinstance(policy, SchoolPlan):
        return {("changes", i, "school"): line.school for i, line in enumerate(policy.changes)}
    closed = policy.schools if isinstance(policy, SchoolClosure) else ()
    return {("schools", i): name for i, name in enumerate(closed)}


def _name_in_one(school: str, why: Text) -> Text:
    """Return what is wrong with a school, and the remedy."""
    return Text(f'"{school}" {why}; name it in one of them', f'"{school}" {why:sv}; nämn den i en av dem')


def _keys(policy: Numbered, setting: str) -> Keys:
    """Return the way to a setting of a policy; to the policy itself if none is named."""
    number, one = policy
    return ("policies", number, one.kind, *([setting] if setting else []))


def _note(file: ScenarioPolicies, keys: Keys, text: Text) -> Problem:
    """Return a problem at some keys."""
    return note_problem(file.origin(keys), keys, text)


def _show(value: Any) -> Text:
    """Write a rule as a scenario file would."""
    if isinstance(value, Section):
        return Text("areas of its own", "egna områden")
    is_word = isinstance(value, bool) or not isinstance(value, int | float)
    shown = str(value).lower() if is_word else f"{value:g}"
    return Text(shown, shown)

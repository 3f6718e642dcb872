"""Policies that contradict one another or the city: a rule set in two ways, a school closed and filled."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from segsim.policies import Policy
from segsim.policies.housing.named_plans import NamedPlans
from segsim.policies.period import Period
from segsim.policies.schools.school_closure import SchoolClosure
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
        for problem in (*_set_in_two_ways(file, one, other), *_close_and_fill(file, one, other))
    ]


def _build_at_no_time(file: ScenarioPolicies, numbered: Numbered) -> Iterator[Problem]:
    """Yield the named plans that were completed before the city's first year, or outside their policy's."""
    policy = numbered[1]
    for i, plan in enumerate(policy.plans if isinstance(policy, NamedPlans) else ()):
        if plan.year <= file.start:
            text = Text(
                f"{plan.year} is not after the start of the city, {file.start}, whose dwellings hold "
                "what was built by then; remove the plan, or correct its year",
                f"{plan.year} är inte efter stadens start, {file.start}, vars bostäder rymmer det som byggts "
                "dittills; ta bort planen, eller rätta dess år",
            )
            yield _note(file, (*_keys(numbered, "plans"), i, "year"), text)
        elif not Period(since=plan.year, until=plan.year).overlaps(policy):
            years = f"{policy.since or ''}-{policy.until or ''}"
            text = Text(
                f"{plan.year} is not among the years of the policy, {years}; correct one of them",
                f"{plan.year} är inte bland åtgärdens år, {years}; rätta det ena",
            )
            yield _note(file, (*_keys(numbered, "plans"), i, "year"), text)


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

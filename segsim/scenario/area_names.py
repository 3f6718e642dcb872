"""Whether the areas, districts and schools that a scenario names exist in the city."""

from collections.abc import Iterator, Sequence

from segsim.errors import did_you_mean, list_names
from segsim.policies import Scope
from segsim.policies.housing.named_plans import NamedPlans
from segsim.policies.safety.public_service_office import PublicServiceOffice
from segsim.policies.schools.new_school import NewSchool
from segsim.policies.schools.school_closure import SchoolClosure
from segsim.policies.schools.school_plan import SchoolPlan
from segsim.scenario.messages import note_problem
from segsim.scenario.places import CityPlaces
from segsim.scenario.policies.misplacement import find_misplaced
from segsim.scenario.reading import Keys, Problem, refuse
from segsim.scenario.schema import Scenario
from segsim.words.text import Text

COUNTING_PLACES = (SchoolClosure, PublicServiceOffice, NewSchool, SchoolPlan)
"""Policies that may ask for more places than the city has, or for schools it has not."""
AREA, DISTRICT = Text("area", "inget område"), Text("district", "ingen stadsdel")
SCHOOL = Text("school", "ingen skola")


def check_names(scenario: Scenario, places: CityPlaces) -> None:
    """Refuse a scenario that names an area, district or school its city does not have, or not there.

    Raises
    ------
    ScenarioError
        With every such name, its file and line, and the nearest name there is, and with every part of a
        policy that lies where the policy does not act.
    """
    district_names = tuple(dict.fromkeys(places.districts))
    anywhere = (*places.areas, *district_names)
    problems: list[Problem] = []
    scopes: list[tuple[Keys, Scope]] = [
        *((("policies", i, p.kind, "areas"), p.areas) for i, p in enumerate(scenario.policies)),
        *((("measures", "follow", i, "areas"), f.areas) for i, f in enumerate(scenario.measures.follow)),
    ]
    for i, policy in enumerate(scenario.policies):
        here: Keys = ("policies", i, policy.kind)
        scopes += [((*here, *way), scope) for way, scope in policy.scopes_of_parts()]
        if isinstance(policy, NamedPlans):
            held: Keys = ("policies", i, policy.kind, "most_in_area", "")
            problems += _find_unknown(scenario, held, AREA, tuple(policy.most_in_area), anywhere)
    for way, scope in scopes:
        problems += _find_unknown(scenario, (*way, "names"), AREA, scope.names, anywhere)
        problems += _find_unknown(scenario, (*way, "districts"), DISTRICT, scope.districts, district_names)
    for i, policy in enumerate(scenario.policies):
        if places.schools and isinstance(policy, SchoolClosure):
            for key in ("schools", "receivers"):
                keys: Keys = ("policies", i, policy.kind, key)
                problems += _find_unknown(scenario, keys, SCHOOL, getattr(policy, key), places.schools)
        if isinstance(policy, SchoolPlan):
            known = (*places.schools, *policy.opening)
            for j, line in enumerate(policy.changes):
                keys = ("policies", i, policy.kind, "changes", j, "school")
                problems += _find_unknown(scenario, keys, SCHOOL, (line.school,), known)
    for i, policy in enumerate(scenario.policies):
        # where it acts cannot be told from names that are not there
        own = (policy.areas, *(scope for _, scope in policy.scopes_of_parts()))
        is_known = all({*scope.names, *scope.districts} <= set(anywhere) for scope in own)
        for way, text in find_misplaced(policy, places) if is_known else ():
            keys = ("policies", i, policy.kind, *way)
            problems.append(note_problem(scenario.origin(keys), keys, text))
    refuse(problems)


def _find_unknown(
    scenario: Scenario, keys: Keys, what: Text, names: Sequence[str], known: Sequence[str]
) -> Iterator[Problem]:
    """Yield every name that is not known, and which is near."""
    for j, name in enumerate(names):
        if name not in known:
            there = list_names(known)
            near = did_you_mean(name, known) or Text(f"; there are {there}", f"; det finns {there:sv}")
            text = Text(
                f'there is no {what} "{name}" in the city{near}',
                f'det finns {what:sv} "{name}" i staden{near:sv}',
            )
            yield note_problem(scenario.origin((*keys, j)), keys[:-1], text)


def names_places(scenario: Scenario) -> bool:
    """Tell whether a scenario names places, so that its city must be made to know whether they are there."""
    scopes = [place.areas for place in scenario.measures.follow]
    for policy in scenario.policies:
        scopes.append(policy.areas)
        scopes += [scope for _, scope in policy.scopes_of_parts()]
    counts_places = any(isinstance(policy, COUNTING_PLACES) for policy in scenario.policies)
    return counts_places or any(scope.names or scope.districts for scope in scopes)

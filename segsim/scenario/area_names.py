"""Whether the areas, districts and schools that a scenario names exist in the city."""

from collections.abc import Collection, Iterator, Sequence

from segsim.errors import did_you_mean, list_names
from segsim.policies import Scope
from segsim.policies.housing.named_plans import NamedPlans
from segsim.policies.schools.school_closure import SchoolClosure
from segsim.scenario.messages import join_keys
from segsim.scenario.reading import Keys, Problem, refuse
from segsim.scenario.schema import Scenario


def check_names(
    scenario: Scenario,
    area_names: Sequence[str],
    district_names: Sequence[str],
    school_names: Sequence[str] = (),
    independent: Collection[str] = (),
) -> None:
    """Refuse a scenario whose policies or measures name an area, district or school the city does not have.

    Schools are checked where their names are given; those named as `independent` no council can close.

    Raises
    ------
    ScenarioError
        With every such name, its file and line, and the nearest name there is.
    """
    anywhere = (*area_names, *district_names)
    problems: list[Problem] = []
    scopes: list[tuple[Keys, Scope]] = [
        *((("policies", i, p.kind, "areas"), p.areas) for i, p in enumerate(scenario.policies)),
        *((("measures", "follow", i, "areas"), f.areas) for i, f in enumerate(scenario.measures.follow)),
    ]
    for i, policy in enumerate(scenario.policies):
        if isinstance(policy, NamedPlans):
            listed = ("policies", i, policy.kind, "plans")
            scopes += [((*listed, j, "areas"), plan.areas) for j, plan in enumerate(policy.plans)]
            held: Keys = ("policies", i, policy.kind, "most_in_area", "")
            problems += _find_unknown(scenario, held, "area", tuple(policy.most_in_area), anywhere)
    for here, scope in scopes:
        problems += _find_unknown(scenario, (*here, "names"), "area", scope.names, anywhere)
        problems += _find_unknown(scenario, (*here, "districts"), "district", scope.districts, district_names)
    for i, policy in enumerate(scenario.policies):
        if school_names and isinstance(policy, SchoolClosure):
            for key in ("schools", "receivers"):
                keys: Keys = ("policies", i, policy.kind, key)
                problems += _find_unknown(scenario, keys, "school", getattr(policy, key), school_names)
            closed = ("policies", i, policy.kind, "schools")
            problems += _find_independent(scenario, closed, policy.schools, independent)
    refuse(problems)


def _find_independent(
    scenario: Scenario, keys: Keys, names: Sequence[str], independent: Collection[str]
) -> Iterator[Problem]:
    """Yield every independent school that the council is to close."""
    for j, name in enumerate(names):
        if name in independent:
            text = f'{join_keys(keys)}: "{name}" is an independent school, which the council cannot close'
            yield Problem(scenario.origin((*keys, j)), f"{text}; name a municipal one")


def _find_unknown(
    scenario: Scenario, keys: Keys, what: str, names: Sequence[str], known: Sequence[str]
) -> Iterator[Problem]:
    """Yield every name that is not known, and which is near."""
    for j, name in enumerate(names):
        if name not in known:
            near = did_you_mean(name, known) or f"; there are {list_names(known)}"
            text = f'{join_keys(keys[:-1])}: there is no {what} "{name}" in the city{near}'
            yield Problem(scenario.origin((*keys, j)), text)


def names_places(scenario: Scenario) -> bool:
    """Tell whether a scenario names places, so that its city must be made to know whether they are there."""
    scopes = [place.areas for place in scenario.measures.follow]
    for policy in scenario.policies:
        scopes.append(policy.areas)
        if isinstance(policy, NamedPlans):
            scopes += [plan.areas for plan in policy.plans]
    closures = [policy for policy in scenario.policies if isinstance(policy, SchoolClosure)]
    by_name = any(scope.names or scope.districts for scope in scopes)
    return by_name or any(closure.schools or closure.receivers for closure in closures)

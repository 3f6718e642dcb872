"""Whether the areas and districts that policies name exist in the city."""

from collections.abc import Sequence

from segsim.scenario.messages import did_you_mean, listed
from segsim.scenario.reading import Keys, Problem, refuse
from segsim.scenario.schema import Scenario


def check_names(scenario: Scenario, area_names: Sequence[str], district_names: Sequence[str]) -> None:
    """Refuse a scenario whose policies name an area or a district the city does not have.

    Raises
    ------
    ScenarioError
        With every such name, its file and line, and the nearest name there is.
    """
    problems: list[Problem] = []
    for i, policy in enumerate(scenario.policies):
        scope = policy.areas
        for kind, written, known in (
            ("names", scope.names, (*area_names, *district_names)),
            ("districts", scope.districts, district_names),
        ):
            for j, name in enumerate(written):
                if name not in known:
                    keys: Keys = ("policies", i, policy.kind, "areas", kind, j)
                    problems.append(_unknown(scenario, keys, kind, name, known))
    refuse(problems)


def _unknown(scenario: Scenario, keys: Keys, kind: str, name: str, known: Sequence[str]) -> Problem:
    """Say that a name is not known, and which is near."""
    what = "area" if kind == "names" else "district"
    near = did_you_mean(name, known) or f"; there are {listed(known)}"
    text = f'policies[{keys[1]}].{keys[2]}.areas: there is no {what} "{name}" in the city{near}'
    return Problem(scenario.origin(keys), text)

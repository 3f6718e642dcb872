"""Whether the municipalities that rules, policies and measures name are in the region."""

from collections.abc import Iterable, Iterator

from segsim.errors import list_names
from segsim.policies import Scope
from segsim.rules import Rules
from segsim.scenario.measures import FollowedPlace
from segsim.scenario.messages import note_problem
from segsim.scenario.policies.contradictions import ScenarioPolicies
from segsim.scenario.reading import Keys, Problem
from segsim.sweden.municipalities import find_municipality
from segsim.words.text import Text


def find_absent_municipalities(
    file: ScenarioPolicies, rules: Rules, follow: Iterable[FollowedPlace], codes: tuple[str, ...]
) -> list[Problem]:
    """Return every municipality that is named and is none of the city's, given the codes of those."""
    followed = ((("measures", "follow", i, "areas"), place.areas) for i, place in enumerate(follow))
    named: list[tuple[Keys, str]] = [
        (("rules", "municipalities", code), code) for code in rules.municipalities
    ]
    named += [
        ((*keys, "municipalities", i), code)
        for keys, scope in (*_list_scopes(file), *followed)
        for i, code in enumerate(scope.municipalities)
    ]
    return [_note(file, keys, code, codes) for keys, code in named if code not in codes]


def _list_scopes(file: ScenarioPolicies) -> Iterator[tuple[Keys, Scope]]:
    """Yield every scope of the policies, and the way to it."""
    for i, policy in enumerate(file.policies):
        yield ("policies", i, policy.kind, "areas"), policy.areas
        for way, scope in policy.scopes_of_parts():
            yield ("policies", i, policy.kind, *way), scope


def _note(file: ScenarioPolicies, keys: Keys, code: str, codes: tuple[str, ...]) -> Problem:
    """Return the problem of one municipality."""
    name = find_municipality(code).name
    there = list_names((find_municipality(own).name for own in codes), 6)
    none = Text(
        f"{name} ({code}) is not in the city, which comes from no municipality by name; remove it, or give "
        "city.municipalities",
        f"{name} ({code}) finns inte i staden, som inte kommer från någon kommun med namn; ta bort den, "
        "eller "
        "ange city.municipalities",
    )
    others = Text(
        f"{name} ({code}) is not in the city, which has {there}; name one of them, or add it to "
        "city.municipalities",
        f"{name} ({code}) finns inte i staden, som har {there:sv}; nämn en av dem, eller lägg till den i "
        "city.municipalities",
    )
    return note_problem(file.origin(keys), keys, others if codes else none)

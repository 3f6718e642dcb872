"""A plan as the page holds it, the scenario file it writes, and what is wrong with it, field by field."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from segsim.errors import BilingualError, DataError, ScenarioError
from segsim.policies import CityProfile
from segsim.scenario import CityPlaces, Scenario, check_names, scenario_files
from segsim.scenario.export.writing import yaml_text
from segsim.scenario.loading import load_text
from segsim.scenario.policies.remarks import find_remarks
from segsim.scenario.reading import UNSET, Keys, parse_document, show_path
from segsim.sweden.municipalities import match_municipalities, simplify_name
from segsim.words.text import Language

Draft = dict[str, Any]
"""The values of a scenario file as JSON holds them: texts, numbers, lists and mappings."""

LONGEST_NAME = 60
MARK = "# Written by segsim plan. Check it: segsim check FILE. Compare it: segsim compare FILE\n"
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_WAY = re.compile(
    r"((?:policies|programme|later|years|extends|label_\w+|[a-z_]+)[\w.\[\]]*): (.*)", re.DOTALL
)


class FieldProblem(NamedTuple):
    """What is wrong, and the way to the field it is about; an empty way is the whole plan."""

    keys: Keys
    text: str


class Checked(NamedTuple):
    """What the checker of scenario files says of a plan."""

    scenario: Scenario | None
    problems: list[FieldProblem]
    remarks: list[str]


def read_draft(text: str, path: Path) -> Draft:
    """Return the plan of a scenario file's text; refuse (ScenarioError) what no file may hold."""
    draft: Draft = to_json(parse_document(text, path).values)
    if isinstance(draft.get("policies"), list):
        draft["policies"] = [write_in_full(item) for item in draft["policies"]]
    return draft


def to_json(value: Any) -> Any:
    """Return a value of a file as JSON holds it; what a file takes away (`null`) is None."""
    if isinstance(value, Mapping):
        return {key: to_json(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [to_json(inner) for inner in value]
    return None if value is UNSET else str(value) if isinstance(value, str) else value


def write_in_full(item: Any) -> Any:
    """Return a policy as a name with its settings, also where a file gives the name alone."""
    if isinstance(item, str):
        return {item: {}}
    if isinstance(item, dict) and len(item) == 1 and next(iter(item.values())) is None:
        return {kind: {} for kind in item}
    return item


def write_draft(draft: Draft) -> str:
    """Return the scenario file of a plan."""
    return MARK + yaml_text(from_json(draft))


def from_json(value: Any) -> Any:
    """Return a value of JSON as the writer of files takes it, with keys that are whole numbers as such."""
    if isinstance(value, Mapping):
        return {
            int(key) if re.fullmatch(r"0|[1-9]\d{0,8}", str(key)) else key: UNSET
            if inner is None
            else from_json(inner)
            for key, inner in value.items()
        }
    return [from_json(inner) for inner in value] if isinstance(value, list) else value


def name_draft(draft: Draft) -> str:
    """Return what the file of a plan is called: its title in plain letters, never the name of a city.

    Examples
    --------
    >>> name_draft({"label_sv": "Fler hyresrätter i väst"})
    'fler_hyresratter_i_vast'
    >>> name_draft({"label_en": "Landskrona"})
    'landskrona_plan'
    """
    title = next((str(draft[key]) for key in ("label_en", "label_sv") if draft.get(key)), "")
    name = re.sub(r"[^a-z0-9_]", "", simplify_name(title, "_"))[:LONGEST_NAME].strip("_") or "plan"
    is_taken = name in scenario_files() or name == str(draft.get("extends")) or match_municipalities(name)
    return f"{name}_plan" if is_taken or name.isdigit() else name


def check_draft(
    draft: Draft,
    path: Path,
    language: Language,
    places: CityPlaces | None = None,
    profile: CityProfile | None = None,
) -> Checked:
    """Check a plan as `segsim check` does its file.

    Parameters
    ----------
    draft : dict
    path : Path
        Where its file is to be; it need not be there.
    language : {"en", "sv"}
        Of the messages.
    places : CityPlaces, optional
        What the places of its city are called; without them names are not looked up.
    profile : CityProfile, optional
        The city at its start; without it conditions are not tried.
    """
    text = write_draft(draft)
    try:
        scenario = load_text(text, path)
        if places is not None:
            check_names(scenario, places)
    except (ScenarioError, DataError) as error:
        return Checked(None, find_fields(error, text, path, language), [])
    if profile is None:
        return Checked(scenario, [], [])
    remarks = find_remarks(scenario, lambda: profile)
    return Checked(scenario, [], [remark.in_language(language) for remark in remarks])


def find_fields(error: BilingualError, text: str, path: Path, language: Language) -> list[FieldProblem]:
    """Return what an error says, line by line, each with the field it is about."""
    try:
        origins = parse_document(text, path).origins
    except ScenarioError:
        origins = {}
    by_line: dict[int, Keys] = {}
    for keys, origin in origins.items():
        by_line[origin.line] = max(by_line.get(origin.line, ()), keys, key=len)
    problems = []
    for line in error.lines:
        told = line.in_language(language)
        place = re.match(rf"{re.escape(show_path(path))}(?::(\d+))?: ", told)
        rest = told[place.end() :] if place else told
        way = _WAY.fullmatch(rest)
        keys = parse_way(way[1]) if way else ()
        if way and keys and is_way(keys, origins):
            problems.append(FieldProblem(keys, way[2]))
        else:
            number = int(place[1]) if place and place[1] else 0
            problems.append(FieldProblem(by_line.get(number, ()), rest))
    return problems


def parse_way(text: str) -> Keys:
    """Return the keys of a way into a file.

    Examples
    --------
    >>> parse_way("policies[0].new_construction.tenure_shares")
    ('policies', 0, 'new_construction', 'tenure_shares')
    """
    return tuple(int(number) if number else word for number, word in _STEP.findall(text))


def is_way(keys: Keys, origins: Mapping[Keys, Any]) -> bool:
    """Tell whether keys lead to something in a file, or to something left out there."""
    return keys in origins or keys[:-1] in origins

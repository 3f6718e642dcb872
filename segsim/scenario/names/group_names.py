"""Whether the origin groups that tables of a scenario name are among its groups."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from segsim.errors import did_you_mean, list_names
from segsim.rules import Preferences, Rules
from segsim.rules.origins import ByOrigin
from segsim.rules.school_choice import SchoolChoice
from segsim.scenario.reading import Keys
from segsim.scenario.source import CitySource
from segsim.words.text import Text

Flaw = tuple[Keys, Text]


def find_unknown_groups(
    city: CitySource, rules: Rules, preferences: Preferences, names: Sequence[str]
) -> Iterator[Flaw]:
    """Yield every group that a table of a city, its rules or its preferences names and that there is not."""
    for name in city.group_shares:
        yield from unknown_group(name, names, ("city", "group_shares", name))
    for keys, table in (*list_tables(rules, ("rules",)), *list_tables(preferences, ("preferences",))):
        for name in table:
            yield from unknown_group(name, names, (*keys, name))


def list_tables(section: BaseModel, keys: Keys) -> Iterator[tuple[Keys, Sequence[str]]]:
    """Yield the names of groups that a section and those within it have numbers for, and where."""
    if isinstance(section, ByOrigin):
        yield (*keys, "groups"), tuple(section.groups)
    if isinstance(section, SchoolChoice):
        yield (*keys, "group_weights"), tuple(section.group_weights)
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if isinstance(value, BaseModel):
            yield from list_tables(value, (*keys, field.alias or key))


def unknown_group(name: str, names: Sequence[str], keys: Keys) -> Iterator[Flaw]:
    """Yield a name that is no group's."""
    if name not in names:
        known = list_names(names)
        near = did_you_mean(name, names) or Text(f"; the groups are {known}", f"; grupperna är {known:sv}")
        yield keys, Text(f'there is no group "{name}"{near}', f'det finns ingen grupp "{name}"{near:sv}')

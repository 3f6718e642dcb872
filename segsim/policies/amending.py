"""Amending rules: a part by its dotted name, another in its place, one more in a list of provisions."""

from functools import cache
from typing import Any, TypeVar, get_args

from segsim.rules import Rules
from segsim.section import Section

SomeSection = TypeVar("SomeSection", bound=Section)


def find_rule(rules: Section, path: str) -> Any:
    """Return the part of some rules at a dotted name, such as `schools.admission`."""
    part: Any = rules
    for name in path.split("."):
        part = getattr(part, name)
    return part


def replace_rule(rules: SomeSection, path: str, part: Any) -> SomeSection:
    """Return the rules with another part at a dotted name."""
    name, _, rest = path.partition(".")
    return rules.model_copy(update={name: replace_rule(getattr(rules, name), rest, part) if rest else part})


def add_provision(rules: Rules, path: str, provision: Section) -> Rules:
    """Return the rules with one more provision in the list at a dotted name."""
    return replace_rule(rules, path, (*find_rule(rules, path), provision))


@cache
def section_type(path: str) -> type[Section]:
    """Return what the section at a dotted name is."""
    return type(find_rule(Rules(), path))


@cache
def provision_type(path: str) -> type[Section]:
    """Return what the list at a dotted name holds."""
    way, _, name = path.rpartition(".")
    section: type[Section] = get_args(section_type(way).model_fields[name].annotation)[0]
    return section

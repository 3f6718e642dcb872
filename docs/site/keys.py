"""The keys of scenario files, read from the classes that check them."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from pydantic.fields import FieldInfo

from segsim.policies import Policy, Scope
from segsim.scenario.schema import Scenario
from segsim.section import Section

NOT_WRITTEN = {"name", "own"}
"""Keys of a scenario that segsim itself puts there."""
OF_THEIR_OWN = {"policies": Policy, "scope": Scope}
"""Sections told on pages of their own."""


class Part(NamedTuple):
    """One section of a scenario file.

    Attributes
    ----------
    path : str
        Dotted path to it; `[]` is one of a list, `NAME` one of a mapping.
    section : type of Section
        The class that checks it.
    """

    path: str
    section: type[Section]


def list_parts(section: type[Section] = Scenario, path: str = "") -> Iterator[Part]:
    """Yield a section and every section inside, each at its path, in the order they are declared."""
    yield Part(path, section)
    for name, field in section.model_fields.items():
        inner = find_section(field)
        if inner is None or (not path and name in NOT_WRITTEN) or leads_elsewhere(inner):
            continue
        key = f"{path}.{field.alias or name}".lstrip(".")
        yield from list_parts(inner, key + repetition(field.annotation))


def leads_elsewhere(section: type[Section]) -> bool:
    """Tell whether a section has a page or a heading of its own."""
    return issubclass(section, Policy) or section is Scope


def find_section(field: FieldInfo) -> type[Section] | None:
    """Return the section that a field holds, perhaps in a list or mapping; None for a plain value."""
    return next((part for part in _types(field.annotation) if issubclass(part, Section)), None)


def _types(annotation: Any) -> Iterator[type]:
    """Yield every class in an annotation."""
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for part in get_args(annotation):
        yield from _types(part)


def repetition(annotation: Any) -> str:
    """Return how a path goes on into a list or mapping of sections."""
    origins = {getattr(part, "__origin__", None) for part in (annotation, *get_args(annotation))}
    return "[]" if tuple in origins else ".NAME" if dict in origins else ""

"""Which keys a mapping of a file may have, by the model it is checked against."""

import types
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel


def list_keys(kind: Any, location: Iterable[str | int]) -> list[str]:
    """Return the keys a mapping at a location of a model may have."""
    way = tuple(location)
    for step in way:
        kind = enter_type(kind, step)
    kind = find_model(kind)
    if kind is None:
        return []
    hidden = () if way else ("name",)  # a scenario is named by its file
    fields = kind.model_fields.items()
    return [field.alias or name for name, field in fields if not (is_tag(field.annotation) or name in hidden)]


def is_tag(annotation: Any) -> bool:
    """Tell whether a field only says which member of a union this is."""
    return get_origin(annotation) is Literal and len(get_args(annotation)) == 1


def enter_type(kind: Any, step: str | int) -> Any:
    """Return the type of what lies one step inside a type."""
    kind = strip_annotations(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return next(
            (member for member in arguments if read_tag(member) == step), enter_union(arguments, step)
        )
    if origin is dict:
        return arguments[1]
    if origin in (tuple, list):
        return arguments[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.items()
        return next((f.annotation for name, f in fields if step in (name, f.alias)), None)
    return None


def enter_union(members: Iterable[Any], step: str | int) -> Any:
    """Return what lies one step inside the first member of a union that has such a step."""
    return next((inside for member in members if (inside := enter_type(member, step)) is not None), None)


def strip_annotations(kind: Any) -> Any:
    """Strip annotations from a type."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return kind


def read_tag(kind: Any) -> str | None:
    """Return the `kind` that a member of a union carries, if it does."""
    kind = strip_annotations(kind)
    field = kind.model_fields.get("kind") if isinstance(kind, type) and issubclass(kind, BaseModel) else None
    return str(field.default) if field is not None else None


def find_model(kind: Any) -> type[BaseModel] | None:
    """Return the model a type is, or holds beside None."""
    kind = strip_annotations(kind)
    if isinstance(kind, type):
        return kind if issubclass(kind, BaseModel) else None
    if get_origin(kind) in (Union, types.UnionType):
        return next((model for member in get_args(kind) if (model := find_model(member))), None)
    return None

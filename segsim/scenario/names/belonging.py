"""Where a word belongs that stands where no such key or policy is."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from segsim.words.text import Text

_MOST = 3
"""Places that are named for one word."""


def tell_belonging(model: type[BaseModel], word: object) -> Text:
    """Return `; "..." belongs at ...` if a word is a key, or a choice of a key, elsewhere in a model."""
    places = [way for way, name in list_words(model) if name == word]
    if not places:
        return Text("", "")
    n, few = len(places) - _MOST, places[:_MOST]
    more = Text(f" (and {n} more)", f" (och {n} till)") if n > 0 else Text("", "")
    return Text(
        f'; "{word}" belongs at {" or ".join(few)}{more}',
        f'; "{word}" hör hemma i {" eller ".join(few)}{more:sv}',
    )


@cache
def list_words(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Return every key of a model and every choice a key offers, each with where it is written."""
    return tuple(_walk(model, "", ()))


def _walk(model: type[BaseModel], way: str, above: tuple[type, ...]) -> Iterator[tuple[str, str]]:
    """Yield the words of a model and of the models within it, none within itself."""
    if model in above:
        return
    for name, field in model.model_fields.items():
        key = field.alias or name
        here = f"{way}.{key}" if way else key
        if name == "kind" and get_origin(field.annotation) is Literal:
            continue
        yield here, key
        for choice in _list_choices(field.annotation):
            yield f"{here}: {choice}", choice
        for inner in _list_models(field.annotation):
            kind = inner.model_fields.get("kind")
            inside = f"{here}.{kind.default}" if kind is not None else here
            yield from _walk(inner, inside, (*above, model))


def _list_models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models inside a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _list_models(part)


def _list_choices(annotation: Any) -> Iterator[str]:
    """Yield the words among which a type lets one choose."""
    if get_origin(annotation) is Literal:
        yield from (choice for choice in get_args(annotation) if isinstance(choice, str))
        return
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return
    for part in get_args(annotation):
        yield from _list_choices(part)

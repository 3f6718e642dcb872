"""Where a word belongs that stands where no such key or policy is."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from segsim.errors import suggest_word
from segsim.scenario.reading import Keys
from segsim.words.text import Text

_MOST = 3
"""Places that are named for one word."""
_SEEDS = Text(
    "; seeds of runs are given beside the scenario: --seed 7, --seeds 20, or `seeds` in an experiment; that "
    "of the first city alone is city.seed",
    "; körningars frön anges bredvid scenariot: --seed 7, --seeds 20, eller `seeds` i ett experiment; bara "
    "den första stadens är city.seed",
)
ELSEWHERE = {word: _SEEDS for word in ("seed", "seeds", "random_seed", "frö")}
"""Words that no scenario has at its top, with where they are given."""
SYNONYMS = {
    **dict.fromkeys(("manhattan", "taxicab", "taxi", "cityblock", "rook", "l1"), ("steps", "von_neumann")),
    **dict.fromkeys(("chebyshev", "chessboard", "queen", "king", "moore", "linf"), ("king", "moore")),
    **dict.fromkeys(("circle", "disc", "radius", "l2", "straight"), ("euclidean",)),
}
"""Other names of distances and neighbourhoods on a board, and what they are called here."""


def suggest_synonym(word: object, choices: Iterable[str]) -> Text:
    """Return `; did you mean "..."?` where a choice goes under another name, or nothing."""
    plain = str(word).strip().lower().replace("-", "").replace(" ", "")
    for name in SYNONYMS.get(plain, ()):
        if name in choices:
            return suggest_word(name)
    return Text("", "")


def tell_belonging(model: type[BaseModel], word: object, keys: Keys = ()) -> Text:
    """Return `; "..." belongs at ...` if a word is a key, or a choice of a key, elsewhere in a model.

    Places nearest to some keys, where the word was written, come first.
    """
    here = [str(key) for key in keys]
    places = [way for way, name in list_words(model) if name == word]
    if not places:
        return Text("", "")
    places.sort(key=lambda way: -_count_shared(way.split("."), here))
    n, few = len(places) - _MOST, places[:_MOST]
    more = Text(f" (and {n} more)", f" (och {n} till)") if n > 0 else Text("", "")
    return Text(
        f'; "{word}" belongs at {" or ".join(few)}{more}',
        f'; "{word}" hör hemma i {" eller ".join(few)}{more:sv}',
    )


def _count_shared(one: list[str], other: list[str]) -> int:
    """Return how many keys two ways have in common, from the top."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


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

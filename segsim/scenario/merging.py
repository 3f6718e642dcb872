"""What is done to documents before they are a scenario: laid over a parent, and overridden key by key."""

from collections.abc import Container, Mapping
from typing import Any

from segsim.errors import ArgumentError, ScenarioError, did_you_mean, list_names
from segsim.scenario.messages import join_keys
from segsim.scenario.reading import UNSET, Document, Keys, Origin
from segsim.scenario.source import CITY_SOURCES

YEARS = ("from", "until", "year")
AMOUNTS = ("msek", "budget_msek")
"""Keys of a scenario whose values are years, or amounts by year."""


def check_overrides(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return overrides as a dict; refuse (ArgumentError) what has no dotted keys."""
    if not isinstance(overrides, Mapping) or any(not isinstance(key, str) for key in overrides):
        example = '{"preferences.housing.own_group": 2.0}'
        raise ArgumentError(
            f"overrides must be values by dotted keys, such as {example}, not {overrides!r}",
            f"overrides ska vara värden efter nycklar med punkter, såsom {example}, inte {overrides!r}",
        )
    return dict(overrides)


def exclude_policies(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the overrides that a baseline shares with the scenario."""
    return {
        key: value for key, value in overrides.items() if key.split(".")[0] not in ("policies", "programme")
    }


def copy_document(document: Document) -> Document:
    """Return a document whose mappings can be changed without changing the first."""
    return Document(copy_mappings(document.values), dict(document.origins))


def copy_mappings(value: Any) -> Any:
    """Return a value with mappings of its own."""
    return {key: copy_mappings(inner) for key, inner in value.items()} if isinstance(value, dict) else value


TEXTS = ("label_en", "label_sv", "summary", "summary_sv", "rationale", "rationale_sv")
"""Keys of a scenario that tell of it and change no result."""
OF_ONE_FILE = ("policies", "programme", *TEXTS)
"""Keys that a scenario does not have from the city it extends."""


def merge_documents(parent: Document, child: Document) -> Document:
    """Lay a child over its parent: mappings key by key, all else replaced; `null` removes what is inherited.

    Policies and words are the child's alone.
    """
    document = copy_document(parent)
    for key in OF_ONE_FILE:
        remove_value(document, (key,))
    replaced: dict[Keys, bool] = {}
    merge_mappings(document.values, child.values, (), replaced)
    gone = {keys for keys, is_whole in replaced.items() if is_whole}
    kept = {keys: origin for keys, origin in document.origins.items() if not lies_in(keys, gone)}
    new = {keys: origin for keys, origin in child.origins.items() if lies_in(keys, gone)}
    merged = {keys: child.origin(keys) for keys in ((), *(keys for keys in replaced if keys not in gone))}
    return Document(document.values, kept | new | merged)


def merge_mappings(
    below: dict[str, Any], above: dict[str, Any], keys: Keys, replaced: dict[Keys, bool]
) -> None:
    """Lay the values of one mapping over those of another, and note which, and whether whole.

    Where they were written is seen to afterwards, once for all: thousands of keys are then no slower each.
    """
    if keys == ("city",):
        remove_other_sources(below, [source for source in CITY_SOURCES if source in above])
    for key, value in above.items():
        here: Keys = (*keys, key)
        replaced[here] = not (isinstance(value, dict) and isinstance(below.get(key), dict))
        if not replaced[here]:
            merge_mappings(below[key], value, here, replaced)
        elif value is UNSET and key in below:
            del below[key]
        else:
            below[key] = copy_mappings(value)


def lies_in(keys: Keys, places: Container[Keys]) -> bool:
    """Tell whether a value is one of some, or inside one."""
    return any(keys[:n] in places for n in range(1, len(keys) + 1))


def shift_years(value: Any, by: int) -> Any:
    """Return what a scenario says with its policies' years, and its amounts by year, so many years later."""
    if not by:
        return value
    if isinstance(value, tuple):
        return tuple(shift_years(item, by) for item in value)
    if not isinstance(value, dict):
        return value
    shifted: dict[Any, Any] = {}
    for key, inner in value.items():
        if key in YEARS and isinstance(inner, int) and not isinstance(inner, bool):
            shifted[key] = inner + by
        elif key in AMOUNTS and isinstance(inner, dict):
            years = {year: int(year) + by if str(year).isdigit() else year for year in inner}
            shifted[key] = {years[year]: amount for year, amount in inner.items()}
        else:
            shifted[key] = shift_years(inner, by)
    return shifted


def remove_other_sources(city: dict[str, Any], sources: list[str]) -> None:
    """Remove the sources of a city that a new source replaces; areas and municipality go together."""
    kept = {*sources, *(("areas", "municipality") if {"areas", "municipality"} & set(sources) else ())}
    for source in CITY_SOURCES:
        if sources and source not in kept:
            city.pop(source, None)


def remove_value(document: Document, keys: Keys) -> None:
    """Remove a top-level value and where it was written."""
    document.values.pop(str(keys[0]), None)
    forget_origins(document, keys)


def forget_origins(document: Document, keys: Keys) -> None:
    """Forget where a value and all it holds were written."""
    for known in [k for k in document.origins if k[: len(keys)] == keys]:
        del document.origins[known]


def override_value(document: Document, key: str, value: Any) -> None:
    """Put a value in the place of what the file says; None, outside lists, removes what it says."""
    origin = Origin(f'override "{key}"', 0, f'ändringen "{key}"')
    keys: list[str | int] = []
    holder: Any = document.values
    *way, last = key.split(".")
    is_in_list = False
    for step in way:
        is_in_list |= isinstance(holder, tuple)
        if len(keys) == 3 and keys[0] == "policies" and keys[2] == step:
            continue
        holder, inner = step_into(document, holder, step, origin, keys)
        keys += inner
    if isinstance(holder, tuple):
        raise ScenarioError(
            f"{origin}: {join_keys(keys)} is a list; override it whole, or a value inside an item",
            f"{origin:sv}: {join_keys(keys)} är en lista; ändra hela, eller ett värde inuti en post",
        )
    if keys == ["city"]:
        remove_other_sources(holder, [last] if last in CITY_SOURCES else [])
    forget_origins(document, (*keys, last))
    if value is None and not is_in_list and last in holder:
        del holder[last]
        return
    document.origins[*keys, last] = origin
    holder[last] = UNSET if value is None and not is_in_list else freeze(value)


def step_into(
    document: Document, holder: Any, step: str, origin: Origin, keys: list[str | int]
) -> tuple[Any, Keys]:
    """Return the mapping one step further in, made if need be, and the keys that lead to it."""
    if isinstance(holder, tuple):
        return pick_item(holder, step, origin, keys)
    if not isinstance(holder.get(step), dict | tuple):
        if holder.get(step) is not None:
            raise ScenarioError(
                f"{origin}: {join_keys([*keys, step])} is {holder[step]!r}, which has no keys of its own",
                f"{origin:sv}: {join_keys([*keys, step])} är {holder[step]!r}, som inte har egna nycklar",
            )
        holder[step] = {}
        document.origins.setdefault((*keys, step), origin)
    return holder[step], (step,)


def pick_item(holder: tuple[Any, ...], step: str, origin: Origin, keys: list[str | int]) -> tuple[Any, Keys]:
    """Return an item of a list, by number or, for policies, by name."""
    if step.isdigit() and int(step) < len(holder):
        return enter_item(holder[int(step)], int(step), origin, keys)
    sections = [
        (i, key, inner)
        for i, item in enumerate(holder)
        if isinstance(item, dict)
        for key, inner in item.items()
        if isinstance(inner, dict)
    ]
    matches = [part for part in sections if part[2].get("name") == step]
    for i, key, inner in matches or [part for part in sections if part[1] == step]:
        return inner, (i, key)
    names = [str(name) for item in holder if isinstance(item, dict) for name in item]
    raise ScenarioError(
        f'{origin}: {join_keys(keys)} has no "{step}"; '
        f"there is {list_names(names)}{did_you_mean(step, names)}",
        f'{origin:sv}: {join_keys(keys)} har ingen "{step}"; det finns '
        f"{list_names(names):sv}{did_you_mean(step, names):sv}",
    )


def enter_item(item: Any, number: int, origin: Origin, keys: list[str | int]) -> tuple[Any, Keys]:
    """Return an item of a list; of a policy its settings, so that its name need not be repeated."""
    if not isinstance(item, dict):
        where = join_keys([*keys, number])
        raise ScenarioError(
            f"{origin}: {where} has no keys of its own; override the whole list",
            f"{origin:sv}: {where} har inga egna nycklar; ändra hela listan",
        )
    if keys == ["policies"] and len(item) == 1:
        kind, settings = next(iter(item.items()))
        return (settings, (number, kind)) if isinstance(settings, dict) else (item, (number,))
    return item, (number,)


def freeze(value: Any) -> Any:
    """Return a value with tuples for lists, as a file would give it."""
    if isinstance(value, Mapping):
        # years and ages are keys too, and stay numbers
        return {key if isinstance(key, int) else str(key): freeze(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return tuple(freeze(inner) for inner in value)
    return value.item() if hasattr(value, "item") else value

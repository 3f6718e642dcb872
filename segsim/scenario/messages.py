"""What a validation error is called in plain words: what is wrong, what is allowed, what was likely meant."""

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from segsim.errors import did_you_mean, list_names
from segsim.scenario.names.belonging import tell_belonging
from segsim.scenario.reading import UNSET, Document, Keys, Problem, refuse

Model = TypeVar("Model", bound=BaseModel)

VASTEST = 1_000_000_000
"""No number of a city or board is beyond it; a larger one would overflow somewhere within."""
MOST_EXPLAINED = 200
"""Errors that are put into words; it takes a millisecond each."""

Details = Mapping[str, Any]
"""What pydantic tells of one error: type, loc, input, msg and ctx."""


def validate_document(model: type[Model], document: Document) -> Model:
    """Return the model a document describes.

    Raises
    ------
    ScenarioError
        One error that lists everything that is wrong, each with file, line, key and remedy.
    """
    discard_unset(model, document)
    try:
        return model.model_validate(document.values, strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        told = [explain_error(model, document, details) for details in errors[:MOST_EXPLAINED]]
        refuse(told, others=len(errors) - len(told))
        raise  # unreachable: a validation error always has details


def discard_unset(model: type[BaseModel], document: Document) -> None:
    """Take out the keys that are `null` and that nothing below had: what is left is segsim's own.

    Raises
    ------
    ScenarioError
        If such a key is none that could be inherited.
    """
    problems = []
    for keys in list(list_unset(document.values, ())):
        holder: Any = document.values
        for step in keys[:-1]:
            holder = holder[step]
        del holder[keys[-1]]
        known = list_keys(model, keys[:-1])
        if keys[-1] not in known:
            is_key = describe_unknown_key(model, keys[-1], known)
            text = is_key if known else "is null, but nothing is inherited here"
            name = join_keys(keys[:-1] if known else keys)
            problems.append(Problem(document.origin(keys), f"{name}: {text}" if name else text))
    refuse(problems)


def find_vast_numbers(document: Document) -> Iterator[Problem]:
    """Yield the numbers of a document that are larger than any that is reckoned with."""
    for keys, number in list_numbers(document.values, ()):
        if abs(number) > VASTEST:
            text = (
                f"{show_value(number)} is out of range; it must be at most {VASTEST}, with or without a minus"
            )
            yield Problem(document.origin(keys), f"{join_keys(keys)}: {text}")


def list_numbers(values: Any, keys: Keys) -> Iterator[tuple[Keys, float]]:
    """Yield the numbers within a value, and where they are."""
    if isinstance(values, int | float) and not isinstance(values, bool):
        yield keys, values
    elif isinstance(values, Mapping):
        for key, value in values.items():
            yield from list_numbers(value, (*keys, key))
    elif isinstance(values, tuple):
        for i, value in enumerate(values):
            yield from list_numbers(value, (*keys, i))


def list_unset(values: Mapping[Any, Any], keys: Keys) -> Iterator[Keys]:
    """Yield the ways to the keys of a mapping, and of those within, that are `null`."""
    for key, value in values.items():
        if value is UNSET:
            yield (*keys, key)
        elif isinstance(value, Mapping):
            yield from list_unset(value, (*keys, key))


def explain_error(model: type[BaseModel], document: Document, details: Details) -> Problem:
    """Return the problem one validation error describes."""
    keys = select_written_keys(document.values, details)
    keys += getattr(details.get("ctx", {}).get("error"), "keys", ())
    sentence = _SENTENCES.get(details["type"], _plain)(model, details)
    name = join_keys(keys[:-1] if details["type"] == "extra_forbidden" else keys)
    return Problem(document.origin(keys), f"{name}: {sentence}" if name else sentence)


def has_step(values: Any, step: str | int) -> bool:
    """Tell whether a mapping or list has something at a step."""
    if isinstance(values, tuple):
        return isinstance(step, int) and step < len(values)
    return isinstance(values, Mapping) and step in values


def select_written_keys(values: Any, details: Details) -> Keys:
    """Return the part of an error's location that the user can have written."""
    location = details["loc"]
    keys: list[str | int] = []
    for i, step in enumerate(location):
        last = i == len(location) - 1
        if has_step(values, step):
            values = values[step]
        elif not (last and details["type"] == "missing"):
            continue
        keys.append(step)
    return tuple(keys)


def join_keys(keys: Iterable[str | int]) -> str:
    """Write a way into a file as `policies[0].new_construction.areas`."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


def show_value(value: object) -> str:
    """Show a value as it stands in the file, cut when it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, tuple | list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    text = text if len(text) <= 60 else f"{text[:57]}..."
    return f'"{text}"' if isinstance(value, str) else text


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


Sentence = Callable[[type[BaseModel], Details], str]


def _plain(model: type[BaseModel], details: Details) -> str:
    return f"{details['msg'][:1].lower()}{details['msg'][1:]}; found {show_value(details['input'])}"


def _unknown_key(model: type[BaseModel], details: Details) -> str:
    key = details["loc"][-1]
    return describe_unknown_key(model, key, list_keys(model, details["loc"][:-1]))


def describe_unknown_key(model: type[BaseModel], key: object, known: list[str]) -> str:
    """Say that a key is not known here, which are, and which is near, or where it belongs."""
    near = did_you_mean(key, known) or tell_belonging(model, key)
    return f'unknown key "{key}"; allowed here: {list_names(known) or "none"}{near}'


def _not_a_text(model: type[BaseModel], details: Details) -> str:
    key = show_value(details["loc"][-1])
    return f"{key} is not a key; within braces a comma parts settings, and the decimal mark is a point"


def _missing(model: type[BaseModel], details: Details) -> str:
    known = list_keys(model, details["loc"][:-1])
    settings = details["input"] if isinstance(details["input"], Mapping) else {}
    unread = [str(key) for key in settings if key not in known]
    near = next(
        (f'; did you mean it by "{key}"?' for key in unread if did_you_mean(key, [str(details["loc"][-1])])),
        "",
    )
    return f"is missing and must be given{near}"


def _value(model: type[BaseModel], details: Details) -> str:
    return str(details.get("ctx", {}).get("error", details["msg"]))


def _choice(model: type[BaseModel], details: Details) -> str:
    values = [
        str(value).strip("'\" ")
        for value in str(details["ctx"]["expected"]).replace(" or ", ", ").split(", ")
    ]
    value = details["input"]
    return f"{show_value(value)} is not one of {list_names(values)}{did_you_mean(value, values)}"


def _kind(model: type[BaseModel], details: Details) -> str:
    known = [tag.strip("' ") for tag in str(details["ctx"]["expected_tags"]).split(",")]
    tag = details["ctx"]["tag"]
    near = tell_belonging(model, tag) or did_you_mean(tag, known)
    return f'there is no "{tag}"; known: {list_names(known)}{near}'


def write_bound(value: float) -> str:
    """Write a bound without an exponent where it is a whole number."""
    return str(int(value)) if float(value).is_integer() else f"{value:g}"


def _bound(relation: str, key: str) -> Sentence:
    def sentence(model: type[BaseModel], details: Details) -> str:
        value, bound = details["input"], details["ctx"][key]
        unit = " (30 % is written 0.30)" if bound == 1 and key == "le" and 1 < float(value) <= 100 else ""
        return f"{show_value(value)} is out of range; it must be {relation} {write_bound(bound)}{unit}"

    return sentence


def _wrong_type(what: str) -> Sentence:
    def sentence(model: type[BaseModel], details: Details) -> str:
        value = details["input"]
        if value is None:
            return f"nothing is written here; write {what}, or remove the key (null: what is inherited too)"
        remedy = ""
        if what == "a text" and isinstance(value, int | float):
            remedy = f'; put it in quotes: "{value}"'
        elif isinstance(value, str) and "number" in what and value.strip().endswith("%"):
            remedy = "; write a share such as 0.30, not a percentage"
        elif isinstance(value, str) and "number" in what and "," in value:
            remedy = "; the decimal mark is a point"
        elif isinstance(value, str) and "number" in what and is_number("".join(value.split())):
            remedy = "; remove the quotes" if is_number(value) else "; write it without spaces"
        return f"{show_value(value)} is not {what}{remedy}"

    return sentence


def is_number(text: object) -> bool:
    """Tell whether a text could be read as a number."""
    try:
        float(str(text))
    except ValueError:
        return False
    return True


def _length(relation: str, key: str) -> Sentence:
    def sentence(model: type[BaseModel], details: Details) -> str:
        context = details["ctx"]
        length = context.get("actual_length") or 0
        return f"has {length} entries; it must have {relation} {context[key]}"

    return sentence


def _letters(model: type[BaseModel], details: Details) -> str:
    context, text = details["ctx"], details["input"]
    if "min_length" in context:
        return "is empty; write a text"
    return f"has {len(text)} letters; it must have at most {context['max_length']}"


def _mapping(model: type[BaseModel], details: Details) -> str:
    known = list_keys(model, details["loc"])
    wish = f"keys of their own beneath: {list_names(known)}" if known else "`key: value` lines beneath"
    return f"{show_value(details['input'])} stands where there should be {wish}"


_SENTENCES: dict[str, Sentence] = {
    "extra_forbidden": _unknown_key,
    "invalid_key": _not_a_text,
    "missing": _missing,
    "value_error": _value,
    "assertion_error": _value,
    "literal_error": _choice,
    "enum": _choice,
    "union_tag_invalid": _kind,
    "greater_than_equal": _bound("at least", "ge"),
    "greater_than": _bound("more than", "gt"),
    "less_than_equal": _bound("at most", "le"),
    "less_than": _bound("less than", "lt"),
    "int_type": _wrong_type("a whole number"),
    "int_parsing": _wrong_type("a whole number"),
    "int_from_float": _wrong_type("a whole number"),
    "int_parsing_size": _wrong_type("a whole number of reasonable size"),
    "float_type": _wrong_type("a number"),
    "float_parsing": _wrong_type("a number"),
    "finite_number": _wrong_type("a finite number"),
    "string_type": _wrong_type("a text"),
    "bool_type": _wrong_type("true or false"),
    "bool_parsing": _wrong_type("true or false"),
    "tuple_type": _wrong_type('a list, such as "[a, b]" or lines that begin with "- "'),
    "list_type": _wrong_type('a list, such as "[a, b]" or lines that begin with "- "'),
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "string_too_short": _letters,
    "string_too_long": _letters,
    "too_short": _length("at least", "min_length"),
    "too_long": _length("at most", "max_length"),
}

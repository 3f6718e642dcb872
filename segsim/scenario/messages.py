"""What a validation error is called in plain words: what is wrong, what is allowed, what was likely meant."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from segsim.errors import BilingualError, did_you_mean, list_names
from segsim.scenario.names.belonging import ELSEWHERE, suggest_synonym, tell_belonging
from segsim.scenario.names.model_keys import list_keys
from segsim.scenario.reading import UNSET, Document, Keys, Origin, Problem, find_cause, refuse
from segsim.words.text import Text

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
            nothing = Text("is null, but nothing is inherited here", "är null, men inget ärvs här")
            text = describe_unknown_key(model, keys[-1], known, keys[:-1]) if known else nothing
            problems.append(note_problem(document.origin(keys), keys[:-1] if known else keys, text))
    refuse(problems)


def find_vast_numbers(document: Document) -> Iterator[Problem]:
    """Yield the numbers of a document that are larger than any that is reckoned with."""
    for keys, number in list_numbers(document.values, ()):
        if abs(number) > VASTEST:
            text = Text(
                f"{number} is out of range; it must be at most {VASTEST}, with or without a minus",
                f"{number} är utanför gränserna; det ska vara högst {VASTEST}, med eller utan minus",
            )
            yield note_problem(document.origin(keys), keys, text)


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
    here = keys[:-1] if details["type"] == "extra_forbidden" else keys
    return note_problem(find_cause(document.origins, keys, sentence), here, sentence)


def note_problem(origin: Origin, keys: Keys, text: Text) -> Problem:
    """Return a problem that begins with the keys it is about, if any."""
    name = join_keys(keys)
    return Problem(origin, Text(f"{name}: {text}", f"{name}: {text:sv}") if name else text)


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


def show_value(value: object) -> Text:
    """Show a value as it stands in the file, cut when it is long."""
    if value is None:
        return Text("nothing", "inget")
    if isinstance(value, Mapping):
        return Text("a mapping", "nycklar med värden")
    if isinstance(value, tuple | list):
        return Text("a list", "en lista")
    shown = str(value).lower() if isinstance(value, bool) else quote_text(str(value), isinstance(value, str))
    return Text(shown, shown)


def quote_text(text: str, is_text: bool = True) -> str:
    """Return a text cut when it is long, in quotes if it is one."""
    text = text if len(text) <= 60 else f"{text[:57]}..."
    return f'"{text}"' if is_text else text


Sentence = Callable[[type[BaseModel], Details], Text]


def _plain(model: type[BaseModel], details: Details) -> Text:
    shown = show_value(details["input"])
    return Text(
        f"{details['msg'][:1].lower()}{details['msg'][1:]}; found {shown}", f"kan inte vara {shown:sv}"
    )


def _unknown_key(model: type[BaseModel], details: Details) -> Text:
    key = details["loc"][-1]
    return describe_unknown_key(model, key, list_keys(model, details["loc"][:-1]), details["loc"][:-1])


def describe_unknown_key(model: type[BaseModel], key: object, known: list[str], keys: Keys) -> Text:
    """Say that a key is not known at some keys, which are, and which is near, or where it belongs."""
    near = did_you_mean(key, known) or tell_belonging(model, key, keys)
    if not keys and "seeds" not in known:
        near = ELSEWHERE.get(str(key), near)
    names = list_names(known)
    return Text(
        f'unknown key "{key}"; allowed here: {names}{near}',
        f'okänd nyckel "{key}"; här får stå: {names:sv}{near:sv}',
    )


def _not_a_text(model: type[BaseModel], details: Details) -> Text:
    key = show_value(details["loc"][-1])
    return Text(
        f"{key} is not a key; within braces a comma parts settings, and the decimal mark is a point",
        f"{key:sv} är ingen nyckel; inom klamrar skiljer komma mellan inställningar, och decimaler skrivs "
        "med punkt",
    )


def _missing(model: type[BaseModel], details: Details) -> Text:
    known = list_keys(model, details["loc"][:-1])
    settings = details["input"] if isinstance(details["input"], Mapping) else {}
    unread = [str(key) for key in settings if key not in known]
    near = next((key for key in unread if did_you_mean(key, [str(details["loc"][-1])])), "")
    if not near:
        return Text("is missing and must be given", "saknas och ska anges")
    return Text(
        f'is missing and must be given; did you mean it by "{near}"?',
        f'saknas och ska anges; menades den med "{near}"?',
    )


def _value(model: type[BaseModel], details: Details) -> Text:
    error = details.get("ctx", {}).get("error")
    if isinstance(error, BilingualError):
        return Text(f"{error}", f"{error:sv}")
    text = str(error or details["msg"])
    return Text(text, f"kan inte vara {show_value(details['input']):sv} ({text})")


def _choice(model: type[BaseModel], details: Details) -> Text:
    values = [
        str(value).strip("'\" ")
        for value in str(details["ctx"]["expected"]).replace(" or ", ", ").split(", ")
    ]
    value = show_value(details["input"])
    near = suggest_synonym(details["input"], values) or did_you_mean(details["input"], values)
    known = list_names(values)
    return Text(f"{value} is not one of {known}{near}", f"{value:sv} är inte ett av {known:sv}{near:sv}")


def _kind(model: type[BaseModel], details: Details) -> Text:
    known = [tag.strip("' ") for tag in str(details["ctx"]["expected_tags"]).split(",")]
    tag = details["ctx"]["tag"]
    near, names = tell_belonging(model, tag) or did_you_mean(tag, known), list_names(known)
    return Text(
        f'there is no "{tag}"; known: {names}{near}',
        f'det finns ingen "{tag}"; det finns {names:sv}{near:sv}',
    )


def write_bound(value: float) -> str:
    """Write a bound without an exponent where it is a whole number."""
    return str(int(value)) if float(value).is_integer() else f"{value:g}"


def _bound(relation: Text, key: str) -> Sentence:
    def sentence(model: type[BaseModel], details: Details) -> Text:
        value, bound = details["input"], write_bound(details["ctx"][key])
        is_percent = bound == "1" and key == "le" and 1 < float(value) <= 100
        unit, enhet = (" (30 % is written 0.30)", " (30 % skrivs 0.30)") if is_percent else ("", "")
        return Text(
            f"{value} is out of range; it must be {relation} {bound}{unit}",
            f"{value} är utanför gränserna; det ska vara {relation:sv} {bound}{enhet}",
        )

    return sentence


_NOTHING_WRITTEN = Text(
    "nothing is written here; write {}, or remove the key (null: what is inherited too)",
    "inget är skrivet här; skriv {}, eller ta bort nyckeln (null: även det som ärvs)",
)


def _wrong_type(what: Text) -> Sentence:
    def sentence(model: type[BaseModel], details: Details) -> Text:
        value = details["input"]
        if value is None:
            return Text(_NOTHING_WRITTEN.en.format(what.en), _NOTHING_WRITTEN.sv.format(what.sv))
        shown, remedy = show_value(value), _find_type_remedy(what, value)
        return Text(f"{shown} is not {what}{remedy}", f"{shown:sv} är inte {what:sv}{remedy:sv}")

    return sentence


def _find_type_remedy(what: Text, value: object) -> Text:
    """Return how to write a value of the wrong type rightly, or nothing."""
    if what is _TEXT and isinstance(value, int | float):
        return Text(f'; put it in quotes: "{value}"', f'; sätt det inom citattecken: "{value}"')
    if not isinstance(value, str) or what not in _NUMBERS:
        return Text("", "")
    if value.strip().endswith("%"):
        return Text(
            "; write a share such as 0.30, not a percentage", "; skriv en andel såsom 0.30, inte procent"
        )
    if "," in value:
        return Text("; the decimal mark is a point", "; decimaler skrivs med punkt")
    if is_number(value):
        return Text("; remove the quotes", "; ta bort citattecknen")
    if is_number("".join(value.split())):
        return Text("; write it without spaces", "; skriv det utan mellanslag")
    return Text("", "")


def is_number(text: object) -> bool:
    """Tell whether a text could be read as a number."""
    try:
        float(str(text))
    except ValueError:
        return False
    return True


def _length(relation: Text, key: str) -> Sentence:
    def sentence(model: type[BaseModel], details: Details) -> Text:
        context = details["ctx"]
        length, bound = context.get("actual_length") or 0, context[key]
        return Text(
            f"has {length} entries; it must have {relation} {bound}",
            f"har {length} poster; det ska vara {relation:sv} {bound}",
        )

    return sentence


def _letters(model: type[BaseModel], details: Details) -> Text:
    context, text = details["ctx"], details["input"]
    if "min_length" in context:
        return Text("is empty; write a text", "är tom; skriv en text")
    n, most = len(text), context["max_length"]
    return Text(f"has {n} letters; it must have at most {most}", f"har {n} tecken; det ska vara högst {most}")


def _mapping(model: type[BaseModel], details: Details) -> Text:
    known = list_keys(model, details["loc"])
    wish = Text("`key: value` lines beneath", "rader `nyckel: värde` under")
    if known:
        names = list_names(known)
        wish = Text(f"keys of their own beneath: {names}", f"egna nycklar under: {names:sv}")
    shown = show_value(details["input"])
    return Text(f"{shown} stands where there should be {wish}", f"{shown:sv} står där det ska stå {wish:sv}")


_AT_LEAST, _AT_MOST = Text("at least", "minst"), Text("at most", "högst")
_TEXT, _TRUTH = Text("a text", "en text"), Text("true or false", "true eller false")
_WHOLE, _NUMBER = Text("a whole number", "ett heltal"), Text("a number", "ett tal")
_FINITE = Text("a finite number", "ett ändligt tal")
_SMALL = Text("a whole number of reasonable size", "ett heltal av rimlig storlek")
_NUMBERS = (_WHOLE, _NUMBER, _FINITE, _SMALL)
_LIST = Text(
    'a list, such as "[a, b]" or lines that begin with "- "',
    'en lista, såsom "[a, b]" eller rader som börjar med "- "',
)

_SENTENCES: dict[str, Sentence] = {
    "extra_forbidden": _unknown_key,
    "invalid_key": _not_a_text,
    "missing": _missing,
    "value_error": _value,
    "assertion_error": _value,
    "literal_error": _choice,
    "enum": _choice,
    "union_tag_invalid": _kind,
    "greater_than_equal": _bound(_AT_LEAST, "ge"),
    "greater_than": _bound(Text("more than", "mer än"), "gt"),
    "less_than_equal": _bound(_AT_MOST, "le"),
    "less_than": _bound(Text("less than", "mindre än"), "lt"),
    "int_type": _wrong_type(_WHOLE),
    "int_parsing": _wrong_type(_WHOLE),
    "int_from_float": _wrong_type(_WHOLE),
    "int_parsing_size": _wrong_type(_SMALL),
    "float_type": _wrong_type(_NUMBER),
    "float_parsing": _wrong_type(_NUMBER),
    "finite_number": _wrong_type(_FINITE),
    "string_type": _wrong_type(_TEXT),
    "bool_type": _wrong_type(_TRUTH),
    "bool_parsing": _wrong_type(_TRUTH),
    "tuple_type": _wrong_type(_LIST),
    "list_type": _wrong_type(_LIST),
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "string_too_short": _letters,
    "string_too_long": _letters,
    "too_short": _length(_AT_LEAST, "min_length"),
    "too_long": _length(_AT_MOST, "max_length"),
}

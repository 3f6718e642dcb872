"""The reference of scenario files: every key with its meaning, source, values and default."""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from docs.site.keys import NOT_WRITTEN, Part, find_section, leads_elsewhere, list_parts, repetition
from docs.site.markdown import code, read_opening, table
from segsim.policies import Scope
from segsim.policies.manual import default_text, value_range
from segsim.section import holds_share
from segsim.words.words import Words

_GRADE = re.compile(r"\s*\(([ABC])\)|(?<=[(,;] )([ABC])(?=[;,)])|\(([ABC])(?=[;,:])")


def write_scenario_keys() -> str:
    """Return the page in Markdown."""
    parts = [*list_parts(), *list_parts(Scope, "policies[].POLICY.areas")]
    return "\n".join([read_opening("scenario"), *(write_part(part) for part in parts)])


def write_part(part: Part) -> str:
    """Return the heading of a section, what it is, and its keys."""
    heading = f"## {code(part.path) if part.path else 'At the top of the file'}"
    return "\n\n".join([heading, describe(part.section), keys_table(part), ""])


def describe(section: type) -> str:
    """Return what a section is, as its class says it."""
    text = inspect.cleandoc(section.__doc__ or "")
    return text.split("\n\nAttributes\n")[0].split("\n\nParameters\n")[0]


def keys_table(part: Part) -> str:
    """Return the keys of a section in a table."""
    return table(["Key", "Meaning", "Source", "Values", "If left out"], key_rows(part))


def key_rows(part: Part) -> Iterator[tuple[str, ...]]:
    """Yield key, meaning, source, values and default of every key of a section."""
    words, section = Words("en"), part.section
    schema = section.model_json_schema(by_alias=False)["properties"]
    for name, field in section.model_fields.items():
        if not part.path and name in NOT_WRITTEN:
            continue
        key, inner = field.alias or name, find_section(field)
        meaning = field.description or (inner and describe(inner).split("\n\n")[0]) or ""
        if inner is not None:
            path = f"{part.path}.{key}".lstrip(".") + repetition(field.annotation)
            target = f"#{slug(path)}" if not leads_elsewhere(inner) else place_of(inner)
            yield code(key), meaning, "", f"[{code(path)}]({target})", required(field.is_required())
            continue
        values = describe_values(schema[name], words)
        if holds_share(section, name):
            values = f"share, {values}"
        default = required(True) if field.is_required() else code(written(field.default))
        yield code(key), meaning, ", ".join(dict.fromkeys(grades(meaning))), values, default


def describe_values(schema: Mapping[str, Any], words: Words) -> str:
    """Return which values a key may have."""
    for part in schema.get("anyOf", ()):
        if part.get("type") != "null":
            return describe_values(part, words)
    kind = schema.get("type")
    if kind == "array":
        items = schema.get("items") or next(iter(schema.get("prefixItems", ())), {})
        return f"list: {describe_values(items, words)}" if items else "list"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"by name: {describe_values(inner, words)}" if isinstance(inner, Mapping) else "by name"
    if values := value_range(schema, words):
        return values
    if kind in ("number", "integer"):
        return number_range(schema)
    return "text" if kind == "string" else ""


def number_range(schema: Mapping[str, Any]) -> str:
    """Return which numbers are taken, where an end of the range itself is not."""
    noun = "whole number" if schema["type"] == "integer" else "number"
    above, high = schema.get("exclusiveMinimum"), schema.get("maximum", schema.get("exclusiveMaximum"))
    ends = (("above", above), ("up to", high))
    return " ".join([noun, *(f"{word} {end:g}" for word, end in ends if end is not None)])


def written(value: object) -> str:
    """Return a default as a file would say it; nothing for what is empty."""
    if isinstance(value, tuple):
        return f"[{', '.join(written(inner) for inner in value)}]" if value else ""
    return default_text(value) if value != {} else ""


def grades(meaning: str) -> list[str]:
    """Return the grades of the sources a meaning names."""
    return ["".join(match) for match in _GRADE.findall(meaning)]


def required(is_required: bool) -> str:
    """Return the word for a key that must be there."""
    return "required" if is_required else ""


def place_of(section: type) -> str:
    """Return where a section is told that is not told at its own path."""
    return f"#{slug('policies[].POLICY.areas')}" if section is Scope else "policies.md"


def slug(path: str) -> str:
    """Return the anchor of a heading, as code hosts and the site make it."""
    return re.sub(r"[^\w\- ]", "", path.lower()).replace(" ", "-")

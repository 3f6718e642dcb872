"""The form of every policy, made from its class: what each setting means, and how the page lets it be set."""

import math
import re
from collections.abc import Mapping
from typing import Any

from segsim.policies import LEVERS, CityWide, Policy
from segsim.policies.manual import evidence_strength
from segsim.report.tables.policy_cards import choice_name
from segsim.section import holds_share
from segsim.tables import EDUCATIONS, TENURES
from segsim.words.words import Words

Field = dict[str, Any]
"""One setting as the page draws it: key, kind, label, hint, limits, choices, and parts of its own."""

SHARED = ("phase_in_years", "lag_years", "decay_after_end", "compliance")
MONEY = ("unit_cost_ksek", "cost_msek", "budget_msek", "absorption")
NEVER_IN_PART = {"phase_in_years", "compliance", "budget_msek", "absorption"}
"""What a policy that puts rules in the place of others does not take."""

MOST_ON_SLIDER = 1000
"""A setting that may be larger has a slider up to some times its example, and a field for more."""

LONGEST_LABEL = 60
_END_OF_LABEL = re.compile(r"; | \(|\. |, so that |, such as |, såsom |, så att ")
_NUMBER_ALONE = re.compile(r"\([-\d.,%\s]+\)\.?")


def list_policy_forms(words: Words) -> list[Field]:
    """Return the form of every policy that comes with segsim, in the order of the manual."""
    return [describe_policy(lever, words) for lever in LEVERS]


def describe_policy(lever: type[Policy], words: Words) -> Field:
    """Return the texts and the form of one kind of policy."""
    language, evidence = words.language, lever.EVIDENCE
    schema = lever.model_json_schema(by_alias=True)
    own = [name for name in lever.model_fields if name not in Policy.model_fields]
    is_city_wide = issubclass(lever, CityWide)
    shared = [name for name in SHARED if lever.FADES or name != "decay_after_end"]
    settings = ["since", "until", *shared, *MONEY, "name"]
    other = [name for name in settings if not (is_city_wide and name in NEVER_IN_PART)]
    return {
        "kind": lever.KIND,
        "theme": lever.__module__.split(".")[2],
        "title": lever.TITLE.in_language(language),
        "mechanism": lever.MECHANISM.in_language(language),
        "decider": words(f"decider.{lever.DECIDED_BY}"),
        "strength": evidence_strength(evidence, words),
        "effect": evidence.effect.in_language(language),
        "sources": "; ".join(evidence.source_names(language)),
        "legal": lever.LEGAL.in_language(language),
        "cost": lever.COST.in_language(language),
        "takes_areas": not is_city_wide,
        "example": lever.EXAMPLE,
        "fields": [describe_setting(lever, name, schema, words) for name in own],
        "more": [describe_setting(lever, name, schema, words) for name in other],
    }


def describe_setting(lever: type[Policy], name: str, schema: Mapping[str, Any], words: Words) -> Field:
    """Return how one setting of a policy is shown."""
    field = lever.model_fields[name]
    key = field.alias or name
    label, hint = split_meaning(lever.meaning(name).in_language(words.language))
    part = schema["properties"][key]
    described = describe_value(part, schema.get("$defs", {}), lever, words, holds_share(lever, name))
    example = lever.EXAMPLE.get(key)
    return {
        "key": key,
        "label": label,
        "hint": hint,
        "required": field.is_required(),
        "as_today": issubclass(lever, CityWide) and name not in Policy.model_fields,
        "default": part.get("default"),
        **described,
        **limit_slider(described, part.get("default"), example),
    }


def split_meaning(meaning: str) -> tuple[str, str]:
    """Return the beginning of a meaning, short enough for a label, and the rest of it.

    Examples
    --------
    >>> split_meaning("Cost in million SEK; empty means its own.")
    ('Cost in million SEK', 'Empty means its own.')
    """
    plain = meaning.replace("`", "")
    label = _END_OF_LABEL.split(plain, maxsplit=1)[0].rstrip(".:")
    if len(label) > LONGEST_LABEL and ", " in label:
        label = label.partition(", ")[0]
    rest = plain[len(label) :].lstrip(" .;,:")
    if _NUMBER_ALONE.fullmatch(rest):  # the default, which is told beside it
        rest = ""
    return label, rest[:1].upper() + rest[1:]


def describe_value(
    schema: Mapping[str, Any],
    definitions: Mapping[str, Any],
    lever: type[Policy],
    words: Words,
    is_share: bool,
) -> Field:
    """Return kind, limits, choices and parts of a value by its JSON schema."""
    if "$ref" in schema:
        schema = {**definitions[schema["$ref"].rsplit("/", 1)[1]], **schema}
    if "anyOf" in schema:
        parts = [part for part in schema["anyOf"] if part.get("type") != "null"]
        is_optional = len(parts) < len(schema["anyOf"])
        if len(parts) > 1:
            return {"kind": "amounts", "optional": is_optional}
        inner = describe_value(parts[0], definitions, lever, words, is_share)
        return {**inner, "optional": is_optional}
    if schema.get("title") == "Scope":
        return {"kind": "areas"}
    if "enum" in schema:
        names = [{"value": value, "label": choice_name(lever, str(value), words)} for value in schema["enum"]]
        return {"kind": "choice", "choices": names}
    if "prefixItems" in schema:
        inner = describe_value(schema["prefixItems"][0], definitions, lever, words, is_share)
        labels = [words(f"category.{name}") for name in EDUCATIONS]
        n = len(schema["prefixItems"])
        labels = labels if n == len(labels) else [str(i + 1) for i in range(n)]
        return {"kind": "tuple", "labels": labels, "item": inner}
    match schema.get("type"):
        case "boolean":
            return {"kind": "switch"}
        case "number" | "integer":
            return describe_number(schema, is_share)
        case "array":
            return describe_list(schema["items"], definitions, lever, words)
        case "object" if "properties" in schema:
            return {"kind": "group", "fields": describe_parts(schema, definitions, lever, words)}
        case "object" if is_share:
            choices = [{"value": name, "label": words(f"value.{name}")} for name in TENURES]
            return {"kind": "shares", "choices": choices}
        case "object":
            return {"kind": "by_place"}
    return {"kind": "text", "longest": schema.get("maxLength", 200)}


def describe_number(schema: Mapping[str, Any], is_share: bool) -> Field:
    """Return the limits of a number."""
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    return {
        "kind": "share" if is_share else "number",
        "min": low,
        "max": schema.get("maximum"),
        "whole": schema["type"] == "integer",
    }


def describe_list(
    items: Mapping[str, Any], definitions: Mapping[str, Any], lever: type[Policy], words: Words
) -> Field:
    """Return how a list is shown: rows of several fields, or names one by one."""
    if "$ref" not in items:
        return {"kind": "schools"}
    section = definitions[items["$ref"].rsplit("/", 1)[1]]
    return {"kind": "rows", "fields": describe_parts(section, definitions, lever, words)}


def describe_parts(
    section: Mapping[str, Any], definitions: Mapping[str, Any], lever: type[Policy], words: Words
) -> list[Field]:
    """Return how the parts of a section are shown, each by its name in the language."""
    fields = []
    for key, part in section["properties"].items():
        is_share = part.get("maximum") == 1 and part.get("minimum") == 0
        described = describe_value(part, definitions, lever, words, is_share)
        label = choice_name(lever, key, words)
        is_required = key in section.get("required", ())
        fields.append(
            {
                "key": key,
                "label": label[:1].upper() + label[1:],
                "hint": "",
                "required": is_required,
                "default": part.get("default"),
                **described,
                **limit_slider(described, part.get("default"), None),
            }
        )
    return fields


def limit_slider(described: Field, default: Any, example: Any) -> Field:
    """Return where the slider of a number ends, and its step; nothing where it has none."""
    if described["kind"] not in ("number", "share"):
        return {}
    low, high = described["min"], described["max"]
    if low is None or low >= 1800:  # a year is written, not drawn
        return {"slider": None}
    if high is None or high - low > MOST_ON_SLIDER:
        known = [abs(value) for value in (default, example) if isinstance(value, int | float)]
        high = round_up(4 * max([*known, 25.0 if high is not None else 2.5]))
    step = 1 if described["whole"] else round_up((high - low) / 200)
    return {"slider": {"min": low, "max": high, "step": step}}


def round_up(value: float) -> float:
    """Return the nearest 1, 2 or 5 times a power of ten that is not less.

    Examples
    --------
    >>> round_up(120.0), round_up(0.005)
    (200.0, 0.005)
    """
    power = 10.0 ** math.floor(math.log10(value))
    return float(f"{next(n for n in (1, 2, 5, 10) if n * power >= value * (1 - 1e-9)) * power:.3g}")

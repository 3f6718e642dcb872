"""The manual of policies in Markdown: what each does, what is known of it, and its settings."""

from collections.abc import Iterable, Mapping
from typing import Any

from segsim.policies import LEVERS, Evidence, Policy
from segsim.words.words import Words


def policy_manual(words: Words, levers: Iterable[type[Policy]] = LEVERS) -> str:
    """Return what there is to know of all policies, and the settings that every policy has."""
    entries = [manual_entry(lever, words) for lever in levers]
    shared = f"#### {words('manual.shared')}\n\n{settings_table(Policy, Policy.model_fields, words)}"
    return "\n\n".join([*entries, shared])


def manual_entry(lever: type[Policy], words: Words) -> str:
    """Return what there is to know of one kind of policy."""
    language, evidence = words.language, lever.EVIDENCE
    facts = [words("manual.decider", decider=words(f"decider.{lever.DECIDED_BY}"))]
    if lever.LEGAL.en:
        facts.append(words("manual.law", text=lever.LEGAL.in_language(language)))
    facts.append(f"{evidence_strength(evidence, words)}. {evidence.effect.in_language(language)}")
    if evidence.sources:
        facts.append(words("manual.sources", items="; ".join(evidence.source_names(language))))
    facts.append(words("manual.cost", text=lever.COST.in_language(language)))
    if lever.REACHES:
        facts.append(words("manual.reaches", what=words(f"manual.{lever.REACHES}")))
    own = [name for name in lever.model_fields if name not in Policy.model_fields]
    title = f"#### {lever.TITLE.in_language(language)}: `{lever.KIND}`"
    listed = "\n".join(f"- {fact}" for fact in facts)
    return "\n\n".join(
        [title, lever.MECHANISM.in_language(language), listed, settings_table(lever, own, words)]
    )


def evidence_strength(evidence: Evidence, words: Words) -> str:
    """Return how good the evidence is, so that good evidence for no effect is not taken for an effect."""
    if evidence.near_zero:
        return words("evidence.near_zero")
    return words("evidence.grade", grade=words(f"evidence.{evidence.grade}"))


def settings_table(lever: type[Policy], names: Iterable[str], words: Words) -> str:
    """Return a table of some settings: key, meaning, values, and what holds if none is given."""
    schema = lever.model_json_schema(by_alias=False)
    heads = [words(f"manual.{head}") for head in ("setting", "meaning", "values", "default")]
    lines = [heads, ["---"] * len(heads)]
    for name in names:
        field = lever.model_fields[name]
        if name != "kind":
            meaning = lever.meaning(name).in_language(words.language)
            default = words("manual.required") if field.is_required() else default_text(field.default)
            values = value_range(schema["properties"][name], words)
            lines.append([f"`{field.alias or name}`", meaning, values, default])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def value_range(schema: Mapping[str, Any], words: Words) -> str:
    """Return which values the JSON schema of a setting allows, as far as a few words can say it."""
    for part in schema.get("anyOf", ()):
        if part.get("type") != "null":
            return value_range(part, words)
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "boolean":
        return "`true`, `false`"
    inner = next(iter(schema.get("prefixItems", ())), schema.get("additionalProperties"))
    if isinstance(inner, Mapping):
        return words("manual.each", values=value_range(inner, words))
    low, high = (schema.get(end) for end in ("minimum", "maximum"))
    if low is None:
        return ""
    return words("manual.from" if high is None else "manual.to", low=low, high=high)


def default_text(value: Any) -> str:
    """Return a default as a scenario file would say it; nothing where it says nothing."""
    if hasattr(value, "model_dump"):
        given = value.model_dump(exclude_defaults=True)
        parts = ", ".join(f"{key}: {default_text(inner)}" for key, inner in given.items())
        return "all" if given == {"all": True} else parts
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)

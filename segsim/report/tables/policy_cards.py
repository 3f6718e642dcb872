"""What a report says of a policy: what it does, when and where, who decides, what is known and assumed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from segsim.policies import Policy, Scope
from segsim.section import Section
from segsim.words.words import Words, catalogue

_TOLD_ELSEWHERE = {"kind", "since", "until", "areas", "budget_msek"}


class Setting(NamedTuple):
    """One setting of a policy: its key in the scenario file, its value and whence it comes."""

    key: str
    meaning: str
    value: str
    is_chosen: bool


class PolicyCard(NamedTuple):
    """One policy as a report tells of it.

    Texts without a translation are in English; then `language` says so.
    """

    title: str
    mechanism: str
    evidence: str
    legal: str
    language: str
    grade: str
    known: str
    needs_law: bool
    sources: tuple[str, ...]
    decider: str
    when: str
    where: str
    settings: list[Setting]


def policy_card(policy: Policy, words: Words) -> PolicyCard:
    """Return what there is to tell of a policy."""
    texts = translated(policy, words)
    own = [name for name in type(policy).model_fields if name not in _TOLD_ELSEWHERE]
    return PolicyCard(
        title=policy.TITLE_SV if words.language == "sv" else policy.TITLE,
        mechanism=texts["mechanism"],
        evidence=texts["evidence"],
        legal=texts["legal"],
        language=texts["language"],
        grade=policy.EVIDENCE.grade,
        known=known(policy, words),
        needs_law=policy.needs_law,
        sources=sources(policy, words),
        decider=words(f"decider.{policy.DECIDED_BY}"),
        when=period(policy, words),
        where=scope(policy.areas, words),
        settings=[_setting(policy, name, texts, words) for name in own if getattr(policy, name) is not None],
    )


def known(policy: Policy, words: Words) -> str:
    """Return how good the evidence is, so that good evidence for no effect is not taken for an effect."""
    if policy.EVIDENCE.near_zero:
        return words("evidence.near_zero")
    return words("evidence.grade", grade=words(f"evidence.{policy.EVIDENCE.grade}"))


def sources(policy: Policy, words: Words) -> tuple[str, ...]:
    """Return the sources of the evidence, Swedish authorities by the names of the language."""
    if words.language == "en":
        return policy.EVIDENCE.sources
    named: dict[str, str] = catalogue(f"policies_{words.language}")["sources"]
    joined = f" {words('word.and')} "
    return tuple(named.get(text, text.replace(" and ", joined)) for text in policy.EVIDENCE.sources)


def translated(policy: Policy, words: Words) -> dict[str, Any]:
    """Return the texts of a kind of policy in the language, or in English where there is no translation."""
    fields = type(policy).model_fields
    english = {
        "mechanism": policy.MECHANISM,
        "evidence": policy.EVIDENCE.effect,
        "legal": policy.LEGAL,
        "settings": {name: field.description or "" for name, field in fields.items()},
        "language": "en",
    }
    if words.language == "en":
        return english
    texts = catalogue(f"policies_{words.language}")
    found = texts["policy"].get(policy.kind)
    if found is None:
        return english
    return {
        "legal": "",
        **found,
        "settings": {**texts["shared"], **found["settings"]},
        "language": words.language,
    }


def period(policy: Policy, words: Words) -> str:
    """Return when a policy is in force."""
    parts = []
    if policy.since is not None:
        parts.append(words("word.from_year", year=policy.since))
    if policy.until is not None:
        parts.append(words("word.until_year", year=policy.until))
    return " ".join(parts) or words("word.whole_period")


def scope(areas: Scope, words: Words) -> str:
    """Return where a policy acts."""
    parts = []
    for name in ("names", "districts", "types"):
        if chosen := getattr(areas, name):
            parts.append(words(f"scope.{name}", items=words.join([str(item) for item in chosen])))
    if areas.share is not None:
        trait, low, high = areas.share.of, 100 * areas.share.at_least, 100 * areas.share.at_most
        values = {"low": words.number(low), "high": words.number(high)}
        parts.append(words("scope.share", trait=words(f"trait.{trait}"), **values))
    for name in ("weakest", "strongest"):
        if (most := getattr(areas, name)) is not None:
            parts.append(words(f"scope.{name}", share=words.number(100 * most)))
    if not parts:
        return words("scope.all")
    return parts[0] if len(parts) == 1 else words("scope.also", first=parts[0], rest="; ".join(parts[1:]))


def value_text(value: Any, words: Words, is_share: bool = False) -> str:
    """Write a setting's value as the language does."""
    if isinstance(value, Section):
        value = value.model_dump()
    if isinstance(value, bool):
        return words("word.yes" if value else "word.no")
    if isinstance(value, int | float):
        return f"{words.number(100 * value)} %" if is_share else words.number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{named(key, words)} {value_text(v, words, is_share)}" for key, v in value.items())
    if isinstance(value, tuple | list):
        return words.join([value_text(item, words, is_share) for item in value]) or words("word.none")
    return named(str(value), words)


def named(value: str, words: Words) -> str:
    """Return a name that settings use, such as a tenure, in the language."""
    return words(f"value.{value}") if words.has(f"value.{value}") else value


def _setting(policy: Policy, name: str, texts: Mapping[str, Any], words: Words) -> Setting:
    """Return one setting of a policy."""
    field = type(policy).model_fields[name]
    is_share = "share" in name or name in ("compliance", "quota_tolerance")
    return Setting(
        key=name,
        meaning=texts["settings"].get(name, ""),
        value=value_text(getattr(policy, name), words, is_share),
        is_chosen=field.is_required() or getattr(policy, name) != field.default,
    )

"""What a report says of a policy: what it does, when and where, who decides, what is known and assumed."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from segsim.policies import Policy, Scope
from segsim.policies.manual import evidence_strength
from segsim.section import Section, holds_share
from segsim.sweden.municipalities import find_municipality
from segsim.words.words import Words

_SHOWN_ELSEWHERE = {"kind", "name", "programme", "since", "until", "areas"}
_EVIDENT = re.compile(r"\([AB]\b|\bnot measured|\bno measured|\bno effect\b", re.IGNORECASE)
_ALWAYS_SHOWN = {"compliance"}


class Setting(NamedTuple):
    """One setting of a policy: its key in the scenario file, its value and whence it comes."""

    key: str
    meaning: str
    value: str
    is_chosen: bool
    overrides_evidence: bool
    """Whether it is chosen in the place of a default that rests on evidence, or on there being none."""


class PolicyCard(NamedTuple):
    """One policy as a report tells of it."""

    title: str
    mechanism: str
    evidence: str
    legal: str
    grade: str
    strength: str
    needs_law: bool
    sources: tuple[str, ...]
    decider: str
    when: str
    where: str
    settings: list[Setting]
    overridden: bool
    """Whether a setting overrides the evidence."""


def policy_card(policy: Policy, words: Words) -> PolicyCard:
    """Return what there is to tell of a policy."""
    settings = [
        _setting(policy, name, words)
        for name in type(policy).model_fields
        if name not in _SHOWN_ELSEWHERE and getattr(policy, name) is not None
    ]
    return PolicyCard(
        title=policy_title(policy, words),
        mechanism=policy.MECHANISM.in_language(words.language),
        evidence=policy.EVIDENCE.effect.in_language(words.language),
        legal=policy.LEGAL.in_language(words.language),
        grade=policy.EVIDENCE.grade,
        strength=evidence_strength(policy.EVIDENCE, words),
        needs_law=policy.needs_law,
        sources=policy.EVIDENCE.source_names(words.language),
        decider=words(f"decider.{policy.decider}"),
        when=period(policy, words),
        where=scope(policy.areas, words),
        settings=[setting for setting in settings if setting.is_chosen or not _is_shared(setting.key)],
        overridden=any(setting.overrides_evidence for setting in settings),
    )


def _is_shared(key: str) -> bool:
    """Tell whether every policy has a setting, which is then worth a line only where it is chosen."""
    return key in Policy.model_fields and key not in _ALWAYS_SHOWN


def policy_title(policy: Policy, words: Words) -> str:
    """Return what a policy is called; one with a name of its own in the scenario by that name too."""
    title = policy.TITLE.in_language(words.language)
    return title if policy.name == policy.kind else f"{title} ({policy.name})"


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
    if areas.municipalities:
        parts.append(words.join([find_municipality(code).name for code in areas.municipalities]))
    # names and districts are one condition: any of them will do
    places = list(areas.names)
    if areas.districts:
        places.append(words("scope.districts", items=words.join(list(areas.districts))))
    if places:
        parts.append(words.join(places))
    if areas.types:
        parts.append(words("scope.types", items=words.join([str(kind) for kind in areas.types])))
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


def value_text(value: Any, names: Callable[[str], str], words: Words, is_share: bool = False) -> str:
    """Write a setting's value as the language does: a share in per cent, a choice by its name."""
    if isinstance(value, Scope):
        return scope(value, words)
    if isinstance(value, Section):
        return ", ".join(
            f"{names(key)} {part}"
            if key == "year"
            else f"{names(key)} {value_text(part, names, words, holds_share(type(value), key))}"
            for key, part in value
            if part is not None and part != ""
        )
    if isinstance(value, bool):
        return words("word.yes" if value else "word.no")
    if isinstance(value, int | float):
        return f"{words.number(100 * value)} %" if is_share else words.number(value)
    if isinstance(value, Mapping):
        pairs = value.items()
        return ", ".join(f"{names(k)} {value_text(v, names, words, is_share)}" for k, v in pairs)
    if isinstance(value, tuple | list):
        return words.join([value_text(item, names, words, is_share) for item in value]) or words("word.none")
    return names(str(value))


def choice_name(lever: type[Policy], choice: str, words: Words) -> str:
    """Return what a choice that the settings of a policy offer, or a tenure, is called."""
    if choice in lever.CHOICES:
        return lever.CHOICES[choice].in_language(words.language)
    return words(f"value.{choice}") if words.has(f"value.{choice}") else choice


def rests_on_evidence(lever: type[Policy], name: str) -> bool:
    """Tell whether the default of a setting is what a source gives, or 0 because nothing is measured.

    Its meaning says so: graded A or B, or called not measured.
    """
    return bool(_EVIDENT.search(lever.meaning(name).en))


def _setting(policy: Policy, name: str, words: Words) -> Setting:
    """Return one setting of a policy."""
    lever, value = type(policy), getattr(policy, name)
    field = lever.model_fields[name]
    is_chosen = field.is_required() or value != field.default
    return Setting(
        key=name,
        meaning=lever.meaning(name).in_language(words.language),
        value=value_text(value, partial(choice_name, lever, words=words), words, holds_share(lever, name)),
        is_chosen=is_chosen,
        overrides_evidence=is_chosen and not field.is_required() and rests_on_evidence(lever, name),
    )

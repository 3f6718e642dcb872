"""The words of reports: both languages say everything, numbers are written as each language does."""

import re
import string
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest

from segsim.catalogue import CATEGORIES, GROUPINGS, MEASURES
from segsim.flows import FLOWS
from segsim.groups import SWEDISH_GROUPS
from segsim.policies import POLICIES, Policy
from segsim.policies.evidence import Decider, Grade
from segsim.policies.policy import Reach
from segsim.policies.scope import Trait
from segsim.report.labels import quantity
from segsim.report.page import mark_keys
from segsim.report.tables.policy_cards import policy_card, policy_title, scope
from segsim.report.tables.verdicts import SIGNS
from segsim.report.units import UNITS, UnitFormat
from segsim.rules import Preferences
from segsim.rules.demography import DemographyPreferences
from segsim.runs.series import Series
from segsim.scenario import STEPS
from segsim.section import Section
from segsim.synthesis.notes import SENTENCES, Note
from segsim.tables import TENURES
from segsim.words.numbers import write_number
from segsim.words.text import LANGUAGES
from segsim.words.words import Words, read_texts

TEXTS = {
    language: {
        f"{subject}: {key}": text
        for subject in ("report", "diagnosis", "classroom", "plan")
        for key, text in read_texts(f"{subject}_{language}").items()
    }
    for language in LANGUAGES
}


def placeholders(text: Any) -> set[str]:
    parts = text if isinstance(text, list) else [text]
    return {name for part in parts for _, name, _, _ in string.Formatter().parse(part) if name}


def test_catalogues__have_the_same_keys() -> None:
    assert TEXTS["en"].keys() == TEXTS["sv"].keys()


@pytest.mark.parametrize("key", sorted(TEXTS["en"]))
def test_catalogues__say_the_same_things(key: str) -> None:
    english, swedish = TEXTS["en"][key], TEXTS["sv"][key]
    assert placeholders(english) == placeholders(swedish)
    assert type(english) is type(swedish)
    assert len(english) > 0
    if isinstance(english, list):
        assert len(english) == len(swedish)


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_notes_on_data__say_the_same_in_both_languages(kind: str) -> None:
    english, swedish = SENTENCES[kind]
    assert placeholders(english) == placeholders(swedish)
    facts = dict.fromkeys(placeholders(english), 12.345)
    if not facts:  # says what was invented, without a number
        assert Note(kind, facts).text("sv") == swedish
        return
    assert "12,3" in Note(kind, facts).text("sv")
    assert "12.3" in Note(kind, facts).text("en")


def test_catalogues__speak_of_challenges_and_never_of_problem_areas() -> None:
    for language in LANGUAGES:
        words = " ".join(str(text) for text in TEXTS[language].values()).lower()
        for phrase in ("segregated area", "problem area", "segregerade område", "problemområde", "utsatt"):
            assert phrase not in words
    assert "områden med socioekonomiska utmaningar" in TEXTS["sv"]["report: brief.relational"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure__has_a_title_a_unit_and_a_definition(language: str) -> None:
    words = Words(language)
    for name, measure in MEASURES.items():
        for level in measure.levels:
            about = quantity(Series(name, "", level), SWEDISH_GROUPS, words)
            assert about.name != name or name in ("H", "M"), name
            assert about.definition
            assert about.over
            assert about.axis(words)
            assert about.unit.difference_axis(words)
            assert about.unit.value(words, 1.0)
            assert about.unit.difference(words, 1.0)


def test_every_unit_of_the_catalogue_is_known() -> None:
    assert {measure.unit for measure in MEASURES.values()} <= UNITS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_groupings__are_written_out(language: str) -> None:
    words = Words(language)
    names = [*GROUPINGS, *(f"{g}.{c}" for g, found in CATEGORIES.items() for c in found)]
    names += [f"origin.{group.name}" for group in SWEDISH_GROUPS]
    for name in names:
        title = quantity(Series("isolation", name, "area"), SWEDISH_GROUPS, words).title
        assert "_" not in title


def test_groupings__of_pairs_and_crossings_name_every_part() -> None:
    words = Words("sv")
    pair = quantity(Series("D", "origin.swedish-outside_europe", "area"), SWEDISH_GROUPS, words)
    assert pair.title == "Olikhetsindex D: svensk bakgrund och född utanför Europa"
    women = Series("employed", "background*sex.foreign*woman", "municipality")
    crossing = quantity(women, SWEDISH_GROUPS, words)
    assert crossing.title == "Sysselsatta, 20–64 år: utländsk bakgrund, kvinnor"
    whole = quantity(Series("D", "background*education", "area"), SWEDISH_GROUPS, words)
    assert whole.title.endswith("utländsk och svensk bakgrund × utbildningsnivåer")


def test_indices__point_to_their_chance_expectation_over_the_same_units() -> None:
    for measure in ("D", "H", "V"):
        about = quantity(Series(measure, "background", "school"), SWEDISH_GROUPS, Words())
        assert about.chance == Series(f"{measure}_expected", "background", "school")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_a_policy_offers__has_words(language: str) -> None:
    words = Words(language)
    for kind, policy in POLICIES.items():
        for name, field in policy.model_fields.items():
            for choice in literals(field.annotation) if name != "kind" else ():
                assert choice in policy.CHOICES or words.has(f"value.{choice}"), f"{kind}.{name}: {choice}"


def name_keys() -> set[str]:
    """Return every key that a text about policies may give in backticks beside those of its policy."""
    sections: list[type[Section]] = [Policy, Preferences]
    for section in sections:
        parts = (field.annotation for field in section.model_fields.values())
        sections += [part for part in parts if isinstance(part, type) and issubclass(part, Section)]
    return {*TENURES, *FLOWS, "all", *(name for section in sections for name in section.model_fields)}


def test_texts_of_policies__show_no_raw_key() -> None:
    """What a planner reads has none; other texts mark theirs, and none that the scenario file has not."""
    known, raw = name_keys(), re.compile(r"\w+_\w+|\w+\.\w+\.\w+|`")
    for kind, lever in POLICIES.items():
        own = {*lever.model_fields, *lever.CHOICES}
        for text in (lever.TITLE, lever.MECHANISM, *lever.CHOICES.values()):
            assert not [word for part in text for word in raw.findall(part)], kind
        meanings = (lever.meaning(name) for name in lever.model_fields if name != "kind")
        for text in (lever.EVIDENCE.effect, lever.LEGAL, lever.COST, *meanings):
            for part in text:
                assert not raw.findall(re.sub(r"`[^`]*`", "", part)), kind
                assert {key.split(":")[0] for key in re.findall(r"`([^`]*)`", part)} <= own | known, kind


def test_marked_keys__are_code_and_all_else_is_escaped() -> None:
    assert mark_keys("set `effect` <b>") == "set <code>effect</code> &lt;b&gt;"


def literals(annotation: Any) -> set[str]:
    if get_origin(annotation) is Literal:
        return {choice for choice in get_args(annotation) if isinstance(choice, str)}
    return {choice for part in get_args(annotation) for choice in literals(part)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_grade_decider_trait_step_and_verdict__has_words(language: str) -> None:
    words = Words(language)
    wanted = {
        "evidence": get_args(Grade),
        "decider": get_args(Decider),
        "reached": get_args(Reach),
        "trait": get_args(Trait),
    }
    wanted |= {"step": STEPS, "verdict": tuple(SIGNS), "verdict_short": tuple(SIGNS)}
    for section, names in wanted.items():
        for name in names:
            assert words.has(f"{section}.{name}")


def test_policy_card__tells_what_the_user_chose() -> None:
    policy = POLICIES["tenure_in_detailed_plans"].model_validate(
        {"from": 2027, "until": 2030, "areas": {"types": [4, 5]}, "shares": {"public_rental": 0.5}}
    )
    card = policy_card(policy, Words("sv"))
    assert card.when == "från och med 2027 till och med 2030"
    assert card.where == "områden av typ 4 och 5"
    chosen = {setting.key: setting.value for setting in card.settings if setting.is_chosen}
    assert chosen == {"shares": "hyresrätt i allmännyttan 50 %"}
    assert card.mechanism == policy.MECHANISM.sv


def test_policy_card__writes_shares_in_per_cent_by_their_type() -> None:
    rule = POLICIES["admission_rule"].model_validate(
        {"quota_tolerance": 0.25, "active_share": (0.1, 0.2, 0.3, 0.4), "transport_km": 0.5}
    )
    values = {setting.key: setting.value for setting in policy_card(rule, Words("en")).settings}
    assert values["quota_tolerance"] == "25 %"
    assert values["active_share"] == "10 %, 20 %, 30 % and 40 %"
    assert values["transport_km"] == "0.5"
    building = POLICIES["new_construction"].model_validate({"dwellings_per_year": 1.0})
    values = {setting.key: setting.value for setting in policy_card(building, Words("en")).settings}
    assert values["tenure_shares"].endswith("cooperative 20 %, owner-occupied 10 %")
    assert values["compliance"] == "100 %"


def test_policy_card__marks_what_overrides_the_evidence() -> None:
    lever = POLICIES["low_performing_school_support"]
    explored = lever.model_validate({"merit_effect_points_per_1000sek": 0.3, "share_of_schools": 0.5})
    card = policy_card(explored, Words("en"))
    assert card.overridden
    marked = {setting.key for setting in card.settings if setting.overrides_evidence}
    assert marked == {"merit_effect_points_per_1000sek"}  # the share of schools is assumed (C) by default
    assert not policy_card(lever.model_validate({}), Words("en")).overridden


def test_policy_title__tells_two_of_a_kind_apart() -> None:
    building = POLICIES["new_construction"].model_validate({"dwellings_per_year": 1.0, "name": "hillside"})
    assert policy_title(building, Words("sv")) == "Nybyggnation (hillside)"


def test_scope__joins_conditions() -> None:
    from segsim.policies import Scope

    condition = {"of": "employed", "at_most": 0.6}
    areas = Scope.model_validate({"districts": ["Ronna", "Geneta"], "share": condition})
    written = scope(areas, Words("en"))
    assert written == "the districts Ronna and Geneta, of these areas where employed is 0–60 %"
    assert scope(Scope(all=True), Words("sv")) == "hela kommunen"
    either = Scope.model_validate({"municipalities": ["0184"], "names": ["A1"], "districts": ["Ronna"]})
    assert scope(either, Words("en")) == "Solna, of these A1 and the districts Ronna"


@pytest.mark.parametrize(
    ("value", "decimals", "english", "swedish"),
    [
        (1234567.891, 1, "1,234,567.9", "1\u202f234\u202f567,9"),
        (-0.0123, 3, "−0.012", "−0,012"),
        (-0.0001, 3, "0.000", "0,000"),
        (0.5, None, "0.5", "0,5"),
        (12.0, None, "12", "12"),
        (float("nan"), 2, "–", "–"),
        (float("inf"), 2, "–", "–"),
    ],
)
def test_numbers__are_written_as_the_language_does(
    value: float, decimals: int | None, english: str, swedish: str
) -> None:
    assert write_number(value, decimals) == english
    assert Words("sv").number(value, decimals) == swedish


def test_numbers__get_a_plus_only_when_they_are_above_zero() -> None:
    words = Words("en")
    assert words.number(0.02, 2, sign=True) == "+0.02"
    assert words.number(0.001, 2, sign=True) == "0.00"


def test_shares__are_written_in_whole_percent() -> None:
    assert Words("en").percent(0.125) == "12%"
    assert Words("sv").percent(0.5) == "50\N{NO-BREAK SPACE}%"


def test_shares__differ_by_percentage_points() -> None:
    unit = UNITS["share"]
    assert unit.value(Words("sv"), 0.1234) == "12,3 %"
    assert unit.difference(Words("sv"), -0.0123) == "−1,23 pe"
    assert unit.interval(Words("en"), 0.01, 0.02) == "1.00 to 2.00 pp"


def test_units__leave_an_undefined_value_without_unit() -> None:
    assert UnitFormat("years").value(Words("en"), float("nan")) == "–"


def test_words__of_an_unknown_language_are_refused() -> None:
    with pytest.raises(ValueError, match='no report in "fi"; the languages are en, sv'):
        Words("fi")  # type: ignore[arg-type]


def test_words__count() -> None:
    assert Words("sv").count("seeds", 1) == "1 slumpfrö"
    assert Words("sv").count("seeds", 20) == "20 slumpfrön"
    assert Words("en").join(["a", "b", "c"]) == "a, b and c"


def policy_texts() -> Iterator[tuple[str, str]]:
    for kind, lever in POLICIES.items():
        texts = {"title": lever.TITLE, "mechanism": lever.MECHANISM, "evidence": lever.EVIDENCE.effect}
        texts |= {"legal": lever.LEGAL, "cost": lever.COST}
        texts |= {name: lever.meaning(name) for name in lever.model_fields} | lever.CHOICES
        yield from ((f"{kind}.{name}", text.sv) for name, text in texts.items())


def test_swedish_texts__hold_no_english() -> None:
    english = re.compile(r"\b(the|of|and|with|which|where|from the|years|areas)\b", re.IGNORECASE)
    for key, text in [*TEXTS["sv"].items(), *policy_texts()]:
        found = english.search(str(text))
        assert found is None, f"{key}: {found}"
    for name, measure in MEASURES.items():
        assert english.search(measure.definition.sv) is None, name


def test_population__what_it_follows_is_told_in_both_languages() -> None:
    """Every kind a scenario may choose, and growth, has a sentence on what it means for building."""
    kinds = get_args(DemographyPreferences.model_fields["population_follows"].annotation)
    for language in LANGUAGES:
        words = Words(language)
        for kind in (*kinds, "grows"):
            assert words(f"left_out.population.{kind}", growth="1")

"""Every way to write a scenario wrong gives one clear error with file, line and remedy, and no traceback."""

import re
import shutil
from pathlib import Path

import pytest

from segsim.errors import ScenarioError
from segsim.scenario import load_scenario
from tests.fuzzing import find_english

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"

PLAN = "policies:\n  - tenure_in_detailed_plans:\n      from: 2027\n"

ORIGINS = "swedish: 0.0, second_generation: 0.0, europe: 1.0, outside_europe: 1.7"
NO_ORIGINS = "swedish: 0, second_generation: 0, europe: 0, outside_europe: 0"

BROKEN: dict[str, tuple[str | bytes, int, tuple[str, ...]]] = {
    # name: (what the file says, line of the error, words the message must hold)
    "unknown_key": ("extends: town\ncolour: red\n", 2, ('unknown key "colour"', "allowed here", "years")),
    "policy_against_itself": (
        "extends: town\npolicies:\n  - preschool_support: {}\n"
        "  - admission_rule: {offer_rounds: 2, common_system: true}\n",
        4,
        ("policies[1].admission_rule", "offer_rounds", "common_system: true"),
    ),
    "policy_against_the_rules": (
        "extends: town\nrules: {schools: {admission: {ses_quota: true}}}\npolicies:\n"
        "  - admission_rule:\n      mechanism: top_trading_cycles\n",
        4,
        ("policies[0].admission_rule", "top_trading_cycles keeps neither reserves nor quotas"),
    ),
    "typo": ("extends: town\nyaers: 5\n", 2, ('"yaers"', 'did you mean "years"?')),
    "typo_deep_inside": (
        "extends: town\npreferences:\n  housing:\n    candidats: 5\n",
        4,
        ("preferences.housing", '"candidats"', 'did you mean "candidates"?'),
    ),
    "typo_in_a_policy": (
        f"extends: town\n{PLAN}      share: {{cooperative: 0.5}}\n      shares: {{}}\n",
        5,
        ('unknown key "share"', 'did you mean "shares"?'),
    ),
    "text_for_a_number": ("extends: town\nyears: ten\n", 2, ('years: "ten" is not a whole number',)),
    "quoted_number": ('extends: town\nyears: "10"\n', 2, ("remove the quotes",)),
    "truth_for_a_number": ("extends: town\nyears: true\n", 2, ("true is not a whole number",)),
    "half_a_year": ("extends: town\nyears: 2.5\n", 2, ("2.5 is not a whole number",)),
    "number_for_a_text": ("extends: town\nsummary: 5\n", 2, ('put it in quotes: "5"',)),
    "number_for_a_mapping": ("extends: town\nrules: 5\n", 2, ("rules: 5 stands where", "housing")),
    "list_for_a_mapping": ("extends: town\nrules: [housing]\n", 2, ("rules: a list stands where",)),
    "mapping_for_a_list": (
        "extends: town\npolicies:\n  new_construction: {}\n",
        2,
        ("policies", "not a list"),
    ),
    "nothing_for_a_number": ("extends: town\nyears:\n", 2, ("nothing is written here",)),
    "share_over_one": (
        "extends: town\nrules:\n  housing:\n    local_priority: 1.5\n",
        4,
        ("1.5 is out of range", "at most 1"),
    ),
    "share_in_percent": (
        "extends: town\nrules:\n  housing:\n    local_priority: 30%\n",
        4,
        ("not a number", "0.30, not a percentage"),
    ),
    "decimal_comma": (
        "extends: town\npreferences: {housing: {burden: '0,5'}}\n",
        2,
        ("decimal mark is a point",),
    ),
    "decimal_comma_in_braces": (
        "extends: town\npreferences: {housing: {burden: 0,5}}\n",
        2,
        ("0,5 has a decimal comma; write 0.5",),
    ),
    "number_with_spaces": ("extends: town\nyears: 1 000\n", 2, ("write it without spaces",)),
    "negative_share": (
        f"extends: town\n{PLAN}      shares: {{cooperative: -0.5}}\n",
        5,
        ("shares.cooperative", "at least 0"),
    ),
    "budget_of_unknown_cost": (
        f"extends: town\n{PLAN}      shares: {{cooperative: 0.5}}\n      budget_msek: 3\n",
        6,
        ("budget_msek", "not known", "give cost_msek"),
    ),
    "budget_below_nothing": (
        f"extends: town\n{PLAN}      shares: {{}}\n      cost_msek: 9\n      budget_msek: {{2027: -3}}\n",
        7,
        ("budget_msek", "-3 is out of range", "at least 0"),
    ),
    "built_up_too_late": (
        f"extends: town\n{PLAN}      until: 2028\n      shares: {{}}\n      phase_in_years: 5\n",
        7,
        ("phase_in_years", "5 years to build up what lasts 2"),
    ),
    "two_policies_of_one_name": (
        "extends: town\npolicies:\n"
        "  - new_construction: {dwellings_per_year: 5, name: hill}\n"
        "  - tenure_conversion: {share_per_year: 0.1, name: hill}\n",
        4,
        ("policies[1].tenure_conversion.name", 'another policy is called "hill" too', "a name of its own"),
    ),
    "shares_over_one_together": (
        f"extends: town\n{PLAN}      shares: {{cooperative: 0.7, public_rental: 0.5}}\n",
        5,
        ("sum to 1.2",),
    ),
    "shares_not_summing": (
        "extends: town\npolicies:\n  - new_construction:\n      dwellings_per_year: 5\n"
        "      tenure_shares: {cooperative: 0.5}\n",
        5,
        ("must sum to 1", "0.5"),
    ),
    "unknown_tenure": (
        f"extends: town\n{PLAN}      shares: {{condominium: 0.5}}\n",
        5,
        ("no tenure", "cooperative"),
    ),
    "unknown_policy": (
        "extends: town\npolicies:\n  - rent_cap:\n      from: 2027\n",
        3,
        ('policies[0]: there is no "rent_cap"', "new_construction"),
    ),
    "misspelt_policy": (
        "extends: town\npolicies:\n  - new_constructions: {dwellings_per_year: 5}\n",
        3,
        ('did you mean "new_construction"?',),
    ),
    "policy_settings_not_indented": (
        "extends: town\npolicies:\n  - new_construction:\n    dwellings_per_year: 5\n",
        3,
        ("indent the settings",),
    ),
    "policy_lacks_its_setting": (
        "extends: town\npolicies:\n  - new_construction\n",
        3,
        ("dwellings_per_year", "share_of_stock", "give"),
    ),
    "until_before_from": (
        f"extends: town\n{PLAN}      shares: {{}}\n      until: 2025\n",
        6,
        ("before from 2027",),
    ),
    "no_such_area_type": (
        f"extends: town\n{PLAN}      shares: {{}}\n      areas: {{types: [4, 6]}}\n",
        6,
        ("type 6",),
    ),
    "areas_that_name_nothing": (
        f"extends: town\n{PLAN}      shares: {{}}\n      areas: []\n",
        6,
        ("names no area",),
    ),
    "admission_of_some_areas": (
        "extends: town\npolicies:\n  - admission_rule: {areas: [A], lottery_share: 1}\n",
        3,
        ("whole city",),
    ),
    "steps_out_of_order": (
        "extends: town\nsteps: [housing, work]\n",
        2,
        ("their order is demography, work",),
    ),
    "no_such_step": ("extends: town\nsteps: [hosing]\n", 2, ('did you mean "housing"?',)),
    "same_group_twice": (
        "extends: town\ngroups: [{name: a}, {name: a}]\n",
        2,
        ('two groups are called "a"',),
    ),
    "no_groups": ("extends: town\ngroups: []\n", 2, ("at least 1",)),
    "two_sources": ("city: {figures: {}, areas: town.yaml}\n", 1, ("city.figures", "missing")),
    "no_source": (
        "city: {schooling: {spare_seats: 0.1}}\n",
        1,
        ("exactly one of grid, figures, areas",),
    ),
    "no_city": ("years: 5\n", 1, ("city: is missing",)),
    "missing_file": ("city: {areas: nowhere.csv}\n", 1, ('there is no file "nowhere.csv"',)),
    "missing_parent": ("years: 5\nextends: twon\n", 2, ("extends", '"twon"', 'did you mean "town"?')),
    "parent_is_itself": ("extends: broken\n", 1, ("extends: a scenario cannot extend itself",)),
    "parents_in_a_circle": ("extends: circle\n", 1, ("circle",)),
    "chain_of_parents": ("extends: child\n", 1, ('"child" itself extends "town"', "never a chain")),
    "list_of_parents": ("extends: [town, circle]\n", 1, ("extends: must be the name of one",)),
    "empty_file": ("", 1, ("is empty",)),
    "only_comments": ("# nothing\n", 1, ("only comments",)),
    "only_spaces": ("   \n\n", 1, ("is empty",)),
    "tabs": ("extends: town\nrules:\n\thousing: {}\n", 3, ("a tab", "use spaces")),
    "tab_in_the_middle": (
        "extends: town\nrules:\n  housing:\n  \tlocal_priority: 0.1\n",
        4,
        ("a tab", "use spaces"),
    ),
    "not_yaml": ("extends: [town\nyears: 5\n", 2, ("not YAML",)),
    "two_colons": ("summary: a: b\n", 1, ("not YAML", "quotes")),
    "open_quote": ('extends: town\nsummary: "a\n', 3, ("not YAML",)),
    "binary": (b"PK\x03\x04\x00\x00\x00", 1, ("not YAML",)),
    "python_object": ("extends: town\nsummary: !!python/name:os.system x\n", 2, ("not allowed",)),
    "alias_of_itself": ("extends: town\nrules: &a {housing: *a}\n", 2, ("too large",)),
    "unknown_alias": ("extends: *town\n", 1, ("undefined alias",)),
    "two_documents": ("extends: town\n---\nyears: 5\n", 2, ("one scenario",)),
    "a_list": ("- town\n", 1, ("found a list",)),
    "a_word": ("town\n", 1, ('found "town"',)),
    "huge_number": ("extends: town\nyears: 99999999999999999999999\n", 2, ("years", "at most 10000000")),
    "number_of_5000_digits": (f"extends: town\nyears: {'9' * 5000}\n", 2, ("5000 digits",)),
    "infinite_number": (
        "extends: town\nrules: {housing: {rent_growth: .inf}}\n",
        2,
        ("not a finite number",),
    ),
    "overflowing_number": (
        "extends: town\nrules: {housing: {rent_growth: 1e999}}\n",
        2,
        ("not a finite number",),
    ),
    "not_a_number": ("extends: town\nrules: {housing: {rent_growth: .nan}}\n", 2, ("not a finite number",)),
    "latin_1": ("extends: town\nsummary: Södertälje\n".encode("latin-1"), 2, ("not UTF-8",)),
    "utf_16": ("extends: town\n".encode("utf-16"), 1, ("not UTF-8",)),
    "duplicated_key": ("extends: town\nyears: 5\nyears: 6\n", 3, ('"years" is written twice', "line 2")),
    "tag_on_a_mapping": (
        "extends: town\npreferences: !!python/object/apply:os.system {}\n",
        2,
        ("os.system", "not allowed"),
    ),
    "tag_on_a_list": ("extends: town\nsteps: !mine [housing]\n", 2, ('"!mine" is not allowed',)),
    "tag_on_a_key": ("extends: town\n!mine years: 5\n", 2, ('"!mine" is not allowed',)),
    "tag_on_the_file": ("!mine\nextends: town\n", 1, ('"!mine" is not allowed',)),
    "tag_that_does_not_fit": ("extends: town\nyears: !!bool 5\n", 2, ("not allowed",)),
    "kind_within_a_policy": (
        "extends: town\npolicies:\n  - new_construction: {kind: nonsense, dwellings_per_year: 5}\n",
        3,
        ('"kind" is no setting of new_construction',),
    ),
    "group_of_a_table": (
        f"extends: town\npreferences: {{work: {{penalty_men: {{{ORIGINS}, groups: {{swede: 1}}}}}}}}\n",
        2,
        ("preferences.work.penalty_men.groups.swede", 'there is no group "swede"; did you mean "swedish"?'),
    ),
    "group_of_shares": (
        "extends: town\ncity: {group_shares: {martians: 0.5}}\n",
        2,
        ('city.group_shares.martians: there is no group "martians"; the groups are swedish',),
    ),
    "group_of_weights": (
        "extends: town\npreferences: {schools: {choice: {group_weights: {martians: {}}}}}\n",
        2,
        ("preferences.schools.choice.group_weights.martians", 'no group "martians"'),
    ),
    "group_of_participation": (
        f"extends: town\npreferences: {{demography: {{fertility: {{{ORIGINS}, groups: {{men: 1}}}}}}}}\n",
        2,
        ("preferences.demography.fertility.groups.men",),
    ),
    "root_for_a_parent": ("extends: /\n", 1, ("extends: / is a folder",)),
    "endless_parent": (f"extends: {'a' * 300}\n", 1, ('there is no scenario "aaa',)),
    "endless_path": (f"extends: {'a' * 300}.yaml\n", 1, ('there is no scenario file "aaa',)),
    "endless_data_file": (f"city: {{areas: {'a' * 300}.csv}}\n", 1, ("its name is too long",)),
    "home_of_nobody": ("extends: ~nobody_at_all/town.yaml\n", 1, ("there is no folder",)),
    "endless_file_of_tastes": (
        f"extends: town\ntastes: {'a' * 300}.yaml\n",
        2,
        ("tastes: there is no file",),
    ),
    "instrument_as_a_policy": (
        "extends: town\npolicies:\n  - land_allocation: {}\n",
        3,
        ("belongs at policies.tenure_in_detailed_plans.instrument: land_allocation",),
    ),
    "setting_as_a_policy": (
        "extends: town\npolicies:\n  - share_of_stock: {}\n",
        3,
        ("belongs at", "policies.new_construction.share_of_stock"),
    ),
    "rule_as_a_policy": (
        "extends: town\npolicies: [rent_growth]\n",
        2,
        ("belongs at rules.housing.rent_growth",),
    ),
    "rule_with_its_value_as_a_policy": (
        "extends: town\npolicies:\n  - public_queue: region\n",
        3,
        ("belongs at rules.housing.public_queue",),
    ),
    "section_as_a_policy": (
        "extends: town\npolicies:\n  - construction: {share_of_stock: 0.01}\n",
        3,
        ("belongs at rules.housing.construction",),
    ),
    "number_as_a_policy": (
        "extends: town\npolicies:\n  - 5\n",
        3,
        ("policies[0]: a policy is one name with its settings beneath it",),
    ),
    "nothing_as_a_policy": (
        "extends: town\npolicies:\n  - {}\n",
        3,
        ("policies[0]: a policy is one name with its settings beneath it; found -",),
    ),
    "rule_as_a_preference": (
        "extends: town\npreferences: {housing: {rent_growth: 0.1}}\n",
        2,
        ("belongs at rules.housing.rent_growth",),
    ),
    "vast_number": (
        "extends: town\nrules: {work: {incomes: {study_grant: 1.0e+308}}}\n",
        2,
        ("rules.work.incomes.study_grant: 1e+308 is out of range",),
    ),
    "vast_whole_number": (
        f"extends: town\ncity: {{schooling: {{grade_9_schools: {2**70}}}}}\n",
        2,
        ("out of range",),
    ),
    "vast_number_in_a_list": (
        "extends: town\npreferences: {work: {wage_return: [0, 0, 1.0e+308, 0]}}\n",
        2,
        ("preferences.work.wage_return[2]: 1e+308 is out of range",),
    ),
    "weight_of_an_origin_below_nothing": (
        f"extends: town\npreferences: {{demography: {{refugee_origins: {{{NO_ORIGINS[:-1]}-1}}}}}}\n",
        2,
        ("preferences.demography.refugee_origins.outside_europe: -1 is out of range",),
    ),
    "weights_of_no_origin": (
        f"extends: town\npreferences: {{demography: {{labour_origins: {{{NO_ORIGINS}}}}}}}\n",
        2,
        ("preferences.demography.labour_origins: all weights are 0",),
    ),
    "fertility_below_nothing": (
        f"extends: town\npreferences: {{demography: {{fertility: {{{ORIGINS}, groups: {{europe: -1}}}}}}}}\n",
        2,
        ("preferences.demography.fertility.groups.europe: -1 is out of range",),
    ),
    "more_schools_than_anywhere": (
        "extends: town\ncity: {schooling: {grade_9_schools: 1000000}}\n",
        2,
        ("city.schooling.grade_9_schools: 1000000 is out of range; it must be at most 1000",),
    ),
    "null_for_no_key": ("extends: town\nyaers: null\n", 2, ('unknown key "yaers"', 'did you mean "years"?')),
    "null_for_no_group": (
        "extends: town\ncity: {group_shares: {swedes: null}}\n",
        2,
        ("city.group_shares.swedes: is null, but nothing is inherited here",),
    ),
    "null_for_what_must_be": ("extends: town\ncity: {figures: {population: null}}\n", 2, ("is missing",)),
    "no_such_measure": ("extends: town\nmeasures: {names: [D, isolatoin]}\n", 2, ('"isolation"?',)),
    "no_such_grouping": ("extends: town\nmeasures: {groupings: [orgin]}\n", 2, ('did you mean "origin"?',)),
    "no_such_level": ("extends: town\nmeasures: {levels: [street]}\n", 2, ('"street" is not one of',)),
    "named_inside": ("extends: town\nname: other\n", 2, ('unknown key "name"',)),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(TOWN, tmp_path / "town.yaml")
    (tmp_path / "child.yaml").write_text("extends: town\n")
    (tmp_path / "circle.yaml").write_text("extends: broken\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", BROKEN)
def test_broken_scenario__one_error_with_line_and_remedy(name: str, folder: Path) -> None:
    content, line, words = BROKEN[name]
    (folder / "broken.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScenarioError) as caught:
        load_scenario("broken.yaml")
    message = str(caught.value)
    first = message.splitlines()[0]
    assert first.startswith(f"broken.yaml:{line}: "), message
    assert all(word in message for word in words), message
    assert not any(word in message for word in ("pydantic", "ruamel", "Input", "validation", "Traceback"))
    swedish = f"{caught.value:sv}"
    assert swedish.startswith(f"broken.yaml:{line}: "), swedish
    assert not find_english(swedish), swedish


def test_thousands_of_errors__are_told_in_short(folder: Path) -> None:
    (folder / "broken.yaml").write_text("extends: town\n" + "".join(f"k{i}: 1\n" for i in range(3000)))
    with pytest.raises(ScenarioError) as caught:
        load_scenario("broken.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == 26
    assert lines[0].startswith('broken.yaml:2: unknown key "k0"')
    assert lines[-1] == "broken.yaml: and 2975 more; mend these first"


@pytest.mark.parametrize(
    "content",
    ["- 1\n" * 200_000, "a: [" + "1, " * 60_000 + "1]\n", "a: " + "[" * 50_000, "a: " + "{b: " * 50],
)
def test_endless_files__are_refused_before_they_are_read_whole(content: str, folder: Path) -> None:
    # what comes last is no YAML, which nobody gets to
    (folder / "broken.yaml").write_text(f"extends: town\nyears:\n{content}\n\t}}")
    with pytest.raises(ScenarioError, match=r"^broken\.yaml:\d+: too large; at most 40 levels"):
        load_scenario("broken.yaml")


def test_parent_that_cannot_be_read__is_told_where_it_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "broken.yaml").write_text("years: 3\nextends: town\n")
    read_bytes = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "town.yaml":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(
        ScenarioError, match=r"^broken\.yaml:2: extends: .*town\.yaml: cannot be read"
    ) as caught:
        load_scenario("broken.yaml")
    assert "broken.yaml:2: extends: " in f"{caught.value:sv}"


def test_several_errors__all_at_once_in_order(folder: Path) -> None:
    (folder / "broken.yaml").write_text(
        "extends: town\nyaers: 5\nyears: ten\nsteps: [work, work]\nrules: {hosing: {}}\n"
        + PLAN
        + "      until: 2020\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario("broken.yaml")
    lines = [line.split(":")[1] for line in str(caught.value).splitlines()]
    assert lines == ["2", "3", "4", "5", "7", "9"]


@pytest.mark.parametrize("kind", ["missing", "folder", "unreadable_name", "missing_file", "file_elsewhere"])
def test_no_such_scenario__says_where_and_what_is_near(kind: str, folder: Path) -> None:
    (folder / "scenarios").mkdir()
    shutil.copy(TOWN, folder / "scenarios" / "town.yaml")
    name, words = {
        "missing": ("twon", 'did you mean "town"?'),
        "folder": ("./scenarios", "is a folder"),
        "unreadable_name": ("no\0where", "there is no scenario"),
        "missing_file": ("scenarios/twon.yaml", 'scenarios/twon.yaml); did you mean "town"?'),
        "file_elsewhere": ("malmo.yaml", 'malmo.yaml); did you mean "malmo"?'),
    }[kind]
    with pytest.raises(ScenarioError, match=r"no scenario|folder") as caught:
        load_scenario(name)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("yaers", 5, 'did you mean "years"?'),
        ("years", -1, "at least 0"),
        ("years.more", 5, "has no keys of its own"),
        ("city.figures.populaton", 5, 'did you mean "population"?'),
        ("policies.rent_cap.size", 5, 'has no "rent_cap"'),
        ("policies.tenure_in_detailed_plans.shares.cooperative", 0.8, "sum to 1.3"),
        ("policies.7.new_construction.x", 1, 'has no "7"'),
        ("", 5, "unknown key"),
    ],
)
def test_bad_override__same_messages(key: str, value: object, words: str, folder: Path) -> None:
    (folder / "policy.yaml").write_text(f"extends: town\n{PLAN}      shares: {{public_rental: 0.5}}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("policy.yaml", {key: value})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("preferences.housing.own_group", 2.0),
        ("preferences.housing.candidates", 5),
        ("rules.housing.construction.share_of_stock", 0.01),
        ("rules.schools.admission.municipal_priority", "lottery"),
    ],
)
def test_what_no_board_reads__is_refused_on_one(key, value):
    assert load_scenario(TOWN, {key: value})
    with pytest.raises(ScenarioError, match=rf"{re.escape(key)}: does nothing on a grid") as caught:
        load_scenario("schelling", {key: value})
    assert f"{key}: gör ingenting på ett bräde" in f"{caught.value:sv}"


ONE_AT_A_TIME = "preferences.housing.one_at_a_time"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (f"{ONE_AT_A_TIME}.candidates.distance", "Manhattan", 'did you mean "steps"?'),
        (f"{ONE_AT_A_TIME}.candidates.distance", "chebyshev", 'did you mean "king"?'),
        (f"{ONE_AT_A_TIME}.neighbourhood.shape", "taxicab", 'did you mean "von_neumann"?'),
        (f"{ONE_AT_A_TIME}.neighbourhood.shape", "queen", 'did you mean "moore"?'),
        (f"{ONE_AT_A_TIME}.distance", "king", f'"distance" belongs at {ONE_AT_A_TIME}.candidates.distance'),
        ("steps", None, "not demography, work, neighbourhood; write steps: [housing]"),
        ("steps", ["work"], "housing and schools only, not work; write steps: [housing]"),
        ("seed", 3, "seeds of runs are given beside the scenario: --seed 7"),
        ("seeds", 20, "of the first city alone is city.seed"),
    ],
)
def test_words_of_other_programs__are_answered_with_those_here(key, value, words, folder):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("schelling", {key: value})
    assert words in str(caught.value)
    assert f"{caught.value:sv}" != str(caught.value)


INHERITED = {
    # name: (city that is extended, what the file says, line of what it set, words of the message)
    "households": ("town", "city:\n  figures:\n    households: 5\n", 4, "6000 residents in 5 households"),
    "areas": ("town", "city:\n  figures:\n    areas: 3\n", 4, "more districts than areas"),
    "unemployed": (
        "town",
        "city:\n  figures:\n    work:\n      unemployed: 0.9\n",
        5,
        "labour force is larger",
    ),
    "p10": (
        "town",
        "city:\n  figures:\n    income:\n      p10_of_areas: 300\n",
        5,
        "must rise in this order",
    ),
    "shares": ("schelling", "city:\n  grid:\n    shares: {stars: 0.9}\n", 4, "shares must sum to 1"),
    "groups": ("schelling", "years: 5\ngroups: [{name: stars}]\n", 3, 'there is no group "zeros"'),
    "rule": (
        "schelling",
        "preferences:\n  housing:\n    one_at_a_time:\n      rule:\n        kind: logit\n",
        5,
        "go with rule threshold only",
    ),
}


@pytest.mark.parametrize("name", INHERITED)
def test_what_does_not_go_with_what_is_inherited__is_told_at_the_line_that_set_it(name, tmp_path):
    city, text, line, words = INHERITED[name]
    file = tmp_path / "child.yaml"
    file.write_text(f"extends: {city}\n{text}", "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    told = [one for one in str(caught.value).splitlines() if words in one]
    assert len(told) == 1
    assert told[0].startswith(f"{file}:{line}: ")


@pytest.mark.parametrize(
    ("scenario", "key", "value", "words"),
    [
        ("town", "city.figures.households", 5, "6000 residents in 5 households"),
        ("town", "city.figures.areas", 3, "more districts than areas"),
        ("town", "city.figures.income.p90_of_areas", 200, "must rise in this order"),
        ("schelling", "city.grid.shares.stars", 0.9, "shares must sum to 1"),
        ("schelling", "preferences.housing.one_at_a_time.rule.kind", "logit", "go with rule threshold only"),
    ],
)
def test_what_does_not_go_with_an_override__is_told_as_the_override(scenario, key, value, words):
    with pytest.raises(ScenarioError, match=words) as caught:
        load_scenario(scenario, overrides={key: value})
    told = next(one for one in str(caught.value).splitlines() if words in one)
    assert told.startswith(f'override "{key}": ')

"""A scenario file becomes a frozen Scenario: found, laid over what it extends, overridden, hashed."""

import pickle
import shutil
from pathlib import Path

import pytest

from segsim.city import City
from segsim.errors import ScenarioError
from segsim.rules import Preferences, Rules
from segsim.scenario import CityPlaces, Scenario, check_names, load_scenario, read_value

HERE = Path(__file__).parent
TOWN = HERE / "scenarios" / "town.yaml"

POLICY = """\
extends: town
label_en: Half rental
years: 4
preferences:
  housing:
    candidates: 10
policies:
  - tenure_in_detailed_plans:
      from: 2024
      areas: {types: [4, 5]}
      shares: {public_rental: 0.5}
  - new_construction: {dwellings_per_year: 5}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(TOWN, tmp_path / "town.yaml")
    (tmp_path / "policy.yaml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_child__says_only_what_differs(folder: Path) -> None:
    scenario, town = load_scenario("policy.yaml"), load_scenario("town.yaml")
    assert scenario.name == "policy"
    assert scenario.years == 4
    assert town.years == 3
    assert scenario.city == town.city
    assert scenario.preferences.housing.candidates == 10
    assert scenario.preferences.housing.own_group == town.preferences.housing.own_group
    assert [policy.kind for policy in scenario.policies] == ["tenure_in_detailed_plans", "new_construction"]


def test_baseline__is_the_parent_without_policies(folder: Path) -> None:
    baseline = load_scenario("policy.yaml").baseline()
    assert baseline.name == "town"
    assert baseline.policies == ()
    assert baseline.preferences == load_scenario("town.yaml").preferences
    assert baseline.baseline() is baseline


def test_baseline__runs_as_long_and_measures_the_same(folder: Path) -> None:
    (folder / "long.yaml").write_text("extends: town\nyears: 9\nmeasures: {levels: [area]}\n")
    baseline = load_scenario("long.yaml").baseline()
    assert baseline.years == 9
    assert baseline.measures.levels == ("area",)
    assert (
        baseline.content_hash
        == load_scenario("town.yaml", {"years": 9, "measures.levels": ["area"]}).content_hash
    )


def test_baseline_of_a_city_with_policies__drops_them(folder: Path) -> None:
    (folder / "alone.yaml").write_text(
        TOWN.read_text() + "policies:\n  - new_construction: {dwellings_per_year: 5}\n"
    )
    scenario = load_scenario("alone.yaml")
    assert scenario.baseline().policies == ()
    assert len(scenario.policies) == 1


def test_parents_words_and_policies__are_not_inherited(folder: Path) -> None:
    (folder / "town.yaml").write_text(
        TOWN.read_text() + "policies:\n  - new_construction: {dwellings_per_year: 5}\n"
    )
    (folder / "bare.yaml").write_text("extends: town\nyears: 1\n")
    scenario = load_scenario("bare.yaml")
    assert scenario.policies == ()
    assert scenario.summary == ""


def test_null__removes_what_is_inherited(folder: Path) -> None:
    (folder / "child.yaml").write_text(
        "extends: town\nyears: null\nrules:\n  housing: ~\ncity: {schooling: {grade_9_schools: null}}\n"
    )
    scenario = load_scenario("child.yaml")
    town = load_scenario("town.yaml")
    assert (town.years, town.city.schooling.grade_9_schools) == (3, 3)
    assert (scenario.years, scenario.city.schooling.grade_9_schools) == (10, None)
    assert scenario.rules == Rules()
    assert scenario.city.figures == town.city.figures


def test_null__makes_room_for_other_tastes(folder: Path) -> None:
    parent = load_scenario("paolillo_lorenz")
    old = dict.fromkeys(parent.preferences.housing.one_at_a_time.tastes, "null")
    tastes = ", ".join([*(f"{name}: null" for name in old), "everyone: {utility: {shape: linear}}"])
    (folder / "child.yaml").write_text(
        f"extends: paolillo_lorenz\npreferences: {{housing: {{one_at_a_time: {{tastes: {{{tastes}}}}}}}}}\n"
    )
    assert old
    assert list(load_scenario("child.yaml").preferences.housing.one_at_a_time.tastes) == ["everyone"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [("years", 10), ("city.schooling.grade_9_schools", None), ("preferences.housing.own_group", None)],
)
@pytest.mark.parametrize("written", [None, "null", "~"])
def test_null__as_an_override_is_segsims_own(
    key: str, expected: object, written: str | None, folder: Path
) -> None:
    value = None if written is None else read_value(written, "--set")
    (folder / "child.yaml").write_text("extends: town\npreferences: {housing: {own_group: 9.0}}\n")
    if key.startswith("preferences"):
        expected = Preferences().housing.own_group
    for scenario in (
        load_scenario("child.yaml", {key: value}),
        load_scenario("child.yaml").override({key: value}),
    ):
        found = scenario
        for step in key.split("."):
            found = getattr(found, step)
        assert found == expected


def test_null__in_a_list_is_a_value(folder: Path) -> None:
    (folder / "child.yaml").write_text(
        "extends: town\npolicies:\n  - newcomers_assignment: {first_year_moves: null, later_moves: null}\n"
    )
    assert load_scenario("child.yaml").policies[0].first_year_moves is None


def test_another_source_of_the_city__replaces_the_parents(folder: Path) -> None:
    (folder / "areas.csv").write_text("deso\n1\n")
    (folder / "real.yaml").write_text("extends: town\ncity: {areas: areas.csv}\n")
    city = load_scenario("real.yaml").city
    assert city.figures is None
    assert city.areas == (folder / "areas.csv").resolve()
    assert load_scenario("town.yaml", {"city.areas": "areas.csv"}).city.figures is None


def test_data_file__is_found_from_the_file_that_names_it(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "areas.csv").write_text("deso\n1\n")
    (folder / "real.yaml").write_text("city: {areas: areas.csv}\n")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    (elsewhere / "child.yaml").write_text(f"extends: {folder / 'real.yaml'}\n")
    assert load_scenario("child.yaml").city.areas == (folder / "areas.csv").resolve()


def test_ages_and_years_as_keys__are_numbers(folder: Path) -> None:
    (folder / "ages.yaml").write_text(
        "extends: town\npreferences: {demography: {leaving_home: {19: 0.5, 25: 0.2}}}\n"
    )
    scenario = load_scenario("ages.yaml")
    assert scenario.preferences.demography.leaving_home[19] == 0.5
    assert scenario.override({"years": 1}).preferences == scenario.preferences


def test_code_that_begins_with_0__is_a_text(folder: Path) -> None:
    (folder / "areas.csv").write_text("deso\n1\n")
    (folder / "real.yaml").write_text("city: {areas: areas.csv, municipality: 0181}\n")
    assert load_scenario("real.yaml").city.municipality == "0181"


def test_bare_name__is_looked_up_in_scenarios(folder: Path) -> None:
    (folder / "scenarios").mkdir()
    shutil.move(folder / "town.yaml", folder / "scenarios" / "town.yaml")
    shutil.move(folder / "policy.yaml", folder / "scenarios" / "policy.yaml")
    assert load_scenario("policy").baseline().name == "town"
    assert load_scenario("scenarios/policy").name == "policy"


def test_byte_order_mark_and_windows_line_ends__are_read(folder: Path) -> None:
    (folder / "windows.yaml").write_bytes(b"\xef\xbb\xbf" + POLICY.replace("\n", "\r\n").encode())
    assert load_scenario("windows.yaml").content_hash == load_scenario("policy.yaml").content_hash


def test_overrides__reach_any_value_and_the_baseline(folder: Path) -> None:
    overrides = {
        "years": 2,
        "preferences.housing.own_group": 1.5,
        "policies.tenure_in_detailed_plans.shares.public_rental": 0.25,
        "policies.1.new_construction.dwellings_per_year": 7,
        "policies.tenure_in_detailed_plans.areas.types": [1, 2],
    }
    scenario = load_scenario("policy.yaml", overrides)
    first, second = scenario.policies
    assert first.shares == {"public_rental": 0.25}
    assert first.areas.types == (1, 2)
    assert second.dwellings_per_year == 7
    assert scenario.baseline().years == 2
    assert scenario.baseline().preferences.housing.own_group == 1.5
    assert scenario.content_hash == load_scenario("policy.yaml").override(overrides).content_hash
    assert (
        scenario.baseline().content_hash
        == load_scenario("policy.yaml").override(overrides).baseline().content_hash
    )


def test_override__leaves_the_scenario_as_it_was(folder: Path) -> None:
    scenario = load_scenario("policy.yaml")
    before = scenario.content_hash
    scenario.override({"policies.new_construction.dwellings_per_year": 9, "years": 1})
    assert scenario.content_hash == before


def test_content_hash__changes_with_what_decides_results_only(folder: Path) -> None:
    scenario = load_scenario("policy.yaml")
    (folder / "other.yaml").write_text(POLICY.replace("Half rental", "Another title"))
    assert load_scenario("other.yaml").content_hash == scenario.content_hash
    hashes = {
        scenario.override({key: value}).content_hash
        for key, value in [
            ("years", 5),
            ("start", 2021),
            ("preferences.housing.staying", 1.0),
            ("policies.0.compliance", 0.5),
            ("steps", ["housing"]),
            ("measures.levels", ["area"]),
        ]
    }
    assert len(hashes | {scenario.content_hash}) == 7


def test_content_hash__follows_the_content_of_data_files(folder: Path) -> None:
    (folder / "areas.csv").write_text("deso\n1\n")
    (folder / "real.yaml").write_text("city: {areas: areas.csv}\n")
    scenario = load_scenario("real.yaml")
    before = scenario.content_hash
    shutil.copy(folder / "areas.csv", folder / "copy.csv")
    assert scenario.override({"city.areas": str(folder / "copy.csv")}).content_hash == before
    (folder / "areas.csv").write_text("deso\n2\n")
    assert scenario.content_hash != before


def test_scenario__survives_pickling_and_json(folder: Path) -> None:
    scenario = load_scenario("policy.yaml")
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy.content_hash == scenario.content_hash
    assert copy.baseline().name == "town"
    assert Scenario.model_validate_json(scenario.model_dump_json()).content_hash == scenario.content_hash


def test_scenario__is_frozen(folder: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_scenario("town.yaml").years = 5  # type: ignore[misc]


def test_where__is_the_line_of_a_value_or_of_what_holds_it(folder: Path) -> None:
    scenario = load_scenario("policy.yaml")
    assert scenario.where("years") == "policy.yaml:3"
    assert scenario.where("city", "figures", "population") == "town.yaml:7"
    assert scenario.where("policies", 0, "tenure_in_detailed_plans", "areas", "types", 1) == "policy.yaml:10"
    assert scenario.where("policies", 1, "new_construction", "until") == "policy.yaml:12"


def test_unknown_areas__are_named_with_their_lines(folder: Path) -> None:
    (folder / "named.yaml").write_text(
        "extends: town\npolicies:\n  - new_construction:\n      dwellings_per_year: 5\n"
        "      areas:\n        names:\n          - Hovsjö\n          - Ronna\n        districts: [Nord]\n"
    )
    with pytest.raises(ScenarioError) as caught:
        check_names(load_scenario("named.yaml"), CityPlaces(("Ronna-Bristol", "Hovsjö"), ("Norr", "Söder")))
    first, second = str(caught.value).splitlines()
    assert first.startswith('named.yaml:8: policies[0].new_construction.areas: there is no area "Ronna"')
    assert 'did you mean "Ronna-Bristol"?' in first
    assert second.startswith("named.yaml:9")
    assert 'did you mean "Norr"?' in second


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("0.5", 0.5),
        ("[4, 5]", (4, 5)),
        ("true", True),
        ("a b", "a b"),
        ("{a: 1}", {"a": 1}),
        ("~", None),
    ],
)
def test_value_on_the_command_line__is_read_as_yaml(text: str, value: object) -> None:
    assert read_value(text, "--set x") == value


TWO_OF_A_KIND = """\
extends: town
policies:
  - new_construction: {dwellings_per_year: 5, cost_msek: 1}
  - new_construction: {dwellings_per_year: 9, cost_msek: 2}
  - tenure_conversion: {share_per_year: 0.1, name: sell_out}
"""


def test_policies__are_called_by_their_kind_or_as_the_file_says(folder: Path) -> None:
    (folder / "two.yaml").write_text(TWO_OF_A_KIND)
    scenario = load_scenario("two.yaml")
    names = ["new_construction", "new_construction_2", "sell_out"]
    assert [policy.name for policy in scenario.policies] == names
    overrides = {"policies.sell_out.share_per_year": 0.2, "policies.1.dwellings_per_year": 7}
    for other in (load_scenario("two.yaml", overrides), scenario.override(overrides)):
        assert [policy.name for policy in other.policies] == names
        assert other.policies[2].share_per_year == 0.2
        assert other.policies[1].dwellings_per_year == 7


def test_policies_of_one_kind__cost_and_reach_apart(folder: Path) -> None:
    (folder / "two.yaml").write_text(TWO_OF_A_KIND)
    rows = City(load_scenario("two.yaml"), seed=1).run(1)
    cost = rows[rows["measure"] == "policy_cost"].set_index("grouping")["value"]
    assert cost.dropna().to_dict() == {"new_construction": 1.0, "new_construction_2": 2.0}
    assert set(cost.index) == {"new_construction", "new_construction_2", "sell_out"}


def test_content_hash__counts_a_name_only_if_it_is_not_the_usual_one(folder: Path) -> None:
    def content_hash(text: str) -> str:
        (folder / "x.yaml").write_text(text)
        return load_scenario("x.yaml").content_hash

    usual = content_hash(TWO_OF_A_KIND.replace(", name: sell_out", ""))
    assert content_hash(TWO_OF_A_KIND.replace("sell_out", "tenure_conversion")) == usual
    assert content_hash(TWO_OF_A_KIND) != usual

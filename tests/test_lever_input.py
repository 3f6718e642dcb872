"""Whatever is written wrong about a lever is refused where it stands, with what is wrong and what to do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from annotated_types import Ge, Gt, Le

from segsim.errors import ScenarioError
from segsim.policies import LEVERS, POLICIES, CityWide, Policy
from segsim.scenario import CityPlaces, Scenario, check_names, load_scenario
from segsim.scenario.policies.misplacement import find_misplaced
from test_contracts import TOWN
from test_policies import policy

BEFORE = "extends: town\npolicies:\n"


def write(folder: Path, text: str) -> Path:
    """Write a scenario beside the town it extends."""
    (folder / "town.yaml").write_text(TOWN.read_text("utf-8"), "utf-8")
    path = folder / "wrong.yaml"
    path.write_text(text, "utf-8")
    return path


def block(kind: str, settings: dict[str, Any]) -> str:
    """Write a policy as a scenario file does, each setting in a line of its own."""
    lines = "".join(f"      {key}: {value}\n" for key, value in settings.items())
    return f"  - {kind}:\n{lines}"


def refuse(path: Path) -> str:
    """Return what a scenario is refused with."""
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    return str(error.value)


def limits(lever: type[Policy]) -> Iterator[tuple[str, float]]:
    """Yield every number a lever of its own can be given, with one that is out of its range."""
    for name, field in lever.model_fields.items():
        kinds = get_args(field.annotation) or (field.annotation,)
        if name in Policy.model_fields or get_origin(field.annotation) in (dict, tuple):
            continue
        inside = [
            mark for kind in kinds for info in getattr(kind, "__metadata__", ()) for mark in marks(info)
        ]
        for mark in (*field.metadata, *inside):
            if isinstance(mark, Ge):
                yield name, float(str(mark.ge)) - 1
            elif isinstance(mark, Gt):
                yield name, float(str(mark.gt))
            elif isinstance(mark, Le):
                yield name, float(str(mark.le)) + 1


def marks(info: Any) -> list[Any]:
    """Return the limits of a number that may be left out."""
    return list(getattr(info, "metadata", ()))


def required(lever: type[Policy]) -> dict[str, Any]:
    """Return what a lever cannot be without, as its example has it."""
    return {
        name: lever.EXAMPLE[name]
        for name, f in lever.model_fields.items()
        if f.is_required() and name != "kind"
    }


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.KIND)
def test_every_number_out_of_range__is_refused_where_it_stands(lever: type[Policy], tmp_path: Path) -> None:
    for name, value in limits(lever):
        others = {key: given for key, given in required(lever).items() if key != name}
        written = {name: f"{value:g}" if value % 1 else int(value), **others}
        message = refuse(write(tmp_path, BEFORE + block(lever.KIND, written)))
        assert f"wrong.yaml:4: policies[0].{lever.KIND}.{name}: " in message
        assert "out of range; it must be" in message


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.KIND)
def test_area_that_does_not_exist__is_refused_where_it_stands(lever: type[Policy], tmp_path: Path) -> None:
    example = {key: value for key, value in lever.EXAMPLE.items() if key != "areas"}
    path = write(tmp_path, BEFORE + block(lever.KIND, {"areas": "[Norr, Söderrr]", **example}))
    if issubclass(lever, CityWide):
        assert "holds for the whole city; remove areas" in refuse(path)
        return
    with pytest.raises(ScenarioError) as error:
        check_names(load_scenario(path), CityPlaces(("Norr", "Söder"), ("Norr", "Söder")))
    text = f'wrong.yaml:4: policies[0].{lever.KIND}.areas: there is no area "Söderrr" in the city'
    assert f'{text}; did you mean "Söder"?' in str(error.value)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.KIND)
def test_budget_of_unknown_cost__is_refused_where_it_stands(lever: type[Policy], tmp_path: Path) -> None:
    # written first, so that it stands in line 4
    path = write(tmp_path, BEFORE + block(lever.KIND, {"budget_msek": 5, **lever.EXAMPLE}))
    settings = {**lever.EXAMPLE, "kind": lever.KIND}
    try:
        cost_is_known = lever.model_validate({**settings, "budget_msek": 5.0})
    except ValueError:
        message = refuse(path)
        assert "wrong.yaml:" in message
        assert "not known" in message or "never in part" in message
        assert "give " in message or "remove " in message
    else:
        assert cost_is_known.budget_msek == load_scenario(path).policies[0].budget_msek == 5.0


PAIRS: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "one_rule_two_ways": (
        "  - admission_rule: {transport_km: 2}\n  - school_transport:\n      transport_km: 5\n",
        5,
        (
            "sets schools.admission.transport_km to 5, and admission_rule sets it to 2",
            "wrong.yaml:3",
            "part their years",
        ),
    ),
    "one_kind_two_ways": (
        "  - rent_setting: {regime: presumption}\n"
        "  - rent_setting: {regime: presumption, presumption_ratio: 2.0, name: again}\n",
        4,
        ("housing.new_rent_ratio to 2", "to 1.66"),
    ),
    "refugees_own_housing_two_ways": (
        "  - newcomers_own_housing: {regime: accommodation_2025}\n"
        "  - newcomers_assignment:\n      assigned_share: 0.3\n",
        5,
        ("own_housing_share to 0.7, and newcomers_own_housing sets it to 0.05",),
    ),
    "independent_schools_in_two_places": (
        "  - independent_school_share: {opening_rate: 1, areas: {types: [1]}}\n"
        "  - independent_school_share:\n      opening_rate: 1\n      areas: {types: [2]}\n",
        6,
        ("opening_areas",),
    ),
    "school_closed_twice": (
        "  - school_closure: {schools: [North]}\n  - school_closure:\n      schools: [Hill, North]\n",
        5,
        ('"North" is closed by', "name it in one of them"),
    ),
    "pupils_to_a_closed_school": (
        "  - school_closure: {schools: [North]}\n"
        "  - school_closure:\n      schools: [Hill]\n      receivers: [North]\n",
        6,
        ('"North" receives pupils here, but', "closes it"),
    ),
    "closed_where_pupils_go": (
        "  - school_closure: {schools: [North], receivers: [Hill]}\n"
        "  - school_closure:\n      schools: [Hill]\n",
        5,
        ('"Hill" closes here, but receives pupils of',),
    ),
    "closed_and_receiving": (
        "  - school_closure:\n      schools: [North]\n      receivers: [North]\n",
        5,
        ('"North" closes, and cannot receive pupils',),
    ),
    "school_named_twice": (
        "  - school_closure:\n      schools: [North, North]\n",
        4,
        ('"North" is named twice',),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_policies_that_contradict_each_other__are_refused_with_line_and_remedy(
    name: str, tmp_path: Path
) -> None:
    text, line, words = PAIRS[name]
    message = refuse(write(tmp_path, BEFORE + text))
    assert f"wrong.yaml:{line}: policies[" in message
    for word in words:
        assert word in message


def test_policies_of_other_years_or_one_mind__do_not_contradict_each_other(tmp_path: Path) -> None:
    text = (
        "  - admission_rule: {transport_km: 2, until: 2024}\n"
        "  - school_transport: {transport_km: 5, from: 2025}\n"
        "  - newcomers_own_housing: {regime: restricted_2020}\n"
        "  - newcomers_assignment: {assigned_share: 0.55}\n"
    )
    assert len(load_scenario(write(tmp_path, BEFORE + text)).policies) == 4


def closing(folder: Path, *names: str) -> Scenario:
    return load_scenario(
        write(folder, BEFORE + f"  - school_closure:\n      schools: [{', '.join(names)}]\n")
    )


def test_school_that_does_not_exist_or_is_independent__is_refused_where_it_stands(tmp_path: Path) -> None:
    scenario = closing(tmp_path, "Nort", "South")
    with pytest.raises(ScenarioError) as error:
        check_names(scenario, CityPlaces(("A",), ("B",), schools=("North", "South"), independent=("South",)))
    first, second = str(error.value).splitlines()
    assert first.endswith('school_closure: there is no school "Nort" in the city; did you mean "North"?')
    assert second.endswith(
        '"South" is an independent school, which the council cannot close; name a municipal one'
    )
    assert "wrong.yaml:4: " in first
    assert "wrong.yaml:4: " in second


PLACES = CityPlaces(
    areas=("A1", "A2", "B1"),
    districts=("Norr", "Norr", "Söder"),
    municipalities=("0180", "0180", "0184"),
    schools=("North", "Hill", "East", "Free"),
    school_areas=(0, 1, 2, 0),
    independent=("Free",),
)
"""A region of three areas; two municipal schools and an independent one in the first municipality."""

PLAN = "{areas: %s, year: 2025, dwellings: 60, tenure_shares: {cooperative: 1.0}}"

MISPLACED: dict[str, tuple[str, int, str]] = {
    "plan_outside_the_policys_areas": (
        "  - named_plans:\n      areas: [A1]\n"
        f"      plans:\n        - {PLAN % '[A1]'}\n        - {PLAN % 'Norr'}\n",
        7,
        "plans[1].areas: lies in A2, where the policy does not act; add that to the areas of the policy",
    ),
    "plan_after_the_policys_years": (
        f"  - named_plans:\n      from: 2026\n      plans:\n        - {PLAN % '[A1]'}\n",
        6,
        "plans[0].year: 2025 is not among the years of the policy, 2026-",
    ),
    "plans_for_more_than_a_district_holds": (
        f"  - named_plans:\n      most_in_area: {{Norr: 100}}\n      plans:\n        - {PLAN % '[A1]'}\n"
        f"        - {PLAN % '[A2]'}\n",
        7,
        "with this plan those of Norr hold 120 dwellings, and it can hold 100",
    ),
    "school_outside_the_areas": (
        "  - school_closure:\n      areas: [Norr]\n      schools:\n        - North\n        - East\n",
        7,
        '"East" lies where the policy does not act; add its area to the areas',
    ),
    "receiver_the_council_does_not_run": (
        "  - school_closure:\n      schools: [North]\n      receivers: [Free]\n",
        5,
        '"Free" is an independent school, whose seats it decides itself; name a municipal one',
    ),
    "more_closures_than_schools": (
        "  - school_closure:\n      areas: [Norr]\n      schools: [North]\n      lowest_merit: 2\n",
        6,
        "lowest_merit: 2 schools, but it may close 1 municipal ones at most",
    ),
    "more_offices_than_areas": (
        "  - public_service_office:\n      areas: [Norr]\n      offices: 3\n",
        5,
        "offices: 3 offices, one in each area, but it acts in 2 at most; lower it, or give more areas",
    ),
    "more_schools_than_areas": (
        "  - new_school:\n      schools: 4\n",
        4,
        "schools: 4 schools, one in each area, but it acts in 3 at most",
    ),
    "areas_of_a_rule_for_the_whole_city": (
        "  - newcomers_own_housing:\n      areas: [A1]\n      regime: abolished\n",
        3,
        "abolished holds for the whole city, and areas are those listed under restricted_2020",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISPLACED)
def test_part_of_a_policy_that_would_be_left_out__is_refused(name: str, tmp_path: Path) -> None:
    text, line, words = MISPLACED[name]
    path = write(tmp_path, BEFORE + text)
    with pytest.raises(ScenarioError) as error:
        check_names(load_scenario(path), PLACES)
    assert f"wrong.yaml:{line}: policies[0]." in str(error.value)
    assert words in str(error.value)


def test_plan_in_another_municipality__is_noticed() -> None:
    plans = [{"areas": ["A1", "B1"], "year": 2025, "dwellings": 60, "tenure_shares": {"cooperative": 1.0}}]
    [(way, text)] = find_misplaced(
        policy("named_plans", plans=plans, areas={"municipalities": "0180"}), PLACES
    )
    assert way == ("plans", 0, "areas")
    assert text.en.startswith("lies in B1, ")
    assert text.sv.startswith("ligger i B1, ")


def test_parts_that_have_their_place__are_let_through(tmp_path: Path) -> None:
    """A plan without names goes where the policy acts; conditions are judged when it begins."""
    text = (
        f"  - named_plans:\n      areas: [Norr]\n      most_in_area: {{Söder: 10}}\n"
        f"      plans:\n        - {PLAN % '[A1, A2]'}\n        - {PLAN % 'all'}\n"
        "  - school_closure: {areas: [Norr], schools: [North], receivers: [East], lowest_merit: 1}\n"
        "  - public_service_office: {areas: {types: [1]}, offices: 3}\n"
    )
    check_names(load_scenario(write(tmp_path, BEFORE + text)), PLACES)


def test_every_lever__is_among_those_tested() -> None:
    assert list(POLICIES) == [lever.KIND for lever in LEVERS]

"""Each policy amends the rules as it says, where and when it says, and touches nothing else."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import TypeAdapter

from segsim.policies import (
    LEVERS,
    POLICIES,
    AnyPolicy,
    CellProfiles,
    CityProfile,
    CityWide,
    Policy,
    SchoolProfiles,
    Scope,
    amend_rules,
    default_names,
    name_policies,
    policies_in_force,
    start_years,
)
from segsim.policies.evidence import Decider, Grade
from segsim.policies.manual import policy_manual
from segsim.policies.policy import Reach
from segsim.rules import Rules
from segsim.section import Section
from segsim.words.words import Words

# Six areas, three districts, from greatest challenges to best conditions, 100 residents in all but the last.
CITY = CityProfile(
    year=2027,
    began=2027,
    areas=("A1", "A2", "B1", "B2", "C1", "C2"),
    districts=("Norr", "Norr", "Öster", "Öster", "Söder", "Söder"),
    types=np.array([1, 2, 3, 3, 4, 5]),
    index=np.array([3.0, 2.0, 1.0, 0.0, -1.0, -2.0]),
    residents=np.array([100, 100, 100, 100, 100, 500]),
    dwellings=np.array([50, 50, 50, 50, 50, 250]),
    shares={
        "owner_occupied": np.array([0.0, 0.1, 0.3, 0.4, 0.6, 0.9]),
        "public_rental": np.array([0.9, 0.8, 0.5, 0.4, 0.1, 0.0]),
    },
    x=np.arange(6) * 1000.0,
    y=np.zeros(6),
    ages=np.tile([0.5] * 20 + [0.0] * 81, (6, 1)),
    cells=CellProfiles(np.arange(6) * 1000.0, np.zeros(6), np.array([100, 100, 100, 100, 100, 500])),
    schools=SchoolProfiles(
        pupils=np.array([200, 100, 300, 400]),
        published_merit=np.array([180.0, 200.0, np.nan, 260.0]),
        ses=np.array([0.8, 0.6, 1.5, 2.2]),
        area=np.array([0, 1, 3, 5]),
        id=np.arange(4),
        provider=np.array([0, 0, 0, 1]),
        names=("North", "Hill", "East", "South"),
    ),
    people={
        "foreign_born_women_without_work": np.full((6, 4), 10.0),
        "preschool_children": np.tile([2.5, 2.25], (6, 4, 1)),
    },
)

RULES = Rules()


def policy(kind: str, **settings: Any) -> Policy:
    """Return a policy as a scenario file would give it."""
    made: Policy = TypeAdapter(AnyPolicy).validate_python({kind: settings})
    return made


def plan(**settings: Any) -> Policy:
    return policy("tenure_in_detailed_plans", **{"shares": {"public_rental": 0.5}, **settings})


def construction(**settings: Any) -> Policy:
    return policy("new_construction", **{"dwellings_per_year": 10.0, **settings})


@pytest.mark.parametrize(
    ("scope", "rows"),
    [
        ("all", [0, 1, 2, 3, 4, 5]),
        (("A1", "C2"), [0, 5]),
        (("A1", "Söder"), [0, 4, 5]),
        ({"districts": ("Norr",)}, [0, 1]),
        ({"types": (4, 5)}, [4, 5]),
        ({"share": {"of": "owner_occupied", "at_least": 0.3, "at_most": 0.6}}, [2, 3, 4]),
        ({"types": (3, 4), "districts": ("Öster",)}, [2, 3]),
        ({"weakest": 0.25}, [0, 1]),  # 100 and 200 of 1 000 residents; a third area would make 300
        ({"weakest": 0.01}, [0]),
        ({"strongest": 0.5}, [5]),
        ({"strongest": 0.65}, [4, 5]),
        ({"strongest": 1.0}, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_scope__chooses_the_areas_it_describes(scope: Any, rows: list[int]) -> None:
    assert Scope.model_validate(scope).rows(CITY).tolist() == rows


def test_scope__leaves_out_undefined_shares() -> None:
    empty = replace(CITY, shares={"owner_occupied": np.full(6, np.nan)})
    assert Scope(share={"of": "owner_occupied"}).rows(empty).size == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "years"),
    [
        ({}, [2023, 2024, 2025, 2026]),
        ({"from": 2025}, [2025, 2026]),
        ({"until": 2024}, [2023, 2024]),
        ({"from": 2024, "until": 2024}, [2024]),
        ({"from": 2000}, [2023, 2024, 2025, 2026]),
        ({"from": 2030}, []),
    ],
)
def test_policy__is_in_force_from_its_first_year_to_its_last(
    settings: dict[str, int], years: list[int]
) -> None:
    building = construction(**settings)
    assert [year for year in range(2023, 2027) if building.in_force(year)] == years


def test_place__is_that_of_the_year_the_policy_began() -> None:
    before = replace(CITY, types=np.array([4, 1, 1, 1, 1, 1]))
    plans = (
        construction(areas={"types": (4,)}),
        construction(areas={"types": (4,)}, **{"from": 2025}),
    )
    assert start_years(plans, 2023) == {2023, 2025}
    rules = amend_rules(plans, RULES, {2023: before, 2025: CITY}, 2026, 2023)
    assert [extra.areas for extra in rules.housing.extra_construction] == [(0,), (4,)]
    assert [
        profile.year for _, profile in policies_in_force(plans, {2023: before, 2025: CITY}, 2026, 2023)
    ] == [
        2026,
        2026,
    ]


def test_policies__act_in_the_order_of_the_file() -> None:
    plans = (policy("admission_rule", lottery_share=0.2), policy("admission_rule", lottery_share=0.4))
    assert amend_rules(plans, RULES, {2023: CITY}, 2023, 2023).schools.admission.lottery_share == 0.4


def test_plan__binds_new_dwellings_on_the_land_its_instrument_reaches() -> None:
    bound = plan(areas=("C1",)).amend(RULES, CITY).housing.plans[0]
    assert (bound.areas, bound.shares, bound.binding_share) == ((4,), {"public_rental": 0.5}, 1.0)
    on_own_land = plan(instrument="land_allocation", municipal_land_share=0.4, compliance=0.5)
    assert on_own_land.amend(RULES, CITY).housing.plans[0].binding_share == pytest.approx(0.2)


def test_plan__half_carried_out_builds_half_of_its_fewest_dwellings() -> None:
    half = plan(min_dwellings_per_year=20.0, compliance=0.5)
    assert half.amend(RULES, CITY).housing.plans[0].min_dwellings_per_year == 10.0


def test_plan__protects_what_was_built_under_it_after_it_has_ended() -> None:
    settings = {"from": 2025, "until": 2027, "permanence_years": 10}
    ending = plan(min_dwellings_per_year=20.0, **settings)
    assert [ending.in_force(year) for year in (2024, 2025, 2027, 2037, 2038)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    during = ending.amend(RULES, CITY).housing.plans[0]
    after = ending.amend(RULES, replace(CITY, year=2028)).housing.plans[0]
    assert (during.binding_share, during.min_dwellings_per_year) == (1.0, 20.0)
    assert (after.binding_share, after.min_dwellings_per_year) == (0.0, 0.0)
    assert (after.first_year, after.last_year, after.permanence_years) == (2025, 2027, 10)
    assert ending.cost(replace(CITY, year=2028)) == 0.0


def test_construction_and_conversion__carry_their_sizes() -> None:
    extra = construction(compliance=0.5, areas=("A1",)).amend(RULES, CITY)
    assert extra.housing.extra_construction[0].dwellings_per_year == 5.0
    converted = (
        policy("tenure_conversion", share_per_year=0.1, areas={"types": (1, 2)})
        .amend(RULES, CITY)
        .housing.conversions[0]
    )
    assert (converted.areas, converted.origin, converted.destination) == (
        (0, 1),
        "public_rental",
        "cooperative",
    )
    assert converted.share_per_year == 0.1


def test_admission_rule__changes_only_what_it_names() -> None:
    base = RULES.schools.admission
    new = policy("admission_rule", ses_quota=True).amend(RULES, CITY).schools.admission
    assert new == base.model_copy(update={"ses_quota": True})


def test_admission_rule__refuses_what_the_city_cannot_carry() -> None:
    quota = RULES.schools.admission.model_copy(update={"ses_quota": True})
    rules = RULES.model_copy(update={"schools": RULES.schools.model_copy(update={"admission": quota})})
    with pytest.raises(ValueError, match="keeps neither reserves nor quotas"):
        policy("admission_rule", mechanism="top_trading_cycles").check(rules)


def test_school_support__costs_what_the_neediest_schools_get() -> None:
    # Of the three schools with a merit value the two lowest get it: 200 pupils at 8 000 SEK, 100 at half.
    support = policy("low_performing_school_support", share_of_schools=0.67)
    assert support.cost(CITY) == pytest.approx((200 * 8000 + 100 * 4000) / 1e6)
    assert support.count_reached(CITY) == 300
    by_need = policy("low_performing_school_support", share_of_schools=0.25, criterion="need")
    assert by_need.count_reached(CITY) == 100  # the school whose pupils' parents have the least education
    assert policy("low_performing_school_support", cost_msek=3.0).cost(CITY) == 3.0


def test_cost__is_unknown_unless_given() -> None:
    assert np.isnan(construction().cost(CITY))
    assert construction(cost_msek=12.5).cost(CITY) == 12.5
    assert construction(areas=("A1",)).count_reached(CITY) == 100


def changed_sections(before: Section, after: Section) -> set[str]:
    """Return the names of the sections of rules that differ."""
    return {name for name in type(before).model_fields if getattr(before, name) != getattr(after, name)}


@pytest.mark.parametrize("kind", POLICIES)
def test_every_policy__is_documented_in_both_languages(kind: str) -> None:
    lever = POLICIES[kind]
    assert lever.__doc__
    assert lever.__module__.split(".")[-1] == kind
    assert lever.DECIDED_BY in get_args(Decider)
    assert lever.REACHES is None or lever.REACHES in get_args(Reach)
    assert lever.EVIDENCE.grade in get_args(Grade)
    assert lever.EVIDENCE.sources or lever.EVIDENCE.grade == "none"
    meanings = [lever.meaning(name) for name in lever.model_fields if name != "kind"]
    texts = (lever.TITLE, lever.MECHANISM, lever.EVIDENCE.effect, lever.COST, *lever.CHOICES.values())
    for text in (*texts, *meanings):
        assert text.en
        assert text.sv
        assert text.en != text.sv
    assert bool(lever.LEGAL.en) == bool(lever.LEGAL.sv)


@pytest.mark.parametrize("kind", POLICIES)
def test_every_policy__has_settings_that_are_written_out(kind: str) -> None:
    """So that the neutral and the acting policy are what their class says, not what a default makes them."""
    lever = POLICIES[kind]
    neutral, example = policy(kind, **lever.NEUTRAL), policy(kind, **lever.EXAMPLE)
    assert neutral != example
    assert (lever.COST == Policy.COST) == (not lever.knows_cost({}))


@pytest.mark.parametrize("kind", POLICIES)
def test_every_policy__amends_rules_purely(kind: str) -> None:
    before = RULES.model_dump()
    acting = policy(kind, **POLICIES[kind].EXAMPLE)
    once, again = acting.amend(RULES, CITY), acting.amend(RULES, CITY)
    assert once == again != RULES
    assert RULES.model_dump() == before
    assert len(changed_sections(RULES, once)) == 1


@pytest.mark.parametrize(
    "kind", [kind for kind, lever in POLICIES.items() if not issubclass(lever, CityWide)]
)
def test_every_policy__without_areas_changes_nothing(kind: str) -> None:
    nowhere = policy(kind, **POLICIES[kind].EXAMPLE, areas={"types": (5,), "districts": ("Norr",)})
    assert nowhere.amend(RULES, CITY) == RULES
    assert nowhere.count_reached(CITY) == 0


def test_policies_of_one_kind__have_names_of_their_own() -> None:
    unnamed = [construction(), policy("admission_rule"), construction(), construction()]
    names = [one.name for one in name_policies(unnamed)]
    assert names == ["new_construction", "admission_rule", "new_construction_2", "new_construction_3"]
    assert default_names(unnamed) == names


def test_name_that_is_given__stays_and_is_not_given_to_another() -> None:
    some = [construction(), construction(name="new_construction"), construction(name="hillside")]
    assert [one.name for one in name_policies(some)] == ["new_construction_2", "new_construction", "hillside"]


def test_table_of_contents__names_every_member_of_the_union() -> None:
    def members(schema: Any) -> Iterable[str]:
        return schema["discriminator"]["mapping"]

    assert set(members(TypeAdapter(AnyPolicy).json_schema())) == set(POLICIES)
    assert tuple(POLICIES.values()) == LEVERS


def test_manual__in_the_model_description_is_that_of_the_classes() -> None:
    text = (Path(__file__).parents[1] / "MODEL.md").read_text("utf-8")
    manual = text.split("<!-- segsim list policies --markdown -->\n")[1].split("\n<!-- end of the list -->")[
        0
    ]
    assert manual == policy_manual(Words("en")), "put what `segsim list policies --markdown` prints there"

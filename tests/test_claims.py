"""Claims are read, put to a city, and answered yes, no or not settled by a rule fixed beforehand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from segsim.comparison.claims import ClaimStudy, run_claims
from segsim.comparison.claims.answers import answer_claims, combine, judge
from segsim.comparison.claims.plan import plan_claims
from segsim.errors import ScenarioError
from segsim.policies.housing.new_construction import NewConstruction
from segsim.report import write_claims
from segsim.scenario import load_scenario
from segsim.scenario.experiment.claim import Claim
from segsim.scenario.experiment.claim_loading import claim_files, load_city, load_claim, load_claims
from segsim.scenario.experiment.variants import choose_policies, keep_decided_by
from segsim.words.text import LANGUAGES
from test_contracts import TOWN

HEAD = """\
claim_en: Conversion leaves fewer public rentals.
claim_sv: Ombildning lämnar färre allmännyttiga hyresrätter.
rests_on_en: What the policy is.
rests_on_sv: Vad åtgärden är.
scenarios:
  conversion: converted
tests:
"""
FEWER = """\
  - title_en: Public rentals
    title_sv: Allmännyttans bostäder
    measure: dwellings/tenure.public_rental
    contrast: {conversion: 1}
    expect: falls
    by: 5
"""
CONVERTED = "extends: town\nyears: 3\npolicies:\n  - tenure_conversion: {from: 2023, share_per_year: 0.2}\n"
NOTHING = "extends: town\nyears: 3\npolicies:\n  - tenure_conversion: {from: 2023, share_per_year: 0.0}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the test town and two scenarios of it."""
    (tmp_path / "town.yaml").write_text(TOWN.read_text("utf-8"), "utf-8")
    (tmp_path / "converted.yaml").write_text(CONVERTED, "utf-8")
    (tmp_path / "nothing.yaml").write_text(NOTHING, "utf-8")
    return tmp_path


def write(folder: Path, text: str, name: str = "claim") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return path


def put(folder: Path, *texts: str, seeds: int = 3) -> ClaimStudy:
    """Put claims to the test town."""
    files = [str(write(folder, text, f"claim_{i}")) for i, text in enumerate(texts)]
    return run_claims(str(folder / "town.yaml"), files, seeds, executor="serial", out=folder / "results")


# what an interval says

JUDGED: list[tuple[str, tuple[float, float], str]] = [
    ("rises", (1.0, 2.0), "yes"),
    ("rises", (0.5, 2.0), "not_settled"),
    ("rises", (-3.0, 0.9), "no"),
    ("falls", (-2.0, -1.0), "yes"),
    ("falls", (-0.9, 3.0), "no"),
    ("moves", (-2.0, -1.5), "yes"),
    ("moves", (1.5, 2.0), "yes"),
    ("moves", (-0.9, 0.9), "no"),
    ("moves", (-2.0, 2.0), "not_settled"),
    ("stays", (-0.9, 0.9), "yes"),
    ("stays", (1.0, 2.0), "no"),
    ("stays", (0.5, 2.0), "not_settled"),
    ("does_not_rise", (-9.0, 0.9), "yes"),
    ("does_not_rise", (1.0, 2.0), "no"),
    ("does_not_fall", (-0.9, 9.0), "yes"),
    ("does_not_fall", (-2.0, -1.0), "no"),
    ("does_not_fall", (-2.0, 0.0), "not_settled"),
    ("rises", (np.nan, np.nan), "not_settled"),
    ("stays", (np.nan, np.nan), "not_settled"),
]


@pytest.mark.parametrize(("expect", "interval", "answer"), JUDGED)
def test_judge__says_yes_or_no_only_where_the_whole_interval_does(
    expect: Any, interval: tuple[float, float], answer: str
) -> None:
    assert judge(interval, expect, 1.0) == answer


@pytest.mark.parametrize("expect", ["rises", "falls", "moves", "stays", "does_not_rise", "does_not_fall"])
def test_judge__never_says_yes_and_no_of_neighbouring_intervals_that_overlap(expect: Any) -> None:
    grid = np.linspace(-3, 3, 25)
    for low in grid:
        for high in grid[grid > low]:
            whole = judge((low, high), expect, 1.0)
            parts = {judge((low, middle), expect, 1.0) for middle in grid[(grid > low) & (grid < high)]}
            assert whole == "not_settled" or parts <= {whole}  # an interval within says no less


@pytest.mark.parametrize(
    ("answers", "needs", "answer"),
    [
        (["yes", "yes"], "all", "yes"),
        (["yes", "no"], "all", "no"),
        (["not_settled", "no"], "all", "no"),
        (["yes", "not_settled"], "all", "not_settled"),
        (["no", "no"], "any", "no"),
        (["no", "yes"], "any", "yes"),
        (["not_settled", "yes"], "any", "yes"),
        (["no", "not_settled"], "any", "not_settled"),
    ],
)
def test_combine__needs_all_or_any(answers: Sequence[str], needs: str, answer: str) -> None:
    assert combine(answers, needs) == answer


# what is computed from runs, on numbers made by hand

NUMBERS = {
    "town": [1.0, 2.0, 3.0],
    "one": [2.0, 3.0, 4.5],
    "other": [1.5, 2.0, 3.0],
    "both": [3.0, 4.0, 6.0],
}
"""The baseline and three scenarios by seed: the parts add 1, 1, 1.5 and .5, 0, 0; both 2, 2, 3."""


def made_runs(cost: float = 20.0) -> pd.DataFrame:
    """Return rows of runs with the numbers above in 2025 and nothing before."""
    lines = []
    for scenario, values in NUMBERS.items():
        for seed, value in enumerate(values, start=1):
            lines += [(scenario, seed, 2022, "D", "background", "area", "", 0.0)]
            lines += [(scenario, seed, 2025, "D", "background", "area", "", value)]
            if scenario != "town":
                lines += [(scenario, seed, 2025, "policy_cost", "x", "municipality", "", cost)]
    columns = ["scenario", "seed", "year", "measure", "grouping", "level", "unit", "value"]
    return pd.DataFrame(lines, columns=columns)


def answer_by_hand(folder: Path, test: str, **settings: Any) -> Any:
    """Return the judged test of a claim whose scenarios are one, other and both."""
    scenarios = "".join(f"  {name}: {name}\n" for name in ("one", "other", "both") if name in test)
    for i, name in enumerate(("one", "other", "both")):
        write(folder, CONVERTED.replace("0.2", f"0.{i + 1}"), name)
    head = HEAD.replace("  conversion: converted\n", scenarios)
    item = f"  - {{title_en: t, title_sv: t, measure: D, {test}}}\n"
    city = str(folder / "town.yaml")
    claim = load_claim(write(folder, head + item), city)
    plan = plan_claims(load_city(city), [claim])
    return answer_claims(plan, made_runs(**settings), (1, 2, 3))[0].tests[0]


def test_interaction__is_the_joint_effect_less_the_sum_of_the_parts_seed_by_seed(folder: Path) -> None:
    judged = answer_by_hand(folder, "contrast: {both: 1, one: -1, other: -1}, expect: moves, by: 0.1")
    assert judged.values.tolist() == [0.5, 1.0, 1.5]  # 2 - 1 - .5, 2 - 1 - 0, 3 - 1.5 - 0
    assert judged.estimate == 1.0


def test_contrast_of_nothing__is_the_change_of_the_baseline(folder: Path) -> None:
    text = HEAD.replace("scenarios:\n  conversion: converted\n", "")
    item = "  - {title_en: t, title_sv: t, measure: D, expect: does_not_rise, by: 0.1}\n"
    claim = load_claim(write(folder, text + item), str(folder / "town.yaml"))
    base = load_scenario(folder / "town.yaml").override({"years": 3})
    judged = answer_claims(plan_claims(base, [claim]), made_runs(), (1, 2, 3))[0].tests[0]
    assert judged.values.tolist() == [1.0, 2.0, 3.0]
    assert (judged.test.expect, judged.answer) == ("does_not_rise", "not_settled")


def test_per_msek__divides_each_scenario_by_its_own_cost(folder: Path) -> None:
    judged = answer_by_hand(folder, "contrast: {both: 1, one: -1}, per_msek: 10, expect: moves, by: 0.1")
    assert judged.values.tolist() == pytest.approx([0.5, 0.5, 0.75])  # (2 - 1, 2 - 1, 3 - 1.5) x 10 / 20


def test_per_msek__of_what_costs_nothing_is_not_settled(folder: Path) -> None:
    judged = answer_by_hand(folder, "contrast: {one: 1}, per_msek: 10, expect: stays, by: 9", cost=0.0)
    assert (judged.answer, judged.reason) == ("not_settled", "no_cost")


def test_intervals__widen_with_the_number_of_tests(folder: Path) -> None:
    city = str(folder / "town.yaml")
    claims = [load_claim(write(folder, HEAD + FEWER * n, f"of_{n}"), city) for n in (1, 4)]
    few = answer_claims(plan_claims(load_city(city), claims[:1]), rentals(), (1, 2, 3))
    many = answer_claims(plan_claims(load_city(city), claims[1:]), rentals(), (1, 2, 3))
    assert few[0].level == 0.95
    assert many[0].level == pytest.approx(1 - 0.05 / 4)
    assert few[0].tests[0].interval == few[0].tests[0].narrow
    low, high = many[0].tests[0].interval
    assert low < few[0].tests[0].interval[0] < few[0].tests[0].interval[1] < high


def rentals() -> pd.DataFrame:
    """Return rows of runs in which conversion takes 10, 20 and 30 rentals."""
    lines = [
        (name, seed, 2025, "dwellings", "tenure.public_rental", "municipality", "", value - 10 * seed * fall)
        for name, fall in (("town", 0), ("converted", 1))
        for seed, value in ((1, 100.0), (2, 120.0), (3, 90.0))
    ]
    return pd.DataFrame(
        lines, columns=["scenario", "seed", "year", "measure", "grouping", "level", "unit", "value"]
    )


# put to a town


def test_claim_true_by_construction__is_answered_yes(folder: Path) -> None:
    answer = put(folder, HEAD + FEWER).answers[0]
    assert answer.answer == "yes"
    assert answer.tests[0].interval[1] < -5


def test_claim_against_construction__is_answered_no(folder: Path) -> None:
    assert put(folder, HEAD + FEWER.replace("falls", "rises")).answers[0].answer == "no"


def test_policy_that_does_nothing__is_answered_no_and_the_reason_told(folder: Path) -> None:
    answer = put(folder, HEAD.replace("converted", "nothing") + FEWER).answers[0]
    assert (answer.answer, answer.tests[0].reason) == ("no", "identical")


def test_one_seed__is_never_an_answer(folder: Path) -> None:
    answer = put(folder, HEAD + FEWER, seeds=1).answers[0]
    assert (answer.answer, answer.tests[0].reason) == ("not_settled", "one_run")


def test_claims__share_their_runs_and_the_order_of_claims_changes_no_answer(folder: Path) -> None:
    second = HEAD + FEWER.replace("falls", "stays")
    study = put(folder, HEAD + FEWER, second, HEAD.replace("converted", "nothing") + FEWER)
    assert [point.name for point in study.runs.plan.points] == ["town", "converted", "nothing"]
    assert [answer.answer for answer in study.answers] == ["yes", "no", "no"]
    assert len(list((folder / "results" / "runs").rglob("*.parquet"))) == 9
    again = put(folder, HEAD + FEWER, second, HEAD.replace("converted", "nothing") + FEWER)
    assert [a.tests[0].values.tolist() for a in again.answers] == [
        a.tests[0].values.tolist() for a in study.answers
    ]


def test_stored_runs__are_found_again(folder: Path) -> None:
    files = [str(write(folder, HEAD + FEWER))]
    reused = []
    for _ in range(2):
        run_claims(
            str(folder / "town.yaml"),
            files,
            2,
            executor="serial",
            out=folder / "results",
            progress=lambda progress: reused.append(progress.reused),
        )
    assert reused[0] == 0
    assert reused[-1] == 4


def test_people_and_place__are_those_of_the_scenario_named(folder: Path) -> None:
    write(folder, CONVERTED.replace("0.2", "0.2, areas: {weakest: 0.2}"), "converted")
    item = FEWER.replace("dwellings/tenure.public_rental", "people/employed\n    place: conversion")
    study = put(folder, HEAD + FEWER + item.replace("falls\n    by: 5", "shown"), seeds=2)
    judged = study.answers[0].tests[1]
    assert (judged.series.measure, judged.series.unit) == ("people", "converted")
    assert np.isfinite(judged.values).all()


def test_tables__hold_every_test_and_what_programs_need(folder: Path) -> None:
    put(folder, HEAD + FEWER)
    table = pd.read_csv(folder / "results" / "claims.csv")
    assert table.loc[0, ["claim", "claim_answer", "expect", "by", "answer"]].tolist() == [
        "claim_0", "yes", "falls", 5.0, "yes",
    ]  # fmt: skip
    about = json.loads((folder / "results" / "claims.json").read_text("utf-8"))
    assert about["claims"][0]["answer"] == "yes"
    assert about["claims"][0]["tests"][0]["upper"] == pytest.approx(table.loc[0, "upper"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_page__tells_answer_numbers_and_what_it_rests_on(folder: Path, language: Any) -> None:
    study = put(folder, HEAD + FEWER, HEAD.replace("converted", "nothing") + FEWER)
    page = write_claims(study, folder / "results", language).read_text("utf-8")
    claim = study.claims[0]
    for text in (claim.text("claim", language), claim.text("rests_on", language)):
        assert text in page
    for word in {"en": (">Yes<", ">No<", "do not differ at all"), "sv": (">Ja<", ">Nej<", "inte alls")}[
        language
    ]:
        assert word in page
    assert (folder / "results" / "figures" / "claim_claim_0.svg").exists()
    assert "http" not in page.replace("http://www.w3.org", "").replace("https://www.w3.org", "")


# the claims that come with segsim

SHIPPED = sorted(claim_files())


def test_shipped_claims__are_those_of_the_sources() -> None:
    assert {
        "short_projects", "whole_city", "together", "school_strongest", "strong_areas", "municipality_alone",
        "differences_stop_growing", "same_goals",
    } <= set(SHIPPED)  # fmt: skip


@pytest.fixture(scope="module", params=["sodertalje", "landskrona"])
def shipped(request: pytest.FixtureRequest) -> tuple[str, list[Claim]]:
    """Return a city and the shipped claims put to it."""
    return request.param, load_claims(list(claim_files().values()), request.param)


def test_shipped_claims__can_be_put_to_any_city(shipped: tuple[str, list[Claim]]) -> None:
    city, claims = shipped
    plan = plan_claims(load_city(city), claims)
    names = [scenario.name for scenario in plan.scenarios]
    assert len(set(names)) == len(names)
    assert all(scenario.city == plan.baseline.city for scenario in plan.scenarios)
    assert all(scenario.baseline().content_hash == plan.baseline.content_hash for scenario in plan.scenarios)


def test_claims__are_put_to_a_city_that_grows_unless_its_file_says_otherwise(folder: Path) -> None:
    grown = load_city(str(folder / "town.yaml"))
    assert grown.preferences.demography.population_follows == "housing"
    assert grown.rules.housing.construction.share_of_stock == 0.0055
    for said in ("population_follows: start", "growth: 0.01"):
        write(folder, TOWN.read_text("utf-8") + f"\npreferences: {{demography: {{{said}}}}}\n", "own")
        assert load_city(str(folder / "own.yaml")) == load_scenario(folder / "own.yaml")


def test_shipped_claims__of_new_homes_build_as_many_as_the_baseline(shipped: tuple[str, list[Claim]]) -> None:
    """Else they would compare a city that grows with one that does not, and not where homes stand."""
    for claim in shipped[1]:
        for scenario in claim.alternatives.values():
            building = [policy for policy in scenario.policies if isinstance(policy, NewConstruction)]
            assert all(policy.replaces_ordinary for policy in building)
            ordinary = scenario.rules.housing.construction.share_of_stock
            assert ordinary is not None
            assert sum(policy.share_of_stock or 0.0 for policy in building) <= ordinary


def test_shipped_interaction__compares_the_very_policies_that_act_together(
    shipped: tuple[str, list[Claim]],
) -> None:
    claim = next(claim for claim in shipped[1] if claim.name == "together")
    parts = [claim.alternatives[key].policies for key in ("housing", "school", "work")]
    together = claim.alternatives["together"].policies
    assert sorted(p.name for part in parts for p in part) == sorted(p.name for p in together)
    assert all(policy in together for part in parts for policy in part)


def test_shipped_claims__say_everything_in_both_languages(shipped: tuple[str, list[Claim]]) -> None:
    for claim in shipped[1]:
        for field in ("claim", "source", "rests_on"):
            texts = [claim.text(field, language) for language in LANGUAGES]
            assert all(texts)
            assert texts[0] != texts[1]
        for test in claim.tests:
            assert test.title_en != test.title_sv


# a scenario over another city, and parts of a scenario


def test_scenario__is_laid_over_another_city_and_its_years_move_with_the_start(folder: Path) -> None:
    write(folder, TOWN.read_text("utf-8").replace("start: 2022", "start: 2030"), "later_town")
    converted = load_scenario(folder / "converted.yaml", city=folder / "later_town.yaml")
    assert converted.start == 2030
    assert [policy.since for policy in converted.policies] == [2031]
    programme = load_scenario("reform_programme", city=folder / "later_town.yaml").programme
    assert programme is not None
    assert (programme.since, programme.until) == (2031, 2039)
    assert programme.msek == {2031: 110.0, 2032: 156.7, 2033: 203.3, 2034: 250.0}


def test_scenario__is_not_laid_over_one_with_policies(folder: Path) -> None:
    with pytest.raises(ScenarioError, match="laid over a city as it is"):
        load_scenario(folder / "converted.yaml", city=folder / "nothing.yaml")


def test_part__keeps_the_purse_only_if_it_pays_for_something() -> None:
    programme = load_scenario("reform_programme")
    work = choose_policies(programme, ["employment_foreign_born_women"], [])
    assert work.programme is not None
    assert [policy.name for policy in work.policies] == ["employment_foreign_born_women"]
    free = choose_policies(programme, ["reentry_groups"], [])
    assert free.programme is None
    assert free.policies[0].programme == ""
    rest = choose_policies(programme, [], ["reentry_groups"])
    assert len(rest.policies) == len(programme.policies) - 1


def test_decided_by__keeps_what_one_body_can_do_within_todays_law() -> None:
    scenario = load_scenario("municipality_and_state")
    own = keep_decided_by(scenario, "municipality")
    assert [policy.name for policy in own.policies] == [
        "rentals_in_strong_areas", "land_allocation", "newcomers_assignment", "preschool_support",
    ]  # fmt: skip
    with pytest.raises(ScenarioError, match='no policy that "region" decides'):
        keep_decided_by(scenario, "region")


# what is refused

CITY = "town.yaml"
BROKEN: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "typo": (HEAD + FEWER.replace("expect", "expects"), 12, ('unknown key "expects"', '"expect"')),
    "no_tests": (HEAD.replace("tests:\n", "tests: []\n"), 7, ("there is no test",)),
    "no_sentence": (FEWER.join(["tests:\n", ""]), 1, ("claim_en", "must be given")),
    "unknown_scenario": (
        HEAD + FEWER.replace("conversion:", "convertion:"),
        11,
        ('"convertion"', '"conversion"?'),
    ),
    "unused_scenario": (
        HEAD.replace("scenarios:\n", "scenarios:\n  other: nothing\n") + FEWER,
        6,
        ("no test asks for it",),
    ),
    "missing_file": (HEAD.replace("converted", "convert") + FEWER, 6, ('no scenario "convert"', "converted")),
    "no_smallest_effect": (HEAD + FEWER.replace("    by: 5\n", ""), 8, ("smallest effect", "expect: shown")),
    "effect_below_zero": (HEAD + FEWER.replace("by: 5", "by: -5"), 13, ("by", "more than 0")),
    "unknown_expectation": (HEAD + FEWER.replace("falls", "fals"), 12, ('"fals"', '"falls"')),
    "nothing_decides": (HEAD + FEWER.replace("falls\n    by: 5", "shown"), 7, ("no test decides",)),
    "weight_zero": (HEAD + FEWER.replace("{conversion: 1}", "{conversion: 0}"), 11, ("weight 0",)),
    "years_backwards": (HEAD + FEWER + "    years: [3, 1]\n", 14, ("3 to 1", "first and last")),
    "place_without_place": (
        HEAD + FEWER.replace("dwellings/tenure.public_rental", "people/employed"),
        10,
        ("give `place`",),
    ),
    "place_of_the_city": (HEAD + FEWER + "    place: conversion\n", 10, ("the whole city", "remove `place`")),
    "whole_city_place": (
        HEAD + FEWER.replace("dwellings/tenure.public_rental", "people/employed") + "    place: conversion\n",
        14,
        ("acts in the whole city",),
    ),
    "unknown_policy": (
        HEAD.replace("converted", "{scenario: converted, only: [tenure_conversions]}") + FEWER,
        6,
        ('no policy "tenure_conversions"', '"tenure_conversion"'),
    ),
    "nobody_decides": (
        HEAD.replace("converted", "{scenario: converted, decided_by: region}") + FEWER,
        6,
        ('"region"', "landlord"),
    ),
    "name": (f"name: x\n{HEAD}{FEWER}", 1, ("named by its file",)),
    "cost_of_the_baseline": (
        HEAD.replace("scenarios:\n  conversion: converted\n", "")
        + FEWER.replace("    contrast: {conversion: 1}\n", "    per_msek: 1\n"),
        6,
        ("costs nothing",),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_claim__names_file_line_and_remedy(folder: Path, name: str) -> None:
    text, line, words = BROKEN[name]
    with pytest.raises(ScenarioError) as refused:
        load_claim(write(folder, text, name), str(folder / CITY))
    message = str(refused.value)
    assert f"{name}.yaml:{line}: " in message
    for word in words:
        assert word in message


def test_all_broken_claims__are_told_at_once(folder: Path) -> None:
    paths = [write(folder, BROKEN[name][0], name) for name in ("typo", "weight_zero")]
    with pytest.raises(ScenarioError) as refused:
        load_claims(paths, str(folder / CITY))
    assert "typo.yaml:12" in str(refused.value)
    assert "weight_zero.yaml:11" in str(refused.value)


@pytest.mark.parametrize("city", ["converted.yaml", "schelling"])
def test_city_with_policies_and_board__are_refused(folder: Path, city: str) -> None:
    with pytest.raises(ScenarioError, match="claims are put to a city"):
        load_city(str(folder / city) if city.endswith("yaml") else city)


def test_quantity_nothing_measures__is_refused_at_the_first_run(folder: Path) -> None:
    text = HEAD + FEWER.replace("dwellings/tenure.public_rental", "dwellings/tenure.rental")
    with pytest.raises(ScenarioError, match=r"claim_0.yaml:10: tests\[0\].measure: nothing called"):
        put(folder, text)


def test_years_that_are_not_run__are_refused_before_anything_is(folder: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"claim_0.yaml:14: tests\[0\].years: begin 4 years after the start, but 3 are"
    ):
        put(folder, HEAD + FEWER + "    years: [4, 5]\n")

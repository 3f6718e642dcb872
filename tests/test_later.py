"""A scenario goes on from a year under other rules and preferences: a branch of the city as it has become."""

from pathlib import Path

import pandas as pd
import pytest

from segsim import load_scenario
from segsim.cli.checking import check_scenario
from segsim.cli.options import Language
from segsim.errors import ScenarioError
from segsim.runs import run
from segsim.scenario import Scenario
from segsim.simulation import start_simulation

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
OWN = "preferences.housing.own_group"


def rows(scenario, years=4):
    return run(scenario, [3], years, executor="serial").frame().drop(columns="scenario")


def write(tmp_path, text, name="branch.yaml"):
    path = tmp_path / name
    path.write_text(f"extends: {TOWN}\n{text}")
    return path


LATER = "later:\n  - from: 2025\n    preferences: {housing: {own_group: 9.0}}\n"


def test_branch__is_the_city_until_its_year_and_then_another(tmp_path):
    scenario = load_scenario(write(tmp_path, LATER))
    branch, plain = rows(scenario), rows(scenario.baseline())
    before = plain["year"] < 2025
    pd.testing.assert_frame_equal(branch[branch["year"] < 2025], plain[before])
    assert not branch[branch["year"] == 2025]["value"].equals(plain[plain["year"] == 2025]["value"])


def test_branch__from_the_first_year_is_the_scenario_with_that_preference(tmp_path):
    later = load_scenario(write(tmp_path, LATER.replace("2025", "2023")))
    now = load_scenario(TOWN, {OWN: 9.0})
    mine, other = rows(later), rows(now)
    pd.testing.assert_frame_equal(mine, other)


def test_branch__that_changes_nothing_is_the_city(tmp_path):
    own = load_scenario(TOWN).preferences.housing.own_group
    scenario = load_scenario(write(tmp_path, LATER.replace("9.0", str(own))))
    pd.testing.assert_frame_equal(rows(scenario), rows(load_scenario(TOWN)))


def test_branch__of_rules_and_twice(tmp_path):
    text = (
        "later:\n  - {from: 2023, rules: {housing: {construction: {share_of_stock: 0.0}}}}\n"
        "  - {from: 2024, preferences: {housing: {own_group: 0.0}}}\n"
    )
    stages = load_scenario(write(tmp_path, text)).list_stages()
    assert [year for year, _ in stages] == [2023, 2024]
    assert stages[1][1].rules.housing.construction.share_of_stock == 0.0
    assert stages[1][1].preferences.housing.own_group == 0.0


def test_branch__of_a_simulation_goes_on_from_where_it_is():
    simulation = start_simulation(load_scenario(TOWN), 3)
    for _ in range(2):
        simulation.step()
    branch = simulation.branch({OWN: 9.0})
    for _ in range(2):
        simulation.step()
        branch.step()
    for mine, recipe in ((simulation, load_scenario(TOWN)), (branch, branch.recipe)):
        wanted = rows(recipe).drop(columns="seed")
        pd.testing.assert_frame_equal(mine.rows(), wanted, check_dtype=False, check_exact=True)
    assert not branch.rows()["value"].equals(simulation.rows()["value"])
    again = Scenario.model_validate_json(branch.recipe.model_dump_json())
    assert again.content_hash == branch.recipe.content_hash != simulation.recipe.content_hash


def test_branch__of_a_board():
    """Nobody moves for three steps, because everybody is satisfied with anything; then half is wanted."""
    wanted = {"preferences": {"housing": {"one_at_a_time": {"utility": {"threshold": 0.5}}}}}
    scenario = load_scenario(
        "schelling",
        {
            "preferences.housing.one_at_a_time.utility.threshold": 0.0,
            "preferences.housing.one_at_a_time.stop": "never",
            "preferences.housing.one_at_a_time.measure_every": 1,
            "later": ({"from": 4, **wanted},),
        },
    )
    frame = run(scenario, [1], 8, executor="serial").frame()
    share = frame[(frame["measure"] == "like_neighbours") & (frame["grouping"] == "origin")]["value"].tolist()
    assert share[0] == share[3] < 0.6 < share[-1]


def test_branch__of_a_board_that_is_measured_more_often():
    every = "preferences.housing.one_at_a_time.measure_every"
    wanted = {"preferences": {"housing": {"one_at_a_time": {"measure_every": 1}}}}
    settings = {
        every: 4,
        "preferences.housing.one_at_a_time.stop": "never",
        "later": ({"from": 5, **wanted},),
    }
    frame = run(load_scenario("schelling", settings), [1], 7, executor="serial").frame()
    assert sorted(frame["year"].unique()) == [0, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LATER.replace("own_group", "own_groop"), r"branch.yaml:3: later\[0\]: .*own_groop.*own_group"),
        (LATER.replace("9.0", "many"), r"branch.yaml:3: later\[0\]: .*number"),
        (LATER.replace("2025", "2022"), r"branch.yaml:3: later\[0\]\.from: must come after the start"),
        (LATER + LATER.split("\n", 1)[1], "must come after the change before"),
        (
            LATER.replace("preferences:", "policies:"),
            r'branch.yaml:4: later\[0\]: unknown key "policies"; allowed here',
        ),
        (LATER.replace("    preferences", "    rules"), r"later\[0\]: .*own_group"),
    ],
)
def test_a_branch_that_cannot_be__is_refused_with_its_line(tmp_path, text, says):
    with pytest.raises(ScenarioError, match=says):
        load_scenario(write(tmp_path, text))


def test_a_branch_after_the_last_year__is_noted(tmp_path):
    path = write(tmp_path, LATER.replace("2025", "2026"))
    assert "later[0] is from 2026, after the last year, 2025; it does nothing" in check_scenario(
        str(path), None
    )
    said = check_scenario(str(path), None, Language.sv)
    assert "later[0] gäller från 2026, efter det sista året, 2025; det gör ingenting" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("later:\n  - from: 2025\n", "later[0] has neither rules nor preferences; it changes nothing"),
        ("later:\n  - {from: 2024, rules: {}}\n", "later[0] has neither"),
        (LATER + "  - from: 2026\n    preferences: {housing: {}}\n", "later[1] has neither"),
        ("steps: []\n", "steps is empty: nothing happens in the years"),
    ],
)
def test_what_changes_nothing__is_noted(tmp_path, text, said):
    assert said in check_scenario(str(write(tmp_path, text)), None)


def test_a_branch_of_what_has_years_of_its_own__is_refused():
    simulation = start_simulation(load_scenario(TOWN), 1)
    with pytest.raises(ScenarioError, match="policies have their years"):
        simulation.branch({"policies": ()})

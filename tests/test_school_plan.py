"""School plans by year: what each line does in a town made by hand, and lines that cannot be, refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segsim.city import City
from segsim.errors import ScenarioError
from segsim.policies.schools.school_plan import SchoolPlan, identify_planned
from segsim.rules.school_plans import SchoolChange
from segsim.scenario import Scenario, check_names, load_scenario
from segsim.steps.schools import school_year
from segsim.tables import NONE, Provider
from test_contracts import TOWN
from test_lever_input import BEFORE, PLACES, refuse, write
from test_levers_schools import begin, count_at, row_of
from test_policies import CITY, RULES, policy
from tests.school_town import run_years, town_moment

EAST = 3
"""The area of cells 30 to 39."""


def live_one_year(*changes: dict[str, Any], **rules: Any) -> Any:
    """Return the town a school year later, with some changes in its summer."""
    state = begin(changes=tuple(SchoolChange(**one) for one in changes), **rules)
    return run_years(state, school_year.step, 1)


def test_opening__puts_the_school_where_most_children_of_its_areas_live() -> None:
    new = {"school": 5, "change": "open", "areas": (EAST,), "provider": "independent"}
    state = live_one_year({**new, "first_grade": 7, "last_grade": 9, "seats": 30})
    schools, row = state.tables.schools, row_of(state, 5)
    assert 30 <= schools.cell[row] < 40
    assert (schools.provider[row], schools.first_grade[row], schools.last_grade[row]) == (
        Provider.INDEPENDENT,
        7,
        9,
    )
    assert schools.capacity[row] >= 30
    assert state.flows["schools.opened"] == 1
    pupils = state.tables.persons.school == row
    grade = state.year - state.tables.persons.birth_year[pupils] - 6
    assert set(grade.tolist()) <= {7, 8, 9}


def test_closure__of_an_independent_school_leaves_no_pupil_without_one() -> None:
    before = begin()
    pupils = before.tables.persons.school == row_of(before, 80)
    young = before.year + 1 - before.tables.persons.birth_year <= 15
    state = live_one_year({"school": 80, "change": "close"})
    assert 80 not in state.tables.schools.id
    assert state.flows["schools.displaced"] == (pupils & young).sum() > 0
    assert (state.tables.persons.school[pupils & young] != NONE).all()


def test_closure__takes_no_grade_from_the_municipality() -> None:
    """Six municipal schools teach grade 0, and one more 7 to 9; five of the six may close."""
    state = live_one_year(*({"school": key, "change": "close"} for key in (10, 20, 30, 40, 50, 60)))
    assert sorted(key for key in state.tables.schools.id.tolist() if key != NONE) == [60, 70, 80]
    assert state.flows["schools.kept_open"] == 1


def test_move__takes_the_school_and_its_pupils_along() -> None:
    """School 10 stands in cell 13; in cell 30 to 39 others are nearest, and its pupils stay but few."""
    stays, moved = live_one_year(), live_one_year({"school": 10, "change": "move", "areas": (EAST,)})
    assert stays.tables.schools.cell[row_of(stays, 10)] == 13
    assert 30 <= moved.tables.schools.cell[row_of(moved, 10)] < 40
    assert moved.flows["schools.closed"] == moved.flows["schools.opened"] == 0
    assert count_at(moved, 10) > 0.7 * count_at(stays, 10)
    newest = moved.tables.persons.birth_year == moved.year - 6
    east = moved.tables.cells.area[moved.tables.dwellings.cell[moved.tables.households.home]] == EAST
    begins_east = newest & east[moved.tables.persons.household]
    assert (moved.tables.persons.school[begins_east] == row_of(moved, 10)).sum() > (
        stays.tables.persons.school[begins_east] == row_of(stays, 10)
    ).sum()


def test_seats__hold_from_their_year_on_but_nobody_is_sent_home() -> None:
    more = live_one_year({"school": 30, "change": "resize", "seats": 90})
    fewer = live_one_year({"school": 30, "change": "resize", "seats": 1})
    assert more.tables.schools.capacity[row_of(more, 30)] == 90
    row, persons = row_of(fewer, 30), fewer.tables.persons
    grade = fewer.year - persons.birth_year[persons.school == row] - 6
    # grade 0 gets the one seat; the largest class that goes on sets the seats
    assert (grade == 0).sum() <= 1
    assert fewer.tables.schools.capacity[row] == np.bincount(grade).max() > 1
    run_years(more, school_year.step, 1)
    assert more.tables.schools.capacity[row_of(more, 30)] == 90


def test_school__takes_the_place_of_one_that_closes_the_same_summer() -> None:
    """All seven municipal schools may close, since the new one teaches every grade."""
    new = {"school": 5, "change": "open", "areas": (0, 1), "first_grade": 0, "last_grade": 9, "seats": 99}
    closed = ({"school": key, "change": "close"} for key in (10, 20, 30, 40, 50, 60, 70))
    state = live_one_year(new, *closed)
    assert sorted(key for key in state.tables.schools.id.tolist() if key != NONE) == [5, 80]
    assert state.flows["schools.kept_open"] == 0


def test_line_for_a_school_that_is_gone__does_nothing() -> None:
    nothing, gone = (
        live_one_year(),
        live_one_year({"school": 99, "change": "close"}, {"school": 98, "change": "resize", "seats": 3}),
    )
    assert (nothing.tables.persons.school == gone.tables.persons.school).all()
    happened = [{name: n for name, n in state.flows.items() if n} for state in (nothing, gone)]
    assert happened[0] == happened[1]


def test_smallest_municipal_school__closes_when_it_has_fewer_pupils() -> None:
    before = begin()
    pupils = {key: count_at(before, key) for key in (10, 20, 30, 40, 50, 60, 70)}
    smallest = min(pupils, key=lambda key: pupils[key])
    for fewest, closed in ((pupils[smallest], set()), (pupils[smallest] + 1, {smallest})):
        # the pupils of the last grade have left by the summer; all others count
        state = begin(smallest_municipal=fewest)
        persons = state.tables.persons
        persons.birth_year[(persons.school != NONE) & (state.year - persons.birth_year == 15)] += 1
        run_years(state, school_year.step, 1)
        assert set(pupils) - set(state.tables.schools.id.tolist()) == closed


def test_smallest_municipal_school__keeps_the_last_with_a_grade() -> None:
    state = begin(smallest_municipal=5000)
    run_years(state, school_year.step, 1)
    left = [row_of(state, key) for key in state.tables.schools.id.tolist() if key != NONE]
    schools = state.tables.schools
    municipal = [row for row in left if schools.provider[row] == Provider.MUNICIPAL]
    taught = {g for row in municipal for g in range(schools.first_grade[row], schools.last_grade[row] + 1)}
    assert taught == set(range(10))
    assert len(municipal) <= 2
    assert schools.id[[row for row in left if row not in municipal]].tolist() == [80]


def plan(*lines: dict[str, Any], **settings: Any) -> SchoolPlan:
    made = policy("school_plan", changes=list(lines), **settings)
    assert isinstance(made, SchoolPlan)
    return made


OPENS = {"year": 2027, "school": "Ny", "change": "open", "areas": ["A1"], "first_grade": 0, "last_grade": 6}


def test_plan__amends_the_rules_of_each_year_by_its_lines() -> None:
    """CITY is of 2027; North, Hill and East are municipal in A1, A2 and B2, South is in C2."""
    lines = plan(
        {**OPENS, "seats": 20},
        {"year": 2028, "school": "Ny", "change": "resize", "seats": 30},
        {"year": 2028, "school": "East", "change": "close"},
        {"year": 2028, "school": "Gone", "change": "close"},
    )
    [opens] = lines.amend(RULES, CITY).schools.changes
    assert (opens.school, opens.areas, opens.seats, opens.last_grade) == (identify_planned("Ny"), (0,), 20, 6)
    later = replace(CITY, year=2028)
    resized, closed = lines.amend(RULES, later).schools.changes
    assert (resized.school, resized.seats, closed.school) == (identify_planned("Ny"), 30, 2)
    assert lines.amend(RULES, replace(CITY, year=2029)) == RULES
    assert (lines.count_reached(CITY), lines.count_reached(later)) == (7 * 20, 300)
    half = plan(*(line.model_dump(exclude_none=True) for line in lines.changes), compliance=0.5)
    assert [one.change for one in half.amend(RULES, later).schools.changes] == ["resize"]


def test_plan__acts_in_its_areas_alone() -> None:
    lines = ({**OPENS, "areas": "all", "seats": 20}, {"year": 2027, "school": "East", "change": "close"})
    [north] = plan(*lines, areas=["Norr"]).amend(RULES, CITY).schools.changes
    assert (north.change, north.areas) == ("open", (0, 1))


def test_planned_school__goes_by_its_name_in_the_city() -> None:
    line = {**OPENS, "year": 2023, "areas": "all", "last_grade": 9, "seats": 40}
    city = City(load_scenario(TOWN, {"policies": [{"school_plan": {"changes": [line]}}]}), seed=1)
    city.step()
    assert city.state.name_school(identify_planned("Ny")) == "Ny"
    assert (city.tables.schools.id == identify_planned("Ny")).sum() == 1


SWEDISH = (
    "Skolplan\nSkola;År;Ändring;Område;Årskurser;Platser;Huvudman\n"
    "Nya skolan;2025;öppnar;Norr;F-9;50;fristående\nNorth;2026;läggs ned;;;;\nHill;2026;flyttar;Söder;;;\n"
    "East;2027;platser;;;40;\n"
)
LISTED = """
      changes:
        - {school: Nya skolan, year: 2025, change: open, areas: [Norr], provider: independent,
           first_grade: 0, last_grade: 9, seats: 50}
        - {school: North, year: 2026, change: close}
        - {school: Hill, year: 2026, change: move, areas: [Söder]}
        - {school: East, year: 2027, change: resize, seats: 40}
"""


def planned(folder: Path, table: str, settings: str = "") -> Scenario:
    """Return the scenario of a table of changes."""
    (folder / "schools.csv").write_text(table, "utf-8")
    return load_scenario(write(folder, f"{BEFORE}  - school_plan:\n{settings}      changes: schools.csv\n"))


def test_table__is_read_as_the_same_list_would_be(tmp_path: Path) -> None:
    listed = load_scenario(write(tmp_path, f"{BEFORE}  - school_plan:{LISTED}"))
    table = planned(tmp_path, SWEDISH)
    assert table.policies == listed.policies
    assert table.content_hash == listed.content_hash
    check_names(table, PLACES)


def change(old: str, new: str) -> str:
    assert old in SWEDISH
    return SWEDISH.replace(old, new)


WRONG: dict[str, tuple[str, int, str]] = {
    "no_change": (change("Ändring", "Vad"), 2, "there is no column change"),
    "unknown_change": (change("läggs ned", "läggs nerr"), 4, 'did you mean "läggs ner"?'),
    "no_year": (change("2027", ""), 6, '"" is not a whole number'),
    "no_grades": (change("F-9", ""), 3, '"Nya skolan" is to open, and first_grade is missing; give it'),
    "other_grades": (change("F-9", "4-9"), 3, "write 0-6, 7-9 or 0-9"),
    "no_seats": (change(";50;", ";0;"), 3, "changes[0].seats: 0 is out of range; it must be at least 1"),
    "seats_missing": (change("40;", ";"), 6, '"East" is to resize, and seats is missing; give it'),
    "seats_below_nothing": (change("40;", "-3;"), 6, "-3 is out of range"),
    "place_missing": (change("flyttar;Söder", "flyttar;"), 5, '"Hill" is to move, and areas is missing'),
    "too_much": (change("läggs ned;", "läggs ned;Norr"), 4, "is to close takes no areas; remove it"),
    "twice": (SWEDISH + "North;2026;läggs ned;;;;\n", 7, '"North" is to close twice in 2026; keep one line'),
    "after_closing": (SWEDISH + "North;2028;platser;;;9;\n", 7, '"North" closes in 2026; remove this line'),
    "before_opening": (SWEDISH + "Nya skolan;2024;läggs ned;;;;\n", 3, '"Nya skolan" closes in 2024'),
    "in_the_past": (change("2027", "2021"), 6, "2021 is not after the start of the city, 2022"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_table_written_wrong__is_refused_by_its_row(name: str, tmp_path: Path) -> None:
    table, line, words = WRONG[name]
    with pytest.raises(ScenarioError) as error:
        planned(tmp_path, table)
    assert f"schools.csv:{line}: " in str(error.value)
    assert words in str(error.value)


ELSEWHERE: dict[str, tuple[str, str, int, str]] = {
    "no_such_school": (change("Hill", "Hil"), "", 5, 'there is no school "Hil" in the city; did you mean'),
    "there_already": (change("Nya skolan", "East"), "", 3, '"East" is there already; give the new school'),
    "no_such_area": (change("Söder", "Sodder"), "", 5, 'there is no area "Sodder" in the city'),
    "outside": (SWEDISH, "      areas: [Söder]\n", 4, '"North" lies where the policy does not act'),
    "place_outside": (SWEDISH, "      areas: [Norr]\n", 5, "lies in B1, where the policy does not act"),
}  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_line_that_does_not_fit_the_city__is_refused_by_its_row(name: str, tmp_path: Path) -> None:
    table, settings, line, words = ELSEWHERE[name]
    if name == "there_already":
        table = table.replace("East;2027;platser;;;40;\n", "")
    with pytest.raises(ScenarioError) as error:
        check_names(planned(tmp_path, table, settings), PLACES)
    assert f"schools.csv:{line}: " in str(error.value)
    assert words in str(error.value)


def test_two_schools_of_one_name__cannot_be_told_apart(tmp_path: Path) -> None:
    twice = PLACES._replace(schools=("North", "North", "East", "Hill"))
    with pytest.raises(ScenarioError, match='"North" is the name of 2 schools; give them names of their own'):
        check_names(planned(tmp_path, SWEDISH), twice)


def test_school_in_two_plans__is_refused(tmp_path: Path) -> None:
    text = f"{BEFORE}  - school_closure: {{schools: [North]}}\n  - school_plan:{LISTED}"
    message = refuse(write(tmp_path, text))
    assert '"North" is changed by school_closure too; name it in one of them' in message


def test_smallest_municipal_school_out_of_range__is_refused() -> None:
    for fewest in (-1, 5001):
        with pytest.raises(ValueError, match="smallest_municipal"):
            town_moment(None, rules={"smallest_municipal": fewest})

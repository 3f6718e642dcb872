"""Utilities and choice rules of one's own on a board: as shipped ones where they say the same."""

import numpy as np
import pytest

from segsim import City, load_scenario
from segsim.errors import ScenarioError, SegsimError
from segsim.kernels.choices.preference_shapes import between_points
from segsim.rules.board.tastes import Utility
from segsim.section import RefusedValueError
from tests.test_one_at_a_time import relocation_of
from tests.test_one_at_a_time_schools import schooling_of

BOARD = {"rows": 12, "columns": 12, "vacancy": 0.2}


def half_best(like, everyone, places):
    """Zhang's peak, as `single_peaked` with at_all .5 has it."""
    x = like / everyone
    return x / 0.5 if x <= 0.5 else 0.5 + (1.0 - x) * (1.0 - 0.5) / (1.0 - 0.5)


def best(values, staying, chance):
    """The best, ties evenly, if better than staying, as `best_response` does."""
    top = values.max()
    if top <= staying + 1e-9:
        return -1
    ties = np.flatnonzero(values >= top - 1e-9)
    return ties[int(chance * len(ties))]


def best_or_own(values, staying, chance):
    """The best, staying among them and last in a tie, as best response at schools does with one school."""
    return -1 if staying >= values.max() - 1e-9 else np.argmax(values)


def of_text(like, everyone, places):
    return "many"


def of_files(like, everyone, places):
    with open("somewhere") as file:
        return float(file.read())


def of_two(like, everyone):
    return 1.0


def of_neighbours_only(like, everyone, places):
    return 1.0 / (like - 3.0)


def of_crowds(like, everyone, places):
    return np.sqrt(20.0 - everyone)


def beyond(values, staying, chance):
    return len(values)


def beyond_where_staying_is_bad(values, staying, chance):
    return 7 if staying < 0.0 else -1


def raising(values, staying, chance):
    raise ValueError("no")


def move(mode, steps=3, **grid):
    """Return who lives where after some steps of a board."""
    relocation = relocation_of(BOARD | grid, mode)
    moves = [relocation.step(step)[1] for step in range(1, steps + 1)]
    return moves, relocation.squares().tolist()


@pytest.mark.parametrize("activation", ["all_in_order", "unsatisfied_at_start"])
def test_own_utility__moves_people_as_the_same_shape_does(activation):
    seen = {"squares": "random_vacancies", "number": 6}
    rule = {"kind": "best_response", "only_unsatisfied": activation != "all_in_order", "satisfied_at": 0.7}
    mode = {"candidates": seen, "rule": rule, "activation": {"households": activation}}
    shipped = move(mode | {"utility": {"shape": "single_peaked", "peak": 0.5, "at_all": 0.5}})
    assert sum(shipped[0]) > 20
    assert move(mode | {"utility": {"shape": "own", "function": half_best}}) == shipped
    points = ((0, 0), (0.5, 1), (1, 0.5))
    assert move(mode | {"utility": {"shape": "points", "points": points}}) == shipped


def test_own_rule__moves_people_as_best_response_does():
    mode = {"utility": {"shape": "single_peaked"}, "candidates": {"squares": "all_vacancies"}}
    shipped = move(mode | {"rule": {"kind": "best_response"}})
    assert sum(shipped[0]) > 20
    assert move(mode | {"rule": {"kind": "own", "function": best}}) == shipped


def test_own_functions__serve_pupils_too():
    grid = {"rows": 8, "columns": 8, "vacancy": 0.2, "schools": {"number": 4}}
    usual = {"rule": "best_response", "seats": {"kind": "times_mean", "factor": 1.3}}
    own = usual | {"rule": "own", "function": best_or_own}
    shares = {"shape": "single_peaked", "at_all": 0.5, "if_empty": 0.0}
    of_own = {"shape": "own", "function": half_best, "if_empty": 0.0}
    ends = []
    for mode in (usual | {"utility": shares}, own | {"utility": shares}, own | {"utility": of_own}):
        schooling = schooling_of(grid, mode)
        moves = [schooling.step(step)[1] for step in (1, 2, 3)]
        ends.append((moves, schooling.roll.school.tolist()))
    assert sum(ends[0][0]) > 3
    assert ends[0] == ends[1] == ends[2]


def test_points__by_hand():
    """Straight between points, held at the ends; of two at .5 the first holds there, the other beyond."""
    table = np.array([4, 0, 0.5, 0.5, 1, 0.2, 1, -0.4, 0.6])
    at = (0.0, 0.25, 0.5, 0.1 + 0.4, 0.5 + 1e-6, 0.75, 1.0, 3.0)
    worth = [between_points(x, table, 0) for x in at]
    assert worth == pytest.approx([0.2, 0.6, 1.0, 1.0, -0.4, 0.1, 0.6, 0.6], abs=1e-5)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"shape": "points"}, "points and shape points go together"),
        ({"shape": "own"}, "function and shape own go together"),
        ({"shape": "linear", "points": ((0, 0), (1, 1))}, "points and shape points go together"),
        ({"shape": "points", "points": ((0, 0), (0.5, 1))}, "must rise from a share of 0 to a share of 1"),
        ({"shape": "points", "points": ((0, 0), (0.7, 1), (0.5, 1), (1, 0))}, "must rise"),
        ({"shape": "points", "points": ((0, 0), (0, 1), (0, 2), (1, 0))}, "at most two at one share"),
        ({"shape": "points", "points": ((0, 0), (1, 2000))}, "points are worth -1000 to 1000"),
        ({"shape": "own", "function": 3}, "3 is no function; name it by module and function"),
        ({"shape": "own", "function": "nothing.here"}, r"there is no nothing\.py"),
    ],
)
def test_what_a_shape_takes__is_told(given, reason):
    with pytest.raises((RefusedValueError, ValueError), match=reason):
        Utility.model_validate(given)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("utility", {"shape": "own", "function": of_text}, "of_text: must return a number whatever"),
        ("utility", {"shape": "own", "function": of_two}, "of_two: must be a function of like, everyone, pl"),
        (
            "utility",
            {"shape": "own", "function": of_neighbours_only},
            "gives no number for like=3, everyone=3, places=8",
        ),
        ("rule", {"kind": "own", "function": beyond}, "must return a whole number, the place of one"),
        ("rule", {"kind": "own", "function": raising}, "raising: must return a number whatever it is asked"),
        ("utility", {"shape": "own", "function": of_files}, "of_files: cannot be compiled by numba: "),
        ("rule", {"kind": "own"}, "function and the rule own go together"),
    ],
)
def test_functions_that_cannot_serve__are_refused_before_anything_runs(key, value, reason):
    mode = "preferences.housing.one_at_a_time."
    with pytest.raises(ScenarioError, match=reason) as caught:
        load_scenario("mesa_schelling").override({mode + key: value, mode + "candidates.number": 3})
    assert f"{caught.value}" != f"{caught.value:sv}"


def test_functions_that_fail_later__stop_the_run():
    wide = {"neighbourhood": {"radius": 3}, "rule": {"kind": "best_response"}}
    with pytest.raises(SegsimError, match="of_crowds: gives no number for like="):
        move(wide | {"utility": {"shape": "own", "function": of_crowds}})
    with pytest.raises(SegsimError, match="must return a whole number"):
        move(
            {
                "utility": {"shape": "linear", "if_empty": -5.0},
                "rule": {"kind": "own", "function": beyond_where_staying_is_bad},
            },
            vacancy=0.9,
        )


def test_own_functions__are_given_to_a_city_in_python():
    mode = "preferences.housing.one_at_a_time.utility"
    city = City("mesa_schelling", seed=1, **{mode: {"shape": "own", "function": half_best}})
    city.step()
    assert city.simulation.relocation.surroundings().utility > 0

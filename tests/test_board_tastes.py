"""Tastes with a cliff or below 0, distance by a king's moves, and squares reserved in some blocks."""

import numpy as np
import pytest

from segsim import load_scenario
from segsim.errors import ScenarioError
from segsim.kernels.choices.preference_shapes import cliff, single_peaked
from segsim.rules.board.school_choice import Reconsideration
from segsim.rules.board.tastes import Utility
from segsim.simulation import start_simulation
from tests.test_one_at_a_time import relocation_of

MODE = "preferences.housing.one_at_a_time"


def board(pattern, mode, **grid):
    """Return the relocation of a board drawn with a and b."""
    rows = {"rows": len(pattern), "columns": len(pattern[0]), "pattern": tuple(pattern)}
    return relocation_of(rows | {"placement": "pattern", "signs": {"a": "a", "b": "b"}} | grid, mode)


def test_cliff__by_hand():
    """Up to 1 at half alike; a little more is worth .2, and that goes on straight to -.4 at all alike."""
    worth = [cliff(x, 0.5, -0.4, 0.0, 0.2) for x in (0.0, 0.25, 0.5, 0.5 + 1e-6, 0.75, 1.0)]
    assert worth == pytest.approx([0.0, 0.5, 1.0, 0.2, -0.1, -0.4], abs=1e-5)
    for x in np.linspace(0, 1, 11):
        assert cliff(x, 0.3, 0.5, 0.1, 1.0) == pytest.approx(single_peaked(x, 0.3, 0.5, 0.1))
    assert cliff(3 / 10, 0.1 + 0.2, 0.0, 0.0, 0.0) == pytest.approx(1)  # whatever the rounding of the peak


def test_cliff__drives_out_who_has_one_too_many_alike():
    """With 2 of 3 alike a household is satisfied (from .5) on a slope, and not beyond a cliff."""
    peak = {"shape": "single_peaked", "peak": 0.5, "at_all": 0.0}
    mode = {"neighbourhood": {"shape": "von_neumann"}, "rule": {"satisfied_at": 0.5}}
    pattern = (".a.", "aab", "...")
    gentle = board(pattern, mode | {"utility": peak})
    steep = board(pattern, mode | {"utility": peak | {"past_peak": 0.3}})
    # the middle: 2 of 3 alike, worth 2/3 on the slope and .3 * 2/3 = .2 beyond the cliff; the others 0 or 1
    assert gentle.count_neighbours().unsatisfied.tolist() == [2, 1]
    assert steep.count_neighbours().unsatisfied.tolist() == [3, 1]


@pytest.mark.parametrize(("if_empty", "goes_to"), [(-1.0, (0, 1)), (0.5, (4, 4))])
def test_an_empty_neighbourhood__can_be_the_worst(if_empty, goes_to):
    """The lower b lives alone; the only place with a neighbour, at the side of an a, is worth 0."""
    pattern = ("a....", ".....", ".....", ".....", "....b")
    mode = {
        "neighbourhood": {"shape": "von_neumann"},
        "utility": {"shape": "linear", "if_empty": if_empty},
        "activation": {"households": "one_of_each_group", "number": 2},
        "candidates": {"squares": "all_vacancies"},
        "rule": {"kind": "best_response"},
    }
    relocation = board(pattern, mode)
    relocation.step(1)
    squares = relocation.squares()
    b = tuple(int(i) for i in np.argwhere(squares == 2)[0])
    a = tuple(int(i) for i in np.argwhere(squares == 1)[0])
    beside = abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1
    assert beside == (if_empty < 0)
    if if_empty > 0:
        assert b == goes_to


def test_utilities_below_0__satisfy_from_a_level_below_0():
    mode = {"utility": {"shape": "threshold", "threshold": 1.0, "below": -2.0, "if_empty": -5.0}}
    for level, unsatisfied in ((-2.0, [0, 0]), (-1.5, [1, 1])):
        relocation = board(("ab",), mode | {"rule": {"satisfied_at": level}}, vacancy=0.0)
        assert relocation.count_neighbours().unsatisfied.tolist() == unsatisfied


@pytest.mark.parametrize(("distance", "goes_to"), [("steps", (0, 3)), ("king", (2, 2))])
def test_nearest__in_steps_or_in_a_kings_moves(distance, goes_to):
    """The a in the corner wants one of its own beside it.

    (0, 3), beside the pair above, is 3 steps and 3 moves of a king away; (2, 2), above the other pair, is 4
    steps and 2 moves away. All other places beside a pair are further by both counts.
    """
    pattern = (
        "a...aa",
        "......",
        "......",
        "..a...",
        "..a...",
    )
    mode = {
        "neighbourhood": {"shape": "von_neumann"},
        "utility": {"threshold": 1, "demand": "count"},
        "activation": {"households": "unsatisfied_at_start", "order": "reading"},
        "candidates": {"squares": "nearest_satisfactory", "distance": distance},
    }
    relocation = board(pattern, mode)
    assert relocation.step(1) == (1, 1)
    squares = relocation.squares()
    assert squares[0, 0] == 0
    assert squares[goes_to] == 1


def test_reserved__in_some_blocks_and_for_some_groups():
    """Half of the left is for stars, all of the lower right for zeros; elsewhere anybody may live."""
    changes = {
        "city.grid.rows": 20,
        "city.grid.columns": 20,
        "city.grid.vacancy": 0.4,
        "city.grid.blocks": {"height": 10, "width": 10},
        "city.grid.reserved": (
            {"groups": ("stars",), "share": 0.5, "blocks": (1, 3)},
            {"groups": ("zeros",), "share": 1.0, "blocks": (4,)},
        ),
        f"{MODE}.candidates.squares": "random_vacancies",
        f"{MODE}.rule.destination": "any_vacancy",
    }
    simulation = start_simulation(load_scenario("schelling", changes), 2)
    relocation = simulation.relocation
    pool = relocation.board.spot["pool"][relocation.inner].reshape(20, 20)
    assert (pool[:, :10] == 1).mean() == pytest.approx(0.5, abs=0.15)
    assert (pool[:10, 10:] == 0).all()
    assert (pool[10:, 10:] == 2).all()
    for _ in range(4):
        squares = relocation.squares()
        assert not ((pool == 1) & (squares == 2)).any()
        assert not ((pool == 2) & (squares == 1)).any()
        simulation.step()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {f"{MODE}.utility.rounding": "nearest", f"{MODE}.utility.shape": "linear"},
            "write rounding: up too",
        ),
        ({f"{MODE}.utility.past_peak": 0.5}, "past_peak goes with shape single_peaked"),
        ({f"{MODE}.utility.if_empty": -2000.0}, "-1000"),
        ({f"{MODE}.candidates.distance": "queen"}, "steps|king"),
        ({"city.grid.reserved": ({"groups": ("stars",), "share": 0.5, "blocks": (2,)},)}, "no block 2"),
        (
            {"city.grid.reserved": tuple({"groups": ("stars",), "share": 0.6, "blocks": (1,)} for _ in "ab")},
            "more squares are reserved than there are",
        ),
    ],
)
def test_what_cannot_be__is_refused(changes, says):
    with pytest.raises(ScenarioError, match=says):
        load_scenario("schelling", changes)


def test_powers_of_utilities_below_0__are_refused():
    with pytest.raises(ValueError, match="none may be below 0"):
        Reconsideration.model_validate(
            {"utility": Utility(shape="linear", if_empty=-1.0), "distance": {"form": "cobb_douglas"}}
        )


@pytest.mark.parametrize(("swaps_for", "swaps"), [("both", False), ("sum", True)])
def test_swaps__for_both_or_for_the_sum_of_what_two_gain(swaps_for, swaps):
    """On a chessboard nobody has like neighbours: by a swap an a gains up to 1, and a b loses up to .1."""
    mode = {
        "neighbourhood": {"shape": "von_neumann"},
        "utility": {"shape": "linear"},
        "tastes": {"b": {"groups": ("b",), "utility": {"shape": "points", "points": ((0, 0.5), (1, 0.4))}}},
        "activation": {"households": "one_of_each_group", "number": 6},
        "candidates": {"squares": "swap", "number": 8},
        "rule": {"kind": "best_response", "swaps_for": swaps_for},
    }
    relocation = board(("abab", "baba", "abab", "baba"), mode)
    assert (relocation.step(1)[1] > 0) == swaps


def test_swaps_for_the_sum__go_with_swaps_only():
    with pytest.raises(ValueError, match="swaps_for goes with rule best_response and candidates swap"):
        board(("ab",), {"rule": {"kind": "logit", "swaps_for": "sum"}, "candidates": {"squares": "swap"}})

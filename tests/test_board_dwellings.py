"""Boards with several dwellings on a square: who is a neighbour, how they move, and what is refused."""

import numpy as np
import pytest

from segsim import City
from segsim.errors import ScenarioError
from segsim.scenario import Scenario
from segsim.scenario.board.checks import find_board_problems
from segsim.simulation import start_simulation
from tests.test_one_at_a_time import relocation_of


def board(grid, mode=None, years=0):
    """Return the scenario of a board of two groups."""
    return Scenario.model_validate(
        {
            "name": "board",
            "city": {"grid": {"rows": 1, "columns": 3, "dwellings_per_square": 2, **grid}},
            "groups": [{"name": "a"}, {"name": "b"}],
            "start": 0,
            "years": years,
            "steps": ("housing",),
            "preferences": {"housing": {"one_at_a_time": mode or {}}},
        }
    )


def drawn(*rows, **grid):
    """Return a grid as rows of signs draw it."""
    signs = {"a": "a", "b": "b"}
    size = {"rows": len(rows), "columns": len(rows[0])}
    return {"placement": "pattern", "pattern": rows, "signs": signs, **size, **grid}


def measure(scenario):
    """Return the values of the last step by measure and grouping."""
    rows = start_simulation(scenario, 1).rows()
    rows = rows[rows["level"].isin(["neighbourhood", "municipality"])]
    return rows.set_index(["measure", "grouping"])["value"]


class TestNeighbours:
    def test_households_of_a_square__are_neighbours_of_one_another_and_of_the_squares_around(self):
        # aa aa bb: the first see 1 + 2 of their own kind and nobody else, those in the middle 1 + 2 and two
        # others, the last 1 and two others
        values = measure(board(drawn("aab")))
        assert values["like_neighbours", "origin.a"] == pytest.approx((1 + 3 / 5) / 2)
        assert values["like_neighbours", "origin.b"] == pytest.approx(1 / 3)
        assert values["exposure", "origin.b-a"] == pytest.approx(2 / 3)

    def test_ring__closes(self):
        # nine squares that all touch: everybody sees the other 17, of them 11 or 5 alike
        values = measure(board(drawn("aab", "aab", "aab", torus=True)))
        assert values["like_neighbours", "origin.a"] == pytest.approx(11 / 17)
        assert values["like_neighbours", "origin.b"] == pytest.approx(5 / 17)

    def test_vacant_dwellings__are_places(self):
        # a square of four with one household: the seven other places of two squares are empty
        mode = {"utility": {"demand": "places", "threshold": 0.1}}
        grid = {"columns": 2, "dwellings_per_square": 4, "numbers": {"a": 1}, "placement": "sorted"}
        assert measure(board(grid, mode))["unsatisfied", "origin.a"] == 1
        grid["numbers"] = {"a": 2}  # one of seven places is taken
        assert measure(board(grid, mode))["unsatisfied", "origin.a"] == 0

    def test_clusters__count_households_of_squares_where_any_lives(self):
        grid = {"columns": 4, "numbers": {"a": 3, "b": 2}, "placement": "sorted"}  # aa ab b. ..
        values = measure(board(grid))
        assert values["clusters", "origin.a"] == values["clusters", "origin.b"] == 1
        assert values["cluster_largest", "origin.a"] == 3
        assert values["cluster_largest", "origin.b"] == 2


class TestMoves:
    MODES = (
        {"utility": {"threshold": 0.6}},
        {"utility": {"shape": "single_peaked"}, "rule": {"kind": "logit", "beta": 5.0}},
        {"candidates": {"squares": "swap"}, "activation": {"households": "random_with_replacement"}},
    )

    @pytest.mark.parametrize("mode", MODES)
    def test_squares_of_several__are_blocks_that_count_their_neighbours_in_full(self, mode):
        grid = {"rows": 6, "columns": 7, "dwellings_per_square": 3, "vacancy": 0.2}
        blocks = {"rows": 6, "columns": 21, "blocks": {"height": 1, "width": 3}, "vacancy": 0.2}
        by_area = {**mode, "neighbourhood": {"shape": "areas", "neighbour_weight": 1.0}}
        one, other = relocation_of(grid, mode), relocation_of(blocks, by_area)
        for step in (1, 2, 3):
            assert one.step(step) == other.step(step)
            assert np.array_equal(one.squares(), other.squares())

    def test_nearest__is_by_squares_and_not_by_dwellings(self):
        # b in the corner is unsatisfied; two squares to the right 9 of 15 are alike, three down all are
        grid = drawn("ba.b", "aabb", "bbaa", ".baa", dwellings_per_square=3)
        mode = {
            "utility": {"threshold": 0.5},
            "candidates": {"squares": "nearest_satisfactory"},
            "activation": {"order": "reading", "number": 1},
        }
        relocation = relocation_of(grid, mode)
        relocation.step(1)
        assert (relocation.squares() == 2)[0].reshape(4, 3).sum(axis=1).tolist() == [2, 0, 1, 3]


class TestCity:
    def test_cells__hold_all_dwellings_of_their_square(self):
        city = City(board({"rows": 3, "vacancy": 0.2, "blocks": {"height": 1, "width": 3}}, years=1), seed=1)
        tables = city.simulation.state.tables
        assert np.bincount(tables.dwellings.cell).tolist() == [2] * 9
        assert np.bincount(tables.cells.area).tolist() == [3, 3, 3]
        assert tables.households.id.size == 14
        while city.running:
            city.step()
        homes = city.simulation.state.tables.households.home
        assert np.unique(homes).size == homes.size

    def test_reserved_dwellings__keep_others_out(self):
        reserved = ({"groups": ("a",), "share": 0.5, "blocks": (1,)},)
        grid = {"rows": 4, "columns": 4, "dwellings_per_square": 5, "vacancy": 0.4, "reserved": reserved}
        grid |= {"blocks": {"height": 2, "width": 4}}
        mode = {"rule": {"destination": "any_vacancy"}}
        relocation = relocation_of(grid, mode)
        for step in range(1, 6):
            relocation.step(step)
        pool = relocation.board.spot["pool"][relocation.board.who["home"]]
        assert relocation.board.spot["pool"][40:].max() == 0
        assert (pool[relocation.group == 0] == 1).any()
        assert not (pool[relocation.group == 1] == 1).any()


WRONG = {
    "none": ({"dwellings_per_square": 0}, "dwellings_per_square"),
    "half": ({"dwellings_per_square": 1.5}, "dwellings_per_square"),
    "households": ({"households": 7}, r"7 households do not fit in 1 x 3 x 2 = 6 dwellings"),
    "numbers": ({"numbers": {"a": 5, "b": 2}}, r"more dwellings_per_square"),
    "plane": ({"placement": "anywhere"}, "knows no torus, blocks, reserved squares or dwellings_per_square"),
    "many": ({"rows": 50_000, "columns": 50_000}, r"50000 x 50000 x 2 dwellings are too many"),
}


@pytest.mark.parametrize("name", WRONG)
def test_boards_that_cannot_be__are_refused(name):
    grid, says = WRONG[name]
    with pytest.raises((ScenarioError, ValueError), match=says):
        board(grid)


def test_neighbourhoods_beyond_memory__are_refused():
    large = board({"rows": 1000, "columns": 1000}, {"neighbourhood": {"radius": 10}})
    (problem,) = find_board_problems(large)
    assert "21 x 21 squares is too large for 1000 x 1000" in f"{problem.text}"
    assert not find_board_problems(board({"rows": 1000, "columns": 1000}, {"neighbourhood": {"radius": 2}}))

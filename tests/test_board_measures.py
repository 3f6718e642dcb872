"""What a board is measured by: neighbours, the unsatisfied, clusters; and what is not given of it."""

import numpy as np
import pytest
from hypothesis import given

from segsim import City, indices, load_scenario
from segsim.measures import find_undeclared
from segsim.scenario import Scenario
from segsim.simulation import start_simulation
from tests.reference.one_at_a_time import PlainBoard, PlainLine
from tests.test_one_at_a_time import QUICK, boards, lines, relocation_of


def check_measures(relocation, plain):
    counts, shares = relocation.count_neighbours(), plain.neighbour_shares()
    groups = range(len(plain.names))
    of = [[h for h in plain.home if plain.group[h] == g] for g in groups]
    assert counts.households.tolist() == [len(members) for members in of]
    assert counts.with_neighbours.tolist() == [sum(h in shares for h in members) for members in of]
    wanted = [[sum(shares[h][b] for h in members if h in shares) for b in groups] for members in of]
    assert counts.met == pytest.approx(np.array(wanted).reshape(counts.met.shape))
    assert [sorted(sizes.tolist()) for sizes in relocation.cluster_sizes()] == [
        sorted(sizes) for sizes in plain.clusters()
    ]
    return counts, of


@QUICK
@given(boards())
def test_measures__are_those_of_plain_python(case):
    relocation = relocation_of(*case)
    counts, of = check_measures(relocation, plain := PlainBoard(relocation))
    unsatisfied = [sum(not plain.satisfied(h) for h in members) for members in of]
    assert counts.unsatisfied.tolist() == unsatisfied
    rows = range(relocation.group.size)
    assert relocation.find_unsatisfied().tolist() == [
        h in plain.home and not plain.satisfied(h) for h in rows
    ]
    assert relocation.list_homes()[list(plain.home)].min() >= 0
    relocation.step(1)
    relocation.write()
    check_measures(relocation, PlainBoard(relocation))


@QUICK
@given(lines())
def test_measures__of_a_line_are_those_of_plain_python(case):
    relocation = relocation_of(*case)
    check_measures(relocation, PlainLine(relocation))


PATTERN = ("aab.", "abb.", "..ba", "a...")


def measure_pattern(**grid):
    """Return the rows of a board of 4 x 4 on which nobody moves."""
    scenario = Scenario.model_validate(
        {
            "name": "pattern",
            "city": {
                "grid": {
                    "rows": 4,
                    "columns": 4,
                    "placement": "pattern",
                    "pattern": PATTERN,
                    "signs": {"a": "a", "b": "b"},
                    **grid,
                }
            },
            "groups": [{"name": "a"}, {"name": "b"}],
            "start": 0,
            "years": 0,
            "steps": ("housing",),
            "preferences": {
                "housing": {
                    "one_at_a_time": {
                        "neighbourhood": {"shape": "von_neumann"},
                        "utility": {"threshold": 0.6, "if_empty": 1.0},
                    }
                }
            },
        }
    )
    frame = start_simulation(scenario, 1).rows()
    assert find_undeclared(frame) == []
    return frame.set_index(["measure", "grouping", "level"])["value"]


def test_measures__of_a_board_by_hand():
    """Squares a and b, neighbours by side only:

    a a b .     a: (0,0) 2 of 2 alike, (0,1) 1 of 3, (1,0) 1 of 2, (2,3) 0 of 1, (3,0) has none
    a b b .     b: (0,2) 1 of 2, (1,1) 1 of 3, (1,2) 3 of 3, (2,2) 1 of 2
    . . b a
    a . . .
    """
    values = measure_pattern()
    a, b = (1 + 1 / 3 + 1 / 2 + 0) / 4, (1 / 2 + 1 / 3 + 1 + 1 / 2) / 4
    wanted = {
        ("like_neighbours", "origin.a", "neighbourhood"): a,
        ("like_neighbours", "origin.b", "neighbourhood"): b,
        ("like_neighbours", "origin", "neighbourhood"): (a + b) / 2,
        ("exposure", "origin.a-b", "neighbourhood"): 1 - a,
        ("exposure", "origin.b-a", "neighbourhood"): 1 - b,
        ("unsatisfied", "origin", "municipality"): 6 / 9,
        ("unsatisfied", "origin.a", "municipality"): 3 / 5,
        ("unsatisfied", "origin.b", "municipality"): 3 / 4,
        ("clusters", "origin", "municipality"): 4,
        ("clusters", "origin.a", "municipality"): 3,
        ("cluster_mean", "origin.a", "municipality"): 5 / 3,
        ("cluster_largest", "origin.a", "municipality"): 3,
        ("cluster_largest", "origin", "municipality"): 4,
    }
    for key, value in wanted.items():
        assert values[key] == pytest.approx(value), key


def test_clusters__of_a_torus_go_round_the_edge():
    """The two lonely a of the last rows hang together with the first over the edges: (3,0) with (0,0)."""
    values = measure_pattern(torus=True)
    assert values["clusters", "origin.a", "municipality"] == 2
    assert values["cluster_largest", "origin.a", "municipality"] == 4


EVEN = ("D", "D_expected", "D_adjusted", "H", "V", "M", "HR", "inequality_index", "local_M")


def test_evenness__over_a_single_unit_is_not_given():
    """Over one area, or one district, everything is even: a D of 0 tells nothing of the city."""
    one, four = measure_pattern(), measure_pattern(blocks={"height": 2, "width": 2})
    assert not {measure for measure, _, _ in one.index} & set(EVEN)
    given = {(measure, level) for measure, _, level in four.index if measure in EVEN}
    assert ("D", "area") in given
    assert not {level for _, level in given} & {"district", "municipality"}
    assert four["D", "origin", "area"] == pytest.approx(
        indices.dissimilarity([[3, 1], [0, 2], [1, 0], [1, 1]])
    )


def test_headlines__of_a_board_are_its_own():
    city = City(load_scenario("schelling"), seed=1)
    for _ in range(3):
        city.step()
    city.rows()
    assert np.isnan(city.measurer.headline("D"))
    assert city.measurer.headline("like_neighbours") > 0.6
    assert 0 <= city.measurer.headline("unsatisfied") < 0.3

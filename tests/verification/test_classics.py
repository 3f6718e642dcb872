"""Classic scenarios: what can be proved of them, and that each runs."""

from math import comb, exp

import numpy as np
import pytest

from segsim import indices
from segsim.city import City
from segsim.errors import ScenarioError

ONE = "preferences.housing.one_at_a_time."
SCHOOLS = "preferences.schools.one_at_a_time."
FEW = {"measures.names": ["D"]}
CLASSICS = (
    "schelling", "schelling_line", "schelling_bounded", "netlogo_segregation", "mesa_schelling",
    "pancs_vriend", "singh", "gauvin", "hatna_benenson", "bruch_mare", "grauwin",
    "paolillo_lorenz", "sage_flache", "ruloweb", "michailidis", "zhang", "benard_willer", "clark_fossett",
)  # fmt: skip


def settled(name, seed, **overrides):
    """Run a scenario until it stops."""
    city = City(name, seed=seed, **FEW, **overrides)
    while city.running:
        city.step()
    return city


@pytest.mark.parametrize("name", CLASSICS)
def test_classic__runs_measures_and_repeats(name):
    first, second = (City(name, seed=3, **FEW) for _ in range(2))
    for _ in range(3):
        first.step()
        second.step()
        second.rows()  # looking changes nothing
    assert first.tables.households.home.tobytes() == second.tables.households.home.tobytes()
    assert first.tables.persons.school.tobytes() == second.tables.persons.school.tobytes()
    assert first.rows().empty or first.rows().year.max() == first.year


def test_netlogo__wanting_30_and_33_percent_is_the_same_run():
    # of up to 8 neighbours, 30 % and 33 % call for the same number: 1 1 1 2 2 2 3 3
    runs = [settled("netlogo_segregation", 5, **{ONE + "utility.threshold": want}) for want in (0.30, 0.33)]
    assert runs[0].year == runs[1].year
    squares = [run.simulation.relocation.squares().tobytes() for run in runs]
    assert squares[0] == squares[1]


def test_netlogo__75_percent_alike_at_want_30():
    boards = [settled("netlogo_segregation", seed).simulation for seed in range(1, 21)]
    around = [board.relocation.surroundings() for board in boards]
    assert np.mean([a.like_pairs / a.pairs for a in around]) == pytest.approx(0.75, abs=0.008)


def test_schelling_1971__order_of_moves_matters_little():
    means = []
    for order in ("random", "reading", "centre_outward"):
        cities = [settled("schelling", seed, **{ONE + "activation.order": order}) for seed in range(1, 61)]
        ends = [city.simulation.relocation.surroundings() for city in cities]
        means.append(
            (np.mean([e.like_pairs / e.pairs for e in ends]), np.mean([e.only_like / 138 for e in ends]))
        )
    for like, alone in means:
        assert like == pytest.approx(0.778, abs=0.015)
        assert alone == pytest.approx(0.39, abs=0.03)


def bounded(most_tolerant, inside, seed):
    """Return how many of each group live in the bounded neighbourhood after 200 steps."""
    rows = ["w" * inside + "b" * inside, "w" * (100 - inside) + "b" * (100 - inside)]
    grid = {
        "city.grid.numbers": {}, "city.grid.placement": "pattern",
        "city.grid.pattern": [row.ljust(200, ".") for row in rows],
        "city.grid.signs": {"w": "white", "b": "black"},
    }  # fmt: skip
    city = City("schelling_bounded", seed=seed, **FEW, **grid, **{
        ONE + "utility.individual.most_tolerant": most_tolerant})  # fmt: skip
    for _ in range(200):
        city.step()
    squares = city.simulation.relocation.squares()[0]
    return int((squares == 1).sum()), int((squares == 2).sum())


@pytest.mark.parametrize(("most_tolerant", "mix"), [(4.0, 75), (5.0, 80), (10.0, 90)])
def test_bounded_neighbourhood__stable_mix_is_100_times_1_minus_1_over_r0(most_tolerant, mix):
    assert bounded(most_tolerant, 100, seed=1) == (mix, mix)
    assert bounded(most_tolerant, mix - 5, seed=2) == (mix, mix)


def test_bounded_neighbourhood__no_stable_mix_at_r0_2():
    ends = [bounded(2.0, 50, seed) for seed in range(1, 6)]
    assert all(min(pair) == 0 and max(pair) > 0 for pair in ends)


@pytest.mark.parametrize("utility", [
    {"shape": "threshold", "threshold": 0.5},
    {"shape": "single_peaked", "peak": 0.5, "at_all": 0.5},
    {"shape": "linear"},
])  # fmt: skip
def test_ring__separates_completely_under_best_response(utility):
    for seed in range(1, 6):
        city = City("pancs_vriend", seed=seed, **FEW, **{ONE + "utility": utility})
        while clusters(city) > 2 and city.running:
            city.step()
        for _ in range(50):
            city.step()
            assert clusters(city) == 2


def clusters(city):
    """Return the number of runs of like households on a ring."""
    line = city.simulation.relocation.squares()[0]
    return int((line != np.roll(line, 1)).sum())


def stationary(altruism, cells=10, at_all=0.5, beta=5.0):
    """Return Grauwin's distribution: arrangements times exp(beta (alpha U + (1 - alpha) L))."""

    def u(k):
        return 2 * k / cells if 2 * k <= cells else at_all + 2 * (1 - at_all) * (1 - k / cells)

    weights = []
    for n in range(cells + 1):
        blocks = (n, cells - n)
        total = sum(k * u(k) for k in blocks)
        links = sum(u(j) for k in blocks for j in range(1, k + 1))
        weights.append(comb(cells, n) ** 2 * exp(beta * (altruism * total + (1 - altruism) * links)))
    return np.array(weights) / sum(weights)


@pytest.mark.parametrize(("altruism", "half"), [(0.0, 0.4566), (0.25, 0.8484), (1.0, None)])
def test_grauwin__two_blocks_follow_the_exact_distribution(altruism, half):
    exact = stationary(altruism)
    if half is not None:
        assert exact[5] == pytest.approx(half, abs=5e-5)
    relocation = City("grauwin", seed=1, **FEW, **{ONE + "rule.altruism": altruism}).simulation.relocation
    counts = np.zeros(11)
    for step in range(1, 100_001):
        relocation.step(step)
        counts[relocation.board.near[0]] += 1
    assert 0.5 * np.abs(counts / counts.sum() - exact).sum() < 0.01


def test_michailidis__nearness_alone_gives_the_residential_d():
    city = settled("michailidis", 1, **{SCHOOLS + "distance.composition_weight": 0.0})
    tables = city.tables
    table = np.zeros((4, 2), int)
    np.add.at(table, (tables.cells.area[tables.households.home], tables.households.group), 1)
    assert indices.dissimilarity(city.simulation.schooling.composition()) == indices.dissimilarity(table)


def test_michailidis__likeness_separates_completely():
    city = settled("michailidis", 1, **{SCHOOLS + "distance.composition_weight": 0.8})
    assert indices.dissimilarity(city.simulation.schooling.composition()) == pytest.approx(1.0)


@pytest.mark.parametrize(("overrides", "said"), [
    ({"city.grid.households": 500}, "500 households do not fit on 13 x 16 = 208 squares"),
    ({"city.grid.shares": {"stars": 0.5, "zeroes": 0.5}}, 'no group "zeroes"; did you mean "zeros"?'),
    ({"city.grid.shares": {"stars": 0.5, "zeros": 0.6}}, "shares must sum to 1; they sum to 1.1"),
    ({ONE + "utility.threshold": 1.2}, "threshold is a share from 0 to 1, found 1.2"),
    ({ONE + "utility.threshold": -0.1}, "threshold"),
    ({"city.grid.torus": True, ONE + "neighbourhood.radius": 7}, "larger than a board of 13 x 16"),
    ({ONE + "rule.kind": "logit"}, "candidates nearest_satisfactory go with rule threshold only"),
    ({ONE + "neighbourhood.shape": "hexagon"}, "shape"),
    ({"steps": ["housing", "demography"]}, "demography"),
])  # fmt: skip
def test_impossible_board__is_refused(overrides, said):
    with pytest.raises(ScenarioError) as refused:
        City("schelling", seed=1, **overrides)
    assert said in str(refused.value)


def test_impossible_board__is_refused_with_its_line(tmp_path):
    file = tmp_path / "crowded.yaml"
    file.write_text("extends: schelling\ncity:\n  grid:\n    households: 900\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"crowded\.yaml:4: city\.grid: 900 households do not fit"):
        City(file, seed=1)


def test_city__steps_of_a_board_are_measured_when_asked():
    city = City("mesa_schelling", seed=1, **FEW)
    for _ in range(4):
        city.step()
    assert set(city.rows().year) == {0, 4}
    assert city.state.flows["moves"] >= 0
    every = City("mesa_schelling", seed=1, **FEW, **{ONE + "measure_every": 1})
    for _ in range(4):
        every.step()
    assert set(every.rows().year) == {0, 1, 2, 3, 4}


def test_city__preferences_may_change_between_steps():
    city = City("mesa_schelling", seed=1, **FEW)
    city.step()
    before = city.simulation.relocation.squares()
    preferences = city.state.preferences
    housing = preferences.housing
    mode = housing.one_at_a_time
    mode = mode.model_copy(update={"utility": mode.utility.model_copy(update={"threshold": 0.0})})
    housing = housing.model_copy(update={"one_at_a_time": mode})
    city.state.preferences = preferences.model_copy(update={"housing": housing})
    city.step()
    moved = (before != city.simulation.relocation.squares()).sum()
    assert moved == 0  # nobody wants anything any more, apart from those without neighbours


def test_city__sees_what_others_change_in_the_tables():
    city = City("mesa_schelling", seed=1, **FEW)
    city.step()
    city.tables.households.group[:] = 0
    city.step()
    assert set(np.unique(city.simulation.relocation.squares())) == {0, 1}

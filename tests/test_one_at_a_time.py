"""The kernels of the one-at-a-time mode agree with plain Python, and the board with its tables."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segsim.groups import Group
from segsim.rules.board.relocation import OneAtATime
from segsim.scenario import Scenario
from segsim.scenario.board.grid import Grid
from segsim.steps.board.relocation import Relocation
from segsim.synthesis.board import build_board_tables
from tests.reference.one_at_a_time import PlainBoard, PlainLine, sweep

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = ["a", "b", "c"]


def relocation_of(grid, mode, n_groups=2, seed=1):
    """Return the relocation of a board described by two dictionaries."""
    names = NAMES[:n_groups]
    scenario = Scenario.model_validate(
        {
            "name": "board",
            "city": {"grid": grid},
            "groups": [{"name": name} for name in names],
            "start": 0,
            "steps": ("housing",),
            "preferences": {"housing": {"one_at_a_time": mode}},
        }
    )
    tables = build_board_tables(scenario, scenario.city.grid, seed)
    return Relocation(
        scenario.city.grid, scenario.preferences.housing.one_at_a_time, names, tables, seed, seed
    )


@st.composite
def utilities(draw):
    shape = draw(st.sampled_from(["threshold", "linear", "single_peaked", "stairs", "points"]))
    out = {"shape": shape, "demand": draw(st.sampled_from(["occupied", "places"]))}
    if shape == "points":
        out["points"] = draw(st.sampled_from([((0, 0.2), (1, 1)), ((0, 0), (0.5, 1), (0.5, -0.3), (1, 0.6))]))
    out["if_empty"] = draw(st.sampled_from([-1.0, 0.0, 0.5, 1.0]))
    if shape == "threshold":
        out["threshold"] = draw(st.sampled_from([0.0, 0.3, 1 / 3, 0.5, 0.8, 1.0]))
        out["rounding"] = draw(st.sampled_from(["up", "nearest"]))
        if out["rounding"] == "up" and draw(st.booleans()):
            out |= {"threshold": draw(st.integers(0, 4)), "demand": "count"}
        elif draw(st.booleans()):
            out["individual"] = {
                "distribution": draw(st.sampled_from(["uniform", "normal", "linear_tolerance"]))
            }
    if shape == "single_peaked":
        out["peak"] = draw(st.sampled_from([0.0, 0.3, 0.5, 1.0]))
        out["at_all"] = draw(st.sampled_from([-0.5, 0.0, 0.5, 1.0]))
        out["at_none"] = draw(st.sampled_from([-1.0, 0.0, 0.2]))
        if out["peak"] < 1:
            out["past_peak"] = draw(st.sampled_from([None, -1.0, 0.3]))
    return out


@st.composite
def boards(draw):
    """Draw a small board and a mode: every switch in every value."""
    n_groups = draw(st.integers(1, 3))
    grid = {
        "rows": draw(st.integers(5, 8)),
        "columns": draw(st.integers(5, 9)),
        "torus": draw(st.booleans()),
        "vacancy": draw(st.sampled_from([0.0, 0.1, 0.3, 0.6])),
        "blocks": {"height": draw(st.integers(1, 4)), "width": draw(st.integers(1, 4))},
        "dwellings_per_square": draw(st.sampled_from([1, 1, 2, 3])),
    }
    if draw(st.booleans()) and grid["vacancy"] >= 0.3:
        grid["reserved"] = ({"groups": ("a",), "share": 0.1},)
    shape = draw(st.sampled_from(["moore", "von_neumann", "euclidean", "box", "areas"]))
    hood = {"shape": shape, "counts_self": draw(st.sampled_from(["never", "always", "at_home"]))}
    hood["radius"] = draw(st.sampled_from([1, 2]))
    if shape == "box":
        hood |= {"height": draw(st.sampled_from([1, 3])), "width": draw(st.sampled_from([3, 5]))}
    if shape == "areas" and not grid["torus"]:
        hood["neighbour_weight"] = draw(st.sampled_from([0.0, 0.5]))
    rule = {"kind": draw(st.sampled_from(["threshold", "best_response", "logit"]))}
    rule["satisfied_at"] = draw(st.sampled_from([0.5, 1.0]))
    rule["destination"] = draw(st.sampled_from(["any_vacancy", "first_satisfactory", "random_satisfactory"]))
    rule["if_none"] = draw(st.sampled_from(["stay", "any_vacancy"]))
    rule["beta"] = draw(st.sampled_from([0.0, 2.0, 20.0]))
    rule["ties_with_home"] = draw(st.booleans())
    rule["minimum_improvement"] = draw(st.sampled_from([0.0, 0.1]))
    candidates = {"squares": draw(st.sampled_from(
        ["random_vacancies", "all_vacancies", "nearest_satisfactory", "local_jump", "swap"]
    ))}  # fmt: skip
    if rule["kind"] != "threshold" and candidates["squares"] == "nearest_satisfactory":
        candidates["squares"] = "all_vacancies"
    if grid["vacancy"] == 0 and candidates["squares"] == "local_jump":
        candidates["squares"] = "swap"
    if rule["kind"] == "best_response" and candidates["squares"] == "swap":
        rule["swaps_for"] = draw(st.sampled_from(["both", "sum"]))
    candidates["distance"] = draw(st.sampled_from(["steps", "king"]))
    candidates["number"] = draw(st.sampled_from([1, 3, 8]))
    candidates["distinct"] = draw(st.booleans())
    candidates["staying"] = draw(st.booleans())
    candidates["reach"] = draw(st.sampled_from([2.0, 10.0]))
    if rule["kind"] != "threshold" and candidates["squares"] != "swap":
        rule["altruism"] = draw(st.sampled_from([0.0, 0.0, 0.5]))
        rule["only_unsatisfied"] = draw(st.booleans())
    households = draw(st.sampled_from([
        "all_in_order", "random_with_replacement", "unsatisfied_only", "one_of_each_group",
        "unsatisfied_at_start",
    ]))  # fmt: skip
    may_rest = rule["kind"] == "threshold" or rule.get("only_unsatisfied")
    if may_rest and not households.startswith("unsatisfied") and candidates["squares"] != "swap":
        rule["restless"] = draw(st.sampled_from([0.0, 0.3]))
        rule["restless_goes"] = draw(st.sampled_from(["anywhere", "as_others"]))
    activation = {
        "households": households,
        "number": draw(st.sampled_from([None, 7])),
        "order": draw(st.sampled_from(["random", "reading", "centre_outward"])),
        "recheck": draw(st.booleans()),
    }
    market = None
    if not rule.get("altruism") and draw(st.integers(0, 2)) == 0:
        grid["status"] = {"wealth_correlation": 0.5, "above": {"a": 1.0}}
        size = st.sampled_from([-1.0, 0.0, 0.5])
        market = {
            "price": {name: draw(size) for name in ("base", "occupied", "status", "wealth", "quality")},
            "worth": {"status": 0.7, "price": draw(size), "quality": draw(size)},
            "must_afford": draw(st.booleans()),
        }
    mode = {
        "market": market,
        "neighbourhood": hood,
        "utility": draw(utilities()),
        "activation": activation,
        "candidates": candidates,
        "rule": rule,
    }
    if n_groups == 3 and draw(st.booleans()):
        mode["traits"] = {"value": {"x": ("a", "b"), "y": ("c",)}}
        mode["tastes"] = {
            "two": {"share": 0.5, "traits": {"group": draw(utilities()), "value": draw(utilities())}},
            "one": {"traits": {"value": draw(utilities())}},
        }
    return grid, mode, n_groups, draw(st.integers(1, 50))


@QUICK
@given(boards())
def test_kernels__move_as_plain_python_does(case):
    relocation = relocation_of(*case)
    plain = PlainBoard(relocation)
    for step in (1, 2, 3):
        if relocation.fast is not None:
            assert relocation.step(step)[1] == sweep(plain, step)
        else:
            assert tuple(relocation.step(step)) == plain.step(step)
        assert relocation.squares().tolist() == plain.squares()
    relocation.write()
    households = relocation.tables.households
    homes = [plain.home[h] for h in range(households.id.size)]
    assert [divmod(int(d), relocation.grid.dwellings_per_row) for d in households.home] == homes


@QUICK
@given(boards())
def test_counts__are_those_of_a_board_set_out_anew(case):
    relocation = relocation_of(*case)
    for step in (1, 2, 3):
        relocation.step(step)
    relocation.write()
    seed = relocation.key
    anew = Relocation(relocation.grid, relocation.mode, relocation.names, relocation.tables, seed, seed)
    border = int(relocation.board.ground.border)
    if border and not relocation.board.ground.by_area:
        shape = (relocation.grid.rows + 2 * border, relocation.grid.columns + 2 * border, -1)
        inner = np.s_[border:-border, border:-border]
        kept, fresh = (r.board.near.reshape(shape)[inner] for r in (relocation, anew))
        assert np.array_equal(kept, fresh)
    else:
        assert np.array_equal(relocation.board.near, anew.board.near)
    assert relocation.surroundings() == pytest.approx(anew.surroundings())


def test_tables__agree_on_homes_occupants_and_vacancies():
    relocation = relocation_of(
        {"rows": 9, "columns": 7, "vacancy": 0.2}, {"rule": {"destination": "any_vacancy"}}
    )
    for step in range(1, 6):
        relocation.step(step)
    relocation.write()
    households, dwellings = relocation.tables.households, relocation.tables.dwellings
    assert np.array_equal(dwellings.occupant[households.home], np.arange(households.id.size))
    assert (dwellings.occupant >= 0).sum() == households.id.size
    assert ((dwellings.vacant_since >= 0) == (dwellings.occupant < 0)).all()
    assert households.moved.max() == 5


def test_change__keeps_who_lives_where():
    mode = OneAtATime.model_validate({"rule": {"destination": "any_vacancy"}})
    relocation = relocation_of({"rows": 9, "columns": 9, "torus": True}, mode.model_dump())
    relocation.step(1)
    before = relocation.squares()
    relocation.change(OneAtATime.model_validate({"neighbourhood": {"radius": 2}}))
    assert np.array_equal(relocation.squares(), before)
    assert relocation.fast is None


def test_same_seed__same_bytes():
    grid, mode = {"rows": 30, "columns": 30}, {"rule": {"kind": "logit", "beta": 5.0}}
    first, second = (relocation_of(grid, mode, seed=7) for _ in range(2))
    for step in range(1, 5):
        first.step(step)
        second.step(step)
        second.write()  # looking changes nothing
    assert np.array_equal(first.squares(), second.squares())


@st.composite
def lines(draw):
    """Draw a line or ring and a mode."""
    grid = {"rows": 1, "columns": draw(st.integers(5, 14)), "vacancy": 0.0, "torus": draw(st.booleans())}
    _, mode, _, seed = draw(boards())
    mode["neighbourhood"] = {
        "radius": draw(st.integers(1, 2)),
        "counts_self": draw(st.sampled_from(["never", "always"])),
    }
    mode.pop("traits", None)
    mode.pop("tastes", None)
    mode["rule"].pop("altruism", None)
    mode["market"] = None  # not for a line
    if mode["candidates"]["squares"] in ("swap", "local_jump"):
        mode["candidates"]["squares"] = "random_vacancies"
        mode["rule"].pop("swaps_for", None)
    if mode["activation"]["households"] in ("all_in_order", "unsatisfied_at_start"):
        mode["activation"]["order"] = draw(st.sampled_from(["random", "reading"]))
    return grid, mode, draw(st.integers(1, 3)), seed


@QUICK
@given(lines())
def test_lines__move_as_plain_python_does(case):
    relocation = relocation_of(*case)
    plain = PlainLine(relocation)
    for step in (1, 2, 3):
        assert tuple(relocation.step(step)) == plain.step(step)
        assert relocation.squares().tolist() == plain.squares()


def test_grid__refuses_more_households_than_squares():
    with pytest.raises(ValueError, match="do not fit on 3 x 4 = 12 squares"):
        Grid.model_validate({"rows": 3, "columns": 4, "numbers": {"a": 7, "b": 6}})


def test_group__of_the_board_keeps_its_share():
    relocation = relocation_of(
        {"rows": 20, "columns": 20, "shares": {"a": 0.3, "b": 0.7}, "vacancy": 0.25}, {}
    )
    assert np.bincount(relocation.tables.households.group).tolist() == [90, 210]
    assert Group(name="a").name == "a"

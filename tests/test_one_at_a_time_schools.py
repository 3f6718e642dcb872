"""School choice one at a time agrees with plain Python; league tables mislead as they should."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segsim.kernels.schools.league_tables import begin, tick
from segsim.scenario import Scenario
from segsim.steps.board.school_choice import BoardSchoolChoice
from segsim.synthesis.board import build_board_tables
from tests.reference.reconsideration import PlainSchools

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def schooling_of(grid, mode, seed=1):
    """Return the schooling of a board described by two dictionaries."""
    scenario = Scenario.model_validate(
        {
            "name": "schools",
            "city": {"grid": grid},
            "groups": [{"name": "a"}, {"name": "b"}],
            "start": 0,
            "steps": ("schools",),
            "preferences": {"schools": {"one_at_a_time": mode}},
        }
    )
    tables = build_board_tables(scenario, scenario.city.grid, seed)
    mode = scenario.preferences.schools.one_at_a_time
    return BoardSchoolChoice(scenario.city.grid, mode, ["a", "b"], tables, seed)


@st.composite
def towns(draw):
    """Draw a small town and a mode: every switch in every value."""
    plane = draw(st.booleans())
    grid = {"rows": draw(st.integers(4, 8)), "columns": draw(st.integers(4, 8))}
    if plane:
        grid |= {"placement": "anywhere", "households": draw(st.integers(5, 40)), "composition": "drawn"}
        grid["schools"] = {"number": draw(st.sampled_from([1, 4])), "placement": "lattice"}
    else:
        grid |= {"torus": draw(st.booleans()), "vacancy": 0.2}
        grid["schools"] = {"number": draw(st.integers(1, 5))}
    shape = draw(st.sampled_from(["threshold", "linear", "single_peaked", "points"]))
    mode = {"utility": {"shape": shape, "at_all": 0.5, "if_empty": draw(st.sampled_from([0.0, 1.0]))}}
    if shape == "points":
        mode["utility"]["points"] = ((0, 0.1), (0.4, 1), (0.4, 0.9), (1, 0))
    mode["considered"] = {"share": draw(st.sampled_from([0.3, 0.5, 1.0]))}
    mode["seats"] = {"kind": draw(st.sampled_from(["unlimited", "times_nearest", "times_mean"]))}
    mode["seats"]["factor"] = draw(st.sampled_from([1.0, 1.25, 2.0]))
    mode["distance"] = {
        "form": draw(st.sampled_from(["none", "cobb_douglas", "linear"])),
        "composition_weight": draw(st.sampled_from([0.0, 0.3, 1.0])),
        "nearness": draw(st.sampled_from(["of_longest", "min_max"])),
    }
    mode["rule"] = draw(st.sampled_from(["threshold", "best_response", "logit"]))
    mode["beta"] = draw(st.sampled_from([0.0, 12.0]))
    mode["satisfied_at"] = draw(st.sampled_from([0.4, 0.8]))
    mode["satisfied_sd"] = draw(st.sampled_from([0.0, 0.05]))
    mode["composition"] = draw(st.sampled_from(["live", "last_step"]))
    mode["counts_self"] = draw(st.booleans())
    admissions = ["in_turn"]
    if mode["composition"] == "last_step" and mode["rule"] != "logit":
        admissions += ["serial_dictatorship"] + (["lottery"] if mode["rule"] == "threshold" else [])
    mode["admission"] = draw(st.sampled_from(admissions))
    mode["activation"] = {
        "households": draw(st.sampled_from(["all_in_order", "random_with_replacement"])),
        "number": draw(st.sampled_from([None, 9])),
        "order": draw(st.sampled_from(["random", "reading"])),
    }
    return grid, mode, draw(st.integers(1, 50))


@QUICK
@given(towns())
def test_schooling__changes_as_plain_python_does(case):
    schooling = schooling_of(*case)
    plain = PlainSchools(schooling)
    assert schooling.roll.school.tolist() == plain.school
    for step in (1, 2, 3):
        assert schooling.step(step)[1] == plain.step(step)
        assert schooling.roll.school.tolist() == plain.school
    counts = schooling.roll.pupils[:, 0]
    assert counts.tolist() == np.bincount(plain.school, minlength=counts.size).tolist()
    assert schooling.tables.persons.school.tolist() == plain.school


def test_seats__are_never_exceeded_by_choice():
    mode = {"seats": {"kind": "times_mean", "factor": 1.2}, "rule": "logit", "beta": 12.0}
    schooling = schooling_of({"rows": 20, "columns": 20, "schools": {"number": 6}}, mode)
    before = schooling.roll.pupils[:, 0].copy()
    for step in range(1, 30):
        schooling.step(step)
        pupils = schooling.roll.pupils[:, 0]
        assert ((pupils <= schooling.roll.seats) | (pupils <= before)).all()


def test_new_households__come_every_step():
    grid = {"rows": 8, "columns": 8, "households": 50, "placement": "anywhere", "composition": "drawn"}
    grid["schools"] = {"number": 4, "placement": "lattice"}
    schooling = schooling_of(grid, {"new_households": True, "composition": "last_step"})
    seen = set()
    for step in range(1, 4):
        schooling.step(step)
        ids = schooling.tables.households.id
        assert seen.isdisjoint(ids.tolist())
        seen |= set(ids.tolist())
    assert len(seen) == 150


def test_league_table__published_means_mislead():
    # with impact -.5 the mean before replacement solves m = .9 (.8 m + .2 * .5), so m = .3214
    achievement, school, means = np.empty(20_000), np.empty(20_000, np.int64), np.empty(2)
    begin(achievement, school, 2, np.uint64(1))
    trail = []
    for step in range(1, 101):
        tick(achievement, school, np.array([-0.5, -0.5]), 0.0, np.uint64(1), step, means)
        trail.append(means.copy())
    assert np.mean(trail[50:]) == pytest.approx(0.3214, abs=0.002)

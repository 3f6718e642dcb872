"""`segsim.matching` takes plain arrays, refuses what is wrong by its number, and agrees with others' code."""

import doctest
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segsim import matching
from segsim.matching import mechanisms, outcomes, priorities
from segsim.tables import NONE

MECHANISMS = (
    matching.deferred_acceptance,
    matching.immediate_acceptance,
    matching.top_trading_cycles,
)


@st.composite
def markets(draw, most_applicants=30, most_places=6):
    """Partial lists, strict priorities and seats."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m = draw(st.integers(1, most_applicants)), draw(st.integers(1, most_places))
    lists = [rng.permutation(m)[: rng.integers(0, m + 1)].tolist() for _ in range(n)]
    priority = np.stack([rng.permutation(n) for _ in range(m)], axis=1).astype(float)
    return lists, priority, rng.integers(0, 5, m)


def test_examples__give_what_they_say():
    page = Path(__file__).parents[1] / "docs" / "matching.md"
    modules = (matching, mechanisms, outcomes, priorities)
    results = [*map(doctest.testmod, modules), doctest.testfile(str(page), module_relative=False)]
    assert min(result.attempted for result in results) > 2
    assert sum(result.failed for result in results) == 0


@given(markets())
def test_lists__may_be_an_array_padded_at_the_end(market):
    lists, priority, capacity = market
    padded = np.full((len(lists), len(capacity) + 1), NONE)
    for a, mine in enumerate(lists):
        padded[a, : len(mine)] = mine
    for mechanism in MECHANISMS:
        assert (mechanism(lists, priority, capacity) == mechanism(padded, priority, capacity)).all()


@given(markets())
def test_deferred_acceptance__leaves_no_blocking_pair_and_immediate_may(market):
    lists, priority, capacity = market
    place = matching.deferred_acceptance(lists, priority, capacity)
    assert matching.find_blocking_pairs(lists, priority, capacity, place) == []
    nobody = np.full(len(lists), NONE)
    wanted = [(a, p) for a, mine in enumerate(lists) for p in sorted(mine) if capacity[p]]
    assert sorted(matching.find_blocking_pairs(lists, priority, capacity, nobody)) == wanted


@given(markets())
def test_applicants__whom_a_place_does_not_take_are_not_admitted(market):
    lists, priority, capacity = market
    shut = priority.copy()
    shut[::2, 0] = -np.inf
    shorter = [[p for p in mine if a % 2 or p != 0] for a, mine in enumerate(lists)]
    for mechanism in MECHANISMS:
        assert (mechanism(lists, shut, capacity) == mechanism(shorter, priority, capacity)).all()


@given(markets())
def test_one_number_each__is_serial_dictatorship(market):
    lists, _, capacity = market
    merit = np.random.default_rng(len(lists)).permutation(len(lists))
    expected = matching.serial_dictatorship(lists, -merit, capacity)
    for mechanism in MECHANISMS[::2]:
        assert (mechanism(lists, merit, capacity) == expected).all()


def test_ranks__are_the_places_on_the_own_list():
    place = matching.deferred_acceptance([[1, 0], [1], [1, 0]], [3, 2, 1], [1, 1])
    assert place.tolist() == [1, NONE, 0]
    assert matching.find_ranks([[1, 0], [1], [1, 0]], place).tolist() == [0, NONE, 1]


def test_lots__keep_the_order_of_priorities_and_are_the_same_everywhere_or_not():
    priority = np.tile(np.array([0.0, 1.0]).repeat(100)[:, None], 4)
    priority[0] = -np.inf
    single, multiple = (matching.break_ties(priority, 3, lots) for lots in ("single", "multiple"))
    for out in (single, multiple):
        assert np.isneginf(out[0]).all()
        assert (out[100:].min(axis=0) > out[1:100].max(axis=0)).all()
        assert all(np.unique(column).size == 200 for column in out.T)
    assert (single == single[:, :1]).all()
    assert (np.argsort(multiple[:, 0]) != np.argsort(multiple[:, 1])).any()
    assert (matching.break_ties(priority, 3) == single).all()
    assert (matching.break_ties(priority, 4) != single).any()
    assert matching.break_ties([1, 1], 3, "multiple", n_places=5).shape == (2, 5)


def test_one_lot__gives_more_their_first_choice_than_lots_at_each_place():
    rng = np.random.default_rng(2)
    firsts = {"single": 0, "multiple": 0}
    for seed in range(10):
        lists = [rng.permutation(40) for _ in range(400)]
        for lots in firsts:
            priority = matching.break_ties(np.zeros((400, 40)), seed, lots)
            place = matching.deferred_acceptance(lists, priority, [10] * 40)
            firsts[lots] += int((matching.find_ranks(lists, place) == 0).sum())
    assert firsts["single"] > 1.1 * firsts["multiple"]


def test_majority_quota__can_hurt_every_minority_applicant_as_in_kojima_2012():
    # his economy for stable mechanisms: two places, majority s1 and s2, minority s3
    lists, capacity, kind = [[0], [0, 1], [1, 0]], [2, 1], [0, 0, 1]
    priority = matching.rank_lines([[0, 1, 2], [1, 2, 0]])
    free = matching.deferred_acceptance(lists, priority, capacity, kind=kind, quota=[[2, 2], [1, 1]])
    bound = matching.deferred_acceptance(lists, priority, capacity, kind=kind, quota=[[1, 2], [1, 1]])
    assert free.tolist() == [0, 0, 1]
    assert bound.tolist() == [0, 1, 0]
    assert matching.find_ranks(lists, free).tolist() == [0, 0, 0]
    assert matching.find_ranks(lists, bound).tolist() == [0, 1, 1]
    reserved = matching.deferred_acceptance(lists, priority, capacity, kind=kind, reserve=[[0, 1], [0, 0]])
    assert reserved.tolist() == free.tolist()


def test_quota__leaves_seats_empty_where_a_reserve_does_not():
    lists, capacity, kind = [[0], [0], [0]], [3], [0, 0, 0]
    quota = matching.deferred_acceptance(lists, [3, 2, 1], capacity, kind=kind, quota=[[1, 3]])
    reserve = matching.deferred_acceptance(lists, [3, 2, 1], capacity, kind=kind, reserve=[[0, 2]])
    assert quota.tolist() == [0, NONE, NONE]
    assert reserve.tolist() == [0, 0, 0]


GOOD = {"choices": [[0, 1], [1]], "priority": [[1, 2], [2, 1]], "capacity": [1, 1]}
KINDS = {"kind": [0, 1], "reserve": [[0, 1], [0, 0]]}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"choices": [[0, 2], [1]]}, r"choices\[0\]\[1\] is 2, but there are 2 places, 0 to 1"),
        ({"choices": [[0, -2], [1]]}, r"choices\[0\]\[1\] is -2; it must be a whole number of at least -1"),
        ({"choices": [[0, 0], [1]]}, r"choices\[0\]\[1\] is 0, which the list has already"),
        ({"choices": [[-1, 0], [1]]}, r"choices\[0\]\[1\] is 0, after -1 has ended the list; put -1 last"),
        ({"choices": [[0.5], [1]]}, r"choices\[0\]\[0\] is 0.5; it must be a whole number"),
        ({"choices": [["a"], [1]]}, r"choices\[0\] must be numbers"),
        ({"choices": [0, 1]}, "choices must be a list of place numbers for each applicant"),
        ({"choices": 3}, "choices must be a list of place numbers for each applicant"),
        (
            {"choices": [[0], [1], [0]]},
            r"priority is of shape \(2, 2\), but there are 3 applicants and 2 places",
        ),
        ({"priority": [[1, 2]]}, r"priority is of shape \(1, 2\), but there are 2 applicants"),
        ({"priority": [[1, np.nan], [2, 1]]}, r"priority\[0\]\[1\] is nan; it must be a number"),
        ({"priority": [[1, np.inf], [2, 1]]}, r"priority\[0\]\[1\] is inf; it must be a number"),
        (
            {"priority": [[1, 2], [2, 2]]},
            "applicants 0 and 1 have the same priority at place 1, 2; break ties",
        ),
        ({"priority": [[1, 2], [2]]}, "priority must be numbers in rows of equal length"),
        ({"priority": "high"}, "priority must be"),
        ({"priority": None}, "priority must be"),
        ({"capacity": [1, -1]}, r"capacity\[1\] is -1; it must be a whole number of at least 0"),
        ({"capacity": [1, 1.5]}, r"capacity\[1\] is 1.5; it must be a whole number"),
        ({"capacity": [1, np.nan]}, r"capacity\[1\] is nan"),
        ({"capacity": 2}, "capacity must be one number for each place"),
        ({"capacity": []}, r"choices\[0\]\[0\] is 0, but there are no places"),
        ({"capacity": [1, 2**40]}, r"capacity\[1\] is"),
        ({"kind": [0, 1]}, "kind says nothing without reserve or quota"),
        ({"quota": [[1, 1], [1, 1]]}, "need the kind of each applicant"),
        (KINDS | {"kind": [0, 2]}, r"kind\[1\] is 2, but there are 2 kinds"),
        (KINDS | {"kind": [0]}, "kind must be one number for each of 2 applicants"),
        (KINDS | {"reserve": [[1, 1], [0, 0]]}, r"reserve\[0\] adds up to 2, but place 0 has 1 seats"),
        (KINDS | {"reserve": [[1, 1]]}, "reserve must be places x kinds"),
        (KINDS | {"quota": [[1, 0], [1, 1]]}, r"reserve\[0\]\[1\] is 1, more than its quota of 0"),
        (KINDS | {"quota": [[1], [1]]}, "reserve and quota must be of one shape"),
        (KINDS | {"reserve": [[-1, 1], [0, 0]]}, r"reserve\[0\]\[0\] is -1"),
    ],
    ids=str,
)
def test_bad_input__is_refused_with_what_and_where(bad, message):
    with pytest.raises(ValueError, match=message):
        matching.deferred_acceptance(**GOOD | bad)


def test_other_bad_input__is_refused_too():
    with pytest.raises(ValueError, match="seed must be a whole number from 0"):
        matching.break_ties([1, 1], -1)
    with pytest.raises(ValueError, match="lots must be single or multiple"):
        matching.break_ties([1, 1], 1, "both")
    with pytest.raises(ValueError, match="need priority of applicants x places, or n_places"):
        matching.break_ties([1, 1], 1, "multiple")
    with pytest.raises(ValueError, match="turn must be one number for each applicant"):
        matching.serial_dictatorship([[0]], [[1]], [1])
    with pytest.raises(ValueError, match="applicants 0 and 1 have the same turn"):
        matching.serial_dictatorship([[0], [0]], [1, 1], [1])
    with pytest.raises(ValueError, match=r"lines\[1\]\[1\] is 0, which the list has already"):
        matching.rank_lines([[0], [0, 0]])
    with pytest.raises(ValueError, match=r"place\[0\] is 7, but there are 1 places"):
        matching.find_blocking_pairs([[0]], [1], [1], [7])


def test_nobody_and_nowhere__are_markets_too():
    for mechanism in MECHANISMS:
        assert mechanism([], [], [1]).size == 0
        assert mechanism([[], []], [1, 2], []).tolist() == [NONE, NONE]


@given(markets(20, 5), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_deferred_acceptance__is_that_of_the_package_matching(market, seed):
    games = pytest.importorskip("matching.games")
    lists, priority, capacity = market
    lists, capacity = [mine or [0] for mine in lists], np.maximum(capacity, 1)
    residents = {f"a{a}": [f"p{p}" for p in mine] for a, mine in enumerate(lists)}
    listing = {p: [a for a, mine in enumerate(lists) if p in mine] for p in range(len(capacity))}
    hospitals = {
        f"p{p}": [f"a{a}" for a in sorted(line, key=lambda a: -priority[a, p])]
        for p, line in listing.items()
        if line
    }
    seats = {name: int(capacity[int(name[1:])]) for name in hospitals}
    game = games.HospitalResident.create_from_dictionaries(residents, hospitals, seats)
    expected = np.full(len(lists), NONE)
    for hospital, those in game.solve(optimal="resident").items():
        expected[[int(resident.name[1:]) for resident in those]] = int(hospital.name[1:])
    assert matching.deferred_acceptance(lists, priority, capacity).tolist() == expected.tolist()

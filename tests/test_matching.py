"""The matching kernels agree with their plain twins and have the properties their papers prove."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segsim.kernels import matching
from segsim.tables import NONE
from tests.reference import matching as plain


def arrays(lists, priority):
    """Pad the lists and read each listed place's priority."""
    k = max([1, *map(len, lists)])
    choices = np.full((len(lists), k), NONE, np.int32)
    given_priority = np.zeros((len(lists), k))
    for a, mine in enumerate(lists):
        choices[a, : len(mine)] = mine
        given_priority[a, : len(mine)] = [priority[a][p] for p in mine]
    return choices, given_priority


def as_list(place):
    return [None if p == NONE else int(p) for p in place]


def run(mechanism, lists, priority, tie, capacity, kind=None, reserve=None, side=None, quota=None):
    choices, given_priority = arrays(lists, priority)
    extra = ()
    if reserve is not None:
        side = side or [0] * len(reserve[0])
        quota = quota or [[seats] for seats in capacity]
        columns = (np.array(kind, np.int8), np.array(reserve, np.int32), np.array(side, np.int8))
        extra = (matching.SeatsByKind(*columns, np.array(quota, np.int32)),)
    place = mechanism(choices, given_priority, np.array(tie, np.int64), np.array(capacity, np.int32), *extra)
    return as_list(place)


@st.composite
def markets(draw, most_applicants=6, most_places=4):
    """A small market: partial lists, coarse priorities with ties, some places without seats."""
    n = draw(st.integers(1, most_applicants))
    m = draw(st.integers(1, most_places))
    lists = [draw(st.permutations(range(m)))[: draw(st.integers(0, m))] for _ in range(n)]
    priority = draw(st.lists(st.lists(st.integers(0, 3), min_size=m, max_size=m), min_size=n, max_size=n))
    tie = draw(st.permutations(range(10, 10 + n)))
    capacity = draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))
    return lists, priority, tie, capacity


@st.composite
def reserved_markets(draw):
    """A market with two or three kinds of applicants and reserves within capacity."""
    lists, priority, tie, capacity = draw(markets(8, 3))
    kinds = draw(st.integers(2, 3))
    kind = [draw(st.integers(0, kinds - 1)) for _ in lists]
    reserve = []
    for seats in capacity:
        cut = sorted(draw(st.lists(st.integers(0, seats), min_size=kinds, max_size=kinds)))
        reserve.append(np.diff([0, *cut]).tolist())
    return lists, priority, tie, capacity, kind, reserve


@st.composite
def limited_markets(draw):
    """A market with reserves, and quotas of one or two sides that leave room for what is reserved."""
    lists, priority, tie, capacity, kind, reserve = draw(reserved_markets())
    side = [draw(st.integers(0, 1)) for _ in reserve[0]]
    quota = []
    for seats, least in zip(capacity, reserve, strict=True):
        held = [sum(n for n, s in zip(least, side, strict=True) if s == number) for number in (0, 1)]
        quota.append([n + draw(st.integers(0, max(seats, 1))) for n in held])
    return lists, priority, tie, capacity, kind, reserve, side, quota


MECHANISMS = [matching.deferred_acceptance, matching.immediate_acceptance, matching.top_trading_cycles]


@given(markets())
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.__name__)
def test_mechanism__equals_its_plain_twin(mechanism, market):
    assert run(mechanism, *market) == getattr(plain, mechanism.__name__)(*market)


@given(markets())
def test_serial_dictatorship__equals_its_plain_twin(market):
    lists, priority, tie, capacity = market
    turn = np.array([float(row[0]) for row in priority])
    choices, _ = arrays(lists, priority)
    found = matching.serial_dictatorship(choices, turn, np.array(tie), np.array(capacity, np.int32))
    assert as_list(found) == plain.serial_dictatorship(lists, turn, tie, capacity)


@given(reserved_markets())
def test_reserves__equal_the_plain_twin(market):
    assert run(matching.deferred_acceptance, *market) == plain.deferred_acceptance(*market)


@given(limited_markets())
def test_quotas__equal_the_plain_twin_and_are_never_exceeded(market):
    lists, priority, tie, capacity, kind, reserve, side, quota = market
    place = run(matching.deferred_acceptance, *market)
    assert place == plain.deferred_acceptance(*market)
    for p, most in enumerate(quota):
        for s in (0, 1):
            assert sum(q == p and side[kind[a]] == s for a, q in enumerate(place)) <= most[s]
    # in whatever order they apply
    turned = run(
        matching.deferred_acceptance,
        lists[::-1],
        priority[::-1],
        tie[::-1],
        capacity,
        kind[::-1],
        reserve,
        side,
        quota,
    )
    assert turned == place[::-1]


@given(reserved_markets())
def test_reserves__a_kind_within_its_reserve_is_refused_only_for_its_own(market):
    lists, _, _, capacity, kind, reserve = market
    place = run(matching.deferred_acceptance, *market)
    for a, mine in enumerate(lists):
        for p in mine[: plain.rank(mine, place[a])]:
            own = sum(q == p and kind[b] == kind[a] for b, q in enumerate(place))
            assert own >= min(reserve[p][kind[a]], capacity[p])


@given(markets(), st.randoms(use_true_random=False))
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.__name__)
def test_mechanism__does_not_see_the_order_of_rows(mechanism, market, random):
    lists, priority, tie, capacity = market
    order = list(range(len(lists)))
    random.shuffle(order)
    found = run(mechanism, *market)
    shuffled = run(
        mechanism, [lists[a] for a in order], [priority[a] for a in order], [tie[a] for a in order], capacity
    )
    assert shuffled == [found[a] for a in order]


@given(markets())
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.__name__)
def test_mechanism__never_exceeds_capacity(mechanism, market):
    place = run(mechanism, *market)
    assert all(place.count(p) <= seats for p, seats in enumerate(market[3]))


@given(markets())
def test_deferred_acceptance__is_stable(market):
    assert plain.is_stable(run(matching.deferred_acceptance, *market), *market)


@given(markets(5, 3))
@settings(max_examples=60)
def test_deferred_acceptance__is_best_for_applicants_and_the_same_are_placed_in_all_stable(market):
    lists, _, _, capacity = market
    found = run(matching.deferred_acceptance, *market)
    for place in plain.all_matchings(lists, capacity):
        if plain.is_stable(place, *market):
            assert all(
                plain.rank(m, p) <= plain.rank(m, q) for m, p, q in zip(lists, found, place, strict=True)
            )
            # rural hospitals: the same applicants are placed, each place fills the same number of seats
            assert [p is None for p in found] == [q is None for q in place]
            assert all(found.count(p) == place.count(p) for p in range(len(capacity)))


@given(markets(4, 3))
@settings(max_examples=40)
def test_deferred_acceptance__rewards_no_lie(market):
    lists, priority, tie, capacity = market
    honest = run(matching.deferred_acceptance, *market)
    for a, mine in enumerate(lists):
        for length in range(len(capacity) + 1):
            for lie in permutations(range(len(capacity)), length):
                told = [*lists[:a], list(lie), *lists[a + 1 :]]
                got = run(matching.deferred_acceptance, told, priority, tie, capacity)[a]
                if got in mine:
                    assert plain.rank(mine, honest[a]) <= plain.rank(mine, got)


def test_immediate_acceptance__rewards_a_lie():
    lists, priority = [[0, 1], [0, 1], [1, 0]], [[3, 3], [2, 2], [1, 1]]
    honest = run(matching.immediate_acceptance, lists, priority, [0, 1, 2], [1, 1])
    lying = run(matching.immediate_acceptance, [lists[0], [1, 0], lists[2]], priority, [0, 1, 2], [1, 1])
    assert honest[1] is None
    assert lying[1] == 1


@given(markets(5, 3))
@settings(max_examples=60)
def test_top_trading_cycles__is_pareto_efficient(market):
    found = run(matching.top_trading_cycles, *market)
    lists, _, _, capacity = market
    assert not any(
        plain.is_pareto_better(other, found, lists) for other in plain.all_matchings(lists, capacity)
    )


@given(markets(5, 3))
@settings(max_examples=60)
def test_serial_dictatorship__is_pareto_efficient(market):
    lists, priority, tie, capacity = market
    choices, _ = arrays(lists, priority)
    turn = np.array([float(row[0]) for row in priority])
    found = as_list(matching.serial_dictatorship(choices, turn, np.array(tie), np.array(capacity, np.int32)))
    assert not any(
        plain.is_pareto_better(other, found, lists) for other in plain.all_matchings(lists, capacity)
    )


@pytest.mark.parametrize(
    ("mechanism", "expected"),
    [
        (matching.deferred_acceptance, [0, 1, 2]),
        (matching.top_trading_cycles, [1, 0, 2]),
        (matching.immediate_acceptance, [1, 2, 0]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_mechanism__example_1_of_abdulkadiroglu_and_sonmez_2003(mechanism, expected):
    lists = [[1, 0, 2], [0, 1, 2], [0, 1, 2]]
    lines = [[0, 2, 1], [1, 0, 2], [1, 0, 2]]
    priority = [[-lines[p].index(a) for p in range(3)] for a in range(3)]
    assert run(mechanism, lists, priority, [0, 1, 2], [1, 1, 1]) == expected


def test_mechanisms__take_a_market_where_nobody_applies():
    choices, tie = np.full((3, 2), NONE, np.int32), np.arange(3)
    for mechanism in MECHANISMS:
        assert as_list(mechanism(choices, np.zeros((3, 2)), tie, np.ones(1, np.int32))) == [None] * 3
        empty = mechanism(choices[:0], np.zeros((0, 2)), tie[:0], np.ones(1, np.int32))
        assert empty.size == 0

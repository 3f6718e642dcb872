"""Schools that admit each for itself: offers, answers and seats given back, as plain Python has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segsim import matching
from segsim.errors import ScenarioError
from segsim.scenario import load_scenario
from segsim.tables import NONE
from tests.test_public_matching import markets
from tests.test_school_rules import composition, settle
from tests.test_schools import assert_whole

ENOUGH = 1000


def offer_plainly(lists, priority, capacity, system, rounds):
    """Return the places after so many rounds, one system and one applicant after the other."""
    held = [None] * len(lists)
    for _ in range(rounds):
        offers = [[] for _ in lists]
        for own in sorted(set(system)):
            wanted = []
            for mine, place in zip(lists, held, strict=True):
                until = len(mine) if place is None else mine.index(place) + 1
                wanted.append([p for p in mine[:until] if system[p] == own])
            for a, p in enumerate(matching.deferred_acceptance(wanted, priority, capacity)):
                offers[a] += [int(p)] if p != NONE else []
        held = [min(got, key=mine.index, default=None) for mine, got in zip(lists, offers, strict=True)]
    return [NONE if p is None else p for p in held]


@given(markets(), st.integers(0, 2**32), st.integers(1, 3))
def test_offers__are_those_of_plain_python(market, seed, rounds):
    lists, priority, capacity = market
    system = np.random.default_rng(seed).integers(0, 3, capacity.size)
    got = matching.separate_offers(lists, priority, capacity, system, rounds)
    assert got.tolist() == offer_plainly(lists, priority, capacity, system.tolist(), rounds)


@given(markets(), st.integers(0, 2**32), st.integers(1, 4))
def test_rounds__cost_nobody_a_seat_and_enough_of_them_leave_none_empty_that_is_wanted(market, seed, rounds):
    lists, priority, capacity = market
    system = np.random.default_rng(seed).integers(0, 3, capacity.size)
    few, more, enough = (
        matching.separate_offers(lists, priority, capacity, system, n) for n in (rounds, rounds + 1, ENOUGH)
    )

    def ranks(place):
        return [99 if p == NONE else mine.index(p) for mine, p in zip(lists, place, strict=True)]

    assert (np.array(ranks(few)) >= ranks(more)).all()
    assert (np.array(ranks(more)) >= ranks(enough)).all()
    n_held = np.bincount(enough[enough != NONE], minlength=capacity.size)
    assert (n_held <= capacity).all()
    for mine, rank in zip(lists, ranks(enough), strict=True):
        assert all(n_held[p] == capacity[p] for p in mine[:rank])


@given(markets(), st.integers(0, 2**32), st.integers(1, 4))
def test_reserves_and_quotas__are_kept_round_by_round(market, seed, rounds):
    lists, priority, capacity = market
    rng = np.random.default_rng(seed)
    kind, system = rng.integers(0, 2, len(lists)), rng.integers(0, 3, capacity.size)
    reserve = np.column_stack([rng.integers(0, capacity + 1), np.zeros(capacity.size, int)])
    quota = np.column_stack([capacity, rng.integers(0, capacity + 1)])
    place = matching.separate_offers(
        lists, priority, capacity, system, rounds, kind=kind, reserve=reserve, quota=quota
    )
    held = np.zeros((capacity.size, 2), int)
    np.add.at(held, (place[place != NONE], kind[place != NONE]), 1)
    assert (held <= quota).all()
    assert (held.sum(axis=1) <= capacity).all()


@given(markets(), st.integers(1, 3))
def test_one_system__is_deferred_acceptance(market, rounds):
    lists, priority, capacity = market
    got = matching.separate_offers(lists, priority, capacity, np.zeros(capacity.size, int), rounds)
    assert got.tolist() == matching.deferred_acceptance(lists, priority, capacity).tolist()


@pytest.mark.parametrize(
    ("system", "rounds", "message"),
    [
        ([0], 1, "system must be one number for each of 2 places"),
        ([0, -1], 1, r"system\[1\] is -1; it must be a whole number of at least 0"),
        ([0, 0.5], 1, r"system\[1\] is 0.5; it must be a whole number"),
        ([0, 1], 0, "rounds is 0; it must be a whole number of at least 1"),
        ([0, 1], 1.5, "rounds is 1.5; it must be a whole number"),
        ([0, 1], [1, 2], "rounds must be one whole number"),
        ([0, 1], "one", "rounds"),
    ],
)
def test_bad_systems_and_rounds__are_refused(system, rounds, message):
    with pytest.raises(ValueError, match=message):
        matching.separate_offers([[0], [1]], [1, 2], [1, 1], system, rounds)


ADMISSION = {"mandatory_choice": True, "sibling": False}


def test_town__seats_everybody_and_tells_what_came_back_too_late():
    once = settle(12, 700, admission=ADMISSION | {"offer_rounds": 1})
    assert_whole(once)
    assert once.flows["schools.given_back_late"] > 0
    often = settle(12, 700, admission=ADMISSION | {"offer_rounds": 20})
    assert_whole(often)
    assert often.flows["schools.given_back_late"] == 0
    together = settle(12, 700, admission=ADMISSION)
    assert "schools.given_back_late" not in together.flows
    assert composition(once) != composition(together)


@pytest.mark.parametrize("mechanism", ["immediate_acceptance", "serial_dictatorship", "catchment"])
def test_every_mechanism__may_be_that_of_each(mechanism):
    state = settle(12, 500, 1, admission=ADMISSION | {"mechanism": mechanism, "offer_rounds": 2})
    assert_whole(state)


@pytest.mark.parametrize("with_it", [{"common_system": True}, {"mechanism": "top_trading_cycles"}])
def test_one_system_and_offers_of_each__are_refused_together(with_it):
    with pytest.raises(ScenarioError, match="offer_rounds is for schools that admit each for itself"):
        load_scenario("town", {"rules.schools.admission": {"offer_rounds": 2} | with_it})

"""The kernels of the housing market against plain Python, on random small cities."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import housing as reference
from segsim.kernels.draws import Stream, key_of, round_stamp, uniforms
from segsim.kernels.housing.household_search import SearchRates, find_first_rounds
from segsim.kernels.housing.location_choice import (
    HomeSet,
    MarketRound,
    rank_candidates,
)
from segsim.kernels.housing.records import HOME, MOVER, describe_homes, describe_movers
from segsim.kernels.housing.relocation import Chains, Matches, open_tally, settle_moves
from segsim.kernels.housing.residence import count_households, count_lodgers
from segsim.kernels.housing.vacancy_ring import NearbyRings, VacancyRing
from segsim.rules.choice.home import HousingPreferences
from segsim.rules.housing import HousingRules
from segsim.steps.housing.settings import housing_taste, housing_terms
from segsim.tables import NONE, Cells, Dwellings, Households, Tenure, build_table

KEY, YEAR = key_of(3), 2030
WHEN = MarketRound(KEY, YEAR, round_stamp(YEAR, 1))


def small_market(seed, shape="slope"):
    """A random market of 6 vacancies, 9 movers of whom 3 lodge, and each mover's own home."""
    rng = np.random.default_rng(seed)

    def homes(n):
        made = np.empty(n, HOME)
        made["id"] = rng.permutation(1000)[:n]
        for name in ("log_standard", "education", "appeal", "family_appeal", "quality"):
            made[name] = rng.normal(size=n)
        made["price"], made["fee"] = rng.uniform(500, 4000, n), rng.uniform(40, 140, n)
        made["x"], made["y"] = rng.uniform(0, 9e3, (2, n))
        made["area"], made["tenure"], made["rooms"] = (
            rng.integers(0, 3, n),
            rng.integers(0, 4, n),
            rng.integers(1, 6, n),
        )
        made["municipality"] = rng.integers(0, 2, n)
        return made

    movers = np.empty(9, MOVER)
    movers["id"] = 2000 + rng.permutation(1000)[:9]
    movers["taste_own_group"], movers["taste_income"] = rng.uniform(0.5, 1.5, (2, 9))
    movers["log_standard"], movers["education"] = rng.normal(size=9), rng.integers(0, 4, 9)
    movers["income"], movers["wealth"] = rng.uniform(100, 900, 9), rng.uniform(0, 2000, 9)
    movers["x"], movers["y"] = rng.uniform(0, 9e3, (2, 9))
    movers["area"], movers["size"] = rng.integers(0, 3, 9), rng.integers(1, 7, 9)
    movers["municipality"] = rng.integers(0, 3, 9)  # the third has no vacancy
    movers["queue_since"] = rng.integers(2015, 2030, 9)
    movers["has_children"], movers["is_foreign"] = rng.random((2, 9)) < 0.5
    movers["has_home"] = np.arange(9) < 6
    vacancies = homes(6)
    point = uniforms(KEY, Stream.RING, WHEN.stamp, vacancies["id"], 0)
    vacancies = vacancies[np.argsort(point)]
    ring = ring_of(np.sort(point), rng.random(6) < 0.2, vacancies["municipality"])
    taste = housing_taste(HousingPreferences(own_group_shape=shape, staying=0.5))
    movers["group"] = rng.integers(0, 3, 9)
    movers["units"] = rng.uniform(1, 3, 9)
    rules = HousingRules(public_income_rule="residual" if seed % 2 else "multiple")
    local = (rules, rules.model_copy(update={"public_queue": "region", "private_income_floor": 3.0}), rules)
    shares = rng.dirichlet([1, 1, 1], 9), rng.dirichlet([1, 1, 1], 6)
    present, vacant = (
        HomeSet(records, rng.permutation(share.shape[0]).astype(np.int32), share)
        for records, share in zip((homes(9), vacancies), shares, strict=True)
    )
    return taste, housing_terms(rules, local), movers, present, vacant, ring


def ring_of(point, is_illegal, municipality):
    n = point.size
    first = np.searchsorted(point, np.arange(n + 1) / n).astype(np.int32)
    allocation = (1e6 * point).astype(np.int64) % 3  # one of the three for each vacancy
    return VacancyRing(
        np.append(point, 2.0),
        first,
        is_illegal,
        np.zeros(n, np.bool_),
        allocation.astype(np.int8),
        rings_of(point, municipality),
    )


def rings_of(point, municipality):
    order = np.argsort(municipality, kind="stable").astype(np.int32)
    start = np.searchsorted(municipality[order], np.arange(4)).astype(np.int32)
    parts = [point[order[a:b]] for a, b in pairwise(start)]
    sizes = [8, 3, 1]  # any number of buckets will do
    first = [
        a + np.searchsorted(part, np.arange(n + 1) / n)
        for a, part, n in zip(start, parts, sizes, strict=False)
    ]
    bucket = np.cumsum([0] + [n + 1 for n in sizes]).astype(np.int32)
    return NearbyRings(0.5, order, point[order], start, bucket, np.concatenate(first).astype(np.int32))


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.sampled_from(["slope", "threshold", "single_peaked", "none"]))
def test_rank_candidates__lists_and_scores_as_plain_python(seed, shape):
    market = small_market(seed, shape)
    taste, terms, movers, _, (vacancies, _, _), ring = market
    k = 5
    ranked, score = np.empty((9, k), np.int32), np.zeros((9, k))
    rank_candidates(WHEN, *market, ranked, score, np.zeros(2, np.int64))
    for m in range(9):
        expected, floor = reference.rank_candidates(WHEN, *market, k, m)
        assert [v for v in ranked[m] if v >= 0] == [v for _, v in expected]
        for i, (u, v) in enumerate(expected):
            mover, home = reference.record(movers[m]), reference.record(vacancies[v])
            gain = u - floor if mover["has_home"] else 0.0
            plain = reference.score(WHEN, taste, terms, mover, home, ring.allocation[v], gain)
            assert score[m, i] == pytest.approx(1e6 + mover["wealth"] if ring.is_illegal[v] else plain)


def test_one_vacancy_less__changes_only_the_sets_that_held_it():
    """Consistent hashing: who did not see the vacancy sees the same without it."""
    taste, terms, movers, present, (vacancies, place, share), ring = small_market(11)
    ranked, score = np.empty((9, 12), np.int32), np.zeros((9, 12))
    failures = np.zeros(2, np.int64)
    all_six = HomeSet(vacancies, place, share)
    rank_candidates(WHEN, taste, terms, movers, present, all_six, ring, ranked, score, failures)
    keep = np.arange(6) != 2
    fewer, smaller = (
        vacancies[keep],
        ring_of(ring.point[:-1][keep], ring.is_illegal[keep], vacancies["municipality"][keep]),
    )
    again = np.empty_like(ranked)
    five = HomeSet(fewer, place[keep], share)
    rank_candidates(WHEN, taste, terms, movers, present, five, smaller, again, score, failures)
    untouched = 0
    for m in range(9):
        before = [vacancies["id"][v] for v in ranked[m] if v >= 0]
        after = [fewer["id"][v] for v in again[m] if v >= 0]
        assert [d for d in before if d != vacancies["id"][2]] == [d for d in after if d in before]
        untouched += vacancies["id"][2] not in before and before == after
    assert untouched > 0


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_settle_moves__leaves_everyone_in_one_home(seed):
    """9 households, 6 of them with a home among 12 dwellings; each may get one vacancy."""
    rng = np.random.default_rng(seed)
    dwellings = build_table(Dwellings, 12, id=np.arange(12), tenure=rng.integers(0, 4, 12))
    households = build_table(
        Households, 9, id=np.arange(9), queue_since=rng.integers(2015, 2030, 9), wealth=200.0
    )
    households.home[:6] = rng.permutation(12)[:6]
    households.lodging_with[6:] = rng.integers(0, 6, 3)
    dwellings.occupant[households.home[:6]] = np.arange(6)
    vacant = np.flatnonzero(dwellings.occupant == NONE).astype(np.int32)
    place = rng.permutation(np.r_[np.arange(6), -np.ones(3)])[:9].astype(np.int32)
    mover, is_illegal = rng.permutation(9).astype(np.int32), rng.random(6) < 0.3
    homes, occupants = reference.settle(place, mover, vacant, households, dwellings)
    root = np.where(dwellings.occupant == NONE, np.arange(12), NONE).astype(np.int32)
    chains = Chains(root, np.zeros(12, np.int32))
    tally = open_tally(1)
    matches = Matches(place, mover, vacant, is_illegal, np.zeros(6, np.int64))
    settle_moves(YEAR, matches, 125.0, households, dwellings, chains, tally)
    assert {h: int(d) for h, d in enumerate(households.home)} == homes
    assert dwellings.occupant.tolist() == occupants
    assert tally.moved_in.sum() == (place != NONE).sum() == chains.length.sum()
    assert households.wealth.sum() == pytest.approx(9 * 200 - 125 * is_illegal[place[place != NONE]].sum())
    assert ((chains.root != NONE) == (dwellings.occupant == NONE)).all()


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(-1, 4), st.integers(18, 90), st.integers(1, 6)), min_size=1, max_size=8),
    st.integers(1, 6),
)
def test_first_rounds__agree_with_plain_python(rows, rounds):
    """Five dwellings of all tenures and one to five rooms; who has none looks from the start."""
    home, age, roof = (np.array(c) for c in zip(*rows, strict=True))
    n = len(rows)
    ids = np.arange(n) * 13
    ids[::4] = NONE
    households = build_table(Households, n, id=ids, home=home, head_birth_year=YEAR - age)
    dwellings = build_table(Dwellings, 5, tenure=[0, 1, 2, 3, 0], rooms=[1, 2, 3, 4, 5])
    rates = SearchRates(
        age_edges=np.array([25, 45, 65]),
        by_age=np.array([0.9, 0.5, 0.3, 0.1]),
        by_tenure=np.array([1.0, 0.9, 0.8, 0.2]),
        crowded=0.15,
        rounds=rounds,
    )
    out, readiness = np.empty(n, np.int64), np.exp(np.sin(np.arange(n)))
    find_first_rounds(KEY, YEAR, rates, households, dwellings, roof.astype(np.int16), readiness, out)
    for h in range(n):
        expected = reference.first_round(KEY, YEAR, rates, households, dwellings, roof[h], readiness[h], h)
        assert out[h] == expected


def test_count_households__by_hand():
    """Place 0: sizes 2 and 3 of group 0; place 1: size 1 of group 1; one household is nowhere."""
    counts, log_standard, education = np.empty((2, 2)), np.empty(2), np.empty(2)
    place = np.array([0, 0, 1, NONE], np.int32)
    size, group = np.array([2, 3, 1, 9], np.int16), np.array([0, 0, 1, 0], np.int8)
    standard = np.log([100.0, 200.0, 300.0, 400.0])
    levels = np.array([1, 3, 2, 0], np.int8)
    count_households(place, size, group, standard, levels, counts, log_standard, education)
    assert counts.tolist() == [[5, 0], [0, 1]]
    assert log_standard == pytest.approx([(2 * np.log(100) + 3 * np.log(200)) / 5, np.log(300)])
    assert education == pytest.approx([(2 * 1 + 3 * 3) / 5, 2])


def test_count_lodgers__adds_guests_to_their_host():
    out = np.empty(3, np.int16)
    count_lodgers(np.array([NONE, 0, 0]), np.array([4, NONE, NONE]), np.array([2, 1, 3], np.int16), out)
    assert out.tolist() == [6, 1, 3]


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_describing__gathers_what_plain_python_does(seed):
    rng = np.random.default_rng(seed)
    n = 7

    def random_table(table, **ranges):
        made = build_table(table, n, id=rng.permutation(100)[:n])
        for name, column in made._asdict().items():
            if name != "id":
                column[:] = rng.integers(*ranges.get(name, (0, 3)), n)
        return made

    cells, dwellings = random_table(Cells), random_table(Dwellings, cell=(0, n), price=(0, 5000))
    households = random_table(Households, home=(NONE, n), education=(NONE, 4))
    rows = rng.integers(0, n, 5).astype(np.int32)
    around = (*rng.normal(size=(2, 3, len(Tenure))), *rng.normal(size=(2, 3)))
    homes = np.empty(5, HOME)
    municipality = np.array([0, 0, 1], np.int16)
    describe_homes(rows, dwellings, cells, municipality, *around, homes)
    for home, row in zip(homes, rows, strict=True):
        assert reference.record(home) == reference.describe_home(row, dwellings, cells, municipality, *around)
    cell, log_standard = rng.integers(0, n, 5).astype(np.int32), rng.normal(size=5)
    foreign, movers = rng.random(3) < 0.5, np.empty(5, MOVER)
    describe_movers(rows, cell, log_standard, foreign, households, cells, municipality, movers)
    for i, h in enumerate(rows):
        expected = reference.describe_mover(
            h, cell[i], log_standard[i], foreign, households, cells, municipality
        )
        assert reference.record(movers[i]) == expected

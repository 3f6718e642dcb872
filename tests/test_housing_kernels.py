"""The kernels of the housing market against plain Python, on random small cities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import housing as reference
from segsim.kernels.draws import Stream, key_of, uniforms
from segsim.kernels.matching import deferred_acceptance
from segsim.kernels.moving import Chains, settle_moves
from segsim.kernels.residence import count_households, count_lodgers, find_household_cells
from segsim.kernels.seeking import Movers, Surroundings, Vacancies, rank_candidates
from segsim.rules.housing import HousingPreferences, HousingRules
from segsim.steps.housing import taste_of, terms_of
from segsim.tables import NONE, Dwellings, Households, filled

KEY, YEAR = key_of(3), 2030
WHEN = 16 * YEAR + 1


def small_market(seed, shape="slope"):
    """A random city of 12 dwellings on 6 cells in 3 areas and 9 households; all of them look."""
    rng = np.random.default_rng(seed)
    dwellings = filled(
        Dwellings, 12, id=rng.permutation(100)[:12], cell=rng.integers(0, 6, 12),
        tenure=rng.integers(0, 4, 12),
        rooms=rng.integers(1, 6, 12), quality=rng.normal(size=12), price=rng.uniform(500, 4000, 12),
        fee=rng.uniform(40, 140, 12), occupant=NONE,
    )  # fmt: skip
    households = filled(
        Households, 9, id=200 + rng.permutation(100)[:9], queue_since=rng.integers(2015, 2030, 9),
        wealth=rng.uniform(0, 2000, 9), income=rng.uniform(100, 900, 9), standard=rng.uniform(90, 500, 9),
        size=rng.integers(1, 7, 9), children=rng.integers(0, 3, 9), group=rng.integers(0, 2, 9),
        taste_own_group=rng.uniform(0.5, 1.5, 9),
    )  # fmt: skip
    homes = rng.permutation(12)[:6]
    households.home[:6] = homes
    dwellings.occupant[homes] = np.arange(6)
    households.lodging_with[6:] = rng.integers(0, 6, 3)
    around = Surroundings(
        own_share=rng.dirichlet([1, 1], 3), place=rng.integers(0, 3, 6).astype(np.int32),
        area=np.array([0, 0, 1, 1, 2, 2], np.int32), x=rng.uniform(0, 9e3, 6).astype(np.float32),
        y=rng.uniform(0, 9e3, 6).astype(np.float32), log_standard=rng.normal(5.5, 0.3, 3),
        appeal=rng.normal(size=3), family_appeal=rng.normal(size=3),
    )  # fmt: skip
    rows = np.flatnonzero(dwellings.occupant == NONE)
    point = uniforms(KEY, Stream.RING, WHEN, dwellings.id[rows], 0)
    order = np.argsort(point)
    vacancies = Vacancies(
        rows[order].astype(np.int32), point[order],
        np.searchsorted(point[order], np.arange(rows.size + 1) / rows.size).astype(np.int32),
        rng.random(rows.size) < 0.2, np.zeros(rows.size, np.bool_),
    )  # fmt: skip
    cell = np.empty(9, np.int32)
    find_household_cells(households.home, households.lodging_with, dwellings.cell, cell)
    group = households.group
    movers = Movers(np.arange(9, dtype=np.int32), cell, group.copy(), group == 1)
    taste = taste_of(HousingPreferences(own_group_shape=shape, staying=0.5))
    return taste, terms_of(HousingRules()), around, vacancies, movers, households, dwellings


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from(["slope", "threshold", "single_peaked", "none"]))
def test_rank_candidates__lists_what_plain_python_lists(seed, shape):
    market = small_market(seed, shape)
    k = 5
    ranked, score = np.empty((9, k), np.int32), np.zeros((9, k))
    rank_candidates(KEY, WHEN, YEAR, *market, ranked, score)
    for m in range(9):
        expected, _ = reference.wanted(KEY, WHEN, YEAR, *market, k, m)
        assert [v for v in ranked[m] if v >= 0] == [v for _, v in expected]


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_scores__follow_each_tenures_rule(seed):
    """Public rental by waiting years, cooperative and owned by a bid no higher than wealth and loan."""
    taste, terms, around, vacancies, movers, households, dwellings = small_market(seed)
    ranked, score = np.empty((9, 5), np.int32), np.zeros((9, 5))
    rank_candidates(
        KEY, WHEN, YEAR, taste, terms, around, vacancies, movers, households, dwellings, ranked, score
    )
    for m, v, s in zip(*np.nonzero(ranked >= 0), score[ranked >= 0], strict=True):
        d, h = vacancies.dwelling[ranked[m, v]], movers.household[m]
        if vacancies.is_illegal[ranked[m, v]]:
            assert s == pytest.approx(1e6 + households.wealth[h])
        elif dwellings.tenure[d] == 0:
            assert np.floor(s) == YEAR - households.queue_since[h]
        elif dwellings.tenure[d] >= 2:
            most = households.wealth[h] + terms.loan_to_income * households.income[h] / 0.75
            assert np.exp(s) <= most * (1 + 1e-4)
            assert np.exp(s) >= min(dwellings.price[d], most) * (1 - 1e-4)


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_settle_moves__leaves_everyone_in_one_home(seed):
    taste, terms, around, vacancies, movers, households, dwellings = small_market(seed)
    ranked, score = np.empty((9, 5), np.int32), np.zeros((9, 5))
    rank_candidates(
        KEY, WHEN, YEAR, taste, terms, around, vacancies, movers, households, dwellings, ranked, score
    )
    place = deferred_acceptance(ranked, score, households.id, np.ones(vacancies.dwelling.size, np.int32))
    homes, occupants = reference.settle(YEAR, place, movers, vacancies, households, dwellings)
    root = np.where(dwellings.occupant == NONE, np.arange(12), NONE).astype(np.int32)
    chains = Chains(root, np.zeros(12, np.int32))
    moves, left, waited = np.zeros(4), np.zeros(4), np.zeros(3)
    settle_moves(YEAR, place, movers, vacancies, terms, households, dwellings, chains, moves, left, waited)
    assert {h: int(d) for h, d in enumerate(households.home)} == homes
    assert dwellings.occupant.tolist() == occupants
    assert moves.sum() == (place != NONE).sum() == chains.length.sum()
    assert ((chains.root != NONE) == (dwellings.occupant == NONE)).all()


def test_one_more_vacancy__changes_only_the_sets_before_it_on_the_ring():
    """Consistent hashing: with the vacancy gone, nobody who did not see it sees anything else."""
    taste, terms, around, vacancies, movers, households, dwellings = small_market(11)
    ranked, score = np.empty((9, 12), np.int32), np.zeros((9, 12))
    args = (taste, terms, around)
    rank_candidates(KEY, WHEN, YEAR, *args, vacancies, movers, households, dwellings, ranked, score)
    keep = np.arange(vacancies.dwelling.size) != 2
    n = int(keep.sum())
    fewer = Vacancies(
        vacancies.dwelling[keep], vacancies.point[keep],
        np.searchsorted(vacancies.point[keep], np.arange(n + 1) / n).astype(np.int32),
        vacancies.is_illegal[keep], vacancies.is_local[keep],
    )  # fmt: skip
    again = np.empty_like(ranked)
    rank_candidates(KEY, WHEN, YEAR, *args, fewer, movers, households, dwellings, again, score)
    untouched = 0
    for m in range(9):
        before = [vacancies.dwelling[v] for v in ranked[m] if v >= 0]
        after = [fewer.dwelling[v] for v in again[m] if v >= 0]
        assert [d for d in before if d != vacancies.dwelling[2]] == [d for d in after if d in before]
        untouched += vacancies.dwelling[2] not in before and before == after
    assert untouched > 0


def test_count_households__by_hand():
    """Two places: sizes 2 and 3 of kind 0 at place 0, size 1 of kind 1 at place 1, one household nowhere."""
    counts, log_standard = np.empty((2, 2)), np.empty(2)
    place = np.array([0, 0, 1, NONE], np.int32)
    size, kind = np.array([2, 3, 1, 9], np.int16), np.array([0, 0, 1, 0], np.int8)
    count_households(place, size, kind, np.array([100, 200, 300, 400], np.float32), counts, log_standard)
    assert counts.tolist() == [[5, 0], [0, 1]]
    assert log_standard == pytest.approx([(2 * np.log(100) + 3 * np.log(200)) / 5, np.log(300)])


def test_count_lodgers__adds_guests_to_their_host():
    out = np.empty(3, np.int16)
    count_lodgers(np.array([NONE, 0, 0]), np.array([4, NONE, NONE]), np.array([2, 1, 3], np.int16), out)
    assert out.tolist() == [6, 1, 3]

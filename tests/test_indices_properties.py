"""What the literature proves of the indices holds for any small table."""

import doctest
import math
from importlib import import_module

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reference import indices as plain
from segsim import indices

SMALL = st.integers(0, 12)


@st.composite
def tables(draw, min_units=1, min_groups=1, max_groups=4, counts=SMALL):
    shape = draw(st.tuples(st.integers(min_units, 6), st.integers(min_groups, max_groups)))
    return draw(arrays(np.int64, shape, elements=counts))


BETWEEN_0_AND_1 = (
    indices.dissimilarity,
    indices.gini,
    indices.theil,
    indices.relative_diversity,
    indices.normalised_exposure,
    indices.squared_variation,
    indices.atkinson_symmetric,
)
SCALARS = (*BETWEEN_0_AND_1, indices.mutual_information, indices.entropy, indices.diversity)


def same(a, b):
    return np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)


@given(tables())
def test_reference__agrees_on_any_table(counts):
    found = plain.of_counts(counts.tolist())
    for name, index in (
        ("D", indices.dissimilarity),
        ("G", indices.gini),
        ("H", indices.theil),
        ("M", indices.mutual_information),
        ("R", indices.relative_diversity),
        ("P", indices.normalised_exposure),
        ("C", indices.squared_variation),
        ("atkinson_sym", indices.atkinson_symmetric),
        ("D_vs_rest", indices.dissimilarity_vs_rest),
        ("V_vs_rest", indices.separation_vs_rest),
        ("exposure", indices.exposure),
        ("local_M_units", indices.local_information_units),
        ("local_M_groups", indices.local_information_groups),
    ):
        assert same(index(counts), found[name]), name


@given(tables(counts=st.integers(0, 40_000)))
def test_information__is_the_same_with_and_without_the_table_of_products(counts):
    assert same(indices.mutual_information(counts), indices.mutual_information(counts * 0.5))


@given(tables(), st.sampled_from([2.0, 0.25, 1e6]))
def test_scale__of_all_counts_changes_nothing(counts, factor):
    for index in SCALARS:
        assert same(index(counts), index(counts * factor))


@given(tables(), st.randoms(use_true_random=False))
def test_labels__of_units_and_groups_change_nothing(counts, chance):
    rows, columns = list(range(counts.shape[0])), list(range(counts.shape[1]))
    chance.shuffle(rows)
    chance.shuffle(columns)
    for index in SCALARS:
        assert same(index(counts), index(counts[rows][:, columns]))


@given(tables())
def test_empty_units_and_groups__change_nothing(counts):
    padded = np.pad(counts, 1)
    for index in SCALARS:
        assert same(index(counts), index(padded))


@given(tables(), st.integers(2, 5))
def test_units_of_one_composition__may_be_merged_or_split(counts, parts):
    split = np.repeat(counts, parts, axis=0) / parts
    for index in SCALARS:
        assert same(index(counts), index(split))


@given(tables())
def test_bounds(counts):
    for index in BETWEEN_0_AND_1:
        value = index(counts)
        assert math.isnan(value) or -1e-12 <= value <= 1 + 1e-12
    m, e = indices.mutual_information(counts), indices.entropy(counts)
    if not math.isnan(m):
        assert 0 <= m <= min(math.log(counts.shape[0]), e) + 1e-9


@given(st.lists(st.integers(1, 50), min_size=2, max_size=5))
def test_complete_separation__is_one(sizes):
    counts = np.diag(sizes)
    for index in BETWEEN_0_AND_1:
        assert index(counts) == pytest.approx(1)


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=5), st.lists(st.integers(1, 9), min_size=2, max_size=4)
)
def test_even_table__is_zero(units, groups):
    counts = np.outer(units, groups)
    for index in BETWEEN_0_AND_1:
        assert index(counts) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("index", [*BETWEEN_0_AND_1, indices.rank_order_theil])
def test_undefined__is_nan(index):
    if index is indices.rank_order_theil:
        assert math.isnan(index([5, 5, 5], [0, 1, 1]))
    else:
        for nothing in ([[0, 0], [0, 0]], [[3, 0], [4, 0]], np.zeros((0, 2)), np.zeros((2, 0))):
            assert math.isnan(index(nothing))


def test_one_group_city__has_no_information_but_no_evenness():
    assert indices.mutual_information([[3, 0], [4, 0]]) == 0
    assert indices.entropy([[3, 0], [4, 0]]) == 0


def test_one_unit__is_even():
    for index in BETWEEN_0_AND_1:
        assert index([[0, 0, 0], [4, 6, 1]]) == pytest.approx(0, abs=1e-15)


@given(tables(min_units=2, min_groups=2, max_groups=2, counts=st.integers(1, 30)), st.data())
def test_transfer_principle__a_swap_towards_evenness_never_raises_segregation(counts, data):
    share = counts[:, 0] / counts.sum(axis=1)
    high, low = int(np.argmax(share)), int(np.argmin(share))
    assume(share[high] > share[low])
    amount = data.draw(st.floats(0, 1)) * 0.5
    step = amount * (share[high] - share[low]) / (1 / counts[high].sum() + 1 / counts[low].sum())
    after = counts.astype(float)
    after[high] += [-step, step]
    after[low] += [step, -step]
    for index in (indices.gini, indices.theil, indices.relative_diversity, indices.dissimilarity):
        assert index(after) <= index(counts) + 1e-9


@given(tables(min_units=2, min_groups=2, max_groups=2))
def test_gini__lies_between_d_and_2d_less_d_squared(counts):
    d, g = indices.dissimilarity(counts), indices.gini(counts)
    assert math.isnan(d) or d - 1e-9 <= g <= 2 * d - d * d + 1e-9


@given(tables(min_groups=2, max_groups=2))
def test_two_groups__v_r_and_p_are_one_index(counts):
    r = indices.relative_diversity(counts)
    assert same(r, indices.normalised_exposure(counts))
    assert same(r, indices.separation_vs_rest(counts)[0])
    assert same(r, indices.exposure_shortfall(counts)[0, 1])


@given(tables())
def test_exposure__adds_up(counts):
    matrix, shares = indices.exposure(counts), counts.sum(axis=0) / max(1, counts.sum())
    present = shares > 0
    assert same(matrix[present].sum(axis=1), 1)
    assert same((shares[present, None] * matrix[present]).sum(axis=0), shares)
    assert (np.diag(matrix)[present] >= shares[present] - 1e-9).all()


@given(tables())
def test_local_information__adds_up_to_m(counts):
    m, total = indices.mutual_information(counts), counts.sum()
    assume(total > 0)
    for local, sizes in (
        (indices.local_information_units(counts), counts.sum(axis=1)),
        (indices.local_information_groups(counts), counts.sum(axis=0)),
    ):
        assert same(np.nansum(local * sizes / total), m)


@given(tables(), st.data())
def test_between_and_within_districts__add_up(counts, data):
    districts = data.draw(st.lists(st.sampled_from("abc"), min_size=len(counts), max_size=len(counts)))
    found = indices.between_within(counts, districts)
    assert same(found.M, found.M_between + found.M_within)
    assert same(found.H, found.H_between + found.H_within)
    if counts.sum() > 0 and not math.isnan(found.H):
        assert same(found.H_within, np.nansum(found.shares * found.entropy_ratios * found.H_of_districts))


@given(arrays(np.int64, (3, 4, 2), elements=SMALL))
def test_chain_rule__is_exact(table):
    found = indices.school_and_home(table)
    assume(table.sum() > 0)
    assert same(found.M_joint, found.M_zone + found.M_school_given_zone)
    assert same(found.M_joint, found.M_school + found.M_zone_given_school)
    assert same(found.excess_M, found.M_school_given_zone - found.M_zone_given_school)
    assert found.M_school_given_zone >= -1e-12
    assert found.M_zone_given_school >= -1e-12


@given(tables(min_units=2, min_groups=2, counts=st.integers(0, 6)), st.randoms(use_true_random=False))
def test_change__parts_add_up(before, chance):
    after = before.copy()
    for _ in range(5):
        after[chance.randrange(len(after)), chance.randrange(after.shape[1])] += chance.randrange(4)
    found = indices.decompose_change(before, after)
    parts = found[3:]
    if not any(map(math.isnan, parts)):
        assert sum(parts) == pytest.approx(found.diff, abs=1e-9)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=20, unique=True), st.data())
def test_rank_order_variance_ratio__is_one_less_the_mean_rank_difference_within(incomes, data):
    units = data.draw(st.lists(st.integers(0, 3), min_size=len(incomes), max_size=len(incomes)))
    rank = np.argsort(np.argsort(incomes)).astype(float)

    def mean_difference(ranks):
        return np.abs(ranks[:, None] - ranks[None, :]).mean()

    code = np.array(units)
    within = sum((code == u).mean() * mean_difference(rank[code == u]) for u in set(units))
    assert same(indices.rank_order_variance_ratio(incomes, units), 1 - within / mean_difference(rank))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=25), st.data())
def test_rank_order__agrees_with_the_definition(incomes, data):
    units = data.draw(st.lists(st.sampled_from("xyz"), min_size=len(incomes), max_size=len(incomes)))
    assert same(indices.rank_order_theil(incomes, units), plain.rank_order(incomes, units, "H"))
    assert same(indices.rank_order_variance_ratio(incomes, units), plain.rank_order(incomes, units, "R"))
    n = data.draw(st.integers(2, 6))
    assert indices.income_classes(incomes, n).tolist() == plain.classes(incomes, n)


@given(arrays(np.int64, (3, 4, 2), elements=st.integers(0, 3)))
def test_grid_reference__agrees_on_any_grid(grid):
    assume(grid.sum() > 0)
    counts, where = grid.reshape(-1, 2).tolist(), plain.places(3, 4)
    for size in (1, 4, 30):
        for ego, ring in (("exclude", "pro_rata"), ("include", "pro_rata"), ("include", "whole")):
            want = plain.nearest(counts, where, size, ego == "exclude", ring == "whole")
            assert same(indices.nearest_profile(grid, [size], ego, ring)[0], want)
    h, d, r, matrix = plain.spatial(counts, where, plain.biweight(2.5))
    found = indices.spatial_indices(grid, 2.5)
    assert same([found.H, found.D, found.R], [h, d, r])
    assert same(found.exposure, matrix)
    assert same(indices.white(grid), plain.white(counts, where, math.sqrt(0.6)))
    assert same(indices.morrill(grid), plain.morrill(counts, where, "rook"))


@given(arrays(np.int64, (4, 4, 3), elements=st.integers(0, 9)))
def test_spatial_indices__at_bandwidth_0_are_the_aspatial_ones(grid):
    counts, found = grid.reshape(-1, 3), indices.spatial_indices(grid, 0)
    for spatial, index in (
        ("H", indices.theil),
        ("D", indices.dissimilarity),
        ("R", indices.relative_diversity),
    ):
        assert same(getattr(found, spatial), index(counts))
    assert same(found.exposure, indices.exposure(counts))


def test_spatial_indices__fall_towards_0_as_the_bandwidth_grows():
    grid = np.random.default_rng(1).integers(0, 20, (8, 8, 2))
    profile = indices.spatial_profile(grid, (0, 2, 4, 8, 1000))
    assert profile[0].D > profile[2].D > profile[4].D
    assert pytest.approx(0, abs=1e-3) == profile[4].D


def test_nearest_profile__keeps_the_order_asked_for():
    grid = np.random.default_rng(2).integers(0, 5, (6, 6, 2))
    found = indices.nearest_profile(grid, [25, 4, 8])
    for at, size in enumerate((25, 4, 8)):
        assert same(found[at], indices.nearest_exposure(grid, size))


@given(tables(min_units=2, min_groups=2, max_groups=3, counts=st.integers(0, 9)))
def test_chance__agrees_with_the_exact_law(counts):
    rows = counts.tolist()
    assume(counts.sum() > 1)
    assert same(indices.expected_mutual_information(rows), plain.expected_information(rows))
    for law in ("hypergeometric", "binomial"):
        want = plain.expected_dissimilarity(rows, getattr(plain, law))
        assert same(indices.expected_dissimilarity(rows, law), want)


def test_chance__a_random_allocation_gives_what_is_expected():
    rng = np.random.default_rng(3)
    units, groups = np.repeat(np.arange(40), 12), np.repeat([0, 1], [96, 384])
    draws = [
        np.histogram2d(units, rng.permutation(groups), bins=(40, 2), range=((0, 40), (0, 2)))[0]
        for _ in range(400)
    ]
    for index, expected in (
        (indices.dissimilarity, indices.expected_dissimilarity),
        (indices.theil, indices.expected_theil),
        (indices.relative_diversity, indices.expected_relative_diversity),
        (indices.separation_without_self, indices.expected_separation_without_self),
    ):
        values = np.array([index(table) for table in draws])
        error = values.std() / math.sqrt(len(draws))
        assert abs(values.mean() - expected(draws[0])) < 4 * error


def test_chance__holds_for_units_of_a_million():
    counts = [[500_000, 1_500_000], [200_000, 800_000], [300_000, 700_000]]
    total, members = 4_000_000, 1_000_000
    spread = [math.sqrt(t * 0.25 * 0.75 * (total - t) / (total - 1)) for t in (2e6, 1e6, 1e6)]
    normal = sum(math.sqrt(2 / math.pi) * s for s in spread) * total / (2 * members * (total - members))
    assert indices.expected_dissimilarity(counts) == pytest.approx(normal, rel=1e-5)
    assert indices.expected_mutual_information(counts) == pytest.approx(2 / (2 * total), rel=1e-4)


def test_adjusted__is_one_at_separation_zero_at_chance_and_minus_one_when_even():
    assert indices.adjusted(1, 0.3) == 1
    assert indices.adjusted(0.3, 0.3) == 0
    assert indices.adjusted(0, 0.3) == -1
    assert math.isnan(indices.adjusted(1, 1))


def test_area_types__are_cut_at_the_mean_and_one_and_two_sd():
    sd, mean = 5.70, 9.40
    index = [mean + 2 * sd, mean + sd, mean, mean - sd, mean - 1.01 * sd, math.nan, mean + 1.99 * sd]
    assert indices.area_types(index).tolist() == [1, 2, 3, 4, 5, 0, 2]


def test_area_types__of_a_nation_are_relative_to_it():
    index = np.array([2.0, 4.0, 6.0, 8.0, 30.0])
    reference = indices.national_reference(index)
    assert reference.mean == index.mean()
    assert (
        indices.area_types(index, reference).tolist()
        == indices.area_types((index - index.mean()) / index.std(), indices.Reference(0.0, 1.0)).tolist()
    )
    assert indices.shares_by_type(indices.area_types(index), [10] * 5).sum() == pytest.approx(1)


def test_socioeconomic_index__is_the_mean_of_its_parts():
    assert indices.socioeconomic_index([30], [20], [10]).tolist() == [20]


def test_inequality_index__is_100_times_d():
    assert indices.inequality_index([30, 10], [10, 30]) == 50
    assert math.isnan(indices.inequality_index([0, 0], [1, 2]))
    assert set(indices.INEQUALITY_DEFINITION) == {"en", "sv"}


def test_transitions__leave_out_areas_without_a_type():
    matrix = indices.transitions([1, 1, 2, 0], [1, 2, 2, 3])
    assert matrix[0].tolist() == [0.5, 0.5, 0, 0, 0]
    assert np.isnan(matrix[4]).all()
    assert indices.persistence([1, 1, 2, 0], [1, 2, 2, 3]) == pytest.approx(2 / 3)


def test_convergence__is_the_sd_over_areas():
    assert indices.convergence([1, 3, math.nan]) == 1
    assert math.isnan(indices.convergence([1]))


def test_extremes_and_unevenness__by_hand():
    assert indices.concentration_at_extremes([5, 0], [0, 5], [10, 5]).tolist() == [-0.5, 1]
    assert indices.income_unevenness([[1, 1, 1, 1], [4, 0, 0, 0]]).tolist() == [0, 1]


def test_between_share_and_sd__by_hand():
    values, units = [0.0, 2.0, 4.0, 6.0, math.nan], ["a", "a", "b", "b", "b"]
    assert indices.between_share(values, units) == pytest.approx(16 / 20)  # means 1 and 5 around 3
    assert indices.between_sd(values, units) == 2
    assert math.isnan(indices.between_share([1, 1], [0, 1]))


def test_residence_counterfactual__says_how_much_homes_explain():
    found = indices.residence_counterfactual([[9, 1], [1, 9]], [[7, 3], [3, 7]])
    assert found.share_from_residence == pytest.approx(0.5)
    assert found.excess == pytest.approx(0.4)
    assert indices.nearest_school([[0, 0], [9, 9]], [[10, 10], [1, 0]]).tolist() == [1, 0]


@pytest.mark.parametrize("name", ["evenness", "exposure", "chance", "income", "schools"])
def test_examples__in_the_docstrings_hold(name):
    found = doctest.testmod(import_module(f"segsim.indices.{name}"))
    assert found.attempted > 0
    assert found.failed == 0

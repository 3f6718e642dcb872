"""Bad input is one clear `ValueError`; numbers in any form are good input."""

import numpy as np
import pandas as pd
import pytest

from segsim import indices

OF_TABLES = (
    indices.dissimilarity,
    indices.dissimilarity_pairs,
    indices.dissimilarity_vs_rest,
    indices.theil,
    indices.theil_vs_rest,
    indices.mutual_information,
    indices.local_information_units,
    indices.local_information_groups,
    indices.entropy,
    indices.diversity,
    indices.separation_vs_rest,
    indices.relative_diversity,
    indices.normalised_exposure,
    indices.squared_variation,
    indices.gini,
    indices.gini_pairs,
    indices.gini_vs_rest,
    indices.atkinson,
    indices.atkinson_vs_rest,
    indices.atkinson_symmetric,
    indices.exposure,
    indices.exposure_shortfall,
    indices.isolation,
    indices.interaction_with_rest,
    indices.contact_without_self,
    indices.separation_without_self,
    indices.expected_dissimilarity,
    indices.expected_dissimilarity_vs_rest,
    indices.expected_mutual_information,
    indices.expected_theil,
    indices.approximate_mutual_information,
    indices.expected_relative_diversity,
    indices.expected_separation_without_self,
    indices.ordinal_theil,
    indices.ordinal_variance_ratio,
    indices.rank_order_theil_polynomial,
    lambda counts: indices.between_within(counts, [0, 1]),
    lambda counts: indices.decompose_change(counts, [[1, 2], [3, 4]]),
)


@pytest.mark.parametrize("index", OF_TABLES)
@pytest.mark.parametrize("bad", [-1, np.nan, np.inf, -np.inf])
def test_bad_count__is_named_with_its_place(index, bad):
    with pytest.raises(ValueError, match=r"counts\[1, 0\] is .*; counts must be finite and not negative"):
        index([[1, 2], [bad, 4]])


@pytest.mark.parametrize("index", OF_TABLES)
@pytest.mark.parametrize("bad", [[1, 2], 3, [[[1, 2]]]])
def test_wrong_shape__is_named(index, bad):
    with pytest.raises(ValueError, match="counts must be a table of units x groups"):
        index(bad)


@pytest.mark.parametrize("bad", [[[1, 2], [3]], [["a", "b"]], [[1, None], [2, object()]]])
def test_no_numbers__are_named(bad):
    with pytest.raises(ValueError, match="counts must be numbers"):
        indices.dissimilarity(bad)


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64, np.uint16, np.float32, bool])
def test_any_number_type__gives_the_same(dtype):
    counts = np.array([[1, 0], [1, 1], [0, 1]], dtype)
    assert indices.dissimilarity(counts) == indices.dissimilarity(counts.astype(float))


def test_polynomial_of_more_powers_than_thresholds__is_not_given_at_once():
    for index in (indices.rank_order_theil_polynomial, indices.rank_order_variance_ratio_polynomial):
        assert np.isnan(index([[3, 2, 1], [1, 2, 3]], order=10**9))


def test_memory_order_and_frames__give_the_same():
    counts = np.array([[30, 10, 2], [10, 30, 4]])
    frame = pd.DataFrame(counts, columns=["a", "b", "c"], index=["north", "south"])
    for index in (indices.theil, indices.gini):
        want = index(counts)
        assert index(np.asfortranarray(counts)) == want
        assert index(np.repeat(counts, 2, axis=1)[:, ::2]) == want
        assert index(frame) == want
        assert index(counts.tolist()) == want


def test_large_integers__do_not_overflow():
    large = np.array([[3_000_000_000, 1_000_000_000], [1_000_000_000, 4_000_000_000]], np.int64)
    assert indices.gini(large) == pytest.approx(indices.gini([[3, 1], [1, 4]]))
    assert indices.dissimilarity(large.astype(np.uint64)) == pytest.approx(
        indices.dissimilarity([[3, 1], [1, 4]])
    )


def test_input__is_left_alone():
    counts = np.array([[30.0, 10.0], [10.0, 30.0]])
    before = counts.copy()
    for index in OF_TABLES:
        index(counts)
    assert (counts == before).all()


def test_minus_zero__is_zero():
    assert indices.dissimilarity([[-0.0, 1.0], [1.0, 0.0]]) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: indices.atkinson([[1, 2], [3, 4]], 1.0), "between 0 and 1"),
        (lambda: indices.atkinson([[1, 2, 3]]), "compares two groups"),
        (lambda: indices.expected_dissimilarity([[1.5, 2], [3, 4]]), "whole numbers"),
        (lambda: indices.expected_dissimilarity([[1, 2], [3, 4]], "normal"), "law must be one of"),
        (lambda: indices.between_within([[1, 2], [3, 4]], [0]), "one label per row"),
        (lambda: indices.rank_order_theil([1, np.nan], [0, 1]), r"incomes\[1\] is nan"),
        (lambda: indices.rank_order_theil([1, 2], [0]), "one label per row"),
        (lambda: indices.rank_order_theil([[1, 2]], [0]), "one number per household"),
        (lambda: indices.income_classes([1, 2], 1), "at least 2"),
        (lambda: indices.nearest_exposure(np.ones((3, 3)), 4), "rows x cols x groups"),
        (
            lambda: indices.nearest_exposure(np.ones((3, 3, 2)), 10**9),
            "17 others beside a person; give a k of",
        ),
        (lambda: indices.nearest_exposure(np.ones((3, 3, 2)), 18), "17 others"),
        (lambda: indices.nearest_exposure(np.ones((3, 3, 2)), 19, ego="include"), "18 people; give a k of"),
        (lambda: indices.nearest_exposure(-np.ones((3, 3, 2)), 4), r"grid\[0, 0, 0\]"),
        (lambda: indices.nearest_exposure(np.ones((3, 3, 2)), 0), "at least 1 person"),
        (lambda: indices.nearest_exposure(np.ones((3, 3, 2)), 4, ego="both"), "ego must be one of"),
        (lambda: indices.spatial_indices(np.ones((3, 3, 2)), -1), "bandwidth"),
        (lambda: indices.spatial_indices(np.ones((3, 3, 2)), 1, "gauss"), "decay must be one of"),
        (lambda: indices.morans_i(np.ones(3)), "rows x cols"),
        (lambda: indices.morans_i(np.ones((3, 3)), "king"), "contiguity must be one of"),
        (lambda: indices.school_and_home(np.ones((2, 2))), "zones x schools x groups"),
        (lambda: indices.residence_counterfactual([[1, 2]], [[1, 2, 3]]), "different groups"),
        (lambda: indices.decompose_change([[1, 2]], [[1, 2, 3]]), "different groups"),
        (lambda: indices.decompose_change([[1, 2]], [[1, 2], [3, 4]]), "same units"),
        (lambda: indices.transitions([1], [1, 2]), "one number per unit"),
        (lambda: indices.transitions([1], [6]), "1 to 5"),
        (lambda: indices.national_reference([1.0]), "at least two areas"),
        (lambda: indices.area_types([1.0], indices.Reference(9, 0)), "must be positive"),
        (lambda: indices.cross_table(), "at least one"),
        (lambda: indices.nearest_school([[0, 0]], np.zeros((0, 2))), "there must be a school"),
        (lambda: indices.nearest_school([[0, 0]], [[np.nan, 1]]), "no school has coordinates"),
        (lambda: indices.nearest_school([[0, np.nan]], [[1, 1]]), r"homes\[0, 1\] is nan"),
        (lambda: indices.income_classes([]), "incomes is empty"),
        (lambda: indices.class_edges([], 4), "incomes is empty"),
        (lambda: indices.class_edges([1, np.nan, 3], 2), r"incomes\[1\] is nan"),
        (lambda: indices.class_edges(["low"], 2), r"incomes\[0\] is low"),
        (lambda: indices.income_classes([1, 2], 2.5), "whole number of at least 2, not 2.5"),
        (lambda: indices.income_unevenness([[1], [2]]), "at least 2 income classes"),
        (lambda: indices.income_unevenness([[1, -1, 3]]), r"counts\[0, 1\] is -1"),
        (lambda: indices.rank_order_theil_polynomial([[1, 2]], order=-1), "order must be a whole number"),
        (lambda: indices.rank_order_theil_polynomial([[1, 2]], order=1.5), "order must be a whole number"),
        (lambda: indices.rank_order_variance_ratio_polynomial([[1, 2]], order="4"), "order must be a whole"),
        (lambda: indices.morans_i(np.eye(3), standardised="yes"), "standardised must be True or False"),
        (lambda: indices.spatial_theil(np.ones((2, 2, 2)), True), "the bandwidth in cells must be a finite"),
        (lambda: indices.rank_order_theil_polynomial([[1, 2]], order=np.True_), "order must be a whole"),
        (lambda: indices.rank_order_theil_polynomial([[1, 2]], "no"), "weighted must be True or False"),
        (lambda: indices.rank_order_theil_polynomial([[1, 2]], 4), "weighted must be True or False, not 4"),
        (lambda: indices.rank_order_variance_ratio_polynomial([[1, 2]], None), "weighted must be True"),
        (lambda: indices.transitions([1], [1], n_types=2.5), "n_types must be a whole number"),
        (lambda: indices.transitions([1.5], [1]), r"before\[0\] is 1.5; types must be 1 to 5"),
        (lambda: indices.transitions([1], [-1]), r"after\[0\] is -1; types must be 1 to 5"),
        (lambda: indices.persistence([1, 6], [1, 6]), r"before\[1\] is 6; types must be 1 to 5"),
        (lambda: indices.shares_by_type([1, 6], [5, 5]), r"types\[1\] is 6; types must be 1 to 5"),
        (lambda: indices.shares_by_type([1, 2], [5, -5]), r"population\[1\] is -5"),
        (lambda: indices.shares_by_type([1, 2], [5]), "one number per unit: 2 are needed"),
        (lambda: indices.inequality_index([1, -2], [1, 2]), r"low\[1\] is -2"),
        (lambda: indices.pair_dissimilarity([1, 2], [np.nan, 2]), r"y\[0\] is nan"),
        (lambda: indices.concentration_at_extremes([10], [2], [3]), r"total\[0\] is 3.0, fewer than low and"),
        (lambda: indices.concentration_at_extremes([1], [np.inf], [3]), r"high\[0\] is inf"),
        (lambda: indices.socioeconomic_index([120], [1], [1]), r"low_standard\[0\] is 120"),
        (lambda: indices.socioeconomic_index([1], [1], [-1]), r"without_work\[0\] is -1"),
        (lambda: indices.area_types([np.inf]), r"index\[0\] is inf"),
        (lambda: indices.area_types([1], indices.Reference(np.nan, 1)), "mean of the national index"),
        (lambda: indices.national_reference([1, np.inf]), r"index\[1\] is inf"),
        (lambda: indices.convergence([[1, 2]]), "one number per unit"),
        (lambda: indices.between_share([1, np.inf], [0, 1]), r"values\[1\] is inf"),
        (lambda: indices.between_sd([[1, 2]], [0, 1]), "one number per unit"),
        (lambda: indices.adjusted(35.0, 20.0), "between 0 and 1, not at 35.0"),
        (lambda: indices.adjusted([0.5, -1], [0.1, 0.1]), "between 0 and 1, not at -1.0"),
        (lambda: indices.atkinson([[1, 2], [3, 4]], "half"), "must be a finite number, not 'half'"),
        (lambda: indices.group_shares(np.ones((3, 3, 2)), 2), "group must be one of 0 to 1"),
        (lambda: indices.group_shares(np.ones((3, 3, 2)), -1), "group must be a whole number"),
        (lambda: indices.nearest_exposure(np.ones((3, 3, 2)), 2.5), "whole numbers of at least 1 person"),
        (lambda: indices.nearest_profile(np.ones((3, 3, 2)), 4), "must be a list"),
        (lambda: indices.nearest_exposure(np.ones((0, 3, 2)), 4), "grid must have a cell"),
        (lambda: indices.spatial_indices(np.ones((3, 3, 0)), 1), "grid must have a cell and a group"),
        (
            lambda: indices.spatial_indices(np.ones((3, 3, 2)), "2"),
            "bandwidth in cells must be a finite number",
        ),
        (lambda: indices.morans_i([[1, np.inf]]), r"values\[0, 1\] is inf"),
        (lambda: indices.white(np.ones((3, 3, 2)), -1), "own_distance must be a finite number of at least 0"),
        (lambda: indices.dissimilarity(np.ones((2, 2), complex)), "must be numbers, not complex128"),
        (
            lambda: indices.dissimilarity(pd.DataFrame({"a": pd.to_datetime(["2020", "2021"]), "b": [1, 2]})),
            "2020",
        ),
        (lambda: indices.residence_counterfactual([[1, 2]], [[1, 2]], "theil"), "must be a function"),
    ],
)
def test_bad_argument__is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "index",
    [
        indices.contact_without_self,
        indices.separation_without_self,
        indices.expected_dissimilarity,
        indices.expected_theil,
        lambda counts: indices.nearest_exposure(np.reshape(counts, (2, 1, 2)), 1),
        lambda counts: indices.nearest_profile(np.reshape(counts, (2, 1, 2)), [1], last_ring="whole"),
    ],
)
@pytest.mark.parametrize("counts", [[[0.3, 0.7], [0.7, 0.3]], [[30, 10], [10.5, 30]]])
def test_shares__are_no_persons(index, counts):
    with pytest.raises(ValueError, match=r"is (0\.3|10\.5); counts must be whole numbers of people"):
        index(counts)


def test_shares__of_a_neighbourhood_may_include_oneself():
    """All four cells are alike, so whoever includes the whole of the own share meets .3 and .7."""
    grid = np.tile([0.3, 0.7], (2, 2, 1))
    assert indices.nearest_exposure(grid, 1, ego="include")[0] == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize(
    "weigh",
    [
        lambda weights: indices.transitions([1, 2], [1, 2], weights=weights),
        lambda weights: indices.persistence([1, 2], [1, 2], weights),
        lambda weights: indices.cross_table(["a", "b"], [1, 2], weights=weights),
        lambda weights: indices.shares_by_type([1, 2], weights),
    ],
)
@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([1, -1], r"\[1\] is -1"),
        ([np.nan, 1], r"\[0\] is nan"),
        ([1, np.inf], r"\[1\] is inf"),
        ([1], "2 are needed"),
    ],
)
def test_weights__are_numbers_of_people(weigh, weights, says):
    with pytest.raises(ValueError, match=says):
        weigh(weights)


def test_what_is_masked__is_missing():
    masked = np.ma.masked_array([[30, 10], [10, 30], [5, 5]], mask=[[0, 0], [0, 1], [0, 0]])
    for index in (*OF_TABLES[:10], indices.income_unevenness):
        with pytest.raises(ValueError, match=r"counts\[1, 1\] is nan"):
            index(masked)
    with pytest.raises(ValueError, match=r"incomes\[1\] is nan"):
        indices.rank_order_theil(np.ma.masked_array([1, 2, 3], mask=[0, 1, 0]), [0, 0, 1])
    with pytest.raises(ValueError, match=r"districts\[1\] is missing"):
        indices.between_within([[1, 2], [3, 4]], np.ma.masked_array([0, 1], mask=[0, 1]))
    assert indices.area_types(np.ma.masked_array([1.0, 2.0], mask=[0, 1])).tolist() == [5, 0]
    hole = np.ma.masked_array(np.arange(9.0).reshape(3, 3), mask=np.eye(3) == 1)
    assert indices.morans_i(hole) == indices.morans_i(hole.filled(np.nan))


@pytest.mark.parametrize("n", [2, 3, 5, 7, 10, 11, 20, 97])
@pytest.mark.parametrize("n_groups", [2, 3])
def test_units_of_one_person__are_separate_by_chance_too(n, n_groups):
    """Exactly: the expectation is 1 and not 1 - 1e-15, so that the adjusted index is NaN and not 1."""
    alone = np.zeros((n + 1, n_groups))
    alone[np.arange(n), np.arange(n) % n_groups] = 1
    if n_groups > n:
        return
    for index, expected in (
        (indices.dissimilarity, indices.expected_dissimilarity),
        (indices.theil, indices.expected_theil),
        (indices.relative_diversity, indices.expected_relative_diversity),
        (indices.dissimilarity_vs_rest, indices.expected_dissimilarity_vs_rest),
        (indices.dissimilarity, lambda counts: indices.expected_dissimilarity(counts, "binomial")),
    ):
        assert np.all(np.asarray(expected(alone)) == 1.0)
        assert np.isnan(indices.adjusted(index(alone), expected(alone))).all()
    alone[0, 0] = 2  # two who share a unit, and the expectation is below 1 again
    assert indices.expected_dissimilarity(alone) < 1


def test_adjusted__takes_one_after_the_other():
    found = indices.adjusted([0.5, 0.1, np.nan], [0.2, 0.2, 0.2])
    assert found == pytest.approx([0.375, -0.5, np.nan], nan_ok=True)


def test_a_school_without_coordinates__is_nobodys_nearest():
    homes, schools = [[0, 0], [5, 5]], [[np.nan, np.nan], [4, 4], [0, np.nan], [1, 1], [np.inf, 0]]
    assert indices.nearest_school(homes, schools).tolist() == [3, 1]


@pytest.mark.parametrize("unit", [1e-12, 1e-3, 1e6])
def test_change__is_the_same_in_persons_and_in_thousands(unit):
    before, after = np.array([[30, 0, 4], [10, 30, 0.0]]), np.array([[20, 20, 1], [5, 35, 3.0]])
    want = indices.decompose_change(before, after)
    assert indices.decompose_change(before * unit, after * unit) == pytest.approx(want, rel=1e-9)
    assert indices.decompose_change(before * unit, after) == pytest.approx(want, rel=1e-6)


def test_frames_of_a_change__are_matched_by_their_labels():
    before = pd.DataFrame({"x": [30, 10], "y": [10, 30]}, index=["a", "b"])
    after = pd.DataFrame({"y": [2, 30, 10], "x": [20, 10, 30]}, index=["c", "b", "a"])
    found = indices.decompose_change(before, after)
    assert found.additions == pytest.approx(found.diff)
    assert found.structural == pytest.approx(0)


def test_negative_zero__counts_as_nobody():
    """Rounded noise makes -0.0, whose sign must not place a unit last on the segregation curve."""
    plain = np.array([[0.0, 10], [10, 0], [5, 5], [2, 8]])
    signed = np.where(plain == 0, -0.0, plain)
    for index in (indices.gini, indices.dissimilarity, indices.theil, indices.relative_diversity):
        assert index(signed) == index(plain)


@pytest.mark.parametrize("n_groups", [2, 3, 4, 5, 8])
def test_equal_rows__are_not_segregated_at_all(n_groups):
    table = np.tile(np.arange(1, n_groups + 1), (20_000, 1))
    assert indices.mutual_information(table) == 0
    assert indices.dissimilarity(table) == 0
    assert indices.isolation(np.diag([49.0, 5.0])).tolist() == [1.0, 1.0]

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
        (lambda: indices.transitions([1], [1, 2]), "one type per area"),
        (lambda: indices.transitions([1], [6]), "1 to 5"),
        (lambda: indices.national_reference([1.0]), "at least two areas"),
        (lambda: indices.area_types([1.0], indices.Reference(9, 0)), "must be positive"),
        (lambda: indices.cross_table(), "at least one"),
        (lambda: indices.nearest_school([[0, 0]], np.zeros((0, 2))), "there must be a school"),
    ],
)
def test_bad_argument__is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


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

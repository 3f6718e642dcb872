"""What is given together is matched by its labels; results carry them; frames hold counts only."""

import numpy as np
import pandas as pd
import pytest

from segsim import indices

AREAS = ["a", "b", "c"]
LOW = pd.Series([10, 20, 30], AREAS)
HIGH = pd.Series([30, 20, 10], AREAS)
EVERYBODY = pd.Series([50, 50, 50], AREAS)
TYPES = pd.Series([1, 1, 2], AREAS)
LATER = pd.Series([1, 2, 2], AREAS)
COUNTS = pd.DataFrame({"x": [30, 10, 5], "y": [10, 30, 5]}, AREAS)
DISTRICTS = pd.Series(["n", "s", "n"], AREAS)
CHILDREN = list(range(6))
SCHOOL, HOME = pd.Series(list("ppqqqp"), CHILDREN), pd.Series(list("zzzyyy"), CHILDREN)
INCOME = pd.Series([1.0, 2, 3, 4, 5, 6], CHILDREN)

TOGETHER = {
    "inequality_index": (indices.inequality_index, LOW, HIGH),
    "pair_dissimilarity": (indices.pair_dissimilarity, LOW, HIGH),
    "concentration_at_extremes": (indices.concentration_at_extremes, LOW, HIGH, EVERYBODY + LOW),
    "socioeconomic_index": (indices.socioeconomic_index, LOW, HIGH, LOW * 2),
    "shares_by_type": (indices.shares_by_type, TYPES, LOW),
    "transitions": (lambda a, b, w: indices.transitions(a, b, weights=w), TYPES, LATER, LOW),
    "persistence": (indices.persistence, TYPES, LATER, LOW),
    "between_within": (lambda c, d: indices.between_within(c, d).M_between, COUNTS, DISTRICTS),
    "decompose_change": (lambda a, b: indices.decompose_change(a, b).structural, COUNTS, COUNTS * [1, 2]),
    "rank_order_theil": (indices.rank_order_theil, INCOME, SCHOOL),
    "rank_order_variance_ratio": (indices.rank_order_variance_ratio, INCOME, SCHOOL),
    "between_share": (indices.between_share, INCOME, SCHOOL),
    "between_sd": (indices.between_sd, INCOME, SCHOOL),
    "cross_table": (lambda a, b, w: indices.cross_table(a, b, weights=w)[0], SCHOOL, HOME, INCOME),
    "adjusted": (indices.adjusted, LOW / 100, HIGH / 100),
    "value_added": (indices.value_added, LOW, HIGH.to_frame("sex") ** 2, EVERYBODY + LOW),
    "league_table_error": (indices.league_table_error, LOW, TYPES * HIGH),
}


def isolation_of_first(table):
    return indices.isolation(table)[0]


def plain(result):
    return np.asarray(result, np.float64)


@pytest.mark.parametrize("name", TOGETHER)
def test_another_order__of_the_same_labels_changes_nothing(name):
    index, first, *others = TOGETHER[name]
    want = index(first, *others)
    found = index(first, *[other.iloc[::-1] for other in others])
    assert not np.isnan(plain(want)).all()
    assert np.array_equal(plain(found), plain(want), equal_nan=True)


@pytest.mark.parametrize("name", sorted(set(TOGETHER) - {"decompose_change"}))
def test_other_labels__are_refused_by_name(name):
    index, first, *others = TOGETHER[name]
    other = others[0].rename({"c": "Z", 5: 99})
    with pytest.raises(ValueError, match=r"have different labels: ('c'|5) of .* is not in .*to_numpy\(\)"):
        index(first, other, *others[1:])


@pytest.mark.parametrize("name", sorted(set(TOGETHER) - {"decompose_change"}))
def test_numbers_against_text__are_told_apart(name):
    index, first, *others = TOGETHER[name]
    numbers = [values.set_axis(range(len(values))) for values in (first, *others)]
    numbers[1] = numbers[1].rename(str)
    with pytest.raises(ValueError, match=r"one has numbers and the other text: .*index\.astype\(str\)"):
        index(*numbers)


@pytest.mark.parametrize("name", sorted(set(TOGETHER) - {"decompose_change"}))
def test_repeated_labels__in_another_order_are_refused(name):
    index, first, *others = TOGETHER[name]
    repeated = [values.rename({"b": "a", 4: 0}) for values in (first, *others)]
    index(*repeated)  # in one order there is nothing to match
    with pytest.raises(ValueError, match=r"has the label ('a'|0) twice"):
        index(repeated[0], repeated[1].iloc[::-1], *repeated[2:])


def test_inequality_index__of_shuffled_areas_by_hand():
    """D is (|1/6 - 3/6| + 0 + |3/6 - 1/6|) / 2 = 1/3, however the areas of `high` stand."""
    for order in ([0, 1, 2], [1, 0, 2], [2, 0, 1]):
        assert indices.inequality_index(LOW, HIGH.iloc[order]) == pytest.approx(100 / 3)


def test_arrays_and_lists__are_taken_in_their_order():
    assert indices.inequality_index(LOW, HIGH.to_list()) == indices.inequality_index(LOW, HIGH)
    assert indices.between_within(COUNTS, ["n", "s", "n"]).M_between == pytest.approx(
        indices.between_within(COUNTS, DISTRICTS).M_between
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: indices.inequality_index([1, 2], [1, 2, 3]),
        lambda: indices.socioeconomic_index([1, 2, 3], [1, 2], [1, 2, 3]),
        lambda: indices.concentration_at_extremes([1], [1, 2], [3]),
        lambda: indices.persistence([1, 2], [1]),
    ],
)
def test_different_lengths__are_named(call):
    with pytest.raises(ValueError, match=r"for the same units: \w+ holds \d, \w+ holds \d"):
        call()


@pytest.mark.parametrize("axis", [0, 1])
def test_change__refuses_labels_that_repeat_or_never_meet(axis):
    twice = COUNTS.rename({"b": "a", "y": "x"})
    with pytest.raises(ValueError, match="before has the label 'a' twice"):
        indices.decompose_change(twice, twice)
    other = COUNTS.set_axis([1, 2, 3] if axis == 0 else [1, 2], axis=axis)
    with pytest.raises(ValueError, match=rf"have no {('unit', 'group')[axis]} in common"):
        indices.decompose_change(COUNTS, other)
    with pytest.raises(ValueError, match="numbers and the other text"):
        indices.decompose_change(other.rename(str, axis=axis), other)


def test_counterfactual__matches_groups_and_refuses_others():
    want = indices.residence_counterfactual(COUNTS, COUNTS * [1, 3], isolation_of_first)
    assert indices.residence_counterfactual(COUNTS, (COUNTS * [1, 3])[["y", "x"]], isolation_of_first) == want
    with pytest.raises(ValueError, match="'x' of actual is not in assigned"):
        indices.residence_counterfactual(COUNTS, COUNTS.rename(columns={"x": "z"}))


def test_nearest_school__matches_the_axes_of_both():
    homes = pd.DataFrame({"x": [0, 9], "y": [5, 5]}, ["h", "i"])
    schools = pd.DataFrame({"y": [0, 5], "x": [5, 0]})
    found = indices.nearest_school(homes, schools)
    assert found.to_dict() == {"h": 1, "i": 0}  # at (0, 5) itself; at (5, 0) 6.4 off and (0, 5) 9 off


RESULTS = {
    "local_information_units": AREAS,
    "local_information_groups": ["x", "y"],
    "dissimilarity_vs_rest": ["x", "y"],
    "theil_vs_rest": ["x", "y"],
    "separation_vs_rest": ["x", "y"],
    "gini_vs_rest": ["x", "y"],
    "atkinson_vs_rest": ["x", "y"],
    "expected_dissimilarity_vs_rest": ["x", "y"],
    "isolation": ["x", "y"],
    "interaction_with_rest": ["x", "y"],
    "income_unevenness": AREAS,
    "exposure": ["x", "y"],
    "exposure_shortfall": ["x", "y"],
    "dissimilarity_pairs": [("x", "y")],
    "gini_pairs": [("x", "y")],
}


@pytest.mark.parametrize("name", RESULTS)
def test_results__keep_the_labels_of_a_frame(name):
    index = getattr(indices, name)
    found, want = index(COUNTS), index(COUNTS.to_numpy())
    assert isinstance(want, np.ndarray)
    assert found.index.tolist() == RESULTS[name]
    assert np.array_equal(found.to_numpy(), want, equal_nan=True)
    if want.ndim == 2:
        assert found.columns.tolist() == RESULTS[name]


def test_results__keep_the_labels_of_a_series():
    assert indices.area_types(LOW).to_dict() == {"a": 3, "b": 2, "c": 1}
    assert indices.income_classes(LOW, 3).to_dict() == {"a": 0, "b": 1, "c": 2}
    assert indices.concentration_at_extremes(LOW, HIGH, EVERYBODY)["a"] == 0.4
    assert indices.socioeconomic_index(LOW, HIGH, LOW)["c"] == pytest.approx(70 / 3)
    adjusted = indices.adjusted(
        indices.dissimilarity_vs_rest(COUNTS), indices.expected_dissimilarity_vs_rest(COUNTS)
    )
    assert adjusted.index.tolist() == ["x", "y"]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (
            {"unit": list("nnss"), "group": list("abab"), "n": [3, 1, 1, 3]},
            r"index='unit', columns='group', values='n'",
        ),
        (
            {"group": list("abcabc"), "area": list("nnnsss"), "antal": range(6)},
            r"columns='area', values='antal'",
        ),
        (
            {"unit": [1, 1, 2, 2], "group": [0, 1, 0, 1], "n": [3, 1, 1, 3]},
            r"index='unit', columns='group', values='n'",
        ),
        ({"n": [3, 1, 1], "deso": list("xxy"), "group": list("aba")}, r"columns='group', values='n'"),
        (
            {"district": list("nns"), "group": list("aba")},
            r"pd\.crosstab\(counts\['district'\], counts\['group'\]\)",
        ),
        (
            {"place": list("nnss"), "sex": list("mkmk"), "group": list("abab"), "n": [3, 1, 1, 3]},
            "pivot_table",
        ),
    ],
)
def test_long_table__is_refused_with_the_call_that_mends_it(frame, says):
    with pytest.raises(ValueError, match=says):
        indices.dissimilarity(pd.DataFrame(frame))


def test_long_table__mended_as_told_is_the_table():
    long = pd.DataFrame({"unit": list("nnss"), "group": list("abab"), "n": [30, 10, 10, 30]})
    assert (
        indices.dissimilarity(long.pivot_table(index="unit", columns="group", values="n", aggfunc="sum"))
        == 0.5
    )


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("id", [1281, 1290, 1300]),
        ("Unnamed: 0", [0, 1, 2]),
        ("kommun", [1280, 1281, 1282]),
        ("row", [0, 1, 2]),
        ("DeSO", ["0181A", "0181B", "0181C"]),
        ("name", ["Norr", "Söder", "Öster"]),
    ],
)
def test_a_column_of_units__is_no_group(column, values):
    with pytest.raises(ValueError, match=rf"column '{column}' of counts .*set_index\('{column}'\)"):
        indices.theil(pd.DataFrame({column: values, "a": [30, 10, 5], "b": [10, 30, 9]}))


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (
            {"a": [30, 10], "b": [10, 30], "total": [40, 40]},
            r"'total'.* is the sum .*drop\(columns='total'\)",
        ),
        ({"alla": [40, 40, 9], "a": [30, 10, 4], "b": [10, 30, 5]}, "'alla'.* is the sum"),
        ({"a": [0.1, 0.7], "b": [0.2, 0.1], "c": [0.3, 0.8]}, "'c'.* is the sum"),
        ({"foreign": [30, 10], "pop_total": [100, 90]}, "'pop_total'.* looks like the total"),
        ({"a": [300, 100], "b": [100, 300], "Total": [399, 402]}, "'Total'.* looks like the total"),
    ],
)
def test_a_total__is_no_group(frame, says):
    with pytest.raises(ValueError, match=says):
        indices.exposure(pd.DataFrame(frame))


def test_a_total_without_a_name__is_a_warning():
    with pytest.warns(UserWarning, match="column 2 of counts is the sum of the others"):
        indices.theil([[30, 10, 40], [10, 30, 40], [5, 6, 11]])


def test_groups_that_only_look_odd__are_groups():
    for frame in (
        {"a": [1, 2, 3, 4], "b": [4, 3, 2, 1]},
        {"total": [30, 10], "b": [90, 30]},
        {"a": [1, 1, 1], "b": [2, 2, 2], "c": [3, 3, 3]},
        {"x": [1, 2], "y": [1, 2], "z": [5, 5]},
        {"x": ["30", "10"], "y": ["10", "30"]},
    ):
        assert indices.theil(pd.DataFrame(frame)) >= 0


@pytest.mark.parametrize("missing", [np.nan, None, pd.NA, -1, np.inf])
def test_a_bad_cell__is_named_by_its_labels(missing):
    frame = pd.DataFrame({"x": [30, 10, missing], "y": [10, 30, 5]}, AREAS, dtype=object)
    with pytest.raises(ValueError, match=r"counts\['c', 'x'\] is "):
        indices.isolation(frame)


@pytest.mark.parametrize(
    ("call", "cell"),
    [
        (
            lambda: indices.dissimilarity(COUNTS.astype(object).replace(5, "..")),
            r"counts\['c', 'x'\] is \.\.",
        ),
        (lambda: indices.inequality_index(LOW, HIGH.where(HIGH > 10)), r"high\['c'\] is nan"),
        (lambda: indices.shares_by_type(TYPES, -LOW), r"population\['a'\] is -10"),
        (lambda: indices.area_types(LOW.replace(20, np.inf)), r"index\['b'\] is inf"),
        (lambda: indices.rank_order_theil(INCOME.replace(4, np.nan), SCHOOL), r"incomes\[3\] is nan"),
        (
            lambda: indices.between_within(COUNTS, DISTRICTS.where(DISTRICTS == "n")),
            r"districts\['b'\] is missing",
        ),
        (lambda: indices.between_within(COUNTS, ["n", None, "s"]), r"districts\[1\] is missing"),
        (lambda: indices.cross_table([1, 2, 3], ["n", 1, "s"]), "labels 1 mixes numbers and text"),
        (lambda: indices.cross_table([1.0, np.nan], [1, 2]), r"labels 0\[1\] is missing"),
    ],
)
def test_a_bad_value_or_label__is_named_where_it_stands(call, cell):
    with pytest.raises(ValueError, match=cell):
        call()

"""Every index gives the value the definition gives: made-up tables, worked out by the plain reference.

`SEGSIM_INDEX_VECTORS` may name another file of the same form, such as reference values of other packages.
"""

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

from segsim import indices

OWN = Path(__file__).parent / "fixtures" / "index_cases.json"
OTHERS = os.environ.get("SEGSIM_INDEX_VECTORS", "")
FILES = [OWN, *([Path(OTHERS)] if OTHERS else [])]


def load(family):
    """Return the cases of a family in all files."""
    return [
        pytest.param(case, id=f"{path.stem}-{case['id']}")
        for path in FILES
        for case in json.loads(path.read_text(encoding="utf-8"))[family]
    ]


def numbers(value):
    """Return an expected value as numbers, null as NaN."""
    if isinstance(value, dict) and "v" in value:
        value = value["v"]
    if isinstance(value, list):
        return np.array([numbers(v) for v in value], float)
    return math.nan if value is None else value


def agree(found, case, atol=1e-12):
    """Assert that every value found is the one expected."""
    for name, value in case["expected"].items():
        if name != "district":
            want, got = numbers(value), np.asarray(found(name), float)
            assert got.shape == np.shape(want), name
            assert np.allclose(got, want, rtol=1e-9, atol=atol, equal_nan=True), (name, got, want)


OF_COUNTS = {
    "D": indices.dissimilarity,
    "G": indices.gini,
    "H": indices.theil,
    "M": indices.mutual_information,
    "R": indices.relative_diversity,
    "P": indices.normalised_exposure,
    "C": indices.squared_variation,
    "E": indices.entropy,
    "I": indices.diversity,
    "atkinson_sym": indices.atkinson_symmetric,
    "D_vs_rest": indices.dissimilarity_vs_rest,
    "G_vs_rest": indices.gini_vs_rest,
    "H_vs_rest": indices.theil_vs_rest,
    "V_vs_rest": indices.separation_vs_rest,
    "A0.5_vs_rest": indices.atkinson_vs_rest,
    "A0.1_vs_rest": lambda counts: indices.atkinson_vs_rest(counts, 0.1),
    "A0.9_vs_rest": lambda counts: indices.atkinson_vs_rest(counts, 0.9),
    "isolation": indices.isolation,
    "interaction_with_rest": indices.interaction_with_rest,
    "exposure": indices.exposure,
    "norm_exposure_shortfall": indices.exposure_shortfall,
    "D_pair": indices.dissimilarity_pairs,
    "G_pair": indices.gini_pairs,
    "D_R_segregation_two_group": indices.dissimilarity,
    "local_M_units": indices.local_information_units,
    "local_M_groups": indices.local_information_groups,
}


@pytest.mark.parametrize("case", load("counts"))
def test_counts(case):
    agree(lambda name: OF_COUNTS[name](case["counts"]), case)


DECAYS = {"exp2": ("exponential", 1.0), "biweight": ("biweight", None), "uniform": ("uniform", None)}


def of_grid(grid, name):
    """Return the spatial index a fixture names."""
    kind, *rest = name.split("_")
    if kind == "SD":
        return indices.morrill(grid, rest[0])
    if kind == "SP":
        return indices.white(grid, {"white": math.sqrt(0.6), "diag0": 0.0, "diag06": 0.6}[rest[0]])
    if kind == "knn":
        ego = "exclude" if rest[1] == "excl" else "include"
        ring = "whole" if rest[3] == "wholering" else "pro_rata"
        return indices.nearest_profile(grid, [int(rest[0])], ego, ring)[0]
    if kind == "moran":
        return indices.morans_i(indices.group_shares(grid, 0), rest[1], rest[2] == "W")
    if kind == "local":
        return indices.local_morans_i(indices.group_shares(grid, 0))[grid.sum(axis=2) > 0]
    decay, bandwidth = DECAYS[rest[1]]
    return getattr(indices.spatial_indices(grid, bandwidth or float(rest[2]), decay), kind)


@pytest.mark.parametrize("case", load("grid"))
def test_grid(case):
    grid = np.array(case["counts"], float).reshape(case["rows"], case["cols"], -1)
    agree(lambda name: of_grid(grid, name), case)


def of_incomes(case, name):
    """Return the income index a fixture names."""
    if name == "HR_exact":
        return indices.rank_order_theil(case["income"], case["unit"])
    if name == "RR_exact":
        return indices.rank_order_variance_ratio(case["income"], case["unit"])
    *kind, n = name.split("_")
    bins = case[f"bins{n}"]
    if kind[0] == "ordinal":
        return indices.ordinal_theil(bins) if kind[1] == "H" else indices.ordinal_variance_ratio(bins)
    if kind[0] == "HR":
        return indices.rank_order_theil_polynomial(bins, weighted="WLS" in kind)
    return indices.rank_order_variance_ratio_polynomial(bins, weighted="WLS" in kind)


@pytest.mark.parametrize("case", load("income"))
def test_income(case):
    agree(lambda name: of_incomes(case, name), case)


@pytest.mark.parametrize("case", [c for c in load("income") if "bins20" in c.values[0]])
def test_income_classes__are_the_quantile_classes(case):
    incomes, units = case["income"], case["unit"]
    for n in (10, 20):
        table, _ = indices.cross_table(units, indices.income_classes(incomes, n))
        assert table.tolist() == case[f"bins{n}"]


@pytest.mark.parametrize("case", load("school"))
def test_school(case):
    zone, school, group, children = np.array(case["rows"]).T
    table = np.zeros((case["zones"], case["schools"], case["groups"]))
    np.add.at(table, (zone, school, group), children)
    found = indices.school_and_home(table)
    nested = indices.between_within(table.sum(axis=0), case["school_district"])
    names = {
        "M_joint_zone_school": found.M_joint,
        "M_between_district": nested.M_between,
        "M_within_district": nested.M_within,
        "H_between_district": nested.H_between,
        "H_within_district": nested.H_within,
    }
    agree(lambda name: names[name] if name in names else getattr(found, name), case)
    districts = case["expected"].get("district", [])
    for d, want in enumerate(districts["v"] if isinstance(districts, dict) else districts):
        got = (nested.shares[d], nested.M_of_districts[d], nested.H_of_districts[d], nested.entropy_ratios[d])
        assert np.allclose(got, [want[key] for key in ("p", "M", "H", "E_ratio")], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", load("change"))
def test_change(case):
    found = indices.decompose_change(case["counts1"], case["counts2"])
    agree(lambda name: getattr(found, name), case, atol=1e-9)


def of_chance(counts, name):
    """Return what a fixture names of chance."""
    value = {
        "E_M_hypergeom": indices.expected_mutual_information,
        "E_H": indices.expected_theil,
        "H": indices.theil,
        "M_miller_madow_bias": indices.approximate_mutual_information,
        "R": indices.relative_diversity,
        "E_R": indices.expected_relative_diversity,
        "D": indices.dissimilarity,
        "E_D_hypergeom": indices.expected_dissimilarity,
        "E_D_binomial": lambda table: indices.expected_dissimilarity(table, "binomial"),
        "xPx_excl_self": lambda table: indices.contact_without_self(table)[0],
        "yPx_excl_self": lambda table: indices.contact_without_self(table)[1],
        "S_fossett": indices.separation_without_self,
        "E_S_fossett": indices.expected_separation_without_self,
    }
    parts = {
        "H_adj_CT": ("H", "E_H"),
        "R_adj": ("R", "E_R"),
        "D_adj_CT_binomial": ("D", "E_D_binomial"),
        "D_adj_CT_hypergeom": ("D", "E_D_hypergeom"),
    }
    if name in parts:
        return indices.adjusted(*(value[part](counts) for part in parts[name]))
    return value[name](counts)


@pytest.mark.parametrize("case", load("small_unit_bias"))
def test_chance(case):
    agree(lambda name: of_chance(case["counts"], name), case)

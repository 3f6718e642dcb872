"""The bridge to PySAL: lazy, quiet, honest about what is wrong there, and equal where both are right."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from segsim import indices
from segsim.errors import SegsimError
from segsim.indices import pysal

COUNTS = np.array([[30, 10, 4], [10, 30, 8], [0, 5, 12], [7, 7, 7]])


def test_bridge__costs_nothing_until_it_is_used():
    code = "import sys, segsim.indices; print([m for m in sys.modules if m in ('segregation', 'geopandas')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_bridge__puts_the_error_settings_back(monkeypatch):
    class Loud:
        def __init__(self, frame, groups):
            self.statistic = float(frame[groups].to_numpy().sum())

    def loud_import(module):
        np.seterr(divide="ignore", invalid="ignore")
        return type("Module", (), {"MultiDissim": Loud})

    monkeypatch.setattr(pysal, "import_module", loud_import)
    before = np.geterr()
    assert indices.to_pysal(COUNTS, "MultiDissim").statistic == COUNTS.sum()
    assert np.geterr() == before


def test_bridge__says_what_to_install(monkeypatch):
    def no_import(module):
        raise ImportError(f"No module named {module}", name="segregation")

    monkeypatch.setattr(pysal, "import_module", no_import)
    with pytest.raises(SegsimError, match=r"pip install \"segsim\[pysal\]\""):
        indices.to_pysal(COUNTS, "MultiDissim")


@pytest.mark.parametrize("name", sorted(pysal.WRONG))
def test_bridge__refuses_what_is_wrong_there(name):
    with pytest.raises(ValueError, match="is not right"):
        indices.to_pysal(COUNTS, name)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Dissimm",), "no bridge to"),
        (("SpatialDissim",), "give the geometry"),
        (("Dissim", ("a", "b", "c"), "d"), "no group 'd'"),
        (("Dissim", ("a", "b")), "2 groups are named"),
        (("Dissim", (), 5), "no group 5 with people; there are group_0, group_1, group_2"),
        (("Dissim", (), -1), "no group -1"),
        (("Dissim", (), 1.5), "no group 1.5"),
        (("Dissim", ("a", "b", "a"), "a"), r"2 groups are called 'a'; give the column, one of \[0, 2\]"),
        (("SpatialDissim", (), 0, [1, 2]), "4 are needed, not 2"),
    ],
)
def test_bridge__refuses_what_cannot_be(arguments, says):
    with pytest.raises(ValueError, match=says):
        indices.to_pysal(COUNTS, *arguments)


def test_frame__leaves_out_the_empty_and_names_the_groups():
    frame = indices.pysal_frame(pd.DataFrame({"a": [3, 0, 1], "b": [0, 0, 0], "c": [1, 0, 5]}))
    assert frame.columns.tolist() == ["a", "c", "total"]
    assert frame["total"].tolist() == [4, 6]


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["a", "a"], ["a", "a (2)", "total"]),
        (["total", "b"], ["total (2)", "b", "total"]),
        (["geometry", "total"], ["geometry (2)", "total (2)", "total"]),
        ([1, "1"], ["1", "1 (2)", "total"]),
        (["a", "a (2)", "a"], ["a", "a (2)", "a (3)", "total"]),
    ],
)
def test_frame__keeps_groups_apart_whatever_they_are_called(names, columns):
    counts = np.array([[1, 2, 4], [3, 4, 5]])[:, : len(names)]
    frame = indices.pysal_frame(pd.DataFrame(counts, columns=names))
    assert frame.columns.tolist() == columns
    assert frame.to_numpy().tolist() == np.column_stack([counts, counts.sum(axis=1)]).tolist()


def test_bridge__means_the_group_that_was_named(monkeypatch):
    class Asked:
        def __init__(self, frame, group, total):
            self.statistic = frame[group].tolist()

    monkeypatch.setattr(pysal, "import_module", lambda module: type("Module", (), {"Dissim": Asked}))
    odd = pd.DataFrame([[1, 0, 2], [3, 0, 4]], columns=["total", "nobody", "geometry"])
    assert indices.to_pysal(odd, "Dissim", group="total").statistic == [1, 3]
    assert indices.to_pysal(odd, "Dissim", group="geometry").statistic == [2, 4]
    assert indices.to_pysal(odd, "Dissim", group=2).statistic == [2, 4]
    for absent in (1, "nobody"):
        with pytest.raises(ValueError, match="with people; there are total, geometry"):
            indices.to_pysal(odd, "Dissim", group=absent)


@pytest.mark.parametrize("counts", [np.zeros((0, 2)), np.zeros((3, 2)), np.zeros((2, 2, 2))])
def test_bridge__has_nothing_to_say_of_nobody(counts):
    with pytest.raises(ValueError, match="counts hold nobody"):
        indices.to_pysal(counts, "Dissim")


def test_geometry__is_matched_by_its_labels():
    counts = pd.DataFrame([[1, 2], [3, 4]], index=["a", "b"])
    with pytest.raises(ValueError, match="'b' of counts is not in geometry"):
        indices.pysal_frame(counts, geometry=pd.Series([1, 2], index=["a", "c"]))


SAME = {
    "MultiDissim": indices.dissimilarity,
    "MultiGini": indices.gini,
    "MultiInfoTheory": indices.theil,
    "MultiDivergence": indices.mutual_information,
    "MultiNormExposure": indices.normalised_exposure,
    "MultiRelativeDiversity": indices.relative_diversity,
    "MultiSquaredCoefVar": indices.squared_variation,
    "Dissim": lambda counts: indices.dissimilarity_vs_rest(counts)[0],
    "Gini": lambda counts: indices.gini_vs_rest(counts)[0],
    "Entropy": lambda counts: indices.theil_vs_rest(counts)[0],
    "Isolation": lambda counts: indices.isolation(counts)[0],
    "Interaction": lambda counts: indices.interaction_with_rest(counts)[0],
    "CorrelationR": lambda counts: indices.separation_vs_rest(counts)[0],
    "Atkinson": lambda counts: indices.atkinson_vs_rest(counts)[0],
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SAME)
def test_pysal__agrees_where_both_are_right(name):
    pytest.importorskip("segregation")
    assert indices.to_pysal(COUNTS, name).statistic == pytest.approx(SAME[name](COUNTS), rel=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_pysal__takes_a_grid():
    pytest.importorskip("segregation")
    grid = np.random.default_rng(1).integers(1, 9, (5, 6, 2))
    found = indices.to_pysal(grid, "SpatialDissim")
    assert found.statistic == pytest.approx(indices.morrill(grid, "rook")[0], abs=0.05)
    assert len(found.data) == 30

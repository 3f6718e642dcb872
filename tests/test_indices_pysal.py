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
    ],
)
def test_bridge__refuses_what_cannot_be(arguments, says):
    with pytest.raises(ValueError, match=says):
        indices.to_pysal(COUNTS, *arguments)


def test_frame__leaves_out_the_empty_and_names_the_groups():
    frame = indices.pysal_frame(pd.DataFrame({"a": [3, 0, 1], "b": [0, 0, 0], "c": [1, 0, 5]}))
    assert frame.columns.tolist() == ["a", "c", "total"]
    assert frame["total"].tolist() == [4, 6]


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

"""What one sees and gets in Python: short names, single series, Arrow and xarray."""

import sys
from pathlib import Path

import pandas as pd
import pytest

import segsim
from segsim.errors import SegsimError
from segsim.policies.housing.new_construction import NewConstruction
from segsim.scenario import load_scenario
from tests import quick_model

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"


@pytest.fixture(scope="module")
def runs():
    town = load_scenario(TOWN)
    other = town.override({"preferences.housing.own_group": 1.5}).model_copy(update={"name": "other"})
    return segsim.run([town, other], [3, 8], 2, model=quick_model.rows, executor="serial")


class TestSeries:
    def test_series__has_a_line_per_year_and_a_column_per_run(self, runs):
        table = runs.series("D/background/area")
        assert table.index.tolist() == [2022, 2023, 2024]
        assert table.columns.tolist() == [("town", 3), ("town", 8), ("other", 3), ("other", 8)]
        rows = runs.one_run("other", 8)
        rows = rows[(rows["measure"] == "D") & (rows["unit"] == "")]
        assert table["other", 8].tolist() == rows["value"].tolist()

    def test_series__that_is_not_there_or_is_several_is_told(self, runs):
        with pytest.raises(SegsimError, match='nothing called "G" was measured'):
            runs.series("G")
        with pytest.raises(SegsimError, match=r'"D" means \d+ quantities; name one of D/'):
            segsim.run(TOWN, 1, 0, executor="serial").series("D")

    def test_arrow__holds_every_row_in_order(self, runs):
        pd.testing.assert_frame_equal(runs.to_arrow().to_pandas(), runs.frame())

    def test_xarray__has_scenario_seed_and_year(self, runs):
        xarray = pytest.importorskip("xarray")
        data = runs.to_xarray("D/background/area", "H/background/area")
        assert isinstance(data, xarray.Dataset)
        assert dict(data.sizes) == {"scenario": 2, "seed": 2, "year": 3}
        one = data["H/background/area"].sel(scenario="other", seed=3)
        assert one.values.tolist() == runs.series("H/background/area")["other", 3].tolist()

    def test_xarray__that_is_not_installed_is_told(self, runs, monkeypatch):
        monkeypatch.setitem(sys.modules, "xarray", None)
        with pytest.raises(SegsimError, match=r'pip install "segsim\[xarray\]"'):
            runs.to_xarray("D/background/area")


class TestShownNames:
    def test_repr__is_short_and_says_what_it_is(self, runs):
        town = load_scenario(TOWN)
        policy = NewConstruction(dwellings_per_year=9)
        assert repr(policy) == "NewConstruction(dwellings_per_year=9.0)"
        assert repr(town) == str(town) == "<Scenario town: 2022 + 3 years>"
        built = town.add_own([policy])
        assert repr(built) == "<Scenario town: 2022 + 3 years, new_construction>"
        assert repr(runs).startswith("<Runs: 2 scenarios x 2 seeds, 2 years, in ")
        assert repr(runs.plan) == "<Plan: 2 scenarios x 2 seeds, 2 years>"
        options = {"model": quick_model.rows, "executor": "serial"}
        compared = segsim.compare(TOWN, 2, 1, policies=[policy], **options)
        told = "<Comparison of town_and_new_construction with town, judged in 2023: <Runs"
        assert repr(compared).startswith(told)

    def test_repr_of_a_city__tells_scenario_seed_and_year(self):
        assert repr(segsim.City("schelling", seed=7)) == "<City schelling, seed 7, at the end of 0>"

    def test_town__comes_with_segsim(self):
        town = load_scenario("town")
        assert town.label_sv == "En liten stad"
        assert town.city == load_scenario(TOWN).city

"""City as a Mesa model: what Mesa's own tools see, on the oldest Mesa supported and on the newest.

The test town has 8 areas, 4 schools and about 2 530 households. `make check-pythons` runs this file on
another Python, whose pins hold a newer Mesa.
"""

import gc
import inspect
import multiprocessing
import weakref
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.discrete_space import OrthogonalMooreGrid

from segsim.city import City
from segsim.errors import ScenarioError, SegsimError
from segsim.measures import HEADLINES
from segsim.runs import run
from segsim.scenario import STEPS, load_scenario
from segsim.steps import YEAR
from segsim.tables import NONE, TENURES, live
from segsim.views import AreaAgent, HouseholdAgent, SchoolAgent

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
OWN_GROUP = "preferences.housing.own_group"


@pytest.fixture(scope="module")
def lived() -> City:
    """The town after its three years, that nobody has looked at."""
    city = City(TOWN, seed=3)
    city.run_model()
    return city


@pytest.fixture
def own_start_method() -> Iterator[None]:
    """Give back the way to start processes, which `batch_run` of newer Mesa changes for everybody."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


def batch(parameters: dict[str, Any], seeds: list[int], **options: Any) -> pd.DataFrame:
    """Return the rows of Mesa's batch_run over seeds, passed the way that every version takes."""
    rows = mesa.batch_run(
        City, {"scenario": TOWN, "rng": seeds} | parameters, display_progress=False, **options
    )
    return pd.DataFrame(rows).drop(columns=["scenario", "RunId", "rng"])


class TestModel:
    def test_city__is_a_mesa_model_that_runs_its_years(self, lived):
        assert isinstance(lived, mesa.Model)
        assert isinstance(lived.rng, np.random.Generator)
        assert (lived.steps, lived.year, lived.running) == (3, 2025, False)

    def test_city__goes_on_beyond_its_years_when_asked(self):
        city = City(TOWN, seed=3, years=1)
        assert city.running
        city.step()
        assert not city.running
        city.step()
        assert (city.year, city.steps) == (2024, 2)

    def test_data_collector__holds_the_headlines_of_each_year(self, lived):
        frame = lived.datacollector.get_model_vars_dataframe()
        assert list(frame) == ["year", "seed", *HEADLINES]
        assert frame["year"].tolist() == [2023, 2024, 2025]
        assert (frame["seed"] == 3).all()
        rows = lived.rows().set_index(["measure", "grouping", "level", "unit", "year"])["value"]
        for name, (measure, grouping, level) in HEADLINES.items():
            for year, value in zip(frame["year"], frame[name], strict=True):
                at = (measure, grouping, level, "", year)
                expected = rows.get(at, np.nan)
                assert value == expected or (np.isnan(value) and np.isnan(expected)), (name, year)

    def test_rows__begin_with_the_start_year_and_are_those_of_run(self, lived, tmp_path):
        rows = lived.rows()
        assert sorted(rows["year"].unique()) == [2022, 2023, 2024, 2025]
        through_run = run(load_scenario(TOWN), [3], 3, executor="serial", out=tmp_path).frame()
        keys = ["year", "measure", "grouping", "level", "unit"]
        mine, theirs = (frame.set_index(keys)["value"].sort_index() for frame in (rows, through_run))
        pd.testing.assert_series_equal(mine, theirs, check_exact=True, check_index_type=False)

    def test_city__goes_when_nobody_holds_it(self):
        city = City(TOWN, seed=3)
        city.households_at(0)
        gone = weakref.ref(city)
        del city
        gc.collect()
        assert gone() is None


class TestSeeds:
    def test_seed_and_rng__are_two_names_for_one_thing(self):
        one, other = City(TOWN, seed=7), City(TOWN, rng=np.int64(7))
        assert one.seed == other.seed == 7
        assert one.rows().equals(other.rows())
        with pytest.raises(ValueError, match="two names for the same"):
            City(TOWN, seed=7, rng=7)

    @pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "7", True, [7]])
    def test_seed__that_is_no_whole_number_is_refused(self, seed):
        with pytest.raises(ValueError, match="seed must be a whole number from 0"):
            City(TOWN, seed=seed)

    def test_no_seed__a_fresh_one_is_drawn_and_kept(self):
        city, other = City(TOWN), City(TOWN)
        assert city.seed != other.seed
        again = City(TOWN, seed=city.seed)
        assert again.rows().equals(city.rows())

    def test_mesas_own_chance__is_not_the_citys(self):
        plain, disturbed = City(TOWN, seed=5), City(TOWN, seed=5)
        disturbed.reset_rng(99)
        disturbed.random.seed(99)
        plain.step()
        disturbed.step()
        assert plain.rows().equals(disturbed.rows())


class TestOverrides:
    def test_dotted_key__is_the_scenarios_own(self):
        city = City(TOWN, seed=1, **{OWN_GROUP: 1.25})
        assert city.state.preferences.housing.own_group == 1.25
        assert city.recipe == load_scenario(TOWN, {OWN_GROUP: 1.25})
        assert (
            City(load_scenario(TOWN), seed=1, **{OWN_GROUP: 1.25}).recipe.content_hash
            == city.recipe.content_hash
        )

    @pytest.mark.parametrize(
        ("key", "value", "message"),
        [
            ("preferences.housing.own_grup", 1.0, "own_group"),
            (OWN_GROUP, "much", "own_group"),
            ("yeers", 3, "years"),
        ],
    )
    def test_wrong_override__is_named(self, key, value, message):
        with pytest.raises(ScenarioError, match=message):
            City(TOWN, seed=1, **{key: value})


class TestBatchRun:
    def test_batch_run__sweeps_over_keys_and_seeds(self):
        rows = batch({OWN_GROUP: [0.0, 8.0], "years": 2}, [1, 2])
        assert len(rows) == 4
        assert sorted(zip(rows[OWN_GROUP], rows["seed"], strict=True)) == [(0, 1), (0, 2), (8, 1), (8, 2)]
        assert (rows["year"] == 2024).all()
        means = rows.groupby(OWN_GROUP)["D"].mean()
        assert means[8.0] > means[0.0]

    def test_batch_run__collects_every_year_and_stops_with_the_city(self):
        rows = batch({}, [4], data_collection_period=1)
        assert rows["year"].dropna().tolist()[-3:] == [2023, 2024, 2025]
        city = City(TOWN, seed=4)
        city.run_model()
        assert rows["D"].tolist()[-3:] == city.datacollector.model_vars["D"]

    @pytest.mark.parametrize("board", ["mesa_schelling", "schelling_line", "pancs_vriend", "sage_flache"])
    def test_batch_run__takes_boards_to_their_end(self, board):
        rows = batch({"scenario": board}, [1, 2], max_steps=100_000)
        for seed, row in rows.set_index("seed").iterrows():
            city = City(board, seed=seed)
            city.run_model()
            assert row["year"] == city.year
            assert row["D"] == city.measurer.headline("D")
        assert rows["D"].notna().all()

    @pytest.mark.parametrize("most", [3, 4])
    def test_batch_run__measures_the_step_at_which_it_stops_a_board(self, most):
        row = batch({"scenario": "mesa_schelling"}, [1], max_steps=most).iloc[0]
        city = City("mesa_schelling", seed=1)
        for _ in range(int(row["year"])):
            city.step()
        assert row["year"] in (most, most + 1)  # before Mesa 3.4 it went one further
        city.rows()
        assert row["D"] == city.measurer.headline("D")

    def test_batch_run__has_an_entry_for_every_step_of_a_board(self):
        one_at_a_time = "preferences.housing.one_at_a_time.measure_every"
        for every, measured in ((0, 1), (1, 4), (2, 2)):
            rows = batch(
                {"scenario": "mesa_schelling", one_at_a_time: every, "years": 4},
                [1],
                data_collection_period=1,
            )
            assert rows["year"].tolist() == [1, 2, 3, 4]
            assert rows["D"].notna().sum() == measured
            assert rows["D"].notna().iloc[-1]

    def test_batch_run__repeats_record_fresh_seeds(self):
        if "rng" in inspect.signature(mesa.batch_run).parameters:  # since Mesa 3.4
            options: dict[str, Any] = {"rng": [None, None]}
        else:
            options = {"iterations": 2}
        parameters = {"scenario": TOWN, "years": 1}
        rows = mesa.batch_run(City, parameters, display_progress=False, **options)
        assert rows[0]["seed"] != rows[1]["seed"]
        city = City(TOWN, seed=rows[1]["seed"])
        city.step()
        assert city.datacollector.model_vars["D"][-1] == rows[1]["D"]

    @pytest.mark.usefixtures("own_start_method")
    def test_batch_run__gives_the_same_in_processes(self):
        serial = batch({"years": 1}, [1, 2])
        beside = batch({"years": 1}, [1, 2], number_processes=2)
        order = ["seed", "year"]
        pd.testing.assert_frame_equal(
            serial.sort_values(order, ignore_index=True)[list(beside)].drop(columns="iteration"),
            beside.sort_values(order, ignore_index=True).drop(columns="iteration"),
            check_exact=True,
        )


class TestAgents:
    @pytest.fixture
    def city(self) -> City:
        return City(TOWN, seed=3)

    def test_areas_and_schools__are_there_from_the_start_households_when_looked_at(self, city):
        assert city._households == {}
        assert {kind.__name__ for kind in city.agent_types} == {"AreaAgent", "SchoolAgent", "HouseholdAgent"}
        assert len(city.agents_by_type[AreaAgent]) == 8
        assert len(city.agents_by_type[SchoolAgent]) == 4
        assert len(city.agents) == 8 + 4 + live(city.tables.households).size
        assert len(city.agents_by_type[HouseholdAgent]) == live(city.tables.households).size
        numbers = [agent.unique_id for agent in city.agents]
        assert len(set(numbers)) == len(numbers)

    def test_agents__show_the_columns_of_their_rows(self, city):
        households = city.agents.select(agent_type=HouseholdAgent)
        assert sum(households.get("size")) == live(city.tables.persons).size
        area = next(iter(city.agents_by_type[AreaAgent]))
        assert area.name == city.area_names[area.row]
        assert area.district == city.tables.areas.district[area.row]
        schools = city.agents_by_type[SchoolAgent]
        assert sorted(schools.get("capacity")) == sorted(
            city.tables.schools.capacity[live(city.tables.schools)]
        )

    def test_agents__are_read_only_and_name_what_they_have(self, city):
        household = city.households_at(0)[0]
        with pytest.raises(AttributeError, match="income of a HouseholdAgent is read-only"):
            household.income = 1.0
        with pytest.raises(AttributeError, match=r"no incomes; it has .*income"):
            _ = household.incomes
        assert not hasattr(household, "incomes")

    def test_agents__of_one_household_are_one(self, city):
        before = {agent.id: agent for agent in city.agents if isinstance(agent, HouseholdAgent)}
        city.step()
        after = {agent.id: agent for agent in city.agents if isinstance(agent, HouseholdAgent)}
        assert set(after) == set(city.tables.households.id[live(city.tables.households)].tolist())
        assert set(before) - set(after)
        assert all(agent is before[key] for key, agent in after.items() if key in before)

    def test_agents__of_a_household_that_left_say_so(self, city):
        before = [agent for agent in city.agents if isinstance(agent, HouseholdAgent)]
        city.step()
        ids = city.tables.households.id
        left = next(agent for agent in before if ids[agent.row] != agent.key)
        with pytest.raises(LookupError, match="no longer in the city"):
            _ = left.size
        assert left in before

    def test_agents_by_type__is_right_whenever_it_is_read(self, city):
        for _ in range(2):
            city.step()
            ids = city.tables.households.id
            assert {a.key for a in city.agents_by_type[HouseholdAgent]} == set(ids[ids != NONE].tolist())
        board = City(seed=2)
        board.step()
        assert len(board.agents_by_type[HouseholdAgent]) == 138

    def test_agents__are_views_that_cannot_be_removed(self, city):
        for agents in list(city.agents_by_type.values()):
            agent = next(iter(agents))
            with pytest.raises(SegsimError, match="is a view and cannot be removed"):
                agent.remove()
            assert agent in city.agents
        with pytest.raises(AttributeError, match="pos of a HouseholdAgent is read-only"):
            city.households_at(0)[0].pos = (0, 0)

    def test_looking__changes_nothing(self, city, lived):
        for _ in range(3):
            assert len(city.agents)
            assert city.grid.households.data.sum()
            city.step()
        assert city.rows().equals(lived.rows())


class TestPlaces:
    def test_households_at__is_where_households_live_or_lodge(self, lived):
        tables = lived.tables
        found = [h for cell in range(tables.cells.id.size) for h in lived.households_at(cell)]
        assert sorted(h.row for h in found) == live(tables.households).tolist()
        for household in found[::50]:
            home = tables.households.home[household.row]
            host = household.row if home != NONE else tables.households.lodging_with[household.row]
            cell = tables.dwellings.cell[tables.households.home[host]]
            assert household.coordinate == lived.coordinate_of(cell)
            assert household.tenure == ("lodging" if home == NONE else TENURES[tables.dwellings.tenure[home]])

    def test_grid__has_layers_that_mesa_can_search(self, lived):
        grid, tables = lived.grid, lived.tables
        assert grid.households.data.sum() == live(tables.households).size
        assert grid.dwellings.data.sum() == live(tables.dwellings).size
        for cell in range(0, tables.cells.id.size, 10):
            at = lived.coordinate_of(cell)
            assert grid.area.data[at] == tables.cells.area[cell]
            assert grid.households.data[at] == len(lived.households_at(cell))
        crowded = grid.select_cells(extreme_values={"households": "highest"})
        assert all(grid.households.data[tuple(at)] == grid.households.data.max() for at in crowded)

    def test_cells__hold_who_lives_there_and_have_neighbours_as_mesas_own(self):
        city = City(seed=2)
        before = city.grid
        for _ in range(3):
            city.step()
        grid = city.grid
        household = next(iter(city.agents_by_type[HouseholdAgent]))
        assert household.pos == household.coordinate == household.cell.coordinate
        assert household.cell.agents == before[household.pos].agents == [household]
        own = Counter(cell.coordinate for cell in household.cell.neighborhood)
        mesas = OrthogonalMooreGrid((13, 16), torus=city.recipe.city.grid.torus, random=city.random)
        assert own == Counter(cell.coordinate for cell in mesas[household.pos].neighborhood)
        around = household.cell.neighborhood.agents
        assert {agent.pos for agent in around} == {at for at in own if grid.households.data[at]}
        assert sum(cell.is_empty for cell in grid.all_cells) == 13 * 16 - 138 == grid.empty.data.sum()
        for change in (household.cell.add_agent, household.cell.remove_agent):
            with pytest.raises(SegsimError, match="a cell of a city is a view"):
                change(household)

    def test_coordinates__are_as_far_apart_as_the_cells(self, lived):
        cells = lived.tables.cells
        at = np.array([lived.coordinate_of(cell) for cell in range(cells.id.size)])
        assert len({tuple(pair) for pair in at.tolist()}) == cells.id.size
        assert at.min(axis=0).tolist() == [0, 0]
        assert np.allclose(at[:, 0] * lived.measurer.cell_side, cells.y - cells.y.min())
        assert np.allclose(at[:, 1] * lived.measurer.cell_side, cells.x - cells.x.min())


class TestGridCity:
    def test_schelling__is_the_default_and_ends_when_nobody_moves(self):
        city = City(seed=2)
        city.run_model()
        assert city.recipe.name == "schelling"
        assert 0 < city.year < 200
        frame = city.datacollector.get_model_vars_dataframe()
        assert frame["year"].iloc[-1] == city.year
        assert frame["year"].tolist() == list(range(1, city.year + 1))
        assert frame["population"].iloc[-1] == 138
        assert frame["population"].dropna().size == 1  # measured at its end only

    def test_schelling__has_a_grid_of_one_household_a_square(self):
        city = City(seed=2)
        city.step()
        assert city.grid.households.data.shape == (13, 16)
        assert city.grid.households.data.max() == 1
        assert len(city.agents) == 138 + 1


def test_year__has_every_step_a_scenario_may_name_in_its_order():
    assert tuple(YEAR) == STEPS

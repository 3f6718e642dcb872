"""One municipality lived through again from 2020 to 2023, and what it then is by district."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.hindcast.panel import read_districts
from experiments.hindcast.start import write_scenario
from segsim.scenario import load_scenario
from segsim.simulation import start_simulation
from segsim.state import CityState
from segsim.steps.housing.residence import household_areas
from segsim.sweden.facts import read_area_rows
from segsim.tables import NONE


def replay(code: str, seeds: range, folder: Path | None = None) -> pd.DataFrame:
    """Return residents born in Sweden and abroad by seed, year and district (RegSO).

    Parameters
    ----------
    code : str
        Of the municipality.
    seeds : range
    folder : Path, optional
        Where the scenario is to stay, to be looked at or run; none means nowhere.
    """
    with tempfile.TemporaryDirectory() as passing:
        recipe = load_scenario(write_scenario(code, folder or Path(passing)))
        district = read_area_rows([code]).set_index("deso")["regso_code"]
        rows = []
        for seed in seeds:
            simulation = start_simulation(recipe, seed)
            of_area = district.loc[list(simulation.state.area_names)].to_numpy(str)
            rows.append(count_districts(simulation.state, of_area).assign(seed=seed))
            for _ in simulation.steps_ahead():
                simulation.step()
                rows.append(count_districts(simulation.state, of_area).assign(seed=seed))
    return pd.concat(rows, ignore_index=True).assign(kommun_code=code)


def count_districts(state: CityState, of_area: np.ndarray) -> pd.DataFrame:
    """Return who lives in each district by birthplace."""
    persons = state.tables.persons
    rows = np.flatnonzero(persons.id != NONE)
    district = of_area[household_areas(state.tables)[persons.household[rows]]]
    is_abroad = np.array([group.born != "sweden" for group in state.groups])[persons.group[rows]]
    counts = pd.DataFrame({"regso": district, "born_abroad": is_abroad, "born_sweden": ~is_abroad})
    return counts.groupby("regso", as_index=False).sum().assign(year=state.year)


def compare_districts(replayed: pd.DataFrame) -> pd.DataFrame:
    """Return each district at the start, as it came to be, and as the model has it by seed."""
    code = str(replayed["kommun_code"].iloc[0])
    happened = read_districts(code)[["born_sweden", "born_abroad"]].add_suffix("_real")
    wide = replayed.set_index(["seed", "regso", "year"])[["born_sweden", "born_abroad"]]
    both = wide.join(happened, on=["regso", "year"])
    return both.reset_index().assign(kommun_code=code)

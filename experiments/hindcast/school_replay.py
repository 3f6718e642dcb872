"""The school years 2012 to 2023 of one municipality lived through again, and what its schools then are."""

import re
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.hindcast.school_records import LATER, read_records
from experiments.hindcast.school_start import read_population, write_scenario
from segsim.groups import is_foreign
from segsim.scenario import load_scenario
from segsim.simulation import start_simulation
from segsim.state import CityState
from segsim.tables import NONE

POPULATION = "municipality_population_1998_2019.csv"
"""Residents by municipality and year, beside the panel (PROVENANCE.md of `segsim.sweden` tells whence)."""


def replay(panel: Path, code: str, seed: int, folder: Path | None = None) -> pd.DataFrame:
    """Return pupils of grades 1 to 9, and those of foreign background, by year and school of one run."""
    with tempfile.TemporaryDirectory() as passing:
        records = read_records(panel, code)
        population = read_population(panel.parent / POPULATION, code)
        recipe = load_scenario(write_scenario(records, code, population, folder or Path(passing)))
        simulation = start_simulation(recipe, seed)
        rows = [count_schools(simulation.state)]
        for _ in simulation.steps_ahead():
            simulation.step()
            if simulation.state.year in LATER:
                rows.append(count_schools(simulation.state))
    return pd.concat(rows, ignore_index=True).assign(code=code, seed=seed)


def count_schools(state: CityState) -> pd.DataFrame:
    """Return the pupils of each school, and those of foreign background; a later stage is its school's."""
    persons, schools = state.tables.persons, state.tables.schools
    grade = state.year - persons.birth_year - 6
    rows = np.flatnonzero((persons.id != NONE) & (persons.school != NONE) & (grade >= 1) & (grade <= 9))
    school = schools.id[persons.school[rows]]
    table = pd.DataFrame({"key": school, "foreign": is_foreign(state.groups)[persons.group[rows]]})
    counts = table.groupby("key")["foreign"].agg(["size", "sum"]).reset_index()
    names = [state.name_school(int(key)) for key in counts["key"]]
    parts = re.compile(r" (0-6|7-9)$")
    out = pd.DataFrame(
        {
            "school": [parts.sub("", name) for name in names],
            "pupils": counts["size"],
            "foreign": counts["sum"],
        }
    )
    return out.groupby("school", as_index=False).sum().assign(year=state.year)

"""The first city as a diagnosis tells of it, kept with the results so that a page needs no model."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.ages import SCHOOL_LEAVING_AGE
from segsim.figures import Geography
from segsim.groups import is_foreign
from segsim.measures.snapshot import Snapshot, sum_by_district, take_snapshot
from segsim.policies import LEVERS, CityProfile, Policy
from segsim.report.geography import CELLS, build_map, read_map, write_map
from segsim.runs.store.store import explain_kept_file, explain_write_errors, write_whole
from segsim.scenario import Scenario
from segsim.simulation import Simulation
from segsim.state import CityState
from segsim.tables import NONE, Education

RESIDENTS = "residents.parquet"
COUNTS = "start.json"
CROSSING = "tenure*origin*income"


class StartingCity(NamedTuple):
    """What is known of a city at the start, of its first seed.

    Attributes
    ----------
    geography : Geography
    residents : DataFrame
        Columns district, tenure, origin, income (names of categories) and persons.
    leavers : mapping
        Pupils who finish grade 9: `all`, by background (`swedish`, `foreign`), and by the education of their
        parents (`lower_secondary`, `post_secondary`).
    reach : mapping
        Persons, pupils, dwellings, ... each lever reaches in a year with the settings of its example, by its
        kind; only of levers that reach more where there is more to reach.
    """

    geography: Geography
    residents: pd.DataFrame
    leavers: Mapping[str, int]
    reach: Mapping[str, float]


def read_starting_city(scenario: Scenario, seed: int, folder: Path) -> StartingCity:
    """Return the first city of a seed: from the results folder if it is kept there, else made and kept."""
    paths = [folder / name for name in (CELLS, RESIDENTS, COUNTS)]
    if not all(path.exists() for path in paths):
        city = make_starting_city(scenario, seed)
        with explain_write_errors(folder / RESIDENTS):
            if not paths[0].exists():
                write_map(city.geography, folder)
            city.residents.to_parquet(paths[1], index=False)
            counts = {"leavers": city.leavers, "reach": city.reach}
            write_whole(paths[2], json.dumps(counts, indent=1).encode())
    with explain_kept_file(paths[1]):
        residents = pd.read_parquet(paths[1])
    with explain_kept_file(paths[2]):
        counts = json.loads(paths[2].read_text("utf-8"))
        return StartingCity(read_map(folder), residents, counts["leavers"], counts["reach"])


def make_starting_city(scenario: Scenario, seed: int) -> StartingCity:
    """Make the first city of a seed and count it."""
    simulation = Simulation(scenario, seed)
    state = simulation.state
    snap = take_snapshot(state, scenario.city.national_median_standard)
    return StartingCity(
        geography=build_map(scenario, state),
        residents=count_residents(snap),
        leavers=count_leavers(state),
        reach=count_reach(simulation.describe()),
    )


def count_residents(snap: Snapshot) -> pd.DataFrame:
    """Return the residents of each district by tenure, origin and income."""
    by_area = snap.by_place(CROSSING, snap.person_area, snap.n_areas)
    by_district = sum_by_district(snap, by_area)
    names = [name.split("*") for name in snap.categories(CROSSING)]
    rows, columns = np.nonzero(by_district)
    kinds = np.array(names, object)[columns]
    return pd.DataFrame(
        {
            "district": np.array(snap.state.district_names, object)[rows],
            "tenure": kinds[:, 0],
            "origin": kinds[:, 1],
            "income": kinds[:, 2],
            "persons": by_district[rows, columns].astype(np.int64),
        }
    )


def count_leavers(state: CityState) -> dict[str, int]:
    """Return how many finish grade 9 at the start, of all and by group."""
    persons = state.tables.persons
    rows = (persons.birth_year == state.year - SCHOOL_LEAVING_AGE) & (persons.merit != NONE)
    foreign = is_foreign(state.groups)[persons.group[rows]]
    parents = persons.parent_education[rows]
    counts = {
        "all": rows,
        "swedish": ~foreign,
        "foreign": foreign,
        "lower_secondary": parents == Education.LOWER_SECONDARY,
        "post_secondary": parents >= Education.SHORT_POST_SECONDARY,
    }
    return {name: int(np.count_nonzero(counted)) for name, counted in counts.items()}


def count_reach(profile: CityProfile) -> dict[str, float]:
    """Return how many each lever reaches in a city; what its settings alone decide is left out."""
    twice = replace(
        profile,
        residents=2 * profile.residents,
        dwellings=2 * profile.dwellings,
        ages=2 * profile.ages,
        cells=replace(profile.cells, residents=2 * profile.cells.residents),
        schools=replace(profile.schools, pupils=2 * profile.schools.pupils),
        refugees=2 * profile.refugees,
        people={name: 2 * persons for name, persons in profile.people.items()},
        unlawful_lets=None if profile.unlawful_lets is None else 2 * profile.unlawful_lets,
    )
    reach = {}
    for lever in LEVERS:
        policy: Policy = lever(**lever.EXAMPLE)
        here, more = policy.count_reached(profile), policy.count_reached(twice)
        if np.isfinite(here) and more > here:
            reach[lever.KIND] = float(round(here))
    return reach

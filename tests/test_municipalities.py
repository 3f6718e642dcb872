"""Municipalities of Sweden in full: people and homes as published, and a sound year after."""

import numpy as np
import pytest

from segsim.groups import is_foreign
from segsim.scenario import load_scenario
from segsim.simulation import Simulation
from segsim.sweden.facts import read_area_rows, read_school_rows
from segsim.sweden.municipalities import find_municipality
from segsim.synthesis.areas.area_table import BACKGROUND, HOUSEHOLD_KINDS, STOCK
from segsim.tables import NONE, Tenure
from tests.consistency import find_inconsistencies

INVITED = [
    "Norrköping",
    "Linköping",
    "Västerås",
    "Eskilstuna",
    "Uppsala",
    "Malmö",
    "Helsingborg",
    "Lund",
    "Landskrona",
    "Kristianstad",
    "Haninge",
    "Huddinge",
    "Solna",
    "Södertälje",
    "Botkyrka",
    "Järfälla",
    "Nacka",
    "Halmstad",
    "Kungsbacka",
    "Trollhättan",
    "Borås",
    "Gävle",
    "Sundsvall",
    "Örebro",
    "Karlstad",
    "Jönköping",
    "Växjö",
    "Skellefteå",
    "Umeå",
    "Luleå",
    "Borlänge",
]
"""Those the reform programme of 2017 was talked over with, but for the two largest."""
LARGE = [pytest.param(name, marks=pytest.mark.slow) for name in ("Stockholm", "Göteborg")]
SMALL = ["Bjurholm", "Vaxholm"]
"""The smallest; and one with true points of its areas, on islands."""


def D(swedish, foreign):
    return np.abs(swedish / swedish.sum() - foreign / foreign.sum()).sum() / 2


@pytest.mark.parametrize("name", [*INVITED, *SMALL, *LARGE])
def test_municipality__starts_as_published_and_lives_a_year(name):
    code = find_municipality(name).code
    scenario = load_scenario(code)
    simulation = Simulation(scenario, seed=1)
    check_start(simulation, scenario, code)
    simulation.step()
    assert find_inconsistencies(simulation.state.tables) == []
    rows = simulation.rows()
    population = rows[(rows["measure"] == "population") & (rows["level"] == "municipality")]["value"]
    assert population.iloc[-1] == pytest.approx(population.iloc[0], rel=0.02)


def check_start(simulation, scenario, code):
    """Count the city as a register would, and lay it beside the table it was made from."""
    tables = simulation.state.tables
    rows = read_area_rows([code])
    n = len(rows)
    assert find_inconsistencies(tables) == []
    households, homes, persons = tables.households, tables.dwellings, tables.persons
    people, lived_in, built = (np.flatnonzero(t.id != NONE) for t in (persons, households, homes))
    host = np.where(households.home == NONE, households.lodging_with, np.arange(households.id.size))
    area = tables.cells.area[homes.cell[households.home[host]]]
    assert (np.bincount(area[lived_in], minlength=n) == rows[list(HOUSEHOLD_KINDS)].sum(axis=1)).all()
    tenure, at = homes.tenure[built], tables.cells.area[homes.cell[built]]
    kind = np.select([tenure <= Tenure.PRIVATE_RENTAL, tenure == Tenure.COOPERATIVE], [0, 1], 2)
    for k, column in enumerate(STOCK):
        assert (np.bincount(at[kind == k], minlength=n) == rows[column]).all()
    where, group = area[persons.household[people]], persons.group[people]
    assert (np.bincount(where, minlength=n) == rows["pop_total"]).all()
    foreign = is_foreign(scenario.groups)[group]
    assert (np.bincount(where[foreign], minlength=n) == rows["foreign_background"]).all()
    born = np.array([g.born for g in scenario.groups])[group]
    for place, column in (("europe", "born_europe_exsw"), ("outside_europe", "born_rest_world")):
        assert (np.bincount(where[born == place], minlength=n) == rows[column]).all()
    published = D(*(rows[column].to_numpy(float) for column in BACKGROUND))
    mine = D(np.bincount(where[~foreign], minlength=n), np.bincount(where[foreign], minlength=n))
    assert mine == pytest.approx(published, abs=0.005)
    check_types(simulation.rows(), find_municipality(code).types)
    assert (tables.schools.id != NONE).sum() >= len(read_school_rows(code))


def check_types(rows, published):
    """The shares of residents by official type of district, measured in the city as it stands."""
    start = rows[(rows["level"] == "district") & (rows["unit"] == "") & (rows["year"] == rows["year"].min())]
    for kind, share in enumerate(published, start=1):
        mine = start.loc[start["measure"] == f"area_type_{kind}", "value"].iloc[0]
        assert mine == pytest.approx(share, abs=0.03), f"type {kind}"

"""What the city was when the run began: counted once, and held against later years."""

import numpy as np

from segsim.state import Anchors, CityState
from segsim.steps.housing.vacancies import is_to_let
from segsim.steps.population.composition import count_composition, count_youth
from segsim.steps.population.families import read_leaving_home
from segsim.steps.population.fertility import read_births
from segsim.steps.work.local_jobs import count_job_doublings
from segsim.tables import NONE, Tenure


def settle(state: CityState) -> Anchors:
    """Return the anchors of the run, counted now unless that is done: before anything moves."""
    if state.anchors is None:
        year = max(state.start_year, state.year - 1)  # asked for within a year, it is of the end of the last
        composition = count_composition(state, year)
        dwellings, households = state.tables.dwellings, state.tables.households
        is_there = (dwellings.id != NONE) & ~dwellings.off_market
        lodging = float(((households.id != NONE) & (households.home == NONE)).sum())
        stock = np.bincount(dwellings.tenure[dwellings.id != NONE], minlength=len(Tenure))
        to_let = np.bincount(dwellings.tenure[is_to_let(dwellings)], minlength=len(Tenure))
        # homes that lodgers are about to take are no vacancies at which prices could rest
        left = to_let * max(0.0, 1.0 - lodging / max(to_let.sum(), 1))
        state.anchors = Anchors(
            composition.persons,
            composition.households,
            float(is_there.sum()),
            left / np.maximum(stock, 1),
            count_job_doublings(state),
            count_youth(state, year),
            read_births(state, year),
            read_leaving_home(state, year),
        )
    return state.anchors

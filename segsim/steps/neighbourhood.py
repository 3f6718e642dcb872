"""Safety and services of each area, a year on."""

import numpy as np

from segsim.kernels.housing.residence import count_activities
from segsim.rules.neighbourhood import ReentrySupport
from segsim.state import CityState
from segsim.steps.housing.residence import household_areas, household_cells
from segsim.tables import NONE, Array, mark_rows


def settle(state: CityState) -> None:
    """Set the constants so that the first city's safety and service levels would stay as they are."""
    areas = state.tables.areas
    areas.safety_base[:] = areas.safety - _explain_safety(state)
    # what people explain is taken out of safety; services are given, not explained
    areas.service_base[:] = areas.service


def step(state: CityState) -> None:
    """Let safety move towards what work, youth and supports explain, and services be what is given.

    safety' = persistence * safety + (1 - persistence) * (base + a * employed + b * idle + supports), with
    `employed` the area's share employed at 20-64 and `idle` its share of 16-24-year-olds who neither work
    nor study.
    """
    areas, persistence = state.tables.areas, state.preferences.neighbourhood.persistence
    # supports move the level that safety tends to; a year is too short to reach it
    target, service = areas.safety_base + _explain_safety(state), areas.service_base.copy()
    for support in state.rules.neighbourhood.supports:
        there = np.array(support.areas, np.int64)
        target[there] += support.safety
        service[there] += support.service
    for groups in state.rules.neighbourhood.reentry_groups:
        target[np.array(groups.areas, np.int64)] += _spare_relapses(state, groups)
    areas.safety[:] = persistence * areas.safety + (1.0 - persistence) * target
    areas.service[:] = service


def _spare_relapses(state: CityState, groups: ReentrySupport) -> float:
    """Note the clients of re-entry groups and their expected relapses; return the safety gained (SD)."""
    without = groups.clients_per_year * groups.base_recidivism
    relapses = min(groups.relative_risk * without, groups.clients_per_year)
    state.flows["reentry.clients"] += groups.clients_per_year
    state.flows["reentry.relapses"] += relapses
    lives_in = mark_rows(groups.areas, state.tables.areas.id.size)[household_areas(state.tables)]
    residents = float(state.tables.households.size[lives_in].sum())
    return groups.safety_per_relapse * (without - relapses) * 1000 / max(residents, 1.0)


def _explain_safety(state: CityState) -> Array:
    """Return the part of each area's safety that employment and idle youth explain, SD."""
    tables, preferences = state.tables, state.preferences.neighbourhood
    cell = household_cells(tables)
    area = np.where(cell == NONE, NONE, tables.cells.area[cell]).astype(np.int32)
    counts = np.empty((tables.areas.id.size, 4))
    persons = tables.persons
    count_activities(state.year, area, persons.household, persons.birth_year, persons.activity, counts)
    employed = counts[:, 1] / np.maximum(counts[:, 0], 1.0)
    idle = counts[:, 3] / np.maximum(counts[:, 2], 1.0)
    return np.asarray(preferences.employment_effect * employed + preferences.idle_youth_effect * idle)

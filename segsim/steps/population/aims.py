"""What the population follows: the persons and households of each kind that the year's migration aims at."""

from typing import Literal

import numpy as np

from segsim.groups import is_foreign
from segsim.rules.demography import DemographyPreferences, MigrationFigures
from segsim.state import Anchors, CityState
from segsim.steps.anchors import settle as settle_anchors
from segsim.steps.housing.stock import count_stock, expect_completions
from segsim.steps.population.composition import (
    MARGINS,
    N_MARGINS,
    Composition,
    age_bands,
    household_margins,
)
from segsim.tables import NONE, Array

_FROM_30 = int(age_bands(np.array([30]))[0])
_MOST_LEAVERS = 4.0
"""Largest multiple of the ordinary rate at which a type of household leaves; its inverse is the least (C)."""
_HALVINGS = 50
"""Of the interval in which the change of odds lies; it is then exact."""
_FITTINGS = 10
"""Rounds of iterative proportional fitting of those who leave to how many of each kind there are too many."""


def aim_composition(state: CityState, before: Array, n_persons: float, n_from_abroad: float) -> Composition:
    """Return the persons and households there are to be once the year's newcomers have come.

    Households of each type, and persons of either background, those under 30 by age band, are held against
    the start, so that no year's error adds to the next one's, classes stay as large, and a university town
    keeps its students. Within these, groups, and the ages of those over 30, are to be as they were a year
    ago: who comes is like those who left or died, and a generation grows old where it lives. A forecast may
    let the share of foreign background change.

    Parameters
    ----------
    before : float (groups, age bands)
        Persons at the end of last year.
    n_persons, n_from_abroad : float
        Persons of the city before anybody comes, and of those who come from abroad.
    """
    anchors, preferences = settle_anchors(state), state.preferences.demography
    if preferences.population_follows == "migration":
        comes = migration_figures(preferences, state.year).domestic + n_from_abroad
        persons = households = (n_persons + comes) / max(float(anchors.persons.sum()), 1.0)
    else:
        persons, households = _path_from_start(state, anchors)
    background = is_foreign(state.groups).astype(np.int64)
    held = [*(slice(band, band + 1) for band in range(_FROM_30)), slice(_FROM_30, None)]
    at_start = np.array([np.bincount(background, anchors.persons[:, bands].sum(axis=1), 2) for bands in held])
    aim = before.copy()
    for bands, wanted in zip(held, _shift_backgrounds(state, at_start), strict=True):
        last_year = np.bincount(background, before[:, bands].sum(axis=1), 2)
        scale = persons * wanted / np.maximum(last_year, 1.0)
        aim[:, bands] *= scale[background][:, None]
    return Composition(aim, anchors.households * households)


def _shift_backgrounds(state: CityState, at_start: Array) -> Array:
    """Return the persons of each age band by background with this year's share of foreign background.

    At all ages the odds are those of the start times the same number, by which the whole city's share follows
    the forecast.
    """
    forecast = state.preferences.demography.forecast
    points = {year: forecast[year].foreign_background for year in sorted(forecast)}
    later = {y: p for y, p in points.items() if p is not None and y > state.start_year}
    total = at_start.sum(axis=0)
    if not later or not total.all():
        return at_start
    share = total[1] / total.sum()
    # by its own number for the start if it has one
    base = points.get(state.start_year) or share
    odds = [0.0, *(_log_odds(p) - _log_odds(base) for p in later.values())]
    aimed = _log_odds(share) + np.interp(state.year, [state.start_year, *later], odds)
    lowest, highest = -20.0, 20.0
    for _ in range(_HALVINGS):
        middle = (lowest + highest) / 2
        weighed = at_start * [1.0, np.exp(middle)]
        shifted = weighed * (at_start.sum(axis=1) / np.maximum(weighed.sum(axis=1), 1e-9))[:, None]
        is_low = _log_odds(shifted[:, 1].sum() / total.sum()) < aimed
        lowest, highest = (middle, highest) if is_low else (lowest, middle)
    return np.asarray(shifted)


def _log_odds(share: float) -> float:
    """Return the log of the odds of a share."""
    return float(np.log(share / (1.0 - share)))


def migration_figures(preferences: DemographyPreferences, year: int) -> MigrationFigures:
    """Return the figures of a year: those of the latest year named, or of the first one before it."""
    named = sorted(preferences.migration)
    return preferences.migration[max((n for n in named if n <= year), default=named[0])]


def note_growth(state: CityState) -> None:
    """Note how many households ordinary building is to follow, and their growth this year.

    It follows what the scenario aims at, so that what a policy does to the number of households moves no
    ordinary building; only where nothing is aimed at it follows the households there are. A number that was
    there before needs no new homes when it comes back.
    """
    anchors, preferences = settle_anchors(state), state.preferences.demography
    highest = state.households_peak
    if preferences.population_follows == "housing":
        aim = 1.0  # housing leads: ordinary building replaces what is demolished
    elif preferences.population_follows == "migration" or not preferences.hold_composition:
        n_households = float((state.tables.households.id != NONE).sum())
        aim = n_households / max(float(anchors.households.sum()), 1.0)
    else:
        aim = _path_from_start(state, anchors)[1]
    state.households_aim, state.households_peak = aim, max(highest, aim)
    state.flows["growth.households"] = max(0.0, aim - highest)


def leaving_factors(state: CityState, types: Array, rate: Array) -> Array:
    """Return by how much more each type of household leaves, so that no type becomes too common.

    Parameters
    ----------
    types : int (households,)
        Type of each household there is.
    rate : float (households,)
        Its ordinary probability of leaving.
    """
    anchors = settle_anchors(state)
    aim = anchors.households
    there = np.bincount(types, minlength=aim.size).astype(float)
    if state.preferences.demography.population_follows == "migration":
        aim = aim * (there.sum() / max(float(aim.sum()), 1.0))
    else:
        aim = aim * _path_from_start(state, anchors)[1]
    leaves = np.bincount(types, rate, minlength=aim.size)
    wanted = household_margins(leaves) + household_margins(there - aim)
    factor = np.ones(aim.size)
    for _ in range(_FITTINGS):
        for margin in MARGINS.T:
            of_margin = np.bincount(margin, leaves * factor, N_MARGINS)
            ratio = wanted / np.maximum(of_margin, 1e-9)
            factor = np.clip(factor * ratio[margin], 1.0 / _MOST_LEAVERS, _MOST_LEAVERS)
    return factor


def _path_from_start(state: CityState, anchors: Anchors) -> tuple[float, float]:
    """Return how many persons and households there are to be this year, over those at the start."""
    preferences, years = state.preferences.demography, state.year - state.start_year
    if preferences.population_follows == "housing":
        dwellings = state.tables.dwellings
        is_there = (dwellings.id != NONE) & ~dwellings.off_market
        # with those completed in the year, whose households come with them: waiting a year they would make a
        # tenth more vacancies, by which D of Södertälje rises .012 more in ten years
        coming = expect_completions(state, count_stock(state.tables).sum(axis=1)).total
        path = (float(is_there.sum()) + coming) / max(anchors.dwellings, 1.0)
        return path, path
    if preferences.population_follows == "start":
        path = (1.0 + preferences.growth) ** years
        return path, path
    persons = _forecast_path(state, "population", float(anchors.persons.sum()))
    households = _forecast_path(state, "households", float(anchors.households.sum()))
    return persons or households or 1.0, households or persons or 1.0


def _forecast_path(
    state: CityState, of: Literal["population", "households"], at_start: float
) -> float | None:
    """Return a forecast of this year over the start, by its own number for the start if it has one."""
    forecast = state.preferences.demography.forecast
    points = {year: getattr(forecast[year], of) for year in sorted(forecast)}
    later = {y: n for y, n in points.items() if n is not None and y > state.start_year}
    if not later:
        return None
    base = points.get(state.start_year) or at_start
    path = [1.0, *(n / base for n in later.values())]
    return float(np.interp(state.year, [state.start_year, *later], path))

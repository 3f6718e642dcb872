"""How prices, rents and savings answer to a year of the market."""

import numpy as np

from segsim.kernels.housing.relocation import MarketTally, save_and_revalue
from segsim.state import CityState
from segsim.steps.anchors import settle as settle_anchors
from segsim.steps.housing.vacancies import is_to_let
from segsim.tables import NONE, Array, Tenure, municipality_of_cells


def update_prices(state: CityState, tally: MarketTally) -> None:
    """Let prices follow demand, owners' wealth the prices, households save, and rents grow by rule."""
    tables, preferences = state.tables, state.preferences.housing
    growth = price_growth(state, tally.demand, tally.supply)
    growth[:, Tenure.COOPERATIVE :] += _answer_to_crime(state)[:, None]
    save_and_revalue(
        growth,
        preferences.savings_rate,
        preferences.wealth_return,
        tables.cells.area,
        tables.households,
        tables.dwellings,
    )
    growth_of_rents = np.array([own.rent_growth for own in state.housing_rules])
    if growth_of_rents.any():
        municipality = municipality_of_cells(tables)[tables.dwellings.cell]
        is_rental = (tables.dwellings.id != NONE) & (tables.dwellings.tenure <= Tenure.PRIVATE_RENTAL)
        rise = (1 + growth_of_rents).astype(np.float32)[municipality[is_rental]]
        tables.dwellings.fee[is_rental] *= rise


def _answer_to_crime(state: CityState) -> Array:
    """Return this year's log price change of owned homes where crime falls or the police list areas."""
    areas, rules = state.tables.areas, state.rules.neighbourhood
    loss, gain = np.zeros((2, areas.id.size))
    for support in rules.supports:
        there = np.array(support.areas, np.int64)
        loss[there] = np.minimum(loss[there], support.listed_price)
        gain[there] += support.crime_price
    target = (np.log1p(loss) + np.log1p(gain)).astype(np.float32).astype(np.float64)
    now = areas.crime_price.astype(np.float64)
    change = np.clip(target - now, -rules.crime_price_pace, rules.crime_price_pace)
    areas.crime_price[:] = now + change
    return np.asarray(change)


def price_growth(state: CityState, demand: Array, supply: Array) -> Array:
    """Return log price changes by area and tenure, bounded.

    Areas part by excess demand against that of the tenure in the city; the tenure's level falls while more
    of it stands empty than is normal, and rises while less does.
    """
    preferences, dwellings = state.preferences.housing, state.tables.dwellings
    # one is added to both, so that few of either neither divide by nothing nor swing the price
    local = np.log((demand + 1.0) / (supply + 1.0))
    city = np.log((demand.sum(0) + 1.0) / (supply.sum(0) + 1.0))
    stock = np.bincount(dwellings.tenure[dwellings.id != NONE], minlength=len(Tenure))
    to_let = np.bincount(dwellings.tenure[is_to_let(dwellings)], minlength=len(Tenure))
    normal = preferences.normal_vacancy
    excess = to_let / np.maximum(stock, 1) - (settle_anchors(state).to_let if normal is None else normal)
    # an area where nothing was offered or sought says nothing about its price
    gap = np.where(demand + supply > 0, local - city, 0.0)
    growth = preferences.price_response * gap - preferences.price_vacancy * excess
    return np.clip(growth, -preferences.price_bound, preferences.price_bound)

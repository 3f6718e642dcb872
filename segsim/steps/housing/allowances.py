"""Housing allowances: what crowded families with low incomes are paid, and can spend on a larger home."""

import numpy as np

from segsim.state import CityState
from segsim.steps.housing.residence import household_areas
from segsim.tables import NONE, Array


def pay_allowances(state: CityState) -> Array:
    """Return what each household is paid in a year, tkr, and note how many are paid and how much.

    It is judged before anybody moves, so that who moves to a larger home is paid that year too.
    """
    households, dwellings = state.tables.households, state.tables.dwellings
    out = np.zeros(households.id.size)
    allowances = state.rules.housing.allowances
    if not allowances:
        return out
    area = household_areas(state.tables)
    # norm 2: two to a bedroom, and a living room; one room for one person
    needed = np.where(households.size <= 1, 1, 1 + (households.size + 1) // 2)
    rooms = np.where(households.home == NONE, 0, dwellings.rooms[np.maximum(households.home, 0)])
    is_crowded = (households.id != NONE) & (households.children > 0) & (rooms < needed)
    for allowance in allowances:
        is_paid = (
            is_crowded & np.isin(area, allowance.areas) & (households.income <= allowance.highest_income)
        )
        out[is_paid] += allowance.ksek_per_year
    state.flows["allowances.households"] += float((out > 0).sum())
    state.flows["allowances.msek"] += float(out.sum() / 1000)
    return out

"""From the market a scenario gives a board to the numbers its kernels go by."""

from typing import Any

import numpy as np

from segsim.rules.board.market import BoardMarket
from segsim.tables import NONE, Array, Tables


def pack_market(
    market: BoardMarket | None, tables: Tables, inner: Array, positions: int, start: int
) -> tuple[dict[str, Any], Array]:
    """Return the settings of a market, fields of `GROUND`, and the numbers of households and homes.

    Parameters
    ----------
    market : BoardMarket or None
    tables : Tables
        Status (`standard`) and wealth of households, and quality of dwellings.
    inner : int64 array
        Position of each dwelling.
    positions : int
        Positions of the board.
    start : int
        Where in `Board.numbers` those numbers will begin.
    """
    if market is None:
        return {}, np.zeros(0)
    households = tables.households
    settled = households.home != NONE
    status, wealth = households.standard.astype(float), households.wealth.astype(float)
    quality = np.zeros(positions)
    quality[inner] = tables.dwellings.quality
    price, worth = market.price, market.worth
    fields = {
        "has_market": True,
        "must_afford": market.must_afford,
        "price_base": price.base,
        "price_occupied": price.occupied,
        "price_status": price.status,
        "price_wealth": price.wealth,
        "price_quality": price.quality,
        "worth_price": worth.price,
        "worth_status": worth.status,
        "worth_quality": worth.quality,
        "mean_status": status[settled].mean() if settled.any() else 0.0,
        "mean_wealth": wealth[settled].mean() if settled.any() else 0.0,
        "status": start,
        "wealth": start + status.size,
        "quality": start + 2 * status.size,
    }
    return fields, np.concatenate((status, wealth, quality))

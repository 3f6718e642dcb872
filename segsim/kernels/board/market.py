"""What a home of a board costs, and what its price, its quality and the status around are worth."""

import numpy as np

from segsim.kernels.board.occupancy import Board, around
from segsim.kernels.choices.preference_shapes import EPS
from segsim.kernels.compile import part
from segsim.tables import NONE, Whole

UNAFFORDABLE = -1e6
"""Below any utility: of a home that costs as much as its household has, and less by what it lacks."""


@part
def worth_on_market(board: Board, h: Whole, position: Whole) -> float:
    """Return what the market adds to the utility household `h` would have at a position."""
    ground, numbers = board.ground, board.numbers
    homes, others, status, wealth = sum_others(board, h, position)
    mean_status, mean_wealth = ground.mean_status, ground.mean_wealth
    if others > EPS:
        mean_status, mean_wealth = status / others, wealth / others
    quality = numbers[ground.quality + position]
    price = ground.price_base + ground.price_status * mean_status + ground.price_wealth * mean_wealth
    price += ground.price_quality * quality
    if homes > EPS:
        price += ground.price_occupied * others / homes
    lacked = price - numbers[ground.wealth + h]
    if ground.must_afford and lacked > EPS:
        return float(UNAFFORDABLE * (1.0 + lacked))
    worth = ground.worth_status * mean_status + ground.worth_quality * quality
    return float(worth - ground.worth_price * price)


@part
def sum_others(board: Board, h: Whole, position: Whole) -> tuple[float, float, float, float]:
    """Return how many homes are around a position, and of the others there: number, statuses and wealth."""
    ground, tables = board.ground, board.tables
    homes = others = status = wealth = 0.0
    if ground.by_area:
        area = np.int64(board.spot[position].area)
        homes, others, status, wealth = sum_area(board, h, position, area, 1.0)
        for i in range(tables[ground.beside_start + area], tables[ground.beside_start + area + 1]):
            part = sum_area(board, h, position, np.int64(tables[ground.beside + i]), ground.beside_weight)
            homes, others = homes + part[0], others + part[1]
            status, wealth = status + part[2], wealth + part[3]
        return homes, others, status, wealth
    row = position // ground.width - ground.border
    column = position % ground.width - ground.border
    for i in range(ground.n_around):
        seen = around(ground, tables, row, column, i)
        if seen != NONE:
            homes += 1.0
            other = np.int64(board.spot[seen].occupant)
            if other not in (NONE, h):
                others += 1.0
                status += board.numbers[ground.status + other]
                wealth += board.numbers[ground.wealth + other]
    return homes, others, status, wealth


@part
def sum_area(
    board: Board, h: Whole, position: Whole, area: Whole, weight: float
) -> tuple[float, float, float, float]:
    """Return the same of an area, the position itself left out, each with a weight."""
    ground, tables = board.ground, board.tables
    homes = others = status = wealth = 0.0
    for i in range(tables[ground.area_start + area], tables[ground.area_start + area + 1]):
        seen = tables[ground.area_square + i]
        if seen != position:
            homes += weight
            other = np.int64(board.spot[seen].occupant)
            if other not in (NONE, h):
                others += weight
                status += weight * board.numbers[ground.status + other]
                wealth += weight * board.numbers[ground.wealth + other]
    return homes, others, status, wealth

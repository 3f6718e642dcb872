"""Carrying out moves: contracts signed, homes left, queues reset, chains followed."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import Array, Contract, Dwellings, Households, Tenure

_PUBLIC_RENTAL, _PRIVATE_RENTAL = np.int8(Tenure.PUBLIC_RENTAL), np.int8(Tenure.PRIVATE_RENTAL)

_LAWFUL, _UNLAWFUL = np.int8(Contract.LAWFUL), np.int8(Contract.UNLAWFUL)


class Chains(NamedTuple):
    """The vacancy chains of a year: which chain each vacancy belongs to, and what each chain moved."""

    root: Array  # int32 (dwellings,): the dwelling whose vacancy began the chain; -1 while not vacant
    length: Array  # int32 (dwellings,): moves so far in the chain that began here


class Matches(NamedTuple):
    """What a round of the market matched: which mover gets which vacancy."""

    place: Array  # int32 (movers,): index into `vacant`, -1 where none
    mover: Array  # int32 (movers,): rows of the households that looked
    vacant: Array  # int32 (vacancies,): rows of the vacant dwellings
    is_illegal: Array  # bool (vacancies,): the contract passes outside the queue, for money
    municipality: Array  # int64 (vacancies,)


LETTINGS = np.dtype([("years", np.float64), ("through_queue", np.float64), ("outside", np.float64)])
"""Years in the queue of those who got a public rental through it, their number, and contracts outside it."""


class MarketTally(NamedTuple):
    """What a year of the market comes to; added to, round by round."""

    demand: Array  # float64 (areas, tenures): movers whose best vacancy is there
    supply: Array  # float64 (areas, tenures): vacancies
    moved_in: Array  # float64 (tenures,): households that moved into each tenure
    moved_out: Array  # float64 (tenures,): households that left it for another home
    lettings: Array  # LETTINGS records (municipalities,)


def open_tally(n_areas: int, n_municipalities: int = 1) -> MarketTally:
    """Return a tally of nothing yet."""
    shape = n_areas, len(Tenure)
    n_tenures = len(Tenure)
    return MarketTally(
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(n_tenures),
        np.zeros(n_tenures),
        np.zeros(n_municipalities, LETTINGS),
    )


@kernel
def settle_moves(
    year: int,
    matches: Matches,
    illegal_price: float,
    households: Households,
    dwellings: Dwellings,
    chains: Chains,
    tally: MarketTally,
) -> None:
    """Move every matched household into its vacancy and leave its old home vacant.

    Parameters
    ----------
    year : int
    matches : Matches
    illegal_price : float
        What a contract outside the queue costs, tkr.
    households, dwellings : Households, Dwellings
        Written to.
    chains : Chains
        Written to.
    tally : MarketTally
        Moves and lettings are added to.
    """
    for m in range(matches.mover.size):
        v = matches.place[m]
        if v < 0:
            continue
        h, d = matches.mover[m], matches.vacant[v]
        lettings = tally.lettings[matches.municipality[v]]
        root = chains.root[d]  # the vacancy left behind goes on with the chain of the vacancy taken
        chains.length[root] += 1
        chains.root[d] = -1
        old = households.home[h]
        if old >= 0:
            dwellings.occupant[old] = -1
            dwellings.vacant_since[old] = year
            chains.root[old] = root
            tally.moved_out[dwellings.tenure[old]] += 1
        dwellings.occupant[d] = h
        dwellings.vacant_since[d] = -1
        dwellings.contract[d] = _UNLAWFUL if matches.is_illegal[v] else _LAWFUL
        households.home[h] = d
        households.lodging_with[h] = -1
        households.moved[h] = year
        tenure = dwellings.tenure[d]
        tally.moved_in[tenure] += 1
        if matches.is_illegal[v]:
            households.wealth[h] -= illegal_price
            lettings.outside += 1
        elif tenure == _PUBLIC_RENTAL:
            lettings.years += year - households.queue_since[h]
            lettings.through_queue += 1
        if tenure <= _PRIVATE_RENTAL:
            households.queue_since[h] = year  # a rental contract of any kind ends the waiting


@kernel
def count_firsts(ranked: Array, vacancies: Array, tally: MarketTally) -> None:
    """Count vacancies, and movers whose best vacancy it is, by area and tenure.

    Parameters
    ----------
    ranked : int32 (movers, candidates)
        Each mover's vacancies, best first, -1 beyond the list's end.
    vacancies : HOME records
    tally : MarketTally
        Demand and supply are added to.
    """
    for v in range(vacancies.size):
        tally.supply[vacancies[v].area, vacancies[v].tenure] += 1.0
    for m in range(ranked.shape[0]):
        v = ranked[m, 0]
        if v >= 0:
            tally.demand[vacancies[v].area, vacancies[v].tenure] += 1.0


@kernel
def save_and_revalue(
    growth: Array,
    savings_rate: float,
    wealth_return: float,
    area: Array,
    households: Households,
    dwellings: Dwellings,
) -> None:
    """Let prices follow their area and tenure, owners' wealth the price, and every household save.

    Parameters
    ----------
    growth : float64 (areas, tenures)
        Log price change of the year.
    """
    for h in range(households.size.size):
        if households.id[h] < 0:
            continue
        # only savings earn: a negative wealth is what a fall in prices took, not a loan with interest
        yielded = wealth_return * max(0.0, households.wealth[h])
        households.wealth[h] += yielded + savings_rate * households.income[h]
    for d in range(dwellings.price.size):
        if dwellings.id[d] < 0 or dwellings.tenure[d] <= _PRIVATE_RENTAL:
            continue
        old = np.float64(dwellings.price[d])  # a small change of a large price wants double precision
        new = old * np.exp(growth[area[dwellings.cell[d]], dwellings.tenure[d]])
        dwellings.price[d] = new
        if dwellings.occupant[d] >= 0:
            households.wealth[dwellings.occupant[d]] += new - old

"""Carrying out moves: contracts signed, homes left, queues reset, chains followed."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel
from segsim.tables import Array


class Chains(NamedTuple):
    """The vacancy chains of a year: which chain each vacancy belongs to, and what each chain moved."""

    root: Array  # int32 (dwellings,): the dwelling whose vacancy began the chain; -1 while not vacant
    length: Array  # int32 (dwellings,): moves so far in the chain that began here


@kernel
def settle_moves(
    year, place, mover, vacant, is_illegal, illegal_price, households, dwellings, chains, moves, left, waited
):
    """Move every matched household into its vacancy and leave its old home vacant.

    Parameters
    ----------
    place : int32 (movers,)
        Index into `vacant` of the dwelling each mover got, -1 where none.
    mover, vacant : int32
        Rows of the households that looked and of the vacant dwellings.
    is_illegal : bool (vacancies,)
        Whether the contract passes outside the queue, for `illegal_price` tkr.
    moves, left : float64 (tenures,), out
        Households that moved into, and out of, each tenure; added to.
    waited : float64 (3,), out
        Years in the queue of those who got a public rental through it, how many they were, and how many
        contracts passed outside the queue; added to.
    """
    for m in range(mover.size):
        v = place[m]
        if v < 0:
            continue
        h, d = mover[m], vacant[v]
        root = chains.root[d]
        chains.length[root] += 1
        chains.root[d] = -1
        old = households.home[h]
        if old >= 0:
            dwellings.occupant[old] = -1
            dwellings.vacant_since[old] = year
            chains.root[old] = root
            left[dwellings.tenure[old]] += 1
        dwellings.occupant[d] = h
        dwellings.vacant_since[d] = -1
        households.home[h] = d
        households.lodging_with[h] = -1
        households.moved[h] = year
        tenure = dwellings.tenure[d]
        moves[tenure] += 1
        if is_illegal[v]:
            households.wealth[h] -= illegal_price
            waited[2] += 1
        elif tenure == 0:
            waited[0] += year - households.queue_since[h]
            waited[1] += 1
        if tenure <= 1:
            households.queue_since[h] = year


@kernel
def count_firsts(ranked, vacancies, demand, supply):
    """Count vacancies, and movers whose best vacancy it is, by area and tenure; added to.

    Parameters
    ----------
    ranked : int32 (movers, candidates)
        Each mover's vacancies, best first, -1 beyond the list's end.
    vacancies : HOME records
    demand, supply : float64 (areas, tenures), out
        First choices and vacancies.
    """
    for v in range(vacancies.size):
        supply[vacancies[v].area, vacancies[v].tenure] += 1.0
    for m in range(ranked.shape[0]):
        v = ranked[m, 0]
        if v >= 0:
            demand[vacancies[v].area, vacancies[v].tenure] += 1.0


@kernel
def save_and_revalue(growth, savings_rate, wealth_return, area, households, dwellings):
    """Let prices follow their area and tenure, owners' wealth the price, and every household save.

    Parameters
    ----------
    growth : float64 (areas, tenures)
        Log price change of the year.
    """
    for h in range(households.size.size):
        if households.id[h] < 0:
            continue
        yielded = wealth_return * max(0.0, households.wealth[h])
        households.wealth[h] += yielded + savings_rate * households.income[h]
    for d in range(dwellings.price.size):
        if dwellings.id[d] < 0 or dwellings.tenure[d] <= 1:
            continue
        old = np.float64(dwellings.price[d])
        new = old * np.exp(growth[area[dwellings.cell[d]], dwellings.tenure[d]])
        dwellings.price[d] = new
        if dwellings.occupant[d] >= 0:
            households.wealth[dwellings.occupant[d]] += new - old

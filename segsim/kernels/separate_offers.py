"""Several systems of admission side by side: each offers on its own, and applicants answer round by round.

Who is offered two seats keeps the one liked better, and the other goes to the next in line as long as there
are rounds left. With rounds enough no seat stands empty that somebody would rather have (Manjunath and Turhan
2016, "Two school systems, one district"); with few, seats given back too late stay empty.
"""

from collections.abc import Callable

import numpy as np

from segsim.tables import NONE, Array

Match = Callable[[Array, Array, Array], Array]
"""Applicants, what each lists in one system, and where each entry stands on the whole list -> places."""


def offer_separately(choices: Array, system: Array, rounds: Array, match: Match) -> tuple[Array, int]:
    """Return the place of each applicant, NONE without any, and how many seats were given back too late.

    In each round every system that still offers matches all its seats with those who list its places and hold
    nothing they like better. Nobody loses a seat held so far: under any mechanism that is deferred acceptance
    with some priority, fewer wishes of others cost nobody a seat.

    Parameters
    ----------
    choices : int32 array, applicants x k
        Places in order of preference, padded with NONE at the end.
    system : int array, places
        Which system each place belongs to.
    rounds : int array, systems
        How many rounds each offers in; those after nothing changes are passed over.
    match : callable
        What matches lists that name places of one system each; an applicant has a list for each system.
    """
    k = choices.shape[1]
    row, column = np.nonzero(choices != NONE)
    of_entry = system[choices[row, column]]
    order = np.lexsort((column, of_entry, row))
    row, column, of_entry = row[order], column[order], of_entry[order]
    is_first = np.ones(row.size, np.bool_)
    is_first[1:] = (row[1:] != row[:-1]) | (of_entry[1:] != of_entry[:-1])
    first = np.flatnonzero(is_first)
    which = np.cumsum(is_first) - 1
    applicant, of = row[first], of_entry[first]
    lists, at = np.full((first.size, k), NONE, np.int32), np.full((first.size, k), k)
    place_in = np.arange(row.size) - first[which]
    lists[which, place_in], at[which, place_in] = choices[row, column], column
    held, offered = np.full(choices.shape[0], k), np.full(first.size, k)
    for turn in range(int(rounds.max(initial=0))):
        is_open = np.flatnonzero(rounds[of] > turn)
        who = applicant[is_open]
        wanted = np.where(at[is_open] <= held[who, None], lists[is_open], NONE)
        got = match(who, wanted, at[is_open])
        rank = at[is_open, np.argmax(wanted == got[:, None], axis=1)]
        offered[is_open] = np.where(got == NONE, k, rank)
        before = held.copy()
        np.minimum.at(held, who, offered[is_open])
        if (held == before).all():
            break
    too_late = int(((offered < k) & (offered > held[applicant])).sum())
    padded = np.column_stack([choices, np.full(held.size, NONE, np.int32)])
    return padded[np.arange(held.size), held].astype(np.int32), too_late

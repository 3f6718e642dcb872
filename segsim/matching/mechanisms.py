"""The mechanisms, on checked arrays."""

from typing import Any

import numpy as np

from segsim.kernels import matching as kernels
from segsim.kernels.separate_offers import offer_separately
from segsim.matching.reading import Places, read_floats, read_kinds, read_market, read_whole
from segsim.tables import Array


def deferred_acceptance(
    choices: Any, priority: Any, capacity: Any, *, kind: Any = None, reserve: Any = None, quota: Any = None
) -> Places:
    """Return the stable matching that is best for every applicant (Gale and Shapley 1962).

    Nobody gains by listing places in another order than the own.

    Parameters
    ----------
    choices, priority, capacity
        As this module says.
    kind : sequence of int, applicants, optional
        The kind of each applicant, from 0, for reserves and quotas.
    reserve : int array, places x kinds, optional
        Seats where a kind stands before all others; others fill what it leaves (Hafalir, Yenmez and Yildirim
        2013). In all no more than the seats of the place.
    quota : int array, places x kinds, optional
        Most seats of a kind; what it leaves stays empty unless another kind asks for it (Abdulkadiroğlu and
        Sönmez 2003). No less than is reserved.

    Returns
    -------
    int32 array, applicants
        The place of each, -1 where every place listed refused.

    Raises
    ------
    ValueError
        If anything given is not as said here.

    Examples
    --------
    Kojima (2012) shows that a quota for the majority can hurt the very minority it is meant for. Applicants 0
    and 1 are the majority. Without a quota the third gets what it likes best; with one seat less for the
    majority at place 0, applicant 1 goes to place 1 and takes its seat; a reserve does no harm.

    >>> from segsim import matching
    >>> choices, capacity, kind = [[0], [0, 1], [1, 0]], [2, 1], [0, 0, 1]
    >>> priority = matching.rank_lines([[0, 1, 2], [1, 2, 0]])
    >>> matching.deferred_acceptance(choices, priority, capacity).tolist()
    [0, 0, 1]
    >>> quota = [[1, 2], [1, 1]]
    >>> matching.deferred_acceptance(choices, priority, capacity, kind=kind, quota=quota).tolist()
    [0, 1, 0]
    >>> reserve = [[0, 1], [0, 0]]
    >>> matching.deferred_acceptance(choices, priority, capacity, kind=kind, reserve=reserve).tolist()
    [0, 0, 1]
    """
    market = read_market(choices, priority, capacity)
    seats = read_kinds(market, kind, reserve, quota)
    return kernels.deferred_acceptance(market.choices, market.priority, market.tie, market.capacity, seats)


def immediate_acceptance(
    choices: Any, priority: Any, capacity: Any, *, kind: Any = None, reserve: Any = None, quota: Any = None
) -> Places:
    """Return the matching of the Boston mechanism: seats given to first choices are never taken back.

    Who ranks a place higher stands before all who rank it lower, so that a cautious lie can pay. Parameters,
    returns and errors are those of `deferred_acceptance`.
    """
    market = read_market(choices, priority, capacity)
    seats = read_kinds(market, kind, reserve, quota)
    return kernels.immediate_acceptance(market.choices, market.priority, market.tie, market.capacity, seats)


def serial_dictatorship(
    choices: Any, turn: Any, capacity: Any, *, kind: Any = None, reserve: Any = None, quota: Any = None
) -> Places:
    """Return the matching where applicants choose one after the other among the seats left.

    Parameters
    ----------
    turn : sequence of float, applicants
        The lowest chooses first; no two alike.

    The others, returns and errors are those of `deferred_acceptance`.

    Examples
    --------
    >>> from segsim import matching
    >>> matching.serial_dictatorship([[0], [0, 1], [0, 1]], [3, 1, 2], [1, 2]).tolist()
    [-1, 0, 1]
    """
    turns = read_floats(turn, "turn")
    if turns.ndim != 1:
        raise ValueError(f"turn must be one number for each applicant, not of shape {turns.shape}")
    market = read_market(choices, -turns, capacity, name="turn")
    seats = read_kinds(market, kind, reserve, quota)
    return kernels.serial_dictatorship(market.choices, turns, market.tie, market.capacity, seats)


def top_trading_cycles(choices: Any, priority: Any, capacity: Any) -> Places:
    """Return the matching of top trading cycles (Abdulkadiroğlu and Sönmez 2003).

    Applicants trade the seats that their priorities give them: no other matching is better for some and worse
    for none. Parameters, returns and errors are those of `deferred_acceptance`.
    """
    market = read_market(choices, priority, capacity)
    return kernels.top_trading_cycles(market.choices, market.priority, market.tie, market.capacity)


def separate_offers(
    choices: Any,
    priority: Any,
    capacity: Any,
    system: Any,
    rounds: int,
    *,
    kind: Any = None,
    reserve: Any = None,
    quota: Any = None,
) -> Places:
    """Return the matching where several systems offer each for itself, by deferred acceptance, in rounds.

    Who is offered places by several keeps the one listed highest and gives back the others, which are offered
    again in the next round; those given back after the last stay empty. With rounds enough no seat is empty
    that somebody would rather have (Manjunath and Turhan 2016).

    Parameters
    ----------
    system : sequence of int, places
        Which system each place belongs to, from 0.
    rounds : int
        Rounds of offers, at least 1.

    The others, returns and errors are those of `deferred_acceptance`.

    Examples
    --------
    Two schools with a seat each. As one system everybody gets a seat; admitting each for itself, both offer
    theirs to applicant 0, and the seat given back is gone unless there is a second round.

    >>> from segsim import matching
    >>> choices, line = [[0, 1], [0, 1]], matching.rank_lines([[0, 1], [0, 1]])
    >>> matching.deferred_acceptance(choices, line, [1, 1]).tolist()
    [0, 1]
    >>> matching.separate_offers(choices, line, [1, 1], system=[0, 1], rounds=1).tolist()
    [0, -1]
    >>> matching.separate_offers(choices, line, [1, 1], system=[0, 1], rounds=2).tolist()
    [0, 1]
    """
    market = read_market(choices, priority, capacity)
    seats = read_kinds(market, kind, reserve, quota)
    of_place = read_whole(system, "system")
    if of_place.shape != market.capacity.shape:
        raise ValueError(
            f"system must be one number for each of {market.capacity.size} places, not of shape "
            f"{of_place.shape}"
        )
    n_rounds = read_whole(rounds, "rounds", least=1)
    if n_rounds.ndim:
        raise ValueError(f"rounds must be one whole number, not of shape {n_rounds.shape}")
    listed = np.column_stack([market.priority, np.zeros(market.tie.size)])

    def match(who: Array, lists: Array, at: Array) -> Array:
        theirs = None if seats is None else seats._replace(kind=seats.kind[who])
        scores = listed[who[:, None], at]
        return kernels.deferred_acceptance(lists, scores, market.tie[who], market.capacity, theirs)

    _, compact = np.unique(of_place, return_inverse=True)
    each = np.full(int(compact.max(initial=-1)) + 1, int(n_rounds))
    return offer_separately(market.choices, compact, each, match)[0]

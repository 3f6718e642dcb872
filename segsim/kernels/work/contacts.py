"""News of jobs that passes between friends (Calvó-Armengol and Jackson 2004, American Economic Review 94)."""

import numpy as np

from segsim.kernels.compile import kernel
from segsim.kernels.draws import Stream, uniform
from segsim.tables import Array


@kernel
def pass_news(
    key: np.uint64,
    period: int,
    ids: Array,
    first: Array,
    contact: Array,
    hear: float,
    lose: float,
    employed: Array,
    since: Array,
) -> None:
    """Let one period pass in a network of explicit ties.

    The city uses the mean field of this rule, `news_through_contacts`; replications and tests use the rule
    itself, to show that the two agree with the paper.

    Everyone hears of a vacancy with probability `hear`. Who is unemployed takes it; who is employed passes it
    to one of the contacts that were unemployed at the start of the period, drawn evenly, if there is one.
    Several who get news at once all get work, and one with more than one takes one. Then everyone employed
    loses the job with probability `lose`.

    Parameters
    ----------
    ids : int64 array, persons
        Whom draws belong to.
    first, contact : int64 arrays
        The contacts of person i are contact[first[i]:first[i + 1]].
    employed : bool array, persons
        Written to.
    since : int64 array, persons
        Period in which the present state began; written to.
    """
    n = ids.size
    was = employed.copy()  # all hear at once: who gets a job in this period passes no news in it
    for i in range(n):
        if uniform(key, Stream.NEWS, period, ids[i], 0) >= hear:
            continue
        taker = i
        if was[i]:
            unemployed = 0
            for c in contact[first[i] : first[i + 1]]:
                unemployed += not was[c]
            if unemployed == 0:
                continue
            pick = int(uniform(key, Stream.NEWS_TO, period, ids[i], 0) * unemployed)
            for c in contact[first[i] : first[i + 1]]:
                if not was[c]:
                    if pick == 0:
                        taker = c
                    pick -= 1
        if not employed[taker]:
            employed[taker] = True
            since[taker] = period
    for i in range(n):
        if employed[i] and uniform(key, Stream.NEWS_LOSS, period, ids[i], 0) < lose:
            employed[i] = False
            since[i] = period


@kernel
def news_through_contacts(hear: float, contacts: int, employment: float) -> float:
    """Return the probability that news reaches someone unemployed through any contact, by the mean field.

    Each of n contacts is employed with probability e, hears with probability a, and chooses among its own
    unemployed contacts, of which the seeker is one and the n - 1 others are with probability 1 - e each:

        q = E[1 / (1 + Binomial(n - 1, 1 - e))] = (1 - e**n) / (n * (1 - e)),   P = 1 - (1 - a * e * q)**n.
    """
    if contacts == 0:
        return 0.0
    idle = 1.0 - employment
    # the limit where everybody works: the seeker is the only one to tell
    passes_here = 1.0 if idle < 1e-9 else (1.0 - employment**contacts) / (contacts * idle)
    return 1.0 - (1.0 - hear * employment * passes_here) ** contacts

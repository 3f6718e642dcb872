"""Matching on plain arrays: applicants who list places, and places with seats and priorities.

School seats, homes, jobs: the mechanisms that segsim's city uses, for anybody's own data. What is given is
checked, and what is wrong is one `ValueError` that names the applicant or place by its number, from 0.

Applicants are rows. `choices` says what each lists, best first: lists of place numbers, or an array padded
with -1. `priority` says what places think of applicants, the higher stands before: a number for each at each
place (applicants x places), or one for each if all places agree; -inf where a place takes an applicant not at
all. Two that a place cannot tell apart are an error: `break_ties` draws lots between them. `capacity` is the
number of seats of each place. What is returned is the place of each applicant, -1 for none.

>>> from segsim import matching
>>> choices = [[1, 0, 2], [0, 1, 2], [0, 1, 2]]
>>> priority = matching.rank_lines([[0, 2, 1], [1, 0, 2], [1, 0, 2]])
>>> matching.deferred_acceptance(choices, priority, [1, 1, 1]).tolist()
[0, 1, 2]
>>> matching.immediate_acceptance(choices, priority, [1, 1, 1]).tolist()
[1, 2, 0]
>>> matching.top_trading_cycles(choices, priority, [1, 1, 1]).tolist()
[1, 0, 2]

(Example 1 of Abdulkadiroğlu and Sönmez 2003.)
"""

from segsim.matching.mechanisms import (
    deferred_acceptance,
    immediate_acceptance,
    separate_offers,
    serial_dictatorship,
    top_trading_cycles,
)
from segsim.matching.outcomes import find_blocking_pairs, find_ranks
from segsim.matching.priorities import break_ties, rank_lines

__all__ = [
    "break_ties",
    "deferred_acceptance",
    "find_blocking_pairs",
    "find_ranks",
    "immediate_acceptance",
    "rank_lines",
    "separate_offers",
    "serial_dictatorship",
    "top_trading_cycles",
]

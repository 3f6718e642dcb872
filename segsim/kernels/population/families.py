"""Who heads a household, who is whose partner, and who belongs together."""

import numpy as np

from segsim.ages import ADULT_AGE
from segsim.kernels.compile import kernel, part
from segsim.tables import NONE, Array, Role

_ADULT = np.int8(Role.ADULT)
_PARTNER = np.int8(Role.PARTNER)


@part
def is_elder(birth_year: Array, ids: Array, p: int, q: int) -> bool:
    """Tell whether person p is to stand before q: nobody, then the elder, then the smaller id."""
    # ties by id and not by row, because rows are reused and may come in any order
    if q == NONE:
        return True
    if birth_year[p] != birth_year[q]:
        return bool(birth_year[p] < birth_year[q])
    return bool(ids[p] < ids[q])


@kernel
def find_heads(
    ids: Array,
    household: Array,
    birth_year: Array,
    role: Array,
    head: Array,
    partner: Array,
    grown: Array,
    minors: Array,
    year: int,
) -> None:
    """Find who heads each household and who is the head's partner.

    Writes, per household row, `head` (its eldest ADULT), `partner` (its eldest PARTNER), `grown` (how many
    are ADULT or PARTNER) and `minors` (how many are under 18); NONE and 0 where there is nobody.
    """
    head[:] = NONE
    partner[:] = NONE
    grown[:] = 0
    minors[:] = 0
    for p in range(ids.size):
        if ids[p] == NONE:
            continue
        h = household[p]
        if year - birth_year[p] < ADULT_AGE:
            minors[h] += 1
        if role[p] == _ADULT:
            grown[h] += 1
            if is_elder(birth_year, ids, p, head[h]):
                head[h] = p
        elif role[p] == _PARTNER:
            grown[h] += 1
            if is_elder(birth_year, ids, p, partner[h]):
                partner[h] = p


@kernel
def settle_roles(
    ids: Array, household: Array, birth_year: Array, role: Array, year: int, orphaned: Array
) -> None:
    """Give every household a head again, and at most one partner.

    Where no ADULT is left the eldest PARTNER becomes one, else the eldest child of 18 or over; every PARTNER
    but one becomes an ADULT. Writes into `orphaned` (bool, per household row) where only minors are left.
    """
    n = orphaned.size
    head = np.full(n, NONE, np.int32)
    first = np.full(n, NONE, np.int32)
    second = np.full(n, NONE, np.int32)
    child = np.full(n, NONE, np.int32)
    orphaned[:] = False
    for p in range(ids.size):
        if ids[p] == NONE:
            continue
        h = household[p]
        orphaned[h] = True  # until somebody grown is seen; a household without persons is no orphan
        if role[p] == _ADULT:
            if is_elder(birth_year, ids, p, head[h]):
                head[h] = p
        elif role[p] == _PARTNER:
            if is_elder(birth_year, ids, p, first[h]):
                second[h] = first[h]
                first[h] = p
            elif is_elder(birth_year, ids, p, second[h]):
                second[h] = p
        elif year - birth_year[p] >= ADULT_AGE and is_elder(birth_year, ids, p, child[h]):
            child[h] = p
    for p in range(ids.size):
        if ids[p] == NONE:
            continue
        h = household[p]
        if role[p] == _PARTNER:
            # without a head the eldest partner becomes one, and the next eldest stays the partner
            stays = first[h] if head[h] != NONE else second[h]
            if p != stays:
                role[p] = _ADULT
        elif p == child[h] and head[h] == NONE and first[h] == NONE:
            role[p] = _ADULT
    for h in range(n):
        orphaned[h] = orphaned[h] and head[h] == NONE and first[h] == NONE and child[h] == NONE


@kernel
def list_members(ids: Array, household: Array, first: Array, member: Array) -> None:
    """List the persons of each household: those of h are member[first[h]:first[h + 1]].

    `first` has one entry more than there are households, `member` one per live person.
    """
    # a counting sort: two passes over persons, and members stay in the order of rows
    first[:] = 0
    for p in range(ids.size):
        if ids[p] != NONE:
            first[household[p] + 1] += 1
    for h in range(first.size - 1):
        first[h + 1] += first[h]
    at = first[:-1].copy()
    for p in range(ids.size):
        if ids[p] != NONE:
            member[at[household[p]]] = p
            at[household[p]] += 1

"""School choice: which schools a guardian ranks."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.draws import Stream, fill_bits, gumbel, gumbel_above
from segsim.kernels.schools.campus import Campus, Nearby
from segsim.kernels.schools.school_utility import (
    LOGIT,
    Applicants,
    ChoiceTaste,
    appeal_to,
    distance_km,
    judge_school,
    perceive_utility,
)
from segsim.kernels.schools.siblings import Siblings
from segsim.tables import NONE, Array

_TASTE = int(Stream.SCHOOL_TASTE)
_NO_OTHER_KM = 1000.0  # loss of distance where there is no other school


@part
def _insert(place: int, value: float, best: Array, best_value: Array) -> None:
    """Put a place into a list kept in falling order of value, dropping the last; earlier wins ties."""
    # from the end: most schools are worse than all on the list and fall off at the first look
    i = best.size
    while i > 0 and (best[i - 1] == NONE or best_value[i - 1] < value):
        i -= 1
        if i + 1 < best.size:
            best[i + 1], best_value[i + 1] = best[i], best_value[i]
    if i < best.size:
        best[i], best_value[i] = place, value


@part
def teaches(campus: Campus, s: int, grade: int) -> bool:
    """Return whether a school teaches a grade."""
    return bool(campus.first_grade[s] <= grade <= campus.last_grade[s])


@part
def _holds(places: Array, place: int) -> bool:
    """Return whether a list holds a place."""
    for p in places:  # noqa: SIM110 - numba knows no generator expressions
        if p == place:
            return True
    return False


class ApplicantList(NamedTuple):
    """What one applicant's list is made of, filled anew for each; what is not used is NONE.

    `near` and `seen` are filled once for applicants who look alike.
    """

    near: Array  # int32: the nearest municipal schools with the grade
    near_km: Array  # float64
    default: Array  # int32: these in the order of who goes by default
    default_worth: Array  # float64: appeal in kilometres less distance
    worth: Array  # float64: what the schools on the list are worth, best first
    seen: Array  # int32: schools an active guardian considers
    seen_id: Array  # int64
    seen_km: Array  # float64
    utility: Array  # float64: what the pupil's guardian sees in each
    draw: Array  # uint64: bits of the pupil's taste for each


@part
def _own_school(applicants: Applicants, campus: Campus, i: int) -> int:
    """Return the school of a redrawn catchment, if it has the grade and is not attended already."""
    own = applicants.catchment[i]
    if own == NONE or own == applicants.current[i] or not teaches(campus, own, applicants.grade[i]):
        return NONE
    return int(own)


@part
def _put_first(s: int, default: Array) -> None:
    """Put a school first, from its old place or in that of the last."""
    last = default.size - 1
    for j in range(last):
        if default[j] == s:
            last = j
            break
    for j in range(last, 0, -1):
        default[j] = default[j - 1]
    default[0] = s


@part
def _see(campus: Campus, s: int, km: float, n: int, mine: ApplicantList) -> int:
    """Note a school that is considered as the one after n others; return how many there are now."""
    mine.seen[n], mine.seen_id[n], mine.seen_km[n] = s, campus.id[s], km
    return n + 1


@part
def _look_near(
    applicants: Applicants, campus: Campus, taste: ChoiceTaste, nearby: Nearby, i: int, mine: ApplicantList
) -> int:
    """Fill the nearest municipal schools, and what an active guardian considers; return how much that is."""
    mine.near[:], mine.near_km[:] = NONE, _NO_OTHER_KM
    cell = applicants.cell[i]
    n_any, n_municipal, n_seen = 0, 0, 0
    for at in range(nearby.start[cell], nearby.start[cell + 1]):
        s, km = nearby.school[at], nearby.km[at]
        if not teaches(campus, s, applicants.grade[i]) or s == applicants.current[i]:
            continue
        is_considered = n_any < taste.nearest
        n_any += 1
        if campus.is_independent[s]:
            is_considered = is_considered or km <= taste.independent_km
        else:
            is_considered = is_considered and not taste.is_catchment
            if n_municipal < mine.near.size:
                mine.near[n_municipal], mine.near_km[n_municipal] = s, km
                n_municipal += 1
        if is_considered:
            n_seen = _see(campus, s, km, n_seen, mine)
    return n_seen


@part
def _looks_alike(applicants: Applicants, i: int, j: int) -> bool:
    """Return whether two applicants look at the same schools near by."""
    return bool(
        applicants.cell[i] == applicants.cell[j]
        and applicants.grade[i] == applicants.grade[j]
        and applicants.current[i] == applicants.current[j]
    )


@part
def _order_default(
    applicants: Applicants, campus: Campus, taste: ChoiceTaste, i: int, mine: ApplicantList
) -> None:
    """Fill the municipal schools gone to by default: the nearest, by what they are worth beside the way."""
    mine.default[:] = NONE
    for j in range(mine.near.size):
        s = mine.near[j]
        if s == NONE:
            break
        worth = taste.appeal_km * appeal_to(applicants, campus, i, s) - mine.near_km[j]
        _insert(s, worth, mine.default, mine.default_worth)
    own = _own_school(applicants, campus, i)
    if own != NONE:
        _put_first(own, mine.default)


@part
def _list_seen(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    siblings: Siblings,
    i: int,
    n: int,
    least: float,
    chosen: Array,
    mine: ApplicantList,
) -> None:
    """Fill the list of an active guardian, best first, equals by distance, from n schools and the default."""
    first, n_nearer = mine.default[0], n
    if first != NONE and not _holds(mine.seen[:n], first):
        km = distance_km(applicants, campus, i, first)
        n_nearer = int(np.searchsorted(mine.seen_km[:n], km))
        n = _see(campus, first, km, n, mine)
    # year 0: what a pupil thinks of a school is the same every year, or nobody would ever stay content
    if taste.rule == LOGIT:
        fill_bits(key, _TASTE, 0, applicants.id[i], mine.seen_id[:n], mine.draw)
    for j in range(n):
        km, s = mine.seen_km[j], mine.seen[j]
        mine.utility[j] = perceive_utility(key, applicants, campus, taste, siblings, km, i, s)
    for turn in range(n):
        # the default is noted last, since the others are looked at once for several applicants
        j = turn if turn < n_nearer else n - 1 if turn == n_nearer else turn - 1
        u, km = mine.utility[j], mine.seen_km[j]
        # what is worth no more than the last on a full list does not come on it
        asked = least if chosen[-1] == NONE else max(least, mine.worth[-1])
        if taste.rule == LOGIT:
            value = u + gumbel_above(mine.draw[j], asked - u)
        else:
            value = judge_school(key, applicants, campus, taste, u, km, i, mine.seen[j])
        if value > asked:
            _insert(mine.seen[j], value, chosen, mine.worth)


@part
def _worth_of_current(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    siblings: Siblings,
    km: float,
    i: int,
) -> float:
    """Return what another school must be worth more than to be listed by who attends one."""
    current = applicants.current[i]
    least = perceive_utility(key, applicants, campus, taste, siblings, km, i, current)
    if taste.rule == LOGIT:
        least += gumbel(key, _TASTE, 0, applicants.id[i], campus.id[current]) + taste.inertia
    else:
        least = judge_school(key, applicants, campus, taste, least, km, i, current) + taste.inertia
    return float(least)


@kernel
def list_schools(
    key: np.uint64,
    applicants: Applicants,
    campus: Campus,
    taste: ChoiceTaste,
    nearby: Nearby,
    siblings: Siblings,
    choices: Array,
    reference: Array,
) -> None:
    """Write each applicant's ranked list, and what relative proximity needs.

    Parameters
    ----------
    key : uint64
        The run's key; the taste is keyed by pupil and school alone, so that it is the same every year.
    nearby : Nearby
        For the cell of each applicant the independent schools within `taste.independent_km` and, of every
        grade, as many as `count_asked(taste.nearest, k)` says.
    choices : int32 (applicants, k), out
        Schools in order of preference, padded with NONE. An active guardian ranks the schools considered by
        utility plus taste, or by another `ChoiceRule` (of equals the nearer), and adds the default school;
        others list the nearest municipal schools by distance less `taste.appeal_km` for each unit of appeal,
        the first of which is the default. Who attends a school lists only schools better than it, or, by
        default, nearer.
    reference : float64 (applicants, 2), out
        Kilometres to the nearest and next nearest municipal school with the grade.
    """
    k = choices.shape[1]
    n_default = max(k, 2)  # relative proximity asks for the second nearest
    most = campus.id.size + 1
    mine = ApplicantList(
        np.empty(n_default, np.int32),
        np.empty(n_default),
        np.empty(n_default, np.int32),
        np.empty(n_default),
        np.empty(k),
        np.empty(most, np.int32),
        np.empty(most, np.int64),
        np.empty(most),
        np.empty(most),
        np.empty(most, np.uint64),
    )
    default, n_seen = mine.default, 0
    for i in range(choices.shape[0]):
        chosen, current, least, here = choices[i], applicants.current[i], -np.inf, 0.0
        if current != NONE:
            here = distance_km(applicants, campus, i, current)
            least = _worth_of_current(key, applicants, campus, taste, siblings, here, i)
        # neighbours in turn look once: half the time of choosing, where the roll is in the order of cells
        if i == 0 or not _looks_alike(applicants, i, i - 1):
            n_seen = _look_near(applicants, campus, taste, nearby, i, mine)
        _order_default(applicants, campus, taste, i, mine)
        reference[i] = mine.near_km[:2]
        chosen[:] = NONE
        if applicants.is_active[i]:
            _list_seen(key, applicants, campus, taste, siblings, i, n_seen, least, chosen, mine)
        n = 0
        while n < k and chosen[n] != NONE:
            n += 1
        if current == NONE:
            takes_all = taste.is_catchment or not applicants.is_active[i]
            _add_default(default, chosen, n, default.size if takes_all else 1)
        elif not applicants.is_active[i]:
            for j in range(min(k, default.size)):
                if default[j] != NONE and distance_km(applicants, campus, i, default[j]) < here:
                    chosen[n] = default[j]
                    n += 1


def count_asked(nearest: int, k: int) -> tuple[int, int]:
    """Return how many schools of any kind, and how many municipal ones, lists of `k` ask for in a grade."""
    return nearest + 1, max(k, 2) + 1  # one more: the school attended is passed over


@part
def _add_default(default: Array, chosen: Array, n: int, n_more: int) -> None:
    """Append up to `n_more` municipal schools, the default first; that always finds room."""
    for j in range(n_more):
        s = default[j]
        if s == NONE or _holds(chosen[:n], s):
            continue
        if n == chosen.size:
            # a seat nearby is everyone's right, so the default displaces the last choice; others do not
            if j == 0:
                chosen[n - 1] = s
            return
        chosen[n] = s
        n += 1

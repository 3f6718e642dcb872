"""The labour market: which vacancies a seeker hears of, and how the two value each other."""

from typing import NamedTuple

import numpy as np

from segsim.kernels.compile import kernel, part
from segsim.kernels.draws import Stream, gumbel, uniform
from segsim.kernels.host_ring import successor
from segsim.kernels.work.contacts import news_through_contacts
from segsim.tables import NONE, Array

PERIODS = 12


class SearchTerms(NamedTuple):
    """How seekers hear and choose, and employers choose; see `WorkPreferences`."""

    hear: float
    contacts: int
    skill_reach: float
    wage_weight: float
    commute_cost: float
    underqualified: float
    ability_weight: float
    duration_cost: float
    referral_bonus: float


class JobSeekers(NamedTuple):
    """Everyone who seeks work this year; one entry per seeker."""

    id: Array  # int64
    x: Array  # float32, m: home
    y: Array  # float32, m
    skill: Array  # int8: education
    ability: Array  # float32, SD
    years_out: Array  # float64, years without work that count
    penalty: Array  # float64: loss of score
    reach: Array  # float64: factor on the news that arrive
    employment: Array  # float64: share of contacts that are employed


class Openings(NamedTuple):
    """The vacancies on a ring for each skill, and the workplaces that have them."""

    workplace: Array  # int32, vacancies: row
    point: Array  # float64, vacancies: ascending within a skill
    first: Array  # int64, skills + 1: where each skill begins
    id: Array  # int64, workplaces
    x: Array  # float32, workplaces, m
    y: Array  # float32, workplaces, m
    skill: Array  # int8, workplaces
    wage_level: Array  # float32, workplaces, log points


@kernel
def times_heard(u: float, n: int, p: float) -> int:
    """Return the number of successes in n trials of probability p at quantile u, in (0, 1)."""
    p = min(p, 1.0 - 1e-12)  # at 1 the ratio of terms would divide by 0
    term = (1.0 - p) ** n
    total = term
    k = 0
    while u >= total and k < n:
        term *= (n - k) / (k + 1.0) * p / (1.0 - p)
        total += term
        k += 1
    return k


@kernel
def draw_skill(u: float, own: int, reach: float, n_skills: int) -> int:
    """Return the skill of a vacancy heard of: the own with weight 1, others with reach**steps."""
    total = 0.0
    for s in range(n_skills):
        total += reach ** abs(s - own)
    # four skills: to walk the weights again is cheaper than to keep them
    left = u * total
    for s in range(n_skills):
        left -= reach ** abs(s - own)
        if left < 0.0:
            return s
    return n_skills - 1


@kernel
def search_jobs(
    key: np.uint64,
    year: int,
    terms: SearchTerms,
    seekers: JobSeekers,
    openings: Openings,
    choices: Array,
    priority: Array,
    referred: Array,
) -> None:
    """List the vacancies each seeker applies to, best first, and the score employers give.

    In each of twelve months a seeker hears of a vacancy directly with probability `hear`, and through
    contacts by `news_through_contacts`; both times `reach`. Seeker's utility = wage_weight * wage level -
    commute_cost * km + Gumbel taste; employer's score = -underqualified * missing steps + ability_weight *
    ability - duration_cost * years out - penalty + referral_bonus if by a contact + Gumbel taste.

    Parameters
    ----------
    choices : int32 array, seekers x applications
        Written to: rows of workplaces in order of preference, padded with NONE.
    priority : float64 array, of the same shape
        Written to: the employers' scores.
    referred : bool array, of the same shape
        Written to: whether a contact passed the news on.
    """
    n_skills = openings.first.size - 1
    most = choices.shape[1]
    utility = np.empty(most)
    choices[:] = NONE
    for i in range(seekers.id.size):
        who = seekers.id[i]
        hear = min(1.0, terms.hear * seekers.reach[i])
        direct = times_heard(uniform(key, Stream.JOB_HEARD, year, who, 0), PERIODS, hear)
        # the mean field of `pass_news`: the city keeps no network, only how many of one's group and area work
        by_contacts = news_through_contacts(hear, terms.contacts, seekers.employment[i])
        through = times_heard(uniform(key, Stream.JOB_HEARD, year, who, 1), PERIODS, by_contacts)
        listed = 0
        for n in range(direct + through):
            if listed == most:
                break
            skill = draw_skill(
                uniform(key, Stream.JOB_SKILL, year, who, n), seekers.skill[i], terms.skill_reach, n_skills
            )
            start, end = openings.first[skill], openings.first[skill + 1]
            if start == end:
                continue
            at = successor(openings.point, start, end, uniform(key, Stream.JOB_MEETING, year, who, n))
            w = openings.workplace[at]
            if has_applied(choices, i, listed, w):
                continue
            value = seeker_utility(key, year, terms, seekers, openings, i, w)
            score = employer_score(key, year, terms, seekers, openings, i, w, n >= direct)
            # kept in order while it is made; lists are five long
            k = listed
            while k > 0 and utility[k - 1] < value:
                utility[k] = utility[k - 1]
                choices[i, k] = choices[i, k - 1]
                priority[i, k] = priority[i, k - 1]
                referred[i, k] = referred[i, k - 1]
                k -= 1
            utility[k], choices[i, k], priority[i, k], referred[i, k] = value, w, score, n >= direct
            listed += 1


@part
def has_applied(choices: Array, i: int, n: int, w: int) -> bool:
    """Tell whether workplace w is among the first n choices of seeker i."""
    for k in range(n):  # noqa: SIM110 - numba knows no generator expressions
        if choices[i, k] == w:
            return True
    return False


@part
def seeker_utility(
    key: np.uint64, year: int, terms: SearchTerms, seekers: JobSeekers, openings: Openings, i: int, w: int
) -> float:
    """Return the utility of workplace w to seeker i."""
    km = np.hypot(openings.x[w] - seekers.x[i], openings.y[w] - seekers.y[i]) / 1000.0
    value = terms.wage_weight * openings.wage_level[w] - terms.commute_cost * km
    return float(value + gumbel(key, Stream.JOB_TASTE, year, seekers.id[i], openings.id[w]))


@part
def employer_score(
    key: np.uint64,
    year: int,
    terms: SearchTerms,
    seekers: JobSeekers,
    openings: Openings,
    i: int,
    w: int,
    is_referred: bool,
) -> float:
    """Return the score that workplace w gives seeker i."""
    score = -terms.underqualified * max(0, openings.skill[w] - seekers.skill[i])
    score += terms.ability_weight * seekers.ability[i]
    score -= terms.duration_cost * seekers.years_out[i] + seekers.penalty[i]
    if is_referred:
        score += terms.referral_bonus
    return float(score + gumbel(key, Stream.JOB_SCORE, year, seekers.id[i], openings.id[w]))

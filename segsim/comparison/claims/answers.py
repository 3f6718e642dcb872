"""Answering claims: a number per seed for every test, an interval, and a rule fixed beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from segsim.comparison.claims.contrasts import contrast_values, total_cost
from segsim.comparison.claims.plan import ClaimPlan
from segsim.comparison.inference import Interval, drop_undefined, sign_flip_p, t_interval, tost_p
from segsim.runs.series import Cube, Series, arrange_cube
from segsim.scenario.experiment.claim import Claim, ClaimTest, Expectation
from segsim.tables import Array

ALPHA = 0.05
"""Chance that any interval of all deciding tests misses its number."""

Answer = Literal["yes", "no", "not_settled"]
Reason = Literal["", "identical", "one_run", "undefined", "no_cost"]


@dataclass(frozen=True, eq=False)
class JudgedTest:
    """What the runs say of one test.

    Attributes
    ----------
    test : ClaimTest
    series : Series
        The quantity.
    years : tuple of int
        First and last year it is taken over.
    values : array
        The contrast, seed by seed.
    interval : (float, float)
        Holds together with those of all other deciding tests.
    narrow : (float, float)
        95 % for this test alone.
    p, p_equivalence : float
        Sign flips against no difference; two one-sided tests of lying within `by`.
    answer : "yes", "no", "not_settled" or "shown"
    reason : str
        Why there is nothing to judge: "identical" runs, "one_run", "undefined", "no_cost"; else "".
    """

    test: ClaimTest
    series: Series
    years: tuple[int, int]
    values: Array
    interval: Interval
    narrow: Interval
    p: float
    p_equivalence: float
    answer: Literal["yes", "no", "not_settled", "shown"]
    reason: Reason

    @property
    def estimate(self) -> float:
        """The mean over seeds; NaN if no seed has a value."""
        known = drop_undefined(self.values)
        return float(known.mean()) if known.size else float("nan")

    @property
    def n(self) -> int:
        """The seeds that have a value."""
        return int(drop_undefined(self.values).size)


@dataclass(frozen=True, eq=False)
class ClaimAnswer:
    """A claim, its tests and what they come to."""

    claim: Claim
    tests: tuple[JudgedTest, ...]
    level: float
    """Coverage of each interval with which all on the page hold together at 95 %."""

    @property
    def answer(self) -> Answer:
        """Yes, no or not settled."""
        return combine([test.answer for test in self.tests if test.answer != "shown"], self.claim.needs)


def combine(answers: Sequence[str], needs: str) -> Answer:
    """Return what tests come to: all must hold, or any will do.

    Examples
    --------
    >>> combine(["yes", "not_settled"], "all"), combine(["yes", "no"], "all"), combine(["yes", "no"], "any")
    ('not_settled', 'no', 'yes')
    """
    enough, against = ("yes", "no") if needs == "any" else ("no", "yes")
    if enough in answers:
        return "yes" if enough == "yes" else "no"
    if all(answer == against for answer in answers):
        return "no" if against == "no" else "yes"
    return "not_settled"


def judge(interval: Interval, expect: Expectation, by: float) -> Answer:
    """Return whether an interval lies wholly where a test expects it, wholly elsewhere, or neither.

    Examples
    --------
    >>> judge((0.2, 0.4), "rises", 0.1), judge((0.0, 0.05), "rises", 0.1), judge((0.0, 0.4), "rises", 0.1)
    ('yes', 'no', 'not_settled')
    """
    low, high = interval
    if not (np.isfinite(low) and np.isfinite(high)):
        return "not_settled"
    if expect in ("falls", "does_not_fall"):
        low, high, expect = -high, -low, "rises" if expect == "falls" else "does_not_rise"
    is_beyond, is_short = low >= by, high < by
    if expect in ("moves", "stays"):
        is_beyond, is_short = low >= by or high <= -by, -by < low and high < by
    holds, fails = (is_beyond, is_short) if expect in ("rises", "moves") else (is_short, is_beyond)
    return "yes" if holds else "no" if fails else "not_settled"


def answer_claims(plan: ClaimPlan, frame: pd.DataFrame, seeds: Sequence[int]) -> tuple[ClaimAnswer, ...]:
    """Return the answers to the claims of a plan from the rows of its runs.

    Every interval is widened (Bonferroni over the deciding tests of all claims) so that with 95 % confidence
    all hold at once, however many claims are put.
    """
    names = [plan.baseline.name, *(scenario.name for scenario in plan.scenarios)]
    cube = arrange_cube(frame, names, tuple(seeds))
    n_deciding = sum(len(claim.deciding) for claim in plan.claims)
    level = 1 - ALPHA / n_deciding
    costs = {name: total_cost(frame, name) for name in names}
    return tuple(
        ClaimAnswer(
            claim,
            tuple(answer_test(plan, claim, i, cube, costs, level) for i in range(len(claim.tests))),
            level,
        )
        for claim in plan.claims
    )


def answer_test(
    plan: ClaimPlan, claim: Claim, number: int, cube: Cube, costs: Mapping[str, float], level: float
) -> JudgedTest:
    """Return what the runs say of one test of a claim."""
    test = claim.tests[number]
    series, values = contrast_values(plan, claim, number, cube, costs)
    is_free = test.per_msek is not None and any(
        not costs[plan.names[claim.name, key]] > 0 for key in test.contrast
    )
    reason = find_reason(values, is_free)
    interval = t_interval(values, level)
    years = plan.years_of(test)
    return JudgedTest(
        test=test,
        series=series,
        years=(years[0], years[-1]),
        values=values,
        interval=interval,
        narrow=t_interval(values),
        p=sign_flip_p(values),
        p_equivalence=float("nan") if test.by is None else tost_p(values, test.by),
        answer="shown" if test.by is None else judge(interval, test.expect, test.by),
        reason=reason,
    )


def find_reason(values: Array, is_free: bool) -> Reason:
    """Return why there is nothing to judge, or why the answer is as plain as it is; "" otherwise."""
    known = drop_undefined(values)
    if is_free:
        return "no_cost"
    if known.size < 2:
        return "one_run" if known.size else "undefined"
    return "" if known.any() else "identical"

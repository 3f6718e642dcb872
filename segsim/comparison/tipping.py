"""Outcomes that tip: shares of runs past a threshold, because a mean of two peaks describes no run."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from segsim.comparison.inference import Interval, pairs_with_values
from segsim.runs.series import parse_quantity_values
from segsim.tables import Array
from segsim.words.text import Text


@dataclass(frozen=True)
class Tipping:
    """How often runs end past a threshold, in the baseline and in a scenario, over the same seeds.

    Attributes
    ----------
    threshold : float
        A run has tipped when its value is above this.
    n, undefined : int
        Seeds with a value in both, and seeds without.
    baseline_share, scenario_share : float
        Shares of runs that tipped, each with its 95 % Wilson interval.
    only_baseline, only_scenario : int
        Seeds that tipped in one but not in the other.
    p_mcnemar : float
        Exact two-sided McNemar test of the two; 1 if no seed differs, NaN if there is none.
    """

    threshold: float
    n: int
    undefined: int
    baseline_share: float
    baseline_interval: Interval
    scenario_share: float
    scenario_interval: Interval
    only_baseline: int
    only_scenario: int
    p_mcnemar: float

    def line(self) -> dict[str, Any]:
        """Return the same as one line of a table, the ends of intervals as lower and upper."""
        line = {"threshold": self.threshold, "n": self.n, "undefined": self.undefined}
        for which, share, (lower, upper) in (
            ("baseline", self.baseline_share, self.baseline_interval),
            ("scenario", self.scenario_share, self.scenario_interval),
        ):
            line |= {f"{which}_share": share, f"{which}_lower": lower, f"{which}_upper": upper}
        changes = {"only_baseline": self.only_baseline, "only_scenario": self.only_scenario}
        return line | changes | {"p_mcnemar": self.p_mcnemar}


def parse_thresholds(text: str) -> dict[str, float]:
    """Read thresholds by quantity, written as `D/background/area:0.45` or several with commas.

    Raises
    ------
    SegsimError
        If a part is not quantity:threshold.
    """
    remedy = Text(
        "does not say what tips where; write MEASURE:THRESHOLD, such as D:0.45",
        "säger inte vad som tippar var; skriv MÅTT:TRÖSKEL, såsom D:0.45",
    )
    return dict(parse_quantity_values(text, remedy))


def share_above(values: Array, threshold: float) -> dict[str, Any]:
    """Return the share of runs above a threshold with its 95 % Wilson interval, as one line of a table."""
    known = values[np.isfinite(values)]
    n, tipped = known.size, int((known > threshold).sum())
    lower, upper = wilson_interval(tipped, n)
    share = tipped / n if n else np.nan
    return {"threshold": threshold, "n": n, "undefined": values.size - n, "share": share} | {
        "lower": lower,
        "upper": upper,
    }


def tipping(baseline: Array, scenario: Array, threshold: float) -> Tipping:
    """Compare the shares of runs above a threshold."""
    both, b, s = pairs_with_values(baseline, scenario)
    tipped_b, tipped_s = b > threshold, s > threshold
    n = b.size
    only_b, only_s = int((tipped_b & ~tipped_s).sum()), int((tipped_s & ~tipped_b).sum())
    return Tipping(
        threshold=threshold,
        n=n,
        undefined=both.size - n,
        baseline_share=float(tipped_b.mean()) if n else np.nan,
        baseline_interval=wilson_interval(int(tipped_b.sum()), n),
        scenario_share=float(tipped_s.mean()) if n else np.nan,
        scenario_interval=wilson_interval(int(tipped_s.sum()), n),
        only_baseline=only_b,
        only_scenario=only_s,
        p_mcnemar=mcnemar_p(only_b, only_s) if n else np.nan,
    )


def wilson_interval(successes: int, n: int, level: float = 0.95) -> Interval:
    """Return Wilson's interval of a share; NaN if there is nothing to take a share of."""
    if n == 0:
        return np.nan, np.nan
    interval = stats.binomtest(successes, n).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p that two paired shares are the same."""
    changed = only_first + only_second
    return float(stats.binomtest(only_first, changed, 0.5).pvalue) if changed else 1.0

"""What a replication found beside what was published."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Finding:
    """One number or pattern of the literature, and ours."""

    target: str
    source: str  # published, recomputed from the authors' code or data, exact
    what: str
    expected: str
    found: str
    tolerance: str
    agrees: bool
    seeds: str

    @property
    def verdict(self) -> str:
        """Pass or fail."""
        return "pass" if self.agrees else "FAIL"


Replication = Callable[[], list[Finding]]


def number(
    target: str,
    source: str,
    what: str,
    expected: float,
    found: float,
    tolerance: float,
    seeds: str,
    digits: int = 3,
) -> Finding:
    """Return a finding of a number that must lie within a tolerance."""
    return Finding(
        target,
        source,
        what,
        f"{expected:.{digits}f}",
        f"{found:.{digits}f}",
        f"±{tolerance:g}",
        bool(abs(found - expected) <= tolerance),
        seeds,
    )


def pattern(
    target: str, source: str, what: str, expected: str, found: str, agrees: bool, seeds: str
) -> Finding:
    """Return a finding of a pattern that holds or does not."""
    return Finding(target, source, what, expected, found, "holds", bool(agrees), seeds)


def mean_and_sd(values: list[float]) -> tuple[float, float]:
    """Return mean and standard deviation over seeds."""
    return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0

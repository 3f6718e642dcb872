"""How many seeds: run until the intervals are narrow enough, never until p is small enough."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from segsim.errors import SegsimError
from segsim.runs.series import numbered
from segsim.tables import Array

_HOW = "does not say how precise; write MEASURE:HALF-WIDTH, such as D:0.005"


@dataclass(frozen=True)
class Precision:
    """A rule for when there are enough seeds.

    Stop when the 95 % half-width of every comparison of the named measures has been at most the wanted one at
    the last `look_ahead` numbers of seeds, judged seed by seed (Hoad, Robinson and Davies 2010); all
    scenarios stop at the same number. No look comes before `first` seeds: fewer judge the spread badly.

    Attributes
    ----------
    half_widths : tuple of (str, float)
        Measure ("D", "D/background/area") and wanted half-width, in the measure's own unit.
    first, batch : int
        Seeds of the first batch and of every later one.
    look_ahead : int
        Consecutive numbers of seeds that must all be precise enough.
    cap : int
        Most seeds.
    """

    half_widths: tuple[tuple[str, float], ...]
    first: int = 20
    batch: int = 10
    look_ahead: int = 5
    cap: int = 200

    def __post_init__(self) -> None:
        if not self.half_widths:
            raise ValueError("no measure to be precise about")
        if any(not width > 0 for _, width in self.half_widths):
            raise ValueError("a half-width must be above 0")
        if not (2 <= self.first <= self.cap and self.batch >= 1 and self.look_ahead >= 1):
            raise ValueError("needs 2 <= first <= cap, batch >= 1 and look_ahead >= 1")

    def numbers(self) -> Iterable[int]:
        """Yield the numbers of seeds after each batch."""
        yield from range(self.first, self.cap, self.batch)
        yield self.cap


def precision(text: str) -> Precision:
    """Read a rule written as `D:0.005`, or several as `D:0.005,H/background/area:0.002`.

    Raises
    ------
    SegsimError
        If it is not measure:half-width.
    """
    pairs = numbered(text, _HOW)
    if wide := [f"{name}:{width:g}" for name, width in pairs if not width > 0]:
        raise SegsimError(f'"{wide[0]}" {_HOW}')
    return Precision(pairs)


@dataclass(frozen=True)
class Missed:
    """A comparison that is not as precise as the rule asks for, at its cap.

    Attributes
    ----------
    scenario, quantity : str
        What was compared.
    half_width, wanted : float
        95 % half-width reached, and wanted.
    """

    scenario: str
    quantity: str
    half_width: float
    wanted: float

    def __str__(self) -> str:
        return f"{self.scenario}: {self.quantity} is known to {self.half_width:.3g}, wanted {self.wanted:.3g}"


def half_widths(differences: Array) -> Array:
    """Return the 95 % half-width of the mean difference after 1, 2, ... n seeds; NaN after one.

    Seeds without a value add nothing; a difference that never varies has half-width 0.
    """
    d = np.asarray(differences, float)
    known = np.isfinite(d)
    filled = np.where(known, d - d[known][0] if known.any() else 0.0, 0.0)
    n = known.cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = filled.cumsum() / n
        variance = np.maximum((filled**2).cumsum() - n * mean**2, 0.0) / (n - 1)
        found = stats.t.ppf(0.975, np.where(n > 1, n - 1, np.nan)) * np.sqrt(variance / n)
    return np.where(n > 1, found, np.nan)


def precise_enough(differences: Array, wanted: float, rule: Precision) -> bool:
    """Tell whether one comparison, its differences in the order of the seeds, fulfils the rule.

    Seeds without a value neither count towards the first batch nor as a look.
    """
    defined = differences[np.isfinite(differences)]
    widths = half_widths(defined)[rule.first - 1 :]
    last = widths[-rule.look_ahead :]
    return bool(last.size == rule.look_ahead and (last <= wanted).all())

"""How many seeds: run until the intervals are narrow enough, never until p is small enough."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from segsim.errors import ArgumentError, SegsimError
from segsim.runs.execution.execution import Execution
from segsim.runs.plan import Plan
from segsim.runs.series import (
    Series,
    arrange_cube,
    parse_quantity_values,
    resolve_family,
    resolve_series,
)
from segsim.runs.store.folder import Runs, make_runs
from segsim.tables import Array
from segsim.words.text import Text

Pair = tuple[str, str]
"""Names of a baseline and of the scenario that is compared with it."""

_HOW = Text(
    "does not say how precise; write MEASURE:HALF-WIDTH, such as D:0.005",
    "säger inte hur noggrant; skriv MÅTT:HALV-BREDD, såsom D:0.005",
)


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
            raise ArgumentError("no measure to be precise about", "inget mått vars precision ska nås")
        if any(not width > 0 for _, width in self.half_widths):
            raise ArgumentError("a half-width must be above 0", "ett intervalls halva bredd ska vara över 0")
        if not (2 <= self.first <= self.cap and self.batch >= 1 and self.look_ahead >= 1):
            raise ArgumentError(
                "needs 2 <= first <= cap, batch >= 1 and look_ahead >= 1",
                "kräver 2 <= first <= cap, batch >= 1 och look_ahead >= 1",
            )

    def numbers(self) -> Iterable[int]:
        """Yield the numbers of seeds after each batch."""
        yield from range(self.first, self.cap, self.batch)
        yield self.cap


def parse_precision(text: str) -> Precision:
    """Read a rule written as `D:0.005`, or several as `D:0.005,H/background/area:0.002`.

    Raises
    ------
    SegsimError
        If it is not measure:half-width.
    """
    pairs = parse_quantity_values(text, _HOW)
    if wide := [f"{name}:{width:g}" for name, width in pairs if not width > 0]:
        raise SegsimError(f'"{wide[0]}" {_HOW}', f'"{wide[0]}" {_HOW:sv}')
    return Precision(pairs)


@dataclass(frozen=True)
class MissedPrecision:
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
        half = stats.t.ppf(0.975, np.where(n > 1, n - 1, np.nan)) * np.sqrt(variance / n)
    return np.where(n > 1, half, np.nan)


def is_precise(differences: Array, width: float, rule: Precision) -> bool:
    """Tell whether one comparison, its differences in the order of the seeds, fulfils the rule.

    Seeds without a value neither count towards the first batch nor as a look.
    """
    defined = differences[np.isfinite(differences)]
    widths = half_widths(defined)[rule.first - 1 :]
    last = widths[-rule.look_ahead :]
    return bool(last.size == rule.look_ahead and (last <= width).all())


def make_runs_until(
    plan: Plan,
    pairs: Sequence[Pair],
    rule: Precision | None,
    year: int,
    execution: Execution,
    primary: Sequence[str | Series] = (),
    inspect: Callable[[bytes], None] | None = None,
) -> tuple[Runs, tuple[MissedPrecision, ...]]:
    """Make the runs of a plan and, under a rule, of more seeds until it is fulfilled or its cap is reached.

    Parameters
    ----------
    plan : Plan
        Under a rule its seeds are replaced by 1, 2, ...
    pairs : sequence of (str, str)
        What is compared with what.
    rule : Precision or None
        None makes the plan as it is.
    year : int
        The year at which precision is judged.
    primary : sequence of str or Series
        The declared primary family, which a bare measure in the rule stands for.
    execution, inspect
        As in `segsim.runs.make_runs`.

    Returns
    -------
    Runs
    tuple of MissedPrecision
        What the rule asks for and was not reached at its cap; empty without a rule.
    """
    if rule is None:
        return make_runs(plan, execution, inspect=inspect), ()
    later = plan.with_seeds(range(1, rule.cap + 1))
    first, *rest = (plan.with_seeds(range(1, n + 1)) for n in rule.numbers())
    runs = make_runs(first, execution, later=later, inspect=inspect)
    execution = replace(execution, out=runs.folder)  # a temporary folder too is gone on with
    missed = list_imprecise(runs, pairs, rule, year, primary)
    for longer in rest:
        if not missed:
            break
        make_runs(longer, execution, later=later, inspect=inspect)
        runs = runs.with_plan(longer)
        missed = list_imprecise(runs, pairs, rule, year, primary)
    return runs, missed


def list_imprecise(
    runs: Runs, pairs: Sequence[Pair], rule: Precision, year: int, primary: Sequence[str | Series] = ()
) -> tuple[MissedPrecision, ...]:
    """Return the comparisons a rule names that are not precise enough with the seeds so far."""
    known = runs.list_series()
    family = resolve_family(primary, known)
    targets = {
        series: width for text, width in rule.half_widths for series in resolve_series(text, known, family)
    }
    frame = runs.frame(tuple({series.measure for series in targets}), (year,), units=False)
    cube = arrange_cube(frame, [point.name for point in runs.plan.points], runs.plan.seeds)
    missed = []
    for series, width in targets.items():
        row = cube.series_rows(series, [year])[0]
        for baseline, scenario in pairs:
            d = cube.values[scenario][row] - cube.values[baseline][row]
            if not is_precise(d, width, rule):
                missed.append(MissedPrecision(scenario, str(series), float(half_widths(d)[-1]), width))
    return tuple(missed)

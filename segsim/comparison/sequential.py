"""Running a plan batch by batch until its comparisons are precise enough."""

from pathlib import Path
from typing import Any

from segsim.comparison.series import KEYS, Series, cube_of, named_series
from segsim.comparison.stopping import Precision, precise_enough
from segsim.runs import Plan, Runs, make


def make_until(
    plan: Plan, rule: Precision | None, year: int, *, out: str | Path | None, **where: Any
) -> Runs:
    """Make the runs of a plan and, under a rule, of more seeds until it is fulfilled or its cap is reached.

    Parameters
    ----------
    plan : Plan
        Its first point is the baseline. Under a rule its seeds are replaced by 1, 2, ...
    rule : Precision or None
        None makes the plan as it is.
    year : int
        The year at which precision is judged.
    out, where
        As in `segsim.runs.make`.
    """
    if rule is None:
        return make(plan, out, **where)
    runs: Runs | None = None
    for n in rule.numbers():
        folder = out if runs is None else runs.folder
        more = make(plan.with_seeds(range(1, n + 1)), folder, **where)
        runs = runs.with_plan(more.plan) if runs else more
        if is_precise(runs, rule, year):
            break
    if runs is None:
        raise ValueError("the rule allows no number of seeds")
    return runs


def is_precise(runs: Runs, rule: Precision, year: int) -> bool:
    """Tell whether every comparison a rule names is precise enough with the seeds so far."""
    known = whole_city_series(runs)
    names = [point.name for point in runs.plan.points]
    series = {s: width for text, width in rule.half_widths for s in named_series(text, known)}
    frame = runs.frame(tuple({s.measure for s in series}), (year,), units=False)
    cube = cube_of(frame, names, runs.plan.seeds)
    for quantity, width in series.items():
        rows = cube.rows_of(quantity, [year])
        for name in names[1:]:
            d = cube.values[name][rows[0]] - cube.values[names[0]][rows[0]]
            if not precise_enough(d, width, rule):
                return False
    return True


def whole_city_series(runs: Runs) -> list[Series]:
    """Return what was measured of the whole city, as the first run shows it."""
    first = runs.one(runs.plan.points[0].name, runs.plan.seeds[0])
    whole = first.loc[first["unit"] == "", KEYS].drop_duplicates()
    return [Series(*row) for row in whole.itertuples(index=False)]

"""Running a plan batch by batch until its comparisons are precise enough."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from segsim.runs.folder import Runs, make
from segsim.runs.plan import Plan
from segsim.runs.series import KEYS, Series, cube_of, declared, meant
from segsim.runs.stopping import Precision, precise_enough

Pair = tuple[str, str]
"""Names of a baseline and of the scenario that is compared with it."""


def make_until(
    plan: Plan,
    pairs: Sequence[Pair],
    rule: Precision | None,
    year: int,
    out: str | Path | None,
    primary: Sequence[str | Series] = (),
    **where: Any,
) -> Runs:
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
    out, where
        As in `segsim.runs.make`.
    """
    if rule is None:
        return make(plan, out, **where)
    later = plan.with_seeds(range(1, rule.cap + 1))
    runs: Runs | None = None
    for n in rule.numbers():
        batch = plan.with_seeds(range(1, n + 1))
        runs = make(batch, out, later=later, **where) if runs is None else more(runs, batch, later, where)
        if is_precise(runs, pairs, rule, year, primary):
            break
    if runs is None:
        raise ValueError("the rule allows no number of seeds")
    return runs


def more(runs: Runs, plan: Plan, later: Plan, where: dict[str, Any]) -> Runs:
    """Make a longer plan in the same folder."""
    make(plan, runs.folder, later=later, **where)
    return runs.with_plan(plan)


def is_precise(
    runs: Runs, pairs: Sequence[Pair], rule: Precision, year: int, primary: Sequence[str | Series] = ()
) -> bool:
    """Tell whether every comparison a rule names is precise enough with the seeds so far."""
    known = whole_city_series(runs)
    family = declared(primary, known)
    wanted = {series: width for text, width in rule.half_widths for series in meant(text, known, family)}
    frame = runs.frame(tuple({series.measure for series in wanted}), (year,), units=False)
    cube = cube_of(frame, [point.name for point in runs.plan.points], runs.plan.seeds)
    for series, width in wanted.items():
        row = cube.rows_of(series, [year])[0]
        for baseline, scenario in pairs:
            if not precise_enough(cube.values[scenario][row] - cube.values[baseline][row], width, rule):
                return False
    return True


def whole_city_series(runs: Runs) -> list[Series]:
    """Return what was measured of the whole city, as the first run shows it."""
    first = runs.one(runs.plan.points[0].name, runs.plan.seeds[0])
    whole = first.loc[first["unit"] == "", KEYS].drop_duplicates()
    return [Series(*row) for row in whole.itertuples(index=False)]

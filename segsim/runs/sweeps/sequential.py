"""Running a plan batch by batch until its comparisons are precise enough."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from segsim.runs.plan import Plan
from segsim.runs.series import KEYS, Series, cube_of, declared, meant
from segsim.runs.store.folder import Runs, make
from segsim.runs.sweeps.stopping import Missed, Precision, half_widths, precise_enough

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
) -> tuple[Runs, tuple[Missed, ...]]:
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

    Returns
    -------
    Runs
    tuple of Missed
        What the rule asks for and was not reached at its cap; empty without a rule.
    """
    if rule is None:
        return make(plan, out, **where), ()
    later = plan.with_seeds(range(1, rule.cap + 1))
    runs: Runs | None = None
    missed: tuple[Missed, ...] = ()
    for n in rule.numbers():
        batch = plan.with_seeds(range(1, n + 1))
        runs = make(batch, out, later=later, **where) if runs is None else more(runs, batch, later, where)
        missed = imprecise(runs, pairs, rule, year, primary)
        if not missed:
            break
    if runs is None:
        raise ValueError("the rule allows no number of seeds")
    return runs, missed


def more(runs: Runs, plan: Plan, later: Plan, where: dict[str, Any]) -> Runs:
    """Make a longer plan in the same folder."""
    make(plan, runs.folder, later=later, **where)
    return runs.with_plan(plan)


def imprecise(
    runs: Runs, pairs: Sequence[Pair], rule: Precision, year: int, primary: Sequence[str | Series] = ()
) -> tuple[Missed, ...]:
    """Return the comparisons a rule names that are not precise enough with the seeds so far."""
    known = whole_city_series(runs)
    family = declared(primary, known)
    wanted = {series: width for text, width in rule.half_widths for series in meant(text, known, family)}
    frame = runs.frame(tuple({series.measure for series in wanted}), (year,), units=False)
    cube = cube_of(frame, [point.name for point in runs.plan.points], runs.plan.seeds)
    missed = []
    for series, width in wanted.items():
        row = cube.rows_of(series, [year])[0]
        for baseline, scenario in pairs:
            d = cube.values[scenario][row] - cube.values[baseline][row]
            if not precise_enough(d, width, rule):
                missed.append(Missed(scenario, str(series), float(half_widths(d)[-1]), width))
    return tuple(missed)


def whole_city_series(runs: Runs) -> list[Series]:
    """Return what was measured of the whole city, as the first run shows it."""
    first = runs.one(runs.plan.points[0].name, runs.plan.seeds[0])
    whole = first.loc[first["unit"] == "", KEYS].drop_duplicates()
    return [Series(*row) for row in whole.itertuples(index=False)]

"""Newton's method on common random numbers: tastes moved until figures stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segsim.comparison.inference import t_interval
from segsim.comparison.levels.holdable import check_holds, check_recipe, read_taste, refuse_unknown
from segsim.comparison.levels.tastes import HOLDS, Hold
from segsim.runs.execution.execution import Execution
from segsim.runs.plan import Plan, Point
from segsim.runs.series import Cube, Series, arrange_cube
from segsim.runs.store.folder import make_runs
from segsim.scenario import Scenario
from segsim.tables import Array

_LONGEST = 2.0
"""Longest step, in the steps of `Hold`: the model is straight only nearby."""
_DAMPING = 0.05
"""Weight of staying where one is, in tolerances per step: a taste that hardly moves its figure stays."""


@dataclass(frozen=True)
class Held:
    """What was found.

    Attributes
    ----------
    recipe : Scenario
        Without policies, as it was before.
    values : DataFrame
        One line per taste: key, before, value, low, high (95 %, from the spread over seeds), at_bound.
    figures : DataFrame
        One line per figure: series, start, before (change as the tastes were), change, low, high (95 % over
        seeds), tolerance, held (whether the mean change is within it).
    seeds : tuple of int
    years : int
    """

    recipe: Scenario
    values: pd.DataFrame
    figures: pd.DataFrame
    seeds: tuple[int, ...]
    years: int


def hold_levels(
    recipe: Scenario,
    seeds: Sequence[int] = (1, 2, 3),
    years: int = 5,
    execution: Execution = Execution(),  # noqa: B008  frozen
    holds: Sequence[Hold] = HOLDS,
    slopes: Array | None = None,
    rounds: int = 3,
) -> Held:
    """Set the tastes so that figures are after some years what they are at the start.

    All points are run with the same seeds, so that their differences are exact; the slopes are those of the
    first look, mended after each step (Broyden 1965). A step that makes the whole worse is taken back, and
    half of the next is gone.

    Parameters
    ----------
    recipe : Scenario
        Policies are left out.
    seeds : sequence of int
        Judge the result on others.
    years : int
    execution : Execution
    holds : sequence of Hold
    slopes : float (figures, tastes), optional
        By how much each figure moves with each taste, as known from like places, and kept; looked for if not
        given, by one more point for each taste, and mended after each step.
    rounds : int
        Steps after the first look, of one point each.

    Raises
    ------
    ScenarioError
        If a taste does nothing in the scenario, lies outside its bounds, or its figure has no value.
    ValueError
        If two of `holds` contradict each other.
    """
    baseline = recipe.baseline()
    check_holds(holds)
    check_recipe(baseline, holds)
    model = _Model(baseline, tuple(seeds), years, execution, tuple(holds))
    x = np.array([model.present(hold) for hold in holds])
    are_known = slopes is not None
    if slopes is None:
        step = np.array([_step(hold, at) for hold, at in zip(holds, x, strict=True)])
        miss, *moved = model.run([x, *(x + np.diag(step))])
        slopes = np.stack([(other - miss).mean(1) for other in moved], axis=1) / step
    else:
        miss = model.run([x])[0]
    before, part = miss, 1.0
    for _ in range(rounds):
        move = part * _choose_step(slopes, miss.mean(1), x, holds)
        if not (np.abs(move) > 1e-3).any():
            break
        there = model.run([x + move])[0]
        if not are_known:
            slopes = slopes + np.outer((there - miss).mean(1) - slopes @ move, move) / (move @ move)
        # what is worse is taken back, and half as far is gone next
        is_better = _weigh(there, holds) < _weigh(miss, holds)
        x, miss, part = (x + move, there, 1.0) if is_better else (x, miss, part / 2)
    return Held(
        baseline, _tabulate_values(model, holds, x, miss, slopes),
        _tabulate_figures(model, holds, before, miss), model.seeds, years,
    )  # fmt: skip


def _step(hold: Hold, at: float) -> float:
    """Return by how much a taste is moved to see what it does, away from its bound."""
    return hold.step if at + hold.step <= hold.highest else -hold.step


class _Model:
    """What the figures miss at given tastes: figures by seeds."""

    def __init__(
        self,
        recipe: Scenario,
        seeds: tuple[int, ...],
        years: int,
        execution: Execution,
        holds: tuple[Hold, ...],
    ) -> None:
        self.recipe, self.seeds, self.years = recipe, seeds, years
        self.start: dict[Series, float] = {}
        self._execution, self._holds = execution, holds

    def present(self, hold: Hold) -> float:
        """Return the value a taste has in the scenario."""
        return read_taste(self.recipe, hold)

    def run(self, points: Sequence[Array]) -> list[Array]:
        """Return, per point, how far each figure is from where it should be (figures by seeds)."""
        plan = Plan(
            tuple(Point(f"p{i}", self.recipe, self.overrides(x)) for i, x in enumerate(points)),
            self.seeds,
            self.years,
            tuple(sorted({hold.series.measure for hold in self._holds})),
        )
        frame = make_runs(plan, self._execution).frame()
        cube = arrange_cube(frame, [point.name for point in plan.points], self.seeds)
        refuse_unknown(self.recipe, self._holds, cube)
        return [self._misses(cube.values[point.name], cube) for point in plan.points]

    def overrides(self, x: Array) -> Mapping[str, float]:
        """Return the tastes as a scenario takes them."""
        return {hold.key: round(float(value), 4) for hold, value in zip(self._holds, x, strict=True)}

    def _misses(self, values: Array, cube: Cube) -> Array:
        """Return how far the figures of one point are from where they should be."""
        out = np.empty((len(self._holds), len(self.seeds)))
        for i, hold in enumerate(self._holds):
            lines = cube.series_rows(hold.series)
            first, last = values[lines[0]], values[lines[-1]]
            self.start[hold.series] = float(first.mean())
            out[i] = last - (first if hold.level is None else hold.level)
        return out


def _choose_step(slopes: Array, miss: Array, x: Array, holds: Sequence[Hold]) -> Array:
    """Return the step that takes the misses nearest to nothing, short and within the bounds."""
    weight = 1.0 / np.array([hold.tolerance for hold in holds])
    unit = np.array([hold.step for hold in holds])
    scaled = weight[:, None] * slopes * unit
    left = scaled.T @ scaled + _DAMPING * np.eye(len(holds))
    move = np.clip(np.linalg.solve(left, -scaled.T @ (weight * miss)), -_LONGEST, _LONGEST) * unit
    low, high = (np.array([getattr(hold, end) for hold in holds]) for end in ("lowest", "highest"))
    return np.asarray(np.clip(x + move, low, high) - x)


def _weigh(miss: Array, holds: Sequence[Hold]) -> float:
    """Return the sum of squared mean misses, each in its tolerances."""
    return float(((miss.mean(1) / np.array([hold.tolerance for hold in holds])) ** 2).sum())


def _tabulate_values(
    model: _Model, holds: Sequence[Hold], x: Array, miss: Array, slopes: Array
) -> pd.DataFrame:
    """Return the tastes with what the spread of figures over seeds says of them."""
    per_seed = -np.linalg.pinv(slopes) @ (miss - miss.mean(1, keepdims=True))
    rows = []
    for hold, value, spread in zip(holds, x, per_seed, strict=True):
        low, high = t_interval(value + spread) if len(model.seeds) > 1 else (np.nan, np.nan)
        at_bound = value in (hold.lowest, hold.highest)
        rows.append((hold.key, model.present(hold), round(float(value), 4), low, high, at_bound))
    return pd.DataFrame(rows, columns=["key", "before", "value", "low", "high", "at_bound"])


def _tabulate_figures(model: _Model, holds: Sequence[Hold], before: Array, after: Array) -> pd.DataFrame:
    """Return the figures, how they moved before, and how they move now."""
    rows = []
    for i, hold in enumerate(holds):
        low, high = t_interval(after[i]) if len(model.seeds) > 1 else (np.nan, np.nan)
        change = float(after[i].mean())
        line = (str(hold.series), model.start[hold.series], float(before[i].mean()), change, low, high)
        rows.append((*line, hold.tolerance, abs(change) <= hold.tolerance))
    columns = ["series", "start", "before", "change", "low", "high", "tolerance", "held"]
    return pd.DataFrame(rows, columns=columns)

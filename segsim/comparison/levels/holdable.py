"""Whether a scenario's figures can be held by its tastes, told before the runs it would take to find out."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from segsim.comparison.levels.tastes import Hold
from segsim.errors import ScenarioError
from segsim.runs.series import Cube
from segsim.scenario import Scenario

_STEPS = {"housing": ("demography", "housing"), "work": ("demography", "work"), "schools": ("schools",)}
"""Steps of the year without which the preferences of a section move nothing, or nobody."""


def read_taste(recipe: Scenario, hold: Hold) -> float:
    """Return the value a taste has in a scenario."""
    value: object = recipe
    for part in hold.key.split("."):
        value = getattr(value, part)
    return float(value)  # type: ignore[arg-type]


def check_holds(holds: Sequence[Hold]) -> None:
    """Refuse tastes without room to move, and two that would be set, or would set a figure, in two ways.

    Raises
    ------
    ValueError
    """
    if not holds:
        raise ValueError("there is nothing to hold; name at least one taste")
    for hold in holds:
        if not (hold.lowest < hold.highest and hold.step > 0 and hold.tolerance > 0):
            raise ValueError(
                f"{hold.key}: lowest must be under highest, and step and tolerance over 0; they are "
                f"{hold.lowest:g}, {hold.highest:g}, {hold.step:g} and {hold.tolerance:g}"
            )
    for one, other in combinations(holds, 2):
        if one.key == other.key:
            raise ValueError(
                f"{one.key} is to hold both {one.series} and {other.series}; one taste holds one figure"
            )
        if one.series == other.series:
            levels = " and ".join(
                "as at the start" if h.level is None else f"{h.level:g}" for h in (one, other)
            )
            raise ValueError(
                f"{one.series} is to be held by {one.key} and by {other.key}, {levels}; keep one of them"
            )


def check_recipe(recipe: Scenario, holds: Sequence[Hold]) -> None:
    """Refuse a board, steps left out that a taste acts in, and tastes outside their bounds.

    Raises
    ------
    ScenarioError
        With file, line, key and remedy.
    """
    if recipe.city.grid is not None:
        raise ScenarioError(
            f"{recipe.where('city')}: city: is a board, which has no level to keep; calibrate a "
            "municipality, or an experiment with targets",
            f"{recipe.where('city')}: city: är ett bräde, som inte har någon nivå att hålla; kalibrera en "
            "kommun, eller ett experiment med targets",
        )
    for hold in holds:
        section = hold.key.split(".")[1]
        absent = [step for step in _STEPS.get(section, ()) if step not in recipe.steps]
        if absent:
            raise ScenarioError(
                f"{recipe.where('steps')}: steps: leave out {absent[0]}, without which {hold.key} cannot "
                f"hold {hold.series}; calibrate a scenario with that step",
                f"{recipe.where('steps')}: steps: utelämnar {absent[0]}, utan vilket {hold.key} inte kan "
                f"hålla {hold.series}; kalibrera ett scenario med det steget",
            )
        value = read_taste(recipe, hold)
        if not hold.lowest <= value <= hold.highest:
            raise ScenarioError(
                f"{recipe.where(*hold.key.split('.'))}: {hold.key}: {value:g} is not within "
                f"{hold.lowest:g} to {hold.highest:g}, where calibration looks; write a value "
                "within, or leave it out",
                f"{recipe.where(*hold.key.split('.'))}: {hold.key}: {value:g} ligger inte mellan "
                f"{hold.lowest:g} och {hold.highest:g}, där kalibreringen letar; skriv ett värde "
                "däremellan, eller utelämna det",
            )


def refuse_unknown(recipe: Scenario, holds: Sequence[Hold], cube: Cube) -> None:
    """Refuse figures that have no value in the runs, such as D of a group nobody belongs to.

    Raises
    ------
    ScenarioError
    """
    for hold in holds:
        lines = cube.series_rows(hold.series)
        ends = lines[[0, -1]] if lines.size else lines
        if not lines.size or not all(np.isfinite(values[ends]).all() for values in cube.values.values()):
            raise ScenarioError(
                f"{recipe.where('city')}: city: {hold.series} has no value in {recipe.name}, so that it "
                "cannot be held; a place needs at least two areas, and some residents of each kind",
                f"{recipe.where('city')}: city: {hold.series} har inget värde i {recipe.name} och kan "
                "därför inte hållas; en ort behöver minst två områden, och några boende av varje slag",
            )

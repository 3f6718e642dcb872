"""Many runs: a plan of scenarios times seeds, carried out anywhere, stored so that nothing is lost."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from segsim.catalogue import MEASURES
from segsim.errors import ArgumentError, SegsimError, check_whole_number, did_you_mean
from segsim.own.part import list_given
from segsim.policies import Policy
from segsim.runs.execution.execution import Execution, Kind, Progress, Watcher
from segsim.runs.model import Model, Recipe, city_rows
from segsim.runs.plan import Plan, Point
from segsim.runs.store.folder import Runs, make_runs, open_runs, write_one_file
from segsim.runs.store.record import write_provenance
from segsim.runs.store.saved_simulation import load_simulation, save_simulation
from segsim.scenario import Scenario, load_scenario

_MOST_SEED = 2**63 - 1

__all__ = [
    "Execution",
    "Plan",
    "Point",
    "Progress",
    "Recipe",
    "Runs",
    "list_seeds",
    "load_simulation",
    "make_runs",
    "open_runs",
    "plan_scenarios",
    "run",
    "save_simulation",
    "write_one_file",
    "write_provenance",
]


def run(
    scenario: Recipe | str | Path | Sequence[Recipe | str | Path],
    seeds: int | Iterable[int] = 20,
    years: int | None = None,
    *,
    executor: Kind | Executor | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    progress: Watcher | None = None,
    policies: Sequence[Policy] = (),
    measures: Sequence[str | Callable[..., Any]] = (),
    model: Model = city_rows,
) -> Runs:
    """Run one or more scenarios with many seeds.

    Parameters
    ----------
    scenario : Scenario, name or path, or several
        What to run.
    seeds : int or iterable of int
        The seeds, or how many: n means 1, 2, ..., n.
    years : int, optional
        Simulated years; the default is the scenario's own.
    executor : "serial", "threads", "processes", "dask" or Executor, optional
        Where to run; all give the same bytes.
    jobs : int, optional
        Workers; the default is the number of cores.
    cluster : str, optional
        Address of a Dask scheduler.
    out : path, optional
        Results folder. Runs it already holds are not made again. Gets `runs.parquet` and `provenance.json`.
    progress : callable, optional
        Called with a `Progress` at the start and after every run.
    policies : sequence of Policy, optional
        More policies for every scenario, of segsim's classes or of your own (docs/extending.md).
    measures : sequence of str or callable, optional
        Measures to keep, by name; none keeps all. Functions are measures and indices of your own beside them.
    model : callable, optional
        What makes the rows of one run.

    Returns
    -------
    Runs
        `Runs.frame()` is the tidy table scenario, seed, year, measure, grouping, level, unit, value.
    """
    several = scenario if isinstance(scenario, Sequence) and not isinstance(scenario, str) else [scenario]
    wanted = (measures,) if isinstance(measures, str) else list_given(measures)
    names = tuple(measure for measure in wanted if isinstance(measure, str))
    own = [measure for measure in wanted if not isinstance(measure, str)]
    recipes = [add_own(load_scenario(s) if isinstance(s, str | Path) else s, policies, own) for s in several]
    names += tuple(name_own_measures(recipes)) if names else ()
    plan = plan_scenarios(recipes, list_seeds(seeds), years, names, model)
    runs = make_runs(plan, Execution(executor, jobs, cluster, out, progress))
    if out is not None:
        write_one_file(runs)
        write_provenance(runs)
    return runs


def add_own(recipe: Recipe, policies: Sequence[Policy], measures: Sequence[Callable[..., Any]]) -> Recipe:
    """Return a scenario with more policies and with measures of one's own."""
    if not (policies or measures):
        return recipe
    if not isinstance(recipe, Scenario):
        raise ArgumentError(
            f"{recipe.name} is no scenario of segsim, to which policies or measures could be added",
            f"{recipe.name} är inget scenario i segsim, som åtgärder eller mått kan läggas till",
        )
    return recipe.add_own(policies, measures)


def plan_scenarios(
    recipes: Sequence[Recipe],
    seeds: tuple[int, ...],
    years: int | None,
    measures: tuple[str, ...] = (),
    model: Model = city_rows,
) -> Plan:
    """Return the plan of some scenarios as they are."""
    for recipe in recipes:
        if not isinstance(recipe, Recipe):
            raise ArgumentError(
                f"{recipe!r} is no scenario; segsim.load_scenario reads one",
                f"{recipe!r} är inget scenario; segsim.load_scenario läser ett",
            )
    names = [recipe.name for recipe in recipes]
    if not names:
        raise ArgumentError("there is no scenario to run", "det finns inget scenario att köra")
    if repeated := {name for name in names if names.count(name) > 1}:
        raise SegsimError(
            f"two scenarios are called {sorted(repeated)[0]}; rename one, rows are told apart by name",
            f"två scenarier heter {sorted(repeated)[0]}; byt namn på ett, raderna skiljs åt på namnet",
        )
    if model is city_rows:
        check_measures(measures, [*MEASURES, *name_own_measures(recipes)])
    lengths = {recipe.years for recipe in recipes} if years is None else {years}
    if len(lengths) > 1:
        raise SegsimError(
            f"the scenarios run {sorted(lengths)} years; give --years so that all run equally long",
            f"scenarierna körs {sorted(lengths)} år; ange --years så att alla körs lika länge",
        )
    length = check_whole_number("years", lengths.pop(), 0)
    # the same thing has one hash, whether its years were its own or asked for
    recipes = [r if r.years == length else r.override({"years": length}) for r in recipes]
    return Plan(tuple(Point(recipe.name, recipe) for recipe in recipes), seeds, length, measures, model)


def name_own_measures(recipes: Iterable[Recipe]) -> list[str]:
    """Return the names of the measures of one's own that scenarios are measured by."""
    scenarios = [recipe for recipe in recipes if isinstance(recipe, Scenario)]
    names = [one.declared.name for scenario in scenarios for one in scenario.own_measures()]
    return list(dict.fromkeys(names))


def check_measures(measures: Iterable[str], known: Sequence[str]) -> None:
    """Refuse (ArgumentError) measures to keep that a city does not have: nothing would be kept of them."""
    for name in measures:
        if name not in known:
            near = did_you_mean(name, known)
            raise ArgumentError(
                f'nothing measures "{name}"; segsim list measures shows all{near}',
                f'inget mäter "{name}"; segsim list measures visar alla{near:sv}',
            )


def list_seeds(seeds: int | Iterable[int]) -> tuple[int, ...]:
    """Return seeds as a tuple; a number n means 1, 2, ..., n.

    Raises
    ------
    ArgumentError
        If there is no seed, one is no whole number from 0 to 2**63 - 1, or one is given twice.
    """
    if isinstance(seeds, str | bytes) or not isinstance(seeds, Iterable):
        numbers = tuple(range(1, check_whole_number("seeds", seeds, 1) + 1))
    else:
        numbers = tuple(check_whole_number("a seed", seed, 0, _MOST_SEED) for seed in seeds)
    if not numbers:
        raise ArgumentError(
            "no seeds: at least 1 is needed, 20 or more for intervals to be trusted",
            "inga frön: minst 1 behövs, 20 eller fler för intervall att lita på",
        )
    if len(set(numbers)) < len(numbers):
        raise ArgumentError(
            "a seed is given twice; replicates must not share a seed",
            "ett frö är angivet två gånger; upprepningar får inte dela frö",
        )
    return numbers

"""Comparing scenarios with their baseline: the same seeds for all, and how sure the difference is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from segsim.comparison.result import MARGINS, Comparison
from segsim.errors import ArgumentError, ScenarioError, SegsimError
from segsim.own.part import list_given
from segsim.policies import Policy
from segsim.runs import list_seeds, plan_scenarios, write_one_file, write_provenance
from segsim.runs.execution.execution import Execution, Kind, Watcher
from segsim.runs.model import Model, city_rows
from segsim.runs.requested import RequestedQuantity, quantity_inspector
from segsim.runs.series import (
    Cube,
    Series,
    arrange_cube,
    default_series,
    find_series,
    resolve_family,
    resolve_series,
)
from segsim.runs.store.store import write_whole
from segsim.runs.sweeps.stopping import Precision, make_runs_until, parse_precision
from segsim.scenario import Scenario, load_scenario, policy_places
from segsim.scenario.files.csv_text import write_csv

__all__ = [
    "Comparison",
    "Cube",
    "Precision",
    "Series",
    "arrange_cube",
    "compare",
    "find_series",
    "parse_precision",
]

WINDOW = 5
"""Years that averages and settling are taken over."""

Source = Scenario | str | Path


def compare(
    scenarios: Source | Sequence[Source],
    seeds: int | Iterable[int] = 20,
    years: int | None = None,
    *,
    until: str | Precision | None = None,
    primary: Sequence[str | Series] = (),
    horizon: int | None = None,
    margins: Mapping[str, float] | None = None,
    thresholds: Mapping[str, float] | None = None,
    executor: Kind | Executor | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    progress: Watcher | None = None,
    policies: Sequence[Policy] = (),
    measures: Sequence[Callable[..., Any]] = (),
    model: Model = city_rows,
) -> Comparison:
    """Run policy scenarios and the city they extend with the same seeds, and compare them.

    Parameters
    ----------
    scenarios : Scenario, name or path, or several
        Policy scenarios that extend the same city.
    seeds : int or iterable of int, optional
        The seeds, or how many; with `until` it is not used.
    years : int, optional
        Simulated years; the default is the scenarios' own, the longest of several.
    until : str or Precision, optional
        Add seeds until the named measures are precise enough, such as "D:0.005".
    primary : sequence of str or Series, optional
        The primary family, such as ("D/background/area",); the default is D of background between areas and
        between schools.
    horizon : int, optional
        The year scenarios are judged at; the default is the last.
    margins : mapping, optional
        Smallest effect of interest by measure or quantity, beside .02 for D and .01 for H.
    thresholds : mapping, optional
        Quantities that may tip, with the value above which a run has tipped, such as {"D": 0.45}.
    policies : sequence of Policy, optional
        More policies for every scenario, of segsim's classes or of your own (docs/extending.md). A city
        itself becomes a scenario with them, called by their names.
    measures : sequence of callable, optional
        Measures and indices of your own.
    executor, jobs, cluster, out, progress, model
        As in `segsim.runs.run`. The folder also gets `differences.csv`, `averages.csv` and `judged.csv`, and
        `tipping.csv` if there are thresholds.

    Raises
    ------
    ScenarioError
        If a scenario has no policies, if two extend different cities, or, after the first run, if nothing
        measures a quantity that is named.
    """
    primary = (primary,) if isinstance(primary, str) else primary
    loaded = [add_policies(scenario, policies, measures) for scenario in load_scenarios(scenarios)]
    recipes = follow_policy_areas(equalise_years(loaded, years))
    baseline = common_baseline(recipes)
    rule = parse_precision(until) if isinstance(until, str) else until
    plan = plan_scenarios([baseline, *recipes], list_seeds(rule.first if rule else seeds), years, model=model)
    judged_in = baseline.start + plan.years if horizon is None else horizon
    if not baseline.start <= judged_in <= baseline.start + plan.years:
        raise SegsimError(
            f"the horizon {judged_in} is not simulated; "
            f"the runs cover {baseline.start} to {baseline.start + plan.years}",
            f"horisonten {judged_in} simuleras inte; körningarna omfattar {baseline.start} till "
            f"{baseline.start + plan.years}",
        )
    asked = [*primary, *(thresholds or {}), *(name for name, _ in (rule.half_widths if rule else ()))]
    requested = [RequestedQuantity(quantity, judged_in) for quantity in asked]
    requested += [RequestedQuantity(name) for name in margins or ()]
    inspect = quantity_inspector(requested)
    execution = Execution(executor, jobs, cluster, out, progress)
    pairs = [(baseline.name, recipe.name) for recipe in recipes]
    runs, missed = make_runs_until(plan, pairs, rule, judged_in, execution, primary, inspect)
    series = runs.list_series()
    family = resolve_family(primary, series) or default_series(series)
    comparison = Comparison(
        baseline=baseline,
        scenarios=tuple(recipes),
        source=runs,
        primary=family,
        horizon=judged_in,
        window=WINDOW,
        missed=missed,
        margins=MARGINS | resolve_margins(margins or {}, series),
        thresholds={
            s: x for name, x in (thresholds or {}).items() for s in resolve_series(name, series, family)
        },
    )
    if out is not None:
        write_tables(comparison)
    return comparison


def resolve_margins(margins: Mapping[str, float], known: Sequence[Series]) -> dict[str, float]:
    """Return margins by measure or by full name of a quantity."""
    resolved: dict[str, float] = {}
    for name, margin in margins.items():
        matches = find_series(name, known)  # refuses what nothing measures
        resolved |= {str(series): margin for series in matches} if "/" in name else {name: margin}
    return resolved


def load_scenarios(scenarios: Source | Sequence[Source]) -> list[Scenario]:
    """Return the scenarios, read from their files where they are names or paths."""
    several = scenarios if isinstance(scenarios, Sequence) and not isinstance(scenarios, str) else [scenarios]
    if not several:
        raise ArgumentError("no scenario to compare", "inget scenario att jämföra")
    return [s if isinstance(s, Scenario) else load_scenario(s) for s in several]


def add_policies(
    scenario: Scenario, policies: Sequence[Policy], measures: Sequence[Callable[..., Any]]
) -> Scenario:
    """Return a scenario with more policies and measures; a city under another name, beside the baseline."""
    policies = list_given(policies, Policy)
    added = scenario.add_own(policies, measures)
    if not policies or added.baseline().name != added.name:
        return added
    return added.model_copy(update={"name": "_and_".join([scenario.name, *(p.name for p in policies)])})


def equalise_years(scenarios: Sequence[Scenario], years: int | None) -> list[Scenario]:
    """Let all scenarios run for the years asked for, or as long as the longest of them."""
    length = max(scenario.years for scenario in scenarios) if years is None else years
    return [s if s.years == length else s.override({"years": length}) for s in scenarios]


def follow_policy_areas(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Let every scenario, and with it the baseline, follow those who live where any of the policies acts."""
    policies = [policy for scenario in scenarios for policy in scenario.policies]
    places = tuple(place for place, _ in policy_places(policies, scenarios[0].start))
    return [scenario.follow(places) for scenario in scenarios]


def common_baseline(scenarios: Sequence[Scenario]) -> Scenario:
    """Return the city that all scenarios extend."""
    first = scenarios[0].baseline()
    for scenario in scenarios:
        if scenario.baseline().content_hash != first.content_hash:
            raise ScenarioError(
                f"{scenarios[0].name} extends {first.name} and {scenario.name} extends "
                f"{scenario.baseline().name}, or they measure differently; compare scenarios of one city at "
                "a time, with the same `measures`",
                f"{scenarios[0].name} utgår från {first.name} och {scenario.name} från "
                f"{scenario.baseline().name}, eller så mäter de olika; jämför scenarier för en stad åt "
                "gången, med samma `measures`",
            )
        if scenario.name == first.name:
            raise ScenarioError(
                f"{scenario.name} is a city itself; give a scenario that extends it, or use `segsim run`",
                f"{scenario.name} är själv en stad; ange ett scenario som utgår från den, eller använd "
                "`segsim run`",
            )
    return first


def write_tables(comparison: Comparison) -> list[Path]:
    """Write the tables of a comparison beside its runs; return them."""
    folder = comparison.source.folder
    write_one_file(comparison.source)
    tables = {
        "differences": comparison.differences,
        "averages": comparison.averages,
        "judged": comparison.judged,
        **({"tipping": comparison.tipped} if comparison.thresholds else {}),
    }
    written = [folder / f"{name}.csv" for name in tables]
    for path, table in zip(written, tables.values(), strict=True):
        write_whole(path, write_csv(table))
    write_provenance(
        comparison.source,
        baseline=comparison.baseline.name,
        horizon=comparison.horizon,
        primary=[str(series) for series in comparison.primary],
        margins=dict(comparison.margins),
        thresholds={str(series): value for series, value in comparison.thresholds.items()},
        imprecise=[asdict(miss) for miss in comparison.missed],
    )
    return written

"""Sweeps: an experiment carried out, resumed after any interruption, estimated before it begins."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from segsim.errors import ResultsError, ScenarioError, SegsimError
from segsim.policies import Policy
from segsim.runs.execution.execution import Execution, Kind, Watcher
from segsim.runs.execution.executors import cores
from segsim.runs.execution.job import perform
from segsim.runs.model import Model, city_rows
from segsim.runs.plan import Plan
from segsim.runs.requested import RequestedQuantity, quantity_inspector
from segsim.runs.series import Series
from segsim.runs.store.folder import Runs, refuse_failure
from segsim.runs.store.record import write_provenance
from segsim.runs.store.store import Store, explain_write_errors, write_whole
from segsim.runs.sweeps.designs import Sample, comparison_pairs, plan_points, sample_design, tabulate_design
from segsim.runs.sweeps.stopping import MissedPrecision, Precision, make_runs_until, parse_precision
from segsim.scenario.experiment.experiment import Experiment
from segsim.scenario.experiment.loading import load_experiment
from segsim.scenario.files.csv_text import write_csv

DESIGN = "design.csv"
EXPERIMENT = "experiment.json"
_TRIAL_YEARS = 2


@dataclass(frozen=True)
class Estimate:
    """What a sweep will take, known before it begins.

    Attributes
    ----------
    points, seeds, runs, stored : int
        Scenarios (baselines included), seeds, runs in all and runs already stored.
    seconds_per_run, bytes_per_run : float
        Measured on a trial run and scaled to all its years; NaN if nothing was tried.
    jobs : int
        Workers the time is divided by, at most the cores of this machine.
    most : int
        Runs at the cap of a rule that adds seeds; as `runs` without one.
    superseded : int
        Stored runs that are not of this experiment as it is now, and will be moved away.
    """

    points: int
    seeds: int
    runs: int
    stored: int
    seconds_per_run: float
    bytes_per_run: float
    jobs: int
    most: int
    superseded: int

    @property
    def seconds(self) -> float:
        """Time until all runs are made."""
        return self.seconds_per_run * (self.runs - self.stored) / self.jobs

    @property
    def bytes(self) -> float:
        """Size of all runs on disk."""
        return self.bytes_per_run * self.runs


@dataclass(frozen=True, eq=False)
class Sweep:
    """An experiment and its runs.

    Attributes
    ----------
    experiment : Experiment
    sample : Sample
        The points of its design.
    runs : Runs
        `Runs.frame()` is the tidy table; its column scenario is the name of a point.
    missed : tuple of MissedPrecision
        Comparisons that `until` asks to be more precise than they are at its cap.
    """

    experiment: Experiment
    sample: Sample
    runs: Runs
    missed: tuple[MissedPrecision, ...] = ()

    def __repr__(self) -> str:
        return f"<Sweep {self.experiment.name}: {self.runs!r}>"

    @property
    def folder(self) -> Path:
        """Return the results folder."""
        return self.runs.folder

    def design(self) -> pd.DataFrame:
        """Return one line per point of the design: scenario, and the value of every factor."""
        return self.sample.frame()


def read_experiment(experiment: Experiment | str | Path) -> Experiment:
    """Return an experiment, read from its file if it is a path."""
    return experiment if isinstance(experiment, Experiment) else load_experiment(experiment)


def plan_experiment(experiment: Experiment, drawn: Sample, model: Model = city_rows) -> Plan:
    """Return the plan of an experiment at the points of a sample."""
    seeds = experiment.seeds
    numbers = tuple(range(1, seeds + 1)) if isinstance(seeds, int) else seeds
    years = experiment.base.years if experiment.years is None else experiment.years
    return Plan(plan_points(experiment, drawn), numbers, years, model=model)


def results_folder(experiment: Experiment, out: str | Path | None) -> Path:
    """Return the results folder of an experiment: `results/NAME` by default."""
    return Path("results") / experiment.name if out is None else Path(out)


def estimate(
    experiment: Experiment | str | Path,
    jobs: int | None = None,
    out: str | Path | None = None,
    *,
    until: str | Precision = "",
    trial: bool = True,
    model: Model = city_rows,
) -> Estimate:
    """Tell how many runs an experiment has, and how long and large they will be.

    Parameters
    ----------
    experiment : Experiment or path
    jobs : int, optional
        Workers; the default is the number of cores.
    out : path, optional
        The results folder, whose stored runs count as done.
    until : str or Precision, optional
        A rule in the place of the experiment's own.
    trial : bool
        Whether to measure a short run of the first point (0 and 2 years); time and size are NaN without.
    model : callable
        What makes the rows of a run.
    """
    experiment = read_experiment(experiment)
    drawn = sample_design(experiment)
    rule = stopping_rule(experiment, until)
    plan = plan_experiment(experiment, drawn, model)
    last = plan
    if rule:
        comparison_pairs(experiment, drawn)  # refuses a rule with nothing to be precise about
        plan, last = (plan.with_seeds(range(1, n + 1)) for n in (rule.first, rule.cap))
    stored = Store(results_folder(experiment, out) / "runs").inventory().keys
    seconds = size = float("nan")
    if trial:
        seconds, size = _measure_trial(plan, tuple(quantities_to_measure(experiment, rule, None)))
    return Estimate(
        points=len(plan.points),
        seeds=len(plan.seeds),
        runs=len(plan),
        stored=sum(key in stored for key in plan.run_keys()) if stored else 0,
        most=len(last),
        superseded=len(stored.difference(last.run_keys())) if stored else 0,
        seconds_per_run=seconds,
        bytes_per_run=size,
        jobs=min(jobs or cores(), cores(), len(plan)),
    )


def _measure_trial(plan: Plan, requested: Sequence[RequestedQuantity]) -> tuple[float, float]:
    """Measure time and size of a run without years and of a short one, and scale them to all years."""
    job = next(plan.jobs())
    trials: list[tuple[float, int, int]] = []
    short = min(_TRIAL_YEARS, plan.years)
    for years in (short, 0, short):  # the first one also compiles, and is forgotten
        start = time.perf_counter()
        outcome = perform(_with_years(job, years))
        refuse_failure(job, outcome)
        if not trials:  # a run without years has no flows to be asked for
            quantity_inspector(requested)(outcome.data)
        trials.append((time.perf_counter() - start, len(outcome.data), years))
    (t0, b0, _), (t1, b1, years) = trials[1:]
    if not years:
        return t1, float(b1)
    return t0 + max(t1 - t0, 0.0) / years * plan.years, b0 + (b1 - b0) / years * plan.years


def _with_years(job: Any, years: int) -> Any:
    """Return a job over fewer years."""
    return replace(job, years=years)


def sweep(
    experiment: Experiment | str | Path,
    jobs: int | None = None,
    cluster: str | None = None,
    resume: bool = False,
    *,
    until: str | Precision = "",
    executor: Kind | None = None,
    out: str | Path | None = None,
    progress: Watcher | None = None,
    policies: Sequence[Policy] = (),
    measures: Sequence[Callable[..., Any]] = (),
    model: Model = city_rows,
) -> Sweep:
    """Carry out an experiment; what is stored already is not made again.

    Parameters
    ----------
    experiment : Experiment or path
    jobs : int, optional
        Workers of this machine; the default is the number of cores.
    cluster : str, optional
        Address of a Dask scheduler instead.
    resume : bool
        Whether to go on in a folder that holds runs already.
    until : str or Precision, optional
        Add seeds until this precise, such as "D:0.005"; the default is what the experiment says.
    executor : "serial", "threads", "processes" or "dask", optional
        Where to run.
    out : path, optional
        Results folder; the default is `results/NAME`.
    progress : callable, optional
        Called with a `Progress` at the start and after every run.
    policies : sequence of Policy, optional
        More policies for every point but the baselines, of segsim's classes or of your own
        (docs/extending.md).
    measures : sequence of callable, optional
        Measures and indices of your own.
    model : callable, optional
        What makes the rows of a run.

    Raises
    ------
    ScenarioError
        If the experiment is wrong, before anything is run.
    ResultsError
        If the folder holds runs and `resume` is not given, or cannot be written to.
    """
    experiment = read_experiment(experiment).add_own(policies, measures)
    execution = Execution(executor, jobs, cluster, results_folder(experiment, out), progress)
    return carry_out_sample(experiment, sample_design(experiment), execution, resume, until, model)


def carry_out_sample(
    experiment: Experiment,
    drawn: Sample,
    execution: Execution,
    resume: bool = False,
    until: str | Precision = "",
    model: Model = city_rows,
) -> Sweep:
    """Carry out an experiment at the points of a sample, which need not be that of its design."""
    folder = results_folder(experiment, execution.out)
    refuse_to_mix(folder, resume, experiment)
    plan = plan_experiment(experiment, drawn, model)
    rule = stopping_rule(experiment, until)
    compared = comparison_pairs(experiment, drawn) if rule else []
    with explain_write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / DESIGN, write_csv(tabulate_design(experiment, drawn)))
    write_whole(folder / EXPERIMENT, experiment.model_dump_json(by_alias=True, indent=2).encode())
    year = experiment.base.start + plan.years
    inspect = quantity_inspector(quantities_to_measure(experiment, rule, year))
    runs, missed = make_runs_until(plan, compared, rule, year, execution, experiment.primary, inspect)
    made = Sweep(experiment, drawn, runs, missed)
    write_record(made)
    return made


def write_record(sweep: Sweep) -> None:
    """Write `provenance.json` of a sweep."""
    experiment, imprecise = sweep.experiment, [asdict(miss) for miss in sweep.missed]
    write_provenance(sweep.runs, experiment=experiment.name, base=experiment.base.name, imprecise=imprecise)


def stopping_rule(experiment: Experiment, until: str | Precision = "") -> Precision | None:
    """Return the rule for the number of seeds: the one given, or else the experiment's, or none."""
    if until:
        return parse_precision(until) if isinstance(until, str) else until
    try:
        return parse_precision(experiment.until) if experiment.until else None
    except SegsimError as error:
        raise ScenarioError(
            f"{experiment.where('until')}: until: {error}", f"{experiment.where('until')}: until: {error:sv}"
        ) from error


def quantities_to_measure(
    experiment: Experiment, rule: Precision | None, year: int | None
) -> Iterator[RequestedQuantity]:
    """Yield every quantity an experiment names, and where; without a year any will do."""
    for i, name in enumerate(experiment.primary):
        yield RequestedQuantity(name, year, f"{experiment.where('primary', i)}: primary: ")
    for i, name in enumerate(experiment.more_is_better):
        yield RequestedQuantity(name, year, f"{experiment.where('more_is_better', i)}: more_is_better: ")
    for name, _ in rule.half_widths if rule else ():
        yield RequestedQuantity(name, year, f"{experiment.where('until')}: until: ")
    for name in experiment.tipping:
        yield RequestedQuantity(name, year, f"{experiment.where('tipping', name)}: tipping: ")
    for i, target in enumerate(experiment.targets):
        quantity = Series(target.measure, target.grouping, target.level, target.unit)
        when = year if target.year is None or year is None else target.year
        yield RequestedQuantity(quantity, when, f"{experiment.where('targets', i)}: targets: ")


def refuse_to_mix(folder: Path, resume: bool, experiment: Experiment) -> None:
    """Refuse to begin in a folder that holds runs, unless it is to go on with the same experiment."""
    try:
        other = json.loads((folder / EXPERIMENT).read_text("utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):
        other = experiment.name
    if other != experiment.name:
        raise ResultsError(
            f"{folder}: holds the experiment {other}; choose another --out",
            f"{folder}: rymmer experimentet {other}; välj en annan --out",
        )
    if not resume and next(Store(folder / "runs").entries(), None) is not None:
        raise ResultsError(
            f"{folder}: holds runs already; add --resume to go on with them, or choose another --out",
            f"{folder}: rymmer redan körningar; lägg till --resume för att fortsätta med dem, eller välj en "
            "annan --out",
        )

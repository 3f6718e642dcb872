"""Commands that run: run, compare, sweep, and report from what was run."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segsim.cli.options import (
    Cluster,
    County,
    ErrorTongue,
    Folder,
    Jobs,
    Language,
    Out,
    OwnCode,
    Primary,
    RunScenarios,
    Scenarios,
    Seed,
    SeedCount,
    Set,
    Tipping,
    Tongue,
    Until,
    Years,
    add_county,
    check_folder,
    choose_seeds,
    load_recipes,
)
from segsim.cli.showing import estimate_text, progress_bar

if TYPE_CHECKING:
    from segsim.runs.sweeps.stopping import MissedPrecision


def run(
    scenarios: RunScenarios = None,
    county: County = None,
    seeds: SeedCount = None,
    seed: Seed = None,
    years: Years = None,
    jobs: Jobs = None,
    out: Out = None,
    language: Tongue = Language.en,
    override: Set = None,
    cluster: Cluster = None,
    own_code: OwnCode = False,
) -> None:
    """Run scenarios with many seeds, keep every measure of every year, and write a report on each."""
    from segsim import runs

    recipes = load_recipes(add_county(scenarios, county), years, override)
    folder = check_folder(out, recipes)
    with progress_bar() as watcher:
        stored = runs.run(
            recipes, choose_seeds(seeds, seed), jobs=jobs, cluster=cluster, out=folder, progress=watcher
        )
    from segsim.report import write_diagnosis  # late, so that the runs need not wait for it

    print_paths(write_diagnosis(stored, folder, language.value))


def compare(
    scenarios: Scenarios,
    seeds: SeedCount = None,
    seed: Seed = None,
    years: Years = None,
    jobs: Jobs = None,
    out: Out = None,
    language: Tongue = Language.en,
    until: Until = None,
    primary: Primary = None,
    tipping: Tipping = None,
    override: Set = None,
    decided_by: Annotated[
        str,
        typer.Option(
            "--decided-by",
            help="Only the policies this body decides within today's law, such as municipality.",
        ),
    ] = "",
    each_alone: Annotated[
        bool,
        typer.Option(
            "--each-alone", help="Run each policy of a bundle by itself too, to tell their effects."
        ),
    ] = False,
    cluster: Cluster = None,
    own_code: OwnCode = False,
) -> None:
    """Compare policy scenarios with the city they extend, on the same seeds, and write a report."""
    from segsim import comparison
    from segsim.comparison.tipping import parse_thresholds
    from segsim.scenario.experiment.variants import keep_decided_by, separate_policies

    thresholds = parse_thresholds(tipping) if tipping else None
    recipes = load_recipes(scenarios, years, override)
    if decided_by:
        recipes = [keep_decided_by(recipe, decided_by) for recipe in recipes]
    folder = check_folder(out, recipes)
    if each_alone:
        recipes = [one for recipe in recipes for one in (recipe, *separate_policies(recipe))]
    with progress_bar() as watcher:
        result = comparison.compare(
            recipes,
            choose_seeds(seeds, seed),
            until=until,
            primary=primary or (),
            thresholds=thresholds,
            jobs=jobs,
            cluster=cluster,
            out=folder,
            progress=watcher,
        )
    from segsim.report import write_comparison  # late, so that the runs need not wait for it

    print_paths([write_comparison(result, folder, language.value)])
    print_missed(result.missed)


def sweep(
    experiment: Annotated[Path, typer.Argument(help="Experiment file: what to vary, by which design.")],
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    until: Until = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on in a folder that holds runs already.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell how many runs, how long, how large.")
    ] = False,
    language: ErrorTongue = Language.en,
    own_code: OwnCode = False,
) -> None:
    """Carry out an experiment: many points, many seeds, interrupted and resumed at will."""
    from segsim.report import write_sweep
    from segsim.runs.sweeps import sweep as sweeps

    plan = sweeps.read_experiment(experiment)
    folder = sweeps.results_folder(plan, out)
    if not dry_run:
        sweeps.refuse_to_mix(folder, resume, plan)
        check_folder(folder, [])
    estimate = sweeps.estimate(plan, jobs, folder, until=until or "")
    print(estimate_text(estimate))
    if dry_run:
        return
    with progress_bar() as watcher:
        done = sweeps.sweep(plan, jobs, cluster, resume, until=until or "", out=folder, progress=watcher)
    written = write_sweep(done)
    print_paths([done.folder / "runs", *written.files])
    for reason in written.left_out:
        print(f"not made: {reason}")
    print_missed(done.missed)


def calibrate(
    target: Annotated[
        str,
        typer.Argument(
            metavar="MUNICIPALITY|SCENARIO|EXPERIMENT",
            help="A municipality or scenario to keep as it is, or an experiment file with a latin_hypercube "
            "and targets.",
        ),
    ],
    waves: Annotated[
        int, typer.Option("--waves", min=1, max=20, help="Rounds of runs of an experiment.")
    ] = 3,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Seeds of a municipality, from 1.")] = 3,
    years: Annotated[int, typer.Option("--years", min=1, help="Years it is to stay as it is.")] = 5,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    language: ErrorTongue = Language.en,
    own_code: OwnCode = False,
) -> None:
    """Find the tastes that keep a municipality as it is, or the factors that agree with targets.

    Of a municipality or scenario, a file of tastes is written that scenarios read (`tastes:`). Of an
    experiment, history matching tells what is not ruled out; run again, it goes on.
    """
    if is_experiment(target):
        match_history(Path(target), waves, jobs, cluster, out)
        return
    from segsim.comparison.levels.newton import hold_levels
    from segsim.comparison.levels.tastes_file import format_tastes, write_tastes
    from segsim.runs import Execution
    from segsim.scenario import load_scenario

    recipe = load_scenario(target)
    path = out or Path(f"{recipe.name}_tastes.yaml")
    if path.is_dir():
        path = path / f"{recipe.name}_tastes.yaml"
    held = hold_levels(recipe, range(1, seeds + 1), years, Execution(jobs=jobs, cluster=cluster))
    print(format_tastes(held))  # first, so that a file that cannot be written loses nothing
    write_tastes(held, path)
    print(path)


def is_experiment(target: str) -> bool:
    """Tell whether a file is an experiment: it says which scenario, and which factors."""
    path = Path(target)
    if not path.is_file():
        return False
    from segsim.scenario.reading import read_document

    return {"scenario", "factors"} <= set(read_document(path).values)


def match_history(
    experiment: Path, waves: int, jobs: int | None, cluster: str | None, out: Path | None
) -> None:
    """Calibrate the factors of an experiment, and print what agrees with its targets."""
    from segsim.comparison import calibration
    from segsim.comparison.posterior import LEVEL
    from segsim.figures import joint, save
    from segsim.runs.sweeps import sweep as sweeps

    plan = sweeps.read_experiment(experiment)
    folder = sweeps.results_folder(plan, out)
    with progress_bar() as watcher:
        result = calibration.calibrate(plan, waves, out=folder, jobs=jobs, cluster=cluster, progress=watcher)
    tried = sum(len(wave.points) for wave in result.waves)
    agree, plausible = (
        sum(int(wave.points[name].sum()) for wave in result.waves) for name in ("agrees", "is_plausible")
    )
    print(
        f"{agree} of {tried} points lie within one tolerance (one standard deviation) of all targets; "
        f"{plausible} are not ruled out (three, with the doubt of few seeds), nor is "
        f"{result.share_plausible:.1%} of the factors' space\n"
    )
    for title, table in (
        ("left standing", result.ranges),
        ("fitted to", result.fit),
        ("checked", result.checks),
        (f"likely values, {LEVEL:.0%} intervals", result.posterior.regions),
        (f"predicted of the targets, {LEVEL:.0%} intervals", result.posterior.predictions),
    ):
        print(f"{title}\n{table.to_string(index=False, float_format='{:.4g}'.format)}\n")
    if not result.is_met:
        nearest = ", ".join(f"{key} {value:.4g}" for key, value in result.best.items())
        print(f"no point lies within one tolerance of all targets; the nearest is {nearest}\n")
    save(
        joint(result.posterior.sample, result.posterior.regions, title="Likely values of the factors"),
        folder / "figures" / "sample.svg",
    )
    print(folder)


def report(
    folder: Folder,
    language: Tongue = Language.en,
    own_code: OwnCode = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print it to a PDF too, with Chromium or Chrome.")
    ] = False,
    packed: Annotated[
        bool,
        typer.Option(
            "--zip",
            help="Put all there is to hand on into one file: page, PDF, figures as SVG and PNG, tables.",
        ),
    ] = False,
) -> None:
    """Write the report of a results folder again, from its stored runs."""
    from segsim.report import find_browser, pack_report, print_page, remake

    paths = remake(folder, language.value, every_format=packed)
    pages = [path for path in paths if path.suffix == ".html"]
    printed = [print_page(page) for page in pages] if pdf or (packed and find_browser()) else []
    print_paths([*paths, *printed, *([pack_report(paths, folder)] if packed else [])])


def print_missed(missed: "Iterable[MissedPrecision]") -> None:
    """Print what is not as precise as was asked for."""
    for miss in missed:
        print(f"not reached: {miss}")


def print_paths(pages: Iterable[Path]) -> None:
    """Print where reports are."""
    for page in pages:
        print(page)

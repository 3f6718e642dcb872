"""The command line; the only file that prints."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from segsim.errors import ResultsError, ScenarioError, SegsimError

if TYPE_CHECKING:
    from segsim.comparison import Comparison
    from segsim.runs import Progress
    from segsim.runs.sweeps import Estimate
    from segsim.scenario import Scenario
    from segsim.synthesis import FirstCity


class Language(StrEnum):
    """Languages of reports."""

    en = "en"
    sv = "sv"


class Subject(StrEnum):
    """What can be listed."""

    scenarios = "scenarios"
    policies = "policies"
    areas = "areas"
    schema = "schema"


class Commands(TyperGroup):
    """The commands; what goes wrong in one becomes one message and an exit code, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command. Exit codes: 2 for what the user can mend, 130 interrupted, 1 a fault of segsim."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            code, text = 130, "interrupted; finished runs are kept, the same command goes on from there"
            raise reported(error, text, code) from error
        except BrokenPipeError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error
        except Exception as error:
            if type(error).__module__.startswith(("click", "typer")):
                raise
            raise reported(error, *sentence(error)) from error


def sentence(error: Exception) -> tuple[str, int]:
    """Return what to tell of an error, and the exit code."""
    match error:
        case SegsimError() | ValueError():
            return str(error), 2
        case ImportError() if not str(error.name).startswith("segsim"):
            return f"a library is missing ({error}); install segsim with the extra it belongs to", 2
        case OSError():
            return f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}", 2
        case MemoryError():
            return "memory is short; use fewer --jobs or a smaller city", 2
    return f"a fault of segsim: {type(error).__name__}: {error}; SEGSIM_TRACEBACK=1 shows where", 1


def reported(error: BaseException, text: str, code: int) -> typer.Exit:
    """Print what went wrong, and return the exit that follows."""
    if os.environ.get("SEGSIM_TRACEBACK"):
        raise error
    for line in text.splitlines():
        print(f"segsim: {line}", file=sys.stderr)
    return typer.Exit(code)


app = typer.Typer(
    cls=Commands,
    help="Segregation in housing, schools and work: simulate a city, and compare policies with it as it is.",
    epilog="Start with: segsim compare scenarios/mixed_tenure.yaml",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

results = typer.Typer(help="Look after results folders: list, verify, repair, compact.", no_args_is_help=True)
app.add_typer(results, name="results")

Scenarios = Annotated[
    list[str], typer.Argument(help="Scenario files, or names of scenarios (segsim list scenarios).")
]
Seeds = Annotated[
    int, typer.Option("--seeds", min=1, max=1_000_000, help="Runs per scenario; 20 or more for intervals.")
]
Years = Annotated[
    int | None, typer.Option("--years", help="Years to simulate, in the place of the scenario's own.")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, max=10_000, help="Runs at a time; all cores if not given.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for the results; results/SCENARIO if not given.")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A value in the place of the file's, such as preferences.housing.own_group=2.",
    ),
]
Folder = Annotated[Path, typer.Argument(help="Results folder of run, compare or sweep.")]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="MEASURE:WIDTH", help="Add seeds until a measure is this precise, such as D:0.005."
    ),
]
Primary = Annotated[
    list[str] | None,
    typer.Option(
        "--primary", metavar="SERIES", help="What the conclusion rests on, such as D/background/area."
    ),
]
Tongue = Annotated[Language, typer.Option("--language", help="Language of the report.")]
Cluster = Annotated[
    str | None, typer.Option("--cluster", help="Address of a Dask scheduler, such as tcp://host:8786.")
]


@app.callback(invoke_without_command=True)
def segsim(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Hold the options of the program itself."""
    if version:
        from segsim import __version__

        print(f"segsim {__version__}")
        raise typer.Exit(0)


@app.command()
def run(
    scenarios: Scenarios,
    seeds: Seeds = 20,
    years: Years = None,
    jobs: Jobs = None,
    out: Out = None,
    override: Set = None,
    cluster: Cluster = None,
) -> None:
    """Run scenarios with many seeds and keep every measure of every year."""
    from segsim import runs

    recipes = loaded(scenarios, years, override)
    folder = folder_for(out, recipes)
    with progress_bar() as watcher:
        made = runs.run(recipes, seeds, jobs=jobs, cluster=cluster, out=folder, progress=watcher)
    print(made.folder / "runs.parquet")


@app.command()
def compare(
    scenarios: Scenarios,
    seeds: Seeds = 20,
    years: Years = None,
    jobs: Jobs = None,
    out: Out = None,
    language: Tongue = Language.en,
    until: Until = None,
    primary: Primary = None,
    override: Set = None,
    cluster: Cluster = None,
) -> None:
    """Compare policy scenarios with the city they extend, on the same seeds, and write a report."""
    from segsim import comparison

    recipes = loaded(scenarios, years, override)
    folder = folder_for(out, recipes)
    with progress_bar() as watcher:
        made = comparison.compare(
            recipes,
            seeds,
            until=until,
            primary=primary or (),
            jobs=jobs,
            cluster=cluster,
            out=folder,
            progress=watcher,
        )
    print(report_on(made, language))


@app.command()
def sweep(
    experiment: Annotated[Path, typer.Argument(help="Experiment file: what to vary, by which design.")],
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on in a folder that holds runs already.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell how many runs, how long, how large.")
    ] = False,
) -> None:
    """Carry out an experiment: many points, many seeds, interrupted and resumed at will."""
    from segsim.runs import sweeps

    plan = sweeps.read(experiment)
    folder = sweeps.folder_of(plan, out)
    if not dry_run:
        sweeps.refuse_to_mix(folder, resume)
        folder_for(folder, [])
    estimate = sweeps.estimate(plan, jobs, folder)
    print(estimate_text(estimate))
    if dry_run:
        return
    with progress_bar() as watcher:
        made = sweeps.sweep(plan, jobs, cluster, resume, out=folder, progress=watcher)
    print(made.folder)


@results.command("list")
def results_list(root: Annotated[Path, typer.Argument(help="Folder to look in.")] = Path("results")) -> None:
    """List results folders: what they hold, how large they are, whether the model has changed since."""
    from segsim.runs.results import list_folders

    table = console_table("folder", "scenarios", "seeds", "runs planned", "files", "MB", "made by")
    for held in list_folders(root):
        numbers = (held.scenarios, held.seeds, held.planned, held.files, f"{held.bytes / 1e6:.1f}")
        age = "this version" if held.is_current else "another version"
        table.add_row(str(held.folder), *map(str, numbers), age)
    show(table)


@results.command("verify")
def results_verify(folder: Folder) -> None:
    """Read every file of a results folder and tell what is missing or damaged; change nothing."""
    from segsim.runs.results import verify

    verdict = verify(folder)
    print(f"{folder}: {verdict.whole} of {verdict.planned} runs are whole")
    for name in ("missing", "damaged", "repeated", "foreign"):
        for thing in getattr(verdict, name):
            print(f"  {name}: {thing}")
    if not verdict.is_good:
        raise ResultsError(f"{folder}: not as planned; segsim results repair {folder} mends it")


@results.command("repair")
def results_repair(folder: Folder, jobs: Jobs = None, cluster: Cluster = None) -> None:
    """Set damaged files aside and make the missing runs again."""
    from segsim.runs.results import repair

    with progress_bar() as watcher:
        repair(folder, jobs, cluster=cluster, progress=watcher)
    print(folder)


@results.command("compact")
def results_compact(folder: Folder) -> None:
    """Gather the files of single runs into a few large ones."""
    from segsim.runs.results import compact

    print(f"{folder}: {compact(folder)} files gathered")


@app.command()
def check(scenarios: Scenarios, override: Set = None) -> None:
    """Check scenario files, everything that is wrong at once, without running them."""
    faults: list[str] = []
    for name in scenarios:
        try:
            print(checked(name, override))
        except ScenarioError as error:
            faults.append(str(error))
    if faults:
        raise ScenarioError("\n".join(faults))


@app.command(name="list")
def list_(
    what: Annotated[Subject, typer.Argument(help="What to list.")],
    name: Annotated[
        str, typer.Argument(help="A scenario, for areas; one of the policies, for all about it.")
    ] = "",
) -> None:
    """List scenarios, policies, the areas of a scenario, or the schema of scenario files."""
    listers: dict[Subject, Callable[[str], None]] = {
        Subject.scenarios: list_scenarios,
        Subject.policies: list_policies,
        Subject.areas: list_areas,
        Subject.schema: list_schema,
    }
    listers[what](name)


def report_on(made: "Comparison", language: Language) -> Path:
    """Write the report of a comparison beside its runs."""
    from segsim.report import write_comparison

    return write_comparison(made, made.source.folder, language.value)


def loaded(names: Sequence[str], years: int | None, override: Sequence[str] | None) -> "list[Scenario]":
    """Return the scenarios, each with the overrides of the command line."""
    from segsim.scenario import load_scenario

    overrides = {**overrides_of(override), **({} if years is None else {"years": years})}
    return [load_scenario(name, overrides) for name in names]


def overrides_of(written: Sequence[str] | None) -> dict[str, Any]:
    """Return the values of `--set KEY=VALUE`."""
    from segsim.scenario import read_value

    overrides = {}
    for text in written or ():
        key, equals, value = text.partition("=")
        if not (key.strip() and equals):
            raise ScenarioError(f'--set "{text}": must be written KEY=VALUE, such as years=5')
        overrides[key.strip()] = read_value(value, f"--set {key.strip()}")
    return overrides


def folder_for(out: Path | None, recipes: "Sequence[Scenario]") -> Path:
    """Return the folder for results, made and known to be writable."""
    folder = out or Path("results") / "-".join(recipe.name for recipe in recipes)[:100]
    if folder.exists() and not folder.is_dir():
        raise ResultsError(f"{folder}: is a file; name a folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ResultsError(
            f"{folder}: cannot be written to ({reason}); name another folder with --out"
        ) from error
    return folder


def estimate_text(estimate: "Estimate") -> str:
    """Say how many runs there are, how long they take and how much room."""
    from datetime import timedelta

    time = timedelta(seconds=max(round(estimate.seconds), 1))
    stored = f", {estimate.stored} of them stored" if estimate.stored else ""
    return (
        f"{estimate.runs} runs ({estimate.points} scenarios, {estimate.seeds} seeds){stored}; "
        f"about {time} with {estimate.jobs} at a time, {max(estimate.bytes / 1e6, 0.1):.1f} MB"
    )


@contextmanager
def progress_bar() -> "Iterator[Callable[[Progress], None]]":
    """Show how many runs are done, on the terminal only."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task("starting", total=None)

        def watch(progress: "Progress") -> None:
            bar.update(
                task, completed=progress.done, total=progress.total, description=progress.latest or "runs"
            )

        yield watch


def checked(name: str, override: Sequence[str] | None) -> str:
    """Check one scenario, its areas and measures included, and say what it is."""
    from segsim.scenario import check_names

    scenario = loaded([name], None, override)[0]
    if scenario.city.areas or any(
        policy.areas.names or policy.areas.districts for policy in scenario.policies
    ):
        first = first_city_of(scenario)
        check_names(scenario, first.area_names, first.district_names)
    notes = [f"{scenario.start} + {scenario.years} years"]
    if scenario.extends:
        notes.insert(0, f"extends {scenario.extends}")
    last = scenario.start + scenario.years
    for policy in scenario.policies:
        late = policy.since is not None and policy.since > last
        notes.append(f"{policy.kind}{f' (begins after the last year, {last})' if late else ''}")
    return f"{scenario.where()}: fine ({', '.join(notes)})".replace(":1:", ":")


def first_city_of(scenario: "Scenario") -> "FirstCity":
    """Return the first city of a scenario, which reads its data files and names its areas."""
    from segsim.synthesis import first_city

    return first_city(scenario, seed=1)


def console_table(*headings: str) -> Any:
    """Return an empty table for the terminal."""
    from rich import box
    from rich.table import Table

    return Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)


def show(thing: Any) -> None:
    """Print something rich."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 120).print(thing)


def list_scenarios(name: str) -> None:
    """Print the scenarios that can be called by name."""
    from segsim.scenario import known_scenarios, load_scenario

    table = console_table("scenario", "extends", "what it is")
    for stem, path in sorted(known_scenarios().items()):
        try:
            scenario = load_scenario(path)
            table.add_row(stem, scenario.extends, scenario.summary or scenario.label_en)
        except ScenarioError as error:
            table.add_row(stem, "", f"[red]broken: {str(error).splitlines()[0]}[/red]")
    show(table)


def list_policies(name: str) -> None:
    """Print all policies, or everything about one."""
    from segsim.policies import POLICIES
    from segsim.scenario.messages import did_you_mean

    if name and name not in POLICIES:
        raise ScenarioError(
            f'there is no policy "{name}"; known: {", ".join(POLICIES)}{did_you_mean(name, POLICIES)}'
        )
    if name:
        return show_policy(name)
    table = console_table("policy", "decided by", "evidence", "what it does")
    for kind, policy in POLICIES.items():
        table.add_row(kind, policy.DECIDED_BY, policy.EVIDENCE.grade, policy.MECHANISM)
    show(table)
    print("All about one: segsim list policies NAME")


def show_policy(name: str) -> None:
    """Print everything about one policy."""
    from segsim.policies import POLICIES

    policy = POLICIES[name]
    print(f"{policy.TITLE} ({policy.TITLE_SV})\n\n{policy.MECHANISM}\n")
    print(f"Decided by: {policy.DECIDED_BY}")
    if policy.LEGAL:
        print(f"The law: {policy.LEGAL}")
    print(f"Evidence ({policy.EVIDENCE.grade}): {policy.EVIDENCE.effect}")
    print("".join(f"  {source}\n" for source in policy.EVIDENCE.sources))
    table = console_table("setting", "default", "meaning")
    for key, field in policy.model_fields.items():
        if key != "kind":
            default = "must be given" if field.is_required() else str(field.default)
            table.add_row(field.alias or key, default, field.description or "")
    show(table)


def list_areas(name: str) -> None:
    """Print the areas and districts of a scenario's city."""
    from segsim.scenario import load_scenario

    if not name:
        raise ScenarioError("areas of which scenario? segsim list areas SCENARIO")
    first = first_city_of(load_scenario(name))
    table = console_table("area", "district")
    for area, district in zip(first.area_names, first.tables.areas.district, strict=True):
        table.add_row(area, first.district_names[district])
    show(table)


def list_schema(name: str) -> None:
    """Print the JSON schema of scenario files."""
    import json

    from segsim.scenario.editor import scenario_schema

    print(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))


def main() -> None:
    """Run the command line."""
    app()

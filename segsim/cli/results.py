"""Commands that look after results folders."""

from pathlib import Path
from typing import Annotated

import typer

from segsim.cli.options import Cluster, ErrorTongue, Folder, Jobs, Language, OwnCode
from segsim.cli.showing import console_table, progress_bar, show
from segsim.errors import ResultsError

results = typer.Typer(help="Look after results folders: list, verify, repair, compact.", no_args_is_help=True)


@results.command("list")
def results_list(
    root: Annotated[Path, typer.Argument(help="Folder to look in.")] = Path("results"),
    language: ErrorTongue = Language.en,
) -> None:
    """List results folders: what they hold, how large they are, whether the model has changed since."""
    from segsim.runs.store.upkeep import list_folders

    table = console_table("folder", "scenarios", "seeds", "runs planned", "files", "MB", "made by")
    for held in list_folders(root):
        numbers = (held.scenarios, held.seeds, held.planned, held.files, f"{held.bytes / 1e6:.1f}")
        age = "this version" if held.is_current else "another version"
        table.add_row(str(held.folder), *map(str, numbers), age)
    show(table)


@results.command("verify")
def results_verify(folder: Folder, language: ErrorTongue = Language.en, own_code: OwnCode = False) -> None:
    """Read every file of a results folder and tell what is missing or damaged; change nothing."""
    from segsim.runs.store.upkeep import verify

    verdict = verify(folder)
    print(f"{folder}: {verdict.whole} of {verdict.planned} runs are whole")
    for name in ("missing", "damaged", "repeated", "foreign"):
        for thing in getattr(verdict, name):
            print(f"  {name}: {thing}")
    if not verdict.is_good:
        raise ResultsError(
            f"{folder}: not as planned; segsim results repair {folder} mends it",
            f"{folder}: är inte som planerat; segsim results repair {folder} lagar det",
        )


@results.command("repair")
def results_repair(
    folder: Folder,
    jobs: Jobs = None,
    cluster: Cluster = None,
    language: ErrorTongue = Language.en,
    own_code: OwnCode = False,
) -> None:
    """Set damaged files aside and make the missing runs again."""
    from segsim.runs.store.upkeep import repair

    with progress_bar() as watcher:
        repair(folder, jobs, cluster=cluster, progress=watcher)
    print(folder)


@results.command("compact")
def results_compact(folder: Folder, language: ErrorTongue = Language.en) -> None:
    """Gather the files of single runs into a few large ones."""
    from segsim.runs.store.upkeep import compact

    print(f"{folder}: {compact(folder)} files gathered")

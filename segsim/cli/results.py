"""Commands that look after results folders, make results again, and tell how to cite them."""

from pathlib import Path
from typing import Annotated

import typer

from segsim.cli.help import BilingualCommand, BilingualGroup
from segsim.cli.options import Cluster, ErrorTongue, Folder, Jobs, Language, OwnCode, Tongue
from segsim.cli.showing import console_table, progress_bar, show
from segsim.errors import ResultsError
from segsim.words.text import Text

results = typer.Typer(
    cls=BilingualGroup,
    help="Look after results folders: list, verify, repair, compact.",
    no_args_is_help=True,
)


@results.command("list", cls=BilingualCommand)
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


@results.command("verify", cls=BilingualCommand)
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


@results.command("repair", cls=BilingualCommand)
def results_repair(
    folder: Folder,
    jobs: Jobs = None,
    cluster: Cluster = None,
    language: ErrorTongue = Language.en,
    own_code: OwnCode = False,
) -> None:
    """Set damaged files aside, make the missing runs again, and write the tables beside them anew."""
    from segsim.report.stored_page import rewrite_tables
    from segsim.runs.store.upkeep import repair

    with progress_bar() as watcher:
        repair(folder, jobs, cluster=cluster, progress=watcher)
    for path in rewrite_tables(folder):
        print(path)
    print(folder)


@results.command("compact", cls=BilingualCommand)
def results_compact(folder: Folder, language: ErrorTongue = Language.en) -> None:
    """Gather the files of single runs into a few large ones."""
    from segsim.runs.store.upkeep import compact

    print(f"{folder}: {compact(folder)} files gathered")


Point = Annotated[
    str, typer.Option("--point", metavar="NAME", help="One scenario or point, such as p017 of a sweep.")
]


def reproduce(
    source: Annotated[
        Path, typer.Argument(help="A provenance.json, a results folder, or an archive of segsim archive.")
    ],
    point: Point = "",
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to keep the new results in; none keeps nothing.")
    ] = None,
    language: Tongue = Language.en,
    own_code: OwnCode = False,
) -> None:
    """Make results again from their record, and tell whether they are the same bytes."""
    from segsim.comparison.remaking.reproducing import reproduce as remake

    with progress_bar() as watcher:
        remade = remake(source, out, point=point, jobs=jobs, progress=watcher)
    n = len(remade.same) + len(remade.other)
    told = [
        Text(f"{len(remade.same)} of {n} are the same bytes", f"{len(remade.same)} av {n} är samma byte"),
        *(Text(f"other: {name}", f"annan: {name}") for name in remade.other),
        *(Text(f"made with {change}", f"gjord med {change:sv}") for change in remade.changes),
        *([remade.rows] if remade.rows else []),
    ]
    for text in told:
        print(text.in_language(language.value))
    if out is not None:
        print(out)


def archive(
    folder: Folder,
    point: Point = "",
    out: Annotated[Path | None, typer.Option("--out", help="The archive; FOLDER.zip if not given.")] = None,
    language: ErrorTongue = Language.en,
) -> None:
    """Put what results follow from into one file, for a repository that gives it a DOI."""
    from segsim.runs.publishing.archive import write_archive

    print(write_archive(folder, out, point))


def cite(
    folder: Annotated[
        Path | None, typer.Argument(help="Results folder; without one the program itself is cited.")
    ] = None,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="As an entry of BibTeX.")] = False,
    language: Tongue = Language.en,
) -> None:
    """Tell how to cite segsim, or results made with it, and by which version and commit."""
    from segsim.runs.publishing import citation
    from segsim.runs.store.record import RECORD, read_record

    about = None if folder is None else read_record(folder / RECORD)
    print(citation.write_bibtex(about) if bibtex else citation.cite(about).in_language(language.value))

"""The command that opens the planner's page."""

from pathlib import Path
from typing import Annotated

import typer

from segsim.cli.faults.extras import refuse_without_extra
from segsim.cli.faults.signals import leave_signals
from segsim.cli.options import Language, check_folder, note_language
from segsim.words.text import Text


def plan(
    start: Annotated[
        str,
        typer.Argument(
            metavar="[MUNICIPALITY|SCENARIO]",
            help="A municipality to begin with, by name or code, or a plan's scenario file to go on with.",
        ),
    ] = "",
    out: Annotated[Path, typer.Option("--out", help="Folder for the scenario files and results.")] = Path(
        "results"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8090,
    language: Annotated[
        Language,
        typer.Option("--language", help="Language of the page.", callback=note_language, is_eager=True),
    ] = Language.en,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
) -> None:
    """Open the planner's page: choose a municipality, put policies together, run them, read the report."""
    with refuse_without_extra("teach", Text("the planner's page", "planeringssidan")):
        from segsim.plan.server import serve_plan
    from segsim.plan.opening import open_plan

    draft = open_plan(start) if start else None
    check_folder(out, [])

    def print_address(address: str) -> None:
        print(f"The planner's page is at {address} (Ctrl+C ends it)", flush=True)

    leave_signals()
    serve_plan(draft, out, port, language.value, browser, print_address)

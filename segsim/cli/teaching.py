"""The command that teaches: the classroom page."""

from typing import Annotated

import typer

from segsim.cli.faults.extras import refuse_without_extra
from segsim.cli.faults.signals import leave_signals
from segsim.cli.options import Language, note_language
from segsim.words.text import Text


def teach(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; 0.0.0.0 lets the class in over the network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8080,
    language: Annotated[
        Language,
        typer.Option("--language", help="Language of the page.", callback=note_language, is_eager=True),
    ] = Language.en,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    pages: Annotated[
        int, typer.Option("--pages", min=1, max=10_000, help="Pages open at once, at most; one takes 3 MB.")
    ] = 200,
) -> None:
    """Open the classroom page, where a class sees segregation happen; it needs no internet."""
    with refuse_without_extra("teach", Text("the classroom page", "klassrumssidan")):
        from segsim.teach.server import serve

    def print_address(address: str) -> None:
        print(f"The classroom page is at {address} (Ctrl+C ends it)", flush=True)

    leave_signals()
    serve(host, port, language.value, browser, print_address, pages)

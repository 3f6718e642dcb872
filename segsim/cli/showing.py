"""How things look on a terminal: a progress bar, tables."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segsim.runs import Progress
    from segsim.runs.sweeps.sweep import Estimate


def estimate_text(estimate: "Estimate") -> str:
    """Say how many runs there are, how long they take and how much room."""
    from datetime import timedelta

    time = timedelta(seconds=max(round(estimate.seconds), 1))
    stored = f", {estimate.stored} of them stored" if estimate.stored else ""
    first = "at first " if estimate.most > estimate.runs else ""
    more = f"; at most {estimate.most} runs, until precise enough" if first else ""
    others = estimate.superseded
    aside = f"; {others} stored runs are of another plan and will be moved away" if others else ""
    return (
        f"{first}{estimate.runs} runs ({estimate.points} scenarios, {estimate.seeds} seeds){stored}; "
        f"about {time} with {estimate.jobs} at a time, {max(estimate.bytes / 1e6, 0.1):.1f} MB{more}{aside}"
    )


@contextmanager
def progress_bar() -> "Iterator[Callable[[Progress], None]]":
    """Show how many runs are done, on a terminal, from the first run on."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Bar(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, disable=not console.is_terminal
    )
    task = bar.add_task("runs", total=None)

    def watch(progress: "Progress") -> None:
        bar.start()
        bar.update(
            task, completed=progress.done, total=progress.total, description=progress.latest or "first run"
        )

    try:
        yield watch
    finally:
        bar.stop()


def console_table(*headings: str, spaced: bool = False) -> Any:
    """Return an empty table for the terminal, with a blank line between rows if they are long."""
    from rich import box
    from rich.table import Table

    return Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False, leading=int(spaced))


def show_markdown(text: str) -> None:
    """Print a text in Markdown as it is meant to look."""
    from rich.markdown import Markdown

    show(Markdown(text))


def show(thing: Any) -> None:
    """Print something rich."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 120).print(thing)

"""How far runs have come, shown in a notebook where nobody asked to watch them otherwise."""

import sys
from collections.abc import Callable
from typing import Any

from segsim.runs.execution.execution import Progress, Watcher, ignore_progress

PATIENCE = 1.0
"""Seconds before anything is shown; what is done sooner needs no telling."""
_PAUSE = 0.25


def find_watcher() -> Watcher:
    """Return what shows progress here: a line in a notebook, nothing elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):  # a terminal has no kernel
        return ignore_progress
    return NotebookLine(sys.modules["IPython.display"].display)


class NotebookLine:
    """A bar and a line of text in a notebook, kept up to date.

    Parameters
    ----------
    display : callable
        `IPython.display.display`.
    """

    def __init__(self, display: Callable[..., Any]) -> None:
        self._display, self._handle, self._shown = display, None, -_PAUSE

    def __call__(self, progress: Progress) -> None:
        """Show how far the work has come."""
        is_over = progress.done == progress.total
        if self._handle is None and (progress.seconds < PATIENCE or is_over):
            return
        if progress.seconds - self._shown < _PAUSE and not is_over:
            return
        self._shown = progress.seconds
        text = tell_progress(progress)
        bar = f'<progress value="{progress.done}" max="{progress.total}" aria-hidden="true"></progress>'
        shown = {"text/plain": text, "text/html": f"{bar} {text}"}
        if self._handle is None:
            self._handle = self._display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)


def tell_progress(progress: Progress) -> str:
    """Return how far the work has come, and how long it will take or has taken, in words."""
    text = f"{progress.done} of {progress.total} runs"
    if progress.reused:
        text += f" ({progress.reused} of them stored before)"
    if progress.done == progress.total:
        return f"{text} in {_tell_time(progress.seconds)}"
    left = progress.seconds_left
    return text if left != left else f"{text}, about {_tell_time(left)} left"


def _tell_time(seconds: float) -> str:
    """Return a time in words, to two of its units."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"

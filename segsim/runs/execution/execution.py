"""How runs are to be made: one value from the door of the package down to the executors."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from segsim.errors import check_whole_number

Kind = Literal["serial", "threads", "processes", "dask"]
KINDS: tuple[Kind, ...] = ("serial", "threads", "processes", "dask")


@dataclass(frozen=True)
class Progress:
    """How far a piece of work has come.

    Attributes
    ----------
    done, total : int
        Runs stored and runs planned.
    reused : int
        Runs that were stored before this work began.
    seconds : float
        Time since it began.
    latest : str
        The run that has just been stored, as "scenario, seed 3"; empty at the start.
    """

    done: int
    total: int
    reused: int
    seconds: float
    latest: str = ""

    @property
    def seconds_left(self) -> float:
        """Estimate the time still needed from the runs done so far; NaN before the first."""
        new = self.done - self.reused
        return self.seconds / new * (self.total - self.done) if new else float("nan")


Watcher = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """Watch nothing."""


@dataclass(frozen=True)
class Execution:
    """Where runs are made, where they are kept, and who watches; none of it changes a result.

    Parameters
    ----------
    executor : "serial", "threads", "processes", "dask" or Executor, optional
        Where to run. An `Executor` of the caller's is used as it is and left open. The default is Dask if
        there is a cluster, serial for one job, and else processes.
    jobs : int, optional
        Workers; the default is the number of cores.
    cluster : str, optional
        Address of a Dask scheduler, such as "tcp://10.0.0.1:8786".
    out : path, optional
        The results folder; without one the runs last as long as the object that holds them.
    progress : callable, optional
        Called with a `Progress` at the start and after every run. Without one a notebook shows a line.
    """

    executor: Kind | Executor | None = None
    jobs: int | None = None
    cluster: str | None = None
    out: str | Path | None = None
    progress: Watcher | None = None

    def __post_init__(self) -> None:
        if self.jobs is not None:
            check_whole_number("jobs", self.jobs, 1)

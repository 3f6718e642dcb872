"""An executor at work, as those see it who hand it runs."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from segsim.runs.execution.job import Job, Outcome, perform_all


@dataclass(frozen=True)
class Crew:
    """An executor at work.

    Parameters
    ----------
    executor : Executor
        Takes the calls, of one run or several.
    window : int
        Most calls handed out at a time; more than there are workers, so that none waits, and few, so that the
        memory of the coordinator does not grow with the number of runs.
    lost : tuple of exception types
        Errors that mean a worker died under a run, which is then done again.
    shared_cache : bool
        Whether several processes of this machine would compile the same kernels at the same time.
    carry_out : callable
        Makes the outcomes of the jobs of a call, wherever the executor calls it.
    worthwhile : float
        Seconds of work that make a call worth its price; runs shorter than this go several to a call.
    elsewhere : bool
        Whether the runs may be made on other machines.
    stop : callable
        Ends the work at once.
    """

    executor: Executor
    window: int
    lost: tuple[type[BaseException], ...] = ()
    shared_cache: bool = False
    carry_out: Callable[[Sequence[Job]], list[Outcome]] = perform_all
    worthwhile: float = 0.0
    elsewhere: bool = False
    stop: Callable[[], None] = lambda: None

"""Where runs are carried out: this thread, threads, processes or a Dask cluster; the results are the same."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from segsim.errors import ArgumentError, SegsimError
from segsim.runs.execution.crew import Crew
from segsim.runs.execution.execution import KINDS, Execution
from segsim.runs.execution.job import perform_apart
from segsim.runs.execution.workers import Processes, WorkerLostError


class Serial(Executor):
    """An executor that carries out each call at once, in the thread that submits it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call the function and return its finished future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # a future carries any error to whoever asks for the result
            future.set_exception(error)
        return future


def cores() -> int:
    """Return the number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def open_crew(execution: Execution) -> Iterator[Crew]:
    """Hold an executor for the length of a piece of work."""
    executor, cluster = execution.executor, execution.cluster
    jobs = cores() if execution.jobs is None else execution.jobs
    if isinstance(executor, Executor):
        yield Crew(executor, 2 * jobs + 2, elsewhere=True)
        return
    kind = executor or ("dask" if cluster else "serial" if jobs == 1 else "processes")
    if kind not in KINDS:
        raise ArgumentError(
            f'executor "{kind}" is not one of {", ".join(KINDS)}',
            f'executor "{kind}" är ingen av {", ".join(KINDS)}',
        )
    if cluster and kind != "dask":
        raise ArgumentError(
            f'a cluster address goes with executor "dask", not "{kind}"',
            f'en adress till ett kluster hör till executor "dask", inte "{kind}"',
        )
    with _OPENERS[kind](jobs, cluster) as crew:
        yield crew


@contextmanager
def _serial(jobs: int, cluster: str | None) -> Iterator[Crew]:
    yield Crew(Serial(), 1)


@contextmanager
def _threads(jobs: int, cluster: str | None) -> Iterator[Crew]:
    executor = ThreadPoolExecutor(jobs, "segsim run")
    try:
        yield Crew(executor, 2 * jobs)
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _processes(jobs: int, cluster: str | None) -> Iterator[Crew]:
    executor = Processes(jobs)
    try:
        yield Crew(
            executor,
            2 * jobs + 2,
            (WorkerLostError,),
            shared_cache=jobs > 1,
            carry_out=perform_apart,
            stop=executor.kill,
        )
    except BaseException:
        executor.kill()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _dask(jobs: int, cluster: str | None) -> Iterator[Crew]:
    try:
        from segsim.runs.execution.cluster import dask_crew
    except ImportError as error:
        raise SegsimError(
            'a Dask cluster needs more libraries: pip install "segsim[cluster]"',
            'ett Dask-kluster behöver fler bibliotek: pip install "segsim[cluster]"',
        ) from error
    with dask_crew(jobs, cluster) as crew:
        yield crew


_OPENERS = {"serial": _serial, "threads": _threads, "processes": _processes, "dask": _dask}

"""A Dask cluster as an executor, started here or running already; the only home of Dask."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, cast
from uuid import uuid4

import cloudpickle  # type: ignore[import-untyped]
import dask
import distributed
from distributed.scheduler import KilledWorker

from segsim.errors import SegsimError
from segsim.runs.execution.crew import Crew
from segsim.runs.execution.job import perform_apart
from segsim.runs.execution.workers import Processes, WorkerLostError

_PATIENCE = 60  # seconds to wait for workers
_WORTHWHILE = 1.0  # seconds of work to a call; a call costs scheduler, worker and client some milliseconds
_CALM = {
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.memory.monitor-interval": "2s",
    "distributed.worker.profile.enabled": False,
}
"""Settings of a cluster of our own: its looks at itself took a tenth of the processor from the runs."""
_QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical"}


@contextmanager
def dask_crew(jobs: int, address: str | None) -> Iterator[Crew]:
    """Hold a client of a cluster.

    Parameters
    ----------
    jobs : int
        Threads, with an interpreter each, of a cluster started here.
    address : str or None
        Scheduler of an existing cluster; None starts one on this machine's loopback.
    """
    local = address is None
    with _own_cluster(jobs) if address is None else _client(address) as client:
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        window = max(8, 4 * sum(worker["nthreads"] for worker in workers))
        interpreters = Interpreters()
        client.register_plugin(interpreters)
        executor = _Beside(client, interpreters.name)
        lost = (KilledWorker, WorkerLostError)
        try:
            yield Crew(
                executor,
                window,
                lost,
                shared_cache=local and jobs > 1,
                carry_out=perform_apart,
                worthwhile=_WORTHWHILE,
                elsewhere=not local,
            )
        finally:
            executor.shutdown(wait=False)
            client.unregister_worker_plugin(interpreters.name)


class Interpreters(distributed.WorkerPlugin):
    """Interpreters beside a Dask worker, one for each of its threads, in which runs are made.

    Runs in the worker itself would share its interpreter lock with its event loop, which takes a tenth of
    their speed, and with each other, which takes most of it. They leave when the sweep or the worker ends.
    """

    def __init__(self) -> None:
        self.name = f"segsim-{uuid4().hex}"

    def setup(self, worker: Any) -> None:
        """Begin with a worker."""
        os.environ.pop("MALLOC_TRIM_THRESHOLD_", None)  # Dask's; arrays given back at once cost a quarter
        self.pool = Processes(worker.state.nthreads)

    def teardown(self, worker: Any) -> None:
        """End with it, in the middle of whatever runs."""
        self.pool.kill()
        self.pool.shutdown(wait=False, cancel_futures=True)


def call_beside(name: str, call: bytes) -> Any:
    """Have a call, pickled by cloudpickle, made in an interpreter beside the Dask worker."""
    interpreters = cast(Interpreters, distributed.get_worker().plugins[name])
    return interpreters.pool.submit(call_pickled, call).result()


def call_pickled(call: bytes) -> Any:
    """Make a call; a function that has no module comes along in the bytes."""
    function, args, kwargs = cloudpickle.loads(call)
    return function(*args, **kwargs)


class _Beside(Executor):
    """A Dask executor whose calls are made beside the workers."""

    def __init__(self, client: Any, name: str) -> None:
        self._inner = client.get_executor(pure=False)  # no two runs are alike; none need be looked through
        self._name = name

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Schedule a call."""
        call = cloudpickle.dumps((fn, args, kwargs))
        future: Future[Any] = self._inner.submit(call_beside, self._name, call)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls."""
        self._inner.shutdown(wait=wait)


@contextmanager
def _own_cluster(jobs: int) -> Iterator[Any]:
    """Start a scheduler in this process and a worker with so many threads, and interpreters, beside it.

    The worker is started as `dask worker`, not by `LocalCluster`, which would import the caller's main
    module again in it. It leaves when the scheduler does, even if this process is killed.
    """
    options: dict[str, Any] = {"n_workers": 0, "host": "127.0.0.1", "dashboard_address": None}
    options |= {"silence_logs": logging.CRITICAL, "protocol": "tcp://"}
    with (
        dask.config.set(_CALM),
        distributed.LocalCluster(**options) as cluster,  # type: ignore[no-untyped-call]
        _worker(jobs, cluster.scheduler_address),
        _client(cluster.scheduler_address, within_reach=True) as client,
    ):
        yield client


@contextmanager
def _worker(jobs: int, address: str) -> Iterator[None]:
    """Keep a worker of this machine at a scheduler."""
    command = [sys.executable, "-m", "dask", "worker", address, "--host", "127.0.0.1", "--no-dashboard"]
    command += ["--nworkers", "1", "--nthreads", str(jobs), "--death-timeout", str(_PATIENCE)]
    calm = {f"DASK_{key.upper().replace('.', '__').replace('-', '_')}": str(_CALM[key]) for key in _CALM}
    path = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, **_QUIET, **calm, "PYTHONPATH": path}
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def _client(address: str, within_reach: bool = False) -> Iterator[Any]:
    """Connect to a scheduler and wait for a worker; results come straight from workers within reach."""
    try:
        client = distributed.Client(address, timeout=10, direct_to_workers=within_reach)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise SegsimError(
            f"no Dask scheduler answers at {address}; start one with `dask scheduler` "
            "and give the tcp:// address it prints"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise SegsimError(
                f"{address}: no worker has joined in {_PATIENCE} s; start one with `dask worker {address}`"
            ) from error
        yield client

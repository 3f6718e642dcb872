"""A Dask cluster as an executor, started here or running already; the only home of Dask."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import dask
import distributed
from distributed.scheduler import KilledWorker

from segsim.errors import SegsimError
from segsim.runs.executors import Crew
from segsim.runs.job import Job, Outcome, perform_apart
from segsim.runs.workers import Processes, WorkerLostError

_PATIENCE = 60  # seconds to wait for workers
_OPENING = threading.Lock()
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
        Worker processes of a cluster started here.
    address : str or None
        Scheduler of an existing cluster; None starts one on this machine's loopback.
    """
    local = address is None
    with _own_cluster(jobs) if address is None else _client(address) as client:
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        window = max(16, 4 * sum(worker["nthreads"] for worker in workers))
        executor = client.get_executor(pure=False)  # no two runs are alike; none need be looked through
        try:
            yield Crew(
                executor,
                window,
                (KilledWorker, WorkerLostError),
                shared_cache=local and jobs > 1,
                carry_out=perform_beside,
                elsewhere=not local,
            )
        finally:
            executor.shutdown(wait=False)


def perform_beside(job: Job) -> Outcome:
    """Carry out a job in an interpreter beside the Dask worker, one for each of its threads.

    Runs in the worker itself would share its interpreter lock with its event loop, which takes a tenth of
    their speed, and with each other, which takes most of it.
    """
    with _OPENING:
        interpreters = _interpreters(distributed.get_worker().state.nthreads)
    outcome: Outcome = interpreters.submit(perform_apart, job).result()
    return outcome


@cache
def _interpreters(number: int) -> Processes:
    """Start the interpreters of this worker; they leave when it does."""
    return Processes(number)


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
        _client(cluster.scheduler_address) as client,
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
def _client(address: str) -> Iterator[Any]:
    """Connect to a scheduler and wait for a worker."""
    try:
        client = distributed.Client(address, timeout=10)  # type: ignore[no-untyped-call]
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

"""A Dask cluster as an executor, started here or running already; the only home of Dask."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import distributed
from distributed.scheduler import KilledWorker

from segsim.errors import SegsimError
from segsim.runs.executors import Crew

_PATIENCE = 60  # seconds to wait for workers
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
        executor = client.get_executor()
        try:
            yield Crew(
                executor,
                window,
                (KilledWorker,),
                shared_cache=local and jobs > 1,
                apart=True,
                elsewhere=not local,
            )
        finally:
            executor.shutdown(wait=False)


@contextmanager
def _own_cluster(jobs: int) -> Iterator[Any]:
    """Start a scheduler in this process and workers beside it.

    The workers are started as `dask worker`, not by `LocalCluster`, which would import the caller's main
    module again in each of them. They leave when the scheduler does, even if this process is killed.
    """
    options: dict[str, Any] = {"n_workers": 0, "host": "127.0.0.1", "dashboard_address": None}
    options |= {"silence_logs": logging.CRITICAL, "protocol": "tcp://"}
    with (
        distributed.LocalCluster(**options) as cluster,  # type: ignore[no-untyped-call]
        _workers(jobs, cluster.scheduler_address),
        _client(cluster.scheduler_address, jobs) as client,
    ):
        yield client


@contextmanager
def _workers(jobs: int, address: str) -> Iterator[None]:
    """Keep worker processes of this machine at a scheduler."""
    command = [sys.executable, "-m", "dask", "worker", address, "--host", "127.0.0.1", "--no-dashboard"]
    command += ["--nworkers", str(jobs), "--nthreads", "1", "--death-timeout", str(_PATIENCE)]
    environment = {**os.environ, **_QUIET, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def _client(address: str, workers: int = 1) -> Iterator[Any]:
    """Connect to a scheduler and wait for its workers."""
    try:
        client = distributed.Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise SegsimError(
            f"no Dask scheduler answers at {address}; start one with `dask scheduler` "
            "and give the tcp:// address it prints"
        ) from error
    with client:
        try:
            client.wait_for_workers(workers, timeout=_PATIENCE)
        except TimeoutError as error:
            raise SegsimError(
                f"{address}: no worker has joined in {_PATIENCE} s; start one with `dask worker {address}`"
            ) from error
        yield client

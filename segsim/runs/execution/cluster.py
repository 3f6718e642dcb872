"""A Dask cluster as an executor, started here or running already; the only home of Dask."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dask
import distributed
from distributed.scheduler import KilledWorker

from segsim.errors import SegsimError
from segsim.runs.execution.crew import Crew
from segsim.runs.execution.job import perform_apart

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
_KEEP_ARRAYS = {
    "MALLOC_TRIM_THRESHOLD_": "100000000"
}  # Dask's 64 kB gives arrays back at once: a quarter slower


@contextmanager
def dask_crew(jobs: int, address: str | None) -> Iterator[Crew]:
    """Hold a client of a cluster.

    Parameters
    ----------
    jobs : int
        Workers, with one thread each, of a cluster started here.
    address : str or None
        Scheduler of an existing cluster; None starts one on this machine's loopback.
    """
    local = address is None
    with _own_cluster(jobs) if address is None else _client(address) as client:
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        window = max(8, 4 * sum(worker["nthreads"] for worker in workers))
        executor = client.get_executor(pure=False)  # no two runs are alike; none need be looked through
        try:
            yield Crew(
                executor,
                window,
                (KilledWorker,),
                shared_cache=local and jobs > 1,
                carry_out=perform_apart,
                worthwhile=_WORTHWHILE,
                elsewhere=not local,
            )
        finally:
            executor.shutdown(wait=False)


@contextmanager
def _own_cluster(jobs: int) -> Iterator[Any]:
    """Start a scheduler in this process and so many workers, a process each, beside it.

    They are started as `dask worker`, not by `LocalCluster`, which would import the caller's main module
    again in them. They leave when the scheduler does, even if this process is killed.
    """
    # runs share a worker's interpreter with its event loop; in interpreters of their own beside the workers
    # 24 runs of a town took 1.03 times as long and 1.07 times the processor, on a busy machine
    options: dict[str, Any] = {"n_workers": 0, "host": "127.0.0.1", "dashboard_address": None}
    options |= {"silence_logs": logging.CRITICAL, "protocol": "tcp://"}
    with (
        dask.config.set(_CALM),
        distributed.LocalCluster(**options) as cluster,  # type: ignore[no-untyped-call]
        _workers(jobs, cluster.scheduler_address),
        _client(cluster.scheduler_address, within_reach=True) as client,
    ):
        yield client


@contextmanager
def _workers(jobs: int, address: str) -> Iterator[None]:
    """Keep workers of this machine at a scheduler; a nanny replaces each that dies."""
    command = [sys.executable, "-m", "dask", "worker", address, "--host", "127.0.0.1", "--no-dashboard"]
    command += ["--nworkers", str(jobs), "--nthreads", "1", "--death-timeout", str(_PATIENCE)]
    calm = {f"DASK_{key.upper().replace('.', '__').replace('-', '_')}": str(_CALM[key]) for key in _CALM}
    path = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, **_QUIET, **_KEEP_ARRAYS, **calm, "PYTHONPATH": path}
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
            "and give the tcp:// address it prints",
            f"ingen Dask-schemaläggare svarar på {address}; starta en med `dask scheduler` och ange "
            "adressen tcp:// som den skriver ut",
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise SegsimError(
                f"{address}: no worker has joined in {_PATIENCE} s; start one with `dask worker {address}`",
                f"{address}: ingen arbetare har anslutit på {_PATIENCE} s; starta en med `dask worker "
                f"{address}`",
            ) from error
        yield client

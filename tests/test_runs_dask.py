"""Runs on a Dask cluster: a real scheduler and workers on loopback, one of them killed in the middle."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import quick_model
from quick_model import tree
from segsim import load_scenario
from segsim.errors import SegsimError
from segsim.runs import run
from segsim.runs.execution.engine import Work
from tests.patience import wait_until

pytest.importorskip("distributed")

HERE = Path(__file__).parent
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def town():
    return load_scenario(HERE / "scenarios" / "town.yaml")


@pytest.fixture
def cluster():
    """A scheduler and two worker processes without nannies, as on two machines."""
    paths = os.pathsep.join([str(HERE), *(path for path in sys.path if path)])
    environment = {**os.environ, "PYTHONPATH": paths, "QUICK_PAUSE": "0.05"}
    dask = [sys.executable, "-m", "dask"]
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", *options], env=environment, stderr=subprocess.PIPE, text=True
    )
    address = _address(scheduler)
    drain = threading.Thread(target=scheduler.stderr.read, daemon=True)
    drain.start()
    quiet = {"stderr": subprocess.DEVNULL, "env": environment}
    command = [
        *dask,
        "worker",
        address,
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
        "--host",
        "127.0.0.1",
    ]
    workers = [subprocess.Popen(command, **quiet) for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()
    drain.join()
    scheduler.stderr.close()


def _address(scheduler):
    """Return the address a scheduler prints."""
    for line in scheduler.stderr:
        if found := re.search(r"Scheduler at:\s+(tcp://\S+)", line):
            return found.group(1)
    raise AssertionError("the scheduler did not start")


def test_existing_cluster__one_worker_killed__gives_the_same_bytes(town, cluster, tmp_path):
    address, workers = cluster
    run(town, 40, 2, executor="serial", out=tmp_path / "serial", model=quick_model.rows)

    def kill_one(progress):
        if progress.done == 8 and workers[0].poll() is None:
            workers[0].kill()

    options = {"cluster": address, "out": tmp_path / "dask", "model": quick_model.rows}
    run(town, 40, 2, progress=kill_one, **options)
    assert workers[0].wait() != 0
    assert workers[1].poll() is None
    assert tree(tmp_path / "serial") == tree(tmp_path / "dask")


def test_own_cluster__gives_the_same_bytes_and_leaves_nothing_running(town, tmp_path):
    run(town, 6, 2, executor="serial", out=tmp_path / "serial", model=quick_model.rows)
    run(town, 6, 2, executor="dask", jobs=2, out=tmp_path / "dask", model=quick_model.rows)
    assert tree(tmp_path / "serial") == tree(tmp_path / "dask")
    wait_until(lambda: not _descendants())


def test_short_runs__go_several_to_a_call_and_are_made_again_when_lost(town, tmp_path, monkeypatch):
    """A worker dies in the middle of a call of several runs, and its nanny replaces it."""
    run(town, 60, 2, executor="serial", out=tmp_path / "serial", model=quick_model.rows)
    (tmp_path / "deaths").mkdir()
    for seed in (3, 45, 60):
        (tmp_path / "deaths" / str(seed)).touch()
    monkeypatch.setenv("QUICK_DEATHS", str(tmp_path / "deaths"))
    calls = []
    take_next_jobs = Work.take_next_jobs
    monkeypatch.setattr(Work, "take_next_jobs", lambda *of: calls.append(take_next_jobs(*of)) or calls[-1])
    run(town, 60, 2, executor="dask", jobs=2, out=tmp_path / "dask", model=quick_model.rows)
    assert not list((tmp_path / "deaths").iterdir())
    assert max(map(len, calls)) > 1
    assert tree(tmp_path / "serial") == tree(tmp_path / "dask")


def _descendants():
    """Return the Dask workers that this process, or one begun by it, has left behind."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,sid=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    ours = [line for line in listed if line.split()[1] == str(os.getsid(0))]
    return [line for line in ours if "dask worker" in line or "multiprocessing.spawn" in line]


def test_model_without_a_module__comes_along_to_the_cluster(town, tmp_path):
    """A function of a notebook or a script, which no worker can import."""
    script, out = tmp_path / "script.py", tmp_path / "out"
    script.write_text(
        "import quick_model\nfrom segsim import load_scenario\nfrom segsim.runs import run\n"
        "def rows(scenario, seed, years):\n    return quick_model.rows(scenario, seed, years)\n"
        "if __name__ == '__main__':\n"
        f"    town = load_scenario({str(HERE / 'scenarios' / 'town.yaml')!r})\n"
        f"    run(town, 3, 1, executor='dask', jobs=1, model=rows, out={str(out)!r})\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert len(list(out.rglob("*.parquet"))) >= 3


def test_no_scheduler__is_told_with_a_remedy(town):
    with pytest.raises(
        SegsimError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1; start one with"
    ):
        run(town, 2, 1, cluster="tcp://127.0.0.1:1", model=quick_model.rows)


def test_cluster_address_for_another_executor__is_refused(town):
    with pytest.raises(ValueError, match='goes with executor "dask"'):
        run(town, 2, 1, executor="threads", cluster="tcp://127.0.0.1:1", model=quick_model.rows)

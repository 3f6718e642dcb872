"""Kill -9 of the main process and of workers at many random moments, on the real city.

Takes minutes, so it runs only when asked for:

    SEGSIM_KILLS=50 pytest tests/verification/test_killed_sweeps.py
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from quick_model import tree
from segsim.runs.store import upkeep
from segsim.runs.sweeps.sweep import sweep

KILLS = int(os.environ.get("SEGSIM_KILLS", "0"))
TOWN = Path(__file__).parents[1] / "scenarios" / "town.yaml"
SCRIPT = (
    "import sys; from segsim.runs.sweeps.sweep import sweep\n"
    "sweep(sys.argv[1], jobs=2, resume=True, executor='processes', out=sys.argv[2])\n"
)


@pytest.mark.skipif(not KILLS, reason="set SEGSIM_KILLS to the number of kills")
def test_kills_at_random_moments__lose_and_repeat_nothing(tmp_path):
    path = tmp_path / "x.yaml"
    text = f"scenario: {TOWN}\nfactors:\n  preferences.housing.own_group: [2.0, 3.0, 4.0]\ndesign: grid\n"
    path.write_text(text + "seeds: 40\nyears: 1\nmeasures: [D, H]\n")
    sweep(path, jobs=2, out=tmp_path / "calm")
    out, chance = tmp_path / "killed", random.Random(11)
    command = [sys.executable, "-c", SCRIPT, str(path), str(out)]
    killed = {"main": 0, "worker": 0}
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while sum(killed.values()) < KILLS:
        if chance.random() < 0.8:
            wait_for_workers(process)
        time.sleep(chance.uniform(0.0, 1.5))
        if process.poll() is not None:  # finished early: take some runs away, so that there is more to kill
            for stored in sorted(out.rglob("*-*.parquet"))[::2]:
                stored.unlink()
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            continue
        workers = children(process.pid)
        if workers and chance.random() < 0.6:
            kill(chance.choice(workers))
            killed["worker"] += 1
        else:
            kill(process.pid)
            process.wait()
            killed["main"] += 1
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    process.kill()
    process.wait()
    subprocess.run(command, check=True)
    assert min(killed.values()) > KILLS / 10
    assert upkeep.verify(out).is_good
    assert tree(out) == tree(tmp_path / "calm")


def children(pid):
    """Return the processes a process has started (Linux)."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return sorted({int(child) for child in found + threads})


def wait_for_workers(process):
    """Wait until a sweep has begun to work, or has ended."""
    end = time.monotonic() + 30
    while process.poll() is None and not children(process.pid) and time.monotonic() < end:
        time.sleep(0.05)


def kill(pid):
    """Kill a process that may just have ended by itself."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return

"""What running in numbers costs: workers, overhead per run, Dask beside processes, memory of the coordinator.

Prints ratios measured in this one call, beside what is wanted. Run it on an idle machine:

    python experiments/benchmarks/runs.py
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from segsim import load_scenario
from segsim.errors import SegsimError
from segsim.runs import make, run, simple_plan

ROOT = Path(__file__).resolve().parents[2]
TOWN = ROOT / "tests" / "scenarios" / "town.yaml"
YEARS = 10


def quick_rows(scenario, seed, years):
    """Return rows at once, so that only the running of runs takes time."""
    n = 200 * (years + 1)
    return pd.DataFrame(
        {
            "year": np.repeat(np.arange(years + 1), 200) + scenario.start,
            "measure": "D",
            "grouping": "background",
            "level": "area",
            "unit": [f"Area {i % 200}" for i in range(n)],
            "value": (np.arange(n) * (seed + 1)) % 997 / 997,
        }
    )


class Pace:
    """Notes when runs finish, so that the start of workers can be told from the work."""

    def __init__(self):
        self.moments = []

    def __call__(self, progress):
        self.moments.append(time.perf_counter())

    def seconds_per_run(self):
        """Return seconds per run in the second half of the work, when every worker is busy."""
        half = self.moments[len(self.moments) // 2 :]
        return (half[-1] - half[0]) / (len(half) - 1)


def timed(town, seeds, **options):
    """Return the whole time of some runs, and the time per run when all workers are busy."""
    pace = Pace()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        run(town, seeds, YEARS, out=folder, progress=pace, **options)
        return time.perf_counter() - start, pace.seconds_per_run()


def workers(town, seeds):
    """Compare one worker with two, and Dask with processes."""
    timed(town, 2, executor="processes", jobs=1)  # compiles, if nothing has been compiled yet
    one = timed(town, seeds, executor="processes", jobs=1)
    two = timed(town, seeds, executor="processes", jobs=2)
    ratio = one[1] / two[1]
    show("two workers beside one, runs per second", ratio, "at least 1.9", ratio >= 1.9)
    print(f"  start included: {one[0] / two[0]:.2f}; starting takes {two[0] - seeds * two[1]:.1f} s")
    try:
        dask = timed(town, seeds, executor="dask", jobs=2)
    except SegsimError as error:
        print(f"Dask not measured: {error}")
        return
    ratio = dask[1] / two[1]
    show("Dask beside processes, seconds per run", ratio, "at most 1.1", ratio <= 1.1)
    print(f"  start included: {dask[0] / two[0]:.2f}; starting takes {dask[0] - seeds * dask[1]:.1f} s")


def overhead(town, n):
    """Measure what a run costs beyond its model: hashing, Parquet, the rename, progress."""
    with tempfile.TemporaryDirectory() as folder:  # what is imported at the first run is no overhead of each
        make(simple_plan([town], (1,), YEARS, model=quick_rows), folder, executor="serial")
    start = time.perf_counter()
    for seed in range(n):
        quick_rows(town, seed, YEARS)
    direct = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()

        make(simple_plan([town], tuple(range(n)), YEARS, model=quick_rows), folder, executor="serial")
        through = time.perf_counter() - begun
    each = 1000 * (through - direct) / n
    show("overhead per run, milliseconds", each, "under 10", each < 10)


def memory(n):
    """Compare the coordinator's largest memory after n and after n / 10 tiny runs."""
    found = {}
    for runs in (n // 10, n):
        command = [sys.executable, __file__, "--coordinator", str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found[runs] = json.loads(done.stdout)
    few, many = found[n // 10], found[n]
    show(f"coordinator's memory, {n} runs beside {n // 10}", many / few, "about 1", many / few < 1.05)
    print(f"  {few / 1024:.0f} MB and {many / 1024:.0f} MB")


def coordinator(n):
    """Make n tiny runs in this process and print its largest memory (kB)."""

    town = load_scenario(TOWN)
    with tempfile.TemporaryDirectory() as folder:
        make(simple_plan([town], tuple(range(n)), 0, model=quick_rows), folder, executor="serial")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def show(what, found, wanted, good):
    """Print one line."""
    print(f"{what:55s} {found:8.2f}   wanted {wanted:14s} {'yes' if good else 'NO'}", flush=True)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40, help="runs of the town per measurement")
    parser.add_argument("--tiny", type=int, default=10_000, help="tiny runs for the memory measurement")
    parser.add_argument("--coordinator", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.coordinator:
        coordinator(chosen.coordinator)
        return
    town = load_scenario(TOWN)
    print(f"{chosen.seeds} runs of a town of six thousand over {YEARS} years")
    workers(town, chosen.seeds)
    overhead(town, 500)
    memory(chosen.tiny)


if __name__ == "__main__":
    main()

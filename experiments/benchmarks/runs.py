"""What running in numbers costs: workers, overhead per run, Dask beside processes, memory of the coordinator.

Prints ratios measured in this one call, beside what is wanted. Run it on an idle machine:

    python experiments/benchmarks/runs.py
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from segsim import load_scenario
from segsim.errors import SegsimError
from segsim.runs import Execution, make_runs, plan_scenarios, run

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


def time_runs(town, seeds, **options):
    """Return the time of so many runs, start of the workers included."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        run(town, seeds, YEARS, out=folder, **options)
        return time.perf_counter() - start


def pace(town, seeds, **options):
    """Return what one more run costs, and the start: from few runs and four times as many.

    The start of the workers, and the end when not all of them are busy, are in both and fall out.
    """
    few, many = time_runs(town, seeds, **options), time_runs(town, 4 * seeds, **options)
    each = (many - few) / (3 * seeds)
    return each, few - seeds * each


def workers(town, seeds, rounds):
    """Compare one worker with two, and Dask with processes."""
    time_runs(town, 2, executor="processes", jobs=1)  # compiles, if nothing has been compiled yet
    ways = {"one": ("processes", 1), "two": ("processes", 2)}
    try:
        time_runs(town, 1, executor="dask", jobs=1)
        ways["dask"] = ("dask", 2)
    except SegsimError as error:
        print(f"Dask not measured: {error}")
    paces = {way: [] for way in ways}
    for _ in range(rounds):  # in turn, so that a slow spell of the machine meets all of them
        for way, (executor, jobs) in ways.items():
            paces[way].append(pace(town, seeds, executor=executor, jobs=jobs))
    each = {way: statistics.median(a for a, _ in pairs) for way, pairs in paces.items()}
    start = {way: statistics.median(b for _, b in pairs) for way, pairs in paces.items()}
    ratio = each["one"] / each["two"]
    show("two workers beside one, runs per second", ratio, "at least 1.9", ratio >= 1.9)
    print(f"  {1000 * each['two']:.0f} ms a run with two; starting them takes {start['two']:.1f} s")
    if "dask" in ways:
        ratio = each["dask"] / each["two"]
        show("Dask beside processes, seconds per run", ratio, "at most 1.1", ratio <= 1.1)
        rows = zip(paces["dask"], paces["two"], strict=True)
        print(f"  round by round {', '.join(f'{a / b:.2f}' for (a, _), (b, _) in rows)}", end="; ")
        print(f"starting takes {start['dask']:.1f} s")


def overhead(town, n):
    """Measure what a run costs beyond its model: hashing, Parquet, the rename, progress."""
    with tempfile.TemporaryDirectory() as folder:  # what is imported at the first run is no overhead of each
        make_runs(plan_scenarios([town], (1,), YEARS, model=quick_rows), Execution("serial", out=folder))
    start = time.perf_counter()
    for seed in range(n):
        quick_rows(town, seed, YEARS)
    direct = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        make_runs(
            plan_scenarios([town], tuple(range(n)), YEARS, model=quick_rows), Execution("serial", out=folder)
        )
        through = time.perf_counter() - begun
    each = 1000 * (through - direct) / n
    show("overhead per run, milliseconds", each, "under 10", each < 10)


def memory(n):
    """Compare the coordinator's largest memory after n and after n / 10 tiny runs."""
    peaks = {}
    for runs in (n // 10, n):
        command = [sys.executable, __file__, "--coordinator", str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks[runs] = json.loads(done.stdout)
    few, many = peaks[n // 10], peaks[n]
    show(f"coordinator's memory, {n} runs beside {n // 10}", many / few, "about 1", many / few < 1.05)
    print(f"  {few / 1024:.0f} MB and {many / 1024:.0f} MB")


def coordinator(n):
    """Make n tiny runs in this process and print its largest memory (kB)."""
    town = load_scenario(TOWN)
    with tempfile.TemporaryDirectory() as folder:
        make_runs(
            plan_scenarios([town], tuple(range(n)), 0, model=quick_rows), Execution("serial", out=folder)
        )
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def show(what, value, target, good):
    """Print one line."""
    print(f"{what:55s} {value:8.2f}   wanted {target:14s} {'yes' if good else 'NO'}", flush=True)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="runs of the town in the shorter measurement")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each way of running")
    parser.add_argument("--tiny", type=int, default=10_000, help="tiny runs for the memory measurement")
    parser.add_argument("--coordinator", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.coordinator:
        coordinator(chosen.coordinator)
        return
    town = load_scenario(TOWN)
    print(f"a town of six thousand over {YEARS} years, {chosen.seeds} runs and four times as many")
    workers(town, chosen.seeds, chosen.rounds)
    overhead(town, 500)
    memory(chosen.tiny)


if __name__ == "__main__":
    main()

"""A model that takes no time: rows that depend on the seed, one key and the policies of a real scenario.

It stands in for the city where runs themselves are tested. Files in a folder named by environment variables
make it slow, fail or kill its own process.
"""

import hashlib
import os
import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd


def rows(scenario, seed, years):
    """Return D and H of some years: noise of the seed, plus own_group, minus one hundredth per policy."""
    time.sleep(float(os.environ.get("QUICK_PAUSE", "0")))
    _die_once(scenario, seed)
    chance = np.random.default_rng(seed)
    level = 0.1 * scenario.preferences.housing.own_group - 0.01 * len(scenario.policies)
    frames = []
    for measure, factor in (("D", 1.0), ("H", 0.5)):
        values = factor * (level + chance.normal(0, 0.02, years + 1))
        for unit, share in (("", 1.0), ("Area 1", 0.5)):
            frames.append(
                pd.DataFrame(
                    {
                        "year": np.arange(scenario.start, scenario.start + years + 1),
                        "measure": measure,
                        "grouping": "background",
                        "level": "area",
                        "unit": unit,
                        "value": values * share,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def counted_rows(scenario, seed, years):
    """Note each call in the folder QUICK_CALLS, then return the rows."""
    folder = Path(os.environ["QUICK_CALLS"])
    (folder / f"{scenario.content_hash[:8]}-{seed}-{time.perf_counter_ns()}").touch()
    return rows(scenario, seed, years)


def failing_rows(scenario, seed, years):
    """Fail for seed 3."""
    if seed == 3:
        raise ArithmeticError("no such city")
    return rows(scenario, seed, years)


def deadly_rows(scenario, seed, years):
    """Kill the process that runs seed 2, every time."""
    if seed == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return rows(scenario, seed, years)


def shapeless_rows(scenario, seed, years):
    """Return rows without a value."""
    return rows(scenario, seed, years).drop(columns="value")


def tree(folder):
    """Return the digest of every file that is compared: all but the volatile record."""
    files = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in {"provenance.json", ".lock"}
    }


def _die_once(scenario, seed):
    """Kill this process the first time a marked seed is run."""
    folder = os.environ.get("QUICK_DEATHS")
    if folder:
        mark = Path(folder) / str(seed)
        if mark.exists():
            mark.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

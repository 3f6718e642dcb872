"""How many times faster each index is than the same one of PySAL's `segregation`, in one run.

    python experiments/benchmarks/indices.py

1 000 units x 3 groups, the best of several rounds, both sides measured in turn on the same table. PySAL runs
in an environment of its own: the interpreter named by SEGSIM_PYSAL_PYTHON, or `.venv-pysal` in the project,
made with `python -m venv .venv-pysal && .venv-pysal/bin/pip install "segregation>=2.5"`. Without it the
comparison is skipped. Its classes are timed as its manual uses them, on a GeoDataFrame of units, and on the
bare table of counts, which is the harder comparison.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
UNITS, GROUPS, ROUNDS = 1000, 3, 15
TWO_GROUPS = ("Dissim", "Gini", "Entropy", "Isolation", "Interaction", "CorrelationR", "Atkinson")
WANTED = 100


def table() -> np.ndarray:
    """Return the counts both sides measure."""
    rng = np.random.default_rng(1)
    return rng.poisson(np.exp(rng.normal(3, 1, (UNITS, GROUPS)))).astype(np.float64)


def best(call: Callable[[], object], seconds: float = 0.02) -> float:
    """Return the shortest time of one call over several rounds, s."""
    call()
    start = time.perf_counter()
    call()
    n = max(1, int(seconds / max(time.perf_counter() - start, 1e-7)))
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(n):
            call()
        times.append((time.perf_counter() - start) / n)
    return min(times)


def measure_pysal() -> None:
    """Print value and times of PySAL's indices as JSON; runs in PySAL's own environment."""
    import warnings

    warnings.filterwarnings("ignore")
    import geopandas
    import pandas as pd
    from segregation import multigroup, singlegroup
    from shapely.geometry import box

    names = [f"g{k}" for k in range(GROUPS)]
    frame = pd.DataFrame(table().astype(np.int64), columns=names)
    frame["total"] = frame.sum(axis=1)
    squares = [box(i % 40, i // 40, i % 40 + 1, i // 40 + 1) for i in range(UNITS)]
    with_shapes = geopandas.GeoDataFrame(frame, geometry=squares, crs="EPSG:3006")
    results = {}
    for name in ("MultiDissim", "MultiGini", "MultiInfoTheory", "MultiDivergence", "MultiNormExposure",
                 "MultiRelativeDiversity", "MultiSquaredCoefVar", "MultiDiversity", *TWO_GROUPS):  # fmt: skip
        index = getattr(singlegroup if name in TWO_GROUPS else multigroup, name)
        columns = ("g0", "total") if name in TWO_GROUPS else (names,)
        results[name] = (
            float(index(frame, *columns).statistic),
            best(partial(index, with_shapes, *columns)),
            best(partial(index, frame, *columns)),
        )
    print(json.dumps(results))


def ours() -> dict[str, Callable[[], float]]:
    """Return the same indices of segsim."""
    from segsim import indices

    counts = table()
    pair = np.column_stack([counts[:, 0], counts[:, 1:].sum(axis=1)])
    return {
        "MultiDissim": lambda: indices.dissimilarity(counts),
        "MultiGini": lambda: indices.gini(counts),
        "MultiInfoTheory": lambda: indices.theil(counts),
        "MultiDivergence": lambda: indices.mutual_information(counts),
        "MultiNormExposure": lambda: indices.normalised_exposure(counts),
        "MultiRelativeDiversity": lambda: indices.relative_diversity(counts),
        "MultiSquaredCoefVar": lambda: indices.squared_variation(counts),
        "MultiDiversity": lambda: indices.entropy(counts),
        "Dissim": lambda: indices.dissimilarity(pair),
        "Gini": lambda: indices.gini(pair),
        "Entropy": lambda: indices.theil(pair),
        "Isolation": lambda: float(indices.isolation(pair)[0]),
        "Interaction": lambda: float(indices.interaction_with_rest(pair)[0]),
        "CorrelationR": lambda: float(indices.separation_vs_rest(pair)[0]),
        "Atkinson": lambda: indices.atkinson(pair),
    }


def pysal_python() -> str:
    """Return the interpreter that has PySAL's segregation, "" if there is none."""
    named = os.environ.get("SEGSIM_PYSAL_PYTHON", "")
    for python in (named, str(ROOT / ".venv-pysal" / "bin" / "python")):
        if python and Path(python).exists():
            probe = subprocess.run([python, "-c", "import segregation"], capture_output=True, check=False)
            if probe.returncode == 0:
                return python
    return ""


def main() -> None:
    """Print one line per index: both times, their ratio, and whether the values agree."""
    python = pysal_python()
    if not python:
        print("indices: PySAL segregation is not installed; skipped. To compare:")
        print('  python -m venv .venv-pysal && .venv-pysal/bin/pip install "segregation>=2.5"')
        return
    command = [python, __file__, "--pysal"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    theirs = json.loads(answer.splitlines()[-1])
    print(f"indices on {UNITS} units x {GROUPS} groups, times in microseconds, against PySAL segregation")
    print(f"{'index':24}{'segsim':>9}{'PySAL':>9}{'ratio':>7}{'bare':>9}{'ratio':>7}  same value")
    low: dict[str, list[str]] = {"tables with shapes": [], "bare tables": []}
    for name, call in ours().items():
        value, with_shapes, bare = theirs[name]
        mine = best(call, 0.005)
        same = "yes" if np.isclose(call(), value, rtol=1e-9) else f"no: {call():.9g}, {value:.9g}"
        line = f"{name:24}{1e6 * mine:9.1f}{1e6 * with_shapes:9.0f}{with_shapes / mine:7.0f}"
        print(f"{line}{1e6 * bare:9.0f}{bare / mine:7.0f}  {same}")
        for kind, took in zip(low, (with_shapes, bare), strict=True):
            low[kind] += [name] if took / mine < WANTED else []
    for kind, names in low.items():
        print(f"at least {WANTED} times faster, {kind}: {'all but ' + ', '.join(names) if names else 'all'}")


if __name__ == "__main__":
    if "--pysal" in sys.argv:
        measure_pysal()
    else:
        main()

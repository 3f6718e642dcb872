"""Hashes of the rows of a fixed set of scenarios and seeds, which a change that should move nothing keeps.

Run before and after a change and compare the two files:

    python -m experiments.fingerprints before.txt
    python -m experiments.fingerprints after.txt && diff before.txt after.txt

`--also SCENARIO.yaml` adds a scenario of your own, such as a municipality made from its real table of areas.
Hashes hold for one machine and one set of library versions: another processor rounds sums in another order.
"""

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import segsim
from segsim.policies import POLICIES

ROOT = Path(__file__).parents[1]
TOWN = ROOT / "tests" / "scenarios" / "town.yaml"
BOARD_STEPS = 6

EXAMPLES = {kind: lever.EXAMPLE for kind, lever in POLICIES.items()}
"""Every policy with settings under which it changes a small town."""


def hash_frame(frame: pd.DataFrame) -> str:
    """Return a hash of every value of a frame, exact to the bit, and of its column names."""
    digest = hashlib.sha256(",".join(map(str, frame.columns)).encode())
    for column in frame.columns:
        values = frame[column]
        if isinstance(values.dtype, np.dtype) and values.dtype.kind in "fiub":
            digest.update(values.to_numpy().tobytes())
        else:
            digest.update("\n".join(map(str, values.tolist())).encode())
    return digest.hexdigest()[:16]


def run_towns() -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of a small town as it is, with each policy, and with all of them."""
    for seed in (1, 2):
        yield f"town seed {seed}", segsim.City(TOWN, seed=seed).run()
    for name, settings in EXAMPLES.items():
        yield f"town with {name}", segsim.City(TOWN, seed=1, policies=[{name: settings}]).run()
    together = [{name: settings} for name, settings in EXAMPLES.items()]
    yield "town with all", segsim.City(TOWN, seed=3, policies=together).run()


def run_boards() -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of every shipped board."""
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        scenario = segsim.load_scenario(path)
        if scenario.city.grid is not None:
            yield f"board {path.stem}", segsim.City(scenario, seed=1).run(BOARD_STEPS)


def run_municipalities(also: list[Path]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of municipalities at their real size; mixed_tenure begins in the fifth of six years."""
    for scenario in ("sodertalje", "mixed_tenure", *also):
        yield f"municipality {Path(scenario).stem}", segsim.City(scenario, seed=1).run(6)


EXPERIMENT = """summary: Two tastes, with and without a policy.
scenario: policy.yaml
baseline: true
factors: {preferences.housing.own_group: [1.0, 4.0]}
design: grid
seeds: 2
years: 2
"""


def run_many() -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the differences of a comparison with every policy, and the rows of a sweep."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "town.yaml").write_text(TOWN.read_text("utf-8"), "utf-8")
        for kind, settings in EXAMPLES.items():
            policy = json.dumps([{kind: settings}])
            text = f"extends: town\nlabel_en: {kind}\nsummary: x\npolicies: {policy}\n"
            (folder / f"{kind}.yaml").write_text(text, "utf-8")
        comparison = segsim.compare([folder / f"{kind}.yaml" for kind in EXAMPLES], 3, 2, executor="serial")
        yield "comparison", comparison.differences
        (folder / "policy.yaml").write_text((folder / "tenure_conversion.yaml").read_text("utf-8"), "utf-8")
        (folder / "experiment.yaml").write_text(EXPERIMENT, "utf-8")
        sweep = segsim.sweep(folder / "experiment.yaml", out=folder / "results", executor="serial")
        yield "sweep", sweep.runs.frame()


def main() -> None:
    """Write one line per case: its hash and its name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--also", type=Path, action="append", default=[])
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8") as file:
        for cases in (run_towns(), run_boards(), run_many(), run_municipalities(options.also)):
            for name, frame in cases:
                file.write(f"{hash_frame(frame)}  {name}\n")
                file.flush()


if __name__ == "__main__":
    main()

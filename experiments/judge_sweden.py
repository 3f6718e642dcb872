"""Judges the baseline: how the figures of municipalities move in ten years when nothing is done.

    python -m experiments.judge_sweden [--default | --rule] drift.csv SEEDS [CODE ...]

Runs seeds 101, 102, ... (nothing is tuned on them) of the 33 municipalities of the sources and ten small
ones, with the tastes that come with segsim; with `--default`, with those of a place nothing is known of; with
`--rule`, with those that the rule fitted to all other calibrated municipalities gives; writes the drift of
every figure a planner reads, and prints one line per municipality and how many hold, as MODEL.md has them.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.calibrate_sweden import predict, untuned
from segsim.comparison.levels.drift import STILL, tabulate_drift
from segsim.comparison.levels.tastes import HOLDS
from segsim.runs import run
from segsim.scenario import load_scenario
from segsim.sweden.facts import read_facts
from segsim.sweden.municipalities import find_municipality, list_municipalities

LARGE = [
    "0123", "0126", "0127", "0136", "0180", "0181", "0182", "0184", "0380", "0484", "0580", "0581",
    "0680", "0780", "1280", "1281", "1282", "1283", "1290", "1380", "1384", "1480", "1488", "1490",
    "1780", "1880", "1980", "2081", "2180", "2281", "2480", "2482", "2580",
]  # fmt: skip
SMALL = [
    "0140", "0461", "0582", "1264", "1267", "1439", "1460", "1766", "1781", "2417",
]  # fmt: skip
FIRST_SEED, YEARS = 101, 10

D, LOW, HIGH = "D/background/area", "D/income.low/area", "D/income.high/area"


def judge(code: str, n_seeds: int, tastes: dict[str, dict[str, float]]) -> pd.DataFrame:
    """Return the drift of one municipality."""
    recipe = load_scenario(code, {"years": YEARS, **tastes.get(code, {})})
    measures = tuple(sorted({figure.series.measure for figure in STILL}))
    runs = run(recipe, range(FIRST_SEED, FIRST_SEED + n_seeds), YEARS, executor="serial", measures=measures)
    drift = tabulate_drift(runs)
    drift.insert(0, "code", code)
    return drift


def tabulate(drift: pd.DataFrame) -> pd.DataFrame:
    """Return one line per municipality: what moved in ten years, D in five too."""
    by = {
        years: drift[drift["years"] == years].pivot(index="code", columns="series", values="change")
        for years in (5, 10)
    }
    start = drift[drift["years"] == 5].pivot(index="code", columns="series", values="start")
    types = [name for name in start if name.startswith("area_type")]
    out = pd.DataFrame({"D": start[D], "dD 5": by[5][D], "dD 10": by[10][D]})
    out["largest type 5"] = by[5][types].abs().max(axis=1)
    people, homes = "population/municipality", "households/municipality"
    size = start[people] / start[homes]
    out["household size"] = size * ((1.0 + by[10][people]) / (1.0 + by[10][homes]) - 1.0)
    for title, name in (
        ("D low", LOW),
        ("D high", HIGH),
        ("employed", "employed/municipality"),
        ("low", "share/income.low/municipality"),
        ("high", "share/income.high/municipality"),
        ("households", "households/municipality"),
        ("crowded", "crowded/municipality"),
        ("merit", "merit_mean/municipality"),
        ("queue", "queue_years/municipality"),
        ("cooperative price", "price/tenure.cooperative/municipality"),
        ("owned price", "price/tenure.owner_occupied/municipality"),
    ):
        out[title] = by[10][name]
    for tenure in ("public_rental", "private_rental"):
        name = f"vacant/tenure.{tenure}/municipality"
        out[f"vacant {tenure}"] = start[name] + by[10][name]
    return out


BOUNDS = {
    "dD 5": 0.02, "dD 10": 0.03, "largest type 5": 0.05, "D low": 0.03, "D high": 0.03, "employed": 0.01,
    "low": 0.01, "high": 0.01, "households": 0.01, "household size": 0.03, "crowded": 0.015, "merit": 4.0,
    "queue": 1.5, "cooperative price": 0.10, "owned price": 0.10,
}  # fmt: skip


def rule_tastes(codes: list[str]) -> dict[str, dict[str, float]]:
    """Return the tastes that the rule fitted to the other calibrated municipalities gives each."""
    shipped = read_facts("tastes").to_pandas()
    found = shipped[shipped["method"] == "newton"].pivot(index="code", columns="key", values="value")
    found, places = found.reset_index(), {m.code: m for m in list_municipalities()}
    return {code: {hold.key: predict(found, places, hold.key, code) for hold in HOLDS} for code in codes}


def main(words: argparse.Namespace) -> None:
    """Run all, write the drift, and print the table."""
    codes, tastes = words.codes or [*LARGE, *SMALL], {}
    if words.rule:
        tastes = rule_tastes(codes)
    elif words.default:
        tastes = dict.fromkeys(codes, untuned())
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        drift = pd.concat(pool.map(partial(judge, n_seeds=words.seeds, tastes=tastes), codes))
    drift.to_csv(words.out, index=False)
    table = tabulate(drift)
    names = [find_municipality(code).name for code in table.index]
    print("| " + " | ".join(["municipality", *table]) + " |")
    print("|" + "---|" * (len(table.columns) + 1))
    for name, values in zip(names, table.to_numpy(), strict=True):
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |")
    for group, of in (("33", LARGE), ("small", SMALL)):
        part = table[table.index.isin(of)]
        for title, bound in BOUNDS.items():
            held, mean = np.abs(part[title]) < bound, part[title].mean()
            print(f"{group}, {title}: within {bound:g} in {int(held.sum())} of {len(part)}, mean {mean:+.4f}")
        of_types = drift[drift["code"].isin(of) & drift["series"].str.startswith("area_type")]
        for years, lines in of_types.groupby("years"):
            moves = lines.groupby("code")["verdict"].apply(lambda verdicts: (verdicts == "moves").any())
            print(f"{group}, types {years}: {int((~moves).sum())} of {len(moves)} still, chance apart")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("seeds", type=int)
    parser.add_argument("--default", action="store_true")
    parser.add_argument("--rule", action="store_true")
    parser.add_argument("codes", nargs="*")
    main(parser.parse_args())

"""Finds the tastes that keep municipalities as they are, for the package to ship.

    python -m experiments.calibrate_sweden found.csv 0181 1282 ...   # adds; no codes: all the rest; goes
                                                                     # on from those that are there
    python -m experiments.calibrate_sweden found.csv --own-slopes 0123 0182   # looks for their own slopes
    python -m experiments.calibrate_sweden found.csv --write         # makes the facts

Newton's method on seeds 1 and 2 for those of 20 000 persons and more, with the mean slopes of some, and for
those that these do not bring to rest with their own; judge them on 101 and up (segsim verify). A smaller one
moves by chance more than by its tastes: it gets what rules, fitted to the others, give by its D and its share
of foreign background.
"""

import csv
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from segsim.comparison.levels.newton import hold_levels
from segsim.comparison.levels.tastes import HOLDS
from segsim.rules import Preferences
from segsim.runs import Execution
from segsim.scenario import load_scenario
from segsim.sweden.facts import FACTS
from segsim.sweden.municipalities import Municipality, list_municipalities

SEEDS, YEARS, FEWEST = (1, 2), 7, 20_000
SLOPES = np.array(
    [
        [0.037, 0.0, 0.0, 0.0, -0.005, 0.0],
        [0.0, 0.014, 0.01, 0.0, 0.0, 0.007],
        [0.0, 0.01, 0.025, 0.0, -0.008, 0.024],
        [0.0, 0.0, 0.0, 0.9, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, -0.022, -0.006],
        [0.0, 0.0, 0.0, -0.4, 0.0, 0.018],
    ]
)
"""By how much figures (rows) move in these years with tastes (columns): about the mean of municipalities that
are none of those judged (0880, 2080, 1485, 1383, 0191, 0480, 0160, 2380); what is 0 was small. That of
employment is the steeper end of what was seen: a step too short is mended by the next, one too long is not.
"""
COLUMNS = ["code", *(hold.key for hold in HOLDS), *(f"miss {hold.key}" for hold in HOLDS)]


def calibrate(code: str, tastes: dict[str, float], slopes: np.ndarray | None = SLOPES) -> list[object]:
    """Return the tastes of one municipality, looked for from some on, and what is left of each drift."""
    recipe = load_scenario(code, tastes)
    held = hold_levels(recipe, SEEDS, YEARS, Execution("serial"), slopes=slopes, rounds=3)
    return [code, *held.values["value"], *held.figures["change"]]


def untuned() -> dict[str, float]:
    """Return what tastes are where nothing else is said, by scenario key."""
    return {hold.key: default(hold.key) for hold in HOLDS}


def default(key: str) -> float:
    """Return what a taste is where nothing else is said."""
    value: object = Preferences()
    for part in key.split(".")[1:]:
        value = getattr(value, part)
    return float(value)  # type: ignore[arg-type]


def find(path: Path, codes: list[str], slopes: np.ndarray | None = SLOPES) -> None:
    """Calibrate municipalities, largest last, and add each to the file as it is done."""
    found = read_found(path).set_index("code") if path.exists() else pd.DataFrame()
    large = [m for m in list_municipalities() if m.persons >= FEWEST]
    chosen = codes or [m.code for m in sorted(large, key=lambda m: m.persons) if m.code not in found.index]
    keys = [hold.key for hold in HOLDS]
    tastes = [dict(found.loc[code, keys]) if code in found.index else untuned() for code in chosen]
    with path.open("a", newline="") as file, ProcessPoolExecutor(os.cpu_count()) as pool:
        writer = csv.writer(file)
        if found.empty:
            writer.writerow(COLUMNS)
        for row in pool.map(partial(calibrate, slopes=slopes), chosen, tastes):
            writer.writerow(row)
            file.flush()
            print(row, flush=True)


def read_found(path: Path) -> pd.DataFrame:
    """Return what was found, one line per municipality."""
    return pd.read_csv(path, dtype={"code": str}).drop_duplicates("code", keep="last")


def fit_rule(found: pd.DataFrame, places: dict[str, Municipality], key: str) -> np.ndarray:
    """Return the rule for a taste: constant, times D, times p (1 - p), by least squares."""
    terms = np.array([describe(places[code]) for code in found["code"]])
    return np.linalg.lstsq(terms, found[key].to_numpy(float), rcond=None)[0]


def describe(place: Municipality) -> tuple[float, float, float]:
    """Return what the rule goes by."""
    p = place.foreign_background
    return 1.0, place.D, p * (1.0 - p)


def predict(found: pd.DataFrame, places: dict[str, Municipality], key: str, code: str) -> float:
    """Return what the rule gives a municipality that is not used to find it, within what was found."""
    others = found[found["code"] != code]
    value = float(np.dot(fit_rule(others, places, key), describe(places[code])))
    return round(float(np.clip(value, others[key].min(), others[key].max())), 4)


def write(path: Path) -> None:
    """Write the facts, and print the rules and how well they tell municipalities they have not seen."""
    found = read_found(path)
    places = {m.code: m for m in list_municipalities()}
    rows: list[tuple[str, str, float, str]] = []
    for hold in HOLDS:
        values = dict(found[["code", hold.key]].to_numpy())
        # no finer than the model tells them apart, and than the classroom's slider
        digits = 1 if hold.step > 0.1 else 3
        rows += [(code, hold.key, round(value, digits), "newton") for code, value in values.items()]
        rest = [code for code in places if code not in values]
        rows += [
            (code, hold.key, round(predict(found, places, hold.key, code), digits), "rule") for code in rest
        ]
        errors = found[hold.key] - [predict(found, places, hold.key, code) for code in found["code"]]
        rule = fit_rule(found, places, hold.key).round(4)
        print(
            hold.key, "rule", rule, "leave-one-out RMS", float(np.sqrt(np.mean(errors**2))), "of", len(found)
        )
    frame = pd.DataFrame(rows, columns=["code", "key", "value", "method"]).sort_values(["code", "key"])
    frame.to_parquet(FACTS / "tastes.parquet", index=False)


if __name__ == "__main__":
    out, *rest = sys.argv[1:]
    if rest == ["--write"]:
        write(Path(out))
    elif rest[:1] == ["--own-slopes"]:
        find(Path(out), rest[1:], slopes=None)
    else:
        find(Path(out), rest)

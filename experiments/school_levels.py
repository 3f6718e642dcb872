"""How segregated schools are: in the first enrolment, and after years in which nothing is done.

    python -m experiments.school_levels SEEDS YEARS [CODE ...]

Prints, for the 33 municipalities of the sources, D of foreign background between schools and the share of
the variance of parents' post-secondary education that lies between them, grades 1-9, by Skolverket's table
of units (autumn of 2023) and in the model, at the start and after so many years; and the same of areas'
homes, which no table tells.
"""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np

from experiments.judge_sweden import LARGE
from segsim.indices import dissimilarity
from segsim.scenario import load_scenario
from segsim.simulation import start_simulation
from segsim.state import CityState
from segsim.steps.schools.enrolment import list_pupils, school_order
from segsim.sweden.facts import read_school_rows
from segsim.sweden.municipalities import find_municipality
from segsim.tables import Array, Education

FIRST_SEED = 101
BOUNDS = (0.15, 0.25)
FEW = 2.0
"""Pupils of foreign background of a school where they are hidden because they are few."""


class Level(NamedTuple):
    """D of foreign background, and the share of the variance of parents' education between units."""

    foreign: float
    education: float


def level_of(pupils: Array, foreign: Array, educated: Array) -> Level:
    """Return the level of units with so many pupils and such shares; without those whose share is unknown."""
    known = np.isfinite(foreign) & (pupils > 0)
    d = dissimilarity(pupils[known, None] * np.stack([foreign, 1 - foreign], axis=1)[known])
    known = np.isfinite(educated) & (pupils > 0)
    n, share = pupils[known], educated[known]
    mean = np.average(share, weights=n)
    return Level(d, float(np.average((share - mean) ** 2, weights=n) / (mean * (1 - mean))))


def published_level(code: str) -> Level:
    """Return the level of a municipality's school units by the table that comes with segsim."""
    rows = read_school_rows(code)
    pupils = rows[[f"n_{grade}" for grade in range(1, 10)]].sum(axis=1).to_numpy(float)
    foreign = rows["foreign_background"].to_numpy(float)
    is_hidden = (rows["foreign_background_flag"] == "suppressed").to_numpy()
    foreign = np.where(is_hidden, FEW / np.maximum(pupils, 2 * FEW), foreign)
    return level_of(pupils, foreign, rows["parents_post_secondary"].to_numpy(float))


def model_levels(state: CityState) -> tuple[Level, Level]:
    """Return the levels of a city's schools, and of the areas in which their pupils live."""
    order = school_order(state)
    roll = list_pupils(state, order)
    roll = roll.select((roll.grade >= 1) & (roll.school >= 0))
    educated = (roll.education >= Education.SHORT_POST_SECONDARY).astype(np.float64)
    levels = []
    for unit in (roll.school, state.tables.cells.area[roll.cell]):
        n = np.bincount(unit).astype(np.float64)
        shares = (np.bincount(unit, of) / np.maximum(n, 1) for of in (roll.kind, educated))
        levels.append(level_of(n, *shares))
    return levels[0], levels[1]


def run_municipality(code: str, n_seeds: int, years: int) -> Array:
    """Return levels (start and end, schools and homes, two figures), the mean of seeds."""
    found = []
    for seed in range(FIRST_SEED, FIRST_SEED + n_seeds):
        simulation = start_simulation(load_scenario(code, {"years": max(years, 1)}), seed)
        start = model_levels(simulation.state)
        for _ in range(years):
            simulation.step()
        found.append((start, model_levels(simulation.state)))
    return np.mean(found, axis=0)


def main(n_seeds: int, years: int, codes: list[str]) -> None:
    """Print one line per municipality, and how many are within the bounds."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = np.array(list(pool.map(partial(run_municipality, n_seeds=n_seeds, years=years), codes)))
    published = np.array([published_level(code) for code in codes])
    print(f"| | D | start | {years} years | homes | variance | start | {years} years | homes |")
    print("|" + "---|" * 9)
    for code, known, levels in zip(codes, published, found, strict=True):
        cells = [
            f"{value:.3f}"
            for i in range(2)
            for value in (known[i], levels[0, 0, i], levels[1, 0, i], levels[0, 1, i])
        ]
        print(f"| {find_municipality(code).name} | " + " | ".join(cells) + " |")
    for bound in BOUNDS:
        for when, title in enumerate(("at the start", f"after {years} years")):
            held = np.abs(found[:, when, 0] / published - 1) < bound
            print(
                f"within {bound:.0%} {title}: D {held[:, 0].sum()}, variance {held[:, 1].sum()}, "
                f"both {held.all(axis=1).sum()} of {len(codes)}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or LARGE)

"""How much each link between homes, schools and results carries: what differs when it is cut.

    python -m experiments.school_links YEARS SEEDS MUNICIPALITY ...

The city lives on with all links and, from the same start and with the same draws, with one cut at a time.
Printed is what the whole city changes over the years, and how much of that each link carries: the whole less
the city without it, with the half width of a 95 % interval over seeds.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
from scipy import stats

from segsim.scenario import load_scenario
from segsim.simulation import start_simulation
from segsim.sweden.municipalities import find_municipality

FIRST_SEED = 101  # no taste that comes with segsim was found on these
CUTS: dict[str, dict[str, float]] = {
    "nothing cut": {},
    "families look at who goes to a school": {
        "preferences.schools.choice.weights.composition": 0.0,
        "preferences.schools.choice.weights.education": 0.0,
    },
    "families look at a school's results": {"preferences.schools.choice.weights.merit": 0.0},
    "families move for the school of the home": {"preferences.housing.school": 0.0},
    "prices follow demand": {"preferences.housing.price_response": 0.0},
    "pupils learn from schoolmates": {"preferences.schools.achievement.peers": 0.0},
    "pupils learn from the neighbourhood": {"preferences.schools.achievement.place": 0.0},
}
CUTS["all of these"] = {key: value for cut in list(CUTS.values()) for key, value in cut.items()}
MEASURES = {
    "D of schools": ("D", "background", "school"),
    "between schools, parents' education": ("ses_between", "", "school"),
    "D of homes": ("D", "background", "area"),
    "gap of merit by background": ("merit_gap", "background", "municipality"),
}


def live_on(job: tuple[str, int, int, str]) -> list[float]:
    """Return by how much the measures change over the years."""
    code, years, seed, cut = job
    simulation = start_simulation(load_scenario(code, {"years": years, **CUTS[cut]}), seed)
    for _ in range(years):
        simulation.step()
    frame = simulation.measurer.frame()
    out = []
    for measure, grouping, level in MEASURES.values():
        own = frame[(frame["measure"] == measure) & (frame["level"] == level)]
        by_year = own[own["grouping"] == grouping].set_index("year")["value"]
        out.append(float(by_year[by_year.index.max()] - by_year[by_year.index.min()]))
    return out


def main(years: int, n_seeds: int, names: list[str]) -> None:
    """Print a table for each municipality."""
    seeds = range(FIRST_SEED, FIRST_SEED + n_seeds)
    wide = stats.t.ppf(0.975, n_seeds - 1) / np.sqrt(n_seeds)
    with ProcessPoolExecutor() as pool:
        for name in names:
            place = find_municipality(name)
            jobs = [(place.code, years, seed, cut) for cut, seed in product(CUTS, seeds)]
            found = np.array(list(pool.map(live_on, jobs))).reshape(len(CUTS), n_seeds, -1)
            print(f"\n{place.name}, {years} years, {n_seeds} seeds\n\n| link | {' | '.join(MEASURES)} |")
            print("| --- |" + " --- |" * len(MEASURES))
            for row, cut in enumerate(CUTS):
                values = found[0] - found[row] if row else found[0]
                cells = zip(values.mean(axis=0), wide * values.std(axis=0, ddof=1), strict=True)
                label = cut if row else "the whole city changes by"
                print(f"| {label} | {' | '.join(f'{mean:+.3f} ± {half:.3f}' for mean, half in cells)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])

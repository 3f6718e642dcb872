"""How fast `segsim.matching` is beside the package `matching` from PyPI, and whether both agree.

    pip install --no-deps matching==1.4.3
    python experiments/benchmarks/school_matching.py [--all]

Deferred acceptance, as many seats as pupils, all pupils list all schools in random order and every school
ranks all. 20 000 pupils take the package half an hour (`--all`); without that its time there is put by the
power law of the two largest it ran. Times are of the processor, the least of five for segsim, input checked
and all; the package's game is built outside its time.
"""

import argparse
import math
import time
from typing import Any

import numpy as np

from segsim import matching

SIZES = ((250, 60), (500, 60), (1000, 60), (2000, 60), (20_000, 60))
LARGEST_OF_PACKAGE = 2000
ASKED = 10_000


def make_market(pupils: int, schools: int, seed: int = 1) -> tuple[Any, Any, Any]:
    """Return lists, priorities and seats."""
    rng = np.random.default_rng(seed)
    lists = rng.permuted(np.tile(np.arange(schools), (pupils, 1)), axis=1)
    priority = np.stack([rng.permutation(pupils) for _ in range(schools)], axis=1).astype(float)
    seats = np.full(schools, -(-pupils // schools))
    return lists, priority, seats


def time_segsim(market: tuple[Any, Any, Any], tries: int = 5) -> tuple[float, Any]:
    """Return the least seconds of some tries, and the matching."""
    seconds, place = math.inf, None
    for _ in range(tries):
        begin = time.process_time()
        place = matching.deferred_acceptance(*market)
        seconds = min(seconds, time.process_time() - begin)
    return seconds, place


def time_package(market: tuple[Any, Any, Any]) -> tuple[float, Any]:
    """Return the seconds of the package, and its matching."""
    from matching.games import HospitalResident

    lists, priority, seats = market
    residents = {a: [f"s{s}" for s in mine] for a, mine in enumerate(lists.tolist())}
    hospitals = {f"s{s}": np.argsort(-priority[:, s]).tolist() for s in range(len(seats))}
    places = {f"s{s}": int(n) for s, n in enumerate(seats)}
    game = HospitalResident.create_from_dictionaries(residents, hospitals, places)
    begin = time.process_time()
    solution = game.solve(optimal="resident")
    seconds = time.process_time() - begin
    place = np.full(len(lists), -1)
    for hospital, those in solution.items():
        place[[resident.name for resident in those]] = int(hospital.name[1:])
    return seconds, place


def main() -> None:
    """Run all sizes and print the times."""
    arguments = argparse.ArgumentParser(description="Times deferred acceptance beside PyPI matching.")
    arguments.add_argument("--all", action="store_true", help="let the package take the largest too")
    takes_all = arguments.parse_args().all
    matching.deferred_acceptance(*make_market(20, 4))
    ran: list[tuple[int, float]] = []
    for pupils, schools in SIZES:
        market = make_market(pupils, schools)
        ours, place = time_segsim(market)
        if pupils <= LARGEST_OF_PACKAGE or takes_all:
            theirs, other = time_package(market)
            assert (place == other).all(), "the matchings differ"
            ran.append((pupils, theirs))
            how = "the same matching"
        else:
            (n0, t0), (n1, t1) = ran[-2:]
            power = math.log(t1 / t0) / math.log(n1 / n0)
            theirs = t1 * (pupils / n1) ** power
            how = f"put by pupils ** {power:.2f}"
        print(
            f"{pupils:6d} pupils x {schools} schools: segsim {ours * 1000:8.2f} ms, "
            f"matching {theirs:10.2f} s ({how}), {theirs / ours:10.0f} times"
        )
    print(f"asked for at the largest: {ASKED} times")


if __name__ == "__main__":
    main()

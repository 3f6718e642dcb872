"""How fast a year of Södertälje is beside one step of Mesa's own Schelling example, and what a person weighs.

    python experiments/benchmarks/year.py

A year is all steps and all measures of 102 426 persons in 43 235 households. The example
(`mesa.examples.basic.schelling`, which needs networkx) runs with as many agents: a grid of 233 x 233, four
fifths full. Both run on one core, in turn, in this one process; processor time is counted, not the clock. The
example is fastest once most of its agents are content, so a later step is shown beside the first.
"""

import gc
import time
from collections.abc import Callable
from statistics import median

from segsim import City

SIDE, DENSITY = 233, 0.8
ROUNDS, YEARS, LATER_STEPS = 5, 2, 3
WANTED_RATIO, WANTED_BYTES = 3.0, 120


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time of one call, s."""
    start = time.thread_time()
    call()
    return time.thread_time() - start


def schelling(seed: int):
    """Return Mesa's Schelling example at the size of the city."""
    from mesa.examples.basic.schelling import model

    size = {"height": SIDE, "width": SIDE, "density": DENSITY}
    if hasattr(model, "SchellingScenario"):  # since Mesa 3.5
        return model.Schelling(model.SchellingScenario(**size, rng=seed))
    return model.Schelling(**size, seed=seed)


def show(what: str, value: float, wanted: str, good: bool) -> None:
    """Print one line."""
    print(f"{what:55s} {value:8.2f}   wanted {wanted:14s} {'yes' if good else 'NO'}", flush=True)


def bytes_per_person(city: City) -> float:
    """Return the bytes of all tables, free rows included, per person."""
    return city.tables.nbytes / int((city.tables.persons.id >= 0).sum())


def main() -> None:
    """Measure and print."""
    city = City("sodertalje", seed=1)
    first_bytes = bytes_per_person(city)
    for _ in range(2):  # the first year compiles, the second makes the tables grow
        city.step()
    years, first, later = [], [], []
    try:
        n_agents = len(schelling(1).agents)
    except ImportError as error:
        print(f"year: Mesa's Schelling example is not installed; not compared. {error}")
        n_agents = 0
    for number in range(ROUNDS):
        gc.collect()
        years += [seconds(city.step) for _ in range(YEARS)]
        if n_agents:
            example = schelling(number)
            first.append(seconds(example.step))
            later += [seconds(example.step) for _ in range(LATER_STEPS)]
            del example
    year = median(years)
    print(f"a year of Södertälje: {1000 * year:.0f} ms of one core (least {1000 * min(years):.0f})")
    if n_agents:
        print(f"a step of Mesa's Schelling, {n_agents} agents: first {1000 * median(first):.0f} ms, "
              f"later {1000 * median(later):.0f} ms")  # fmt: skip
        for name, steps in (("first", first), ("later", later)):
            ratio = median(steps) / year
            show(f"a {name} step beside a year", ratio, f"at least {WANTED_RATIO:g}", ratio >= WANTED_RATIO)
    for when, size in (
        ("at the start", first_bytes),
        (f"after {city.year - 2022} years", bytes_per_person(city)),
    ):
        show(f"bytes of state per person, {when}", size, f"at most {WANTED_BYTES}", size <= WANTED_BYTES)


if __name__ == "__main__":
    main()

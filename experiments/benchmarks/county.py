"""How long Stockholm county takes at full size, 2.4 million persons in 26 municipalities, on one core.

    python experiments/benchmarks/county.py

Synthesis is all that makes the first city, reading of facts and the first school year included, but no
measures; what a run waits for before its first year is that and the first measures, facts read before. A year
is all its steps and measures. Processor time is counted, not the clock. A small city is
started before, so that what is compiled or read once does not count.
"""

import resource
import time
from collections.abc import Callable
from statistics import median

from segsim import load_scenario
from segsim.simulation import start_simulation
from segsim.simulation.start_memory import settle_city

YEARS = 4
WANTED_PER_MILLION, WANTED_SYNTHESIS, WANTED_YEAR, WANTED_GB = 4.0, 15.0, 5.0, 2.0


def seconds(call: Callable[..., object], *arguments: object) -> float:
    """Return the processor time of one call, s."""
    start = time.thread_time()
    call(*arguments)
    return time.thread_time() - start


def show(what: str, value: float, unit: str, wanted: float | None = None) -> None:
    """Print one line."""
    verdict = "" if wanted is None else f" wanted at most {wanted:g}   {'yes' if value <= wanted else 'NO'}"
    print(f"{what:45s} {value:8.2f} {unit}{verdict}", flush=True)


def main() -> None:
    """Measure and print."""
    start_simulation(load_scenario("sodertalje"), 1).step()
    small = load_scenario("sodertalje")
    spent = median(seconds(settle_city, small, seed) for seed in (2, 3, 4))
    persons = int((settle_city(small, 5).tables.persons.id >= 0).sum())
    show("synthesis of Södertälje, per million persons", 1e6 * spent / persons, "s ", WANTED_PER_MILLION)
    county = load_scenario("stockholms_lan")
    show("synthesis of Stockholm county", seconds(settle_city, county, 1), "s ", WANTED_SYNTHESIS)
    start = time.thread_time()
    simulation = start_simulation(county, 2)
    show("start of another run, with its first measures", time.thread_time() - start, "s ")
    show("a year of it", median(seconds(simulation.step) for _ in range(YEARS)), "s ", WANTED_YEAR)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    show("memory at most", peak, "GB", WANTED_GB)


if __name__ == "__main__":
    main()

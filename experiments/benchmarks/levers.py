"""What levers cost: a year of Södertälje with every lever at its example beside a year with none, in one run.

    python experiments/benchmarks/levers.py [SCENARIO]

Both cities run on one core in this one process, a year of one and a year of the other in turn; processor time
is counted, not the clock. The first two years are left out, because they compile and make the tables grow.
"""

import sys
import time
from statistics import median

from segsim import load_scenario
from segsim.policies import LEVERS
from segsim.simulation import AnySimulation, start_simulation

YEARS, LEFT_OUT, WANTED = 12, 2, 1.20


def seconds(simulation: AnySimulation) -> float:
    """Return the processor time of one year, s."""
    start = time.thread_time()
    simulation.step()
    return time.thread_time() - start


def main() -> None:
    """Measure and print."""
    plain = load_scenario(sys.argv[1] if len(sys.argv) > 1 else "sodertalje")
    examples = [{lever.KIND: lever.EXAMPLE} for lever in LEVERS]
    without, with_all = (
        start_simulation(plain.override({"policies": policies}), 1) for policies in ([], examples)
    )
    pairs = [(seconds(without), seconds(with_all)) for _ in range(YEARS)][LEFT_OUT:]
    none, every = (1000 * median(times) for times in zip(*pairs, strict=True))
    ratio = sum(b for _, b in pairs) / sum(a for a, _ in pairs)
    least = min(b for _, b in pairs) / min(a for a, _ in pairs)
    print(f"a year without levers: {none:.0f} ms; with all {len(LEVERS)}: {every:.0f} ms")
    print(f"all years together: {ratio:.2f} times as long (the fastest year of each: {least:.2f}), "
          f"wanted at most {WANTED:g}: {'yes' if ratio <= WANTED else 'NO'}")  # fmt: skip


if __name__ == "__main__":
    main()

"""How long one waits: for the help, and for the first simulated year of Södertälje in a new process.

    python experiments/benchmarks/start.py

Everything is compiled before, by a run that is not counted; each is the median of several starts. The year is
that of `segsim run sodertalje --jobs 1`, from the start of the interpreter to the end of the year's measures.
"""

import statistics
import subprocess
import sys
import time

STARTS = 5
WANTED_HELP, WANTED_YEAR = 0.5, 3.0
HELP = "import sys; sys.argv = ['segsim', '--help']; from segsim.cli import main; main()"
YEAR = """
import segsim.cli
from segsim import load_scenario
from segsim.runs.store import folder
from segsim.simulation import Simulation
city = Simulation(load_scenario("sodertalje"), 1)
city.step()
"""


def seconds(code: str) -> float:
    """Return the time a new interpreter takes for some code, s."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def show(what: str, code: str, wanted: float) -> None:
    """Print the median time of a start."""
    seconds(code)
    median = statistics.median(seconds(code) for _ in range(STARTS))
    print(
        f"{what:55s} {median:8.2f} s wanted under {wanted:g} s   {'yes' if median < wanted else 'NO'}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    show("segsim --help", HELP, WANTED_HELP)
    show("first simulated year of a second start", YEAR, WANTED_YEAR)


if __name__ == "__main__":
    main()

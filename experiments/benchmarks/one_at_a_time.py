"""How fast the one-at-a-time mode is beside Mesa's own example and beside C, in one run.

    python experiments/benchmarks/one_at_a_time.py

`schelling.yaml` with Mesa's rule, through `City.step()`. Mesa's example runs from a board of the same size,
density and shares. The C reference (`schelling.c`, compiled here with gcc -O3 -march=native) starts from the
same squares with the same random numbers and must report the same number of movers at every step. Both run
several times in turn. Times are of the processor, and of each step the shortest counts, so that other work on
the machine disturbs little; it still does where memory is shared.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from segsim.city import City
from segsim.kernels.draws import Stream, bits

HERE = Path(__file__).resolve().parent
ONE = "preferences.housing.one_at_a_time."
MESA_RULE = {
    "city.grid.vacancy": 0.2,
    "city.grid.composition": "drawn",
    ONE + "utility.threshold": 0.4,
    ONE + "utility.rounding": "up",
    ONE + "utility.if_empty": 0.0,
    ONE + "activation.recheck": False,
    ONE + "candidates.squares": "random_vacancies",
    ONE + "rule.destination": "any_vacancy",
    ONE + "stop": "never",
    "years": 1_000_000,
    "measures.names": ["D"],
}
# side: steps, runs, at least this share of C's speed
AGAINST_C = {100: (20, 40, 0.6), 1000: (20, 6, 0.85), 4000: (10, 3, 0.9)}
# side: steps, at least this many times Mesa's speed
AGAINST_MESA = {100: (10, 300), 500: (2, 1000)}


def board(side: int, seed: int) -> City:
    """Return Schelling's board of a size with Mesa's rule."""
    return City("schelling", seed=seed, **MESA_RULE, **{"city.grid.rows": side, "city.grid.columns": side})


def steps_of_city(city: City, steps: int) -> tuple[np.ndarray, list[int]]:
    """Return the seconds of each of so many steps, and its movers."""
    movers, seconds, flows, step = [], np.empty(steps), city.flows, city.step
    for k in range(steps):
        begin = time.thread_time()
        step()
        seconds[k] = time.thread_time() - begin
        movers.append(int(flows["moves"]))
    return seconds, movers


def steps_of_c(program: Path, squares: np.ndarray, seed: int, steps: int) -> tuple[np.ndarray, list[int]]:
    """Return the same of the C reference."""
    bases = [str(int(bits(np.uint64(seed), int(Stream.TURN), k, 0, 0))) for k in range(1, steps + 1)]
    call = [str(program), str(squares.shape[0]), str(steps), *bases]
    done = subprocess.run(call, input=squares.tobytes(), capture_output=True, check=True)
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    return np.array([float(seconds) for seconds, _ in rows]), [int(n) for _, n in rows]


def against_c(program: Path) -> bool:
    """Print the share of C's speed at each size; return whether all are reached."""
    reached = True
    for side, (steps, runs, wanted) in AGAINST_C.items():
        ours, theirs = np.full(steps, np.inf), np.full(steps, np.inf)
        for _ in range(runs):
            city = board(side, 1)
            squares = city.simulation.relocation.squares()
            seconds, movers = steps_of_city(city, steps)
            del city
            c_seconds, c_movers = steps_of_c(program, squares, 1, steps)
            if movers != c_movers:
                raise SystemExit(f"segsim and C differ at {side} x {side}: {movers} and {c_movers}")
            ours, theirs = np.minimum(ours, seconds), np.minimum(theirs, c_seconds)
        share = theirs.sum() / ours.sum()
        reached &= bool(share >= wanted)
        per_step = 1e6 * ours.sum() / steps
        print(f"  {side:5} x {side:<5} {per_step:12.1f} us a step   {share:5.2f} of C   (wanted {wanted})")
    return reached


def against_mesa() -> bool:
    """Print how many times faster than Mesa's example we are at each size; return whether all are reached."""
    try:
        from mesa.examples.basic.schelling.model import Schelling
    except ImportError as error:
        print(f"  skipped: Mesa's examples cannot be imported ({error}); pip install networkx")
        return True
    reached = True
    for side, (steps, wanted) in AGAINST_MESA.items():
        model = Schelling(height=side, width=side, density=0.8, minority_pc=0.5, homophily=0.4, seed=1)
        begin = time.thread_time()
        for _ in range(steps):
            model.step()
        theirs = (time.thread_time() - begin) / steps
        ours = min(steps_of_city(board(side, 1), steps)[0].sum() for _ in range(5)) / steps
        reached &= theirs / ours >= wanted
        print(f"  {side:5} x {side:<5} {1e3 * theirs:12.1f} ms a step   {theirs / ours:8.0f} times Mesa's   "
              f"(wanted {wanted})")  # fmt: skip
    return reached


def main() -> int:
    """Run both comparisons."""
    steps_of_city(board(20, 1), 2)  # compile
    print("One at a time: schelling.yaml with Mesa's rule through City.step()")
    print("beside Mesa's own example")
    reached = against_mesa()
    print("beside C")
    if shutil.which("gcc") is None:
        print("  skipped: there is no gcc")
    else:
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "schelling"
            source = str(HERE / "schelling.c")
            subprocess.run(["gcc", "-O3", "-march=native", source, "-o", str(program)], check=True)
            reached &= against_c(program)
    print("all reached" if reached else "not all reached (other work on the machine disturbs; run it idle)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Live the years 2020 to 2023 through again in any municipality, and hold them against what happened.

python -m experiments.hindcast 1282                        # or landskrona; several, one after the other
python -m experiments.hindcast --page docs/hindcast.md     # all 67 of over 40 000 residents, and the page
"""

import argparse
import sys
import time
from pathlib import Path

import pandas as pd

from experiments.hindcast.judgement import tabulate_districts, tabulate_municipalities
from experiments.hindcast.page import draw_figure, format_municipality, format_page
from experiments.hindcast.panel import FIRST, list_large, read_districts
from experiments.hindcast.replay import compare_districts, replay
from segsim.errors import SegsimError
from segsim.figures.style import save
from segsim.sweden.municipalities import find_municipality

FIRST_SEED = 101  # no taste that comes with segsim was found on these
SEEDS, LARGEST = 3, 300_000
"""Seeds of each municipality; those of more residents get one, since chance weighs little there."""


def main(arguments: list[str] | None = None) -> int:
    """Replay municipalities, print how each was met, write the page if asked; return 2 if one is unknown."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.hindcast",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("municipalities", nargs="*", help="names or codes; none means all over 40 000")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="runs of each, from seed 101 (default: 3)")
    parser.add_argument("--results", type=Path, default=Path("results/hindcast"), help="where runs are kept")
    parser.add_argument("--fresh", action="store_true", help="make runs anew that are kept")
    parser.add_argument("--page", type=Path, help="Markdown file to write, such as docs/hindcast.md")
    options = parser.parse_args(arguments)
    if options.seeds < 1:
        parser.error("--seeds must be at least 1")
    try:
        codes = [find_municipality(name).code for name in options.municipalities] or list_large()
    except SegsimError as error:
        print(f"hindcast: {error}", file=sys.stderr)
        return 2
    parts = []
    for code in codes:
        began = time.perf_counter()
        replayed = take_runs(code, choose_seeds(code, options.seeds), options.results, options.fresh)
        parts.append(compare_districts(replayed))
        own = tabulate_municipalities(parts[-1]), tabulate_districts(parts[-1])
        print(f"{format_municipality(*own)}  ({time.perf_counter() - began:.0f} s)", flush=True)
    if options.page:
        compared = pd.concat(parts, ignore_index=True)
        tables = tabulate_municipalities(compared), tabulate_districts(compared)
        figure = options.page.parent / "pictures" / "hindcast.png"
        figure.parent.mkdir(parents=True, exist_ok=True)
        save(draw_figure(*tables), figure)
        options.page.write_text(format_page(*tables), "utf-8")
        print(options.page, figure)
    return 0


def choose_seeds(code: str, n: int) -> range:
    """Return the seeds of a municipality."""
    residents = int(read_districts(code).xs(FIRST, level="year")["pop_total"].sum())
    return range(FIRST_SEED, FIRST_SEED + (1 if residents > LARGEST else n))


def take_runs(code: str, seeds: range, results: Path, fresh: bool) -> pd.DataFrame:
    """Return the runs of a municipality: those that are kept, and new ones, each kept as it is done."""
    parts = []
    for seed in seeds:
        kept = results / code / f"{seed}.csv"
        if fresh or not kept.exists():
            replay(code, range(seed, seed + 1), results / code).to_csv(kept, index=False)
        parts.append(pd.read_csv(kept, dtype={"kommun_code": str}))
    return pd.concat(parts, ignore_index=True)


if __name__ == "__main__":
    sys.exit(main())

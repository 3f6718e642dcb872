"""Live the school years 2012 to 2023 through again in any municipality, and hold them against what happened.

python -m experiments.hindcast.school_years PANEL landskrona
python -m experiments.hindcast.school_years PANEL --seeds 20 --page docs/hindcast_schools.md   # all 33

PANEL is the table of every school unit and autumn (`schools_panel_2009_2025_sweden.csv.gz`; PROVENANCE.md of
`segsim.sweden` tells where its figures come from), with `municipality_population_1998_2019.csv` beside it.
"""

import argparse
import sys
import time
from pathlib import Path

import pandas as pd

from experiments.hindcast.school_judgement import compare
from experiments.hindcast.school_page import draw_figure, format_page, tabulate
from experiments.hindcast.school_records import read_records
from experiments.hindcast.school_replay import POPULATION, replay
from experiments.hindcast.schools import BEFORE
from experiments.judge_sweden import LARGE
from segsim.errors import SegsimError
from segsim.figures.style import save
from segsim.sweden.municipalities import find_municipality

FIRST_SEED = 101  # no taste that comes with segsim was found on these
SEEDS = 3


def main(arguments: list[str] | None = None) -> int:
    """Replay municipalities, print how each was met, write the page if asked; return 2 on a wrong call."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.hindcast.school_years",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("panel", type=Path, help="table of every school unit and autumn")
    parser.add_argument("municipalities", nargs="*", help="names or codes; none means the 33 of the sources")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="runs of each, from seed 101 (default: 3)")
    parser.add_argument(
        "--results", type=Path, default=Path("results/hindcast_schools"), help="where runs are kept"
    )
    parser.add_argument("--kept", action="store_true", help="make no new runs: what is kept is told")
    parser.add_argument("--page", type=Path, help="Markdown file to write, such as docs/hindcast_schools.md")
    options = parser.parse_args(arguments)
    if options.seeds < 1:
        parser.error("--seeds must be at least 1")
    for path in (options.panel, options.panel.parent / POPULATION):
        if not path.is_file():
            parser.error(f"there is no file {path}; give the panel of schools, with {POPULATION} beside it")
    try:
        codes = [find_municipality(name).code for name in options.municipalities] or sorted(LARGE)
    except SegsimError as error:
        print(f"hindcast: {error}", file=sys.stderr)
        return 2
    parts = []
    for code in codes:
        began = time.perf_counter()
        runs = take_runs(options.panel, code, options.seeds, options.results, options.kept)
        if runs is None:
            continue
        records = read_records(options.panel, code)
        parts.append(
            compare(records, runs, read_records(options.panel, code, range(BEFORE, BEFORE + 1)), code)
        )
        print(f"{parts[-1]['name'].iloc[0]} ({time.perf_counter() - began:.0f} s)")
        print(tabulate(parts[-1].drop(columns=["code", "name", "calibrates"])), flush=True)
    if options.page and parts:
        compared = pd.concat(parts, ignore_index=True)
        figure = options.page.parent / "pictures" / "hindcast_schools.png"
        figure.parent.mkdir(parents=True, exist_ok=True)
        save(draw_figure(compared), figure)
        options.page.write_text(format_page(compared), "utf-8")
        print(options.page, figure)
    return 0


def take_runs(panel: Path, code: str, seeds: int, results: Path, only_kept: bool) -> pd.DataFrame | None:
    """Return the runs of a municipality: those that are kept, and new ones, each kept as it is done."""
    parts = []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        kept = results / code / f"{seed}.csv"
        if not kept.exists() and not only_kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            replay(panel, code, seed).to_csv(kept, index=False)
        if kept.exists():
            parts.append(pd.read_csv(kept, dtype={"code": str}))
    return pd.concat(parts, ignore_index=True) if parts else None


if __name__ == "__main__":
    sys.exit(main())

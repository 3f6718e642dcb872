"""The pictures of the README, made by the code: `python experiments/pictures.py` writes docs/pictures/."""

import argparse
import tempfile
from pathlib import Path

import segsim.figures as figures
from segsim.comparison import Comparison, compare
from segsim.report import city_map
from segsim.report import page_figures as pictures
from segsim.report.context import PageContext
from segsim.runs.series import Series
from segsim.words.words import Words

SCENARIOS = ("admission_ses_quota", "mixed_tenure")
SCHOOLS, HOMES = Series("D", "background", "school"), Series("D", "background", "area")
DOTS = 110


def main() -> None:
    """Run the comparison and write the pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=10, help="runs per scenario")
    options.add_argument("--years", type=int, default=15, help="simulated years")
    options.add_argument("--out", type=Path, default=Path("docs/pictures"), help="where the pictures go")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as results:
        comparison = compare(list(SCENARIOS), chosen.seeds, chosen.years, out=results)
        for name, figure in draw_pictures(comparison).items():
            path = chosen.out / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(figures.png(figure, DOTS))
            print(path)


def draw_pictures(comparison: Comparison) -> dict[str, figures.Figure]:
    """Return the pictures by name: maps, series and differences of one comparison."""
    baseline, scenarios = comparison.baseline, tuple(comparison.scenarios)
    geography = city_map(baseline, comparison.seeds[0])
    subject = PageContext(baseline, scenarios, comparison.runs, geography, Words("en"))
    alone = PageContext(baseline, scenarios[:1], comparison.runs, geography, Words("en"))
    [types] = pictures.type_map(alone)
    [origin] = pictures.area_map(subject, "foreign_background", scenarios[1].name)
    [schools, homes] = pictures.series(subject, [SCHOOLS, HOMES])
    [differences] = pictures.difference_picture(subject, comparison, [HOMES, SCHOOLS])
    by_name = {"types": types, "map": origin, "schools": schools, "homes": homes, "differences": differences}
    return {name: picture.figure for name, picture in by_name.items()}


if __name__ == "__main__":
    main()

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

QUOTA, PLANS = "admission_ses_quota", "mixed_tenure"
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
        quota, plans = (
            compare([name], chosen.seeds, chosen.years, out=Path(results) / name) for name in (QUOTA, PLANS)
        )
        for name, figure in draw_pictures(quota, plans).items():
            path = chosen.out / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(figures.png(figure, DOTS))
            print(path)


def draw_pictures(quota: Comparison, plans: Comparison) -> dict[str, figures.Figure]:
    """Return the pictures by name: maps, series and differences of two comparisons."""
    of_quota, of_plans = (tell_context(comparison) for comparison in (quota, plans))
    [types] = pictures.type_map(of_quota)
    [origin] = pictures.area_map(of_plans, "foreign_background", of_plans.scenarios[0].name)
    [schools, homes] = pictures.series(of_plans, [SCHOOLS, HOMES])
    [differences] = pictures.difference_picture(of_plans, plans, [HOMES, SCHOOLS])
    by_name = {"types": types, "map": origin, "schools": schools, "homes": homes, "differences": differences}
    return {name: picture.figure for name, picture in by_name.items()}


def tell_context(comparison: Comparison) -> PageContext:
    """Return what pictures need to know of a comparison."""
    baseline = comparison.baseline
    geography = city_map(baseline, comparison.seeds[0])
    return PageContext(baseline, tuple(comparison.scenarios), comparison.runs, geography, Words("en"))


if __name__ == "__main__":
    main()

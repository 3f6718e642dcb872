"""A page made again from what a results folder holds, in any language, without running the model."""

import json
from pathlib import Path
from typing import Any

from segsim.comparison import WINDOW, Comparison
from segsim.errors import ResultsError
from segsim.report.comparison_page import write_comparison
from segsim.report.diagnosis import write_diagnosis
from segsim.report.tables.sweep_tables import write_sweep
from segsim.runs import Runs, open_runs
from segsim.runs.series import KEYS, Series
from segsim.runs.sweeps.stopping import MissedPrecision
from segsim.runs.sweeps.stored_sweep import holds_sweep, read_sweep
from segsim.words.text import Language


def remake(folder: str | Path, language: Language = "en") -> list[Path]:
    """Write the pages of a results folder again.

    Parameters
    ----------
    folder : path
        Results folder of `segsim compare`, `segsim run` or `segsim sweep`.
    language : "en" or "sv"
        Language of the page; the tables and figures of a sweep are in English.

    Returns
    -------
    list of Path
        The pages; of a sweep its tables and figures.

    Raises
    ------
    ResultsError
        If the folder holds no results, or some are missing or damaged.
    """
    folder = Path(folder)
    if holds_sweep(folder):
        return write_sweep(read_sweep(folder)).files
    runs = open_runs(folder)
    comparison = read_comparison(runs)
    if comparison is None:
        return write_diagnosis(runs, runs.folder, language)
    return [write_comparison(comparison, runs.folder, language)]


def read_comparison(runs: Runs) -> Comparison | None:
    """Return the comparison a results folder holds, judged as it was then; None if nothing was compared."""
    about = read_provenance(runs.folder)
    if "baseline" not in about:
        return None
    bases = {point.name: point.base for point in runs.plan.points}
    series_rows = runs.frame(years=(about["horizon"],), units=False)[KEYS].drop_duplicates()
    by_name = {str(s := Series(*row)): s for row in series_rows.itertuples(index=False)}
    primary_names = set(about["primary"])
    return Comparison(
        baseline=bases[about["baseline"]],
        scenarios=tuple(base for name, base in bases.items() if name != about["baseline"]),
        source=runs,
        primary=tuple(series for name, series in by_name.items() if name in primary_names),
        horizon=about["horizon"],
        window=WINDOW,
        margins=about["margins"],
        missed=tuple(MissedPrecision(**miss) for miss in about.get("imprecise", ())),
        thresholds={by_name[name]: value for name, value in about.get("thresholds", {}).items()},
    )


def read_provenance(folder: Path) -> dict[str, Any]:
    """Return what `provenance.json` of a results folder says."""
    path = folder / "provenance.json"
    try:
        about: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(
            f"{path}: cannot be read ({error}); run the same command again",
            f"{path}: går inte att läsa ({error}); kör samma kommando igen",
        ) from error
    return about

"""A comparison read from its results folder, judged as it was when it was made."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segsim.comparison import WINDOW, Comparison
from segsim.errors import ResultsError, tell_reason
from segsim.runs import Runs
from segsim.runs.series import KEYS, Series
from segsim.runs.sweeps.stopping import MissedPrecision


def read_comparison(runs: Runs) -> Comparison | None:
    """Return the comparison a results folder holds, judged as it was then; None if nothing was compared."""
    about = read_provenance(runs.folder)
    return judge_again(runs, about) if "baseline" in about else None


def judge_again(runs: Runs, about: Mapping[str, Any]) -> Comparison:
    """Return the comparison that a record tells of, from its runs."""
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
        reason = tell_reason(error)
        raise ResultsError(
            f"{path}: cannot be read ({reason}); run the same command again",
            f"{path}: går inte att läsa ({reason:sv}); kör samma kommando igen",
        ) from error
    return about

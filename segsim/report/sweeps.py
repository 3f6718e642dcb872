"""What a sweep shows, as tables and figures beside its runs: points, influence of factors, policy mixes."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.comparison.mix import policy_mix
from segsim.comparison.outcomes import Outcomes, last_year, outcomes, values_by_name
from segsim.comparison.paired import paired_table
from segsim.comparison.sensitivity import complete_means, sensitivity
from segsim.comparison.tipping import share_above, tipping
from segsim.comparison.variance import variance_split
from segsim.errors import SegsimError
from segsim.figures import Figure, front, influence, save
from segsim.runs.designs import pairs
from segsim.runs.sequential import whole_city_series
from segsim.runs.series import Series, declared, meant, usual
from segsim.runs.store import reported
from segsim.runs.sweeps import Sweep


class Written(NamedTuple):
    """What was written of a sweep, and what could not be made, each with its reason."""

    files: list[Path]
    left_out: list[str]


Made = tuple[dict[str, pd.DataFrame], dict[str, Figure]]
"""Tables and figures by name."""


def write_sweep(sweep: Sweep) -> Written:
    """Write tables and figures of a sweep's primary quantities to its folder.

    `points.csv` holds the value of every point with its 95 % interval over seeds. Sobol, Morris and Latin
    hypercube designs add `sensitivity.csv` and a figure per quantity, and `variance.csv`, which splits doubt
    about parameters from doubt about seeds. A factorial adds `effects.csv`, `interactions.csv`, `mixes.csv`
    and a figure of cost against effect. Thresholds under `tipping` add `tipping.csv`.

    Returns
    -------
    Written
        The files, tables before figures, and what could not be made and why.
    """
    known = whole_city_series(sweep.runs)
    family = declared(sweep.experiment.primary, known) or usual(known)
    tables: dict[str, list[pd.DataFrame]] = {}
    figures: list[Path] = []
    left_out: list[str] = []
    for series in family:
        found = outcomes(sweep, series)
        tables.setdefault("points", []).append(named(series, points_table(sweep, found)))
        for make in PARTS[sweep.experiment.design.kind]:
            try:
                made, drawn = make(sweep, found)
            except SegsimError as error:
                left_out.append(f"{series}: {error}")
                continue
            for name, table in made.items():
                tables.setdefault(name, []).append(named(series, table))
            figures += [
                save(figure, sweep.folder / "figures" / f"{stem}.svg") for stem, figure in drawn.items()
            ]
    for name, threshold in sweep.experiment.tipping.items():
        for series in meant(name, known, family):
            tables.setdefault("tipping", []).append(named(series, tipping_table(sweep, series, threshold)))
    with reported(sweep.folder):
        written = [write(sweep.folder / f"{name}.csv", pd.concat(parts)) for name, parts in tables.items()]
    return Written([*written, *figures], left_out)


def write(path: Path, table: pd.DataFrame) -> Path:
    """Write a table and return its path."""
    table.to_csv(path, index=False)
    return path


def named(series: Series, table: pd.DataFrame) -> pd.DataFrame:
    """Put the quantity before the columns of a table."""
    table = table.copy()
    table.insert(0, "quantity", str(series))
    return table


def points_table(sweep: Sweep, found: Outcomes) -> pd.DataFrame:
    """Return the value of a quantity at every point: mean over seeds, interval, spread."""
    over_seeds = paired_table(np.zeros_like(found.values), found.values)
    over_seeds = over_seeds[["difference", "lower", "upper", "sd", "n", "undefined"]]
    name = "difference" if found.is_difference else "mean"
    return pd.concat([sweep.design(), over_seeds.rename(columns={"difference": name})], axis=1)


def tipping_table(sweep: Sweep, series: Series, threshold: float) -> pd.DataFrame:
    """Return the share of runs of every point above a threshold, beside its baseline if there is one."""
    values = values_by_name(sweep, series, last_year(sweep))
    experiment, labels = sweep.experiment, sweep.sample.labels
    if experiment.baseline or experiment.design.kind in {"factorial", "one_at_a_time"}:
        partner = {scenario: baseline for baseline, scenario in pairs(experiment, sweep.sample)}
        lines = [tipping(values[partner.get(s, s)], values[s], threshold).line() for s in labels]
    else:
        lines = [share_above(values[s], threshold) for s in labels]
    return pd.concat([sweep.design(), pd.DataFrame(lines)], axis=1)


def mixes(sweep: Sweep, found: Outcomes) -> Made:
    """Return what policies do in company, and draw cost against effect."""
    mix = policy_mix(sweep, found.series)
    unit = f"difference in {found.series.measure} ({mix.want} is better)"
    drawn = front(mix.mixes, title=f"Policy mixes: {found.series}, {found.year}", unit=unit)
    tables = {"effects": mix.effects, "interactions": mix.interactions, "mixes": mix.mixes}
    return tables, {f"mixes_{stem(found.series)}": drawn}


def influences(sweep: Sweep, found: Outcomes) -> Made:
    """Return and draw which factors a quantity hangs on."""
    if np.ptp(complete_means(found)) == 0:
        raise SegsimError("is the same at every point; no factor moves it")
    table = sensitivity(sweep, found.series)
    what = f"{found.series}, {found.year}" + (", difference from the baseline" if found.is_difference else "")
    return {"sensitivity": table}, {
        f"sensitivity_{stem(found.series)}": influence(table, title=f"What moves {what}")
    }


def doubts(sweep: Sweep, found: Outcomes) -> Made:
    """Return doubt about parameters beside doubt about seeds."""
    return {"variance": pd.DataFrame([asdict(variance_split(found.values))])}, {}


PARTS: dict[str, tuple[Callable[[Sweep, Outcomes], Made], ...]] = {
    "grid": (),
    "list": (),
    "one_at_a_time": (),
    "factorial": (mixes,),
    "sobol": (influences,),
    "morris": (influences,),
    "latin_hypercube": (influences, doubts),
}
"""What each design has to show beside its points."""


def stem(series: Series) -> str:
    """Return a quantity as a part of a file name."""
    return str(series).replace("/", "_").replace("*", "_")

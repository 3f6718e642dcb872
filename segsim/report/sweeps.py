"""What a sweep shows, as tables and figures beside its runs: points, influence of factors, policy mixes."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from segsim.comparison.mix import Mix, policy_mix
from segsim.comparison.outcomes import Outcomes, last_year, outcomes, values_by_name
from segsim.comparison.paired import paired_table
from segsim.comparison.sensitivity import complete_means, sensitivity
from segsim.comparison.tipping import share_above, tipping
from segsim.comparison.variance import variance_split
from segsim.figures import front, influence, save
from segsim.runs.designs import pairs
from segsim.runs.sequential import whole_city_series
from segsim.runs.series import Series, declared, meant, usual
from segsim.runs.store import reported
from segsim.runs.sweeps import Sweep


def write_sweep(sweep: Sweep) -> list[Path]:
    """Write tables and figures of a sweep's primary quantities to its folder.

    `points.csv` holds the value of every point with its 95 % interval over seeds. Sobol, Morris and Latin
    hypercube designs add `sensitivity.csv` and a figure per quantity, and `variance.csv`, which splits doubt
    about parameters from doubt about seeds. A factorial adds `effects.csv`, `interactions.csv`, `mixes.csv`
    and a figure of cost against effect. Thresholds under `tipping` add `tipping.csv`.

    Returns
    -------
    list of Path
        The files written, tables before figures.
    """
    known = whole_city_series(sweep.runs)
    family = declared(sweep.experiment.primary, known) or usual(known)
    tables: dict[str, list[pd.DataFrame]] = {}
    figures: list[Path] = []
    for series in family:
        found = outcomes(sweep, series)
        mix = policy_mix(sweep, series) if sweep.experiment.design.kind == "factorial" else None
        for name, table in tables_of(sweep, found, mix):
            tables.setdefault(name, []).append(named(series, table))
        figures += figures_of(sweep, found, mix)
    for name, threshold in sweep.experiment.tipping.items():
        for series in meant(name, known, family):
            tables.setdefault("tipping", []).append(named(series, tipping_table(sweep, series, threshold)))
    with reported(sweep.folder):
        written = [write(sweep.folder / f"{name}.csv", pd.concat(parts)) for name, parts in tables.items()]
    return [*written, *figures]


def write(path: Path, table: pd.DataFrame) -> Path:
    """Write a table and return its path."""
    table.to_csv(path, index=False)
    return path


def named(series: Series, table: pd.DataFrame) -> pd.DataFrame:
    """Put the quantity before the columns of a table."""
    table = table.copy()
    table.insert(0, "quantity", str(series))
    return table


def tables_of(sweep: Sweep, found: Outcomes, mix: Mix | None) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables of one quantity and their names."""
    yield "points", points_table(sweep, found)
    kind = sweep.experiment.design.kind
    if mix is not None:
        yield "effects", mix.effects
        yield "interactions", mix.interactions
        yield "mixes", mix.mixes
    if kind in {"sobol", "morris", "latin_hypercube"} and np.ptp(complete_means(found)) > 0:
        yield "sensitivity", sensitivity(sweep, found.series)
    if kind == "latin_hypercube" and found.values.shape[1] > 1:
        yield "variance", pd.DataFrame([asdict(variance_split(found.values))])


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


def figures_of(sweep: Sweep, found: Outcomes, mix: Mix | None) -> Iterator[Path]:
    """Draw one quantity and yield the files."""
    kind = sweep.experiment.design.kind
    what = f"{found.series}, {found.year}" + (", difference from the baseline" if found.is_difference else "")
    stem = str(found.series).replace("/", "_").replace("*", "_")
    if mix is not None:
        unit = f"difference in {found.series.measure} ({mix.want} is better)"
        drawn = front(mix.mixes, title=f"Policy mixes: {what}", unit=unit)
        yield save(drawn, sweep.folder / "figures" / f"mixes_{stem}.svg")
    elif kind in {"sobol", "morris", "latin_hypercube"} and np.ptp(complete_means(found)) > 0:
        drawn = influence(sensitivity(sweep, found.series), title=f"What moves {what}")
        yield save(drawn, sweep.folder / "figures" / f"sensitivity_{stem}.svg")

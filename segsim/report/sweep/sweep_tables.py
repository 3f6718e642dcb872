"""What a sweep shows, as tables and figures beside its runs: points, influence of factors, policy mixes."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim.comparison.factorial import divide_cells, policy_mix
from segsim.comparison.inference import minimum_detectable_effect, tost_p
from segsim.comparison.multiple import benjamini_hochberg, sign_flip_max_t
from segsim.comparison.outcomes import Outcomes, last_year, outcomes, values_by_name
from segsim.comparison.paired_differences import tabulate_differences
from segsim.comparison.result import MARGINS
from segsim.comparison.sensitivity import complete_means, sensitivity
from segsim.comparison.tipping import share_above, tipping
from segsim.comparison.variance import variance_split
from segsim.errors import SegsimError
from segsim.figures import Figure, front, influence, save
from segsim.report.data_notes import city_notes
from segsim.report.invention import find_invention
from segsim.runs.series import Series, default_series, resolve_family, resolve_series
from segsim.runs.store.store import explain_write_errors, write_whole
from segsim.runs.sweeps.designs import comparison_pairs
from segsim.runs.sweeps.sweep import Sweep
from segsim.scenario.files.csv_text import write_csv
from segsim.tables import Array
from segsim.words.words import Words


class Written(NamedTuple):
    """What was written of a sweep, what could not be made, each with its reason, and the tables."""

    files: list[Path]
    left_out: list[str]
    tables: dict[str, pd.DataFrame]
    figures: list[Path]


TablesAndFigures = tuple[dict[str, pd.DataFrame], dict[str, Figure]]
"""Tables and figures by name."""


def write_sweep(sweep: Sweep) -> Written:
    """Write tables and figures of a sweep's primary quantities to its folder.

    `points.csv` holds the value of every point with its 95 % interval over seeds. Sobol, Morris and Latin
    hypercube designs add `sensitivity.csv` and a figure per quantity, and `variance.csv`, which splits doubt
    about parameters from doubt about seeds. A factorial adds `effects.csv`, `interactions.csv`, `mixes.csv`
    and a figure of cost against effect. Thresholds under `tipping` add `tipping.csv`. `notes.txt` says what
    was mended or invented in the city's data; rows and figures that follow from invented geography say so.

    Returns
    -------
    Written
        The files, tables before figures, and what could not be made and why.
    """
    available = sweep.runs.list_series()
    family = resolve_family(sweep.experiment.primary, available) or default_series(available)
    tables: dict[str, list[pd.DataFrame]] = {}
    figures: list[Path] = []
    left_out: list[str] = []
    for series in family:
        outcome = outcomes(sweep, series)
        points = points_table(sweep, outcome)
        tables.setdefault("points", []).append(name_quantity(sweep, series, points))
        for make in PARTS[sweep.experiment.design.kind]:
            try:
                new_tables, new_figures = make(sweep, outcome)
            except SegsimError as error:
                left_out.append(f"{series}: {error}")
                continue
            for name, table in new_tables.items():
                tables.setdefault(name, []).append(name_quantity(sweep, series, table))
            figures += [
                save(figure, sweep.folder / "figures" / f"{stem}.svg") for stem, figure in new_figures.items()
            ]
    for name, threshold in sweep.experiment.tipping.items():
        for series in resolve_series(name, available, family):
            tipped = tipping_table(sweep, series, threshold)
            tables.setdefault("tipping", []).append(name_quantity(sweep, series, tipped))
    with explain_write_errors(sweep.folder):
        for name in TABLES:
            (sweep.folder / f"{name}.csv").unlink(missing_ok=True)
    whole = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    written = [write(sweep.folder / f"{name}.csv", table) for name, table in whole.items()]
    return Written([*written, *figures, *write_notes(sweep)], left_out, whole, figures)


TABLES = ("points", "sensitivity", "variance", "effects", "interactions", "mixes", "moderation", "tipping")
"""Tables a sweep may have; those of an earlier look at its folder are removed."""


def write(path: Path, table: pd.DataFrame) -> Path:
    """Write a table and return its path."""
    write_whole(path, write_csv(table))
    return path


def name_quantity(sweep: Sweep, series: Series, table: pd.DataFrame) -> pd.DataFrame:
    """Put the quantity before the columns of a table, and what is invented that it follows from."""
    table = table.copy()
    table.insert(0, "quantity", str(series))
    if behind := tell_invention(sweep, series):
        table.insert(1, "invented", behind)
    return table


def tell_invention(sweep: Sweep, series: Series) -> str:
    """Return what is invented that a quantity follows from, such as "on an invented map"; or nothing."""
    base = sweep.experiment.base
    behind = find_invention(base, city_notes(base, sweep.folder)).behind(series)
    return Words("en")(f"invention.{behind}") if behind else ""


def write_notes(sweep: Sweep) -> list[Path]:
    """Write what was mended or invented in the data of the city; return the file, if there is anything."""
    path = sweep.folder / "notes.txt"
    notes = city_notes(sweep.experiment.base, sweep.folder)
    if not notes:
        with explain_write_errors(path):
            path.unlink(missing_ok=True)
        return []
    write_whole(path, "".join(f"{note}\n" for note in notes).encode())
    return [path]


def title_quantity(sweep: Sweep, outcome: Outcomes) -> str:
    """Return the quantity and its year as the title of a figure has them."""
    behind = tell_invention(sweep, outcome.series)
    return f"{outcome.series}, {outcome.year}" + (f" ({behind})" if behind else "")


def points_table(sweep: Sweep, outcome: Outcomes) -> pd.DataFrame:
    """Return a quantity at every point: its mean over seeds, or its paired difference, with interval.

    Differences come with what `Comparison.judged` says of one: p adjusted over all points (joint sign flips),
    equivalence to nothing within the usual margin, the smallest effect these seeds find, correlation and gain
    of the pairs.
    """
    paired = partners(sweep)
    if paired is None:
        over_seeds = tabulate_differences(np.zeros_like(outcome.values), outcome.values)
        over_seeds = over_seeds[["difference", "lower", "upper", "sd", "n", "undefined"]]
        return pd.concat([sweep.design(), over_seeds.rename(columns={"difference": "mean"})], axis=1)
    by_name = values_by_name(sweep, outcome.series, outcome.year)
    labels = sweep.sample.labels
    values, base = (np.array([by_name[name] for name in names]) for names in (labels, paired))
    table = tabulate_differences(base, values).rename(columns={"scenario_mean": "mean"})
    differences = values - base
    margin = MARGINS.get(outcome.series.measure, np.nan)
    return pd.concat([sweep.design(), table], axis=1).assign(
        p_adjusted=adjust_p_values(table["p"].to_numpy(float), differences),
        margin=margin,
        p_equivalence=[tost_p(d, margin) if margin > 0 else np.nan for d in differences],
        detectable=[minimum_detectable_effect(sd, n) for sd, n in zip(table["sd"], table["n"], strict=True)],
    )


def adjust_p_values(p: Array, differences: Array) -> Array:
    """Return p of every point, adjusted for how many there are."""
    return sign_flip_max_t(differences.T) if len(p) <= MOST_JOINT else benjamini_hochberg(p)


MOST_JOINT = 2_000
"""Most points judged by joint sign flips; p of more is adjusted by Benjamini and Hochberg."""


def partners(sweep: Sweep) -> list[str] | None:
    """Return what each point is compared with: its baseline, or else the first point; None if nothing."""
    experiment, labels = sweep.experiment, sweep.sample.labels
    if not experiment.baseline and experiment.design.kind not in {"factorial", "one_at_a_time"}:
        return None
    baselines = {scenario: baseline for baseline, scenario in comparison_pairs(experiment, sweep.sample)}
    return [baselines.get(label, label) for label in labels]


def tipping_table(sweep: Sweep, series: Series, threshold: float) -> pd.DataFrame:
    """Return the share of runs of every point above a threshold, beside what it is compared with."""
    values = values_by_name(sweep, series, last_year(sweep))
    labels, paired = sweep.sample.labels, partners(sweep)
    if paired is None:
        lines = [share_above(values[name], threshold) for name in labels]
    else:
        both = zip(paired, labels, strict=True)
        lines = [tipping(values[base], values[name], threshold).line() for base, name in both]
    return pd.concat([sweep.design(), pd.DataFrame(lines)], axis=1)


def mixes(sweep: Sweep, outcome: Outcomes) -> TablesAndFigures:
    """Return what policies do in company, and draw cost against effect."""
    mix = policy_mix(sweep, outcome.series)
    unit = f"difference in {outcome.series.measure} ({mix.want} is better)"
    title = f"Policy mixes: {title_quantity(sweep, outcome)}"
    factors = list(sweep.experiment.factors)
    tables = {"effects": mix.effects, "interactions": mix.interactions, "mixes": mix.mixes}
    if not factors:
        return tables, {f"mixes_{stem(outcome.series)}": front(mix.mixes, title=title, unit=unit)}
    drawn = {}
    for number, (level, rows) in enumerate(divide_cells(mix.mixes[factors]), start=1):
        where = ", ".join(f"{name.split('.')[-1]} {value}" for name, value in level.items())
        figure = front(mix.mixes.loc[rows], title=f"{title}, {where}", unit=unit)
        drawn[f"mixes_{stem(outcome.series)}_{number}"] = figure
    return tables | {"moderation": mix.moderation}, drawn


def influences(sweep: Sweep, outcome: Outcomes) -> TablesAndFigures:
    """Return and draw which factors a quantity hangs on."""
    if np.ptp(complete_means(outcome)) == 0:
        raise SegsimError(
            "is the same at every point; no factor moves it",
            "är densamma i alla punkter; ingen faktor påverkar den",
        )
    table = sensitivity(sweep, outcome.series)
    what = title_quantity(sweep, outcome) + (
        ", difference from the baseline" if outcome.is_difference else ""
    )
    return {"sensitivity": table}, {
        f"sensitivity_{stem(outcome.series)}": influence(table, title=f"What moves {what}")
    }


def doubts(sweep: Sweep, outcome: Outcomes) -> TablesAndFigures:
    """Return doubt about parameters beside doubt about seeds."""
    return {"variance": pd.DataFrame([asdict(variance_split(outcome.values))])}, {}


PARTS: dict[str, tuple[Callable[[Sweep, Outcomes], TablesAndFigures], ...]] = {
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

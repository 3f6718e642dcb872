"""A sweep read from its results folder, so that its tables can be made again without running anything."""

from pathlib import Path

from segsim.errors import ResultsError
from segsim.runs.store.folder import open_runs
from segsim.runs.store.record import RECORD
from segsim.runs.store.store import write_whole
from segsim.runs.sweeps.designs import sample_design, tabulate_design
from segsim.runs.sweeps.sweep import DESIGN, EXPERIMENT, Sweep, write_record
from segsim.scenario.experiment.experiment import Experiment
from segsim.scenario.files.csv_text import write_csv


def holds_sweep(folder: Path) -> bool:
    """Tell whether a results folder is that of an experiment."""
    return (folder / EXPERIMENT).exists()


def renew_sweep(folder: Path) -> Sweep:
    """Return the sweep a results folder holds, its table of the design and its record written if lost."""
    sweep = read_sweep(folder)
    if not (folder / RECORD).exists():
        write_record(sweep)
    write_whole(folder / DESIGN, write_csv(tabulate_design(sweep.experiment, sweep.sample)))
    return sweep


def read_sweep(folder: Path) -> Sweep:
    """Return the sweep a results folder holds.

    Raises
    ------
    ResultsError
        If its experiment cannot be read, or runs of it are missing, damaged or of other points.
    """
    path = folder / EXPERIMENT
    try:
        experiment = Experiment.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(
            f"{path}: cannot be read, or was written by another version of segsim; run the same sweep again "
            "with --resume",
            f"{path}: går inte att läsa, eller skrevs av en annan version av segsim; kör samma sweep igen "
            "med --resume",
        ) from error
    runs = open_runs(folder)
    experiment._base = runs.plan.points[0].base  # type: ignore[assignment]
    sample = sample_design(experiment)
    if not set(sample.labels) <= {point.name for point in runs.plan.points}:
        raise ResultsError(
            f"{folder}: holds other points than its experiment has, as a calibration does; run the same "
            "command again",
            f"{folder}: har andra punkter än dess experiment, som en kalibrering har; kör samma kommando "
            "igen",
        )
    return Sweep(experiment, sample, runs)

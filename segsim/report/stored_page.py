"""A page made again from what a results folder holds, in any language, without running the model."""

from pathlib import Path

from segsim.comparison import write_tables
from segsim.comparison.remaking.stored import read_comparison
from segsim.report.comparison_page import write_comparison
from segsim.report.diagnosis import write_diagnosis
from segsim.report.sweep.sweep_page import write_sweep_page
from segsim.report.sweep.sweep_tables import write_sweep
from segsim.runs import open_runs
from segsim.runs.store.record import RECORD, write_provenance
from segsim.runs.sweeps.stored_sweep import holds_sweep, read_sweep, renew_sweep
from segsim.words.text import Language


def rewrite_tables(folder: str | Path) -> list[Path]:
    """Write the tables that lie beside the runs of a folder again, after these were mended.

    Returns
    -------
    list of Path
        The tables, and the figures of a sweep; none for runs that were not compared.

    Raises
    ------
    ResultsError
        If what was compared is not told; the message says what does tell it.
    """
    folder = Path(folder)
    if holds_sweep(folder):
        return write_sweep(renew_sweep(folder)).files
    runs = open_runs(folder)
    if not (folder / RECORD).exists() and not any(folder.glob("*.csv")):  # runs that nobody compared
        write_provenance(runs)
    comparison = read_comparison(runs)
    return [] if comparison is None else write_tables(comparison)


def remake(folder: str | Path, language: Language = "en", *, every_format: bool = False) -> list[Path]:
    """Write the pages of a results folder again.

    Parameters
    ----------
    folder : path
        Results folder of `segsim compare`, `segsim run` or `segsim sweep`.
    language : "en" or "sv"
        Language of the page; the tables and figures beside that of a sweep are in English.
    every_format : bool
        Write each figure of a page as SVG and as PNG.

    Returns
    -------
    list of Path
        The pages; of a sweep its tables and figures too.

    Raises
    ------
    ResultsError
        If the folder holds no results, or some are missing or damaged.
    """
    folder = Path(folder)
    if holds_sweep(folder):
        sweep = read_sweep(folder)
        written = write_sweep(sweep)
        return [write_sweep_page(sweep, written, language), *written.files]
    runs = open_runs(folder)
    comparison = read_comparison(runs)
    if comparison is None:
        return write_diagnosis(runs, runs.folder, language, every_format=every_format)
    return [write_comparison(comparison, runs.folder, language, every_format=every_format)]

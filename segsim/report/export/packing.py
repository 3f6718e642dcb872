"""A report in one file to hand on: pages, figures, tables, and how they were made."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

from segsim.runs.store.store import explain_write_errors

PACKED = {".html", ".pdf", ".xlsx", ".csv"}
LARGE = {"differences.csv", "averages.csv"}
"""Tables of every area and year: they stay in the folder, the workbook has what a page shows of them."""

_FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file knows: the same report gives the same file


def pack_report(pages: Iterable[Path], folder: Path) -> Path:
    """Put pages with their figures and tables into one file in a results folder; return its path."""
    folder = folder.resolve()
    target = folder / f"{folder.name}.zip"
    files = sorted({file for page in pages for file in list_packed(page.resolve().parent)})
    with explain_write_errors(target), zipfile.ZipFile(target, "w") as archive:
        for file in files:
            name = f"{target.stem}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, _FIRST_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, file.read_bytes())
    return target


def list_packed(folder: Path) -> list[Path]:
    """Return the files of a folder that are handed on: pages, tables, figures, and how they were made."""
    beside = [file for file in folder.iterdir() if file.suffix in PACKED and file.name not in LARGE]
    record = folder / "provenance.json"
    return [*beside, *(folder / "figures").glob("*"), *([record] if record.exists() else [])]

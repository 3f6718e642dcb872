"""Results made again from their record, held byte for byte against what they were."""

import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from segsim.comparison import write_tables
from segsim.comparison.remaking.stored import judge_again
from segsim.errors import ResultsError
from segsim.runs import Runs, make_runs, write_one_file, write_provenance
from segsim.runs.execution.execution import Execution, Watcher
from segsim.runs.provenance import code_hash, versions
from segsim.runs.store.folder import ONE_FILE
from segsim.runs.store.record import (
    RECORD,
    choose_point,
    digest_files,
    digest_points,
    read_record,
    restore_plan,
)
from segsim.words.text import Text


class Remade(NamedTuple):
    """What came of making results again.

    Attributes
    ----------
    runs : Runs
    same, other : tuple of str
        Points, and tables beside them, whose bytes are those of the record, and those whose are not.
    changes : tuple of Text
        What is of another version here than where they were made.
    rows : Text
        How the rows compare, where bytes differ and the first rows are at hand; empty otherwise.
    """

    runs: Runs
    same: tuple[str, ...]
    other: tuple[str, ...]
    changes: tuple[Text, ...]
    rows: Text


def reproduce(
    source: str | Path,
    out: str | Path | None = None,
    *,
    point: str = "",
    jobs: int | None = None,
    progress: Watcher | None = None,
) -> Remade:
    """Make results again from their record and compare them with what they were.

    Parameters
    ----------
    source : path
        A `provenance.json`, a results folder, or an archive of `segsim archive`.
    out : path, optional
        Where to keep the new results; without one they last as long as the object that holds them.
    point : str, optional
        One point, such as p017 of a sweep, instead of all.
    jobs, progress
        As in `segsim.runs.run`.

    Raises
    ------
    ResultsError
        If the record cannot be read, or, made by the same versions, the bytes are not the same.
    """
    with tempfile.TemporaryDirectory(prefix="segsim-") as unpacked:
        path = _find_record(Path(source), Path(unpacked))
        about = read_record(path)
        about = choose_point(about, point) if point else about
        plan = restore_plan(_place_data(about, path.parent), path)
        if out is not None and Path(out).resolve() == path.parent.resolve():
            raise ResultsError(
                f"{out}: holds the results that are to be made again; choose another --out",
                f"{out}: rymmer resultaten som ska göras om; välj en annan --out",
            )
        runs = make_runs(plan, Execution(jobs=jobs, out=out, progress=progress))
        _write_beside(runs, about, bool(out))
        now, files = digest_points(runs), digest_files(runs.folder)
        then = {**about["runs"], **{name: sum_ for name, sum_ in about["files"].items() if name in files}}
        remade = {**now, **files}
        same = tuple(name for name, hash_ in then.items() if remade.get(name) == hash_)
        other = tuple(name for name in then if name not in same)
        changes = tuple(list_changes(about))
        rows = _compare_rows(path.parent / ONE_FILE, runs, point) if other else Text("", "")
    if other and not changes:
        raise ResultsError(
            f"{source}: {len(other)} of {len(then)} are not the same bytes, such as {other[0]}, though "
            f"the versions are{rows and f'; {rows}'}",
            f"{source}: {len(other)} av {len(then)} är inte samma byte, såsom {other[0]}, fast versionerna "
            f"är det{rows and f'; {rows:sv}'}",
        )
    return Remade(runs, same, other, changes, rows)


def list_changes(about: Mapping[str, Any]) -> list[Text]:
    """Return what is of another version here than in a record."""
    here = {**versions(), "model": code_hash()}
    there = {**about["versions"], "model": about["code"]}
    return [
        Text(
            f"{name} {there.get(name, 'unknown')}, here {here.get(name, 'unknown')}",
            f"{name} {there.get(name, 'okänd')}, här {here.get(name, 'okänd')}",
        )
        for name in dict.fromkeys([*there, *here])
        if there.get(name) != here.get(name)
    ]


def _find_record(source: Path, unpacked: Path) -> Path:
    """Return the record that a path means: itself, that of a folder, or that of an archive, unpacked."""
    if source.is_dir():
        return source / RECORD
    if not zipfile.is_zipfile(source) if source.is_file() else True:
        return source
    with zipfile.ZipFile(source) as archive:
        archive.extractall(unpacked)
    return unpacked / RECORD


def _place_data(about: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return a record whose data files are those that an archive brings along."""
    text = json.dumps(about["bases"])
    for old, new in about.get("data", {}).items():
        text = text.replace(json.dumps(old), json.dumps(str((folder / new).resolve())))
    return {**about, "bases": json.loads(text)}


def _write_beside(runs: Runs, about: Mapping[str, Any], is_kept: bool) -> None:
    """Write the tables that the first results had beside their runs."""
    if "baseline" in about:
        write_tables(judge_again(runs, about))
        return
    if ONE_FILE in about["files"]:
        write_one_file(runs)
    if is_kept:
        write_provenance(runs)


def _compare_rows(stored: Path, runs: Runs, point: str) -> Text:
    """Tell how far rows are from those first made, if these lie beside the record."""
    if not stored.exists():
        return Text("", "")
    keys = ["scenario", "seed", "year", "measure", "grouping", "level", "unit"]
    then = pd.read_parquet(stored)
    then = then[then["scenario"] == point] if point else then
    now = runs.frame()
    both = then.merge(now, on=keys, how="outer", suffixes=("", "_now"), indicator=True)
    lost = int((both["_merge"] != "both").sum())
    differ = both[(both["value"] != both["value_now"]) & ~(both["value"].isna() & both["value_now"].isna())]
    if differ.empty and not lost:
        return Text(f"all {len(now)} rows are the same", f"alla {len(now)} rader är lika")
    most = (differ["value"] - differ["value_now"]).abs().max()
    return Text(
        f"{len(differ)} of {len(both)} rows differ, by {most:.3g} at most",
        f"{len(differ)} av {len(both)} rader skiljer sig, med högst {most:.3g}",
    )

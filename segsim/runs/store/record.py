"""The record of a results folder, `provenance.json`: all it takes to make the results again elsewhere."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segsim.errors import ResultsError, tell_reason
from segsim.runs.plan import Plan, restore_base
from segsim.runs.provenance import SCHEMA, describe_today
from segsim.runs.store.compaction import split_part
from segsim.runs.store.folder import ONE_FILE, Runs, file_sha256
from segsim.runs.store.store import digest, write_whole

RECORD = "provenance.json"
_OF_RUNS = ("scenarios", "seeds", "years", "plan", "bases", "runs", "files")


def write_provenance(runs: Runs, **facts: Any) -> Path:
    """Write `provenance.json`: when, where, how and from what the results of a folder were made.

    It holds the scenarios with the sources of own parts, the seeds and the digests of the runs, so that
    `segsim reproduce` needs nothing else but the data files that the scenarios name.
    """
    path = runs.folder / RECORD
    about = describe_today(
        scenarios=dict(
            zip((point.name for point in runs.plan.points), runs.plan.content_hashes, strict=True)
        ),
        seeds=list(runs.plan.seeds),
        years=runs.plan.years,
        **facts,
        plan=runs.plan.describe(),
        bases={name: json.loads(base.model_dump_json()) for name, base in runs.plan.bases.items()},
        runs=digest_points(runs),
        files=digest_files(runs.folder),
    )
    write_whole(path, json.dumps(about, indent=2, default=str, ensure_ascii=False).encode())
    return path


def renew_provenance(runs: Runs) -> None:
    """Write `provenance.json` again if the runs are not those it tells of; what else it says is kept.

    One that is lost or damaged is left to the command that made the results, which alone knows all of it.
    """
    path = runs.folder / RECORD
    try:
        about = read_record(path)
    except ResultsError:
        return
    if about["runs"] != digest_points(runs) or about["code"] != runs.plan.code:
        written = {*describe_today(), *_OF_RUNS}
        write_provenance(runs, **{key: value for key, value in about.items() if key not in written})


def digest_points(runs: Runs) -> dict[str, str]:
    """Return, per point, a hash of the files of its runs, whether they lie singly or gathered in parts."""
    digests: dict[str, str] = {}
    for entry in runs.store.entries():
        if entry.is_part:
            digests |= {key: digest(data) for key, data in split_part(entry)}
        else:
            digests[entry.key] = entry.digest
    lines: dict[str, list[str]] = {point.name: [] for point in runs.plan.points}
    for job in runs.plan.jobs():
        lines[job.name].append(f"{job.seed} {digests.get(job.key, '')}")
    return {name: hashlib.sha256("\n".join(of).encode()).hexdigest()[:32] for name, of in lines.items()}


def digest_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of the tables that lie beside the runs."""
    paths = [folder / ONE_FILE, *sorted(folder.glob("*.csv"))]
    return {path.name: file_sha256(path) for path in paths if path.exists()}


def read_record(path: Path) -> dict[str, Any]:
    """Return what a `provenance.json` says.

    Raises
    ------
    ResultsError
        If it is none, or one of another layout.
    """
    try:
        about: dict[str, Any] = json.loads(path.read_text("utf-8"))
        is_record = isinstance(about, dict) and "plan" in about
    except (OSError, ValueError) as error:
        reason = tell_reason(error)
        raise ResultsError(
            f"{path}: cannot be read ({reason}); name a provenance.json, a results folder or an archive",
            f"{path}: går inte att läsa ({reason:sv}); ange provenance.json, resultatmapp eller arkiv",
        ) from error
    if not is_record or about.get("schema") != SCHEMA:
        raise ResultsError(
            f"{path}: is no record that this segsim makes results from; it was written by another version, "
            "whose number it may tell under versions",
            f"{path}: är inget som denna segsim kan göra om resultat efter; den skrevs av en annan version, "
            "vars nummer kan stå under versions",
        )
    return about


def choose_point(about: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a record of one of its points alone.

    Raises
    ------
    ResultsError
        If it has no such point.
    """
    plan = about["plan"]
    chosen = [point for point in plan["points"] if point[0] == name]
    if not chosen:
        names = [point[0] for point in plan["points"]]
        shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        raise ResultsError(
            f'there is no point "{name}"; there is {shown}',
            f'det finns ingen punkt "{name}"; det finns {shown}',
        )
    kept = {key: about[key] for key in ("made", "machine", "system", "command", "versions", "code", "schema")}
    return {
        **kept,
        "commit": about.get("commit", ""),
        "scenarios": {name: about["scenarios"][name]},
        "seeds": about["seeds"],
        "years": about["years"],
        "plan": {**plan, "points": chosen},
        "bases": {chosen[0][1]: about["bases"][chosen[0][1]]},
        "runs": {name: about["runs"][name]},
        "files": {},
    }


def restore_plan(about: Mapping[str, Any], path: Path) -> Plan:
    """Return the plan of a record, to be run by the model as it is here."""
    plan = about["plan"]
    bases = {name: restore_base(plan, json.dumps(base), path) for name, base in about["bases"].items()}
    return Plan.restore(plan, bases, path).with_current_code()

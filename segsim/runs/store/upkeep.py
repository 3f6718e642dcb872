"""Looking after results folders: list, verify, repair, compact."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from segsim.errors import ResultsError
from segsim.runs.execution.execution import Execution, Kind, Watcher
from segsim.runs.plan import PLAN, Plan, read_plan
from segsim.runs.provenance import code_hash
from segsim.runs.store.compaction import batches, gather
from segsim.runs.store.folder import ONE_FILE, Runs, make_runs, one_file_is_whole, write_one_file
from segsim.runs.store.record import RECORD, read_record, renew_provenance, restore_plan
from segsim.runs.store.store import Entry, Store, runs_in


@dataclass(frozen=True)
class Contents:
    """What a results folder holds at first sight, without reading its files.

    Attributes
    ----------
    folder : Path
    scenarios, seeds, planned : int
        Scenarios, seeds and runs of the plan.
    files : int
        Files of runs, parts that hold many counted once.
    bytes : int
        Their size.
    is_current : bool
        Whether they were made by the model as it is now; if not, `--resume` makes them again.
    """

    folder: Path
    scenarios: int
    seeds: int
    planned: int
    files: int
    bytes: int
    is_current: bool


@dataclass(frozen=True)
class Integrity:
    """What reading every file of a results folder showed.

    Attributes
    ----------
    planned, whole : int
        Runs of the plan, and those stored whole.
    missing : tuple of str
        Runs that are not stored, as "scenario, seed 3".
    damaged : tuple of Path
        Files whose bytes are not those they were written with, `runs.parquet` included.
    repeated : tuple of Path
        Files of runs that another file holds too.
    foreign : tuple of Path
        Whole files that hold a run of another plan or another version of the model.
    """

    planned: int
    whole: int
    missing: tuple[str, ...]
    damaged: tuple[Path, ...]
    repeated: tuple[Path, ...]
    foreign: tuple[Path, ...]

    @property
    def is_good(self) -> bool:
        """Tell whether everything is there once, and nothing else."""
        return not (self.missing or self.damaged or self.repeated or self.foreign)


def list_folders(root: str | Path = "results") -> list[Contents]:
    """Return the results folders at or below a folder.

    Raises
    ------
    ResultsError
        If there is no such folder.
    """
    root = Path(root)
    if not root.is_dir():
        raise ResultsError(
            f"{root}: there is no such folder; results are made by segsim run, compare or sweep",
            f"{root}: det finns ingen sådan mapp; resultat görs av segsim run, compare eller sweep",
        )
    return [read_contents(path.parent) for path in sorted(root.rglob(PLAN))]


def read_contents(folder: str | Path) -> Contents:
    """Return what one results folder holds at first sight."""
    folder = Path(folder)
    facts = read_plan(folder)
    entries = list(Store(folder / "runs").entries())
    return Contents(
        folder=folder,
        scenarios=len(facts["points"]),
        seeds=len(facts["seeds"]),
        planned=len(facts["points"]) * len(facts["seeds"]),
        files=len(entries),
        bytes=sum(entry.path.stat().st_size for entry in entries),
        is_current=facts["code"] == code_hash(),
    )


def verify(folder: str | Path) -> Integrity:
    """Read every file of a results folder and hold it against the plan; change nothing."""
    folder = Path(folder)
    plan = Plan.load(folder)
    inventory = Store(folder / "runs").inventory()
    planned = {job.key: f"{job.name}, seed {job.seed}" for job in plan.jobs()}
    return Integrity(
        planned=len(plan),
        whole=len(planned.keys() & inventory.keys),
        missing=tuple(name for key, name in planned.items() if key not in inventory.keys),
        damaged=_paths(inventory.damaged) + (() if one_file_is_whole(folder) else (folder / ONE_FILE,)),
        repeated=_paths(inventory.repeated),
        foreign=_paths(entry for entry in inventory.files if not planned.keys() >= set(runs_in(entry))),
    )


def _paths(entries: Iterable[Entry]) -> tuple[Path, ...]:
    """Return the paths of files."""
    return tuple(entry.path for entry in entries)


def repair(
    folder: str | Path,
    jobs: int | None = None,
    *,
    executor: Kind | None = None,
    cluster: str | None = None,
    progress: Watcher | None = None,
) -> Runs:
    """Set damaged, repeated and foreign files of a results folder aside, and make missing runs again.

    Nothing is deleted: what is set aside lies in `damaged`, `repeated` and `superseded` beside the runs. A
    plan that is lost or damaged is taken from `provenance.json`; what that says of the runs is written anew.
    """
    folder = Path(folder)
    plan = _recover_plan(folder).with_current_code()
    runs = make_runs(plan, Execution(executor, jobs, cluster, folder, progress))
    if not one_file_is_whole(folder):
        write_one_file(runs)
    renew_provenance(runs)
    return runs


def _recover_plan(folder: Path) -> Plan:
    """Return the plan of a folder: its own, or else that of its record."""
    try:
        return Plan.load(folder)
    except ResultsError:
        if not (folder / RECORD).exists():
            raise
        return restore_plan(read_record(folder / RECORD), folder / RECORD)


def compact(folder: str | Path) -> int:
    """Gather the single files of a results folder into parts of some 64 MB; return how many were gathered.

    Readers then open some parts instead of as many files as there are runs. Resuming, verifying and repairing
    work as before. Killed at any moment, it loses nothing and counts nothing twice: run it again.

    Raises
    ------
    ResultsError
        If a file is damaged; repair first.
    """
    store = Store(Path(folder) / "runs")
    read_plan(Path(folder))
    with store.lock():
        store.remove_unfinished()
        inventory = store.inventory()
        if inventory.damaged:
            raise ResultsError(
                f"{inventory.damaged[0].path}: is damaged; run `segsim results repair {folder}` first",
                f"{inventory.damaged[0].path}: är skadad; kör först `segsim results repair {folder}`",
            )
        store.set_aside(inventory.repeated, "repeated")
        single = [entry for entry in inventory.files if not entry.is_part]
        for batch in batches(single):
            gather(store, batch)
    return len(single)

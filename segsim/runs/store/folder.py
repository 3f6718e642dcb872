"""A results folder: the plan, the runs of it that exist, and making the rest."""

import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from segsim.errors import ResultsError, SegsimError
from segsim.runs.execution.engine import Work
from segsim.runs.execution.execution import Execution
from segsim.runs.execution.executors import open_crew
from segsim.runs.execution.job import COLUMNS, Job, Outcome, parquet_writer, perform, run_key
from segsim.runs.execution.notebook import find_watcher
from segsim.runs.model import city_rows
from segsim.runs.plan import PLAN, Plan
from segsim.runs.series import KEYS, Series, find_one_series
from segsim.runs.store.compaction import large_tables, split_part
from segsim.runs.store.store import Inventory, Store, explain_write_errors, runs_in, write_whole
from segsim.scenario import Scenario

ONE_FILE = "runs.parquet"


@dataclass(frozen=True, eq=False)
class Runs:
    """The runs of a plan, on disk.

    Attributes
    ----------
    plan : Plan
        What was run.
    folder : Path
        The results folder; a temporary one, removed with this object, if none was asked for.
    """

    plan: Plan
    folder: Path
    _keeper: object = None

    def __repr__(self) -> str:
        scenarios, seeds = len(self.plan.points), len(self.plan.seeds)
        return f"<Runs: {scenarios} scenarios x {seeds} seeds, {self.plan.years} years, in {self.folder}>"

    @property
    def store(self) -> Store:
        """Return the files of the runs."""
        return Store(self.folder / "runs")

    def with_plan(self, plan: Plan) -> "Runs":
        """Return the same folder under a plan that includes this one."""
        return replace(self, plan=plan)

    def one_run(self, scenario: str, seed: int) -> pd.DataFrame:
        """Return the rows of one run."""
        only = (ds.field("scenario") == scenario) & (ds.field("seed") == seed)
        point = [p.name for p in self.plan.points].index(scenario)
        key = run_key(self.plan.identities[point], seed)
        files = [entry.path for entry in self.store.entries() if entry.is_part or entry.key == key]
        table = ds.dataset([str(path) for path in files], schema=COLUMNS).to_table(filter=only)
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def dataset(self) -> ds.Dataset:
        """Return the runs as a pyarrow dataset, for reading a part of them or piece by piece."""
        files = [str(entry.path) for entry in self.store.entries()]
        return ds.dataset(files, schema=COLUMNS, format="parquet")

    def frame(
        self, measures: tuple[str, ...] = (), years: tuple[int, ...] = (), units: bool = True
    ) -> pd.DataFrame:
        """Return the rows of the runs, by scenario in the order of the plan, then by seed.

        Parameters
        ----------
        measures, years : tuple, optional
            Keep only these; empty keeps all.
        units : bool
            Whether to keep rows about single units (one area, one school) beside those about the whole city.

        Returns
        -------
        DataFrame
            Columns scenario, seed, year, measure, grouping, level, unit, value.
        """
        keep = ds.field("seed").isin(self.plan.seeds)
        if measures:
            keep &= ds.field("measure").isin(list(measures))
        if years:
            keep &= ds.field("year").isin(pa.array(years, pa.int32()))
        if not units:
            keep &= ds.field("unit") == ""
        return sort_by_plan(self.plan, self.dataset().to_table(filter=keep).to_pandas())

    def series(self, quantity: str) -> pd.DataFrame:
        """Return one quantity of the whole city, such as "D/background/area", over the years.

        Parameters
        ----------
        quantity : str
            `measure`, `measure/grouping` or `measure/grouping/level`.

        Returns
        -------
        DataFrame
            A line per year and a column per scenario and seed.

        Raises
        ------
        SegsimError
            If nothing of that name was measured, or several quantities were.
        """
        chosen = find_one_series(quantity, self.list_series())
        rows = self.frame((chosen.measure,), units=False)
        rows = rows[(rows["grouping"] == chosen.grouping) & (rows["level"] == chosen.level)]
        wide = rows.pivot(index="year", columns=["scenario", "seed"], values="value")
        columns = [(point.name, seed) for point in self.plan.points for seed in self.plan.seeds]
        return wide.reindex(columns=pd.MultiIndex.from_tuples(columns, names=["scenario", "seed"]))

    def list_series(self) -> list[Series]:
        """Return what was measured of the whole city, as the first run shows it."""
        first = self.one_run(self.plan.points[0].name, self.plan.seeds[0])
        whole = first.loc[first["unit"] == "", KEYS].drop_duplicates()
        return [Series(*row) for row in whole.itertuples(index=False)]

    def to_arrow(self) -> pa.Table:
        """Return all rows as an Arrow table, as `frame` has them."""
        return pa.Table.from_pandas(self.frame(), COLUMNS, preserve_index=False)

    def to_xarray(self, *quantities: str) -> Any:
        """Return quantities of the whole city as an `xarray.Dataset` over scenario, seed and year.

        Parameters
        ----------
        *quantities : str
            Such as "D/background/area"; each becomes a variable of that name.

        Raises
        ------
        SegsimError
            If xarray is not installed, or a name means no quantity or several.
        """
        try:
            import xarray
        except ImportError as error:
            raise SegsimError(
                'an xarray needs another library: pip install "segsim[xarray]"',
                'en xarray behöver ett bibliotek till: pip install "segsim[xarray]"',
            ) from error
        names, seeds = [point.name for point in self.plan.points], list(self.plan.seeds)
        arrays = {}
        for name in quantities:
            table = self.series(name)
            values = table.to_numpy().reshape(len(table), len(names), len(seeds))
            arrays[name] = xarray.DataArray(
                values.transpose(1, 2, 0),
                {"scenario": names, "seed": seeds, "year": table.index.to_numpy()},
                ("scenario", "seed", "year"),
            )
        return xarray.Dataset(arrays)


class _TemporaryFolder:
    """A folder that is removed with the last object that holds on to it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="segsim-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def sort_by_plan(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows by scenario in the order of the plan, then by seed; each run's rows stay in order."""
    rank = pd.Series({point.name: i for i, point in enumerate(plan.points)})
    scenario = frame["scenario"].map(rank).to_numpy()
    order = np.lexsort((np.arange(len(frame)), frame["seed"].to_numpy(), scenario))
    return frame.iloc[order].reset_index(drop=True)


def make_runs(
    plan: Plan,
    execution: Execution = Execution(),  # noqa: B008  frozen
    *,
    later: Plan | None = None,
    inspect: Callable[[bytes], None] | None = None,
) -> Runs:
    """Make the runs of a plan that a folder does not hold yet.

    Parameters
    ----------
    plan : Plan
        What to run.
    execution : Execution
        Where to run, where to keep the runs, and who watches.
    later : Plan, optional
        A plan this one may grow into, whose runs are left where they are.
    inspect : callable, optional
        Called with the bytes of the first run that is made; an error it raises ends the work.
    """
    if execution.out is None:
        keeper = _TemporaryFolder()
        runs = Runs(plan, keeper.path, keeper)
    else:
        runs = Runs(plan, Path(execution.out))
    if execution.jobs:  # no more workers than runs
        execution = replace(execution, jobs=min(execution.jobs, len(plan)))
    with runs.store.lock():
        plan.save(runs.folder)
        stored = clean_store(runs, later or plan)
        try_own_parts(plan)
        with open_crew(execution) as crew:
            watcher = execution.progress or find_watcher()
            Work(plan, runs.store, crew, stored, watcher, inspect).carry_out()
    return runs


def refuse_failure(job: Job, outcome: Outcome) -> None:
    """Refuse to go on where a trial run failed."""
    if outcome.failure:
        raise ResultsError(
            f"{job.name}, seed {job.seed}: the trial run failed: {outcome.failure}",
            f"{job.name}, frö {job.seed}: provkörningen misslyckades: {outcome.failure}",
        )


def try_own_parts(plan: Plan) -> None:
    """Measure the start of the first point that has own parts, so that what is wrong with them stops no run.

    Raises
    ------
    ResultsError
        If a part fails, or gives what it must not.
    """
    for job in islice(plan.jobs(), len(plan.points)):
        if plan.model is city_rows and isinstance(job.base, Scenario) and job.base.own:
            refuse_failure(job, perform(replace(job, years=0)))
            return


def clean_store(runs: Runs, plan: Plan) -> set[str]:
    """Set aside whatever is damaged, repeated or of another plan; return the keys of the runs that stay."""
    store = runs.store
    store.remove_unfinished()
    inventory = store.inventory()
    store.set_aside(inventory.damaged, "damaged")
    store.set_aside(inventory.repeated, "repeated")
    planned = set(plan.run_keys()) if inventory.keys else set()
    if inventory.keys <= planned:
        return inventory.keys
    set_aside_others(store, inventory, planned)
    return inventory.keys & planned


def set_aside_others(store: Store, inventory: Inventory, planned: set[str]) -> None:
    """Move runs of an earlier plan, or of another version of the model, to where nothing reads them."""
    for entry in inventory.files:
        if planned.issuperset(runs_in(entry)):
            continue
        if entry.is_part:
            for key, data in split_part(entry):
                if key in planned:
                    store.put(key, data)
        store.set_aside([entry], "superseded")


def write_one_file(runs: Runs) -> Path:
    """Write `runs.parquet`, all runs of a folder in one file, and its SHA-256 beside it; return its path."""
    path = runs.folder / ONE_FILE
    temporary = path.with_name(".runs.parquet.tmp")
    about = {"segsim": (runs.folder / PLAN).read_text("utf-8")}
    with explain_write_errors(path):
        with parquet_writer(str(temporary), about) as writer:
            for table in read_in_plan_order(runs):
                writer.write_table(table)
        temporary.replace(path)
        write_whole(path.with_suffix(".sha256"), f"{file_sha256(path)}  {ONE_FILE}\n".encode())
    return path


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def one_file_is_whole(folder: Path) -> bool:
    """Tell whether a folder's `runs.parquet` holds the bytes it was written with; true if it has none."""
    path = folder / ONE_FILE
    noted = path.with_suffix(".sha256")
    if not noted.exists():
        return True
    return path.exists() and noted.read_text("utf-8").split()[:1] == [file_sha256(path)]


def read_in_plan_order(runs: Runs) -> Iterator[pa.Table]:
    """Yield the rows of all runs in large pieces, in the order of the plan or of the parts of a store."""
    files = {key: entry.path for entry in runs.store.entries() for key in runs_in(entry)}
    return large_tables(dict.fromkeys(files[key] for key in runs.plan.run_keys()))


def open_runs(folder: str | Path) -> Runs:
    """Return the runs of a results folder made earlier.

    Raises
    ------
    ResultsError
        If the folder holds no plan, is not complete, or holds a file that is not as it was written.
    """
    runs = Runs(Plan.load(Path(folder)), Path(folder))
    inventory = runs.store.inventory()
    if inventory.damaged:
        raise ResultsError(
            f"{inventory.damaged[0].path}: is damaged; run `segsim results repair {folder}` first",
            f"{inventory.damaged[0].path}: är skadad; kör först `segsim results repair {folder}`",
        )
    missing = [job for job in runs.plan.jobs() if job.key not in inventory.keys]
    if missing:
        raise ResultsError(
            f"{folder}: {len(missing)} of {len(runs.plan)} runs are missing, such as {missing[0].name}, seed "
            f"{missing[0].seed}; run the same command again (a sweep with --resume)",
            f"{folder}: {len(missing)} av {len(runs.plan)} körningar saknas, såsom {missing[0].name}, frö "
            f"{missing[0].seed}; kör samma kommando igen (sweep med --resume)",
        )
    return runs

"""One run: what identifies it, how it is carried out, and the Parquet bytes it becomes."""

import gc
import io
import json
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from segsim.errors import SegsimError
from segsim.runs.model import Model, OwnModel, Recipe, import_path
from segsim.runs.provenance import SCHEMA, canonical, code_hash, short_hash, versions

COLUMNS = pa.schema(
    [
        ("scenario", pa.string()),
        ("seed", pa.int64()),
        ("year", pa.int32()),
        ("measure", pa.string()),
        ("grouping", pa.string()),
        ("level", pa.string()),
        ("unit", pa.string()),
        ("value", pa.float64()),
    ]
)
"""The tidy table of runs: one row per run, year, measure and unit of measurement."""

_FROM_MODEL = COLUMNS.names[2:]
_TEXTS = [field.name for field in COLUMNS if pa.types.is_string(field.type)]


@dataclass(frozen=True)
class Job:
    """One run to be made: a scenario, given as a base and what differs from it, and a seed."""

    key: str
    name: str
    base: Recipe
    base_hash: str
    overrides: Mapping[str, Any]
    content_hash: str
    seed: int
    years: int
    measures: tuple[str, ...]
    model: Model


@dataclass(frozen=True)
class Outcome:
    """What came of a job: the bytes of its file, or the reason why there are none."""

    key: str
    data: bytes
    seconds: float
    code: str
    failure: str = ""
    details: str = ""


def identity(
    name: str, content_hash: str, years: int, measures: tuple[str, ...], model: Model, code: str
) -> str:
    """Return a text that fixes a run but for its seed.

    A scenario is known by its content as it is run, however it was written: what was overridden and what it
    had by itself come to the same.
    """
    source = model.part.digest if isinstance(model, OwnModel) else ""
    return canonical([SCHEMA, code, import_path(model), source, name, content_hash, years, list(measures)])


def run_key(identity: str, seed: int) -> str:
    """Return the content hash by which a run is stored: 128 bits in hex."""
    return short_hash(f"{identity}#{seed}")


def perform(job: Job) -> Outcome:
    """Carry out a job; a model's error becomes a failure that names the run."""
    start = time.perf_counter()
    try:
        recipe = job.base.override(job.overrides) if job.overrides else job.base
        table = tidy_rows(job, job.model(recipe, job.seed, job.years))
        data = parquet_bytes(table, {"segsim": run_provenance(job)})
    except Exception as error:  # any error of a model must name its run and leave the other runs going
        reason = str(error) if isinstance(error, SegsimError) else f"{type(error).__name__}: {error}"
        return Outcome(job.key, b"", time.perf_counter() - start, code_hash(), reason, traceback.format_exc())
    return Outcome(job.key, data, time.perf_counter() - start, code_hash())


def perform_all(jobs: Sequence[Job]) -> list[Outcome]:
    """Carry out the jobs of one call."""
    return [perform(job) for job in jobs]


def perform_apart(jobs: Sequence[Job]) -> list[Outcome]:
    """Carry out the jobs of one call in a process that does nothing else."""
    outcomes = perform_all(jobs)
    _settle_memory()
    return outcomes


@cache
def _settle_memory() -> None:
    """Take what is loaded by now, libraries for the most part, out of the garbage collector's rounds.

    Looking through it again and again took a twentieth of the time of short runs.
    """
    gc.collect()
    gc.freeze()


def tidy_rows(job: Job, rows: pd.DataFrame) -> pa.Table:
    """Return a run's rows under the columns every run has."""
    if missing := [name for name in _FROM_MODEL if name not in rows]:
        raise ValueError(f"the model's rows lack the columns {', '.join(missing)}")
    if job.measures:
        rows = rows[rows["measure"].isin(job.measures)]
    n = len(rows)
    arrays = [pa.repeat(pa.scalar(job.name), n), pa.repeat(pa.scalar(job.seed, pa.int64()), n)]
    for name in _FROM_MODEL:  # from_pandas would turn undefined (NaN) into missing (null)
        arrays.append(pa.array(rows[name], COLUMNS.field(name).type, from_pandas=False))
    return pa.Table.from_arrays(arrays, schema=COLUMNS)


def run_provenance(job: Job) -> str:
    """Return what is needed to make the run again, as JSON that holds no time and no machine."""
    return canonical(
        {
            "schema": SCHEMA,
            "key": job.key,
            "scenario": job.name,
            "scenario_hash": job.content_hash,
            "base_hash": job.base_hash,
            "overrides": dict(job.overrides),
            "seed": job.seed,
            "years": job.years,
            "measures": list(job.measures),
            "model": import_path(job.model),
            "code": code_hash(),
            "versions": versions(),
        }
    )


def parquet_bytes(table: pa.Table, metadata: Mapping[str, str]) -> bytes:
    """Return a table as the bytes of a Parquet file, the same bytes for the same table."""
    sink = io.BytesIO()
    with parquet_writer(sink, metadata) as writer:
        writer.write_table(table)
    return sink.getvalue()


def parquet_writer(sink: Any, metadata: Mapping[str, str]) -> pq.ParquetWriter:
    """Return a writer of the tidy table with one way of compressing it."""
    schema = COLUMNS.with_metadata(dict(metadata))
    return pq.ParquetWriter(sink, schema, compression="zstd", use_dictionary=[*_TEXTS, "year", "seed"])


def read_provenance(data: bytes) -> dict[str, Any]:
    """Return the provenance a run's file carries."""
    facts: dict[str, Any] = json.loads(pq.read_schema(io.BytesIO(data)).metadata[b"segsim"])
    return facts

"""Many runs gathered into a few large files, and taken apart again byte for byte."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from segsim.runs.execution.job import parquet_bytes, parquet_writer
from segsim.runs.provenance import canonical
from segsim.runs.store.store import PARTS, Entry, Store

BYTES_PER_PART = 64_000_000
"""Size of the files gathered into one part: readers open it at once, and a bad sector spoils no more."""

_ROWS_AT_ONCE = 500_000


def batches(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Divide files, in the order of their keys, into batches of one part each."""
    batch: list[Entry] = []
    size = 0
    for entry in sorted(entries, key=lambda entry: entry.key):
        batch.append(entry)
        size += entry.path.stat().st_size
        if size >= BYTES_PER_PART:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def gather(store: Store, entries: Sequence[Entry]) -> None:
    """Put the runs of many files into one part, then remove the files.

    A kill in between leaves both; the next inventory then counts the part and calls the files repeated.
    """
    keys, rows, provenances = [], [], []
    for entry in entries:
        metadata = pq.read_metadata(entry.path)
        keys.append(entry.key)
        rows.append(metadata.num_rows)
        provenances.append(json.loads(metadata.metadata[b"segsim"]))
    about = {
        "segsim_keys": " ".join(keys),
        "segsim_rows": canonical(rows),
        "segsim_runs": canonical(provenances),
    }
    sink = io.BytesIO()
    with parquet_writer(sink, about) as writer:
        for table in large_tables(entry.path for entry in entries):
            writer.write_table(table)
    store.put(f"part-{keys[0]}", sink.getvalue(), PARTS)
    for entry in entries:
        entry.path.unlink()


def large_tables(paths: Iterable[Path]) -> Iterator[pa.Table]:
    """Yield the rows of files in their order, in tables large enough to be one row group each."""
    tables: list[pa.Table] = []
    rows = 0
    for path in paths:
        tables.append(pq.read_table(path, partitioning=None).replace_schema_metadata(None))
        rows += tables[-1].num_rows
        if rows >= _ROWS_AT_ONCE:
            yield pa.concat_tables(tables).combine_chunks()
            tables, rows = [], 0
    if tables:
        yield pa.concat_tables(tables).combine_chunks()


def split_part(entry: Entry) -> Iterator[tuple[str, bytes]]:
    """Yield the key and the file bytes of every run of a part, as they were before it was gathered."""
    table = pq.read_table(entry.path, partitioning=None)
    about = table.schema.metadata
    provenances = json.loads(about[b"segsim_runs"])
    rows = json.loads(about[b"segsim_rows"])
    keys = about[b"segsim_keys"].decode().split(" ")
    start = 0
    for key, n, provenance in zip(keys, rows, provenances, strict=True):
        run = table.slice(start, n).combine_chunks().replace_schema_metadata(None)
        yield key, parquet_bytes(run, {"segsim": canonical(provenance)})
        start += n

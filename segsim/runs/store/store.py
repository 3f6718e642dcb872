"""A folder of Parquet files, one per run, that no interruption can spoil.

A file is named `KEY-DIGEST.parquet`: the key is the content hash of what was run, the digest that of the
file's own bytes. So a name tells whether a run exists and whether its file is whole, without opening it.
Files are written beside their place and renamed. They lie in 256 folders by the first two digits of the key,
so that a million runs are four thousand files a folder; `results compact` gathers them into large parts.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from segsim.errors import ResultsError, tell_reason
from segsim.words.text import Text

try:
    import fcntl
except (
    ImportError
):  # Windows has no advisory locks of this kind; two sweeps in one folder are then not refused
    fcntl = None  # type: ignore[assignment]

PARTS = "parts"
_DIGEST = 16


class Entry(NamedTuple):
    """One file of a store: a run, or a part that holds many."""

    path: Path
    key: str
    digest: str

    @property
    def is_part(self) -> bool:
        """Tell whether the file holds many runs."""
        return self.path.parent.name == PARTS


@dataclass
class Inventory:
    """What a store holds.

    Attributes
    ----------
    keys : set of str
        Runs that are stored whole.
    files : list of Entry
        The files that hold them, each run once.
    damaged : list of Entry
        Files whose bytes are not those their name was made from.
    repeated : list of Entry
        Whole files of runs that another file holds too.
    """

    keys: set[str] = field(default_factory=set)
    files: list[Entry] = field(default_factory=list)
    damaged: list[Entry] = field(default_factory=list)
    repeated: list[Entry] = field(default_factory=list)


def entries_in(folder: Path) -> Iterator["Entry"]:
    """Yield the finished files of one folder, in the order of their names."""
    for path in sorted(folder.glob("[!.]*.parquet")):
        key, _, digest = path.stem.rpartition("-")
        yield Entry(path, key, digest)


class Store:
    """The files of the runs of one results folder.

    Parameters
    ----------
    folder : Path
        Where the files lie; made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, data: bytes, kind: str = "") -> Path:
        """Write a file under its key; it appears whole or not at all.

        Raises
        ------
        ResultsError
            If the disk is full or the folder cannot be written to; runs stored before stay as they were.
        """
        name = f"{key}-{digest(data)}.parquet"
        path = self.folder / (kind or key[:2]) / name
        write_whole(path, data)
        return path

    def entries(self) -> Iterator[Entry]:
        """Yield every finished file, in the order of the names."""
        if not self.folder.is_dir():
            return
        for folder in sorted(path for path in self.folder.iterdir() if path.is_dir()):
            yield from entries_in(folder)

    def inventory(self) -> Inventory:
        """Read every file and tell which runs are stored whole, parts before single files.

        Files beside the folders count as damaged: nothing here reads them, but other programs would.
        """
        inventory = Inventory(damaged=list(entries_in(self.folder)))
        for entry in sorted(self.entries(), key=lambda entry: not entry.is_part):
            if not is_whole(entry):
                inventory.damaged.append(entry)
            elif inventory.keys.isdisjoint(runs := runs_in(entry)):
                inventory.keys.update(runs)
                inventory.files.append(entry)
            else:
                inventory.repeated.append(entry)
        return inventory

    def set_aside(self, entries: Iterable[Entry], name: str) -> int:
        """Move files to a folder beside the store, where nothing reads them; return how many."""
        aside = self.folder.parent / name
        moved = 0
        for entry in entries:
            with explain_write_errors(entry.path):
                aside.mkdir(parents=True, exist_ok=True)
                os.replace(entry.path, aside / entry.path.name)
            moved += 1
        return moved

    def remove_unfinished(self) -> None:
        """Remove what a killed process left half written, here and in the results folder around."""
        for folder in (self.folder, self.folder.parent):
            for path in (*folder.glob(".*.tmp"), *folder.glob("*/.*.tmp")):
                path.unlink(missing_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder against a second sweep; the lock ends with the process, however it ends."""
        path = self.folder / ".lock"
        with explain_write_errors(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = path.open("a")
        with handle:
            if fcntl is not None:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    raise ResultsError(
                        f"{self.folder}: another segsim is writing here; wait for it, or choose another "
                        "--out",
                        f"{self.folder}: en annan segsim skriver här; vänta på den, eller välj en annan "
                        "--out",
                    ) from error
            yield


def digest(data: bytes) -> str:
    """Return the digest a file carries in its name: 64 bits of SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()[:_DIGEST]


def is_whole(entry: Entry) -> bool:
    """Tell whether a file holds exactly the bytes its name was made from."""
    try:
        return digest(entry.path.read_bytes()) == entry.digest
    except OSError:
        return False


def runs_in(entry: Entry) -> list[str]:
    """Return the keys of the runs a whole file holds."""
    if not entry.is_part:
        return [entry.key]
    text: bytes = pq.read_schema(entry.path).metadata[b"segsim_keys"]
    return text.decode().split(" ")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it, so that no reader ever sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with explain_write_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(data)
            os.replace(temporary, path)
    finally:
        _forget(temporary)


def _forget(temporary: Path) -> None:
    """Remove a temporary file if it is still there and can be removed."""
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return


@contextmanager
def explain_write_errors(path: Path) -> Iterator[None]:
    """Turn an error of the file system into one that says what to do."""
    try:
        yield
    except OSError as error:
        reason = tell_reason(error)
        raise ResultsError(
            f"{path}: cannot be written ({reason}); what was stored before is safe: free space or permit "
            "writing, then run the same command again (a sweep with --resume)",
            f"{path}: går inte att skriva ({reason:sv}); det som sparats hittills är i behåll: frigör "
            "utrymme "
            "eller tillåt skrivning, och kör sedan samma kommando igen (sweep med --resume)",
        ) from error


@contextmanager
def explain_kept_file(path: Path) -> Iterator[None]:
    """Turn what a damaged file that a report keeps gives rise to into an error that names it."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = Text("is damaged", "är skadad")
        if isinstance(error, OSError) and error.errno is not None:
            reason = tell_reason(error)
        raise ResultsError(
            f"{path}: cannot be read ({reason}); delete it, and segsim report makes it anew",
            f"{path}: går inte att läsa ({reason:sv}); ta bort den, så gör segsim report den på nytt",
        ) from error

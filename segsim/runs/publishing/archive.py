"""A results folder as one file that remakes it: record, data, own sources, versions, and how to cite."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from segsim.errors import ResultsError
from segsim.runs.publishing.citation import AUTHORS, TITLE, cite
from segsim.runs.store.folder import ONE_FILE
from segsim.runs.store.record import RECORD, choose_point, read_record
from segsim.runs.store.store import explain_write_errors, write_whole

_README = """\
{citation_en}

Everything that the results follow from is in this file: scenarios with what was overridden and the sources
of own parts (own/), seeds, data files (data/), the versions of all libraries (requirements.txt) and hashes
(SHA256SUMS, provenance.json). With the same versions

    segsim reproduce ARCHIVE.zip{leave}

makes the same bytes; with others it says what differs.

Allt som resultaten följer av finns i denna fil: scenarier med ändringar och egna delars källkod (own/), frön,
datafiler (data/), versioner av alla bibliotek (requirements.txt) och kontrollsummor (SHA256SUMS,
provenance.json). Med samma versioner ger kommandot ovan samma byte; med andra säger det vad som skiljer.
"""
_CFF = """\
cff-version: 1.2.0
message: If you use these results, please cite the program they were made with, and this record of them.
title: "{title}"
type: software
authors:
  - name: {authors}
version: {version}
{commit}license: MIT
"""


def write_archive(folder: str | Path, out: str | Path | None = None, point: str = "") -> Path:
    """Write a results folder as one archive that `segsim reproduce` makes it again from.

    Parameters
    ----------
    folder : path
        Results folder.
    out : path, optional
        The archive; the default is the folder's name with `.zip`.
    point : str, optional
        One point, such as p017 of a sweep, instead of all.

    Raises
    ------
    ResultsError
        If the folder has no record, or a data file is gone.
    """
    folder = Path(folder)
    about = read_record(folder / RECORD)
    about = choose_point(about, point) if point else about
    path = (
        Path(out)
        if out is not None
        else folder.with_name(f"{folder.resolve().name}{point and f'_{point}'}.zip")
    )
    contents: dict[str, bytes] = dict(_list_data(about))
    data = {old: name for old, (name, _) in _find_data(about).items()}
    contents[RECORD] = json.dumps({**about, "data": data}, indent=2, ensure_ascii=False).encode()
    contents |= {f"own/{name}": text.encode() for name, text in list_sources(about).items()}
    contents |= {f.name: f.read_bytes() for f in _list_tables(folder)} if not point else {}
    leave = " --allow-own-code" if list_sources(about) else ""
    contents["README.txt"] = _README.format(citation_en=cite(about), leave=leave).encode()
    contents["requirements.txt"] = list_installed().encode()
    commit = f"commit: {about['commit']}\n" if about.get("commit") else ""
    version = about["versions"]["segsim"]
    contents["CITATION.cff"] = _CFF.format(
        title=TITLE, authors=AUTHORS, version=version, commit=commit
    ).encode()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(contents.items()))
    contents["SHA256SUMS"] = sums.encode()
    with explain_write_errors(path):
        write_whole(path, pack(contents))
    return path


def pack(contents: Mapping[str, bytes]) -> bytes:
    """Return files as the bytes of an archive, the same bytes for the same files."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(contents.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def list_installed() -> str:
    """Return every installed library with its version, as pip reads them."""
    known = {str(one.metadata["Name"]): one.version for one in distributions() if one.metadata["Name"]}
    return "".join(
        f"{name}=={number}\n" for name, number in sorted(known.items(), key=lambda x: x[0].lower())
    )


def list_sources(about: Mapping[str, Any]) -> dict[str, str]:
    """Return the sources of own parts that a record holds, by file, for those who want to read them."""
    model = about["plan"]["model"]
    parts = [*([model] if isinstance(model, dict) else [])]
    parts += [part for base in about["bases"].values() for part in base.get("own", ())]
    sources: dict[str, str] = {}
    for part in parts:
        for module, text in part["modules"].items():
            name = f"{part['path'].replace(':', '.')}/{module}.py" if module != "__main__" else ""
            sources[name or f"{part['path'].partition(':')[2]}.py"] = text
    return sources


def _find_data(about: Mapping[str, Any]) -> dict[str, tuple[str, Path]]:
    """Return the data files that the scenarios of a record name: what they are called in it and on disk."""
    found_files: dict[str, tuple[str, Path]] = {}
    for text in _list_texts(about["bases"]):
        path = Path(text)
        if "\n" not in text and path.is_absolute() and path.suffix:
            found_files[text] = (f"data/{len(found_files) + 1}_{path.name}", path)
    return found_files


def _list_data(about: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the data files of a record and their bytes."""
    for name, path in _find_data(about).values():
        try:
            yield name, path.read_bytes()
        except OSError as error:
            raise ResultsError(
                f"{path}: the scenario names it, and it cannot be read; put it back first",
                f"{path}: scenariot nämner den, och den går inte att läsa; lägg tillbaka den först",
            ) from error


def _list_texts(value: Any) -> Iterator[str]:
    """Yield every text within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _list_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _list_texts(inner)


def _list_tables(folder: Path) -> list[Path]:
    """Return the tables and pages of a results folder."""
    names = [path for ending in ("csv", "html", "xlsx", "txt") for path in sorted(folder.glob(f"*.{ending}"))]
    return [*names, *([folder / ONE_FILE] if (folder / ONE_FILE).exists() else [])]

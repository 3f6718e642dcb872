"""Data files a scenario names: looked up beside the file that names them, hashed by their content."""

import hashlib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from segsim.scenario.reading import FileText


def resolve_data_file(value: Any, info: ValidationInfo) -> Any:
    """Return the path of a data file, which must exist; relative to the scenario file that names it."""
    if not isinstance(value, str | Path):
        return value
    path = Path(value).expanduser()
    if isinstance(value, FileText) and not path.is_absolute():
        path = value.folder / path
    if path.is_dir():
        raise ValueError(f'"{value}" is a folder; name a file')
    if not path.is_file():
        raise ValueError(f'there is no file "{value}" (looked for {path})')
    return str(path.resolve()) if info.mode == "json" else path.resolve()


DataFile = Annotated[Path, BeforeValidator(resolve_data_file)]
"""The field type of a data file."""


def hash_content(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

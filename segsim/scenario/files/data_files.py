"""Data files a scenario names: looked up beside the file that names them, hashed by their content."""

import hashlib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from segsim.scenario.files.paths import expand_path, is_file, is_folder
from segsim.scenario.reading import FileText
from segsim.section import RefusedValueError
from segsim.words.text import Text


def resolve_data_file(value: Any, info: ValidationInfo) -> Any:
    """Return the path of a data file, which must exist; relative to the scenario file that names it."""
    if not isinstance(value, str | Path):
        return value
    path = expand_path(str(value), value.folder if isinstance(value, FileText) else Path())
    if is_folder(path):
        raise RefusedValueError(f'"{value}" is a folder; name a file', f'"{value}" är en mapp; ange en fil')
    if not is_file(path):
        looked = Text("; its name is too long", "; dess namn är för långt")
        if len(path.name) <= 60:
            looked = Text(f" (looked for {path})", f" (sökte {path})")
        raise RefusedValueError(
            f'there is no file "{str(value)[:60]}"{looked}',
            f'det finns ingen fil "{str(value)[:60]}"{looked:sv}',
        )
    return str(path.resolve()) if info.mode == "json" else path.resolve()


DataFile = Annotated[Path, BeforeValidator(resolve_data_file)]
"""The field type of a data file."""


def hash_content(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

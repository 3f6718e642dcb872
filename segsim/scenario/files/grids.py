"""A file as rows of text: delimited text of any encoding, or the sheets of a workbook."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from segsim.errors import DataError, tell_reason
from segsim.words.characters import drop_hidden, free_formula

_DELIMITERS = ";\t,|"
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""What files of Excel begin with, those of today and those of before 2007."""

Grid = list[tuple[int, tuple[str, ...]]]
"""The rows of a table that are not empty, each with its line in the file; their cells without outer "
"spaces."""


def read_grids(path: Path) -> Iterator[Grid]:
    """Yield the readings of a file as rows of cells, the likeliest first.

    A workbook has one for each sheet, delimited text one for each delimiter that it holds.

    Raises
    ------
    DataError
        If the file cannot be read, or is not text and no workbook.
    """
    content = read_bytes(path)
    if content.startswith(_OLD_WORKBOOK):
        raise DataError(
            f"{path.name}: is a workbook of an old kind (.xls); save it as .xlsx or CSV",
            f"{path.name}: är en arbetsbok av äldre slag (.xls); spara den som .xlsx eller CSV",
        )
    if content.startswith(_WORKBOOK):
        yield from _read_sheets(path.name, content)
        return
    text = decode(path.name, content)
    if not text.strip():
        raise DataError(
            f"{path.name}: the file is empty; it needs a header and one row per unit",
            f"{path.name}: filen är tom; den behöver en rubrikrad och en rad per enhet",
        )
    for delimiter in sorted(_DELIMITERS, key=lambda d: -text[:20000].count(d)):
        yield _split_text(path.name, text, delimiter)


def _split_text(file: str, text: str, delimiter: str) -> Grid:
    """Return the rows of delimited text."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [
            (reader.line_num, tuple(map(tidy_cell, row)))
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise DataError(
            f"{file}: row {reader.line_num}: is not a table ({error})",
            f"{file}: rad {reader.line_num}: är ingen tabell ({error})",
        ) from error


def tidy_cell(text: str) -> str:
    """Return the text of a cell on one line, without outer spaces and what nobody sees, letters composed."""
    plain = drop_hidden(unicodedata.normalize("NFC", text)).strip().strip("\ufeff").strip()
    return free_formula(re.sub(r"[\t\r\n]+", " ", plain))


def _read_sheets(file: str, content: bytes) -> Iterator[Grid]:
    """Yield the rows of each sheet of a workbook."""
    try:
        openpyxl = import_module("openpyxl")
    except ImportError as error:
        raise DataError(
            f"{file}: a workbook needs one more package; pip install 'segsim[excel]', or save the sheet as "
            "CSV",
            f"{file}: en arbetsbok kräver ett paket till; pip install 'segsim[excel]', eller spara bladet "
            "som CSV",
        ) from error
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
        book.close()
    except (BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError) as error:
        raise DataError(
            f"{file}: cannot be read as a workbook ({error}); save the sheet as CSV",
            f"{file}: kan inte läsas som arbetsbok ({error}); spara bladet som CSV",
        ) from error
    for rows in sheets:
        wide = max(map(len, rows), default=0)
        padded = [(*row, *[None] * (wide - len(row))) for row in rows]
        cells = [(line, tuple(map(_write_cell, row))) for line, row in enumerate(padded, start=1)]
        yield [(line, row) for line, row in cells if any(row)]


def _write_cell(value: Any) -> str:
    """Return the value of a cell as text; whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return tidy_cell(str(value))


def read_bytes(path: Path) -> bytes:
    """Return the content of a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = tell_reason(error)
        raise DataError(
            f"{path}: cannot be read ({reason})", f"{path}: kan inte läsas ({reason:sv})"
        ) from error


def decode(file: str, content: bytes) -> str:
    """Return text in UTF-8, UTF-16 with its mark, or else Latin-1."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096] or content[:2] == b"PK":
        raise DataError(
            f"{file}: is not a text file; save the sheet as CSV",
            f"{file}: är ingen textfil; spara bladet som CSV",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")

"""Tables as authorities publish them: any delimiter and encoding, decimal commas, dots for missing."""

import csv
import io
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from segsim.errors import DataError

MISSING = frozenset({"", ".", "..", "...", "-", "–", "na", "n/a", "nan", "null", "none"})
"""What stands for a value that is not given."""
_DELIMITERS = ";\t,|"
_SPACES = re.compile(r"[\s\u00a0\u202f']")


@dataclass(frozen=True)
class TextTable:
    """A table as text: its header in lower case, and each row with its line in the file."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def column(self, *names: str) -> int | None:
        """Return the place of the first of these columns that is there."""
        return next((self.header.index(n.lower()) for n in names if n.lower() in self.header), None)

    def where(self, row: int, column: str = "") -> str:
        """Return file, row and column as an error names them."""
        place = f"{self.file}: row {self.lines[row]}"
        return f'{place}, column "{column}"' if column else place


def read_text_table(path: Path, key: Sequence[str]) -> TextTable:
    """Read a delimited text file.

    The header is the first row that holds one of the key columns, so that titles above it are skipped; rows
    after the table whose key is empty (footnotes) end it.

    Parameters
    ----------
    path : Path
    key : sequence of str
        Names under which the column that identifies a row may go.

    Raises
    ------
    DataError
        If the file cannot be read as a table or has no key column.
    """
    text = decode_file(path)
    if not text.strip():
        raise DataError(f"{path.name}: the file is empty; it needs a header and one row per unit")
    names = {name.lower() for name in key}
    for delimiter in sorted(_DELIMITERS, key=lambda d: -text[:20000].count(d)):
        reader = csv.reader(io.StringIO(text), delimiter=delimiter)
        try:
            cells = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        except csv.Error as error:
            raise DataError(f"{path.name}: row {reader.line_num}: is not a table ({error})") from error
        for start, (_, row) in enumerate(cells):
            header = tuple(cell.strip().strip("\ufeff").lower() for cell in row)
            if names & set(header):
                return _select_table(path.name, header, cells[start + 1 :], names)
    raise DataError(
        f"{path.name}: no header row; one column must be called {' or '.join(key)}, with a row per unit below"
    )


def write_text_table(file: str, columns: Mapping[Hashable, Sequence[object]]) -> TextTable:
    """Return columns of values as the text table they would be in a file."""
    rows = zip(*columns.values(), strict=True)
    plain = tuple(
        tuple("" if value is None or value != value else str(value) for value in row) for row in rows
    )
    return TextTable(
        file, tuple(str(name).lower() for name in columns), plain, tuple(range(2, len(plain) + 2))
    )


def decode_file(path: Path) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or else Latin-1."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({(error.strerror or str(error)).lower()})") from error
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096] or content[:2] == b"PK":
        raise DataError(f"{path.name}: is not a text file; save the sheet as CSV")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _select_table(
    file: str, header: tuple[str, ...], cells: list[tuple[int, list[str]]], key: set[str]
) -> TextTable:
    """Keep the rows of the table, and refuse ragged ones and columns named twice."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise DataError(f'{file}: the column "{twice[0]}" is there twice; keep one')
    place = next(i for i, name in enumerate(header) if name in key)
    rows, lines = [], []
    for line, row in cells:
        values = tuple(cell.strip() for cell in row)
        if place >= len(values) or not values[place] or len([v for v in values if v]) == 1:
            continue
        if len(values) < len(header):
            raise DataError(
                f"{file}: row {line}: has {len(values)} values, the header {len(header)} columns; "
                "fill the row, with .. for what is missing"
            )
        if any(values[len(header) :]):
            raise DataError(
                f"{file}: row {line}: has {len(values)} values, the header {len(header)} columns; "
                "put texts that hold the delimiter in quotes"
            )
        rows.append(values[: len(header)])
        lines.append(line)
    if not rows:
        raise DataError(f"{file}: there is no row below the header; write one row per unit")
    return TextTable(file, header, tuple(rows), tuple(lines))


def parse_number(table: TextTable, row: int, column: str, text: str) -> float:
    """Return a value as a number, NaN if it is missing; decimal comma, spaces and ~ are understood.

    Raises
    ------
    DataError
        If the text is no number, or not a finite one.
    """
    plain = _SPACES.sub("", text).lstrip("~")
    if plain.lower() in MISSING:
        return float("nan")
    if "," in plain:
        plain = (
            plain.replace(".", "").replace(",", ".")
            if plain.rfind(",") > plain.rfind(".")
            else plain.replace(",", "")
        )
    plain = plain.replace("−", "-").rstrip("%")
    try:
        value = float(plain)
    except ValueError:
        value = float("inf")
    if value in (float("inf"), float("-inf")) or value != value:
        raise DataError(
            f'{table.where(row, column)}: "{text}" is not a number; write digits, or .. if it is missing'
        )
    return value

"""Tables as authorities publish them: title rows, footnotes, decimal commas, dots for missing."""

import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from segsim.errors import DataError
from segsim.scenario.files.grids import Grid, read_grids
from segsim.words.text import Text

MISSING = frozenset({"", "-", "–", "—", ":", "x", "*", "na", "n/a", "#n/a", "nan", "null", "none"})
"""What stands for a value that is not given, beside any number of dots."""
LONGEST_NAME = 200
"""Letters of a name."""
_UNSURE = re.compile(r"\.+|…+|[\d.,]+\*+")
"""Dots, and a number with a star: too few persons behind it to be published as it is."""
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+", re.ASCII)


@dataclass(frozen=True)
class TextTable:
    """A table as text: its header in lower case, and each row with its line in the file."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def column(self, *names: str) -> int | None:
        """Return the place of the first of these columns that is there; spaces and case do not matter."""
        header = [plain_name(name) for name in self.header]
        return next((header.index(plain_name(n)) for n in names if plain_name(n) in header), None)

    def read_cells(self, row: int, columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
        """Return the cells of a row by column; each column goes by the names it may have, if it is there."""
        return {
            column: self.rows[row][place].strip()
            for column, names in columns.items()
            if (place := self.column(*names)) is not None
        }

    def where(self, row: int | None, column: str = "") -> Text:
        """Return file, row and column as an error names them."""
        if row is None:
            return Text(self.file, self.file)
        english, swedish = f"{self.file}: row {self.lines[row]}", f"{self.file}: rad {self.lines[row]}"
        of = Text(f', column "{column}"', f', kolumn "{column}"') if column else Text("", "")
        return Text(f"{english}{of}", f"{swedish}{of:sv}")

    def fault(self, english: str, swedish: str, row: int | None = None, column: str = "") -> DataError:
        """Return the error of something that is wrong in the table, or at a row and a column of it."""
        place = self.where(row, column)
        return DataError(f"{place}: {english}", f"{place:sv}: {swedish}")


@cache
def plain_name(text: str) -> str:
    """Return the name of a column in small plain letters and digits.

    Examples
    --------
    >>> plain_name("Skol-enhetskod") == plain_name("skolenhetskod")
    True
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if c.isalnum())


def read_text_table(path: Path, key: Sequence[str]) -> TextTable:
    """Read a table of delimited text or of a workbook.

    The header is the first row that holds one of the key columns, so that titles above it are skipped; rows
    whose key is empty (footnotes) are left out.

    Parameters
    ----------
    path : Path
    key : sequence of str
        Names under which the column that identifies a row may go, the likeliest first.

    Raises
    ------
    DataError
        If the file cannot be read as a table or has no key column.
    """
    table = find_text_table(path, key)
    if table is not None:
        return table
    raise DataError(
        f"{path.name}: no header row; one column must be called {' or '.join(key[:4])}, with a row per unit "
        "below",
        f"{path.name}: ingen rubrikrad; en kolumn måste heta {' eller '.join(key[:4])}, med en rad per enhet "
        "under",
    )


def find_text_table(path: Path, key: Sequence[str]) -> TextTable | None:
    """Read a table like `read_text_table`, None if it has no such key column."""
    names = [plain_name(name) for name in key]
    for grid in read_grids(path):
        for start, (_, row) in enumerate(grid):
            header = [plain_name(cell) for cell in row]
            if any(name in header for name in names):
                place = next(header.index(name) for name in names if name in header)
                return _select_table(path.name, row, grid[start + 1 :], place)
    return None


def write_text_table(file: str, columns: Mapping[Hashable, Sequence[object]]) -> TextTable:
    """Return columns of values as the text table they would be in a file."""
    rows = zip(*columns.values(), strict=True)
    plain = tuple(
        tuple("" if value is None or value != value else str(value) for value in row) for row in rows
    )
    return TextTable(
        file, tuple(str(name).lower() for name in columns), plain, tuple(range(2, len(plain) + 2))
    )


def _select_table(file: str, row: tuple[str, ...], cells: Grid, place: int) -> TextTable:
    """Keep the rows of the table, and refuse ragged ones and columns named twice."""
    header = tuple(cell.lower() for cell in row)
    table = TextTable(file, header, (), ())
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise table.fault(
            f'the column "{twice[0]}" is there twice; keep one',
            f'kolumnen "{twice[0]}" finns två gånger; behåll en',
        )
    rows, lines = [], []
    for line, values in cells:
        if place >= len(values) or not values[place] or len([v for v in values if v]) == 1:
            continue
        if values[: len(row)] == row:
            continue  # the header again, as where two exports were put below each other
        _refuse_ragged(table, line, values)
        rows.append(values[: len(header)])
        lines.append(line)
    if not rows:
        raise table.fault(
            "there is no row below the header; write one row per unit",
            "det finns ingen rad under rubriken; skriv en rad per enhet",
        )
    return TextTable(file, header, tuple(rows), tuple(lines))


def _refuse_ragged(table: TextTable, line: int, values: tuple[str, ...]) -> None:
    """Refuse a row with fewer or more values than the header has columns."""
    n, wide = len(values), len(table.header)
    if n >= wide and not any(values[wide:]):
        return
    few = n < wide
    remedy = (
        "fill the row, with .. for what is missing" if few else "put texts that hold the delimiter in quotes"
    )
    hint = (
        "fyll ut raden, med .. för det som saknas"
        if few
        else "sätt citattecken om texter med skiljetecknet i"
    )
    raise DataError(
        f"{table.file}: row {line}: has {n} values, the header {wide} columns; {remedy}",
        f"{table.file}: rad {line}: har {n} värden, rubriken {wide} kolumner; {hint}",
    )


def refuse_long_name(table: TextTable, row: int, column: str, name: str) -> None:
    """Refuse a name that is too long to be one; it stands in figures and tables."""
    if len(name) > LONGEST_NAME:
        raise table.fault(
            f"the name has {len(name)} letters; it must have at most {LONGEST_NAME}",
            f"namnet har {len(name)} tecken; det får ha högst {LONGEST_NAME}",
            row,
            column,
        )


def is_missing(text: str) -> bool:
    """Tell whether a text stands for a value that is not given."""
    plain = _SPACES.sub("", text)
    return plain.lower() in MISSING or _UNSURE.fullmatch(plain) is not None


def parse_number(table: TextTable, row: int, column: str, text: str) -> float:
    """Return a value as a number, NaN if it is missing; decimal comma, spaces and ~ are understood.

    Raises
    ------
    DataError
        If the text is no number, or not a finite one.
    """
    if is_missing(text):
        return float("nan")
    plain = _SPACES.sub("", text).lstrip("~")
    if "," in plain:
        plain = (
            plain.replace(".", "").replace(",", ".")
            if plain.rfind(",") > plain.rfind(".")
            else plain.replace(",", "")
        )
    plain = plain.replace("−", "-").removesuffix("%")
    value = float(plain) if _NUMBER.fullmatch(plain) else float("inf")
    if value in (float("inf"), float("-inf")):
        raise table.fault(
            f'"{text}" is not a number; write digits, or .. if it is missing',
            f'"{text}" är inget tal; skriv siffror, eller .. om det saknas',
            row,
            column,
        )
    return value


def parse_whole(table: TextTable, row: int, column: str, text: str) -> int:
    """Return a whole number, which must be given."""
    number = parse_number(table, row, column, text)
    if not number.is_integer():
        raise table.fault(
            f'"{text}" is not a whole number; write digits alone',
            f'"{text}" är inget heltal; skriv bara siffror',
            row,
            column,
        )
    return int(number)


def parse_counts(table: TextTable, rows: Sequence[int], column: str) -> tuple[list[float], int]:
    """Return a column of whole numbers, and how many of them had their thousands set apart.

    A point or comma before three digits parts thousands, since counts have no decimals.
    """
    place = table.column(column)
    assert place is not None
    numbers, apart = [], 0
    for i in rows:
        text = table.rows[i][place]
        plain = _SPACES.sub("", text).lstrip("~")
        if _THOUSANDS.fullmatch(plain):
            apart += 1
            plain = plain.replace(".", "").replace(",", "")
            numbers.append(float(plain))
        elif "%" in plain:
            raise table.fault(
                f'"{text}" is a percentage; write a whole number',
                f'"{text}" är en procentandel; skriv ett heltal',
                i,
                column,
            )
        else:
            numbers.append(parse_number(table, i, column, text))
    return numbers, apart

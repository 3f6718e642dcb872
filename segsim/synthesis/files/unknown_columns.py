"""Columns of a table that nothing reads, each told with what it may have been meant as."""

from collections.abc import Iterable, Sequence

from segsim.errors import find_nearest
from segsim.scenario.files.text_table import TextTable, plain_name
from segsim.synthesis.notes import Note
from segsim.words.text import Text

_SHORTEST = 3
"""Letters a name must have for another to be near it."""
_LIKENESS = 0.7
"""Least likeness of names, 0-1: published tables have dozens of columns that are not needed."""


def note_unknown_columns(
    table: TextTable, strange: Iterable[str], used: Sequence[Sequence[str]]
) -> list[Note]:
    """Return notes of the columns that are not used, each with the known one it is like, if any.

    Parameters
    ----------
    table : TextTable
    strange : iterable of str
        Headers that nothing reads.
    used : sequence of sequence of str
        What each column that is read may be called.
    """
    header = {plain_name(name) for name in table.header}
    names = [name for several in used for name in several if len(name) >= _SHORTEST]
    absent = [name for name in names if plain_name(name) not in header]
    there = [name for name in names if plain_name(name) in header]
    notes, others = [], []
    for name in filter(None, strange):
        if near := _find_near(name, absent):
            facts = {"file": table.file, "column": name, "near": near}
            notes.append(Note("unknown_column", facts))
        elif near := _find_near(name, there):
            others.append(Text(f'"{name}" (beside "{near}")', f'"{name}" (utöver "{near}")'))
        else:
            others.append(Text(f'"{name}"', f'"{name}"'))
    if others:
        columns = Text(*(", ".join(f"{one:{way}}" for one in others) for way in ("en", "sv")))
        notes.append(Note("unused_columns", {"file": table.file, "columns": columns}))
    return notes


def _find_near(name: str, known: Sequence[str]) -> str | None:
    """Return the known name a header is like, if it is long enough to be like any."""
    return find_nearest(name, known, _LIKENESS) if len(name) >= _SHORTEST else None

"""What tables and texts in Markdown are made of."""

from collections.abc import Iterable, Sequence
from pathlib import Path

OPENINGS = Path(__file__).parent / "openings"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar within a cell is written so that it does not end it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell(text) for text in line)} |" for line in lines)


def cell(text: str) -> str:
    """Return a text on one line, as a cell of a table holds it."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    """Return a text set as code, or nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def read_opening(name: str) -> str:
    """Return the heading of a page of reference, and what is said before its tables."""
    return (OPENINGS / f"{name}.md").read_text("utf-8")

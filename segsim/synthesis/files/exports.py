"""Tables as Statistics Sweden exports them: any layout of rows and headers, as values with their labels."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from segsim.errors import DataError
from segsim.scenario.files.grids import Grid, decode, read_bytes, read_grids
from segsim.scenario.files.text_table import is_missing, parse_number, write_text_table
from segsim.sweden.municipalities import simplify_name
from segsim.synthesis.files.area_codes import AreaCode, parse_area_code, parse_area_name

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TIME = ("ar", "year", "tid", "period", "artal")
"""What a column of years is called."""
_CONTENTS = ("tabellinnehall", "innehall", "observations", "contents", "contentscode")
"""What a column is called that says what is measured; the header of the values does not say it then."""


class Observation(NamedTuple):
    """One value of a table: its area, the labels it stands under in plain letters, its year or 0."""

    area: AreaCode
    labels: tuple[str, ...]
    year: int
    value: float


class Export(NamedTuple):
    """The values of a table, its title, and the names that stand beside the codes of areas."""

    file: str
    title: str
    observations: list[Observation]
    names: dict[str, str]


def read_export(
    path: Path, municipality: str = "", districts: Mapping[str, str] | None = None
) -> Export | None:
    """Read a table with codes of areas in any layout; None if it holds no such codes.

    Rows may be one for each area, or for each area and category, the code perhaps at the first alone.
    Headers may be several, each cell standing for the empty ones to its right; with notes around.

    Parameters
    ----------
    path : Path
    municipality : str
        Its name, for tables that call a district "Municipality (District)" without its code.
    districts : mapping
        Codes of its districts by name in plain letters.
    """
    if path.suffix.lower() == ".json":
        return _read_json_stat(path)
    for plain in read_grids(path):
        grid = _write_codes(path.name, plain, municipality, districts) if districts else plain
        for rows in (grid, _turn(grid)):
            places = _find_code_columns(rows)
            if places:
                return _read_grid(path.name, rows, places)
    return None


def _write_codes(file: str, grid: Grid, municipality: str, districts: Mapping[str, str]) -> Grid:
    """Return a table with the code before every name of a district of a municipality."""
    called = re.compile(rf"{re.escape(municipality)} \((.+)\)")
    names = {cell: match[1] for _, row in grid for cell in row if (match := called.fullmatch(cell))}
    codes = {cell: districts.get(simplify_name(name)) for cell, name in names.items()}
    unknown = [cell for cell, code in codes.items() if code is None]
    if unknown and len(unknown) < len(codes):
        raise DataError(
            f'{file}: "{unknown[0]}" is not the name of a district of {municipality}; export the codes as '
            "well",
            f'{file}: "{unknown[0]}" är inget namn på en stadsdel i {municipality}; ta ut koderna också',
        )
    if not codes or unknown:
        return grid
    return [(line, tuple(f"{codes[c]} {c}" if c in codes else c for c in row)) for line, row in grid]


def _turn(grid: Grid) -> Grid:
    """Return a table whose columns are areas with a row for each, its title first."""
    first = next((i for i, (_, row) in enumerate(grid) if sum(map(_holds_code, row)) > 1), None)
    if first is None:
        return []
    wide = max(len(row) for _, row in grid)
    padded = [(*row, *[""] * (wide - len(row))) for _, row in grid[first:]]
    return [*grid[:first], *enumerate(zip(*padded, strict=True), start=1)]


def _holds_code(cell: str) -> bool:
    """Tell whether a cell holds the code of an area."""
    return any(c.isdigit() for c in cell) and parse_area_code(cell) is not None


def _find_code_columns(grid: Grid) -> list[int]:
    """Return the columns that hold codes of areas in at least half as many rows as the fullest."""
    counts: dict[int, int] = {}
    for _, row in grid:
        for place, cell in enumerate(row):
            if _holds_code(cell):
                counts[place] = counts.get(place, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(place for place, n in counts.items() if 2 * n >= most) if most > 1 else []


def _read_grid(file: str, grid: Grid, places: list[int]) -> Export | None:
    """Return the values of a table of rows."""
    first = next(
        i for i, (_, row) in enumerate(grid) if len(row) > places[0] and parse_area_code(row[places[0]])
    )
    head, body = [row for _, row in grid[:first]], [row for _, row in grid[first:]]
    wide = max(map(len, body))
    head = [(*row, *[""] * (wide - len(row))) for row in head]
    body = [(*row, *[""] * (wide - len(row))) for row in body]
    title = next((row[0] for row in head if row[0] and not any(row[1:])), "")
    head = [row for row in head if sum(map(bool, row)) > 1 or any(row[1:])]
    values = _find_value_columns(body, places)
    times = [
        c for c in range(wide) if any(simplify_name(row[c]) in _TIME for row in head) and c not in places
    ]
    times = [c for c in times if all(_YEAR.fullmatch(row[c]) for row in body if row[c])]
    values = [c for c in values if c not in times]
    stubs = [c for c in range(min(values, default=0)) if c not in places and c not in times]
    head = [
        row for row in head if not any(_is_amount(row[c]) for c in values)
    ]  # the country, above its areas
    headers = {c: _join_header(head, values, c) for c in values}
    if len(values) == 1 and any(simplify_name(row[s]) in _CONTENTS for row in head for s in stubs):
        headers = {c: ([], year) for c, (_, year) in headers.items()}
    year = int(_YEAR.findall(title)[-1]) if _YEAR.search(title) else 0
    out: list[Observation] = []
    names: dict[str, str] = {}
    area, labels = None, [""] * wide
    for row in body:
        codes = [code for place in places if (code := parse_area_code(row[place]))]
        if codes:
            area = codes[0]
            names.setdefault(area.code, next((n for p in places if (n := parse_area_name(row[p]))), ""))
        elif any(row[place] for place in places):
            area = None  # the country, a county, a total, or a footnote
        if area is None:
            continue
        labels = [cell or labels[c] if c in (*stubs, *times) else "" for c, cell in enumerate(row)]
        for c in values:
            if row[c]:
                told = [_simplify(labels[s], " ") for s in stubs] + headers[c][0]
                when = headers[c][1] or next((int(labels[t]) for t in times if labels[t]), 0) or year
                out.append(Observation(area, tuple(t for t in told if t), when, _parse_value(file, row[c])))
    return Export(file, title, out, {code: name for code, name in names.items() if name}) if out else None


def _is_amount(text: str) -> bool:
    """Tell whether a text is a number and no year."""
    return re.fullmatch(r"[\d\s\u00a0.,]+", text) is not None and not _YEAR.fullmatch(text)


@cache
def _parse_value(file: str, text: str) -> float:
    """Return a value, NaN if it is missing or no number."""
    try:
        return parse_number(write_text_table(file, {"v": [text]}), 0, "v", text)
    except DataError:
        return float("nan")


_simplify = cache(simplify_name)
"""Names in plain letters: a table says few things many times."""


def _find_value_columns(body: list[tuple[str, ...]], places: list[int]) -> list[int]:
    """Return the columns of numbers at the right of the last column of texts."""
    kinds = {}
    for c in range(len(body[0])):
        cells = [row[c] for row in body if row[c]]
        numbers = sum(
            is_missing(cell) or re.fullmatch(r"[-−~]?[\d\s\u00a0.,]+%?", cell) is not None for cell in cells
        )
        kinds[c] = bool(cells) and c not in places and 2 * numbers > len(cells)
    texts = [c for c in kinds if not kinds[c] and any(row[c] for row in body[: len(body) // 2 + 1])]
    return [c for c in kinds if kinds[c] and c > max(texts, default=-1)]


def _join_header(head: list[tuple[str, ...]], values: list[int], column: int) -> tuple[list[str], int]:
    """Return the labels above a column of values in plain letters, and the year among them or 0."""
    labels, year = [], 0
    for row in head:
        cell = next((row[c] for c in range(column, min(values) - 1, -1) if row[c]), "")
        if _YEAR.search(cell):
            year = int(_YEAR.findall(cell)[-1])
        labels.append(simplify_name(_YEAR.sub("", cell), " "))
    return [label for label in labels if label], year


def _read_json_stat(path: Path) -> Export | None:
    """Return the values of a dataset in JSON-stat."""
    try:
        content: Any = json.loads(decode(path.name, read_bytes(path)))
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError("is not JSON; fetch it anew", "är inte JSON; hämta den på nytt") from error
    content = content.get("dataset", content) if isinstance(content, dict) else {}
    if not {"id", "size", "dimension", "value"} <= content.keys():
        raise DataError(
            "is JSON of another kind; save the table as JSON-stat 2, .xlsx or .csv",
            "är JSON av annat slag; spara tabellen som JSON-stat 2, .xlsx eller .csv",
        )
    try:
        return _read_dataset(path.name, content)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DataError(
            f"{path.name}: is no whole JSON-stat dataset ({error}); fetch it anew",
            f"{path.name}: är inget helt dataset i JSON-stat ({error}); hämta det på nytt",
        ) from error


def _read_dataset(file: str, content: dict[str, Any]) -> Export | None:
    """Return the values of a JSON-stat dataset, in the order of its dimensions."""
    categories = [_list_categories(content["dimension"][name]["category"]) for name in content["id"]]
    coded = [all(parse_area_code(code) for code, _ in one) for one in categories]
    if True not in coded:
        return None
    region = coded.index(True)
    times = content.get("role", {}).get("time", ["Tid"])
    names = {
        area.code: parse_area_name(label)
        for code, label in categories[region]
        if (area := parse_area_code(code)) and parse_area_name(label)
    }
    out = []
    for at, value in _walk(content["value"], content["size"]):
        chosen = [one[i] for one, i in zip(categories, at, strict=True)]
        area = parse_area_code(chosen[region][0])
        year, labels = 0, []
        for name, (code, label), k in zip(content["id"], chosen, range(len(at)), strict=True):
            if name in times and _YEAR.search(code):
                year = int(_YEAR.findall(code)[0])
            elif k != region:
                labels.append(_simplify(label, " "))
        assert area is not None
        out.append(Observation(area, tuple(labels), year, float("nan") if value is None else float(value)))
    return Export(file, str(content.get("label", "")), out, names)


def _list_categories(category: dict[str, Any]) -> list[tuple[str, str]]:
    """Return codes and labels of the categories of a dimension in their order."""
    index = category.get("index", list(category.get("label", {})))
    codes = sorted(index, key=lambda code: index[code]) if isinstance(index, dict) else list(index)
    labels = category.get("label", {})
    return [(str(code), str(labels.get(code, code))) for code in codes]


def _walk(values: Any, size: list[int]) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Yield the place of every value in each dimension, and the value; the last dimension runs fastest."""
    total = 1
    for n in size:
        total *= n
    for flat in range(total):
        at, rest = [], flat
        for n in reversed(size):
            at.append(rest % n)
            rest //= n
        yield tuple(reversed(at)), values.get(str(flat)) if isinstance(values, dict) else values[flat]

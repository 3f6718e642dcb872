"""Plans of homes and schools as a table beside the scenario: a row per plan, in the columns planners use."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from segsim.errors import DataError, did_you_mean, list_names
from segsim.scenario.files.paths import expand_path, is_file
from segsim.scenario.files.text_table import TextTable, parse_number, parse_whole, plain_name, read_text_table
from segsim.scenario.policies import school_plan_file
from segsim.scenario.reading import Document, FileText, Keys, Origin, Problem, refuse, show_path
from segsim.tables import TENURES
from segsim.words.text import Text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "areas": ("area", "areas", "område", "områden", "deso", "stadsdel", "regso", "district"),
    "year": ("year", "år", "färdigt", "completed", "inflyttning"),
    "dwellings": ("dwellings", "bostäder", "antal", "antal bostäder", "lägenheter"),
    "tenure": ("tenure", "upplåtelseform", "upplåtelse"),
    "sizes": ("sizes", "size", "rooms", "storlekar", "storlek", "rum"),
    "name": ("name", "plan", "namn", "projekt", "project", "detaljplan"),
}
"""What each column of a plan may be called, in lower case; sizes and name may be left out."""
REQUIRED = ("areas", "year", "dwellings", "tenure")
MOST_ROOMS = 5
ROOMS = re.compile(r"(\d+)\s*(?:\+|\s)?\s*(?:rok|rum|rooms?)(?:\s*\+)?")
"""A column of dwellings of so many rooms, such as `2 rok`."""
COMMENTS = ("comment", "kommentar", "comments", "note", "notes", "remark", "anmärkning", "notering")
"""Columns for readers alone."""
NOTHING = ("", "-", ".", "..", "…", "x", "n/a", "N/A")
"""Cells that hold nothing."""

TENURE_WORDS: Mapping[str, tuple[str, ...]] = {
    "public_rental": ("public_rental", "public rental", "allmännytta", "allmännyttig hyresrätt"),
    "private_rental": ("private_rental", "private rental", "privat hyresrätt"),
    "rental": ("rental", "hyresrätt", "hyresrätter", "hr"),
    "cooperative": ("cooperative", "bostadsrätt", "bostadsrätter", "br"),
    "owner_occupied": ("owner_occupied", "owner-occupied", "owned", "äganderätt", "äganderätter", "småhus"),
}
"""What each tenure may be called; `rental` is of no landlord named."""
SHARES: Mapping[str, Mapping[str, float]] = {
    **{tenure: {tenure: 1.0} for tenure in TENURES},
    "rental": {"public_rental": 0.5, "private_rental": 0.5},
}
"""Tenure shares of a plan by its tenure; rentals of no landlord named are half of each (assumed)."""


class PlanForm(NamedTuple):
    """How a table of plans is read: its setting, its columns, those it needs, if it has rooms, a row."""

    setting: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    has_rooms: bool
    read_row: Callable[[TextTable, int], dict[str, Any]]


def list_forms() -> dict[str, PlanForm]:
    """Return the forms of tables, by the policy whose plans they hold."""
    schools = school_plan_file
    return {
        "named_plans": PlanForm("plans", COLUMNS, REQUIRED, True, read_plan),
        "school_plan": PlanForm("changes", schools.COLUMNS, schools.REQUIRED, False, schools.read_change),
    }


def expand_plan_files(document: Document) -> None:
    """Put the rows of the files that plans name in their place, each known by its file and row.

    Raises
    ------
    ScenarioError
        With every row that is wrong, its file, row and column, and the remedy.
    """
    for way in (("policies",), ("programme", "policies")):
        holder = document.values if len(way) == 1 else document.values.get(way[0])
        items = holder.get("policies") if isinstance(holder, dict) else None
        for i, item in enumerate(items if isinstance(items, tuple) else ()):
            for kind, form in list_forms().items() if isinstance(item, Mapping) else ():
                settings = item.get(kind)
                if isinstance(settings, dict) and isinstance(settings.get(form.setting), str):
                    keys = (*way, i, kind, form.setting)
                    settings[form.setting] = read_plan_file(document, settings[form.setting], keys, form)


def read_plan_file(document: Document, name: str, keys: Keys, form: PlanForm) -> tuple[dict[str, Any], ...]:
    """Return the plans of a file, and note where each was written."""
    setting = form.setting
    here = document.origin(keys)
    folder = name.folder if isinstance(name, FileText) else Path()
    path = expand_path(name, folder)
    if not is_file(path):
        text = Text(
            f'{setting}: there is no file "{name}" (looked for {path}); name a table, or list the {setting} '
            "here",
            f'{setting}: det finns ingen fil "{name}" (sökte {path}); ange en tabell, eller räkna upp '
            "raderna här",
        )
        refuse([Problem(here, text)])
    try:
        table = read_text_table(path, next(iter(form.columns.values())))
    except DataError as error:
        refuse([Problem(here, Text(f"{setting}: {error}", f"{setting}: {error:sv}"))])
    file = show_path(path)
    flaws = (*find_missing_columns(table, form), *find_unknown_columns(table, form))
    problems = [Problem(Origin(file, table.lines[0] - 1), text) for text in flaws]
    refuse(problems)
    plans = []
    for row, line in enumerate(table.lines):
        try:
            plans.append(form.read_row(table, row))
        except DataError as error:
            # the origin names the file; what is left begins with the row, and the column
            bare = (one.removeprefix(f"{table.file}: ").replace(", ", ": ", 1) for one in error.lines[0])
            problems.append(Problem(Origin(file, line), Text(*bare)))
    repeated = find_repeated_rows(table, file) if form.has_rooms else ()  # of schools the plan itself tells
    refuse([*problems, *repeated])
    for number, line in enumerate(table.lines):
        document.origins[*keys, number] = Origin(file, line)
    return tuple(plans)


def find_repeated_rows(table: TextTable, file: str) -> Iterator[Problem]:
    """Yield the rows that say word for word what a row before says: they would count twice."""
    first: dict[tuple[str, ...], int] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        before = first.setdefault(tuple(row), line)
        if before != line:
            text = Text(
                f"says the same as row {before}; remove one of them, or give the plans names of their own",
                f"säger detsamma som rad {before}; ta bort en av dem, eller ge planerna egna namn",
            )
            yield Problem(Origin(file, line), text)


def find_missing_columns(table: TextTable, form: PlanForm) -> Iterator[Text]:
    """Yield what is wrong with the header."""
    for names in (form.columns[column] for column in form.required):
        if table.column(*names) is None:
            hints = (hint for name in names if (hint := did_you_mean(name, table.header)))
            near = next(hints, Text("; add it to the header", "; lägg till den i rubriken"))
            yield Text(
                f"there is no column {' or '.join(names[:4])}{near}",
                f"det finns ingen kolumn {' eller '.join(names[:4])}{near:sv}",
            )


def find_unknown_columns(table: TextTable, form: PlanForm) -> Iterator[Text]:
    """Yield the columns that nothing reads, with what each may have been meant as."""
    names = {plain_name(name): names for names in (*form.columns.values(), COMMENTS) for name in names}
    for header in table.header:
        if not header or plain_name(header) in names or (form.has_rooms and ROOMS.fullmatch(header)):
            continue
        absent = [known[0] for known in form.columns.values() if table.column(*known) is None]
        near = did_you_mean(header, absent)
        yield Text(
            f'unknown column "{header}"{near}; remove it, or call it {COMMENTS[0]}',
            f'okänd kolumn "{header}"{near:sv}; ta bort den, eller kalla den {COMMENTS[1]}',
        )


def read_plan(table: TextTable, row: int) -> dict[str, Any]:
    """Return the plan of a row as a scenario file would write it."""
    cells = table.read_cells(row, COLUMNS)
    if cells["areas"] in NOTHING:
        raise table.fault(
            "is empty; write an area or a district by name, or all",
            "är tom; skriv ett område eller en stadsdel med namn, eller alla",
            row,
            "area",
        )
    plan: dict[str, Any] = {
        "areas": "all" if cells["areas"].lower() in ("all", "alla") else (cells["areas"],),
        "year": parse_whole(table, row, "year", cells["year"]),
        "dwellings": parse_whole(table, row, "dwellings", cells["dwellings"]),
        "tenure_shares": dict(read_tenure(table, row, cells["tenure"])),
    }
    if cells.get("name"):
        plan["name"] = cells["name"]
    counts = read_columns_of_rooms(table, row) or read_sizes(table, row, cells.get("sizes", ""))
    total = sum(counts)
    if counts and total > 1.01 and total not in (plan["dwellings"], 100):
        raise table.fault(
            f"sizes are of {total:g} dwellings, and the row has {plan['dwellings']}; correct one of them",
            f"storlekarna gäller {total:g} bostäder, och raden har {plan['dwellings']}; rätta ett av dem",
            row,
            "sizes",
        )
    return plan | ({"rooms": tuple(count / total for count in counts)} if total else {})


def read_tenure(table: TextTable, row: int, text: str) -> Mapping[str, float]:
    """Return the tenure shares that a word for a tenure means."""
    tenures = {word: tenure for tenure, words in TENURE_WORDS.items() for word in words}
    word = " ".join(text.lower().split())
    if word not in tenures:
        known = list_names(tenures)
        near = did_you_mean(word, tenures) or Text(f"; known are {known}", f"; det finns {known:sv}")
        raise table.fault(
            f'there is no tenure "{text}"{near}; a plan of several tenures is a row for each',
            f'det finns ingen upplåtelseform "{text}"{near:sv}; en plan med flera upplåtelseformer är en rad '
            "för varje",
            row,
            "tenure",
        )
    return SHARES[tenures[word]]


def read_columns_of_rooms(table: TextTable, row: int) -> list[float]:
    """Return the dwellings by rooms from columns such as `2 rok`; nothing where there are none."""
    counts = [0.0] * MOST_ROOMS
    for place, header in enumerate(table.header):
        if match := ROOMS.fullmatch(header):
            number = parse_number(table, row, header, table.rows[row][place])
            if number < 0 or not int(match[1]) >= 1:
                raise table.fault("must be 0 or more", "ska vara 0 eller mer", row, header)
            counts[min(int(match[1]), MOST_ROOMS) - 1] += 0.0 if number != number else number
    return counts if any(counts) else []


def read_sizes(table: TextTable, row: int, text: str) -> list[float]:
    """Return dwellings by rooms from `1: 10, 2: 20`, or the share of each from `3` or `2-4` (evenly)."""
    plain = re.sub(r"(rok|rum|rooms?|r\s*o\s*k)", "", text.lower().replace("–", "-")).strip()
    if plain in NOTHING:
        return []
    counts = [0.0] * MOST_ROOMS
    for part in re.split(r"[,;/]", plain):
        match = re.fullmatch(r"\s*(\d)(?:\s*-\s*(\d))?\s*(?::\s*([\d.]+))?\s*\+?\s*", part)
        if match is None or not 1 <= int(match[1]) <= int(match[2] or match[1]):
            raise table.fault(
                f'"{text}" is no list of sizes; write rooms as "3", "2-4", or "1: 10, 2: 20"',
                f'"{text}" är ingen lista med storlekar; skriv rum som "3", "2-4" eller "1: 10, 2: 20"',
                row,
                "sizes",
            )
        first, last = (min(int(n), MOST_ROOMS) for n in (match[1], match[2] or match[1]))
        for n in range(first, last + 1):
            counts[n - 1] += float(match[3] or 1) / (last - first + 1)
    return counts if ":" in plain else [count / sum(counts) for count in counts]

"""School plans as a table beside the scenario: a row for each change, in the columns planners use."""

import re
from collections.abc import Mapping
from typing import Any

from segsim.errors import did_you_mean, list_names
from segsim.scenario.files.text_table import TextTable, parse_whole
from segsim.words.text import Text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "school": ("school", "skola", "skolenhet", "name", "namn"),
    "year": ("year", "år", "läsår"),
    "change": ("change", "ändring", "åtgärd", "händelse"),
    "areas": ("area", "areas", "område", "områden", "deso", "stadsdel", "regso", "district"),
    "grades": ("grades", "årskurser", "årskurs", "stadium"),
    "seats": ("seats", "platser", "platser per årskurs", "seats per grade"),
    "provider": ("provider", "huvudman", "regi"),
}
"""What each column may be called, in lower case; all after the third may be left out."""
REQUIRED = ("school", "year", "change")

CHANGE_WORDS: Mapping[str, tuple[str, ...]] = {
    "open": ("open", "opens", "öppnar", "ny", "new", "startar"),
    "close": ("close", "closes", "stänger", "läggs ned", "läggs ner", "nedläggning"),
    "move": ("move", "moves", "flyttar", "flytt"),
    "resize": ("resize", "seats", "platser", "ändrar platser", "byggs ut", "minskar"),
}
PROVIDER_WORDS: Mapping[str, tuple[str, ...]] = {
    "municipal": ("municipal", "kommunal", "kommun", "k"),
    "independent": ("independent", "fristående", "enskild", "friskola", "e", "f"),
}
GRADE_WORDS = {"0-6": (0, 6), "7-9": (7, 9), "0-9": (0, 9)}
"""The grades that a school teaches in the model."""


def read_change(table: TextTable, row: int) -> dict[str, Any]:
    """Return the line of a row as a scenario file would write it; what is empty is left out."""
    cells = table.read_cells(row, COLUMNS)
    cells = {column: text for column, text in cells.items() if text not in ("", "-", ".", "..")}
    line: dict[str, Any] = {"school": cells.get("school", "")}
    line["year"] = parse_whole(table, row, "year", cells.get("year", ""))
    line["change"] = _read_word(table, row, "change", cells.get("change", ""), CHANGE_WORDS)
    if "areas" in cells:
        line["areas"] = "all" if cells["areas"].lower() in ("all", "alla") else (cells["areas"],)
    if "provider" in cells:
        line["provider"] = _read_word(table, row, "provider", cells["provider"], PROVIDER_WORDS)
    if "grades" in cells:
        line["first_grade"], line["last_grade"] = _read_grades(table, row, cells["grades"])
    if "seats" in cells:
        line["seats"] = parse_whole(table, row, "seats", cells["seats"])
    return line


def _read_word(
    table: TextTable, row: int, column: str, text: str, words: Mapping[str, tuple[str, ...]]
) -> str:
    """Return what a word of a column means."""
    meaning = {word: key for key, known in words.items() for word in known}
    word = " ".join(text.lower().split())
    if word not in meaning:
        known = list_names(meaning)
        near = did_you_mean(word, meaning) or Text(f"; known are {known}", f"; det finns {known:sv}")
        raise table.fault(
            f'"{text}" cannot stand here{near}', f'"{text}" kan inte stå här{near:sv}', row, column
        )
    return meaning[word]


def _read_grades(table: TextTable, row: int, text: str) -> tuple[int, int]:
    """Return the first and last grade of `0-9`, `F-9` or `7-9`."""
    word = re.sub(r"(åk|årskurs|grades?|\s)", "", text.lower().replace("–", "-"))
    word = re.sub(r"^f-", "0-", word)
    if word not in GRADE_WORDS:
        raise table.fault(
            f'"{text}" are no grades that a school teaches here; write 0-6, 7-9 or 0-9 (F for 0)',
            f'"{text}" är inga årskurser som en skola kan ha här; skriv F-6, 7-9 eller F-9',
            row,
            "grades",
        )
    return GRADE_WORDS[word]

"""The command that makes a scenario of a folder of exports."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segsim.cli.checking import check_scenario
from segsim.cli.options import Language, Tongue
from segsim.cli.showing import console_table, show
from segsim.errors import DataError, ScenarioError
from segsim.words.text import Text

if TYPE_CHECKING:
    from segsim.sweden.municipalities import Municipality
    from segsim.synthesis.imports.writing import Import


def import_(
    folder: Annotated[
        Path, typer.Argument(help="Folder with exports of Statistics Sweden, maps and schools.")
    ],
    municipality: Annotated[str, typer.Option("--municipality", help="Name or code of the municipality.")],
    out: Annotated[Path | None, typer.Option("--out", help="The scenario file to write.")] = None,
    year: Annotated[int | None, typer.Option("--year", help="The year the city begins.")] = None,
    fill: Annotated[
        bool,
        typer.Option("--fill", help="Take what is missing from the facts of 2022 that come with segsim."),
    ] = False,
    from_scb: Annotated[
        bool,
        typer.Option(
            "--from-scb", help="Fetch the tables from Statistics Sweden into the folder first (segsim[scb])."
        ),
    ] = False,
    table: Annotated[
        list[str] | None,
        typer.Option("--table", help="Number of a table to fetch in place of the usual: income=TAB6679."),
    ] = None,
    language: Tongue = Language.en,
) -> None:
    """Put a folder of exports as they come together into a scenario that runs."""
    from segsim.sweden.municipalities import find_municipality
    from segsim.synthesis.imports.writing import import_folder

    place = find_municipality(municipality)
    if from_scb:
        fetch(folder, place, year, table or [], language)
    elif table:
        raise DataError("--table needs --from-scb", "--table behöver --from-scb")
    made = import_folder(folder, place, out, year, fill)
    show_import(made, language)
    if made.written is not None:
        print(check_scenario(str(made.written), None, language))
    command = f"segsim run {made.written} --language {language.value}"
    print(Text(f"Run it: {command}", f"Kör den: {command}").in_language(language.value))


def fetch(
    folder: Path, municipality: "Municipality", year: int | None, tables: list[str], language: Language
) -> None:
    """Fetch tables into a folder and say which."""
    from segsim.synthesis.imports.fetching import fetch_tables, open_database

    numbers = dict(text.partition("=")[::2] for text in tables)
    for key, number in numbers.items():
        if not number:
            raise DataError(
                f"--table {key}: write which table and its number, such as income=TAB6679",
                f"--table {key}: skriv vilken tabell och dess nummer, såsom income=TAB6679",
            )
    for one in fetch_tables(folder, municipality, open_database(), year, numbers):
        title = one.subject.title.in_language(language.value)
        print(f"{one.file.name}: {title} ({one.number}) {one.year}")


def show_import(made: "Import", language: Language) -> None:
    """Say what every file was taken for and what was filled; refuse if a needed table is missing."""
    header = Text("file", "fil"), Text("taken for", "togs för")
    table = console_table(*(word.in_language(language.value) for word in header), spaced=False)
    for file in made.folder.files:
        fault = f": {format(file.fault, language.value)}" if file.fault else ""
        table.add_row(file.name, file.taken.in_language(language.value) + fault)
    show(table)
    for note in made.notes:
        print(note.text(language.value))
    if made.assembly.missing:
        titles = [(one.title, one.table) for one in made.assembly.missing]
        english = "".join(f"\n  {title}: {table}" for title, table in titles)
        swedish = "".join(f"\n  {title:sv}: {table:sv}" for title, table in titles)
        raise ScenarioError(
            "nothing was written, since tables are missing; fetch them from Statistics Sweden's database, or "
            f"give --fill to take them from 2022:{english}",
            "inget skrevs, eftersom tabeller saknas; hämta dem i SCB:s statistikdatabas, eller ange --fill "
            f"för att ta dem från 2022:{swedish}",
        )

"""Tables fetched from Statistics Sweden's database (PxWeb API 2) into a folder, to be imported like others.

Of each table only its number is presumed. Its variables are asked for, and all their values are taken, but
for the areas of one municipality and one year: what they mean is read from their labels, as in any export.
"""

import csv
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from segsim.errors import DataError, list_names
from segsim.sweden.municipalities import Municipality
from segsim.synthesis.files.area_codes import NEW_SINCE, parse_area_code
from segsim.synthesis.imports.subjects import SUBJECTS, Subject

_REGION, _YEAR = "Region", "Tid"
"""Variables that every table by area has."""

Variables = Mapping[str, Mapping[str, Any]]


class PxDatabase(Protocol):
    """What is asked of a database: pxwebpy's PxApi, or recorded answers."""

    def get_table_variables(self, table_id: str) -> Any:
        """Return the variables of a table with the labels of their values."""

    def get_table_data(self, table_id: str, value_codes: dict[str, Any], *, show: Any) -> Any:
        """Return a row per value, with what it stands under."""


class Fetched(NamedTuple):
    """A table that was fetched, its year, and its file."""

    subject: Subject
    number: str
    year: int
    file: Path


class _Listing(NamedTuple):
    """A table before it is fetched: its subject, number and variables."""

    subject: Subject
    number: str
    variables: Variables

    @property
    def years(self) -> list[int]:
        """The years it has."""
        return sorted(int(code) for code in self.variables[_YEAR]["category"]["label"] if code.isdigit())


def open_database(url: str = "scb") -> PxDatabase:
    """Connect to Statistics Sweden's database.

    Raises
    ------
    DataError
        If the package for it is not installed, or it does not answer.
    """
    try:
        pxweb = import_module("pxweb")
    except ImportError as error:
        raise DataError(
            "fetching tables needs one more package; pip install 'segsim[scb]', or export them by hand",
            "att hämta tabeller kräver ett paket till; pip install 'segsim[scb]', eller ta ut dem för hand",
        ) from error
    try:
        database: PxDatabase = pxweb.PxApi(url, language="sv", max_workers=1)
    except Exception as error:  # of requests, of JSON, and pxwebpy's own
        raise _explain_silence(error) from error
    return database


def fetch_tables(
    folder: Path,
    municipality: Municipality,
    database: PxDatabase,
    year: int | None = None,
    numbers: Mapping[str, str] | None = None,
) -> list[Fetched]:
    """Fetch every table a city is made from; files that are there already are kept.

    Parameters
    ----------
    folder : Path
        Where the files are written, in the form of an export with a row for each value.
    municipality : Municipality
    database : PxDatabase
    year : int, optional
        The latest year; otherwise the latest that all needed tables have. A table that lacks it is fetched
        for the year before.
    numbers : mapping, optional
        Numbers of tables in place of those declared, by key of subject.

    Raises
    ------
    DataError
        If a table is not there, or lacks the municipality or the year.
    """
    numbers = numbers or {}
    keys = [subject.key for subject in SUBJECTS]
    for key in numbers:
        if key not in keys:
            raise DataError(
                f'there is no table "{key}" to give a number for; there are {list_names(keys)}',
                f'det finns ingen tabell "{key}" att ange nummer för; det finns {list_names(keys):sv}',
            )
    listings = [_list_variables(database, subject, year, numbers) for subject in SUBJECTS]
    latest = year or min(max(one.years) for one in listings if one.subject.needed and one.years)
    folder.mkdir(parents=True, exist_ok=True)
    return [_fetch(folder, municipality, database, one, latest) for one in listings]


def _list_variables(
    database: PxDatabase, subject: Subject, year: int | None, numbers: Mapping[str, str]
) -> _Listing:
    """Ask for the variables of a table."""
    declared = subject.older if subject.older and year and year < NEW_SINCE else subject.number
    number = numbers.get(subject.key, declared)
    try:
        listing = _Listing(subject, number, database.get_table_variables(number))
        known = bool(listing.years) and _REGION in listing.variables
    except Exception as error:
        raise _explain_table(subject, number, error) from error
    if not known:
        raise _explain_table(subject, number, "no years or no regions in it")
    return listing


def _fetch(
    folder: Path, municipality: Municipality, database: PxDatabase, one: _Listing, latest: int
) -> Fetched:
    """Fetch a table for the areas of a municipality, of the last year up to one."""
    year = max((y for y in one.years if y <= latest), default=one.years[0])
    path = folder / f"{one.number}_{municipality.code}_{year}.csv"
    fetched = Fetched(one.subject, one.number, year, path)
    if path.exists():
        return fetched
    selection = {name: list(about["category"]["label"]) for name, about in one.variables.items()}
    selection[_REGION] = _choose_regions(one, municipality, year)
    selection[_YEAR] = [str(year)]
    try:
        rows = database.get_table_data(one.number, selection, show="code_value")
    except Exception as error:
        raise _explain_table(one.subject, one.number, error) from error
    if not rows:  # an empty file would be kept, and never fetched again
        raise _explain_table(one.subject, one.number, f"no values for {municipality.name} in {year}")
    _write_rows(path, rows, one.variables[_REGION].get("label", "region"))
    return fetched


def _choose_regions(one: _Listing, municipality: Municipality, year: int) -> list[str]:
    """Return the codes of a municipality's areas of the division of a year, else of its districts."""
    of_year: dict[bool, list[str]] = {False: [], True: []}
    for code in one.variables[_REGION]["category"]["label"]:
        area = parse_area_code(code)
        if area and area.municipality == municipality.code and (area.year >= 2025) == (year >= NEW_SINCE):
            of_year[area.is_district].append(code)
    if not any(of_year.values()):
        raise _explain_table(one.subject, one.number, f"no areas of {municipality.name} in {year}")
    return of_year[False] or of_year[True]


def _write_rows(path: Path, rows: list[dict[str, Any]], region: str) -> None:
    """Write rows as a table: regions with their codes, other labels without."""
    temporary = path.with_suffix(".part")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        for row in rows:
            cells = [
                text if name in (region, "value") else str(text).split(": ", 1)[-1]
                for name, text in row.items()
            ]
            writer.writerow(".." if cell is None else cell for cell in cells)
    temporary.replace(path)


def _explain_table(subject: Subject, number: str, reason: object) -> DataError:
    """Return the error of a table that cannot be fetched."""
    why = " ".join(str(reason).split())[:200] or type(reason).__name__
    return DataError(
        f"{number} ({subject.title.en}) could not be fetched: {why}; if the table has another number now, "
        f"give --table {subject.key}=TAB..., or export it by hand",
        f"{number} ({subject.title.sv}) kunde inte hämtas: {why}; om tabellen har ett annat nummer nu, ange "
        f"--table {subject.key}=TAB..., eller ta ut den för hand",
    )


def _explain_silence(reason: object) -> DataError:
    """Return the error of a database that does not answer."""
    why = " ".join(str(reason).split())[:200] or type(reason).__name__
    return DataError(
        f"Statistics Sweden's database does not answer ({why}); try later, or export the tables by hand",
        f"SCB:s databas svarar inte ({why}); försök senare, eller ta ut tabellerna för hand",
    )

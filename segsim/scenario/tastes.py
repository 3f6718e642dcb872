"""Calibrated tastes laid under what a scenario says of its own: of a file, or those that come with segsim."""

from pathlib import Path
from typing import Any

from segsim.errors import ScenarioError
from segsim.scenario.files.paths import expand_path, is_file
from segsim.scenario.merging import merge_documents
from segsim.scenario.names.dotted_keys import nest_values
from segsim.scenario.reading import Document, FileText, Origin, read_document, show_path
from segsim.sweden.municipalities import match_municipalities
from segsim.sweden.tastes import read_tastes


def add_tastes(document: Document) -> Document:
    """Lay the tastes that keep its municipality as it is under a document; what it says itself stands.

    They are those of the file that `tastes` names, as `segsim calibrate` writes it, else those that come
    with segsim for the municipality of `city`, if it has any.
    """
    name = document.values.get("tastes")
    if name is not None and name != "":
        return merge_documents(_read_file(name, document.origin(("tastes",))), document)
    city = document.values.get("city")
    code = _find_code(city) if isinstance(city, dict) else None
    values = read_tastes(code) if code else {}
    if not values:
        return document
    origin = Origin(f"tastes of {code} that come with segsim", 0, f"smaker för {code} som följer med segsim")
    return merge_documents(Document(nest_values(values), {(): origin}), document)


def _read_file(name: object, origin: Origin) -> Document:
    """Read a file of tastes, which holds preferences and nothing else."""
    if not isinstance(name, str):
        raise ScenarioError(
            f"{origin}: tastes: must be the name of a file, as segsim calibrate writes it",
            f"{origin:sv}: tastes: ska vara namnet på en fil, som segsim calibrate skriver den",
        )
    folder = name.folder if isinstance(name, FileText) else Path()
    path = expand_path(name, folder)
    if not is_file(path):
        raise ScenarioError(
            f"{origin}: tastes: there is no file {show_path(path)}; segsim calibrate writes one; or leave "
            "the key out",
            f"{origin:sv}: tastes: det finns ingen fil {show_path(path)}; segsim calibrate skriver en; "
            "eller utelämna nyckeln",
        )
    document = read_document(path)
    if others := [key for key in document.values if key != "preferences"]:
        raise ScenarioError(
            f"{document.origin((others[0],))}: a file of tastes holds preferences and nothing else; move "
            f'"{others[0]}" to the scenario',
            f"{document.origin((others[0],)):sv}: en fil med smaker rymmer preferences och inget annat; "
            f'flytta "{others[0]}" till scenariot',
        )
    return document


def _find_code(city: dict[str, Any]) -> str | None:
    """Return the code of the one municipality a city is, if it is one of Sweden's."""
    name = city.get("municipality")
    matches = match_municipalities(str(name)) if isinstance(name, str | int) else ()
    return matches[0].code if len(matches) == 1 else None

"""Sweden's municipalities, and the one a text means."""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from segsim.errors import ScenarioError, did_you_mean, find_nearest, suggest_word
from segsim.sweden.facts import read_facts
from segsim.words.text import Text


class Municipality(NamedTuple):
    """One municipality on 31 December 2022.

    `foreign_background` is a share of residents, `D` the dissimilarity of foreign and Swedish background over
    areas (DeSO), `types` the shares of residents in areas of official type 1 to 5.
    """

    code: str
    name: str
    full_name: str
    county_code: str
    county: str
    persons: int
    areas: int
    districts: int
    foreign_background: float
    D: float
    types: tuple[float, float, float, float, float]

    @property
    def key(self) -> str:
        """The name in small plain letters, as a scenario is called."""
        return simplify_name(self.name, "_")


@cache
def list_municipalities() -> tuple[Municipality, ...]:
    """Return all municipalities in the order of their codes."""
    rows = read_facts("municipalities").to_pylist()
    return tuple(
        Municipality(types=tuple(row.pop(f"type_{kind}") for kind in range(1, 6)), **row) for row in rows
    )


def simplify_name(text: str, joint: str = "") -> str:
    """Return a name in small letters without marks; what parts its words becomes the joint.

    Examples
    --------
    >>> simplify_name("Upplands Väsby", "_")
    'upplands_vasby'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = "".join(c if c.isalnum() else " " * (not unicodedata.combining(c)) for c in plain).split()
    return joint.join(words)


def match_municipalities(text: str) -> tuple[Municipality, ...]:
    """Return the municipalities that a code or a name may mean; marks count only where they decide.

    Examples
    --------
    >>> [municipality.code for municipality in match_municipalities("Södertälje kommun")]
    ['0181']
    """
    text = unicodedata.normalize("NFC", text.strip())
    everybody = list_municipalities()
    if text.isdigit():
        return tuple(m for m in everybody if m.code == text.zfill(4))
    if both := re.fullmatch(r"(\d{3,4})\s+(\D.*)", text):  # as tables of Statistics Sweden have it
        return tuple(m for m in match_municipalities(both[2]) if m.code == both[1].zfill(4))
    short = re.sub(r"[\s_-]+(kommun|stad)$", "", text.casefold())
    matches = tuple(m for m in everybody if simplify_name(short) in _spellings(m))
    if len(matches) > 1 and any(letter in "åäö" for letter in short):
        return tuple(m for m in matches if m.name.casefold() == short)
    return matches


def _spellings(municipality: Municipality) -> tuple[str, str]:
    """Return the plain forms of a name: by itself, and as it stands before `kommun`."""
    return simplify_name(municipality.name), simplify_name(municipality.full_name.removesuffix(" kommun"))


def find_municipality(text: str) -> Municipality:
    """Return the municipality of a code or name.

    Raises
    ------
    ScenarioError
        If there is none, with what is near, or more than one, with their codes.
    """
    matches = match_municipalities(text)
    if len(matches) == 1:
        return matches[0]
    if matches:
        choices = " or ".join(f'"{m.code}" for {m.name}' for m in matches)
        val = " eller ".join(f'"{m.code}" för {m.name}' for m in matches)
        raise ScenarioError(
            f'"{text}" may be {len(matches)} municipalities; write the code, {choices}',
            f'"{text}" kan vara {len(matches)} kommuner; skriv koden, {val}',
        )
    raise ScenarioError(
        f'there is no municipality "{text}"{suggest_municipality(text)}',
        f'det finns ingen kommun "{text}"{suggest_municipality(text):sv}',
    )


class County(NamedTuple):
    """One county of Sweden: its code, its name, and the codes of its municipalities."""

    code: str
    name: str
    municipalities: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name without "län" in small plain letters, as a scenario is called."""
        return f"county_{simplify_name(self.name.removesuffix(' län'), '_')}"


@cache
def list_counties() -> tuple[County, ...]:
    """Return all counties in the order of their codes."""
    names = {m.county_code: m.county for m in list_municipalities()}
    return tuple(
        County(code, name, tuple(m.code for m in list_municipalities() if m.county_code == code))
        for code, name in sorted(names.items())
    )


def find_county(text: str) -> County:
    """Return the county of a code or name, with or without "län".

    Raises
    ------
    ScenarioError
        If there is none, with what is near.

    Examples
    --------
    >>> find_county("stockholm").code, find_county("1").name
    ('01', 'Stockholms län')
    """
    plain = simplify_name(re.sub(r"[\s_-]*(län|lan|county)$", "", text.strip().casefold()))
    names = {simplify_name(county.name.removesuffix(" län")): county for county in list_counties()}
    for name, county in names.items():
        # Stockholms län, and Stockholm
        if plain and (text.strip().zfill(2) == county.code or plain in (name, name.removesuffix("s"))):
            return county
    known = ", ".join(f"{county.code} {county.name}" for county in list_counties())
    near = find_nearest(plain, names)
    hint = suggest_word(names[near].name) if near else Text(f"; there are {known}", f"; det finns {known}")
    raise ScenarioError(f'there is no county "{text}"{hint}', f'det finns inget län "{text}"{hint:sv}')


def suggest_municipality(text: str) -> Text:
    """Return which municipality may be meant, or how to see them all."""
    names = {simplify_name(m.name, " "): m.name for m in list_municipalities()}
    near = did_you_mean(simplify_name(text, " "), names)
    for plain, name in names.items():
        near = Text(*(one.replace(f'"{plain}"', f'"{name}"') for one in near))
    return near or Text(
        "; segsim list municipalities shows them all", "; segsim list municipalities visar alla"
    )


def search_municipalities(text: str) -> tuple[Municipality, ...]:
    """Return the municipalities whose name, code or county holds a text; all of them for an empty one.

    Raises
    ------
    ScenarioError
        If there is none, with what is near.
    """
    sought = simplify_name(text)
    rows = tuple(
        m
        for m in list_municipalities()
        if sought in simplify_name(m.full_name)
        or sought in simplify_name(m.county)
        or m.code.startswith(sought)
    )
    if rows:
        return rows
    return (find_municipality(text),)

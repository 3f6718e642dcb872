"""Whether what a scenario asks of its city can be: homes off the market, growth, homes for those who come."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from segsim.rules.demography import DemographyPreferences
from segsim.scenario import Scenario
from segsim.scenario.messages import note_problem
from segsim.scenario.reading import Keys, Problem, refuse
from segsim.synthesis.areas.area_table import AreaCounts
from segsim.synthesis.notes import Note
from segsim.synthesis.places.homes import count_empty
from segsim.tables import TENURES, Array
from segsim.words.text import Text

_FASTEST = 0.1
"""Growth a year that `growth` allows, which forecasts and migration are held to as well."""
_MOST_TURNED = 0.02
"""Change of the share of foreign background in a year that a forecast may ask for (C): nobody but newcomers
brings it about, and a tenth of the residents are new at most."""
_MOST_LEAVE = 0.3
"""Share of residents that leaves no municipality in a year; Sundbyberg, the highest, has a tenth."""
_CROWDING = 1.25
"""Households per dwelling beyond which no municipality's dwellings and lodgers can hold them."""
_DEMOGRAPHY: Keys = ("preferences", "demography")


class _City(NamedTuple):
    """What a scenario begins with: residents, the share of foreign background, households and dwellings."""

    persons: float
    foreign: float
    households: float
    dwellings: float


def check_feasibility(scenario: Scenario, counts: AreaCounts) -> tuple[Note, ...]:
    """Return notes of what cannot be met as it is asked; refuse what cannot be at all.

    Raises
    ------
    ScenarioError
        With file, line, key and remedy.
    """
    persons, foreign, households, dwellings = (
        float(n.sum()) for n in (counts.persons, counts.origin[:, 1:], counts.households, counts.dwellings)
    )
    city = _City(persons, foreign / max(persons, 1.0), households, dwellings)
    problems = [*_check_growth(scenario, city), *_check_migration(scenario, city)]
    refuse([*problems, *_check_lodging(scenario, city)])
    return tuple(_check_market(scenario, counts))


def _check_market(scenario: Scenario, counts: AreaCounts) -> list[Note]:
    """Note how many homes stand empty where more are to be off the market or to let; refuse if in all."""
    market = scenario.city.housing
    key = "not_on_market" if market.not_on_market is not None else "to_let"
    asked = market.not_on_market or market.to_let
    if asked is None:
        return []
    stock, empty = count_empty(counts, market)
    wish = np.rint(np.array(asked.as_tuple()) * stock)
    way: Keys = ("city", "housing", key)
    if key == "not_on_market" and wish.sum() > empty.sum() + 1:
        most = _show_shares(empty / np.maximum(stock, 1))
        text = Text(
            f"{wish.sum():.0f} dwellings off the market, and {empty.sum():.0f} have no household; the shares "
            f"can be {most} at most",
            f"{wish.sum():.0f} bostäder utanför marknaden, och {empty.sum():.0f} saknar hushåll; andelarna "
            f"kan vara högst {most}",
        )
        refuse([note_problem(scenario.origin(way), way, text)])
    return [
        Note(
            "too_few_empty",
            {
                "key": f"{key}.{name}",
                "asked": float(share),
                "empty": float(e / max(s, 1)),
                "dwellings": int(s),
            },
        )
        for name, share, w, e, s in zip(TENURES, asked.as_tuple(), wish, empty, stock, strict=True)
        if w > e
    ]


def _show_shares(shares: Array) -> str:
    """Write a share of each tenure."""
    return ", ".join(f"{name} {np.floor(s * 1000) / 1000:g}" for name, s in zip(TENURES, shares, strict=True))


def _check_growth(scenario: Scenario, city: _City) -> Iterator[Problem]:
    """Yield the years of a forecast that the city cannot reach from what it is or from the year before."""
    preferences = scenario.preferences.demography
    years = sorted(preferences.forecast)
    if preferences.population_follows == "forecast" and years[-1] <= scenario.start:
        text = Text(
            f"ends in {years[-1]}, and the city begins at the end of {scenario.start}; name a later year, or "
            "remove it and write population_follows: start",
            f"slutar {years[-1]}, och staden börjar i slutet av {scenario.start}; ange ett senare år, eller "
            "ta bort den och skriv population_follows: start",
        )
        yield _tell(scenario, ("forecast",), text)
    for of, at_start in (("population", city.persons), ("households", city.households)):
        points = {y: n for y in years if (n := getattr(preferences.forecast[y], of)) is not None}
        year, number = scenario.start, points.get(scenario.start, at_start)
        for later, n in points.items():
            if later <= scenario.start:
                continue
            pace = (n / number) ** (1.0 / (later - year)) - 1.0
            if abs(pace) > _FASTEST:
                people, personer = ("persons", "personer") if of == "population" else (of, "hushåll")
                text = Text(
                    f"from {number:.0f} in {year} to {n:g} in {later} is {pace:+.0%} a year, and "
                    f"{_FASTEST:.0%} is the most; write {people} as they are, not thousands or growth",
                    f"från {number:.0f} år {year} till {n:g} år {later} är {pace:+.0%} om året, och "
                    f"{_FASTEST:.0%} är det mesta; skriv {personer} som de är, inte tusental eller ökning",
                )
                yield _tell(scenario, ("forecast", later, of), text)
                break
            year, number = later, n
    yield from _check_backgrounds(scenario, city)


def _check_backgrounds(scenario: Scenario, city: _City) -> Iterator[Problem]:
    """Yield the first year whose share of foreign background the city cannot reach."""
    forecast = scenario.preferences.demography.forecast
    points = {y: p for y in sorted(forecast) if (p := forecast[y].foreign_background) is not None}
    year, share = scenario.start, points.get(scenario.start, city.foreign)
    for later, p in points.items():
        if later <= scenario.start:
            continue
        pace = (p - share) / (later - year)
        if abs(pace) > _MOST_TURNED or city.foreign in (0.0, 1.0):
            text = Text(
                f"from {share:.1%} in {year} to {p:.1%} in {later} is {100 * pace:+.1f} points a year, and "
                f"{100 * _MOST_TURNED:.0f} is the most, from a city that has both backgrounds; write the "
                "share as 0.31, and that of the start year too if it is counted otherwise",
                f"från {share:.1%} år {year} till {p:.1%} år {later} är {100 * pace:+.1f} enheter om året, "
                f"och {100 * _MOST_TURNED:.0f} är det mesta, i en kommun som har båda bakgrunderna; skriv "
                "andelen som 0.31, och startårets andel också om den är räknad på annat sätt",
            )
            yield _tell(scenario, ("forecast", later, "foreign_background"), text)
            break
        year, share = later, p


def _check_migration(scenario: Scenario, city: _City) -> Iterator[Problem]:
    """Yield the years in which more would come or leave than can."""
    for year, figures in scenario.preferences.demography.migration.items():
        given = figures.model_dump(exclude_none=True)
        out = given.pop("out", None)
        if out is not None and out > _MOST_LEAVE * city.persons:
            text = Text(
                f"{out:g} leave a year of {city.persons:.0f} residents; write at most {_MOST_LEAVE:.0%}",
                f"{out:g} flyttar ut om året av {city.persons:.0f} boende; skriv högst {_MOST_LEAVE:.0%}",
            )
            yield _tell(scenario, ("migration", year, "out"), text)
        elif (net := sum(given.values()) - (out or _MOST_LEAVE * city.persons)) > _FASTEST * city.persons:
            text = Text(
                f"{sum(given.values()):g} come in, {net:.0f} more than leave, to {city.persons:.0f} "
                f"residents; growth is {_FASTEST:.0%} a year at most",
                f"{sum(given.values()):g} flyttar in, {net:.0f} fler än som flyttar ut, till "
                f"{city.persons:.0f} boende; ökningen är högst {_FASTEST:.0%} om året",
            )
            yield _tell(scenario, ("migration", year), text)


def _check_lodging(scenario: Scenario, city: _City) -> Iterator[Problem]:
    """Yield the year from which dwellings and lodgers cannot hold the households, where building is fixed."""
    share = scenario.rules.housing.construction.share_of_stock
    if share is None or scenario.policies or scenario.programme is not None:
        return
    for years in range(1, scenario.years + 1):
        dwellings = city.dwellings * (1.0 + share) ** years
        households = city.households * _follow_path(scenario, city, years)
        if households > _CROWDING * max(dwellings, city.households):
            year = scenario.start + years
            text = Text(
                f"{share:g} makes {dwellings:.0f} dwellings in {year}, where {households:.0f} households "
                "cannot live even as lodgers; leave it out so that building follows households, or let "
                "fewer come",
                f"{share:g} ger {dwellings:.0f} bostäder år {year}, där {households:.0f} hushåll inte får "
                "plats ens som inneboende; utelämna den så att byggandet följer hushållen, eller låt färre "
                "komma",
            )
            way: Keys = ("rules", "housing", "construction", "share_of_stock")
            yield note_problem(scenario.origin(way), way, text)
            return


def _follow_path(scenario: Scenario, city: _City, years: int) -> float:
    """Return the households that a scenario aims at after some years, over those at the start."""
    preferences = scenario.preferences.demography
    if preferences.population_follows == "start":
        return float((1.0 + preferences.growth) ** years)
    paths = (_interpolate(preferences, of, scenario.start, years, n) for of, n in (
        ("households", city.households), ("population", city.persons),
    ))  # fmt: skip
    return next((path for path in paths if path is not None), 1.0)


def _interpolate(
    preferences: DemographyPreferences, of: str, start: int, years: int, at_start: float
) -> float | None:
    """Return what a forecast says of one number after some years, over the start; None if it says nothing."""
    points = {y: n for y in sorted(preferences.forecast) if (n := getattr(preferences.forecast[y], of))}
    base = points.get(start, at_start)
    later = {y: n / base for y, n in points.items() if y > start}
    return float(np.interp(start + years, [start, *later], [1.0, *later.values()])) if later else None


def _tell(scenario: Scenario, keys: Keys, text: Text) -> Problem:
    """Return a problem of the demography."""
    way = (*_DEMOGRAPHY, *keys)
    return Problem(scenario.origin(way), Text(*(f"{'.'.join(map(str, way))}: {one}" for one in text)))

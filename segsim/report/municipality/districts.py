"""Every district of a city in one table, on the page and as a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from segsim import figures
from segsim.report.context import PageContext
from segsim.report.municipality.dwellers import FEWEST_PERSONS
from segsim.report.municipality.starting_city import StartingCity
from segsim.report.page import Head, Row, RowGroup, Table
from segsim.report.page_figures import PageFigure, png_figure
from segsim.report.tables.shown_measures import MAPS, TYPE
from segsim.runs.store.store import write_whole
from segsim.scenario.files.csv_text import write_csv
from segsim.sweden.facts import read_area_rows
from segsim.tables import TENURES

DISTRICTS = "districts.csv"
CHANGES = {"foreign_background": MAPS["foreign_background"], "index": MAPS["index"]}
"""What is told of a district at the start and at the end, by the name its columns begin with."""

_SWEDISH_ORDER = str.maketrans("åäö", "{|}")


class DistrictMap(NamedTuple):
    """The map of districts: the figure, and the names behind the numbers on it."""

    figures: list[PageFigure]
    key: list[tuple[int, str]]


def tabulate_districts(subject: PageContext, city: StartingCity, code: str | None) -> pd.DataFrame:
    """Return one row per district, in the order of their names; figures of too few persons are missing.

    Parameters
    ----------
    subject : PageContext
    city : StartingCity
    code : str or None
        Code of the municipality, if its facts come with segsim: then districts have their codes (RegSO).
    """
    base, (first, last) = subject.baseline.name, subject.years
    persons = city.residents.groupby("district")["persons"].sum()
    names = sorted(persons.index, key=lambda name: str(name).casefold().translate(_SWEDISH_ORDER))
    table = pd.DataFrame({"number": range(1, len(names) + 1), "district": names}, index=names)
    table["code"] = pd.Series(name_codes(code), dtype=object)
    table["persons"] = persons
    table["type_start"] = subject.most_frequent(TYPE, base, first)
    table["type_end"] = subject.most_frequent(TYPE, base, last)
    table["type_end_share_of_runs"] = subject.agreement(TYPE, base, last)
    tenures = city.residents.groupby(["district", "tenure"])["persons"].sum().unstack(fill_value=0)
    for name in TENURES:
        table[f"share_{name}"] = tenures.get(name, 0) / persons
    for name, series in CHANGES.items():
        of_district = series._replace(level=TYPE.level)
        table[f"{name}_start"] = subject.by_unit(of_district, base, first)
        changes = subject.change_by_unit(of_district, base)
        for part in changes.columns:
            table[f"{name}_change_{part}"] = changes[part]
    few = table["persons"] < FEWEST_PERSONS
    table.loc[few, table.columns[4:]] = float("nan")
    return table.reset_index(drop=True)


def name_codes(code: str | None) -> dict[str, str]:
    """Return the code (RegSO) of each district of a municipality by its name; empty of no municipality."""
    if code is None:
        return {}
    rows = read_area_rows([code])
    return dict(zip(rows["regso_name"], rows["regso_code"], strict=True))


def write_districts(table: pd.DataFrame, folder: Path) -> Path:
    """Write the table of districts beside the page; return its path."""
    path = folder / DISTRICTS
    write_whole(path, write_csv(table, digits=6))
    return path


def district_table(table: pd.DataFrame, subject: PageContext) -> Table:
    """Return the table of districts as a page shows it."""
    words, (first, last) = subject.words, subject.years
    heads = [Head(words("districts.district"), "text")]
    heads += [Head(words(f"districts.{name}")) for name in ("number", "persons")]
    heads += [Head(words("districts.type", year=first))]
    if last > first:
        heads += [Head(words("districts.type_end", year=last))]
    heads += [Head(words(f"districts.{name}")) for name in ("rental", "cooperative", "owner_occupied")]
    for name in CHANGES:
        heads += [Head(words(f"districts.{name}", year=first))]
        if last > first:
            heads += [Head(words("districts.change", year=last))]
    rows = [district_row(row, subject) for row in table.to_dict("records")]
    return Table(heads, [RowGroup("", rows)])


def district_row(row: Mapping[Any, Any], subject: PageContext) -> Row:
    """Return one district."""
    words, (first, last) = subject.words, subject.years
    value = {name: number for name, number in row.items() if isinstance(number, int | float)}
    cells = [
        words.number(value["number"]),
        words.number(value["persons"], 0),
        words.number(value["type_start"], 0),
    ]
    if last > first:
        end, share = value["type_end"], value["type_end_share_of_runs"]
        kept = end != end or share == 1 or len(subject.seeds) == 1
        text = words.number(end, 0)
        cells.append(text if kept else words("districts.of_runs", type=text, share=words.percent(share)))
    rental = value["share_public_rental"] + value["share_private_rental"]
    shares = [rental, value["share_cooperative"], value["share_owner_occupied"]]
    cells += [words.number(100 * share, 0) for share in shares]
    for name, series in CHANGES.items():
        unit = subject.quantity(series).unit
        cells.append(words.number(unit.factor * value[f"{name}_start"], 1))
        if last > first:
            mean, low, high = (value[f"{name}_change_{part}"] for part in ("mean", "low", "high"))
            cells.append(
                write_change(words.number(unit.factor * mean, 1, sign=True), low, high, unit.factor, subject)
            )
    return Row(str(row["district"]), "", cells)


def write_change(mean: str, low: float, high: float, factor: float, subject: PageContext) -> str:
    """Return a change with the interval that holds the middle 8 of 10 runs; without one of a single run."""
    words = subject.words
    if low != low or len(subject.seeds) == 1:
        return mean
    ends = {"low": words.number(factor * low, 1), "high": words.number(factor * high, 1)}
    return words("districts.interval", mean=mean, **ends)


def draw_districts(table: pd.DataFrame, subject: PageContext) -> DistrictMap:
    """Return the map of area types at the start with the names of districts."""
    words, first = subject.words, subject.years[0]
    kinds = table.set_index("district")["type_start"]
    if kinds.isna().all():
        return DistrictMap([], [])
    numbers = dict(zip(table["district"], table["number"], strict=True))
    title = words("district_map.title", year=first)
    figure, numbered = figures.type_map_with_names(
        subject.geography,
        figures.Panel("", subject.on_areas(kinds)),
        numbers,
        title=title,
        labels=words.texts("types.labels"),
        missing=words("word.missing"),
    )
    of_type = "; ".join(
        words("district_map.alt_type", type=label, districts=words.join(sorted(kinds.index[kinds == kind])))
        for kind, label in enumerate(words.texts("types.labels"), start=1)
        if (kinds == kind).any()
    )
    return DistrictMap(
        [png_figure("map_districts", words("district_map.alt", details=of_type), figure)],
        [(int(numbers[name]), name) for name in numbered],
    )

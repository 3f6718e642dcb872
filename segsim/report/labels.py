"""What a measured quantity is called and how it is written: its system of units always beside it."""

import re
from typing import NamedTuple

from segsim.catalogue import MEASURES, Measure, split_grouping
from segsim.groups import Group
from segsim.own.measures import find_declared
from segsim.report.units import PERCENTAGE_POINTS, UNITS, UnitFormat
from segsim.runs.series import Series
from segsim.words.text import Text
from segsim.words.words import Words

_NUMBERED = {
    "area_type_share": re.compile(r"area_type_(\d)"),
    "isolation_nearest": re.compile(r"isolation_nearest_(\d+)"),
    "H_spatial": re.compile(r"H_spatial_([\d.]+)"),
    "D_spatial": re.compile(r"D_spatial_([\d.]+)"),
}
"""Measures that come once per type, neighbourhood or bandwidth share one title."""


class Quantity(NamedTuple):
    """One quantity in words.

    Attributes
    ----------
    name : str
        Title of the measure.
    title : str
        Title of the measure with the grouping.
    over : str
        The system of units its values belong to.
    unit : Unit
        How its values are written.
    definition : str
        What it is; empty for a measure that is not in the catalogue.
    chance : Series or None
        The quantity that holds what chance alone would give.
    """

    name: str
    title: str
    over: str
    unit: UnitFormat
    definition: str
    chance: Series | None

    def axis(self, words: Words) -> str:
        """Return what an axis of its values is called."""
        return f"{self.unit.axis(words)}, {self.over}"


def quantity(series: Series, groups: tuple[Group, ...], words: Words) -> Quantity:
    """Return what a quantity is called and how it is written.

    Parameters
    ----------
    series : Series
        The quantity.
    groups : tuple of Group
        The city's groups of origin.
    words : Words
        The language.
    """
    declared = MEASURES.get(series.measure) or find_declared(series.measure)
    measure = declared or Measure(series.measure, "number", (), Text("", ""))
    name = measure_title(series.measure, series.level, words)
    of = grouping_text(series.grouping, groups, words)
    return Quantity(
        name=name,
        title=f"{name}: {of}" if of else name,
        over=words(f"level_of.{series.level}"),
        unit=PERCENTAGE_POINTS if measure.name == "employment_gap" else UNITS[measure.unit],
        definition=measure.definition.in_language(words.language),
        chance=series._replace(measure=measure.chance) if measure.chance else None,
    )


def measure_title(name: str, level: str, words: Words) -> str:
    """Return the title of a measure, at some levels a special one; its name if it has none."""
    if words.has(f"measure.{name}_{level}"):
        return words(f"measure.{name}_{level}")
    for title, pattern in _NUMBERED.items():
        if match := pattern.fullmatch(name):
            return words(f"measure.{title}", n=words.number(float(match[1])))
    if words.has(f"measure.{name}"):
        return words(f"measure.{name}")
    own = find_declared(name)
    return own.definition.in_language(words.language).rstrip(".") if own else name


def grouping_text(grouping: str, groups: tuple[Group, ...], words: Words) -> str:
    """Return a grouping, one of its categories, a pair of them or a crossing in words."""
    if not grouping:
        return ""
    names, _, categories = grouping.partition(".")
    if not categories:
        return " × ".join(_grouping(name, groups, words) for name in split_grouping(names))
    parts = [
        ", ".join(_category(part, groups, words) for part in split_grouping(category))
        for category in categories.split("-")
    ]
    return words.join(parts)


def _grouping(name: str, groups: tuple[Group, ...], words: Words) -> str:
    """Return one grouping in words."""
    return words(f"grouping.{name}") if words.has(f"grouping.{name}") else _category(name, groups, words)


def _category(name: str, groups: tuple[Group, ...], words: Words) -> str:
    """Return a category in words: the scenario's label of a group, else the catalogue's."""
    for group in groups:
        label = group.label_sv if words.language == "sv" else group.label_en
        if group.name == name and label:
            return label[0].lower() + label[1:] if words.language == "sv" else label
    return words(f"category.{name}") if words.has(f"category.{name}") else name.replace("_", " ")

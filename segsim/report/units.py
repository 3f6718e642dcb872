"""How values of each unit are written: decimals, percent, percentage points, names of axes."""

from typing import NamedTuple

from segsim.words.words import Words


class UnitFormat(NamedTuple):
    """How one unit is written.

    Attributes
    ----------
    name : str
        Key of its words in the catalogue of texts.
    factor : float
        What values are multiplied by before they are written.
    decimals, difference_decimals : int
        Decimals of a value, and of a difference.
    """

    name: str
    factor: float = 1.0
    decimals: int = 1
    difference_decimals: int = 2

    def value(self, words: Words, value: float) -> str:
        """Write a value with its unit."""
        text = words.number(self.factor * value, self.decimals)
        return _with_unit(words, f"unit.value.{self.name}", text, value)

    def difference(self, words: Words, value: float, sign: bool = True) -> str:
        """Write a difference with its unit; shares differ by percentage points."""
        text = words.number(self.factor * value, self.difference_decimals, sign)
        return _with_unit(words, f"unit.difference.{self.name}", text, value)

    def interval(self, words: Words, lower: float, upper: float) -> str:
        """Write an interval of differences, its unit once."""
        low = words.number(self.factor * lower, self.difference_decimals)
        high = words.number(self.factor * upper, self.difference_decimals)
        text = words("unit.range", low=low, high=high)
        return _with_unit(words, f"unit.difference.{self.name}", text, lower)

    def axis(self, words: Words) -> str:
        """Return what an axis of values is called."""
        return words(f"unit.axis.{self.name}")

    def difference_axis(self, words: Words) -> str:
        """Return what an axis of differences is called."""
        return words(f"unit.difference_axis.{self.name}")


UNITS = {
    "index": UnitFormat("index", 1.0, 3, 3),
    "share": UnitFormat("share", 100.0, 1, 2),
    "percent": UnitFormat("percent", 1.0, 1, 2),
    "points": UnitFormat("points", 1.0, 1, 2),
    "nats": UnitFormat("nats", 1.0, 3, 4),
    "tkr": UnitFormat("tkr", 1.0, 0, 1),
    "years": UnitFormat("years", 1.0, 1, 2),
    "persons": UnitFormat("persons", 1.0, 0, 0),
    "teachers": UnitFormat("teachers", 1.0, 2, 3),
    "households": UnitFormat("households", 1.0, 0, 0),
    "dwellings": UnitFormat("dwellings", 1.0, 0, 0),
    "number": UnitFormat("number", 1.0, 0, 1),
    "moves": UnitFormat("moves", 1.0, 2, 3),
    "SD": UnitFormat("sd", 1.0, 2, 3),
    "MSEK": UnitFormat("msek", 1.0, 1, 2),
    "type": UnitFormat("type", 1.0, 0, 2),
}
"""How the units of the catalogue of measures are written."""

PERCENTAGE_POINTS = UnitFormat("pp", 1.0, 1, 2)
"""How a gap between two shares is written."""


def _with_unit(words: Words, key: str, text: str, value: float) -> str:
    """Put the unit after a written number, if there is a number."""
    return words(key, x=text) if value == value else text

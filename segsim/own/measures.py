"""What a function is marked with to be an own measure or index: its unit and what it is, in two languages."""

from collections.abc import Callable
from typing import Any, NamedTuple

from segsim.catalogue import MEASURES, SPREAD, Measure
from segsim.errors import SegsimError, did_you_mean
from segsim.words.text import Text

UNITS = tuple(dict.fromkeys(measure.unit for measure in MEASURES.values()))
_MARK = "segsim_measure"


class OwnMeasure(NamedTuple):
    """An own measure: a number of the city, or one for each unit of a level, from its state."""

    declared: Measure
    function: Callable[[Any], Any]


class OwnIndex(NamedTuple):
    """An own index: a number from counts by unit and category, measured wherever D and H are."""

    declared: Measure
    function: Callable[[Any], float]


def measure(en: str, sv: str, unit: str, level: str = "municipality") -> Callable[[Any], Any]:
    """Mark a function as a measure.

    Parameters
    ----------
    en, sv : str
        What it is, in English and Swedish.
    unit : str
        The unit of its values, such as "share", "number" or "tkr".
    level : str
        The units its values are about: municipality, district, area or school.

    Notes
    -----
    The function takes the `CityState` at the end of a year and returns a number about the whole city (NaN
    where it is not defined), or numbers by the names of units of its level. It must change nothing.
    """
    return _mark(OwnMeasure, en, sv, unit, (level,))


def index(en: str, sv: str, unit: str = "index") -> Callable[[Any], Any]:
    """Mark a function as an index.

    Parameters
    ----------
    en, sv : str
        What it is, in English and Swedish.
    unit : str
        The unit of its values; an index lies between 0 and 1.

    Notes
    -----
    The function takes counts, a float array of units by categories, and returns a number, NaN where it is not
    defined. It is measured of every grouping, over areas, districts, cells and schools.
    """
    return _mark(OwnIndex, en, sv, unit, SPREAD)


def _mark(kind: type, en: str, sv: str, unit: str, levels: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return what marks a function."""
    if not (isinstance(en, str) and isinstance(sv, str) and en.strip() and sv.strip()):
        raise SegsimError(
            "a measure must say what it is in English and in Swedish",
            "ett mått ska säga vad det är på engelska och svenska",
        )
    if unit not in UNITS:
        near = did_you_mean(unit, UNITS)
        raise SegsimError(
            f'there is no unit "{unit}"; there is {", ".join(UNITS)}{near}',
            f'det finns ingen enhet "{unit}"; det finns {", ".join(UNITS)}{near:sv}',
        )

    def mark(function: Any) -> Any:
        name = function.__name__
        if name in MEASURES:
            raise SegsimError(
                f'segsim has a measure "{name}" already; give yours another name',
                f'segsim har redan ett mått "{name}"; ge ditt ett annat namn',
            )
        setattr(function, _MARK, kind(Measure(name, unit, levels, Text(en.strip(), sv.strip())), function))
        return function

    return mark


_READ: dict[str, Measure] = {}
"""What own measures that were read declare, by name, for whoever writes of them."""


def find_declared(name: str) -> Measure | None:
    """Return what an own measure that was read declares; None if none is called so."""
    return _READ.get(name)


def read_mark(function: Any) -> OwnMeasure | OwnIndex:
    """Return a function that is marked as a measure or an index.

    Raises
    ------
    SegsimError
        If it is not.
    """
    marked = getattr(function, _MARK, None)
    if not isinstance(marked, OwnMeasure | OwnIndex):
        name = getattr(function, "__name__", str(function))
        how = "@measure(en=..., sv=..., unit=...)"
        raise SegsimError(
            f"{name}: is no measure; mark the function with {how} of segsim.own, so that tables can "
            "say what it is",
            f"{name}: är inget mått; märk funktionen med {how} ur segsim.own, så att tabeller kan "
            "säga vad det är",
        )
    _READ[marked.declared.name] = marked.declared
    return marked

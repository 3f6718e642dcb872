"""Measures and indices of one's own, asked of the city of a year and held to what they declare."""

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import numpy as np

from segsim.errors import SegsimError
from segsim.measures.rows import Rows
from segsim.measures.schools import EnrolledPupils
from segsim.measures.snapshot import Snapshot, sum_by_district
from segsim.own import OwnIndex, OwnMeasure
from segsim.state import CityState
from segsim.tables import Array, live


def add_own_measure(rows: Rows, own: OwnMeasure, state: CityState) -> None:
    """Add what an own measure gives of a year."""
    name, level = own.declared.name, own.declared.levels[0]
    given = _ask(name, own.function, state)
    if not isinstance(given, Mapping):
        rows.add(name, "", level, _read_number(name, given))
        return
    known = list_units(state, level)
    for unit, value in given.items():
        if unit not in known:
            raise SegsimError(
                f'{name}: gives a number of "{unit}", which is no {level} of the city',
                f'{name}: ger ett tal för "{unit}", som inte är något på nivån {level} i staden',
            )
        rows.add_one(name, "", level, unit, _read_number(name, value))


def add_own_index(
    rows: Rows,
    own: OwnIndex,
    snap: Snapshot,
    groupings: Iterable[str],
    levels: Iterable[str],
    pupils: EnrolledPupils | None,
) -> None:
    """Add an own index over every grouping, at the levels of homes and between schools."""
    levels = tuple(levels)
    for grouping in groupings:
        by_area = snap.by_area(grouping)
        for level in levels:
            if level == "area":
                table = by_area
            else:
                table = sum_by_district(snap, by_area) if level == "district" else snap.by_cell(grouping)
            _add_index(rows, own, table, grouping, level)
        if pupils is not None and grouping in ("background", "origin"):
            by_school = pupils.joint.sum(axis=0)
            table = by_school if grouping == "origin" else snap.backgrounds(by_school)
            _add_index(rows, own, table, grouping, "school")


def list_units(state: CityState, level: str) -> tuple[str, ...]:
    """Return the names of the units of a level."""
    if level == "school":
        schools = state.tables.schools
        return tuple(state.name_school(int(key)) for key in schools.id[live(schools)])
    names = {"area": state.area_names, "district": state.district_names}
    return names.get(level, state.municipality_names)


def _add_index(rows: Rows, own: OwnIndex, table: Array, grouping: str, level: str) -> None:
    """Add an own index over the units that hold somebody; over a single one nothing can be uneven."""
    filled = table[table.sum(axis=1) > 0]
    if len(filled) > 1:
        name = own.declared.name
        rows.add(name, grouping, level, _read_number(name, _ask(name, own.function, filled)))


def _ask(name: str, function: Any, argument: Any) -> Any:
    """Return what an own function gives, or say which one failed."""
    try:
        return function(argument)
    except Exception as error:  # whatever is wrong in it is its author's to mend
        told = f"{type(error).__name__}: {error}"
        raise SegsimError(
            f"the measure {name} failed: {told}", f"måttet {name} misslyckades: {told}"
        ) from error


def _read_number(name: str, given: Any) -> float:
    """Return what an own function gave as a number, NaN where it is not defined."""
    is_number = isinstance(given, Real | np.number) or (isinstance(given, np.ndarray) and given.ndim == 0)
    if not is_number or isinstance(given, bool | np.bool_) or np.isinf(float(given)):
        raise SegsimError(
            f"the measure {name} gave {given!r:.60}; it must give a number, NaN where it is not defined, or "
            "numbers by the names of units",
            f"måttet {name} gav {given!r:.60}; det ska ge ett tal, NaN där det inte är definierat, eller tal "
            "efter enheternas namn",
        )
    return float(given)

"""What of a city's geography is invented, and which quantities follow from it."""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from segsim.catalogue import MEASURES
from segsim.runs.series import Series
from segsim.scenario import Scenario

if TYPE_CHECKING:
    from segsim.synthesis.notes import Note

_UNPLACED = {"no_coordinates", "far_schools"}
"""Notes of schools that were put where pupils live."""


class Invention(NamedTuple):
    """What is invented or assumed: where the areas lie, the schools, where some of them lie."""

    map: bool = False
    schools: bool = False
    places: bool = False

    def behind(self, series: Series) -> str:
        """Return what is invented that a quantity follows from, "map", "schools" or "places"; or ""."""
        measure = MEASURES.get(series.measure)
        place = measure.place if measure else ""
        if self.map and (place or series.level == "cell"):
            return "map"
        if place == "schools" and (self.schools or self.places):
            return "schools" if self.schools else "places"
        return ""


def find_invention(scenario: Scenario, notes: "Collection[Note]") -> Invention:
    """Return what is invented of a city; nothing of a board, which is no real place."""
    if scenario.city.grid is not None:
        return Invention()
    kinds = {note.kind for note in notes}
    return Invention(not scenario.city.has_map, "invented_schools" in kinds, bool(kinds & _UNPLACED))

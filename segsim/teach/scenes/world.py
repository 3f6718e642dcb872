"""What every scene gives the page: a picture, marks on it, and what the curves show."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from segsim.tables import Array
from segsim.teach.scenes.settings import Settings

Reading = dict[str, float]


class Mark(NamedTuple):
    """A school on the board."""

    x: float  # share of the width
    y: float  # share of the height
    pupils: int
    shares: list[float]  # of pupils by group


class LifeEvent(NamedTuple):
    """Something that happened to a household in a year: what it was, and the names it happened with."""

    year: int
    what: str  # lives, moves, changes_tenure, lodges, school, work, children, left
    names: tuple[str, ...]


class ShownLife(NamedTuple):
    """The life of a household in one city, so far."""

    events: list[LifeEvent]
    places: list[tuple[str, float, float]]  # home, school or work, and where on the picture


class World(Protocol):
    """What a lesson shows and moves."""

    step_number: int
    settled: bool

    def change(self, settings: Settings) -> bool:
        """Take other settings while going on; False if the world must be made anew."""

    def step(self) -> None:
        """Take one step."""

    def picture(self) -> Array:
        """Return what is to be drawn (uint8, rows x columns)."""

    def marks(self) -> list[Mark]:
        """Return the schools on the board."""

    def read(self) -> Reading:
        """Return what the curves show."""

    def lives(self) -> Sequence[ShownLife]:
        """Return the life of the household that is followed, in each city; nothing on a board."""

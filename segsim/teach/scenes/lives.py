"""The life of one household through the years: its home, its school, its work, and where they are."""

from typing import NamedTuple

import numpy as np

from segsim.city import City
from segsim.groups import is_foreign
from segsim.measures.snapshot import take_snapshot
from segsim.tables import NONE, Activity, Role, Tenure
from segsim.teach.scenes.settings import LIMITS, Number
from segsim.teach.scenes.world import LifeEvent, Reading

SCHOOL_AGES = (6, 10)
"""Ages of a child, at the start, in a household to follow: school and home both matter to it."""


class Whereabouts(NamedTuple):
    """Cells of the home, of the school of the eldest pupil, and of a place of work; NONE if there is none."""

    home: int
    school: int
    work: int


NEW_SCHOOL = ""
"""Name of a school that has opened since the start: it has none."""

NOWHERE = Whereabouts(NONE, NONE, NONE)


class Life:
    """What happens to one household.

    Parameters
    ----------
    city : City
        As it is when the household is first seen.
    number : int
        Which of the households that lived there at the start, 1 to 99; 0 follows nobody.
    """

    def __init__(self, city: City, number: int) -> None:
        self.events: list[LifeEvent] = []
        self._row = choose_household(city, number) if number else NONE
        self._id = int(city.tables.households.id[self._row]) if self._row != NONE else NONE
        self._known: dict[str, tuple[str, ...]] = {}
        self.note(city)

    def is_here(self, city: City) -> bool:
        """Tell whether the household still lives in the city; rows are used again, identities are not."""
        return self._row != NONE and int(city.tables.households.id[self._row]) == self._id

    def note(self, city: City) -> None:
        """Note what is otherwise than it was."""
        if self._row == NONE or "left" in self._known:
            return
        if not self.is_here(city):
            self._note(city.year, "left", ())
            return
        self._note(city.year, *self._describe_home(city))
        self._note(city.year, "school", self._name_schools(city))
        self._note(city.year, "work", (str(self._count_at_work(city)),))
        children = city.tables.households.children[self._row]
        self._note(city.year, "children", (str(int(children)),))

    def places(self, city: City) -> Whereabouts:
        """Return where the household lives, learns and works."""
        if not self.is_here(city):
            return NOWHERE
        tables, members = city.tables, self._members(city)
        schools = tables.persons.school[members]
        works = tables.persons.workplace[members]
        school, work = schools[schools != NONE], works[works != NONE]
        return Whereabouts(
            int(city.household_cells()[self._row]),
            int(tables.schools.cell[school[0]]) if school.size else NONE,
            int(tables.workplaces.cell[work[0]]) if work.size else NONE,
        )

    def read(self, city: City) -> Reading:
        """Return the household's standard of living, and who lives in its area; nothing once it has left."""
        if not self.is_here(city):
            return {}
        tables, persons = city.tables, city.tables.persons
        area = tables.cells.area[city.household_cells()[self._row]]
        snap = take_snapshot(city.state, 0.0)
        there = np.flatnonzero(snap.person_area == area)
        foreign = is_foreign(city.state.groups)[persons.group[there]]
        return {
            "life_standard": float(tables.households.standard[self._row]),
            "life_foreign": float(foreign.mean()) if there.size else float("nan"),
        }

    def _note(self, year: int, what: str, names: tuple[str, ...]) -> None:
        """Note something, unless it is as it was; the home is one thing under several names."""
        kind = "home" if what in ("lives", "lodges") else what
        if self._known.get(kind) == (what, *names):
            return
        before = self._known.get(kind)
        self._known[kind] = (what, *names)
        if before is None and names in ((), ("0",)) and what != "left":
            return
        if kind == "home":
            names = names[:2]  # without the dwelling's identity
        if what == "lives" and before is not None:
            what = "changes_tenure" if before[-1] == self._known[kind][-1] else "moves"
        self.events.append(LifeEvent(year, what, names))

    def _describe_home(self, city: City) -> tuple[str, tuple[str, ...]]:
        """Return whether the household has a home of its own, and what it is."""
        tables = city.tables
        area = tables.cells.area[city.household_cells()[self._row]]
        district = city.state.district_names[tables.areas.district[area]]
        home = tables.households.home[self._row]
        if home == NONE:
            return "lodges", (district,)
        dwelling = str(int(tables.dwellings.id[home]))
        return "lives", (district, Tenure(tables.dwellings.tenure[home]).name.lower(), dwelling)

    def _members(self, city: City) -> np.ndarray:
        """Return the rows of its persons, the eldest first."""
        persons = city.tables.persons
        rows = np.flatnonzero((persons.household == self._row) & (persons.id != NONE))
        return rows[np.lexsort((persons.id[rows], persons.birth_year[rows]))]

    def _name_schools(self, city: City) -> tuple[str, ...]:
        """Return the schools of its children, the eldest's first, each once; a new one has no name."""
        schools = city.tables.persons.school[self._members(city)]
        ids = dict.fromkeys(int(city.tables.schools.id[school]) for school in schools if school != NONE)
        named = len(city.state.school_names)
        return tuple(city.state.name_school(key) if key < named else NEW_SCHOOL for key in ids)

    def _count_at_work(self, city: City) -> int:
        """Return how many of its adults are at work."""
        persons, members = city.tables.persons, self._members(city)
        is_adult = persons.role[members] != Role.CHILD
        return int((is_adult & (persons.activity[members] == Activity.EMPLOYED)).sum())


def choose_household(city: City, number: int) -> int:
    """Return the row of a household that has lived in the city since the start, NONE if there is none.

    Families with a small pupil stand in the order of their identities, and the numbers are spread
    evenly over them, so that another number is another kind of family.
    """
    persons, households = city.tables.persons, city.tables.households
    age = city.state.start_year - persons.birth_year
    is_pupil = (persons.id != NONE) & (age >= SCHOOL_AGES[0]) & (age <= SCHOOL_AGES[1])
    rows = np.unique(persons.household[is_pupil & (persons.role == Role.CHILD)])
    rows = rows[(rows != NONE) & (households.arrived[rows] <= city.state.start_year)]
    if not rows.size:
        return NONE
    rows = rows[np.argsort(households.id[rows], kind="stable")]
    last = LIMITS["household"]
    most = int(last.high) if isinstance(last, Number) else 1
    return int(rows[(number - 1) * rows.size // most])

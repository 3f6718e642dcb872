"""A class that asks for schools: each pupil sends a list, and a rule of admission gives the seats."""

import secrets
from itertools import permutations

import numpy as np

from segsim import matching
from segsim.tables import Array
from segsim.teach.scenes.admission import Mechanism

SCHOOLS = 3
MOST_PUPILS = 60
MOST_LETTERS = 20

RULES = {
    "immediate": matching.immediate_acceptance,
    "deferred": matching.deferred_acceptance,
    "trading": matching.top_trading_cycles,
}
"""Rules of admission."""

LISTS = tuple(permutations(range(SCHOOLS)))
"""Every list there may be."""


class ClassChoice:
    """The lists of a class, and who gets in where.

    Pupils live near the schools in turn, in the order in which they come, and come first at the school they
    live near; among the others a lot decides, that of the code and of the order in which they came. There are
    as many seats as pupils.

    Parameters
    ----------
    code : str
        What lets pupils in.
    """

    def __init__(self, code: str) -> None:
        self.code, self.version, self.is_over = code, 0, False
        self.names: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.lists: dict[str, tuple[int, ...]] = {}
        self.places: dict[str, int] = {}
        self.mechanism: Mechanism = "immediate"

    def welcome(self, pupil: str, name: str) -> bool:
        """Let a pupil in by a name; tell whether there was room."""
        name = " ".join(name.split())[:MOST_LETTERS]
        if not name or self.is_over or (pupil not in self.names and len(self.names) >= MOST_PUPILS):
            return False
        self.names[pupil] = name
        self.numbers.setdefault(pupil, len(self.numbers))
        self._change()
        return True

    def leave(self, pupil: str) -> None:
        """Let a pupil go who has sent no list; a list that is sent stays."""
        if pupil not in self.lists and self.names.pop(pupil, None) is not None:
            self._change()

    def ask(self, pupil: str, listed: tuple[int, ...]) -> None:
        """Take a pupil's list in the place of an earlier one."""
        if pupil in self.names and listed in LISTS and not self.is_over:
            self.lists[pupil] = listed
            self._change()

    def admit(self, mechanism: Mechanism) -> None:
        """Give the seats by a rule."""
        self._change()
        self.mechanism = mechanism
        if self.lists:
            choices = list(self.lists.values())
            self.places = dict(zip(self.lists, self._assign(choices), strict=True))

    def near(self, pupil: str) -> int:
        """Return the school a pupil lives near."""
        return self.numbers[pupil] % SCHOOLS

    def rank_got(self, pupil: str) -> int:
        """Return which of the wishes a pupil got, 1 for the first."""
        return self.lists[pupil].index(self.places[pupil]) + 1

    def seats(self) -> list[int]:
        """Return the seats of each school: as many as have sent a list, divided as evenly as can be."""
        n = len(self.lists)
        return [n // SCHOOLS + (school < n % SCHOOLS) for school in range(SCHOOLS)]

    def find_gainers(self) -> list[str]:
        """Return who would have got a school higher on the own list by sending another one."""
        choices, gainers = list(self.lists.values()), []
        for i, (pupil, own) in enumerate(self.lists.items()):
            others = (
                self._assign([*choices[:i], other, *choices[i + 1 :]])[i] for other in LISTS if other != own
            )
            if min(own.index(place) for place in others) < own.index(self.places[pupil]):
                gainers.append(pupil)
        return gainers

    def _assign(self, choices: list[tuple[int, ...]]) -> list[int]:
        """Return the school of each who has sent a list."""
        return [int(place) for place in RULES[self.mechanism](choices, self._rank_pupils(), self.seats())]

    def _rank_pupils(self) -> Array:
        """Return the priority of each who has sent a list at each school: who lives near, then by lot."""
        near = np.arange(len(self.numbers)) % SCHOOLS
        is_near = (near[:, None] == np.arange(SCHOOLS)).astype(np.float64)
        ranked: Array = matching.break_ties(is_near, int(self.code), "multiple")
        return ranked[[self.numbers[pupil] for pupil in self.lists]]

    def _change(self) -> None:
        """Note that what is shown is old; seats given by other lists are given no more."""
        self.version += 1
        self.places = {}


def open_class(classes: dict[str, ClassChoice]) -> ClassChoice:
    """Return a new class under a code that no other has."""
    code = str(secrets.randbelow(9000) + 1000)
    while code in classes:
        code = str(secrets.randbelow(9000) + 1000)
    classes[code] = ClassChoice(code)
    return classes[code]

"""People and place: those who lived in a place are followed wherever they go, beside the place itself.

Success for individuals is not success for the place: who does well may leave, and who comes may be poorer.
"""

from collections.abc import Iterator

import numpy as np

from segsim.ages import EMPLOYMENT_AGES
from segsim.catalogue import INDICATORS
from segsim.indices.inputs.numbers import ratio
from segsim.measures.rows import Rows
from segsim.measures.snapshot import Snapshot
from segsim.tables import Activity, Array

PARTS = ("stayers", "in_movers", "out_movers", "births", "deaths")
STAYED, CAME, BORN = 0, 1, 2


class FollowedAreas:
    """One place and the people who lived there at the end of one year.

    Parameters
    ----------
    name : str
        What the place is called in tables.
    areas : int array
        Rows of its areas.
    snap : Snapshot
        The moment people are counted in.

    Notes
    -----
    An indicator is a mean over the people it concerns: employed over those of 20-64, low economic standard
    over all. With n people it concerns and mean y, the change of the place since its start is, exactly,

        y_t - y_0 = sum over classes c of [n_ct / n_t (y_ct - y_0) - n_c0 / n_0 (y_c0 - y_0)]

    over stayers (there at both times), in-movers and births (there now only), out-movers and deaths (there at
    the start only). Who was born in the place and lives there counts as a birth, who dies elsewhere after
    leaving as a death. The number of people has the same parts without weights.
    """

    def __init__(self, name: str, areas: Array, snap: Snapshot) -> None:
        self.name, self.since = name, snap.state.year
        self._inside = np.zeros(snap.n_areas + 1, bool)  # the last entry is that of nowhere
        self._inside[areas] = True
        self._row = self._residents(snap)
        self._id = snap.state.tables.persons.id[self._row]
        self._gone = np.zeros(self._row.size, bool)
        self._dead = np.zeros(self._row.size, bool)
        self._born_row, self._born_id = np.empty(0, np.int64), np.empty(0, np.int64)
        self._first = {indicator: read_indicator(indicator, snap, self._row) for indicator in INDICATORS}

    def add(self, rows: Rows, snap: Snapshot) -> None:
        """Add how the people fare, how the place fares, and what changed it; once a year."""
        persons = snap.state.tables.persons
        there = self._residents(snap)
        alive = persons.id[self._row] == self._id
        left = ~alive & ~self._gone
        self._gone |= left
        self._dead[left] = np.isin(self._id[left], snap.state.dead)
        people = self._row[alive]
        stayed = alive & self._inside[snap.person_area[self._row]]
        came = self._classes(snap, there, people)
        rows.add_one("people_stayed", "", "area", self.name, float(ratio(stayed.sum(), self._id.size)))
        # who was of working age without work at first, and has it now
        had_work, was_of_age = self._first["employed"]
        has_work = persons.activity[self._row] == Activity.EMPLOYED
        gained = alive & was_of_age & (had_work == 0) & has_work
        left_share = float(ratio((gained & ~stayed).sum(), gained.sum()))
        rows.add_one("gainers_left", "employed", "area", self.name, left_share)
        for indicator in INDICATORS:
            value, concerns = read_indicator(indicator, snap, people)
            amount = float(concerns.sum()) if indicator == "population" else mean(value, concerns)
            rows.add_one("people", indicator, "area", self.name, amount)
            for measure, number in self._of_place(indicator, snap, there, came, stayed):
                rows.add_one(measure, indicator, "area", self.name, number)

    def _classes(self, snap: Snapshot, there: Array, people: Array) -> Array:
        """Return whether each resident now stayed, was born there, or came.

        A row holds one person for as long as the person lives in the city, so rows stand for people here.
        """
        persons = snap.state.tables.persons
        new = there[persons.birth_year[there] == snap.state.year]
        kept = persons.id[self._born_row] == self._born_id
        self._born_row = np.append(self._born_row[kept], new)
        self._born_id = persons.id[self._born_row]
        kind = np.full(persons.id.size, CAME, np.int8)
        kind[self._born_row] = BORN
        kind[people] = STAYED
        return kind[there]

    def _of_place(
        self, indicator: str, snap: Snapshot, there: Array, now: Array, stayed: Array
    ) -> Iterator[tuple[str, float]]:
        """Yield the place's value, its change since the start, and the parts of the change."""
        value, concerns = read_indicator(indicator, snap, there)
        first, concerned = self._first[indicator]
        died = ~stayed & self._dead
        before = {"stayers": stayed, "out_movers": ~stayed & ~died, "deaths": died}
        after = {"stayers": now == STAYED, "in_movers": now == CAME, "births": now == BORN}
        if indicator == "population":
            start, end = float(concerned.sum()), float(concerns.sum())
            weigh_before = weigh_after = 1.0
            reference = 0.0
        else:
            start, end = mean(first, concerned), mean(value, concerns)
            weigh_before, weigh_after = 1.0 / max(concerned.sum(), 1), 1.0 / max(concerns.sum(), 1)
            reference = start
        yield "place", end
        yield "place_change", end - start
        for part in PARTS:
            gained = after.get(part, np.zeros(there.size, bool)) & concerns
            lost = before.get(part, np.zeros(first.size, bool)) & concerned
            came = weigh_after * float((value[gained] - reference).sum())
            went = weigh_before * float((first[lost] - reference).sum())
            yield f"change_by_{part}", came - went if np.isfinite(end - start) else float("nan")

    def _residents(self, snap: Snapshot) -> Array:
        """Return the rows of the persons living in the place."""
        return np.flatnonzero(self._inside[snap.person_area])


def read_indicator(indicator: str, snap: Snapshot, rows: Array) -> tuple[Array, Array]:
    """Return each person's value, 0 or 1, and whether the indicator concerns the person."""
    persons = snap.state.tables.persons
    if indicator == "employed":
        age = snap.state.year - persons.birth_year[rows]
        concerns = (age >= EMPLOYMENT_AGES[0]) & (age <= EMPLOYMENT_AGES[1])
        return (persons.activity[rows] == Activity.EMPLOYED).astype(np.float64), concerns
    everybody = np.ones(rows.size, bool)
    if indicator == "low_income":
        return (snap.homes.income[persons.household[rows]] == 0).astype(np.float64), everybody
    return np.ones(rows.size), everybody


def mean(value: Array, concerns: Array) -> float:
    """Return the mean over those concerned, NaN of nobody."""
    return float(value[concerns].mean()) if concerns.any() else float("nan")


__all__ = ["PARTS", "FollowedAreas"]

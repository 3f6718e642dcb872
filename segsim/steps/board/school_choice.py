"""The schools step of an abstract grid: pupils reconsider their school one at a time, or in rounds."""

import numpy as np

from segsim.kernels.board.layout import make_record
from segsim.kernels.board.school_choice import (
    RECONSIDERING,
    BoardEnrolment,
    Lottery,
    Plane,
    admit_by_lottery,
    admit_by_serial_dictatorship,
    count_pupils,
    measure_nearness,
    reconsider_in_turn,
)
from segsim.kernels.choices.own_functions import compile_rule, refuse_choice
from segsim.kernels.draws import Stream, bits, first_of, identities
from segsim.rules.board.school_choice import Reconsideration
from segsim.scenario.board.grid import Grid
from segsim.steps.board.geometry import trait_columns
from segsim.steps.board.preferences import draw_wants, refuse_failures
from segsim.steps.board.setting_numbers import NEARNESS_FORMS, RULES
from segsim.tables import NONE, Array, Tables

NO_LIMIT = 2**40  # more seats than there are pupils on any board, yet far from overflow when counted down
_TURN, _ADMISSION, _NEW = int(Stream.SCHOOL_TURN), int(Stream.SCHOOL_ADMISSION), int(Stream.NEW_HOUSEHOLDS)


class BoardSchoolChoice:
    """Who goes to which school and what pupils want, kept between steps.

    Every person of the tables is a pupil, and starts in the nearest school when the first step begins.

    Parameters
    ----------
    grid : Grid
        Shape of the board.
    mode : Reconsideration
        How pupils choose; `change` puts another in its place at any time.
    names : list of str
        The groups.
    tables : Tables
        Where everybody lives; `persons.school` is kept up to date.
    key : int
        The run's key.
    """

    def __init__(self, grid: Grid, mode: Reconsideration, names: list[str], tables: Tables, key: int) -> None:
        self.grid, self.mode, self.names, self.tables = grid, mode, names, tables
        self.key, self._key = int(key), np.uint64(key)
        self.steps_taken = 0
        self.read()
        self.enrol_nearest()

    def change(self, mode: Reconsideration) -> None:
        """Let pupils choose by other rules from now on; who goes where stays as it is."""
        self.mode = mode
        school = self.roll.school.copy()
        self.read()
        self.roll.school[:] = school
        count_pupils(self.roll)
        self.look_again()

    def read(self) -> None:
        """Take pupils, homes and schools from the tables."""
        persons, households, mode = self.tables.persons, self.tables.households, self.mode
        group, n = persons.group, persons.id.size
        ids = households.id[persons.household]
        taste, wants, curves = draw_wants(mode, self.names, group, ids, self.key)
        columns = trait_columns(mode, self.names)
        schools = self.tables.schools.id.size
        # rounded down, but a third of nine schools is three whatever the rounding of the product
        k = max(int(mode.considered.share * schools + 1e-9), 1)
        number = mode.activation.number or n
        replaces = mode.activation.households == "random_with_replacement"
        conduct = make_record(
            RECONSIDERING,
            n_turns=number if replaces else min(number, n),
            is_shuffled=mode.activation.order == "random",
            replaces=replaces,
            rule=RULES[mode.rule],
            is_live=mode.composition == "live",
            counts_self=mode.counts_self,
            form=NEARNESS_FORMS[mode.distance.form],
            composition_weight=mode.distance.composition_weight,
            beta=mode.beta,
            satisfied_at=mode.satisfied_at,
            satisfied_sd=mode.satisfied_sd,
            own_rule=compile_rule(mode.function) if mode.function else 0,
        )
        pupils = np.zeros((schools, 2 + int(columns.max())), np.int64)
        self.roll = BoardEnrolment(
            conduct=conduct,
            wants=wants,
            curves=curves,
            group=group.astype(np.int32),
            taste=taste,
            school=persons.school,
            nearness=np.empty((n, schools)),
            considered=np.empty((n, k), np.int32),
            column=columns,
            pupils=pupils,
            # the same array where composition is live, so that seeing is up to date without any copying
            seen=pupils if mode.composition == "live" else pupils.copy(),
            seats=np.full(schools, NO_LIMIT, np.int64),
            order=np.zeros(n, np.int64),
            value=np.zeros(max(k, 2)),
            option=np.zeros(max(k, 2), np.int64),
        )
        self.measure_ways()

    def step(self, step: int) -> tuple[int, int]:
        """Let pupils reconsider once; return the number of turns and of changes of school."""
        if self.mode.new_households:
            self.draw_households(step)
            self.enrol_nearest()
        elif self.steps_taken == 0:  # homes may have changed since the start, by housing steps before
            self.measure_ways()
            self.enrol_nearest()
        base = np.uint64(bits(self._key, _TURN, step, 0, 0))
        if self.mode.admission == "lottery":
            moves = self._draw_lots(base)
        elif self.mode.admission == "serial_dictatorship":
            moves = admit_by_serial_dictatorship(self.roll, base)
        else:
            moves = reconsider_in_turn(self.roll, base)
        refuse_failures(self.mode, self.roll.curves)
        if self.roll.conduct.has_failed and self.mode.function:
            refuse_choice(self.mode.function)
        self.look_again()
        self.steps_taken += 1
        in_turn = self.mode.admission == "in_turn"
        return int(self.roll.conduct.n_turns) if in_turn else self.roll.order.size, int(moves)

    def composition(self) -> Array:
        """Return pupils by school and group (int64)."""
        schools = self.tables.schools.id.size
        which = self.roll.school.astype(np.int64) * len(self.names) + self.roll.group
        return np.bincount(which, minlength=schools * len(self.names)).reshape(schools, -1)

    def measure_ways(self) -> None:
        """Measure how near every school is to every pupil's home."""
        cells, schools = self.tables.cells, self.tables.schools
        home = self.tables.households.home[self.tables.persons.household]
        cell = self.tables.dwellings.cell[home]
        side, rows, columns = self.grid.side, self.grid.rows, self.grid.columns
        # on a torus nobody is further away than half the board in either direction
        longest = float(np.hypot(rows, columns) * side) / (2.0 if self.grid.torus else 1.0)
        measure_nearness(
            cells.x[cell].astype(np.float64),
            cells.y[cell].astype(np.float64),
            cells.x[schools.cell].astype(np.float64),
            cells.y[schools.cell].astype(np.float64),
            Plane(
                width=columns * side if self.grid.torus else 0.0,
                height=rows * side if self.grid.torus else 0.0,
                longest=longest if self.mode.distance.nearness == "of_longest" else 0.0,
            ),
            self.roll.nearness,
            self.roll.considered,
        )

    def enrol_nearest(self) -> None:
        """Enrol every pupil in the nearest school, and set the seats by it."""
        self.roll.school[:] = self.roll.considered[:, 0]
        count_pupils(self.roll)
        if self.steps_taken == 0:
            self.look_again()
        self.set_seats()

    def set_seats(self) -> None:
        """Set how many pupils each school takes, from those that live nearest."""
        seats, schools = self.mode.seats, self.roll.seats.size
        if seats.kind == "times_nearest":
            nearest = np.bincount(self.roll.considered[:, 0], minlength=schools)
            self.roll.seats[:] = np.floor(seats.factor * nearest + 0.5)  # halves upwards, not to the even
        elif seats.kind == "times_mean":
            # the number of pupils must stay below factor times the mean, so a whole product is no seat more
            self.roll.seats[:] = np.ceil(seats.factor * self.roll.school.size / schools - 1e-9)
        else:
            self.roll.seats[:] = NO_LIMIT
        self.tables.schools.capacity[:] = np.minimum(self.roll.seats, np.iinfo(np.int32).max)

    def look_again(self) -> None:
        """Let pupils see who goes to each school now."""
        self.roll.seen[:] = self.roll.pupils

    def draw_households(self, step: int) -> None:
        """Replace all households by new ones at new places of the plane."""
        tables, grid = self.tables, self.grid
        n = tables.households.id.size
        base = np.uint64(bits(self._key, _NEW, step, 0, 0))
        drawn = first_of(base, 3 * n).reshape(3, n)  # x, y and group of each household
        tables.cells.x[:n] = drawn[0] * grid.columns * grid.side
        tables.cells.y[:n] = drawn[1] * grid.rows * grid.side
        tables.households.id[:] = identities(int(Stream.ID_NEW_HOUSEHOLDS), self.key, step, 0, n)
        tables.persons.id[:] = identities(int(Stream.ID_NEW_HOUSEHOLDS), self.key, step, n, n)
        if grid.composition == "drawn":
            shares = [grid.shares.get(name, 0.0) for name in self.names]
            edges = np.cumsum(shares if grid.shares else np.full(len(self.names), 1 / len(self.names)))
            tables.households.group[:] = np.searchsorted(edges[:-1], drawn[2], side="right")
            tables.persons.group[:] = tables.households.group
            self.roll.group[:] = tables.persons.group
        taste, wants, _ = draw_wants(self.mode, self.names, self.roll.group, tables.households.id, self.key)
        self.roll.taste[:] = taste
        self.roll.wants[:] = wants
        self.measure_ways()

    def _draw_lots(self, base: np.uint64) -> int:
        """Admit by the schools' lots; the order of schools is drawn once."""
        schools, n = self.roll.seats.size, self.roll.school.size
        first = np.uint64(bits(self._key, _ADMISSION, 0, 0, 0))  # of no step: one order for the whole run
        lottery = Lottery(
            wish=np.full(self.roll.considered.shape, NONE, np.int32),
            list_start=np.zeros(schools + 1, np.int64),
            applicants=np.zeros(n, np.int64),
            is_admitted=np.zeros(n, np.bool_),
            school_order=np.argsort(first_of(first, schools)).astype(np.int64),
        )
        return int(admit_by_lottery(self.roll, base, lottery))

"""School choice one at a time in plain Python, for reading: compositions are counted anew at every look."""

import math

import numpy as np

from segsim.kernels.draws import Stream, bits
from tests.reference.one_at_a_time import EPS, best, logit, nth, preference


class PlainSchools:
    """Pupils and their schools; takes its start from a `Schooling`."""

    def __init__(self, schooling):
        self.mode, self.names, self.key = schooling.mode, schooling.names, schooling.key
        roll = schooling.roll
        self.group, self.taste = roll.group.tolist(), roll.taste.tolist()
        self.wants, self.curves = roll.wants, roll.curves.tolist()
        self.seats = roll.seats.tolist()
        self.n_schools = len(self.seats)
        self.distance = distances(schooling)
        self.longest = math.hypot(schooling.grid.rows, schooling.grid.columns) * schooling.grid.side
        self.longest /= 2 if schooling.grid.torus else 1
        k = max(int(self.mode.considered.share * self.n_schools + 1e-9), 1)
        by_distance = [
            sorted(range(self.n_schools), key=lambda s, row=row: (row[s], s)) for row in self.distance
        ]
        self.considered = [order[:k] for order in by_distance]
        self.school = [order[0] for order in by_distance]
        self.last = list(self.school)

    def step(self, step):
        """Let pupils reconsider; return how many changed school."""
        self.base, self.drawn = int(bits(self.key, int(Stream.SCHOOL_TURN), step, 0, 0)), 0
        if self.mode.admission == "lottery":
            moves = self.draw_lots()
        elif self.mode.admission == "serial_dictatorship":
            moves = self.dictate()
        else:
            moves = self.in_turn()
        self.last = list(self.school)
        return moves

    def draw(self):
        """Return the next uniform of the step."""
        self.drawn += 1
        return nth(self.base, self.drawn - 1)

    def nearness(self, p, s):
        """Return how near a school is to a pupil."""
        row = self.distance[p]
        if self.mode.distance.nearness == "of_longest":
            return (self.longest - row[s]) / self.longest
        return (max(row) - row[s]) / (max(row) - min(row)) if max(row) > min(row) else 1.0

    def utility(self, p, s):
        """Return what a school is worth to a pupil."""
        live = self.mode.composition == "live"
        goes_to = self.school if live else self.last
        pupils = [q for q, school in enumerate(goes_to) if school == s]
        if live and not self.mode.counts_self and p in pupils:
            pupils.remove(p)
        like = sum(self.group[q] == self.group[p] for q in pupils)
        weight, if_empty, shape, demand, a, b, c, d, at = self.wants[self.taste[p], 0].tolist()
        whole = (len(pupils), self.seats[s], 1.0)[int(demand)]
        if demand == 0 and not pupils:
            value = if_empty
        elif shape == 4:
            value = 1.0 if like >= math.floor(a * whole + 0.5 + EPS) else b
        else:
            value = preference(int(shape), like / whole if whole else 0.0, a, b, c, d, self.curves[at:])
        composition, mode = weight * value, self.mode.distance
        if mode.form == "cobb_douglas":
            return composition**mode.composition_weight * self.nearness(p, s) ** (1 - mode.composition_weight)
        if mode.form == "linear":
            return mode.composition_weight * composition + (1 - mode.composition_weight) * self.nearness(p, s)
        return composition

    def content(self, p):
        """Tell whether a pupil is satisfied with its school."""
        level = self.mode.satisfied_at
        if self.mode.satisfied_sd:
            u, v = self.draw(), self.draw()
            level += self.mode.satisfied_sd * math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v)
        return self.utility(p, self.school[p]) >= level - EPS

    def in_turn(self):
        """Let pupils act one after another."""
        n, mode, moves = len(self.school), self.mode, 0
        replaces = mode.activation.households == "random_with_replacement"
        turns = mode.activation.number or n
        order = list(range(n))
        for i in range(turns if replaces else min(turns, n)):
            if replaces:
                p = int(self.draw() * n)
            else:
                if mode.activation.order == "random":
                    j = i + int(self.draw() * (n - i))
                    order[i], order[j] = order[j], order[i]
                p = order[i]
            if mode.rule == "threshold" and self.content(p):
                continue
            options = [
                s
                for s in self.considered[p]
                if self.school.count(s) < self.seats[s] or (s == self.school[p] and mode.rule != "threshold")
            ]
            if options:
                values = [self.utility(p, s) for s in options]
                if mode.rule == "logit":
                    chosen = options[logit(values, mode.beta, self.draw())]
                else:
                    chosen = options[best(values, self.draw())]
                moves += chosen != self.school[p]
                self.school[p] = chosen
        return moves

    def ranked(self, p):
        """Return the schools a pupil considers, best first, ties at random."""
        values = [self.utility(p, s) + EPS * self.draw() for s in self.considered[p]]
        order = sorted(range(len(values)), key=lambda k: -values[k])
        return [self.considered[p][k] for k in order]

    def dictate(self):
        """Give all seats anew, in random order."""
        n, moves, taken = len(self.school), 0, [0] * self.n_schools
        order, chosen_by = list(range(n)), list(self.school)
        for i in range(n):
            j = i + int(self.draw() * (n - i))
            order[i], order[j] = order[j], order[i]
            p = order[i]
            ranked = self.ranked(p)
            chosen = next((s for s in ranked if taken[s] < self.seats[s]), ranked[0])
            taken[chosen] += 1
            moves += chosen != self.school[p]
            chosen_by[p] = chosen
        self.school = chosen_by
        return moves

    def draw_lots(self):
        """Let schools draw lots, place after place on the lists of the discontented."""
        lists = [None if self.content(p) else self.ranked(p) for p in range(len(self.school))]
        first = int(bits(self.key, int(Stream.SCHOOL_ADMISSION), 0, 0, 0))
        schools = sorted(range(self.n_schools), key=lambda s: nth(first, s))
        moved, moves = set(), 0
        for place in range(len(self.considered[0])):
            named = [
                [p for p, wish in enumerate(lists) if wish and wish[place] == s]
                for s in range(self.n_schools)
            ]
            for s in schools:
                applicants = named[s]
                free = min(len(applicants), max(self.seats[s] - self.school.count(s), 0))
                for a in range(free):
                    j = a + int(self.draw() * (len(applicants) - a))
                    applicants[a], applicants[j] = applicants[j], applicants[a]
                    p = applicants[a]
                    if p not in moved:
                        moved.add(p)
                        moves += self.school[p] != s
                        self.school[p] = s
        return moves


def distances(schooling):
    """Return the distance from each pupil to each school, m."""
    tables, grid = schooling.tables, schooling.grid
    cell = tables.dwellings.cell[tables.households.home[tables.persons.household]]
    across = np.abs(tables.cells.x[cell][:, None].astype(float) - tables.cells.x[tables.schools.cell])
    along = np.abs(tables.cells.y[cell][:, None].astype(float) - tables.cells.y[tables.schools.cell])
    if grid.torus:
        across = np.minimum(across, grid.columns * grid.side - across)
        along = np.minimum(along, grid.rows * grid.side - along)
    return np.sqrt(across**2 + along**2).tolist()

"""Schools beside homes: the same children by the school they attend and by the area they live in."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segsim import indices
from segsim.ages import SCHOOL_LEAVING_AGE
from segsim.groups import is_foreign
from segsim.indices.inputs.numbers import ratio
from segsim.indices.schools import compare_school_and_home
from segsim.kernels.counting import tally_pupils
from segsim.measures.residence import add_evenness, add_spread
from segsim.measures.rows import Rows
from segsim.measures.snapshot import Snapshot, sum_by_district
from segsim.tables import NONE, Array, Education, live

LOWEST_GRADE, HIGHEST_GRADE = 0, 9


class EnrolledPupils(NamedTuple):
    """Pupils counted: by area, school and group; by area or nearest school and group; and by school.

    `schools` holds, per school, pupils of grades 7 to 9, pupils with a known parental education, and its sum
    and sum of squares.
    """

    joint: Array
    by_area: Array
    by_nearest: Array
    schools: Array


class Units(NamedTuple):
    """The schools there are: their rows, and what they are called."""

    rows: Array
    names: Sequence[str]


class NearestSchools:
    """The nearest school with grade 0 and with grade 9 of every cell, worked out when schools change."""

    def __init__(self) -> None:
        self._made_for: bytes = b""
        self._nearest = np.empty((2, 0), np.int32)

    def of(self, snap: Snapshot) -> Array:
        """Return school rows (2, cells); NONE where no school has the grade."""
        schools, cells = snap.state.tables.schools, snap.state.tables.cells
        key = schools.id.tobytes() + schools.cell.tobytes() + cells.id.size.to_bytes(8, "little")
        if key != self._made_for:
            self._made_for = key
            self._nearest = np.full((2, cells.id.size), NONE, np.int32)
            rows = live(schools)
            first, last = schools.first_grade[rows], schools.last_grade[rows]
            homes = np.column_stack([cells.x, cells.y])
            for at, chosen in enumerate((rows[first == LOWEST_GRADE], rows[last == HIGHEST_GRADE])):
                if chosen.size:
                    places = homes[schools.cell[chosen]]
                    self._nearest[at] = chosen[indices.nearest_school(homes, places)]
        return self._nearest


def count_pupils(snap: Snapshot, nearest: Array) -> EnrolledPupils:
    """Count the pupils of a snapshot."""
    n_schools, n_groups = snap.state.tables.schools.id.size, len(snap.state.groups)
    pupils = EnrolledPupils(
        np.zeros((snap.n_areas, n_schools, n_groups)),
        np.zeros((snap.n_areas, n_groups)),
        np.zeros((n_schools, n_groups)),
        np.zeros((n_schools, 4)),
    )
    tally_pupils(snap.state.year, snap.state.tables.persons, snap.homes, nearest, *pupils)
    return pupils


def add_schools(
    rows: Rows, snap: Snapshot, pupils: EnrolledPupils, groupings: Sequence[str], units: Units
) -> None:
    """Add segregation between schools beside that of the same children's homes, and pupils and teachers."""
    of_school = pupils.joint.sum(axis=0)
    for grouping in groupings:
        if grouping not in ("background", "origin"):
            continue
        joint, by_area, by_school, by_nearest = (
            table if grouping == "origin" else snap.backgrounds(table)
            for table in (pupils.joint, pupils.by_area, of_school, pupils.by_nearest)
        )
        categories = snap.categories(grouping)
        add_spread(rows, by_school, grouping, categories, "school")
        add_evenness(rows, by_area, grouping, "area", "_home")
        add_evenness(rows, sum_by_district(snap, by_area), grouping, "district", "_home")
        excess = compare_school_and_home(joint, by_area, by_school)
        for name in ("excess_D", "excess_H", "excess_V", "excess_M"):
            rows.add(name, grouping, "school", getattr(excess, name))
        rows.add("M_school_given_home", grouping, "school", excess.M_school_given_zone)
        rows.add("M_home_given_school", grouping, "school", excess.M_zone_given_school)
        counterfactual = indices.residence_counterfactual(by_school, by_nearest)
        rows.add("D_nearest", grouping, "school", counterfactual.assigned)
        rows.add("residence_share", grouping, "school", counterfactual.share_from_residence)
        if rows.details(grouping):
            names = [f"{grouping}.{category}" for category in categories]
            add_shares_of_schools(rows, by_school, names, units)
    attending = of_school.sum(axis=1)[units.rows]
    teachers = snap.state.tables.schools.teacher_density[units.rows].astype(np.float64)
    rows.add("pupils", "", "municipality", float(attending.sum()))
    rows.add_each("pupils", "", "school", units.names, attending)
    mean_density = float(ratio((teachers * attending).sum(), attending.sum()))
    rows.add("teacher_density", "", "municipality", mean_density)
    rows.add_each("teacher_density", "", "school", units.names, teachers)


def add_shares_of_schools(rows: Rows, by_school: Array, names: Sequence[str], units: Units) -> None:
    """Add each school's share of pupils of each category."""
    pupils = by_school[units.rows]
    totals = pupils.sum(axis=1)
    for k, name in enumerate(names):
        rows.add_each("share", name, "school", units.names, ratio(pupils[:, k], totals))


def add_results(rows: Rows, snap: Snapshot, pupils: EnrolledPupils, units: Units) -> None:
    """Add merit values of this year's grade 9, their spread and gaps, and how schools differ."""
    persons = snap.state.tables.persons
    finished, merit = find_leavers(snap)
    parents, foreign = (
        persons.parent_education[finished],
        is_foreign(snap.state.groups)[persons.group[finished]],
    )
    limit = snap.state.preferences.schools.achievement.eligible_merit
    rows.add("merit_mean", "", "municipality", mean(merit))
    rows.add("merit_sd", "", "municipality", float(merit.std()) if merit.size else np.nan)
    rows.add("eligible", "", "municipality", mean((merit >= limit).astype(np.float64)))
    post, lower = parents >= Education.SHORT_POST_SECONDARY, parents == Education.LOWER_SECONDARY
    rows.add("merit_gap", "education", "municipality", mean(merit[post]) - mean(merit[lower]))
    rows.add("merit_gap", "background", "municipality", mean(merit[~foreign]) - mean(merit[foreign]))
    published = snap.state.tables.schools.published_merit.astype(np.float64)
    rows.add("merit_sd_between", "", "school", sd_of_units(published, pupils.schools[:, 0]))
    rows.add("ses_between", "", "school", between_share(*pupils.schools[:, 1:].T))
    rows.add_each("merit_mean", "", "school", units.names, published[units.rows])
    schools = snap.state.tables.schools
    added = schools.value_added.astype(np.float64)
    true = schools.quality.astype(np.float64) * (schools.last_grade - schools.first_grade + 1.0)
    for name, table in (("league_error", published), ("league_error_corrected", added)):
        error = indices.league_table_error(table[units.rows], true[units.rows])
        rows.add(name, "", "school", error)
    rows.add_each("value_added", "", "school", units.names, added[units.rows])


def find_leavers(snap: Snapshot) -> tuple[Array, Array]:
    """Return who finished grade 9 this year (rows), and their merit values."""
    persons = snap.state.tables.persons
    is_of_age = persons.birth_year == snap.state.year - SCHOOL_LEAVING_AGE
    finished = np.flatnonzero(is_of_age & (persons.merit != NONE))
    return finished, persons.merit[finished].astype(np.float64)


def mean(values: Array) -> float:
    """Return the mean, NaN of nothing."""
    return float(values.mean()) if values.size else np.nan


def sd_of_units(values: Array, weights: Array) -> float:
    """Return the SD of values over units weighted by people; NaN values and empty units are left out."""
    known = np.isfinite(values) & (weights > 0)
    if known.sum() < 2:
        return np.nan
    centre = np.average(values[known], weights=weights[known])
    return float(np.sqrt(np.average((values[known] - centre) ** 2, weights=weights[known])))


def between_share(n: Array, sums: Array, squares: Array) -> float:
    """Return the share of the variance of a value between units, given n, sum and sum of squares of each."""
    people, total = n.sum(), float(squares.sum() - sums.sum() ** 2 / max(n.sum(), 1.0))
    if people < 2 or not total > 0:
        return np.nan
    between = (sums[n > 0] ** 2 / n[n > 0]).sum() - sums.sum() ** 2 / people
    return float(between / total)


__all__ = ["EnrolledPupils", "NearestSchools", "Units", "add_results", "add_schools", "count_pupils"]

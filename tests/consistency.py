"""What must hold of the tables at every moment, whatever the year has brought."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from segsim.tables import NONE, Activity, Array, Tables, live

_REFERENCES = (
    ("cells", "area", "areas", False),
    ("dwellings", "cell", "cells", False),
    ("dwellings", "occupant", "households", True),
    ("households", "home", "dwellings", True),
    ("households", "lodging_with", "households", True),
    ("persons", "household", "households", False),
    ("persons", "school", "schools", True),
    ("persons", "workplace", "workplaces", True),
    ("persons", "start_area", "areas", True),
    ("schools", "cell", "cells", False),
    ("workplaces", "cell", "cells", False),
)
"""Table, column, table it points into, whether it may be NONE."""


def find_inconsistencies(tables: Tables) -> list[str]:
    """Return what does not hold, one sentence each; an empty list if all is well.

    Checked: ids are unique; every reference points at a row in use; a home and its occupant name each other,
    so that nobody lives in two homes and no dwelling has two holders; who has no home lodges with a household
    that has one; every person's household exists and every household has persons, and its size is their
    number; pupils have a school that has a row; only the employed have a workplace; amounts are finite.
    """
    return list(_problems(tables))


def _problems(tables: Tables) -> Iterator[str]:
    yield from _ids(tables)
    references = list(_dangling(tables))
    yield from references
    if references:
        return
    yield from _homes(tables)
    yield from _members(tables)
    yield from _days(tables)
    yield from _amounts(tables)


def _ids(tables: Tables) -> Iterator[str]:
    """Look for ids used twice."""
    for field in fields(tables):
        ids = getattr(tables, field.name).id
        used = ids[ids != NONE]
        if np.unique(used).size < used.size:
            yield f"{field.name}: {used.size - np.unique(used).size} ids are used twice"


def _dangling(tables: Tables) -> Iterator[str]:
    """Look for references to rows that are not in use."""
    for table, column, target, may_lack in _REFERENCES:
        source = getattr(tables, table)
        rows = live(source)
        to = getattr(source, column)[rows]
        ids = getattr(tables, target).id
        wrong = (to < NONE) | (to >= ids.size) | ((to == NONE) & (not may_lack))
        wrong[~wrong] = (to[~wrong] != NONE) & (ids[np.maximum(to[~wrong], 0)] == NONE)
        if wrong.any():
            n, first = int(wrong.sum()), int(rows[wrong][0])
            yield f"{table}.{column}: {n} rows point at no row of {target}, first {first}"


def _homes(tables: Tables) -> Iterator[str]:
    """Look for homes and holders that do not agree, and for lodgers without a host."""
    households, dwellings = tables.households, tables.dwellings
    rows, stock = live(households), live(dwellings)
    housed = rows[households.home[rows] != NONE]
    if (wrong := dwellings.occupant[households.home[housed]] != housed).any():
        yield f"households.home: {int(wrong.sum())} households are not the occupant of their home"
    held = stock[dwellings.occupant[stock] != NONE]
    if (wrong := households.home[dwellings.occupant[held]] != held).any():
        yield f"dwellings.occupant: {int(wrong.sum())} dwellings are not the home of their occupant"
    lodging = households.lodging_with[rows] != NONE
    at_home = households.home[rows] != NONE
    if (both := lodging & at_home).any():
        yield f"households.lodging_with: {int(both.sum())} households have a home and lodge"
    if (neither := ~lodging & ~at_home).any():
        yield f"households.home: {int(neither.sum())} households neither have a home nor lodge"
    hosts = households.lodging_with[rows[lodging]]
    if (wrong := households.home[hosts] == NONE).any():
        yield f"households.lodging_with: {int(wrong.sum())} lodge with a household that has no home"


def _members(tables: Tables) -> Iterator[str]:
    """Look for households without persons, and for sizes that are not the number of persons."""
    households, persons = tables.households, tables.persons
    rows = live(households)
    n = np.bincount(persons.household[live(persons)], minlength=households.id.size)[rows]
    if (n == 0).any():
        yield f"households: {int((n == 0).sum())} have no persons, first row {int(rows[n == 0][0])}"
    if (wrong := households.size[rows] != n).any():
        yield f"households.size: {int(wrong.sum())} are not the number of their persons"
    if (wrong := households.adults[rows] + households.children[rows] != households.size[rows]).any():
        yield f"households: in {int(wrong.sum())} adults and children do not sum to the size"


def _days(tables: Tables) -> Iterator[str]:
    """Look for pupils and schools, and for workers and workplaces, that do not match."""
    persons, schools = tables.persons, tables.schools
    rows = live(persons)
    is_pupil = persons.activity[rows] == Activity.PUPIL
    if live(schools).size and (lost := is_pupil & (persons.school[rows] == NONE)).any():
        yield f"persons.school: {int(lost.sum())} pupils have no school"
    if (odd := ~is_pupil & (persons.school[rows] != NONE)).any():
        yield f"persons.school: {int(odd.sum())} who are not pupils have a school"
    is_employed = persons.activity[rows] == Activity.EMPLOYED
    if live(tables.workplaces).size and (lost := is_employed & (persons.workplace[rows] == NONE)).any():
        yield f"persons.workplace: {int(lost.sum())} employed persons have no workplace"
    if (odd := ~is_employed & (persons.workplace[rows] != NONE)).any():
        yield f"persons.workplace: {int(odd.sum())} who are not employed have a workplace"
    staff = np.bincount(
        persons.workplace[rows][persons.workplace[rows] != NONE], minlength=tables.workplaces.id.size
    )
    if (over := staff > np.maximum(tables.workplaces.jobs, 0)).any():
        yield f"workplaces.jobs: {int(over.sum())} workplaces have more persons than jobs"


def _amounts(tables: Tables) -> Iterator[str]:
    """Look for amounts that are not finite, or negative where they cannot be."""
    for table, column in (
        ("households", "income"),
        ("households", "standard"),
        ("persons", "wage"),
        ("dwellings", "price"),
        ("dwellings", "fee"),
    ):
        values = getattr(getattr(tables, table), column)[live(getattr(tables, table))]
        if (wrong := ~np.isfinite(values) | (values < 0)).any():
            yield f"{table}.{column}: {int(wrong.sum())} are negative or not finite"
    wealth = tables.households.wealth[live(tables.households)]
    if not np.isfinite(wealth).all():
        yield "households.wealth: some are not finite"


def count_seats_taken(tables: Tables, year: int) -> Array:
    """Return pupils by school and grade 0-9; a grade is the age reached during the year less six."""
    persons = tables.persons
    rows = np.flatnonzero((persons.id != NONE) & (persons.school != NONE))
    grade = np.clip(year - persons.birth_year[rows] - 6, 0, 9)
    out = np.zeros((tables.schools.id.size, 10), np.int64)
    np.add.at(out, (persons.school[rows], grade), 1)
    return out

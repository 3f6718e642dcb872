"""Tables: columns declared once, free rows reused, growth by an eighth."""

import numpy as np
import pytest

from segsim.tables import (
    NONE,
    TENURES,
    Areas,
    Cells,
    Dwellings,
    Households,
    Persons,
    Schools,
    Tenure,
    Workplaces,
    build_table,
    columns,
    empty_table,
    grow_table,
    live,
    release,
    with_free_rows,
)

TABLES = [Areas, Cells, Dwellings, Households, Persons, Schools, Workplaces]


@pytest.mark.parametrize("table", TABLES)
def test_columns__say_what_they_hold(table):
    for name, column in columns(table).items():
        assert column.meaning, name
        assert empty_table(table, 2)._asdict()[name].dtype == column.dtype
    assert next(iter(columns(table))) == "id"


@pytest.mark.parametrize("table", TABLES)
def test_empty__has_no_live_row(table):
    assert live(empty_table(table, 5)).size == 0


def test_with_free_rows__takes_the_lowest_and_grows_as_far_as_needed():
    cells = build_table(Cells, 4, id=[7, NONE, 9, NONE])
    same, rows = with_free_rows(cells, 2)
    assert same is cells
    assert rows.tolist() == [1, 3]
    longer, rows = with_free_rows(cells, 4)
    assert rows.tolist() == [1, 3, 4, 5]
    assert longer.id.tolist() == [7, NONE, 9, NONE, NONE, NONE]


def test_with_free_rows__grows_a_full_table_by_an_eighth():
    longer, rows = with_free_rows(build_table(Cells, 80, id=np.arange(80)), 1)
    assert longer.id.size == 90
    assert rows.tolist() == [80]


def test_release__gives_every_column_its_fill():
    homes = build_table(Dwellings, 3, id=[1, 2, 3], price=5.0, occupant=[0, 1, 2])
    release(homes, np.array([1]))
    assert live(homes).tolist() == [0, 2]
    assert homes.price.tolist() == [5, 0, 5]
    assert homes.occupant.tolist() == [0, NONE, 2]


def test_tenure_names__follow_the_enumeration():
    assert [tenure.name.lower() for tenure in Tenure] == list(TENURES)


def test_grow_table__keeps_what_was():
    persons = build_table(Persons, 2, id=[4, 5], wage=[1.5, 2.5])
    more = grow_table(persons, 5)
    assert more.wage.tolist() == [1.5, 2.5, 0, 0, 0]
    assert more.id.tolist() == [4, 5, NONE, NONE, NONE]

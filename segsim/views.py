"""How the city looks to Mesa: areas and schools as agents, households when someone looks, a grid of cells."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, Protocol
from weakref import WeakKeyDictionary, proxy

import mesa
import numpy as np
from mesa.discrete_space import Cell, OrthogonalMooreGrid

from segsim.errors import SegsimError
from segsim.tables import NONE, TENURES, Areas, Array, Households, Schools, Tables

_FIELDS = {"areas": Areas._fields, "schools": Schools._fields, "households": Households._fields}


class ViewedCity(Protocol):
    """What agents ask of the Mesa model they belong to."""

    @property
    def tables(self) -> Tables:
        """The city as it is now."""

    @property
    def area_names(self) -> tuple[str, ...]:
        """Names of the areas, in the order of the table."""

    def household_cells(self) -> Array:
        """Return the cell of each household row; NONE for a free row."""

    def coordinate_of(self, cell: int) -> tuple[int, int]:
        """Return the grid row and column of a cell."""

    def households_at(self, cell: int) -> "list[HouseholdAgent]":
        """Return the households that live or lodge on a cell."""

    @property
    def cells(self) -> OrthogonalMooreGrid:
        """The cells as a Mesa grid without layers."""


class _Numbers(WeakKeyDictionary[mesa.Model, "count[int]"]):
    """A counter for each city, which goes when the city goes."""

    def __getitem__(self, city: mesa.Model) -> "count[int]":
        return self.setdefault(city, count(1))


class RowAgent(mesa.Agent):
    """One row of one table, read-only, as a Mesa agent.

    Attributes are the table's columns: `agent.capacity` is the capacity of that school now. Once what the
    row stood for has left the city, its columns raise a LookupError.
    """

    _ids = _Numbers()  # that of Mesa 3.3 holds on to every model there ever was
    table: str
    model: ViewedCity

    def __init__(self, model: ViewedCity, row: int, key: int) -> None:
        super().__init__(model)
        self.row, self.key = row, key

    def __getattr__(self, name: str) -> Any:
        """Return a column of the row."""
        if name.startswith("_") or name in ("model", "row", "key", "table", "unique_id", "pos"):
            raise AttributeError(name)
        table = getattr(self.model.tables, self.table)
        if name not in table._fields:
            raise AttributeError(f"a {type(self).__name__} has no {name}; it has {', '.join(table._fields)}")
        if table.id[self.row] != self.key:
            raise LookupError(f"{self.table} {self.key} is no longer in the city")
        return getattr(table, name)[self.row].item()

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse to set a column."""
        if name in _FIELDS[self.table]:
            raise AttributeError(
                f"{name} of a {type(self).__name__} is read-only: a city changes by its rules"
            )
        super().__setattr__(name, value)

    def remove(self) -> None:
        """Refuse: what a city loses it loses by its rules."""
        kind = type(self).__name__
        raise SegsimError(
            f"a {kind} is a view and cannot be removed: a city changes by its rules and tables",
            f"en {kind} är en vy och går inte att ta bort: en stad ändras genom regler och tabeller",
        )

    def leave(self) -> None:
        """Be an agent of the model no longer, since the row stands for something else or nothing now."""
        super().remove()


class AreaAgent(RowAgent):
    """One area."""

    table = "areas"

    @property
    def name(self) -> str:
        """Name of the area in the scenario."""
        return self.model.area_names[self.row]


class SchoolAgent(RowAgent):
    """One school."""

    table = "schools"


class HouseholdAgent(RowAgent):
    """One household; it exists as an object only once someone has looked."""

    table = "households"

    @property
    def coordinate(self) -> tuple[int, int]:
        """Grid row and column of the cell it lives on, or lodges on."""
        _ = self.home  # refused once the household has left
        return self.model.coordinate_of(self.model.household_cells()[self.row])

    @property
    def pos(self) -> tuple[int, int]:
        """Mesa's name for the coordinate."""
        return self.coordinate

    @pos.setter
    def pos(self, value: Any) -> None:
        """Refuse a place; Mesa begins by giving every agent none."""
        if value is not None:
            raise AttributeError("pos of a HouseholdAgent is read-only: a city changes by its rules")

    @property
    def cell(self) -> Cell:
        """The cell it lives on, or lodges on, with whoever lives there and around; read-only."""
        return self.model.cells[self.coordinate]

    @property
    def tenure(self) -> str:
        """Tenure of its home, or "lodging"."""
        home = self.model.tables.households.home[self.row]
        return "lodging" if home == NONE else TENURES[self.model.tables.dwellings.tenure[home]]


class Residents(Sequence["HouseholdAgent"]):
    """Who lives or lodges on a cell, whenever it is looked into; Mesa's neighbourhoods hold on to it."""

    def __init__(self, city: ViewedCity, row: int) -> None:
        self.city, self.row = city, row

    def __len__(self) -> int:
        return len(self.city.households_at(self.row))

    def __getitem__(self, i: Any) -> Any:
        return self.city.households_at(self.row)[i]

    def __iter__(self) -> "Iterator[HouseholdAgent]":
        return iter(self.city.households_at(self.row))

    def copy(self) -> "list[HouseholdAgent]":
        """Return them as a list, as Mesa asks of the list it would have."""
        return list(self)


class CityCell(Cell):
    """A cell of a city in Mesa's terms, read-only: its agents are who lives or lodges there when asked."""

    def add_agent(self, agent: Any) -> None:
        """Refuse: households move by the rules of the city."""
        self._refuse()

    def remove_agent(self, agent: Any) -> None:
        """Refuse: households move by the rules of the city."""
        self._refuse()

    def _refuse(self) -> None:
        raise SegsimError(
            "a cell of a city is a view: households move by the city's rules",
            "en cell i en stad är en vy: hushåll flyttar efter stadens regler",
        )


def cell_grid(
    city: Any, rows: Array, columns: Array, torus: bool, layers: dict[str, Array]
) -> OrthogonalMooreGrid:
    """Return a Mesa grid that covers the city's cells, with one property layer per named array of cells."""
    shape = (int(rows.max()) + 1, int(columns.max()) + 1)
    grid = OrthogonalMooreGrid(shape, torus=torus, random=city.random, cell_klass=CityCell)
    for row, at in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        grid[at]._agents = Residents(proxy(city), row)
    for name, values in layers.items():
        layer = np.zeros(shape, values.dtype)
        layer[rows, columns] = values
        grid.create_property_layer(name, default_value=values.dtype.type(0), dtype=values.dtype.type)
        getattr(grid, name).data[:] = layer
    return grid

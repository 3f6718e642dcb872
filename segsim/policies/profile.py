"""The city as a policy sees it: what is known of its areas and schools when the policy begins."""

from dataclasses import dataclass, field, replace
from typing import Self

from segsim.tables import Array


@dataclass(frozen=True)
class SchoolProfiles:
    """What is known of each school, one entry per school.

    Attributes
    ----------
    pupils : int array
        Pupils at the school.
    published_merit : float array
        Mean merit value as published; NaN where none is.
    ses : float array
        Mean education of the pupils' parents, from 0 to 3.
    area : int array
        Row of the area the school lies in.
    id : int array
        Stable identity.
    provider : int array
        A Provider.
    names : tuple of str
        What each is called.
    """

    pupils: Array
    published_merit: Array
    ses: Array
    area: Array
    id: Array
    provider: Array
    names: tuple[str, ...]


@dataclass(frozen=True)
class CellProfiles:
    """Where people live, one entry per populated cell.

    Attributes
    ----------
    x, y : float array
        East and north coordinate of the centre, m.
    residents : array
    """

    x: Array
    y: Array
    residents: Array


@dataclass(frozen=True)
class CityProfile:
    """The city when a policy began, and the year it is now.

    Attributes
    ----------
    year : int
        The year to come.
    began : int
        The first simulated year of the policy.
    areas, districts : tuple of str
        Name of each area and of its district, in the order of the areas table, as in all arrays here.
    municipalities : tuple of str
        Code of each area's municipality; nothing where no municipality of a code is known.
    types : int array
        Official type of each area, from 1 (great challenges) to 5; that of its district.
    index : float array
        Socio-economic index of each area, percent.
    residents, dwellings : array
        How many each area has.
    shares : dict of str to float array
        Share of each area with a trait that `ShareRange` knows.
    x, y : float array
        Coordinates of each area's population centre, m.
    ages : array, areas x ages
        Residents of each area by age, the last column those of 100 and over.
    cells : CellProfiles
    schools : SchoolProfiles
    refugees : float
        Persons who come as refugees a year, and the share of them with lodging of their own.
    own_housing_share : float
    people : dict of str to array
        Persons of each area (rows) that a policy may be meant for: `foreign_born_women_without_work`, 20-64
        years old, by education; `preschool_children`, 3-5 years old of foreign background, by the parents'
        education, and how many of them are enrolled.
    unlawful_lets : int array
        Rentals of each area whose occupant has its contract outside the queue.
    """

    year: int
    began: int
    areas: tuple[str, ...]
    districts: tuple[str, ...]
    types: Array = field(repr=False)
    index: Array = field(repr=False)
    residents: Array = field(repr=False)
    dwellings: Array = field(repr=False)
    shares: dict[str, Array] = field(repr=False)
    x: Array = field(repr=False)
    y: Array = field(repr=False)
    ages: Array = field(repr=False)
    cells: CellProfiles = field(repr=False)
    schools: SchoolProfiles = field(repr=False)
    refugees: float = float("nan")
    own_housing_share: float = float("nan")
    people: dict[str, Array] = field(repr=False, default_factory=dict)
    unlawful_lets: Array | None = field(default=None, repr=False)
    municipalities: tuple[str, ...] = field(default=(), repr=False)

    def seen_in(self, year: int) -> Self:
        """Return the same city as a policy sees it in another year."""
        return self if year == self.year else replace(self, year=year)

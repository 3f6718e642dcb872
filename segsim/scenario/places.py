"""The places of a city as a scenario may name them: areas, districts, municipalities and schools."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segsim.policies import Scope
from segsim.tables import NONE, Provider, Tables


class CityPlaces(NamedTuple):
    """What a city's places are called, one entry per area or per school that has a name."""

    areas: tuple[str, ...]
    districts: tuple[str, ...]
    """District of each area."""
    municipalities: tuple[str, ...] = ()
    """Code of each area's municipality; none where no municipality is known."""
    schools: tuple[str, ...] = ()
    school_areas: tuple[int, ...] = ()
    """Row of the area that each school lies in; none where that is not known."""
    independent: tuple[str, ...] = ()
    """Schools that no council runs."""

    @property
    def municipal(self) -> tuple[str, ...]:
        """Schools that the council runs."""
        return tuple(school for school in self.schools if school not in self.independent)

    def rows(self, scope: Scope) -> set[int]:
        """Return the areas in which a scope lets something act, as far as names tell.

        Conditions on what areas are like, judged when a policy begins, can only leave out some of them.
        """
        rows = set(range(len(self.areas)))
        if scope.municipalities and self.municipalities:
            rows = {row for row in rows if self.municipalities[row] in scope.municipalities}
        if scope.names or scope.districts:
            districts = {*scope.names, *scope.districts}
            rows = {row for row in rows if self.areas[row] in scope.names or self.district(row) in districts}
        return rows

    def district(self, row: int) -> str:
        """Return the district of an area; nothing where that is not known."""
        return self.districts[row] if row < len(self.districts) else ""

    def schools_in(self, rows: set[int]) -> set[str]:
        """Return the schools that lie in some areas; all where it is not known where schools lie."""
        if not self.school_areas:
            return set(self.schools)
        return {school for school, row in zip(self.schools, self.school_areas, strict=True) if row in rows}


def list_places(
    tables: Tables,
    area_names: tuple[str, ...],
    district_names: Sequence[str],
    school_names: tuple[str, ...],
    municipality_codes: Sequence[str],
) -> CityPlaces:
    """Return the places of a city at its start."""
    areas, schools = tables.areas, tables.schools
    rows = np.flatnonzero(schools.id != NONE)
    rows = rows[np.argsort(schools.id[rows])][: len(school_names)]
    return CityPlaces(
        areas=area_names,
        districts=tuple(district_names[d] for d in areas.district),
        municipalities=tuple(municipality_codes[m] for m in areas.municipality),
        schools=school_names,
        school_areas=tuple(tables.cells.area[schools.cell[rows]].tolist()),
        independent=tuple(
            school_names[key] for key in schools.id[rows[schools.provider[rows] == Provider.INDEPENDENT]]
        ),
    )

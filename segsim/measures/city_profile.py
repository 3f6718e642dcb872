"""The city as a policy sees it when it begins, and as places to follow are chosen by."""

import numpy as np

from segsim.indices.inputs import ratio
from segsim.measures.official import Index
from segsim.measures.snapshot import Snapshot
from segsim.policies import Place, SchoolFacts
from segsim.tables import NONE, TENURES, Array, live


def place_of(snap: Snapshot, year: int, index: Index, types: Array) -> Place:
    """Return the facts of each area and school at the beginning of a year.

    Parameters
    ----------
    snap : Snapshot
        The city at the end of the year before.
    year : int
        The year that begins.
    index : Index
        Socio-economic index of every area.
    types : int array
        Official type of every area.
    """
    state, tables = snap.state, snap.state.tables
    homes = live(tables.dwellings)
    area = tables.cells.area[tables.dwellings.cell[homes]]
    by_tenure = np.zeros((snap.n_areas, len(TENURES)))
    np.add.at(by_tenure, (area, tables.dwellings.tenure[homes]), 1.0)
    stock = by_tenure.sum(axis=1)
    shares = {name: ratio(by_tenure[:, t], stock) for t, name in enumerate(TENURES)}
    shares["foreign_background"] = ratio(snap.by_area("background")[:, 1], snap.residents)
    work = snap.counts.work.sum(axis=(1, 2))
    shares["employed"] = ratio(work[:, 3], work[:, 0])
    shares["low_economic_standard"] = index.low_standard
    return Place(
        year=year,
        areas=state.area_names,
        districts=tuple(state.district_names[d] for d in tables.areas.district),
        types=types,
        index=index.value,
        residents=snap.residents,
        dwellings=stock,
        shares=shares,
        schools=_schools(snap),
    )


def _schools(snap: Snapshot) -> SchoolFacts:
    """Return what is known of each school."""
    schools, persons = snap.state.tables.schools, snap.state.tables.persons
    rows = live(schools)
    attending = persons.school[(persons.id != NONE) & (persons.school != NONE)]
    return SchoolFacts(
        rows=rows,
        provider=schools.provider[rows],
        pupils=np.bincount(attending, minlength=schools.id.size)[rows],
        published_merit=schools.published_merit[rows],
        foreign_share=schools.own_share[rows],
        ses=schools.ses[rows],
        area=snap.state.tables.cells.area[schools.cell[rows]],
    )

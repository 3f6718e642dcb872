"""The official Swedish indicators of each area and district: the index, the types, how they move."""

from typing import NamedTuple

import numpy as np

from segsim import indices
from segsim.indices.inputs.numbers import ratio
from segsim.measures.rows import Rows
from segsim.measures.snapshot import Snapshot, sum_by_district
from segsim.tables import Array

TYPES = 5


class Index(NamedTuple):
    """The socio-economic index per unit in percent, and its parts as shares; NaN where nobody lives."""

    value: Array
    low_standard: Array
    low_education: Array
    unemployed: Array


def measure_index(snap: Snapshot, level: str) -> Index:
    """Return the socio-economic index of every area, district or municipality of a region, or of the city.

    The third part, people with long assistance or unemployment, is stood for by the unemployed of 20-64.
    """
    low, work = snap.counts.income[:, 0], snap.counts.work.sum(axis=(1, 2))
    counts = np.column_stack([low, snap.residents, work])
    if level == "district":
        counts = sum_by_district(snap, counts)
    elif level == "municipalities":
        by_municipality = np.zeros((len(snap.state.municipality_names), counts.shape[1]))
        np.add.at(by_municipality, snap.state.tables.areas.municipality, counts)
        counts = by_municipality
    elif level == "municipality":
        counts = counts.sum(axis=0, keepdims=True)
    low_standard = ratio(counts[:, 0], counts[:, 1])
    low_education = ratio(counts[:, 3], counts[:, 2])
    unemployed = ratio(counts[:, 4], counts[:, 2])
    value = indices.socioeconomic_index(100 * low_standard, 100 * low_education, 100 * unemployed)
    return Index(value, low_standard, low_education, unemployed)


def assign_types(index: Index, reference: tuple[float, float]) -> Array:
    """Return the type 1 to 5 of each unit, measured against a national mean and SD; 0 where nobody lives."""
    return np.asarray(indices.area_types(index.value, indices.Reference(*reference, "scenario")))


def add_official(
    rows: Rows, snap: Snapshot, reference: tuple[float, float], before: dict[str, Array]
) -> dict[str, Array]:
    """Add index, types, persistence and inequality; return the types by level for next year."""
    rows.add("socioeconomic_index", "", "municipality", float(measure_index(snap, "municipality").value[0]))
    now = {}
    for level, names, residents in (
        ("area", snap.state.area_names, snap.residents),
        ("district", snap.state.district_names, sum_by_district(snap, snap.residents)),
    ):
        index = measure_index(snap, level)
        types = now[level] = assign_types(index, reference)
        rows.add_each("socioeconomic_index", "", level, names, index.value)
        rows.add_each("area_type", "", level, names, np.where(types > 0, types, np.nan))
        rows.add("index_sd", "", level, indices.convergence(index.value))
        for kind, part in enumerate(indices.shares_by_type(types, residents), start=1):
            rows.add(f"area_type_{kind}", "", level, float(part))
        if level in before:
            rows.add("type_persistence", "", level, indices.persistence(before[level], types))
            matrix = indices.transitions(before[level], types)
            for a in range(TYPES):
                for b in range(TYPES):
                    rows.add("type_transition", f"{a + 1}-{b + 1}", level, float(matrix[a, b]))
        income = snap.counts.income if level == "area" else sum_by_district(snap, snap.counts.income)
        if len(income) > 1:
            rows.add("inequality_index", "", level, indices.inequality_index(income[:, 0], income[:, 2]))
    return now

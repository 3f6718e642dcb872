"""Workplaces at the start, and who works where."""

import numpy as np

from segsim.scenario.source import Jobs
from segsim.synthesis.apportionment import apportion
from segsim.tables import NONE, Array, Education, Workplaces, build_table


def build_workplaces(
    education: Array, cell: Array, cells_x: Array, cells_y: Array, jobs: Jobs, rng: np.random.Generator
) -> tuple[Workplaces, Array]:
    """Make jobs for all who are employed, of their skill, and give each employed person one.

    Jobs of residents who commute out, and most jobs of the city, stand at its centre; the others at sites
    spread among the dwellings. Who works where is drawn; jobs left over are vacant.

    Parameters
    ----------
    education : int
        Education of each employed person.
    cell : int
        Cell of each dwelling.
    cells_x, cells_y : float
        Cell centres, m.
    jobs : Jobs

    Returns
    -------
    Workplaces
        One row per place and skill.
    int array
        The workplace of each employed person.
    """
    sites, share = _choose_sites(cell, cells_x, cells_y, jobs, rng)
    levels = len(Education)
    filled_jobs = np.array([apportion(share, int((education == k).sum())) for k in range(levels)])
    vacant = np.array([apportion(share, round(jobs.vacant_share * int(row.sum()))) for row in filled_jobs])
    workplace = np.full(education.size, NONE, np.int64)
    for k in range(levels):
        places = np.repeat(np.arange(sites.size) * levels + k, filled_jobs[k])
        workplace[education == k] = rng.permutation(places)
    n = sites.size * levels
    table = build_table(
        Workplaces,
        n,
        id=np.arange(n),
        cell=np.repeat(sites, levels),
        skill=np.tile(np.arange(levels), sites.size),
        jobs=(filled_jobs + vacant).T.ravel(),
        wage_level=np.repeat(np.round(rng.normal(0, 0.04, sites.size), 4), levels),
    )
    return table, workplace


def build_regional_workplaces(
    education: Array,
    home: Array,
    cell: Array,
    of_cell: Array,
    cells_x: Array,
    cells_y: Array,
    jobs: Jobs,
    rng: np.random.Generator,
) -> tuple[Workplaces, Array]:
    """Make the jobs of each municipality of a region, and let commuters exchange theirs across borders.

    Every municipality has as many jobs as employed residents; those who commute out of it, drawn, hold the
    jobs of their skill that the others' commuters left, wherever in the region (C).

    Parameters
    ----------
    education, home : int
        Education and municipality of each employed person.
    cell : int
        Cell of each dwelling.
    of_cell : int
        Municipality of each cell.
    cells_x, cells_y : float
        Cell centres, m.
    jobs : Jobs

    Returns
    -------
    Workplaces
        One row per place and skill.
    int array
        The workplace of each employed person.
    """
    n_municipalities = int(of_cell.max()) + 1
    workplace = np.full(education.size, NONE, np.int64)
    tables: list[Workplaces] = []
    n = 0
    for m in range(n_municipalities):
        rows, dwellings = np.flatnonzero(home == m), cell[of_cell[cell] == m]
        table, places = build_workplaces(education[rows], dwellings, cells_x, cells_y, jobs, rng)
        workplace[rows] = places + n
        tables.append(table)
        n += table.id.size
    joined = Workplaces(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))
    joined.id[:] = np.arange(n)
    if n_municipalities > 1:
        for k in range(len(Education)):
            commuters = np.flatnonzero((education == k) & (rng.random(education.size) < jobs.commuter_share))
            workplace[commuters] = workplace[rng.permutation(commuters)]
    return joined, workplace


def _choose_sites(
    cell: Array, x: Array, y: Array, jobs: Jobs, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return the cells with jobs and the share of all jobs on each; the first is the centre."""
    centre = int(np.argmin(np.hypot(x - x[cell].mean(), y - y[cell].mean())))
    others = np.unique(rng.choice(cell, min(jobs.sites, cell.size), replace=False))
    others = others[others != centre]
    size = rng.lognormal(0, 0.8, others.size)
    inside = 1 - jobs.commuter_share
    at_centre = jobs.commuter_share + inside * (jobs.centre_share if others.size else 1.0)
    return np.concatenate([[centre], others]), np.concatenate(
        [[at_centre], (1 - at_centre) * size / max(float(size.sum()), 1e-9)]
    )

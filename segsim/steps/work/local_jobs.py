"""Jobs near home."""

import numpy as np

from segsim.state import CityState
from segsim.tables import NONE, Array


def count_job_doublings(state: CityState) -> Array:
    """Return how many times the jobs near each area double those near the average area (log2, mean 0)."""
    areas, cells, workplaces = state.tables.areas, state.tables.cells, state.tables.workplaces
    rows = np.flatnonzero(workplaces.id != NONE)
    # so that the sum over workplaces does not depend on the order of rows
    rows = rows[np.argsort(workplaces.id[rows])]
    cell = workplaces.cell[rows]
    km = np.hypot(areas.x[:, None] - cells.x[cell], areas.y[:, None] - cells.y[cell]) / 1000.0
    near = (workplaces.jobs[rows] * np.exp(-km / state.preferences.work.local_jobs_km)).sum(1)
    log_near = np.log2(np.maximum(near, 1e-9))
    order = np.argsort(areas.id)
    return np.asarray(log_near - log_near[order].mean())

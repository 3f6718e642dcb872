"""Where the areas of a city lie, kept with the results so that a page can be made again without the model."""

from pathlib import Path

import numpy as np
import pandas as pd

from segsim.figures import Geography
from segsim.runs.store.store import explain_kept_file, explain_write_errors
from segsim.scenario import Scenario
from segsim.simulation.initial_state import draw_initial_state
from segsim.state import CityState
from segsim.tables import live

CELLS = "map.parquet"
OUTLINES = "outlines.parquet"


def city_map(scenario: Scenario, seed: int, folder: Path | None = None) -> Geography:
    """Return where the areas of a city lie.

    Parameters
    ----------
    scenario : Scenario
        The city, or a scenario of it.
    seed : int
        Seed of the first city, if it has to be made.
    folder : Path, optional
        Results folder: read from there if it holds a map, else kept there.
    """
    if folder is not None and (folder / CELLS).exists():
        return read_map(folder)
    geography = build_map(scenario, draw_initial_state(scenario, seed))
    if folder is not None:
        write_map(geography, folder)
    return geography


def build_map(scenario: Scenario, state: CityState) -> Geography:
    """Return the cells of a first city, and its boundaries if it has any."""
    cells, homes = state.tables.cells, state.tables.dwellings
    frame = pd.DataFrame({"x": cells.x.astype(float), "y": cells.y.astype(float)})
    frame["area"] = np.array(state.area_names, object)[cells.area]
    districts = np.array(state.district_names, object)[state.tables.areas.district]
    frame["district"] = districts[cells.area]
    frame["homes"] = np.bincount(homes.cell[live(homes)], minlength=len(frame))
    return Geography(frame, _outlines(scenario) if scenario.city.has_map else None)


def _outlines(scenario: Scenario) -> pd.DataFrame:
    """Return the corners of the areas' polygons in the city's own metres."""
    from segsim.synthesis.sources import load_ground, load_source  # late: only a map that is made needs it

    ground = load_ground(scenario.city, load_source(scenario.city).counts)
    rings = [
        pd.DataFrame({"area": shape.code, "ring": i, "x": ring[:, 0], "y": ring[:, 1]})
        for shape in (ground.shapes if ground else ())
        for i, ring in enumerate(shape.rings)
    ]
    return pd.concat(rings, ignore_index=True)


def read_map(folder: Path) -> Geography:
    """Read the map a results folder holds."""
    with explain_kept_file(folder / CELLS):
        cells = pd.read_parquet(folder / CELLS)
    path = folder / OUTLINES
    if not path.exists():
        return Geography(cells)
    with explain_kept_file(path):
        return Geography(cells, pd.read_parquet(path))


def write_map(geography: Geography, folder: Path) -> None:
    """Keep a map in a results folder."""
    with explain_write_errors(folder / CELLS):
        folder.mkdir(parents=True, exist_ok=True)
        if geography.outlines is not None:
            geography.outlines.to_parquet(folder / OUTLINES, index=False)
        geography.cells.to_parquet(folder / CELLS, index=False)

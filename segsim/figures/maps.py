"""Maps of the city: a value per area painted on the cells where people live."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm, Colormap, ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from segsim.figures.style import (
    CHANGES,
    FAINT,
    GREY,
    MISSING,
    SHARES,
    TYPES,
    Number,
    Ticks,
    plain_number,
    sheet,
    styled,
)

Values = npt.NDArray[np.float64]


class Geography(NamedTuple):
    """Where the areas of a city lie.

    Attributes
    ----------
    cells : DataFrame
        One row per populated grid square: x, y of the centre (m), area (name).
    outlines : DataFrame or None
        Corners of the areas' polygons in drawing order: area, ring, x, y in the same coordinates; none where
        the city has no boundaries.
    """

    cells: pd.DataFrame
    outlines: pd.DataFrame | None = None


class Panel(NamedTuple):
    """One map of a row: its title and a value per area name."""

    title: str
    values: pd.Series


def share_maps(
    geography: Geography,
    panels: Sequence[Panel],
    change: Panel | None = None,
    *,
    title: str,
    unit: str,
    change_unit: str = "",
    missing: str = "no value",
    number: Number = plain_number,
    limits: tuple[float, float] | None = None,
) -> Figure:
    """Draw a row of maps of one quantity on one scale, and the change on a scale of its own.

    Parameters
    ----------
    geography : Geography
        Where the areas lie.
    panels : sequence of Panel
        Such as the start, the baseline and the scenario.
    change : Panel, optional
        The difference; zero is nearly white, a fall orange, a rise purple.
    title, unit, change_unit : str
        What the colours mean.
    missing : str
        What to call areas without a value.
    number : callable
        Writes the numbers of the scales.
    limits : pair of float, optional
        Ends of the common scale; the default is the range of the values.
    """
    low, high = limits or _range([panel.values for panel in panels])
    norm = Normalize(low, high)
    with styled():
        figure, places = _row(geography, len(panels) + (change is not None))
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=10.5)
        for axes, panel in zip(places, panels, strict=False):
            _paint(axes, geography, panel, SHARES, norm)
        _scale(figure, places[: len(panels)], SHARES, norm, unit, number)
        if change is not None:
            widest = float(change.values.abs().max())
            norm = Normalize(-widest, widest) if widest > 0 else Normalize(-1, 1)
            _paint(places[-1], geography, change, CHANGES, norm)
            _scale(figure, places[-1:], CHANGES, norm, change_unit, number)
        if any(panel.values.isna().any() for panel in panels):
            figure.legend(handles=[Patch(color=MISSING, label=missing)], loc="upper right")
    return figure


def type_maps(
    geography: Geography, panels: Sequence[Panel], *, title: str, labels: Sequence[str], missing: str
) -> Figure:
    """Draw a row of maps of area types 1 to 5; the colours of both ends weigh the same."""
    norm = BoundaryNorm(np.arange(0.5, 6.0), 5)
    scale = ListedColormap(list(TYPES))
    with styled():
        figure, places = _row(geography, len(panels))
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=10.5)
        for axes, panel in zip(places, panels, strict=True):
            _paint(axes, geography, panel, scale, norm)
        keys = [Patch(facecolor=c, label=label) for c, label in zip(TYPES, labels, strict=True)]
        if any(panel.values.isna().any() for panel in panels):
            keys.append(Patch(facecolor=MISSING, label=missing))
        figure.legend(handles=keys, loc="outside lower left", ncols=3, handlelength=1.2, handleheight=1.0)
    return figure


def _row(geography: Geography, n: int) -> tuple[Figure, list[Axes]]:
    """Return a figure with a row of empty maps, shaped like the city."""
    x, y = _extent(geography)
    shape = float(np.clip((y[1] - y[0]) / (x[1] - x[0]), 0.55, 1.6))
    width = {1: 5.6, 2: 7.6, 3: 9.6}.get(n, 11.2)
    figure = sheet(width, width / n * shape + 1.15)
    places = list(figure.subplots(1, n, squeeze=False)[0])
    for axes in places:
        axes.set_aspect("equal")
        axes.set_xlim(*x)
        axes.set_ylim(*y)
        axes.set_axis_off()
    return figure, places


def _extent(geography: Geography) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ranges of x and y that hold the populated cells, with a margin."""
    x, y = geography.cells["x"], geography.cells["y"]
    margin = 0.02 * max(x.max() - x.min(), y.max() - y.min()) + cell_side(geography.cells)
    return (x.min() - margin, x.max() + margin), (y.min() - margin, y.max() + margin)


def _paint(axes: Axes, geography: Geography, panel: Panel, scale: Colormap, norm: Normalize) -> None:
    """Paint the areas of one map: polygons faintly where there are any, the populated cells in full."""
    scale = scale.with_extremes(bad=MISSING)
    axes.set_title(panel.title, fontsize=9.5, fontweight="normal", pad=4)
    if geography.outlines is not None:
        _fill(axes, geography.outlines, panel.values, scale, norm)
    grid, extent = raster(geography.cells, panel.values)
    empty, _ = raster(geography.cells, pd.Series(1.0, index=panel.values.index))
    colours = scale(norm(np.ma.masked_invalid(grid)))
    colours[..., 3] = np.isfinite(empty)
    axes.imshow(colours, extent=extent, origin="lower", interpolation="nearest", zorder=2)
    if geography.outlines is not None:
        _outline(axes, geography.outlines)


def _fill(axes: Axes, outlines: pd.DataFrame, values: pd.Series, scale: Colormap, norm: Normalize) -> None:
    """Fill the polygons with a pale tone of their value."""
    rings = list(outlines.groupby(["area", "ring"], sort=False))
    found = values.reindex([area for (area, _), _ in rings]).to_numpy(np.float64)
    colours = scale(norm(np.ma.masked_invalid(found)))
    colours[:, :3] = 1 - 0.45 * (1 - colours[:, :3])
    corners = [ring[["x", "y"]].to_numpy() for _, ring in rings]
    axes.add_collection(PolyCollection(corners, facecolors=colours, edgecolors="none", zorder=1))


def _outline(axes: Axes, outlines: pd.DataFrame) -> None:
    """Draw thin borders between areas."""
    corners = [ring[["x", "y"]].to_numpy() for _, ring in outlines.groupby(["area", "ring"], sort=False)]
    axes.add_collection(
        PolyCollection(corners, facecolors="none", edgecolors=GREY, linewidths=0.35, zorder=3)
    )


def raster(cells: pd.DataFrame, values: pd.Series) -> tuple[Values, tuple[float, float, float, float]]:
    """Return the values on a full grid, NaN where nobody lives, and its extent in metres."""
    side = cell_side(cells)
    columns = np.rint((cells["x"] - cells["x"].min()) / side).to_numpy(np.int64)
    rows = np.rint((cells["y"] - cells["y"].min()) / side).to_numpy(np.int64)
    grid = np.full((rows.max() + 1, columns.max() + 1), np.nan)
    grid[rows, columns] = values.reindex(cells["area"]).to_numpy(np.float64)
    left, low = cells["x"].min() - side / 2, cells["y"].min() - side / 2
    return grid, (left, left + side * grid.shape[1], low, low + side * grid.shape[0])


def cell_side(cells: pd.DataFrame) -> float:
    """Return the side of a cell in metres: the least distance between two columns or two rows."""
    steps = np.concatenate([np.diff(np.unique(cells[name].to_numpy(np.float64))) for name in ("x", "y")])
    steps = steps[steps > 1e-6]
    return float(steps.min()) if steps.size else 100.0


def _scale(
    figure: Figure, places: list[Axes], scale: Colormap, norm: Normalize, unit: str, number: Number
) -> None:
    """Draw the colour scale below some maps."""
    bar = figure.colorbar(
        ScalarMappable(norm, scale),
        ax=places,
        orientation="horizontal",
        fraction=0.05,
        aspect=28 if len(places) > 1 else 16,
        shrink=0.7 if len(places) > 1 else 0.9,
        pad=0.02,
    )
    bar.set_label(unit, fontsize=8.5)
    bar.ax.tick_params(labelsize=8, color=FAINT)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(5)
    bar.formatter = Ticks(number)
    bar.update_ticks()


def _range(values: Sequence[pd.Series]) -> tuple[float, float]:
    """Return the smallest and the largest of several columns, apart even where all are equal."""
    low = float(np.nanmin([v.min() for v in values]))
    high = float(np.nanmax([v.max() for v in values]))
    return (low, high) if high > low else (low - 0.5, high + 0.5)

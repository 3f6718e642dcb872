"""Maps of the city: a value per area painted on the cells where people live."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm, Colormap, ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from segsim.figures.style import (
    CHANGES,
    FAINT,
    GREY,
    INK,
    MISSING,
    SHARES,
    TYPES,
    Number,
    Ticks,
    house_style,
    sheet,
)
from segsim.words.numbers import write_number

Values = npt.NDArray[np.float64]
View = tuple[tuple[float, float], tuple[float, float]]

SMALL_TOWN = 0.6
"""A town of less than this part of the municipality's side is shown a second time, larger."""

MOST_SQUARES = 4_000_000


class Geography(NamedTuple):
    """Where the areas of a city lie.

    Attributes
    ----------
    cells : DataFrame
        One row per populated grid square: x, y of the centre (m), area (name),
        homes (dwellings on it).
    outlines : DataFrame or None
        Corners of the areas' polygons in drawing order: area, ring, x, y in the same coordinates; none where
        the city has no boundaries.
    """

    cells: pd.DataFrame
    outlines: pd.DataFrame | None = None


class Ring(NamedTuple):
    """One ring of the polygons of an area: its corners, x and y (m), in drawing order."""

    area: str
    corners: Values


class Panel(NamedTuple):
    """One map of a row: its title, a value per area name, and the areas whose value the runs disagree on."""

    title: str
    values: pd.Series
    unsure: frozenset[str] = frozenset()


def share_maps(
    geography: Geography,
    panels: Sequence[Panel],
    change: Panel | None = None,
    *,
    title: str,
    unit: str,
    change_unit: str = "",
    missing: str = "no value",
    number: Number = write_number,
    limits: tuple[float, float] | None = None,
    least_change: float = 1.0,
) -> Figure:
    """Draw a row of maps of one quantity on one scale, and the change on a scale of its own.

    Parameters
    ----------
    geography : Geography
        Where the areas lie.
    panels : sequence of Panel
        Such as the start, the baseline and the scenario.
    least_change : float
        The scale of the change reaches this far at least, so that noise is not painted as strong.
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
    with house_style():
        figure, places = lay_out_maps(geography, len(panels) + (change is not None), title)
        for column, panel in zip(places, panels, strict=False):
            paint(column, geography, panel, SHARES, norm)
        _scale(figure, places[: len(panels)], SHARES, norm, unit, number)
        if change is not None:
            widest = np.nanmax([least_change, *change.values.abs()])
            norm = Normalize(-widest, widest)
            paint(places[-1], geography, change, CHANGES, norm)
            _scale(figure, places[-1:], CHANGES, norm, change_unit, number)
        if any(panel.values.isna().any() for panel in panels):
            figure.legend(handles=[Patch(color=MISSING, label=missing)], loc="upper right")
    return figure


def type_maps(
    geography: Geography,
    panels: Sequence[Panel],
    *,
    title: str,
    labels: Sequence[str],
    missing: str,
    unsure: str = "",
) -> Figure:
    """Draw a row of maps of area types 1 to 5; the colours of both ends weigh the same.

    Areas whose runs disagree are dotted, and the legend says so in the words of `unsure`.
    """
    norm = BoundaryNorm(np.arange(0.5, 6.0), 5)
    scale = ListedColormap(list(TYPES))
    with house_style():
        figure, places = lay_out_maps(geography, len(panels), title)
        for column, panel in zip(places, panels, strict=True):
            paint(column, geography, panel, scale, norm)
        keys: list[Artist] = [Patch(facecolor=c, label=label) for c, label in zip(TYPES, labels, strict=True)]
        if any(panel.values.isna().any() for panel in panels):
            keys.append(Patch(facecolor=MISSING, label=missing))
        if any(panel.unsure for panel in panels):
            keys.append(Line2D([], [], color=INK, linestyle="none", marker=".", markersize=3, label=unsure))
        figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=1.2, handleheight=1.0)
    return figure


def lay_out_maps(
    geography: Geography, n: int, title: str, width: float | None = None
) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure of n columns of empty maps shaped like the city, and the maps of each column."""
    shown = views(geography)
    width = width or {1: 5.6, 2: 7.6, 3: 9.6}.get(n, 11.2)
    tallest = 1.6 if len(shown) == 1 else 1.0
    shapes = [float(np.clip((y[1] - y[0]) / (x[1] - x[0]), 0.55, tallest)) for x, y in shown]
    figure = sheet(width, width / n * sum(shapes) + 1.15)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=10.5)
    places = figure.subplots(len(shown), n, squeeze=False, height_ratios=shapes)
    for i, (x, y) in enumerate(shown):
        for axes in places[i]:
            axes.set_aspect("equal")
            axes.set_xlim(*x)
            axes.set_ylim(*y)
            axes.set_xticks([])
            axes.set_yticks([])
            axes.grid(visible=False)
            for spine in axes.spines.values():
                spine.set_visible(i > 0)
        if geography.outlines is not None:
            draw_scale_bar(places[i][0])
    return figure, [list(column) for column in places.T]


def draw_scale_bar(axes: Axes) -> None:
    """Draw a bar of a round length into the lower left corner of a map in metres, about a quarter as wide."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    length = round_down((east - west) / 4)
    x, y = west + 0.04 * (east - west), south + 0.03 * (north - south)
    halo = [withStroke(linewidth=2.2, foreground="white")]
    axes.plot(
        [x, x + length],
        [y, y],
        color=INK,
        linewidth=1.6,
        solid_capstyle="butt",
        zorder=6,
        scalex=False,
        scaley=False,
        path_effects=[withStroke(linewidth=3.2, foreground="white")],
    )
    text = f"{length / 1000:.0f} km" if length >= 1000 else f"{length:.0f} m"
    axes.annotate(
        text,
        (x + length / 2, y),
        xytext=(0, 2.5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=7,
        color=INK,
        zorder=6,
        path_effects=halo,
    )


def round_down(length: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above a length.

    Examples
    --------
    >>> round_down(7300.0), round_down(4999.0), round_down(150.0)
    (5000.0, 2000.0, 100.0)
    """
    power = 10.0 ** np.floor(np.log10(length))
    return float(power * max(step for step in (1, 2, 5) if step * power <= length * (1 + 1e-9)))


def views(geography: Geography) -> list[View]:
    """Return the ranges of x and y to show: the whole, and the town alone where it is a small part of it.

    The town is the square around the middle of the homes that holds three quarters of them.
    """
    cells, side = geography.cells, cell_side(geography.cells)
    corners = cells if geography.outlines is None else geography.outlines
    (west, south), (east, north) = corners[["x", "y"]].min(), corners[["x", "y"]].max()
    whole: View = (float(west), float(east)), (float(south), float(north))
    homes = cells["homes"].to_numpy(np.float64)
    x, y = cells["x"].to_numpy(np.float64), cells["y"].to_numpy(np.float64)
    middle_x, middle_y = _quantile_of_homes(x, homes, 0.5), _quantile_of_homes(y, homes, 0.5)
    reach = _quantile_of_homes(np.maximum(np.abs(x - middle_x), np.abs(y - middle_y)), homes, 0.75)
    town: View = (middle_x - reach, middle_x + reach), (middle_y - reach, middle_y + reach)
    shown = [whole, town] if 2 * reach < SMALL_TOWN * max(east - west, north - south) else [whole]
    return [_with_margin(view, side) for view in shown]


def _with_margin(view: View, side: float) -> View:
    """Return a view with a margin."""
    margin = 0.03 * max(high - low for low, high in view) + side
    (west, east), (south, north) = view
    return (west - margin, east + margin), (south - margin, north + margin)


def _quantile_of_homes(places: Values, homes: Values, share: float) -> float:
    """Return the place up to which a share of the homes lies."""
    order = np.argsort(places, kind="stable")
    reached = np.cumsum(homes[order]) / homes.sum()
    return float(places[order][min(int(np.searchsorted(reached, share)), order.size - 1)])


def paint(
    column: Sequence[Axes], geography: Geography, panel: Panel, scale: Colormap, norm: Normalize
) -> None:
    """Paint the areas on the maps of a column: polygons faintly, the populated cells in full."""
    scale = scale.with_extremes(bad=MISSING)
    column[0].set_title(panel.title, fontsize=9.5, fontweight="normal", pad=4)
    rings = [] if geography.outlines is None else split_rings(geography.outlines)
    for axes in column:
        if rings:
            _fill(axes, rings, panel.values, scale, norm)
        _paint_cells(axes, geography.cells, panel.values, scale, norm)
        if panel.unsure:
            _dot(axes, geography.cells, panel.unsure)
        if rings:
            _outline(axes, rings)
    if len(column) > 1:
        (west, east), (south, north) = column[1].get_xlim(), column[1].get_ylim()
        box = Rectangle(
            (west, south), east - west, north - south, fill=False, edgecolor=INK, linewidth=0.8, zorder=4
        )
        column[0].add_patch(box)


def _paint_cells(
    axes: Axes, cells: pd.DataFrame, values: pd.Series, scale: Colormap, norm: Normalize
) -> None:
    """Paint populated cells: as squares, or as dots where they stand on no grid."""
    limits = axes.get_xlim(), axes.get_ylim()
    if stand_on_grid(cells):
        grid, extent = raster(cells, values)
        colours = scale(norm(np.ma.masked_invalid(grid)))
        colours[..., 3] = np.isfinite(raster(cells, pd.Series(1.0, index=cells["area"].unique()))[0])
        axes.imshow(colours, extent=extent, origin="lower", interpolation="nearest", zorder=2)
    else:
        cell_values = np.ma.masked_invalid(values.reindex(cells["area"]).to_numpy(np.float64))
        axes.scatter(cells["x"], cells["y"], s=3, color=scale(norm(cell_values)), linewidths=0, zorder=2)
    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])


def _dot(axes: Axes, cells: pd.DataFrame, unsure: frozenset[str]) -> None:
    """Dot the populated cells of some areas, one in four."""
    chosen = cells[cells["area"].isin(unsure)]
    row, column = ((chosen[name] // cell_side(cells)).astype(int) for name in ("y", "x"))
    chosen = chosen[(row % 2 == 0) & (column % 2 == 0)]
    axes.scatter(chosen["x"], chosen["y"], s=1.2, color=INK, linewidths=0, zorder=3)


def _fill(axes: Axes, rings: Sequence[Ring], values: pd.Series, scale: Colormap, norm: Normalize) -> None:
    """Fill the polygons with a pale tone of their value."""
    # what lies in a hole is drawn last
    rings = sorted(rings, key=lambda ring: -float(np.prod(np.ptp(ring.corners, axis=0))))
    ring_values = values.reindex([ring.area for ring in rings]).to_numpy(np.float64)
    colours = scale(norm(np.ma.masked_invalid(ring_values)))
    colours[:, :3] = 1 - 0.45 * (1 - colours[:, :3])
    corners = [ring.corners for ring in rings]
    axes.add_collection(PolyCollection(corners, facecolors=colours, edgecolors="none", zorder=1))


def _outline(axes: Axes, rings: Sequence[Ring]) -> None:
    """Draw thin borders between areas."""
    corners = [ring.corners for ring in rings]
    axes.add_collection(
        PolyCollection(corners, facecolors="none", edgecolors=GREY, linewidths=0.35, zorder=3)
    )


def split_rings(outlines: pd.DataFrame) -> list[Ring]:
    """Return the rings of all polygons, in the order of their first corners."""
    number = outlines.groupby(["area", "ring"], sort=False).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    first = np.flatnonzero(np.diff(number[order], prepend=-1))
    areas = outlines["area"].to_numpy()[order[first]]
    corners = np.split(outlines[["x", "y"]].to_numpy(np.float64)[order], first[1:])
    return [Ring(area, own) for area, own in zip(areas, corners, strict=True)]


def stand_on_grid(cells: pd.DataFrame) -> bool:
    """Tell whether the cells stand on a grid that can be painted square by square."""
    side = cell_side(cells)
    spans = [float(np.ptp(cells[name].to_numpy())) / side + 1 for name in ("x", "y")]
    return spans[0] * spans[1] <= MOST_SQUARES


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
    figure: Figure, places: list[list[Axes]], scale: Colormap, norm: Normalize, unit: str, number: Number
) -> None:
    """Draw the colour scale below some columns of maps."""
    bar = figure.colorbar(
        ScalarMappable(norm, scale),
        ax=[column[-1] for column in places],
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

"""A map whose districts can be found by name: labels where they fit, numbers of a key where they do not."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from segsim.figures.maps import Geography, Panel, cell_side, lay_out_maps, paint
from segsim.figures.style import INK, MISSING, TYPES, house_style

LINE = 13
"""Characters of a line of a label, at most, where its words let it be broken."""
DISTANCES = (0, 0.75, 1.1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
"""How far, in its own heights, a number may stand from the middle of its district."""
DIRECTIONS = 16
"""In how many directions from there it may stand."""
PAD = 0.15
"""White around a number, in its own size."""
NAME_SIZE, NUMBER_SIZE = 7.4, 7.5
WIDER = 1.15
"""A name may be so much wider than its district."""


GAP = 3.0
"""Pixels kept free around a name, which is a little wider at other dots per inch."""


class Place(NamedTuple):
    """A district on one map: its number, where most of its homes are, and the box around it, in pixels."""

    name: str
    number: int
    x: float
    y: float
    width: float
    height: float


def type_map_with_names(
    geography: Geography,
    panel: Panel,
    numbers: Mapping[str, int],
    *,
    title: str,
    labels: Sequence[str],
    missing: str,
) -> tuple[Figure, list[str]]:
    """Draw one map of area types 1 to 5 with the names of districts; return it, and who has a number there.

    Parameters
    ----------
    geography : Geography
        Where the areas lie, and the district of each.
    panel : Panel
        The type of each area.
    numbers : mapping
        The number of each district in the key; it stands where the name has no room.
    title : str
        Title of the figure.
    labels : sequence of str
        What to call types 1 to 5.
    missing : str
        What to call areas without a value.
    """
    norm, scale = BoundaryNorm(np.arange(0.5, 6.0), 5), ListedColormap(list(TYPES))
    with house_style():
        figure, [column] = lay_out_maps(geography, 1, title, width=7.0)
        paint(column, geography, panel, scale, norm)
        keys: list[Artist] = [Patch(facecolor=c, label=label) for c, label in zip(TYPES, labels, strict=True)]
        if panel.values.isna().any():
            keys.append(Patch(facecolor=MISSING, label=missing))
        figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=1.2, handleheight=1.0)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # what is written from here on must not move the maps
        cells, numbered = geography.cells, []
        for axes, town in zip(column, [*column[1:], None], strict=True):
            apart = np.zeros(len(cells), bool) if town is None else lie_within(cells, town)
            shown = lie_within(cells, axes) & ~apart
            numbered += write_names(axes, find_places(axes, geography, shown, numbers))
    return figure, sorted(numbered, key=lambda name: numbers[name])


def lie_within(cells: pd.DataFrame, axes: Axes) -> npt.NDArray[np.bool_]:
    """Tell which cells lie on a map."""
    inside = cells["x"].between(*axes.get_xlim()) & cells["y"].between(*axes.get_ylim())
    return inside.to_numpy(bool)


def find_places(
    axes: Axes, geography: Geography, shown: npt.NDArray[np.bool_], numbers: Mapping[str, int]
) -> list[Place]:
    """Return the districts that have most of their homes on some cells of a map, each at their middle."""
    cells, outlines = geography.cells, geography.outlines
    homes = cells.groupby("district")["homes"].sum()
    corners = cells if outlines is None else outlines.merge(_districts(cells), on="area")
    places = []
    for name, own in cells[shown].groupby("district"):
        if own["homes"].sum() < homes[name] / 2:
            continue
        away = (own["x"] - np.average(own["x"], weights=own["homes"])) ** 2
        away += (own["y"] - np.average(own["y"], weights=own["homes"])) ** 2
        middle = own.loc[away.idxmin()]
        box = _box(axes, corners[corners["district"] == name], cell_side(cells))
        x, y = axes.transData.transform((middle["x"], middle["y"]))
        places.append(Place(str(name), numbers[str(name)], x, y, box.width, box.height))
    return places


def write_names(axes: Axes, places: Sequence[Place]) -> list[str]:
    """Write names, those of large places first, or their numbers; return the names that had no room."""
    taken = [text.get_window_extent() for text in axes.texts]  # the scale bar's
    without = [p for p in sorted(places, key=_by_size) if not write_name(axes, p, taken)]
    for place in without:
        write_number_of(axes, place, taken)
    return [place.name for place in without]


def _by_size(place: Place) -> tuple[float, int]:
    """Return what sorts the largest places first."""
    return -place.width * place.height, place.number


def _districts(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the district of every area."""
    return cells[["area", "district"]].drop_duplicates()


def _box(axes: Axes, corners: pd.DataFrame, side: float) -> Bbox:
    """Return the box around a district, in pixels, the part on the map only."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    x, y = corners["x"].clip(left, right), corners["y"].clip(low, high)
    ends = [(x.min() - side / 2, y.min() - side / 2), (x.max() + side / 2, y.max() + side / 2)]
    return Bbox(axes.transData.transform(ends))


def write_name(axes: Axes, place: Place, taken: list[Bbox]) -> bool:
    """Write the name of a district in its middle if there is room for it; tell if there was."""
    text = axes.text(
        *_to_data(axes, place.x, place.y),
        break_name(place.name),
        ha="center",
        va="center",
        fontsize=NAME_SIZE,
        linespacing=1.0,
        color=INK,
        zorder=6,
        path_effects=[withStroke(linewidth=2.2, foreground="white")],
    )
    box = text.get_window_extent()
    fits = box.width <= WIDER * place.width and box.height <= WIDER * place.height
    box = box.padded(GAP)
    if fits and is_free(axes, box, taken):
        taken.append(box)
        return True
    text.remove()
    return False


def write_number_of(axes: Axes, place: Place, taken: list[Bbox]) -> None:
    """Write the number of a district, as near to its middle as there is room."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    text = axes.text(
        *_to_data(axes, place.x, place.y),
        str(place.number),
        ha="center",
        va="center",
        fontsize=NUMBER_SIZE,
        fontweight="bold",
        color=INK,
        zorder=7,
        bbox={"boxstyle": f"round,pad={PAD}", "facecolor": "white", "edgecolor": INK, "linewidth": 0.5},
    )
    # the box around a text has no place before it is drawn, so that its size follows from the text's
    dots = figure.dpi / 72
    size = text.get_window_extent().padded(PAD * NUMBER_SIZE * dots + 1.0)
    for distance in DISTANCES:
        for angle in np.arange(DIRECTIONS if distance else 1) * 2 * np.pi / DIRECTIONS:
            east, north = distance * size.height * np.sin(angle), distance * size.height * np.cos(angle)
            box = size.translated(east, north)
            if is_free(axes, box, taken):
                text.set_position(_to_data(axes, place.x + east, place.y + north))
                taken.append(box)
                if distance:
                    draw_line_to(axes, place, place.x + east, place.y + north)
                return
    taken.append(size)


def draw_line_to(axes: Axes, place: Place, x: float, y: float) -> None:
    """Draw a thin line from a number that stands aside to the middle of its district."""
    ends = np.array([_to_data(axes, place.x, place.y), _to_data(axes, x, y)])
    axes.plot(ends[:, 0], ends[:, 1], color=INK, linewidth=0.6, zorder=5, scalex=False, scaley=False)


def _to_data(axes: Axes, x: float, y: float) -> tuple[float, float]:
    """Return a place in pixels as one in the map's own metres, which holds at any size of the figure."""
    east, north = axes.transData.inverted().transform((x, y))
    return float(east), float(north)


def is_free(axes: Axes, box: Bbox, taken: Sequence[Bbox]) -> bool:
    """Tell whether a box lies on a map and on nothing that is written there."""
    frame = axes.get_window_extent()
    inside = frame.x0 <= box.x0 and frame.y0 <= box.y0 and box.x1 <= frame.x1 and box.y1 <= frame.y1
    return inside and not any(box.overlaps(other) for other in taken)


def break_name(name: str) -> str:
    r"""Return a name on lines of few characters, broken at spaces and after hyphens.

    Examples
    --------
    >>> break_name("Borstahusen-Gränsborg")
    'Borstahusen-\nGränsborg'
    """
    lines = [""]
    for part in name.replace("-", "-\0").replace(" ", " \0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > LINE:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)

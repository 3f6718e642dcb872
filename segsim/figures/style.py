"""How every figure looks: colours that colour-blind readers tell apart, one type, one way to save."""

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter

Number = Callable[[float, int | None], str]
"""Writes a number with so many decimals as a language does; None means as many as it needs."""

INK = "#1f2328"
GREY = "#6e7781"
FAINT = "#d8dee4"
MISSING = "#c9ced4"

BASELINE = "#4d4d4d"
SCENARIOS = ("#0072B2", "#D55E00", "#009E73", "#AA4499", "#E69F00", "#56B4E9")
"""Okabe and Ito (2008), the order chosen so that the first three differ in lightness too."""

MARKERS = ("o", "s", "^", "D", "v", "P")

TYPES = ("#b35806", "#f1a340", "#d9d5cf", "#998ec3", "#542788")
"""Area types 1 to 5: ColorBrewer PuOr, whose ends weigh the same; its middle darkened to show on white."""

SHARES: Colormap = LinearSegmentedColormap.from_list(
    "shares", matplotlib.colormaps["YlGnBu"](np.linspace(0.1, 1.0, 64))
)
"""Light is little, dark is much, also in grey print: ColorBrewer YlGnBu without its palest part."""

CHANGES: Colormap = LinearSegmentedColormap.from_list(
    "changes", ["#8a4100", "#d98a2b", "#f3d9ae", "#f2f0ec", "#cfc8e4", "#8478b8", "#3f1a6b"]
)
"""A fall is orange, a rise purple, no change nearly white; both ends weigh the same."""

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8.0,
    "axes.unicode_minus": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.8,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "segsim",
}

_FONTS = "'DejaVu Sans', Verdana, Geneva, Arial, sans-serif"


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the style of the house, whatever the reader's own settings.

    Letters the font lacks are no news to whoever wrote a name in them: a browser has them, a map shows boxes.
    """
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def sheet(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches."""
    return Figure(figsize=(width, height), layout="constrained")


def fit_text(text: str, width: int, lines: int = 2) -> str:
    r"""Return what somebody called something on a few lines, cut where they do not hold it.

    Examples
    --------
    >>> fit_text("Half rental in new plans", 12)
    'Half rental\nin new plans'
    >>> fit_text("Half rental in new plans", 12, lines=1)
    'Half rental…'
    """
    return "\n".join(wrap(text, width, max_lines=lines, placeholder="…", break_on_hyphens=False))


def fit_lines(text: str, width: int) -> str:
    """Return a text of several lines with each of them on two at most."""
    return "\n".join(fit_text(line, width) for line in text.splitlines())


def colours(scenarios: Sequence[str], baseline: str) -> dict[str, str]:
    """Return the colour of each scenario, the baseline dark grey."""
    others = [name for name in scenarios if name != baseline]
    by_name = {name: SCENARIOS[i % len(SCENARIOS)] for i, name in enumerate(others)}
    return {baseline: BASELINE, **by_name}


class Ticks(Formatter):
    """Writes the numbers of an axis in the reader's language, all with the decimals their distance needs."""

    def __init__(self, number: Number) -> None:
        self.number = number
        self.decimals: int | None = None

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the texts of all ticks."""
        steps = [b - a for a, b in pairwise(values) if b > a]
        self.decimals = count_decimals(min(steps)) if steps else None
        return [self(value) for value in values]

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the text of one tick."""
        return self.number(round(float(x), 10) + 0.0, self.decimals)


def count_decimals(step: float) -> int:
    """Return how many decimals tell numbers apart that stand a round step from each other."""
    for decimals in range(8):
        if abs(step * 10**decimals - round(step * 10**decimals)) < 1e-6:
            return decimals
    return 8


def write_ticks(axes: Axes, number: Number, which: str = "y") -> None:
    """Write the numbers of an axis in the reader's language."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(Ticks(number))


def svg(figure: Figure) -> str:
    """Return a figure as SVG text, the same text for the same figure."""
    sink = io.StringIO()
    with house_style():
        figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    text = sink.getvalue()
    text = text[text.index("<svg") :].replace("'DejaVu Sans'", _FONTS)
    return re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)


def png(figure: Figure, dots_per_inch: int = 150) -> bytes:
    """Return a figure as PNG bytes."""
    sink = io.BytesIO()
    with house_style():
        figure.savefig(sink, format="png", dpi=dots_per_inch, metadata={"Software": None})
    return sink.getvalue()


def save(figure: Figure, path: Path) -> Path:
    """Write a figure to a file; the ending says which format, .svg or .png."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".svg":
        path.write_text(svg(figure), encoding="utf-8")
    else:
        path.write_bytes(png(figure))
    return path

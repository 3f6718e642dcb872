"""What the drawing in the browser is told of a lesson: colours, curves, words."""

from typing import Any

import numpy as np

from segsim.kernels.choices.preference_shapes import preferences
from segsim.rules.board.tastes import Utility
from segsim.steps.board.preferences import shape_parameters
from segsim.steps.board.setting_numbers import SHAPES
from segsim.teach.scenes.images import BLUE, LEVELS, PEOPLE, VACANT
from segsim.teach.scenes.scenario_from_settings import contentment_level, utility_values
from segsim.teach.scenes.settings import Settings
from segsim.words.words import Words

GREY = "#59636e"

LOCALES = {"en": "en-GB", "sv": "sv-SE"}
"""What browsers call the languages."""

Line = tuple[str, str, bool]
"""Reading, colour, and whether it is dashed: what chance would give."""

CHARTS: dict[str, tuple[tuple[str, str, tuple[float, float], tuple[Line, ...]], ...]] = {
    "board": (
        ("own_share", "percent", (0, 1), (("own_share", BLUE, False), ("own_share_chance", GREY, True))),
        ("D", "number", (0, 1), (("D", "#B4540A", False), ("D_chance", GREY, True))),
        ("satisfied", "percent", (0, 1), (("satisfied", "#00795A", False),)),
    ),
    "schools": (
        (
            "own_share_school",
            "percent",
            (0, 1),
            (("own_share", BLUE, False), ("own_share_chance", GREY, True)),
        ),
        (
            "D_school",
            "number",
            (0, 1),
            (("D", "#B4540A", False), ("D_homes", "#00795A", False), ("D_chance", GREY, True)),
        ),
        ("nearest", "percent", (0, 1), (("nearest", "#00795A", False),)),
    ),
    "league": (
        ("means", "number", (0, 1), (("mean_a", BLUE, False), ("mean_b", "#B4540A", False))),
        ("added", "number", (-0.05, 0.05), (("added_a", BLUE, False), ("added_b", "#B4540A", False))),
    ),
    "city": (
        ("own_share_city", "percent", (0, 1), (("own_share", BLUE, False), ("own_share_chance", GREY, True))),
        (
            "D_city",
            "number",
            (0, 1),
            (
                ("D", "#B4540A", False),
                ("D_whole", "#7A3E9D", False),
                ("D_schools", "#00795A", False),
                ("D_chance", GREY, True),
            ),
        ),
        ("moved", "percent", (0, 0.2), (("moved", "#00795A", False),)),
    ),
    "admission": (),
}
"""Charts by scene: title, how numbers are written, the range shown at least, and the lines."""


def build_setup(settings: Settings, words: Words, stream: str) -> dict[str, Any]:
    """Return what the drawing needs to know of a lesson in a language."""
    is_people = settings.scene in ("board", "schools")
    return {
        "stream": stream,
        "preset": settings.preset,
        "locale": LOCALES[words.language],
        "title": words("title"),
        "shape": "map" if settings.scene == "city" else "people",
        "colours": [*PEOPLE[:5]] if is_people else [VACANT, *LEVELS],
        "charts": [build_chart(chart, settings, words) for chart in CHARTS[settings.scene]],
        "texts": {
            "step": words("status.year" if settings.scene in ("city", "league") else "status.step"),
            "playing": words("status.playing"),
            "paused": words("status.paused"),
            "settled": words("status.settled"),
            "preparing": words("status.preparing"),
            "lost": words("status.lost"),
            "cannot": words("cannot"),
            "board": words("board.label"),
        },
    }


def build_chart(
    chart: tuple[str, str, tuple[float, float], tuple[Line, ...]], settings: Settings, words: Words
) -> dict[str, Any]:
    """Return one chart as the drawing takes it; a line that is `part` of another is of one group alone."""
    title, form, span, lines = chart
    shown = [
        {"key": key, "colour": colour, "dash": dash, "part": False, "label": words(line_label(key, settings))}
        for key, colour, dash in lines
    ]
    if title == "satisfied":
        shown += [
            {
                "key": f"satisfied_{group}",
                "colour": PEOPLE[group + 1],
                "dash": False,
                "part": True,
                "label": words(f"group.{group}"),
            }
            for group in range(len(settings.shares))
        ]
    return {
        "title": words(f"chart.{title}"),
        "format": form,
        "range": list(span),
        "axis": words("axis.year" if settings.scene in ("city", "league") else "axis.step"),
        "lines": shown,
    }


def line_label(key: str, settings: Settings) -> str:
    """Return the text of a line: D is of schools or of homes where both are shown."""
    if key == "D" and settings.scene in ("schools", "city"):
        return "line.D_schools" if settings.scene == "schools" else "line.D_homes"
    return f"line.{key}"


def utility_curve(settings: Settings) -> dict[str, Any]:
    """Return the utility V(x) of the share alike, and from which value people are satisfied."""
    utility = Utility(**utility_values(settings))
    x = np.linspace(0, 1, 401)
    y = preferences(int(SHAPES[utility.shape]), x, *(float(p) for p in shape_parameters(utility)))
    return {"x": x.round(4).tolist(), "y": y.round(4).tolist(), "content": contentment_level(settings)}

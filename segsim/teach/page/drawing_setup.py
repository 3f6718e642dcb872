"""What the drawing in the browser is told of a lesson: colours, curves, words."""

from typing import Any

import numpy as np

from segsim.kernels.choices.preference_shapes import preferences
from segsim.rules.board.tastes import Utility
from segsim.steps.board.preferences import shape_parameters
from segsim.steps.board.setting_numbers import SHAPES
from segsim.tables import TENURES
from segsim.teach.page.shown_charts import Chart, list_charts
from segsim.teach.scenes.exercises import EXERCISES, YEARS
from segsim.teach.scenes.images import LEVELS, PEOPLE, VACANT
from segsim.teach.scenes.scenario_from_settings import contentment_level, utility_values
from segsim.teach.scenes.settings import Settings
from segsim.words.words import Words

TWO_CITIES = ("city", "policy")
"""Scenes of two cities side by side."""

YEARLY = (*TWO_CITIES, "league")
"""Scenes whose steps are years."""

LOCALES = {"en": "en-GB", "sv": "sv-SE"}
"""What browsers call the languages."""

ANSWERS = ("falls", "same", "rises")
"""What may be guessed of a quantity."""

LIFE = (
    "lives",
    "moves",
    "changes_tenure",
    "lodges",
    "school",
    "no_school",
    "new_school",
    "work",
    "children",
    "left",
)
"""What may happen to a household."""


def build_setup(settings: Settings, words: Words, stream: str) -> dict[str, Any]:
    """Return what the drawing needs to know of a lesson in a language."""
    is_people = settings.scene in ("board", "schools")
    return {
        "stream": stream,
        "preset": settings.preset,
        "locale": LOCALES[words.language],
        "title": words("title"),
        "shape": "map" if settings.scene in TWO_CITIES else "people",
        "colours": [*PEOPLE[:5]] if is_people else [VACANT, *LEVELS],
        "kinds": [words(f"group.{k}") for k in range(len(settings.shares))] if is_people else [],
        "charts": [build_chart(chart, settings, words) for chart in list_charts(settings)],
        "texts": {
            "step": words("status.year" if settings.scene in YEARLY else "status.step"),
            "playing": words("status.playing"),
            "paused": words("status.paused"),
            "settled": words("status.over", n=YEARS)
            if settings.scene == "policy"
            else words("status.settled"),
            "preparing": words("status.preparing"),
            "lost": words("status.lost"),
            "cannot": words("cannot"),
            "board": words("board.label"),
            "life": {what: words(f"life.{what}") for what in LIFE},
            "tenure": {tenure: words(f"tenure.{tenure}") for tenure in TENURES},
            "side": [words("life.left_city"), words("life.right_city")],
        },
        "household": settings.household,
        "exercise": build_exercise(settings, words) if settings.scene == "policy" else None,
    }


def build_exercise(settings: Settings, words: Words) -> dict[str, Any]:
    """Return what is needed to tell a guess from what happened: quantity, smallest difference, words."""
    exercise = EXERCISES[settings.preset]
    form = next(
        form for _, form, _, lines in list_charts(settings) if exercise.asked in [line[0] for line in lines]
    )
    return {
        "asked": exercise.asked,
        "by": exercise.by,
        "years": YEARS,
        "format": form,
        "guess": "",
        "texts": {
            **{answer: words(f"answer.{answer}") for answer in ANSWERS},
            "seen": words("exercise.seen"),
            "right": words("exercise.right"),
            "wrong": words("exercise.wrong"),
        },
    }


def build_chart(chart: Chart, settings: Settings, words: Words) -> dict[str, Any]:
    """Return one chart as the drawing takes it; a line that is `part` of another is of one group alone."""
    title, form, span, lines = chart
    shown = [
        {
            "key": key,
            "colour": colour,
            "dash": dash,
            "part": False,
            "label": words(line_label(key, chart, settings, words)),
        }
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
        "axis": words("axis.year" if settings.scene in YEARLY else "axis.step"),
        "lines": shown,
    }


def line_label(key: str, chart: Chart, settings: Settings, words: Words) -> str:
    """Return the text of a line: D is of schools or of homes where both are shown."""
    if words.has(f"line.{chart[0]}.{key}"):
        return f"line.{chart[0]}.{key}"
    if settings.scene == "policy":
        return "line.today" if key.endswith("_today") else "line.decided"
    if key == "D" and settings.scene in ("schools", "city"):
        return "line.D_schools" if settings.scene == "schools" else "line.D_homes"
    return f"line.{key}"


def utility_curve(settings: Settings) -> dict[str, Any]:
    """Return the utility V(x) of the share alike, and from which value people are satisfied."""
    utility = Utility(**utility_values(settings))
    x = np.linspace(0, 1, 401)
    y = preferences(int(SHAPES[utility.shape]), x, *(float(p) for p in shape_parameters(utility)))
    return {"x": x.round(4).tolist(), "y": y.round(4).tolist(), "content": contentment_level(settings)}

"""What the colours of the board and the lines of the curves mean."""

from html import escape
from typing import Any

from segsim.teach.page.drawing_setup import TWO_CITIES
from segsim.teach.scenes.images import LEVELS, PEOPLE, VACANT
from segsim.teach.scenes.scenes import MOST_MARKED
from segsim.teach.scenes.settings import Settings
from segsim.words.words import Words


def legend_html(settings: Settings, words: Words) -> str:
    """Return what the colours of the board mean."""
    scene = settings.scene
    if scene in ("board", "schools"):
        items = [(PEOPLE[k + 1], words(f"group.{k}")) for k in range(len(settings.shares))]
        signs = [sign_html(f"background:{colour}", text) for colour, text in items]
        signs.append(sign_html(f"background:{VACANT}", words("board.legend_vacant")))
        if scene == "board" and max(settings.rows, settings.columns) <= MOST_MARKED:
            signs.append(f'<span><i class="dot"></i>{escape(words("legend.unsatisfied"))}</span>')
            signs.append(f'<span><i class="moved"></i>{escape(words("legend.moved"))}</span>')
        if scene == "schools":
            signs.append(f'<span><i class="ring"></i>{escape(words("legend.school"))}</span>')
        return "".join(signs)
    ends = f"legend.{settings.map}" if scene in TWO_CITIES else "legend.level"
    ramp = f"background:linear-gradient(90deg,{','.join(LEVELS)})"
    low, high = escape(words(f"{ends}_low")), escape(words(f"{ends}_high"))
    ramps = f'<span>{low} <i class="ramp" style="{ramp};margin-left:7px"></i>{high}</span>'
    return f"{ramps}<span>{escape(words(f'{scene}.sides'))}</span>"


def sign_html(style: str, text: str) -> str:
    """Return a sign and what it means."""
    return f'<span><i style="{style}"></i>{escape(text)}</span>'


def chart_html(number: int, chart: dict[str, Any]) -> str:
    """Return what stands above one chart: title, what each line is and its value now."""
    lines = "".join(
        f'<span><i class="{"dash" if line["dash"] else "full"}" style="border-color:{line["colour"]}"></i>'
        f'{escape(line["label"])} <b id="value-{number}-{k}">–</b></span>'
        for k, line in enumerate(chart["lines"])
    )
    title = escape(chart["title"])
    return f'<h2>{title}</h2><div class="values">{lines}</div>'

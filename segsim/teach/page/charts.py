"""How the charts of the page look: options of the chart library that the page server brings (ECharts)."""

from collections.abc import Sequence
from typing import Any

from segsim.teach.page.drawing_setup import LOCALES
from segsim.teach.scenes.images import BLUE
from segsim.teach.scenes.world import Reading
from segsim.words.words import Words

INK, GREY, FAINT = "#1f2328", "#59636e", "#d8dee4"

STRIP = 80
"""Height of the strip that shows the spread of one line, points."""

_BASE: dict[str, Any] = {
    "animation": False,
    "textStyle": {"fontFamily": 'Roboto, "Segoe UI", sans-serif', "fontSize": 13, "color": GREY},
}


def line_chart(chart: dict[str, Any], words: Words) -> dict[str, Any]:
    """Return the options of a chart over steps; its points are put in by the browser as they come."""
    low, high = chart["range"]
    ends = {
        ":min": f"(seen) => Math.min({low}, Math.floor(seen.min * 20) / 20)",
        ":max": f"(seen) => Math.max({high}, Math.ceil(seen.max * 20) / 20)",
    }
    steps = {"minInterval": 1, ":formatter": _writer(words, "number", 0)}
    return _BASE | {
        "grid": {"left": 46, "right": 42, "top": 9, "bottom": 22},
        "xAxis": _axis(steps)
        | {"min": 0, "max": 10, "minInterval": 1, "splitNumber": 5, "splitLine": {"show": False}}
        | {"name": chart["axis"], "nameLocation": "end", "nameGap": 6, "nameTextStyle": {"color": GREY}},
        "yAxis": _axis({":formatter": _writer(words, chart["format"], 2 if high - low < 0.5 else 1)}) | ends,
        "series": [
            _line(line["colour"], line["dash"], width=2 if line["part"] else 3) for line in chart["lines"]
        ],
    }


def curve_chart(curve: dict[str, Any], words: Words) -> dict[str, Any]:
    """Return the options of V(x), with a dashed line at the value from which people are satisfied."""
    content = curve["content"]
    level = [[0, content], [1, content]] if content < 1 else []
    points = [list(point) for point in zip(curve["x"], curve["y"], strict=True)]
    unit = {"min": 0, "max": 1}
    name = {
        "name": words("curve.x"),
        "nameLocation": "middle",
        "nameGap": 6,
        "nameTextStyle": {"color": GREY},
    }
    ends = {"customValues": [0, 1], "alignMinLabel": "left", "alignMaxLabel": "right"}
    return _BASE | {
        "grid": {"left": 46, "right": 12, "top": 9, "bottom": 22},
        "xAxis": _axis({":formatter": _writer(words, "percent"), **ends})
        | unit
        | name
        | {"splitLine": {"show": False}},
        "yAxis": _axis({":formatter": _writer(words, "number", 1)}) | unit,
        "series": [_line(GREY, True, level), _line(BLUE, False, points)],
    }


def spread_chart(
    charts: Sequence[dict[str, Any]], readings: Sequence[Reading], words: Words
) -> dict[str, Any]:
    """Return the options of the spread over seeds: by line a strip, a dot for each run, a bar at the mean."""
    options: dict[str, Any] = _BASE | {"title": [], "grid": [], "xAxis": [], "yAxis": [], "series": []}
    for chart, line in spread_lines(charts):
        values = [reading[line["key"]] for reading in readings if line["key"] in reading]
        if not values:
            continue
        k, mean = len(options["grid"]), sum(values) / len(values)
        low, high = min(chart["range"][0], *values), max(chart["range"][1], *values)
        shown = {
            key: write_reading(value, chart["format"], words)
            for key, value in (("mean", mean), ("low", min(values)), ("high", max(values)))
        }
        text = words("many.mean", **shown)
        alone = sum(map(is_whole, chart["lines"])) == 1
        ends = {"customValues": [low, high], "alignMinLabel": "left", "alignMaxLabel": "right"}
        options["title"].append(
            _heading(chart["title"] if alone else f"{chart['title']}, {line['label']}", text, k)
        )
        options["grid"].append({"left": 12, "right": 12, "top": k * STRIP + 42, "height": 16})
        options["xAxis"].append(
            _axis({":formatter": _writer(words, chart["format"]), **ends})
            | {"gridIndex": k, "min": low, "max": high, "splitLine": {"show": False}}
        )
        options["yAxis"].append({"gridIndex": k, "show": False, "min": -1, "max": 1})
        options["series"] += [_dots(k, values, line["colour"]), _bar(k, mean)]
    return options


def write_reading(value: float, form: str, words: Words) -> str:
    """Return a value as the curves write it; points are hundredths."""
    if form == "percent":
        return words.percent(value)
    if form == "points":
        return words.number(100 * value, 1)
    return words.number(value, {"whole": 0, "tenths": 1}.get(form, 2))


def spread_lines(charts: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the lines whose spread is shown, each with its chart: neither chance nor single groups."""
    return [(chart, line) for chart in charts for line in chart["lines"] if is_whole(line)]


def is_whole(line: dict[str, Any]) -> bool:
    """Tell whether a line is neither what chance would give nor of one group alone."""
    return not (line["dash"] or line["part"])


def _axis(label: dict[str, Any]) -> dict[str, Any]:
    """Return an axis of numbers with few lines."""
    return {
        "type": "value",
        "splitNumber": 2,
        "axisLabel": {"color": GREY, "hideOverlap": True} | label,
        "axisTick": {"show": False},
        "axisLine": {"show": True, "lineStyle": {"color": FAINT}, "onZero": False},
        "splitLine": {"lineStyle": {"color": FAINT}},
    }


def _writer(words: Words, form: str, decimals: int = 2) -> str:
    """Return the function with which the browser writes the numbers of an axis."""
    return f"(value) => segsim.write(value, '{form}', {decimals}, '{LOCALES[words.language]}')"


def _line(colour: str, dash: bool, points: Sequence[Any] = (), width: int = 3) -> dict[str, Any]:
    """Return one line, dashed for what is only compared with."""
    style = {
        "color": colour,
        "width": 2 if dash else width,
        "type": [6, 5] if dash else "solid",
        "join": "round",
    }
    return {
        "type": "line",
        "silent": True,
        "symbol": "none",
        "lineStyle": style,
        "itemStyle": {"color": colour},
        "data": list(points),
    }


def _heading(title: str, text: str, strip: int) -> dict[str, Any]:
    """Return what stands above a strip."""
    style = {
        "fontSize": 13,
        "fontWeight": "normal",
        "lineHeight": 17,
    }  # measured wrongly where a font is missing
    return {
        "text": title,
        "subtext": text,
        "left": 8,
        "top": strip * STRIP + 2,
        "padding": 0,
        "itemGap": 2,
        "textStyle": style | {"color": INK},
        "subtextStyle": style | {"color": GREY},
    }


def _dots(strip: int, values: Sequence[float], colour: str) -> dict[str, Any]:
    """Return a dot for each run."""
    return {
        "type": "scatter",
        "silent": True,
        "xAxisIndex": strip,
        "yAxisIndex": strip,
        "symbolSize": 10,
        "itemStyle": {"color": colour, "opacity": 0.55},
        "data": [[value, 0] for value in values],
    }


def _bar(strip: int, mean: float) -> dict[str, Any]:
    """Return the bar at the mean."""
    return {
        "type": "scatter",
        "silent": True,
        "xAxisIndex": strip,
        "yAxisIndex": strip,
        "symbol": "rect",
        "symbolSize": [3, 16],
        "itemStyle": {"color": INK},
        "data": [[mean, 0]],
    }

"""The history of a municipality in published series, as figures with the year the model starts from."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segsim import figures
from segsim.report.page_figures import PageFigure, svg_figure
from segsim.sweden.history import SERIES, read_series
from segsim.sweden.municipalities import Municipality, find_municipality
from segsim.sweden.similarity import list_similar
from segsim.words.words import Words

PLACES = 100
"""The middle of all is drawn where at least so many municipalities have a value."""


class Past(NamedTuple):
    """The history of a municipality: figures, and what there is no series of."""

    figures: list[PageFigure]
    missing: list[str]


def describe_past(municipality: Municipality, start: int, words: Words) -> Past:
    """Return every series of a municipality, and in words those it lacks."""
    drawn: list[PageFigure] = []
    missing: dict[str, list[str]] = {}
    for name in SERIES:
        series = read_series(name)
        if municipality.code in series and series[municipality.code].count() > 1:
            drawn.append(draw_past(name, series, municipality, start, words))
        else:
            missing.setdefault(words(f"history_lack.{name}"), []).append(words(f"history_of.{name}"))
    return Past(
        drawn,
        [
            words("history.missing", city=municipality.name, titles=words.join(titles), reason=reason)
            for reason, titles in missing.items()
        ],
    )


def draw_past(
    name: str, series: pd.DataFrame, municipality: Municipality, start: int, words: Words
) -> PageFigure:
    """Return the figure of one series."""
    factor, decimals = (100.0, 1) if SERIES[name] == "share" else (1.0, 3)
    values = factor * series
    own = values[municipality.code].dropna()
    values = values.loc[own.index.min() :]
    everybody = values[[code for code in values.columns if len(code) == 4]]
    middle = everybody.median(axis=1).where(everybody.count(axis=1) >= PLACES)
    like = [str(code) for code in list_similar(municipality.code).index if code in values.columns]
    title, unit = words(f"history_of.{name}"), words(f"history_unit.{name}")
    figure = figures.history(
        own,
        values[like],
        middle,
        start=start,
        title=title,
        unit=unit,
        labels=(
            municipality.name,
            words("history.similar"),
            words("history.middle"),
            words("history.start", year=start),
        ),
        number=words.number,
    )
    ends = {
        "first": own.index.min(),
        "last": own.index.max(),
        "start": words.number(own.iloc[0], decimals),
        "end": words.number(own.iloc[-1], decimals),
    }
    others = words.join([find_municipality(code).name for code in like])
    alt = words("history.alt", title=title, unit=unit, city=municipality.name, others=others, **ends)
    return svg_figure(f"history_{name}", alt, figure)


def yearly_change(name: str, code: str, since: int, until: int) -> float:
    """Return the change a year of a series between two years, by least squares; NaN of fewer than three."""
    series = read_series(name)
    if code not in series:
        return float("nan")
    own = series[code].dropna()
    own = own[(own.index >= since) & (own.index <= until)]
    if len(own) < 3:
        return float("nan")
    return float(np.polyfit(own.index.to_numpy(float), own.to_numpy(float), 1)[0])

"""Quantities somebody will ask the runs for: refused at the first run if nothing measures them."""

import io
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import pandas as pd
import pyarrow.parquet as pq

from segsim.errors import ScenarioError, SegsimError, list_names
from segsim.measures import PROFILES
from segsim.runs.series import KEYS, Series, find_series
from segsim.words.text import Text


class RequestedQuantity(NamedTuple):
    """One quantity, and who asks for it.

    Attributes
    ----------
    quantity : str or Series
        A name as in `find_series`, or the very quantity.
    year : int or None
        The year it is asked for; None is any.
    where : str
        What a message begins with, such as "experiment.yaml:8: primary: ".
    """

    quantity: str | Series
    year: int | None = None
    where: str = ""


def quantity_inspector(quantities: Iterable[RequestedQuantity]) -> Callable[[bytes], None]:
    """Return what looks a first run's file through for the quantities that will be asked for."""
    return partial(_inspect, tuple(quantities))


def _inspect(quantities: Iterable[RequestedQuantity], data: bytes) -> None:
    file = pq.ParquetFile(io.BytesIO(data), pre_buffer=False)  # without threads that may outlive the program
    table = file.read(columns=["year", *KEYS], use_threads=False)
    refuse_unmeasured(quantities, table.to_pandas(use_threads=False))


def refuse_unmeasured(quantities: Iterable[RequestedQuantity], rows: pd.DataFrame) -> None:
    """Refuse quantities that the rows of a run, with the columns year and KEYS, do not hold.

    Raises
    ------
    ScenarioError
        With everything that is not measured, or not in the year it is asked for.
    """
    years = rows.groupby(KEYS, sort=False, observed=True)["year"].unique()
    measured = {Series(*key): list(when) for key, when in zip(years.index, years, strict=True)}
    problems = [
        Text(f"{item.where}{text}", f"{item.where}{text:sv}")
        for item in quantities
        if (text := _problem(item, measured))
    ]
    if problems:
        raise ScenarioError(*("\n".join(texts) for texts in zip(*dict.fromkeys(problems), strict=True)))


def _problem(item: RequestedQuantity, measured: dict[Series, list[int]]) -> Text:
    """Return what is wrong with one quantity; empty if nothing is."""
    try:
        matches = _matches(item.quantity, list(measured))
    except SegsimError as error:
        return Text(f"{error}", f"{error:sv}")
    if item.year is None or any(item.year in measured[series] for series in matches):
        return Text("", "")
    years = measured[matches[0]]
    there, more = list_names([str(year) for year in years], 12), _tell_how_often(matches[0].measure, years)
    return Text(
        f"{matches[0]} is not measured in {item.year}, only in {there}; judge it in one of these years{more}",
        f"{matches[0]} mäts inte {item.year}, bara {there:sv}; bedöm det ett av dessa år{more:sv}",
    )


def _tell_how_often(measure: str, years: list[int]) -> Text:
    """Return the setting that has a measure made in more years, if some between were passed over."""
    if measure in PROFILES:
        return Text(
            ", or measure it more often (measures.profiles_every)",
            ", eller mät det oftare (measures.profiles_every)",
        )
    if len(years) <= max(years) - min(years):  # only a board passes over steps
        return Text(
            ", or measure the board more often (preferences.housing.one_at_a_time.measure_every)",
            ", eller mät brädet oftare (preferences.housing.one_at_a_time.measure_every)",
        )
    return Text(", or run more years", ", eller kör fler år")


def _matches(quantity: str | Series, measured: list[Series]) -> list[Series]:
    """Return what a quantity means among what is measured; a series must be there as it is."""
    if isinstance(quantity, str):
        return find_series(quantity, measured)
    if quantity in measured:
        return [quantity]
    of_it = find_series(quantity.measure, measured)
    shown = ", ".join(map(str, of_it[:6]))
    raise SegsimError(
        f'nothing called "{quantity}" was measured; of {quantity.measure} there is {shown}',
        f'inget som heter "{quantity}" mättes; av {quantity.measure} finns {shown}',
    )

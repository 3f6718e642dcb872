"""Quantities somebody will ask the runs for: refused at the first run if nothing measures them."""

import io
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import pandas as pd
import pyarrow.parquet as pq

from segsim.errors import ScenarioError, SegsimError
from segsim.runs.series import KEYS, Series, named_series


class Wanted(NamedTuple):
    """One quantity, and who asks for it.

    Attributes
    ----------
    quantity : str or Series
        A name as in `named_series`, or the very quantity.
    year : int or None
        The year it is asked for; None is any.
    where : str
        What a message begins with, such as "experiment.yaml:8: primary: ".
    """

    quantity: str | Series
    year: int | None = None
    where: str = ""


def inspection(wanted: Iterable[Wanted]) -> Callable[[bytes], None]:
    """Return what looks a first run's file through for the quantities that will be asked for."""
    return partial(_inspect, tuple(wanted))


def _inspect(wanted: Iterable[Wanted], data: bytes) -> None:
    file = pq.ParquetFile(io.BytesIO(data), pre_buffer=False)  # without threads that may outlive the program
    table = file.read(columns=["year", *KEYS], use_threads=False)
    refuse_unmeasured(wanted, table.to_pandas(use_threads=False))


def refuse_unmeasured(wanted: Iterable[Wanted], rows: pd.DataFrame) -> None:
    """Refuse quantities that the rows of a run, with the columns year and KEYS, do not hold.

    Raises
    ------
    ScenarioError
        With everything that is not measured, or not in the year it is asked for.
    """
    years = rows.groupby(KEYS, sort=False, observed=True)["year"].unique()
    measured = {Series(*key): list(found) for key, found in zip(years.index, years, strict=True)}
    problems = [f"{item.where}{text}" for item in wanted if (text := _problem(item, measured))]
    if problems:
        raise ScenarioError("\n".join(dict.fromkeys(problems)))


def _problem(item: Wanted, measured: dict[Series, list[int]]) -> str:
    """Return what is wrong with one quantity; empty if nothing is."""
    try:
        found = _found(item.quantity, list(measured))
    except SegsimError as error:
        return str(error)
    if item.year is None or any(item.year in measured[series] for series in found):
        return ""
    years = ", ".join(str(year) for year in measured[found[0]])
    return (
        f"{found[0]} is not measured in {item.year}, only in {years}; judge it in one of these years, or "
        "measure it more often (measures.profiles_every)"
    )


def _found(quantity: str | Series, measured: list[Series]) -> list[Series]:
    """Return what a quantity means among what is measured; a series must be there as it is."""
    if isinstance(quantity, str):
        return named_series(quantity, measured)
    if quantity in measured:
        return [quantity]
    of_it = named_series(quantity.measure, measured)
    shown = ", ".join(map(str, of_it[:6]))
    raise SegsimError(f'nothing called "{quantity}" was measured; of {quantity.measure} there is {shown}')

"""How near a replay came to what happened, beside two forecasts that need no model."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.hindcast.panel import FIRST, LAST, TENURES, count_built, read_districts
from segsim.indices.evenness import dissimilarity
from segsim.sweden.municipalities import find_municipality
from segsim.tables import Array

BOUND = 0.005
"""How far the mean absolute change of D may be from the one observed."""
_FULLEST = 4.0
"""Residents per dwelling beyond which most of a district's residents live in what is no dwelling."""
BORN = ["born_sweden", "born_abroad"]

SIZE, ERROR = "change of D, mean absolute", "change of D, mean absolute error"
GROWTH, SLOPE = "growth of districts where homes were built, correlation", "the same, slope"
LEVELLING = "growth beyond that of homes, correlation with residents per home"
GROWTH_ERROR = "growth of districts, mean absolute error"


class Line(NamedTuple):
    """One line of the verdict: what, as it was, in the model, if nothing changed, and by homes alone."""

    what: str
    happened: float
    model: float
    still: float
    homes: float


def tabulate_municipalities(compared: pd.DataFrame) -> pd.DataFrame:
    """Return D of born abroad over districts at the start, and its change as it was and as forecast.

    Parameters
    ----------
    compared : DataFrame
        Of `compare_districts`, of any number of municipalities.

    Returns
    -------
    DataFrame
        One line per municipality: code, name, residents, seeds, D (at the start), real (its change), model
        (mean over seeds), spread (SD over seeds; NaN of one), homes (were every district to grow with its
        dwellings, its mix as it was).
    """
    rows = []
    for code, own in compared.groupby("kommun_code", sort=False):
        runs = [run.set_index("regso") for _, run in own.groupby("seed")]
        changes = [_measure_unevenness(run, LAST, "") - _measure_unevenness(run, FIRST, "") for run in runs]
        first = runs[0][runs[0]["year"] == FIRST][[f"{name}_real" for name in BORN]]
        start = float(dissimilarity(first.to_numpy(float)))
        grown = first.mul(1.0 + _count_homes(str(code))["homes"].reindex(first.index), axis=0)
        rows.append(
            {
                "code": code,
                "name": find_municipality(str(code)).name,
                "residents": int(first.to_numpy().sum()),
                "seeds": len(changes),
                "D": start,
                "real": _measure_unevenness(runs[0], LAST, "_real") - start,
                "model": float(np.mean(changes)),
                "spread": float(np.std(changes, ddof=1)) if len(changes) > 1 else np.nan,
                "homes": float(dissimilarity(grown.to_numpy(float))) - start,
            }
        )
    return pd.DataFrame(rows)


def tabulate_districts(compared: pd.DataFrame) -> pd.DataFrame:
    """Return how each district changed, as it was and in the model on average over seeds.

    Returns
    -------
    DataFrame
        One line per district: kommun_code, regso, built (dwellings added, over those at the start), growth,
        growth_model, growth_still and growth_homes (of residents: as it was, in the model, were all to grow
        as their municipality, and with their dwellings), share and share_model (change of the share born
        abroad, less its municipality's), per_home (residents per dwelling at the start).
    """
    mean = compared.groupby(["kommun_code", "regso", "year"])[[*BORN, *(f"{n}_real" for n in BORN)]].mean()
    first, last = mean.xs(FIRST, level="year"), mean.xs(LAST, level="year")
    out = pd.DataFrame(index=first.index)
    for suffix, name in (("_real", ""), ("", "_model")):
        out[f"growth{name}"] = _persons(last, suffix) / _persons(first, suffix).clip(lower=1) - 1.0
        out[f"share{name}"] = _lean(last, suffix) - _lean(first, suffix)
    homes = pd.concat([_count_homes(str(code)) for code in out.index.unique("kommun_code")])
    out["built"] = homes["built"].reindex(out.index, level="regso")
    out["per_home"] = _persons(first, "_real") / homes["before"].reindex(out.index, level="regso")
    then, now = _persons(first, "_real"), _persons(last, "_real")
    for name, weight in (
        ("still", then),
        ("homes", then * (1.0 + homes["homes"]).reindex(out.index, level=1)),
    ):
        expected = weight * _sum_up(now) / _sum_up(weight)
        out[f"growth_{name}"] = expected / then.clip(lower=1) - 1.0
    return out.reset_index()


def judge(places: pd.DataFrame, districts: pd.DataFrame) -> list[Line]:
    """Return the lines of the verdict over all municipalities and districts given.

    The last two columns do without a model. If nothing changes, D and shares stay and every district grows as
    its municipality did; by homes alone, every district grows with its dwellings and keeps its mix.
    """
    real, model, homes = (places[name].to_numpy(float) for name in ("real", "model", "homes"))
    new = districts[districts["built"] > 0]
    alike = new["growth_still"]
    growth = [new[f"growth_{name}"] for name in ("model", "still", "homes")]
    off = [
        (districts["growth"] - districts[f"growth_{name}"]).abs().mean()
        for name in ("model", "still", "homes")
    ]
    share, share_model = districts["share"], districts["share_model"]
    return [
        Line("change of D, mean", real.mean(), model.mean(), 0.0, homes.mean()),
        Line("change of D, SD over municipalities", *(_spread(x) for x in (real, model, 0 * real, homes))),
        Line(SIZE, *(float(np.abs(x).mean()) for x in (real, model, 0 * real, homes))),
        Line(ERROR, 0.0, *(float(np.abs(x - real).mean()) for x in (model, 0 * real, homes))),
        Line("change of D, correlation", 1.0, correlate(real, model), np.nan, correlate(real, homes)),
        Line(GROWTH, 1.0, *(correlate(new["growth"], one) for one in growth)),
        Line(SLOPE, 1.0, *(_slope(new["growth"], one) for one in growth)),
        Line(
            "the same less what the municipality grew, correlation",
            1.0,
            correlate(new["growth"] - alike, new["growth_model"] - alike),
            np.nan,
            correlate(new["growth"] - alike, new["growth_homes"] - alike),
        ),
        Line(GROWTH_ERROR, 0.0, *off),
        Line(
            LEVELLING,
            *(_weigh_crowding(districts, name) for name in ("growth", "growth_model")),
            np.nan,
            np.nan,
        ),
        Line("share born abroad, correlation of changes", 1.0, correlate(share, share_model), np.nan, np.nan),
        Line(
            "share born abroad, mean absolute error of changes",
            0.0,
            (share - share_model).abs().mean(),
            share.abs().mean(),
            share.abs().mean(),
        ),
    ]


def correlate(x: "pd.Series[float] | Array", y: "pd.Series[float] | Array") -> float:
    """Return the correlation of two columns, NaN where one does not vary or has fewer than three values."""
    a, b = np.asarray(x, float), np.asarray(y, float)
    if a.size < 3 or min(a.std(), b.std()) < 1e-9:
        return np.nan
    return float(np.corrcoef(a, b)[0, 1])


def _weigh_crowding(districts: pd.DataFrame, growth: str) -> float:
    """Return how growth beyond that of homes goes with residents per home, where most live in homes."""
    some = districts[districts["per_home"] < _FULLEST]
    return correlate(some[growth] - some["growth_homes"], some["per_home"])


def _slope(x: "pd.Series[float]", y: "pd.Series[float]") -> float:
    """Return how much the second column rises with the first."""
    return correlate(x, y) * float(y.std() / x.std()) if len(x) > 1 else np.nan


def _spread(values: Array) -> float:
    """Return the SD of some values, NaN of one."""
    return float(values.std(ddof=1)) if values.size > 1 else np.nan


def _measure_unevenness(run: pd.DataFrame, year: int, suffix: str) -> float:
    """Return D of one run in a year, or in reality."""
    counts = run.loc[run["year"] == year, [f"{name}{suffix}" for name in BORN]]
    return float(dissimilarity(counts.to_numpy(float)))


def _count_homes(code: str) -> pd.DataFrame:
    """Return, by district, the dwellings built and their net change, over those at the start."""
    stock = read_districts(code)[list(TENURES)].sum(axis=1).unstack("year")
    before = stock[FIRST].clip(lower=1)
    built = count_built(code).sum(axis=1).groupby(level="regso").sum()
    return pd.DataFrame({"before": before, "built": built / before, "homes": stock[LAST] / before - 1.0})


def _persons(rows: pd.DataFrame, suffix: str) -> "pd.Series[float]":
    """Return residents by district."""
    return rows[f"born_sweden{suffix}"] + rows[f"born_abroad{suffix}"]


def _sum_up(values: "pd.Series[float]") -> "pd.Series[float]":
    """Return the sum of each district's municipality."""
    return values.groupby(level="kommun_code").transform("sum")


def _lean(rows: pd.DataFrame, suffix: str) -> "pd.Series[float]":
    """Return the share born abroad of each district, less its municipality's."""
    abroad, persons = rows[f"born_abroad{suffix}"], _persons(rows, suffix)
    return abroad / persons.clip(lower=1) - _sum_up(abroad) / _sum_up(persons)

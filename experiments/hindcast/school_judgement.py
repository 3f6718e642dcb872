"""How near the schools of a replay came to what happened, beside three forecasts that need no model.

All is over schools as `school_records` names them, so that every forecast is judged by one ruler.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from experiments.hindcast.school_records import FIRST, LATER
from experiments.hindcast.schools import BEFORE, FORECASTS, MOVED, keep_shares, measure_d
from experiments.judge_sweden import LARGE
from segsim.indices import isolation, separation_vs_rest
from segsim.sweden.municipalities import find_municipality

STILL, TREND, KEPT = FORECASTS
MODEL = "the model"
INDICES = ("D", "eta2", "isolation")


def measure(schools: pd.DataFrame) -> dict[str, float]:
    """Return D, eta squared and isolation of foreign background over schools with pupils and foreign."""
    known = schools.dropna(subset=["foreign"])
    counts = np.column_stack([known["foreign"], known["pupils"] - known["foreign"]]).astype(float)
    share = (known["foreign"] / known["pupils"]).to_numpy(float)
    return {
        "D": measure_d(known["pupils"].to_numpy(float), share),
        "eta2": float(separation_vs_rest(counts)[0]),
        "isolation": float(isolation(counts)[0]),
    }


def compare(records: pd.DataFrame, runs: pd.DataFrame, before: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return what happened, what each forecast says and what the model has, by year and measure.

    Parameters
    ----------
    records : DataFrame
        Of `read_records`, from 2012.
    runs : DataFrame
        Of `replay`, of any number of seeds.
    before : DataFrame
        Of `read_records` in the autumn of 2009, for the trend.
    code : str

    Returns
    -------
    DataFrame
        code, name, calibrates, seeds, year, measure (of `INDICES`, `pupils' share` and `share of a school`,
        the mean absolute error over pupils), start, happened, the forecasts, the model (mean over seeds),
        its start and its SD over seeds.
    """
    by_year = {int(year): own.dropna(subset=["foreign"]) for year, own in records.groupby("year")}
    then, is_calibrating = by_year[FIRST], sorted(LARGE).index(code) % 3 == 0 if code in LARGE else True
    at_start, earlier = measure(then), measure(before)
    of_runs = {
        int(year): pd.DataFrame([measure(one) for _, one in own.groupby("seed")])
        for year, own in runs.groupby("year")
    }
    head = {
        "code": code,
        "name": find_municipality(code).name,
        "calibrates": is_calibrating,
        "seeds": runs["seed"].nunique(),
    }
    rows = []
    for year in LATER:
        now = by_year[year]
        kept = now.assign(foreign=now["pupils"] * keep_shares(with_share(then), with_share(now)))
        ahead = (year - FIRST) / (FIRST - BEFORE)
        for name in INDICES:
            modelled = of_runs[year][name]
            rows.append(
                {
                    **head,
                    "year": year,
                    "measure": name,
                    "start": at_start[name],
                    "happened": measure(now)[name],
                    STILL: at_start[name],
                    TREND: at_start[name] + (at_start[name] - earlier[name]) * ahead,
                    KEPT: measure(kept)[name],
                    MODEL: modelled.mean(),
                    "model at start": of_runs[FIRST][name].mean(),
                    "SD": modelled.std(ddof=1) if len(modelled) > 1 else np.nan,
                }
            )
        rows += [{**head, "year": year, **row} for row in compare_shares(then, now, kept, runs)]
    return pd.DataFrame(rows)


def with_share(schools: pd.DataFrame) -> pd.DataFrame:
    """Return schools as `keep_shares` reads them."""
    return pd.DataFrame(
        {
            "unit": schools["school"],
            "pupils": schools["pupils"],
            "share": schools["foreign"] / schools["pupils"],
        }
    )


def compare_shares(
    then: pd.DataFrame, now: pd.DataFrame, kept: pd.DataFrame, runs: pd.DataFrame
) -> Iterator[dict[str, object]]:
    """Yield the municipality's share, and how far each school's is off, weighted by pupils."""
    year = int(now["year"].iloc[0])
    model = runs[runs["year"] == year].groupby("school")[["pupils", "foreign"]].sum()
    start = runs[runs["year"] == FIRST].groupby("school")[["pupils", "foreign"]].sum()

    def total(schools: pd.DataFrame) -> float:
        """Return the share of all schools."""
        return float(schools["foreign"].sum() / schools["pupils"].sum())

    yield {
        "measure": "pupils' share",
        "start": total(then),
        "happened": total(now),
        STILL: total(then),
        KEPT: total(kept),
        MODEL: total(model),
        "model at start": total(start),
    }
    own = now.set_index("school")
    share, weight = own["foreign"] / own["pupils"], own["pupils"]
    first = (then.set_index("school")["foreign"] / then.set_index("school")["pupils"]).reindex(own.index)
    of_kept = kept.set_index("school")["foreign"] / kept.set_index("school")["pupils"]
    of_model = (model["foreign"] / model["pupils"]).reindex(own.index)
    both = of_model.notna()

    def miss(forecast: "pd.Series[float]") -> float:
        """Return the mean absolute error of the schools that the model has too."""
        return float(np.average((forecast - share).abs()[both], weights=weight[both]))

    yield {
        "measure": "share of a school",
        "happened": 0.0,
        STILL: miss(first.fillna(total(then))),
        KEPT: miss(of_kept),
        MODEL: miss(of_model),
    }


def judge(compared: pd.DataFrame) -> pd.DataFrame:
    """Return of each year, measure and forecast the mean absolute error over municipalities.

    Of the model's indices twice: as they are, and the change from the model's own start laid on the real one.
    """
    rows = []
    for (year, name), own in compared.groupby(["year", "measure"], sort=False):
        row: dict[str, object] = {"year": year, "measure": name}
        for forecast in (*FORECASTS, MODEL):
            row[forecast] = (own[forecast] - own["happened"]).abs().mean()
        if name in INDICES:
            row["its change"] = (change_of_model(own) - own["happened"]).abs().mean()
        rows.append(row)
    return pd.DataFrame(rows)


def change_of_model(compared: pd.DataFrame) -> "pd.Series[float]":
    """Return the real start plus the change in the model."""
    return compared["start"] + compared[MODEL] - compared["model at start"]


def count_ways(compared: pd.DataFrame) -> pd.DataFrame:
    """Return by year how often each forecast tells which way D went, of those that moved over .03."""
    rows = []
    for year, own in compared[compared["measure"] == "D"].groupby("year"):
        change = own["happened"] - own["start"]
        moved = change.abs() > MOVED
        said = {name: own[name] - own["start"] for name in FORECASTS}
        said[MODEL] = own[MODEL] - own["model at start"]
        told = {name: int((np.sign(way) == np.sign(change))[moved].sum()) for name, way in said.items()}
        rows.append({"year": year, "moved": int(moved.sum()), **told})
    return pd.DataFrame(rows)

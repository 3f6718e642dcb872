"""What naive forecasts of how segregated schools become are worth: the bar that a hindcast has to pass.

    python -m experiments.hindcast.schools PANEL

PANEL is the table of every school unit and autumn (`schools_panel_2009_2025_sweden.csv.gz`; PROVENANCE.md of
`segsim.sweden` tells where its figures come from). From what was known in the autumn of 2012, D of foreign
background over schools (grades 1 to 9) is foretold for 2018 and 2023 in the 33 municipalities of the sources:

- nothing changes: D stays;
- last trend: D goes on as from 2009 to 2012;
- every school keeps its share: the schools and sizes of the later year, each with the odds of foreign
  background it had in 2012 (schools whose code came later those of the municipality), all odds multiplied
  alike so that the municipality's share is that of the later year.

A third of the municipalities, every third by code, is for calibrating; the others judge. What the model
says of the same years is in `school_years`.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.judge_sweden import LARGE
from experiments.sweden_history import HIDDEN
from segsim.indices import dissimilarity
from segsim.sweden.municipalities import find_municipality

FIRST, BEFORE, LATER = 2012, 2009, (2018, 2023)
MOVED = 0.03
"""Change of D from which it counts as having moved."""
FORECASTS = ("nothing changes", "last trend", "every school keeps its share")


def read_panel(path: Path) -> pd.DataFrame:
    """Return units with pupils in grades 1 to 9: municipality, year, pupils, share of foreign background."""
    panel = pd.read_csv(path, dtype={"kommun_code": str, "school_unit_code": str})
    panel = panel[panel["n_1_9"] > 0]
    pupils = panel["n_1_9"].astype(float)
    share = panel["pct_foreign_bg"] / 100
    share = share.mask(panel["fb_flag"] == "suppressed", np.minimum(HIDDEN, pupils) / pupils)
    share = share.mask(panel["fb_flag"] == "approx", 1.0)
    out = pd.DataFrame(
        {
            "code": panel["kommun_code"],
            "unit": panel["school_unit_code"],
            "year": panel["start_year"],
            "pupils": pupils,
            "share": share,
        }
    )
    return out.dropna(subset=["share"])


def measure_d(pupils: np.ndarray, share: np.ndarray) -> float:
    """Return D of foreign background over schools."""
    return float(dissimilarity(np.column_stack([pupils * share, pupils * (1 - share)])))


def keep_shares(then: pd.DataFrame, later: pd.DataFrame) -> np.ndarray:
    """Return the shares of later schools where each keeps its odds, all multiplied to the later mean."""
    known = then.set_index("unit")["share"]
    mean_then = np.average(then["share"], weights=then["pupils"])
    share = later["unit"].map(known).fillna(mean_then).clip(0.002, 0.998).to_numpy()
    pupils, mean = later["pupils"].to_numpy(), np.average(later["share"], weights=later["pupils"])
    low, high, odds = -10.0, 10.0, share / (1 - share)
    for _ in range(60):
        level = (low + high) / 2
        shifted = np.exp(level) * odds / (1 + np.exp(level) * odds)
        low, high = (level, high) if np.average(shifted, weights=pupils) < mean else (low, level)
    return np.asarray(shifted)


def forecast_municipality(own: pd.DataFrame) -> list[dict[str, float]]:
    """Return what happened and what each forecast says, a row for each later year."""
    by_year = dict(tuple(own.groupby("year")))
    d = {year: measure_d(*by_year[year][["pupils", "share"]].to_numpy().T) for year in by_year}
    trend = (d[FIRST] - d[BEFORE]) / (FIRST - BEFORE)
    return [
        {
            "year": year,
            "start": d[FIRST],
            "happened": d[year],
            "nothing changes": d[FIRST],
            "last trend": d[FIRST] + trend * (year - FIRST),
            "every school keeps its share": measure_d(
                by_year[year]["pupils"].to_numpy(), keep_shares(by_year[FIRST], by_year[year])
            ),
        }
        for year in LATER
    ]


def judge_forecasts(table: pd.DataFrame) -> pd.DataFrame:
    """Return of each forecast and year the mean absolute error, and how often the way D went was told."""
    rows = []
    for year, judged in table[~table["calibrates"]].groupby("year"):
        change = judged["happened"] - judged["start"]
        moved = change.abs() > MOVED
        for name in FORECASTS:
            error = (judged[name] - judged["happened"]).abs()
            told = np.sign(judged[name] - judged["start"]) == np.sign(change)
            rows.append(
                {
                    "year": year,
                    "forecast": name,
                    "mean absolute error": error.mean(),
                    "way told, of those that moved": f"{told[moved].sum()} of {moved.sum()}",
                }
            )
    return pd.DataFrame(rows)


def main() -> None:
    """Print every municipality, and what the forecasts are worth."""
    panel, codes = read_panel(Path(sys.argv[1])), sorted(LARGE)
    rows = []
    for i, code in enumerate(codes):
        for row in forecast_municipality(panel[panel["code"] == code]):
            rows.append({"municipality": find_municipality(code).name, "calibrates": i % 3 == 0, **row})
    table = pd.DataFrame(rows)
    print(table.round(3).to_string(index=False))
    print(judge_forecasts(table).round(4).to_string(index=False))


if __name__ == "__main__":
    main()

"""A comparison that no model made: smooth numbers of the right shape, for what draws and writes them."""

import numpy as np
import pandas as pd

SCENARIOS = ("town", "mixed", "lottery")
SEEDS = tuple(range(1, 13))
YEARS = tuple(range(2022, 2033))
AREAS = tuple(f"Area {i}" for i in range(1, 37))

CITY_WIDE = {
    # measure, grouping, level: start, yearly drift, effect of each policy at the horizon, SD between runs
    ("dissimilarity", "background", "area"): (0.411, -0.0010, (-0.012, 0.0), 0.004),
    ("dissimilarity_by_chance", "background", "area"): (0.014, 0.0, (0.0, 0.0), 0.0),
    ("isolation", "foreign", "area"): (0.680, 0.0015, (-0.006, 0.0), 0.003),
    ("low_income", "all", "municipality"): (0.182, 0.0004, (0.001, 0.0), 0.002),
    ("merit_mean", "all", "school"): (233.5, 0.15, (0.2, 0.9), 1.1),
}


def cells() -> pd.DataFrame:
    """Return a round town of 36 areas on a grid of 100 m cells, with holes where nobody lives."""
    side = 30
    row, column = np.divmod(np.arange(side * side), side)
    area = (row // 5) * 6 + column // 5
    inside = (np.hypot(row - 14.5, column - 14.5) < 16) & ((row * 7 + column * 3) % 11 != 0)
    frame = pd.DataFrame({"x": 100.0 * column, "y": 100.0 * row, "area": [AREAS[a] for a in area]})
    return frame[inside].reset_index(drop=True)


def city_rows() -> pd.DataFrame:
    """Return rows about the whole city for every scenario, seed and year."""
    chance = np.random.default_rng(7)
    rows = []
    for (measure, grouping, level), (start, drift, effects, spread) in CITY_WIDE.items():
        for seed in SEEDS:
            path = (
                start + drift * np.arange(len(YEARS)) + spread * np.cumsum(chance.normal(0, 0.4, len(YEARS)))
            )
            for scenario, effect in zip(SCENARIOS, (0.0, *effects), strict=True):
                noise = chance.normal(0, 0.2 * spread, len(YEARS)) if effect else 0.0
                values = path + (np.linspace(0, effect, len(YEARS)) if effect else 0.0) + noise
                for year, value in zip(YEARS, values, strict=True):
                    rows.append((scenario, seed, year, measure, grouping, level, "", value))
    return pd.DataFrame(
        rows, columns=["scenario", "seed", "year", "measure", "grouping", "level", "unit", "value"]
    )


def area_values(shift: float = 0.0) -> pd.Series:
    """Return a share per area that falls from west to east."""
    column = np.arange(len(AREAS)) % 6
    return pd.Series(0.85 - 0.13 * column + shift * (column - 2.5), index=list(AREAS))


def type_frame() -> pd.DataFrame:
    """Return shares of residents in area types 1 to 5."""
    shares = [(0.16, 0.15, 0.40, 0.29, 0.0), (0.15, 0.17, 0.38, 0.28, 0.02), (0.12, 0.18, 0.41, 0.27, 0.02)]
    return pd.DataFrame(shares, index=["2022", "Baseline 2032", "Mixed tenure 2032"], columns=range(1, 6))

"""A town, its policies and rows that no model made: smooth numbers of the right shape."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from segsim.scenario import Scenario, load_scenario

SCENARIOS = ("town", "mixed", "lottery")
START = 2022
AREAS = tuple(f"Area {i}" for i in range(1, 37))
DISTRICTS = tuple(f"District {i}" for i in range(1, 7))

MIXED = """
extends: town
label_en: Half rental in plans
label_sv: Hälften hyresrätt i planer
summary: From 2027, half of what is built in well-off areas is rental.
summary_sv: Från 2027 är hälften av det som byggs i områden med goda förutsättningar hyresrätt.
rationale: Because the other end of the scale matters too.
policies:
  - tenure_in_detailed_plans:
      from: 2027
      areas: {types: [4, 5]}
      shares: {public_rental: 0.5}
      cost_msek: 3
"""

LOTTERY = """
extends: town
label_en: Seats by lottery
label_sv: Skolplatser genom lottning
summary: All free seats are drawn by lot.
summary_sv: Alla lediga platser lottas.
policies:
  - admission_rule: {from: 2024, lottery_share: 1.0, common_system: true}
"""

CITY_WIDE: dict[tuple[str, str, str], tuple[float, float, tuple[float, float], float]] = {
    # measure, grouping, level: start, yearly drift, effect of each policy at the horizon, SD between runs
    ("D", "background", "area"): (0.411, -0.0010, (-0.03, 0.0), 0.004),
    ("D_expected", "background", "area"): (0.014, 0.0, (0.0, 0.0), 0.0),
    ("H", "background", "area"): (0.180, -0.0005, (-0.004, 0.0), 0.003),
    ("H_expected", "background", "area"): (0.0004, 0.0, (0.0, 0.0), 0.0),
    ("V", "background", "area"): (0.220, -0.0005, (-0.004, 0.0), 0.003),
    ("V_expected", "background", "area"): (0.0003, 0.0, (0.0, 0.0), 0.0),
    ("D", "background", "school"): (0.360, 0.0005, (0.0, -0.04), 0.006),
    ("D_expected", "background", "school"): (0.05, 0.0, (0.0, 0.0), 0.0),
    ("isolation", "background.foreign", "area"): (0.680, 0.0015, (-0.006, 0.0), 0.003),
    ("inequality_index", "", "area"): (53.0, 0.1, (0.0, 0.0), 0.6),
    ("merit_mean", "", "municipality"): (233.5, 0.15, (0.2, 0.9), 1.1),
    ("employment_gap", "background", "municipality"): (15.6, -0.1, (0.1, 0.0), 0.4),
    ("crowded", "", "municipality"): (0.127, 0.0004, (0.001, 0.0), 0.002),
    ("population", "", "municipality"): (102_426.0, 30.0, (40.0, 0.0), 20.0),
    ("area_type_1", "", "district"): (0.16, 0.0, (-0.03, 0.0), 0.0),
    ("area_type_2", "", "district"): (0.15, 0.0, (0.03, 0.0), 0.0),
    ("area_type_3", "", "district"): (0.40, 0.0, (0.0, 0.0), 0.0),
    ("area_type_4", "", "district"): (0.27, 0.0, (0.0, 0.0), 0.0),
    ("area_type_5", "", "district"): (0.02, 0.0, (0.0, 0.0), 0.0),
}


def scenarios(folder: Path) -> dict[str, Scenario]:
    """Write the scenario files to a folder and load them; the town is one of 27 areas."""
    label = "label_en: Made-up town\nlabel_sv: Made-up town\n"
    figures = label + (Path(__file__).parent / "scenarios" / "small_totals.yaml").read_text("utf-8")
    for name, text in zip(SCENARIOS, (figures, MIXED, LOTTERY), strict=True):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return {name: load_scenario(folder / f"{name}.yaml") for name in SCENARIOS}


def model(scenario: Any, seed: int, years: int) -> pd.DataFrame:
    """Return rows as a model would, by formula: the model of `segsim.runs` for tests."""
    effect = {"mixed": 0, "lottery": 1}.get(scenario.name)
    chance = np.random.default_rng(seed)
    luck = chance.normal(size=(len(CITY_WIDE), years + 1)).cumsum(axis=1) * 0.4
    own = np.random.default_rng([seed, effect or 0]).normal(size=luck.shape) * 0.3
    rows: list[tuple[int, str, str, str, str, float]] = []
    for t in range(years + 1):
        year = START + t
        for i, (key, (start, drift, effects, spread)) in enumerate(CITY_WIDE.items()):
            change = effects[effect] if effect is not None else 0.0
            value = start + drift * t + spread * luck[i, t] + change * t / 10
            rows.append((year, *key, "", value + (spread * own[i, t] if change and t else 0.0)))
        rows += unit_rows(year, -0.002 * t if effect == 0 else 0.0)
        for measure, value in (("people", 0.80 + 0.004 * t), ("place", 0.80), ("place_change", 0.0)):
            rows.append(
                (year, measure, "employed", "area", "tenure_in_detailed_plans", value + 0.001 * luck[0, t])
            )
        if effect == 0 and year >= 2027:
            rows.append((year, "policy_cost", "tenure_in_detailed_plans", "municipality", "", 3.0))
            rows.append((year, "policy_reached", "tenure_in_detailed_plans", "municipality", "", 41_000.0))
    return pd.DataFrame(rows, columns=["year", "measure", "grouping", "level", "unit", "value"])


def unit_rows(year: int, shift: float) -> list[tuple[int, str, str, str, str, float]]:
    """Return rows about single areas and districts."""
    share = area_values(shift)
    rows = []
    for area, value in share.items():
        rows.append((year, "share", "background.foreign", "area", str(area), value))
        rows.append((year, "share", "tenure.rental", "area", str(area), 0.9 * value))
        rows.append((year, "socioeconomic_index", "", "area", str(area), 28 * value))
    for i, district in enumerate(DISTRICTS):
        value = float(share.iloc[i::6].mean())
        rows.append((year, "share", "background.foreign", "district", district, value))
        rows.append((year, "share", "tenure.rental", "district", district, 0.9 * value))
        rows.append((year, "socioeconomic_index", "", "district", district, 28 * value))
        rows.append((year, "area_type", "", "district", district, float(min(5, i + 1))))
    return rows


def area_values(shift: float = 0.0) -> pd.Series:
    """Return a share per area that falls from west to east."""
    column = np.arange(len(AREAS)) % 6
    return pd.Series(0.85 - 0.13 * column + shift * (column - 2.5), index=list(AREAS))


def cells() -> pd.DataFrame:
    """Return a round town of 36 areas on a grid of 100 m cells, with holes where nobody lives."""
    side = 30
    row, column = np.divmod(np.arange(side * side), side)
    area = (row // 5) * 6 + column // 5
    inside = (np.hypot(row - 14.5, column - 14.5) < 16) & ((row * 7 + column * 3) % 11 != 0)
    frame = pd.DataFrame({"x": 100.0 * column, "y": 100.0 * row, "homes": 10})
    frame["area"] = [AREAS[a] for a in area]
    frame["district"] = [DISTRICTS[a % 6] for a in area]
    return frame[inside].reset_index(drop=True)


def residents() -> pd.DataFrame:
    """Return the residents of the town's districts; those of the last are too few to be told of."""
    rows = [
        (district, tenure, "born_in_sweden", "middle", (1000 + 100 * i) if i < 5 else 5)
        for i, district in enumerate(DISTRICTS)
        for tenure in ("public_rental", "owner_occupied")
    ]
    return pd.DataFrame(rows, columns=["district", "tenure", "origin", "income", "persons"])


def keep_start(folder: Path) -> None:
    """Keep the first city of the town in a results folder, so that a page needs no model."""
    cells().to_parquet(folder / "map.parquet", index=False)
    residents().to_parquet(folder / "residents.parquet", index=False)
    (folder / "start.json").write_text('{"leavers": {}, "reach": {}}', encoding="utf-8")


def type_frame() -> pd.DataFrame:
    """Return shares of residents in area types 1 to 5."""
    shares = [(0.16, 0.15, 0.40, 0.29, 0.0), (0.15, 0.17, 0.38, 0.28, 0.02), (0.12, 0.18, 0.41, 0.27, 0.02)]
    return pd.DataFrame(shares, index=["2022", "Baseline 2032", "Mixed tenure 2032"], columns=range(1, 6))


def city_rows(seeds: int = 12, years: int = 10) -> pd.DataFrame:
    """Return the tidy table of all three scenarios."""

    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

    frames = [
        model(Named(name), seed, years).assign(scenario=name, seed=seed)
        for name in SCENARIOS
        for seed in range(1, seeds + 1)
    ]
    return pd.concat(frames, ignore_index=True)

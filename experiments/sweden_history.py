"""What has happened in every municipality: series of years, built for the facts segsim ships."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from experiments.sweden_indicators import dissimilarity
from segsim.sweden.history import FEWEST_PUPILS
from segsim.sweden.indicators import COUNTRY

DECIMALS = 4
HIDDEN = 2
"""Pupils of foreign background taken to be at a school where their number is hidden because it is small."""
PER_CENT = {
    "kolada_selected_2006_2024_all290.csv": {
        "crowded_norm2_pct": "crowded_flats",
        "g9_eligible_vocational_home_pct": "eligible",
    },
    "municipality_series_2014_2025_selected.csv": {
        "foreign_background_pct": "foreign_background",
        "rental_dwellings_pct": "rental",
        "low_econ_std_pct": "low_standard",
    },
}
"""Tables of per cent by municipality and year: their columns, and the series they become."""

Values = Iterator[tuple[str, int, str, float]]
"""Code of a place, year, name of a series, value."""


def build_history(folder: Path) -> pd.DataFrame:
    """Return every series of every municipality, and of counties and the country where areas are known."""
    schools = pd.read_csv(
        folder / "schools_panel_2009_2025_sweden.csv.gz", dtype={"kommun_code": str, "school_unit_code": str}
    )
    districts = pd.read_csv(folder / "regso2020_panel_2020_2023.csv", dtype={"kommun_code": str})
    rows = [*measure_schools(schools), *measure_districts(districts), *read_per_cent(folder)]
    history = pd.DataFrame(rows, columns=["code", "year", "series", "value"]).dropna()
    check_over_schools(history, folder)
    history["value"] = history["value"].astype(float).round(DECIMALS).astype("float32")
    return history.sort_values(["series", "code", "year"], ignore_index=True)


def list_places(table: pd.DataFrame, year: str) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """Yield the rows of every municipality, county and the country in every year, with its code."""
    for at, rows in table.groupby(year):
        for code, own in rows.groupby("kommun_code"):
            yield str(code), int(at), own
        for code, own in rows.groupby(rows["kommun_code"].str[:2]):
            yield str(code), int(at), own
        yield COUNTRY, int(at), rows


def measure_schools(panel: pd.DataFrame) -> Values:
    """Yield how pupils of grades 1 to 9 are spread over schools, and who runs these, by autumn."""
    pupils = panel["n_1_9"]
    foreign = panel["pct_foreign_bg"] / 100 * pupils
    foreign = foreign.mask(panel["fb_flag"] == "suppressed", pupils.clip(upper=HIDDEN))
    foreign = foreign.mask(panel["fb_flag"] == "approx", pupils)
    panel = panel.assign(pupils=pupils, foreign=foreign)[pupils > 0]
    for code, year, own in list_places(panel, "start_year"):
        if own["pupils"].sum() >= FEWEST_PUPILS:
            independent = own.loc[own["provider_type"] == "E", "pupils"].sum() / own["pupils"].sum()
            yield code, year, "independent_schools", independent
        known = own.dropna(subset=["foreign"])
        swedish = known["pupils"] - known["foreign"]
        if known["pupils"].sum() >= FEWEST_PUPILS:
            yield code, year, "school_foreign", known["foreign"].sum() / known["pupils"].sum()
        if min(known["foreign"].sum(), swedish.sum()) >= FEWEST_PUPILS:
            yield code, year, "school_D", dissimilarity(known["foreign"], swedish)


def measure_districts(panel: pd.DataFrame) -> Values:
    """Yield who lives where over districts (RegSO), and the share of rental dwellings, by year's end."""
    for code, year, own in list_places(panel, "year"):
        yield code, year, "born_abroad", own["born_abroad"].sum() / own["pop_total"].sum()
        yield code, year, "home_D", dissimilarity(own["born_abroad"], own["born_sweden"])
        tenure = own[["dw_rental", "dw_coop", "dw_owned"]].sum()
        yield code, year, "rental_districts", tenure["dw_rental"] / tenure.sum()


def read_per_cent(folder: Path) -> Values:
    """Yield the series that are published by municipality, as shares."""
    for name, columns in PER_CENT.items():
        table = pd.read_csv(folder / name, dtype={"kommun_code": str})
        for column, series in columns.items():
            known = table.dropna(subset=[column])
            for code, year, value in zip(known["kommun_code"], known["year"], known[column], strict=True):
                yield code, int(year), series, value / 100


def check_over_schools(history: pd.DataFrame, folder: Path) -> None:
    """Stop where D over schools is not what it was when it was computed elsewhere."""
    name = "municipality_school_segregation_2009_2025_all290.csv"
    theirs = pd.read_csv(folder / name, dtype={"kommun_code": str})
    mine = history[history["series"] == "school_D"].set_index(["code", "year"])["value"]
    both = theirs.set_index(["kommun_code", "start_year"])["D_fb"].rename_axis(["code", "year"])
    distance = (mine - both).dropna().abs()
    assert len(distance) > 4000
    assert distance.max() < 0.001, distance.idxmax()

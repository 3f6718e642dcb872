"""Where every municipality stands, and its counties and the country: built for the facts segsim ships."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from segsim.sweden.indicators import COUNTRY

DECIMALS = 4
KNOWN_EDUCATION = ["edu_lower_sec", "edu_upper_sec", "edu_post_lt3", "edu_post_ge3"]
KNOWN_TENURE = ["dw_rental", "dw_coop", "dw_owned"]
UNDER_20 = ["age_0_4", "age_5_9", "age_10_14", "age_15_19"]
HOUSEHOLDS = [
    "hh_couple_children",
    "hh_couple_nochildren",
    "hh_single_children",
    "hh_single_nochildren",
    "hh_other",
]


def list_places(areas: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the areas of every municipality, of every county and of the country, with their code."""
    yield from areas.groupby("kommun_code")
    yield from areas.groupby(areas["kommun_code"].str[:2])
    yield COUNTRY, areas


def build_indicators(areas: pd.DataFrame, check: pd.DataFrame) -> pd.DataFrame:
    """Return the official indicators of every municipality, county and the country on 31 December 2022.

    `check` holds the same of the municipalities as they were computed elsewhere; the two must agree.
    """
    rows = pd.DataFrame([{"code": code, **measure_place(own)} for code, own in list_places(areas)])
    agree(rows.set_index("code"), check.set_index(check["area"].str[:4]))
    return rows.round(dict.fromkeys(rows.columns[2:], DECIMALS)).sort_values("code", ignore_index=True)


def measure_place(own: pd.DataFrame) -> dict[str, float]:
    """Return the indicators of one place from its areas."""
    total = own.sum(numeric_only=True)
    tenure, education, homes = (
        total[names].sum() for names in (KNOWN_TENURE, KNOWN_EDUCATION, ["pers_dwelling_total"])
    )
    backgrounds = total["swedish_background"] + total["foreign_background"]
    born = own[["born_sweden", "born_europe_exsw", "born_rest_world"]].to_numpy(float).sum()
    low, high = (own[f"{name}_econ_std_pct"] * own["pop_econ_std"] / 100 for name in ("low", "high"))
    typed = own[own["omradestyp_2022"].between(1, 5)]
    of_type = typed.groupby("omradestyp_2022")["pop_total"].sum() / max(typed["pop_total"].sum(), 1)
    foreign = own["foreign_background"]
    rental, other = own["dw_rental"], own["dw_coop"] + own["dw_owned"]
    return {
        "persons": total["pop_total"],
        "foreign_background": total["foreign_background"] / backgrounds,
        "born_outside_europe": total["born_rest_world"] / born,
        "under_20": total[UNDER_20].sum() / total["pop_age_total"],
        "one_person_households": total["hh_single_nochildren"] / total[HOUSEHOLDS].sum(),
        "rental": total["dw_rental"] / tenure,
        "cooperative": total["dw_coop"] / tenure,
        "owner_occupied": total["dw_owned"] / tenure,
        "in_flats": total["pers_multi_dwelling"] / homes,
        "employed": total["employed"] / total["pop_16_64"],
        "unemployed": total["unemployed"] / total["labour_force"],
        "low_standard": low.sum() / total["pop_econ_std"],
        "high_standard": high.sum() / total["pop_econ_std"],
        "short_education": total["edu_lower_sec"] / education,
        "long_education": total["edu_post_ge3"] / education,
        "types_1_2": of_type.get(1, 0.0) + of_type.get(2, 0.0),
        "type_3": of_type.get(3, 0.0),
        "types_4_5": of_type.get(4, 0.0) + of_type.get(5, 0.0),
        "D_background": dissimilarity(foreign, own["swedish_background"]),
        "isolation_foreign": float((foreign / foreign.sum() * foreign / own["pop_bg_total"]).sum()),
        "inequality_index": dissimilarity(low, high),
        "D_rental": dissimilarity(rental, other),
    }


def dissimilarity(first: pd.Series, second: pd.Series) -> float:
    """Return D of two groups over areas; missing where there is one area only, or nobody of a group."""
    if len(first) < 2 or min(first.sum(), second.sum()) <= 0:
        return float("nan")
    return float((first / first.sum() - second / second.sum()).abs().sum() / 2)


def agree(rows: pd.DataFrame, check: pd.DataFrame) -> None:
    """Stop where an indicator is not what the same table gave when it was computed elsewhere."""
    same = {
        "foreign_background": "foreign_bg",
        "rental": "rental",
        "in_flats": "multi_dw",
        "employed": "emp_16_64",
        "low_standard": "low_es",
        "D_background": "D_fb",
        "inequality_index": "D_low_high",
        "D_rental": "D_rental_other",
    }
    for mine, theirs in same.items():
        distance = (rows.loc[check.index, mine] - check[theirs]).abs().max()
        assert distance < 0.002, f"{mine} differs from {theirs} by {distance}"
    assert np.isclose(rows.at[COUNTRY, "persons"], check["pop"].sum())

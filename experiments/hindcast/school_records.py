"""What happened to the schools of a municipality from 2012 to 2023: their pupils, when each came and went.

Codes of units change when schools are split, merged or reorganised, so units of one name are one school here
("Asmundtorps skola F-6" and "Asmundtorps skola 7-9"), and a name that goes when another comes under the same
code is the same school. D over schools is a little lower so than over units.
"""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.sweden_history import HIDDEN

FIRST, LATER = 2012, (2018, 2023)
LAST = LATER[-1]
LOWER = ("n_f", *(f"n_{grade}" for grade in range(1, 7)))
UPPER = ("n_7", "n_8", "n_9")
STAGES = {"lower": (0, 6), "upper": (7, 9)}
"""The stages of a school, and their grades."""
STRAY = 0.1
"""Share of a school's pupils below which the few in a stage do not make it teach that stage."""
_STAGE = re.compile(r"\b(f|åk|ak)?\s*-?\s*\d*\s*-?\s*\d+\b|\b(landskrona|ab|grundskola[n]?)\b|[^\w\s]")


def read_records(path: Path, code: str, years: range = range(FIRST, LAST + 1)) -> pd.DataFrame:
    """Return the schools of a municipality by autumn.

    Returns
    -------
    DataFrame
        A row per school and year: school (its name here), year, provider (K or E), lower and upper (pupils of
        preschool class to grade 6, and of 7 to 9), pupils (grades 1 to 9), foreign (of those, of foreign
        background; a hidden number counts as 2), educated (share with post-secondary parents), units (codes).

    Raises
    ------
    SystemExit
        If the municipality is not in the panel.
    """
    panel = pd.read_csv(path, dtype={"kommun_code": str, "school_unit_code": str})
    own = panel[(panel["kommun_code"] == code) & panel["start_year"].isin(years)]
    own = own[own["n_1_9"] > 0].copy()
    if own.empty:
        raise SystemExit(f"hindcast: {path} has no schools of {code} in {years[0]}-{years[-1]}; give another")
    pupils = own["n_1_9"].astype(float)
    share = (own["pct_foreign_bg"] / 100).mask(own["fb_flag"] == "approx", 1.0)
    share = share.mask(own["fb_flag"] == "suppressed", np.minimum(HIDDEN, pupils) / pupils)
    grades = own[[*LOWER, *UPPER]].fillna(0.0)
    units = pd.DataFrame(
        {
            "school": name_schools(own),
            "year": own["start_year"],
            "provider": own["provider_type"],
            "lower": grades[list(LOWER)].sum(axis=1),
            "upper": grades[list(UPPER)].sum(axis=1),
            "pupils": pupils,
            "foreign": share * pupils,
            "known": pupils.where(share.notna(), 0.0),
            "educated": own["pct_parents_post_sec"] / 100 * pupils,
            "told": pupils.where(own["pct_parents_post_sec"].notna(), 0.0),
            "unit": own["school_unit_code"],
        }
    )
    sums = ["lower", "upper", "pupils", "foreign", "known", "educated", "told"]
    grouped = units.groupby(["school", "year"])
    out = (
        grouped[sums].sum().join(grouped["provider"].first()).join(grouped["unit"].agg(tuple).rename("units"))
    )
    # what is not known of a part is as in the rest
    out["foreign"] *= out["pupils"] / out["known"].where(out["known"] > 0)
    out["educated"] /= out["told"].where(out["told"] > 0)
    return out.drop(columns=["known", "told"]).reset_index()


def name_schools(own: pd.DataFrame) -> "pd.Series[str]":
    """Return the school of each row: its name without grades, or that under which its code was before."""
    plain = own["school"].map(_plain)
    years = own["start_year"].groupby(plain).agg(["min", "max"])
    same: dict[str, str] = {}
    for _, rows in own.assign(plain=plain).sort_values("start_year").groupby("school_unit_code"):
        names = list(dict.fromkeys(rows["plain"]))
        for old, new in pairwise(names):
            if years.loc[old, "max"] < years.loc[new, "min"]:
                same[new] = old
    return plain.map(lambda name: _oldest(name, same))


def _plain(name: str) -> str:
    """Return a name of a school without grades, numbers and what is the same of all."""
    return " ".join(_STAGE.sub(" ", name.casefold()).split()) or name.casefold()


def _oldest(name: str, same: dict[str, str]) -> str:
    """Return the first name of a school."""
    while name in same:
        name = same[name]
    return name


def choose_stages(row: "pd.Series[float]") -> tuple[int, int]:
    """Return the first and last grade of a school, 0-6, 7-9 or 0-9, by where its pupils are."""
    total = row["lower"] + row["upper"]
    has_lower, has_upper = (row[stage] > STRAY * total for stage in ("lower", "upper"))
    return (0 if has_lower or not has_upper else 7), (9 if has_upper else 6)

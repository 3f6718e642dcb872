"""What a difference means in plain words, and how sure that is."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from segsim.comparison.result import ALPHA
from segsim.report.units import UnitFormat
from segsim.words.words import Words

Facts = Mapping[Any, Any]
"""One row of a table of differences."""

SIGNS = {
    "falls": "▼",
    "rises": "▲",
    "falls_little": "▽",
    "rises_little": "△",
    "unclear": "○",
    "equivalent": "≈",
    "identical": "=",
    "undefined": "–",
    "one_run": "·",
}
"""A sign beside each kind of verdict, so that no reader depends on colour."""


LITTLE = 0.02
"""Part of the baseline's value below which a change of an exploratory measure is called little."""


class Verdict(NamedTuple):
    """One difference in words.

    Attributes
    ----------
    kind : str
        A key of `SIGNS`.
    short : str
        Two or three words, for a table.
    text : str
        A sentence with size and interval.
    levels : str
        From which value to which; empty if undefined.
    notes : list of str
        Reasons for caution.
    """

    kind: str
    short: str
    text: str
    levels: str
    notes: list[str]

    @property
    def sign(self) -> str:
        """The sign of the kind."""
        return SIGNS[self.kind]


def verdict(row: Facts, unit: UnitFormat, words: Words) -> Verdict:
    """Return what one row of differences means.

    Parameters
    ----------
    row : mapping
        A row of `Comparison.judged`, or of `Comparison.differences` at the horizon.
    unit : Unit
        How its values are written.
    words : Words
        The language.
    """
    kind = verdict_kind(row)
    text = words(
        f"verdict.{kind}",
        size=unit.difference(words, abs(row["difference"]), sign=False),
        difference=unit.difference(words, row["difference"]),
        interval=_interval_of_size(row, kind, unit, words),
        margin=unit.difference(words, smallest_effect(row), sign=False),
        n=int(row["n"]),
        undefined=int(row["undefined"]),
    )
    levels = ""
    if kind != "undefined":
        before, after = unit.value(words, row["baseline_mean"]), unit.value(words, row["scenario_mean"])
        levels = words("verdict.levels", baseline=before, scenario=after)
    return Verdict(kind, words(f"verdict_short.{kind}"), text, levels, _notes(row, kind, words))


def verdict_kind(row: Facts) -> str:
    """Return which kind of verdict a row calls for: by p after correction for looking at many measures.

    Rows of the primary family have a smallest effect of interest and are judged against that too; of the
    others a change is little that is sure and below `LITTLE` of the baseline.
    """
    if row["n"] == 0:
        return "undefined"
    if row["identical"]:
        return "identical"
    if row["n"] == 1:
        return "one_run"
    is_small = row.get("p_equivalence", float("nan")) < ALPHA
    if not row["p_adjusted"] < ALPHA:
        return "equivalent" if is_small else "unclear"
    is_small = is_small or ("margin" not in row and abs(row["difference"]) < smallest_effect(row))
    if row["difference"] < 0:
        return "falls_little" if is_small else "falls"
    return "rises_little" if is_small else "rises"


def smallest_effect(row: Facts) -> float:
    """Return the smallest difference of interest: the declared one, or a part of the baseline's value."""
    return float(row["margin"]) if "margin" in row else LITTLE * abs(float(row["baseline_mean"]))


def _interval_of_size(row: Facts, kind: str, unit: UnitFormat, words: Words) -> str:
    """Return the interval; of a fall as the sizes of the fall, smallest first."""
    low, high = row["lower"], row["upper"]
    if kind in ("falls", "falls_little"):
        return unit.interval(words, -high, -low)
    return unit.interval(words, low, high)


def _notes(row: Facts, kind: str, words: Words) -> list[str]:
    """Return the reasons for caution."""
    notes = []
    if kind != "undefined" and row["undefined"]:
        runs = int(row["n"] + row["undefined"])
        notes.append(words("verdict.part_undefined", undefined=int(row["undefined"]), n=runs))
    if pd.notna(row["settled"]) and not row["settled"] and kind not in ("identical", "undefined"):
        notes.append(words("verdict.not_settled"))
    return notes

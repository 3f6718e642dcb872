"""What a difference is said to mean."""

import pandas as pd
import pytest

from segsim.report.tables.verdicts import verdict, verdict_kind
from segsim.report.units import UNITS
from segsim.words.words import Words

NAN = float("nan")


def row(**more: object) -> pd.Series:
    facts = {
        "n": 20,
        "undefined": 0,
        "identical": False,
        "baseline_mean": 0.411,
        "scenario_mean": 0.399,
        "difference": -0.012,
        "lower": -0.017,
        "upper": -0.007,
        "p_adjusted": 0.001,
        "p_equivalence": 0.4,
        "margin": 0.02,
        "settled": True,
    }
    return pd.Series({**facts, **more})


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, "falls"),
        ({"difference": 0.012, "lower": 0.007, "upper": 0.017}, "rises"),
        ({"p_adjusted": 0.2}, "unclear"),
        ({"p_adjusted": 0.2, "p_equivalence": 0.01}, "equivalent"),
        ({"p_equivalence": 0.01}, "falls_little"),
        ({"difference": 0.012, "p_equivalence": 0.01}, "rises_little"),
        ({"identical": True, "p_adjusted": 1.0}, "identical"),
        ({"n": 0, "undefined": 20, "p_adjusted": NAN}, "undefined"),
        ({"n": 1, "p_adjusted": NAN}, "one_run"),
        ({"p_adjusted": NAN}, "unclear"),
    ],
)
def test_kind_of__follows_the_judgement(facts: dict[str, object], kind: str) -> None:
    assert verdict_kind(row(**facts)) == kind


def test_kind_of__needs_no_margin() -> None:
    exploratory = row().drop(["p_equivalence", "margin"])
    assert verdict_kind(exploratory) == "falls"


def test_verdict__of_a_fall_gives_its_size_and_interval_in_words() -> None:
    found = verdict(row(), UNITS["index"], Words("en"))
    assert found.text == "falls by 0.012 (95 % interval 0.007 to 0.017)"
    assert found.levels == "0.411 in the baseline, 0.399 with the policy"
    assert found.sign == "▼"
    swedish = verdict(row(), UNITS["index"], Words("sv"))
    assert swedish.text == "minskar med 0,012 (95 % konfidensintervall 0,007 till 0,017)"


def test_verdict__of_no_clear_change_gives_the_signed_interval() -> None:
    unclear = row(difference=0.001, lower=-0.004, upper=0.006, p_adjusted=0.7)
    text = verdict(unclear, UNITS["index"], Words("en")).text
    assert text == "no clear change: +0.001 (95 % interval −0.004 to 0.006)"


def test_verdict__says_what_is_not_settled_and_what_is_undefined() -> None:
    found = verdict(row(settled=False, undefined=3, n=17), UNITS["index"], Words("en"))
    assert len(found.notes) == 2
    assert "not defined in 3 of 20 runs" in found.notes[0]
    assert "not settled" in found.notes[1]
    assert verdict(row(settled=pd.NA), UNITS["index"], Words("en")).notes == []


def test_verdict__of_what_is_never_defined_gives_no_number() -> None:
    numbers = ("difference", "lower", "upper", "baseline_mean", "scenario_mean")
    undefined = row(n=0, undefined=20, **dict.fromkeys(numbers, NAN))
    found = verdict(undefined, UNITS["share"], Words("en"))
    assert found.text == "not defined in any of the 20 runs"
    assert found.levels == ""
    assert "nan" not in str(found)

"""The answers to claims as tables: one line per test, and a file that programs read."""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from segsim.comparison.claims.answers import ALPHA, ClaimAnswer, JudgedTest
from segsim.runs import Runs, write_one_file, write_provenance
from segsim.runs.store.store import write_whole
from segsim.scenario.files.csv_text import write_csv


def write_tables(answers: Sequence[ClaimAnswer], runs: Runs) -> None:
    """Write `claims.csv` and `claims.json` beside the runs, and where they come from."""
    write_one_file(runs)
    write_whole(runs.folder / "claims.csv", write_csv(tabulate_tests(answers)))
    facts = [describe_answer(answer) for answer in answers]
    text = json.dumps({"alpha": ALPHA, "claims": facts}, indent=1, ensure_ascii=False)
    write_whole(runs.folder / "claims.json", text.encode())
    write_provenance(runs, claims=[answer.claim.name for answer in answers])


def tabulate_tests(answers: Sequence[ClaimAnswer]) -> pd.DataFrame:
    """Return one line per test of every claim."""
    return pd.DataFrame(
        {"claim": answer.claim.name, "claim_answer": answer.answer, **describe_test(test)}
        for answer in answers
        for test in answer.tests
    )


def describe_answer(answer: ClaimAnswer) -> dict[str, Any]:
    """Return a claim and its answer as plain values."""
    claim = answer.claim
    tests = [
        {key: None if value != value else value for key, value in describe_test(test).items()}
        for test in answer.tests
    ]
    return {
        "name": claim.name,
        "claim": claim.claim_en,
        "answer": answer.answer,
        "needs": claim.needs,
        "level": answer.level,
        "tests": tests,
    }


def describe_test(answer: JudgedTest) -> dict[str, Any]:
    """Return a test and what the runs say of it as plain values."""
    test = answer.test
    contrast = " ".join(f"{weight:+g} {name}" for name, weight in test.contrast.items())
    return {
        "test": test.title_en,
        **answer.series._asdict(),
        "contrast": contrast or "baseline, since the start",
        "first_year": answer.years[0],
        "last_year": answer.years[1],
        "per_msek": float("nan") if test.per_msek is None else test.per_msek,
        "expect": test.expect,
        "by": float("nan") if test.by is None else test.by,
        "estimate": answer.estimate,
        "lower": answer.interval[0],
        "upper": answer.interval[1],
        "lower_alone": answer.narrow[0],
        "upper_alone": answer.narrow[1],
        "n": answer.n,
        "p": answer.p,
        "p_equivalence": answer.p_equivalence,
        "answer": answer.answer,
        "reason": answer.reason,
    }

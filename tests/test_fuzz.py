"""Spoilt files are refused with their name, or taken with everything in them accounted for.

The long version is `make fuzz`; `tests/fuzzing.py` tells how files are spoilt and judged.
"""

from pathlib import Path

import pytest

from segsim.errors import DataError, ScenarioError
from tests.fuzzing import answer, fuzz, prepare


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return prepare(tmp_path_factory.mktemp("fuzz"))


def test_whole_files__are_accepted(files: list[Path]) -> None:
    refused = {
        file.name: found for file in dict.fromkeys(files) if (found := answer(file, "")).kind != "accepted"
    }
    assert len(set(files)) > 70
    assert refused == {}


@pytest.mark.parametrize("first", [0, 100_000])
def test_spoilt_files__are_refused_by_name_or_accounted_for(files: list[Path], first: int) -> None:
    found = fuzz(files, range(first, first + 300))
    faults = [one for one in found if one[2].kind not in ("refused", "accepted")]
    assert faults == []
    kinds = [one[2].kind for one in found]
    assert min(kinds.count("refused"), kinds.count("accepted")) > 30


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ScenarioError("gone wrong", "något gick fel"), "no place"),
        (DataError("gone wrong", "något gick fel"), "no place"),
        (ScenarioError("mine.yaml:1: gone wrong", "mine.yaml:1: något gick fel"), "refused"),
        (ScenarioError("mine.yaml:1: gone wrong", "mine.yaml:1: gone wrong, is it not"), "not Swedish"),
        (ScenarioError("mine.yaml:1: gone wrong", "något gick fel"), "not Swedish"),
        (ZeroDivisionError(), "crash"),
        (ValueError("mine.yaml:1: gone wrong"), "crash"),
    ],
)
def test_judge__tells_a_refusal_with_its_place_from_others(
    error: Exception, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: Path) -> str:
        raise error

    monkeypatch.setattr("tests.fuzzing.read", fail)
    assert answer(Path("mine.yaml"), "").kind == kind


def test_judge__knows_a_key_that_went_unread(files: list[Path]) -> None:
    assert answer(files[0], "zqxj1").kind == "unread"

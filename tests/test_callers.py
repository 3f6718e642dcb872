"""What a caller in Python gives wrongly is refused in one sentence, in English and in Swedish."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from segsim import City, compare, load_scenario
from segsim.errors import ArgumentError, ResultsError, check_whole_number
from segsim.runs import list_seeds, open_runs, plan_scenarios, run, save_simulation
from segsim.runs.execution.execution import Execution
from segsim.runs.series import Series
from segsim.simulation import run_simulation, start_simulation

BOARD = load_scenario("schelling", {"years": 2})
TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
NOT_DOTTED = "overrides must be values by dotted keys"

WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "seeds: text": (lambda: list_seeds("many"), "seeds is 'many'; it must be a whole number of at least 1"),
    "seeds: part": (lambda: list_seeds(2.5), "seeds is 2.5; it must be a whole number"),
    "seeds: yes": (lambda: list_seeds(True), "seeds is True"),
    "seeds: none": (lambda: list_seeds(None), "seeds is None"),
    "seeds: minus": (lambda: list_seeds(-2), "seeds is -2"),
    "seed: part": (lambda: list_seeds([1.5]), "a seed is 1.5; it must be a whole number from 0 to"),
    "seed: text": (lambda: list_seeds(["1"]), "a seed is '1'"),
    "seed: nan": (lambda: list_seeds([np.nan]), "a seed is nan"),
    "seed: huge": (lambda: list_seeds([2**63]), "a seed is 9223372036854775808"),
    "start: minus": (lambda: start_simulation(BOARD, -1), "seed is -1; it must be a whole number from 0 to"),
    "start: huge": (lambda: start_simulation(BOARD, 2**64), "seed is 18446744073709551616"),
    "start: text": (lambda: start_simulation(BOARD, "x"), "seed is 'x'"),
    "start: name": (
        lambda: start_simulation("schelling", 1),
        "'schelling' is no scenario; segsim.load_scenario",
    ),
    "simulate: minus": (
        lambda: run_simulation(BOARD, 1, -1),
        "years is -1; it must be a whole number of at least 0",
    ),
    "run: names": (lambda: run([BOARD, 7], 1), "7 is no scenario"),
    "run: nothing": (lambda: run([], 1), "there is no scenario to run"),
    "run: none": (lambda: run(None, 1), "None is no scenario"),
    "run: years": (lambda: run(BOARD, 1, 1.5), "years is 1.5"),
    "run: one": (lambda: run(BOARD, 1, measures="isolatoin"), 'nothing measures "isolatoin"'),
    "run: measure": (
        lambda: run(BOARD, 1, measures=("isolatoin",)),
        'measures "isolatoin".* did you mean "isolation"',
    ),
    "run: plan": (lambda: plan_scenarios([BOARD], (1,), 1, ("Dx",)), 'nothing measures "Dx"'),
    "jobs: none": (lambda: Execution(jobs=0), "jobs is 0; it must be a whole number of at least 1"),
    "jobs: text": (lambda: Execution(jobs="x"), "jobs is 'x'"),
    "overrides: list": (lambda: load_scenario(TOWN, ["years"]), NOT_DOTTED),
    "overrides: text": (lambda: load_scenario(TOWN, "years=5"), NOT_DOTTED),
    "overrides: number": (lambda: load_scenario(TOWN, {5: 5}), NOT_DOTTED),
    "overrides: later": (lambda: BOARD.override({5: 5}), NOT_DOTTED),
    "save: city": (lambda: save_simulation(City(BOARD, seed=1), "x"), "a City is no simulation"),
    "save: frame": (lambda: save_simulation(SimpleNamespace(), "x"), "a SimpleNamespace is no simulation"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_argument__is_refused_in_one_sentence(name: str) -> None:
    call, says = WRONG[name]
    with pytest.raises(ArgumentError, match=says) as caught:
        call()
    assert f"{caught.value:sv}" != str(caught.value)
    assert len(caught.value.lines) == 1


def test_whole_numbers_of_numpy__are_whole_numbers() -> None:
    assert list_seeds(np.int64(2)) == (1, 2)
    assert list_seeds(np.arange(3, 5)) == (3, 4)
    assert check_whole_number("x", np.uint8(7), 0, 7) == 7


def test_results_that_are_no_folder__are_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultsError, match=r"file/plan\.json: cannot be read \(not a directory\)") as caught:
        open_runs(tmp_path / "file")
    assert "en del av sökvägen är ingen mapp" in f"{caught.value:sv}"


def test_comparison__refuses_what_it_does_not_hold() -> None:
    mixed = load_scenario("mixed_tenure", {"years": 1}, city=TOWN)
    comparison = compare(mixed, 2, primary="D/background/area", executor="serial")
    (series,) = comparison.primary
    assert series == Series("D", "background", "area", "")
    with pytest.raises(ArgumentError, match='no scenario "mixed" was compared; did you mean "mixed_tenure"'):
        comparison.per_seed("mixed", series)
    with pytest.raises(ArgumentError, match="'D' is no Series"):
        comparison.tipping("mixed_tenure", "D", 0.4)
    with pytest.raises(ArgumentError, match="was not measured then"):
        comparison.tipping("mixed_tenure", series, 0.4, 1999)
    assert np.isnan(comparison.per_seed("mixed_tenure", series, 1999)).all()

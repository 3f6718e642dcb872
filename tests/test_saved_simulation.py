"""A simulation saved and loaded goes on as if it had never been; files that cannot are refused by name."""

import hashlib
import pickle
import zlib
from pathlib import Path

import pandas as pd
import pytest

from segsim import load_scenario
from segsim.errors import ResultsError, ScenarioError
from segsim.runs import load_simulation, save_simulation
from segsim.scenario import Scenario
from segsim.simulation import AnySimulation, start_simulation

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
OWN = "preferences.housing.own_group"
WANTED = "preferences.housing.one_at_a_time.utility.threshold"
BUILDING = """\
policies:
  - new_construction: {from: 2024, dwellings_per_year: 30, areas: {weakest: 0.4}}
"""


def advance(simulation: AnySimulation, steps: int) -> None:
    for _ in range(steps):
        simulation.step()


def list_bytes(simulation: AnySimulation) -> list[bytes]:
    """Return every column of the tables."""
    return [column.tobytes() for table in vars(simulation.state.tables).values() for column in table]


def like_neighbours(simulation: AnySimulation) -> float:
    """Share of like neighbours at the latest step."""
    frame = simulation.rows()
    of_all = (frame["measure"] == "like_neighbours") & (frame["grouping"] == "origin")
    return float(frame.loc[of_all, "value"].iloc[-1])


def save_and_load(simulation: AnySimulation, folder: Path) -> AnySimulation:
    save_simulation(simulation, folder / "city.saved")
    return load_simulation(folder / "city.saved")


def write_head(simulation: AnySimulation, file: Path, old: bytes, new: bytes) -> None:
    """Save a simulation with something else in its first line, the digest right."""
    save_simulation(simulation, file)
    first, _, held = file.read_bytes().partition(b"\n")
    words, _, head = first.partition(b" {")
    body = b"{" + head.replace(old, new) + b"\n" + held
    file.write_bytes(
        words[: len(b"segsim simulation ")] + hashlib.sha256(body).hexdigest().encode() + b" " + body
    )


@pytest.fixture(scope="module")
def board() -> AnySimulation:
    return start_simulation(load_scenario("schelling", {"years": 6}), 3)


def test_town__goes_on_as_if_never_saved(tmp_path: Path) -> None:
    file = tmp_path / "building.yaml"
    file.write_text(f"extends: {TOWN}\n{BUILDING}")
    simulation = start_simulation(load_scenario(file), 3)
    advance(simulation, 2)  # the policy has begun, on the city as it was
    loaded = save_and_load(simulation, tmp_path)
    advance(simulation, 2)
    advance(loaded, 2)
    assert loaded.year == 2026
    pd.testing.assert_frame_equal(loaded.rows(), simulation.rows(), check_exact=True)
    assert list_bytes(loaded) == list_bytes(simulation)


@pytest.mark.parametrize(
    "name",
    [
        "schelling",  # the fast way, which looks into the board through views
        "netlogo_segregation",  # the same in a larger neighbourhood
        "hatna_benenson",  # tastes that differ
        "pancs_vriend",  # a utility that falls past its peak
        "grauwin",  # blocks as neighbourhoods
        "schelling_line",
        "sage_flache",  # homes, then schools
        "ruloweb",  # schools with lots and seats
    ],
)
def test_board__goes_on_as_if_never_saved(name: str, tmp_path: Path) -> None:
    simulation = start_simulation(load_scenario(name), 3)
    advance(simulation, 2)
    loaded = save_and_load(simulation, tmp_path)
    advance(simulation, 4)
    advance(loaded, 4)
    pd.testing.assert_frame_equal(loaded.rows(), simulation.rows(), check_exact=True)
    assert list_bytes(loaded) == list_bytes(simulation)


def test_branch_of_a_saved_board__is_the_scenario_with_the_change(tmp_path: Path) -> None:
    """Nobody moves while everybody is satisfied with anything; then half like oneself is wanted."""
    settings = {WANTED: 0.0, "preferences.housing.one_at_a_time.stop": "never"}
    simulation = start_simulation(load_scenario("schelling", settings), 3)
    advance(simulation, 3)
    branch = save_and_load(simulation, tmp_path).branch({WANTED: 0.5})
    other = start_simulation(Scenario.model_validate_json(branch.recipe.model_dump_json()), 3)
    advance(simulation, 5)
    advance(branch, 5)
    advance(other, 8)
    pd.testing.assert_frame_equal(branch.rows(), other.rows(), check_exact=True)
    assert like_neighbours(simulation) < 0.6 < like_neighbours(branch)


def test_branch_of_a_saved_town__has_the_years_before(tmp_path: Path) -> None:
    simulation = start_simulation(load_scenario(TOWN), 3)
    advance(simulation, 1)
    branch = save_and_load(simulation, tmp_path).branch({OWN: 9.0})
    other = start_simulation(branch.recipe, 3)
    advance(branch, 1)
    advance(other, 2)
    pd.testing.assert_frame_equal(branch.rows(), other.rows(), check_exact=True)


def test_branch_of_a_board__of_something_else_is_refused(board: AnySimulation) -> None:
    for key, value in {"city.grid.rows": 9, "policies": (), "rules": {}, "rulesx.housing": 1, 5: 5}.items():
        with pytest.raises(ScenarioError, match=rf"^{key}: a branch changes what is under rules"):
            board.branch({key: value})
    with pytest.raises(ScenarioError, match="threshold"):
        board.branch({WANTED.replace("threshold", "treshold"): 0.5})
    with pytest.raises(ScenarioError, match="does nothing on a grid"):
        board.branch({OWN: 2.0})


def test_saved_file__says_what_it_is_and_by_what(board: AnySimulation, tmp_path: Path) -> None:
    save_simulation(board, tmp_path / "b.saved")
    first = (tmp_path / "b.saved").read_bytes().split(b"\n")[0].decode()
    assert first.startswith("segsim simulation ")
    for part in ('"scenario": "schelling"', f'"year": {board.year}', '"numpy": "', '"code": "'):
        assert part in first


@pytest.mark.parametrize(
    ("spoil", "says", "swedish"),
    [
        (lambda content: content[:-5], "damaged or cut short", "skadad eller avklippt"),
        (lambda content: content[:3000] + b"x" + content[3001:], "damaged or cut short", "skadad"),
        (lambda content: content.replace(b'"year": ', b'"year": 1', 1), "damaged", "skadad"),
        (lambda content: b"segsim simulation", "damaged", "skadad"),
        (lambda content: b"", "is no saved simulation", "är ingen sparad simulering"),
        (lambda content: b"year,value\n", "is no saved simulation", "är ingen sparad simulering"),
    ],
)
def test_damaged_files__are_refused_by_name(board, spoil, says, swedish, tmp_path: Path) -> None:
    file = tmp_path / "city.saved"
    save_simulation(board, file)
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(ResultsError, match=rf"city\.saved: .*{says}") as caught:
        load_simulation(file)
    assert swedish in f"{caught.value:sv}"


def test_file_that_is_not_there__is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"none\.saved: cannot be read"):
        load_simulation(tmp_path / "none.saved")
    with pytest.raises(ResultsError, match="cannot be read"):
        load_simulation(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b'"numpy": "', b'"numpy": "1.', r"saved by numpy 1\..* \(here "),
        (b'"python": "', b'"python": "2.', r"saved by python 2\..* \(here "),
        (b'"scipy"', b'"scapy"', r"saved by scipy \? \(here "),
        (b'"code": "', b'"code": "0', "saved by other code of the model"),
    ],
)
def test_other_versions__are_refused_by_name(board, old, new, says, tmp_path: Path) -> None:
    write_head(board, tmp_path / "city.saved", old, new)
    with pytest.raises(ResultsError, match=rf"city\.saved: was {says}"):
        load_simulation(tmp_path / "city.saved")


class _Harm:
    def __init__(self, call: object, *what: object) -> None:
        self.call, self.what = call, what

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call, self.what


@pytest.mark.parametrize("call", [exec, Path.unlink, load_scenario, zlib.compress])
def test_file_that_would_call_something__is_refused(board, call, monkeypatch, tmp_path: Path) -> None:
    file = tmp_path / "city.saved"
    harm = pickle.dumps(_Harm(call, "raise SystemError"))
    monkeypatch.setattr("segsim.runs.store.saved_simulation.pickle.dumps", lambda *_, **__: harm)
    save_simulation(board, file)
    with pytest.raises(ResultsError, match="holds more than a simulation"):
        load_simulation(file)

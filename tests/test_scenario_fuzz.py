"""Whatever a file holds, reading it ends in a scenario or in one ScenarioError with a line."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segsim.errors import ScenarioError
from segsim.scenario import load_scenario
from segsim.scenario.merging import lies_in, merge_documents
from segsim.scenario.reading import Document, Keys, Origin, read_document
from segsim.scenario.schema import validate_scenario

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
PLAN = (Path(__file__).parents[1] / "scenarios" / "mixed_tenure.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the test town, as the city a scenario extends."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "growing_sodertalje.yaml").write_bytes(TOWN.read_bytes())
    return folder


def loads_or_tells(folder: Path, content: bytes) -> None:
    path = folder / "fuzzed.yaml"
    path.write_bytes(content)
    said = ""
    try:
        load_scenario(path)
    except ScenarioError as error:
        said, swedish = f"{error}", f"{error:sv}"
        assert all(".yaml:" in line for line in swedish.splitlines()), swedish
    assert all(".yaml:" in line for line in said.splitlines()), said


@given(content=st.binary(max_size=60))
def test_any_bytes__load_or_tell(folder: Path, content: bytes) -> None:
    loads_or_tells(folder, content)


@given(
    place=st.integers(0, len(PLAN)),
    length=st.integers(0, 12),
    new=st.text(st.sampled_from("\t :-[]{}\"'#&*!|>%@`,0a~\n\r\0é.\u2028"), max_size=6),
)
def test_any_slip_of_the_pen__loads_or_tells(folder: Path, place: int, length: int, new: str) -> None:
    loads_or_tells(folder, (PLAN[:place] + new + PLAN[place + length :]).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x1b[2J"])
@pytest.mark.parametrize("line", ["extends: a{}b", "extends: town\nlab{}el_en: x"])
def test_what_breaks_lines_in_names__is_told_as_its_code(tmp_path: Path, mark: str, line: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(line.format(mark), "utf-8")
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    assert len(str(error.value).splitlines()) == 1
    assert "\x1b" not in str(error.value)


NUMBERS: list[Any] = [True, -1, 0, 10**30, 1.5]
JUNK: list[Any] = [None, *NUMBERS, "", "all", "a b", (), (1,), ("x", None), {}, {"a": 1}, ({"a": {}},)]


def ways(value: Any, keys: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    return [keys] * bool(keys) + [way for key, v in inner for way in ways(v, (*keys, key))]


def replaced(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    """Return a value in which what lies at the end of a way is replaced."""
    if not way:
        return new
    if isinstance(value, tuple):
        return tuple(replaced(v, way[1:], new) if i == way[0] else v for i, v in enumerate(value))
    return {key: replaced(v, way[1:], new) if key == way[0] else v for key, v in value.items()}


@given(data=st.data(), new=st.sampled_from(JUNK))
def test_any_value_of_the_wrong_kind__loads_or_tells(folder: Path, data: st.DataObject, new: Any) -> None:
    (folder / "plan.yaml").write_text(PLAN, "utf-8")
    town, plan = read_document(folder / "growing_sodertalje.yaml"), read_document(folder / "plan.yaml")
    document = merge_documents(town, plan)
    way = data.draw(st.sampled_from(ways(document.values)))
    values = replaced(copy.deepcopy(document.values), way, new)
    said = ".yaml:"
    try:
        validate_scenario(Document(values, document.origins), "fuzzed", {}, None)
    except ScenarioError as error:
        said = str(error)
    assert ".yaml:" in said


def test_thousands_of_keys__take_no_longer_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key of parent and child is looked at once, to see whether it is replaced."""
    looked: list[Keys] = []
    monkeypatch.setattr(
        "segsim.scenario.merging.lies_in", lambda keys, places: looked.append(keys) or lies_in(keys, places)
    )
    below, above = (
        Document({f"k{i}": 1 for i in numbers}, {(f"k{i}",): Origin(file, i) for i in numbers})
        for file, numbers in (("parent", range(3000)), ("child", range(1000, 5000)))
    )
    document = merge_documents(below, above)
    assert len(looked) == 7000
    assert document.origin(("k999",)) == Origin("parent", 999)
    assert document.origin(("k1000",)) == Origin("child", 1000)
    assert len(document.values) == 5000

"""From the name of a scenario to a Scenario: find the file, read it, lay it over its parent, check it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from segsim.errors import ScenarioError
from segsim.scenario.board.checks import board_problems
from segsim.scenario.messages import did_you_mean, dotted, listed, validated
from segsim.scenario.reading import Document, Keys, Origin, read_document, refuse, shown
from segsim.scenario.schema import Scenario
from segsim.scenario.source import CITY_SOURCES

SUFFIXES = (".yaml", ".yml")


def load_scenario(scenario: str | Path, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    scenario : str or Path
        A file, or the name of one in `scenarios/` of the current directory or among those of segsim.
    overrides : mapping of str to value, optional
        Values that take the place of the file's, by their dotted keys, such as
        `{"preferences.housing.own_group": 2.0, "policies.new_construction.dwellings_per_year": 100}`.
        They go into the baseline too, except those of policies.

    Returns
    -------
    Scenario
        Frozen and checked.

    Raises
    ------
    ScenarioError
        With everything that is wrong at once, each with file, line, key and remedy.
    """
    path = find(str(scenario), None, "")
    overrides = dict(overrides or {})
    child = read_document(path)
    if child.values.get("extends") is None:
        return made(child, path, overrides, None)
    parent_path, parent = read_parent(child, path)
    baseline = made(copy_of(parent), parent_path, without_policies(overrides), None)
    return made(merged(parent, child), path, overrides, baseline)


def made(document: Document, path: Path, overrides: Mapping[str, Any], parent: Scenario | None) -> Scenario:
    """Return the checked scenario of a document."""
    if "name" in document.values:
        where = document.origin(("name",))
        raise ScenarioError(
            f'{where}: unknown key "name"; a scenario is named by its file; did you mean "label_en"?'
        )
    return checked(document, path.stem, overrides, parent)


def overridden(scenario: Scenario, overrides: Mapping[str, Any]) -> Scenario:
    """Return a scenario with other values at some dotted keys, its baseline likewise but for policies."""
    values = scenario.model_dump(by_alias=True)
    values["policies"] = tuple({policy.pop("kind"): policy} for policy in values["policies"])
    document = Document(values, dict(scenario._origins))
    parent, shared = scenario._parent, without_policies(overrides)
    if parent is not None and shared:
        parent = overridden(parent, shared)
    return checked(document, scenario.name, overrides, parent)


def checked(document: Document, name: str, overrides: Mapping[str, Any], parent: Scenario | None) -> Scenario:
    """Return the scenario of a document with some values overridden."""
    for key, value in overrides.items():
        override(document, key, value)
    document.values["name"] = name
    scenario = validated(Scenario, document)
    scenario._parent = parent
    scenario._origins = document.origins
    refuse(board_problems(scenario))
    return scenario


def without_policies(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the overrides that a baseline shares with the scenario."""
    return {key: value for key, value in overrides.items() if key.split(".")[0] != "policies"}


def read_parent(child: Document, path: Path) -> tuple[Path, Document]:
    """Return the file a document extends, and what it says."""
    where = child.origin(("extends",))
    name = child.values["extends"]
    if not isinstance(name, str) or not name.strip():
        raise ScenarioError(f"{where}: extends: must be the name of one scenario")
    parent_path = find(name, path.resolve().parent, f"{where}: extends: ")
    if parent_path.resolve() == path.resolve():
        raise ScenarioError(
            f"{where}: extends: a scenario cannot extend itself; name another, or rename this file"
        )
    parent = read_document(parent_path)
    grandparent = parent.values.get("extends")
    if isinstance(grandparent, str) and grandparent:
        raise ScenarioError(f"{where}: extends: {chain_problem(path, name, parent_path, grandparent)}")
    return parent_path, parent


def chain_problem(path: Path, name: str, parent_path: Path, grandparent: str) -> str:
    """Say why a parent that extends something itself is refused."""
    back = any(
        candidate.resolve() == path.resolve()
        for candidate in places(grandparent, parent_path.resolve().parent)
    )
    if back:
        return f'"{name}" extends this scenario in turn, a circle; remove one of the two'
    return (
        f'"{name}" itself extends "{grandparent}"; a scenario extends one city, never a chain: '
        f'extend "{grandparent}"'
    )


def folders(beside: Path | None) -> list[Path]:
    """Return the folders in which a name is looked up, in order."""
    package = Path(__file__).resolve().parents[1]
    known = [beside, Path.cwd() / "scenarios", package.parent / "scenarios", package / "scenarios"]
    return [folder for folder in known if folder is not None and folder.is_dir()]


def places(name: str, beside: Path | None) -> Iterator[Path]:
    """Yield where a scenario may be, nearest first."""
    if is_path(name):
        written = (beside or Path()) / Path(name).expanduser()
        yield from (written, *(written.with_name(f"{written.name}{suffix}") for suffix in SUFFIXES))
        return
    for folder in folders(beside):
        for suffix in SUFFIXES:
            yield folder / f"{name}{suffix}"


def is_path(name: str) -> bool:
    """Tell whether a scenario is named by where its file is."""
    return name.endswith(SUFFIXES) or "/" in name or "\\" in name


def find(name: str, beside: Path | None, where: str) -> Path:
    """Return the file of a scenario by path or name, or say where it was looked for and what is near."""
    for path in places(name, beside):
        if path.is_file():
            return path
        if path.is_dir():
            raise ScenarioError(f"{where}{shown(path)} is a folder; name a scenario file in it")
    known = known_scenarios(beside)
    if is_path(name):
        raise ScenarioError(f'{where}there is no scenario file "{name}"{near_file(name, beside, known)}')
    near = did_you_mean(name, known) or (f"; known: {listed(sorted(known))}" if known else "")
    raise ScenarioError(f'{where}there is no scenario "{name}"{near}')


def near_file(name: str, beside: Path | None, known: Iterable[str]) -> str:
    """Return where a file was looked for, and which file there, or which scenario by name, is meant."""
    path = ((beside or Path()) / Path(name).expanduser()).absolute()
    there = [file.stem for suffix in SUFFIXES for file in path.parent.glob(f"*{suffix}")]
    meant = did_you_mean(path.stem, [path.stem] if path.stem in known else there)
    return f" (looked for {path}){meant}"


def known_scenarios(beside: Path | None = None) -> dict[str, Path]:
    """Return the scenarios that can be called by name, and their files."""
    found: dict[str, Path] = {}
    for folder in folders(beside):
        for suffix in SUFFIXES:
            for path in sorted(folder.glob(f"*{suffix}")):
                found.setdefault(path.stem, path)
    return found


def copy_of(document: Document) -> Document:
    """Return a document whose mappings can be changed without changing the first."""
    return Document(copied(document.values), dict(document.origins))


def copied(value: Any) -> Any:
    """Return a value with mappings of its own."""
    return {key: copied(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def merged(parent: Document, child: Document) -> Document:
    """Lay a child over its parent: mappings key by key, all else replaced; policies are the child's alone."""
    document = copy_of(parent)
    for key in ("policies", "label_en", "label_sv", "summary", "summary_sv", "rationale"):
        drop(document, (key,))
    lay(document, document.values, child, child.values, ())
    document.origins[()] = child.origin(())
    return document


def lay(
    document: Document, below: dict[str, Any], child: Document, above: dict[str, Any], keys: Keys
) -> None:
    """Lay the values of one mapping over those of another."""
    if keys == ("city",):
        make_way(below, [source for source in CITY_SOURCES if source in above])
    for key, value in above.items():
        here: Keys = (*keys, key)
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            document.origins[here] = child.origin(here)
            lay(document, below[key], child, value, here)
        else:
            drop_origins(document, here)
            document.origins |= {k: v for k, v in child.origins.items() if k[: len(here)] == here}
            below[key] = copied(value)


def make_way(city: dict[str, Any], sources: list[str]) -> None:
    """Remove the sources of a city that a new source replaces."""
    for source in CITY_SOURCES:
        if sources and source not in sources:
            city.pop(source, None)


def drop(document: Document, keys: Keys) -> None:
    """Remove a top-level value and where it was written."""
    document.values.pop(str(keys[0]), None)
    drop_origins(document, keys)


def drop_origins(document: Document, keys: Keys) -> None:
    """Forget where a value and all it holds were written."""
    for known in [k for k in document.origins if k[: len(keys)] == keys]:
        del document.origins[known]


def override(document: Document, key: str, value: Any) -> None:
    """Put a value in the place of what the file says."""
    origin = Origin(f'override "{key}"', 0)
    keys: list[str | int] = []
    holder: Any = document.values
    *way, last = key.split(".")
    for step in way:
        if len(keys) == 3 and keys[0] == "policies" and keys[2] == step:
            continue
        holder, inner = step_into(document, holder, step, origin, keys)
        keys += inner
    if isinstance(holder, tuple):
        raise ScenarioError(
            f"{origin}: {dotted(keys)} is a list; override it whole, or a value inside an item"
        )
    if keys == ["city"]:
        make_way(holder, [last] if last in CITY_SOURCES else [])
    drop_origins(document, (*keys, last))
    document.origins[*keys, last] = origin
    holder[last] = frozen(value)


def step_into(
    document: Document, holder: Any, step: str, origin: Origin, keys: list[str | int]
) -> tuple[Any, Keys]:
    """Return the mapping one step further in, made if need be, and the keys that lead to it."""
    if isinstance(holder, tuple):
        return item_of(holder, step, origin, keys)
    if not isinstance(holder.get(step), dict | tuple):
        if holder.get(step) is not None:
            raise ScenarioError(
                f"{origin}: {dotted([*keys, step])} is {holder[step]!r}, which has no keys of its own"
            )
        holder[step] = {}
        document.origins.setdefault((*keys, step), origin)
    return holder[step], (step,)


def item_of(holder: tuple[Any, ...], step: str, origin: Origin, keys: list[str | int]) -> tuple[Any, Keys]:
    """Return an item of a list, by number or, for policies, by name."""
    if step.isdigit() and int(step) < len(holder):
        return numbered(holder[int(step)], int(step), origin, keys)
    for i, item in enumerate(holder):
        if isinstance(item, dict) and isinstance(item.get(step), dict):
            return item[step], (i, step)
    names = [str(name) for item in holder if isinstance(item, dict) for name in item]
    raise ScenarioError(
        f'{origin}: {dotted(keys)} has no "{step}"; '
        f"there is {listed(names) or 'nothing'}{did_you_mean(step, names)}"
    )


def numbered(item: Any, number: int, origin: Origin, keys: list[str | int]) -> tuple[Any, Keys]:
    """Return an item of a list; of a policy its settings, so that its name need not be repeated."""
    if not isinstance(item, dict):
        where = dotted([*keys, number])
        raise ScenarioError(f"{origin}: {where} has no keys of its own; override the whole list")
    if keys == ["policies"] and len(item) == 1:
        kind, settings = next(iter(item.items()))
        return (settings, (number, kind)) if isinstance(settings, dict) else (item, (number,))
    return item, (number,)


def frozen(value: Any) -> Any:
    """Return a value with tuples for lists, as a file would give it."""
    if isinstance(value, Mapping):
        return {str(key): frozen(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return tuple(frozen(inner) for inner in value)
    return value.item() if hasattr(value, "item") else value

"""Own parts that a scenario file names by module and name: found beside it and put into the document."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from segsim.errors import ScenarioError, SegsimError
from segsim.own import OwnPart, find_part
from segsim.own.measures import read_mark
from segsim.own.part import merge_parts
from segsim.policies import POLICIES, load_policy
from segsim.scenario.policies.programme_parts import HERE, move_origins, read_kind
from segsim.scenario.reading import Document, Keys


def adopt_own_parts(document: Document, folder: Path) -> None:
    """Put the source of the own parts that a document names into it.

    A policy is named by module and class where others are named by their kind, `- levers.CarFreeCentre:`, a
    measure under `measures: own:`.

    Raises
    ------
    ScenarioError
        If there is no such part, it does not say what it must, or own code may not be run.
    """
    if "own" in document.values:
        where = document.origin(("own",))
        raise ScenarioError(
            f"{where}: own: is written by segsim, never by hand; name your part where it is used",
            f"{where}: own: skrivs av segsim, aldrig för hand; nämn din del där den används",
        )
    parts = [*adopt_policies(document, folder), *_adopt_measures(document, folder)]
    if parts:
        document.values["own"] = write_parts(parts)


def write_parts(parts: list[OwnPart]) -> tuple[dict[str, Any], ...]:
    """Return parts as a document holds them."""
    return tuple(part.model_dump() for part in merge_parts(parts))


def join_parts(above: Document, *below: Document) -> None:
    """Give a document the own parts of others too, its own in their place where both have one."""
    parts = [OwnPart.model_validate(part) for d in (*below, above) for part in d.values.get("own", ())]
    if parts:
        above.values["own"] = write_parts(parts)


def adopt_policies(document: Document, folder: Path) -> Iterator[OwnPart]:
    """Give the own policies of a document the names they have in segsim; yield their sources."""
    programme = document.values.get("programme")
    holders: list[tuple[Keys, dict[str, Any]]] = [(("policies",), document.values)]
    if isinstance(programme, dict):
        holders.append((HERE, programme))
    for keys, holder in holders:
        items = holder.get("policies")
        if not isinstance(items, tuple):
            continue
        adopted = list(items)
        for i, item in enumerate(items):
            path = read_kind(item)
            if path is not None and "." in path:
                part, kind = adopt_policy(path, folder, str(document.origin((*keys, i))))
                adopted[i] = {kind: item[path] if isinstance(item, dict) else {}}
                move_origins(document, (*keys, i, path), (*keys, i, kind))
                yield part
        holder["policies"] = tuple(adopted)


def adopt_policy(path: str, folder: Path, where: str) -> tuple[OwnPart, str]:
    """Return the source and the kind of the policy that a file names by module and class."""
    part = _tell(where, path, lambda: find_part("policy", path, folder))
    return part, _tell(where, path, lambda: load_policy(part, POLICIES)).KIND


def _adopt_measures(document: Document, folder: Path) -> Iterator[OwnPart]:
    """Yield the sources of the measures of one's own that a document names."""
    measures = document.values.get("measures")
    names = measures.get("own") if isinstance(measures, dict) else None
    for i, name in enumerate(names if isinstance(names, tuple) else ()):
        if isinstance(name, str):
            where = str(document.origin(("measures", "own", i)))
            part = _tell(where, name, lambda name=name: find_part("measure", name, folder))  # type: ignore[misc]
            _tell(where, name, lambda part=part: read_mark(part.load()))  # type: ignore[misc]
            yield part


def _tell(where: str, path: str, find: Callable[[], Any]) -> Any:
    """Return what is found, or say where in the file the trouble is."""
    try:
        return find()
    except SegsimError as error:
        lines = [(f"{where}: {path}: {line}", f"{where}: {path}: {line:sv}") for line in error.lines]
        raise ScenarioError(*("\n".join(texts) for texts in zip(*lines, strict=True))) from error

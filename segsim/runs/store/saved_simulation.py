"""A simulation on disk: a city or board as it has become, from which to go on another day."""

import hashlib
import io
import json
import pickle
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segsim.errors import ArgumentError, ResultsError, tell_reason
from segsim.runs.provenance import code_hash, versions
from segsim.runs.store.store import write_whole
from segsim.words.text import Text

if TYPE_CHECKING:
    from segsim.simulation import AnySimulation

_FIRST_WORDS = b"segsim simulation"
_OF_NUMPY = {
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy", "record"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
}
"""What arrays are made with again."""


def save_simulation(simulation: "AnySimulation", file: str | Path) -> None:
    """Save a simulation as it is now.

    Its first line says, as JSON, what it is and by which versions it was made. What is loaded again goes on
    as if it had never been saved, to the last byte.

    Parameters
    ----------
    simulation : Simulation or BoardSimulation
        Such as `start_simulation` gives, or `City.simulation`.
    file : path
        Where to; what is there is written over.

    Raises
    ------
    ResultsError
        If the file cannot be written, or the scenario has parts of one's own.
    ArgumentError
        If it is something else, such as the `City` around it.
    """
    if not type(simulation).__module__.startswith("segsim.simulation."):
        raise ArgumentError(
            f"a {type(simulation).__name__} is no simulation; a City has one, City.simulation",
            f"en {type(simulation).__name__} är ingen simulering; en City har en, City.simulation",
        )
    if simulation.recipe.own or simulation.recipe.list_functions():
        name = simulation.recipe.name
        raise ResultsError(
            f"{file}: {name} has parts of one's own, whose code a saved simulation does not hold; run it "
            "again from the start",
            f"{file}: {name} har egna delar, vars kod en sparad simulering inte rymmer; kör den igen från "
            "starten",
        )
    head = {"scenario": simulation.recipe.name, "year": simulation.year, **_describe_versions()}
    held = zlib.compress(pickle.dumps(simulation, protocol=5), level=1)
    body = json.dumps(head, ensure_ascii=False).encode() + b"\n" + held
    write_whole(Path(file), b" ".join((_FIRST_WORDS, hashlib.sha256(body).hexdigest().encode(), body)))


def load_simulation(file: str | Path) -> "AnySimulation":
    """Load a simulation that was saved.

    Nothing but tables and settings of segsim is read, so that a file of unknown origin does no harm.

    Raises
    ------
    ResultsError
        If the file cannot be read, is damaged or something else, or was saved by another version.
    """
    try:
        content = Path(file).read_bytes()
    except OSError as error:
        reason = tell_reason(error)
        raise ResultsError(
            f"{file}: cannot be read ({reason})", f"{file}: går inte att läsa ({reason:sv})"
        ) from error
    if not content.startswith(_FIRST_WORDS):
        raise ResultsError(
            f"{file}: is no saved simulation; save_simulation writes one",
            f"{file}: är ingen sparad simulering; save_simulation skriver en",
        )
    digest, _, body = content.removeprefix(_FIRST_WORDS).lstrip().partition(b" ")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise ResultsError(
            f"{file}: is damaged or cut short; save the simulation again",
            f"{file}: är skadad eller avklippt; spara simuleringen igen",
        )
    head, _, held = body.partition(b"\n")
    _refuse_other_versions(file, json.loads(head))
    try:
        simulation: AnySimulation = _SafeUnpickler(io.BytesIO(zlib.decompress(held))).load()
    except pickle.UnpicklingError as error:
        raise ResultsError(
            f"{file}: holds more than a simulation ({error}); do not use it",
            f"{file}: innehåller annat än en simulering ({error}); använd den inte",
        ) from error
    return simulation


class _SafeUnpickler(pickle.Unpickler):
    """Makes arrays and what segsim is made of again, and refuses everything else that a file might call."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _OF_NUMPY:
            return super().find_class(module, name)
        if module.split(".")[0] == "segsim" and "." not in name:
            thing = super().find_class(module, name)
            if isinstance(thing, type) and thing.__module__ == module:
                return thing
        raise pickle.UnpicklingError(f"{module}.{name}")


def _describe_versions() -> dict[str, Any]:
    """Return what must be the same for a simulation to go on: the model's code and what it stands on."""
    return {"code": code_hash(), "versions": {**versions(), "pydantic": version("pydantic")}}


def _refuse_other_versions(file: str | Path, head: dict[str, Any]) -> None:
    """Refuse what another version saved: it could not go on as it would have."""
    here = _describe_versions()
    theirs, ours = head["versions"], here["versions"]
    other = [name for name in ours if theirs.get(name) != ours[name]]
    if not other and head["code"] == here["code"]:
        return
    what = Text("other code of the model", "annan kod i modellen")
    if other:
        what = Text(
            ", ".join(f"{name} {theirs.get(name, '?')} (here {ours[name]})" for name in other),
            ", ".join(f"{name} {theirs.get(name, '?')} (här {ours[name]})" for name in other),
        )
    raise ResultsError(
        f"{file}: was saved by {what}; it might go on otherwise here, so save it anew, or have a scenario go "
        "on with `later:`",
        f"{file}: sparades av {what:sv}; den kan fortsätta annorlunda här, så spara om den, eller låt ett "
        "scenario fortsätta med `later:`",
    )

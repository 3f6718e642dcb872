"""An own part: a class or function with its source, so that it is the same wherever it is run."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

from segsim.errors import SegsimError, did_you_mean
from segsim.own.modules import digest_modules, find_text, gather_modules, read_module, rebuild_module
from segsim.own.permission import require_permission
from segsim.own.slicing import list_defined
from segsim.section import Section
from segsim.words.text import Text

Role = Literal["policy", "measure", "utility", "home_utility", "rule", "model"]


class OwnPart(Section, use_attribute_docstrings=True):
    """One own part, by its source.

    What it is made of travels with every scenario that uses it, is what is run in every process, and is what
    stored runs are known by: a change of the file after that changes neither.
    """

    role: Role
    """What it is: policy, measure, utility (on a board), home_utility (in a city), rule or model."""
    path: str
    """Where it stands, as `module:Name`."""
    modules: dict[str, str]
    """The statements it needs, by module."""

    @property
    def name_in_files(self) -> str:
        """Where it stands, as scenario files write it."""
        return self.path.replace(":", ".")

    @property
    def digest(self) -> str:
        """A hash of what it is and of what it is made of."""
        return digest_modules({**self.modules, "": self.path})

    def load(self) -> Any:
        """Return the class or function.

        Raises
        ------
        SegsimError
            If own code may not be run here, or fails when it is.
        """
        require_permission(self.path)
        module, name = self.path.split(":")
        made = getattr(rebuild_module(self.modules, module), name)
        _PARTS[made] = self
        return made


_PARTS: dict[Any, OwnPart] = {}
"""The parts that classes and functions made here are of, so that they can be given again as they are."""


def capture_part(role: Role, thing: Any) -> OwnPart:
    """Return an own class or function as a part, with its source.

    Raises
    ------
    SegsimError
        If it does not stand at the top of a file or a notebook cell, or its source cannot be read.
    """
    thing = getattr(thing, "py_func", thing)
    if isinstance(thing, str):
        raise SegsimError(
            f'"{thing}" is a text; give the class or function itself',
            f'"{thing}" är en text; ange klassen eller funktionen själv',
        )
    if thing in _PARTS:
        return _PARTS[thing]
    module, name = getattr(thing, "__module__", ""), getattr(thing, "__qualname__", "")
    text, folder = find_text(thing) if name.isidentifier() else ("", None)
    if not name or name not in list_defined(text):
        raise SegsimError(
            f"{name or thing}: must be a class or function with a name at the top of a file, so that it can "
            "be run in other processes and again later",
            f"{name or thing}: ska vara en klass eller funktion med namn överst i en fil, så att den kan "
            "köras i andra processer och igen senare",
        )
    return OwnPart(role=role, path=f"{module}:{name}", modules=gather_modules(module, name, text, folder))


def list_given(given: Any, kind: type | None = None) -> tuple[Any, ...]:
    """Return policies (of a kind) or functions that are given as a list, or one as it is.

    Raises
    ------
    SegsimError
        If it is neither.
    """
    if isinstance(given, kind) if kind else callable(given):
        return (given,)
    if isinstance(given, str) or not isinstance(given, Iterable):
        what = Text("policies", "åtgärder") if kind else Text("functions", "funktioner")
        raise SegsimError(
            f"{given!r:.60} is given where a list of {what} is taken, such as [...]",
            f"{given!r:.60} anges där en lista med {what:sv} tas emot, såsom [...]",
        )
    return tuple(given)


def find_part(role: Role, path: str, folder: Path) -> OwnPart:
    """Return the own part that a scenario file names by a dotted path, such as `levers.CarFreeCentre`.

    Parameters
    ----------
    role : str
    path : str
        Module and name.
    folder : Path
        That of the scenario file, where the module is looked for first.
    """
    require_permission(path)
    module, _, name = path.rpartition(".")
    text = read_module(module, folder)
    modules = gather_modules(module, name, text, folder)
    defined = list_defined(text)
    if name not in defined:
        near = did_you_mean(name, defined)
        raise SegsimError(f'{module}.py has no "{name}"{near}', f'{module}.py har ingen "{name}"{near:sv}')
    return OwnPart(role=role, path=f"{module}:{name}", modules=modules)


def is_own(thing: Callable[..., Any] | type) -> bool:
    """Tell whether a class or function does not come with segsim."""
    return str(getattr(thing, "__module__", "")).split(".")[0] != "segsim"


def find_origin(thing: Any) -> OwnPart | None:
    """Return the part that a class or function made here is of; None if it is of none."""
    return _PARTS.get(thing)


def merge_parts(*groups: Iterable[OwnPart]) -> tuple[OwnPart, ...]:
    """Return parts, of several that stand at the same place the last, which is how it is now."""
    parts = {(part.role, part.path): part for group in groups for part in group}
    return tuple(parts.values())

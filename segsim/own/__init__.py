"""A researcher's own parts, such as a policy: their source, and what they need."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segsim.own.measures import OwnIndex, OwnMeasure, index, measure
    from segsim.own.part import OwnPart, capture_part, find_origin, find_part

_HOMES = {
    "OwnIndex": "measures",
    "OwnMeasure": "measures",
    "OwnPart": "part",
    "capture_part": "part",
    "find_origin": "part",
    "find_part": "part",
    "index": "measures",
    "measure": "measures",
}

__all__ = [
    "OwnIndex",
    "OwnMeasure",
    "OwnPart",
    "capture_part",
    "find_origin",
    "find_part",
    "index",
    "measure",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the command line starts without NumPy."""
    if name in _HOMES:
        return getattr(import_module(f"segsim.own.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""segsim: how housing, schools and work make and keep a city segregated, and what a policy changes."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segsim.scenario import load_scenario

__version__ = "0.1.0"

_HOMES = {"load_scenario": "segsim.scenario"}

__all__ = ["__version__", "load_scenario"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing segsim takes no time."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])

"""segsim: how housing, schools and work make and keep a city segregated, and what a policy changes."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segsim import indices, matching
    from segsim.city import City
    from segsim.comparison import compare
    from segsim.runs import run
    from segsim.runs.sweeps.sweep import sweep
    from segsim.scenario import load_scenario

__version__ = "0.1.0"

_HOMES = {
    "City": "segsim.city",
    "compare": "segsim.comparison",
    "indices": "segsim.indices",
    "load_scenario": "segsim.scenario",
    "matching": "segsim.matching",
    "run": "segsim.runs",
    "sweep": "segsim.runs.sweeps.sweep",
}

__all__ = ["City", "__version__", "compare", "indices", "load_scenario", "matching", "run", "sweep"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing segsim takes no time."""
    if name in _HOMES:
        home = import_module(_HOMES[name])
        return home if name in ("indices", "matching") else getattr(home, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])

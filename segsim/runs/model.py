"""What runs ask of a scenario, and what makes rows of it; any model that keeps to this can be run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import Any, Protocol, Self, runtime_checkable

import pandas as pd

from segsim.errors import SegsimError
from segsim.own import OwnPart, capture_part
from segsim.own.part import is_own


@runtime_checkable
class Recipe(Protocol):
    """A description that fixes a run but for the seed, such as a `Scenario`."""

    @property
    def name(self) -> str:
        """What it is called in every row."""

    @property
    def years(self) -> int:
        """Simulated years unless the caller says otherwise."""

    @property
    def content_hash(self) -> str:
        """Hash of all that can change a result."""

    def override(self, overrides: Mapping[str, Any]) -> Self:
        """Return the recipe with the values at some dotted keys replaced."""

    def model_dump_json(self) -> str:
        """Return all of it as JSON."""


Model = Callable[[Any, int, int], pd.DataFrame]
"""Makes the rows of one run: recipe, seed, years -> year, measure, grouping, level, unit, value."""


def city_rows(scenario: Any, seed: int, years: int) -> pd.DataFrame:
    """Run a city for some years and return its rows, the start included."""
    from segsim.simulation import run_simulation

    return run_simulation(scenario, seed, years)


@dataclass(frozen=True)
class OwnModel:
    """A model function of one's own, by its source: stored runs are known by what any process runs."""

    part: OwnPart

    def __call__(self, recipe: Any, seed: int, years: int) -> pd.DataFrame:
        """Return the rows of one run."""
        rows: pd.DataFrame = self.part.load()(recipe, seed, years)
        return rows


def adopt_model(model: Model) -> Model:
    """Return a model, one that does not come with segsim by its source.

    Raises
    ------
    SegsimError
        If its source cannot be read, cannot be run on its own, or is no function of three arguments.
    """
    if isinstance(model, OwnModel) or not is_own(model):
        return model
    own = OwnModel(capture_part("model", model))
    made = own.part.load()  # here, so that what cannot be run anywhere else is told before anything runs
    if isinstance(made, type) or not takes_three(made):
        name = own.part.name_in_files
        raise SegsimError(
            f"{name}: must be a function of scenario, seed and years",
            f"{name}: ska vara en funktion av scenario, seed och years",
        )
    return own


def takes_three(function: Callable[..., Any]) -> bool:
    """Tell whether a function can be called with three arguments."""
    try:
        signature(function).bind(None, None, None)
    except TypeError:
        return False
    return True


def import_path(thing: Any) -> str:
    """Return where a function or class can be imported from, as "module:name"."""
    return thing.part.path if isinstance(thing, OwnModel) else f"{thing.__module__}:{thing.__qualname__}"


def import_object(path: str) -> Any:
    """Return the function or class at "module:name"."""
    module, name = path.split(":")
    return getattr(import_module(module), name)

"""Experiment files: a base scenario, the keys to vary, a design, and how results are judged."""

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, field_validator, model_validator

from segsim.catalogue import MEASURES
from segsim.policies import Policy
from segsim.scenario.experiment.design import (
    AnyDesign,
)
from segsim.scenario.experiment.factor import Factor
from segsim.scenario.reading import Document
from segsim.scenario.schema import Scenario
from segsim.section import RefusedValueError, Section, Title

CUTOFF = 3.0
"""Implausible beyond three standard deviations: they hold 95 % of any unimodal distribution."""


def _name_policy(item: Any) -> Any:
    """Turn the bare name of a policy into a mapping."""
    return {"kind": item} if isinstance(item, str) else item


Switch = Annotated[dict[str, Any], BeforeValidator(_name_policy)]
"""A policy as a scenario file writes it, checked against the scenario when the experiment is loaded."""


class Target(Section):
    """A figure that runs are held against, with how far off they may be.

    `use` keeps apart what a model is fitted to and what it is checked with afterwards.
    """

    name: Title = Field(min_length=1, description="What it is called in tables.")
    measure: str = Field(min_length=1)
    grouping: str = ""
    level: str = ""
    unit: str = ""
    year: int | None = Field(None, description="Empty means the last year.")
    value: float
    tolerance: float = Field(
        gt=0, description="One standard deviation of doubt: of the figure and of the model."
    )
    use: Literal["calibrate", "check"] = Field("calibrate", description="Fitted to, or only checked with.")
    source: str = Field("", description="Where the figure stands.")

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        measure = MEASURES.get(self.measure)
        if measure is not None and measure.unit in ("index", "share") and abs(self.value) > 1:
            raise RefusedValueError(
                f"{self.value:g} is out of range; {self.measure} is at most 1 (30 % is written 0.30)",
                f"{self.value:g} är utanför gränserna; {self.measure} är högst 1 (30 % skrivs 0.30)",
                ("value",),
            )
        return self

    def contradicts(self, other: "Target") -> bool:
        """Tell whether no value of one quantity could agree with both targets."""
        mine, others = ((t.measure, t.grouping, t.level, t.unit, t.year, t.use) for t in (self, other))
        doubt = CUTOFF * (self.tolerance + other.tolerance)
        return mine == others and abs(self.value - other.value) > doubt


class Experiment(Section):
    """What to run in numbers: a base scenario, factors, a design, seeds, and how results are judged."""

    name: str = Field(min_length=1, description="Name of the file without its ending.")
    summary: str = Field("", description="What the experiment asks.")
    scenario: str = Field(min_length=1, description="Base scenario, by name or path.")
    factors: dict[str, Factor] = Field(
        {}, description="Keys of the scenario to vary, with dots; with `together`, any name."
    )
    policies: tuple[Switch, ...] = Field((), description="Policies of a factorial design.")
    design: AnyDesign
    seeds: int | tuple[int, ...] = Field(20, description="How many seeds, or which.")
    years: int | None = Field(
        None, ge=0, le=10_000_000, description="Simulated years, or steps; empty means the scenario's."
    )
    measures: tuple[str, ...] = Field((), description="Measures to keep; empty keeps the scenario's.")
    baseline: bool = Field(
        False, description="Run the city without policies beside every point, paired by seed."
    )
    primary: tuple[str, ...] = Field(
        (), description="What the experiment is judged by, as D/background/area."
    )
    more_is_better: tuple[str, ...] = Field(
        (), description="Primary quantities to raise, such as employed; the others are to be lowered."
    )
    until: str = Field("", description="Add seeds until this precise, such as D:0.005.")
    tipping: dict[str, float] = Field(
        {}, description="Quantities that may tip, as {D/background/area: 0.45}: the share of runs above."
    )
    targets: tuple[Target, ...] = Field((), description="Figures to calibrate to and to check with.")

    _base: Scenario | None = PrivateAttr(None)
    _document: Document | None = PrivateAttr(None)

    @property
    def base(self) -> Scenario:
        """The base scenario, with the experiment's choice of measures."""
        if self._base is None:
            raise ValueError("an experiment is made by load_experiment")
        return self._base

    @field_validator("seeds")
    @classmethod
    def _check_seeds(cls, seeds: int | tuple[int, ...]) -> int | tuple[int, ...]:
        listed_seeds = seeds if isinstance(seeds, tuple) else ()
        if seeds == 0 or seeds == ():
            raise RefusedValueError(
                "there are no seeds; at least 1 is needed, 20 or more for intervals to be trusted",
                "det finns inga frön; minst 1 behövs, 20 eller fler för intervall att lita på",
            )
        if (isinstance(seeds, int) and seeds < 0) or any(seed < 0 for seed in listed_seeds):
            raise RefusedValueError(
                "a seed, and a number of seeds, cannot be negative",
                "ett frö, och ett antal frön, kan inte vara negativt",
            )
        if len(set(listed_seeds)) < len(listed_seeds):
            raise RefusedValueError(
                "a seed is listed twice; replicates must not share a seed",
                "ett frö står två gånger; upprepningar får inte dela frö",
            )
        return seeds

    @field_validator("targets")
    @classmethod
    def _check_target_names(cls, targets: tuple[Target, ...]) -> tuple[Target, ...]:
        names = [target.name for target in targets]
        if twice := [name for name in names if names.count(name) > 1]:
            raise RefusedValueError(f'two targets are called "{twice[0]}"', f'två mål heter "{twice[0]}"')
        for (_, one), (i, other) in combinations(enumerate(targets), 2):
            if one.contradicts(other):
                raise RefusedValueError(
                    f"{other.value:g} and {one.value:g} of {one.name} cannot both be met: they are of the "
                    f"same figure, further apart than {CUTOFF:g} times their tolerances; keep one, or "
                    "widen them",
                    f"{other.value:g} och {one.value:g} för {one.name} kan inte båda nås: de gäller samma "
                    f"siffra och skiljer mer än {CUTOFF:g} gånger sina toleranser; behåll en, eller vidga "
                    "dem",
                    (i, "value"),
                )
        return targets

    def __repr__(self) -> str:
        return f"<Experiment {self.name}: {self.design.kind} of {self.scenario}, {self.n_seeds} seeds>"

    __str__ = __repr__

    def add_own(
        self, policies: Iterable[Policy] = (), measures: Iterable[Callable[..., Any]] = ()
    ) -> "Experiment":
        """Return the experiment with more policies and own measures in its base scenario."""
        added = self.model_copy()
        added._base, added._document = self.base.add_own(policies, measures), self._document
        return added

    @property
    def n_seeds(self) -> int:
        """Number of seeds per point."""
        return self.seeds if isinstance(self.seeds, int) else len(self.seeds)

    def where(self, *keys: str | int) -> str:
        """Return `file:line` of a value of the file."""
        return str(self._document.origin(keys)) if self._document else self.name

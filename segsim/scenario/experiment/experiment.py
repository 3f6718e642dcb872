"""Experiment files: a base scenario, the keys to vary, a design, and how results are judged."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, field_validator

from segsim.errors import ScenarioError
from segsim.scenario.experiment.design import (
    AnyDesign,
    Factorial,
    GridDesign,
    LatinHypercube,
    ListedDesign,
    Morris,
    OneFactorAtATime,
    Sobol,
)
from segsim.scenario.experiment.factor import Factor, Value
from segsim.scenario.loading import find_scenario, load_scenario
from segsim.scenario.messages import validate_document
from segsim.scenario.reading import Document, Keys, Problem, read_document, refuse
from segsim.scenario.schema import Scenario
from segsim.section import Section

MOST_RUNS = 10_000_000
MOST_POINTS = 1_000_000
"""More than this is taken for a mistake; the points of a design are held in memory, its runs are not."""


def _name_policy(item: Any) -> Any:
    """Turn the bare name of a policy into a mapping."""
    return {"kind": item} if isinstance(item, str) else item


Switch = Annotated[dict[str, Any], BeforeValidator(_name_policy)]
"""A policy as a scenario file writes it, checked against the scenario when the experiment is loaded."""


class Target(Section):
    """A figure that runs are held against, with how far off they may be.

    `use` keeps apart what a model is fitted to and what it is checked with afterwards.
    """

    name: str = Field(min_length=1, description="What it is called in tables.")
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


class Experiment(Section):
    """What to run in numbers: a base scenario, factors, a design, seeds, and how results are judged."""

    name: str = Field(min_length=1, description="Name of the file without its ending.")
    summary: str = Field("", description="What the experiment asks.")
    scenario: str = Field(min_length=1, description="Base scenario, by name or path.")
    factors: dict[str, Factor] = Field({}, description="Keys of the scenario to vary, with dots.")
    policies: tuple[Switch, ...] = Field((), description="Policies of a factorial design.")
    design: AnyDesign
    seeds: int | tuple[int, ...] = Field(20, description="How many seeds, or which.")
    years: int | None = Field(None, ge=0, le=200, description="Simulated years; empty means the scenario's.")
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
            raise ValueError(
                "there are no seeds; at least 1 is needed, 20 or more for intervals to be trusted"
            )
        if (isinstance(seeds, int) and seeds < 0) or any(seed < 0 for seed in listed_seeds):
            raise ValueError("a seed, and a number of seeds, cannot be negative")
        if len(set(listed_seeds)) < len(listed_seeds):
            raise ValueError("a seed is listed twice; replicates must not share a seed")
        return seeds

    @field_validator("targets")
    @classmethod
    def _check_target_names(cls, targets: tuple[Target, ...]) -> tuple[Target, ...]:
        names = [target.name for target in targets]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f'two targets are called "{twice[0]}"')
        return targets

    @property
    def n_seeds(self) -> int:
        """Number of seeds per point."""
        return self.seeds if isinstance(self.seeds, int) else len(self.seeds)

    def where(self, *keys: str | int) -> str:
        """Return `file:line` of a value of the file."""
        return str(self._document.origin(keys)) if self._document else self.name


def load_experiment(path: str | Path) -> Experiment:
    """Read an experiment file and check it against the scenario it varies.

    Parameters
    ----------
    path : str or Path
        A YAML file, usually in `experiments/`.

    Raises
    ------
    ScenarioError
        With everything that is wrong, each with file, line, key and remedy, before anything is run.
    """
    path = Path(path)
    document = read_document(path)
    document.values["name"] = path.stem
    experiment = validate_document(Experiment, document)
    experiment._document = document
    experiment._base = _load_base(experiment, document, path)
    refuse([*_find_design_problems(experiment, document), *_find_size_problems(experiment, document)])
    refuse(list(_find_key_problems(experiment, document)))
    return experiment


_FIXED = {
    "years": "the runs of an experiment are of one length, given by its own `years`",
    "start": "the runs of an experiment begin in one year, so that they can be compared",
    "measures": "the runs of an experiment measure the same, given by its own `measures`",
    "name": "the runs of an experiment are named by it",
    "extends": "write another experiment for another city",
}
"""Keys of a scenario that no experiment varies, and why."""


def _load_base(experiment: Experiment, document: Document, path: Path) -> Scenario:
    """Load the base scenario, looked for beside the experiment too."""
    where = f"{document.origin(('scenario',))}: scenario: "
    base = load_scenario(find_scenario(experiment.scenario, path.resolve().parent, where))
    if experiment.measures:
        cost = ("policy_cost",) if experiment.design.kind == "factorial" else ()
        names = tuple(dict.fromkeys(experiment.measures + cost))
        try:
            base = base.override({"measures.names": names})
        except ScenarioError as error:
            texts = [_strip_origin(line) for line in str(error).splitlines()]
            refuse([Problem(document.origin(("measures",)), text) for text in texts])
    return base


def _find_design_problems(experiment: Experiment, document: Document) -> Iterable[Problem]:
    """Yield what a design lacks, or cannot use."""
    design, factors = experiment.design, experiment.factors
    if design.kind == "factorial":
        if not experiment.policies:
            yield Problem(
                document.origin(("design",)),
                "factorial: needs policies to switch; list them under `policies`",
            )
        if experiment.n_seeds < 2:
            text = "seeds: a factorial needs at least 2 seeds, 20 or more for intervals to be trusted"
            yield Problem(document.origin(("seeds",)), text)
        if factors:
            yield Problem(
                document.origin(("factors",)),
                "factors: a factorial design switches policies only; remove them",
            )
        return
    if experiment.baseline and not _has_policies(experiment):
        text = (
            "baseline: neither the scenario nor a factor has policies, so every point would be compared with "
            "itself; remove `baseline`, or take a scenario with policies"
        )
        yield Problem(document.origin(("baseline",)), text)
    if experiment.policies:
        text = f"policies: only a factorial design switches them; a {design.kind} varies keys under `factors`"
        yield Problem(document.origin(("policies",)), text)
    if design.kind == "list":
        if factors:
            text = "factors: a list names its own keys; remove factors, or choose another design"
            yield Problem(document.origin(("factors",)), text)
        return
    if not factors:
        yield Problem(
            document.origin(("design",)),
            f"{design.kind}: there is nothing to vary; list keys under `factors`",
        )
    for key, factor in factors.items():
        if isinstance(design, Morris) and not factor.is_range and len(factor.values) != design.levels:
            text = (
                f"factors.{key}: has {len(factor.values)} values, but morris steps over {design.levels} "
                f"levels; give {design.levels} values, or from and to, or set `levels`"
            )
            yield Problem(document.origin(("factors", key)), text)
        if isinstance(design, Morris) and factor.is_range and not factor.falls_on(design.levels):
            text = (
                f"factors.{key}: its whole numbers cannot be divided into the {design.levels - 1} steps "
                f"of morris; choose ends a multiple of {design.levels - 1} apart, or give the values"
            )
            yield Problem(document.origin(("factors", key)), text)
        if factor.is_range and factor.steps is None and design.kind in {"grid", "one_at_a_time"}:
            text = f"factors.{key}: a {design.kind} needs a list of values, or `steps` in the range"
            yield Problem(document.origin(("factors", key)), text)


def _has_policies(experiment: Experiment) -> bool:
    """Tell whether some point of an experiment may have policies."""
    listed = experiment.design.points if isinstance(experiment.design, ListedDesign) else ()
    keys = [*experiment.factors, *(key for point in listed for key in point)]
    return bool(experiment.base.policies) or any(key.split(".")[0] == "policies" for key in keys)


def count_points(experiment: Experiment) -> int:
    """Return the number of points of a design, baselines not counted, without making them.

    Of a fraction, the least there can be.
    """
    design, factors = experiment.design, experiment.factors
    if isinstance(design, GridDesign):
        return int(math.prod(factor.steps or len(factor.values) for factor in factors.values()))
    if isinstance(design, ListedDesign):
        return len(design.points)
    if isinstance(design, OneFactorAtATime):
        return 1 + sum(factor.steps or len(factor.values) for factor in factors.values())
    if isinstance(design, LatinHypercube):
        return design.points
    if isinstance(design, Sobol):
        return design.n * (2 * len(factors) + 2 if design.second_order else len(factors) + 2)
    if isinstance(design, Morris):
        return design.trajectories * (len(factors) + 1)
    if isinstance(design, Factorial) and design.resolution is not None:
        return 1 << len(experiment.policies).bit_length()  # no fraction is smaller
    return 1 << len(experiment.policies)


def _find_size_problems(experiment: Experiment, document: Document) -> Iterable[Problem]:
    """Yield a problem if there are more runs than anyone can mean."""
    points = count_points(experiment) * (2 if experiment.baseline else 1)
    runs = points * experiment.n_seeds
    if runs > MOST_RUNS or points > MOST_POINTS:
        text = (
            f"{points} points x {experiment.n_seeds} seeds are {runs} runs; "
            f"at most {MOST_POINTS} points and {MOST_RUNS} runs are taken; "
            "use fewer values or seeds, or a latin_hypercube, which covers many factors with few points"
        )
        yield Problem(document.origin(("design",)), text)


def _find_key_problems(experiment: Experiment, document: Document) -> Iterable[Problem]:
    """Try every key at its ends against the scenario, and yield what it refuses."""
    for keys, overrides in list_trials(experiment):
        if fixed := [key for key in overrides if key.split(".")[0] in _FIXED]:
            text = f"{keys[0]}: {fixed[0]} cannot be varied; {_FIXED[fixed[0].split('.')[0]]}"
            yield Problem(document.origin(keys), text)
            continue
        try:
            experiment.base.override(overrides)
        except ScenarioError as error:
            for line in str(error).splitlines():
                yield Problem(document.origin(keys), f"{keys[0]}: {_strip_origin(line)}")


def list_trials(experiment: Experiment) -> Iterable[tuple[Keys, Mapping[str, Value]]]:
    """Yield overrides to try, each with where it is written: every value of a list, both ends of a range."""
    if isinstance(experiment.design, ListedDesign):
        for i, point in enumerate(experiment.design.points):
            yield ("design", "list", "points", i), point
    for i, policy in enumerate(experiment.policies):
        yield ("policies", i), {"policies": (policy,)}
    for key, factor in experiment.factors.items():
        ends = (factor.at(0.0), factor.at(1.0)) if factor.is_range else factor.values
        for i, value in enumerate(ends):
            inside: Keys = (("from", "to")[i],) if factor.is_range else (i,)
            yield ("factors", key, *inside), {key: value}


def _strip_origin(line: str) -> str:
    """Strip from a message where the override was written; name the cure for ranges."""
    text = line.split(": ", 1)[1] if line.startswith("override ") and ": " in line else line
    return f"{text}; add `whole: true` to a range" if "is not a whole number" in text else text

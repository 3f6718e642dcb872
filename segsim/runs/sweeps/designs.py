"""Designs: from the factors of an experiment to the points that are run."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from scipy.stats import qmc

from segsim.errors import ScenarioError
from segsim.policies import unique_names
from segsim.runs.plan import Point
from segsim.runs.provenance import canonical
from segsim.runs.sweeps.salib import morris_sample, sobol_sample
from segsim.scenario.experiment.design import (
    Factorial,
    GridDesign,
    LatinHypercube,
    ListedDesign,
    Morris,
    OneFactorAtATime,
    Sobol,
)
from segsim.scenario.experiment.experiment import Experiment
from segsim.scenario.experiment.factor import Factor, Value
from segsim.scenario.merging import exclude_policies
from segsim.tables import Array

Overrides = Mapping[str, Any]
BASELINE = ".baseline"
"""Ending of the name of the run without policies beside a point."""


@dataclass(frozen=True)
class Sample:
    """The points of a design.

    Attributes
    ----------
    overrides : sequence of mapping
        What each point changes in the base scenario.
    shares : array
        Points by factors, each from 0 to 1: where in its factor a point lies. For a factorial design a column
        per policy too, 0 or 1.
    names : sequence of str
        The columns: names of factors, and then of policies.
    sets : mapping
        Of factors that set several keys: name to what they are in each of its lines.
    """

    overrides: Sequence[Overrides]
    shares: Array
    names: tuple[str, ...]
    sets: Mapping[str, Sequence[Overrides]] = field(default_factory=dict)

    @cached_property
    def labels(self) -> list[str]:
        """Return the name of every point; points that are the same share one, and one run."""
        known: dict[str, str] = {}
        width = len(str(len(self.overrides)))
        return [
            known.setdefault(canonical(dict(overrides)), f"p{number:0{width}d}")
            for number, overrides in enumerate(self.overrides, start=1)
        ]

    @cached_property
    def baselines(self) -> dict[str, str]:
        """The name of the baseline of every point: one for all points that differ in policies alone."""
        names = {canonical({}): "baseline"}
        return {
            label: names.setdefault(canonical(exclude_policies(overrides)), f"{label}{BASELINE}")
            for label, overrides in zip(self.labels, self.overrides, strict=True)
        }

    def frame(self) -> pd.DataFrame:
        """Return one line per point: scenario (its name), and the value of every factor.

        Of a factor that sets several keys that is the number of its line, from 1, and the keys follow.
        """
        columns: dict[str, list[Any]] = {"scenario": self.labels}
        for i, name in enumerate(self.names):
            columns[name] = [
                self._find_line(name, point) if name in self.sets else point.get(name, share)
                for point, share in zip(self.overrides, self.shares[:, i], strict=True)
            ]
        for key in dict.fromkeys(key for lines in self.sets.values() for key in lines[0]):
            columns[key] = [point.get(key, np.nan) for point in self.overrides]
        return pd.DataFrame(columns)

    def _find_line(self, name: str, point: Overrides) -> float:
        """Return which line of a factor a point has, from 1; NaN if none."""
        lines = (n for n, line in enumerate(self.sets[name], start=1) if line.items() <= point.items())
        return next(lines, np.nan)


def sample_design(experiment: Experiment) -> Sample:
    """Return the points of an experiment's design."""
    return _SAMPLERS[type(experiment.design)](experiment)


def plan_points(experiment: Experiment, drawn: Sample) -> list[Point]:
    """Return the scenarios to run: the points, each beside its baseline if the experiment asks for it."""
    base = experiment.base
    baseline = base.baseline()  # one object for all points, so that it is hashed once
    points: dict[str, Point] = {}
    for label, overrides in zip(drawn.labels, drawn.overrides, strict=True):
        points[label] = Point(label, base, overrides)
        if experiment.baseline:
            name = drawn.baselines[label]
            points.setdefault(name, Point(name, baseline, exclude_policies(overrides)))
    return list(points.values())


def tabulate_design(experiment: Experiment, drawn: Sample) -> pd.DataFrame:
    """Return one line per scenario that is run: its name, its baseline if it has one, and every factor.

    A baseline has no policies, and so no value of a factor that is theirs.
    """
    points = drawn.frame().drop_duplicates("scenario", ignore_index=True)
    if not experiment.baseline:
        return points
    points.insert(1, "baseline", [drawn.baselines[label] for label in points["scenario"]])
    own = [name for name in points.columns[2:] if not exclude_policies({name: 0}) or name in drawn.sets]
    without = points.drop_duplicates("baseline").assign(**dict.fromkeys(own, np.nan))
    without = without.assign(scenario=without["baseline"], baseline="")
    table = pd.concat([points, without], ignore_index=True).set_index("scenario")
    return table.loc[[point.name for point in plan_points(experiment, drawn)]].reset_index()


def comparison_pairs(experiment: Experiment, drawn: Sample) -> list[tuple[str, str]]:
    """Return what is compared with what: each point with its baseline, or else with the first point.

    A mix of policies is compared with none of them where all else is as it is.

    Raises
    ------
    ScenarioError
        If there are no baselines and the design does not begin with the scenario as it is.
    """
    labels = list(dict.fromkeys(drawn.labels))
    if experiment.baseline:
        return [(drawn.baselines[label], label) for label in labels]
    if isinstance(experiment.design, OneFactorAtATime):
        return [(labels[0], label) for label in labels[1:]]
    if isinstance(experiment.design, Factorial):
        return _pair_within_cells(drawn)
    raise ScenarioError(
        f"{experiment.where('design')}: a {experiment.design.kind} has nothing to be compared with; "
        "add `baseline: true`",
        f"{experiment.where('design')}: en {experiment.design.kind} har inget att jämföras med; lägg till "
        "`baseline: true`",
    )


def _pair_within_cells(drawn: Sample) -> list[tuple[str, str]]:
    """Return every mix of policies, and before it the one without any at the same values of the factors."""
    without: dict[str, str] = {}
    pairs: dict[str, str] = {}
    for label, overrides in zip(drawn.labels, drawn.overrides, strict=True):
        none = without.setdefault(canonical(exclude_policies(overrides)), label)
        if label != none:
            pairs[label] = none
    return [(none, label) for label, none in pairs.items()]


Design = TypeVar("Design")


def _narrow_design(kind: type[Design], experiment: Experiment) -> Design:
    """Return the design of an experiment, known to be of a kind."""
    if not isinstance(experiment.design, kind):
        raise TypeError(f"a {experiment.design.kind} is not a {kind.__name__}")
    return experiment.design


def sample_at_shares(experiment: Experiment, shares: Array) -> Sample:
    """Return the sample whose points lie at given shares of their factors."""
    factors = experiment.factors.values()
    overrides = [
        set_keys(experiment, [factor.at(float(share)) for factor, share in zip(factors, row, strict=True)])
        for row in shares
    ]
    return Sample(overrides, shares, tuple(experiment.factors), list_sets(experiment))


def set_keys(experiment: Experiment, values: Sequence[Value]) -> dict[str, Value]:
    """Return what every key is at one value of each factor."""
    settings: dict[str, Value] = {}
    for (name, factor), value in zip(experiment.factors.items(), values, strict=True):
        settings |= factor.set_keys(name, value)
    return settings


def list_sets(experiment: Experiment) -> dict[str, Sequence[Overrides]]:
    """Return the lines of the factors that set several keys."""
    return {name: factor.together for name, factor in experiment.factors.items() if factor.together}


def _level_share(factor: Factor, level: int) -> float:
    """Return where in a factor one of its levels lies."""
    n = len(factor.levels())
    return level / (n - 1) if factor.is_range and n > 1 else (level + 0.5) / n


def _grid(experiment: Experiment) -> Sample:
    factors = list(experiment.factors.values())
    combinations = list(itertools.product(*(range(len(factor.levels())) for factor in factors)))
    levels = [factor.levels() for factor in factors]
    overrides = [
        set_keys(experiment, [level[k] for level, k in zip(levels, row, strict=True)]) for row in combinations
    ]
    shares = np.array(
        [[_level_share(f, k) for f, k in zip(factors, row, strict=True)] for row in combinations]
    )
    return Sample(overrides, shares, tuple(experiment.factors), list_sets(experiment))


def _list(experiment: Experiment) -> Sample:
    design = _narrow_design(ListedDesign, experiment)
    names = tuple(dict.fromkeys(key for point in design.points for key in point))
    return Sample(design.points, np.full((len(design.points), len(names)), np.nan), names)


def _one_at_a_time(experiment: Experiment) -> Sample:
    overrides: list[Overrides] = [{}]
    shares = [np.full(len(experiment.factors), np.nan)]
    for i, (key, factor) in enumerate(experiment.factors.items()):
        for k, value in enumerate(factor.levels()):
            overrides.append(factor.set_keys(key, value))
            shares.append(np.full(len(experiment.factors), np.nan))
            shares[-1][i] = _level_share(factor, k)
    return Sample(overrides, np.array(shares), tuple(experiment.factors), list_sets(experiment))


def _latin_hypercube(experiment: Experiment) -> Sample:
    design = _narrow_design(LatinHypercube, experiment)
    sampler = qmc.LatinHypercube(len(experiment.factors), rng=design.seed)
    return sample_at_shares(experiment, sampler.random(design.points))


def _sobol(experiment: Experiment) -> Sample:
    design = _narrow_design(Sobol, experiment)
    names = tuple(experiment.factors)
    return sample_at_shares(experiment, sobol_sample(names, design.n, design.second_order, design.seed))


def _morris(experiment: Experiment) -> Sample:
    design = _narrow_design(Morris, experiment)
    names = tuple(experiment.factors)
    return sample_at_shares(experiment, morris_sample(names, design.trajectories, design.levels, design.seed))


def _factorial(experiment: Experiment) -> Sample:
    design = _narrow_design(Factorial, experiment)
    names = policy_names(experiment)
    switches = fraction(len(names), design.resolution)
    kept = tuple(experiment.base.model_dump(by_alias=True)["policies"])
    switched = [name_policy(policy, name) for policy, name in zip(experiment.policies, names, strict=True)]
    mixes = [{"policies": (*kept, *itertools.compress(switched, row))} for row in switches.tolist()]
    cells = _grid(experiment) if experiment.factors else Sample([{}], np.zeros((1, 0)), ())
    overrides = [{**cell, **mix} for cell in cells.overrides for mix in mixes]
    shares = np.hstack(
        [np.repeat(cells.shares, len(mixes), axis=0), np.tile(switches, (len(cells.shares), 1))]
    )
    return Sample(overrides, shares, (*cells.names, *names), list_sets(experiment))


def policy_names(experiment: Experiment) -> tuple[str, ...]:
    """Return what each policy that is switched is called, beside those the scenario has already."""
    kept = [policy.name for policy in experiment.base.policies]
    parts = [policy_parts(policy) for policy in experiment.policies]
    names = [*kept, *(settings.get("name", kind) for kind, settings in parts)]
    given = [*(True for _ in kept), *("name" in settings for _, settings in parts)]
    return tuple(unique_names(names, given)[len(kept) :])


def policy_parts(policy: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the kind and the settings of a policy, however it is written."""
    if "kind" in policy:
        return policy["kind"], policy
    kind, settings = next(iter(policy.items()))
    return kind, settings or {}


def name_policy(policy: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a policy as it is written, with a name where that is not its kind."""
    kind, settings = policy_parts(policy)
    return policy if name == kind else {**settings, "kind": kind, "name": name}


def fraction(k: int, resolution: int | None) -> Array:
    """Return the switches of k policies: all combinations, or the smallest regular fraction of a resolution.

    A fraction 2**(k - p) takes the combinations of k - p policies and sets each of the other p to the parity
    of some of them. The resolution is the length of the shortest word in the defining relation (Box and
    Hunter 1961); the generators are found by search, longest words first.
    """
    if resolution is None:
        return all_switches(k)
    for basic in range(1, k):
        generators = _generators(basic, k - basic, resolution)
        if generators is not None:
            return _append_parities(all_switches(basic), generators)
    return all_switches(k)


def all_switches(k: int) -> Array:
    """Return all combinations of k switches, none first."""
    return (np.arange(2**k)[:, None] >> np.arange(k)) & 1


def _generators(basic: int, added: int, resolution: int) -> tuple[int, ...] | None:
    """Find which basic switches (as bits) each added one is the parity of; None if none will do."""
    words = [word for word in range(1, 2**basic) if word.bit_count() >= resolution - 1]
    words.sort(key=lambda word: (-word.bit_count(), word))
    return next(_extend_generators((), words, added, basic, resolution), None)


def _extend_generators(
    chosen: tuple[int, ...], words: Sequence[int], added: int, basic: int, resolution: int
) -> Iterator[tuple[int, ...]]:
    """Yield sets of generators all of whose products are long enough words."""
    if len(chosen) == added:
        yield chosen
        return
    for i, word in enumerate(words):
        if all(_length((*some, word), basic) >= resolution for some in _subsets(chosen)):
            yield from _extend_generators((*chosen, word), words[i + 1 :], added, basic, resolution)


def _subsets(chosen: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield every subset, the empty one first."""
    return itertools.chain.from_iterable(itertools.combinations(chosen, n) for n in range(len(chosen) + 1))


def _length(generators: Sequence[int], basic: int) -> int:
    """Return the length of the product of some generators: its basic letters, and one letter for each."""
    product = 0
    for word in generators:
        product ^= word
    return product.bit_count() + len(generators)


def _append_parities(switches: Array, generators: Sequence[int]) -> Array:
    """Append columns that are parities of basic ones, such that all off stays all off."""
    basic = switches.shape[1]
    columns = [switches]
    for word in generators:
        members = [i for i in range(basic) if word >> i & 1]
        columns.append(switches[:, members].sum(axis=1, keepdims=True) % 2)
    return np.hstack(columns)


_SAMPLERS = {
    GridDesign: _grid,
    ListedDesign: _list,
    OneFactorAtATime: _one_at_a_time,
    LatinHypercube: _latin_hypercube,
    Sobol: _sobol,
    Morris: _morris,
    Factorial: _factorial,
}

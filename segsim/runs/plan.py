"""What is to be run: scenarios times seeds, written down so that the rest can be made later."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from segsim.errors import ResultsError, tell_reason
from segsim.own import OwnPart
from segsim.runs.execution.job import Job, identity, run_key
from segsim.runs.model import Model, OwnModel, Recipe, adopt_model, city_rows, import_object, import_path
from segsim.runs.provenance import SCHEMA, canonical, code_hash
from segsim.runs.store.store import write_whole

PLAN = "plan.json"


@dataclass(frozen=True)
class Point:
    """One scenario of a plan: a base and the keys that differ from it."""

    name: str
    base: Recipe
    overrides: Mapping[str, Any] = field(default_factory=dict)
    base_hash: str = ""  # hash of the base when it was written down, if it was
    content_hash: str = ""  # and of what is run


@dataclass(frozen=True, repr=False)
class Plan:
    """Every point run with every seed.

    Parameters
    ----------
    points : sequence of Point
        The scenarios; no two have the same name.
    seeds : tuple of int
        The seeds, the same for all points, so that differences are paired.
    years : int
        Simulated years.
    measures : tuple of str
        Measures to keep; empty keeps all.
    model : callable
        What makes the rows of one run.
    code : str
        Version of the model that runs it; a plan read from a folder keeps the one it was made by, so that
        its runs are found and read after the model has changed.
    """

    points: Sequence[Point]
    seeds: tuple[int, ...]
    years: int
    measures: tuple[str, ...] = ()
    model: Model = city_rows
    code: str = field(default_factory=code_hash)

    def __post_init__(self) -> None:
        """Take a model of one's own by its source."""
        object.__setattr__(self, "model", adopt_model(self.model))

    def __repr__(self) -> str:
        return f"<Plan: {len(self.points)} scenarios x {len(self.seeds)} seeds, {self.years} years>"

    def __len__(self) -> int:
        return len(self.points) * len(self.seeds)

    @cached_property
    def bases(self) -> dict[str, Recipe]:
        """Return every base the points build on, by its content hash."""
        return {name: base for name, base in self._base_hashes.values()}

    @cached_property
    def _base_hashes(self) -> dict[int, tuple[str, Recipe]]:
        """Hash each base once, however many points it has."""
        return {
            key: (base.content_hash, base) for key, base in {id(p.base): p.base for p in self.points}.items()
        }

    def base_hash(self, point: Point) -> str:
        """Return the content hash of a point's base."""
        return point.base_hash or self._base_hashes[id(point.base)][0]

    def with_current_code(self) -> "Plan":
        """Return the same plan for the model as it is now."""
        points = tuple(replace(point, base_hash="", content_hash="") for point in self.points)
        return replace(self, points=points, code=code_hash())

    @cached_property
    def content_hashes(self) -> list[str]:
        """Return, per point, the hash of the scenario that is run."""
        return [
            point.content_hash
            or (
                point.base.override(point.overrides).content_hash
                if point.overrides
                else self.base_hash(point)
            )
            for point in self.points
        ]

    @cached_property
    def identities(self) -> list[str]:
        """Return, per point, what fixes its runs but for the seed."""
        fixed = (self.years, self.measures, self.model, self.code)
        named = zip(self.points, self.content_hashes, strict=True)
        return [identity(point.name, content, *fixed) for point, content in named]

    def jobs(self) -> Iterator[Job]:
        """Yield every run, one seed after the other, so that partial results are balanced."""
        for seed in self.seeds:
            for point, fixed, content in zip(self.points, self.identities, self.content_hashes, strict=True):
                scenario = (point.name, point.base, self.base_hash(point), point.overrides, content)
                yield Job(run_key(fixed, seed), *scenario, seed, self.years, self.measures, self.model)

    def run_keys(self) -> Iterator[str]:
        """Yield the key of every run, in the order of the runs."""
        return (run_key(fixed, seed) for seed in self.seeds for fixed in self.identities)

    def with_seeds(self, seeds: Sequence[int]) -> "Plan":
        """Return the same points over other seeds."""
        return replace(self, seeds=tuple(seeds))

    def save(self, folder: Path) -> None:
        """Write the plan, and the full text of every base once."""
        for name, base in self.bases.items():
            write_whole(folder / "scenarios" / f"{name}.json", base.model_dump_json().encode())
        write_whole(folder / PLAN, canonical(self.describe()).encode())

    def describe(self) -> dict[str, Any]:
        """Return the plan as JSON can hold it, its bases by their hashes."""
        named = zip(self.points, self.content_hashes, strict=True)
        return {
            "schema": SCHEMA,
            "code": self.code,
            "recipe": import_path(type(self.points[0].base)),
            "model": self.model.part.model_dump()
            if isinstance(self.model, OwnModel)
            else import_path(self.model),
            "years": self.years,
            "measures": list(self.measures),
            "seeds": list(self.seeds),
            "points": [
                [point.name, self.base_hash(point), dict(point.overrides), content]
                for point, content in named
            ],
        }

    @classmethod
    def load(cls, folder: Path) -> "Plan":
        """Read the plan of a results folder.

        Raises
        ------
        ResultsError
            If the folder has no plan, or one this version cannot read.
        """
        facts = read_plan(folder)
        recipe = _import_from(folder / PLAN, facts["recipe"])
        names = {point[1] for point in facts["points"]}
        bases = {name: read_base(recipe, folder / "scenarios" / f"{name}.json") for name in names}
        return cls.restore(facts, bases, folder / PLAN)

    @classmethod
    def restore(cls, facts: Mapping[str, Any], bases: Mapping[str, Recipe], file: Path) -> "Plan":
        """Return the plan that `describe` described; `file` is where it stands, for messages."""
        model = facts["model"]
        is_shipped = isinstance(model, str)
        model = _import_from(file, model) if is_shipped else OwnModel(OwnPart.model_validate(model))
        points = tuple(
            Point(name, bases[base], changed, base, content)
            for name, base, changed, content in facts["points"]
        )
        return cls(
            points,
            tuple(facts["seeds"]),
            facts["years"],
            tuple(facts["measures"]),
            model,
            facts["code"],
        )


def restore_base(facts: Mapping[str, Any], text: str, file: Path) -> Recipe:
    """Return a scenario from its JSON, as a recipe of the kind that a plan names."""
    recipe: Recipe = _parse_base(_import_from(file, facts["recipe"]), text, file)
    return recipe


def _import_from(file: Path, path: str) -> Any:
    """Return what a plan names; it may have been written when that was called otherwise."""
    try:
        return import_object(path)
    except (ImportError, AttributeError, ValueError) as error:
        raise ResultsError(
            f"{file}: was made with {path}, which this segsim cannot import: another version of it, "
            "or a model of your own that is not on the path; read its rows from runs/**/*.parquet, or run "
            "the same command again (a sweep with --resume)",
            f"{file}: gjordes med {path}, som denna segsim inte kan läsa in: en annan version av "
            "den, eller en egen modell som inte ligger på sökvägen; läs dess rader ur runs/**/*.parquet, "
            "eller kör samma kommando igen (sweep med --resume)",
        ) from error


def read_base(recipe: Any, path: Path) -> Any:
    """Return the scenario written down in a results folder."""
    try:
        text = path.read_text("utf-8")
    except OSError:
        text = ""
    return _parse_base(recipe, text, path)


def _parse_base(recipe: Any, text: str, path: Path) -> Any:
    """Return a scenario from its JSON."""
    try:
        return recipe.model_validate_json(text)
    except ValueError as error:
        raise ResultsError(
            f"{path}: cannot be read, was written by another version of segsim, or names a data file that is "
            "gone; run the same command again (a sweep with --resume)",
            f"{path}: går inte att läsa, skrevs av en annan version av segsim, eller nämner en datafil som "
            "är borta; kör samma kommando igen (sweep med --resume)",
        ) from error


def read_plan(folder: Path) -> dict[str, Any]:
    """Return the facts of a folder's plan."""
    try:
        facts: dict[str, Any] = json.loads((folder / PLAN).read_text("utf-8"))
    except FileNotFoundError as error:
        raise ResultsError(
            f"{folder}: holds no {PLAN}; is it the output folder of segsim run, compare or sweep?",
            f"{folder}: har ingen {PLAN}; är det resultatmappen för segsim run, compare eller sweep?",
        ) from error
    except OSError as error:
        reason = tell_reason(error)
        raise ResultsError(
            f"{folder / PLAN}: cannot be read ({reason}); name the output folder of segsim run, "
            "compare or sweep",
            f"{folder / PLAN}: går inte att läsa ({reason:sv}); ange resultatmappen för segsim "
            "run, compare eller sweep",
        ) from error
    except ValueError as error:
        reason = tell_reason(error)
        raise ResultsError(
            f"{folder / PLAN}: cannot be read ({reason}); run the same command again (a sweep with --resume)",
            f"{folder / PLAN}: går inte att läsa ({reason:sv}); kör samma kommando igen (sweep med --resume)",
        ) from error
    if facts.get("schema") != SCHEMA:
        raise ResultsError(
            f"{folder / PLAN}: is of layout {facts.get('schema')}, this segsim reads {SCHEMA}; run it again",
            f"{folder / PLAN}: har layouten {facts.get('schema')}, denna segsim läser {SCHEMA}; kör igen",
        )
    return facts

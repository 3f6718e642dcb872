"""Whether a design, its factors, its keys and its size fit together and fit the scenario."""

import math
from collections.abc import Iterator, Mapping

from segsim.errors import ScenarioError
from segsim.scenario.board.checks import MOST_YEARS
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
from segsim.scenario.experiment.experiment import Experiment
from segsim.scenario.experiment.factor import Factor, Value
from segsim.scenario.messages import note_problem
from segsim.scenario.reading import Document, Keys, Problem
from segsim.words.text import Text

Flaw = tuple[Keys, Text]
"""Where something does not fit, and what."""

MOST_RUNS = 10_000_000
MOST_POINTS = 1_000_000
"""More than this is taken for a mistake; the points of a design are held in memory, its runs are not."""

_FIXED = {
    "years": Text(
        "the runs of an experiment are of one length, given by its own `years`",
        "körningarna i ett experiment är lika långa, vilket dess egna `years` anger",
    ),
    "start": Text(
        "the runs of an experiment begin in one year, so that they can be compared",
        "körningarna i ett experiment börjar samma år, så att de kan jämföras",
    ),
    "measures": Text(
        "the runs of an experiment measure the same, given by its own `measures`",
        "körningarna i ett experiment mäter detsamma, vilket dess egna `measures` anger",
    ),
    "name": Text(
        "the runs of an experiment are named by it", "körningarna i ett experiment har namn efter det"
    ),
    "extends": Text(
        "write another experiment for another city", "skriv ett annat experiment för en annan stad"
    ),
}
"""Keys of a scenario that no experiment varies, and why."""


def find_design_problems(experiment: Experiment, document: Document) -> Iterator[Problem]:
    """Yield what a design lacks, or cannot use."""
    is_factorial = isinstance(experiment.design, Factorial)
    flaws = _find_factorial_flaws(experiment) if is_factorial else _find_variation_flaws(experiment)
    for keys, text in flaws:
        yield Problem(document.origin(keys), text)


def _find_factorial_flaws(experiment: Experiment) -> Iterator[Flaw]:
    """Yield what a factorial of policies lacks, or cannot use."""
    if not experiment.policies:
        yield (
            ("design",),
            Text(
                "factorial: needs policies to switch; list them under `policies`",
                "factorial: behöver åtgärder att slå av och på; ange dem under `policies`",
            ),
        )
    if experiment.n_seeds < 2:
        yield (
            ("seeds",),
            Text(
                "seeds: a factorial needs at least 2 seeds, 20 or more for intervals to be trusted",
                "seeds: en factorial kräver minst 2 frön, 20 eller fler för intervall att lita på",
            ),
        )
    for name, factor in experiment.factors.items():
        if any(key.split(".")[0] == "policies" for key in factor.list_keys(name)):
            yield (
                ("factors", name),
                Text(
                    f"factors.{name}: a factorial switches policies and crosses them with other keys; to "
                    "vary a policy, list it twice under `policies`, each with a `name`, or take a grid",
                    f"factors.{name}: en factorial slår av och på åtgärder och korsar dem med andra nycklar; "
                    "för att variera en åtgärd, ange den två gånger under `policies` med var sitt `name`, "
                    "eller ta en grid",
                ),
            )
    yield from _find_flaws_of_factors(experiment)


def _find_variation_flaws(experiment: Experiment) -> Iterator[Flaw]:
    """Yield what a design that varies keys lacks, or cannot use."""
    design, factors = experiment.design, experiment.factors
    if experiment.baseline and not _has_policies(experiment):
        yield (
            ("baseline",),
            Text(
                "baseline: neither the scenario nor a factor has policies, so every point would be compared "
                "with itself; remove `baseline`, or take a scenario with policies",
                "baseline: varken scenariot eller någon faktor har åtgärder, så varje punkt skulle jämföras "
                "med sig själv; ta bort `baseline`, eller ta ett scenario med åtgärder",
            ),
        )
    if experiment.policies:
        yield (
            ("policies",),
            Text(
                f"policies: only a factorial design switches them; a {design.kind} varies keys under "
                "`factors`",
                f"policies: bara en factorial-design slår av och på dem; en {design.kind} varierar nycklar "
                "under `factors`",
            ),
        )
    if design.kind == "list":
        if factors:
            yield (
                ("factors",),
                Text(
                    "factors: a list names its own keys; remove factors, or choose another design",
                    "factors: en lista nämner sina egna nycklar; ta bort factors, eller välj en annan design",
                ),
            )
        return
    if not factors:
        yield (
            ("design",),
            Text(
                f"{design.kind}: there is nothing to vary; list keys under `factors`",
                f"{design.kind}: det finns inget att variera; ange nycklar under `factors`",
            ),
        )
    yield from _find_flaws_of_factors(experiment)


def _find_flaws_of_factors(experiment: Experiment) -> Iterator[Flaw]:
    """Yield what is wrong with single factors, and keys that two of them set."""
    design = experiment.design
    for key, factor in experiment.factors.items():
        keys = set_by_factors(experiment)
        if again := [inner for inner in factor.list_keys(key) if keys.count(inner) > 1]:
            yield (
                ("factors", key),
                Text(
                    f"factors.{key}: {again[0]} is set by another factor too; let one set it",
                    f"factors.{key}: {again[0]} sätts även av en annan faktor; låt en av dem sätta den",
                ),
            )
        for text in _find_factor_flaws(design, factor):
            yield ("factors", key), Text(f"factors.{key}: {text}", f"factors.{key}: {text:sv}")


def _find_factor_flaws(design: AnyDesign, factor: Factor) -> Iterator[Text]:
    """Yield why a design cannot vary a factor."""
    if isinstance(design, Morris) and not factor.is_range and factor.n_levels != design.levels:
        yield Text(
            f"has {factor.n_levels} values, but morris steps over {design.levels} "
            f"levels; give {design.levels} values, or from and to, or set `levels`",
            f"har {factor.n_levels} värden, men morris stegar över {design.levels} nivåer; ange "
            f"{design.levels} värden, eller from och to, eller sätt `levels`",
        )
    if isinstance(design, Morris) and factor.is_range and not factor.falls_on(design.levels):
        yield Text(
            f"its whole numbers cannot be divided into the {design.levels - 1} steps "
            f"of morris; choose ends a multiple of {design.levels - 1} apart, or give the values",
            f"dess heltal kan inte delas i de {design.levels - 1} stegen i morris; välj ändar som skiljer en "
            f"multipel av {design.levels - 1}, eller ange värdena",
        )
    if factor.is_range and factor.steps is None and design.kind in {"grid", "one_at_a_time", "factorial"}:
        yield Text(
            f"a {design.kind} needs a list of values, or `steps` in the range",
            f"en {design.kind} kräver en lista med värden, eller `steps` i intervallet",
        )


def set_by_factors(experiment: Experiment) -> list[str]:
    """Return every key that some factor sets, once for each."""
    return [key for name, factor in experiment.factors.items() for key in factor.list_keys(name)]


def _has_policies(experiment: Experiment) -> bool:
    """Tell whether some point of an experiment may have policies."""
    listed = experiment.design.points if isinstance(experiment.design, ListedDesign) else ()
    keys = [*set_by_factors(experiment), *(key for point in listed for key in point)]
    return bool(experiment.base.policies) or any(key.split(".")[0] == "policies" for key in keys)


def count_points(experiment: Experiment) -> int:
    """Return the number of points of a design, baselines not counted, without making them.

    Of a fraction, the least there can be.
    """
    design, factors = experiment.design, experiment.factors
    cells = math.prod(factor.n_levels for factor in factors.values())
    if isinstance(design, GridDesign):
        return int(cells)
    if isinstance(design, ListedDesign):
        return len(design.points)
    if isinstance(design, OneFactorAtATime):
        return 1 + sum(factor.n_levels for factor in factors.values())
    if isinstance(design, LatinHypercube):
        return design.points
    if isinstance(design, Sobol):
        return design.n * (2 * len(factors) + 2 if design.second_order else len(factors) + 2)
    if isinstance(design, Morris):
        return design.trajectories * (len(factors) + 1)
    if isinstance(design, Factorial) and design.resolution is not None:
        return int(cells) << len(experiment.policies).bit_length()  # no fraction is smaller
    return int(cells) << len(experiment.policies)


def find_size_problems(experiment: Experiment, document: Document) -> Iterator[Problem]:
    """Yield a problem if there are more runs, or more years, than anyone can mean."""
    if experiment.base.city.grid is None and (experiment.years or 0) > MOST_YEARS:
        text = Text(
            f"at most {MOST_YEARS} years are simulated, found {experiment.years}",
            f"högst {MOST_YEARS} år simuleras, här står {experiment.years}",
        )
        yield note_problem(document.origin(("years",)), ("years",), text)
    points = count_points(experiment) * (2 if experiment.baseline else 1)
    runs = points * experiment.n_seeds
    if runs > MOST_RUNS or points > MOST_POINTS:
        text = Text(
            f"{points} points x {experiment.n_seeds} seeds are {runs} runs; "
            f"at most {MOST_POINTS} points and {MOST_RUNS} runs are taken; "
            "use fewer values or seeds, or a latin_hypercube, which covers many factors with few points",
            f"{points} punkter x {experiment.n_seeds} frön är {runs} körningar; högst {MOST_POINTS} punkter "
            f"och {MOST_RUNS} körningar tas emot; använd färre värden eller frön, eller en latin_hypercube, "
            "som täcker många faktorer med få punkter",
        )
        yield Problem(document.origin(("design",)), text)


def find_key_problems(experiment: Experiment, document: Document) -> Iterator[Problem]:
    """Try every key at its ends against the scenario, and yield what it refuses."""
    for keys, overrides in list_trials(experiment):
        if fixed := [key for key in overrides if key.split(".")[0] in _FIXED]:
            why = _FIXED[fixed[0].split(".")[0]]
            text = Text(f"{fixed[0]} cannot be varied; {why}", f"{fixed[0]} kan inte varieras; {why:sv}")
            yield note_problem(document.origin(keys), keys[:1], text)
            continue
        try:
            experiment.base.override(overrides)
        except ScenarioError as error:
            for line in error.lines:
                yield note_problem(document.origin(keys), keys[:1], strip_origin(line))


def list_trials(experiment: Experiment) -> Iterator[tuple[Keys, Mapping[str, Value]]]:
    """Yield overrides to try, each with where it is written: every value of a list, both ends of a range."""
    if isinstance(experiment.design, ListedDesign):
        for i, point in enumerate(experiment.design.points):
            yield ("design", "list", "points", i), point
    for i, policy in enumerate(experiment.policies):
        yield ("policies", i), {"policies": (policy,)}
    for key, factor in experiment.factors.items():
        ends = (factor.at(0.0), factor.at(1.0)) if factor.is_range else factor.choices
        for i, value in enumerate(ends):
            inside: Keys = (("from", "to")[i],) if factor.is_range else (i,)
            inside = ("together", i) if factor.together else inside
            yield ("factors", key, *inside), factor.set_keys(key, value)


def strip_origin(line: Text) -> Text:
    """Strip from a message where the override was written; name the cure for ranges and for shares."""
    bare = (
        one.split(": ", 1)[1] if one.startswith(("override ", "ändringen ")) and ": " in one else one
        for one in line
    )
    text = Text(*bare)
    if "is not a whole number" in text.en:
        return Text(
            f"{text}; add `whole: true` to a range", f"{text:sv}; lägg till `whole: true` i ett intervall"
        )
    if "must sum to 1" in text.en:
        return Text(
            f"{text}; set them at once by `together`, or give what is left to one by `rest`",
            f"{text:sv}; sätt dem på en gång med `together`, eller ge resten till en med `rest`",
        )
    return text
